"""The counter's devices at one moment, and what is to be said about them. Pure: it looks at values and decides nothing for anyone.

CounterPicture ─┬─> lamp_of      one sign and a few words, for the header
                ├─> notice_of    the one thing that somebody should do now, for the strip on the sale screen
                └─> state_of     each device's own sentence, for the list
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from app.domain.device import DeviceKind, DeviceState, DeviceStatus
from app.i18n import t
from app.service.devices import Condition, PrinterState
from ui.widgets.status_lamp import Lamp

if TYPE_CHECKING:
    from app.service.printing import PrintQuestion


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence by its key, said in whatever language is in force. `text` is "" for no words."""

    key: str = ""
    fields: Mapping[str, object] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return t(self.key, None, **self.fields) if self.key else ""


@dataclass(frozen=True, slots=True)
class CounterPicture:
    """Everything that is known now. ``left_open`` are the drawers nobody closes, with the seconds they have been open.

    ``waiting`` papers have not been printed yet, ``held`` are those among them that a person or a fault holds.
    """

    printer: PrinterState | None = None
    printer_since: int = 0
    devices: tuple[DeviceStatus, ...] = ()
    questions: tuple[PrintQuestion, ...] = ()
    waiting: int = 0
    held: int = 0
    left_open: Mapping[str, str] = field(default_factory=dict)

    @property
    def printer_is_down(self) -> bool:
        return self.printer is not None and self.printer.condition in (Condition.FAULT, Condition.OFFLINE)

    @property
    def missing(self) -> tuple[DeviceStatus, ...]:
        """Devices that do not work, what stops the work in front. A drawer that nobody hears of is the printer's affair."""
        found = (one for one in self.devices if one.state.is_fault and one.kind is not DeviceKind.DRAWER)
        return tuple(sorted(found, key=lambda one: one.kind is DeviceKind.DISPLAY))


# --- the lamp --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LampWords:
    lamp: Lamp = Lamp.GOOD
    words: Words = Words()


_SHORT: Final = {
    "printer_paper_out": "paper_out",
    "printer_paper_low": "paper_low",
    "printer_cover_open": "cover_open",
    "printer_cutter": "cutter",
    "printer_error": "error",
    "printer_service": "error",
}


def lamp_of(picture: CounterPicture) -> LampWords:
    """The worst of it, in a few words."""
    if picture.questions:
        return LampWords(Lamp.BAD, Words("devices_ui.lamp.question", {"count": len(picture.questions)}))
    printer = picture.printer
    if printer is not None and picture.printer_is_down:
        short = _SHORT.get(printer.code, "offline")
        if picture.waiting:
            return LampWords(Lamp.BAD, Words(f"devices_ui.lamp.{short}_waiting", {"count": picture.waiting}))
        return LampWords(Lamp.BAD, Words(f"devices_ui.lamp.{short}"))
    if picture.left_open:
        return LampWords(Lamp.WARN, Words("devices_ui.lamp.left_open"))
    if picture.missing:
        first = picture.missing[0]
        return LampWords(_trouble_lamp(first), Words(f"devices_ui.lamp.missing_{first.kind.value}"))
    if printer is not None and printer.condition is Condition.WARNING:
        return LampWords(Lamp.WARN, Words(f"devices_ui.lamp.{_SHORT.get(printer.code, 'attention')}"))
    if picture.held:
        return LampWords(Lamp.WARN, Words("devices_ui.lamp.held", {"count": picture.held}))
    if printer is not None and printer.condition is Condition.STARTING:
        return LampWords(Lamp.IDLE)
    return LampWords()


# --- the strip -------------------------------------------------------------------------------------------------------


