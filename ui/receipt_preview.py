"""A receipt on the screen: the document's own nodes, drawn as paper.

It shows what the document says, not how one printer sets it: amounts are never cut off, words wrap where the paper ends. The paper is white
and the ink dark in both modes, for that is how the customer's copy looks.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from app.domain.receipt import (
    QR,
    Align,
    Band,
    Barcode,
    Cell,
    Feed,
    Node,
    ReceiptDocument,
    Row,
    Rule,
    RuleStyle,
    Text,
)
from ui import fonts, theme

COLUMNS: Final = 48
"""Half-width characters across an 80 mm roll."""

PAPER: Final = "#ffffff"
INK: Final = "#23201b"
FAINT: Final = "#6c6558"
_CHARACTER_PIXELS: Final = 14
_QR_PIXELS: Final = 116
_ALIGN: Final = {
    Align.LEFT: Qt.AlignmentFlag.AlignLeft,
    Align.CENTER: Qt.AlignmentFlag.AlignHCenter,
    Align.RIGHT: Qt.AlignmentFlag.AlignRight,
}
_PENS: Final = {
    RuleStyle.SOLID: Qt.PenStyle.SolidLine,
    RuleStyle.DOTTED: Qt.PenStyle.DotLine,
    RuleStyle.DOUBLE: Qt.PenStyle.SolidLine,
}


class ReceiptPreview(QScrollArea):
    """The paper, scrolling when it is longer than its place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._paper = _Paper(self)
        self.setWidget(self._paper)
        self.setWidgetResizable(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    @property
    def document(self) -> ReceiptDocument | None:
        return self._paper.document

    def show_document(self, document: ReceiptDocument | None) -> None:
        """Show this receipt from its top, or an empty place."""
        self._paper.document = document
        self._paper.setVisible(document is not None)
        self._paper.fit()
        self.verticalScrollBar().setValue(0)

    def sizeHint(self) -> QSize:
        return QSize(self._paper.wanted_width() + 24, 400)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._paper.wanted_width() + 24, 160)


class _Paper(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.document: ReceiptDocument | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def wanted_width(self) -> int:
        pen = _Pen("zh_TW")
        return COLUMNS * pen.cell + 2 * pen.margin

    def fit(self) -> None:
        """Take the height the document needs."""
        if self.document is None:
            return
        pen = _Pen(self.document.language)
        width = COLUMNS * pen.cell + 2 * pen.margin
        self.setFixedSize(width, pen.set_document(self.document, width, None))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.document is None:
            return
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(PAPER))
        _Pen(self.document.language).set_document(self.document, self.width(), painter)


