"""Stages by visits and by silence, and the limits of silence read off the shop's own past."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings

from app.insight.columns import visits
from app.insight.lifecycle import (
    OWNERS_DEFAULT,
    BySilence,
    ByVisits,
    Lifecycle,
    ReturnCurve,
    SilenceLimits,
    lifecycle,
    moves,
    return_curve,
    silence_limits,
)
from app.insight.values import Period, TooLittle
from tests.insight.tables import YEAR, random_tickets, seeds, tickets_of

QUARTER = Period(date(2026, 1, 1), date(2026, 3, 31))  # 90 days: the last is day 89


def test_stages_by_hand() -> None:
    rows = [(0, 89, 1)]
    rows += [(1, day, 1) for day in (0, 20)]
    rows += [(2, day, 1) for day in (0, 1, 2, 80)]
    rows += [(3, day, 1) for day in (0, 20, 29)]
    found = lifecycle(tickets_of(rows), QUARTER)
    assert isinstance(found, Lifecycle)
    assert found.limits == OWNERS_DEFAULT, "ninety days are too short a past"
    assert found.by_visits.tolist() == [
        ByVisits.NEW, ByVisits.RETURNING, ByVisits.REGULAR, ByVisits.RETURNING,
    ]  # fmt: skip
    assert found.by_silence.tolist() == [
        BySilence.ACTIVE, BySilence.DORMANT, BySilence.ACTIVE, BySilence.DORMANT,
    ]  # fmt: skip
    assert found.is_back.tolist() == [False, False, True, False]
    assert found.counts.sum() == found.n == 4


def test_the_return_curve_is_the_share_of_silences_that_ended_within_the_horizon() -> None:
    tickets = random_tickets(11, members=80, count=600)
    found = visits(tickets)
    curve = return_curve(found, YEAR, horizon_days=60)
    assert isinstance(curve, ReturnCurve)
    rows = list(zip(found.member.tolist(), found.day.tolist(), strict=True))
    for silent in (0, 7, 30, 75):
        watched = came = 0
        for place, (member, day) in enumerate(rows):
            following = rows[place + 1] if place + 1 < len(rows) else (-1, 0)
            gap = following[1] - day if following[0] == member else 10**6
            if gap > silent and day + silent + 60 <= YEAR.last_day:
                watched += 1
                came += gap <= silent + 60
        assert curve.n[silent] == watched
        assert curve.chance[silent] == pytest.approx(came / watched)
        assert curve.low[silent] <= curve.chance[silent] <= curve.high[silent]


def test_limits_fall_where_the_chance_falls_under_a_half_and_a_fifth() -> None:
    # 300 come every 20 days; 300 came once; another 50 came at day 0 and come back after 100 days.
    rows = [(member, day, 1) for member in range(300) for day in range(0, 361, 20)]
    rows += [(member, 0, 1) for member in range(300, 600)]
    rows += [(member, day, 1) for member in range(600, 650) for day in (0, 100)]
    found = visits(tickets_of(rows))
    limits = silence_limits(found, YEAR)
    curve = return_curve(found, YEAR)
    assert isinstance(curve, ReturnCurve)
    assert limits.is_measured
    assert limits.dormant_days == 20, "after twenty days of silence only the others are left"
    assert curve.chance[19] > 0.5 > curve.chance[20]
    assert curve.chance[limits.lost_days] < 0.2


def test_in_a_shop_of_one_time_buyers_nobody_is_dormant_on_the_next_day() -> None:
    rows = [(member, member % 200, 1) for member in range(4_000)]
    rows += [(member, day, 1) for member in range(4_000, 4_100) for day in range(member % 15, 365, 15)]
    found = visits(tickets_of(rows))
    curve, limits = return_curve(found, YEAR), silence_limits(found, YEAR)
    assert isinstance(curve, ReturnCurve)
    assert curve.chance[0] < 0.5, "by the chance alone everybody would be"
    assert limits.dormant_days == 15


def test_a_short_past_leaves_the_owners_setting() -> None:
    found = visits(random_tickets(5, days=80), QUARTER)
    assert return_curve(found, QUARTER) == TooLittle("days", 90, 180)
    owners = SilenceLimits(45, 100)
    assert silence_limits(found, QUARTER, owners) == owners


def test_moves_count_everyone_once_and_who_came_back() -> None:
    spring, summer = Period(date(2026, 1, 1), date(2026, 4, 30)), Period(date(2026, 1, 1), date(2026, 6, 30))
    tickets = tickets_of([(0, 10, 1), (0, 150, 1), (1, 100, 1), (2, 140, 1)])
    before, after = (lifecycle(tickets, period, limits=OWNERS_DEFAULT) for period in (spring, summer))
    assert isinstance(before, Lifecycle)
    assert isinstance(after, Lifecycle)
    moved = moves(before, after)
    assert moved.counts[BySilence.DORMANT, BySilence.ACTIVE] == 1
    assert moved.counts[BySilence.ACTIVE, BySilence.DORMANT] == 1
    assert moved.counts[3, BySilence.ACTIVE] == 1, "new since then"
    assert (moved.back, moved.n, int(moved.counts.sum())) == (1, 3, 3)


@settings(max_examples=15)
@given(seeds())
def test_every_member_is_in_one_stage(seed: int) -> None:
    tickets = random_tickets(seed)
    found = lifecycle(tickets, YEAR)
    assert isinstance(found, Lifecycle)
    assert found.n == len(np.unique(tickets.member[tickets.is_purchase]))
    assert int(found.counts.sum()) == found.n
    assert not (found.is_back & (found.by_silence != BySilence.ACTIVE)).any()


def test_an_empty_shop_has_too_little() -> None:
    assert lifecycle(tickets_of([]), YEAR) == TooLittle("members", 0, 1)
