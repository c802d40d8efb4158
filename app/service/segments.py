"""Segments: who is in one, how many that are, kept under a name, and taken out as a list.

A segment is rules, never a list: who is in it is worked out from the member table of today. A campaign therefore keeps who was in it on the
day it was sent, and never looks it up again.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from app.domain.authority import Approval, Right
from app.domain.errors import Refused
from app.domain.phone import national_number
from app.domain.profile_fields import clean_tag
from app.service.exports.files import refuse_taken, write_file
from app.service.exports.segment_out import SegmentRow, segment_file
from app.service.insight_desk import InsightDesk
from app.service.ports import AuditEvent, Clock, IdSource, Store
from app.service.segment_doubts import contradiction
from app.service.segment_table import BoughtLines, Check, MemberTable
from app.service.segment_values import (
    NAME_CHARACTERS_MAX,
    Field,
    MemberSegment,
    segment_from_plain,
    segment_to_plain,
)
from app.service.session import Session

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from app.domain.ids import MemberId
    from app.service.insight_ports import MemberFacts

SEGMENTS: Final = "insight.segments"
SEGMENTS_MAX: Final = 100
SAMPLE: Final = 6


@dataclass(frozen=True, slots=True)
class Face:
    """One member of a segment, for a list. ``silent_days`` is None for who never bought; ``spent_minor`` and ``visits`` are of the year."""

    member_id: MemberId
    silent_days: int | None
    visits: int
    spent_minor: int
    may_be_contacted: bool


@dataclass(frozen=True, slots=True)
class Look:
    """How many are in a segment now, how many of them agreed to be contacted, and some of them, evenly spread.

    ``alone`` counts who fits each part by itself. ``never`` is a field whose conditions contradict each other, ``unknown`` are fields of
    which nothing can be told of anybody yet.
    """

    count: int
    willing: int
    everybody: int
    sample: tuple[Face, ...]
    alone: tuple[int, ...]
    never: Field | None = None
    unknown: tuple[Field, ...] = ()


class SegmentDesk:
    """Counting is quick once what the conditions ask for was read; the first time after a change of the books it takes a while."""

    def __init__(
        self, store: Store, session: Session, clock: Clock, ids: IdSource, insight: InsightDesk
    ) -> None:
        self._store = store
        self._session = session
        self._clock = clock
        self._ids = ids
        self._insight = insight
        self._table: MemberTable | None = None
        self._lines = BoughtLines(insight)
        self._lock = threading.RLock()

    # --- who is in it -------------------------------------------------------------------------------------------------

    def look(self, segment: MemberSegment, check: Check = lambda: None) -> Look:
        """Everything the screen says while a segment is composed. ``check`` is called on the way and may raise Cancelled."""
        with self._lock:
            table = self.table(check)
            columns = [table.holds(part, check) for part in segment.parts]
            join = np.logical_or if segment.is_any else np.logical_and
            rows = np.flatnonzero(join.reduce(columns))
            unknown = dict.fromkeys(
                one.field for one in segment.conditions() if len(table) and not table.is_known(one, check)
            )
            spread = np.unique(np.linspace(0, len(rows) - 1, SAMPLE).astype(np.int64)) if len(rows) else rows
            return Look(
                len(rows),
                sum(table.facts[place].has_consent for place in rows.tolist()),
                len(table),
                self._faces(table, rows[spread], check),
                tuple(int(column.sum()) for column in columns),
                contradiction(segment),
                tuple(unknown),
            )

    def count(self, segment: MemberSegment, check: Check = lambda: None) -> int:
        """How many members are in it now."""
        with self._lock:
            return int(self.table(check).chosen(segment, check).sum())

    def numbers(self, segment: MemberSegment) -> NDArray[Any]:
        """The members' numbers, sorted."""
        with self._lock:
            table = self.table()
            found: NDArray[Any] = table.number[table.chosen(segment, lambda: None)]
            return found

    def members(self, segment: MemberSegment, *, willing_only: bool = False) -> tuple[MemberId, ...]:
        """``willing_only``: those who agreed to be contacted."""
        with self._lock:
            table = self.table()
            rows = np.flatnonzero(table.chosen(segment, lambda: None)).tolist()
            return tuple(
                table.facts[place].id for place in rows if table.facts[place].has_consent or not willing_only
            )

    def faces(self, segment: MemberSegment, limit: int, check: Check = lambda: None) -> tuple[Face, ...]:
        """The members of a segment, those who spent most first."""
        with self._lock:
            table = self.table(check)
            rows = np.flatnonzero(table.chosen(segment, check))
            spent = table.column(Field.SPENT, check=check)[rows]
            return self._faces(table, rows[np.argsort(-spent, kind="stable")][:limit], check)

    def tags(self) -> tuple[str, ...]:
        """Every tag that some member carries, by name."""
        with self._lock:
            return tuple(sorted({tag for one in self.table().facts for tag in one.tags}))

    def table(self, check: Check = lambda: None) -> MemberTable:
        self._session.permit(Right.REPORTS, 1)
        version, today = self._insight.version(), self._today()
        kept = self._table
        if kept is None or kept.version != version or kept.today != today:
            check()
            self._table = kept = MemberTable(
                self._insight, today, self._store.catalogue.categories, self._lines
            )
        return kept

    # --- kept segments ------------------------------------------------------------------------------------------------

    def saved(self) -> tuple[MemberSegment, ...]:
        """By name; a damaged one is left out."""
        return saved_segments(self._store)

    def save(self, segment: MemberSegment, *, approval: Approval | None = None) -> MemberSegment:
        """Add it, or change the one of its id.

        Raises Refused: "segment_name", "segment_name_taken", "segments_too_many", "segment_tag_taken", "segment_tag_itself", "tag_empty",
        "field_too_long".
        """
        name = segment.name.strip()[:NAME_CHARACTERS_MAX]
        if not name:
            raise Refused("segment_name")
        others = [one for one in self.saved() if one.id != segment.id]
        if any(one.name == name for one in others):
            raise Refused("segment_name_taken", name=name)
        if len(others) >= SEGMENTS_MAX:
            raise Refused("segments_too_many", most=SEGMENTS_MAX)
        tag = clean_tag(segment.tag) if segment.tag else ""
        _refuse_tag(replace(segment, tag=tag), others)
        saved = replace(segment, name=name, id=segment.id or self._ids().hex, tag=tag)
        self._write((*others, saved), "segment_saved", name, approval)
        return saved

    def drop(self, segment_id: str, *, approval: Approval | None = None) -> None:
        kept = [one for one in self.saved() if one.id != segment_id]
        self._write(kept, "segment_dropped", segment_id, approval)

    def export(
        self,
        segment: MemberSegment,
        target: Path,
        *,
        tiers: Mapping[str, str] | None = None,
        approval: Approval | None = None,
    ) -> int:
        """Everybody in it with name and number, as CSV or a workbook by the name of the file. That it was taken is in the books first.

        ``tiers`` are the names of the tiers by their codes. Returns how many stand in it.

        Raises Refused: "segment_nobody", "calls_kind", "file_taken"; Unavailable("file_not_saved").
        """
        self._session.permit(Right.SETTINGS, 1, approval)
        refuse_taken(target)
        with self._lock:
            table = self.table()
            rows = np.flatnonzero(table.chosen(segment, lambda: None))
            faces = self._faces(table, rows, lambda: None)
            facts = [table.facts[place] for place in rows.tolist()]
        if not faces:
            raise Refused("segment_nobody")
        details = {"segment": segment.name, "count": len(faces), "how": target.suffix.lower()}
        self._audit("segment_exported", details, approval)
        found = [self._row(face, one, tiers or {}) for face, one in zip(faces, facts, strict=True)]
        data = segment_file(
            [one for one in found if one is not None],
            target.suffix,
            self._session.shop.currency,
            title=segment.name,
        )
        write_file(target, data)
        return len(found)

    # --- inside -------------------------------------------------------------------------------------------------------

    def _row(self, face: Face, facts: MemberFacts, tiers: Mapping[str, str]) -> SegmentRow | None:
        """None for who was forgotten meanwhile."""
        card = self._store.members.by_id(face.member_id)
        if card is None or card.member.is_erased:
            return None
        return SegmentRow(
            card.member.name,
            national_number(card.member.phone),
            tiers.get(facts.tier, facts.tier),
            facts.joined_on,
            face.silent_days,
            face.visits,
            face.spent_minor,
            tuple(sorted(facts.tags)),
            face.may_be_contacted,
        )

    def _audit(self, kind: str, details: Mapping[str, object], approval: Approval | None) -> None:
        by = approval.approved_by if approval else None
        event = AuditEvent(kind, self._session.operator_id, self._clock.now_ms(), details, approved_by=by)
        with self._store.begin() as work:
            work.audit(event)
            work.commit()

    def _write(
        self, segments: Sequence[MemberSegment], kind: str, name: str, approval: Approval | None
    ) -> None:
        self._session.permit(Right.SETTINGS, 1, approval)
        details: Mapping[str, object] = {"segment": name}
        by = approval.approved_by if approval else None
        event = AuditEvent(kind, self._session.operator_id, self._clock.now_ms(), details, approved_by=by)
        with self._store.begin() as work:
            work.put_setting(SEGMENTS, [segment_to_plain(one) for one in segments])
            work.audit(event)
            work.commit()

    def _faces(self, table: MemberTable, rows: NDArray[Any], check: Check) -> tuple[Face, ...]:
        silent = table.column(Field.SILENT_DAYS, check=check)
        times, spent = table.column(Field.VISITS, check=check), table.column(Field.SPENT, check=check)
        return tuple(
            Face(
                table.facts[place].id,
                None if np.isnan(silent[place]) else int(silent[place]),
                int(times[place]),
                int(spent[place]),
                table.facts[place].has_consent,
            )
            for place in rows.tolist()
        )

    def _today(self) -> date:
        shift = self._session.shift
        return shift.business_date if shift is not None else self._clock.local().date()


def saved_segments(store: Store) -> tuple[MemberSegment, ...]:
    """Those of the shop, by name; a damaged one is left out."""
    kept = store.desk.setting(SEGMENTS)
    found = []
    for plain in kept if isinstance(kept, list) else ():
        try:
            found.append(segment_from_plain(plain))
        except Refused:
            continue
    return tuple(sorted(found, key=lambda one: one.name))


def _refuse_tag(segment: MemberSegment, others: Sequence[MemberSegment]) -> None:
    """One tag is kept up by one segment, and never rests on itself: who has it would have it for good."""
    if not segment.tag:
        return
    if taken := next((one for one in others if one.tag == segment.tag), None):
        raise Refused("segment_tag_taken", tag=segment.tag, name=taken.name)
    asks: dict[str, set[str]] = {}
    for one in (*others, segment):
        if not one.tag:
            continue
        words = {word for each in one.conditions() if each.field is Field.TAG for word in each.words}
        asks[one.tag] = words
    waiting, seen = set(asks[segment.tag]), set[str]()
    while waiting:
        tag = waiting.pop()
        if tag == segment.tag:
            raise Refused("segment_tag_itself", tag=tag)
        if tag not in seen:
            seen.add(tag)
            waiting |= asks.get(tag, set())
