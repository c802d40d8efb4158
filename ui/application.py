"""The application object, made before anything else of the till is imported: what Qt can do by itself meanwhile, it does.

Imports nothing of the screens.
"""

from __future__ import annotations

import sys

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from ui import fonts


def begin() -> QApplication:
    """The one application of this process; the typeface is being read from now on."""
    qInstallMessageHandler(_on_qt_message)
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    application.setApplicationName("Regulars")
    fonts.begin()
    return application


def _on_qt_message(kind: QtMsgType, _: QMessageLogContext, text: str | None) -> None:
    """What Qt has to say is for whoever mends the till, not for whoever works at it; only its last words go to the terminal."""
    if kind in (QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg):
        sys.stderr.write(f"{text}\n")
    from app import log

    log.ui.info("Qt: %s", text)
