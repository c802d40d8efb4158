"""Insight about members: the eight segments, who is late by their own habit, and how much hangs on how few."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from PySide6.QtWidgets import QWidget

from app.domain.ids import MemberId
from app.i18n import t
from app.insight.churn import Churn
from app.insight.concentration import Concentration
from app.insight.repurchase import Repurchase
from app.insight.rfm import Rfm, Segment, SegmentFigures, measure
from app.insight.rfm_scores import Measures
from app.insight.rhythm import Rhythm
from app.insight.values import Period, TooLittle
from app.service.insight_desk import Answer, InsightDesk
from ui.charts.heat_map import HeatMap
from ui.charts.lines import LineChart
from ui.charts.values import Band, Cell, Grid, Point, Series
from ui.owner.behind import ALL, LAST, SPENT, VISITS, Files, files_of, open_members, row_of_all
from ui.owner.desk import OwnerDesk
from ui.owner.insight_page import InsightPage, little_words, percent, sure
from ui.owner.people_sheet import ROWS_MAX, PeopleSheet
from ui.owner.rows import RowData, RowList
from ui.tasks import Job
from ui.widgets.record_table import Column

SCORES: Final = (5, 4, 3, 2, 1)
LATE_SHOWN: Final = 40
CURVE_STEP: Final = 10


class RfmPage(InsightPage):
    NAME = "rfm"
    ABOUT = ("rfm", "segments", "scores", "cuts")
    COMPARES = True

    def __init__(self, desk: OwnerDesk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.map = HeatMap(self)
        self.segments = RowList(self)
        self._files: dict[int, MemberId] = {}
        self.below.addWidget(self.section("owner_insight.segments", self.segments))
        self.below.addWidget(self.section("owner_insight.scores", self.map))
        self.segments.opened.connect(self._open_segment)
        self.map.chosen.connect(self._open_cell)

    def ask(self, insight: InsightDesk, period: Period, job: Job) -> Any:
        answer = insight.rfm(period)
        job.check()
        return answer, {number: one.id for number, one in insight.members().items()}

    def ask_before(self, insight: InsightDesk, period: Period, job: Job, answer: Any) -> Any:
        """By the same cut-offs: by others, the counts could not be compared."""
        found = answer[0].value
        return answer[0] if isinstance(found, TooLittle) else insight.rfm(period, found.cuts), {}

    def show_answer(self, answer: tuple[Answer[Rfm], dict[int, MemberId]]) -> None:
        found, self._files = answer[0].value, answer[1]
        keep = found.figures[Segment.KEY_KEEP]
        best = found.figures[Segment.KEY_VALUE]
        if keep.members:
            finding = t("owner_insight.rfm.keep", members=f"{keep.members:,}", share=percent(keep.net_share))
        else:
            finding = t("owner_insight.rfm.best", members=f"{best.members:,}", share=percent(best.net_share))
        cuts = found.cuts
        fields: dict[str, object] = {
            "near": cuts.near_days,
            "often": cuts.often_visits,
            "high": self.money(cuts.high_net),
        }
        self.tell(
            finding,
            found.period,
            t("owner_insight.members", n=f"{found.n:,}"),
            t("owner_insight.rfm.cuts", None, **fields),
            t("owner_insight.rfm.turning", count=f"{found.due_to_turn_far:,}")
            if found.due_to_turn_far
            else "",
        )
        self.segments.set_rows([self._segment_row(found, segment) for segment in Segment])
        self._show_map(found)

    def _segment_row(self, found: Rfm, segment: Segment) -> RowData:
        one = found.figures[segment]
        detail = ""
        if one.mean_recency_days is not None and one.mean_frequency is not None:
            detail = t(
                "owner_insight.rfm.segment",
                days=f"{one.mean_recency_days:.0f}",
                visits=f"{one.mean_frequency:.1f}",
            )
        return RowData(
            f"{segment.value}" if one.members else "",
            t(f"owner_insight.segment.{segment.name.lower()}"),
            detail,
            t("owner_insight.people_count", count=f"{one.members:,}"),
            self._beside_segment(one),
            share=one.members / found.n,
        )

    def _beside_segment(self, one: SegmentFigures) -> str:
        """Its share of the money, and how many there were."""
        money = t("owner_insight.rfm.money", share=percent(one.net_share))
        if self.before is None:
            return money
        then: Rfm = self.before[0].value
        was = t("owner_insight.people_count", count=f"{then.figures[one.segment].members:,}")
        return "　".join((money, t("against.was", value=was)))

    def _show_map(self, found: Rfm) -> None:
        r, f = found.scores.r, found.scores.f
        counts = {(a, b): int(((r == a) & (f == b)).sum()) for a in SCORES for b in SCORES}
        most = max(counts.values()) or 1
        cells = tuple(
            tuple(
                Cell(
                    counts[a, b] / most,
                    f"{counts[a, b]:,}",
                    t("owner_insight.rfm.cell", r=a, f=b, count=f"{counts[a, b]:,}"),
                    f"{a}:{b}" if counts[a, b] else "",
                )
                for b in reversed(SCORES)
            )
            for a in SCORES
        )
        rows = tuple(t("owner_insight.rfm.r", score=a) for a in SCORES)
        columns = tuple(t("owner_insight.rfm.f", score=b) for b in reversed(SCORES))
        self.map.show_grid(Grid(rows, columns, cells), self.finding.text(), t("owner_insight.rfm.map_hint"))

    def _open_segment(self, key: str) -> None:
        segment = Segment(int(key))
        found: Rfm = self.answer[0].value
        self._open(t(f"owner_insight.segment.{segment.name.lower()}"), found.segment == segment.value)

    def _open_cell(self, key: str) -> None:
        a, b = (int(part) for part in key.split(":"))
        found: Rfm = self.answer[0].value
        chosen = (found.scores.r == a) & (found.scores.f == b)
        self._open(t("owner_insight.rfm.cell_title", r=a, f=b), chosen)

    def _open(self, title: str, chosen: Any) -> None:
        """Those who spent most come first."""
        measures = self.answer[0].value.measures
        places = np.flatnonzero(chosen)
        places = places[np.argsort(-measures.monetary[places], kind="stable")]
        rows = [
            (
                self._files[number],
                (
                    t("owner_insight.days_ago", days=int(measures.recency_days[place])),
                    f"{int(measures.frequency[place]):,}",
                    self.money(int(measures.monetary[place])),
                ),
            )
            for place in places[:ROWS_MAX].tolist()
            if (number := int(measures.member[place])) in self._files
        ]
        columns = (
            Column("owner_insight.column.last"),
            Column("owner.column.visits", is_number=True),
            Column("owner.column.spent", is_number=True),
        )
        PeopleSheet(self.desk, title, columns, rows, len(places)).open()


class LatePage(InsightPage):
    """Regulars who stay away longer than they usually do, and how likely each is to stay away."""

    NAME = "late"
    ABOUT = ("late", "risk")

    def __init__(self, desk: OwnerDesk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.people = RowList(self, empty_key="owner_insight.late.nobody")
        self.below.addWidget(self.section("owner_insight.late.list", self.people))
        self.people.opened.connect(self._open_member)
        self._files: dict[int, MemberId] = {}
        self._late: list[int] = []

    def ask(self, insight: InsightDesk, period: Period, job: Job) -> Any:
        habit = insight.rhythm(period)
        job.report(1, 3)
        risk = insight.churn(period)
        job.report(2, 3)
        return habit, risk, {number: one.id for number, one in insight.members().items()}

    def show_answer(
        self, answer: tuple[Answer[Rhythm], Answer[Churn | TooLittle], dict[int, MemberId]]
    ) -> None:
        found, risk, self._files = answer[0].value, answer[1].value, answer[2]
        late = [
            place
            for place in np.flatnonzero(found.late()).tolist()
            if int(found.member[place]) in self._files
        ]
        late.sort(key=lambda place: (-int(found.visit_count[place]), -float(found.overdue[place])))
        key = "owner_insight.late.some" if late else "owner_insight.late.none"
        tested = (
            "" if isinstance(risk, TooLittle) or isinstance(risk.tested, TooLittle) else self._tested(risk)
        )
        shop = t("owner_insight.late.shop", days=f"{found.shop_gap.value:.0f}")
        self.tell(t(key, count=f"{len(late):,}"), found.period, shop, tested)
        risks = {} if isinstance(risk, TooLittle) else _risks(risk)
        rows = [self._row(found, place, risks) for place in late[:LATE_SHOWN]]
        if len(late) > LATE_SHOWN:
            rows.append(row_of_all(len(late)))
        self.people.set_rows(rows)
        self._late = late

    def _row(self, found: Rhythm, place: int, risks: dict[int, float]) -> RowData:
        number = int(found.member[place])
        risk = risks.get(number)
        return RowData(
            str(number),
            self.desk.who(self._files[number]),
            t(
                "owner_insight.late.habit",
                gap=f"{float(found.median_gap[place]):.0f}",
                visits=int(found.visit_count[place]),
            ),
            t("owner_insight.late.silent", days=int(found.silent_days[place])),
            "" if risk is None else t("owner_insight.late.risk", risk=percent(risk)),
        )

    def _tested(self, risk: Churn) -> str:
        assert not isinstance(risk.tested, TooLittle)
        return t("owner_insight.late.tested", hits=f"{risk.tested.value * 100:.0f}", days=risk.horizon_days)

    def _open_member(self, key: str) -> None:
        if key != ALL:
            self.desk.open_member(self._files[int(key)], self.refresh)
            return
        found: Rhythm = self.answer[0].value
        row = {int(found.member[place]): place for place in self._late}

        def cells(number: int) -> tuple[str, ...]:
            place = row[number]
            gap = t("owner_insight.days_count", days=f"{float(found.median_gap[place]):.0f}")
            return (
                t("owner_insight.days_ago", days=int(found.silent_days[place])),
                gap,
                f"{int(found.visit_count[place]):,}",
            )

        columns = (LAST, Column("owner_insight.column.habit", is_number=True), VISITS)
        open_members(self.desk, t("owner_insight.late.list"), self._files, row, cells, columns)


class FewPage(InsightPage):
    """How much hangs on how few, and how many come again."""

    NAME = "few"
    ABOUT = ("few", "repurchase")
    COMPARES = True

    def __init__(self, desk: OwnerDesk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.curve = LineChart(percent, self)
        self.facts = RowList(self)
        self.below.addWidget(self.section("owner_insight.few.curve", self.curve))
        self.curve.chosen.connect(self._open_best)
        self.below.addWidget(self.section("owner_insight.few.again", self.facts))

    def ask(self, insight: InsightDesk, period: Period, job: Job) -> Any:
        shares = insight.concentration(period)
        job.report(1, 2)
        spent = measure(insight.columns().tickets, period)
        return shares, insight.repurchase(period), spent, files_of(insight)

    def show_answer(self, answer: tuple[Answer[Concentration], Answer[Repurchase], Measures, Files]) -> None:
        found, again = answer[0].value, answer[1].value
        finding = t("owner_insight.few.finding", share=percent(found.top_share.value))
        self.tell(
            finding,
            found.period,
            t("owner_insight.members", n=f"{found.n:,}"),
            t("owner_insight.few.most", share=percent(found.members_for_80)),
        )
        points = tuple(
            Point(
                f"{index}%",
                float(found.curve[index]),
                percent(float(found.curve[index])),
                t("owner_insight.few.point", members=index, share=percent(float(found.curve[index]))),
                str(index) if index else "",
            )
            for index in range(0, 101, CURVE_STEP)
        )
        equal = tuple(index / 100 for index in range(0, 101, CURVE_STEP))
        series = Series(t("charts.now"), points, self._curve_before(), self.before_name)
        band = Band(series, guide=equal, guide_name=t("charts.equal"))
        self.curve.show_band(band, finding, t("owner_insight.few.hint"))
        gap = again.gap_days
        self.facts.set_rows(
            [
                RowData(
                    "",
                    t("owner_insight.few.again_rate"),
                    sure(again.rate),
                    "" if isinstance(again.rate, TooLittle) else percent(again.rate.value),
                ),
                RowData(
                    "",
                    t("owner_insight.few.gap"),
                    little_words(gap)
                    if isinstance(gap, TooLittle)
                    else t("owner_insight.few.gap_sure", low=f"{gap.low:.0f}", high=f"{gap.high:.0f}"),
                    ""
                    if isinstance(gap, TooLittle)
                    else t("owner_insight.days_count", days=f"{gap.value:.0f}"),
                ),
            ]
        )

    def _open_best(self, key: str) -> None:
        """Those who spent most, as many as this point of the curve stands for."""
        spent, files = self.answer[2], self.answer[3]
        order = np.argsort(-spent.monetary, kind="stable")
        best = order[: -(-len(order) * int(key) // 100)].tolist()
        row = {int(spent.member[place]): place for place in best}

        def cells(number: int) -> tuple[str, ...]:
            place = row[number]
            days = t("owner_insight.days_ago", days=int(spent.recency_days[place]))
            return days, f"{int(spent.frequency[place]):,}", self.money(int(spent.monetary[place]))

        title = t("owner_insight.few.best", members=int(key))
        open_members(self.desk, title, files, row, cells, (LAST, VISITS, SPENT))

    def _curve_before(self) -> tuple[Point, ...]:
        if self.before is None:
            return ()
        then: Concentration = self.before[0].value
        return tuple(
            Point(f"{index}%", float(then.curve[index]), percent(float(then.curve[index])), "")
            for index in range(0, 101, CURVE_STEP)
        )


def _risks(found: Churn) -> dict[int, float]:
    """The chance of each to stay away, where it may be told."""
    if isinstance(found.risk, TooLittle):
        return {}
    return dict(zip(found.member.tolist(), found.risk.tolist(), strict=True))
