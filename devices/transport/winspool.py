"""A printer of the Windows spooler, through winspool.drv. Each write is one raw job; what was taken is submitted, not printed.

Written after Microsoft's reference of OpenPrinter, StartDocPrinter and WritePrinter; it has not been run on Windows yet.
"""

from __future__ import annotations

import sys
from typing import Any, Final

from devices.transport.port import Disconnected

DOCUMENT_NAME: Final = "Regulars"
_LOCAL_AND_CONNECTED: Final = 2 | 4


class WinspoolTransport:
    """Implements :class:`devices.transport.port.Transport`; a paper is one write."""

    def __init__(self, printer: str) -> None:
        self._printer = printer
        self._handle: Any = None

    @property
    def address(self) -> str:
        return f"winspool:{self._printer}"

    @property
    def can_read(self) -> bool:
        return False

    @property
    def is_open(self) -> bool:
        return self._handle is not None

    def open(self, timeout: float = 3.0) -> None:
        self.close()
        handle = _open_printer(self._printer)
        if handle is None:
            raise Disconnected("unsupported" if sys.platform != "win32" else "missing")
        self._handle = handle

    def write(self, data: bytes, timeout: float) -> int:
        if self._handle is None:
            raise Disconnected("gone")
        written = _write_job(self._handle, data)
        if written < len(data):
            self.close()
            raise Disconnected("refused", sent=written)
        return written

    def read(self, size: int, timeout: float) -> bytes:
        return b""

    def close(self) -> None:
        handle, self._handle = self._handle, None
        if handle is not None:
            _close_printer(handle)


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    class _Document(ctypes.Structure):
        """DOC_INFO_1W."""

        _fields_ = (
            ("name", wintypes.LPWSTR),
            ("output", wintypes.LPWSTR),
            ("kind", wintypes.LPWSTR),
        )

    class _Printer(ctypes.Structure):
        """PRINTER_INFO_4W."""

        _fields_ = (
            ("name", wintypes.LPWSTR),
            ("server", wintypes.LPWSTR),
            ("attributes", wintypes.DWORD),
        )

    def printers() -> tuple[str, ...]:
        """The names of all printers."""
        spooler = ctypes.WinDLL("winspool.drv")
        needed, count = wintypes.DWORD(0), wintypes.DWORD(0)
        spooler.EnumPrintersW(
            _LOCAL_AND_CONNECTED, None, 4, None, 0, ctypes.byref(needed), ctypes.byref(count)
        )
        if not needed.value:
            return ()
        room = (ctypes.c_byte * needed.value)()
        if not spooler.EnumPrintersW(
            _LOCAL_AND_CONNECTED, None, 4, room, needed.value, ctypes.byref(needed), ctypes.byref(count)
        ):
            return ()
        found = ctypes.cast(room, ctypes.POINTER(_Printer))
        return tuple(str(found[index].name) for index in range(count.value))

    def _open_printer(name: str) -> Any:
        handle = wintypes.HANDLE()
        is_open = ctypes.WinDLL("winspool.drv").OpenPrinterW(name, ctypes.byref(handle), None)
        return handle if is_open else None

    def _write_job(handle: Any, data: bytes) -> int:
        spooler = ctypes.WinDLL("winspool.drv")
        document = _Document(DOCUMENT_NAME, None, "RAW")
        if not spooler.StartDocPrinterW(handle, 1, ctypes.byref(document)):
            return 0
        written = wintypes.DWORD(0)
        try:
            spooler.WritePrinter(handle, data, len(data), ctypes.byref(written))
        finally:
            spooler.EndDocPrinter(handle)
        return int(written.value)

    def _close_printer(handle: Any) -> None:
        ctypes.WinDLL("winspool.drv").ClosePrinter(handle)

else:

    def printers() -> tuple[str, ...]:
        """The names of all printers: none where there is no Windows."""
        return ()

    def _open_printer(name: str) -> Any:
        return None

    def _write_job(handle: Any, data: bytes) -> int:
        return 0

    def _close_printer(handle: Any) -> None:
        pass