class NoticeKind(Enum):
    QUESTION = auto()  # did it print?
    TROUBLE = auto()  # somebody must do something
    REMINDER = auto()  # somebody should, soon


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to say. ``about`` tells it from others: who put it away has put away this one and no later one."""

    kind: NoticeKind
    about: tuple[object, ...]
    words: Words
    why: Words = Words()
    question: PrintQuestion | None = None
    others: int = 0


def notices_of(picture: CounterPicture) -> tuple[Notice, ...]:
    """Everything to be said, what matters most in front."""
    found = [_asked(one) for one in picture.questions]
    printer = picture.printer
    if printer is not None and picture.printer_is_down:
        about = ("printer", printer.condition, printer.code, picture.printer_since)
        found.append(Notice(NoticeKind.TROUBLE, about, printer_words(printer)))
    for name, seconds in picture.left_open.items():
        words = Words("devices_ui.strip.left_open", {"device": name, "seconds": seconds})
        found.append(Notice(NoticeKind.REMINDER, ("left_open", name), words))
    for one in picture.missing:
        words = Words(f"devices_ui.strip.{_trouble(one)}", {"device": one.name})
        is_bad = _trouble_lamp(one) is Lamp.BAD
        kind = NoticeKind.TROUBLE if is_bad else NoticeKind.REMINDER
        found.append(Notice(kind, (one.name, one.state, one.since_at), words))
    return tuple(found)


def notice_of(picture: CounterPicture, put_away: frozenset[tuple[object, ...]]) -> Notice | None:
    """The one to show, and how many more there are."""
    left = [one for one in notices_of(picture) if one.about not in put_away]
    if not left:
        return None
    first = left[0]
    return Notice(first.kind, first.about, first.words, first.why, first.question, len(left) - 1)


def _asked(question: PrintQuestion) -> Notice:
    fields = {"paper": t(question.paper_key), "number": question.number}
    key = question.question_key if question.number else "devices_ui.strip.question_unnumbered"
    return Notice(
        NoticeKind.QUESTION,
        ("question", question.job_id),
        Words(key, fields),
        Words(question.why_key, {"address": ""}),
        question,
    )


def _trouble_lamp(one: DeviceStatus) -> Lamp:
    """Without a customer display the till sells as well as with one."""
    return Lamp.WARN if one.kind is DeviceKind.DISPLAY else Lamp.BAD


def _trouble(one: DeviceStatus) -> str:
    """What can be done about it: at the till one goes on by hand meanwhile."""
    if one.state in (DeviceState.BUSY, DeviceState.DENIED):
        return one.state.value
    return {
        DeviceKind.SCANNER: "missing_scanner",
        DeviceKind.SCALE: "missing_scale",
        DeviceKind.BADGE: "missing_badge",
    }.get(one.kind, "missing_other")


# --- the list --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StateWords:
    lamp: Lamp
    words: Words


def printer_words(printer: PrinterState) -> Words:
    """What the printer's state means, as a sentence with what to do."""
    return Words(printer.text_key, {"address": printer.address} if printer.code else {})


def printer_state_of(printer: PrinterState | None) -> StateWords:
    if printer is None or (not printer.address and not printer.code):
        return StateWords(Lamp.IDLE, Words("devices_ui.printer.none"))
    lamp = {
        Condition.READY: Lamp.GOOD,
        Condition.WARNING: Lamp.WARN,
        Condition.FAULT: Lamp.BAD,
        Condition.OFFLINE: Lamp.BAD,
        Condition.STARTING: Lamp.IDLE,
    }[printer.condition]
    return StateWords(lamp, printer_words(printer))


def state_of(one: DeviceStatus) -> StateWords:
    match one.state:
        case DeviceState.READY | DeviceState.OPEN:
            lamp = Lamp.GOOD
        case DeviceState.OFF | DeviceState.CONNECTING:
            lamp = Lamp.IDLE
        case DeviceState.LEFT_OPEN:
            lamp = Lamp.WARN
        case DeviceState.SILENT if one.kind is DeviceKind.DRAWER:
            lamp = Lamp.IDLE
        case _:
            lamp = _trouble_lamp(one)
    if one.kind is DeviceKind.DRAWER and one.state in (DeviceState.READY, DeviceState.SILENT):
        return StateWords(lamp, Words(f"devices_ui.drawer.{one.state.value}"))
    return StateWords(lamp, Words(f"devices_ui.state.{one.state.value}"))
