"""One line to a device, whatever it is made of. Exactly one thread uses it, and every wait has an end.

Whatever the system says when a line goes away (``OSError``, ``SerialException``, a USB error) becomes :class:`Disconnected` here: callers
know two things only, that it is open and that it is gone.
"""

from __future__ import annotations

from typing import Protocol


class Disconnected(Exception):
    """The line is gone, or could not be opened. ``sent`` counts the bytes of this write that were surely handed over.

    ``reason`` is a short code: "missing" (no such device), "busy" (another program holds it), "refused", "gone" (it went away), "timeout",
    "denied" (no permission), "unsupported".
    """

    def __init__(self, reason: str, *, sent: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.sent = sent


class Transport(Protocol):
    """Open, write, read, close. After :class:`Disconnected` it is closed and may be opened again."""

    @property
    def address(self) -> str:
        """How a person names it: ``serial:/dev/ttyUSB0?baud=115200``, ``tcp://192.168.1.50:9100``, ``usb:04b8:0e15``, ``file:/folder``."""
        ...

    @property
    def can_read(self) -> bool:
        """Whether anything ever comes back. Without it "printed" cannot be known, only "submitted"."""
        ...

    @property
    def is_open(self) -> bool: ...

    def open(self, timeout: float = 3.0) -> None:
        """Raises Disconnected."""
        ...

    def write(self, data: bytes, timeout: float) -> int:
        """Hand over what can be handed over within ``timeout`` seconds; returns how many bytes went. Raises Disconnected with ``sent``."""
        ...

    def read(self, size: int, timeout: float) -> bytes:
        """Up to ``size`` bytes as soon as any are there; ``b""`` after ``timeout`` seconds of silence. Raises Disconnected."""
        ...

    def close(self) -> None:
        """Never raises."""
        ...
