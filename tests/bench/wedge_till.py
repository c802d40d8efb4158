"""A till's window for the wedge benchmark, run as a process of its own under a real display: it stalls as a busy till does, and writes down
what it hears."""

from __future__ import annotations

import sys
import time

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget

from ui import theme
from ui.scan_catcher import ScanCatcher
from ui.widgets.entry_line import EntryLine

STALL_EVERY_MS = 250


def say(*words: object) -> None:
    print(*words, flush=True)


def main() -> None:
    stall_seconds = int(sys.argv[1]) / 1000
    application = QApplication(sys.argv[:1])
    theme.install(application)
    window = QWidget()
    window.setGeometry(0, 0, 800, 400)
    entry, note, button = EntryLine(), QLineEdit(), QPushButton("x")
    button.setDefault(True)
    layout = QVBoxLayout(window)
    for widget in (entry, note, button):
        layout.addWidget(widget)
    catcher = ScanCatcher(application)
    catcher.scanned.connect(lambda code: say("scanned", code))
    entry.entered.connect(lambda text: say("entered", text))
    entry.entered.connect(entry.clear)
    note.textChanged.connect(lambda text: say("leaked", text))
    button.clicked.connect(lambda: say("clicked"))
    stall = QTimer(window)
    stall.setTimerType(Qt.TimerType.PreciseTimer)
    stall.timeout.connect(lambda: time.sleep(stall_seconds))
    stall.start(STALL_EVERY_MS)
    window.show()
    entry.setFocus()
    QTimer.singleShot(0, lambda: say("ready"))
    application.exec()


if __name__ == "__main__":
    main()
