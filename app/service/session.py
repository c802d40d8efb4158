"""Who is working right now, on which shift, and how far their role goes. One session per till; the screens read it, services ask it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.authority import DEFAULT_LIMITS, Approval, Limit, Operator, Right, Role, is_within
from app.domain.errors import ApprovalNeeded, Refused
from app.domain.ids import OperatorId
from app.domain.shift import Shift
from app.service.shop import ShopSettings


@dataclass(slots=True)
class Session:
    """The till's present state. ``operator`` is None when nobody is signed on; ``shift`` is None when the drawer is closed."""

    shop: ShopSettings
    operator: Operator | None = None
    shift: Shift | None = None
    limits: Mapping[Role, Mapping[Right, Limit]] = field(default_factory=lambda: DEFAULT_LIMITS)
    is_training: bool = False

    def require_operator(self) -> Operator:
        if self.operator is None:
            raise Refused("not_signed_on")
        return self.operator

    def require_shift(self) -> Shift:
        if self.shift is None or not self.shift.is_open:
            raise Refused("no_open_shift")
        return self.shift

    @property
    def operator_id(self) -> OperatorId:
        return self.require_operator().id

    def permit(self, right: Right, amount: int, approval: Approval | None = None) -> None:
        """Pass when the operator may do this much, or a second person granted at least as much. Raises ApprovalNeeded."""
        operator = self.require_operator()
        if is_within(self.limits, operator.role, right, amount):
            return
        if approval is not None and approval.right is right and approval.amount >= amount:
            return
        limit = self.limits.get(operator.role, {}).get(right, 0)
        raise ApprovalNeeded(right.value, amount=amount, limit=limit if limit is not None else 0)
