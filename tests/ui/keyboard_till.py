"""A window with the one line and a scan catcher, run as a process of its own under a real display; it writes down what it hears."""

from __future__ import annotations

import sys

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget

from ui import theme
from ui.scan_catcher import ScanCatcher
from ui.widgets.entry_line import EntryLine


def say(*words: object) -> None:
    print(*words, flush=True)


def main() -> None:
    application = QApplication(sys.argv)
    theme.install(application)
    window = QWidget()
    window.setGeometry(0, 0, 800, 400)
    entry, button = EntryLine(), QPushButton("x")
    layout = QVBoxLayout(window)
    layout.addWidget(entry)
    layout.addWidget(button)
    catcher = ScanCatcher(application)
    catcher.scanned.connect(lambda code: say("scanned", code))
    entry.entered.connect(lambda text: say("entered", text))
    entry.entered.connect(entry.clear)
    button.clicked.connect(lambda: say("clicked"))
    window.show()
    entry.setFocus()
    QTimer.singleShot(60_000, application.quit)
    QTimer.singleShot(0, lambda: say("ready", int(window.winId())))
    application.exec()


if __name__ == "__main__":
    main()
