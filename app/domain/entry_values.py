"""What an entry can be: everything that is typed into the one line or sent by a scanner becomes exactly one of these.

Codes that are worth money or open doors (wallet, gift card, badge) never show in a repr, so that no log can keep them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from app.domain.barcode import Label


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
    """A code with a valid check digit. ``code`` is the normalised GTIN.

    Eight digits may be read in two ways, as an EAN-8 and as a shortened UPC; then ``other`` is the second one, for the catalogue to say.
    """

    code: str
    other: str = ""


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
class CouponCode:
    """A coupon's QR, ``C1:`` and a body that whoever issued the coupon can prove; capitals matter in it."""

    body: str


@dataclass(frozen=True, slots=True)
class GiftCardCode:
    """A gift card, ``G1:`` and a body that whoever issued the card can prove; capitals matter in it."""

    body: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class BadgeCode:
    """A staff badge: ``B1:<code>:<check>``, or whatever a badge reader sends. It opens doors, so it is never shown or logged."""

    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PaymentCode:
    """The code on a customer's telephone by which a wallet is charged (付款碼). It is money: never shown or logged.

    ``looks_like`` are the wallets whose form it has ("alipay", "linepay", "wechat"). They overlap: the cashier says which one it is.
    """

    code: str = field(repr=False)
    looks_like: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InvoiceCode:
    """An e-invoice's own barcode or left QR: its number, and the random code that goes with it.

    ``period`` is the ROC year and even month (``11512``); "" when the symbol gives the day instead.
    """

    number: str
    random_code: str
    period: str = ""


class CarrierKind(StrEnum):
    MOBILE = "mobile"  # 手機條碼
    CITIZEN = "citizen"  # 自然人憑證條碼


@dataclass(frozen=True, slots=True)
class Carrier:
    """An e-invoice carrier."""

    code: str
    kind: CarrierKind = CarrierKind.MOBILE


@dataclass(frozen=True, slots=True)
class Gs1Data:
    """What a GS1 element string or Digital Link says, as its parser found it.

    ``gtin`` is normalised; ``weight`` is thousandths of a kilogram; ``amount`` is digits and decimals of a price, in whatever currency the
    shop has (15800, 2), or None.
    """

    gtin: str
    lot: str = ""
    serial: str = ""
    expires_on: date | None = None
    weight: int | None = None
    amount: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Gs1Item:
    """An article with more about it: lot, expiry, weight or price. ``price_minor`` is in the shop's currency."""

    data: Gs1Data
    price_minor: int | None = None

    @property
    def gtin(self) -> str:
        return self.data.gtin


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
    | CouponCode
    | GiftCardCode
    | BadgeCode
    | PaymentCode
    | InvoiceCode
    | Carrier
    | Gs1Item
    | Search
    | Unreadable
)


class ScannedKind(StrEnum):
    """The class of an entry in one word, for a list, a log or a lamp."""

    NOTHING = "nothing"
    QUANTITY = "quantity"
    PHONE = "phone"
    BARCODE = "barcode"
    LABEL = "label"
    MEMBER = "member"
    COUPON = "coupon"
    GIFT_CARD = "gift_card"
    RECEIPT = "receipt"
    HELD = "held"
    BADGE = "badge"
    PAYMENT = "payment"
    INVOICE = "invoice"
    CARRIER = "carrier"
    GS1 = "gs1"
    WORDS = "words"
    DAMAGED = "damaged"


def kind_of(entry: Entry) -> ScannedKind:
    return _KINDS[type(entry)]


_KINDS: dict[type, ScannedKind] = {
    Nothing: ScannedKind.NOTHING,
    Quantity: ScannedKind.QUANTITY,
    Phone: ScannedKind.PHONE,
    AlmostPhone: ScannedKind.DAMAGED,
    Barcode: ScannedKind.BARCODE,
    DamagedBarcode: ScannedKind.DAMAGED,
    LabelledItem: ScannedKind.LABEL,
    MemberCode: ScannedKind.MEMBER,
    ReceiptCode: ScannedKind.RECEIPT,
    HeldCode: ScannedKind.HELD,
    CouponCode: ScannedKind.COUPON,
    GiftCardCode: ScannedKind.GIFT_CARD,
    BadgeCode: ScannedKind.BADGE,
    PaymentCode: ScannedKind.PAYMENT,
    InvoiceCode: ScannedKind.INVOICE,
    Carrier: ScannedKind.CARRIER,
    Gs1Item: ScannedKind.GS1,
    Search: ScannedKind.WORDS,
    Unreadable: ScannedKind.DAMAGED,
}
