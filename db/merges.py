"""Merging files, and taking them apart again. Nothing of either file is moved: who survives is one row, and everything is read through it.

Each file keeps its own word (the field ``merged_into``) about whose it was put into; ``member_alias`` is what follows from all these words
(:mod:`app.domain.profile_merge`) and may be made again at any time. Points, visits, notes, coupons stay where they were given, so that
taking a file out again restores both, with what happened to each meanwhile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

from app.domain.facts import FactKind
from app.domain.ids import MemberId, OperatorId
from app.domain.profile import MERGED_INTO
from app.domain.profile_facts import merge_to_plain
from db import families, members, profile
from db.engine import Cursor, Engines
from db.profile_store import unit
from db.statements import upsert
from db.types import id_bytes_or_none

if TYPE_CHECKING:
    from app.service.ports import UnitOfWork

DISMISSED_PREFIX: Final = "duplicate:"

MERGED: Final = "SELECT member_id FROM member_alias WHERE survivor_id = ?"
_EVERYONE_MERGED: Final = "SELECT member_id FROM member_alias"
DISMISS: Final = upsert("guard_dismissal", "signal_key", "dismissed_at", "operator_id", "reason")
# The key's first words are an index range of the primary key.
DISMISSED: Final = """
SELECT signal_key FROM guard_dismissal WHERE signal_key >= 'duplicate:' AND signal_key < 'duplicate;'
"""


class SqliteMerges:
    """Implements :class:`app.service.membership_ports.Merges`."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    def survivor_of(self, member_id: MemberId) -> MemberId:
        with self._engines.reading() as cursor:
            return members.survivor_of(cursor, member_id)

    def merged_into(self, member_id: MemberId) -> tuple[MemberId, ...]:
        """Everyone whose file is read with this one's."""
        with self._engines.reading() as cursor:
            return members_merged(cursor, member_id)

    def put(
        self,
        work: UnitOfWork,
        member_id: MemberId,
        into: MemberId | None,
        *,
        at: int,
        operator_id: OperatorId | None,
        reason: str,
    ) -> None:
        own = unit(work)
        fact_id = own.new_id()
        plain = merge_to_plain(fact_id, member_id, into, at, operator_id, reason)
        own.record(FactKind.MERGE, fact_id, at, plain)
        apply_merge(own.cursor, member_id, into, hlc=own.hlc, at=at, by=operator_id)

    def dismiss(
        self,
        work: UnitOfWork,
        pair: tuple[MemberId, MemberId],
        *,
        at: int,
        operator_id: OperatorId | None,
    ) -> None:
        """These two were looked at and are two people."""
        unit(work).cursor.execute(DISMISS, (_pair_key(pair), at, id_bytes_or_none(operator_id), ""))

    def everyone_merged(self) -> frozenset[MemberId]:
        with self._engines.reading() as cursor:
            rows = cursor.execute(_EVERYONE_MERGED).fetchall()
            return frozenset(MemberId(UUID(bytes=row[0])) for row in rows)

    def dismissed(self) -> frozenset[frozenset[MemberId]]:
        with self._engines.reading() as cursor:
            keys = [key for (key,) in cursor.execute(DISMISSED).fetchall()]
        return frozenset(
            frozenset(MemberId(UUID(part)) for part in key.removeprefix(DISMISSED_PREFIX).split(":"))
            for key in keys
        )


def apply_merge(
    cursor: Cursor,
    member_id: MemberId,
    into: MemberId | None,
    *,
    hlc: int,
    at: int,
    by: OperatorId | None,
) -> None:
    """Take one more word into account. Order and repetition make no difference."""
    before = {member_id, members.survivor_of(cursor, member_id)}
    word = {MERGED_INTO: into.hex if into else ""}
    profile.apply_fields(cursor, member_id, word, hlc=hlc, at=at, by=by)
    families.settle(cursor, before | ({into} if into else set()))


def members_merged(cursor: Cursor, survivor: MemberId) -> tuple[MemberId, ...]:
    rows = cursor.execute(MERGED, (survivor.bytes,)).fetchall()
    return tuple(sorted(MemberId(UUID(bytes=row[0])) for row in rows))


def _pair_key(pair: tuple[MemberId, MemberId]) -> str:
    first, second = sorted(pair)
    return f"{DISMISSED_PREFIX}{first.hex}:{second.hex}"
