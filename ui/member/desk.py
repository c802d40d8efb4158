"""What every section of the member's page works with: the till, whose page it is, and one way to write.

Whatever writes goes through :meth:`MemberDesk.do`: it runs on the store's worker, and what the operator's role does not allow is done again
with a second person's grant.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject

from app.domain.authority import Approval, Right
from app.domain.errors import ApprovalNeeded, TillError
from app.domain.ids import MemberId, OperatorId
from ui.context import ScreenContext
from ui.sale.held_list import local_time

if TYPE_CHECKING:
    from app.service.till import Till

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class MemberDesk:
    """One member's page over one till."""

    till: Till
    context: ScreenContext
    member_id: MemberId

    def of(self, member_id: MemberId) -> MemberDesk:
        """The same over another file, such as the one this was put into."""
        return replace(self, member_id=member_id)

    def do(
        self,
        act: Callable[[Approval | None], Result],
        on_done: Callable[[Result], None],
        *,
        owner: QObject,
        on_error: Callable[[TillError], None] | None = None,
        approval: Approval | None = None,
    ) -> None:
        """Write, and tell when it is written. Over the limit a second person is asked, once."""

        def failed(error: TillError) -> None:
            if isinstance(error, ApprovalNeeded):
                self.ask(error, lambda grant: self.do(act, on_done, owner=owner, approval=grant))
            elif on_error is not None:
                on_error(error)
            else:
                self.context.messages.refused(error)

        self.context.tasks.run(lambda: act(approval), on_done, failed, owner=owner)

    def ask(self, needed: ApprovalNeeded, on_granted: Callable[[Approval], None]) -> None:
        """The sheet for a second person."""
        self.context.ask_approval(Right(needed.right), int(str(needed.fields["amount"])), on_granted)

    def read(self, read: Callable[[], Result], on_done: Callable[[Result], None], *, owner: QObject) -> None:
        """Read on the store's worker."""
        self.context.tasks.run(read, on_done, owner=owner)

    def today(self) -> date:
        return self.till.coupons.business_date()

    def local(self, at: int) -> datetime:
        """An instant as the shop's wall clock showed it."""
        return local_time(at, self.till.clock)

    def who(self, operator_id: OperatorId | None) -> str:
        """The name of somebody on the staff; ``""`` for nobody."""
        names = {one.id: one.name for one in self.till.store.people.operators()}
        return names.get(operator_id, "") if operator_id is not None else ""
