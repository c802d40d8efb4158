"""A strip along the upper edge of the window: green for a scan that was taken, red for one that was not, amber for one that counted once.

It is four pixels high, so that showing it repaints next to nothing of what lies below.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.domain.device import Feedback
from ui import theme

HEIGHT: Final = 4
SHOWN_MS: Final = {Feedback.GOOD: 220, Feedback.SOFT: 400, Feedback.BAD: 900}


class FeedbackStrip(QWidget):
    """A child of the window; it follows the window's width and takes no touch."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.feedback: Feedback | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_over)
        window.installEventFilter(self)
        self._fit()
        self.hide()

    def show_feedback(self, feedback: Feedback) -> None:
        """Show this colour for a moment."""
        self.feedback = feedback
        self._timer.start(SHOWN_MS[feedback])
        self.raise_()
        self.show()
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._fit()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.current().colours
        colour = {
            Feedback.GOOD: colours.good_sign,
            Feedback.SOFT: colours.warn_sign,
            Feedback.BAD: colours.danger,
        }[self.feedback or Feedback.GOOD]
        QPainter(self).fillRect(self.rect(), QColor(colour))

    def _fit(self) -> None:
        window = self.parentWidget()
        assert window is not None
        self.setGeometry(0, 0, window.width(), HEIGHT)

    def _on_over(self) -> None:
        self.feedback = None
        self.hide()
