"""Stand-ins for what a test must control: the clock, the ids, the printer's waiting thread."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from app.domain.ids import Uuid7Source

TAIPEI = timezone(timedelta(hours=8))


class FakeClock:
    """Stands still until a test moves it; the shop's wall clock shows Taipei time."""

    def __init__(self, start: datetime = datetime(2026, 10, 3, 14, 0, tzinfo=TAIPEI)) -> None:
        self.now = int(start.timestamp() * 1000)

    def now_ms(self) -> int:
        return self.now

    def local(self) -> datetime:
        return datetime.fromtimestamp(self.now / 1000, UTC).astimezone(TAIPEI)

    def forward(self, **how_long: float) -> None:
        self.now += int(timedelta(**how_long).total_seconds() * 1000)

    def set_local(self, *date_and_time: int) -> None:
        self.now = int(datetime(*date_and_time, tzinfo=TAIPEI).timestamp() * 1000)  # type: ignore[misc, arg-type]


def seeded_ids(clock: FakeClock, seed: int = 1) -> Uuid7Source:
    """The same ids every time."""
    state = [seed]

    def bits(count: int) -> int:
        state[0] += 1
        return state[0] * 0x9E3779B97F4A7C15 % (1 << count)

    return Uuid7Source(clock.now_ms, bits)


class QuietSpool:
    """Counts how often it was woken."""

    def __init__(self) -> None:
        self.woken = 0

    def wake(self) -> None:
        self.woken += 1
