"""What they bought: by item, by kind of goods, by time of day, and the last sales one by one. Read on the store's worker."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.domain.money import Money, format_money
from app.domain.transaction import RetailTransaction
from app.i18n import t
from app.service.portrait_values import History, Liked
from ui.member.bars import Bars, bars_of
from ui.member.desk import MemberDesk
from ui.member.section import Section
from ui.theme import Space, TypeRole
from ui.widgets.result_list import ResultList, ResultRow
from ui.widgets.text_label import TextLabel

BARS_MAX: Final = 7
SALES_MAX: Final = 40


class PurchasesSection(Section):
    NAME = "purchases"

    def __init__(self, desk: MemberDesk, parent: QWidget) -> None:
        super().__init__(desk, parent)
        self.sum = TextLabel(parent=self, type=TypeRole.TITLE)
        self.items, self.categories, self.parts = Bars(self), Bars(self), Bars(self)
        self.sales = ResultList(self, empty_key="member_page.no_history")
        self.sales.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        left = QVBoxLayout()
        left.setSpacing(Space.S)
        for key, bars in (
            ("member_page.by_item", self.items),
            ("member_page.by_category", self.categories),
            ("member_page.by_part", self.parts),
        ):
            left.addWidget(self.heading(key))
            left.addWidget(bars)
        left.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(Space.S)
        right.addWidget(self.heading("member_page.history"))
        right.addWidget(self.sales, 1)
        columns = QGridLayout()
        columns.setHorizontalSpacing(Space.XL)
        columns.addLayout(left, 0, 0)
        columns.addLayout(right, 0, 1)
        for column in (0, 1):
            columns.setColumnStretch(column, 1)
        self.body.addWidget(self.sum)
        self.body.addLayout(columns, 1)

    def refresh(self) -> None:
        desk = self.desk
        desk.read(lambda: desk.till.portraits.history(desk.member_id), self._show_history, owner=self)
        desk.read(
            lambda: desk.till.store.journal.of_member(desk.member_id, SALES_MAX), self._show_sales, owner=self
        )

    def page_by(self, rows: int) -> None:
        self.sales.step(rows)

    def _show_history(self, history: History) -> None:
        self.sum.show_text(
            "member_page.bought", tickets=f"{history.tickets:,}", amount=self._money(history.spent_minor)
        )
        self.items.show_bars(bars_of(self._liked(history.items)))
        self.categories.show_bars(bars_of(self._liked(history.categories)))
        times = t("member_page.times")
        self.parts.show_bars(
            bars_of(
                [
                    (t(f"membership.part.{part.value}"), count, f"{count} {times}")
                    for part, count in history.parts
                ]
            )
        )

    def _liked(self, rows: tuple[Liked, ...]) -> list[tuple[str, int, str]]:
        named = [one for one in rows if one.name][:BARS_MAX]
        return [
            (
                one.name,
                one.tickets,
                t("member_page.times_for", times=one.tickets, amount=self._money(one.net_minor)),
            )
            for one in named
        ]

    def _show_sales(self, sales: tuple[RetailTransaction, ...]) -> None:
        self.sales.set_rows([self._sale_row(sale) for sale in sales])

    def _sale_row(self, sale: RetailTransaction) -> ResultRow:
        names = t("membership.separator").join(line.name for line in sale.lines[:2])
        return ResultRow(
            title=f"{self.desk.local(sale.header.occurred_at):%Y/%m/%d %H:%M}",
            value=sale.header.id,
            detail=f"{names} …" if len(sale.lines) > 2 else names,
            trailing=format_money(sale.total),
            trailing_detail=sale.header.receipt_number,
        )

    def _money(self, minor: int) -> str:
        return format_money(Money(minor, self.desk.till.shop.currency))
