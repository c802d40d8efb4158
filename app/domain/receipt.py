"""A receipt as the shop means it: nodes in reading order, with no device, no dots and no columns in them.

A stored document never changes. What a copy or a training slip adds is derived when it is printed (`mark_as_copy`,
`mark_as_training`), and neither of them ever opens the drawer.

    ReceiptDocument
    ├── Text  Row(Cell, …)  Band        words; a row has cells side by side, a band is white on black across the paper
    ├── Rule  Feed                      a line between sections, empty lines
    ├── QR  Barcode  Image              an image is named, the shop's settings hold it
    └── Cut  DrawerPulse                what the printer does

The JSON leaves out every field that holds its default: the defaults below are part of the stored format and stay.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Any, Final, Literal, TypeVar

from app.domain.errors import Refused

FORMAT: Final = 1
NODES_MAX: Final = 5_000
CELLS_MAX: Final = 12
QR_BYTES_MAX: Final = 1_000
BARCODE_CHARACTERS_MAX: Final = 20

Size = Literal[1, 2]


class Align(StrEnum):
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


class RuleStyle(StrEnum):
    SOLID = "solid"
    DOTTED = "dotted"
    DOUBLE = "double"


class Symbology(StrEnum):
    CODE39 = "code39"
    CODE128 = "code128"
    EAN13 = "ean13"
    EAN8 = "ean8"
    UPCA = "upca"


_BARCODE: Final = {
    Symbology.CODE39: re.compile(r"[0-9A-Z .$/+%-]+"),
    Symbology.CODE128: re.compile(r"[ -~]+"),
    Symbology.EAN13: re.compile(r"\d{13}", re.ASCII),
    Symbology.EAN8: re.compile(r"\d{8}", re.ASCII),
    Symbology.UPCA: re.compile(r"\d{12}", re.ASCII),
}


@dataclass(frozen=True, slots=True)
class Text:
    """Words on lines of their own; a newline starts another line. Size 2 is twice as wide and twice as high."""

    text: str
    align: Align = Align.LEFT
    size: Size = 1
    bold: bool = False

    def __post_init__(self) -> None:
        _keep_printable(self, self.text)
        assert self.size in (1, 2)


@dataclass(frozen=True, slots=True)
class Cell:
    """One column of a row. `width` counts half-width characters of the row's size and is the least the cell gets;
    None shares what is left. Words wrap inside the cell, a number never does."""

    text: str
    align: Align = Align.LEFT
    width: int | None = None
    bold: bool = False

    def __post_init__(self) -> None:
        if not (self.text.isascii() and self.text.isprintable()):
            _keep_printable(self, self.text)
        assert self.width is None or self.width >= 1


@dataclass(frozen=True, slots=True)
class Row:
    """Cells side by side, from left to right."""

    cells: tuple[Cell, ...]
    size: Size = 1
    # Its JSON once it was written: the same rows stand on many papers, and a row never changes.
    _json: str = field(default="", init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        assert 1 <= len(self.cells) <= CELLS_MAX
        assert self.size in (1, 2)


@dataclass(frozen=True, slots=True)
class Band:
    """White words on a black bar across the paper: the mark of a slip that is not an original."""

    text: str
    size: Size = 1

    def __post_init__(self) -> None:
        _keep_printable(self, self.text)
        assert self.size in (1, 2)


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the paper, with a label in its middle when there is one."""

    style: RuleStyle = RuleStyle.DOTTED
    label: str = ""

    def __post_init__(self) -> None:
        _keep(self, label=printable(self.label))


@dataclass(frozen=True, slots=True)
class Feed:
    """Empty lines."""

    lines: int = 1

    def __post_init__(self) -> None:
        assert 1 <= self.lines <= 100


@dataclass(frozen=True, slots=True)
class Barcode:
    """A one-dimensional code with its characters below it. EAN and UPC come with their check digit, which must be right."""

    symbology: Symbology
    data: str

    def __post_init__(self) -> None:
        assert len(self.data) <= BARCODE_CHARACTERS_MAX
        assert _BARCODE[self.symbology].fullmatch(self.data)
        assert self.symbology in (Symbology.CODE39, Symbology.CODE128) or _has_check_digit(self.data)


def _has_check_digit(digits: str) -> bool:
    """GS1: the digits weigh 1 and 3 in turn from the right, and their sum is a whole number of tens."""
    return sum(int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(reversed(digits))) % 10 == 0


@dataclass(frozen=True, slots=True)
class QR:
    """A QR code of the data's UTF-8, with a caption below it."""

    data: str
    caption: str = ""

    def __post_init__(self) -> None:
        _keep(self, data=_storable(self.data), caption=printable(self.caption))
        assert 1 <= len(self.data.encode()) <= QR_BYTES_MAX


