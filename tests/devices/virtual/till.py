"""The till's end of a virtual device's line: a port opened as any program would, with a deadline on every wait."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import serial

SECONDS_MAX = 10.0


class Till:
    """Reads exactly as much as it is asked for, or fails."""

    def __init__(self, port: serial.Serial | socket.socket) -> None:
        self._port = port

    def write(self, data: bytes) -> None:
        if isinstance(self._port, socket.socket):
            self._port.sendall(data)
        else:
            self._port.write(data)

    def read(self, size: int) -> bytes:
        if not isinstance(self._port, socket.socket):
            return bytes(self._port.read(size))
        data = b""
        while len(data) < size and (more := self._port.recv(size - len(data))):
            data += more
        return data

    def ask(self, request: bytes, size: int) -> bytes:
        self.write(request)
        return self.read(size)


@contextmanager
def open_till(address: str, *, timeout: float = SECONDS_MAX) -> Iterator[Till]:
    if address.startswith("tcp://"):
        parts = urlsplit(address)
        with socket.create_connection((parts.hostname, parts.port), timeout=timeout) as port:
            yield Till(port)
    else:
        path = address.removeprefix("serial:").partition("?")[0]
        with serial.Serial(path, 115200, timeout=timeout, write_timeout=timeout, exclusive=True) as port:
            yield Till(port)
