"""A folder as a printer: each write becomes one file of bytes, complete or not there at all."""

from __future__ import annotations

import os
from pathlib import Path

from devices.transport.port import Disconnected
from devices.transport.reason import reason_of


class FolderTransport:
    """Implements :class:`devices.transport.port.Transport`; a paper is one write."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._is_open = False
        self._number = 0

    @property
    def address(self) -> str:
        return f"file:{self._folder}"

    @property
    def can_read(self) -> bool:
        return False

    @property
    def is_open(self) -> bool:
        return self._is_open

    def open(self, timeout: float = 3.0) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            names = [paper.stem.partition("-")[2] for paper in self._folder.glob("paper-*.escpos")]
        except OSError as error:
            raise Disconnected(reason_of(error)) from error
        self._number = max((int(name) for name in names if name.isdecimal()), default=0)
        self._is_open = True

    def write(self, data: bytes, timeout: float) -> int:
        if not self._is_open:
            raise Disconnected("gone")
        self._number += 1
        path = self._folder / f"paper-{self._number:06d}.escpos"
        temporary = path.with_suffix(".part")
        try:
            temporary.write_bytes(data)
            os.replace(temporary, path)
        except OSError as error:
            self.close()
            temporary.unlink(missing_ok=True)
            raise Disconnected(reason_of(error)) from error
        return len(data)

    def read(self, size: int, timeout: float) -> bytes:
        return b""

    def close(self) -> None:
        self._is_open = False
