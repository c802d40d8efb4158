"""Insight about the way of members: their stages, who moved between segments, and whether newcomers come a second time."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from PySide6.QtWidgets import QWidget

from app.i18n import t
from app.insight.lifecycle import BySilence, ByVisits, Lifecycle, Moves, ReturnCurve, moves
from app.insight.rfm import NOT_THERE, Migration, Rfm, Segment, movers
from app.insight.values import Estimate, Period, TooLittle
from app.service.insight_desk import Answer, InsightDesk, Kind
from ui.charts.heat_map import HeatMap
from ui.charts.lines import LineChart
from ui.charts.values import Band, Cell, Grid, Point, Series
from ui.owner.behind import DAY, LAST, SPENT, VISITS, Files, files_of, open_members, whole_until
from ui.owner.desk import OwnerDesk
from ui.owner.insight_page import InsightPage, Span, days_words, little_words, percent, sure
from ui.owner.rows import RowData, RowList
from ui.tasks import Job
from ui.widgets.record_table import Column

STAGES: Final = (ByVisits.REGULAR, ByVisits.RETURNING, ByVisits.NEW)
SILENCES: Final = tuple(BySilence)
NOT_YET: Final = len(BySilence)
STAGE_PIXELS: Final = 210
MOVE_PIXELS: Final = 400
MOVES_SHOWN: Final = 12
CURVE_POINTS: Final = 24


class StagesPage(InsightPage):
    """Where members are on their way, how they moved in the days shown, and what "lost" was read off."""

    NAME = "stages"
    SPAN = Span.QUARTER
    ABOUT = ("stages", "silence", "back")

    def __init__(self, desk: OwnerDesk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.map = HeatMap(self, height=STAGE_PIXELS)
        self.moved = HeatMap(self, height=STAGE_PIXELS)
        self.curve = LineChart(percent, self)
        self.below.addWidget(self.section("owner_life.stages.map", self.map))
        self.moved_card = self.section("owner_life.stages.moved", self.moved)
        self.below.addWidget(self.moved_card)
        self.curve_card = self.section("owner_life.stages.curve", self.curve)
        self.below.addWidget(self.curve_card)
        self.map.chosen.connect(self._open_stage)
        self.moved.chosen.connect(self._open_moved)
        self._files: Files = {}
        self._moves: Moves | None = None

    def ask(self, insight: InsightDesk, period: Period, job: Job) -> Any:
        everything = insight.everything()
        whole = whole_until(everything, period.last)
        if whole is None:
            return Answer(Kind.LIFECYCLE, period, TooLittle("members", 0, 1), 0)
        after = insight.lifecycle(whole)
        job.report(1, 3)
        earlier = whole_until(everything, period.first - DAY)
        before = None
        if earlier is not None and not isinstance(after.value, TooLittle):
            before = insight.lifecycle(earlier, after.value.limits)
        job.report(2, 3)
        return after, before, insight.return_curve(whole), files_of(insight), period

    def show_answer(self, answer: Any) -> None:
        after, before, curve, self._files, period = answer
        found: Lifecycle = after.value
        counts = found.counts
        finding = _finding(found)
        limits = found.limits
        key = "measured" if limits.is_measured else "assumed"
        silence = t(f"owner_life.stages.{key}", dormant=limits.dormant_days, lost=limits.lost_days)
        self.tell(finding, found.period, t("owner_insight.members", n=f"{found.n:,}"), silence)
        most = int(counts.max()) or 1
        cells = tuple(
            tuple(self._stage_cell(stage, silent, int(counts[stage, silent]), most) for silent in SILENCES)
            for stage in STAGES
        )
        rows = tuple(_stage(stage) for stage in STAGES)
        columns = tuple(_silence(silent) for silent in SILENCES)
        self.map.show_grid(Grid(rows, columns, cells), finding, t("owner_life.stages.hint"))
        self._show_moves(before, found, period)
        self._show_curve(curve.value)

    def _stage_cell(self, stage: ByVisits, silent: BySilence, count: int, most: int) -> Cell:
        words = t("owner_life.stages.cell", stage=_stage(stage), silence=_silence(silent), count=f"{count:,}")
        return Cell(count / most, f"{count:,}", words, f"{int(stage)}:{int(silent)}" if count else "")

    def _show_moves(
        self, before: Answer[Lifecycle | TooLittle] | None, found: Lifecycle, period: Period
    ) -> None:
        then = before.value if before is not None else None
        self._moves = moves(then, found) if isinstance(then, Lifecycle) else None
        self.moved_card.setVisible(self._moves is not None)
        if self._moves is None:
            return
        counts = self._moves.counts
        most = int(counts.max()) or 1
        cells = tuple(
            tuple(self._moved_cell(was, now, int(counts[was, now]), most) for now in SILENCES)
            for was in range(NOT_YET + 1)
        )
        rows = tuple(t("owner_life.stages.was", silence=_was(was)) for was in range(NOT_YET + 1))
        columns = tuple(t("owner_life.stages.now", silence=_silence(now)) for now in SILENCES)
        finding = t("owner_life.stages.back", count=f"{self._moves.back:,}")
        hint = t("owner_life.stages.moved_hint", days=days_words(period))
        self.moved_card.title.show_plain(finding)
        self.moved.show_grid(Grid(rows, columns, cells), finding, hint)

    def _moved_cell(self, was: int, now: BySilence, count: int, most: int) -> Cell:
        words = t("owner_life.stages.moved_cell", was=_was(was), now=_silence(now), count=f"{count:,}")
        return Cell(count / most, f"{count:,}", words, f"{was}:{int(now)}" if count else "")

    def _show_curve(self, curve: ReturnCurve | TooLittle) -> None:
        self.curve_card.setVisible(isinstance(curve, ReturnCurve))
        if isinstance(curve, TooLittle):
            return
        days = np.unique(np.linspace(0, len(curve.chance) - 1, CURVE_POINTS).astype(int)).tolist()
        points = tuple(
            Point(
                str(day),
                float(curve.chance[day]),
                percent(float(curve.chance[day])),
                t(
                    "owner_life.stages.point",
                    days=day,
                    share=percent(float(curve.chance[day])),
                    low=percent(float(curve.low[day])),
                    high=percent(float(curve.high[day])),
                    horizon=curve.horizon_days,
                    n=f"{int(curve.n[day]):,}",
                ),
            )
            for day in days
        )
        band = Band(
            Series("", points),
            tuple(float(curve.low[day]) for day in days),
            tuple(float(curve.high[day]) for day in days),
        )
        title = t("owner_life.stages.curve_title", horizon=curve.horizon_days)
        self.curve_card.title.show_plain(title)
        self.curve.show_band(band, title, t("owner_life.stages.curve_hint"))

    def _open_stage(self, key: str) -> None:
        stage, silent = (int(part) for part in key.split(":"))
        found: Lifecycle = self.answer[0].value
        chosen = (found.by_visits == stage) & (found.by_silence == silent)
        title = t(
            "owner_life.stages.people", stage=_stage(ByVisits(stage)), silence=_silence(BySilence(silent))
        )
        self._open(title, found.member[chosen])

    def _open_moved(self, key: str) -> None:
        was, now = (int(part) for part in key.split(":"))
        found: Lifecycle = self.answer[0].value
        assert self._moves is not None
        chosen = (self._moves.was == was) & (found.by_silence == now)
        title = t("owner_life.stages.moved_people", was=_was(was), now=_silence(BySilence(now)))
        self._open(title, found.member[chosen])

    def _open(self, title: str, members: Any) -> None:
        found: Lifecycle = self.answer[0].value
        stage = dict(zip(found.member.tolist(), found.by_visits.tolist(), strict=True))
        open_members(
            self.desk,
            title,
            self._files,
            members.tolist(),
            lambda number: (_stage(ByVisits(stage[number])),),
            (_COLUMN_STAGE,),
        )


class MovesPage(InsightPage):
    """Who moved between the eight segments from the first day shown to the last, by the same cut-offs."""

    NAME = "moves"
    SPAN = Span.QUARTER
    ABOUT = ("moves", "segments", "cuts")

    def __init__(self, desk: OwnerDesk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.map = HeatMap(self, height=MOVE_PIXELS)
        self.list = RowList(self, empty_key="owner_life.moves.none")
        self.below.addWidget(self.section("owner_life.moves.list", self.list))
        self.below.addWidget(self.section("owner_life.moves.map", self.map))
        self.map.chosen.connect(self._open)
        self.list.opened.connect(self._open)
        self._files: Files = {}

    def ask(self, insight: InsightDesk, period: Period, job: Job) -> Any:
        first = period.first - DAY
        moved = insight.moves(first, period.last)
        job.report(1, 2)
        if isinstance(moved.value, TooLittle):
            return moved
        spans = insight.windows(first, period.last)
        assert not isinstance(spans, TooLittle)
        later = insight.rfm(spans[1])
        assert isinstance(later.value, Rfm)
        return moved, insight.rfm(spans[0], later.value.cuts), later, files_of(insight)

    def show_answer(self, answer: Any) -> None:
        moved, self._files = answer[0].value, answer[3]
        assert isinstance(moved, Migration)
        slipped = int(moved.members[Segment.KEY_VALUE, Segment.KEY_KEEP])
        since = f"{moved.before.last:%Y/%m/%d}"
        if slipped:
            finding = t("owner_life.moves.slipped", count=f"{slipped:,}", since=since)
        elif isinstance(moved.stayed, Estimate):
            finding = t("owner_life.moves.stayed", share=percent(moved.stayed.value), since=since)
        else:
            finding = little_words(moved.stayed)
        steady = (
            "" if isinstance(moved.stayed, TooLittle) else t("owner_life.moves.sure", sure=sure(moved.stayed))
        )
        self.tell(
            finding,
            Period(moved.before.last, moved.after.last),
            t("owner_life.moves.windows", days=moved.after.days),
            t("owner_insight.members", n=f"{moved.n:,}"),
            steady,
        )
        self._show_list(moved)
        self._show_map(moved, finding)

    def _show_list(self, moved: Migration) -> None:
        """The moves of most members; who stayed and who is new are not among them."""
        size = NOT_THERE
        order = [
            (int(moved.members[was, now]), was, now)
            for was in range(size)
            for now in range(size + 1)
            if was != now and moved.members[was, now]
        ]
        order.sort(key=lambda one: (-one[0], one[1], one[2]))
        self.list.set_rows(
            [
                RowData(
                    f"{was}:{now}",
                    t("owner_life.moves.row", was=_segment(was), now=_segment(now)),
                    t(
                        "owner_life.moves.of",
                        share=percent(count / int(moved.members[was].sum())),
                        was=_segment(was),
                    ),
                    t("owner_insight.people_count", count=f"{count:,}"),
                )
                for count, was, now in order[:MOVES_SHOWN]
            ]
        )

    def _show_map(self, moved: Migration, finding: str) -> None:
        size = NOT_THERE + 1
        totals = moved.members.sum(axis=1)
        cells = tuple(
            tuple(
                self._cell(was, now, int(moved.members[was, now]), int(totals[was]) or 1)
                for now in range(size)
            )
            for was in range(size)
        )
        names = tuple(_segment(one) for one in range(size))
        short = tuple(_short(one) for one in range(size))
        self.map.show_grid(Grid(names, short, cells), finding, t("owner_life.moves.hint"))

    def _cell(self, was: int, now: int, count: int, total: int) -> Cell:
        words = t("owner_life.moves.cell", was=_segment(was), now=_segment(now), count=f"{count:,}")
        key = f"{was}:{now}" if count else ""
        return Cell(count / total, f"{count:,}" if count else "", words, key)

    def _open(self, key: str) -> None:
        was, now = (int(part) for part in key.split(":"))
        earlier, later = self.answer[1].value, self.answer[2].value
        members = movers(earlier, later, was, now)
        shown = later if now != NOT_THERE else earlier
        place = np.searchsorted(shown.measures.member, members)
        order = np.argsort(-shown.measures.monetary[place], kind="stable")
        at = dict(zip(members.tolist(), place.tolist(), strict=True))

        def cells(number: int) -> tuple[str, ...]:
            measures, row = shown.measures, at[number]
            silent = int(measures.recency_days[row])
            if now == NOT_THERE:
                silent += (later.period.last - earlier.period.last).days
            return (
                t("owner_insight.days_ago", days=silent),
                f"{int(measures.frequency[row]):,}",
                self.money(int(measures.monetary[row])),
            )

        title = t("owner_life.moves.row", was=_segment(was), now=_segment(now))
        open_members(self.desk, title, self._files, members[order].tolist(), cells, (LAST, VISITS, SPENT))


def _finding(found: Lifecycle) -> str:
    by_visits = found.counts.sum(axis=1)
    if not by_visits[ByVisits.REGULAR]:
        new, returning = by_visits[ByVisits.NEW], by_visits[ByVisits.RETURNING]
        return t("owner_life.stages.no_regulars", new=f"{int(new):,}", returning=f"{int(returning):,}")
    regular = found.counts[ByVisits.REGULAR]
    return t(
        "owner_life.stages.finding",
        active=f"{int(regular[BySilence.ACTIVE]):,}",
        dormant=f"{int(regular[BySilence.DORMANT]):,}",
        lost=f"{int(regular[BySilence.LOST]):,}",
    )


_COLUMN_STAGE: Final = Column("owner_life.column.stage")


def _stage(stage: ByVisits) -> str:
    return t(f"insight.stage.{stage.name.lower()}")


def _silence(silent: BySilence) -> str:
    return t(f"insight.silence.{silent.name.lower()}")


def _was(was: int) -> str:
    return t("owner_life.stages.not_yet") if was == NOT_YET else _silence(BySilence(was))


def _segment(segment: int) -> str:
    if segment == NOT_THERE:
        return t("insight.not_there")
    return t(f"owner_insight.segment.{Segment(segment).name.lower()}")


def _short(segment: int) -> str:
    """A segment over a narrow column."""
    if segment == NOT_THERE:
        return t("owner_life.short.not_there")
    return t(f"owner_life.short.{Segment(segment).name.lower()}")
