"""Cards of figures: the name, the figure, and in small words how it compares. A card opens what lies behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QSizePolicy, QWidget

from ui import theme
from ui.enter_guard import enter_guard
from ui.theme import Radius, Space, TypeRole
from ui.widgets.painting import focus_ring, rounded_box, words

CARD_PIXELS: Final = 208
COLUMNS_MAX: Final = 6
LINES: Final = 2


@dataclass(frozen=True, slots=True)
class CardData:
    """``key`` comes back when the card is opened; ``about`` is what the figure means."""

    key: str
    name: str
    value: str
    lines: tuple[str, ...] = ()
    about: str = ""


class FigureCard(QAbstractButton):
    """One figure. Enter, a tap or a click opens it."""

    def __init__(self, data: CardData, parent: QWidget | None = None, *, is_large: bool = False) -> None:
        super().__init__(parent)
        self.data = data
        self._lines = LINES
        self._role = TypeRole.HEADING if is_large else TypeRole.TITLE
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_data(data)

    def show_data(self, data: CardData, lines: int = LINES) -> None:
        """``lines`` is how many lines of comparison there is room for: as many as any card beside it has."""
        self.data, self._lines = data, lines
        self.setAccessibleName(f"{data.name} {data.value}")
        self.setAccessibleDescription(" ".join((*data.lines, data.about)))
        self.setToolTip(data.about)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        look = theme.current()
        small = QFontMetrics(look.font(TypeRole.CAPTION)).height()
        value = QFontMetrics(look.font(self._role, is_bold=True)).height()
        lines = (1 + self._lines) * (small + look.px(2))
        return QSize(look.px(CARD_PIXELS), lines + value + 2 * look.px(Space.M))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.current().px(CARD_PIXELS) * 2 // 3, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        colours = look.colours
        painter = QPainter(self)
        ground = colours.accent_soft if self.underMouse() or self.isDown() else colours.raised
        rounded_box(painter, self.rect(), Radius.M, ground, colours.line)
        pad = look.px(Space.M)
        inner = self.rect().adjusted(pad, pad, -pad, -pad)
        small, large = look.font(TypeRole.CAPTION), look.font(self._role, is_bold=True)
        step, high = QFontMetrics(small).height() + look.px(2), QFontMetrics(large).height()
        top = inner.top()
        words(
            painter,
            QRect(inner.left(), top, inner.width(), step),
            self.data.name,
            font=small,
            colour=colours.text_muted,
        )
        top += step
        row = QRect(inner.left(), top, inner.width(), high)
        words(painter, row, self.data.value, font=large, colour=colours.text)
        top += high
        for line in self.data.lines[:LINES]:
            row = QRect(inner.left(), top, inner.width(), step)
            words(painter, row, line, font=small, colour=colours.text_muted)
            top += step
        if self.hasFocus():
            focus_ring(painter, self.rect(), Radius.M, colours.accent)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if enter_guard.accepts(event):
                self.click()
            event.accept()
            return
        event.ignore()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()
        super().changeEvent(event)


class CardGrid(QWidget):
    """Cards in as many columns as fit; the arrow keys move among them.

    Signals:
        opened(str): a card's key.
    """

    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, is_large: bool = False) -> None:
        super().__init__(parent)
        self._is_large = is_large
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(Space.S)
        self.cards: list[FigureCard] = []

    def set_cards(self, cards: Sequence[CardData]) -> None:
        """Show these; a card that stays keeps the focus."""
        lines = max((len(data.lines) for data in cards), default=0)
        while len(self.cards) > len(cards):
            gone = self.cards.pop()
            gone.hide()
            gone.setParent(None)
            gone.deleteLater()
        for card, data in zip(self.cards, cards, strict=False):
            card.show_data(data, lines)
        for data in cards[len(self.cards) :]:
            card = FigureCard(data, self, is_large=self._is_large)
            card.show_data(data, lines)
            card.clicked.connect(lambda _=False, one=card: self.opened.emit(one.data.key))
            self.cards.append(card)
        self._place(self._columns_for(self.width()))

    def card(self, key: str) -> FigureCard:
        return next(card for card in self.cards if card.data.key == key)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        columns = self._columns_for(self.width())
        if columns != self._columns:
            self._place(columns)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -self._columns,
            Qt.Key.Key_Down: self._columns,
        }
        step = steps.get(Qt.Key(event.key()))
        here = next((index for index, card in enumerate(self.cards) if card.hasFocus()), None)
        if step is None or here is None:
            super().keyPressEvent(event)
            return
        event.accept()
        wanted = here + step
        if 0 <= wanted < len(self.cards):
            self.cards[wanted].setFocus(Qt.FocusReason.OtherFocusReason)
        elif step > 0:
            self.cards[-1].setFocus(Qt.FocusReason.OtherFocusReason)
            self.focusNextChild()
        else:
            self.cards[0].setFocus(Qt.FocusReason.OtherFocusReason)
            self.focusPreviousChild()

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.current().px(CARD_PIXELS), super().minimumSizeHint().height())

    def _columns_for(self, width: int) -> int:
        """As many as fit, but no more than fill their rows evenly: eight cards stand in two rows of four, not in five and three."""
        fitting = (width + Space.S) // (theme.current().px(CARD_PIXELS) + Space.S)
        columns = max(1, min(COLUMNS_MAX, fitting))
        rows = -(-len(self.cards) // columns)
        return max(1, -(-len(self.cards) // rows)) if rows else columns

    def _place(self, columns: int) -> None:
        for index in range(self._grid.columnCount()):
            self._grid.setColumnStretch(index, 0)
        self._columns = columns
        for index, card in enumerate(self.cards):
            self._grid.addWidget(card, index // columns, index % columns)
        for index in range(columns):
            self._grid.setColumnStretch(index, 1)
