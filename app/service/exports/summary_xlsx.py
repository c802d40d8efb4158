"""A summary as a workbook: real numbers and dates in tables that can be sorted, a sheet for each question, and the hours as a chart.

Money is written in the currency's own unit, shares as parts of one; a figure that has no value is an empty cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from app.domain.money import Currency
from app.i18n import t
from app.service.summary_values import Figure, Summary, Unit
from app.service.summary_words import GROUPS, compared_text, finding, label_of, period_text

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_COUNT_FORMAT: Final = "#,##0"
_SHARE_FORMAT: Final = "0.0%"
_WIDTHS: Final = (26, 16, 16, 16, 14)
Cell = tuple[Any, str]  # the value and its number format


def summary_workbook(summary: Summary, language: str | None = None) -> bytes:
    """The bytes of an .xlsx file."""
    from openpyxl import Workbook

    book = Workbook()
    first = book.active
    assert first is not None
    book.remove(first)
    _figures(book.create_sheet(t("summary.title", language)), summary, language)
    _hours(book.create_sheet(t("summary.group.hours", language)), summary, language)
    _table(
        book.create_sheet(t("summary.group.top_members", language)),
        (
            t("summary.sheet.name", language),
            t("summary.sheet.phone", language),
            t("summary.sheet.visits", language),
            t("summary.figure.net", language),
        ),
        [
            (
                (one.name, ""),
                (one.phone, ""),
                (one.visits, _COUNT_FORMAT),
                _money(one.minor, summary.currency),
            )
            for one in summary.top_members
        ],
        "TopMembers",
    )
    _table(
        book.create_sheet(t("summary.group.top_items", language)),
        (
            t("summary.sheet.item", language),
            t("summary.sheet.quantity", language),
            t("summary.figure.net", language),
        ),
        [
            (
                (one.name or t("summary.unknown_item", language), ""),
                (one.quantity / 1000, "#,##0.###"),
                _money(one.minor, summary.currency),
            )
            for one in summary.top_items
        ],
        "TopItems",
    )
    _people(book, summary, language)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _figures(sheet: Worksheet, summary: Summary, language: str | None) -> None:
    from openpyxl.styles import Font

    now = t("summary.column.day" if summary.is_one_day else "summary.column.range", language)
    before = t("summary.column.before" if summary.is_one_day else "summary.column.before_range", language)
    heads = (t("summary.sheet.figure", language), now, before, t("summary.column.average", language))
    sheet.append([period_text(summary.since, summary.until, language)])
    sheet.append([finding(summary, language)])
    sheet.append([compared_text(summary, language)])
    sheet["A1"].font = Font(bold=True, size=16)
    sheet.append([])
    rows = [
        (
            (label_of(key, language), ""),
            _cell(summary.figures[key], summary.figures[key].value, summary.currency),
            _cell(summary.figures[key], summary.figures[key].before, summary.currency),
            _cell(summary.figures[key], summary.figures[key].average, summary.currency),
        )
        for keys in GROUPS.values()
        for key in keys
    ]
    _table(sheet, heads, rows, "Figures")


def _hours(sheet: Worksheet, summary: Summary, language: str | None) -> None:
    from openpyxl.chart import BarChart, Reference

    before = t("summary.column.before" if summary.is_one_day else "summary.column.before_range", language)
    heads = (
        t("summary.group.hours", language),
        t("summary.figure.net", language),
        before,
        t("summary.column.average", language),
        t("summary.figure.tickets", language),
    )
    rows = [
        (
            (f"{one.hour:02}:00", ""),
            _money(one.minor, summary.currency),
            _money(one.before_minor, summary.currency),
            _money(one.average_minor, summary.currency),
            (one.tickets, _COUNT_FORMAT),
        )
        for one in summary.hours
    ]
    _table(sheet, heads, rows, "Hours")
    if not rows:
        return
    chart = BarChart()
    chart.title = t("summary.group.hours", language)
    chart.y_axis.title = t("summary.figure.net", language)
    chart.add_data(
        Reference(sheet, min_col=2, max_col=4, min_row=1, max_row=len(rows) + 1), titles_from_data=True
    )
    chart.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=len(rows) + 1))
    chart.width, chart.height = 24, 11
    chart.x_axis.delete = chart.y_axis.delete = False
    sheet.add_chart(chart, "G2")


def _people(book: Any, summary: Summary, language: str | None) -> None:
    _table(
        book.create_sheet(t("summary.group.operators", language)),
        (
            t("summary.sheet.name", language),
            t("summary.figure.tickets", language),
            t("summary.figure.net", language),
            t("summary.figure.sign_ups", language),
            t("summary.figure.sign_up_rate", language),
        ),
        [
            (
                (one.name, ""),
                (one.tickets, _COUNT_FORMAT),
                _money(one.minor, summary.currency),
                (one.sign_ups, _COUNT_FORMAT),
                (None if one.rate is None else one.rate / 10_000, _SHARE_FORMAT),
            )
            for one in summary.operators
        ],
        "Operators",
    )
    _table(
        book.create_sheet(t("summary.group.tenders", language)),
        (
            t("summary.group.tenders", language),
            t("summary.sheet.received", language),
            t("summary.sheet.refunded", language),
        ),
        [
            (
                (t(f"slip.tender.{one.kind}", language), ""),
                _money(one.received_minor, summary.currency),
                _money(one.refunded_minor, summary.currency),
            )
            for one in summary.tenders
        ],
        "Tenders",
    )


def _table(sheet: Worksheet, heads: tuple[str, ...], rows: Sequence[tuple[Cell, ...]], name: str) -> None:
    """The rows as a table of the workbook, below what stands there already."""
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.table import Table, TableStyleInfo

    start = sheet.max_row + 1 if sheet.max_row > 1 or sheet["A1"].value else 1
    for column, head in enumerate(heads, 1):
        sheet.cell(start, column, head).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = _WIDTHS[min(column - 1, len(_WIDTHS) - 1)]
    for row, cells in enumerate(rows, start + 1):
        for column, (value, number_format) in enumerate(cells, 1):
            cell = sheet.cell(row, column, _safe(value))
            if number_format:
                cell.number_format = number_format
    if rows:
        table = Table(displayName=name, ref=f"A{start}:{get_column_letter(len(heads))}{start + len(rows)}")
        table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
        sheet.add_table(table)
    if start == 1:
        sheet.freeze_panes = "A2"


def _safe(value: object) -> Any:
    """A name that begins as a formula does is text, whoever typed it."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@") else value


def _cell(figure: Figure, value: int | None, currency: Currency) -> Cell:
    match figure.unit:
        case Unit.MONEY:
            return _money(value, currency)
        case Unit.SHARE:
            return (None if value is None else value / 10_000, _SHARE_FORMAT)
        case Unit.COUNT | Unit.POINTS:
            return (value, _COUNT_FORMAT)


def _money(minor: int | None, currency: Currency) -> Cell:
    digits = "." + "0" * currency.digits if currency.digits else ""
    number_format = f'"{currency.symbol}"#,##0{digits}'
    return (None if minor is None else minor / 10**currency.digits, number_format)
