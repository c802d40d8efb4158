"""The papers that have not come out: what each waits for, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.i18n import t
from ui.devices.moments import shown_moment
from ui.devices.picture import StateWords, Words
from ui.devices.row import DeviceRow
from ui.widgets.buttons import Kind
from ui.widgets.form import Card
from ui.widgets.status_lamp import Lamp

if TYPE_CHECKING:
    from app.service.printing import WaitingPaper
    from app.service.till import Till
    from ui.context import ScreenContext

_LAMPS = {"unknown": Lamp.BAD, "held": Lamp.WARN, "waiting": Lamp.WARN}


class PapersCard(Card):
    """Hidden while there are none."""

    def __init__(self, till: Till, context: ScreenContext, parent: QWidget) -> None:
        super().__init__("devices_ui.papers.title", parent, panel="sunken")
        self._till = till
        self._context = context
        self._shown: tuple[WaitingPaper, ...] = ()
        self.rows: list[DeviceRow] = []
        self.hide()

    def read(self) -> None:
        """Look again, on the store's worker."""
        self._context.tasks.run(self._till.printing.waiting, self.show_papers, owner=self)

    def show_papers(self, papers: tuple[WaitingPaper, ...]) -> None:
        if papers != self._shown:
            self._shown = papers
            self.show_again()

    def show_again(self) -> None:
        for row in self.rows:
            row.hide()
            row.deleteLater()
        self.rows = [self._row(one) for one in self._shown]
        for row in self.rows:
            self.body.addWidget(row)
        self.setVisible(bool(self.rows))

    def _row(self, paper: WaitingPaper) -> DeviceRow:
        row = DeviceRow(self)
        title = f"{t(paper.paper_key)} {paper.number}".strip()
        when = shown_moment(paper.created_at, self._till.clock)
        why = t(paper.why_key, None, address=self._address()) if paper.why_key else ""
        state = StateWords(_LAMPS.get(paper.state, Lamp.IDLE), Words(paper.state_key))
        row.show_device(title, state, "　".join(part for part in (when, why) if part))
        printing, number = self._till.printing, paper.job_id
        if paper.state == "unknown":
            row.add("devices_ui.strip.yes", partial(self._do, lambda: printing.answer(number, True)))
            row.add("devices_ui.strip.no", partial(self._do, lambda: printing.answer(number, False)))
            return row
        if paper.is_held_by_hand:
            row.add("devices_ui.papers.resume", partial(self._do, lambda: printing.resume(number)))
        elif paper.state in ("queued", "held"):
            row.add("devices_ui.papers.hold", partial(self._do, lambda: printing.hold(number)))
        if paper.state in ("queued", "held", "waiting"):
            cancel = partial(self._do, lambda: printing.cancel(number))
            row.add("devices_ui.papers.cancel", cancel, Kind.GHOST)
        return row

    def _address(self) -> str:
        printer = self._context.devices.picture.printer
        return printer.address if printer is not None else ""

    def _do(self, act: Callable[[], None]) -> None:
        self._context.tasks.run(act, on_end=self._context.devices.read_papers, owner=self)