@dataclass(frozen=True, slots=True)
class Image:
    """A picture by its name, for example the shop's logo. A name nobody knows any more prints nothing."""

    ref: str

    def __post_init__(self) -> None:
        _keep(self, ref=printable(self.ref))


@dataclass(frozen=True, slots=True)
class Cut:
    """The slip ends here. `partial` leaves one point uncut, so that it does not fall."""

    partial: bool = True


@dataclass(frozen=True, slots=True)
class DrawerPulse:
    """Opens the drawer on pin 2 or 5 of the printer's drawer socket; None is the pin that the printer's profile names."""

    pin: int | None = None

    def __post_init__(self) -> None:
        assert self.pin in (None, 2, 5)


Node = Text | Row | Band | Rule | Feed | Barcode | QR | Image | Cut | DrawerPulse


@dataclass(frozen=True, slots=True)
class ReceiptDocument:
    """What one slip (or several, each ended by a `Cut`) says. `language` picks glyph shapes, `purpose` says what it is for."""

    nodes: tuple[Node, ...]
    language: str
    purpose: str

    def __post_init__(self) -> None:
        _keep(self, language=printable(self.language), purpose=printable(self.purpose))
        assert len(self.nodes) <= NODES_MAX


def mark_as_copy(document: ReceiptDocument, marks: Sequence[str]) -> ReceiptDocument:
    """The document as a reprint: every slip carries the marks as bands at its top and its bottom; nothing opens the drawer.

    The first mark is large (補印 COPY), the others say more in small type (who, when, the how-manieth).
    """
    return _stamped(document, marks, rule_label="")


def mark_as_training(document: ReceiptDocument, marks: Sequence[str]) -> ReceiptDocument:
    """The document as a practice slip: bands at top and bottom and the first mark on every rule, so that no torn-off
    part passes for a real receipt; nothing opens the drawer."""
    return _stamped(document, marks, rule_label=marks[0])


def to_json(document: ReceiptDocument) -> bytes:
    """The canonical bytes of a document: sorted keys, no spaces, UTF-8, NFC. Equal documents have equal bytes.

    Written straight through, with the json module's own way of quoting: this stands between the last key and the receipt.
    """
    nodes = ",".join([_json_of_row(node) if type(node) is Row else _json_of(node) for node in document.nodes])
    language, purpose = _quoted(document.language), _quoted(document.purpose)
    return f'{{"format":{FORMAT},"language":{language},"nodes":[{nodes}],"purpose":{purpose}}}'.encode()


def from_json(data: bytes) -> ReceiptDocument:
    """The document that `to_json` wrote. Raises Refused("receipt_damaged") for anything else."""
    try:
        plain = json.loads(data)
        assert plain.keys() == {"format", "language", "nodes", "purpose"}
        assert plain["format"] == FORMAT
        nodes = tuple(_from_plain(_CLASS_OF[node.pop("node")], node) for node in plain["nodes"])
        return ReceiptDocument(nodes, _string(plain["language"]), _string(plain["purpose"]))
    # A stored node that breaks a promise of its class is damaged data, not a bug of whoever reads it.
    except (ValueError, KeyError, TypeError, AttributeError, AssertionError, RecursionError) as error:
        raise Refused("receipt_damaged") from error


def printable(text: str) -> str:
    """The text as it is stored: NFC, one kind of line end, no control characters, nothing that UTF-8 cannot hold."""
    if text.isprintable() and unicodedata.is_normalized("NFC", text):
        return text
    text = _LINE_ENDS.sub("\n", text.replace("\t", " "))
    return _storable(_CONTROLS.sub("", text))


_LINE_ENDS: Final = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_CONTROLS: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")
_LONE_SURROGATES: Final = re.compile("[\ud800-\udfff]")


def _storable(text: str) -> str:
    return unicodedata.normalize("NFC", _LONE_SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text))


def _keep_printable(value: Text | Cell | Band, content: str) -> None:
    """The text as it is stored; nearly always it already is."""
    if not (content.isprintable() and (content.isascii() or unicodedata.is_normalized("NFC", content))):
        object.__setattr__(value, "text", printable(content))


def _keep(value: object, **kept: object) -> None:
    """Set fields of a frozen value while it is being made."""
    for name, content in kept.items():
        object.__setattr__(value, name, content)


def _stamped(document: ReceiptDocument, marks: Sequence[str], *, rule_label: str) -> ReceiptDocument:
    assert marks
    assert all(marks), "a mark must say something"
    bands = (Band(marks[0], size=2), *(Band(mark) for mark in marks[1:]))
    nodes = [_labelled(node, rule_label) for node in document.nodes if not isinstance(node, DrawerPulse)]
    return replace(document, nodes=tuple(node for slip in _slips(nodes) for node in _between(bands, slip)))


