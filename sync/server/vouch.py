"""What a till's signature vouches for in a batch that somebody else brought: the head it signed, and everything that leads up to it.

Each record holds the hash of the one before, so that nobody can put another in its place without the head's becoming another one. What
no link leads to from the head, or from a fact that lies here already, may be anybody's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from app.domain.chain import link
from sync.protocol import Record

GAP: Final = "not_vouched_yet"
"""Facts between it and the head came in another batch: when they are here, they vouch for it."""
UNLINKED: Final = "unlinked"
"""The record behind it is not what the till wrote: nothing in this batch will ever vouch for this one."""


def doubtful(
    device: UUID, incarnation: int, records: Sequence[Record], places: Mapping[int, tuple[bytes, bytes]]
) -> dict[int, str]:
    """The indices of the records that nothing vouches for, and why. ``places`` are facts that lie here: seq -> (hash, prev)."""
    found: dict[int, str] = {}
    expected: bytes | None = records[-1].hash if records else None
    place, why = (records[-1].seq if records else 0), GAP
    for index in range(len(records) - 1, -1, -1):
        record = records[index]
        behind = places.get(record.seq + 1)
        is_next = record.seq == place
        if (is_next and record.hash == expected) or (behind is not None and behind[1] == record.hash):
            is_whole = _digest(record, device, incarnation) == record.hash
            expected, why = (record.prev, GAP) if is_whole else (None, UNLINKED)
        else:
            why = GAP if not is_next else why if expected is None else UNLINKED
            expected = None
            found[index] = why
        place = record.seq - 1
    return found


def _digest(record: Record, device: UUID, incarnation: int) -> bytes:
    """Nothing for what can be no place in a chain."""
    if not 0 < record.seq < 1 << 63 or len(record.prev) != 32:
        return b""
    return link(record.prev, device, incarnation, record.seq, record.body)
