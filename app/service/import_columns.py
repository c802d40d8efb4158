"""Which column of a shop's table means what, and what is wrong with a row.

A column is recognised by its title alone, in Traditional Chinese, Simplified Chinese or English, wherever it stands. A table without a
column that is needed is refused whole, naming what was found and what is missing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from app.domain.errors import Refused
from app.i18n import t
from app.service.tabular import Row, Table

HEADER_ROWS_MAX: Final = 20  # a title, an address and a date may stand above the header
CLEAR: Final = frozenset({"-", "－", "—", "–"})  # "take away what is there"; an empty cell leaves it

_BRACKETS: Final = re.compile(r"[(\[{【〔「<].*?[)\]}】〕」>]")
_NOISE: Final = re.compile(r"[\s_\-./:*#'\"·、$￥¥]+")
_TRAILING_DIGITS: Final = re.compile(r"\d+$")


@dataclass(frozen=True, slots=True)
class Column:
    """A column we understand. ``titles`` are what people write above it; ``may_repeat`` columns are read together."""

    key: str
    titles: frozenset[str]
    is_required: bool = False
    may_repeat: bool = False


def column(key: str, titles: str, *, is_required: bool = False, may_repeat: bool = False) -> Column:
    """A column from its titles, separated by spaces (a title's own spaces do not matter and are left out)."""
    return Column(key, frozenset(map(plain_title, words(titles))), is_required, may_repeat)


@dataclass(frozen=True, slots=True)
class RowNote:
    """What is wrong (or only odd) in one row. ``row`` is the spreadsheet's number, ``column`` the key of a column or ``""``."""

    row: int
    column: str
    code: str
    fields: Mapping[str, object] = field(default_factory=dict)

    def sentence(self, language: str | None = None) -> str:
        """What happened and what to do, without the row's number."""
        return t(f"importing.row.{self.code}", language, **self.fields)

    def column_title(self, language: str | None = None) -> str:
        return t(f"importing.column.{self.column}", language) if self.column else ""


def words(text: str) -> frozenset[str]:
    """The words of a line, as a set: how the vocabularies of titles and cells are written down."""
    return frozenset(text.split())


class BadCell(Exception):
    """A cell that cannot be read; becomes a RowNote of its row."""

    def __init__(self, column: str, code: str, /, **fields: object) -> None:
        super().__init__(column, code, fields)
        self.column = column
        self.code = code
        self.fields = fields

    def note(self, row: int) -> RowNote:
        return RowNote(row, self.column, self.code, self.fields)


@dataclass(frozen=True, slots=True)
class Header:
    """Where each column stands. ``titles`` are as the file writes them; ``ignored`` are the titles nobody knows."""

    row_number: int
    places: Mapping[str, tuple[int, ...]]
    titles: Mapping[str, str]
    ignored: tuple[str, ...]

    def cells(self, row: Row) -> Cells:
        return Cells(row, self.places)


@dataclass(frozen=True, slots=True)
class Cells:
    """One row seen through the header."""

    row: Row
    places: Mapping[str, tuple[int, ...]]

    def all(self, key: str) -> tuple[str, ...]:
        """The cells of a column that may repeat, empty ones left out."""
        cells = self.row.cells
        found = (cells[place] for place in self.places.get(key, ()) if place < len(cells))
        return tuple(cell for cell in found if cell)

    def text(self, key: str) -> str:
        """The cell, ``""`` when it is empty or the table has no such column."""
        return next(iter(self.all(key)), "")


def plain_title(title: str) -> str:
    """A title as titles are compared: width, case, spaces, punctuation and remarks in brackets do not matter."""
    folded = unicodedata.normalize("NFKC", title).casefold()
    return _NOISE.sub("", _BRACKETS.sub("", folded)) or _NOISE.sub("", folded)


def find_header(table: Table, columns: Sequence[Column]) -> tuple[Header, tuple[Row, ...]]:
    """The header and the rows below it.

    The header is the row, of the first ones, that names most of the columns. Raises Refused("import_columns_missing") and
    Refused("import_no_rows").
    """
    candidates = [_read_header(row, columns) for row in table.rows[:HEADER_ROWS_MAX]]
    header = max(candidates, key=lambda candidate: len(candidate.places))
    missing = [column for column in columns if column.is_required and column.key not in header.places]
    if missing:
        # A table without any known title has its header, if anything, in the first row.
        found = table.rows[0].cells if not header.places else (*header.titles.values(), *header.ignored)
        raise Refused(
            "import_columns_missing",
            file=table.file_name,
            missing=_titles(column.key for column in missing),
            found=_list(cell for cell in found if cell),
            expected=_titles(column.key for column in columns),
        )
    rows = tuple(row for row in table.rows if row.number > header.row_number)
    if not rows:
        raise Refused("import_no_rows", file=table.file_name)
    return header, rows


def _read_header(row: Row, columns: Sequence[Column]) -> Header:
    places: dict[str, tuple[int, ...]] = {}
    titles: dict[str, str] = {}
    ignored = []
    for place, cell in enumerate(row.cells):
        known = _column_of(cell, columns)
        if known is not None and (known.may_repeat or known.key not in places):
            places[known.key] = (*places.get(known.key, ()), place)
            titles.setdefault(known.key, cell)
        elif cell:
            ignored.append(cell)
    return Header(row.number, places, titles, tuple(ignored))


def _column_of(title: str, columns: Sequence[Column]) -> Column | None:
    plain = plain_title(title)
    for spelling in (plain, _TRAILING_DIGITS.sub("", plain)):
        for candidate in columns:
            if spelling and spelling in candidate.titles:
                return candidate
    return None


def _titles(keys: Iterable[str]) -> str:
    return _list(t(f"importing.column.{key}") for key in keys)


def _list(titles: Iterable[str]) -> str:
    return t("importing.list_separator").join(title[:30] for title in titles)
