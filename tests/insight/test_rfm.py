"""RFM: eight segments that hold every member once, scores that treat equals equally, and moves between two windows."""

from __future__ import annotations

from datetime import date
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.insight.columns import visits
from app.insight.rfm import NOT_THERE, Cuts, Rfm, Segment, measure, migrate, place, rfm, suggest_cuts
from app.insight.rfm_scores import Measures, ScoreLimits, Scores, heat_map, limit_scores, quantile_scores
from app.insight.values import Period, TooLittle
from tests.insight.tables import FIRST, YEAR, random_tickets, seeds, shuffled, tickets_of

CUTS = Cuts(near_days=30, often_visits=3, high_net=1_000)


def measures_of(rows: list[tuple[int, int, int]]) -> Measures:
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    return Measures(np.arange(len(table)), table[:, 0], table[:, 1], table[:, 2])


def test_measures_by_hand() -> None:
    year = [(4, 0, 500), (4, 364, 300), (4, 364, 200), (2, 100, 80), (2, 120, -30, False), (9, 5, -1, False)]
    found = measure(tickets_of(year), YEAR)
    assert found.member.tolist() == [2, 4]
    assert found.recency_days.tolist() == [264, 0]
    assert found.frequency.tolist() == [1, 2], "two tickets of a day are one visit, a return is none"
    assert found.monetary.tolist() == [50, 1_000], "what came back is taken off"


def test_each_of_the_eight_has_its_name() -> None:
    rows = [(10, 5, 2_000), (90, 5, 2_000), (10, 1, 2_000), (90, 1, 2_000),
            (10, 5, 10), (90, 5, 10), (10, 1, 10), (90, 1, 10)]  # fmt: skip
    assert [Segment(code).name for code in place(measures_of(rows), CUTS)] == [
        "KEY_VALUE", "KEY_KEEP", "KEY_DEVELOP", "KEY_WIN_BACK",
        "PLAIN_VALUE", "PLAIN_KEEP", "PLAIN_DEVELOP", "PLAIN_WIN_BACK",
    ]  # fmt: skip


def test_who_reaches_a_limit_is_on_its_good_side() -> None:
    at, beyond = measures_of([(30, 3, 1_000)]), measures_of([(31, 2, 999)])
    assert place(at, CUTS).tolist() == [Segment.KEY_VALUE]
    assert place(beyond, CUTS).tolist() == [Segment.PLAIN_WIN_BACK]


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(1, 50), st.integers(-500, 9_000)), max_size=60),
    st.tuples(st.integers(0, 400), st.integers(1, 50), st.integers(-500, 9_000)),
)
def test_segments_are_complete_and_exclusive(
    rows: list[tuple[int, int, int]], cuts: tuple[int, int, int]
) -> None:
    segment = place(measures_of(rows), Cuts(*cuts))
    assert len(segment) == len(rows)
    assert set(segment.tolist()) <= set(Segment)
    for (recency, frequency, net), code in zip(rows, segment.tolist(), strict=True):
        answers = (recency <= cuts[0], frequency >= cuts[1], net >= cuts[2])
        assert code == [*product((True, False), repeat=3)].index((answers[2], answers[1], answers[0]))


@settings(max_examples=20)
@given(seeds())
def test_equal_values_have_equal_scores_and_better_values_no_worse_ones(seed: int) -> None:
    found = measure(random_tickets(seed), YEAR)
    scores = quantile_scores(found)
    assert isinstance(scores, Scores)
    for values, score in (
        (-found.recency_days, scores.r),
        (found.frequency, scores.f),
        (found.monetary, scores.m),
    ):
        assert set(score.tolist()) <= {1, 2, 3, 4, 5}
        pairs = sorted(zip(values.tolist(), score.tolist(), strict=True))
        assert [score for _, score in pairs] == sorted(score for _, score in pairs)
        assert len(set(pairs)) == len({value for value, _ in pairs}), "rank(method='first') would fail here"


def test_scores_are_fifths_at_the_middle_rank() -> None:
    # F: 24 members came once (middle rank 12.5 of 30: 5 x 12.5 / 30 rounds up to 3), 6 came 2 to 7 times (ranks 25 to 30: 5).
    rows = [(0, 1, 5)] * 24 + [(0, visits_, 5) for visits_ in range(2, 8)]
    scores = quantile_scores(measures_of(rows))
    assert isinstance(scores, Scores)
    assert scores.f.tolist() == [3] * 24 + [5] * 6
    assert set(scores.r.tolist()) == {3}, "all alike are in the middle"


