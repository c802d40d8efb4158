"""The lives of a till. A restored backup or a copied disk starts another one before its first sale, so that no place in the chain and no
receipt number is ever given out twice.

A :class:`Mark` says how far the till has come. The database holds one; a small file beside it holds another, written now and then. A
database that does not contain the mark beside it is not the one this till last sold with. Pure functions; the store acts on them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.domain.chain import GENESIS

FORMAT: Final = 1
_RANDOM_BITS: Final = 62  # of a UUIDv7; fits SQLite's signed integers
_HLC_COUNTER_BITS: Final = 16
_COUNTER: Final = (1 << _HLC_COUNTER_BITS) - 1
_LANE: Final = _COUNTER & ~0xF


class Reason(StrEnum):
    """Why another life began."""

    CREATED = "created"
    MARK_MISSING = "mark_missing"  # copied without its mark, or the mark was deleted
    OTHER_DEVICE = "other_device"  # the mark beside it belongs to another till
    BEHIND = "behind"  # the mark knows of more than the database does
    FORKED = "forked"  # both went on separately
    RESTORED = "restored"  # a person restored a backup


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a till has come: the numbers given out last and the end of its chain."""

    device: UUID
    incarnation: int
    letter: str
    seq: int
    counter: int
    z_number: int
    head: bytes

    def __post_init__(self) -> None:
        assert self.incarnation > 0
        assert self.seq >= 0
        assert self.counter >= 0
        assert len(self.head) == 32


def first_mark(device: UUID, random: UUID) -> Mark:
    """The beginning of a till."""
    return Mark(device, incarnation_number(random), "A", 0, 0, 0, GENESIS)


def why_new(
    here: Mark, beside: Mark | None, hash_at: Callable[[int], bytes | None], known: Collection[int]
) -> Reason | None:
    """Why the database needs another life before it sells, or None when it is the one this till last sold with.

    ``here`` is the database's mark, ``beside`` the file's (None: missing or unreadable), ``hash_at(seq)`` the database's fact there,
    ``known`` the incarnations the database has lived.
    """
    if here.seq == 0 and (beside is None or beside.seq == 0):
        return None  # nothing was recorded yet, so nothing can be given out twice
    if beside is None:
        return Reason.MARK_MISSING
    if beside.device != here.device:
        return Reason.OTHER_DEVICE
    if beside.incarnation not in known or beside.seq > here.seq:
        return Reason.BEHIND
    if beside.seq > 0 and hash_at(beside.seq) != beside.head:
        return Reason.FORKED
    return None


def next_life(here: Mark, beside: Mark | None, random: UUID) -> Mark:
    """The mark a new incarnation starts from: every number continues from the larger one known, the chain from what this file holds."""
    start = replace(here, incarnation=incarnation_number(random), letter=next_letter(here.letter))
    assert start.incarnation != here.incarnation
    if beside is None or beside.device != here.device:
        return start
    return replace(
        start,
        letter=max(start.letter, next_letter(beside.letter), key=letter_rank),
        seq=max(here.seq, beside.seq),
        counter=max(here.counter, beside.counter),
        z_number=max(here.z_number, beside.z_number),
    )


def incarnation_number(random: UUID) -> int:
    """A positive number from the random bits of a UUIDv7."""
    return random.int & ((1 << _RANDOM_BITS) - 1) or 1


def letter_rank(letter: str) -> int:
    """A = 1 … Z = 26, AA = 27 …"""
    rank = 0
    for character in letter:
        assert "A" <= character <= "Z"
        rank = rank * 26 + ord(character) - ord("A") + 1
    return rank


def next_letter(letter: str) -> str:
    """B after A, AA after Z."""
    rank = letter_rank(letter) + 1
    text = ""
    while rank:
        rank, index = divmod(rank - 1, 26)
        text = chr(ord("A") + index) + text
    return text


def tick(last_hlc: int, now_ms: int) -> int:
    """The next hybrid logical clock: milliseconds and a counter in one integer, always above the last, however the clock is set."""
    return max(last_hlc + 1, now_ms << _HLC_COUNTER_BITS)


def in_lane(hlc: int, device: UUID) -> int:
    """A clock that has just moved to another millisecond, at a place within it that is this till's own.

    Else two tills that write at the same millisecond would have the same clock, and what decides then is not the same everywhere: the
    server compares numbers by a keyed hash.
    """
    return hlc | (device.int & _LANE) if hlc & _COUNTER == 0 else hlc


def mark_to_json(mark: Mark) -> bytes:
    plain = asdict(mark) | {"device": mark.device.hex, "head": mark.head.hex(), "format": FORMAT}
    return json.dumps(plain, sort_keys=True).encode()


def mark_from_json(data: bytes) -> Mark | None:
    """The mark in these bytes, or None when they hold none."""
    try:
        plain = json.loads(data)
        assert plain.pop("format") == FORMAT
        return Mark(device=UUID(plain.pop("device")), head=bytes.fromhex(plain.pop("head")), **plain)
    # A damaged mark counts as a missing one: the till then starts another life, which is always safe.
    except (ValueError, KeyError, TypeError, AttributeError, AssertionError):
        return None
