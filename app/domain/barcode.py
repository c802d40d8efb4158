"""Barcodes: check digits, the forms of one GTIN, what a scanner says about the symbol, and labels with a price or weight inside
(20–29, defined by the shop)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

GTIN_LENGTHS = (8, 12, 13, 14)


def check_digit(payload: str) -> int:
    """GS1's modulo-10 digit: weights 3, 1, 3… from the right (471008841234 -> 8)."""
    return -sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(reversed(payload))) % 10


def is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def has_valid_check_digit(code: str) -> bool:
    """Whether this is a GTIN-8, UPC-A, EAN-13 or GTIN-14 with the right last digit."""
    return len(code) in GTIN_LENGTHS and is_digits(code) and check_digit(code[:-1]) == int(code[-1])


def normalised_gtin(code: str) -> str:
    """One spelling per article: a UPC-A is an EAN-13 with a leading zero, a GTIN-14 of one piece is its EAN-13."""
    if len(code) == 12 and has_valid_check_digit(code):
        return "0" + code
    if len(code) == 14 and code.startswith("0") and has_valid_check_digit(code):
        return code[1:]
    return code


def expanded_upc_e(code: str) -> str | None:
    """The EAN-13 behind the eight digits of a UPC-E (04252614 -> 0042100005264), or None when they are none.

    The sixth digit of the six in the middle says where the zeros were left out (GS1 General Specifications 5.2.2.4.2).
    """
    if len(code) != 8 or not is_digits(code) or code[0] not in "01":
        return None
    system, body, check = code[0], code[1:7], code[7]
    last = int(body[5])
    if last <= 2:
        payload = body[:2] + str(last) + "0000" + body[2:5]
    elif last == 3:
        payload = body[:3] + "00000" + body[3:5]
    elif last == 4:
        payload = body[:4] + "00000" + body[4]
    else:
        payload = body[:5] + "0000" + str(last)
    upc_a = system + payload + check
    return "0" + upc_a if has_valid_check_digit(upc_a) else None


class Symbology(StrEnum):
    """What kind of symbol was read, as far as the scanner says so."""

    EAN = "ean"  # EAN-13, UPC-A, UPC-E
    EAN_8 = "ean_8"
    CODE_39 = "code_39"
    CODE_128 = "code_128"
    GS1_128 = "gs1_128"
    DATABAR = "databar"
    ITF = "itf"
    QR = "qr"
    GS1_QR = "gs1_qr"
    DATA_MATRIX = "data_matrix"
    GS1_DATA_MATRIX = "gs1_data_matrix"
    OTHER = "other"

    @property
    def is_gs1(self) -> bool:
        """Whether the symbol promises element strings, so that nothing else need be thought of."""
        return self in _GS1


_GS1 = frozenset({Symbology.GS1_128, Symbology.DATABAR, Symbology.GS1_QR, Symbology.GS1_DATA_MATRIX})
_AIM = re.compile(r"\]([A-Za-z])([0-9A-Za-z])")
_AIM_MEANS = {
    "E4": Symbology.EAN_8,
    "E": Symbology.EAN,
    "A": Symbology.CODE_39,
    "C1": Symbology.GS1_128,
    "C": Symbology.CODE_128,
    "e": Symbology.DATABAR,
    "I": Symbology.ITF,
    "Q3": Symbology.GS1_QR,
    "Q4": Symbology.GS1_QR,
    "Q": Symbology.QR,
    "d2": Symbology.GS1_DATA_MATRIX,
    "d": Symbology.DATA_MATRIX,
}


def without_aim(text: str) -> tuple[str, Symbology | None]:
    """Take the scanner's symbology identifier off (ISO/IEC 15424): ``]E04710…`` -> (``4710…``, EAN). None: the scanner said nothing."""
    match = _AIM.match(text)
    if match is None:
        return text, None
    symbology = _AIM_MEANS.get(match[0][1:], _AIM_MEANS.get(match[1], Symbology.OTHER))
    rest = text[3:]
    if symbology is Symbology.CODE_39 and len(rest) > 2 and rest[0] == rest[-1] == "*":
        rest = rest[1:-1]  # some scanners send the start and stop characters as well
    return rest, symbology


def code_with_aim(code: str, symbology: Symbology | None) -> str:
    """The other way round, where the symbology has an identifier of its own."""
    return code if symbology is None else _AIM_OF.get(symbology, "") + code


_AIM_OF = {
    Symbology.EAN: "]E0",
    Symbology.EAN_8: "]E4",
    Symbology.CODE_39: "]A0",
    Symbology.CODE_128: "]C0",
    Symbology.GS1_128: "]C1",
    Symbology.DATABAR: "]e0",
    Symbology.ITF: "]I0",
    Symbology.QR: "]Q1",
    Symbology.GS1_QR: "]Q3",
    Symbology.DATA_MATRIX: "]d1",
    Symbology.GS1_DATA_MATRIX: "]d2",
}


class LabelKind(StrEnum):
    PRICE = "price"
    WEIGHT = "weight"


@dataclass(frozen=True, slots=True)
class LabelRule:
    """How the shop's scale writes labels: ``29IIIIIVVVVVC`` = prefix 29, item code, value, check digit.

    ``decimals`` places the point in the value: of kilograms for a weight (3: grams), of the currency's major unit for a price.
    A pattern may hold ``V`` first and ``I`` after; ``P`` marks an inner price check digit, which is not read.
    """

    pattern: str
    kind: LabelKind
    decimals: int

    def __post_init__(self) -> None:
        assert len(self.pattern) == 13
        assert self.pattern[-1] == "C"
        assert self.pattern[:2].isdigit()
        assert 20 <= int(self.pattern[:2]) <= 29
        assert "I" in self.pattern
        assert "V" in self.pattern


@dataclass(frozen=True, slots=True)
class Label:
    """What a price-embedded barcode says. ``value`` is thousandths of a kilogram, or minor units for a price."""

    plu: str
    kind: LabelKind
    value: int


DEFAULT_LABEL_RULES = (
    LabelRule("28IIIIIVVVVVC", LabelKind.WEIGHT, 3),
    LabelRule("29IIIIIVVVVVC", LabelKind.PRICE, 0),
)


def read_label(code: str, rules: Iterable[LabelRule], currency_digits: int = 0) -> Label | None:
    """The label's meaning, or None when no rule of the shop fits or the check digit is wrong."""
    if len(code) != 13 or not has_valid_check_digit(code):
        return None
    for rule in rules:
        if not code.startswith(rule.pattern[:2]):
            continue
        plu = "".join(digit for digit, mark in zip(code, rule.pattern, strict=True) if mark == "I")
        digits = int("".join(digit for digit, mark in zip(code, rule.pattern, strict=True) if mark == "V"))
        places = 3 if rule.kind is LabelKind.WEIGHT else currency_digits
        shift = places - rule.decimals
        value = digits * 10**shift if shift >= 0 else digits // 10**-shift
        return Label(plu, rule.kind, value)
    return None
