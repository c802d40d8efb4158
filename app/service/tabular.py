"""Tables people keep: a CSV or XLSX file as rows of text, whatever program wrote it.

A file is read whole and strictly or not at all: no character is ever replaced in silence, because half a name in the catalogue is worse
than a refused file. Row numbers are the ones the spreadsheet shows.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Final

from app.domain.errors import Refused, Unavailable
from app.i18n import reason_of

FILE_BYTES_MAX: Final = 200_000_000
UNPACKED_BYTES_MAX: Final = 1_000_000_000
ROWS_MAX: Final = 500_000
COLUMNS_MAX: Final = 200
CELL_CHARACTERS_MAX: Final = 4_000
ENCODINGS: Final = ("utf-8", "utf-16", "big5", "gb18030")

_DELIMITERS: Final = (",", "\t", ";", "|")
_CONTROLS: Final = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_FORMULA_TEXT: Final = re.compile(r'="(.*)"', re.DOTALL)
_GUESS_BYTES_MAX: Final = 200_000
# Chinese text holds hardly any character outside the frequent plane of its own encoding; a wrong reading is full of them.
_COMMON_SHARE_MIN: Final = 0.5


@dataclass(frozen=True, slots=True)
class Row:
    """One row. ``number`` counts from 1 as the spreadsheet does; cells are stripped text."""

    number: int
    cells: tuple[str, ...]

    @property
    def is_blank(self) -> bool:
        return not any(self.cells)


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a file that hold anything. ``form`` says how it was read: ``xlsx`` or one of ``ENCODINGS``."""

    file_name: str
    form: str
    rows: tuple[Row, ...]


def read_table(path: Path, *, encoding: str | None = None) -> Table:
    """The file's rows. ``encoding`` overrules what the bytes look like (CSV only).

    Raises Refused("file_empty" | "file_too_large" | "file_not_a_table" | "file_old_excel" | "file_damaged" |
    "file_wrong_encoding" | "file_too_many_rows") or Unavailable("file_unreadable").
    """
    data = _read_bytes(path)
    if data.startswith(b"PK\x03\x04"):
        return _table(path, "xlsx", _workbook_rows(data, path.name))
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused("file_old_excel", file=path.name)
    text, form = _decode(data, path.name, encoding)
    if _CONTROLS.search(text):
        raise Refused("file_not_a_table", file=path.name)
    return _table(path, form, _csv_rows(text, path.name))


