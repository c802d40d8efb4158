"""Where everything on a receipt goes, in cells: the one layout that text, picture and printer bytes share.

No line is wider than the paper, no amount is ever cut off: a cell that cannot hold its number grows at the cost of the
words beside it, and where that leaves too little for the words they take lines of their own above.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, zip_longest
from typing import Final

from app.domain.receipt import (
    QR,
    Align,
    Band,
    Barcode,
    Cell,
    Cut,
    DrawerPulse,
    Feed,
    Image,
    Node,
    ReceiptDocument,
    Row,
    Rule,
    RuleStyle,
    Size,
    Text,
)
from devices.width import Ambiguity, cell_width, longest_word, truncate, wrap

COLUMNS_MIN: Final = 16
GUTTER: Final = 1
"""Cells kept free between two cells of a row."""

WORDS_CELLS_MIN: Final = 16
"""A cell whose words would have to wrap in less than this (eight Chinese characters) gets lines of its own."""


@dataclass(frozen=True, slots=True)
class Run:
    """Text in a box: `cells` wide from `column` on, aligned in it. The text fits the box."""

    column: int
    cells: int
    text: str
    align: Align = Align.LEFT
    bold: bool = False


@dataclass(frozen=True, slots=True)
class TextLine:
    """Runs from left to right that do not overlap. An inverted line is white on black across the paper."""

    runs: tuple[Run, ...]
    size: Size = 1
    inverted: bool = False


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A line across the paper that leaves room for its label."""

    style: RuleStyle
    label: Run | None = None


Line = TextLine | RuleLine | Feed | QR | Barcode | Image | Cut | DrawerPulse


@dataclass(frozen=True, slots=True)
class Page:
    """A document on paper of so many columns."""

    lines: tuple[Line, ...]
    columns: int
    language: str
    ambiguous: Ambiguity


def lay_out(document: ReceiptDocument, columns: int, *, ambiguous: Ambiguity | None = None) -> Page:
    """The document on paper `columns` cells wide: 48 on 80 mm, 32 on 58 mm.

    `ambiguous` is the width of ambiguous punctuation or a code page (`devices.width`); None takes 2 in Chinese and 1 elsewhere.
    """
    assert columns >= COLUMNS_MIN
    if ambiguous is None:
        ambiguous = 2 if document.language.startswith("zh") else 1
    setter = _Setter(columns, ambiguous)
    lines = tuple(line for node in document.nodes for line in setter.lines(node))
    return Page(lines, columns, document.language, ambiguous)


@dataclass(frozen=True, slots=True)
class _Setter:
    """Sets nodes as lines."""

    columns: int
    ambiguous: Ambiguity

    def lines(self, node: Node) -> Iterator[Line]:
        match node:
            case Text(text, align, size, bold):
                yield from self._text(text, align, size, bold)
            case Row():
                yield from self._row(node)
            case Band(text, size):
                for line in self._text(text, Align.CENTER, size, bold=True):
                    yield TextLine(line.runs, size, inverted=True)
            case Rule(style, label):
                yield RuleLine(style, self._label(label))
            case QR(_, caption):
                yield node
                if caption:
                    yield from self._text(caption, Align.CENTER, 1, bold=False)
            case Barcode(_, data):
                yield node
                yield from self._text(data, Align.CENTER, 1, bold=False)
            case Feed() | Image() | Cut() | DrawerPulse():
                yield node

    def _text(self, text: str, align: Align, size: Size, bold: bool) -> Iterator[TextLine]:
        cells = self.columns // size
        if align is Align.CENTER:
            cells = self._balanced(text, cells)
        for line in wrap(text, cells, ambiguous=self.ambiguous):
            yield TextLine((Run(0, self.columns, line, align, bold),) if line else (), size)

    def _balanced(self, text: str, cells: int) -> int:
        """The narrowest width that takes no more lines, so that a centred paragraph ends without a lonely last word."""
        count = len(wrap(text, cells, ambiguous=self.ambiguous))
        if count == 1:
            return cells
        narrowest = cells // 2
        while narrowest < cells:
            middle = (narrowest + cells) // 2
            if len(wrap(text, middle, ambiguous=self.ambiguous)) > count:
                narrowest = middle + 1
            else:
                cells = middle
        return cells

    def _label(self, label: str) -> Run | None:
        if not label:
            return None
        text = truncate(label.replace("\n", " "), self.columns - 6, ambiguous=self.ambiguous)
        cells = self._width(text) + 2
        return Run((self.columns - cells) // 2, cells, text, Align.CENTER, bold=True)

    def _row(self, row: Row) -> Iterator[TextLine]:
        widths = self._share(row.cells, self.columns // row.size)
        if widths is not None:
            yield from self._side_by_side(row.cells, widths, row.size)
            return
        # Too narrow: the words take lines of their own, what stands to their right comes below at the right edge.
        first, *rest = row.cells
        if first.text:
            yield from self._text(first.text, first.align, row.size, first.bold)
        yield from self._row(Row(tuple(rest), row.size))

    def _side_by_side(self, cells: Sequence[Cell], widths: Sequence[int], size: Size) -> Iterator[TextLine]:
        columns = list(accumulate((width + GUTTER for width in widths), initial=0))
        texts = [
            wrap(cell.text, max(2, width), ambiguous=self.ambiguous) if cell.text else [""]
            for cell, width in zip(cells, widths, strict=True)
        ]
        for line in zip_longest(*texts, fillvalue=""):
            runs = (
                Run(column * size, width * size, text, cell.align, cell.bold)
                for cell, column, width, text in zip(cells, columns, widths, line, strict=False)
                if text
            )
            yield TextLine(tuple(runs), size)

    def _share(self, cells: Sequence[Cell], columns: int) -> list[int] | None:
        """The width of each cell, or None when they cannot stand side by side.

        A cell of fixed width gets that or its longest word; the others get what their text needs. When it is too much
        they give way, the one that can spare most first, until their words would be cramped. What is left over goes to
        the first that is flexible, or keeps a row of numbers at the right edge.
        """
        room = columns - GUTTER * (len(cells) - 1)
        widths = [self._wish(cell) for cell in cells]
        flexible = [index for index, cell in enumerate(cells) if cell.width is None]
        least = [self._least(cell) for cell in cells]
        while sum(widths) > room:
            index = max(flexible, key=lambda i: widths[i] - least[i], default=None)
            if index is None or widths[index] <= least[index]:
                return None if len(cells) > 1 else [columns]
            widths[index] -= 1
        if flexible or cells[0].align is Align.RIGHT:
            widths[flexible[0] if flexible else 0] += room - sum(widths)
        return widths

    def _wish(self, cell: Cell) -> int:
        if cell.width is None:
            return max(self._width(line) for line in cell.text.split("\n"))
        return max(cell.width, longest_word(cell.text, ambiguous=self.ambiguous))

    def _least(self, cell: Cell) -> int:
        """What a flexible cell keeps of its wish: numbers stay whole, words keep enough to be read."""
        wish = self._wish(cell)
        if cell.align is not Align.LEFT:
            return wish
        word = longest_word(cell.text, ambiguous=self.ambiguous)
        return min(wish, max(word, WORDS_CELLS_MIN))

    def _width(self, text: str) -> int:
        return cell_width(text, ambiguous=self.ambiguous)
