"""The look in force: mode, scale and language, and how widgets learn of a change.

No screen names a colour or a size of its own: it takes a role from here. Stylesheet and palette change together; afterwards every
widget has had a StyleChange event (painted widgets drop their caches) and, when the language changed, a LanguageChange event
(widgets that show words ask for them again).

The look is a tea shop's: warm paper and ink, one accent (deep teal), other colours only where they carry a meaning.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from app import i18n
from ui import fonts, stylesheet
from ui.tokens import (
    COLOURS,
    TILES,
    TOUCH_PIXELS_MIN,
    TYPE_PIXELS,
    Colours,
    Mode,
    Radius,
    Space,
    Tile,
    TypeRole,
)

__all__ = [
    "Colours",
    "Mode",
    "Radius",
    "Space",
    "Theme",
    "Tile",
    "TypeRole",
    "current",
    "install",
    "scale_for",
    "system_mode",
]

SCALES: Final = (0.9, 1.0, 1.1, 1.2, 1.3, 1.4)
_DESIGNED_FOR: Final = QSize(1280, 800)


class Theme(QObject):
    """What is in force now. Made once per application by :func:`install`.

    Signals:
        changed: colours, scale or family are new; widgets have already been told.
    """

    changed = Signal()

    def __init__(self, application: QApplication, mode: Mode, scale: float) -> None:
        super().__init__(application)
        self._application = application
        self._mode = mode
        self._scale = scale
        self._stop_listening: Callable[[], None] = i18n.on_language_changed(self._on_language_changed)
        self._apply()

    @property
    def mode(self) -> Mode:
        return self._mode

    @property
    def scale(self) -> float:
        return self._scale

    @property
    def colours(self) -> Colours:
        return COLOURS[self._mode]

    def tile(self, name: str) -> Tile:
        """The colours of a quick key; a name nobody knows is neutral."""
        return TILES[self._mode].get(name, TILES[self._mode]["neutral"])

    def px(self, pixels: int) -> int:
        """A distance at the scale in force, whole pixels."""
        return round(pixels * self._scale)

    def touch(self, pixels: int) -> int:
        """The size of something a finger must hit: scaled, and never below 44."""
        return max(TOUCH_PIXELS_MIN, self.px(pixels))

    def font(self, role: TypeRole, *, is_bold: bool = False) -> QFont:
        return fonts.font(i18n.language(), self.px(TYPE_PIXELS[role]), is_bold=is_bold)

    def set_mode(self, mode: Mode) -> None:
        if mode is not self._mode:
            self._mode = mode
            self._apply()

    def set_scale(self, scale: float) -> None:
        if scale != self._scale:
            self._scale = scale
            self._apply()

    def fit(self, window: QSize) -> None:
        """Take the scale that suits a window of this size."""
        self.set_scale(scale_for(window))

    def stop(self) -> None:
        """Follow the language no longer."""
        self._stop_listening()

    def _apply(self) -> None:
        family = fonts.family(i18n.language())
        self._application.setPalette(_palette(self.colours))
        self._application.setFont(self.font(TypeRole.BODY))
        self._application.setStyleSheet(stylesheet.build(self.colours, family, self.px))
        self.changed.emit()

    def _on_language_changed(self) -> None:
        if not shiboken6.isValid(self):
            self._stop_listening()
            return
        self._apply()
        # Qt hands this on to every child by itself.
        for window in QApplication.topLevelWidgets():
            QCoreApplication.sendEvent(window, QEvent(QEvent.Type.LanguageChange))


_current: Theme | None = None


def install(application: QApplication, *, mode: Mode = Mode.LIGHT, scale: float = 1.0) -> Theme:
    """Register the typeface and put the look in force; called again, it only changes the look."""
    global _current
    if _current is not None and shiboken6.isValid(_current):
        _current.set_mode(mode)
        _current.set_scale(scale)
        return _current
    fonts.register()
    application.setStyle(QStyleFactory.create("Fusion"))
    _current = Theme(application, mode, scale)
    return _current


def current() -> Theme:
    """The look in force."""
    assert _current is not None, "theme.install() comes before the first widget"
    return _current


def scale_for(window: QSize) -> float:
    """The step of the scale for a window of this size: 0.9 at 1024 × 768, 1.0 at 1280 × 800, 1.3 at 1920 × 1080."""
    wanted = min(window.width() / _DESIGNED_FOR.width(), window.height() / _DESIGNED_FOR.height())
    fitting = [scale for scale in SCALES if scale <= wanted + 0.001]
    return fitting[-1] if fitting else SCALES[0]


def system_mode(application: QApplication) -> Mode:
    """What the computer itself is set to."""
    is_dark = application.styleHints().colorScheme() is Qt.ColorScheme.Dark
    return Mode.DARK if is_dark else Mode.LIGHT


def _palette(colours: Colours) -> QPalette:
    """For what the stylesheet does not reach: the style's own arrows, check marks and placeholder text."""
    palette = QPalette()
    role = QPalette.ColorRole
    for name, value in (
        (role.Window, colours.canvas),
        (role.WindowText, colours.text),
        (role.Base, colours.raised),
        (role.AlternateBase, colours.surface),
        (role.Text, colours.text),
        (role.PlaceholderText, colours.text_faint),
        (role.Button, colours.raised),
        (role.ButtonText, colours.text),
        (role.BrightText, colours.danger_text),
        (role.Highlight, colours.accent),
        (role.HighlightedText, colours.on_accent),
        (role.Accent, colours.accent),
        (role.Link, colours.accent_text),
        (role.ToolTipBase, colours.text),
        (role.ToolTipText, colours.canvas),
        (role.Mid, colours.line),
        (role.Dark, colours.edge),
    ):
        palette.setColor(name, QColor(value))
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(colours.text_faint))
    return palette
