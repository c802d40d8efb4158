"""When something was, as the screen says it: today's by the hour, older ones with their day."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.service.ports import Clock


def shown_moment(at: int, clock: Clock, *, with_seconds: bool = False) -> str:
    """``14:05`` or ``11/20 14:05``. `at` is UTC milliseconds."""
    now = clock.local()
    moment = datetime.fromtimestamp(at / 1000, now.tzinfo)
    hour = f"{moment:%H:%M:%S}" if with_seconds else f"{moment:%H:%M}"
    return hour if moment.date() == now.date() else f"{moment:%m/%d} {hour}"
