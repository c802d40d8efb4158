"""A part's tickets and items as packed columns: column after column, each as wide as its largest value needs, little-endian.

A cell of the file is read, checked and decrypted as a whole, so a month of tickets costs what a few hundred rows cost. Reading is numpy's;
packing needs nothing, for a shift closes without it. The first byte counts the columns, the next say how wide each is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from struct import pack
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from numpy.typing import NDArray

TICKET: Final = (
    "offset",  # the place in the chain, from the part's first
    "member",  # member.number + 1; 0: nobody said who they are
    "net",  # goods, in minor units
    "gap",  # days since the member's visit before this date; 0: there was none
    "habit",  # days between the visits until then, rounded; 0: fewer than three of them
    "hour",  # on the shop's clock
    "kind",  # bits, see app/service/summary_ports.py
)
ITEM: Final = (
    "item",  # item.number; 0: not in the list of goods
    "quantity",  # thousandths, what came back taken off
    "net",
    "lines",  # how many lines sold it, those of voided tickets taken off
)
# What a column may be made of: struct's letters, the narrowest first, with the least and the largest value of each.
_WIDTHS: Final = (
    ("B", 0, 2**8 - 1),
    ("H", 0, 2**16 - 1),
    ("i", -(2**31), 2**31 - 1),
    ("q", -(2**63), 2**63 - 1),
)
_KIND: Final = {"B": "u1", "H": "<u2", "i": "<i4", "q": "<i8"}
_BYTES: Final = {"B": 1, "H": 2, "i": 4, "q": 8}


def packed(columns: Sequence[str], rows: Iterable[Sequence[int]]) -> bytes:
    """The rows, one value for each column, as the file holds them; nothing for no rows."""
    by_column = list(zip(*rows, strict=True))
    if not by_column:
        return b""
    assert len(by_column) == len(columns)
    letters = [_narrowest(min(values), max(values)) for values in by_column]
    head = bytes([len(letters)]) + "".join(letters).encode()
    count = len(by_column[0])
    return head + b"".join(
        pack(f"<{count}{letter}", *values) for letter, values in zip(letters, by_column, strict=True)
    )


def unpacked(columns: Sequence[str], body: bytes) -> dict[str, NDArray[Any]]:
    """The columns by name, all as wide as can be; nobody can write to them."""
    import numpy as np

    if not body:
        return {name: np.empty(0, np.int64) for name in columns}
    start = 1 + body[0]
    kinds, row_bytes = _layout(bytes(body[1:start]))
    assert len(kinds) == len(columns)
    count, rest = divmod(len(body) - start, row_bytes)
    assert rest == 0, "a whole number of rows"
    found, at = {}, start
    for name, (kind, size) in zip(columns, kinds, strict=True):
        found[name] = np.frombuffer(body, kind, count, at)
        at += count * size
    return found


@lru_cache(maxsize=256)
def _layout(letters: bytes) -> tuple[tuple[tuple[Any, int], ...], int]:
    """(what each column is made of, the bytes of a row): a month of parts has a handful of them."""
    import numpy as np

    kinds = tuple((np.dtype(_KIND[letter]), _BYTES[letter]) for letter in letters.decode())
    return kinds, sum(size for _, size in kinds)


def _narrowest(least: int, largest: int) -> str:
    return next(letter for letter, low, high in _WIDTHS if low <= least and largest <= high)
