"""The customer's card: who it is (masked), what they have, when they were last here. Without one, how to begin."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.member import Member, MemberCard, mask_name
from app.domain.phone import mask_phone
from app.i18n import t
from ui.theme import Space, TypeRole
from ui.widgets.text_label import TextLabel

TIERS = frozenset({"silver", "gold", "platinum"})


def member_name(member: Member) -> str:
    """The masked name, or the masked number of somebody without one."""
    return mask_name(member.name) if member.name.strip() else mask_phone(member.phone)


class CustomerCard(QFrame):
    """Shows one member, or the invitation to key a number.

    Signals:
        opened(): a tap on it asks for more.
    """

    opened = Signal()

    def __init__(self, search_key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._card: MemberCard | None = None
        self._is_new = False
        self._search_key = search_key
        self.setProperty("panel", "surface")
        self._name = TextLabel(parent=self, type=TypeRole.TITLE)
        self._detail = TextLabel(parent=self, type=TypeRole.BODY, tone="muted")
        self._points = TextLabel(parent=self, type=TypeRole.HEADING, tone="accent", is_strong=True)
        self._points_word = TextLabel("member.points", self, type=TypeRole.CAPTION)
        self._lay_out()
        self.show_card(None)

    def show_card(self, card: MemberCard | None, *, is_new: bool = False) -> None:
        self._card, self._is_new = card, is_new
        self._render()

    def set_search_key(self, key: str) -> None:
        self._search_key = key
        self._render()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._render()
        super().changeEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.opened.emit()

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(2)
        left.addWidget(self._name)
        left.addWidget(self._detail)
        right = QVBoxLayout()
        right.setSpacing(0)
        for label in (self._points, self._points_word):
            label.setAlignment(Qt.AlignmentFlag.AlignRight)
            right.addWidget(label)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        row.addLayout(left, 1)
        row.addLayout(right)

    def _render(self) -> None:
        card = self._card
        has_card = card is not None
        self._points.setVisible(has_card and not self._is_new)
        self._points_word.setVisible(has_card and not self._is_new)
        self._name.set_tone("" if has_card else "muted")
        if card is None:
            self._name.show_text("member.none")
            self._detail.show_text("member.none_hint", key=self._search_key)
            return
        member = card.member
        self._name.show_plain(member_name(member))
        if self._is_new:
            self._name.show_plain(mask_phone(member.phone))
            self._detail.show_text("member.new_hint")
            return
        self._points.show_plain(f"{card.points:,}")
        self._detail.show_plain("・".join(_facts(card)))


def _facts(card: MemberCard) -> list[str]:
    member = card.member
    facts = [mask_phone(member.phone)] if member.name.strip() else []
    facts.append(tier_name(member.tier))
    if card.last_visit_on is None:
        facts.append(t("member.first_visit"))
    else:
        facts.append(t("member.last_visit", date=f"{card.last_visit_on:%m/%d}"))
    return facts


def tier_name(tier: str) -> str:
    """The tier in words; a shop's own code is shown as it is."""
    if not tier:
        return t("member.tier.basic")
    return t(f"member.tier.{tier}") if tier in TIERS else tier
