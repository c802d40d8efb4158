"""Facts that stand, for whoever proves the rows that follow from them: this till's own at the clock that counts, and other tills'.

Of two facts under one id only the one that stands has rows. What other tills told is proved as far as it is here: its bytes say what its
row in the inbox says, and where the fact before it came as well, its hash follows from that one's.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from app.domain.chain import link
from db.engine import Cursor
from db.finding import Finding, Progress

FACTS_AT_ONCE: Final = 1_000
CHECKS: Final = frozenset(("inbox_off", "inbox_changed"))

# The server's clock for a fact of this till counts, where it has given it one.
OWN_CLOCK: Final = "coalesce((SELECT i.hlc FROM inbox i WHERE i.id = f.id AND i.hash = f.hash), f.hlc)"
OWN_STANDS: Final = (
    "NOT EXISTS (SELECT 1 FROM inbox i WHERE i.id = f.id AND i.hash <> f.hash AND i.problem = '')"
)
_ELSEWHERE: Final = """
SELECT id, kind, hlc, body FROM inbox WHERE id > ? AND problem = '' AND length(body) > 0 ORDER BY id LIMIT ?
"""
_WHOLE: Final = "SELECT id, kind, body FROM inbox WHERE id > ? AND length(body) > 0 ORDER BY id LIMIT ?"
_PLACES: Final = """
SELECT device_id, incarnation, seq, hash, CASE WHEN length(body) > 0 THEN id END FROM inbox ORDER BY device_id, incarnation, seq
"""
_BODY: Final = "SELECT body FROM inbox WHERE id = ?"


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A fact of another till that was applied here. ``seq`` 0: it has no place in this till's chain."""

    id: bytes
    kind: str
    hlc: int
    body: bytes
    seq: int = 0

    @property
    def plain(self) -> dict[str, Any]:
        plain = json.loads(self.body)
        return plain if isinstance(plain, dict) else {}

    @property
    def said_kind(self) -> object:
        return self.kind


def elsewhere(cursor: Cursor, kinds: Collection[str]) -> Iterator[Elsewhere]:
    """Those of these kinds, a page at a time."""
    last = b""
    while rows := cursor.execute(_ELSEWHERE, (last, FACTS_AT_ONCE)).fetchall():
        yield from (Elsewhere(*row) for row in rows if row[1] in kinds)
        last = rows[-1][0]


def check_inbox(cursor: Cursor, progress: Progress) -> Iterator[Finding]:
    """What other tills told lies here as they told it."""
    progress("inbox", 0, 1)
    last = b""
    while rows := cursor.execute(_WHOLE, (last, FACTS_AT_ONCE)).fetchall():
        for own, kind, body in rows:
            try:
                plain = json.loads(body)
                says_the_same = (plain["id"], plain["kind"]) == (own.hex(), kind)
            except (ValueError, KeyError, TypeError, RecursionError):
                says_the_same = False
            if not says_the_same:
                yield Finding("inbox_off", own.hex().upper())
        last = rows[-1][0]
    yield from _links(cursor)


def _links(cursor: Cursor) -> Iterator[Finding]:
    """A fact whose forerunner is here as well hangs on it; where a copied till left two at one place, on one of them."""
    before: dict[int, list[bytes]] = {}
    chain: tuple[bytes, int] = (b"", 0)
    for device, incarnation, seq, digest, own in cursor.execute(_PLACES).fetchall():
        if (device, incarnation) != chain:
            chain, before = (device, incarnation), {}
        before.setdefault(seq, []).append(digest)
        forerunners = before.get(seq - 1, [])
        before.pop(seq - 2, None)
        if own is None or not forerunners or len(before[seq]) > 1:
            continue
        (body,) = cursor.execute(_BODY, (own,)).fetchone()
        place = (UUID(bytes=device), incarnation, seq, body)
        if all(link(one, *place) != digest for one in forerunners):
            yield Finding("inbox_changed", own.hex().upper())
