"""The rows behind a figure: tickets, members or movements, a page at a time. Enter opens the member or, of a passer-by, the receipt."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from app.domain.ids import MemberId, TransactionId
from app.domain.money import Currency, Money, format_money
from app.i18n import t
from app.service.call_list import CALLS_MAX, Call
from app.service.summary_ports import EntryRow, TicketRow
from app.service.summary_values import Behind, Key, MemberRow, RowKind, Rows
from app.service.summary_words import label_of
from ui import theme
from ui.owner.call_sheet import CallSheet
from ui.owner.desk import OwnerDesk
from ui.owner.periods import Stretch
from ui.owner.receipt_sheet import open_receipt
from ui.owner.words import short_day
from ui.theme import Space
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import connect_click
from ui.widgets.record_table import Column, RecordTable
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel

WIDTH: Final = 1040
HEIGHT: Final = 420
PAGE_ROWS: Final = 8
_STEPS: Final = {
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_PageUp: -PAGE_ROWS,
    Qt.Key.Key_PageDown: PAGE_ROWS,
}
COLUMNS: Final = {
    RowKind.TICKETS: (
        Column("owner.column.time"),
        Column("owner.column.number"),
        Column("owner.column.what"),
        Column("owner.column.member", is_wide=True),
        Column("owner.column.operator"),
        Column("owner.column.money", is_number=True),
    ),
    RowKind.MEMBERS: (
        Column("owner.column.member", is_wide=True),
        Column("owner.column.visits", is_number=True),
        Column("owner.column.spent", is_number=True),
        Column("owner.column.before"),
    ),
    RowKind.ENTRIES: (
        Column("owner.column.time"),
        Column("owner.column.what"),
        Column("owner.column.member", is_wide=True),
        Column("owner.column.amount", is_number=True),
    ),
}


class RowsSheet(Sheet):
    """``rows`` is the first page; more come when the last one is reached."""

    def __init__(
        self, desk: OwnerDesk, title: str, about: str, days: Stretch, behind: Behind, rows: Rows
    ) -> None:
        super().__init__(desk.window, width=WIDTH)
        self._desk, self._behind, self._days = desk, behind, days
        self._rows: list[TicketRow | MemberRow | EntryRow] = []
        self._kind = rows.kind
        self._has_more = False
        self._is_reading = False
        self._staff = desk.staff()
        self._currency: Currency = desk.till.session.shop.currency
        self.title.show_plain(title)
        self.title.show()
        self.hint = TextLabel(parent=self.panel, tone="muted", wraps=True)
        self.table = RecordTable(COLUMNS[rows.kind], self.panel)
        self.table.setFixedHeight(theme.current().px(HEIGHT))
        about_label = TextLabel(parent=self.panel, wraps=True)
        about_label.show_plain(about)
        self.body.addWidget(about_label)
        self.body.addWidget(self.hint)
        self.body.addWidget(self.table)
        self._lay_buttons()
        self.table.selection_changed.connect(self._on_selected)
        self.table.chosen.connect(lambda _: self.open_row())
        self.set_first_focus(self)
        self._add(rows)

    @property
    def shown(self) -> tuple[TicketRow | MemberRow | EntryRow, ...]:
        return tuple(self._rows)

    def open_member(self) -> None:
        """The page of whom the selected row is about."""
        member_id = self._member_of(self._selected())
        if member_id is not None:
            self._desk.open_member(member_id)

    def open_row(self) -> None:
        """Whom the selected row is about; where it is a passer-by's, the receipt."""
        selected = self._selected()
        if self._member_of(selected) is not None:
            self.open_member()
        elif self._sale_of(selected) is not None:
            self.open_receipt()

    def open_receipt(self) -> None:
        open_receipt(self._desk, self._sale_of(self._selected()))

    def open_calls(self) -> None:
        """A list to call of all the members behind the figure, also of those further down."""
        desk, days, behind = self._desk, self._days, self._behind
        summary, call_list = desk.till.summary, desk.till.call_list

        def read() -> tuple[Call, ...]:
            found = summary.rows_behind(days.since, days.until, behind, limit=CALLS_MAX)
            return call_list.calls([(row.member_id, self._visit_words(row)) for row in found.members])

        def done(calls: tuple[Call, ...]) -> None:
            CallSheet(desk, calls, reason=label_of(behind.key)).open()

        desk.read(read, done, owner=self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None:
            self.table.step(step)
            event.accept()
            return
        letter = event.text().lower()
        if letter == "r" and self.receipt.isVisible() and self.receipt.isEnabled():
            self.open_receipt()
        elif letter == "l" and self.calls.isVisible() and self.calls.isEnabled():
            self.open_calls()
        super().keyPressEvent(event)

    # --- inside ---

    def _lay_buttons(self) -> None:
        self.receipt = Button("owner.receipt_key", parent=self.panel)
        self.calls = Button("owner.call_key", parent=self.panel)
        self.member = Button("owner.open_member", Kind.PRIMARY, self.panel)
        close = Button("ui.close", Kind.GHOST, self.panel)
        connect_click(self.receipt, self.open_receipt)
        connect_click(self.calls, self.open_calls)
        connect_click(self.member, self.open_row)
        connect_click(close, self.step_back)
        self.receipt.setVisible(self._kind is not RowKind.MEMBERS)
        self.calls.setVisible(self._kind is RowKind.MEMBERS)
        self.buttons.setSpacing(Space.S)
        for button in (close, self.calls, self.receipt):
            self.add_button(button)
        self.add_button(self.member, is_default=True)

    def _add(self, rows: Rows) -> None:
        here = max(0, self.table.selected)
        self._rows += (*rows.tickets, *rows.members, *rows.entries)
        self._has_more = rows.has_more
        self.table.set_records([self._record(row) for row in self._rows], selected=here)
        if not self._rows:
            self.hint.show_text("owner.rows.none")
        else:
            key = "owner.rows.count_more" if self._has_more else "owner.rows.count"
            self.hint.show_text(key, count=f"{len(self._rows):,}")
        self._on_selected(self.table.selected)

    def _on_selected(self, row: int) -> None:
        selected = self._selected()
        has_member, has_sale = self._member_of(selected) is not None, self._sale_of(selected) is not None
        self.member.show_text("owner.open_member" if has_member or not has_sale else "owner.receipt_enter")
        self.member.setEnabled(has_member or has_sale)
        self.receipt.setEnabled(has_sale)
        self.calls.setEnabled(bool(self._rows))
        if self._has_more and not self._is_reading and row >= len(self._rows) - 1:
            self._read_more()

    def _read_more(self) -> None:
        self._is_reading = True
        since, until = self._days.since, self._days.until
        offset = len(self._rows)
        summary = self._desk.till.summary

        def done(rows: Rows) -> None:
            self._is_reading = False
            self._add(rows)

        self._desk.read(
            lambda: summary.rows_behind(since, until, self._behind, offset=offset), done, owner=self
        )

    def _selected(self) -> TicketRow | MemberRow | EntryRow | None:
        at = self.table.selected
        return self._rows[at] if 0 <= at < len(self._rows) else None

    def _member_of(self, row: TicketRow | MemberRow | EntryRow | None) -> MemberId | None:
        return row.member_id if row is not None else None

    def _sale_of(self, row: TicketRow | MemberRow | EntryRow | None) -> TransactionId | None:
        match row:
            case TicketRow():
                return row.id
            case EntryRow():
                return row.transaction_id
            case _:
                return None

    def _record(self, row: TicketRow | MemberRow | EntryRow) -> tuple[str, ...]:
        match row:
            case TicketRow():
                return (
                    self._time(row.occurred_at),
                    row.receipt_number,
                    t(f"summary.row.{row.kind}"),
                    self._desk.who(row.member_id),
                    self._staff.get(row.operator_id, ""),
                    format_money(Money(row.total_minor, self._currency)),
                )
            case MemberRow():
                return (
                    f"{row.name or t('summary.no_name' if row.phone else 'summary.erased')} {row.phone}".strip(),
                    f"{row.visits:,}",
                    format_money(Money(row.minor, self._currency)),
                    self._before(row),
                )
            case EntryRow():
                return (
                    self._time(row.occurred_at),
                    row.note or t(f"owner.entry.{row.kind}"),
                    self._desk.who(row.member_id),
                    self._amount(row),
                )

    def _visit_words(self, row: MemberRow) -> str:
        """What to know when one speaks with them."""
        spent = format_money(Money(row.minor, self._currency))
        return t("owner.rows.visit", count=f"{row.visits:,}", spent=spent, before=self._before(row))

    def _before(self, row: MemberRow) -> str:
        if row.previous_on is None:
            return t("summary.row.first_visit")
        days = (self._days.since - row.previous_on).days
        return t("owner.rows.before", date=short_day(row.previous_on), days=days)

    def _amount(self, row: EntryRow) -> str:
        if self._behind.key in _MONEY_ENTRIES:
            return format_money(Money(row.amount, self._currency))
        return f"{row.amount:+,}"

    def _time(self, at: int) -> str:
        return f"{self._desk.local(at):{'%H:%M' if self._days.since == self._days.until else '%m/%d %H:%M'}}"


_MONEY_ENTRIES: Final = frozenset(
    {
        Key.COUPONS_USED,
        Key.COUPONS_MONEY,
        Key.VALUE_SOLD,
        Key.VALUE_SPENT,
        Key.VALUE_REFUNDED,
        Key.VALUE_OWED,
    }
)
