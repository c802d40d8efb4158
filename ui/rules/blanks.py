"""The parts of a sentence that can be changed: keyed ones are lines as wide as what stands in them, chosen ones open a sheet.

A blank that cannot be read keeps what was typed and says why through its row; it never guesses.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Protocol

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.errors import Refused
from app.domain.money import Currency
from app.i18n import t
from ui import theme
from ui.enter_guard import enter_guard
from ui.rules.forms import TYPED, Blank, BlankKind, Option, text_of, value_of
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button
from ui.widgets.painting import restyle

TYPED_PIXELS_MIN: Final = 64
TYPED_PIXELS_MAX: Final = 360
CHOSEN_PIXELS_MAX: Final = 380
NAMES_SHOWN_MAX: Final = 3
WORDS: Final = frozenset({BlankKind.TEXT})


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What blanks need to know of the shop. ``options`` gives a list by its name; ``name_of`` the name of an item or category."""

    currency: Currency
    today: Callable[[], date]
    options: Callable[[str], Sequence[Option]]
    name_of: Callable[[object], str]
    pick_goods: Callable[[QWidget, Any, bool, Callable[[Any], None]], None]
    new_key: Callable[[str], str]


class BlankWidget(Protocol):
    """What a row knows of its blanks."""

    blank: Blank

    @property
    def value(self) -> Any:
        """Raises Refused with what would be accepted."""
        ...

    def show_value(self, value: Any) -> None: ...
    def show_refused(self, is_refused: bool) -> None: ...


class TypedBlank(QLineEdit):
    """A number, an amount, a day or a few words, keyed within the sentence.

    Signals:
        changed(): another text.
    """

    changed = Signal()

    def __init__(self, blank: Blank, around: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.blank = blank
        self._around = around
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setMaxLength(blank.most if blank.kind is BlankKind.TEXT else 14)
        if blank.kind not in WORDS:
            self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
            self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.textChanged.connect(self._on_changed)
        self._speak()

    @property
    def value(self) -> Any:
        return value_of(self.blank, self.text(), self._around.currency, self._around.today())

    def show_value(self, value: Any) -> None:
        self.setText(text_of(self.blank, value, self._around.currency))

    def show_refused(self, is_refused: bool) -> None:
        if bool(self.property("refused")) != is_refused:
            self.setProperty("refused", is_refused)
            restyle(self)

    def sizeHint(self) -> QSize:
        look = theme.current()
        words = self.text() or self.placeholderText()
        width = QFontMetrics(look.font(TypeRole.LEAD)).horizontalAdvance(words) + 2 * look.px(Space.M) + 14
        least, most = look.px(TYPED_PIXELS_MIN), look.px(TYPED_PIXELS_MAX)
        return QSize(min(max(width, least), most), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.current().px(TYPED_PIXELS_MIN), super().minimumSizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if enter_guard.accepts(event):
                self.focusNextChild()
            event.accept()
        elif event.key() == Qt.Key.Key_Down:
            self.focusNextChild()
            event.accept()
        elif event.key() == Qt.Key.Key_Up:
            self.focusPreviousChild()
            event.accept()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._speak()
        elif event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()
        super().changeEvent(event)

    def _on_changed(self, _: str) -> None:
        self.updateGeometry()
        self.changed.emit()

    def _speak(self) -> None:
        self.setAccessibleName(t(f"rules_ui.blank.{self.blank.name}"))
        if self.blank.kind is BlankKind.DAY:
            self.setPlaceholderText(t("rules_ui.day_hint"))
        elif self.blank.kind is BlankKind.TEXT:
            self.setPlaceholderText(t(f"rules_ui.blank.{self.blank.name}"))


class ChosenBlank(Button):
    """A value, or several, chosen from a list. Enter or a touch opens it; the arrow keys step through a list of single values.

    Signals:
        changed(): another choice.
    """

    changed = Signal()

    def __init__(self, blank: Blank, around: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent, size="compact")
        self.blank = blank
        self._around = around
        self._value: Any = None
        self.setProperty("blank", True)
        self.clicked.connect(lambda _=False: self.open())

    @property
    def value(self) -> Any:
        match self.blank.kind:
            case BlankKind.SOME_OF if not self._value:
                raise Refused("rule_choice_needed")
            case BlankKind.GOODS if not any(self._value or ()):
                raise Refused("rule_goods_needed")
            case BlankKind.ITEM if self._value is None:
                raise Refused("rule_goods_needed")
            case BlankKind.ONE_OF if self._value not in [value for value, _ in self._options()]:
                raise Refused("rule_choice_needed")
            case _:
                return self._value

    def show_value(self, value: Any) -> None:
        if self.blank.kind is BlankKind.ONE_OF and value is None:
            value = next((one for one, _ in self._options()), None)
        self._value = value
        self._speak()

    def show_refused(self, is_refused: bool) -> None:
        if bool(self.property("refused")) != is_refused:
            self.setProperty("refused", is_refused)
            restyle(self)

    def open(self) -> None:
        from ui.rules.pick import PickManySheet, pick_one

        window = self.window()
        match self.blank.kind:
            case BlankKind.ONE_OF:
                pick_one(window, f"rules_ui.blank.{self.blank.name}", self._options(), self._value, self.take)
            case BlankKind.SOME_OF:
                sheet = PickManySheet(
                    window, f"rules_ui.blank.{self.blank.name}", self._options(), self._value or frozenset()
                )
                sheet.finished.connect(lambda chosen: None if chosen is None else self.take(chosen))
                sheet.open()
            case _:
                is_one = self.blank.kind is BlankKind.ITEM
                self._around.pick_goods(window, self._value, is_one, self.take)

    def take(self, value: Any) -> None:
        """This was chosen."""
        if value != self._value:
            self.show_value(value)
            self.changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1}
        by = step.get(Qt.Key(event.key()))
        if by is not None and self.blank.kind is BlankKind.ONE_OF:
            values = [value for value, _ in self._options()]
            if values:
                here = values.index(self._value) if self._value in values else -by
                self.take(values[(here + by) % len(values)])
            event.accept()
            return
        super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        size = super().sizeHint()
        return QSize(min(size.width(), theme.current().px(CHOSEN_PIXELS_MAX)), size.height())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._speak()

    def _options(self) -> Sequence[Option]:
        return self._around.options(self.blank.options)

    def _speak(self) -> None:
        words = self._words()
        self.show_plain(f"{words or t('rules_ui.choose')} ▾")
        self.setAccessibleName(f"{t(f'rules_ui.blank.{self.blank.name}')} {words}")
        self.updateGeometry()

    def _words(self) -> str:
        match self.blank.kind:
            case BlankKind.ONE_OF:
                return next((word for value, word in self._options() if value == self._value), "")
            case BlankKind.SOME_OF:
                chosen = self._value or frozenset()
                return _listed([word for value, word in self._options() if value in chosen])
            case BlankKind.GOODS:
                items, categories = self._value or ((), ())
                return _listed(sorted(filter(None, map(self._around.name_of, [*categories, *items]))))
            case _:
                return "" if self._value is None else self._around.name_of(self._value)


def _listed(names: Sequence[str]) -> str:
    shown = t("rules.list_mark").join(names[:NAMES_SHOWN_MAX])
    if len(names) <= NAMES_SHOWN_MAX:
        return shown
    return t("rules_ui.and_more", names=shown, count=len(names))


def blank_widget(blank: Blank, around: Surroundings, parent: QWidget) -> TypedBlank | ChosenBlank:
    return TypedBlank(blank, around, parent) if blank.kind in TYPED else ChosenBlank(blank, around, parent)
