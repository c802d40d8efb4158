"""Time as a benchmark counts it, on a machine that others use too.

Where the system tells it (Linux), the time that this thread was ready and had no processor is told apart: it belongs to whoever else was on
the machine. Waiting for the disk, for a lock or for another thread of our own counts.
"""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import BinaryIO, Final

SCHEDULER: Final = Path("/proc/thread-self/schedstat")


class Stopwatch:
    """Measures the thread it was made on. ``elapsed`` is the whole time of the last measurement, in seconds."""

    def __init__(self) -> None:
        self.elapsed = 0.0
        try:
            self._statistics: BinaryIO | None = SCHEDULER.open("rb", buffering=0)
        except OSError:
            self._statistics = None

    def start(self) -> None:
        self._without_processor = self._read()
        self._started = perf_counter()

    def stop(self) -> float:
        """Seconds since the start, without those that this thread spent waiting for a processor."""
        self.elapsed = perf_counter() - self._started
        return self.elapsed - (self._read() - self._without_processor)

    def close(self) -> None:
        if self._statistics is not None:
            self._statistics.close()

    def _read(self) -> float:
        """Seconds that this thread was ready and not running, since it began."""
        if self._statistics is None:
            return 0.0
        self._statistics.seek(0)
        return int(self._statistics.read(100).split()[1]) / 1e9
