"""A call list as a file: CSV that a spreadsheet opens, a workbook, or pages to print. It holds whole names and numbers.

Only `CallListDesk` makes one, after it wrote down who took it and why.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from app.domain.errors import Refused
from app.i18n import t

CallRow = tuple[str, str, str]
"""Name, number, what it is about."""
_WIDTHS: Final = (20, 16, 60)
_ENTRY_HEIGHT: Final = 46


def calls_file(
    rows: Sequence[CallRow], suffix: str, *, title: str, made: str, language: str | None = None
) -> bytes:
    """The bytes for a file of this kind (``.csv``, ``.xlsx``, ``.pdf``). Raises Refused("calls_kind")."""
    write = _KINDS.get(suffix.lower())
    if write is None:
        raise Refused("calls_kind", kind=suffix)
    return write(rows, title, made, language)


def _csv(rows: Sequence[CallRow], title: str, made: str, language: str | None) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_heads(language))
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _workbook(rows: Sequence[CallRow], title: str, made: str, language: str | None) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.table import Table, TableStyleInfo

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = t("calls.title", language)
    for column, (head, width) in enumerate(zip(_heads(language), _WIDTHS, strict=True), 1):
        sheet.cell(1, column, head).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = width
    for number, row in enumerate(rows, 2):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(number, column, _safe(value))
            cell.number_format = "@"  # a number that begins with nought keeps it
            cell.alignment = Alignment(vertical="top", wrap_text=column == len(row))
    if rows:
        table = Table(displayName="Calls", ref=f"A1:C{len(rows) + 1}")
        table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
        sheet.add_table(table)
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _pages(rows: Sequence[CallRow], title: str, made: str, language: str | None) -> bytes:
    from app.i18n import language as current
    from app.service.exports.pdf_page import MARGIN, QUIET, Pages

    pages = Pages(language or current())
    pages.text(t("calls.title", language), MARGIN, pages.y + 10, size=20, bold=True)
    pages.y += 32
    pages.paragraph(title, size=12)
    pages.paragraph(made, size=9, colour=QUIET)
    pages.y += 10
    for name, phone, words in rows:
        pages.room(_ENTRY_HEIGHT)
        pages.rule()
        pages.y += 14
        pages.text(f"□  {name or t('summary.no_name', language)}", MARGIN, pages.y, size=11, bold=True)
        pages.text(phone, pages.right, pages.y, size=11, anchor="r", bold=True)
        pages.y += 10
        pages.paragraph(words, size=9, colour=QUIET)
        pages.y += 6
    page_text = t("summary.page", language, page="{page}", pages="{pages}")
    return pages.to_pdf(made, page_text)


def _heads(language: str | None) -> tuple[str, str, str]:
    return t("calls.name", language), t("calls.phone", language), t("calls.words", language)


def _safe(cell: str) -> str:
    """What begins as a formula does is text, whoever typed it."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@") else cell


_KINDS: Final[Mapping[str, Callable[[Sequence[CallRow], str, str, str | None], bytes]]] = {
    ".csv": _csv,
    ".xlsx": _workbook,
    ".pdf": _pages,
}
CALL_SUFFIXES: Final = tuple(_KINDS)
