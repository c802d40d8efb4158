"""The rule of the second Enter: what follows an Enter within 300 ms, or while it is held down, is a slip of the finger.

Time is the keyboard's own (the event's timestamp), so a till that was busy for a moment neither loses a real Enter nor takes two. There is
one keyboard, so there is one guard: the Enter that opened a sheet and the one that would confirm it are seen by the same guard.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QKeyEvent

DOUBLE_ENTER_MS: Final = 300


class EnterGuard:
    """Tells an Enter that is meant from its echo."""

    def __init__(self) -> None:
        self._accepted_at = 0

    def accepts(self, event: QKeyEvent) -> bool:
        """Whether this press of Enter counts. Ask once per press.

        An event without a timestamp comes from no keyboard (a test, an assistive tool) and counts.
        """
        if event.isAutoRepeat():
            return False
        pressed_at = event.timestamp()
        if pressed_at == 0:
            return True
        # A timestamp that runs backwards is another keyboard's, or a counter that began anew.
        if 0 <= pressed_at - self._accepted_at < DOUBLE_ENTER_MS and self._accepted_at:
            return False
        self._accepted_at = pressed_at
        return True

    def forget(self) -> None:
        """The next Enter counts, whatever came before."""
        self._accepted_at = 0


enter_guard: Final = EnterGuard()
