"""Answers on their way out, in the shapes that lines give them: whole, one byte at a time, or several run together."""

from __future__ import annotations

from collections import deque
from enum import StrEnum
from typing import Final

BYTE_GAP_SECONDS: Final = 0.004
MERGE_SECONDS: Final = 0.030


class ReplyStyle(StrEnum):
    WHOLE = "whole"
    BYTEWISE = "bytewise"
    MERGED = "merged"


class Replies:
    """A queue of bytes with the moment at which each may go."""

    def __init__(self) -> None:
        self.style = ReplyStyle.WHOLE
        self._queue: deque[tuple[float, bytes]] = deque()

    def queue(self, data: bytes, now: float) -> None:
        last = self._queue[-1][0] if self._queue else now
        match self.style:
            case ReplyStyle.WHOLE:
                self._queue.append((max(now, last), data))
            case ReplyStyle.BYTEWISE:
                self._queue += [
                    (max(now, last) + number * BYTE_GAP_SECONDS, bytes((byte,)))
                    for number, byte in enumerate(data, 1)
                ]
            case ReplyStyle.MERGED:
                at = last if self._queue else now + MERGE_SECONDS
                self._queue.append((at, data))

    def due(self, now: float) -> tuple[list[bytes], float | None]:
        """What goes out now, and when the next is due."""
        parts: list[bytes] = []
        while self._queue and self._queue[0][0] <= now:
            parts.append(self._queue.popleft()[1])
        if self.style is ReplyStyle.MERGED and parts:
            parts = [b"".join(parts)]
        return parts, self._queue[0][0] if self._queue else None

    def clear(self) -> None:
        self._queue.clear()
