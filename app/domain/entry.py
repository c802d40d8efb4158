"""What the cashier typed or scanned, recognised by its shape alone.

The order is fixed, so the same keys always mean the same: quantity, receipt, member code, coupon, held sale, carrier, phone,
label, barcode, search.
Nothing here looks anything up; whether a barcode exists is the catalogue's answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.barcode import Label, LabelRule, has_valid_check_digit, is_digits, normalised_gtin, read_label
from app.domain.phone import REGIONS, fold_digits, parse_phone
from app.domain.quantity import parse_quantity

ENTRY_LENGTH_MAX = 512
_AIM = re.compile(r"\][A-Za-z][0-9A-Za-z]")
_CARRIER = re.compile(r"/[0-9A-Z.+\-]{7}")
_RECEIPT_NUMBER = re.compile(r"[0-9A-Z]{1,4}-[0-9A-Z]{1,4}-[A-Z]{1,2}\d{6,}")
_QUANTITY = re.compile(r"(\d{0,6}(?:\.\d{1,3})?)[*×xX](.*)")
_BASE32 = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


@dataclass(frozen=True, slots=True)
class Nothing:
    """An empty line: the next step is asked for."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """``3*`` sets the quantity of the next item; ``3*4710…`` enters the rest with it."""

    thousandths: int
    rest: str


@dataclass(frozen=True, slots=True)
class Phone:
    e164: str


@dataclass(frozen=True, slots=True)
class AlmostPhone:
    """Looks like a mobile number with a digit too few or too many, or a letter in it."""

    text: str
    digits: int


@dataclass(frozen=True, slots=True)
class Barcode:
    """A code with a valid check digit. ``code`` is the normalised GTIN."""

    code: str


@dataclass(frozen=True, slots=True)
class DamagedBarcode:
    """Digits of a barcode's length whose check digit is wrong."""

    code: str


@dataclass(frozen=True, slots=True)
class LabelledItem:
    code: str
    label: Label


@dataclass(frozen=True, slots=True)
class MemberCode:
    """The member's QR: ``M1:<code>:<check>``."""

    code: str


@dataclass(frozen=True, slots=True)
class ReceiptCode:
    """The QR of a receipt, ``R1:<number>:<check>``, or its number as printed."""

    number: str


@dataclass(frozen=True, slots=True)
class HeldCode:
    """The QR of a held sale's slip: ``H1:<id>:<check>``."""

    code: str


@dataclass(frozen=True, slots=True)
class Carrier:
    """An e-invoice carrier (手機條碼)."""

    code: str


@dataclass(frozen=True, slots=True)
class Search:
    text: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Too long, control characters, or a code of ours whose check is wrong."""

    text: str


Entry = (
    Nothing
    | Quantity
    | Phone
    | AlmostPhone
    | Barcode
    | DamagedBarcode
    | LabelledItem
    | MemberCode
    | ReceiptCode
    | HeldCode
    | Carrier
    | Search
    | Unreadable
)


def classify(
    text: str, *, region: str = "TW", label_rules: Iterable[LabelRule] = (), currency_digits: int = 0
) -> Entry:
    """What this text is. Full-width digits are folded and a scanner's AIM identifier (``]E0``) is taken off first."""
    if len(text) > ENTRY_LENGTH_MAX:
        return Unreadable(text[:32])
    text = fold_digits(text)
    if _AIM.match(text):
        text = text[3:]
    if not text:
        return Nothing()
    if not text.isprintable():
        return Unreadable("".join(character for character in text if character.isprintable())[:32])
    return (
        _own_code(text)
        or _quantity(text)
        or _phone(text, region)
        or _number(text, region, label_rules, currency_digits)
        or Search(text)
    )


def with_check(prefix: str, payload: str) -> str:
    """``R1:01-1-A000123:7Q``: the payload with two check characters, so that a misread code is refused."""
    return f"{prefix}:{payload}:{check_characters(prefix + payload)}"


def check_characters(payload: str) -> str:
    """Two characters of base 32 over the payload: a weighted sum modulo 1021, a prime, so every single slip and every swap shows."""
    value = 0
    for character in payload:
        value = (value * 37 + ord(character)) % 1021
    return _BASE32[value // 32] + _BASE32[value % 32]


def _own_code(text: str) -> Entry | None:
    upper = text.upper()
    prefix, colon, rest = upper.partition(":")
    if colon and prefix in ("M1", "R1", "H1"):
        payload, _, check = rest.rpartition(":")
        if not payload or check != check_characters(prefix + payload):
            return Unreadable(text[:32])
        match prefix:
            case "M1":
                return MemberCode(payload)
            case "R1":
                return ReceiptCode(payload)
        return HeldCode(payload)
    if _RECEIPT_NUMBER.fullmatch(upper):
        return ReceiptCode(upper)
    if _CARRIER.fullmatch(upper):
        return Carrier(upper)
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


def _number(text: str, region: str, rules: Iterable[LabelRule], currency_digits: int) -> Entry | None:
    compact = re.sub(r"[\s\-]", "", text)
    if is_digits(compact) and len(compact) in (8, 12, 13, 14):
        if label := read_label(compact, rules, currency_digits):
            return LabelledItem(compact, label)
        if has_valid_check_digit(compact):
            return Barcode(normalised_gtin(compact))
        if len(compact) >= 12:
            return DamagedBarcode(compact)
    if region == "TW" and _almost_taiwan_mobile(compact):
        return AlmostPhone(compact, sum(character.isdigit() for character in compact))
    return None


def _almost_taiwan_mobile(compact: str) -> bool:
    """09 and eight to ten more characters, nearly all of them digits: somebody meant a phone number."""
    digits = sum(character.isascii() and character.isdigit() for character in compact)
    return (
        compact.startswith("09")
        and 9 <= len(compact) <= 12
        and digits >= len(compact) - 2
        and REGIONS["TW"].national.fullmatch(compact) is None
    )
