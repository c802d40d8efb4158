"""Insight about who comes back: the new members of each month, and how many of them came in each month after it."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from PySide6.QtWidgets import QWidget

from app.i18n import t
from app.insight.cohort import Triangle, came
from app.insight.columns import Tickets
from app.insight.values import Period, TooLittle, proportion
from app.service.insight_desk import Answer, InsightDesk
from ui.charts.heat_map import HeatMap
from ui.charts.values import Cell, Grid
from ui.owner.behind import Files, files_of, open_members
from ui.owner.desk import OwnerDesk
from ui.owner.insight_page import InsightPage, little_words, percent, sure
from ui.tasks import Job, Worker

TRIANGLE_PIXELS: Final = 380


class CohortPage(InsightPage):
    NAME = "cohort"
    ABOUT = ("cohort",)

    def __init__(self, desk: OwnerDesk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.map = HeatMap(self, height=TRIANGLE_PIXELS)
        self.map_card = self.section("owner_insight.cohort.map", self.map)
        self.below.addWidget(self.map_card)
        self.map.chosen.connect(self._open_cell)

    def ask(self, insight: InsightDesk, period: Period, job: Job) -> Any:
        answer = insight.cohort(period)
        job.check()
        return answer, insight.columns().tickets, files_of(insight)

    def show_answer(self, answer: tuple[Answer[Triangle], Tickets, Files]) -> None:
        found = answer[0].value
        known = found.is_complete[:, 1] & (found.size > 0) if found.active.shape[1] > 1 else np.zeros(0, bool)
        came, size = (
            int(found.active[known, 1].sum()) if known.any() else 0,
            int(found.size[known].sum()) if known.any() else 0,
        )
        rate = proportion(came, size)
        certain = ""
        if not size:
            finding = t("owner_insight.cohort.too_soon")
        elif isinstance(rate, TooLittle):
            finding = little_words(rate)
        else:
            finding = t("owner_insight.cohort.finding", share=percent(rate.value))
            certain = t(
                "owner_insight.cohort.sure", low=percent(rate.low), high=percent(rate.high), n=f"{size:,}"
            )
        self.tell(finding, found.period, certain, t("owner_insight.members", n=f"{found.n:,}"))
        self.map_card.setVisible(bool(size))
        if size:
            self.map.show_grid(self._grid(found), finding, t("owner_insight.cohort.hint"))

    def _grid(self, found: Triangle) -> Grid:
        """From the first month with new members on."""
        start = int(np.flatnonzero(found.size)[0])
        width = found.active.shape[1] - start
        rows = tuple(
            t("owner_insight.cohort.row", month=f"{month:%Y/%m}", n=f"{int(found.size[index]):,}")
            for index, month in enumerate(found.months)
            if index >= start
        )
        columns = tuple(t("owner_insight.cohort.column", month=month) for month in range(width))
        cells = tuple(
            tuple(self._cell(found, c, k) for k in range(width)) for c in range(start, len(found.months))
        )
        return Grid(rows, columns, cells)

    def _cell(self, found: Triangle, cohort: int, month: int) -> Cell:
        size = int(found.size[cohort])
        if not found.is_complete[cohort, month] or not size:
            return Cell(None, "", "")
        said = found.cell(cohort, month)
        words = little_words(said) if isinstance(said, TooLittle) else sure(said) if said is not None else ""
        count = int(found.active[cohort, month])
        value = f"{count:,}" if isinstance(said, TooLittle) else percent(count / size)
        name = t("owner_insight.cohort.cell", month=f"{found.months[cohort]:%Y/%m}", later=month)
        return Cell(count / size, value, f"{name} {words}", f"{cohort}:{month}" if count else "")

    def _open_cell(self, key: str) -> None:
        """Who stands in a cell is looked up when somebody asks."""
        cohort, month = (int(part) for part in key.split(":"))
        answer, tickets, files = self.answer
        found: Triangle = answer.value
        title = t("owner_insight.cohort.people", month=f"{found.months[cohort]:%Y/%m}", later=month)

        def show(members: Any) -> None:
            open_members(self.desk, title, files, members.tolist(), lambda _: (), ())

        self.desk.context.tasks.run(
            lambda: came(tickets, found, cohort, month), show, worker=Worker.POOL, owner=self
        )
