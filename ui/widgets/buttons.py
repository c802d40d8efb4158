"""Buttons: with words (primary, secondary, ghost, danger) and with a hotkey's cap.

A press counts once: the second half of a double click and the echo of an Enter are no press, except on keys that are made to be hit
repeatedly. A finger or the mouse never takes the focus away from the one line; Tab does.
"""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QPushButton, QSizePolicy, QWidget

from app.i18n import t
from ui import theme
from ui.enter_guard import enter_guard
from ui.keys import Action, KeyMap
from ui.theme import Radius, Space, TypeRole
from ui.widgets.painting import restyle, rounded_box, words


class Kind(StrEnum):
    PRIMARY = "primary"  # the next step; at most one in sight
    SECONDARY = "secondary"
    GHOST = "ghost"  # a way out
    DANGER = "danger"  # takes something away


class Button(QPushButton):
    """A button that says the text of `key`. `size`: "", "compact" or "large"."""

    def __init__(
        self,
        key: str = "",
        kind: Kind = Kind.SECONDARY,
        parent: QWidget | None = None,
        *,
        size: str = "",
        repeats: bool = False,
        **fields: object,
    ) -> None:
        super().__init__(parent)
        self._key = key
        self._fields = fields
        self._repeats = repeats
        self.setProperty("kind", kind.value)
        self.setProperty("sized", size)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.retranslate()

    def show_text(self, key: str, /, **fields: object) -> None:
        """Say this, in every language from now on."""
        self._key, self._fields = key, fields
        self.retranslate()

    def show_plain(self, text: str) -> None:
        """Show these words as they are."""
        self._key = ""
        # An ampersand would be taken for the mark of an Alt chord.
        self.setText(text.replace("&", "&&"))

    def set_kind(self, kind: Kind) -> None:
        if kind.value != self.property("kind"):
            self.setProperty("kind", kind.value)
            restyle(self)

    def retranslate(self) -> None:
        if self._key:
            self.setText(t(self._key, None, **self._fields).replace("&", "&&"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if enter_guard.accepts(event):
                self.click()
            event.accept()
            return
        super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._repeats:
            super().mouseDoubleClickEvent(event)
        else:
            event.accept()


class FunctionKey(QAbstractButton):
    """A hotkey on the screen: its cap ("F4") and what it does ("用點"). `set_badge` adds a count, such as the held sales."""

    def __init__(self, action: Action, keys: KeyMap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.action_name = action
        self._cap = keys.key(action)
        self._badge = ""
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.retranslate()

    def set_keys(self, keys: KeyMap) -> None:
        """Show the key this action has now."""
        self._cap = keys.key(self.action_name)
        self.retranslate()

    def set_badge(self, badge: str) -> None:
        if badge != self._badge:
            self._badge = badge
            self.update()

    def retranslate(self) -> None:
        self.setText(t(f"keys.{self.action_name}.short"))
        self.setAccessibleName(f"{self.text()} {self._cap}")
        self.setToolTip(t(f"keys.{self.action_name}"))
        self.updateGeometry()
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def sizeHint(self) -> QSize:
        look = theme.current()
        metrics = QFontMetrics(look.font(TypeRole.BODY))
        return QSize(metrics.horizontalAdvance(self.text()) + 2 * look.px(Space.M), look.touch(60))

    def minimumSizeHint(self) -> QSize:
        look = theme.current()
        return QSize(look.touch(64), look.touch(60))

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        colours = look.colours
        painter = QPainter(self)
        is_on = self.isChecked()
        ground, edge, ink = colours.raised, colours.line, colours.text
        if not self.isEnabled():
            ground, edge, ink = colours.sunken, colours.sunken, colours.text_faint
        elif self.isDown():
            ground = colours.sunken
        elif is_on or self.underMouse():
            ground = colours.accent_soft
        if is_on:
            edge, ink = colours.accent, colours.accent_text
        rounded_box(painter, self.rect(), Radius.M, ground, edge)
        pad = look.px(Space.S)
        inner = self.rect().adjusted(pad, look.px(6), -pad, -look.px(5))
        cap_height = look.px(20)
        cap = QRect(inner.left(), inner.top(), inner.width(), cap_height)
        label = QRect(inner.left(), cap.bottom(), inner.width(), inner.height() - cap_height)
        small = look.font(TypeRole.CAPTION, is_bold=True)
        cap_colour = colours.accent_text if self.isEnabled() else colours.text_faint
        words(painter, cap, self._cap, font=small, colour=cap_colour)
        words(painter, label, self.text(), font=look.font(TypeRole.BODY), colour=ink)
        if self._badge:
            self._paint_badge(painter, cap)

    def _paint_badge(self, painter: QPainter, cap: QRect) -> None:
        look = theme.current()
        font = look.font(TypeRole.CAPTION, is_bold=True)
        width = max(cap.height(), QFontMetrics(font).horizontalAdvance(self._badge) + look.px(Space.M))
        chip = QRect(cap.right() - width + 1, cap.top(), width, cap.height())
        rounded_box(painter, chip, chip.height() // 2, look.colours.accent)
        words(
            painter,
            chip,
            self._badge,
            font=font,
            colour=look.colours.on_accent,
            align=Qt.AlignmentFlag.AlignHCenter,
        )
