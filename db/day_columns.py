"""A part's tickets and items as packed columns: one value of fixed width after the other, column after column, little-endian.

A cell of the file is read, checked and decrypted as a whole, so a year of tickets costs what a few hundred rows cost. Reading is numpy's;
packing needs nothing, for a shift closes without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from struct import pack
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from numpy.typing import NDArray

# (name, struct's letter, numpy's dtype). The form of what is stored: a change raises ``FORM`` in db/day_fold.py.
TICKET: Final = (
    ("offset", "I", "<u4"),  # the place in the chain, from the part's first
    ("member", "i", "<i4"),  # member.number; -1: nobody said who they are
    ("net", "q", "<i8"),  # goods, in minor units
    ("previous", "i", "<i4"),  # the member's visit before this date, days since 1970-01-01; -1: none
    ("habit", "H", "<u2"),  # days between the visits until then, rounded; 0: fewer than three of them
    ("hour", "B", "u1"),  # on the shop's clock
    ("kind", "B", "u1"),  # bits, see app/service/summary_ports.py
)
ITEM: Final = (
    ("item", "I", "<u4"),  # item.number; 0: not in the list of goods
    ("quantity", "q", "<i8"),  # thousandths, what came back taken off
    ("net", "q", "<i8"),
    ("lines", "i", "<i4"),  # how many lines sold it, those of voided tickets taken off
)
Columns = Sequence[tuple[str, str, str]]

_BYTES: Final = {"I": 4, "i": 4, "q": 8, "H": 2, "B": 1}


def packed(columns: Columns, rows: Iterable[Sequence[int]]) -> bytes:
    """The rows, one value for each column, as the file holds them."""
    by_column = list(zip(*rows, strict=True))
    if not by_column:
        return b""
    assert len(by_column) == len(columns)
    count = len(by_column[0])
    return b"".join(
        pack(f"<{count}{letter}", *values) for (_, letter, _), values in zip(columns, by_column, strict=True)
    )


def row_bytes(columns: Columns) -> int:
    return sum(_BYTES[letter] for _, letter, _ in columns)


def unpacked(columns: Columns, body: bytes) -> dict[str, NDArray[Any]]:
    """The columns by name; nobody can write to them."""
    import numpy as np

    count, rest = divmod(len(body), row_bytes(columns))
    assert rest == 0, "a whole number of rows"
    found, at = {}, 0
    for name, letter, kind in columns:
        found[name] = np.frombuffer(body, kind, count, at)
        at += count * _BYTES[letter]
    return found
