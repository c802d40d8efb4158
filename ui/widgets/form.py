"""What screens with questions are made of: a frame with a title and a way back, cards, labelled fields, choices, facts side by side.

A field shows what is wrong with its answer below it, never elsewhere, and keeps what was typed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Generic, TypeVar

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QButtonGroup,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import Refused
from ui import theme
from ui.enter_guard import enter_guard
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.painting import restyle
from ui.widgets.text_label import TextLabel

FIELD_WIDTH: Final = 420
Value = TypeVar("Value")


class ScreenFrame(QWidget):
    """A whole screen: its title, what belongs beside it, a way back, and the body below.

    Signals:
        back_requested(): the way back was taken, by button or by Esc.
    """

    back_requested = Signal()

    def __init__(
        self, title_key: str, parent: QWidget | None = None, *, back_key: str = "form.back_to_sale"
    ) -> None:
        super().__init__(parent)
        self.setProperty("panel", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.title = TextLabel(title_key, self, type=TypeRole.HEADING)
        self.subtitle = TextLabel(parent=self, tone="muted")
        self.back = Button(back_key, Kind.GHOST, self, size="compact")
        self.back.clicked.connect(self.step_back)
        self.beside_title = QHBoxLayout()
        self.beside_title.setSpacing(Space.M)
        top = QHBoxLayout()
        top.setSpacing(Space.L)
        top.addWidget(self.title)
        top.addWidget(self.subtitle, 1)
        top.addLayout(self.beside_title)
        top.addWidget(self.back)
        self.body = QVBoxLayout()
        self.body.setSpacing(Space.M)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        whole.setSpacing(Space.M)
        whole.addLayout(top)
        whole.addLayout(self.body, 1)

    def step_back(self) -> None:
        """What Esc does. A screen with steps of its own goes back one of them first."""
        self.back_requested.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not event.isAutoRepeat():
            self.step_back()
            event.accept()
            return
        super().keyPressEvent(event)


class Card(QFrame):
    """A panel with an optional heading. Fill `body`."""

    def __init__(self, title_key: str = "", parent: QWidget | None = None, *, panel: str = "surface") -> None:
        super().__init__(parent)
        self.setProperty("panel", panel)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(Space.L, Space.L, Space.L, Space.L)
        self.body.setSpacing(Space.M)
        self.title = TextLabel(title_key, self, type=TypeRole.LEAD, is_strong=True)
        self.title.setVisible(bool(title_key))
        self.body.addWidget(self.title)


class Field(QWidget):
    """A question with one line for its answer. Enter goes on to `entered`.

    Signals:
        changed(str): the answer is another one.
        entered(): Enter was pressed in it.
    """

    changed = Signal(str)
    entered = Signal()

    def __init__(
        self,
        label_key: str,
        parent: QWidget | None = None,
        *,
        help_key: str = "",
        text: str = "",
        is_secret: bool = False,
        is_number: bool = False,
        characters_max: int = 80,
        width: int = FIELD_WIDTH,
    ) -> None:
        super().__init__(parent)
        self._help_key = help_key
        self._width = width
        self.label = TextLabel(label_key, self, type=TypeRole.BODY, tone="muted")
        self.edit = _Line(self)
        self.edit.setMaxLength(characters_max)
        self.edit.setText(text)
        if is_secret:
            self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        if is_secret or is_number:
            self.edit.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        if is_number:
            self.edit.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.note = TextLabel(help_key, self, type=TypeRole.CAPTION, wraps=True)
        self.note.setVisible(bool(help_key))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(Space.XS)
        box.addWidget(self.label)
        # Kept to the left in a wide place: a line that is full stops growing, and what is left over stays empty.
        line = QHBoxLayout()
        line.setSpacing(0)
        line.addWidget(self.edit, 1)
        line.addStretch(0)
        box.addLayout(line)
        box.addWidget(self.note)
        box.addStretch(1)
        self.setFocusProxy(self.edit)
        self.edit.textChanged.connect(self._on_changed)
        self.edit.enter_pressed.connect(self.entered)
        self._fit()
        self._name()

    @property
    def text(self) -> str:
        """The answer without the spaces around it."""
        return self.edit.text().strip()

    def set_text(self, text: str) -> None:
        self.edit.setText(text)

    def refuse(self, error: Refused) -> None:
        """Say below the line what is wrong, and select the answer so that the next key replaces it."""
        self.note.show_text(error.text_key, **error.fields)
        self.note.set_tone("danger")
        self.note.show()
        self._set_refused(True)
        self.edit.selectAll()
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def say(self, key: str, *, tone: str = "", **fields: object) -> None:
        """A hint below the line, until the answer changes."""
        self.note.show_text(key, **fields)
        self.note.set_tone(tone)
        self.note.show()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
        elif event.type() == QEvent.Type.StyleChange:
            self._fit()
        super().changeEvent(event)

    def _on_changed(self, text: str) -> None:
        self._set_refused(False)
        self.note.set_tone("")
        if self._help_key:
            self.note.show_text(self._help_key)
        else:
            self.note.hide()
        self.changed.emit(text)

    def _set_refused(self, is_refused: bool) -> None:
        if bool(self.edit.property("refused")) != is_refused:
            self.edit.setProperty("refused", is_refused)
            restyle(self.edit)

    def _fit(self) -> None:
        width = theme.current().px(self._width)
        if self.edit.maximumWidth() != width:
            self.edit.setMaximumWidth(width)

    def _name(self) -> None:
        self.edit.setAccessibleName(self.label.text())


class _Line(QLineEdit):
    """A line whose Enter counts once and whose arrow keys go up and down the form.

    Signals:
        enter_pressed(): Enter.
    """

    enter_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if enter_guard.accepts(event):
                self.enter_pressed.emit()
            event.accept()
        elif event.key() == Qt.Key.Key_Down:
            self.focusNextChild()
            event.accept()
        elif event.key() == Qt.Key.Key_Up:
            self.focusPreviousChild()
            event.accept()
        else:
            super().keyPressEvent(event)


class Choice(QWidget, Generic[Value]):
    """One of a few values, each a button; the arrow keys move among them. With `is_plain` the options carry words, not keys.

    Signals:
        chosen(object): the operator chose another value.
    """

    chosen = Signal(object)

    def __init__(
        self,
        options: Sequence[tuple[Value, str]],
        value: Value,
        parent: QWidget | None = None,
        *,
        is_column: bool = False,
        is_plain: bool = False,
    ) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._buttons: list[tuple[Value, Button]] = []
        box = QVBoxLayout(self) if is_column else QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(Space.S)
        for option, key in options:
            button = _ChoiceButton("" if is_plain else key, parent=self)
            if is_plain:
                button.show_plain(key)
            button.setCheckable(True)
            button.setChecked(option == value)
            self._group.addButton(button)
            self._buttons.append((option, button))
            box.addWidget(button)
        if not is_column:
            box.addStretch(1)
        self._group.buttonClicked.connect(lambda _: self.chosen.emit(self.value))
        self._set_stops()
        self._group.buttonToggled.connect(lambda *_: self._set_stops())

    @property
    def value(self) -> Value:
        return next(option for option, button in self._buttons if button.isChecked())

    def set_value(self, value: Value) -> None:
        for option, button in self._buttons:
            if option == value:
                button.setChecked(True)

    def button(self, value: Value) -> Button:
        return next(button for option, button in self._buttons if option == value)

    def focus(self) -> None:
        """Put the cursor on the value that is chosen."""
        self.button(self.value).setFocus(Qt.FocusReason.OtherFocusReason)

    def step(self, by: int) -> None:
        """Choose the neighbour."""
        buttons = [button for _, button in self._buttons if not button.isHidden()]
        here = next(index for index, button in enumerate(buttons) if button.isChecked())
        wanted = buttons[(here + by) % len(buttons)]
        wanted.setFocus(Qt.FocusReason.OtherFocusReason)
        wanted.click()

    def _set_stops(self) -> None:
        """Tab visits the choice once: the value that is chosen."""
        for _, button in self._buttons:
            button.setFocusPolicy(
                Qt.FocusPolicy.TabFocus if button.isChecked() else Qt.FocusPolicy.ClickFocus
            )


class _ChoiceButton(Button):
    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Down: 1,
        }
        owner = self.parent()
        if event.key() in steps and isinstance(owner, Choice):
            owner.step(steps[Qt.Key(event.key())])
            event.accept()
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            # Enter is the form's next step; the value under the cursor is already the chosen one.
            event.ignore()
            return
        super().keyPressEvent(event)


class Facts(QWidget):
    """Names and values in two columns: what the screen knows, for reading. Values that are amounts stand on the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(Space.L)
        self._grid.setVerticalSpacing(Space.S)
        self._grid.setColumnStretch(1, 1)
        self._values: dict[str, TextLabel] = {}

    def show_fact(
        self, key: str, value: str, *, tone: str = "", is_strong: bool = False, type: TypeRole = TypeRole.BODY
    ) -> None:
        """Show this value beside the text of `key`; called again with the key, it changes the value."""
        label = self._values.get(key)
        if label is None:
            row = self._grid.rowCount()
            name = TextLabel(key, self, type=TypeRole.BODY, tone="muted")
            label = TextLabel(parent=self, type=type, is_strong=is_strong)
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self._grid.addWidget(name, row, 0)
            self._grid.addWidget(label, row, 1)
            self._values[key] = label
        label.show_plain(value)
        label.set_tone(tone)

    def value(self, key: str) -> str:
        return self._values[key].text()

    def clear(self) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._values.clear()


def scrolling(content: QWidget, parent: QWidget | None = None) -> QScrollArea:
    """The content in an area that scrolls when the window is too low, and never sideways."""
    area = QScrollArea(parent)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(content)
    follower = _FocusFollower(area, content)
    QApplication.instance().focusChanged.connect(follower.follow)  # type: ignore[union-attr]  # there is one
    return area


class _FocusFollower(QObject):
    """Scrolls what gets the focus into sight."""

    def __init__(self, area: QScrollArea, content: QWidget) -> None:
        super().__init__(area)
        self._area = area
        self._content = content

    def follow(self, _: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self._content.isAncestorOf(now):
            self._area.ensureWidgetVisible(now, 0, Space.XL)


def row_of(*widgets: QWidget, stretch: bool = True) -> QHBoxLayout:
    """Widgets side by side, at the left."""
    row = QHBoxLayout()
    row.setSpacing(Space.M)
    for widget in widgets:
        row.addWidget(widget)
    if stretch:
        row.addStretch(1)
    return row


def connect_click(button: QAbstractButton, slot: Callable[[], object]) -> None:
    """Call the slot without the state that Qt hands along."""
    button.clicked.connect(lambda _=False: slot())
