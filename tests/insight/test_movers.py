"""Who stands behind a move between two days, and what new members really spent: the members are those that the counts count."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from app.insight.bgnbd import Coming, coming, expected_visits, histories
from app.insight.columns import visits
from app.insight.lifecycle import BySilence, Lifecycle, lifecycle, moves
from app.insight.rfm import NOT_THERE, Cuts, Rfm, migrate, movers, rfm
from app.insight.value import spent_since_first
from app.insight.values import Period, TooLittle
from tests.insight.tables import YEAR, random_tickets, tickets_of

CUTS = Cuts(60, 3, 2_000)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_members_behind_every_cell_are_as_many_as_the_cell_says(seed: int) -> None:
    tickets = random_tickets(seed, members=80, count=900)
    before = rfm(tickets, Period(YEAR.first, date(2026, 8, 31)), CUTS)
    after = rfm(tickets, Period(date(2026, 3, 1), YEAR.last), CUTS)
    assert isinstance(before, Rfm)
    assert isinstance(after, Rfm)
    counts = migrate(before, after).members
    behind = np.array(
        [[len(movers(before, after, was, now)) for now in range(NOT_THERE + 1)] for was in range(NOT_THERE)]
    )
    assert behind.tolist() == counts[:NOT_THERE].tolist()
    new = [len(movers(before, after, NOT_THERE, now)) for now in range(NOT_THERE)]
    assert new == counts[NOT_THERE, :NOT_THERE].tolist()


def test_every_member_of_the_later_answer_knows_where_they_were() -> None:
    tickets = random_tickets(4, members=60, count=400)
    early, late = Period(YEAR.first, date(2026, 6, 30)), YEAR
    after = lifecycle(tickets, late)
    assert isinstance(after, Lifecycle)
    before = lifecycle(tickets, early, limits=after.limits)
    assert isinstance(before, Lifecycle)
    moved = moves(before, after)
    assert len(moved.was) == after.n
    assert (
        np.bincount(moved.was * 3 + after.by_silence, minlength=12).tolist() == moved.counts.ravel().tolist()
    )
    came_back = (moved.was >= BySilence.DORMANT) & (moved.was <= BySilence.LOST)
    assert moved.back == int((came_back & (after.by_silence == BySilence.ACTIVE)).sum())


def test_what_new_members_spent_is_counted_while_they_could_be_watched() -> None:
    last = YEAR.last_day - YEAR.first_day
    tickets = tickets_of(
        [
            (0, last - 21, 100),  # watched for three weeks
            (0, last - 20, 50),
            (0, last - 7, 30),
            (1, last - 7, 500),  # watched for one
            (1, last - 3, 40),
            (1, last - 3, -40, False),
        ]
    )
    found = spent_since_first(tickets, YEAR, weeks=5)
    assert found.n.tolist() == [2, 2, 1, 1, 0, 0]
    assert found.mean[:4].tolist() == [(100 + 500) / 2, (150 + 500) / 2, 180.0, 180.0]


def test_a_return_lowers_what_was_spent_and_nobody_is_nobody() -> None:
    found = spent_since_first(tickets_of([(0, 0, 300), (0, 5, -100, False)]), YEAR, weeks=2)
    assert found.mean.tolist() == [300.0, 200.0, 200.0]
    empty = spent_since_first(tickets_of([]), YEAR, weeks=2)
    assert empty.n.tolist() == [0, 0, 0]
    assert empty.mean.tolist() == [0.0, 0.0, 0.0]


def test_the_visits_to_come_are_the_models_and_add_up_to_their_total() -> None:
    tickets = random_tickets(5, members=300, count=2_500)
    found = visits(tickets, YEAR)
    answer = coming(found, YEAR, 12)
    if isinstance(answer, TooLittle):
        pytest.skip("the data do not settle the model")
    assert isinstance(answer, Coming)
    known = histories(found, YEAR)
    assert answer.visits.tolist() == expected_visits(answer.model, known, 12).tolist()
    assert answer.total.value == pytest.approx(answer.visits.sum(), rel=1e-6)
    assert answer.can_leave.tolist() == (known.x > 0).tolist()
    assert isinstance(coming(visits(tickets_of([(0, 1, 1)])), YEAR, 12), TooLittle)
