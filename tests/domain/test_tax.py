"""Tax contained in prices: Taiwan's arithmetic, on the total of each class and never line by line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.item import TaxClass
from app.domain.money import TWD, Money
from app.domain.tax import TAIWAN_RATES, tax_included, tax_totals
from app.domain.transaction import SaleLine
from tests.builders import a_line


@pytest.mark.parametrize(
    ("gross", "tax"), [(340, 16), (105, 5), (100, 5), (65, 3), (1859, 89), (0, 0), (10, 0), (11, 1)]
)
def test_five_percent_inside_the_price_is_rounded_half_up(gross: int, tax: int) -> None:
    assert tax_included(gross, 500) == tax


@given(st.integers(-(10**9), 10**9), st.sampled_from([0, 500, 600, 1_300]))
def test_a_refund_gives_back_the_tax_of_its_sale(gross: int, rate: int) -> None:
    assert tax_included(-gross, rate) == -tax_included(gross, rate)


@given(st.integers(0, 10**9))
def test_tax_and_sales_are_never_off_by_more_than_half_a_dollar(gross: int) -> None:
    # |tax − gross × 5 / 105| ≤ 1/2, in whole numbers.
    assert abs(tax_included(gross, 500) * 210 - gross * 10) <= 105


@given(st.integers(0, 10**7))
def test_the_tax_agrees_with_sales_computed_the_other_way_round(gross: int) -> None:
    sales = (2 * gross * 100 + 105) // 210  # half up (gross ÷ 1.05)
    assert gross - sales == tax_included(gross, 500)


def of(amount: int, tax_class: TaxClass = TaxClass.TAXABLE) -> SaleLine:
    return a_line(amount, tax_class=tax_class)


def test_tax_is_computed_on_the_total_and_not_line_by_line() -> None:
    (taxable,) = tax_totals([of(10)] * 3, TAIWAN_RATES, TWD)
    assert taxable.tax == Money(1, TWD)  # three times 0.48, not three times nothing
    assert tax_included(10, 500) == 0


def test_zero_rated_and_exempt_goods_are_listed_apart_when_there_are_any() -> None:
    lines = [of(105), of(50, TaxClass.EXEMPT), of(20, TaxClass.ZERO_RATED), of(105)]
    totals = tax_totals(lines, TAIWAN_RATES, TWD)
    assert [(total.tax_class, total.rate, total.gross.minor, total.tax.minor) for total in totals] == [
        (TaxClass.TAXABLE, 500, 210, 10),
        (TaxClass.ZERO_RATED, 0, 20, 0),
        (TaxClass.EXEMPT, 0, 50, 0),
    ]
    assert [total.tax_class for total in tax_totals([of(105)], TAIWAN_RATES, TWD)] == [TaxClass.TAXABLE]
    assert tax_totals([], TAIWAN_RATES, TWD) == ()
