"""Who may stay away: learnt one horizon earlier, from nothing that was not known then, and silent where there is too little."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.insight.accuracy import auc, calibration_error
from app.insight.churn import Churn, Logistic, care_list, churn, features_at, fit_logistic, outcome, train
from app.insight.columns import Tickets, visits
from app.insight.values import Estimate, Period, TooLittle, day_number
from tests.insight.tables import FIRST, YEAR, seeds, shuffled, tickets_of


def leaving_shop(seed: int, members: int = 400) -> Tickets:
    """Members with a rhythm of their own, of whom a part leaves for good on some day."""
    random = np.random.default_rng(seed)
    rows = []
    for member in range(members):
        gap, gone = random.uniform(4, 40), random.uniform(60, 700)
        day = random.uniform(0, 60)
        while day < min(gone, 365):
            rows.append((member, int(day), 100))
            day += random.exponential(gap) + 0.5
    return tickets_of(rows)


def test_auc_is_the_chance_to_be_in_the_right_order() -> None:
    score = np.array([0.9] * 30 + [0.5] * 15 + [0.1] * 15)
    happened = np.array([True] * 30 + [False] * 30)
    found = auc(score, happened)
    assert isinstance(found, Estimate)
    assert found.value == 1
    tied = auc(np.zeros(60), happened)
    assert isinstance(tied, Estimate)
    assert tied.value == 0.5
    assert auc(score[:45], happened[:45]) == TooLittle("members_of_each_kind", 15, 30)


@settings(max_examples=20)
@given(seeds())
def test_auc_by_comparing_everybody_with_everybody(seed: int) -> None:
    random = np.random.default_rng(seed)
    score, happened = random.integers(0, 9, 90).astype(np.float64), random.permutation(90) < 40
    found = auc(score, happened)
    assert isinstance(found, Estimate)
    ours, others = score[happened][:, None], score[~happened][None, :]
    assert found.value == pytest.approx(((ours > others) + 0.5 * (ours == others)).mean())
    assert found.low <= found.value <= found.high


def test_chances_that_come_true_have_no_calibration_error() -> None:
    chance = np.repeat([0.0, 0.25, 1.0], 40)
    happened = np.array([False] * 40 + [True] * 10 + [False] * 30 + [True] * 40)
    assert calibration_error(chance, happened, bins=3) == 0
    assert calibration_error(1 - chance, happened, bins=3) == pytest.approx((1 + 0.5 + 1) / 3)


def test_features_by_hand() -> None:
    found = visits(tickets_of([(0, day, 1) for day in (0, 10, 20, 100)] + [(1, 101, 1)]))
    features = features_at(found, FIRST + 101)
    assert features[0] == pytest.approx(
        [np.log(2), np.log(4), np.log(102), np.log(2), np.log(3), np.log(1.5 / ((100 + 2 * 10) / 5))]
    )
    assert features[1] == pytest.approx([0, 0, 0, np.log(2), np.log(2), np.log(0.5 / 10)])


@settings(max_examples=10)
@given(seeds(), st.integers(100, 300))
def test_what_comes_later_changes_no_feature_of_today(seed: int, today: int) -> None:
    found = visits(leaving_shop(seed, 60))
    day = FIRST + today
    assert np.array_equal(features_at(found, day), features_at(found.until(day), day))


def test_the_days_asked_about_never_teach() -> None:
    tickets = leaving_shop(3)
    cut = Period(YEAR.first, date(2026, 9, 30))
    before = churn(tickets.within(cut), cut)
    # The same past with a different future: everybody comes every day after the cut.
    late = [
        (member, date(2026, 10, 1) + timedelta(days=day), 1) for member in range(400) for day in range(20)
    ]
    more = tickets_of(late)
    both = Tickets(
        np.concatenate((tickets.member, more.member)),
        np.concatenate((tickets.day, more.day)),
        np.concatenate((tickets.net, more.net)),
        np.concatenate((tickets.is_purchase, more.is_purchase)),
    )
    after = churn(both, cut)
    assert isinstance(before, Churn)
    assert isinstance(after, Churn)
    assert not isinstance(before.risk, TooLittle)
    assert not isinstance(after.risk, TooLittle)
    assert np.array_equal(before.risk, after.risk)


def test_the_outcome_is_whether_somebody_known_came_within_the_horizon() -> None:
    found = visits(tickets_of([(0, 10, 1), (0, 25, 1), (1, 10, 1), (1, 41, 1), (2, 20, 1)]))
    known, stayed = outcome(found, FIRST + 10, FIRST + 40)
    assert known == 2, "who came for the first time after the cut was not known"
    assert stayed.tolist() == [False, True]


def test_a_made_shop_is_ranked_better_than_by_chance_and_its_percentages_come_true() -> None:
    tickets = leaving_shop(8, 1_200)
    found = visits(tickets)
    cut = day_number(date(2026, 10, 1))
    model = train(found.until(cut), cut - 30, cut)
    assert isinstance(model, Logistic)
    _, stayed = outcome(found, cut, cut + 30)
    logit = model.logit(features_at(found, cut))
    score = auc(logit, stayed)
    assert isinstance(score, Estimate)
    assert score.low > 0.8
    assert calibration_error(1 / (1 + np.exp(-logit)), stayed) < 0.06


def test_the_answer_holds_together_and_does_not_depend_on_the_order() -> None:
    tickets = leaving_shop(8)
    cut = Period(YEAR.first, date(2026, 9, 30))
    found, again = churn(tickets, cut), churn(shuffled(tickets, 4), cut)
    assert isinstance(found, Churn)
    assert isinstance(again, Churn)
    assert not isinstance(found.risk, TooLittle)
    assert not isinstance(again.risk, TooLittle)
    assert np.allclose(found.risk, again.risk)
    assert ((found.low <= found.risk) & (found.risk <= found.high)).all()
    assert (np.diff(found.risk[found.order]) <= 0).all()
    assert sorted(found.order.tolist()) == list(range(found.n))
    assert isinstance(found.tested, Estimate)


def test_few_members_get_an_order_and_no_percentage() -> None:
    cut = Period(YEAR.first, date(2026, 9, 30))
    found = churn(leaving_shop(2, 120), cut)
    assert isinstance(found, Churn)
    assert isinstance(found.risk, TooLittle)
    assert found.risk.needed == 200
    silent = found.silent_days[found.order]
    assert silent[:20].mean() > silent[-20:].mean(), "by the RFM sum: the long silent come first"
    assert churn(tickets_of([(0, 0, 1), (0, 5, 1)]), cut) == TooLittle("return_visits", 1, 30)


def test_a_perfect_feature_gives_no_infinite_weight() -> None:
    features = np.concatenate((np.zeros((50, 1)), np.ones((50, 1))))
    model = fit_logistic(features, features[:, 0] > 0.5)
    assert np.isfinite(model.weights).all()
    assert (model.logit(features) > 0).tolist() == (features[:, 0] > 0.5).tolist()


def test_the_care_list_is_what_the_shop_can_call_by_risk_and_worth() -> None:
    found = churn(leaving_shop(8), Period(YEAR.first, date(2026, 9, 30)))
    assert isinstance(found, Churn)
    assert not isinstance(found.risk, TooLittle)
    worth = np.random.default_rng(1).uniform(100, 900, found.n)
    spoken_to = np.zeros(found.n, dtype=np.bool_)
    first = care_list(found, worth, spoken_to)
    assert len(first) == 20
    assert (found.overdue[first] >= 1).all()
    assert (np.diff((found.risk * worth)[first]) <= 0).all()
    spoken_to[first[:5]] = True
    then = care_list(found, worth, spoken_to)
    assert not set(first[:5].tolist()) & set(then.tolist())
    assert first[5:].tolist() == then[:15].tolist()
