"""Tiers: exactly at the limit counts, nothing is lost before its time, and a return takes back only what it undoes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.loyalty.term import NEVER, Term, TermKind, months_after
from app.domain.loyalty.tiers import (
    Lowering,
    Tier,
    TierChange,
    TierEventKind,
    TierRules,
    TierState,
    Undone,
    Window,
    WindowKind,
    assess,
    standing_of,
)
from tests.domain.loyalty.rule_strategies import DAYS, tier_rules

SILVER, GOLD = Tier("silver", "銀卡", 3_000), Tier("gold", "金卡", 10_000)
RULES = TierRules(tiers=(SILVER, GOLD), keeps=Term(TermKind.DAYS, 100), grace_days=10)
ON = date(2026, 11, 22)
HELD = TierState("gold", ON, ON + timedelta(days=100))
LAST = ON + timedelta(days=100)


@pytest.mark.parametrize(
    ("amount", "tier"),
    [(2_999, ""), (3_000, "silver"), (9_999, "silver"), (10_000, "gold"), (99_999, "gold")],
)
def test_exactly_at_the_limit_the_tier_is_reached(amount: int, tier: str) -> None:
    change = assess(RULES, TierState(), amount, ON)
    assert (change.tier if change else "") == tier
    if change:
        assert (change.kind, change.protected_until) == (TierEventKind.REACHED, LAST)


def test_the_first_sale_may_reach_the_second_tier() -> None:
    assert assess(RULES, TierState(), 12_000, ON) == TierChange(TierEventKind.REACHED, "", "gold", LAST)


@pytest.mark.parametrize(
    ("days", "kind"),
    [(0, None), (100, None), (101, None), (110, None), (111, TierEventKind.LOWERED)],
)
def test_a_tier_is_lowered_on_the_day_after_the_last_of_grace(days: int, kind: TierEventKind | None) -> None:
    change = assess(RULES, HELD, 0, ON + timedelta(days=days))
    assert (change.kind if change else None) == kind


def test_lowering_goes_one_step_or_to_what_was_earned() -> None:
    late = ON + timedelta(days=111)
    one = assess(RULES, HELD, 0, late)
    assert one == TierChange(TierEventKind.LOWERED, "gold", "silver", late + timedelta(days=100))
    to_earned = assess(replace(RULES, lowering=Lowering.TO_EARNED), HELD, 0, late)
    assert to_earned == TierChange(TierEventKind.LOWERED, "gold", "", None)


def test_what_was_earned_again_is_kept_for_another_term() -> None:
    day = ON + timedelta(days=101)
    assert assess(RULES, HELD, 10_000, LAST) is None
    kept = assess(RULES, HELD, 10_000, day)
    assert kept == TierChange(TierEventKind.KEPT, "gold", "gold", day + timedelta(days=100))


def test_within_the_days_of_grace_a_purchase_still_keeps_it() -> None:
    change = assess(RULES, HELD, 10_000, ON + timedelta(days=110))
    assert change is not None
    assert change.kind is TierEventKind.KEPT


def test_a_tier_for_good_is_never_lowered() -> None:
    forever = replace(RULES, keeps=NEVER)
    change = assess(forever, TierState(), 3_000, ON)
    assert change is not None
    assert change.protected_until is None
    assert assess(forever, TierState("silver", ON, None), 0, ON + timedelta(days=9_999)) is None
    assert assess(RULES, TierState("silver", ON, None), 0, ON + timedelta(days=9_999)) is None


def test_a_tier_brought_in_from_elsewhere_is_protected_from_then_on() -> None:
    change = assess(RULES, TierState("silver"), 0, ON)
    assert change == TierChange(TierEventKind.KEPT, "silver", "silver", LAST)


def test_a_return_takes_back_the_tier_it_was_reached_with() -> None:
    undone = Undone(ON, 4_000)
    lowered = assess(RULES, HELD, 9_000, ON + timedelta(days=5), undone)
    assert lowered is not None
    assert (lowered.kind, lowered.tier) == (TierEventKind.LOWERED, "silver")
    assert assess(replace(RULES, lowers_on_return=False), HELD, 9_000, ON, undone) is None


def test_a_return_of_something_else_takes_nothing() -> None:
    bought_later = Undone(ON + timedelta(days=1), 4_000)
    assert assess(RULES, HELD, 9_000, ON + timedelta(days=5), bought_later) is None
    too_little_anyway = Undone(ON, 500)
    assert assess(RULES, HELD, 9_000, ON + timedelta(days=5), too_little_anyway) is None
    still_enough = Undone(ON, 4_000)
    assert assess(RULES, HELD, 10_000, ON + timedelta(days=5), still_enough) is None


def test_a_tier_that_is_no_more_counts_as_none() -> None:
    change = assess(RULES, TierState("diamond", ON, LAST), 3_000, ON)
    assert change is not None
    assert (change.from_tier, change.tier) == ("diamond", "silver")


@pytest.mark.parametrize(
    ("window", "on", "first", "last"),
    [
        (Window(WindowKind.ROLLING_DAYS, 1), ON, ON, None),
        (Window(WindowKind.ROLLING_DAYS, 365), ON, date(2025, 11, 23), None),
        (Window(WindowKind.ROLLING_MONTHS, 12), ON, date(2025, 11, 23), None),
        (Window(WindowKind.ROLLING_MONTHS, 1), date(2026, 3, 31), date(2026, 3, 1), None),
        (Window(WindowKind.CALENDAR, 12), date(2026, 12, 31), date(2026, 1, 1), date(2026, 12, 31)),
        (Window(WindowKind.CALENDAR, 12), date(2027, 1, 1), date(2027, 1, 1), date(2027, 12, 31)),
        (Window(WindowKind.CALENDAR, 3), ON, date(2026, 10, 1), date(2026, 12, 31)),
        (Window(WindowKind.CALENDAR, 1), date(2028, 2, 29), date(2028, 2, 1), date(2028, 2, 29)),
    ],
)
def test_the_window_begins_and_ends_on_these_days(
    window: Window, on: date, first: date, last: date | None
) -> None:
    assert (window.first_day(on), window.last_day(on)) == (first, last)


def test_a_standing_says_what_is_missing() -> None:
    standing = standing_of(RULES, TierState("silver", ON, LAST), 9_360, ON)
    assert standing.tier == SILVER
    assert standing.next_tier == GOLD
    assert (standing.missing, standing.at_risk, standing.progress_percent) == (640, 0, 93)


@pytest.mark.parametrize(
    ("term", "last"),
    [
        (Term(TermKind.DAYS, 365), date(2027, 11, 22)),
        (Term(TermKind.MONTHS, 3), date(2027, 2, 22)),
        (Term(TermKind.YEAR_END, 0), date(2026, 12, 31)),
        (Term(TermKind.YEAR_END, 1), date(2027, 12, 31)),
        (Term(TermKind.INACTIVITY, 90), None),
        (NEVER, None),
    ],
)
def test_a_term_ends_on_its_last_day(term: Term, last: date | None) -> None:
    assert term.last_day(ON) == last


def test_a_month_from_the_last_day_ends_on_a_last_day() -> None:
    assert months_after(date(2027, 1, 31), 1) == date(2027, 2, 28)
    assert months_after(date(2028, 1, 31), 1) == date(2028, 2, 29)
    assert months_after(date(2026, 12, 15), -12) == date(2025, 12, 15)


@given(tier_rules(), st.integers(0, 30_000), st.integers(0, 30_000), DAYS)
def test_more_never_reaches_less(rules: TierRules, amount: int, more: int, on: date) -> None:
    assert rules.earned_rank(amount + more) >= rules.earned_rank(amount)
    change = assess(rules, TierState(), amount, on)
    assert rules.rank(change.tier if change else "") == rules.earned_rank(amount)


@given(tier_rules(), st.integers(0, 30_000), DAYS, st.integers(0, 1000), st.data())
def test_what_was_just_decided_stands_on_the_same_day(
    rules: TierRules, amount: int, since: date, days: int, data: st.DataObject
) -> None:
    tier = data.draw(st.sampled_from(["", *(tier.code for tier in rules.tiers)]))
    state = TierState(tier, since, rules.keeps.last_day(since) if tier else None)
    on = since + timedelta(days=days)
    change = assess(rules, state, amount, on)
    if change is not None:
        after = TierState(change.tier, on, change.protected_until)
        again = assess(rules, after, amount, on)
        # A year's end may be today: then it is looked at tomorrow, and never twice on one day.
        assert again is None
        assert abs(rules.rank(change.tier) - rules.rank(tier)) <= max(
            1, rules.earned_rank(amount), len(rules.tiers)
        )


@given(tier_rules(), st.integers(0, 30_000), DAYS, st.integers(0, 400), st.data())
def test_nothing_is_lowered_while_it_is_protected(
    rules: TierRules, amount: int, since: date, days: int, data: st.DataObject
) -> None:
    if not rules.tiers:
        return
    tier = data.draw(st.sampled_from([tier.code for tier in rules.tiers]))
    until = rules.keeps.last_day(since)
    change = assess(rules, TierState(tier, since, until), amount, since + timedelta(days=days))
    if change is not None and change.kind is TierEventKind.LOWERED:
        assert until is not None
        assert since + timedelta(days=days) > until + timedelta(days=rules.grace_days)
