"""Two files of one person: suggesting them, putting one into the other, and taking it out again.

Nothing is lost by merging and nothing is decided by the machine: it suggests, a person looks. Both ledgers are kept; taking apart restores
both files with what happened to each meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.domain.authority import Approval, Right
from app.domain.errors import Refused
from app.domain.ids import MemberId
from app.domain.member import MemberCard
from app.insight.duplicates_values import DuplicatePair
from app.service.ports import Clock, Store

if TYPE_CHECKING:
    from app.service.session import Session

REASONS: Final = ("duplicate", "same_number", "family_card", "asked")
"""Why files are merged or taken apart, as codes (texts: ``membership.merge.<code>``): no sentence about a person enters the chain."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two files that may be one person's, with the reasons; ``keep`` joined earlier."""

    pair: DuplicatePair
    keep: MemberCard
    other: MemberCard


class MergeDesk:
    def __init__(self, store: Store, session: Session, clock: Clock) -> None:
        self._store = store
        self._rows = store.membership.merges
        self._session = session
        self._clock = clock

    def merge(
        self,
        loser: MemberId,
        survivor: MemberId,
        reason: str = "duplicate",
        approval: Approval | None = None,
    ) -> MemberCard:
        """Put one file into another; whoever was merged into the first comes along. Returns the survivor's card.

        Raises Refused: "merge_same", "merge_known", "member_gone"; ApprovalNeeded.
        """
        self._session.permit(Right.SETTINGS, 1, approval)
        assert reason in REASONS
        into = self._rows.survivor_of(survivor)
        if self._rows.survivor_of(loser) != loser:
            raise Refused("merge_known")
        if into == loser:
            raise Refused("merge_same")
        for one in (loser, into):
            card = self._store.members.by_id(one)
            if card is None or card.member.is_erased:
                raise Refused("member_gone")
        self._put(loser, into, reason)
        return self._card(into)

    def unmerge(
        self, member_id: MemberId, reason: str = "duplicate", approval: Approval | None = None
    ) -> MemberCard:
        """Take a file out again, with everybody who came into it before.

        Raises Refused: "merge_none", "member_gone" (of somebody forgotten this till may know nothing but the merge); ApprovalNeeded.
        """
        self._session.permit(Right.SETTINGS, 1, approval)
        assert reason in REASONS
        if self._rows.survivor_of(member_id) == member_id:
            raise Refused("merge_none")
        if self._store.members.by_id(member_id) is None:
            raise Refused("member_gone")
        self._put(member_id, None, reason)
        return self._card(member_id)

    def suggestions(
        self,
        *,
        on_progress: Callable[[int, int], None] = lambda done, total: None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> tuple[Suggestion, ...]:
        """Pairs worth looking at, the surest first, without those that were dismissed. Takes long: for a worker. Raises Cancelled."""
        from app.insight.duplicates import find_duplicates
        from app.service.duplicates import COMPARED, person_of
        from app.service.phonetics import syllable

        known = self._store.membership.profiles.everyones(COMPARED)
        merged = self._rows.everyone_merged()
        people = [
            person_of(member, known.get(member.id, {}))
            for member in self._store.members.everyone()
            if member.id not in merged
        ]
        found = find_duplicates(
            people,
            sound_of=syllable,
            on_progress=on_progress,
            is_cancelled=is_cancelled,
        )
        dismissed = self._rows.dismissed()
        suggested = (
            self._suggestion(pair) for pair in found if frozenset((pair.first, pair.second)) not in dismissed
        )
        return tuple(one for one in suggested if one is not None)

    def dismiss(self, first: MemberId, second: MemberId) -> None:
        """They are two people: never suggest this pair again."""
        with self._store.begin() as work:
            at, by = self._clock.now_ms(), self._session.operator_id
            self._rows.dismiss(work, (first, second), at=at, operator_id=by)
            work.commit()

    def _suggestion(self, pair: DuplicatePair) -> Suggestion | None:
        keep, other = self._store.members.by_id(pair.first), self._store.members.by_id(pair.second)
        if keep is None or other is None or keep.member.id == other.member.id:
            return None
        return Suggestion(pair, keep, other)

    def _put(self, member_id: MemberId, into: MemberId | None, reason: str) -> None:
        with self._store.begin() as work:
            at, by = self._clock.now_ms(), self._session.operator_id
            self._rows.put(work, member_id, into, at=at, operator_id=by, reason=reason)
            work.commit()

    def _card(self, member_id: MemberId) -> MemberCard:
        card = self._store.members.by_id(member_id)
        assert card is not None
        return card
