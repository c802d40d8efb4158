"""What members see: the tiers' cards with how many hold each, the stamp cards, and the gifts with how many are left."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.domain.ids import MemberId
from app.i18n import t
from app.service.gift_desk import taken_so_far
from ui.context import Screen
from ui.office.page import OfficePage
from ui.rules.card_areas import StampArea
from ui.rules.painted import TIER_TILES, CardFace, CardView, StampView
from ui.rules.tiers_area import TierArea
from ui.tasks import Worker
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button
from ui.widgets.form import connect_click, scrolling
from ui.widgets.text_label import TextLabel

if TYPE_CHECKING:
    from app.service.till import Till
    from ui.context import ScreenContext

COLUMNS = 2


class CardsPage(OfficePage):
    """Everything as it is in force now."""

    NAME = "cards"

    def __init__(self, till: Till, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__(self.NAME, till, context, parent)
        self._holders: Counter[str] = Counter()
        self._inside = QWidget(self)
        self._box = QVBoxLayout(self._inside)
        self._box.setContentsMargins(0, 0, Space.M, 0)
        self._box.setSpacing(Space.M)
        self._box.addStretch(1)
        self._parts: list[QWidget] = []
        self.body.addWidget(scrolling(self._inside, self), 1)
        for name in ("tiers", "stamps", "gifts"):
            button = Button(f"office.cards.change_{name}", parent=self)
            connect_click(button, partial(context.go_to, Screen.RULES, name))
            self.foot.addWidget(button)
        self.foot.addStretch(1)

    def refresh(self) -> None:
        self._show()
        store = self._till.store

        def count() -> Counter[str]:
            merged: frozenset[MemberId] = store.membership.merges.everyone_merged()
            return Counter(
                one.tier for one in store.members.everyone() if not one.is_erased and one.id not in merged
            )

        self._context.tasks.run(count, self._on_counted, worker=Worker.POOL, owner=self)

    def _on_counted(self, holders: Counter[str]) -> None:
        self._holders = holders
        self._show()

    def _show(self) -> None:
        for part in self._parts:
            self._box.removeWidget(part)
            part.hide()
            part.deleteLater()
        self._parts = []
        self._put("office.cards.tiers", self._tiers())
        self._put("office.cards.stamps", self._stamps())
        self._put("office.cards.gifts", self._gifts())

    def _tiers(self) -> list[QWidget]:
        area = TierArea(self._till)
        _, rules = area.current()
        cards: list[QWidget] = []
        rows = [("", t("rules_ui.sample.no_tier")), *((tier.code, tier.name) for tier in rules.tiers)]
        for rank, (code, name) in enumerate(rows):
            said = area.describe(rules) if code else ()
            card = CardView(self._inside)
            card.show_face(
                CardFace(
                    self._till.shop.name,
                    name,
                    tuple(one for one in said if name in one)[:3],
                    TIER_TILES[rank % len(TIER_TILES)],
                    note=t("office.cards.holders", count=f"{self._holders.get(code, 0):,}"),
                )
            )
            cards.append(card)
        return cards

    def _stamps(self) -> list[QWidget]:
        area = StampArea(self._till)
        views: list[QWidget] = []
        for card in area.current()[1].cards:
            view = StampView(self._inside)
            reward = t("rules_ui.sample.reward", reward=area.reward_words(card))
            view.show_card(card.name, reward, card.needed, card.needed // 2)
            views.append(view)
        return views

    def _gifts(self) -> list[QWidget]:
        cards: list[QWidget] = []
        for gift in self._till.rules.gifts.rules.gifts:
            taken = taken_so_far(self._till.store, gift.code)
            left = "" if gift.stock is None else t("office.cards.left", count=max(0, gift.stock - taken))
            card = CardView(self._inside)
            points = t("office.cards.points", points=f"{gift.points:,}")
            taken_words = t("office.cards.taken", count=taken)
            card.show_face(CardFace(points, gift.name, (left,) if left else (), "rose", note=taken_words))
            cards.append(card)
        return cards

    def _put(self, title_key: str, cards: list[QWidget]) -> None:
        part = QWidget(self._inside)
        grid = QGridLayout(part)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(Space.M)
        grid.addWidget(TextLabel(title_key, part, type=TypeRole.LEAD, is_strong=True), 0, 0, 1, COLUMNS)
        for index, card in enumerate(cards):
            grid.addWidget(card, 1 + index // COLUMNS, index % COLUMNS, Qt.AlignmentFlag.AlignTop)
        if not cards:
            grid.addWidget(TextLabel("office.cards.none", part, tone="muted"), 1, 0)
        for column in range(COLUMNS):
            grid.setColumnStretch(column, 1)
        self._box.insertWidget(len(self._parts), part)
        self._parts.append(part)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and self.isVisible():
            self._show()
