"""A barcode scanner on a serial line, with the habits that real ones have: framing, AIM ids, bursts, reads that go wrong."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from time import monotonic
from typing import ClassVar, Final

from devices.virtual.device import VirtualDevice
from devices.virtual.line import Line

AIM_IDS: Final = {
    "ean13": "]E0", "upca": "]E0", "ean8": "]E4", "code39": "]A0", "code128": "]C0", "gs1-128": "]C1", "qr": "]Q1", "gs1-qr": "]Q3",
    "datamatrix": "]d1", "gs1-datamatrix": "]d2", "databar": "]e0",
}  # fmt: skip
"""ISO/IEC 15424: what a scanner puts before the data when it is told to."""


class VirtualScanner(VirtualDevice):
    """``prefix`` and ``suffix`` frame each code; ``sends_aim_id`` puts the kind of code before it.

    ``byte_gap_seconds`` parts the bytes, as a slow line or a USB bridge does; 0 hands over each code whole.
    """

    THREAD_NAME: ClassVar[str] = "virtual-scanner"

    def __init__(
        self,
        line: Line,
        *,
        baud: int | None = None,
        prefix: bytes = b"",
        suffix: bytes = b"\r",
        sends_aim_id: bool = False,
        byte_gap_seconds: float = 0.0,
    ) -> None:
        self._prefix = prefix
        self._suffix = suffix
        self._sends_aim_id = sends_aim_id
        self._gap_seconds = max(byte_gap_seconds, 10 / baud if baud else 0.0)
        self._queue: deque[tuple[float, bytes]] = deque()
        self._heard = bytearray()
        super().__init__(line, baud=baud)

    @property
    def heard(self) -> bytes:
        """What the till sent to it: a beep, a lamp."""
        return self.ask(lambda: bytes(self._heard))

    def scan(
        self,
        code: str | bytes,
        kind: str = "ean13",
        *,
        times: int = 1,
        keep: int | None = None,
        suffix: bytes | None = None,
    ) -> None:
        """Read one code. ``times=2`` is a double read, ``keep`` loses what follows so many characters, ``suffix=b""`` forgets the end."""
        self.scan_all([code] * times, kind, keep=keep, suffix=suffix)

    def scan_all(
        self,
        codes: Iterable[str | bytes],
        kind: str = "ean13",
        *,
        keep: int | None = None,
        suffix: bytes | None = None,
    ) -> None:
        """A burst: one code right behind the other, in one piece where the line allows it."""
        frames = [self._frame(code, kind, keep=keep, suffix=suffix) for code in codes]
        self.ask(lambda: self._queue_bytes(b"".join(frames)))

    def wait_until_sent(self, timeout: float = 10.0) -> bool:
        """Whether everything has gone out."""
        return self.wait_until(lambda: not self._queue, timeout)

    def _frame(self, code: str | bytes, kind: str, *, keep: int | None, suffix: bytes | None) -> bytes:
        data = code.encode("utf-8") if isinstance(code, str) else code
        aim_id = AIM_IDS[kind].encode("ascii") if self._sends_aim_id else b""
        return self._prefix + aim_id + data[:keep] + (self._suffix if suffix is None else suffix)

    def _queue_bytes(self, data: bytes) -> None:
        now = monotonic()
        if not self._gap_seconds:
            self._queue.append((now, data))
            return
        last = max(now, self._queue[-1][0]) if self._queue else now
        self._queue += [
            (last + (index + 1) * self._gap_seconds, bytes((byte,))) for index, byte in enumerate(data)
        ]

    def _tick(self, now: float) -> float | None:
        if not self._line.is_plugged:
            self._queue.clear()
        while self._queue and self._queue[0][0] <= now:
            self._say(self._queue.popleft()[1])
            if not self._queue:
                self._notify()
        return self._queue[0][0] if self._queue else None

    def _take(self, data: bytes) -> None:
        self._heard += data
