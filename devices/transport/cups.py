"""A queue of CUPS, through ``lp``. Each write is one job of the queue, and nothing comes back: what was taken is submitted, not printed.

The bytes go through raw. The name of the queue is an argument of its own, never part of a shell's line.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import Final

from devices.transport.port import Disconnected

LIST_SECONDS: Final = 5.0
NAME_CHARACTERS_MAX: Final = 127


class CupsTransport:
    """Implements :class:`devices.transport.port.Transport`; a paper is one write."""

    def __init__(self, queue: str) -> None:
        self._queue = queue
        self._is_open = False

    @property
    def address(self) -> str:
        return f"cups:{self._queue}"

    @property
    def can_read(self) -> bool:
        return False

    @property
    def is_open(self) -> bool:
        return self._is_open

    def open(self, timeout: float = 3.0) -> None:
        self._is_open = False
        if shutil.which("lp") is None:
            raise Disconnected("unsupported")
        if self._queue.startswith("-") or self._queue not in queues(timeout):
            raise Disconnected("missing")
        self._is_open = True

    def write(self, data: bytes, timeout: float) -> int:
        """All of it, or Disconnected: ``refused`` when the queue did not take it, ``timeout`` when nobody knows."""
        if not self._is_open:
            raise Disconnected("gone")
        command = ["lp", "-s", "-d", self._queue, "-o", "raw", "--", "-"]
        try:
            answer = subprocess.run(command, input=data, timeout=timeout, capture_output=True, check=False)
        except subprocess.TimeoutExpired as error:
            self.close()
            raise Disconnected("timeout", sent=1) from error
        except OSError as error:
            self.close()
            raise Disconnected("unsupported") from error
        if answer.returncode:
            self.close()
            raise Disconnected("refused")
        return len(data)

    def read(self, size: int, timeout: float) -> bytes:
        return b""

    def close(self) -> None:
        self._is_open = False


def queues(timeout: float = LIST_SECONDS) -> tuple[str, ...]:
    """The names of all queues; none where there is no CUPS."""
    if shutil.which("lpstat") is None:
        return ()
    try:
        answer = subprocess.run(
            ["lpstat", "-e"],
            timeout=timeout,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "LC_ALL": "C"},
        )
    except (OSError, subprocess.TimeoutExpired):
        return ()
    names = (line.strip() for line in answer.stdout.splitlines())
    return tuple(name for name in names if name and len(name) <= NAME_CHARACTERS_MAX)
