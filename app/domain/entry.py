"""What the cashier typed or scanned, recognised by its shape alone.

The order is fixed, so the same keys and the same symbol always mean the same: carrier, e-invoice, payment code (only while paying), our own
codes (member, coupon, gift card, receipt, held sale, badge), quantity, phone, label, barcode, GS1, search. What a scanner sent is never
a quantity, and a phone only when it is no barcode.
Nothing here looks anything up; whether a barcode exists is the catalogue's answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from app.domain.barcode import (
    LabelRule,
    Symbology,
    expanded_upc_e,
    has_valid_check_digit,
    is_digits,
    normalised_gtin,
    read_label,
    without_aim,
)
from app.domain.entry_values import (
    AlmostPhone,
    BadgeCode,
    Barcode,
    Carrier,
    CarrierKind,
    CouponCode,
    DamagedBarcode,
    Entry,
    GiftCardCode,
    Gs1Data,
    Gs1Item,
    HeldCode,
    InvoiceCode,
    LabelledItem,
    MemberCode,
    Nothing,
    PaymentCode,
    Phone,
    Quantity,
    ReceiptCode,
    ScannedKind,
    Search,
    Unreadable,
    kind_of,
)
from app.domain.phone import REGIONS, fold_digits, parse_phone
from app.domain.quantity import parse_quantity

__all__ = [
    "ENTRY_LENGTH_MAX",
    "GROUP_SEPARATOR",
    "AlmostPhone",
    "BadgeCode",
    "Barcode",
    "Carrier",
    "CarrierKind",
    "CouponCode",
    "DamagedBarcode",
    "Entry",
    "GiftCardCode",
    "Gs1Data",
    "Gs1Item",
    "Gs1Parser",
    "HeldCode",
    "InvoiceCode",
    "LabelledItem",
    "MemberCode",
    "Nothing",
    "PaymentCode",
    "Phone",
    "Quantity",
    "ReceiptCode",
    "ScannedKind",
    "Search",
    "Unreadable",
    "check_characters",
    "classify",
    "kind_of",
    "with_check",
    "without_caps_lock",
]

ENTRY_LENGTH_MAX = 512
GROUP_SEPARATOR = "\x1d"
_CARRIER = re.compile(r"/[0-9A-Z.+\-]{7}")
_CITIZEN_CERTIFICATE = re.compile(r"[A-Z]{2}\d{14}")
_INVOICE_CODE_39 = re.compile(r"(\d{3}(?:02|04|06|08|10|12))([A-Z]{2}\d{8})(\d{4})")
_INVOICE_QR = re.compile(r"([A-Z]{2}\d{8})(\d{7})(\d{4})[0-9A-Fa-f]{16}\d{16}[0-9A-Za-z+/]{22}==.*")
_OWN_CODE_TURNED = re.compile(r"[mcgrhb]1:")
_PAYMENT_CODE = re.compile(r"\d{16,24}")
_ELEMENT_STRING = re.compile(r"01\d{14}.*|\(\d{2,4}\).+")
_DIGITAL_LINK = re.compile(r"https?://\S+/(?:01|gtin)/\d{8,14}(?:[/?#]\S*)?", re.IGNORECASE)
_RECEIPT_NUMBER = re.compile(r"[0-9A-Z]{1,4}-[0-9A-Z]{1,4}-[A-Z]{1,2}\d{6,}")
_QUANTITY = re.compile(r"(\d{0,6}(?:\.\d{1,3})?)[*×xX](.*)")
_BASE32 = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


Gs1Parser = Callable[[str], Gs1Data | None]


def classify(
    text: str,
    *,
    region: str = "TW",
    label_rules: Iterable[LabelRule] = (),
    currency_digits: int = 0,
    is_scan: bool = False,
    is_paying: bool = False,
    parse_gs1: Gs1Parser | None = None,
) -> Entry:
    """What this text is. Full-width digits are folded and a scanner's AIM identifier (``]E0``) is taken off first.

    ``is_paying``: a wallet's code may be meant. ``parse_gs1`` reads element strings and Digital Links (:mod:`app.service.gs1`); without it
    they are words like any other.
    """
    if len(text) > ENTRY_LENGTH_MAX:
        return Unreadable(text[:32])
    text, symbology = without_aim(fold_digits(text))
    text = text.strip(GROUP_SEPARATOR)
    if not text:
        return Nothing()
    printable = text.replace(GROUP_SEPARATOR, "")
    if not printable.isprintable():
        return Unreadable("".join(character for character in printable if character.isprintable())[:32])
    is_gs1 = symbology is not None and symbology.is_gs1
    return (
        (_gs1(text, parse_gs1, currency_digits) if is_gs1 or GROUP_SEPARATOR in text else None)
        or _paper(text)
        or (_payment(text) if is_paying else None)
        or _own_code(text)
        or (None if is_scan else _quantity(text))
        or (_valid_number(text, label_rules, currency_digits, symbology) if is_scan else None)
        or _phone(text, region)
        or _valid_number(text, label_rules, currency_digits, symbology)
        or _damaged_number(text, region)
        or (_gs1(text, parse_gs1, currency_digits) if _looks_like_gs1(text) else None)
        or Search(printable)
    )


def without_caps_lock(text: str) -> str | None:
    """A wedge scanner's text as it was meant, where Caps Lock turned its capitals and the code's class proves it; else None.

    Our own codes begin with a capital, a web address with small letters, and a carrier has no small letters at all.
    """
    plain, _ = without_aim(text)
    has_capitals, has_small = plain != plain.lower(), plain != plain.upper()
    is_turned = (
        (_OWN_CODE_TURNED.match(plain) is not None)
        or (plain.startswith(("HTTPS://", "HTTP://")) and has_small)
        or (has_small and not has_capitals and _paper(plain.upper()) is not None)
    )
    return text[: len(text) - len(plain)] + plain.swapcase() if is_turned else None


def with_check(prefix: str, payload: str) -> str:
    """``R1:01-1-A000123:7Q``: the payload with two check characters, so that a misread code is refused."""
    return f"{prefix}:{payload}:{check_characters(prefix + payload)}"


def check_characters(payload: str) -> str:
    """Two characters of base 32 over the payload: a weighted sum modulo 1021, a prime, so every single slip and every swap shows."""
    value = 0
    for character in payload:
        value = (value * 37 + ord(character)) % 1021
    return _BASE32[value // 32] + _BASE32[value % 32]


def _paper(text: str) -> Entry | None:
    """What the tax authority prints or hands out: carriers, and the symbols on an e-invoice."""
    upper = text.upper()
    if _CARRIER.fullmatch(upper):
        return Carrier(upper)
    if _CITIZEN_CERTIFICATE.fullmatch(upper):
        return Carrier(upper, CarrierKind.CITIZEN)
    if match := _INVOICE_CODE_39.fullmatch(upper):
        return InvoiceCode(number=match[2], random_code=match[3], period=match[1])
    if match := _INVOICE_QR.fullmatch(text):
        return InvoiceCode(number=match[1], random_code=match[3])
    return None


def _payment(text: str) -> Entry | None:
    """Sixteen to twenty-four digits. WeChat: 18, from 10 to 15; Alipay: 16 to 24, from 25 to 30; LINE Pay in Taiwan: 18."""
    if not _PAYMENT_CODE.fullmatch(text):
        return None
    start = int(text[:2])
    looks_like = [
        *(["alipay"] if 25 <= start <= 30 else []),
        *(["linepay"] if len(text) == 18 else []),
        *(["wechat"] if len(text) == 18 and 10 <= start <= 15 else []),
    ]
    return PaymentCode(text, tuple(looks_like))


def _own_code(text: str) -> Entry | None:
    upper = text.upper()
    prefix, colon, rest = upper.partition(":")
    if colon and prefix in ("C1", "G1"):
        body = (text.swapcase() if _OWN_CODE_TURNED.match(text) else text)[3:]
        if not body:
            return Unreadable(text[:32])
        return CouponCode(body) if prefix == "C1" else GiftCardCode(body)
    if colon and prefix in ("M1", "R1", "H1", "B1"):
        payload, _, check = rest.rpartition(":")
        if not payload or check != check_characters(prefix + payload):
            return Unreadable(text[:32] if prefix != "B1" else prefix)
        match prefix:
            case "M1":
                return MemberCode(payload)
            case "R1":
                return ReceiptCode(payload)
            case "B1":
                return BadgeCode(payload)
        return HeldCode(payload)
    if _RECEIPT_NUMBER.fullmatch(upper):
        return ReceiptCode(upper)
    return None


def _quantity(text: str) -> Entry | None:
    match = _QUANTITY.fullmatch(text)
    if match is None or not match[1]:
        return None
    thousandths = parse_quantity(match[1])
    return None if thousandths is None else Quantity(thousandths, match[2].strip())


def _phone(text: str, region: str) -> Entry | None:
    if len(text) > 24:
        return None
    number = parse_phone(text, region)
    if number is not None and not (len(text) == 8 and has_valid_check_digit(text)):
        return Phone(number)
    return None


def _valid_number(
    text: str, rules: Iterable[LabelRule], currency_digits: int, symbology: Symbology | None
) -> Entry | None:
    """Digits that prove themselves: a label of the shop's scale, or a GTIN in any of its forms."""
    compact = _compact(text)
    if not is_digits(compact) or len(compact) not in (8, 12, 13, 14):
        return None
    if label := read_label(compact, rules, currency_digits):
        return LabelledItem(compact, label)
    is_gtin = has_valid_check_digit(compact)
    upc = expanded_upc_e(compact)
    if upc is not None and symbology is not Symbology.EAN_8:
        is_certain = symbology is Symbology.EAN  # an EAN-8 would have said so
        # A shop that keyed the eight digits as they stand must find its article too.
        return Barcode(compact, upc) if is_gtin and not is_certain else Barcode(upc, compact)
    return Barcode(normalised_gtin(compact)) if is_gtin else None


