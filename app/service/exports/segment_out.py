"""The members of a segment as a file: CSV that a spreadsheet opens, or a workbook. It holds whole names and numbers.

Only `SegmentDesk` makes one, after it wrote down who took it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.domain.errors import Refused
from app.domain.money import Currency
from app.i18n import t

COLUMNS: Final = ("name", "phone", "tier", "joined", "silent", "visits", "spent", "tags", "consent")
_WIDTHS: Final = (20, 16, 14, 14, 18, 16, 16, 30, 16)
_TEXT_COLUMNS: Final = frozenset((0, 1, 2, 7))


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """``silent_days`` is None for who never bought; ``visits`` and ``spent_minor`` are of the last year."""

    name: str
    phone: str
    tier: str
    joined_on: date | None
    silent_days: int | None
    visits: int
    spent_minor: int
    tags: tuple[str, ...]
    may_be_contacted: bool


def segment_file(rows: Sequence[SegmentRow], suffix: str, currency: Currency, *, title: str) -> bytes:
    """The bytes for a file of this kind (``.csv``, ``.xlsx``). Raises Refused("calls_kind")."""
    write = _KINDS.get(suffix.lower())
    if write is None:
        raise Refused("calls_kind", kind=suffix)
    return write(rows, currency, title)


def _csv(rows: Sequence[SegmentRow], currency: Currency, title: str) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_heads())
    writer.writerows([_plain(cell) for cell in _cells(row, currency)] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _workbook(rows: Sequence[SegmentRow], currency: Currency, title: str) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.table import Table, TableStyleInfo

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = _sheet_name(title)
    for column, (head, width) in enumerate(zip(_heads(), _WIDTHS, strict=True), 1):
        sheet.cell(1, column, head).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = width
    for number, row in enumerate(rows, 2):
        for column, value in enumerate(_cells(row, currency)):
            cell = sheet.cell(number, column + 1, _safe(value) if isinstance(value, str) else value)
            if column in _TEXT_COLUMNS:
                cell.number_format = "@"  # a number that begins with nought keeps it
    if rows:
        table = Table(displayName="Members", ref=f"A1:{get_column_letter(len(COLUMNS))}{len(rows) + 1}")
        table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
        sheet.add_table(table)
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cells(row: SegmentRow, currency: Currency) -> tuple[str | int | float | date | None, ...]:
    scale = 10**currency.digits
    spent = row.spent_minor if scale == 1 else row.spent_minor / scale
    return (
        row.name,
        row.phone,
        row.tier,
        row.joined_on,
        row.silent_days,
        row.visits,
        spent,
        t("segments.or_word").join(row.tags),
        t("segments.cell.yes" if row.may_be_contacted else "segments.cell.no"),
    )


def _plain(cell: object) -> str:
    return "" if cell is None else _safe(str(cell))


def _safe(cell: str) -> str:
    """What begins as a formula does is text, whoever typed it; a number below nothing is none."""
    is_number = cell[:1] == "-" and cell[1:].replace(".", "", 1).isdigit()
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@") and not is_number else cell


def _sheet_name(title: str) -> str:
    kept = "".join(" " if sign in "[]:*?/\\'" else sign for sign in title).strip()
    return kept[:31] or t("segments.list")


def _heads() -> tuple[str, ...]:
    return tuple(t(f"segments.column.{name}") for name in COLUMNS)


_KINDS: Final[Mapping[str, Callable[[Sequence[SegmentRow], Currency, str], bytes]]] = {
    ".csv": _csv,
    ".xlsx": _workbook,
}
SEGMENT_SUFFIXES: Final = tuple(_KINDS)
