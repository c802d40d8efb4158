"""Insight about what members are worth and who may stay away: the models of visits and of spending, and the shop's own past.

An expectation is no promise: a single figure stands only where somebody came often enough, a range everywhere else.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from PySide6.QtWidgets import QWidget

from app.i18n import t
from app.insight.bgnbd import Coming
from app.insight.churn import Churn, care_list
from app.insight.rfm import measure
from app.insight.value import SpentSinceFirst, Value
from app.insight.values import PERCENT_N_MIN, Estimate, Period, TooLittle
from app.service.insight_desk import Answer, InsightDesk, Kind
from ui.charts.columns import ColumnChart
from ui.charts.heat_map import HeatMap
from ui.charts.lines import LineChart
from ui.charts.values import Band, Cell, Grid, Point, Series
from ui.owner.behind import ALL, LAST, Files, files_of, open_members, row_of_all, whole_until
from ui.owner.desk import OwnerDesk
from ui.owner.insight_page import InsightPage, percent
from ui.owner.rows import RowData, RowList
from ui.tasks import Job
from ui.widgets.record_table import Column

SHOWN: Final = 40
CURVE_WEEKS: Final = 4
BINS: Final = 10
COMING_WEEKS: Final = 12
RISK_BANDS: Final = ((0.7, 1.01), (0.3, 0.7), (0.0, 0.3))
VISIT_BANDS: Final = ((0.0, 0.5), (0.5, 2.0), (2.0, float("inf")))
HIGH_RISK: Final = 0.8
HARDLY: Final = 0.1
CROSS_PIXELS: Final = 190


class ValuePage(InsightPage):
    """What a newcomer brings in the first year, beside what really came, and who is likely to bring most."""

    NAME = "value"
    ABOUT = ("value", "newcomer", "range")

    def __init__(self, desk: OwnerDesk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.curve = LineChart(self.money, self)
        self.people = RowList(self)
        self.curve_card = self.section("owner_value.curve", self.curve)
        self.below.addWidget(self.curve_card)
        self.below.addWidget(self.section("owner_value.list", self.people))
        self.people.opened.connect(self._open)
        self._files: Files = {}

    def ask(self, insight: InsightDesk, period: Period, job: Job) -> Any:
        """A value rests on the whole past: the days shown only say where it ends."""
        whole = whole_until(insight.everything(), period.last)
        if whole is None:
            return Answer(Kind.VALUE, period, TooLittle("repeat_buyers", 0, 100), 0)
        found = insight.value(whole)
        job.report(1, 2)
        files = files_of(insight)
        order = [] if isinstance(found.value, TooLittle) else _by_value(found.value, files)
        return found, insight.spent_since_first(whole), files, order

    def show_answer(self, answer: Any) -> None:
        found: Value = answer[0].value
        self._files = answer[2]
        newcomer = found.newcomer
        self.tell(
            t("owner_value.finding", value=self.money(newcomer.value)),
            found.period,
            t("owner_value.sure", low=self.money(newcomer.low), high=self.money(newcomer.high)),
            self._really(found, answer[1]),
            t("owner_insight.members", n=f"{found.n:,}"),
        )
        self._show_curve(found, answer[1])
        order = answer[3]
        rows = [self._row(found, place) for place in order[:SHOWN]]
        if len(order) > SHOWN:
            rows.append(row_of_all(len(order)))
        self.people.set_rows(rows)

    def _really(self, found: Value, spent: SpentSinceFirst) -> str:
        """What those brought who have been members for a year: beside the model's figure, so that nobody takes it for more than it is."""
        n = int(spent.n[found.weeks])
        if n < PERCENT_N_MIN:
            return ""
        value = self.money(float(spent.mean[found.weeks]))
        return t("owner_value.really_year", n=f"{n:,}", value=value)

    def _show_curve(self, found: Value, spent: SpentSinceFirst) -> None:
        weeks = range(0, found.weeks + 1, CURVE_WEEKS)
        points = tuple(self._point(found, spent, week) for week in weeks)
        really = tuple(
            Point(str(week), float(spent.mean[week]), "", "")
            for week in weeks
            if int(spent.n[week]) >= PERCENT_N_MIN
        )
        title = t("owner_value.curve_title", weeks=found.weeks)
        self.curve_card.title.show_plain(title)
        series = Series(t("owner_value.expected"), points, really, t("owner_value.really"))
        self.curve.show_band(Band(series), title, t("owner_value.curve_hint"))

    def _point(self, found: Value, spent: SpentSinceFirst, week: int) -> Point:
        expected = float(found.curve[week])
        n = int(spent.n[week])
        key = "owner_value.point_alone" if n < PERCENT_N_MIN else "owner_value.point"
        words = t(
            key,
            week=week,
            value=self.money(expected),
            really=self.money(float(spent.mean[week])),
            n=f"{n:,}",
        )
        return Point(str(week), expected, self.money(expected), words)

    def _row(self, found: Value, place: int) -> RowData:
        number = int(found.member[place])
        value, between = self._worth(found, place)
        return RowData(
            str(number),
            self.desk.who(self._files[number]),
            t(
                "owner_value.visits",
                visits=f"{float(found.visits[place]):.1f}",
                spend=self.money(float(found.spend[place])),
            ),
            value or between,
            between if value else "",
        )

    def _worth(self, found: Value, place: int) -> tuple[str, str]:
        """(the single figure, empty where there must be none; the range)."""
        low, high = self.money(float(found.low[place])), self.money(float(found.high[place]))
        between = t("owner_insight.forecast.range", low=low, high=high)
        return self.money(float(found.value[place])) if bool(found.is_single[place]) else "", between

    def _open(self, key: str) -> None:
        if key != ALL:
            self.desk.open_member(self._files[int(key)], self.refresh)
            return
        found: Value = self.answer[0].value
        place_of = {int(found.member[place]): place for place in self.answer[3]}

        def cells(number: int) -> tuple[str, ...]:
            place = place_of[number]
            value, between = self._worth(found, place)
            return (f"{float(found.visits[place]):.1f}", value or t("summary.none"), between)

        columns = (
            Column("owner_value.column.visits", is_number=True),
            Column("owner_value.column.value", is_number=True),
            Column("owner_value.column.range", is_number=True),
        )
        open_members(self.desk, t("owner_value.list"), self._files, place_of, cells, columns)


