"""What a campaign brought against those left out by lot, and how operators do beside what their hours bring."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.insight.staff import StaffIndex, pace, rates, staff_index
from app.insight.uplift import Effect, Split, Verdict, adjusted, draw_control, effect, smallest_visible
from app.insight.values import TooLittle
from tests.insight.tables import MARCH, YEAR, seeds

SENT = date(2026, 3, 1)


def spending(seed: int, members: int = 1_000) -> tuple[np.ndarray, np.ndarray]:
    """What members spend in two months: each has their own habit."""
    random = np.random.default_rng(seed)
    habit = random.lognormal(6, 0.8, members)
    before, after = (np.round(habit * random.gamma(4, 0.25, members)).astype(np.int64) for _ in range(2))
    return before, after


@settings(max_examples=15)
@given(seeds(), st.floats(0.1, 0.5))
def test_the_control_is_drawn_from_every_segment_alike(seed: int, share: float) -> None:
    random = np.random.default_rng(seed)
    segment = np.sort(random.integers(0, 8, 500))
    split = draw_control(np.arange(500), segment, SENT, random, share=share)
    assert isinstance(split, Split)
    assert abs(int(split.is_control.sum()) - 500 * share) <= 1
    for which in range(8):
        of_segment = split.is_control[segment == which]
        assert abs(int(of_segment.sum()) - len(of_segment) * share) <= 1.0001


def test_everybody_is_left_out_as_often_as_anybody() -> None:
    random = np.random.default_rng(1)
    times, neighbours = np.zeros(200), 0
    for _ in range(2_000):
        split = draw_control(np.arange(200), np.arange(200) % 3, SENT, random)
        assert isinstance(split, Split)
        times += split.is_control
        neighbours += split.is_control[0] and split.is_control[3]
    assert times.min() > 320
    assert times.max() < 480
    assert 40 < neighbours < 130, "two of one segment are left out together as often as two drawn by lot"


def test_under_two_hundred_members_the_effect_cannot_be_measured() -> None:
    random = np.random.default_rng(1)
    assert draw_control(np.arange(199), np.zeros(199, dtype=np.int64), SENT, random) == TooLittle(
        "members", 199, 200
    )
    few = np.ones(100, dtype=np.int64)
    assert effect(few, few, np.arange(100) < 19, MARCH) == TooLittle("members_in_each_group", 19, 20)


def test_the_segment_kept_is_that_of_the_day_it_was_sent() -> None:
    segment = np.zeros(200, dtype=np.int64)
    split = draw_control(np.arange(200), segment.copy(), SENT, np.random.default_rng(1))
    assert isinstance(split, Split)
    segment[:] = 7
    assert set(split.segment.tolist()) == {0}
    with pytest.raises(ValueError, match="read-only"):
        split.segment[0] = 7


def test_an_effect_by_hand() -> None:
    is_control = np.arange(80) % 2 == 0
    before = np.full(80, 100)
    after = np.where(is_control, 100, 130) + np.where(np.arange(80) % 4 < 2, 10, -10)
    found = effect(before, after, is_control, MARCH, margin=0.5, cost=200)
    assert isinstance(found, Effect)
    assert found.each.value == 30
    half = 1.959964 * np.sqrt(2 * 100 * 40 / 39 / 40)
    assert found.each.high - 30 == pytest.approx(half)
    assert found.incremental.value == 30 * 40
    assert found.profit.value == 600 - 200
    assert found.roi == 2
    assert found.lift is not None
    assert found.lift.value == pytest.approx(0.3)
    assert found.verdict is Verdict.WORKS


def test_the_members_own_past_makes_the_interval_narrower() -> None:
    before, after = spending(3)
    found = effect(before, after, np.arange(1_000) % 5 == 0, MARCH)
    assert isinstance(found, Effect)
    assert (found.each.high - found.each.low) / 2 < 0.8 * found.without_past
    assert adjusted(before, after).mean() == pytest.approx(after.mean()), (
        "the past moves members, not the mean"
    )


def test_intervals_hold_the_planted_truth_and_nothing_is_found_where_nothing_is() -> None:
    random = np.random.default_rng(5)
    before, after = spending(4)
    held = found_anything = 0
    for _ in range(300):
        is_control = np.zeros(1_000, dtype=np.bool_)
        is_control[random.permutation(1_000)[:200]] = True
        with_gain = effect(before, after + np.where(is_control, 0, 60), is_control, MARCH)
        without = effect(before, after, is_control, MARCH)
        assert isinstance(with_gain, Effect)
        assert isinstance(without, Effect)
        held += with_gain.each.low <= 60 <= with_gain.each.high
        found_anything += without.verdict is not Verdict.CANNOT_TELL
    assert held >= 276
    assert found_anything <= 24


def test_a_message_that_does_nothing_to_who_stayed_away_does_not_work() -> None:
    """Before and after would say that it nearly doubled their purchases; who redeemed would look better still."""
    random = np.random.default_rng(6)
    before, after = spending(6, 3_000)
    lull, later = np.round(after * random.gamma(1, 1, 3_000)), after
    lapsing = lull < 0.4 * before
    assert later[lapsing].mean() > 1.8 * lull[lapsing].mean()
    verdicts = []
    for _ in range(60):
        is_control = random.random(int(lapsing.sum())) < 0.2
        found = effect(before[lapsing], later[lapsing], is_control, MARCH)
        assert isinstance(found, Effect)
        verdicts.append(found.verdict)
    assert verdicts.count(Verdict.WORKS) <= 6


@settings(max_examples=15)
@given(seeds(), seeds())
def test_the_order_of_members_does_not_matter(seed: int, order: int) -> None:
    before, after = spending(seed, 300)
    is_control = np.arange(300) % 4 == 0
    places = np.random.default_rng(order).permutation(300)
    found = effect(before, after, is_control, MARCH)
    again = effect(before[places], after[places], is_control[places], MARCH)
    assert isinstance(found, Effect)
    assert isinstance(again, Effect)
    assert again.each.value == pytest.approx(found.each.value)
    assert found.each.low <= found.each.value <= found.each.high
    assert found.verdict is again.verdict


def test_what_could_be_seen_at_all_shrinks_with_the_root_of_the_members() -> None:
    before, after = spending(7)
    few, many = (smallest_visible(before, after, members=members) for members in (200, 800))
    assert few == pytest.approx(2 * many)
    noise = adjusted(before, after).std(ddof=1)
    assert few == pytest.approx((1.959964 + 0.841621) * noise * np.sqrt(1 / 40 + 1 / 160), rel=1e-5)


def till_days(seed: int, factor: list[float], tickets: int) -> tuple[np.ndarray, ...]:
    """Who was at the till, what was paid, when: the first operator has the rich Saturdays."""
    random = np.random.default_rng(seed)
    is_weekend = random.random(tickets) < 0.3
    operator = np.where(
        is_weekend & (random.random(tickets) < 0.6), 0, random.integers(0, len(factor), tickets)
    )
    hour = random.integers(9, 21, tickets)
    net = random.gamma(4, 50, tickets) * np.where(is_weekend, 1.5, 1.0) * np.array(factor)[operator]
    return operator, np.round(net).astype(np.int64), hour, is_weekend


def test_who_has_the_saturdays_is_not_the_better_for_it() -> None:
    operator, net, hour, is_weekend = till_days(1, [1.0, 1.0, 1.0, 1.0], 8_000)
    plain = np.bincount(operator, weights=net) / np.bincount(operator) / net.mean()
    found = staff_index(operator, net, hour, is_weekend, YEAR)
    assert isinstance(found, StaffIndex)
    assert plain[0] > 1.07
    assert abs(found.index[0] - 1) < 0.02
    assert found.band.tolist() == [0, 0, 0, 0]


def test_intervals_hold_the_planted_factors_and_plain_averages_miss_them_further() -> None:
    held, missed, missed_plain = [], [], []
    for seed in range(40):
        factor = np.exp(np.random.default_rng(seed).normal(0, 0.06, 6))
        operator, net, hour, is_weekend = till_days(seed, factor.tolist(), 1_800)
        found = staff_index(operator, net, hour, is_weekend, YEAR)
        assert isinstance(found, StaffIndex)
        truth = factor / np.average(factor, weights=np.bincount(operator))
        held.append(((found.low <= truth) & (truth <= found.high)).mean())
        missed.append(np.abs(found.index - truth).mean())
        plain = np.bincount(operator, weights=net) / np.bincount(operator) / net.mean()
        missed_plain.append(np.abs(plain - truth).mean())
    assert float(np.mean(held)) >= 0.9
    assert float(np.mean(missed)) <= 0.8 * float(np.mean(missed_plain))


def test_under_a_hundred_tickets_nothing_is_said_of_an_operator() -> None:
    operator, net, hour, is_weekend = till_days(2, [1.0, 1.0], 1_000)
    operator = operator.copy()
    operator[:50] = 2
    found = staff_index(operator, net * np.where(operator == 2, 9, 1), hour, is_weekend, YEAR)
    assert isinstance(found, StaffIndex)
    assert found.is_known.tolist() == [True, True, False]
    assert found.band[2] == 0
    few = staff_index(operator[:150], net[:150], hour[:150], is_weekend[:150], YEAR)
    assert few == TooLittle("operators_with_tickets", 0, 2)


def test_only_what_chance_does_not_do_lies_outside_the_funnel() -> None:
    operator = np.repeat([0, 1, 2], [1_000, 1_000, 20])
    voided = np.zeros(2_020, dtype=np.bool_)
    voided[:20] = True
    voided[1_000:1_080] = True
    voided[2_000:2_010] = True
    found = rates(operator, voided)
    assert found.rate.tolist() == [0.02, 0.08, 0.5]
    assert found.is_outside.tolist() == [True, True, False], "of twenty tickets nothing is said"
    assert found.shop == pytest.approx(110 / 2_020)
    assert ((found.low <= found.rate) & (found.rate <= found.high)).all()


def test_pace_by_hand() -> None:
    found = pace(np.array([0, 0, 1]), np.array([100, 50, 70]), np.array([3, 1, 2]), np.array([2.0, 0.0]))
    assert found.net_per_hour[0] == 75
    assert np.isnan(found.net_per_hour[1]), "hours that nobody knows make no pace"
    assert found.items_per_ticket.tolist() == [2, 2]
    assert found.average_ticket.tolist() == [75, 70]
