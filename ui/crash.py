"""The last resort: what no one caught is logged and shown with a report that can be copied, and the till keeps going.

A crash never ends the sale: the basket is in the draft, what was paid is in the store. Nothing in here may raise, for there is nobody left
to catch it. The report holds the masked log and the masked traceback, and so no phone number.
"""

from __future__ import annotations

import platform
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Final

import PySide6
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from app import log
from app.i18n import t
from ui import theme
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.text_label import TextLabel

if TYPE_CHECKING:
    from app.service.ports import Clock

REPORTS_MAX: Final = 20
"""After so many the dialog is shown no more, only the log grows: a till that crashes at every key must stay usable."""


@dataclass(frozen=True, slots=True)
class CrashReport:
    """What happened, as text for whoever will mend it."""

    text: str
    summary: str


class Crashes(QObject):
    """Takes every exception that nobody caught, from any thread. Made once by :func:`install`.

    Signals:
        reported(CrashReport): something crashed; always on the GUI thread.
    """

    reported = Signal(object)

    def __init__(self, clock: Clock, version: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._version = version
        self._count = 0
        self._dialog: CrashDialog | None = None
        # From another thread Qt queues this to the GUI thread.
        self.reported.connect(self._show)

    def report(self, error: BaseException) -> None:
        """Log the error and show it. Safe to call from any thread."""
        try:
            log.ui.error("crashed", exc_info=(type(error), error, error.__traceback__))
            self._count += 1
            if self._count <= REPORTS_MAX:
                self.reported.emit(
                    make_report(error, version=self._version, at=self._clock.local().isoformat())
                )
        except Exception as second:  # reporting must never be what brings the till down
            log.ui.error("the crash could not be reported: %s", type(second).__name__)

    def _show(self, report: CrashReport) -> None:
        if self._dialog is not None and self._dialog.isVisible():
            self._dialog.add(report)
            return
        self._dialog = CrashDialog(report, QApplication.activeWindow())
        self._dialog.open()


def install(*, clock: Clock, version: str) -> Crashes:
    """Catch what Python would print and forget, on this thread and on every other."""
    crashes = Crashes(clock, version, QGuiApplication.instance())

    def on_exception(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        else:
            crashes.report(error.with_traceback(trace))

    def on_thread_exception(arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            crashes.report(arguments.exc_value.with_traceback(arguments.exc_traceback))

    sys.excepthook = on_exception
    threading.excepthook = on_thread_exception
    return crashes


def uninstall() -> None:
    """Leave exceptions to Python again."""
    sys.excepthook = sys.__excepthook__
    threading.excepthook = threading.__excepthook__


def make_report(error: BaseException, *, version: str, at: str) -> CrashReport:
    """The report of one crash: when, on what, the traceback, and the last of the log; everything masked."""
    trace = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    parts = (
        f"Regulars {version}",
        at,
        f"Python {platform.python_version()}, PySide6 {PySide6.__version__}, {platform.platform()}",
        "",
        log.mask(trace).rstrip(),
        "",
        *log.tail(),
    )
    return CrashReport("\n".join(parts), log.mask(f"{type(error).__name__}: {error}"))


class CrashDialog(QDialog):
    """Says that something went wrong, that nothing is lost, and what to do. It stands alone: the window below may be what crashed."""

    def __init__(self, report: CrashReport, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        look = theme.current()
        self.setWindowTitle(t("ui.crash.title"))
        self.resize(look.px(760), look.px(560))
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._text.setPlainText(report.text)
        self._copied = TextLabel("ui.crash.copied", type=TypeRole.BODY, tone="good")
        self._copied.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
        layout.setSpacing(Space.L)
        layout.addWidget(TextLabel("ui.crash.title", type=TypeRole.TITLE))
        layout.addWidget(TextLabel("ui.crash.what_now", type=TypeRole.LEAD, wraps=True))
        layout.addWidget(self._text, 1)
        layout.addLayout(self._buttons())

    def add(self, report: CrashReport) -> None:
        """One more crash while this one is on the screen."""
        self._text.appendPlainText("\n" + "—" * 24 + "\n" + report.text)

    def copy(self) -> None:
        """The report to the clipboard."""
        QGuiApplication.clipboard().setText(self._text.toPlainText())
        self._copied.show()

    @property
    def report_text(self) -> str:
        return self._text.toPlainText()

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(Space.M)
        row.addWidget(self._copied)
        row.addStretch(1)
        _add(row, "ui.crash.copy", Kind.SECONDARY, self.copy).setAutoDefault(False)
        going_on = _add(row, "ui.crash.go_on", Kind.PRIMARY, self.accept)
        going_on.setDefault(True)
        going_on.setFocus()
        return row


def _add(row: QHBoxLayout, key: str, kind: Kind, on_click: Callable[[], None]) -> Button:
    button = Button(key, kind)
    button.clicked.connect(lambda: on_click())
    row.addWidget(button)
    return button
