"""From when new rules hold: now, or when the shop opens on its next business day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.service.till import Till


def next_opening(now: datetime, day_starts_at_hour: int) -> datetime:
    """The first instant of the next business day.

    >>> next_opening(datetime(2026, 11, 22, 2, 30, tzinfo=UTC), 4).isoformat()
    '2026-11-22T04:00:00+00:00'
    """
    begins = now.replace(hour=day_starts_at_hour, minute=0, second=0, microsecond=0)
    return begins if begins > now else begins + timedelta(days=1)


def next_opening_ms(till: Till) -> int:
    return int(next_opening(till.clock.local(), till.shop.day_starts_at_hour).timestamp() * 1000)


def moment_text(till: Till, at_ms: int) -> str:
    """An instant as the shop's clock shows it: ``2026/11/22 14:05``; ``—`` for rules that were always there."""
    if at_ms <= 0:
        return "—"
    zone = till.clock.local().tzinfo or UTC
    return f"{datetime.fromtimestamp(at_ms / 1000, zone):%Y/%m/%d %H:%M}"
