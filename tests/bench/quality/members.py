"""How right the analyses of members are: every cell of the published tables, and what the next months showed.

Splits. RFM and churn: everything until the last day of the past is known, the days after it are asked for; what is trained, is trained one
horizon earlier (273 days of CDs: on 90, as the log is no longer). BG/NBD and value: 39 weeks known, 39 asked for, as published.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np

from app.insight.accuracy import auc, calibration_error
from app.insight.bgnbd import expected_total, expected_visits, fit_bgnbd, histories, p_alive
from app.insight.churn import features_at, outcome, train
from app.insight.cohort import triangle
from app.insight.columns import Floats, Tickets, Visits, visit_net, visits
from app.insight.concentration import concentration
from app.insight.gamma_gamma import fit_gamma_gamma
from app.insight.repurchase import repurchase
from app.insight.rfm import Segment, measure, place, rfm, suggest_cuts
from app.insight.rfm_scores import quantile_scores
from app.insight.value import lifetime_value, repeat_mean, visit_range
from app.insight.values import Estimate, Period, TooLittle, day_number
from tests.bench.quality.data import Column, Panel, cd_log, cd_sample, cd_summary
from tests.bench.quality.judge import Figure, at_least, at_most, beside, known

CD_PAST: Final = Period(date(1997, 1, 1), date(1997, 9, 30))
CD_ALL: Final = Period(date(1997, 1, 1), date(1998, 6, 30))
CD_QUARTER: Final = Period(date(1997, 1, 1), date(1997, 3, 31))
YEAR: Final = Period(date(2017, 1, 1), date(2017, 12, 31))
JANUARY: Final = Period(date(2017, 1, 1), date(2017, 1, 31))
NEXT_DAYS: Final = 90
HOLDOUT_WEEKS: Final = 39
PUBLISHED: Final = {"r": 0.2426, "alpha": 4.4136, "a": 0.7929, "b": 2.4259}
PUBLISHED_LIKELIHOOD: Final = -9582.4
PUBLISHED_SPEND: Final = {"p": 6.25, "q": 3.74, "v": 1_544.0}
COHORT_SIZES: Final = (7_846, 8_476, 7_248)
COHORT_MONTHS: Final = {1: (1_157, 1_312, 1_032), 12: (528, 568, 678)}


def figures(folder: Path, panel: Panel) -> Iterator[Figure]:
    log, grocery = cd_log(folder), panel.tickets()
    yield from _rfm("cdnow", log, CD_PAST, 0.76)
    yield from _rfm("grocery", grocery, Period(YEAR.first, date(2017, 10, 1)), 0.85)
    yield from _churn(log, grocery)
    yield from _visits_and_value(folder, log)
    yield from _cohorts(log, grocery)
    yield from _shares(log, grocery)


def _rfm(name: str, tickets: Tickets, past: Period, bar: float) -> Iterator[Figure]:
    found = visits(tickets, past)
    measures = measure(tickets, past, found)
    scores = quantile_scores(measures)
    cuts = suggest_cuts(measures, found)
    assert not isinstance(scores, TooLittle)
    assert not isinstance(cuts, TooLittle)
    came = _came(visits(tickets), measures.member, past.last_day, NEXT_DAYS)
    yield at_least(f"rfm_{name}_auc", known(auc(scores.total.astype(np.float64), came)), bar)
    pairs = np.unique(np.stack((measures.frequency, scores.f.astype(np.int64))), axis=1)
    split_ties = pairs.shape[1] - len(np.unique(measures.frequency))
    yield at_most(f"rfm_{name}_equal_f_unequal_score", split_ties, 0)
    segment = place(measures, cuts)
    yield at_most(f"rfm_{name}_not_scored_once", abs(len(np.unique(measures.member)) - len(segment)), 0)
    yield at_least(f"rfm_{name}_segments_filled", len(np.unique(segment)), len(Segment))


def _churn(log: Tickets, grocery: Tickets) -> Iterator[Figure]:
    cds, food = visits(log), visits(grocery)
    end_of_past = CD_PAST.last_day
    for horizon, bar in ((90, 0.765), (273, 0.755)):
        risk, stayed = _risk(cds, end_of_past, 90, horizon)
        yield at_least(f"churn_cdnow_{horizon}d_auc", known(auc(risk, stayed)), bar)
    history = histories(cds, CD_PAST)
    model = fit_bgnbd(history)
    assert not isinstance(model, TooLittle)
    came = _came(cds, history.member, end_of_past, 90)
    yield beside("churn_cdnow_90d_auc_p_alive", known(auc(p_alive(model, history), came)))
    for cut in (date(2017, 7, 1), date(2017, 10, 1)):
        for horizon, bar in ((14, 0.83), (30, 0.86)):
            risk, stayed = _risk(food, day_number(cut), horizon, horizon)
            name = f"churn_grocery_{cut:%m%d}_{horizon}d"
            yield at_least(f"{name}_auc", known(auc(risk, stayed)), bar)
            yield beside(f"{name}_calibration_error", calibration_error(1 / (1 + np.exp(-risk)), stayed))


def _risk(found: Visits, today: int, learnt: int, horizon: int) -> tuple[Floats, Column]:
    """The logit of everybody known today, learnt until today, and who stayed away for the horizon after it."""
    model = train(found.until(today), today - learnt, today)
    assert not isinstance(model, TooLittle)
    return model.logit(features_at(found, today)), outcome(found, today, today + horizon)[1]


def _visits_and_value(folder: Path, log: Tickets) -> Iterator[Figure]:
    sample = cd_sample(folder)
    found = visits(sample)
    history = histories(found, CD_PAST)
    x, last, age = cd_summary(folder)
    wrong = (history.x != x) | (np.abs(history.last - last) > 0.005) | (np.abs(history.age - age) > 0.005)
    yield at_most("bgnbd_wrong_rows_of_2357", int(wrong.sum()), 0)
    model = fit_bgnbd(history)
    assert not isinstance(model, TooLittle)
    for name, published in PUBLISHED.items():
        yield at_most(f"bgnbd_{name}_off", abs(getattr(model, name) / published - 1), 0.01)
    yield at_most("bgnbd_log_likelihood_off", abs(model.log_likelihood - PUBLISHED_LIKELIHOOD), 0.5)
    later = found.day > CD_PAST.last_day
    came = np.bincount(found.member[later], minlength=len(history.x))
    expected = expected_visits(model, history, HOLDOUT_WEEKS)
    rate = history.x / history.age * HOLDOUT_WEEKS
    yield at_most("bgnbd_rmse", _rmse(expected, came), 1.62)
    yield beside("bgnbd_rmse_same_rate", _rmse(rate, came))
    total = expected_total(model, history, HOLDOUT_WEEKS)
    yield at_most("bgnbd_total_off", abs(total.value / int(came.sum()) - 1), 0.15)
    own_mean = repeat_mean(sample, found.until(CD_PAST.last_day))
    spend = fit_gamma_gamma(history.x, own_mean, CD_PAST)
    assert not isinstance(spend, TooLittle)
    for name, published in PUBLISHED_SPEND.items():
        yield at_most(f"gamma_gamma_{name}_off", abs(getattr(spend, name) / published - 1), 0.02)
    yield from _ranges(log)


def _ranges(log: Tickets) -> Iterator[Figure]:
    """Four of five members should end up within their range of visits, and of spend."""
    value = lifetime_value(log, CD_PAST, weeks=HOLDOUT_WEEKS)
    assert not isinstance(value, TooLittle)
    found = visits(log)
    net = visit_net(log, found)
    later = found.day > CD_PAST.last_day
    size = value.n
    came = np.bincount(found.member[later], minlength=size)
    spent = np.bincount(found.member[later], weights=net[later], minlength=size)
    low, high = visit_range(value.visit_model, histories(found, CD_PAST), HOLDOUT_WEEKS)
    yield at_least("value_range_holds_visits", float(((low <= came) & (came <= high)).mean()), 0.8)
    inside = (value.low <= spent) & (spent <= value.high)
    yield at_least("value_range_holds_spend", float(inside.mean()), 0.8)


def _cohorts(log: Tickets, grocery: Tickets) -> Iterator[Figure]:
    found = triangle(log, CD_ALL)
    assert not isinstance(found, TooLittle)
    wrong = int((found.size[:3] != np.array(COHORT_SIZES)).sum())
    wrong += sum(
        int((found.active[:3, month] != np.array(cells)).sum()) for month, cells in COHORT_MONTHS.items()
    )
    for tickets, period in ((log, CD_ALL), (grocery, YEAR)):
        wrong += _cells_that_differ(tickets, period)
    yield at_most("cohort_wrong_cells", wrong, 0)


def _cells_that_differ(tickets: Tickets, period: Period) -> int:
    """Against the plain way: a set of buyers for every month, counted one by one."""
    found = triangle(tickets, period)
    assert not isinstance(found, TooLittle)
    months = tickets.day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    start = int(np.datetime64(period.first, "M").astype(np.int64))
    buyers: dict[int, set[int]] = {}
    for member, month, day in zip(
        tickets.member.tolist(), months.tolist(), tickets.day.tolist(), strict=True
    ):
        if day <= period.last_day:
            buyers.setdefault(month - start, set()).add(member)
    seen: set[int] = set()
    wrong = 0
    for cohort in range(len(found.months)):
        new = buyers.get(cohort, set()) - seen
        seen |= new
        for later in range(len(found.months) - cohort):
            wrong += int(found.active[cohort, later]) != len(new & buyers.get(cohort + later, set()))
    return wrong


def _shares(log: Tickets, grocery: Tickets) -> Iterator[Figure]:
    golden = (
        ("cdnow_quarter", log, CD_QUARTER, 0.205473),
        ("cdnow_18_months", log, CD_ALL, 0.488587),
        ("grocery_january", grocery, JANUARY, 0.8244),
    )
    for name, tickets, period, rate in golden:
        found = repurchase(tickets, period)
        assert isinstance(found.rate, Estimate)
        yield at_most(
            f"repurchase_{name}_off", abs(found.rate.value - rate), 5e-5 if rate == 0.8244 else 5e-7
        )
    for name, tickets, period, share in (("cdnow", log, CD_ALL, 0.678), ("grocery", grocery, YEAR, 0.545)):
        answer = rfm(tickets, period)
        assert not isinstance(answer, TooLittle)
        found_share = concentration(answer.measures.monetary, period)
        assert not isinstance(found_share, TooLittle)
        yield at_most(f"concentration_{name}_off", abs(found_share.top_share.value - share), 0.001)


def _came(found: Visits, member: Column, after: int, days: int) -> Column:
    later = found.member[(found.day > after) & (found.day <= after + days)]
    return np.isin(member, later)


def _rmse(expected: Column, came: Column) -> float:
    return float(np.sqrt(((expected - came) ** 2).mean()))
