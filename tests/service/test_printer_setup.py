"""However a printer's set-up ends, its line is let go of exactly once."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from app.domain.errors import Cancelled, Unavailable
from app.service.devices import Findings
from app.service.printer_setup import LinesRead, PrinterSetup

PATIENCE_SECONDS = 30.0
FOUND = Findings("tcp://printer:9100", True, True, "gs_h", 11_000)


class Trial:
    """A printer whose answer comes when it is told to."""

    def __init__(self) -> None:
        self.was_asked = threading.Event()
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.failure: Unavailable | None = None

    def probe(self) -> Findings:
        self.was_asked.set()
        assert self.may_answer.wait(PATIENCE_SECONDS)
        if self.failure is not None:
            raise self.failure
        return FOUND

    def take_lines(self, **_: object) -> None:
        pass

    def finish(self, name: str, *, prefers_text: bool) -> dict[str, object]:
        return {"name": name, "address": FOUND.address, "text": prefers_text}


class Desk:
    """Counts who has the line."""

    def __init__(self) -> None:
        self.trial = Trial()
        self.begun = 0
        self.ended = 0
        self.saved: list[dict[str, object]] = []

    def begin(self, address: str, approval: object) -> Trial:
        self.begun += 1
        return self.trial

    def end(self, trial: Trial) -> None:
        self.ended += 1

    def save(self, setting: dict[str, object], approval: object) -> None:
        self.saved.append(setting)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def setup_of(desk: Any) -> PrinterSetup:
    return PrinterSetup(desk)


def test_a_printer_that_was_kept_is_let_go_of_once(desk: Desk) -> None:
    setup = setup_of(desk)
    assert setup.connect(" tcp://printer:9100 ") == FOUND
    setup.take_lines(LinesRead(True, False, 3))
    setup.save("receipts", prefers_text=True)
    setup.give_up()
    assert [one["name"] for one in desk.saved] == ["receipts"]
    assert (desk.begun, desk.ended) == (1, 1)


def test_another_address_lets_go_of_the_one_before(desk: Desk) -> None:
    setup = setup_of(desk)
    setup.connect("tcp://one:9100")
    setup.connect("tcp://two:9100")
    assert (desk.begun, desk.ended) == (2, 1)
    setup.give_up()
    assert desk.ended == 2


def test_a_step_that_failed_may_be_done_again(desk: Desk) -> None:
    setup = setup_of(desk)
    desk.trial.failure = Unavailable("printer_paper_out")
    with pytest.raises(Unavailable):
        setup.connect("tcp://printer:9100")
    desk.trial.failure = None
    assert setup.connect("tcp://printer:9100") == FOUND
    setup.give_up()
    assert (desk.begun, desk.ended) == (2, 2)


def test_giving_up_in_the_middle_of_a_step_lets_go_at_its_end(desk: Desk) -> None:
    setup = setup_of(desk)
    desk.trial.may_answer.clear()
    step = threading.Thread(target=setup.connect, args=("tcp://printer:9100",))
    step.start()
    assert desk.trial.was_asked.wait(PATIENCE_SECONDS)
    setup.give_up()
    assert desk.ended == 0, "the line belongs to the step while it runs"
    desk.trial.may_answer.set()
    step.join(PATIENCE_SECONDS)
    assert desk.ended == 1
    with pytest.raises(Cancelled):
        setup.print_lines()
