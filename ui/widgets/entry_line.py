"""The one input line: always live, and never in the way of an input method.

It shows what was typed and a hint of what was recognised; recognising is the screen's work. `changed` follows every key, so look things up
on it; act (attach a member, price a basket) on `settled`, which comes when it is certain that a person typed and no scanner.
"""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from app.i18n import t
from ui import theme
from ui.enter_guard import enter_guard
from ui.theme import Space, TypeRole
from ui.widgets.painting import restyle, words
from ui.widgets.text_label import TextLabel

CHARACTERS_MAX: Final = 256
_STEPS: Final = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -8, Qt.Key.Key_PageDown: 8}

# Full-width signs, letters and digits (！ to ～) and the full-width space, as an input method leaves them behind.
_FOLD: Final = {0xFF01 + offset: 0x21 + offset for offset in range(94)} | {0x3000: 0x20}


def fold(text: str) -> str:
    """The text with full-width digits, letters and signs as plain ones; as long as before."""
    return text.translate(_FOLD)


class EntryLine(QLineEdit):
    """The line. With `is_home` it keeps the focus: Tab does not leave it.

    Signals:
        changed(str): the text is another one.
        settled(str): the text is another one, and a person typed it.
        entered(str): Enter, with the text as it stands ("" too); the screen clears the line when it took it.
        step_requested(int): the arrow keys, by this many rows.
    """

    changed = Signal(str)
    settled = Signal(str)
    entered = Signal(str)
    step_requested = Signal(int)

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        is_home: bool = True,
        placeholder: str = "ui.entry.placeholder",
    ) -> None:
        super().__init__(parent)
        self._is_home = is_home
        self._placeholder_key = placeholder
        self._before: tuple[str, int] | None = None
        self._takes_words = False
        self.setMaxLength(CHARACTERS_MAX)
        self.setProperty("line", "entry")
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setDragEnabled(False)
        self._hint = TextLabel(parent=self, type=TypeRole.LEAD, tone="accent")
        self._hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._hint.hide()
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.textChanged.connect(self._on_text_changed)
        self.retranslate()

    def set_takes_words(self, takes_words: bool) -> None:
        """Whether an input method may be used: only while words are searched for, for it garbles what a scanner sends."""
        if takes_words == self._takes_words:
            return
        self._takes_words = takes_words
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, takes_words)
        QGuiApplication.inputMethod().update(Qt.InputMethodQuery.ImEnabled)

    def set_placeholder(self, key: str) -> None:
        """What an empty line says."""
        if key != self._placeholder_key:
            self._placeholder_key = key
            self.retranslate()

    def show_hint(self, key: str, /, *, tone: str = "accent", **fields: object) -> None:
        """Say at the right end what was recognised, until the text changes."""
        self._hint.show_text(key, **fields)
        self._hint.set_tone(tone)
        self._hint.show()
        self._place_hint()

    def clear_hint(self) -> None:
        self._hint.hide()
        self._place_hint()

    def refuse(self) -> None:
        """Mark the text as not accepted: it stays, selected, so that the next key replaces it."""
        self._set_refused(True)
        self.selectAll()

    def is_waiting(self) -> bool:
        """Nothing is typed: signs such as * and - are keys now."""
        return not self.text()

    # A scanner's first key cannot be told from a person's. While somebody types, keys are let in on trust; when the next ones show
    # that it was a scanner after all, the key is taken back.

    def begin_provisional(self) -> None:
        """What changes from now on may be taken back."""
        if self._before is None:
            self._before = (self.text(), self.cursorPosition())

    def settle(self) -> None:
        """A person typed it."""
        if self._before is not None:
            before, self._before = self._before, None
            if self.text() != before[0]:
                self.settled.emit(self.text())

    def retract(self) -> None:
        """A scanner sent it: as if it had never been."""
        if self._before is not None:
            text, cursor = self._before
            if text != self.text():
                self.setText(text)
                self.setCursorPosition(cursor)
            self._before = None

    def retranslate(self) -> None:
        self.setAccessibleName(t("ui.entry.name"))
        self.setAccessibleDescription(t(self._placeholder_key))
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
            self._place_hint()
        elif event.type() == QEvent.Type.StyleChange:
            self._place_hint()
        super().changeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if enter_guard.accepts(event):
                self.settle()
                self.entered.emit(self.text().strip())
            event.accept()
        elif key in _STEPS:
            self.step_requested.emit(_STEPS[Qt.Key(key)])
            event.accept()
        elif key == Qt.Key.Key_Escape and self.text():
            self.clear()
            event.accept()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:
        # "Done": otherwise Tab would go on to the window, which moves the focus.
        return self._is_home or super().focusNextPrevChild(next)

    def inputMethodQuery(self, query: Qt.InputMethodQuery, argument: Any = None, /) -> Any:
        # A line edit answers yes by itself, whatever its attribute says.
        return (
            self._takes_words if query == Qt.InputMethodQuery.ImEnabled else super().inputMethodQuery(query)
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_hint()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.text():
            return
        look = theme.current()
        pad = look.px(Space.L) + 4
        painter = QPainter(self)
        words(
            painter,
            self.rect().adjusted(pad, 0, -pad - self._hint_width(), 0),
            t(self._placeholder_key),
            font=look.font(TypeRole.TITLE),
            colour=look.colours.text_faint,
        )

    def _on_text_changed(self, text: str) -> None:
        folded = fold(text)
        if folded != text:
            cursor = self.cursorPosition()
            self.setText(folded)
            self.setCursorPosition(cursor)
            return
        self._set_refused(False)
        self.clear_hint()
        self.changed.emit(text)
        # A listener may have changed the text again; then that change has already been told.
        if self._before is None and text == self.text():
            self.settled.emit(text)

    def _set_refused(self, is_refused: bool) -> None:
        if bool(self.property("refused")) != is_refused:
            self.setProperty("refused", is_refused)
            restyle(self)

    def _hint_width(self) -> int:
        return 0 if self._hint.isHidden() else self._hint.sizeHint().width() + Space.M

    def _place_hint(self) -> None:
        width = min(self._hint_width(), self.width() // 2)
        self.setTextMargins(0, 0, width, 0)
        pad = theme.current().px(Space.L)
        self._hint.setGeometry(QRect(self.width() - pad - width, 0, width, self.height()))
        self._hint.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
