"""A receipt as plain text, for the screen reader, the journal and the search: what the picture shows, cell by cell.

Double-sized words keep their place but not their size, and a code is named by what it holds.
"""

from __future__ import annotations

from typing import Final

from app.domain.receipt import QR, Align, Barcode, Cut, DrawerPulse, Feed, Image, ReceiptDocument, RuleStyle
from devices.layout import Line, Page, RuleLine, Run, TextLine, lay_out
from devices.width import cell_width, pad, wrap

_RULES: Final = {RuleStyle.SOLID: "-", RuleStyle.DOTTED: "- ", RuleStyle.DOUBLE: "="}


def render_text(document: ReceiptDocument, columns: int = 48) -> str:
    """The receipt as lines of at most `columns` cells, each ended by a newline."""
    page = lay_out(document, columns)
    return "".join(f"{line.rstrip()}\n" for laid in page.lines for line in _lines(laid, page))


def _lines(line: Line, page: Page) -> list[str]:
    match line:
        case TextLine(runs, _, inverted):
            text = _joined(runs, page)
            return [_across(text.strip(), "*", page) if inverted else text]
        case RuleLine(style, label):
            stroke = (_RULES[style] * page.columns)[: page.columns]
            return [stroke if label is None else _across(label.text, _RULES[style][0], page)]
        case Feed(lines):
            return [""] * lines
        case QR(data):
            return [pad(part, page.columns, Align.CENTER) for part in wrap(f"[QR {data}]", page.columns)]
        case Cut():
            return [""]
        case Barcode() | Image() | DrawerPulse():
            return []


def _joined(runs: tuple[Run, ...], page: Page) -> str:
    line, used = "", 0
    for run in runs:
        line += " " * (run.column - used) + pad(run.text, run.cells, run.align, ambiguous=page.ambiguous)
        used = run.column + run.cells
    return line


def _across(text: str, stroke: str, page: Page) -> str:
    """The text in the middle of a line of strokes."""
    spare = max(0, page.columns - cell_width(text, ambiguous=page.ambiguous) - 2)
    return f"{stroke * (spare // 2)} {text} {stroke * (spare - spare // 2)}"
