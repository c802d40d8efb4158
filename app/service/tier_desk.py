"""Tiers away from the sale: where a member stands, a tier given by a person, and the look at tiers whose time is up.

That look may be stopped anywhere and begun again: what is done is committed, what is not is found again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.domain.authority import Approval, Right
from app.domain.errors import Refused
from app.domain.ids import MemberId
from app.domain.loyalty.describe import standing_sentence
from app.domain.loyalty.tiers import (
    TierChange,
    TierEvent,
    TierEventKind,
    TierRules,
    TierStanding,
    assess,
    standing_of,
)
from app.service.ports import AuditEvent, Clock, Store
from app.service.rule_words import say
from app.service.rulebook import InForce, Rulebook
from app.service.session import Session
from app.service.tier_part import TierGiver

MEMBERS_PER_COMMIT: Final = 200
"""A few milliseconds with the pen in hand: a sale that waits for it does not feel it."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What one look did: members seen, tiers kept for another term, tiers lowered, and tiers that were due."""

    members: int
    kept: int
    lowered: int
    reached: int
    is_complete: bool


class TierDesk:
    def __init__(
        self, store: Store, session: Session, clock: Clock, rulebook: Rulebook, giver: TierGiver
    ) -> None:
        self._store = store
        self._session = session
        self._clock = clock
        self._rulebook = rulebook
        self._giver = giver

    @property
    def has_tiers(self) -> bool:
        return bool(self._rulebook.tiers().rules.tiers)

    def name_of(self, code: str) -> str:
        """What the tier is called; ``""`` for none, and for one that is no more."""
        tier = self._rulebook.tiers().rules.tier(code)
        return "" if tier is None else tier.name

    def standing(self, member_id: MemberId, on: date | None = None) -> TierStanding | None:
        """Where the member stands; None where the shop has no tiers."""
        rules = self._rulebook.tiers().rules
        if not rules.tiers:
            return None
        day = on or self._today()
        found = self._store.tiers.standing(member_id, rules, day)
        return standing_of(rules, found.state, found.amount, day)

    def progress(self, member_id: MemberId, language: str | None = None) -> str:
        """For the panel and the paper: ``再消費 NT$640 升金卡``; ``""`` where there is nothing to say."""
        standing = self.standing(member_id)
        if standing is None:
            return ""
        sentence = standing_sentence(standing, self._session.shop.currency)
        return "" if sentence is None else say(sentence, language)

    def grant(
        self,
        member_id: MemberId,
        code: str,
        until: date | None,
        reason: str,
        approval: Approval | None = None,
    ) -> TierEvent:
        """Give a tier by hand (``""`` takes it away), protected until this day.

        Raises Refused: "tier_unknown", "reason_needed"; ApprovalNeeded without the right to the settings.
        """
        self._session.permit(Right.SETTINGS, 1, approval)
        if not reason.strip():
            raise Refused("reason_needed")
        current = self._rulebook.tiers()
        if code and current.rules.tier(code) is None:
            raise Refused("tier_unknown", code=code)
        now, on = self._clock.now_ms(), self._today()
        with self._store.begin() as work:
            state = self._store.tiers.standing_in(work, member_id, current.rules, on).state
            change = TierChange(TierEventKind.GRANTED, state.tier, code, until if code else None)
            event = self._giver.change(work, current, member_id, change, on=on, occurred_at=now)
            details = {"member": member_id.hex, "tier": code, "reason": reason.strip()[:200]}
            by = None if approval is None else approval.approved_by
            work.audit(AuditEvent("tier_granted", self._session.operator_id, now, details, by))
            work.commit()
        return event

    # --- tiers whose time is up -------------------------------------------------------------------------------------

    def review(
        self,
        today: date,
        *,
        on_progress: Callable[[int, int], None] = lambda done, total: None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> Reviewed:
        """Look at everybody who has a tier: kept for another term, or lowered. Runs on any thread."""
        current = self._rulebook.tiers()
        counts = dict.fromkeys(TierEventKind, 0)
        seen = 0
        if not current.rules.tiers:
            return Reviewed(0, 0, 0, 0, is_complete=True)
        total = self._store.tiers.count_with_tier()
        for page in self._store.tiers.with_tier():
            due = self._due(page, current.rules, today)
            for start in range(0, len(due), MEMBERS_PER_COMMIT):
                if is_cancelled():
                    return _reviewed(seen, counts, is_complete=False)
                self._change(due[start : start + MEMBERS_PER_COMMIT], current, today, counts)
            seen += len(page)
            on_progress(seen, max(total, seen))
            if is_cancelled():
                return _reviewed(seen, counts, is_complete=False)
        return _reviewed(seen, counts, is_complete=True)

    def _due(self, page: Sequence[MemberId], rules: TierRules, today: date) -> list[MemberId]:
        """Those of whom something becomes: looked at without the pen, so that the till sells meanwhile."""
        due = []
        for member_id in page:
            found = self._store.tiers.standing(member_id, rules, today)
            if assess(rules, found.state, found.amount, today) is not None:
                due.append(member_id)
        return due

    def _change(
        self,
        member_ids: Sequence[MemberId],
        current: InForce[TierRules],
        today: date,
        counts: dict[TierEventKind, int],
    ) -> None:
        now = self._clock.now_ms()
        with self._store.begin() as work:
            for member_id in member_ids:
                found = self._store.tiers.standing_in(work, member_id, current.rules, today)
                change = assess(current.rules, found.state, found.amount, today)
                if change is not None:
                    self._giver.change(work, current, member_id, change, on=today, occurred_at=now)
                    counts[change.kind] += 1
            work.commit()

    def _today(self) -> date:
        shift = self._session.shift
        return self._clock.local().date() if shift is None else shift.business_date


def _reviewed(members: int, counts: dict[TierEventKind, int], *, is_complete: bool) -> Reviewed:
    return Reviewed(
        members,
        counts[TierEventKind.KEPT],
        counts[TierEventKind.LOWERED],
        counts[TierEventKind.REACHED],
        is_complete,
    )
