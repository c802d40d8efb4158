"""The least that a PySide6 program can be: one empty window, painted. ``python bare_window.py FILE`` writes the file then, and ends."""

import os
import sys
from pathlib import Path

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget


class BareWindow(QWidget):
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        Path(sys.argv[1]).write_text("ready", "utf-8")
        os._exit(0)


if __name__ == "__main__":
    application = QApplication([])
    window = BareWindow()
    window.resize(1280, 800)
    window.show()
    application.exec()
