"""A customer display. Showing never waits: the newest panel replaces one that was not shown yet, and what a dead display missed is gone."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from devices.display.commands import DisplayCommands, behind_printer, ready, show

if TYPE_CHECKING:
    from devices.display.content import Panel
    from devices.transport.port import Transport

TURN_SECONDS: Final = 0.25
WRITE_SECONDS_MAX: Final = 1.0


class LineDisplay:
    """A display on a line of its own. Implements :class:`devices.worker.LineUser`."""

    def __init__(self, name: str, commands: DisplayCommands, *, brightness: int = 4) -> None:
        self._name = name
        self._commands = commands
        self._brightness = brightness
        self._wanted: Panel | None = None
        self._shown: Panel | None = None
        self._changed = threading.Event()

    @property
    def name(self) -> str:
        return self._name

    def show(self, panel: Panel) -> None:
        """Show this from now on. Returns at once, from any thread."""
        self._wanted = panel
        self._changed.set()

    def begin(self, line: Transport) -> None:
        self._shown = None
        self._write(line, ready(self._commands, self._brightness))
        self._changed.set()

    def turn(self, line: Transport) -> None:
        # A display says nothing; a short read only notices that it is gone.
        if not self._changed.wait(TURN_SECONDS):
            line.read(16, 0.0)
            return
        self._changed.clear()
        panel = self._wanted
        if panel is not None and panel != self._shown:
            self._write(line, show(self._commands, panel))
            self._shown = panel

    def lost(self) -> None:
        self._shown = None

    def _write(self, line: Transport, data: bytes) -> None:
        from devices.transport.port import Disconnected

        sent = line.write(data, WRITE_SECONDS_MAX)
        if sent < len(data):
            raise Disconnected("timeout", sent=sent)


class PrinterDisplay:
    """A display behind the printer: `send` hands bytes to whoever has the printer's line, and may drop them while it prints."""

    def __init__(
        self, name: str, commands: DisplayCommands, send: Callable[[bytes], None], *, brightness: int = 4
    ) -> None:
        self._name = name
        self._commands = commands
        self._send = send
        self._brightness = brightness
        self._is_ready = False

    @property
    def name(self) -> str:
        return self._name

    def show(self, panel: Panel) -> None:
        """Hand the panel over; the first one makes the display ready."""
        opening = b"" if self._is_ready else ready(self._commands, self._brightness)
        self._is_ready = True
        self._send(behind_printer(opening + show(self._commands, panel)))

    def printer_came_back(self) -> None:
        """The printer was switched off: the display behind it too."""
        self._is_ready = False
