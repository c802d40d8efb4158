"""When the till tries next. Time is handed in and only ever goes forward: the machine's date may jump as it likes.

After a failure full jitter (a random share of a doubling ceiling) keeps a thousand tills from coming back in the same second; what the
server asked for (Retry-After) is never undercut.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

CEILING_START_MS: Final = 1_000
CEILING_MAX_MS: Final = 300_000
DOUBLINGS_MAX: Final = 20


@dataclass(frozen=True, slots=True)
class Pace:
    """``idle_ms``: so often the till asks for news when nothing is sold. ``soon_ms``: sales this close together go in one request.

    ``wake_again_ms``: while nothing answers, a sale makes it try at most this often.
    """

    idle_ms: int = 5 * 60_000
    soon_ms: int = 1_000
    wake_again_ms: int = 30_000


class Schedule:
    """``random(n)`` gives n bytes; every ``now`` is milliseconds of a clock that never goes back."""

    def __init__(self, random: Callable[[int], bytes], now: int, pace: Pace) -> None:
        self._random = random
        self._pace = pace
        self._tried_at: int | None = None
        self._not_before = now
        self.failures = 0
        self.due_at = now

    def wake(self, now: int, *, is_urgent: bool = False) -> None:
        """Something was sold, or somebody thinks that the network is back; ``is_urgent``: somebody waits for it."""
        soon = now + self._pace.soon_ms
        if not is_urgent and self.failures and self._tried_at is not None:
            soon = max(soon, self._tried_at + self._pace.wake_again_ms)
        self.due_at = max(self._not_before, min(self.due_at, soon))

    def went_well(self, now: int, *, is_more: bool, wait_ms: int = 0) -> None:
        """``is_more``: something waits already."""
        self.failures = 0
        self._tried_at = now
        self._not_before = now + wait_ms
        pause = (
            self._pace.soon_ms
            if is_more
            else self._pace.idle_ms // 2 + self._share_of(self._pace.idle_ms // 2)
        )
        self.due_at = max(self._not_before, now + pause)

    def failed(self, now: int, *, wait_ms: int = 0) -> None:
        ceiling = min(CEILING_MAX_MS, CEILING_START_MS << min(self.failures, DOUBLINGS_MAX))
        self.failures += 1
        self._tried_at = now
        self._not_before = now + wait_ms
        self.due_at = max(self._not_before, now + self._share_of(ceiling))

    def _share_of(self, ceiling: int) -> int:
        return int.from_bytes(self._random(4), "big") * (ceiling + 1) >> 32
