"""When promotions run, whom they are for, and which goods they cover."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.ids import CategoryId
from app.domain.member import MemberCard
from app.domain.promotion import Promotion, PromotionKind
from app.domain.promotion_book import LocalMoment, PromotionBook, is_running
from tests.builders import MEMBER, a_card, an_item, uuid
from tests.domain.promotion_cases import (
    CATEGORIES,
    SATURDAY_MORNING,
    a_promotion,
    basket_of,
    context,
    total,
)

FRIDAY = date(2026, 10, 2)
SATURDAY = date(2026, 10, 3)


def off(code: str = "P", **fields: object) -> Promotion:
    return a_promotion(PromotionKind.PERCENT, code, value=1_000, **fields)


def clock(day: date, hour: int, minute: int = 0, business_date: date | None = None) -> LocalMoment:
    return LocalMoment.at(
        business_date or day, datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)
    )


# --- when --------------------------------------------------------------------------------------------------------------


def test_a_promotion_runs_on_its_first_day_and_its_last() -> None:
    promotion = off(starts_on=FRIDAY, ends_on=SATURDAY)
    running = [is_running(promotion, clock(date(2026, 10, day), 12)) for day in (1, 2, 3, 4)]
    assert running == [False, True, True, False]


def test_hours_begin_with_their_first_minute_and_end_before_their_last() -> None:
    promotion = off(time_from=14 * 60, time_to=17 * 60)
    moments = [clock(FRIDAY, 13, 59), clock(FRIDAY, 14), clock(FRIDAY, 16, 59), clock(FRIDAY, 17)]
    assert [is_running(promotion, moment) for moment in moments] == [False, True, True, False]


def test_hours_until_midnight_end_with_the_day() -> None:
    promotion = off(time_from=20 * 60, time_to=24 * 60)
    assert is_running(promotion, clock(FRIDAY, 23, 59))
    assert not is_running(promotion, clock(SATURDAY, 0))


def test_hours_past_midnight_belong_to_the_day_they_began_on() -> None:
    promotion = off(time_from=22 * 60, time_to=2 * 60, weekdays=frozenset({4}))  # Fridays
    assert not is_running(promotion, clock(FRIDAY, 1, 59))  # Thursday's night
    assert not is_running(promotion, clock(FRIDAY, 21, 59))
    assert is_running(promotion, clock(FRIDAY, 22))
    assert is_running(promotion, clock(SATURDAY, 1, 59))
    assert not is_running(promotion, clock(SATURDAY, 2))
    assert not is_running(promotion, clock(SATURDAY, 22))


def test_hours_past_midnight_are_the_same_whether_the_shift_was_opened_before_or_after() -> None:
    promotion = off(time_from=22 * 60, time_to=2 * 60, weekdays=frozenset({4}), ends_on=FRIDAY)
    assert is_running(promotion, clock(SATURDAY, 1, business_date=FRIDAY))
    assert is_running(promotion, clock(SATURDAY, 1, business_date=SATURDAY))


def test_without_hours_the_shops_day_counts_and_not_the_calendar() -> None:
    fridays = off(weekdays=frozenset({4}))
    last_day = off(ends_on=FRIDAY)
    after_midnight = clock(SATURDAY, 0, 30, business_date=FRIDAY)
    assert is_running(fridays, after_midnight)
    assert is_running(last_day, after_midnight)
    assert not is_running(fridays, clock(SATURDAY, 0, 30))


@pytest.mark.parametrize("weekday", range(7))
def test_a_promotion_of_some_weekdays_runs_on_these_only(weekday: int) -> None:
    promotion = off(weekdays=frozenset({0, 2, 5}))
    day = date(2026, 10, 5 + weekday)  # the 5th is a Monday
    assert is_running(promotion, clock(day, 12)) == (weekday in {0, 2, 5})


@given(st.integers(0, 1439), st.integers(0, 1439), st.integers(0, 1439))
def test_hours_and_the_rest_of_the_day_never_overlap_and_leave_no_gap(
    start: int, end: int, minute: int
) -> None:
    if start == end:
        return
    moment = LocalMoment(FRIDAY, 4, minute)
    assert is_running(off(time_from=start, time_to=end), moment) != is_running(
        off(time_from=end, time_to=start), moment
    )


# --- for whom ----------------------------------------------------------------------------------------------------------


def of_tier(tier: str) -> MemberCard:
    return replace(a_card(), member=replace(MEMBER, tier=tier))


def test_member_offers_are_for_members_and_tier_offers_for_their_tiers() -> None:
    item = an_item(100)
    for promotion, expected in [
        (off(), [90, 90, 90]),
        (off(members_only=True), [100, 90, 90]),
        (off(tiers=frozenset({"gold"})), [100, 100, 90]),
        (off(tiers=frozenset({"", "gold"})), [100, 90, 90]),
    ]:
        basket = basket_of((item, 1))
        totals = [
            total(replace(basket, member=who), promotion) for who in (None, of_tier(""), of_tier("gold"))
        ]
        assert totals == expected


# --- what --------------------------------------------------------------------------------------------------------------


def test_a_category_covers_everything_below_it() -> None:
    root = CategoryId(uuid(100))  # the root of every item that a test makes
    item = an_item(100, category=CATEGORIES[0])
    assert total(basket_of((item, 1)), off(category_ids=frozenset({root}))) == 90
    assert total(basket_of((item, 1)), off(category_ids=frozenset({CATEGORIES[0]}))) == 90
    assert total(basket_of((item, 1)), off(category_ids=frozenset({CATEGORIES[1]}))) == 100


def test_items_and_categories_named_together_are_both_covered() -> None:
    named, shelved, other = an_item(100), an_item(100, category=CATEGORIES[0]), an_item(100)
    promotion = off(item_ids=frozenset({named.id}), category_ids=frozenset({CATEGORIES[0]}))
    assert total(basket_of((named, 1), (shelved, 1), (other, 1)), promotion) == 280


def test_an_excluded_item_is_not_covered_whatever_names_it() -> None:
    item, other = an_item(100), an_item(100)
    everything_but = off(excluded_item_ids=frozenset({item.id}))
    named_and_excluded = off(item_ids=frozenset({item.id}), excluded_item_ids=frozenset({item.id}))
    assert total(basket_of((item, 1), (other, 1)), everything_but) == 190
    assert total(basket_of((item, 1)), named_and_excluded) == 100


def test_a_book_forgets_nothing_that_matters_between_baskets() -> None:
    item = an_item(100, member_price=95)
    shared = context(off(members_only=True))
    book = shared.promotions
    assert book.audience(SATURDAY_MORNING, None) is book.audience(SATURDAY_MORNING, None)
    assert book.audience(SATURDAY_MORNING, None) is not book.audience(SATURDAY_MORNING, a_card())
    for is_member in (True, False, True):
        from app.domain.pricing import price

        fresh = price(basket_of((item, 1), is_member=is_member), context(off(members_only=True)))
        assert price(basket_of((item, 1), is_member=is_member), shared).lines == fresh.lines


def test_the_books_order_is_by_priority_then_code() -> None:
    promotions = [off("C"), off("B", priority=200), off("A", priority=200), off("D", priority=1)]
    assert [promotion.code for promotion in PromotionBook(promotions).promotions] == ["D", "C", "A", "B"]
