"""A closer look where one is needed: a finding of the guard with the sales behind it, a paper of which nobody knows whether it came out."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from app.domain.ids import TransactionId
from app.domain.money import format_money
from app.domain.transaction import RetailTransaction
from app.i18n import t
from app.service.guard import Finding
from app.service.printing import PrintQuestion
from ui import theme
from ui.context import Screen
from ui.owner.desk import OwnerDesk
from ui.owner.receipt_sheet import open_receipt
from ui.theme import TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import connect_click
from ui.widgets.record_table import Column, RecordTable
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel

WIDTH: Final = 900
HEIGHT: Final = 260
EVIDENCE_MAX: Final = 20
GUARD: Final = "guard"
_STEPS: Final = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -5, Qt.Key.Key_PageDown: 5}


class FindingSheet(Sheet):
    """Finishes with True when it was seen and shall be noted as such."""

    def __init__(self, desk: OwnerDesk, finding: Finding) -> None:
        super().__init__(desk.window, width=WIDTH)
        self._desk = desk
        self._finding = finding
        self.title.show_plain(finding.title)
        self.title.show()
        hint = TextLabel(parent=self.panel, type=TypeRole.BODY, tone="muted", wraps=True)
        hint.show_plain(finding.hint)
        self.body.addWidget(hint)
        self._sales = self._evidence()
        self.table = RecordTable(
            (
                Column("owner.column.time"),
                Column("owner.column.number"),
                Column("owner.column.member", is_wide=True),
                Column("owner.column.money", is_number=True),
                Column("office.guard.points", is_number=True),
            ),
            self.panel,
        )
        self.table.setFixedHeight(theme.current().px(HEIGHT))
        self.table.set_records([self._record(sale) for sale in self._sales])
        self.table.setVisible(bool(self._sales))
        self.body.addWidget(self.table)
        self.table.chosen.connect(lambda _: self.open_receipt())
        self._lay_buttons()
        self.set_first_focus(self)

    def open_receipt(self) -> None:
        """The paper of the sale that is marked."""
        at = self.table.selected
        if 0 <= at < len(self._sales):
            open_receipt(self._desk, TransactionId(self._sales[at].header.id))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None:
            self.table.step(step)
        elif event.text().lower() == "d":
            self.finish(True)
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def _evidence(self) -> list[RetailTransaction]:
        journal = self._desk.till.store.journal
        found = [journal.get(TransactionId(one)) for one in self._finding.signal.evidence[:EVIDENCE_MAX]]
        return [one for one in found if isinstance(one, RetailTransaction)]

    def _record(self, sale: RetailTransaction) -> tuple[str, ...]:
        return (
            f"{self._desk.local(sale.header.occurred_at):%m/%d %H:%M}",
            sale.header.receipt_number,
            self._desk.who(sale.member_id),
            format_money(sale.total),
            f"{sale.points.earned - sale.points.spent:+,}",
        )

    def _lay_buttons(self) -> None:
        office = Button("work.look.office", Kind.GHOST, self.panel)
        member = Button("owner.member", parent=self.panel)
        has_sales = bool(self._sales)
        receipt = Button("owner.receipt_enter", Kind.PRIMARY, self.panel)
        seen = Button("work.seen", Kind.SECONDARY if has_sales else Kind.PRIMARY, self.panel)
        member_id = self._finding.signal.member_id
        member.setVisible(member_id is not None)
        receipt.setVisible(has_sales)
        connect_click(office, self._go_to_office)
        connect_click(member, lambda: self._desk.open_member(member_id))
        connect_click(receipt, self.open_receipt)
        connect_click(seen, lambda: self.finish(True))
        for button in (office, member):
            self.add_button(button)
        self.add_button(seen, is_default=not has_sales)
        self.add_button(receipt, is_default=has_sales)

    def _go_to_office(self) -> None:
        self.finish(None)
        self._desk.context.go_to(Screen.OFFICE, GUARD)


class PrintSheet(Sheet):
    """Finishes with True (it came out) or False (it did not)."""

    def __init__(self, desk: OwnerDesk, question: PrintQuestion) -> None:
        super().__init__(desk.window)
        paper = f"{t(question.paper_key)} {question.number}".strip()
        self.set_title("work.look.print", paper=paper)
        why = TextLabel(question.why_key, self.panel, type=TypeRole.LEAD, wraps=True, address="")
        self.body.addWidget(why)
        no = Button("work.look.print_no", parent=self.panel)
        yes = Button("work.look.print_yes", Kind.PRIMARY, self.panel)
        connect_click(no, lambda: self.finish(False))
        connect_click(yes, lambda: self.finish(True))
        self.add_button(no)
        self.add_button(yes, is_default=True)
        self.set_first_focus(self)