class RiskPage(InsightPage):
    """How likely each is to stay away: learnt from the shop's past, and beside it the visits that BG/NBD expects."""

    NAME = "risk"
    ABOUT = ("risk", "coming", "care")

    def __init__(self, desk: OwnerDesk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.bins = ColumnChart(lambda amount: f"{amount:,.0f}", self)
        self.cross = HeatMap(self, height=CROSS_PIXELS)
        self.people = RowList(self, empty_key="owner_insight.late.nobody")
        self.below.addWidget(self.section("owner_value.care", self.people))
        self.bins_card = self.section("owner_value.bins", self.bins)
        self.below.addWidget(self.bins_card)
        self.cross_card = self.section("owner_value.cross", self.cross)
        self.below.addWidget(self.cross_card)
        self.bins.chosen.connect(self._open_bin)
        self.cross.chosen.connect(self._open_cross)
        self.people.opened.connect(lambda key: self.desk.open_member(self._files[int(key)], self.refresh))
        self._files: Files = {}

    def ask(self, insight: InsightDesk, period: Period, job: Job) -> Any:
        risk = insight.churn(period)
        job.report(1, 3)
        whole = whole_until(insight.everything(), period.last)
        coming = insight.coming(COMING_WEEKS, whole) if whole is not None else None
        job.report(2, 3)
        files = files_of(insight)
        if isinstance(risk.value, TooLittle):
            return risk
        spent = measure(insight.columns().tickets, period)
        has_file = np.isin(spent.member, np.fromiter(files, np.int64, len(files)))
        # Risk and spending are of everyone who came in the same days, in the same order.
        care = care_list(risk.value, np.maximum(spent.monetary, 0).astype(np.float64), ~has_file)
        return risk, coming, care.tolist(), files

    def show_answer(self, answer: Any) -> None:
        found: Churn = answer[0].value
        self._files = answer[3]
        coming = answer[1].value if answer[1] is not None else None
        expected = coming if isinstance(coming, Coming) else None
        self.tell(
            self._finding(found),
            found.period,
            self._base(found),
            self._tested(found),
            t("owner_insight.members", n=f"{found.n:,}"),
        )
        self._show_people(found, expected, answer[2])
        self._show_bins(found)
        self._show_cross(found, expected)

    def _finding(self, found: Churn) -> str:
        if isinstance(found.risk, TooLittle):
            return t("owner_value.only_order")
        count = int((found.risk >= HIGH_RISK).sum())
        return t(
            "owner_value.risk_finding",
            count=f"{count:,}",
            days=found.horizon_days,
            share=percent(HIGH_RISK),
        )

    def _base(self, found: Churn) -> str:
        if isinstance(found.base_rate, TooLittle):
            return ""
        return t("owner_value.base", share=percent(found.base_rate.value), days=found.horizon_days)

    def _tested(self, found: Churn) -> str:
        if not isinstance(found.tested, Estimate):
            return ""
        hits = f"{found.tested.value * 100:.0f}"
        return t("owner_insight.late.tested", hits=hits, days=found.horizon_days)

    def _show_people(self, found: Churn, coming: Coming | None, care: list[int]) -> None:
        """Whom to call first: the risk times what they usually spend, among those who are late by their own habit."""
        visits: dict[int, float] = {}
        if coming is not None:
            numbers = found.member[care]
            expected = coming.visits[np.searchsorted(coming.member, numbers)]
            visits = dict(zip(numbers.tolist(), expected.tolist(), strict=True))
        self.people.set_rows([self._row(found, place, visits) for place in care])

    def _row(self, found: Churn, place: int, visits: dict[int, float]) -> RowData:
        number = int(found.member[place])
        days = t("owner_insight.days_count", days=int(found.silent_days[place]))
        if number in visits:
            key = "care_row" if visits[number] >= HARDLY else "care_row_hardly"
            detail = t(f"owner_value.{key}", days=days, weeks=COMING_WEEKS, visits=f"{visits[number]:.1f}")
        else:
            detail = t("owner_insight.late.silent", days=int(found.silent_days[place]))
        if isinstance(found.risk, TooLittle):
            return RowData(str(number), self.desk.who(self._files[number]), detail)
        return RowData(
            str(number),
            self.desk.who(self._files[number]),
            detail,
            t("owner_value.risk", risk=percent(float(found.risk[place]))),
            t(
                "owner_insight.forecast.range",
                low=percent(float(found.low[place])),
                high=percent(float(found.high[place])),
            ),
        )

    def _show_bins(self, found: Churn) -> None:
        self.bins_card.setVisible(not isinstance(found.risk, TooLittle))
        if isinstance(found.risk, TooLittle):
            return
        counts = np.bincount(_bin_of(found.risk), minlength=BINS).tolist()
        points = tuple(
            Point(
                t("owner_value.bin", low=index * BINS, high=(index + 1) * BINS),
                count,
                f"{count:,}",
                t(
                    "owner_value.bin_words",
                    low=index * BINS,
                    high=(index + 1) * BINS,
                    count=f"{count:,}",
                    days=found.horizon_days,
                ),
                str(index) if count else "",
            )
            for index, count in enumerate(counts)
        )
        title = t("owner_value.bins_title", days=found.horizon_days)
        self.bins_card.title.show_plain(title)
        self.bins.show_series(Series("", points), title, t("owner_value.bins_hint"))

    def _show_cross(self, found: Churn, coming: Coming | None) -> None:
        self.cross_card.setVisible(coming is not None and not isinstance(found.risk, TooLittle))
        if coming is None or isinstance(found.risk, TooLittle):
            return
        counts = [
            [len(self._crossed(found, coming, risk, visit)) for visit in range(len(VISIT_BANDS))]
            for risk in range(len(RISK_BANDS))
        ]
        most = max(max(row) for row in counts) or 1
        rows = tuple(t(f"owner_value.risk_band.{index}") for index in range(len(RISK_BANDS)))
        columns = tuple(
            t(f"owner_value.visit_band.{index}", weeks=COMING_WEEKS) for index in range(len(VISIT_BANDS))
        )
        cells = tuple(
            tuple(
                Cell(
                    count / most,
                    f"{count:,}",
                    t("owner_value.cross_cell", risk=rows[risk], visits=columns[visit], count=f"{count:,}"),
                    f"{risk}:{visit}" if count else "",
                )
                for visit, count in enumerate(row)
            )
            for risk, row in enumerate(counts)
        )
        total = coming.total
        title = t(
            "owner_value.cross_title",
            weeks=COMING_WEEKS,
            value=f"{total.value:,.0f}",
            low=f"{total.low:,.0f}",
            high=f"{total.high:,.0f}",
        )
        self.cross_card.title.show_plain(title)
        self.cross.show_grid(Grid(rows, columns, cells), title, t("owner_value.cross_hint"))

    def _crossed(self, found: Churn, coming: Coming, risk: int, visit: int) -> list[int]:
        """Members in one cell; who came only once is in none, for the model cannot say whether they left."""
        assert not isinstance(found.risk, TooLittle)
        place = np.searchsorted(coming.member, found.member)
        visits, can_leave = coming.visits[place], coming.can_leave[place]
        (low, high), (least, most) = RISK_BANDS[risk], VISIT_BANDS[visit]
        chosen = (found.risk >= low) & (found.risk < high) & (visits >= least) & (visits < most) & can_leave
        members: list[int] = found.member[chosen].tolist()
        return members

    def _open_bin(self, key: str) -> None:
        found: Churn = self.answer[0].value
        assert not isinstance(found.risk, TooLittle)
        index = int(key)
        chosen = np.flatnonzero(_bin_of(found.risk) == index)
        title = t("owner_value.bin_title", low=index * BINS, high=(index + 1) * BINS)
        self._open(title, found.member[chosen].tolist())

    def _open_cross(self, key: str) -> None:
        risk, visit = (int(part) for part in key.split(":"))
        found, coming = self.answer[0].value, self.answer[1].value
        rows, columns = (
            t(f"owner_value.risk_band.{risk}"),
            t(f"owner_value.visit_band.{visit}", weeks=COMING_WEEKS),
        )
        title = t("owner_value.cross_people", risk=rows, visits=columns)
        self._open(title, self._crossed(found, coming, risk, visit))

    def _open(self, title: str, members: list[int]) -> None:
        """Who is most likely to stay away comes first."""
        found: Churn = self.answer[0].value
        assert not isinstance(found.risk, TooLittle)
        risk = dict(zip(found.member.tolist(), found.risk.tolist(), strict=True))
        silent = dict(zip(found.member.tolist(), found.silent_days.tolist(), strict=True))
        members = sorted(members, key=lambda number: -risk[number])
        open_members(
            self.desk,
            title,
            self._files,
            members,
            lambda number: (t("owner_insight.days_ago", days=silent[number]), percent(risk[number])),
            (LAST, Column("owner_value.column.risk", is_number=True)),
        )


def _by_value(found: Value, files: Files) -> list[int]:
    """Rows of those with a file, who is likely to bring most first."""
    order = np.argsort(-found.value, kind="stable")
    known = np.isin(found.member[order], np.fromiter(files, np.int64, len(files)))
    places: list[int] = order[known].tolist()
    return places


def _bin_of(risk: Any) -> Any:
    """Which tenth; certainty belongs to the last."""
    return np.minimum((risk * BINS).astype(np.int64), BINS - 1)
