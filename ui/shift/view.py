"""The shift screen: open it, see how it stands, move cash, close it. Which of these is shown follows from the till alone."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.domain.errors import TillError
from app.domain.transaction import TransactionKind
from app.service.shift_report import ShiftReport
from app.service.till import Till
from ui.context import Screen, ScreenContext
from ui.enter_guard import enter_guard
from ui.keys import Action
from ui.shift.cash_movement import CashSheet
from ui.shift.close_panel import ClosePanel
from ui.shift.open_panel import OpenPanel
from ui.shift.report_panel import ReportPanel
from ui.shift.words import date_text
from ui.theme import Space
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import ScreenFrame, connect_click, row_of

_DIGITS: Final = "1234"


class ShiftView(ScreenFrame):
    """The shift."""

    def __init__(self, till: Till, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__("shiftview.title", parent)
        self._till = till
        self._context = context
        self.open_panel = OpenPanel(till, context, self)
        self.report_panel = ReportPanel(self)
        self.close_panel = ClosePanel(till, context, self)
        self._report_page = self._make_report_page()
        self.pages = QStackedWidget(self)
        for page in (self.open_panel, self._report_page, self.close_panel):
            self.pages.addWidget(page)
        self.body.addWidget(self.pages, 1)
        self.open_panel.opened.connect(lambda: context.go_to(Screen.SALE, None))
        self.close_panel.left.connect(self.refresh)
        self.close_panel.done.connect(self._on_closed)
        self.back_requested.connect(lambda: context.go_to(Screen.SALE, None))

    # --- what the window calls -------------------------------------------------------------------------------------

    def begin(self, argument: object) -> None:
        """The screen is shown; the key for cash in and out opens that at once."""
        self.refresh()
        if argument is Action.CASH_DRAWER:
            self._move_cash(TransactionKind.PAID_OUT)

    def handle_action(self, action: Action) -> bool:
        if action is Action.CASH_DRAWER:
            self._move_cash(TransactionKind.PAID_OUT)
            return True
        return action is Action.SHIFT

    def step_back(self) -> None:
        """Esc: one step of the closing, or back to the till."""
        if self.pages.currentWidget() is self.close_panel:
            self.close_panel.step_back()
        else:
            super().step_back()

    def refresh(self) -> None:
        """Show what the till's state asks for."""
        shift = self._till.session.shift
        if shift is None or not shift.is_open:
            self.title.show_text("shiftview.title_open")
            self.subtitle.show_plain("")
            self.pages.setCurrentWidget(self.open_panel)
            self.open_panel.refresh()
            self.open_panel.start()
            return
        self.title.show_text("shiftview.title")
        self.subtitle.show_text("shiftview.business_date", date=date_text(shift.business_date))
        self.pages.setCurrentWidget(self._report_page)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._read_report()

    # --- Qt --------------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.pages.currentWidget() is self.open_panel:
            self.open_panel.start()
        elif self.pages.currentWidget() is self._report_page:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.pages.currentWidget() is self._report_page:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                if enter_guard.accepts(event):
                    self._begin_close()
                event.accept()
                return
            if event.text() and event.text() in _DIGITS and not event.isAutoRepeat():
                (self.print_x, self.paid_in, self.paid_out, self.no_sale)[_DIGITS.index(event.text())].click()
                event.accept()
                return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        shift = self._till.session.shift
        if (
            event.type() == QEvent.Type.LanguageChange
            and self.isVisible()
            and self.pages.currentWidget() is not self.close_panel
        ):
            if shift is not None:
                self.subtitle.show_text("shiftview.business_date", date=date_text(shift.business_date))
            else:
                self.open_panel.refresh()

    # --- inside ----------------------------------------------------------------------------------------------------

    def _read_report(self) -> None:
        self._context.tasks.run(self._till.shifts.x_report, self.report_panel.show_report, owner=self)

    def _on_print(self) -> None:
        def done(report: ShiftReport) -> None:
            self.report_panel.show_report(report)
            self._context.messages.good("shiftview.x_printed")

        self._context.tasks.run(self._till.shifts.print_x, done, owner=self)

    def _move_cash(self, kind: TransactionKind) -> None:
        shift = self._till.session.shift
        if shift is None:
            self._context.messages.warn("error.no_open_shift")
            return
        sheet = CashSheet(self.window(), self._till, self._context, kind)
        sheet.finished.connect(lambda done: self._read_report() if done is not None else None)
        sheet.open()

    def _begin_close(self) -> None:
        if not self._till.checkout.basket.is_empty:
            self._context.messages.warn("shiftview.basket_open")
            return
        try:
            flow = self._till.shifts.begin_close()
        except TillError as error:
            self._context.messages.refused(error)
            return
        self.title.show_text("shiftview.title_close")
        self.pages.setCurrentWidget(self.close_panel)
        self.close_panel.begin(flow)

    def _on_closed(self) -> None:
        self._till.authority.sign_off()
        self._context.go_to(Screen.SIGN_ON, None)

    def _make_report_page(self) -> QWidget:
        page = QWidget(self)
        self.print_x = Button("shiftview.print_x", parent=page)
        self.paid_in = Button("shiftview.do_paid_in", parent=page)
        self.paid_out = Button("shiftview.do_paid_out", parent=page)
        self.no_sale = Button("shiftview.do_no_sale", parent=page)
        self.close_shift = Button("shiftview.do_close", Kind.PRIMARY, page)
        connect_click(self.print_x, self._on_print)
        connect_click(self.paid_in, lambda: self._move_cash(TransactionKind.PAID_IN))
        connect_click(self.paid_out, lambda: self._move_cash(TransactionKind.PAID_OUT))
        connect_click(self.no_sale, lambda: self._move_cash(TransactionKind.NO_SALE))
        connect_click(self.close_shift, self._begin_close)
        row = row_of(self.print_x, self.paid_in, self.paid_out, self.no_sale)
        row.addWidget(self.close_shift)
        box = QVBoxLayout(page)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(Space.M)
        box.addWidget(self.report_panel, 1)
        box.addLayout(row)
        return page
