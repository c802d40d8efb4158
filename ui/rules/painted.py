"""Cards as members see them, painted: a tier's card, a stamp card, a coupon. Colours and sizes come from the theme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme
from ui.theme import Radius, Space, TypeRole
from ui.widgets.painting import rounded_box, words

TIER_TILES: Final = ("teal", "amber", "violet", "slate", "rose", "blue")
STAMPS_SHOWN_MAX: Final = 40
_CENTRE: Final = Qt.AlignmentFlag.AlignHCenter


@dataclass(frozen=True, slots=True)
class CardFace:
    """What a painted card says. ``percent`` draws a bar below; None: no bar. ``tile`` names its colours."""

    heading: str
    title: str
    lines: tuple[str, ...] = ()
    tile: str = "teal"
    percent: int | None = None
    note: str = ""


class CardView(QWidget):
    """A member's card: the shop above, the tier large, what it gives below, and how far it is to the next."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._face: CardFace | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_face(self, face: CardFace | None) -> None:
        self._face = face
        self.setVisible(face is not None)
        if face is not None:
            self.setAccessibleName(" ".join((face.heading, face.title, *face.lines, face.note)))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        look = theme.current()
        rows = len(self._face.lines) + bool(self._face.note) if self._face else 0
        bar = look.px(18) if self._face and self._face.percent is not None else 0
        return QSize(look.px(260), look.px(88) + rows * look.px(24) + bar)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.current().px(180), self.sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        face = self._face
        if face is None:
            return
        look = theme.current()
        tile = look.tile(face.tile)
        painter = QPainter(self)
        rounded_box(painter, self.rect().adjusted(0, 0, -1, -1), Radius.L, tile.ground, tile.bar, 2)
        pad = look.px(Space.L)
        inner = self.rect().adjusted(pad, look.px(Space.M), -pad, -look.px(Space.M))
        top = inner.top()

        def line(text: str, role: TypeRole, height: int, *, is_bold: bool = False) -> None:
            nonlocal top
            rect = QRect(inner.left(), top, inner.width(), look.px(height))
            words(painter, rect, text, font=look.font(role, is_bold=is_bold), colour=tile.text)
            top += look.px(height)

        line(face.heading, TypeRole.CAPTION, 22)
        line(face.title, TypeRole.TITLE, 38, is_bold=True)
        for text in face.lines:
            line(text, TypeRole.BODY, 24)
        if face.percent is not None:
            self._paint_bar(
                painter, QRect(inner.left(), top + look.px(5), inner.width(), look.px(8)), face.percent
            )
            top += look.px(18)
        if face.note:
            line(face.note, TypeRole.CAPTION, 24)

    def _paint_bar(self, painter: QPainter, track: QRect, percent: int) -> None:
        tile = theme.current().tile(self._face.tile if self._face else "")
        ground = QColor(tile.text)
        ground.setAlphaF(0.18)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(track, 4, 4)
        done = QRect(track.left(), track.top(), max(8, track.width() * percent // 100), track.height())
        painter.setBrush(QColor(tile.bar))
        painter.drawRoundedRect(done, 4, 4)


class StampView(QWidget):
    """A stamp card with some of its places stamped."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._reward, self._needed, self._stamped = "", "", 0, 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_card(self, name: str, reward: str, needed: int, stamped: int) -> None:
        """``stamped`` of ``needed`` places; the reward stands at the last one."""
        self._name, self._reward, self._needed, self._stamped = name, reward, needed, stamped
        self.setAccessibleName(f"{name} {stamped}/{needed} {reward}")
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        look = theme.current()
        columns, side = self._grid(width - 2 * look.px(Space.L))
        rows = (self._places() + columns - 1) // columns
        return look.px(84) + rows * side

    def sizeHint(self) -> QSize:
        width = max(self.width(), theme.current().px(260))
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.current().px(180), self.heightForWidth(max(self.width(), theme.current().px(180))))

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        tile = look.tile("amber")
        painter = QPainter(self)
        rounded_box(painter, self.rect().adjusted(0, 0, -1, -1), Radius.L, tile.ground, tile.bar, 2)
        pad = look.px(Space.L)
        inner = self.rect().adjusted(pad, look.px(Space.S), -pad, -look.px(Space.S))
        head = QRect(inner.left(), inner.top(), inner.width(), look.px(34))
        words(painter, head, self._name, font=look.font(TypeRole.LEAD, is_bold=True), colour=tile.text)
        foot = QRect(inner.left(), inner.bottom() - look.px(28), inner.width(), look.px(28))
        words(painter, foot, self._reward, font=look.font(TypeRole.BODY), colour=tile.text)
        columns, side = self._grid(inner.width())
        for place in range(self._places()):
            at = QPoint(
                inner.left() + place % columns * side, head.bottom() + look.px(4) + place // columns * side
            )
            self._paint_place(painter, QRect(at, QSize(side, side)), place)

    def _paint_place(self, painter: QPainter, cell: QRect, place: int) -> None:
        look = theme.current()
        tile = look.tile("amber")
        circle = cell.adjusted(3, 3, -3, -3)
        is_last = place == self._places() - 1
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if place < self._stamped:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tile.bar))
            painter.drawEllipse(circle)
        else:
            style = Qt.PenStyle.SolidLine if is_last else Qt.PenStyle.DashLine
            painter.setPen(QPen(QColor(tile.text if is_last else tile.bar), 2, style))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(circle)
        number = str(self._needed if is_last else place + 1)
        font = look.font(TypeRole.CAPTION, is_bold=True)
        ink = tile.ground if place < self._stamped else tile.text
        words(painter, cell, number, font=font, colour=ink, align=_CENTRE)

    def _places(self) -> int:
        return max(1, min(self._needed, STAMPS_SHOWN_MAX))

    def _grid(self, width: int) -> tuple[int, int]:
        """Columns, and the side of a place."""
        side = theme.current().px(42)
        columns = max(1, min(self._places(), max(1, width) // side, 10))
        return columns, side


@dataclass(frozen=True, slots=True)
class Bar:
    """One name with two figures: as it was, as it would be."""

    name: str
    before: int
    after: int
    text: str


class BarsView(QWidget):
    """Bars below each other: what was in the quiet colour, what would be in the accent's."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars: tuple[Bar, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_bars(self, bars: Sequence[Bar]) -> None:
        self._bars = tuple(bars)
        self.setAccessibleName(" ".join(f"{bar.name} {bar.text}" for bar in self._bars))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.current().px(360), len(self._bars) * self._row())

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.current().px(220), len(self._bars) * self._row())

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        c = look.colours
        painter = QPainter(self)
        font = look.font(TypeRole.BODY)
        metrics = QFontMetrics(font)
        names = min(
            self.width() // 3, max((metrics.horizontalAdvance(bar.name) for bar in self._bars), default=0)
        )
        figures = max((metrics.horizontalAdvance(bar.text) for bar in self._bars), default=0)
        gap = look.px(Space.M)
        room = max(20, self.width() - names - figures - 2 * gap)
        most = max((max(bar.before, bar.after) for bar in self._bars), default=0) or 1
        for index, bar in enumerate(self._bars):
            top, height = index * self._row(), self._row()
            words(painter, QRect(0, top, names, height), bar.name, font=font, colour=c.text)
            left = names + gap
            thick = (height - look.px(12)) // 2
            for value, colour, offset in ((bar.before, c.edge, 0), (bar.after, c.accent, thick)):
                width = max(2 if value else 0, room * max(0, value) // most)
                painter.fillRect(left, top + look.px(6) + offset, width, thick - 1, QColor(colour))
            right = QRect(self.width() - figures, top, figures, height)
            words(painter, right, bar.text, font=font, colour=c.text, align=Qt.AlignmentFlag.AlignRight)

    def _row(self) -> int:
        return theme.current().px(34)
