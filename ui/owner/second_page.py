"""Insight about newcomers: whether who came once comes again, how soon, and who is still awaited."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np
from PySide6.QtWidgets import QWidget

from app.i18n import t
from app.insight.lifecycle import ByVisits, Lifecycle
from app.insight.repurchase import Repurchase, SecondVisits
from app.insight.values import Estimate, Period, TooLittle
from app.service.insight_desk import InsightDesk
from ui.charts.lines import LineChart
from ui.charts.values import Band, Point, Series
from ui.owner.behind import LAST, Files, files_of, open_members, whole_until
from ui.owner.desk import OwnerDesk
from ui.owner.insight_page import InsightPage, percent, sure
from ui.owner.rows import RowData, RowList
from ui.tasks import Job

CURVE_DAYS: Final = (7, 14, 30, 60, 90, 180, 365)
SECOND_WITHIN: Final = 30
SECOND_STEP: Final = 5
SECOND_DAYS: Final = 120


class SecondPage(InsightPage):
    """Whether who came once comes again, and how soon."""

    NAME = "second"
    ABOUT = ("second", "repurchase", "watched")
    COMPARES = True

    def __init__(self, desk: OwnerDesk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.curve = LineChart(percent, self)
        self.facts = RowList(self)
        self.below.addWidget(self.section("owner_life.second.curve", self.curve))
        self.below.addWidget(self.section("owner_life.second.facts", self.facts))
        self.facts.opened.connect(lambda _: self._open_waiting())
        self._files: Files = {}

    def ask(self, insight: InsightDesk, period: Period, job: Job) -> Any:
        curve = insight.second_visits(period)
        job.report(1, 3)
        if isinstance(curve.value, SecondVisits):
            within = curve.value.within(SECOND_WITHIN)
            if isinstance(within, TooLittle):
                curve = replace(curve, value=within)
        again = insight.repurchase(period)
        job.report(2, 3)
        whole = whole_until(insight.everything(), period.last)
        stages = insight.lifecycle(whole) if whole is not None else None
        return curve, again, stages, files_of(insight), period

    def show_answer(self, answer: Any) -> None:
        found: SecondVisits = answer[0].value
        again: Repurchase = answer[1].value
        self._files = answer[3]
        within = found.within(SECOND_WITHIN)
        assert isinstance(within, Estimate)
        finding = t("owner_life.second.finding", share=percent(within.value), days=SECOND_WITHIN)
        certain = t(
            "owner_life.second.sure", low=percent(within.low), high=percent(within.high), n=f"{within.n:,}"
        )
        self.tell(finding, answer[0].period, certain, self._compared(within))
        self._show_curve(found, finding)
        waiting = self._waiting_members()
        rows = [
            RowData(
                "waiting" if len(waiting) else "",
                t("owner_life.second.waiting"),
                t("owner_life.second.waiting_about"),
                t("owner_insight.people_count", count=f"{len(waiting):,}"),
            )
        ]
        rows += [self._point_row(found, days) for days in CURVE_DAYS if found.n[days:].any()]
        rate = again.rate
        rows.append(
            RowData(
                "",
                t("owner_insight.few.again_rate"),
                sure(rate),
                "" if isinstance(rate, TooLittle) else percent(rate.value),
            )
        )
        self.facts.set_rows(rows)

    def _compared(self, within: Estimate) -> str:
        if self.before is None:
            return ""
        then = self.before[0].value.within(SECOND_WITHIN)
        if isinstance(then, TooLittle):
            return ""
        # Two shares are told apart only where neither lies in the other's interval.
        is_sure = within.low > then.high or within.high < then.low
        key = "was" if is_sure else "was_unsure"
        return t(f"owner_life.second.{key}", share=percent(then.value))

    def _show_curve(self, found: SecondVisits, finding: str) -> None:
        enough = int((found.n > 0).sum())
        days = list(range(0, min(SECOND_DAYS, enough - 1) + 1, SECOND_STEP))
        points = tuple(
            Point(
                str(day),
                float(found.rate[day]),
                percent(float(found.rate[day])),
                t(
                    "owner_life.second.point",
                    days=day,
                    share=percent(float(found.rate[day])),
                    low=percent(float(found.low[day])),
                    high=percent(float(found.high[day])),
                    n=f"{int(found.n[day]):,}",
                ),
            )
            for day in days
        )
        before: tuple[Point, ...] = ()
        if self.before is not None:
            then: SecondVisits = self.before[0].value
            before = tuple(Point(str(day), float(then.rate[day]), "", "") for day in days if then.n[day] > 0)
        band = Band(
            Series(t("charts.now"), points, before, self.before_name),
            tuple(float(found.low[day]) for day in days),
            tuple(float(found.high[day]) for day in days),
        )
        self.curve.show_band(band, finding, t("owner_life.second.hint"))

    def _point_row(self, found: SecondVisits, days: int) -> RowData:
        within = found.within(days)
        return RowData(
            "",
            t("owner_life.second.within", days=days),
            sure(within),
            "" if isinstance(within, TooLittle) else percent(within.value),
        )

    def _waiting_members(self) -> Any:
        """Who came for the first time in the days shown and has not come again: those with one visit whose first lies in them."""
        stages, period = self.answer[2], self.answer[4]
        if stages is None or isinstance(stages.value, TooLittle):
            return np.empty(0, dtype=np.int64)
        found: Lifecycle = stages.value
        chosen = (found.by_visits == ByVisits.NEW) & (found.silent_days < period.days)
        order = np.argsort(found.silent_days[chosen], kind="stable")
        return found.member[chosen][order]

    def _open_waiting(self) -> None:
        found: Lifecycle = self.answer[2].value
        members = self._waiting_members()
        silent = dict(zip(found.member.tolist(), found.silent_days.tolist(), strict=True))
        open_members(
            self.desk,
            t("owner_life.second.waiting"),
            self._files,
            members.tolist(),
            lambda number: (t("owner_insight.days_ago", days=silent[number]),),
            (LAST,),
        )
