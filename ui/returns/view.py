"""The return screen: find the sale, say what comes back, put it into the ordinary basket. Nothing is paid back here.

One line finds everything (receipt, member, goods, a quantity); the arrow keys choose the line and change it; Enter goes on.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.domain.authority import Approval
from app.domain.errors import ApprovalNeeded, Refused, TillError
from app.domain.member import mask_name
from app.domain.money import format_money
from app.domain.phone import mask_phone
from app.domain.quantity import ONE, format_quantity
from app.domain.returns import ReturnableLine
from app.domain.transaction import RetailTransaction
from app.i18n import t
from app.service.till import Till
from ui.context import Screen, ScreenContext
from ui.keys import Action
from ui.returns.flow import (
    Found,
    LineMarked,
    LooseAdded,
    LooseReturn,
    ReturnFlow,
    SaleOpened,
    SalesFound,
    approval_asked,
)
from ui.returns.lines import LineData, ReturnLines
from ui.returns.sales import local_time, sale_record, sale_table
from ui.returns.voiding import ask_to_void, paid_with
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.entry_line import EntryLine
from ui.widgets.form import Card, Facts, ScreenFrame, connect_click
from ui.widgets.record_table import RecordTable
from ui.widgets.text_label import TextLabel

_SIDE_STRETCH: Final = (7, 4)


class ReturnView(ScreenFrame):
    """Returns and exchanges."""

    def __init__(self, till: Till, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__("returns.title", parent)
        self._till = till
        self._context = context
        self.flow = ReturnFlow(till)
        self._sales: tuple[RetailTransaction, ...] = ()
        self.entry = EntryLine(self, placeholder="returns.placeholder")
        self.sales_table: RecordTable = sale_table(self)
        self.lines = ReturnLines(self)
        self._make_left()
        self._make_right()
        self._lay_out()
        self.entry.entered.connect(self._on_entered)
        self.entry.step_requested.connect(self._on_step)
        self.entry.installEventFilter(self)
        self.sales_table.chosen.connect(lambda _: self._open_selected())
        self.lines.step_requested.connect(self._on_change)
        self.back_requested.connect(lambda: context.go_to(Screen.SALE, None))
        self.begin(None)

    # --- what the window calls -------------------------------------------------------------------------------------

    def begin(self, argument: object) -> None:
        """The screen is shown: with a sale to return, or empty."""
        found = self.flow.start()
        self.entry.clear()
        if isinstance(argument, RetailTransaction):
            self._open(argument)
        elif isinstance(found, SalesFound):
            self._show_sales(found)
        else:
            self._show_hint()

    def take_scan(self, code: str) -> None:
        """A scanner's code, wherever the focus is."""
        self._take(code, is_scan=True)

    def handle_action(self, action: Action) -> bool:
        """A hotkey; True when it meant something here."""
        if action is Action.VOID_LINE and self.lines.isVisible() and self.lines.selected is not None:
            self._on_change(self.lines.selected, -1)
            return True
        if action is Action.CANCEL_SALE and self.void.isVisible() and self.void.isEnabled():
            self._on_void()
            return True
        return False

    def step_back(self) -> None:
        """Esc: from a sale to the list it came from, from the list to the till."""
        if self.entry.text():
            self.entry.clear()
        elif (self.flow.sale or self.flow.is_without_receipt) and not self._sales:
            if any(self.flow.quantities.values()) or self.flow.loose:
                self.begin(None)
            else:
                super().step_back()
        elif self.flow.sale is not None and self.flow.card is not None:
            self._show_sales(SalesFound(self.flow.card, self._sales))
            self.flow.sale = None
        else:
            super().step_back()

    # --- Qt --------------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.entry.setFocus(Qt.FocusReason.OtherFocusReason)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and self.isVisible():
            self.refresh()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and watched is self.entry and not self.entry.text():
            assert isinstance(event, QKeyEvent)
            by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Plus: 1, Qt.Key.Key_Minus: -1}.get(
                Qt.Key(event.key())
            )
            if by is not None and self.lines.selected is not None and self.lines.isVisible():
                self._on_change(self.lines.selected, by)
                return True
        return False

    # --- the keys and fingers --------------------------------------------------------------------------------------

    def _on_entered(self, text: str) -> None:
        if text:
            self._take(text)
        elif self.sales_table.isVisible():
            self._open_selected()
        elif self.flow.is_chosen:
            self._add()

    def _on_step(self, by: int) -> None:
        if self.sales_table.isVisible():
            self.sales_table.step(by)
        else:
            self.lines.step(by)

    def _on_change(self, key: int, by: int) -> None:
        try:
            if self.flow.sale is not None:
                self.flow.step(key, by)
            else:
                self.flow.set_loose(key, self.flow.loose[key].quantity + by * ONE)
        except Refused as error:
            self._refuse(error)
        self.refresh()

    def _take(self, text: str, *, is_scan: bool = False) -> None:
        try:
            found = self.flow.take(text, is_scan=is_scan, selected=self.lines.selected)
        except TillError as error:
            self._refuse(error)
            return
        self._context.messages.withdraw()
        self.entry.clear()
        self._show_found(found)

    def _show_found(self, found: Found) -> None:
        match found:
            case SaleOpened():
                self._sales = ()
                self._show_lines()
            case SalesFound():
                self._show_sales(found)
            case LineMarked(number):
                self.refresh()
                self.lines.select(number)
            case LooseAdded(index):
                self.refresh()
                self.lines.select(index)

    def _open_selected(self) -> None:
        row = self.sales_table.selected
        if 0 <= row < len(self._sales):
            self._open(self._sales[row])

    def _open(self, sale: RetailTransaction) -> None:
        try:
            self.flow.open(sale)
        except TillError as error:
            if not self._sales:
                self._show_hint()
            self._refuse(error)
            return
        self._show_lines()

    def _refuse(self, error: TillError) -> None:
        self._context.messages.refused(error)
        if self.entry.text():
            self.entry.refuse()

    def _add(self, approval: Approval | None = None) -> None:
        try:
            count = self.flow.add_to_basket(approval)
        except ApprovalNeeded as needed:
            right, amount = approval_asked(needed)
            self._context.ask_approval(right, amount, self._add)
        except TillError as error:
            self._refuse(error)
        else:
            if count:
                self._context.messages.good("returns.added", count=count)
            self._context.go_to(Screen.SALE, None)

    def _on_everything(self) -> None:
        if self.flow.sale is not None:
            self.flow.take_everything()
            self.refresh()

    def _on_without_receipt(self) -> None:
        self.flow.without_receipt()
        self._sales = ()
        self._show_lines()
        self.entry.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_void(self) -> None:
        if self.flow.sale is not None:
            ask_to_void(self, self._till, self._context, self.flow.sale.original, lambda _: self.begin(None))

    # --- what is shown ---------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the flow as it stands, in the language in force."""
        if self.sales_table.isVisible():
            rows = [sale_record(sale, self._till) for sale in self._sales]
            self.sales_table.set_records(rows, selected=self.sales_table.selected)
        self.lines.set_lines(self._line_data())
        self._show_facts()
        is_sale = self.flow.sale is not None
        self.everything.setVisible(is_sale)
        self.void.setVisible(is_sale)
        self.loose.setVisible(not is_sale and not self.flow.is_without_receipt)
        self.add.setEnabled(self.flow.is_chosen)
        self._amount.show_plain(format_money(self.flow.refund))

    def _show_hint(self) -> None:
        self._sales = ()
        self._pages.setCurrentWidget(self._hint)
        self.entry.set_placeholder("returns.placeholder")
        self.refresh()

    def _show_sales(self, found: SalesFound) -> None:
        self._sales = found.sales
        if not found.sales:
            self._context.messages.info("returns.member_without_sales")
            self._show_hint()
            return
        self._pages.setCurrentWidget(self.sales_table)
        self.entry.set_placeholder("returns.placeholder")
        self.sales_table.set_records([sale_record(sale, self._till) for sale in found.sales])
        self.refresh()

    def _show_lines(self) -> None:
        self._pages.setCurrentWidget(self.lines)
        self.entry.set_placeholder(
            "returns.placeholder_loose" if self.flow.is_without_receipt else "returns.placeholder_goods"
        )
        self.refresh()

    def _line_data(self) -> list[LineData]:
        if self.flow.sale is not None:
            return [self._sold(line) for line in self.flow.sale.lines]
        return [_loose(index, line) for index, line in enumerate(self.flow.loose)]

    def _sold(self, line: ReturnableLine) -> LineData:
        number = line.line.number
        chosen = self.flow.quantities[number]
        bought, back = line.line.quantity, line.line.quantity - line.remaining_quantity
        key = "returns.line_details" if back == 0 else "returns.line_details_returned"
        if line.remaining_quantity == 0:
            key = "returns.line_details_gone"
        return LineData(
            key=number,
            name=line.line.name,
            details=t(
                key,
                None,
                bought=format_quantity(bought),
                paid=format_money(line.line.net),
                returned=format_quantity(back),
            ),
            quantity=format_quantity(chosen),
            refund=format_money(-self.flow.refund_of(number)) if chosen else "",
            is_chosen=chosen > 0,
            can_rise=chosen < line.remaining_quantity,
            can_fall=chosen > 0,
        )

    def _show_facts(self) -> None:
        self._facts.clear()
        sale = self.flow.sale.original if self.flow.sale else None
        self._hint_side.setVisible(sale is None)
        self._facts.setVisible(sale is not None)
        if sale is None:
            self._hint_side.show_text(
                "returns.side_loose" if self.flow.is_without_receipt else "returns.side_hint"
            )
            return
        self._facts.show_fact("returns.fact.number", sale.header.receipt_number, is_strong=True)
        self._facts.show_fact("returns.fact.time", local_time(sale, "%Y/%m/%d %H:%M"))
        self._facts.show_fact("returns.fact.member", self._member_of(sale))
        self._facts.show_fact("returns.fact.total", format_money(sale.total))
        self._facts.show_fact("returns.fact.paid_with", paid_with(sale))

    def _member_of(self, sale: RetailTransaction) -> str:
        card = self._till.store.members.by_id(sale.member_id) if sale.member_id else None
        if card is None:
            return t("returns.walk_in")
        return f"{mask_name(card.member.name)} {mask_phone(card.member.phone)}".strip()

    # --- making it -------------------------------------------------------------------------------------------------

    def _make_left(self) -> None:
        self._hint = Card(parent=self)
        words = TextLabel("returns.hint_title", self._hint, type=TypeRole.TITLE)
        more = TextLabel("returns.hint", self._hint, type=TypeRole.LEAD, tone="muted", wraps=True)
        for label in (words, more):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._hint.body.addStretch(1)
        self._hint.body.addWidget(words)
        self._hint.body.addWidget(more)
        self._hint.body.addStretch(2)
        self._pages = QStackedWidget(self)
        for page in (self._hint, self.sales_table, self.lines):
            self._pages.addWidget(page)

    def _make_right(self) -> None:
        self._card = Card("returns.side_title", self)
        self._facts = Facts(self._card)
        self._hint_side = TextLabel(parent=self._card, tone="muted", wraps=True)
        self._amount = TextLabel(parent=self._card, type=TypeRole.DISPLAY, is_strong=True)
        self._amount.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.everything = Button("returns.everything", parent=self._card)
        self.loose = Button("returns.without_receipt", parent=self._card)
        self.void = Button("returns.void_all", Kind.DANGER, self._card)
        self.add = Button("returns.add", Kind.PRIMARY, self._card, size="large")
        connect_click(self.everything, self._on_everything)
        connect_click(self.loose, self._on_without_receipt)
        connect_click(self.void, self._on_void)
        connect_click(self.add, self._add)
        body = self._card.body
        body.addWidget(self._facts)
        body.addWidget(self._hint_side)
        body.addStretch(1)
        body.addWidget(self.everything)
        body.addWidget(self.loose)
        body.addWidget(self.void)
        body.addSpacing(Space.S)
        body.addWidget(TextLabel("returns.refund", self._card, tone="muted"))
        body.addWidget(self._amount)
        body.addWidget(self.add)

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(Space.M)
        left.addWidget(self.entry)
        left.addWidget(self._pages, 1)
        left.addWidget(TextLabel("returns.keys", self, type=TypeRole.CAPTION))
        columns = QHBoxLayout()
        columns.setSpacing(Space.L)
        columns.addLayout(left, _SIDE_STRETCH[0])
        columns.addWidget(self._card, _SIDE_STRETCH[1])
        self.body.addLayout(columns, 1)


def _loose(index: int, line: LooseReturn) -> LineData:
    return LineData(
        key=index,
        name=line.item.name,
        details=t("returns.loose_details", price=format_money(line.unit_refund)),
        quantity=format_quantity(line.quantity),
        refund=format_money(-line.refund),
        is_chosen=True,
        can_rise=True,
        can_fall=True,
    )