def _read_bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > FILE_BYTES_MAX:
            raise Refused("file_too_large", file=path.name, megabytes_max=FILE_BYTES_MAX // 1_000_000)
        data = path.read_bytes()
    except OSError as error:
        raise Unavailable("file_unreadable", file=path.name, reason=reason_of(error)) from error
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise Refused("file_empty", file=path.name)
    return data


def _table(path: Path, form: str, raw_rows: Iterator[Sequence[str]]) -> Table:
    rows = []
    for number, cells in enumerate(raw_rows, start=1):
        if number > ROWS_MAX:
            raise Refused("file_too_many_rows", file=path.name, rows_max=ROWS_MAX)
        row = Row(number, tuple(cell.strip()[:CELL_CHARACTERS_MAX] for cell in cells[:COLUMNS_MAX]))
        if not row.is_blank:
            rows.append(row)
    if not rows:
        raise Refused("file_empty", file=path.name)
    return Table(path.name, form, tuple(rows))


# CSV


def _decode(data: bytes, file_name: str, encoding: str | None) -> tuple[str, str]:
    if encoding is not None:
        return _decode_as(data, file_name, encoding), encoding
    if data.startswith(codecs.BOM_UTF8):
        return _decode_as(data, file_name, "utf-8"), "utf-8"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _decode_as(data, file_name, "utf-16"), "utf-16"
    if b"\0" in data[:1000]:
        return _decode_as(data, file_name, _utf16_without_mark(data, file_name)), "utf-16"
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        return _decode_chinese(data, file_name, _line_of(data, error.start))


_CODECS: Final = {"utf-8": "utf-8-sig", "utf-16": "utf-16", "big5": "cp950", "gb18030": "gb18030"}


def _decode_as(data: bytes, file_name: str, encoding: str) -> str:
    try:
        return data.decode(_CODECS.get(encoding, encoding))
    except LookupError as error:
        raise Refused("encoding_unknown", encoding=encoding, known=", ".join(_CODECS)) from error
    except UnicodeDecodeError as error:
        if encoding == "big5" and (text := _decoded(data, "big5hkscs")) is not None:
            return text
        raise Refused("file_wrong_encoding", file=file_name, line=_line_of(data, error.start)) from error


def _utf16_without_mark(data: bytes, file_name: str) -> str:
    """The byte order of UTF-16 that lacks its mark: in a table most even or most odd bytes of the commas and digits are zero."""
    even, odd = data[0:1000:2].count(0), data[1:1000:2].count(0)
    if len(data) % 2 or max(even, odd) < 4 * min(even, odd) + 4:
        raise Refused("file_not_a_table", file=file_name)
    return "utf-16-le" if odd > even else "utf-16-be"


def _decode_chinese(data: bytes, file_name: str, bad_line: int) -> tuple[str, str]:
    """Big5 or GB18030, whichever reads as Chinese that people write; neither: the file is damaged at ``bad_line``."""
    readings = []
    for name, codec in (("big5", "cp950"), ("big5", "big5hkscs"), ("gb18030", "gb18030")):
        text = _decoded(data, codec)
        if text is not None and (share := _common_share(text, name)) >= _COMMON_SHARE_MIN:
            readings.append((share, name, text))
    if not readings:
        raise Refused("file_wrong_encoding", file=file_name, line=bad_line)
    _share, name, text = max(readings, key=lambda reading: reading[0])
    return text, name


def _decoded(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None


def _common_share(text: str, encoding: str) -> float:
    """The share of characters beyond ASCII that are in the frequent plane of this encoding.

    Big5 keeps its 5,401 frequent characters in A440–C67E and punctuation in A140–A3BF; GB 2312 its 3,755 in B0A1–D7F9 and
    punctuation in A1A1–A3FE. What is common in one is scattered over the rare planes of the other.
    """
    counts = Counter(character for character in text[:_GUESS_BYTES_MAX] if ord(character) > 127)
    total = counts.total()
    if total == 0:
        return 0.0
    return sum(count for character, count in counts.items() if _is_common(character, encoding)) / total


def _is_common(character: str, encoding: str) -> bool:
    try:
        code = character.encode("cp950" if encoding == "big5" else "gb2312")
    except UnicodeEncodeError:
        return False
    if encoding == "big5":
        return b"\xa1\x40" <= code <= b"\xa3\xbf" or b"\xa4\x40" <= code <= b"\xc6\x7e"
    return b"\xa1\xa1" <= code <= b"\xa3\xfe" or b"\xb0\xa1" <= code <= b"\xd7\xf9"


def _line_of(data: bytes, position: int) -> int:
    return data.count(b"\n", 0, position) + 1


def _csv_rows(text: str, file_name: str) -> Iterator[Sequence[str]]:
    delimiter = _delimiter(text)
    if (first_line := text[:8].splitlines()[0]).lower().startswith("sep="):
        text = text[len(first_line) :].lstrip("\r\n")
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False):
            yield [_unformulated(cell) for cell in cells]
    except csv.Error as error:
        raise Refused("file_damaged", file=file_name, reason=str(error)) from error


def _unformulated(cell: str) -> str:
    """``="0471…"`` is how people make a spreadsheet keep a leading zero; only the text inside is meant."""
    return match[1] if cell.startswith("=") and (match := _FORMULA_TEXT.fullmatch(cell)) else cell


def _delimiter(text: str) -> str:
    """What separates cells: named by a ``sep=`` line, else what the first full lines hold most of."""
    lines = [line for line in text[:20_000].splitlines()[:20] if line.strip()]
    if lines and lines[0].lower().startswith("sep=") and len(lines[0]) == 5:
        return lines[0][4]
    sample = "\n".join(re.sub('"[^"]*"', "", line) for line in lines)
    return max(_DELIMITERS, key=sample.count)


# XLSX


def _workbook_rows(data: bytes, file_name: str) -> Iterator[Sequence[str]]:
    """The rows of the first sheet that holds anything."""
    import warnings

    import openpyxl

    _check_size(data, file_name)
    try:
        # What openpyxl warns about (styles, extensions, print areas) concerns no cell's value.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            workbook = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            for sheet in workbook.worksheets:
                sheet.reset_dimensions()
                rows = [
                    [_cell_text(value) for value in cells[:COLUMNS_MAX]]
                    for cells in _at_most(sheet.iter_rows(values_only=True))
                ]
                if any(any(cells) for cells in rows):
                    return iter(rows)
    # A damaged workbook fails anywhere inside openpyxl, in ways it does not promise.
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, IndexError, OSError, SyntaxError) as error:
        raise Refused("file_damaged", file=file_name, reason=type(error).__name__) from error
    raise Refused("file_empty", file=file_name)


def _check_size(data: bytes, file_name: str) -> None:
    """A small file may unpack to more than a till can hold."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
            names = archive.namelist()
    except zipfile.BadZipFile as error:
        raise Refused("file_damaged", file=file_name, reason="zip") from error
    if unpacked > UNPACKED_BYTES_MAX:
        raise Refused("file_too_large", file=file_name, megabytes_max=UNPACKED_BYTES_MAX // 1_000_000)
    if not any(name.startswith("xl/") for name in names):
        raise Refused("file_not_a_table", file=file_name)


def _at_most(rows: Iterator[tuple[object, ...]]) -> Iterator[tuple[object, ...]]:
    for number, row in enumerate(rows):
        if number > ROWS_MAX:
            return
        yield row


def _cell_text(value: object) -> str:
    """What the cell means as text. A number has no decimals it does not need, so a barcode stays a barcode."""
    match value:
        case None:
            return ""
        case bool():
            return "1" if value else "0"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case float():
            return format(value, ".15g")
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime() | date():
            return value.isoformat()
        case _:
            return str(value)
