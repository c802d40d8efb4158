"""Mistakes that analyses of shops are known for: each one made on purpose beside ours, which does not make it.

Others are made where the analysis is tried: raw lift (test_pairs_and_companions), before against after and the segment looked up after the
campaign (test_uplift_and_staff, tests/service/test_campaigns), the month under way in a triangle (test_cohort), days without stock as days
without demand (test_abc_and_stock), the days asked about that teach (test_churn, test_recommend), a household's number as one person
(test_duplicates), money that is no goods (tests/service/test_no_goods).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from app.insight.bgnbd import BgNbd, expected_visits, p_alive
from app.insight.churn import Churn, churn
from app.insight.columns import Tickets, local_day_and_hour, visits
from app.insight.fitting import Fit
from app.insight.forecast import forecast
from app.insight.lifecycle import silence_limits
from app.insight.rfm import Rfm, measure, rfm, suggest_cuts
from app.insight.rfm_scores import Scores, quantile_scores
from app.insight.values import Period, TooLittle, day_number
from tests.insight.tables import YEAR, random_tickets, tickets_of
from tests.insight.test_bgnbd_and_value import history_of
from tests.insight.test_churn import leaving_shop


def one_time_shop() -> Tickets:
    """Four of five members came once; the others every twenty days."""
    rows = [(member, member, 100 + member) for member in range(240)]
    rows += [(member, day, 500) for member in range(240, 300) for day in range(member % 20, 365, 20)]
    return tickets_of(rows)


def test_rank_first_would_split_members_with_the_same_number_of_visits() -> None:
    measures = measure(one_time_shop(), YEAR)
    scores = quantile_scores(measures)
    assert isinstance(scores, Scores)
    once = measures.frequency == 1
    by_position = np.ceil(5 * (np.argsort(np.argsort(measures.frequency, kind="stable")) + 1) / len(measures))
    assert len(np.unique(by_position[once])) > 1
    assert len(np.unique(scores.f[once])) == 1


def test_the_median_of_f_is_one_and_would_leave_nobody_seldom() -> None:
    tickets = one_time_shop()
    measures = measure(tickets, YEAR)
    assert np.median(measures.frequency) == 1
    assert not (measures.frequency < np.median(measures.frequency)).any()
    cuts = suggest_cuts(measures, visits(tickets))
    assert not isinstance(cuts, TooLittle)
    assert cuts.often_visits >= 2
    assert 0 < (measures.frequency < cuts.often_visits).sum() < len(measures)


def test_p_alive_ranks_one_time_buyers_first_and_churn_does_not() -> None:
    shop = BgNbd(YEAR, 1, 0.243, 4.414, 0.793, 2.426, 0.0, Fit(np.ones(4), 0.0, np.zeros((4, 4)), 0, True))
    gone_for_a_year, regular = history_of((0, 0, 52), (12, 49, 52)), history_of((12, 49, 52))
    assert p_alive(shop, gone_for_a_year)[0] > p_alive(shop, regular)[0]
    assert expected_visits(shop, gone_for_a_year, 8)[0] < expected_visits(shop, regular, 8)[0]
    tickets = leaving_shop(8)
    once = tickets_of([(1_000 + member, member % 60, 100) for member in range(60)])
    both = Tickets(
        np.concatenate((tickets.member, once.member)),
        np.concatenate((tickets.day, once.day)),
        np.concatenate((tickets.net, once.net)),
        np.concatenate((tickets.is_purchase, once.is_purchase)),
    )
    found = churn(both, Period(YEAR.first, date(2026, 9, 30)))
    assert isinstance(found, Churn)
    assert not isinstance(found.risk, TooLittle)
    assert found.risk[found.member >= 1_000].min() > 0.9, (
        "who came once, eight months ago, will hardly come this month"
    )


def test_same_day_tickets_and_returns_make_nobody_a_regular() -> None:
    rows = [(0, 5, 100)] * 6 + [(0, 9, -100, False)] * 3
    measures = measure(tickets_of(rows), YEAR)
    assert measures.frequency.tolist() == [1]
    assert measures.recency_days.tolist() == [359], "nor does a return make them recent"
    assert measures.monetary.tolist() == [300]


def test_a_percentile_of_the_gaps_would_call_who_comes_back_lost() -> None:
    tickets = tickets_of(
        [(member, day, 1) for member in range(60) for day in range(0, 365, 10 if member < 45 else 45)]
    )
    found = visits(tickets)
    limits = silence_limits(found, YEAR)
    _, gaps = found.gaps()
    assert np.percentile(gaps, 90) <= 45
    assert limits.dormant_days > 44, "members who come every 45 days are never dormant in between"


def test_percentages_of_fewer_than_thirty_are_not_shown() -> None:
    answer = rfm(random_tickets(1, members=30, count=200), YEAR)
    if isinstance(answer, Rfm):
        assert all(not isinstance(part.share, TooLittle) for part in answer.figures)
    fewer = rfm(random_tickets(1, members=29, count=200), YEAR)
    assert isinstance(fewer, TooLittle)


def test_a_question_about_a_day_before_the_last_visit_is_our_own_mistake() -> None:
    from app.insight.rhythm import rhythm_of

    found = visits(random_tickets(1))
    with pytest.raises(AssertionError, match="after the day"):
        rhythm_of(found, Period(date(2026, 1, 1), date(2026, 2, 1)))


def test_by_wape_a_forecast_of_nothing_wins_and_ours_does_not_play_for_that() -> None:
    """Goods that sell one piece every third day: whoever foretells nothing is off by 100 %, whoever foretells the truth by more."""
    random = np.random.default_rng(3)
    sales = (random.random((4, 200)) < 1 / 3).astype(np.float64)
    known, coming = sales[:, :-28], sales[:, -28:]
    last = date(2026, 1, 1) + timedelta(days=known.shape[1] - 1)
    found = forecast(known, Period(date(2026, 1, 1), last), days=28)
    assert not isinstance(found, TooLittle)
    of_nothing = np.abs(coming).sum() / coming.sum()
    ours = np.abs(coming - found.value).sum() / coming.sum()
    assert of_nothing == 1.0 < ours, "by this measure nothing is the best forecast"
    assert found.value.sum() == pytest.approx(coming.sum(), rel=0.25), "and ours foretells what will be sold"


def test_the_hour_that_comes_twice_and_the_one_that_never_comes_move_no_ticket_to_another_day() -> None:
    """Berlin, 25 October 2026: at 03:00 clocks go back to 02:00, and on 29 March at 02:00 they jump to 03:00."""

    def at(year: int, month: int, day: int, hour: int, minute: int) -> int:
        return int(datetime(year, month, day, hour, minute, tzinfo=UTC).timestamp() * 1000)

    instants = np.array(
        [
            at(2026, 10, 24, 21, 59),  # 23:59 in summer
            at(2026, 10, 24, 22, 1),  # 00:01 in summer
            at(2026, 10, 25, 0, 30),  # 02:30 in summer
            at(2026, 10, 25, 1, 30),  # 02:30 again, in winter
            at(2026, 10, 25, 22, 59),  # 23:59 in winter
            at(2026, 10, 25, 23, 1),  # 00:01 the day after
            at(2026, 3, 29, 0, 59),  # 01:59 in winter
            at(2026, 3, 29, 1, 0),  # 03:00 in summer
        ]
    )
    offsets = np.array([120, 120, 120, 60, 60, 60, 60, 120])
    day, hour = local_day_and_hour(instants, offsets)
    autumn, spring = day_number(date(2026, 10, 25)), day_number(date(2026, 3, 29))
    assert (day - autumn)[:6].tolist() == [-1, 0, 0, 0, 0, 1]
    assert hour[:6].tolist() == [23, 0, 2, 2, 23, 0]
    assert day[6:].tolist() == [spring, spring]
    assert hour[6:].tolist() == [1, 3]
    by_one_offset = (instants + 120 * 60_000) // 86_400_000
    assert by_one_offset.tolist() != day.tolist(), "by the offset of today, one of them is on another day"
