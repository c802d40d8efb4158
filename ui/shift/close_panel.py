"""Closing, step by step. Each page asks one thing; Enter goes on, Esc goes back; nothing is written before the last Enter.

Who counts blind sees what was expected only after the count is finished.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.domain.errors import Refused, TillError
from app.domain.money import Money, format_money
from app.domain.tender import TenderKind
from app.service.closing import CloseFlow, CloseStep, ShiftClosed
from app.service.till import Till
from ui.context import ScreenContext
from ui.enter_guard import enter_guard
from ui.receipt_preview import ReceiptPreview
from ui.shift.close_pages import CountPage, DifferencePage, FloatPage, HeldPage, NonCashPage
from ui.sync.notices import say_at_closing
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import Card, connect_click
from ui.widgets.text_label import TextLabel

_TITLES: Final = {
    "held": "shiftview.step.held",
    "count": "shiftview.step.count",
    "non_cash": "shiftview.step.non_cash",
    "difference": "shiftview.step.difference",
    "float": "shiftview.step.float",
    "done": "shiftview.step.done",
}


class ClosePanel(QWidget):
    """Signals:
    left(): the operator stepped back from the first step; nothing happened.
    done(): the shift is closed and its report has been seen.
    """

    left = Signal()
    done = Signal()

    def __init__(self, till: Till, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._till = till
        self._context = context
        self._flow: CloseFlow | None = None
        self._has_checked_non_cash = False
        self._is_working = False
        self.closed: ShiftClosed | None = None
        self.held = HeldPage(self)
        self.count = CountPage(till.shop.currency, self)
        self.non_cash = NonCashPage(self)
        self.difference = DifferencePage(self)
        self.keep = FloatPage(till.shop.currency, self)
        self.paper = ReceiptPreview(self)
        self._pages: dict[str, QWidget] = {
            "held": self.held,
            "count": self.count,
            "non_cash": self.non_cash,
            "difference": self.difference,
            "float": self.keep,
            "done": self.paper,
        }
        self._lay_out()
        self.count.counted.connect(self._on_counted)
        self.count.total_keyed.connect(self._on_total)
        self.count.finished.connect(self.go_on)
        self.difference.reason_chosen.connect(self._on_reason)
        self.difference.recount_requested.connect(self._on_recount)
        self.keep.kept.connect(self._on_kept)
        self.keep.entered.connect(self.go_on)

    @property
    def flow(self) -> CloseFlow:
        assert self._flow is not None
        return self._flow

    @property
    def is_working(self) -> bool:
        """Whether the closing is being written."""
        return self._is_working

    def begin(self, flow: CloseFlow) -> None:
        """Start with this flow."""
        self._flow = flow
        self._has_checked_non_cash = False
        self.closed = None
        self.count.clear()
        self._show()

    # --- steps -----------------------------------------------------------------------------------------------------

    @property
    def page(self) -> str:
        """Which page the flow asks for; the non-cash tenders are checked between the count and the difference."""
        match self.flow.step:
            case CloseStep.HELD:
                return "held"
            case CloseStep.COUNT:
                return "count"
            case CloseStep.DONE:
                return "done"
            case _ if not self._has_checked_non_cash and self._non_cash():
                return "non_cash"
            case CloseStep.DIFFERENCE:
                return "difference"
            case _:
                return "float"

    def go_on(self) -> None:
        """Enter: what the present page says is right."""
        if self._is_working:
            return
        try:
            match self.page:
                case "held":
                    self.flow.acknowledge_held()
                case "count":
                    self.flow.finish_count()
                case "non_cash":
                    self._has_checked_non_cash = True
                case "difference":
                    self.flow.explain(self.difference.own.text)
                case "float":
                    self._complete()
                    return
                case _:
                    self.done.emit()
                    return
        except Refused as error:
            self._context.messages.refused(error)
            return
        self._show()

    def step_back(self) -> None:
        """Esc: the step before; from the first one out of the closing."""
        if self._is_working:
            return
        match self.page:
            case "held" | "count":
                self.left.emit()
                return
            case "done":
                self.done.emit()
                return
            case "non_cash" | "difference":
                self.flow.recount()
                self._has_checked_non_cash = False
            case _:
                if self.flow.difference:
                    self.flow.reason = ""
                    self.flow.kept = None
                else:
                    self.flow.recount()
                    self._has_checked_non_cash = False
        self._show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if enter_guard.accepts(event):
                self.go_on()
            event.accept()
        elif self.page == "difference" and event.text().isdigit() and not event.isAutoRepeat():
            self.difference.choose(int(event.text()) - 1)
            event.accept()
        else:
            super().keyPressEvent(event)

    def _complete(self) -> None:
        amount = self.keep.amount
        if amount is None:
            return
        try:
            self.flow.keep(amount)
        except Refused as error:
            self.keep.field.refuse(error)
            return
        self._set_working(True)
        self._context.tasks.run(
            self.flow.complete,
            self._on_complete,
            self._on_failed,
            on_end=lambda: self._set_working(False),
            owner=self,
        )

    def _on_complete(self, closed: ShiftClosed) -> None:
        self.closed = closed
        assert closed.report.totals is not None
        self._context.messages.good("shiftview.closed", number=closed.report.totals.z_number)
        say_at_closing(self._context)
        self._show()

    def _on_failed(self, error: TillError) -> None:
        self._set_working(False)
        self._context.messages.refused(error)
        self._show()

    # --- what the pages ask ----------------------------------------------------------------------------------------

    def _on_counted(self, worth: int, pieces: int) -> None:
        try:
            self.flow.count(worth, pieces)
        except Refused as error:
            self.count.total.say(error.text_key, tone="danger", **error.fields)
        self._show_counted()

    def _on_total(self, amount: Money) -> None:
        try:
            self.flow.count_total(amount)
        except Refused as error:
            self.count.total.refuse(error)
        self._show_counted()

    def _on_reason(self, reason: str) -> None:
        self.flow.explain(reason)
        self._show()

    def _on_recount(self) -> None:
        self.flow.recount()
        self._has_checked_non_cash = False
        self._show()

    def _on_kept(self, amount: Money) -> None:
        self.keep.show_bank(self.flow.counted - amount if amount <= self.flow.counted else None)

    # --- what is shown ---------------------------------------------------------------------------------------------

    def _show(self) -> None:
        name = self.page
        self._title.show_text(_TITLES[name])
        self._stack.setCurrentWidget(self._pages[name])
        self.next.show_text("shiftview.next_done" if name == "done" else "shiftview.next")
        if name == "float":
            self.next.show_text("shiftview.next_close")
        self.previous.setVisible(name != "done")
        match name:
            case "held":
                self.held.show_held(self.flow.held, self._till.clock.local().tzinfo)
                self.setFocus()
            case "count":
                self._show_counted()
                self.count.start()
            case "non_cash":
                self.non_cash.show_tenders(self._non_cash())
                self.setFocus()
            case "difference":
                self._show_difference()
                self.setFocus()
            case "float":
                self.keep.show_flow(self.flow)
                self.keep.start()
            case _:
                assert self.closed is not None
                self.paper.show_document(self.closed.document)
                self.setFocus()

    def _show_counted(self) -> None:
        self.count.show_expected(self.flow.counted, self.flow.expected)

    def _show_difference(self) -> None:
        expected, difference = self.flow.expected, self.flow.difference
        assert expected is not None
        assert difference is not None
        self.difference.show_difference(self.flow.counted, expected, difference)

    def _non_cash(self) -> list[tuple[str, str]]:
        settlement = self.flow.settlement
        return [
            (f"shiftview.tender.{kind.value}", format_money(settlement.money(total.net_minor)))
            for kind, total in settlement.tenders.items()
            if kind not in (TenderKind.CASH, TenderKind.POINTS)
        ]

    def _set_working(self, is_working: bool) -> None:
        self._is_working = is_working
        self.next.setEnabled(not is_working)
        self.previous.setEnabled(not is_working)

    def _lay_out(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        card = Card(parent=self)
        card.body.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        self._title = TextLabel(parent=card, type=TypeRole.TITLE)
        self._stack = QStackedWidget(card)
        for page in self._pages.values():
            self._stack.addWidget(page)
        self.previous = Button("shiftview.previous", Kind.GHOST, card)
        self.next = Button("shiftview.next", Kind.PRIMARY, card)
        connect_click(self.previous, self.step_back)
        connect_click(self.next, self.go_on)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.previous)
        foot.addWidget(self.next)
        card.body.addWidget(self._title)
        card.body.addWidget(self._stack, 1)
        card.body.addLayout(foot)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(card)
