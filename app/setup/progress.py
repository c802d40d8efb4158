"""What the person sees during the set-up: sentences in their language and one line that moves, on stderr."""

import os
import sys
import time
from typing import TextIO

from app.i18n import DEFAULT_LANGUAGE, system_language, t

_FRAMES = "|/-\\"
_BAR_WIDTH = 24
_PLAIN_STEP_PERCENT = 20
_COLUMNS = 78


def say(key: str, **fields: object) -> None:
    """One sentence on stderr, in the computer's language; where it does not say, in the till's own."""
    print(text(key, **fields), file=sys.stderr, flush=True)


def text(key: str, **fields: object) -> str:
    return t(key, language=system_language() or DEFAULT_LANGUAGE, **fields)


class Progress:
    """A bar that moves on a terminal; a line every fifth of the way elsewhere."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._is_live = stream.isatty() and os.environ.get("TERM") != "dumb"
        self._started = time.monotonic()
        self._percent = 0
        self._detail = ""
        self._shown_percent = -_PLAIN_STEP_PERCENT

    def show(self, percent: int, detail: str) -> None:
        """How far it is, and what it is at. The bar never moves back."""
        self._percent = max(self._percent, min(percent, 100))
        self._detail = detail
        if self._is_live:
            self._draw()
        elif self._percent >= self._shown_percent + _PLAIN_STEP_PERCENT:
            self._shown_percent = self._percent
            print(f"{self._percent:3d} %  {detail}", file=self._stream, flush=True)

    def tick(self) -> None:
        """Nothing new happened: keep the bar visibly alive."""
        if self._is_live:
            self._draw()

    def close(self) -> None:
        """Leave the line free for whatever is said next."""
        if self._is_live:
            self._stream.write("\r" + " " * _COLUMNS + "\r")
            self._stream.flush()

    def _draw(self) -> None:
        seconds = int(time.monotonic() - self._started)
        filled = _BAR_WIDTH * self._percent // 100
        bar = "#" * filled + "." * (_BAR_WIDTH - filled)
        frame = _FRAMES[int(time.monotonic() * 5) % len(_FRAMES)]
        line = f"{frame} [{bar}] {self._percent:3d} %  {seconds:3d} s  {self._detail}"
        self._stream.write("\r" + _fitted(line))
        self._stream.flush()


def _fitted(line: str) -> str:
    """The line cut and filled to the width of a terminal, where a Chinese character takes two columns."""
    fitted, columns = "", 0
    for character in line:
        columns += 2 if character >= "\u2e80" else 1
        if columns > _COLUMNS:
            return fitted
        fitted += character
    return fitted + " " * (_COLUMNS - columns)
