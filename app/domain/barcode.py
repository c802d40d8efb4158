"""Barcodes: check digits, the forms of one GTIN, and labels with a price or weight inside (20–29, defined by the shop)."""

from __future__ import annotations

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
