"""The device's end of a line: a pseudo-terminal or a TCP port that a till opens like the real thing.

Only the device's own thread touches a line, except :meth:`Line.wake`. The address stays the same when the device is unplugged and
plugged in again, as a real one's does under ``/dev/serial/by-id``.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import tempfile
from pathlib import Path
from typing import Protocol

from app.domain.errors import Unavailable

WRITE_SECONDS_MAX = 1.0
"""What the till does not take within this time is lost, as on a real line."""


class Line(Protocol):
    """Opened by :meth:`plug`. What is sent while nobody listens is lost."""

    @property
    def address(self) -> str: ...

    @property
    def is_plugged(self) -> bool: ...

    def plug(self) -> None: ...

    def unplug(self) -> None: ...

    def wait(self, timeout: float | None, *, is_reading: bool) -> bool:
        """Sleep until there is something to read, somebody calls `wake`, or the time is over; says whether there is something to read."""
        ...

    def read(self, size: int) -> bytes:
        """What is there, at most ``size`` bytes."""
        ...

    def write(self, data: bytes) -> None: ...

    def wake(self) -> None: ...

    def close(self) -> None: ...


class _Waker:
    """Ends another thread's wait."""

    def __init__(self) -> None:
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._reader, False)
        os.set_blocking(self._writer, False)

    @property
    def reader(self) -> int:
        return self._reader

    def wake(self) -> None:
        with contextlib.suppress(OSError):  # full: it is being woken already; closed: nobody waits any more
            os.write(self._writer, b"\x00")

    def drain(self) -> None:
        with contextlib.suppress(BlockingIOError):
            os.read(self._reader, 4096)

    def close(self) -> None:
        os.close(self._reader)
        os.close(self._writer)


class PtyLine:
    """A pseudo-terminal behind a symbolic link; each time it is plugged in it is another one behind the same link.

    Its own end of the terminal's other side is held open, so that a till that closes its port does not end the line.
    """

    def __init__(self, link: Path | None = None, *, baud: int | None = None) -> None:
        if not hasattr(os, "openpty"):
            raise Unavailable("pseudo_terminals")
        self._folder = tempfile.TemporaryDirectory(prefix="regulars-pty-") if link is None else None
        self._link = link or Path(self._folder.name if self._folder else "", "port")
        self._baud = baud
        self._waker = _Waker()
        self._master = -1
        self._other_side = -1

    @property
    def address(self) -> str:
        return f"serial:{self._link}" + (f"?baud={self._baud}" if self._baud else "")

    @property
    def is_plugged(self) -> bool:
        return self._master >= 0

    def plug(self) -> None:
        import tty

        assert not self.is_plugged
        self._master, self._other_side = os.openpty()
        # A fresh terminal echoes: the device would hear itself.
        tty.setraw(self._other_side)
        os.set_blocking(self._master, False)
        fresh = self._link.with_name(self._link.name + ".new")
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(os.ttyname(self._other_side))
        fresh.replace(self._link)

    def unplug(self) -> None:
        if self.is_plugged:
            self._link.unlink(missing_ok=True)
            os.close(self._other_side)
            os.close(self._master)
            self._master = self._other_side = -1

    def wait(self, timeout: float | None, *, is_reading: bool) -> bool:
        watched = [self._waker.reader]
        if is_reading and self.is_plugged:
            watched.append(self._master)
        ready, _, _ = select.select(watched, [], [], timeout)
        self._waker.drain()
        return self._master in ready

    def read(self, size: int) -> bytes:
        try:
            return os.read(self._master, size)
        except OSError:
            return b""

    def write(self, data: bytes) -> None:
        while data and self.is_plugged:
            _, ready, _ = select.select([], [self._master], [], WRITE_SECONDS_MAX)
            if not ready:
                return
            try:
                data = data[os.write(self._master, data) :]
            except OSError:
                return

    def wake(self) -> None:
        self._waker.wake()

    def close(self) -> None:
        self.unplug()
        self._waker.close()
        if self._folder is not None:
            self._folder.cleanup()


class TcpLine:
    """A port on this machine that takes one caller at a time; a second one waits until the first has hung up."""

    def __init__(self, host: str = "127.0.0.1", port: int = 0) -> None:
        self._host = host
        self._port = port
        self._waker = _Waker()
        self._listener: socket.socket | None = None
        self._caller: socket.socket | None = None

    @property
    def address(self) -> str:
        return f"tcp://{self._host}:{self._port}"

    @property
    def is_plugged(self) -> bool:
        return self._listener is not None

    def plug(self) -> None:
        assert not self.is_plugged
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((self._host, self._port))
        listener.listen(4)
        listener.setblocking(False)
        self._port = listener.getsockname()[1]
        self._listener = listener

    def unplug(self) -> None:
        self.hang_up()
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    def hang_up(self) -> None:
        """End the caller's connection at once, with a reset: what is under way is lost, as when the power goes."""
        if self._caller is not None:
            with contextlib.suppress(OSError):
                self._caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            self._caller.close()
            self._caller = None

    def wait(self, timeout: float | None, *, is_reading: bool) -> bool:
        watched: list[int | socket.socket] = [self._waker.reader]
        if self._caller is not None:
            watched += [self._caller] if is_reading else []
        elif self._listener is not None:
            watched.append(self._listener)
        ready, _, _ = select.select(watched, [], [], timeout)
        self._waker.drain()
        if self._caller is None and self._listener in ready:
            self._answer_call()
            return False
        return self._caller is not None and self._caller in ready

    def _answer_call(self) -> None:
        assert self._listener is not None
        with contextlib.suppress(OSError):  # whoever called has hung up
            self._caller, _ = self._listener.accept()
            self._caller.setblocking(False)
            self._caller.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def read(self, size: int) -> bytes:
        if self._caller is None:
            return b""
        try:
            data = self._caller.recv(size)
        except BlockingIOError:
            return b""
        except OSError:
            data = b""
        if not data:
            self._caller.close()
            self._caller = None
        return data

    def write(self, data: bytes) -> None:
        while data and self._caller is not None:
            _, ready, _ = select.select([], [self._caller], [], WRITE_SECONDS_MAX)
            if not ready:
                return
            try:
                data = data[self._caller.send(data) :]
            except OSError:
                return

    def wake(self) -> None:
        self._waker.wake()

    def close(self) -> None:
        self.unplug()
        self._waker.close()


_RESET = (1).to_bytes(4, "little") + (0).to_bytes(4, "little")
