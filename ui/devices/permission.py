"""Who may change devices: whoever may change settings, or a second person who grants it. The grant goes along to the service."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.domain.authority import Approval, Right, is_within

if TYPE_CHECKING:
    from app.service.till import Till
    from ui.context import ScreenContext


def with_right(till: Till, context: ScreenContext, act: Callable[[Approval | None], None]) -> None:
    """Act now, or once somebody has granted it."""
    session = till.session
    operator = session.operator
    if operator is not None and is_within(session.limits, operator.role, Right.SETTINGS, 1):
        act(None)
    else:
        context.ask_approval(Right.SETTINGS, 1, act)
