"""Cash in, cash out, and opening the drawer: what, how much, why. Over the limit a second person is asked, once."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.authority import Approval
from app.domain.errors import ApprovalNeeded, Refused, TillError
from app.domain.money import Money, format_money, parse_amount
from app.domain.transaction import ControlTransaction, TransactionKind
from app.service.till import Till
from ui.context import ScreenContext
from ui.returns.flow import approval_asked
from ui.theme import Space
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import Choice, Field, connect_click, row_of
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel

KINDS: Final = (TransactionKind.PAID_OUT, TransactionKind.PAID_IN, TransactionKind.NO_SALE)


class CashSheet(Sheet):
    """One movement. Its result is the ControlTransaction, or None."""

    def __init__(
        self,
        window: QWidget,
        till: Till,
        context: ScreenContext,
        kind: TransactionKind = TransactionKind.PAID_OUT,
    ) -> None:
        super().__init__(window, "shiftview.cash.title", width=640)
        self._till = till
        self._context = context
        self._is_working = False
        self._reason = ""
        self._buttons: list[Button] = []
        self.kind = Choice(tuple((one, f"shiftview.cash.{one.value}") for one in KINDS), kind, self.panel)
        self.amount = Field("shiftview.cash.amount", self.panel, is_number=True, characters_max=12)
        self.note = Field("shiftview.cash.note", self.panel, characters_max=200, width=1_000)
        self._reasons = QWidget(self.panel)
        self._reasons_box = QVBoxLayout(self._reasons)
        self._reasons_box.setContentsMargins(0, 0, 0, 0)
        self._reasons_box.setSpacing(Space.S)
        self.body.addWidget(self.kind)
        self.body.addWidget(self.amount)
        self.body.addWidget(TextLabel("shiftview.cash.reason", self.panel, tone="muted"))
        self.body.addWidget(self._reasons)
        self.body.addWidget(self.note)
        no = Button("ui.cancel", Kind.GHOST, self.panel)
        self.yes = Button("ui.confirm", Kind.PRIMARY, self.panel)
        connect_click(no, self.step_back)
        connect_click(self.yes, self._on_confirmed)
        self.add_button(no)
        self.add_button(self.yes, is_default=True)
        self.kind.chosen.connect(lambda _: self._show_kind())
        self.amount.entered.connect(self._on_confirmed)
        self.note.entered.connect(self._on_confirmed)
        self._show_kind()

    def choose_reason(self, index: int) -> None:
        """The reason at this place of the list."""
        reasons = self._till.control.reasons(self.kind.value)
        self._reason = reasons[index]
        for place, button in enumerate(self._buttons):
            button.setChecked(place == index)
        self.note.setVisible(index == len(reasons) - 1)

    def _show_kind(self) -> None:
        for button in self._buttons:
            button.deleteLater()
        self._buttons = []
        while (item := self._reasons_box.takeAt(0)) is not None:
            item.invalidate()
        for index, reason in enumerate(self._till.control.reasons(self.kind.value)):
            button = Button(parent=self._reasons, size="compact")
            button.show_plain(reason)
            button.setCheckable(True)
            connect_click(button, partial(self.choose_reason, index))
            self._buttons.append(button)
        half = (len(self._buttons) + 1) // 2 if len(self._buttons) > 3 else len(self._buttons)
        for part in (self._buttons[:half], self._buttons[half:]):
            if part:
                self._reasons_box.addLayout(row_of(*part))
        self.amount.setVisible(self.kind.value is not TransactionKind.NO_SALE)
        self.choose_reason(0)
        self.set_first_focus(self.amount.edit if self.amount.isVisibleTo(self) else self)
        if self.amount.isVisible():
            self.amount.edit.setFocus()

    def _on_confirmed(self) -> None:
        self._try(None)

    def _try(self, approval: Approval | None) -> None:
        if self._is_working:
            return
        try:
            amount = self._amount()
        except Refused as error:
            self.amount.refuse(error)
            return
        control, kind, reason, note = self._till.control, self.kind.value, self._reason, self.note.text

        def record() -> ControlTransaction:
            if kind is TransactionKind.NO_SALE:
                return control.no_sale(reason, note=note, approval=approval)
            move = control.paid_in if kind is TransactionKind.PAID_IN else control.paid_out
            return move(amount, reason, note=note, approval=approval)

        self._is_working = True
        self._context.tasks.run(record, self._on_done, self._on_failed, on_end=self._on_end, owner=self)

    def _amount(self) -> Money:
        currency = self._till.shop.currency
        if self.kind.value is TransactionKind.NO_SALE:
            return Money(0, currency)
        minor = parse_amount(self.amount.text, currency)
        if minor is None:
            raise Refused("amount_unreadable", text=self.amount.text)
        return Money(minor, currency)

    def _on_done(self, done: ControlTransaction) -> None:
        self._context.messages.good(
            f"shiftview.cash.done_{done.header.kind.value}",
            amount=format_money(Money(abs(done.amount.minor), done.amount.currency)),
        )
        self.finish(done)

    def _on_end(self) -> None:
        self._is_working = False

    def _on_failed(self, error: TillError) -> None:
        self._is_working = False
        match error:
            case ApprovalNeeded():
                right, amount = approval_asked(error)
                self._context.ask_approval(right, amount, self._try)
            case Refused(code="note_needed"):
                self.note.refuse(error)
            case Refused() if self.amount.isVisible() and error.code != "reason_needed":
                self.amount.refuse(error)
            case _:
                self._context.messages.refused(error)
