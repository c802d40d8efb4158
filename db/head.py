"""The head of the till's chain as the database keeps it: how far it has come and which numbers were given out last.

It is moved inside a unit of work and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from db.engine import Cursor
from db.incarnation import Mark

CHAIN_HEAD: Final = "SELECT incarnation, letter, seq, hash, counter, z_number, hlc FROM chain_head"


@dataclass(frozen=True, slots=True)
class TillCode:
    """What the till is called on paper, and its identity."""

    device: UUID
    store_code: str
    till_code: str


@dataclass(slots=True)
class Head:
    """The row ``chain_head`` as this unit moves it: the end of the chain, and the numbers given out last."""

    incarnation: int
    letter: str
    seq: int
    hash: bytes
    counter: int
    z_number: int
    hlc: int

    def mark(self, device: UUID) -> Mark:
        return Mark(device, self.incarnation, self.letter, self.seq, self.counter, self.z_number, self.hash)


@dataclass(frozen=True, slots=True)
class Committed:
    """What the store wants to know of a commit: how far the till has come, and whether that should be written down at once."""

    head: Head | None
    is_turning_point: bool
    has_new_rules: bool = False


def read_head(cursor: Cursor) -> Head:
    return Head(*cursor.execute(CHAIN_HEAD).fetchone())
