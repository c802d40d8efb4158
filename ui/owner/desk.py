"""What every page of the owner stands on: the till, the doors to work and messages, and the way to a member's page.

Whoever may not see the shop's figures never gets here; the services refuse them besides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.domain.authority import Approval, Right, is_within
from app.domain.errors import ApprovalNeeded, TillError
from app.domain.ids import MemberId, OperatorId
from app.domain.member import mask_name
from app.domain.phone import mask_phone
from app.i18n import t
from ui.context import ScreenContext
from ui.sale.held_list import local_time

if TYPE_CHECKING:
    from app.service.till import Till

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class OwnerDesk:
    """``window`` is what a sheet opens over."""

    till: Till
    context: ScreenContext
    window: QWidget

    def read(self, read: Callable[[], Result], on_done: Callable[[Result], None], *, owner: QObject) -> None:
        """Read on the store's worker."""
        self.context.tasks.run(read, on_done, owner=owner)

    def do(
        self,
        act: Callable[[Approval | None], Result],
        on_done: Callable[[Result], None],
        *,
        owner: QObject,
        on_error: Callable[[TillError], None] | None = None,
        approval: Approval | None = None,
    ) -> None:
        """Write on the store's worker, and tell when it is written. Over the limit a second person is asked, once."""

        def failed(error: TillError) -> None:
            if isinstance(error, ApprovalNeeded):
                amount = int(str(error.fields["amount"]))
                self.context.ask_approval(
                    Right(error.right),
                    amount,
                    lambda grant: self.do(act, on_done, owner=owner, on_error=on_error, approval=grant),
                )
            else:
                (on_error or self.context.messages.refused)(error)

        self.context.tasks.run(lambda: act(approval), on_done, failed, owner=owner)

    def local(self, at: int) -> datetime:
        return local_time(at, self.till.clock)

    def open_member(
        self, member_id: MemberId | None, on_closed: Callable[[], None] | None = None, *, section: str = ""
    ) -> bool:
        """Their page, over whatever is in sight; False where there is nobody to show."""
        card = self.till.store.members.by_id(member_id) if member_id is not None else None
        if card is None or card.member.is_erased:
            self.context.messages.warn("owner.no_member")
            return False
        from ui.member.page import MemberPage

        page = MemberPage(self.window, self.till, self.context, card, section=section)
        if on_closed is not None:
            page.finished.connect(lambda _: on_closed())
        page.open()
        return True

    def who(self, member_id: MemberId | None) -> str:
        """A member as they may be shown: masked; a dash for a passer-by."""
        if member_id is None:
            return t("summary.none")
        card = self.till.store.members.by_id(member_id)
        if card is None or card.member.is_erased:
            return t("summary.erased")
        return f"{mask_name(card.member.name)} {mask_phone(card.member.phone)}".strip()

    def staff(self) -> dict[OperatorId, str]:
        return {one.id: one.name for one in self.till.store.people.operators()}


def may_see_figures(till: Till) -> bool:
    """Whether who works here may see the shop's figures."""
    session = till.session
    operator = session.operator
    return operator is not None and is_within(session.limits, operator.role, Right.REPORTS, 1)
