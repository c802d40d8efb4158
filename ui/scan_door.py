"""Where every scan comes in, from a keyboard wedge and from a scanner on a line of its own, and where its tone and colour are decided.

A scan is good when nobody had to be told anything about it. Events of the devices arrive on their threads and are handled on the screen's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.domain.device import DeviceEvent, EventKind, Feedback
from app.domain.errors import Refused
from ui.messages import Level, Message, Messages

if TYPE_CHECKING:
    from app.service.counter_devices import CounterDevices
    from ui.feedback import ScanFeedback
    from ui.scan_catcher import ScanCatcher
    from ui.tasks import Tasks

_BAD = (Level.WARN, Level.ERROR)


class ScanDoor(QObject):
    """``take_scan(code)`` hands a code to whoever takes scans now; ``takes_badges()`` says whether a badge is wanted there."""

    def __init__(
        self,
        take_scan: Callable[[str], None],
        takes_badges: Callable[[], bool],
        messages: Messages,
        feedback: ScanFeedback,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._take_scan = take_scan
        self._takes_badges = takes_badges
        self._messages = messages
        self._feedback = feedback
        self._is_bad = False
        self._stop: Callable[[], None] = _nothing
        messages.posted.connect(self._on_posted)

    def use_wedge(self, catcher: ScanCatcher) -> None:
        """Take what the keyboard wedge scans."""
        catcher.scanned.connect(self.take)
        catcher.caps_lock_noticed.connect(lambda: self._messages.warn("scanner.caps_lock"))
        catcher.garbled.connect(self._on_garbled)

    def use_counter(self, counter: CounterDevices | None, tasks: Tasks) -> None:
        """Take what these devices tell from now on, and nothing from those before."""
        self._stop()
        self._stop = _nothing
        if counter is not None:
            self._stop = counter.listen(lambda event: tasks.deliver(lambda: self.on_event(event)))

    def take(self, code: str) -> None:
        """One scan, on its way to the screen."""
        self._is_bad = False
        self._take_scan(code)
        self._feedback.give(Feedback.BAD if self._is_bad else Feedback.GOOD)

    def on_event(self, event: DeviceEvent) -> None:
        """On the screen's thread."""
        match event.kind:
            case EventKind.SCAN:
                self.take(event.entry)
            case EventKind.BADGE:
                self._take_badge(event.code)
            case EventKind.SCAN_REPEATED:
                self._feedback.give(Feedback.SOFT)
            case EventKind.SCAN_REFUSED:
                self._refuse(event)
            case EventKind.DRAWER_LEFT_OPEN:
                # It sounds; the strip and the lamp say it for as long as it is true.
                self._feedback.give(Feedback.BAD)
            case EventKind.DRAWER_UNASKED:
                self._messages.warn("scanner.event.drawer_unasked", device=event.device)
                self._feedback.give(Feedback.BAD)
            case _:
                pass

    def _take_badge(self, code: str) -> None:
        if self._takes_badges():
            self.take(code)
            return
        self._messages.refused(Refused("scan_not_here_badge"))
        self._feedback.give(Feedback.BAD)

    def _refuse(self, event: DeviceEvent) -> None:
        if event.detail == "check_digit":
            self._messages.refused(Refused("scanner_check_digit", code=event.code))
        else:
            self._messages.refused(Refused(f"scanner_{event.detail}"))
        self._feedback.give(Feedback.BAD)

    def _on_garbled(self) -> None:
        self._messages.warn("scanner.input_method")
        self._feedback.give(Feedback.BAD)

    def _on_posted(self, message: Message) -> None:
        self._is_bad = self._is_bad or message.level in _BAD


def _nothing() -> None:
    pass
