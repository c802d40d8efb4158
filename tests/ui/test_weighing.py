"""The scale answers the line's question for a weight, and whoever types one first is believed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.domain.device import Weight
from app.domain.errors import Refused, TillError, Unavailable
from tests.ui.till_fixture import TillRig, close_rig, open_rig
from ui.sale.questions import AskWeight
from ui.sale.view import SaleView
from ui.tasks import Worker


class Pan:
    """A scale whose answers a test decides."""

    has_scale = True

    def __init__(self, *answers: Weight | TillError) -> None:
        self.answers = list(answers)
        self.asked = 0

    def read_weight(self, timeout_seconds: float) -> Weight:
        self.asked += 1
        answer = self.answers.pop(0)
        if isinstance(answer, TillError):
            raise answer
        return answer


class Held:
    """A pool that keeps its work until it is told to go on."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []

    def submit(self, work: Callable[[], None], /) -> object:
        self.waiting.append(work)
        return None

    def shutdown(self) -> None:
        self.go_on()

    def go_on(self) -> None:
        while self.waiting:
            self.waiting.pop(0)()


def hold_the_pool(rig: TillRig) -> Held:
    held = rig.tasks._executors[Worker.POOL] = Held()
    return held


@pytest.fixture
def till(qtbot: QtBot, tmp_path: Path) -> Iterator[TillRig]:
    opened = open_rig(qtbot, tmp_path)
    opened.sign_on()
    yield opened
    close_rig(opened)


def put(rig: TillRig, pan: Pan) -> SaleView:
    devices: Any = SimpleNamespace(counter=pan)
    rig.till.devices = devices
    view = rig.window.stack.currentWidget()
    assert isinstance(view, SaleView)
    return view


def ask_for_rice(rig: TillRig) -> None:
    rig.typist.type("RICE")
    rig.typist.press("Enter")


def test_a_settled_weight_is_taken_without_a_key(till: TillRig, qtbot: QtBot) -> None:
    pan = Pan(Refused("scale_empty"), Refused("scale_moving"), Weight(385))
    put(till, pan)
    ask_for_rice(till)
    qtbot.waitUntil(lambda: bool(till.till.checkout.basket.lines))
    assert till.till.checkout.basket.lines[0].quantity == 385
    assert pan.asked == 3
    assert till.told == [], "an empty or restless pan is not worth a word"


def test_who_types_is_believed_and_the_scale_is_not(till: TillRig) -> None:
    pan = Pan(Weight(385))
    view, pool = put(till, pan), hold_the_pool(till)
    ask_for_rice(till)
    assert isinstance(view.flow.question, AskWeight)
    till.typist.type("1.2")
    pool.go_on()
    assert pan.answers == []
    assert till.till.checkout.basket.lines == ()
    till.typist.press("Enter")
    assert till.till.checkout.basket.lines[0].quantity == 1_200


def test_a_question_that_was_dropped_takes_no_weight(till: TillRig) -> None:
    pan = Pan(Weight(385))
    put(till, pan)
    pool = hold_the_pool(till)
    ask_for_rice(till)
    till.typist.press("Esc")
    pool.go_on()
    assert pan.answers == []
    assert till.till.checkout.basket.lines == ()


def test_a_scale_that_is_gone_is_told_of_and_the_weight_is_typed(till: TillRig, qtbot: QtBot) -> None:
    put(till, Pan(Unavailable("scale_missing", can_retry=False)))
    ask_for_rice(till)
    qtbot.waitUntil(lambda: "error.scale_missing" in till.told)
    till.typist.type("0.5")
    till.typist.press("Enter")
    assert till.till.checkout.basket.lines[0].quantity == 500


def test_in_practice_the_scale_is_left_alone(till: TillRig) -> None:
    pan = Pan(Weight(385))
    put(till, pan)
    till.till.session.is_training = True
    ask_for_rice(till)
    assert pan.asked == 0
    till.till.session.is_training = False