def _labelled(node: Node, label: str) -> Node:
    return replace(node, label=label) if label and isinstance(node, Rule) else node


def _slips(nodes: Iterable[Node]) -> Iterator[list[Node]]:
    """The nodes of each slip, its cut included."""
    slip: list[Node] = []
    for node in nodes:
        slip.append(node)
        if isinstance(node, Cut):
            yield slip
            slip = []
    yield slip


def _between(bands: tuple[Band, ...], slip: list[Node]) -> Iterator[Node]:
    """The slip with the bands above what it prints and below; a slip that prints nothing gets none."""
    end = len(slip)
    while end and isinstance(slip[end - 1], Feed | Cut):
        end -= 1
    if end:
        yield from (*bands, Feed(), *slip[:end], Feed(), *bands)
    yield from slip[end:]


_Value = TypeVar("_Value")


def _json_of(node: Node) -> str:
    parts = []
    for name, default, start in _PARTS_OF[type(node)]:
        if name is None:
            parts.append(start)
            continue
        content = getattr(node, name)
        if content is not default and content != default:
            parts.append(start + _WRITER_OF[name](content))
    return "{" + ",".join(parts) + "}"


def _json_of_row(row: Row) -> str:
    """Most of a receipt is rows."""
    if not row._json:
        cells = ",".join([_json_of_cell(cell) for cell in row.cells])
        size = "" if row.size == 1 else f',"size":{row.size}'
        object.__setattr__(row, "_json", f'{{"cells":[{cells}],"node":"row"{size}}}')
    return row._json


def _json_of_cell(cell: Cell) -> str:
    align = "" if cell.align is Align.LEFT else f'"align":"{cell.align._value_}",'
    bold = '"bold":true,' if cell.bold else ""
    width = "" if cell.width is None else f',"width":{cell.width}'
    return f'{{{align}{bold}"text":{_quoted(cell.text)}{width}}}'


def _json_of_truth(content: bool) -> str:
    return "true" if content else "false"


def _from_plain(cls: type[_Value], plain: Mapping[str, object]) -> _Value:
    return cls(**{name: _READER_OF[name](content) for name, content in plain.items()})


def _string(content: object) -> str:
    assert type(content) is str
    return content


def _number(content: object) -> int:
    assert type(content) is int
    return content


def _truth(content: object) -> bool:
    assert type(content) is bool
    return content


def _cells(content: object) -> tuple[Cell, ...]:
    assert type(content) is list
    return tuple(_from_plain(Cell, cell) for cell in content)


_CLASS_OF: Final[dict[str, type[Node]]] = {
    "text": Text,
    "row": Row,
    "band": Band,
    "rule": Rule,
    "feed": Feed,
    "barcode": Barcode,
    "qr": QR,
    "image": Image,
    "cut": Cut,
    "drawer_pulse": DrawerPulse,
}
_KIND_OF: Final = {cls: kind for kind, cls in _CLASS_OF.items()}
_quoted: Final[Callable[[str], str]] = json.encoder.encode_basestring


def _parts_of(cls: type[Node]) -> tuple[tuple[str | None, object, str], ...]:
    """The fields of a class in the order of its JSON: name, default and the text before the value; the node's kind has no name."""
    parts: list[tuple[str, str | None, object, str]] = [
        (one.name, one.name, one.default, f'"{one.name}":') for one in fields(cls) if one.init
    ]
    parts.append(("node", None, None, f'"node":"{_KIND_OF[cls]}"'))
    return tuple(
        (name, default, start) for _, name, default, start in sorted(parts, key=lambda part: part[0])
    )


_PARTS_OF: Final = {cls: _parts_of(cls) for cls in _KIND_OF if cls is not Row}
_WRITER_OF: Final[dict[str, Callable[[Any], str]]] = {
    "align": _quoted,
    "bold": _json_of_truth,
    "caption": _quoted,
    "data": _quoted,
    "label": _quoted,
    "lines": str,
    "partial": _json_of_truth,
    "pin": str,
    "ref": _quoted,
    "size": str,
    "style": _quoted,
    "symbology": _quoted,
    "text": _quoted,
    "width": str,
}
_READER_OF: Final[dict[str, Callable[[Any], object]]] = {
    "align": Align,
    "bold": _truth,
    "caption": _string,
    "cells": _cells,
    "data": _string,
    "label": _string,
    "lines": _number,
    "partial": _truth,
    "pin": _number,
    "ref": _string,
    "size": _number,
    "style": RuleStyle,
    "symbology": Symbology,
    "text": _string,
    "width": _number,
}
