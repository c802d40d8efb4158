"""Why the balance is what it is: every lot that holds points, from where and until when, and the movements like a bank statement."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from app.domain.ledger import LedgerEntry
from app.domain.statement import BalanceStatement, Movement, OpenLot
from app.i18n import t
from ui.member.desk import MemberDesk
from ui.member.section import Section
from ui.member.words import entry_words, origin_words
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button
from ui.widgets.form import connect_click
from ui.widgets.result_list import ResultList, ResultRow
from ui.widgets.text_label import TextLabel

OLDER_MAX: Final = 2_000


class PointsSection(Section):
    NAME = "points"
    SCROLLS_ITSELF = True

    def __init__(self, desk: MemberDesk, parent: QWidget) -> None:
        super().__init__(desk, parent)
        self.sum = TextLabel(parent=self, type=TypeRole.TITLE, wraps=True)
        self.lots = ResultList(self, empty_key="member_page.no_lots")
        self.movements = ResultList(self, empty_key="member_page.no_movements")
        self.older = Button("member_page.older", parent=self, size="compact")
        connect_click(self.older, self._show_older)
        for shown in (self.lots, self.movements):
            shown.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        head = QHBoxLayout()
        head.addWidget(self.heading("member_page.movements"), 1)
        head.addWidget(self.older)
        columns = QGridLayout()
        columns.setHorizontalSpacing(Space.XL)
        columns.addWidget(self.heading("member_page.lots"), 0, 0)
        columns.addLayout(head, 0, 1)
        columns.addWidget(self.lots, 1, 0)
        columns.addWidget(self.movements, 1, 1)
        for column in (0, 1):
            columns.setColumnStretch(column, 1)
        columns.setRowStretch(1, 1)
        self.body.addWidget(self.sum)
        self.body.addLayout(columns, 1)

    def refresh(self) -> None:
        statement = self.desk.till.store.statement(self.desk.member_id, self.desk.today())
        self.sum.show_plain(sum_words(statement))
        self.lots.set_rows([self._lot_row(one, statement) for one in statement.lots])
        self.movements.set_rows([_movement_row(one) for one in statement.movements])
        self.older.setVisible(statement.has_older)

    def page_by(self, rows: int) -> None:
        for shown in (self.lots, self.movements):
            shown.step(rows)

    def _lot_row(self, one: OpenLot, statement: BalanceStatement) -> ResultRow:
        lot, points = one.lot, f"{one.lot.remaining:,}"
        title = "member_page.lot_debt" if lot.remaining < 0 else "member.points_some"
        used = ""
        if 0 < lot.remaining < one.opened_with:
            used = t("member_page.lot_of", points=f"{one.opened_with:,}")
        return ResultRow(
            title=t(title, points=f"{-lot.remaining:,}" if lot.remaining < 0 else points),
            value=lot.id,
            detail=origin_words(one.origin),
            trailing=_until(one, statement),
            trailing_detail=used,
        )

    def _show_older(self) -> None:
        desk = self.desk
        desk.read(
            lambda: desk.till.store.members.entries(desk.member_id, OLDER_MAX), self._on_older, owner=self
        )

    def _on_older(self, entries: tuple[LedgerEntry, ...]) -> None:
        """All of them, newest first; each with what was left after it."""
        statement = self.desk.till.store.statement(self.desk.member_id, self.desk.today())
        receipts = {one.entry_id: one.receipt_number for one in statement.movements}
        balance, rows = statement.balance, []
        for entry in entries:
            rows.append(_row(entry, balance, receipts.get(entry.id, "")))
            balance -= entry.member_points
        self.movements.set_rows(rows)
        self.older.hide()


def sum_words(statement: BalanceStatement) -> str:
    """``現在可用 120 點　還不能用 20　已到期 5``."""
    said = [t("member_page.spendable", points=f"{statement.spendable:,}")]
    if statement.pending:
        said.append(t("member_page.pending", points=f"{statement.pending:,}"))
    if statement.ended:
        said.append(t("member_page.ended", points=f"{statement.ended:,}"))
    if len(said) > 1:
        said.append(t("member_page.balance", points=f"{statement.balance:,}"))
    return "　".join(said)


def _until(one: OpenLot, statement: BalanceStatement) -> str:
    lot = one.lot
    if lot.remaining < 0:
        return ""
    if lot.usable_on is not None and lot.usable_on > statement.on:
        return t("member_page.usable_on", date=f"{lot.usable_on:%Y/%m/%d}")
    if lot.expires_on is None:
        return t("member_page.forever")
    key = "member_page.expired" if lot.expires_on < statement.on else "member_page.expires"
    return t(key, date=f"{lot.expires_on:%Y/%m/%d}")


def _movement_row(one: Movement) -> ResultRow:
    day = f"{one.business_date:%Y/%m/%d}"
    return ResultRow(
        title=entry_words(one.kind, one.source, one.note, one.points),
        value=one.entry_id,
        detail=f"{day}　{one.receipt_number}".strip(),
        trailing=f"{one.points:+,}",
        trailing_detail=t("member_page.left", points=f"{one.balance:,}"),
    )


def _row(entry: LedgerEntry, balance: int, receipt: str) -> ResultRow:
    return ResultRow(
        title=entry_words(entry.kind, entry.source, entry.note, entry.member_points),
        value=entry.id,
        detail=f"{entry.business_date:%Y/%m/%d}　{receipt}".strip(),
        trailing=f"{entry.member_points:+,}",
        trailing_detail=t("member_page.left", points=f"{balance:,}"),
    )
