"""Tickets and visits: a day is one visit, a return is none, and no clock moves a ticket to another day."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
from hypothesis import given, settings

from app.insight.columns import distinct_pairs, local_day_and_hour, visit_net, visits
from app.insight.values import day_number
from tests.insight.tables import FIRST, MARCH, random_tickets, seeds, shuffled, tickets_of


def test_two_tickets_of_one_day_are_one_visit() -> None:
    found = visits(tickets_of([(0, 3, 100), (0, 3, 50), (0, 5, 20), (1, 3, 10)]))
    assert found.member.tolist() == [0, 0, 1]
    assert (found.day - FIRST).tolist() == [3, 5, 3]


def test_a_ticket_that_only_takes_back_is_no_visit() -> None:
    assert len(visits(tickets_of([(0, 3, 100), (0, 9, -100, False)]))) == 1


def test_only_the_days_of_the_period_count_both_ends_included() -> None:
    days = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 1)]
    found = visits(tickets_of([(0, day, 1) for day in days]), MARCH)
    assert found.day.tolist() == [day_number(days[1]), day_number(days[2])]


def test_nothing_sold_is_no_visit_and_no_error() -> None:
    assert len(visits(tickets_of([]), MARCH)) == 0


def test_a_visit_brings_the_net_of_its_day() -> None:
    tickets = tickets_of([(0, 3, 100), (0, 3, -30, False), (0, 5, 20), (1, 3, 10), (1, 4, -10, False)])
    assert visit_net(tickets, visits(tickets)).tolist() == [70, 20, 10]


@settings(max_examples=20)
@given(seeds(), seeds())
def test_the_order_of_the_tickets_does_not_matter(seed: int, order: int) -> None:
    tickets = random_tickets(seed)
    found, again = visits(tickets), visits(shuffled(tickets, order))
    assert found.member.tolist() == again.member.tolist()
    assert found.day.tolist() == again.day.tolist()
    gap_member, gaps = found.gaps()
    assert (gaps > 0).all()
    assert len(gaps) == len(found) - len(set(found.member.tolist()))
    assert set(gap_member.tolist()) <= set(found.member.tolist())


def test_pairs_of_large_codes_keep_apart() -> None:
    major = np.array([3_000_000_000, 1, 3_000_000_000], dtype=np.int64)
    first, second = distinct_pairs(major, np.array([7, 700, 7], dtype=np.int64), 1_000)
    assert first.tolist() == [1, 3_000_000_000]
    assert second.tolist() == [700, 7]


def test_a_ticket_at_midnight_belongs_to_the_day_of_its_own_clock() -> None:
    # New York, 8 March 2026: the clock goes from 2 to 3 a.m.; Taipei never changes.
    utc = [datetime(2026, 3, 8, 6, 59, tzinfo=UTC), datetime(2026, 3, 8, 7, 1, tzinfo=UTC),
           datetime(2026, 3, 7, 16, 0, tzinfo=UTC)]  # fmt: skip
    at_ms = np.array([int(moment.timestamp() * 1000) for moment in utc])
    day, hour = local_day_and_hour(at_ms, np.array([-300, -240, 480]))
    assert day.tolist() == [day_number(date(2026, 3, 8))] * 3
    assert hour.tolist() == [1, 3, 0]
