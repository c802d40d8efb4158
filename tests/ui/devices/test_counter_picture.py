"""What is said about the devices: the worst of it in the lamp, the one thing to do in the strip."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.device import DeviceKind, DeviceState, DeviceStatus
from app.i18n import LANGUAGES, t
from app.service.devices import Condition, PrinterState
from app.service.printing import PrintQuestion
from ui.devices.picture import (
    CounterPicture,
    NoticeKind,
    lamp_of,
    notice_of,
    notices_of,
    printer_state_of,
    state_of,
)
from ui.widgets.status_lamp import Lamp

READY = PrinterState("receipts", "tcp://printer:9100", Condition.READY)
OUT = replace(READY, condition=Condition.FAULT, code="printer_paper_out")
QUESTION = PrintQuestion(7, "devices.paper.receipt", "01-1-A000123", 0, "devices.why.restart")


def device(kind: DeviceKind, state: DeviceState, name: str = "it") -> DeviceStatus:
    return DeviceStatus(name, kind, "serial:/dev/x", state, 5)


def test_the_lamp_is_a_quiet_dot_while_all_is_well() -> None:
    shown = lamp_of(
        CounterPicture(printer=READY, devices=(device(DeviceKind.SCANNER, DeviceState.READY),), waiting=1)
    )
    assert (shown.lamp, shown.words.text) == (Lamp.GOOD, "")


def test_the_lamp_counts_the_papers_that_wait_for_a_roll() -> None:
    assert lamp_of(CounterPicture(printer=OUT)).words.text == "出單機沒紙"
    shown = lamp_of(CounterPicture(printer=OUT, waiting=2))
    assert (shown.lamp, shown.words.text) == (Lamp.BAD, "沒紙・2 張在等")


def test_a_question_comes_before_everything_else() -> None:
    picture = CounterPicture(printer=OUT, questions=(QUESTION,), left_open={"錢櫃": "60"})
    assert lamp_of(picture).words.text == "1 張不確定"
    assert [one.kind for one in notices_of(picture)] == [
        NoticeKind.QUESTION,
        NoticeKind.TROUBLE,
        NoticeKind.REMINDER,
    ]
    shown = notice_of(picture, frozenset())
    assert shown is not None
    assert "01-1-A000123" in shown.words.text
    assert shown.why.text == t("devices.why.restart")
    assert shown.others == 2


@pytest.mark.parametrize(
    ("picture", "lamp"),
    [
        (CounterPicture(printer=replace(READY, condition=Condition.WARNING, code="printer_paper_low")), Lamp.WARN),
        (CounterPicture(printer=replace(READY, condition=Condition.OFFLINE, code="printer_gone")), Lamp.BAD),
        (CounterPicture(printer=replace(READY, condition=Condition.STARTING)), Lamp.IDLE),
        (CounterPicture(printer=READY, held=1), Lamp.WARN),
        (CounterPicture(printer=READY, left_open={"drawer": "60"}), Lamp.WARN),
        (CounterPicture(devices=(device(DeviceKind.SCANNER, DeviceState.MISSING),)), Lamp.BAD),
        (CounterPicture(devices=(device(DeviceKind.DISPLAY, DeviceState.MISSING),)), Lamp.WARN),
        (CounterPicture(devices=(device(DeviceKind.DRAWER, DeviceState.SILENT),)), Lamp.GOOD),
    ],
)  # fmt: skip
def test_each_trouble_has_its_lamp(picture: CounterPicture, lamp: Lamp) -> None:
    assert lamp_of(picture).lamp is lamp


def test_what_was_put_away_stays_away_until_it_happens_again() -> None:
    picture = CounterPicture(printer=OUT, printer_since=10)
    first = notice_of(picture, frozenset())
    assert first is not None
    assert notice_of(picture, frozenset({first.about})) is None
    again = replace(picture, printer_since=20)
    assert notice_of(again, frozenset({first.about})) is not None


def test_a_scanner_that_stops_the_work_is_named_before_a_display_that_does_not() -> None:
    picture = CounterPicture(
        devices=(
            device(DeviceKind.DISPLAY, DeviceState.MISSING, "客顯"),
            device(DeviceKind.SCANNER, DeviceState.MISSING, "掃描器"),
        )
    )
    shown = notice_of(picture, frozenset())
    assert shown is not None
    assert "掃描器" in shown.words.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_of_every_device_has_words(language: str) -> None:
    for kind in DeviceKind:
        assert t(f"devices_ui.kind.{kind.value}", language)
        for state in DeviceState:
            one = device(kind, state)
            words = state_of(one).words
            assert t(words.key, language, **words.fields)
            picture = CounterPicture(devices=(one,))
            for said in (lamp_of(picture).words, *(notice.words for notice in notices_of(picture))):
                assert not said.key or t(said.key, language, **said.fields)


def test_a_till_without_a_printer_says_so_and_alarms_nobody() -> None:
    nothing = PrinterState("folder", "", Condition.READY)
    assert printer_state_of(nothing).words.key == "devices_ui.printer.none"
    assert lamp_of(CounterPicture(printer=nothing)).lamp is Lamp.GOOD
