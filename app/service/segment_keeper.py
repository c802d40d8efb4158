"""What follows from segments without anybody asking: the place of each member for the counter, and the tags that segments keep up.

The till does this itself, whoever is signed on, a few members in each commit so that it sells meanwhile. It may be stopped anywhere and
begun again: what is right already is left alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from uuid import UUID

from app.domain.authority import DEFAULT_LIMITS, Operator, Role
from app.domain.errors import Cancelled
from app.domain.ids import OperatorId
from app.service.ports import AuditEvent, Clock, IdSource, Store
from app.service.segment_places import SegmentPlaces
from app.service.session import Session

if TYPE_CHECKING:
    from app.domain.ids import MemberId
    from app.service.insight_desk import InsightDesk
    from app.service.segment_table import Check
    from app.service.segment_values import MemberSegment
    from app.service.segments import SegmentDesk

MEMBERS_PER_COMMIT: Final = 200
Tell = Callable[[int, int], None]
IsCancelled = Callable[[], bool]
_HOUSE: Final = Operator(OperatorId(UUID(int=0)), "", "", Role.OWNER)


class SegmentKeeper:
    """``rest`` is called between commits: who sells on another thread gets the pen there."""

    def __init__(
        self,
        store: Store,
        session: Session,
        clock: Clock,
        ids: IdSource,
        places: SegmentPlaces,
        rest: Callable[[], object] = lambda: None,
    ) -> None:
        self._store = store
        self._session = session
        self._clock = clock
        self._ids = ids
        self._places = places
        self._rest = rest

    def place(self) -> int:
        """Work out everybody's segment for the counter, with the owner's cut-offs. Returns how many members have one."""
        from app.insight.rfm import Rfm, Segment

        insight = self._insight()
        found, files = insight.rfm().value, insight.members()
        placed = []
        if isinstance(found, Rfm):
            pairs = zip(found.measures.member.tolist(), found.segment.tolist(), strict=True)
            placed = [(files[number].id, code) for number, code in pairs if number in files]
        names = tuple(one.name.lower() for one in Segment)
        self._places.replace([one for one, _ in placed], [code for _, code in placed], names)
        return len(placed)

    def write_tags(
        self, tell: Tell = lambda done, total: None, is_cancelled: IsCancelled = lambda: False
    ) -> int | None:
        """Who is in a segment has its tag, and nobody else has it by rule. Returns how many tags changed; None when it was stopped."""
        from app.service.segments import SegmentDesk, saved_segments

        def check() -> None:
            if is_cancelled():
                raise Cancelled

        wanted = {one.tag: one for one in saved_segments(self._store) if one.tag}
        standing = self._store.membership.rule_tags.all()
        if not wanted and not standing:
            return 0
        session = self._house()
        desk = SegmentDesk(self._store, session, self._clock, self._ids, self._insight(session))
        changed = 0
        try:
            # Those that rest on no other tag come first, so that a tag that rests on them is right the same day.
            for rests in (False, True):
                tags = [
                    one for one in sorted({*wanted, *standing}) if _rests_on_tags(wanted.get(one)) is rests
                ]
                for tag, members in self._meant(desk, {one: wanted.get(one) for one in tags}, check):
                    changed += self._settle(tag, members, tell, check)
        except Cancelled:
            return None
        return changed

    # --- inside -------------------------------------------------------------------------------------------------------

    def _meant(
        self, desk: SegmentDesk, wanted: dict[str, MemberSegment | None], check: Check
    ) -> list[tuple[str, frozenset[MemberId]]]:
        """Who shall have each tag, all by one state of the books."""
        if not wanted:
            return []
        table = desk.table(check)
        return [
            (tag, frozenset() if segment is None else table.members(segment, check))
            for tag, segment in wanted.items()
        ]

    def _settle(self, tag: str, members: frozenset[MemberId], tell: Tell, check: Check) -> int:
        tags = self._store.membership.rule_tags
        standing = tags.tagged(tag)
        moves = [(one, True) for one in sorted(members - standing)]
        moves += [(one, False) for one in sorted(standing - members)]
        for start in range(0, len(moves), MEMBERS_PER_COMMIT):
            check()
            tell(start, len(moves))
            some = moves[start : start + MEMBERS_PER_COMMIT]
            with self._store.begin() as work:
                now = self._clock.now_ms()
                tags.put(work, tag, [one for one, is_in in some if is_in], at=now)
                tags.drop(work, tag, [one for one, is_in in some if not is_in])
                # A tag is no fact. That some changed is one, so that whoever counts by tags counts anew.
                work.audit(AuditEvent("segment_tag", None, now, {"tag": tag, "count": len(some)}))
                work.commit()
            self._rest()
        return len(moves)

    def _house(self) -> Session:
        """The till's own session: it works whoever is signed on, and sees what the owner sees."""
        return replace(self._session, operator=_HOUSE, limits=DEFAULT_LIMITS)

    def _insight(self, session: Session | None = None) -> InsightDesk:
        """One of its own: its columns leave the memory when the work is done."""
        from app.service.insight_desk import InsightDesk

        return InsightDesk(
            self._store, session or self._house(), self._clock, self._store.insight, self._store.days
        )


def _rests_on_tags(segment: MemberSegment | None) -> bool:
    from app.service.segment_values import Field

    return segment is not None and any(one.field is Field.TAG for one in segment.conditions())
