"""What the tests of the screens stand on: the look in force, a clock that stands still, and tasks that run at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.domain.errors import TillError
from ui import theme
from ui.enter_guard import enter_guard
from ui.messages import Messages
from ui.tasks import SynchronousExecutor, Tasks
from ui.theme import Mode, Theme

NOON_MS = 1_780_000_000_000
PATIENCE_MS = 60_000
"""How long a test waits for what has to come. Only a machine that is busy with something else ever needs more than an instant."""


class StandingClock:
    """A clock that shows what it was set to."""

    def __init__(self, now_ms: int = NOON_MS) -> None:
        self.at = now_ms

    def now_ms(self) -> int:
        return self.at

    def local(self) -> datetime:
        return datetime.fromtimestamp(self.at / 1000, UTC)


@pytest.fixture(autouse=True)
def look(qapp: QApplication) -> Iterator[Theme]:
    """Light, at scale 1, whatever the test before left."""
    installed = theme.install(qapp, mode=Mode.LIGHT, scale=1.0)
    enter_guard.forget()
    yield installed
    installed.set_mode(Mode.LIGHT)
    installed.set_scale(1.0)


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def messages(clock: StandingClock) -> Messages:
    return Messages(clock)


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    """An empty window of the size of a small till, shown and active."""
    made = QWidget()
    made.resize(1024, 768)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitActive(made, timeout=PATIENCE_MS)
    return made


@pytest.fixture
def tasks(messages: Messages) -> Tasks:
    """Runs everything at once; what would be a crash dialog fails the test."""

    def fail(error: BaseException) -> None:
        raise error

    def show(error: TillError) -> None:
        messages.refused(error)

    executor = SynchronousExecutor()
    return Tasks(on_refused=show, on_crash=fail, store=executor, pool=executor)
