"""The last resort: logged, shown, copied, and the till keeps going."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app import log
from tests.ui.conftest import PATIENCE_MS, StandingClock
from ui import crash
from ui.crash import REPORTS_MAX, CrashDialog, Crashes, CrashReport, make_report

pytestmark = pytest.mark.logs_warnings


@pytest.fixture
def crashes(clock: StandingClock, qtbot: QtBot) -> Iterator[Crashes]:
    hooks = sys.excepthook, threading.excepthook
    yield crash.install(clock=clock, version="1.2.3")
    sys.excepthook, threading.excepthook = hooks
    for dialog in dialogs():
        dialog.close()
        dialog.deleteLater()


def dialogs() -> list[CrashDialog]:
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, CrashDialog) and w.isVisible()]


def crashed() -> BaseException:
    try:
        raise KeyError("the member 0912345678")
    except KeyError as error:
        return error


def test_what_a_callback_raises_is_shown_and_the_event_loop_goes_on(crashes: Crashes, qtbot: QtBot) -> None:
    went_on: list[bool] = []
    with qtbot.captureExceptions() as caught:
        # pytest-qt has put its own hook in force for the test; here it must be ours.
        crash.install(clock=StandingClock(), version="1.2.3")
        QTimer.singleShot(0, lambda: 1 // 0)
        QTimer.singleShot(1, lambda: went_on.append(True))
        qtbot.waitUntil(lambda: bool(went_on), timeout=PATIENCE_MS)
    (dialog,) = dialogs()
    assert "ZeroDivisionError" in dialog.report_text
    assert caught == []


def test_what_another_thread_raises_is_shown_on_the_gui_thread(crashes: Crashes, qtbot: QtBot) -> None:
    heard: list[tuple[CrashReport, int]] = []
    crashes.reported.connect(lambda report: heard.append((report, threading.get_ident())))
    worker = threading.Thread(target=lambda: 1 // 0)
    worker.start()
    worker.join()
    qtbot.waitUntil(lambda: bool(heard), timeout=PATIENCE_MS)
    assert heard[0][1] == threading.get_ident()
    assert "ZeroDivisionError" in dialogs()[0].report_text


def test_the_report_says_when_on_what_and_how_and_whom_it_does_not_say(clock: StandingClock) -> None:
    log.install(None)
    log.sale.info("looked up 0912345678")
    report = make_report(crashed(), version="1.2.3", at=clock.local().isoformat())
    log.uninstall()
    assert "Regulars 1.2.3" in report.text
    assert clock.local().isoformat() in report.text
    assert "in crashed" in report.text
    assert "looked up" in report.text
    assert "0912345678" not in report.text
    assert "0912345678" not in report.summary


def test_the_report_can_be_copied(crashes: Crashes) -> None:
    crashes.report(crashed())
    (dialog,) = dialogs()
    dialog.copy()
    assert QGuiApplication.clipboard().text() == dialog.report_text


def test_a_second_crash_joins_the_dialog_that_is_open(crashes: Crashes) -> None:
    crashes.report(crashed())
    crashes.report(ValueError("second"))
    (dialog,) = dialogs()
    assert "KeyError" in dialog.report_text
    assert "ValueError: second" in dialog.report_text


def test_enter_goes_on_and_the_window_is_as_before(crashes: Crashes, window: QWidget) -> None:
    crashes.report(crashed())
    (dialog,) = dialogs()
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert dialogs() == []
    assert window.isVisible()


def test_a_till_that_crashes_at_every_key_stays_usable(crashes: Crashes) -> None:
    shown: list[CrashReport] = []
    crashes.reported.connect(shown.append)
    for _ in range(REPORTS_MAX + 10):
        crashes.report(crashed())
    assert len(shown) == REPORTS_MAX


def test_ctrl_c_in_a_terminal_still_ends_the_program(
    crashes: Crashes, capsys: pytest.CaptureFixture[str]
) -> None:
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert dialogs() == []
    assert "KeyboardInterrupt" in capsys.readouterr().err


def test_the_hooks_can_be_given_back(crashes: Crashes) -> None:
    crash.uninstall()
    assert sys.excepthook is sys.__excepthook__
    assert threading.excepthook is threading.__excepthook__
