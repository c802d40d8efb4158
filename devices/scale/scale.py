"""A scale on its line. Whoever sells waits for one settled weight, never longer than they said; nobody else touches the line.

A reading from before the question never answers it: goods may have been changed since.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final

from app.domain.device import DeviceEvent, EventKind, Weight
from app.domain.errors import Refused, TillError, Unavailable
from devices.scale.reading import Reading, ScaleProtocol, ScaleWord

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.service.ports import Clock
    from devices.transport.port import Transport

TURN_SECONDS: Final = 0.05
ASK_EVERY_SECONDS: Final = 0.2
WRITE_SECONDS_MAX: Final = 0.5
READ_BYTES: Final = 64
STEADY_READINGS: Final = 3
"""Said so often in a row, a scale means it: nobody waits any longer for goods that are too heavy."""
_STEADY: Final = (ScaleWord.OVER, ScaleWord.UNDER, ScaleWord.UNIT, ScaleWord.EMPTY)


class LineScale:
    """Implements :class:`devices.worker.LineUser`. :meth:`read_weight` may be called from any thread but the worker's and the screen's."""

    def __init__(
        self,
        name: str,
        protocol: ScaleProtocol,
        clock: Clock,
        on_event: Callable[[DeviceEvent], None] = lambda _: None,
    ) -> None:
        self._name = name
        self._protocol = protocol
        self._clock = clock
        self._on_event = on_event
        self._changed = threading.Condition()
        self._waiting = 0
        self._readings = 0  # counts what came, so that a waiter knows what is newer than its question
        self._newest: Reading | None = None
        self._asked_at = 0.0

    @property
    def name(self) -> str:
        return self._name

    def read_weight(self, timeout_seconds: float) -> Weight:
        """The next settled weight. Raises Refused with what is in the way, or Unavailable("scale_missing") when nothing answers.

        What moves is waited for until the time is over; what will not change by itself is said at once.
        """
        end = time.monotonic() + timeout_seconds
        with self._changed:
            self._waiting += 1
            seen, last, times = self._readings, None, 0
            try:
                while (rest := end - time.monotonic()) > 0 and self._changed.wait(rest):
                    if self._readings == seen or self._newest is None:
                        continue
                    times = times + 1 if self._newest == last else 1
                    seen, last = self._readings, self._newest
                    if last.word is ScaleWord.STABLE:
                        return Weight(last.thousandths)
                    if last.word in _STEADY and times >= STEADY_READINGS:
                        break
            finally:
                self._waiting -= 1
        raise _refusal(last)

    # --- on the worker's thread ---

    def begin(self, line: Transport) -> None:
        self._protocol.forget()
        self._asked_at = 0.0

    def turn(self, line: Transport) -> None:
        now = time.monotonic()
        if self._protocol.question and self._waiting and now - self._asked_at >= ASK_EVERY_SECONDS:
            self._asked_at = now
            line.write(self._protocol.question, WRITE_SECONDS_MAX)
        for reading in self._protocol.feed(line.read(READ_BYTES, TURN_SECONDS)):
            self._take(reading)

    def lost(self) -> None:
        self._protocol.forget()

    def _take(self, reading: Reading) -> None:
        is_news = self._newest != reading
        with self._changed:
            self._newest = reading
            self._readings += 1
            self._changed.notify_all()
        if is_news and reading.word is ScaleWord.STABLE:
            weight = Weight(reading.thousandths)
            self._on_event(DeviceEvent(self._name, EventKind.WEIGHT, self._clock.now_ms(), weight=weight))


def _refusal(last: Reading | None) -> TillError:
    if last is None:
        return Unavailable("scale_missing")
    return Refused(f"scale_{last.word}")
