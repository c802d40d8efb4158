"""The member's page: what they bought lately, and every lot of their points with the day it ends, so that the balance explains itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.domain.ledger import Lot, in_spending_order, spendable
from app.domain.member import MemberCard, mask_name
from app.domain.money import Money, format_money
from app.domain.phone import mask_phone
from app.domain.transaction import RetailTransaction
from app.i18n import t
from ui import theme
from ui.sale.customer import tier_name
from ui.sale.held_list import local_time
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.result_list import ResultList, ResultRow
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel

if TYPE_CHECKING:
    from app.service.till import Till

HISTORY_MAX: Final = 20
LIST_PIXELS: Final = 340


class MemberSheet(Sheet):
    """Finishes with True when the member is to be taken off this sale."""

    def __init__(self, window: QWidget, till: Till, card: MemberCard) -> None:
        super().__init__(window, width=940)
        self._till = till
        member = card.member
        self.title.show_plain(f"{mask_name(member.name)}　{mask_phone(member.phone)}".strip())
        self.title.show()
        facts = TextLabel(parent=self.panel, type=TypeRole.BODY, tone="muted")
        facts.show_plain("　".join(_facts(card, till)))
        self.body.addWidget(facts)
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.XL)
        grid.addLayout(self._column("member.page.history", self._history(card)), 0, 0)
        grid.addLayout(self._column("member.page.lots", self._lots(card)), 0, 1)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        self.body.addLayout(grid)
        remove = Button("member.remove", Kind.GHOST, self.panel)
        remove.clicked.connect(lambda: self.finish(True))
        close = Button("ui.close", Kind.PRIMARY, self.panel)
        close.clicked.connect(self.step_back)
        self.add_button(remove)
        self.add_button(close, is_default=True)
        self.set_first_focus(self)

    def _column(self, title_key: str, content: ResultList) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(Space.S)
        column.addWidget(TextLabel(title_key, self.panel, type=TypeRole.LEAD, is_strong=True))
        content.setMinimumHeight(theme.current().px(LIST_PIXELS))
        content.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column.addWidget(content, 1)
        return column

    def _history(self, card: MemberCard) -> ResultList:
        shown = ResultList(self.panel, empty_key="member.page.no_history")
        sales = self._till.store.journal.of_member(card.member.id, HISTORY_MAX)
        shown.set_rows([self._sale_row(sale) for sale in sales])
        return shown

    def _sale_row(self, sale: RetailTransaction) -> ResultRow:
        names = "、".join(line.name for line in sale.lines[:2])
        return ResultRow(
            title=f"{local_time(sale.header.occurred_at, self._till.clock):%Y/%m/%d %H:%M}",
            value=sale.header.id,
            detail=f"{names} …" if len(sale.lines) > 2 else names,
            trailing=format_money(sale.total),
            trailing_detail=sale.header.receipt_number,
        )

    def _lots(self, card: MemberCard) -> ResultList:
        shown = ResultList(self.panel, empty_key="member.page.no_lots")
        lots = in_spending_order(self._till.store.members.lots(card.member.id))
        shown.set_rows([self._lot_row(lot) for lot in lots if lot.remaining])
        return shown

    def _lot_row(self, lot: Lot) -> ResultRow:
        earned = f"{local_time(lot.opened_at, self._till.clock):%Y/%m/%d}"
        points = f"{lot.remaining:,}"
        expires = f"{lot.expires_on:%Y/%m/%d}" if lot.expires_on is not None else ""
        if lot.remaining < 0:
            title, detail = "member.page.lot_debt", ""
        elif lot.expires_on is None:
            title, detail = "member.points_some", t("member.page.earned_forever", earned=earned)
        elif lot.expires_on < self._till.clock.local().date():
            title, detail = "member.points_some", t("member.page.expired", expires=expires)
        else:
            title = "member.points_some"
            detail = t("member.page.earned_until", earned=earned, expires=expires)
        return ResultRow(title=t(title, points=points), value=lot.id, detail=detail)


def _facts(card: MemberCard, till: Till) -> list[str]:
    member = card.member
    currency = till.shop.currency
    facts = [tier_name(member.tier)]
    if member.joined_on is not None:
        facts.append(t("member.page.joined", date=f"{member.joined_on:%Y/%m/%d}"))
    facts.append(t("member.visits", visits=card.visits))
    facts.append(t("member.page.spent", amount=format_money(Money(card.spent_minor, currency))))
    shift = till.session.shift
    today = shift.business_date if shift is not None else till.clock.local().date()
    able = spendable(till.store.members.lots(member.id), today)
    facts.append(t("member.page.spendable", points=f"{able:,}"))
    if card.as_of is None:
        facts.append(t("member.page.local"))
    else:
        facts.append(t("member.page.as_of", time=f"{local_time(card.as_of, till.clock):%m/%d %H:%M}"))
    return facts
