"""One printer at the other end of one line: asks how it is, hears what it says by itself, and sends what it takes.

Only the printer's own thread uses it, and no call waits longer than it says. What is heard while something else is waited for is kept.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

from devices.printer.status import (
    SILENT,
    Automatic,
    Demultiplexer,
    Flow,
    PrinterStatus,
    RealTime,
    Reply,
    of_automatic,
    with_real_time,
)
from devices.profile import PrinterProfile
from devices.transport.port import Transport

READ_BYTES: Final = 256
ASK: Final = b"\x10\x04"
PUSH_STATUS: Final = b"\x1da\x0f"
STALE_READS_MAX: Final = 64


@dataclass(frozen=True, slots=True)
class Timing:
    """How long what may take. Seconds."""

    open_seconds: float = 3.0
    answer_seconds: float = 0.5  # real answers come within 4 ms
    listen_seconds: float = 0.1  # a drawer that must open waits no longer than this for a paper under way
    poll_seconds: float = 1.0
    idle_seconds: float = 2.0
    stall_seconds: float = 3.0  # nothing was taken for so long: somebody is told
    silence_seconds: float = 8.0  # a question waits behind what the line still holds of the paper: 4 kB at 9600 baud take four seconds
    give_up_seconds: float = 60.0  # nothing was taken and nothing said for so long: nobody can tell any more
    fence_seconds: float = 30.0  # it says that all is well, and still not that it printed
    submit_seconds: float = 30.0
    back_off_first_seconds: float = 0.5
    back_off_most_seconds: float = 10.0


class PrinterConnection:
    """``status`` is what the printer said last. Every method but :meth:`close` raises Disconnected."""

    def __init__(self, transport: Transport, profile: PrinterProfile, timing: Timing) -> None:
        self._transport = transport
        self._profile = profile
        self._timing = timing
        self._demultiplexer = Demultiplexer()
        self._heard: list[Reply] = []
        self._unsent = b""
        self._is_stopped = False
        self._heard_at = 0.0
        self.status = SILENT

    @property
    def is_open(self) -> bool:
        return self._transport.is_open

    @property
    def can_read(self) -> bool:
        return self._transport.can_read

    def open(self) -> None:
        self._transport.open(self._timing.open_seconds)
        self.forget()
        self._is_stopped, self._unsent, self.status = False, b"", SILENT
        if self._profile.pushes_status and self.can_read:
            self.write(PUSH_STATUS, self._timing.answer_seconds)

    def close(self) -> None:
        self._transport.close()
        self.status = SILENT

    def forget(self) -> None:
        """Throw away what came for somebody else: the answers of an earlier paper must not pass for those of the next."""
        for _ in range(STALE_READS_MAX):
            if not self._transport.read(READ_BYTES, 0):
                break
        self._demultiplexer.forget()
        self._heard.clear()

    def ask(self) -> PrinterStatus:
        """The printer's status now; a silent one when it does not answer in time, or when the line takes nothing."""
        while self._receive(0.0):
            pass  # answers that came too late for whoever asked
        status = PrinterStatus()
        for kind in (1, 4, 2, 3):
            if kind in (2, 3) and status.is_online:
                break  # only what is offline has a reason for it
            byte = self._ask_one(kind)
            if byte is None:
                self.status = SILENT
                return SILENT
            status = with_real_time(status, kind, byte)
        self.status = status
        return status

    def _ask_one(self, kind: int) -> int | None:
        if self.write(ASK + bytes((kind,)), self._timing.answer_seconds, is_urgent=True) < len(ASK) + 1:
            return None
        deadline = time.monotonic() + self._timing.answer_seconds
        while (left := deadline - time.monotonic()) > 0:
            answers = [reply for reply in self._receive(left) if isinstance(reply, RealTime)]
            if answers:
                return answers[-1].byte
        return None

    def write(self, data: bytes, timeout: float, *, is_urgent: bool = False) -> int:
        """How many bytes were taken within the time. A real-time command is urgent: XOFF does not hold it back."""
        if self._is_stopped and not is_urgent:
            self._receive(timeout)
            if self._is_stopped:
                return 0
        if self._unsent:  # the rest of a command that went half
            self._unsent = self._unsent[self._transport.write(self._unsent, timeout) :]
            if self._unsent:
                return 0
        sent = self._transport.write(data, timeout)
        if is_urgent and 0 < sent < len(data):
            self._unsent = data[sent:]
        return sent

    def listen(self, timeout: float) -> tuple[Reply, ...]:
        """What the printer said since the last time, waiting up to ``timeout`` seconds when it said nothing yet."""
        if self.can_read:
            self._receive(0.0 if self._heard else timeout)
        heard, self._heard = tuple(self._heard), []
        return heard

    def _receive(self, timeout: float) -> tuple[Reply, ...]:
        data = self._transport.read(READ_BYTES, timeout)
        now = time.monotonic()
        if not data:
            if now - self._heard_at >= self._timing.answer_seconds:
                self._demultiplexer.forget()
            return ()
        self._heard_at = now
        replies = self._demultiplexer.feed(data)
        for reply in replies:
            match reply:
                case Automatic(bytes=told):
                    self.status = of_automatic(told)
                    self._heard.append(reply)
                case Flow(is_stop):
                    self._is_stopped = is_stop
                case RealTime():
                    pass  # whoever asked is waiting for it
                case _:
                    self._heard.append(reply)
        return replies
