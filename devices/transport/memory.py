"""A line that ends in memory: what was written lies in ``written``, what is put into ``incoming`` can be read. For tests."""

from __future__ import annotations

from collections.abc import Callable

from devices.transport.port import Disconnected


class MemoryTransport:
    """Implements :class:`devices.transport.port.Transport`.

    ``answer`` gets every piece that was written and returns what the device says to it. After ``room`` more bytes nothing is taken;
    after ``breaks_after`` bytes the line goes away.
    """

    def __init__(
        self, name: str = "", *, can_read: bool = True, answer: Callable[[bytes], bytes] = lambda _: b""
    ) -> None:
        self._name = name
        self._can_read = can_read
        self._is_open = False
        self.answer = answer
        self.written = bytearray()
        self.incoming = bytearray()
        self.room: int | None = None
        self.breaks_after: int | None = None
        self.refusal = ""

    @property
    def address(self) -> str:
        return f"memory:{self._name}"

    @property
    def can_read(self) -> bool:
        return self._can_read

    @property
    def is_open(self) -> bool:
        return self._is_open

    def open(self, timeout: float = 3.0) -> None:
        if self.refusal:
            raise Disconnected(self.refusal)
        self._is_open = True

    def write(self, data: bytes, timeout: float) -> int:
        if not self._is_open:
            raise Disconnected("gone")
        taken = data if self.room is None else data[: self.room]
        if self.breaks_after is not None and len(self.written) + len(taken) > self.breaks_after:
            taken = taken[: max(0, self.breaks_after - len(self.written))]
            self.written += taken
            self.close()
            raise Disconnected("gone", sent=len(taken))
        if self.room is not None:
            self.room -= len(taken)
        self.written += taken
        self.incoming += self.answer(bytes(taken))
        return len(taken)

    def read(self, size: int, timeout: float) -> bytes:
        if not self._is_open:
            raise Disconnected("gone")
        data = bytes(self.incoming[:size])
        del self.incoming[:size]
        return data

    def close(self) -> None:
        self._is_open = False
