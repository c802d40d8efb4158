"""What the office's pages share: tables that answer to the keys, a member that is asked for, and how one is called."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.domain.member import MemberCard, mask_name
from app.domain.phone import mask_phone
from ui.keys import Action
from ui.rules.page import DeskPage
from ui.sale.member_find import MemberFindSheet
from ui.widgets.record_table import RecordTable

if TYPE_CHECKING:
    from app.domain.ids import MemberId
    from app.domain.member import Member
    from app.service.till import Till
    from ui.context import ScreenContext


class OfficePage(DeskPage):
    """A page of the office."""

    def __init__(self, name: str, till: Till, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__(name, parent, texts="office")
        self._till = till
        self._context = context

    def find_member(self, take: Callable[[MemberCard], object]) -> None:
        """Ask for a member; ``take`` gets the card."""
        key = self._context.hotkeys.keys.key(Action.MEMBER)
        sheet = MemberFindSheet(self.window(), self._till, key)
        sheet.finished.connect(lambda card: take(card) if isinstance(card, MemberCard) else None)
        sheet.page_asked.connect(self.open_member)
        sheet.open()

    def open_member(self, card: MemberCard) -> None:
        """The member's page."""
        from ui.member.page import MemberPage

        MemberPage(self.window(), self._till, self._context, card).open()


def reachable(*tables: RecordTable) -> None:
    """Tab comes to them, and the arrow keys move in the one that has the focus."""
    for table in tables:
        table.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        table.setTabKeyNavigation(False)


def member_text(member: Member | None) -> str:
    """``王○明 0912-***-678``, as everywhere on the screens."""
    if member is None:
        return "—"
    return f"{mask_name(member.name)} {mask_phone(member.phone)}".strip()


def member_of(till: Till, member_id: MemberId | None) -> str:
    card = None if member_id is None else till.store.members.by_id(member_id)
    return member_text(None if card is None else card.member)
