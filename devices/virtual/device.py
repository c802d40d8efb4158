"""What every virtual device is: a line, and one thread that works it.

Everything that changes the device runs on that thread: a test's ``set_fault`` is handed over and waited for, so a fault is in force when
the call returns. Every wait has a deadline, and none is a busy loop.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import ClassVar, TypeVar

from devices.virtual.line import Line, PtyLine, TcpLine

ASK_SECONDS_MAX = 10.0
SLEEP_SECONDS_MAX = 60.0
READ_BYTES_MAX = 65_536
READ_SECONDS = 0.01
"""At a limited speed this much of a second is read at a time."""

PAUSE_SECONDS = 2 * READ_SECONDS

Self = TypeVar("Self", bound="VirtualDevice")
Answer = TypeVar("Answer")


class VirtualDevice:
    """``baud`` limits the speed to baud ÷ 10 bytes a second in both directions, as 8N1 does; None is as fast as the line.

    Leave it through ``with`` or :meth:`close`. It begins plugged in.
    """

    THREAD_NAME: ClassVar[str] = "virtual-device"

    def __init__(self, line: Line, *, baud: int | None = None) -> None:
        assert baud is None or baud >= 300
        self._line = line
        self._baud = baud
        self._changed = threading.Condition()
        self._asks: deque[Callable[[], None]] = deque()
        self._is_closing = False
        self._received_bytes = 0
        self._received_at = 0.0
        self._sent: list[bytes] = []
        self._due_at = 0.0
        self._unplug_at_byte: int | None = None
        line.plug()
        self._address = line.address
        self._thread = threading.Thread(target=self._run, name=self.THREAD_NAME, daemon=True)

    @classmethod
    def on_pty(
        cls: type[Self], link: Path | None = None, *, baud: int | None = None, **options: object
    ) -> Self:
        """On a pseudo-terminal behind ``link`` (one in a temporary folder by default)."""
        return cls(PtyLine(link, baud=baud), baud=baud, **options).start()

    @classmethod
    def on_tcp(cls: type[Self], port: int = 0, *, baud: int | None = None, **options: object) -> Self:
        """On a TCP port of this machine, a free one by default."""
        return cls(TcpLine(port=port), baud=baud, **options).start()

    def start(self: Self) -> Self:
        self._thread.start()
        return self

    def __enter__(self: Self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the line and the thread. Closing twice does nothing."""
        if self._is_closing:
            return
        self._is_closing = True
        self._line.wake()
        self._thread.join(timeout=ASK_SECONDS_MAX)
        assert not self._thread.is_alive(), "the virtual device does not stop"
        self._line.close()

    @property
    def address(self) -> str:
        """What a till opens: ``serial:/path?baud=115200`` or ``tcp://127.0.0.1:port``."""
        return self._address

    @property
    def port(self) -> str:
        """The path of a serial port without its scheme and speed."""
        return self._address.removeprefix("serial:").partition("?")[0]

    @property
    def received_bytes(self) -> int:
        """How many bytes have come since it was made."""
        return self._received_bytes

    @property
    def received_at(self) -> float:
        """When the last byte had come, by `time.monotonic`."""
        return self._received_at

    @property
    def sent(self) -> tuple[bytes, ...]:
        """Everything it said, answer by answer."""
        with self._changed:
            return tuple(self._sent)

    def unplug(self) -> None:
        """Pull the cable out: the till's port is gone until :meth:`replug`."""
        self.ask(self._unplug)

    def unplug_after(self, count: int) -> None:
        """Pull the cable out when ``count`` more bytes have come; those behind them are lost."""

        def arm() -> None:
            self._unplug_at_byte = self._received_bytes + count

        self.ask(arm)

    def replug(self) -> None:
        """Put the cable back in: another pseudo-terminal behind the same link, the same TCP port."""
        self.ask(self._replug)

    @property
    def is_plugged(self) -> bool:
        return self._line.is_plugged

    def send(self, data: bytes) -> None:
        """Say something unasked."""
        self.ask(lambda: self._say(data))

    def wait_until(self, is_true: Callable[[], bool], timeout: float = 10.0) -> bool:
        """Sleep until ``is_true()``, which is asked again after each thing that happens; False when the time is over first."""
        with self._changed:
            return self._changed.wait_for(is_true, timeout)

    def ask(self, do: Callable[[], Answer]) -> Answer:
        """Run something on the device's thread and wait for what it returns; in the caller's when that thread has ended."""
        if threading.current_thread() is self._thread or not self._thread.is_alive():
            return do()
        future: Future[Answer] = Future()

        def run() -> None:
            try:
                future.set_result(do())
            except BaseException as error:
                future.set_exception(error)

        self._asks.append(run)
        self._line.wake()
        return future.result(timeout=ASK_SECONDS_MAX)

    # What a kind of device adds. All three run on the device's thread.

    def _take(self, data: bytes) -> None:
        """Bytes have come."""

    def _is_reading(self) -> bool:
        """Whether it takes bytes now."""
        return True

    def _tick(self, now: float) -> float | None:
        """Do what is due; returns when it wants to be asked again."""
        return None

    # The thread.

    def _run(self) -> None:
        while not self._is_closing:
            self._answer_asks()
            now = monotonic()
            next_at = self._tick(now)
            timeout = SLEEP_SECONDS_MAX if next_at is None else max(0.0, next_at - now)
            if not self._line.wait(timeout, is_reading=self._is_reading()):
                continue
            data = self._line.read(self._read_size())
            if data:
                self._pace(len(data))
                self._note_received(data)
        self._answer_asks()

    def _answer_asks(self) -> None:
        while self._asks:
            self._asks.popleft()()
            self._notify()

    def _read_size(self) -> int:
        size = READ_BYTES_MAX if self._baud is None else max(1, int(self._baud / 10 * READ_SECONDS))
        if self._unplug_at_byte is not None:
            size = max(1, min(size, self._unplug_at_byte - self._received_bytes))
        return size

    def _pace(self, count: int) -> None:
        """Sleep until the last of ``count`` bytes could have come over a line of this speed."""
        if self._baud is None:
            return
        now = monotonic()
        # A stream goes on from when its last byte was due, so that a late wake-up costs nothing; what comes after a pause begins now.
        begins_at = self._due_at if now - self._due_at < PAUSE_SECONDS else now
        self._due_at = begins_at + count * 10 / self._baud
        while not self._is_closing and (rest := self._due_at - monotonic()) > 0:
            self._line.wait(rest, is_reading=False)
            self._answer_asks()

    def _note_received(self, data: bytes) -> None:
        self._received_bytes += len(data)
        self._received_at = monotonic()
        self._take(data)
        if self._unplug_at_byte is not None and self._received_bytes >= self._unplug_at_byte:
            self._unplug_at_byte = None
            self._unplug()
        self._notify()

    def _say(self, data: bytes) -> None:
        with self._changed:
            self._sent.append(data)  # first: whoever has read it may ask for it
        self._line.write(data)

    def _unplug(self) -> None:
        self._line.unplug()

    def _replug(self) -> None:
        if not self._line.is_plugged:
            self._line.plug()

    def _notify(self) -> None:
        with self._changed:
            self._changed.notify_all()
