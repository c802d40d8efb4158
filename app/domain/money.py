"""Money as integer minor units with its currency.

No float ever holds money. Two currencies are never added; division is always named, so that the reader sees who gets the odd
unit. Amounts are formatted only at the edge, with :func:`format_money`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import total_ordering


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency a shop can trade in.

    ``digits`` is the number of decimals (TWD has none in use); ``cash_step`` is the smallest amount of minor units that cash can settle
    (HKD: 10 cents); ``denominations`` are the notes and coins in minor units, largest first.
    """

    code: str
    symbol: str
    digits: int
    cash_step: int
    denominations: tuple[int, ...]


TWD = Currency("TWD", "NT$", 0, 1, (2000, 1000, 500, 200, 100, 50, 20, 10, 5, 1))
CNY = Currency("CNY", "¥", 2, 1, (10000, 5000, 2000, 1000, 500, 100, 50, 10, 1))
HKD = Currency("HKD", "HK$", 2, 10, (100000, 50000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10))
USD = Currency("USD", "$", 2, 1, (10000, 5000, 2000, 1000, 500, 100, 25, 10, 5, 1))
CURRENCIES = {currency.code: currency for currency in (TWD, CNY, HKD, USD)}


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (TWD: dollars; HKD: cents). May be negative."""

    minor: int
    currency: Currency

    def __post_init__(self) -> None:
        assert type(self.minor) is int, "money is whole minor units"

    def _same(self, other: Money) -> None:
        assert self.currency.code == other.currency.code, "two currencies never meet in one sum"

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        self._same(other)
        return self.minor < other.minor

    def __bool__(self) -> bool:
        return self.minor != 0

    def percent_of(self, percent_hundredths: int) -> Money:
        """This share of the amount, half rounded away from zero; 1,000 is ten percent."""
        return Money(round_half_up(self.minor * percent_hundredths, 10_000), self.currency)


def zero(currency: Currency) -> Money:
    return Money(0, currency)


def total(amounts: Iterable[Money], currency: Currency) -> Money:
    """The sum; the currency names the zero."""
    result = 0
    for amount in amounts:
        assert amount.currency.code == currency.code, "two currencies never meet in one sum"
        result += amount.minor
    return Money(result, currency)


def round_half_up(numerator: int, denominator: int) -> int:
    """numerator ÷ denominator, halves away from zero (commercial rounding, 四捨五入)."""
    assert denominator > 0
    if numerator >= 0:
        return (2 * numerator + denominator) // (2 * denominator)
    return -((-2 * numerator + denominator) // (2 * denominator))


def extend(unit_price_minor: int, quantity_thousandths: int) -> int:
    """Price of a quantity: unit price × quantity, halves away from zero, in minor units."""
    if quantity_thousandths % 1000 == 0:
        return unit_price_minor * (quantity_thousandths // 1000)
    return round_half_up(unit_price_minor * quantity_thousandths, 1000)


def allocate(amount: int, weights: Sequence[int]) -> list[int]:
    """Split ``amount`` over ``weights`` by largest remainder: the parts sum to the amount exactly, always.

    Equal remainders go to the earlier line. Weights are not negative and not all zero (unless the amount is 0).
    """
    assert all(weight >= 0 for weight in weights), "a share is never negative"
    whole = sum(weights)
    if whole == 0:
        assert amount == 0, "nothing to allocate to"
        return [0] * len(weights)
    sign = -1 if amount < 0 else 1
    parts = [abs(amount) * weight // whole for weight in weights]
    rest = abs(amount) - sum(parts)
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(abs(amount) * weights[i] % whole), i))
    for index in by_remainder[:rest]:
        parts[index] += 1
    assert sum(parts) == abs(amount)
    return [sign * part for part in parts]


def round_to_cash(amount: Money) -> Money:
    """The amount cash can settle: to the nearest cash step, halves away from zero."""
    step = amount.currency.cash_step
    return Money(round_half_up(amount.minor, step) * step, amount.currency)


def format_money(amount: Money, *, symbol: bool = True) -> str:
    """``NT$1,250``, ``-HK$8.50``; without the symbol ``1,250``."""
    digits = amount.currency.digits
    whole, part = divmod(abs(amount.minor), 10**digits)
    text = f"{whole:,}" + (f".{part:0{digits}d}" if digits else "")
    return ("-" if amount.minor < 0 else "") + (amount.currency.symbol if symbol else "") + text


def parse_amount(text: str, currency: Currency) -> int | None:
    """Minor units from what a person keyed (``1,250``, ``12.5``), or None when it is not an amount of this currency."""
    text = text.replace(",", "").strip()
    whole, dot, part = text.partition(".")
    if not (whole.isascii() and whole.isdigit()) or len(whole) > 9:
        return None
    if dot and not (part.isascii() and part.isdigit() and len(part) <= currency.digits):
        return None
    return int(whole + part.ljust(currency.digits, "0"))