def _damaged_number(text: str, region: str) -> Entry | None:
    """Digits that nearly prove themselves."""
    compact = _compact(text)
    if is_digits(compact) and len(compact) in (12, 13, 14):
        return DamagedBarcode(compact)
    if region == "TW" and _almost_taiwan_mobile(compact):
        return AlmostPhone(compact, sum(character.isdigit() for character in compact))
    return None


def _looks_like_gs1(text: str) -> bool:
    return bool(_ELEMENT_STRING.fullmatch(text) or _DIGITAL_LINK.fullmatch(text))


def _gs1(text: str, parse: Gs1Parser | None, currency_digits: int) -> Entry | None:
    data = parse(text) if parse is not None else None
    if data is None:
        return None
    if data.amount is None:
        return Gs1Item(data)
    digits, decimals = data.amount
    shift = currency_digits - decimals
    return Gs1Item(data, digits * 10**shift if shift >= 0 else digits // 10**-shift)


def _compact(text: str) -> str:
    return re.sub(r"[\s\-]", "", text)


def _almost_taiwan_mobile(compact: str) -> bool:
    """09 and eight to ten more characters, nearly all of them digits: somebody meant a phone number."""
    digits = sum(character.isascii() and character.isdigit() for character in compact)
    return (
        compact.startswith("09")
        and 9 <= len(compact) <= 12
        and digits >= len(compact) - 2
        and REGIONS["TW"].national.fullmatch(compact) is None
    )
