"""Time as this universe has it, and as each till believes it to be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

BEGINNING: Final = 1_791_000_000_000
"""2026-10-03, in the afternoon in Taipei."""
TAIPEI: Final = timezone(timedelta(hours=8))


class SimClock:
    """A till's clock: true time and how far it is off. Implements :class:`app.service.ports.Clock`."""

    def __init__(self, true_ms: Callable[[], int]) -> None:
        self._true_ms = true_ms
        self.off_ms = 0

    def now_ms(self) -> int:
        return self._true_ms() + self.off_ms

    def local(self) -> datetime:
        return datetime.fromtimestamp(self.now_ms() / 1000, UTC).astimezone(TAIPEI)
