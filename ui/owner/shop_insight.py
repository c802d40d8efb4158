"""Insight about the shop: the busy hours, what sells together, what the coming week may bring, which goods carry it, and the staff."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from PySide6.QtWidgets import QWidget

from app.i18n import t
from app.insight.abc import Abc, ByWorth
from app.insight.forecast import Forecast
from app.insight.pairs import Pairs
from app.insight.peaks import Peaks
from app.insight.staff import StaffIndex
from app.insight.values import Period
from app.service.insight_desk import Answer, InsightDesk
from ui.charts.columns import ColumnChart
from ui.charts.heat_map import HeatMap
from ui.charts.lines import LineChart
from ui.charts.values import Band, Cell, Grid, Point, Series
from ui.owner.desk import OwnerDesk
from ui.owner.insight_page import InsightPage, percent
from ui.owner.rows import RowData, RowList
from ui.tasks import Job

WEEKDAYS: Final = 7
MAP_PIXELS: Final = 340
HOURS_PIXELS: Final = 220
PAIRS_SHOWN: Final = 30
ITEMS_SHOWN: Final = 40
FORECAST_DAYS: Final = 7
SURE_PERCENT: Final = 80


class PeaksPage(InsightPage):
    NAME = "peaks"
    ABOUT = ("peaks",)
    COMPARES = True

    def __init__(self, desk: OwnerDesk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.map = HeatMap(self, height=MAP_PIXELS)
        self.hours = ColumnChart(lambda amount: f"{amount:.1f}", self, height=HOURS_PIXELS)
        self.below.addWidget(self.section("owner_insight.peaks.map", self.map))
        self.below.addWidget(self.section("owner_insight.peaks.hours", self.hours))

    def ask(self, insight: InsightDesk, period: Period, job: Job) -> Any:
        return insight.peaks(period)

    def show_answer(self, answer: Answer[Peaks]) -> None:
        found = answer.value
        weekday, hour = found.busiest
        finding = t(
            "owner_insight.peaks.finding",
            weekday=_weekday(weekday),
            hour=hour,
            tickets=f"{float(found.tickets[weekday, hour]):.1f}",
        )
        certain = t(
            "owner_insight.peaks.sure",
            half=f"{float(found.tickets_half[weekday, hour]):.1f}",
            days=int(found.open_days[weekday]),
        )
        self.tell(finding, found.period, certain, t("owner_insight.tickets", n=f"{found.n:,}"))
        self.map.show_grid(self._grid(found), finding, t("owner_insight.peaks.hint"))
        self._show_hours(found)

    def _show_hours(self, found: Peaks) -> None:
        """An ordinary day, hour by hour, and the same of the days compared with."""
        then: Peaks | None = None if self.before is None else self.before.value
        mine = _by_hour(found)
        theirs = np.zeros(len(mine)) if then is None else _by_hour(then)
        busy = np.flatnonzero(mine + theirs > 0)
        hours = range(int(busy.min()), int(busy.max()) + 1)
        key = "owner_insight.peaks.hour" if then is None else "owner_insight.peaks.hour_both"
        points = tuple(
            Point(
                str(hour),
                float(mine[hour]),
                f"{mine[hour]:.1f}",
                t(key, hour=hour, tickets=f"{mine[hour]:.1f}", then=f"{theirs[hour]:.1f}"),
            )
            for hour in hours
        )
        before = (
            () if then is None else tuple(Point(str(hour), float(theirs[hour]), "", "") for hour in hours)
        )
        series = Series(t("charts.now"), points, before, self.before_name)
        self.hours.show_series(series, t("owner_insight.peaks.hours"), t("owner_insight.peaks.hours_hint"))

    def _grid(self, found: Peaks) -> Grid:
        busy = np.flatnonzero(found.tickets.sum(axis=0) > 0)
        hours = range(int(busy.min()), int(busy.max()) + 1)
        most = float(found.tickets.max()) or 1.0
        rows = tuple(_weekday(index) for index in range(WEEKDAYS))
        cells = tuple(tuple(self._cell(found, day, hour, most) for hour in hours) for day in range(WEEKDAYS))
        return Grid(rows, tuple(str(hour) for hour in hours), cells)

    def _cell(self, found: Peaks, day: int, hour: int, most: float) -> Cell:
        if not bool(found.is_known[day]):
            return Cell(None, "", "")
        tickets, half = float(found.tickets[day, hour]), float(found.tickets_half[day, hour])
        words = t(
            "owner_insight.peaks.cell",
            weekday=_weekday(day),
            hour=hour,
            tickets=f"{tickets:.1f}",
            half=f"{half:.1f}",
            money=self.money(float(found.net[day, hour])),
            days=int(found.open_days[day]),
        )
        return Cell(tickets / most, f"{tickets:.1f}", words)


class ForecastPage(InsightPage):
    NAME = "forecast"
    ABOUT = ("forecast",)

    def __init__(self, desk: OwnerDesk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.chart = LineChart(self.money, self)
        self.kinds = RowList(self)
        self.chart_card = self.section("owner_insight.forecast.chart", self.chart)
        self.below.addWidget(self.chart_card)
        self.below.addWidget(self.section("owner_insight.forecast.kinds", self.kinds))
        self.kinds.opened.connect(lambda key: self._show_chart(self.answer, int(key)))

    def ask(self, insight: InsightDesk, period: Period, job: Job) -> Any:
        """And what was sold on the same days of the week before, to hold the forecast against."""
        answer = insight.forecast(None if self.is_year else period, days=FORECAST_DAYS)
        job.check()
        return answer, insight.sales_by_category(answer.period)[0][:, -FORECAST_DAYS:]

    @property
    def is_year(self) -> bool:
        """The whole year is what the service asks for by itself: it leaves out the day under way."""
        return self.span.value == "year"

    def show_answer(self, answer: tuple[Answer[Forecast], Any]) -> None:
        found, total, names = answer[0].value, answer[0].value.grand_total, answer[0].names
        self.tell(
            t("owner_insight.forecast.finding", value=self.money(total.value)),
            found.period,
            t(
                "owner_insight.forecast.sure",
                low=self.money(total.low),
                high=self.money(total.high),
                n=f"{found.n:,}",
                percent=SURE_PERCENT,
            ),
        )
        order = sorted(range(len(found.total)), key=lambda row: -found.total[row].value)
        self.kinds.set_rows([self._row(found, names, row) for row in order])
        self._show_chart(answer, order[0])

    def _row(self, found: Forecast, names: tuple[str, ...], row: int) -> RowData:
        one = found.total[row]
        missed = float(found.missed[row])
        return RowData(
            str(row),
            names[row] or t("owner_insight.forecast.no_kind"),
            t("owner_insight.forecast.range", low=self.money(one.low), high=self.money(one.high)),
            self.money(one.value),
            "" if np.isnan(missed) else t("owner_insight.forecast.missed", share=percent(missed)),
        )

    def _show_chart(self, answer: tuple[Answer[Forecast], Any], row: int) -> None:
        found, week_before = answer[0].value, answer[1][row]
        name = answer[0].names[row] or t("owner_insight.forecast.no_kind")
        days = [np.datetime64(found.first) + index for index in range(found.value.shape[1])]
        points = tuple(
            Point(
                f"{day.astype(object):%m/%d}",
                float(found.value[row, index]),
                self.money(float(found.value[row, index])),
                t(
                    "owner_insight.forecast.point",
                    day=f"{day.astype(object):%m/%d}",
                    value=self.money(float(found.value[row, index])),
                    low=self.money(float(found.low[row, index])),
                    high=self.money(float(found.high[row, index])),
                    before=self.money(float(week_before[index])),
                ),
            )
            for index, day in enumerate(days)
        )
        before = tuple(Point("", max(0.0, float(amount)), "", "") for amount in week_before)
        band = Band(
            Series(t("owner_insight.forecast.coming"), points, before, t("owner_insight.forecast.before")),
            tuple(float(one) for one in found.low[row]),
            tuple(float(one) for one in found.high[row]),
            from_index=0,
        )
        title = t("owner_insight.forecast.of", name=name)
        self.chart_card.title.show_plain(title)
        self.chart.show_band(band, title, t("owner_insight.forecast.hint", percent=SURE_PERCENT))


class PairsPage(InsightPage):
    NAME = "pairs"
    ABOUT = ("pairs",)

    def __init__(self, desk: OwnerDesk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.pairs = RowList(self, empty_key="owner_insight.pairs.none")
        self.below.addWidget(self.section("owner_insight.pairs.list", self.pairs))

    def ask(self, insight: InsightDesk, period: Period, job: Job) -> Any:
        answer = insight.pairs(period, job.report)
        job.check()
        return answer, {number: one.name for number, one in insight.items().items()}

    def show_answer(self, answer: tuple[Answer[Pairs], dict[int, str]]) -> None:
        found, names = answer[0].value, answer[1]
        baskets = t("owner_insight.baskets", n=f"{found.n:,}")
        if not len(found):
            self.tell(t("owner_insight.pairs.nothing"), found.period, baskets)
            self.pairs.set_rows([])
            return
        first, second = names.get(int(found.item[0]), ""), names.get(int(found.other[0]), "")
        self.tell(
            t(
                "owner_insight.pairs.finding",
                item=first,
                other=second,
                share=percent(float(found.confidence[0])),
            ),
            found.period,
            baskets,
        )
        self.pairs.set_rows([self._row(found, names, row) for row in range(min(PAIRS_SHOWN, len(found)))])

    def _row(self, found: Pairs, names: dict[int, str], row: int) -> RowData:
        return RowData(
            "",
            t(
                "owner_insight.pairs.pair",
                item=names.get(int(found.item[row]), ""),
                other=names.get(int(found.other[row]), ""),
            ),
            t(
                "owner_insight.pairs.detail",
                share=percent(float(found.confidence[row])),
                together=f"{int(found.together[row]):,}",
            ),
            t("owner_insight.pairs.lift", lift=f"{float(found.lift[row]):.1f}"),
            t(
                "owner_insight.pairs.sure",
                low=f"{float(found.lift_low[row]):.1f}",
                high=f"{float(found.lift_high[row]):.1f}",
            ),
        )


class AbcPage(InsightPage):
    NAME = "abc"
    ABOUT = ("abc", "xyz")
    COMPARES = True

    def __init__(self, desk: OwnerDesk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.map = HeatMap(self, height=200)
        self.items = RowList(self)
        self.below.addWidget(self.section("owner_insight.abc.map", self.map))
        self.below.addWidget(self.section("owner_insight.abc.list", self.items))

    def ask(self, insight: InsightDesk, period: Period, job: Job) -> Any:
        answer = insight.abc(period)
        job.check()
        return answer, {number: one.name for number, one in insight.items().items()}

    def show_answer(self, answer: tuple[Answer[Abc], dict[int, str]]) -> None:
        found, names = answer[0].value, answer[1]
        best = int((found.by_worth == ByWorth.A).sum())
        finding = t("owner_insight.abc.finding", count=f"{best:,}", all=f"{found.n:,}")
        near = int(found.is_near_edge.sum())
        self.tell(finding, found.period, t("owner_insight.abc.near", count=f"{near:,}") if near else "")
        worths = tuple(one.name for one in ByWorth)
        steady = ("x", "y", "z", "n")
        most = int(found.grid.max()) or 1
        cells = tuple(
            tuple(
                Cell(
                    int(found.grid[row, column]) / most,
                    f"{int(found.grid[row, column]):,}",
                    t(
                        "owner_insight.abc.cell",
                        worth=worth,
                        steady=t(f"owner_insight.abc.{steady[column]}"),
                        count=f"{int(found.grid[row, column]):,}",
                    ),
                )
                for column in range(found.grid.shape[1])
            )
            for row, worth in enumerate(worths)
        )
        columns = tuple(t(f"owner_insight.abc.{steady[column]}") for column in range(found.grid.shape[1]))
        self.map.show_grid(Grid(worths, columns, cells), finding, t("owner_insight.abc.hint"))
        top = max(1, int(found.worth.max(initial=0)))
        then = self._worth_then()
        self.items.set_rows(
            [
                RowData(
                    "",
                    names.get(int(found.item[row])) or t("summary.unknown_item"),
                    t(f"owner_insight.abc.{steady[int(found.by_steadiness[row])]}"),
                    self.money(int(found.worth[row])),
                    self._class_words(worths[int(found.by_worth[row])], then, int(found.item[row])),
                    share=int(found.worth[row]) / top,
                )
                for row in range(min(ITEMS_SHOWN, len(found.item)))
            ]
        )

    def _worth_then(self) -> dict[int, int] | None:
        """What each item brought in the days compared with; None where nothing is compared."""
        if self.before is None:
            return None
        found: Abc = self.before[0].value
        return dict(zip(found.item.tolist(), found.worth.tolist(), strict=True))

    def _class_words(self, name: str, then: dict[int, int] | None, item: int) -> str:
        if then is None:
            return name
        return "　".join((t("against.was", value=self.money(then.get(item, 0))), name))


class StaffPage(InsightPage):
    NAME = "staff"
    ABOUT = ("staff",)

    def __init__(self, desk: OwnerDesk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.people = RowList(self)
        self.below.addWidget(self.section("owner_insight.staff.list", self.people))

    def ask(self, insight: InsightDesk, period: Period, job: Job) -> Any:
        return insight.staff(period)

    def show_answer(self, answer: Answer[StaffIndex]) -> None:
        found, names = answer.value, answer.names
        above = [
            names[int(found.operator[row])]
            for row in range(len(found.operator))
            if bool(found.is_known[row]) and int(found.band[row]) > 0
        ]
        key = "owner_insight.staff.above" if above else "owner_insight.staff.even"
        self.tell(
            t(key, names=t("owner_insight.and").join(above)),
            found.period,
            t("owner_insight.tickets", n=f"{found.n:,}"),
        )
        order = np.argsort(-found.index, kind="stable").tolist()
        self.people.set_rows([self._row(found, names, row) for row in order])

    def _row(self, found: StaffIndex, names: tuple[str, ...], row: int) -> RowData:
        is_known = bool(found.is_known[row])
        band = {1: "higher", 0: "alike", -1: "lower"}[int(found.band[row])] if is_known else "unknown"
        sure = t(
            "owner_insight.staff.sure",
            low=f"{float(found.low[row]) * 100:.0f}",
            high=f"{float(found.high[row]) * 100:.0f}",
        )
        return RowData(
            "",
            names[int(found.operator[row])] or t("summary.none"),
            t("owner_insight.tickets", n=f"{int(found.tickets[row]):,}"),
            t(f"owner_insight.staff.{band}"),
            sure if is_known else "",
        )


def _by_hour(found: Peaks) -> Any:
    """Tickets in each hour of an ordinary open day."""
    days = found.open_days * found.is_known
    return (found.tickets * days[:, None]).sum(axis=0) / max(1, int(days.sum()))


def _weekday(index: int) -> str:
    """0 is Monday."""
    return t(f"summary.weekday.{index}")