def test_a_high_r_is_a_recent_visit() -> None:
    scores = quantile_scores(measures_of([(days, 1, 1) for days in range(30)]))
    assert isinstance(scores, Scores)
    assert scores.r[0] == 5
    assert scores.r[-1] == 1


def test_the_owners_limits_score_without_looking_at_the_others() -> None:
    limits = ScoreLimits((180, 90, 30, 7), (2, 4, 8, 12), (500, 1_000, 3_000, 9_000))
    scores = limit_scores(measures_of([(7, 12, 9_000), (8, 11, 8_999), (181, 1, 499)]), limits)
    assert scores.r.tolist() == [5, 4, 1]
    assert scores.f.tolist() == [5, 4, 1]
    assert scores.m.tolist() == [5, 4, 1]
    assert scores.total.tolist() == [15, 12, 3]


@settings(max_examples=20)
@given(seeds())
def test_the_heat_map_holds_every_member_and_every_dollar(seed: int) -> None:
    found = measure(random_tickets(seed), YEAR)
    scores = quantile_scores(found)
    assert isinstance(scores, Scores)
    cells = heat_map(found, scores)
    assert int(cells.members.sum()) == cells.n == len(found)
    assert int(cells.net.sum()) == int(found.monetary.sum())


@settings(max_examples=20)
@given(seeds(), seeds())
def test_the_whole_answer_does_not_depend_on_the_order_of_tickets(seed: int, order: int) -> None:
    tickets = random_tickets(seed)
    answer, again = rfm(tickets, YEAR), rfm(shuffled(tickets, order), YEAR)
    assert isinstance(answer, Rfm)
    assert isinstance(again, Rfm)
    assert answer.figures == again.figures
    assert answer.segment.tolist() == again.segment.tolist()
    assert sum(part.members for part in answer.figures) == answer.n
    assert sum(part.net_share for part in answer.figures) == pytest.approx(1)


def test_suggested_cuts_stay_at_two_visits_where_most_came_once() -> None:
    rows = [(member, 10, 100) for member in range(70)] + [(member, 40, 100) for member in range(30)]
    tickets = tickets_of(rows)
    cuts = suggest_cuts(measure(tickets, YEAR), visits(tickets))
    assert cuts == Cuts(near_days=30, often_visits=2, high_net=143)


def test_few_members_are_too_little() -> None:
    assert rfm(random_tickets(1, members=20, count=100), YEAR) == TooLittle("members", 20, 30)
    once = tickets_of([(member, member, 100) for member in range(40)])
    assert rfm(once, YEAR) == TooLittle("return_visits", 0, 30)


def test_who_turns_far_within_a_week_is_counted() -> None:
    tickets = tickets_of([(member, 300 + member, 100) for member in range(40)])
    answer = rfm(tickets, Period(date(2026, 1, 1), date(2026, 12, 31)), CUTS)
    assert isinstance(answer, Rfm)
    # Silent for 364 - (300 + member) days: near are members 34 to 39, all of them within 7 days of the limit of 30.
    assert answer.due_to_turn_far == 6


def test_migration_by_hand_and_nobody_is_lost() -> None:
    spring, summer = Period(date(2026, 1, 1), date(2026, 6, 30)), Period(date(2026, 7, 1), date(2026, 12, 31))
    rows = [(member, 170, 5_000) for member in range(40)] + [(member, 360, 10) for member in range(20, 70)]
    tickets = tickets_of(rows)
    before, after = rfm(tickets, spring, CUTS), rfm(tickets, summer, CUTS)
    assert isinstance(before, Rfm)
    assert isinstance(after, Rfm)
    moved = migrate(before, after)
    assert moved.n == 70
    assert moved.members[Segment.KEY_DEVELOP, NOT_THERE] == 20
    assert moved.members[Segment.KEY_DEVELOP, Segment.PLAIN_DEVELOP] == 20
    assert moved.members[NOT_THERE, Segment.PLAIN_DEVELOP] == 30
    assert int(moved.members.sum()) == 70
    assert moved.stayed == TooLittle("members", 20, 30)


def test_what_is_frozen_stays_as_it_was() -> None:
    answer = rfm(random_tickets(3), YEAR)
    assert isinstance(answer, Rfm)
    with pytest.raises(ValueError, match="read-only"):
        answer.segment[0] = 1
    assert answer.measures.recency_days.max() <= YEAR.last_day - FIRST
