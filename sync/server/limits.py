"""How much one caller may ask for: so many requests a while, one at a time. Nothing waits here: who asks too much is told when to come
back.

The tables are bounded: what nobody asked for lately is forgotten first.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from sync.server.refusal import Denied

CALLERS_MAX: Final = 20_000


@dataclass(frozen=True, slots=True)
class Rate:
    """``burst`` at once, and ``per_minute`` in the long run."""

    burst: int
    per_minute: int


TILL: Final = Rate(burst=240, per_minute=1_200)
TOKEN: Final = Rate(burst=20, per_minute=60)
PAIRING: Final = Rate(burst=10, per_minute=10)
OFFICE: Final = Rate(burst=600, per_minute=1_200)


class RateLimiter:
    """A leaky bucket for each caller."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._levels: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def count(self, caller: str, now: int) -> None:
        """One more request. Raises Denied(429)."""
        level, at = self._levels.pop(caller, (0.0, now))
        level = max(0.0, level - max(0, now - at) * self._rate.per_minute / 60_000)
        is_over = level + 1 > self._rate.burst
        self._levels[caller] = (level if is_over else level + 1, now)
        while len(self._levels) > CALLERS_MAX:
            self._levels.popitem(last=False)
        if is_over:
            raise Denied(429, "too_many_requests", retry_after_seconds=max(1, 60 // self._rate.per_minute))


class OneAtATime:
    """A till has one request under way; another is told to come back."""

    def __init__(self) -> None:
        self._under_way: set[str] = set()

    @contextmanager
    def enter(self, caller: str) -> Iterator[None]:
        if caller in self._under_way:
            raise Denied(429, "one_at_a_time", retry_after_seconds=1)
        self._under_way.add(caller)
        try:
            yield
        finally:
            self._under_way.discard(caller)
