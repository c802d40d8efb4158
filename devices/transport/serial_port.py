"""A serial line: RS-232, a USB adapter, or a device that shows itself as one.

It is opened for this program alone, found again by its stable name at every opening, and what was handed over is counted byte by byte: on
POSIX through the descriptor itself, because pyserial's own write tells no count when it gives up.
"""

from __future__ import annotations

import contextlib
import os
import re
import select
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Self

import serial
from serial.tools import list_ports

from app.domain.errors import Refused
from devices.transport.port import Disconnected
from devices.transport.reason import reason_of

BAUD_RATES: Final = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600)
CHUNK: Final = 1024
BUSY_SECONDS: Final = 0.01
DRAIN_SECONDS: Final = 2.0
_FLOWS: Final = ("none", "rtscts", "xonxoff", "dsrdtr")
_PARITIES: Final = {"n": serial.PARITY_NONE, "e": serial.PARITY_EVEN, "o": serial.PARITY_ODD}
_USB_ID: Final = re.compile(r"([0-9a-fA-F]{4}):([0-9a-fA-F]{4})(?::(.+))?")


@dataclass(frozen=True, slots=True)
class SerialSettings:
    """How the bytes go over the wire."""

    baud: int = 9600
    flow: str = "none"
    parity: str = "n"
    bits: int = 8
    stop: int = 1

    @classmethod
    def from_options(cls, options: Mapping[str, str]) -> Self:
        """From the part after the question mark. Raises Refused("device_option")."""
        known: dict[str, int | str] = {}
        for name, text in options.items():
            value = text.strip().lower()
            match name:
                case "baud" if value.isdecimal() and int(value) in BAUD_RATES:
                    known["baud"] = int(value)
                case "flow" if value in _FLOWS:
                    known["flow"] = value
                case "parity" if value in _PARITIES:
                    known["parity"] = value
                case "bits" if value in ("7", "8"):
                    known["bits"] = int(value)
                case "stop" if value in ("1", "2"):
                    known["stop"] = int(value)
                case _:
                    raise Refused("device_option", option=f"{name}={text}")
        return cls(**known)  # type: ignore[arg-type]


def port_of(name: str) -> str:
    """The port's path now. A vendor, product and serial number are looked up afresh: after replugging the number may differ.

    Raises Disconnected("missing").
    """
    wanted = _USB_ID.fullmatch(name)
    if wanted is None:
        return name
    vendor, product, serial_number = int(wanted[1], 16), int(wanted[2], 16), wanted[3]
    for port in list_ports.comports():
        if (port.vid, port.pid) == (vendor, product) and serial_number in (None, port.serial_number):
            return str(port.device)
    raise Disconnected("missing")


class SerialTransport:
    """Implements :class:`devices.transport.port.Transport`."""

    def __init__(
        self, address: str, port: str, settings: SerialSettings, *, find: Callable[[str], str] = port_of
    ) -> None:
        self._address = address
        self._name = port
        self._settings = settings
        self._find = find
        self._port: serial.Serial | None = None
        self._is_stuck = False

    @property
    def address(self) -> str:
        return self._address

    @property
    def can_read(self) -> bool:
        return True

    @property
    def is_open(self) -> bool:
        return self._port is not None

    def open(self, timeout: float = 3.0) -> None:
        self.close()
        settings = self._settings
        port = serial.Serial()
        port.port = self._find(self._name)
        port.baudrate = settings.baud
        port.bytesize = settings.bits
        port.parity = _PARITIES[settings.parity]
        port.stopbits = settings.stop
        port.rtscts, port.dsrdtr = settings.flow == "rtscts", settings.flow == "dsrdtr"
        port.xonxoff = settings.flow == "xonxoff"
        port.timeout, port.write_timeout = 0, timeout
        if os.name == "posix":
            port.exclusive = True
        try:
            port.open()
        except _FAILURES as error:
            raise Disconnected(_reason(error)) from error
        self._port = port
        self._is_stuck = False

    def write(self, data: bytes, timeout: float) -> int:
        port = self._opened()
        sent = 0
        deadline = time.monotonic() + timeout
        try:
            while sent < len(data):
                went = _write_some(port, data[sent : sent + CHUNK], deadline - time.monotonic())
                if not went:
                    break
                sent += went
        except _FAILURES as error:  # a closed port is a ValueError to select
            self._is_stuck = True
            self.close()
            raise Disconnected(_reason(error), sent=sent) from error
        self._is_stuck = sent < len(data)
        return sent

    def read(self, size: int, timeout: float) -> bytes:
        port = self._opened()
        try:
            return _read_some(port, size, timeout)
        except _FAILURES as error:
            self._is_stuck = True
            self.close()
            raise Disconnected(_reason(error)) from error

    def close(self) -> None:
        port, self._port = self._port, None
        if port is None:
            return
        with contextlib.suppress(*_FAILURES):
            if not self._is_stuck:
                _let_out(port)
            # A port with unsent bytes may take half a minute to close.
            port.reset_output_buffer()
        with contextlib.suppress(*_FAILURES):
            port.close()

    def _opened(self) -> serial.Serial:
        if self._port is None:
            raise Disconnected("gone")
        return self._port


def _let_out(port: serial.Serial) -> None:
    """Give the last bytes the time they need, and no more."""
    deadline = time.monotonic() + DRAIN_SECONDS
    while port.out_waiting and time.monotonic() < deadline:
        time.sleep(BUSY_SECONDS)


if sys.platform == "win32":
    _FAILURES: tuple[type[Exception], ...] = (OSError, ValueError)

    def _write_some(port: serial.Serial, data: bytes, seconds: float) -> int:
        """Everything or nothing known: Windows tells no count after a timeout, so that the line counts as gone."""
        port.write_timeout = max(seconds, BUSY_SECONDS)
        return port.write(data) or 0

    def _read_some(port: serial.Serial, size: int, seconds: float) -> bytes:
        port.timeout = max(seconds, 0)
        first = bytes(port.read(1))
        return first + bytes(port.read(min(size - 1, port.in_waiting))) if first else b""

else:
    import termios

    # A terminal whose other end has gone says so in its own class of error, which is no OSError.
    _FAILURES: tuple[type[Exception], ...] = (OSError, ValueError, termios.error)

    def _write_some(port: serial.Serial, data: bytes, seconds: float) -> int:
        """How many bytes went; 0 when there was no room until the end of the time."""
        deadline = time.monotonic() + seconds
        while True:
            left = max(0.0, deadline - time.monotonic())
            if not select.select([], [port.fileno()], [], left)[1]:
                return 0
            try:
                return os.write(port.fileno(), data)
            except BlockingIOError:  # a line that was stopped with XOFF calls itself writable
                if left <= 0:
                    return 0
                time.sleep(min(BUSY_SECONDS, left))

    def _read_some(port: serial.Serial, size: int, seconds: float) -> bytes:
        if not select.select([port.fileno()], [], [], max(0.0, seconds))[0]:
            return b""
        try:
            data = os.read(port.fileno(), size)
        except BlockingIOError:
            return b""
        if not data:
            raise OSError("the line ended")
        return data


def _reason(error: Exception) -> str:
    if isinstance(error, serial.SerialTimeoutException):
        return "timeout"
    if not isinstance(error, OSError):
        return "unsupported" if isinstance(error, ValueError) and "closed" not in str(error) else "gone"
    if "PermissionError" in str(error):  # how pyserial tells on Windows that somebody has the port
        return "busy"
    return "missing" if "FileNotFoundError" in str(error) else reason_of(error)
