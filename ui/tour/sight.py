"""What a person in front of the screen would find wrong with it: words cut off, buttons one over the other, things outside the window."""

from __future__ import annotations

from itertools import combinations

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QLabel, QPushButton, QWidget

from ui.widgets.sheet import topmost

_SPARE_PIXELS = 1


def cut_off(window: QWidget) -> tuple[str, ...]:
    """Everything that is wrong now, one line each; of what lies under a sheet nothing is said."""
    root = topmost(window) or window
    shown = [widget for widget in root.findChildren(QWidget) if widget.isVisible()]
    found = [problem for widget in shown if (problem := _problem(widget, window))]
    buttons = [widget for widget in shown if isinstance(widget, QAbstractButton) and not _scrolls(widget)]
    found += [
        f"{_name(one)} and {_name(other)} overlap"
        for one, other in combinations(buttons, 2)
        if _area(one, window).intersects(_area(other, window)) and not _is_part(one, other)
    ]
    return tuple(found)


def _problem(widget: QWidget, window: QWidget) -> str:
    if not isinstance(widget, QLabel | QAbstractButton):
        return ""
    if not _scrolls(widget) and not window.rect().contains(_area(widget, window)):
        return f"{_name(widget)} is outside the window"
    if isinstance(widget, QLabel) and widget.text():
        return _label_problem(widget)
    if isinstance(widget, QPushButton) and widget.text():
        words = max(widget.fontMetrics().horizontalAdvance(line) for line in widget.text().split("\n"))
        if words > widget.width() + _SPARE_PIXELS:
            return f"{_name(widget)} is too narrow for its words"
    return ""


def _label_problem(label: QLabel) -> str:
    if label.wordWrap():
        is_cut = label.heightForWidth(label.width()) > label.height() + label.fontMetrics().leading() + 2
    else:
        needed = label.fontMetrics().horizontalAdvance(label.text())
        # Half of the line's height is air above and below the glyphs.
        is_cut = (
            needed > label.width() + _SPARE_PIXELS or label.height() < label.fontMetrics().capHeight() * 1.4
        )
    return f"{_name(label)} is cut off" if is_cut else ""


def _scrolls(widget: QWidget) -> bool:
    """Whether it stands in something that scrolls: what is out of sight there is no mistake."""
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, QAbstractScrollArea) and above.verticalScrollBar().maximum() > 0:
            return True
        above = above.parentWidget()
    return False


def _is_part(one: QWidget, other: QWidget) -> bool:
    """Whether one stands on the other on purpose, as a row's own button does."""
    return one.isAncestorOf(other) or other.isAncestorOf(one)


def _area(widget: QWidget, window: QWidget) -> QRect:
    return QRect(widget.mapTo(window, widget.rect().topLeft()), widget.size())


def _name(widget: QWidget) -> str:
    text = widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""
    return f"{type(widget).__name__} {text[:40]!r}"
