"""A printer in the network: a TCP connection, nearly always to port 9100.

A cable pulled out of the printer shows nowhere in TCP by itself, so the connection asks for signs of life and gives up after a while.
"""

from __future__ import annotations

import contextlib
import select
import socket
import time
from typing import Final

from devices.transport.port import Disconnected
from devices.transport.reason import reason_of

CHUNK: Final = 4096
SEND_BUFFER_BYTES: Final = 16_384  # little lies unseen between us and the printer
ALIVE_AFTER_SECONDS: Final = 10
ALIVE_TRIES: Final = 3
UNANSWERED_MS: Final = 30_000


class TcpTransport:
    """Implements :class:`devices.transport.port.Transport`."""

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port
        self._socket: socket.socket | None = None

    @property
    def address(self) -> str:
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"tcp://{host}:{self._port}"

    @property
    def can_read(self) -> bool:
        return True

    @property
    def is_open(self) -> bool:
        return self._socket is not None

    def open(self, timeout: float = 3.0) -> None:
        self.close()
        try:
            connection = socket.create_connection((self._host, self._port), timeout)
            _watch(connection)
        except socket.gaierror as error:
            raise Disconnected("missing") from error
        except OSError as error:
            raise Disconnected(reason_of(error)) from error
        connection.setblocking(False)
        self._socket = connection

    def write(self, data: bytes, timeout: float) -> int:
        connection = self._opened()
        sent = 0
        deadline = time.monotonic() + timeout
        try:
            while sent < len(data):
                left = max(0.0, deadline - time.monotonic())
                if not select.select([], [connection], [], left)[1]:
                    break
                with contextlib.suppress(BlockingIOError):
                    sent += connection.send(data[sent : sent + CHUNK])
        except (OSError, ValueError) as error:
            raise self._lost(error, sent) from error
        return sent

    def read(self, size: int, timeout: float) -> bytes:
        connection = self._opened()
        try:
            if not select.select([connection], [], [], max(0.0, timeout))[0]:
                return b""
            data = connection.recv(size)
        except BlockingIOError:
            return b""
        except (OSError, ValueError) as error:
            raise self._lost(error, 0) from error
        if not data:
            self.close()
            raise Disconnected("gone")
        return data

    def close(self) -> None:
        connection, self._socket = self._socket, None
        if connection is None:
            return
        with contextlib.suppress(OSError):
            # Unread answers would turn the end into a reset, and a reset throws away what the printer has not read yet.
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(CHUNK):
                pass
        connection.close()

    def _opened(self) -> socket.socket:
        if self._socket is None:
            raise Disconnected("gone")
        return self._socket

    def _lost(self, error: Exception, sent: int) -> Disconnected:
        self.close()
        return Disconnected(reason_of(error) if isinstance(error, OSError) else "gone", sent=sent)


def _watch(connection: socket.socket) -> None:
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (
        ("TCP_KEEPIDLE", ALIVE_AFTER_SECONDS),
        ("TCP_KEEPINTVL", ALIVE_AFTER_SECONDS),
        ("TCP_KEEPCNT", ALIVE_TRIES),
        ("TCP_USER_TIMEOUT", UNANSWERED_MS),
    ):
        option = getattr(socket, name, None)  # not every system has all of them
        if option is not None:
            with contextlib.suppress(OSError):
                connection.setsockopt(socket.IPPROTO_TCP, option, value)
