"""The retention triangle and the repurchase rate: whole months, whole watches, nobody counted twice."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings

from app.insight.cohort import Triangle, came, triangle
from app.insight.repurchase import repurchase, second_visits
from app.insight.values import Estimate, Period, TooLittle
from tests.insight.tables import FIRST, MARCH, YEAR, random_tickets, seeds, shuffled, tickets_of


def table(*rows: tuple[int, date]) -> list[tuple[int, date, int]]:
    return [(member, day, 100) for member, day in rows]


def test_a_triangle_by_hand() -> None:
    period = Period(date(2026, 1, 1), date(2026, 3, 15))
    rows = table(
        (0, date(2026, 1, 5)), (0, date(2026, 1, 9)), (0, date(2026, 2, 1)), (0, date(2026, 3, 2)),
        (1, date(2026, 1, 31)), (1, date(2026, 3, 1)),
        (2, date(2026, 2, 28)), (2, date(2026, 3, 1)), (2, date(2026, 4, 1)),
        (3, date(2025, 12, 31)), (3, date(2026, 1, 1)),
    )  # fmt: skip
    found = triangle(tickets_of(rows), period)
    assert isinstance(found, Triangle)
    assert found.months == (date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1))
    assert found.active.tolist() == [[2, 1, 2], [1, 1, 0], [0, 0, 0]]
    assert found.n == 3, "who came in December is no new member of January"
    assert found.is_complete.tolist() == [[True, True, False], [True, False, False], [False, False, False]]
    assert found.cell(0, 2) is None, "March is not over"
    assert found.cell(0, 1) == TooLittle("members", 2, 30)


def test_a_month_is_over_on_its_last_day() -> None:
    found = triangle(tickets_of(table((0, date(2026, 2, 1)))), Period(date(2026, 2, 1), date(2026, 2, 28)))
    assert isinstance(found, Triangle)
    assert found.is_complete.tolist() == [[True]]


@settings(max_examples=20)
@given(seeds(), seeds())
def test_nobody_is_active_who_is_not_of_the_cohort(seed: int, order: int) -> None:
    tickets = random_tickets(seed)
    found, again = triangle(tickets, YEAR), triangle(shuffled(tickets, order), YEAR)
    assert isinstance(found, Triangle)
    assert isinstance(again, Triangle)
    assert found.active.tolist() == again.active.tolist()
    assert (found.active <= found.size[:, None]).all()
    assert (found.active[:, 0] == found.size).all()
    assert ((found.low <= found.rate) & (found.rate <= found.high)).all()


def test_a_cell_that_is_complete_never_changes_again() -> None:
    tickets = random_tickets(8)
    whole, half = triangle(tickets, YEAR), triangle(tickets, Period(YEAR.first, date(2026, 6, 30)))
    assert isinstance(whole, Triangle)
    assert isinstance(half, Triangle)
    done = half.is_complete
    assert done.sum() == 21
    assert (half.active[done] == whole.active[:6, :6][done]).all()


def test_the_repurchase_rate_counts_days_not_tickets() -> None:
    rows = [(0, date(2026, 3, 1), 5), (0, date(2026, 3, 1), 5)]
    rows += [(member, date(2026, 3, day), 5) for member in range(1, 41) for day in (2, 9 + member % 3)]
    rows += [(0, date(2026, 4, 1), 5)]
    found = repurchase(tickets_of(rows), MARCH)
    assert (found.n, found.again) == (41, 40)
    assert isinstance(found.rate, Estimate)
    assert isinstance(found.gap_days, Estimate)
    assert found.gap_days.value == 8


def test_only_first_time_buyers_who_could_be_watched_count() -> None:
    rows = [(member, member % 30, 5) for member in range(60)]
    rows += [(member, member % 30 + 20, 5) for member in range(15)]
    curve = second_visits(
        tickets_of(rows), Period(date(2026, 1, 1), date(2026, 1, 31)), known_until=FIRST + 45
    )
    assert curve.n[16] == 60
    assert curve.n[20] == 52, "who came on day 26 and after was watched for less than twenty days"
    within = curve.within(20)
    assert isinstance(within, Estimate)
    assert within.value == 15 / 52
    assert curve.within(44) == TooLittle("first_time_buyers", 4, 30)


def test_an_old_member_is_no_first_time_buyer() -> None:
    rows = [(0, 0, 5), (0, 70, 5)] + [(member, 60, 5) for member in range(1, 40)]
    curve = second_visits(tickets_of(rows), MARCH, known_until=FIRST + 100)
    assert curve.n[0] == 39


@settings(max_examples=10)
@given(seeds())
def test_the_members_of_every_cell_are_as_many_as_it_says(seed: int) -> None:
    tickets = random_tickets(seed, members=40, count=200)
    period = Period(date(2026, 3, 1), date(2026, 9, 20))
    found = triangle(tickets, period)
    if isinstance(found, TooLittle):
        return
    behind = [
        [len(came(tickets, found, cohort, month)) for month in range(found.active.shape[1])]
        for cohort in range(len(found.months))
    ]
    assert behind == found.active.tolist()
