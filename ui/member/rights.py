"""What they have with the shop: the tier and how far it is to the next, stamp cards, coupons, and gifts to be had for points."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.ids import ItemId
from app.domain.ledger import LedgerEntry
from app.domain.loyalty.coupon import BasketCoupon
from app.domain.loyalty.gifts import Gift
from app.i18n import language, t
from app.service.coupon_words import CouponWords
from ui.member.bars import Bar, Bars
from ui.member.desk import MemberDesk
from ui.member.section import Section, emptied
from ui.theme import Space, TypeRole
from ui.widgets.alert_sheet import ConfirmSheet
from ui.widgets.buttons import Button
from ui.widgets.form import connect_click
from ui.widgets.result_list import ResultList, ResultRow
from ui.widgets.text_label import TextLabel

GIFTS_SHOWN: Final = 6


class RightsSection(Section):
    NAME = "rights"

    def __init__(self, desk: MemberDesk, parent: QWidget) -> None:
        super().__init__(desk, parent)
        self.tier = TextLabel(parent=self, type=TypeRole.TITLE)
        self.progress = TextLabel(parent=self, type=TypeRole.BODY, tone="muted", wraps=True)
        self.protected = TextLabel(parent=self, type=TypeRole.BODY, tone="muted", wraps=True)
        self.stamps = Bars(self, empty_key="member_page.no_stamps")
        self.coupons = ResultList(self, empty_key="member_page.no_coupons")
        self.coupons.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._gifts = QVBoxLayout()
        self._gifts.setSpacing(Space.S)
        self._gift_title = self.heading("member_page.gifts")
        left = QVBoxLayout()
        left.setSpacing(Space.S)
        for widget in (
            self.heading("member_page.tier"),
            self.tier,
            self.progress,
            self.protected,
            self.heading("member_page.stamps"),
            self.stamps,
            self._gift_title,
        ):
            left.addWidget(widget)
        left.addLayout(self._gifts)
        left.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(Space.S)
        right.addWidget(self.heading("member_page.coupons"))
        right.addWidget(self.coupons, 1)
        columns = QGridLayout()
        columns.setHorizontalSpacing(Space.XL)
        columns.addLayout(left, 0, 0)
        columns.addLayout(right, 0, 1)
        for column in (0, 1):
            columns.setColumnStretch(column, 1)
        self.body.addLayout(columns, 1)

    def refresh(self) -> None:
        till, member_id, on = self.desk.till, self.desk.member_id, self.desk.today()
        card = till.store.members.by_id(member_id)
        if card is None:
            return
        tier = card.member.tier
        self.tier.show_plain(till.tiers.name_of(tier) or t("member.tier.basic"))
        self._show_progress()
        self.stamps.show_bars(
            [
                Bar(
                    one.name,
                    min(100, 100 * max(0, one.stamps) // one.needed),
                    t("member_page.stamp_count", stamps=one.stamps, needed=one.needed),
                )
                for one in till.stamps.standings(member_id, tier, on)
            ]
        )
        self.coupons.set_rows([self._coupon_row(one) for one in till.coupons.of_member(member_id, on)])
        self._show_gifts(tier)

    def page_by(self, rows: int) -> None:
        self.coupons.step(rows)

    def _show_progress(self) -> None:
        progress = self.desk.till.tiers.progress(self.desk.member_id)
        standing = self.desk.till.tiers.standing(self.desk.member_id)
        self.progress.show_plain(progress or t("member_page.no_tiers"))
        until = standing.protected_until if standing is not None and standing.tier is not None else None
        self.protected.setVisible(until is not None)
        if until is not None:
            self.protected.show_text("member_page.protected", date=f"{until:%Y/%m/%d}")

    def _coupon_row(self, one: BasketCoupon) -> ResultRow:
        till = self.desk.till
        words = CouponWords(language(), till.shop.currency, self._name_of)
        last = one.coupon.valid_to
        return ResultRow(
            title=one.terms.name,
            value=one.coupon.id,
            detail=words.gives(one.terms.benefit, one.terms.note),
            trailing=t("coupon.no_end") if last is None else t("coupon.until", date=f"{last:%Y/%m/%d}"),
            trailing_detail=one.coupon.code,
        )

    def _name_of(self, one: UUID) -> str:
        till = self.desk.till
        item = till.store.catalogue.by_id(ItemId(one), till.clock.now_ms())
        if item is not None:
            return item.name
        return next((each.name for each in till.store.catalogue.categories() if each.id == one), "")

    def _show_gifts(self, tier: str) -> None:
        """What the points are enough for, handed out without a sale."""
        emptied(self._gifts)
        till, on = self.desk.till, self.desk.today()
        spendable = till.points.spendable(self.desk.member_id, on)
        gifts = [
            gift
            for gift in till.points.rulebook.gifts().rules.gifts
            if gift.is_on(on) and gift.is_for(tier) and gift.points <= spendable
        ]
        self._gift_title.setVisible(bool(gifts))
        for gift in sorted(gifts, key=lambda one: one.points)[:GIFTS_SHOWN]:
            row = QHBoxLayout()
            name = TextLabel(parent=self, type=TypeRole.BODY)
            name.show_plain(f"{gift.name}　{t('coupon.gift_points', points=f'{gift.points:,}')}")
            button = Button("member_page.gift_take", parent=self, size="compact")
            connect_click(button, lambda gift=gift: self._ask_gift(gift))  # type: ignore[misc]
            row.addWidget(name, 1)
            row.addWidget(button)
            self._gifts.addLayout(row)

    def _ask_gift(self, gift: Gift) -> None:
        ConfirmSheet(
            self.window(),
            "member_page.gift_title",
            "member_page.gift_question",
            lambda: self._give(gift),
            yes_key="member_page.gift_take",
            name=gift.name,
            points=f"{gift.points:,}",
        ).open()

    def _give(self, gift: Gift) -> None:
        desk = self.desk

        def done(_: LedgerEntry) -> None:
            desk.context.messages.good("member_page.gift_given", name=gift.name)
            self.written.emit()

        desk.do(lambda _: desk.till.gifts.redeem(desk.member_id, gift.code), done, owner=self)
