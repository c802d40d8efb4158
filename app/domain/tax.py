"""Value-added tax that is contained in the price (營業稅內含).

Tax is computed once on each class's total of the whole transaction, never line by line: the sum of rounded parts is not the rounded
sum. Rates are hundredths of a percent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from app.domain.item import TaxClass
from app.domain.money import Currency, Money, round_half_up
from app.domain.transaction import SaleLine, TaxTotal

# 營業稅法 §10: five percent. Zero-rated and exempt supplies bear none, and are told apart on every report.
TAIWAN_RATES: Final[Mapping[TaxClass, int]] = MappingProxyType(
    {TaxClass.TAXABLE: 500, TaxClass.ZERO_RATED: 0, TaxClass.EXEMPT: 0}
)


def tax_included(gross_minor: int, rate: int) -> int:
    """The tax inside an amount: amount × rate ÷ (100 % + rate), halves away from zero, so that a refund mirrors its sale."""
    assert rate >= 0
    return round_half_up(gross_minor * rate, 10_000 + rate)


def tax_totals(
    lines: Iterable[SaleLine], rates: Mapping[TaxClass, int], currency: Currency
) -> tuple[TaxTotal, ...]:
    """One total for each class that occurs, in the order of :class:`TaxClass`. Their gross amounts sum to the transaction's total."""
    gross: dict[TaxClass, int] = {}
    for line in lines:
        assert line.net.currency.code == currency.code, "two currencies never meet in one sum"
        gross[line.tax_class] = gross.get(line.tax_class, 0) + line.net.minor
    return tuple(
        TaxTotal(
            tax_class,
            rates[tax_class],
            Money(gross[tax_class], currency),
            Money(tax_included(gross[tax_class], rates[tax_class]), currency),
        )
        for tax_class in TaxClass
        if tax_class in gross
    )
