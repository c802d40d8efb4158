"""A table of an analysis as text, plain values or a workbook: the very figures of its page."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any, Final

from app.domain.money import Currency, Money, format_money
from app.i18n import t
from app.service.insight_tables import Column, Form, InsightTable

SHEET_NAME_MAX: Final = 31


def to_plain(table: InsightTable, currency: Currency) -> dict[str, Any]:
    """Money in minor units, shares as parts of one; ``too_little`` stands in the place of figures."""
    return {
        "kind": table.kind.value,
        "since": table.since.isoformat(),
        "until": table.until.isoformat(),
        "currency": currency.code,
        "n": table.n,
        "too_little": None
        if table.little is None
        else {"what": table.little.what, "n": table.little.n, "needed": table.little.needed},
        "facts": [{"name": column.name, "value": _plain(value)} for column, value in table.facts],
        "columns": [{"name": column.name, "form": column.form.value} for column in table.columns],
        "rows": [[_plain(value) for value in row] for row in table.rows],
    }


def to_text(table: InsightTable, currency: Currency, language: str | None = None) -> str:
    """Lines for a terminal, columns under each other also where the words are Chinese."""
    lines = [heading(table, language)]
    if table.little is not None:
        return "\n".join([*lines, little_text(table, language)])
    lines += [f"{column.label(language)}: {_shown(value, column, currency)}" for column, value in table.facts]
    if table.columns:
        cells = [[column.label(language) for column in table.columns]]
        cells += [
            [_shown(value, column, currency) for value, column in zip(row, table.columns, strict=True)]
            for row in table.rows
        ]
        lines += ["", *_aligned(cells, table.columns)]
    return "\n".join(lines)


def to_workbook(table: InsightTable, currency: Currency, language: str | None = None) -> bytes:
    """Real numbers in a table that can be sorted; what stands above the rows has a sheet of its own."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.table import Table, TableStyleInfo

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = t(f"insight.title.{table.kind.value}", language)[:SHEET_NAME_MAX]
    for place, column in enumerate(table.columns, 1):
        sheet.cell(1, place, column.label(language)).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(place)].width = 26 if column.form is Form.TEXT else 16
    for row, values in enumerate(table.rows, 2):
        for place, (value, column) in enumerate(zip(values, table.columns, strict=True), 1):
            cell = sheet.cell(row, place, _cell(value, column, currency))
            cell.number_format = _number_format(column, currency)
    if table.rows:
        last = get_column_letter(len(table.columns))
        named = Table(displayName="Figures", ref=f"A1:{last}{len(table.rows) + 1}")
        named.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
        sheet.add_table(named)
        sheet.freeze_panes = "A2"
    about = book.create_sheet(t("insight.sheet.about", language))
    about.column_dimensions["A"].width = 40
    about.append([heading(table, language)])
    if table.little is not None:
        about.append([little_text(table, language)])
    for column, value in table.facts:
        about.append([column.label(language), _cell(value, column, currency)])
        about.cell(about.max_row, 2).number_format = _number_format(column, currency)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def heading(table: InsightTable, language: str | None = None) -> str:
    return t(
        "insight.heading",
        language,
        title=t(f"insight.title.{table.kind.value}", language),
        since=table.since.isoformat(),
        until=table.until.isoformat(),
        n=f"{table.n:,}",
    )


def little_text(table: InsightTable, language: str | None = None) -> str:
    """What there is too little of, and how much it takes."""
    little = table.little
    assert little is not None
    what = t(f"owner_insight.little.{little.what}", language)
    return t("owner_insight.too_little", language, what=what, n=f"{little.n:,}", needed=f"{little.needed:,}")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _shown(value: Any, column: Column, currency: Currency) -> str:
    if value is None:
        return "—"
    match column.form:
        case Form.MONEY:
            return format_money(Money(round(value), currency))
        case Form.SHARE:
            return f"{100 * value:.1f}%"
        case Form.NUMBER:
            return f"{value:,.2f}"
        case Form.COUNT:
            return f"{value:,}"
        case Form.TEXT | Form.DATE:
            return str(value)


def _cell(value: Any, column: Column, currency: Currency) -> Any:
    if value is None:
        return None
    if column.form is Form.MONEY:
        return value / 10**currency.digits
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@"):
        return f"'{value}"  # a name that begins as a formula does is text
    return value


def _number_format(column: Column, currency: Currency) -> str:
    match column.form:
        case Form.MONEY:
            digits = "." + "0" * currency.digits if currency.digits else ""
            return f'"{currency.symbol}"#,##0{digits}'
        case Form.SHARE:
            return "0.0%"
        case Form.NUMBER:
            return "#,##0.00"
        case Form.COUNT:
            return "#,##0"
        case Form.DATE:
            return "yyyy-mm-dd"
        case Form.TEXT:
            return "General"


def _aligned(cells: Sequence[Sequence[str]], columns: Sequence[Column]) -> list[str]:
    widths = [max(_width(row[place]) for row in cells) for place in range(len(columns))]
    lines = []
    for row in cells:
        padded = []
        for text, width, column in zip(row, widths, columns, strict=True):
            space = " " * (width - _width(text))
            padded.append(text + space if column.form is Form.TEXT else space + text)
        lines.append("  ".join(padded).rstrip())
    return lines


def _width(text: str) -> int:
    """Chinese characters are two columns wide on a terminal."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)
