from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.money import (
    CNY,
    HKD,
    TWD,
    Money,
    allocate,
    extend,
    format_money,
    parse_amount,
    round_half_up,
    round_to_cash,
)


def test_two_currencies_never_meet_in_one_sum() -> None:
    with pytest.raises(AssertionError):
        Money(1, TWD) + Money(1, HKD)


def test_money_refuses_a_float() -> None:
    with pytest.raises(AssertionError):
        Money(1.5, TWD)  # type: ignore[arg-type]


@given(st.integers(-(10**9), 10**9), st.lists(st.integers(0, 10**6), min_size=1, max_size=40))
def test_allocated_parts_sum_to_the_amount_exactly(amount: int, weights: list[int]) -> None:
    if sum(weights) == 0:
        weights = [1, *weights]
    parts = allocate(amount, weights)
    assert sum(parts) == amount
    assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if weight == 0)


@given(st.integers(0, 10**6), st.lists(st.integers(1, 10**4), min_size=1, max_size=20))
def test_no_part_is_a_whole_unit_away_from_its_fair_share(amount: int, weights: list[int]) -> None:
    whole = sum(weights)
    for part, weight in zip(allocate(amount, weights), weights, strict=True):
        assert abs(part * whole - amount * weight) < whole


def test_the_odd_dollar_goes_to_the_largest_remainder_then_to_the_earlier_line() -> None:
    assert allocate(100, [1, 1, 1]) == [34, 33, 33]
    assert allocate(-10, [3, 1, 1]) == [-6, -2, -2]
    assert allocate(5, [0, 3, 7]) == [0, 2, 3] or allocate(5, [0, 3, 7]) == [0, 1, 4]


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**5))
def test_halves_round_away_from_zero_and_symmetrically(numerator: int, denominator: int) -> None:
    rounded = round_half_up(numerator, denominator)
    assert abs(2 * (rounded * denominator - numerator)) <= denominator
    assert round_half_up(-numerator, denominator) == -rounded


def test_a_weighed_price_is_rounded_to_the_dollar() -> None:
    assert extend(120, 385) == 46  # 46.2
    assert extend(100, 1005) == 101  # 100.5
    assert extend(35, 3000) == 105


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (1250, TWD, "NT$1,250"),
        (-1250, TWD, "-NT$1,250"),
        (850, HKD, "HK$8.50"),
        (5, CNY, "¥0.05"),
        (0, TWD, "NT$0"),
    ],
)
def test_money_is_written_as_the_market_writes_it(minor: int, currency: object, text: str) -> None:
    assert format_money(Money(minor, currency)) == text  # type: ignore[arg-type]


@given(st.integers(0, 10**9 - 1))
def test_what_is_shown_can_be_keyed_again(minor: int) -> None:
    for currency in (TWD, HKD):
        assert parse_amount(format_money(Money(minor, currency), symbol=False), currency) == minor


@pytest.mark.parametrize("text", ["", "-5", "1.5", "12a", "1e3", "１２.５", "9999999999", "."])
def test_what_is_no_amount_in_dollars_is_refused(text: str) -> None:
    assert parse_amount(text, TWD) is None


def test_cash_in_hong_kong_settles_to_ten_cents() -> None:
    assert round_to_cash(Money(1234, HKD)) == Money(1230, HKD)
    assert round_to_cash(Money(1235, HKD)) == Money(1240, HKD)
    assert round_to_cash(Money(1234, TWD)) == Money(1234, TWD)