class _Pen:
    """Sets nodes from the top down; without a painter it only measures."""

    def __init__(self, language: str) -> None:
        px = theme.current().px
        self._language = language
        self._character = px(_CHARACTER_PIXELS)
        self.cell = max(1, QFontMetrics(self._font()).horizontalAdvance("0"))
        self.margin = px(16)
        self._line = round(self._character * 1.5)
        self._qr = px(_QR_PIXELS)
        self._top = 0
        self._width = 0
        self._painter: QPainter | None = None

    def set_document(self, document: ReceiptDocument, width: int, painter: QPainter | None) -> int:
        """Returns the height of the paper."""
        self._top, self._width, self._painter = self.margin, width - 2 * self.margin, painter
        for node in document.nodes:
            self._node(node)
        return self._top + self.margin

    def _node(self, node: Node) -> None:
        match node:
            case Text(text, align, size, bold):
                self._paragraph(text, align, self._font(size, bold=bold), INK, size)
            case Band(text, size):
                self._band(text, size)
            case Row():
                self._row(node)
            case Rule(style, label):
                self._rule(style, label)
            case Feed(lines):
                self._top += lines * self._line // 2
            case QR(data, caption):
                self._symbol(data)
                if caption:
                    self._paragraph(caption, Align.CENTER, self._font(), FAINT, 1)
            case Barcode(_, data):
                self._paragraph(f"* {data} *", Align.CENTER, self._font(bold=True), INK, 1)
            case _:
                # A cut, a drawer pulse and a picture that only the printer holds leave nothing to read.
                pass

    def _paragraph(self, text: str, align: Align, font: QFont, colour: str, size: int) -> None:
        if not text:
            self._top += self._line * size
            return
        box = QRect(self.margin, self._top, self._width, 10_000)
        self._top += self._words(box, text, align, font, colour)

    def _band(self, text: str, size: int) -> None:
        font = self._font(size, bold=True)
        box = QRect(self.margin, self._top, self._width, 10_000)
        height = self._height(box, text, font) + self._line // 3
        if self._painter is not None:
            self._painter.fillRect(QRect(self.margin, self._top, self._width, height), QColor(INK))
        inner = box.translated(0, self._line // 6)
        self._words(inner, text, Align.CENTER, font, PAPER)
        self._top += height + self._line // 6

    def _row(self, row: Row) -> None:
        widths = self._shares(row)
        left, height = self.margin, self._line * row.size
        for cell, width in zip(row.cells, widths, strict=True):
            font = self._font(row.size, bold=cell.bold)
            box = QRect(left, self._top, width, 10_000)
            height = max(height, self._words(box, cell.text, cell.align, font, INK))
            left += width + self.cell
        self._top += height

    def _shares(self, row: Row) -> list[int]:
        """A cell of fixed width gets that or its widest word; what is left goes to the others, the first one most."""
        room = self._width - self.cell * (len(row.cells) - 1)
        widths = [self._wish(cell, row.size) for cell in row.cells]
        flexible = [index for index, cell in enumerate(row.cells) if cell.width is None]
        if not flexible:
            widths[0] += max(0, room - sum(widths))
            return widths
        for index in reversed(flexible):
            spare = sum(widths) - room
            if spare <= 0:
                break
            if row.cells[index].align is Align.LEFT:
                widths[index] = max(8 * self.cell, widths[index] - spare)
        widths[flexible[0]] += max(0, room - sum(widths))
        return widths

    def _wish(self, cell: Cell, size: int) -> int:
        metrics = QFontMetrics(self._font(size, bold=cell.bold))
        own = max((metrics.horizontalAdvance(line) for line in cell.text.split("\n")), default=0) + 1
        return own if cell.width is None else max(cell.width * self.cell * size, own)

    def _rule(self, style: RuleStyle, label: str) -> None:
        middle = self._top + self._line // 2
        if self._painter is not None:
            self._painter.setPen(QPen(QColor(FAINT), 1, _PENS[style]))
            right = self.margin + self._width
            self._painter.drawLine(self.margin, middle, right, middle)
            if style is RuleStyle.DOUBLE:
                self._painter.drawLine(self.margin, middle + 3, right, middle + 3)
            if label:
                font = self._font(bold=True)
                width = QFontMetrics(font).horizontalAdvance(label) + 2 * self.cell
                box = QRect(self.margin + (self._width - width) // 2, self._top, width, self._line)
                self._painter.fillRect(box, QColor(PAPER))
                self._words(box, label, Align.CENTER, font, INK)
        self._top += self._line

    def _symbol(self, data: str) -> None:
        self._top += self._line // 2
        if self._painter is not None:
            rows = qr_modules(data)
            module = max(1, self._qr // len(rows))
            left = self.margin + (self._width - module * len(rows)) // 2
            for y, row in enumerate(rows):
                for x, is_dark in enumerate(row):
                    if is_dark:
                        self._painter.fillRect(
                            left + x * module, self._top + y * module, module, module, QColor(INK)
                        )
        self._top += self._qr + self._line // 2

    def _words(self, box: QRect, text: str, align: Align, font: QFont, colour: str) -> int:
        if self._painter is not None:
            self._painter.setFont(font)
            self._painter.setPen(QColor(colour))
            self._painter.drawText(box, _ALIGN[align] | Qt.TextFlag.TextWordWrap, text)
        return self._height(box, text, font)

    def _height(self, box: QRect, text: str, font: QFont) -> int:
        if not text:
            return 0
        drawn = QFontMetrics(font).boundingRect(box, Qt.TextFlag.TextWordWrap, text)
        return drawn.height()

    def _font(self, size: int = 1, *, bold: bool = False) -> QFont:
        pixels = self._character if size == 1 else round(self._character * 1.6)
        return fonts.font(self._language, pixels, is_bold=bold)


@lru_cache(maxsize=32)
def qr_modules(data: str) -> tuple[tuple[bool, ...], ...]:
    """The dark modules of the QR code, row by row."""
    import segno

    code = segno.make_qr(data, error="m", boost_error=False)
    return tuple(tuple(bool(module) for module in row) for row in code.matrix)
