"""Past sales: the list, the receipt as it was printed, and what may be done with one: print it again, return it, void it.

A reprint is the stored paper with its mark, never a new one; nothing here opens the drawer.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain import entry as entries
from app.domain.errors import Refused, TillError
from app.domain.member import mask_name
from app.domain.money import format_money
from app.domain.phone import mask_phone
from app.domain.receipt import ReceiptDocument
from app.domain.transaction import RetailTransaction, Transaction, TransactionKind
from app.i18n import t
from app.service.till import Till
from ui.context import Screen, ScreenContext
from ui.keys import Action
from ui.receipt_preview import ReceiptPreview
from ui.returns.sales import local_time
from ui.returns.voiding import ask_to_void
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.entry_line import EntryLine
from ui.widgets.form import Card, ScreenFrame, connect_click
from ui.widgets.record_table import Column, RecordTable
from ui.widgets.text_label import TextLabel

SALES_MAX: Final = 200


class HistoryView(ScreenFrame):
    """The last sales of this till, newest first."""

    def __init__(self, till: Till, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__("history.title", parent)
        self._till = till
        self._context = context
        self._sales: tuple[RetailTransaction, ...] = ()
        self.entry = EntryLine(self, placeholder="history.placeholder")
        self.table = RecordTable(
            (
                Column("history.column.time"),
                Column("history.column.number"),
                Column("history.column.member", is_wide=True),
                Column("history.column.amount", is_number=True),
                Column("history.column.state"),
            ),
            self,
        )
        self.preview = ReceiptPreview(self)
        self.reprint = Button("history.reprint", Kind.PRIMARY, self)
        self.to_return = Button("history.return", parent=self)
        self.void = Button("history.void", Kind.DANGER, self)
        self._lay_out()
        self.entry.entered.connect(self._on_entered)
        self.entry.step_requested.connect(self.table.step)
        self.table.selection_changed.connect(lambda _: self._show_selected())
        connect_click(self.reprint, self._on_reprint)
        connect_click(self.to_return, self._on_return)
        connect_click(self.void, self._on_void)
        self.back_requested.connect(lambda: context.go_to(Screen.SALE, None))

    # --- what the window calls -------------------------------------------------------------------------------------

    def begin(self, argument: object) -> None:
        """The screen is shown: the newest sales, with this one selected when one is named."""
        self.entry.clear()
        keys = self._context.hotkeys.keys
        self._keys_hint.show_text(
            "history.keys", to_return=keys.key(Action.RETURN), to_void=keys.key(Action.CANCEL_SALE)
        )
        self._show_newest()
        if isinstance(argument, RetailTransaction):
            self._select(argument)

    def take_scan(self, code: str) -> None:
        self._find(code)

    def handle_action(self, action: Action) -> bool:
        match action:
            case Action.RETURN:
                self._on_return()
            case Action.CANCEL_SALE if self.void.isEnabled():
                self._on_void()
            case _:
                return False
        return True

    def step_back(self) -> None:
        if self.entry.text():
            self.entry.clear()
        else:
            super().step_back()

    @property
    def selected(self) -> RetailTransaction | None:
        row = self.table.selected
        return self._sales[row] if 0 <= row < len(self._sales) else None

    # --- Qt --------------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.entry.setFocus(Qt.FocusReason.OtherFocusReason)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and self.isVisible():
            self._show_sales(self._sales, self.table.selected)

    # --- inside ----------------------------------------------------------------------------------------------------

    def _show_newest(self) -> None:
        newest = self._till.store.journal.newest(SALES_MAX)
        self._show_sales(tuple(sale for sale in newest if isinstance(sale, RetailTransaction)), 0)

    def _show_sales(self, sales: tuple[RetailTransaction, ...], selected: int) -> None:
        self._sales = sales
        self.table.set_records([self._record(sale) for sale in sales], selected=selected)
        self.subtitle.show_text("history.count", count=len(sales))
        self._show_selected()

    def _record(self, sale: RetailTransaction) -> tuple[str, ...]:
        return (
            local_time(sale, "%H:%M" if self._is_today(sale) else "%m/%d %H:%M"),
            sale.header.receipt_number,
            self._member_of(sale),
            format_money(sale.total),
            t(f"history.state.{self._state(sale)}"),
        )

    def _is_today(self, sale: RetailTransaction) -> bool:
        return sale.header.business_date == self._till.shifts.business_date()

    def _member_of(self, sale: RetailTransaction) -> str:
        card = self._till.store.members.by_id(sale.member_id) if sale.member_id else None
        if card is None:
            return "—"
        return f"{mask_name(card.member.name)} {mask_phone(card.member.phone)}".strip()

    def _state(self, sale: RetailTransaction) -> str:
        if sale.header.kind is TransactionKind.POST_VOID:
            return "void"
        if sale.header.kind is TransactionKind.RETURN:
            return "return"
        if self._till.store.journal.void_of(sale.header.id) is not None:
            return "voided"
        if self._till.store.journal.returns_of(sale.header.id):
            return "returned"
        return "sale"

    def _show_selected(self) -> None:
        sale = self.selected
        document = self._till.store.journal.document_of(sale.header.id) if sale else None
        self.preview.show_document(document)
        self._empty.setVisible(document is None)
        self._empty.show_text("history.empty" if sale is None else "history.without_paper")
        state = self._state(sale) if sale else ""
        self.reprint.setEnabled(document is not None)
        self.to_return.setEnabled(state in ("sale", "returned"))
        self.void.setEnabled(state == "sale")

    def _on_entered(self, text: str) -> None:
        if text:
            self._find(text)
        elif self.selected is not None and self.reprint.isEnabled():
            self._on_reprint()

    def _find(self, text: str) -> None:
        try:
            self._show_found(text)
        except TillError as error:
            self._context.messages.refused(error)
            if self.entry.text():
                self.entry.refuse()
        else:
            self._context.messages.withdraw()
            self.entry.clear()

    def _show_found(self, text: str) -> None:
        recognised = self._till.checkout.recognise(text)
        match recognised:
            case entries.ReceiptCode(number):
                found: Transaction | None = self._till.store.journal.by_receipt_number(number)
                if not isinstance(found, RetailTransaction):
                    raise Refused("receipt_unknown", number=number)
                self._select(found)
            case entries.Phone(e164):
                card = self._till.store.members.by_phone(e164)
                if card is None:
                    raise Refused("member_unknown")
                self._show_sales(self._till.store.journal.of_member(card.member.id, SALES_MAX), 0)
            case _:
                raise Refused("return_entry_unclear", text=text[:32])

    def _select(self, sale: RetailTransaction) -> None:
        for row, listed in enumerate(self._sales):
            if listed.header.id == sale.header.id:
                self.table.select(row)
                return
        self._show_sales((sale, *self._sales), 0)

    def _on_reprint(self) -> None:
        sale = self.selected
        if sale is None:
            return

        def done(document: ReceiptDocument) -> None:
            self.preview.show_document(document)
            self._context.messages.good("history.reprinted", number=sale.header.receipt_number)
            self.reprint.setEnabled(True)

        self.reprint.setEnabled(False)
        self._context.tasks.run(
            lambda: self._till.printing.reprint(sale.header.id),
            done,
            on_end=lambda: self.reprint.setEnabled(True),
            owner=self,
        )

    def _on_return(self) -> None:
        if self.selected is not None and self.to_return.isEnabled():
            self._context.go_to(Screen.RETURN, self.selected)

    def _on_void(self) -> None:
        if self.selected is not None:
            ask_to_void(self, self._till, self._context, self.selected, lambda _: self._show_newest())

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(Space.M)
        left.addWidget(self.entry)
        left.addWidget(self.table, 1)
        self._keys_hint = TextLabel(parent=self, type=TypeRole.CAPTION, wraps=True)
        left.addWidget(self._keys_hint)
        right = Card(parent=self, panel="sunken")
        self._empty = TextLabel(parent=right, tone="muted", wraps=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        right.body.addWidget(self._empty)
        right.body.addWidget(self.preview, 1)
        actions = QHBoxLayout()
        actions.setSpacing(Space.S)
        for button in (self.void, self.to_return, self.reprint):
            actions.addWidget(button, 1)
        right.body.addLayout(actions)
        columns = QHBoxLayout()
        columns.setSpacing(Space.L)
        columns.addLayout(left, 3)
        columns.addWidget(right, 2)
        self.body.addLayout(columns, 1)
