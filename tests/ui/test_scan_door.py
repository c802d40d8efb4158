"""Every scan goes through one door, and is heard and seen to be good or bad by what became of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QWidget

from app.domain.barcode import Symbology
from app.domain.device import DeviceEvent, EventKind, Feedback
from app.domain.errors import Refused
from tests.ui.test_feedback import Ear
from ui.feedback import ScanFeedback
from ui.messages import Messages
from ui.scan_door import ScanDoor
from ui.tasks import Tasks
from ui.widgets.feedback_strip import HEIGHT, FeedbackStrip


class Screen:
    def __init__(self, messages: Messages) -> None:
        self.messages = messages
        self.taken: list[str] = []
        self.takes_badges = False
        self.ear = Ear()
        self.shown: list[Feedback] = []
        feedback = ScanFeedback(self.ear)
        feedback.shown.connect(self.shown.append)
        self.door = ScanDoor(self.take, lambda: self.takes_badges, messages, feedback)

    def take(self, code: str) -> None:
        self.taken.append(code)
        if code.startswith("bad"):
            self.messages.refused(Refused("barcode_unknown", code=code))

    def tell(
        self, kind: EventKind, detail: str = "", code: str = "", symbology: Symbology | None = None
    ) -> None:
        self.door.on_event(DeviceEvent("A", kind, 0, detail, code, symbology))

    @property
    def said(self) -> list[str]:
        return [message.key for message in self.messages.history]


@pytest.fixture
def screen(messages: Messages) -> Screen:
    return Screen(messages)


def test_a_scan_is_good_when_nobody_had_to_be_told_anything(screen: Screen) -> None:
    screen.door.take("4710088412348")
    screen.door.take("bad")
    screen.door.take("4710088412348")
    assert screen.shown == [Feedback.GOOD, Feedback.BAD, Feedback.GOOD]


def test_a_scanner_on_a_line_sells_as_a_wedge_does(screen: Screen) -> None:
    screen.tell(EventKind.SCAN, code="4710088412348", symbology=Symbology.EAN)
    screen.tell(EventKind.SCAN, code="0104710088412348", symbology=Symbology.GS1_128)
    screen.tell(EventKind.SCAN, code="96385074", symbology=Symbology.EAN_8)
    assert screen.taken == ["4710088412348", "]C10104710088412348", "]E496385074"]


def test_a_scan_that_the_scanner_refused_is_said_and_taken_nowhere(screen: Screen) -> None:
    for detail in ("check_digit", "cut_off", "too_long"):
        screen.tell(EventKind.SCAN_REFUSED, detail, "471")
    assert screen.taken == []
    assert screen.said == ["error.scanner_check_digit", "error.scanner_cut_off", "error.scanner_too_long"]
    assert screen.shown == [Feedback.BAD] * 3
    assert all(message.text for message in screen.messages.history)


def test_a_badge_signs_on_where_one_is_wanted_and_is_refused_elsewhere(screen: Screen) -> None:
    screen.tell(EventKind.BADGE, code="SECRET")
    assert (screen.taken, screen.said) == ([], ["error.scan_not_here_badge"])
    screen.takes_badges = True
    screen.tell(EventKind.BADGE, code="SECRET")
    assert screen.taken == ["SECRET"]


def test_a_repeated_read_is_only_seen(screen: Screen) -> None:
    screen.tell(EventKind.SCAN_REPEATED, code="4710088412348")
    assert (screen.taken, screen.said, screen.shown) == ([], [], [Feedback.SOFT])
    assert screen.ear.heard == []


def test_a_drawer_that_opens_by_itself_is_said_and_one_left_open_sounds(screen: Screen) -> None:
    screen.tell(EventKind.DRAWER_UNASKED)
    screen.tell(EventKind.DRAWER_LEFT_OPEN, "60")
    assert screen.said == ["scanner.event.drawer_unasked"]
    assert screen.ear.heard == [Feedback.BAD, Feedback.BAD]


class Line:
    """Devices that tell one thing when they are asked to."""

    def __init__(self) -> None:
        self.listeners: list[Callable[[DeviceEvent], None]] = []

    def listen(self, on_event: Callable[[DeviceEvent], None]) -> Callable[[], None]:
        self.listeners.append(on_event)
        return lambda: self.listeners.remove(on_event)


def test_with_another_till_the_devices_before_are_not_heard_any_more(screen: Screen, tasks: Tasks) -> None:
    first, second = Line(), Line()
    screen.door.use_counter(first, tasks)  # type: ignore[arg-type]
    first.listeners[0](DeviceEvent("A", EventKind.SCAN, 0, code="1111"))
    screen.door.use_counter(second, tasks)  # type: ignore[arg-type]
    assert first.listeners == []
    screen.door.use_counter(None, tasks)
    assert second.listeners == []
    assert screen.taken == ["1111"]


def test_the_strip_shows_its_colour_along_the_upper_edge(window: QWidget) -> None:
    strip = FeedbackStrip(window)
    seen = set()
    for feedback in Feedback:
        strip.show_feedback(feedback)
        assert strip.isVisible()
        seen.add(strip.grab().toImage().pixelColor(3, 1).name())
    assert len(seen) == 3
    window.resize(1300, 700)
    assert (strip.width(), strip.height()) == (window.width(), HEIGHT)
