"""Coupons given and ended: by hand, by rule, in bulk, passed on, cancelled.

Whatever is given once (a welcome, a birthday, one of a batch) has an id made from who gets it and why: given twice, on this till or
another, it is one coupon.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final
from uuid import UUID

from app.domain.authority import Approval, Right
from app.domain.birthday import LunarToSolar, birthday_of, is_birthday_month
from app.domain.errors import Refused
from app.domain.ids import MemberId, TransactionId
from app.domain.loyalty.coupon import (
    Coupon,
    CouponEvent,
    CouponEventKind,
    CouponId,
    CouponSource,
    given_id,
    passed_on_id,
    uses_left,
    why_spent,
)
from app.domain.loyalty.coupon_code import typed_of
from app.domain.loyalty.coupon_terms import CouponTerms, Occasion
from app.service.coupon_desk import CouponDesk
from app.service.ports import AuditEvent, Clock, IdSource, Store, UnitOfWork
from app.service.session import Session

if TYPE_CHECKING:
    from app.service.coupon_ports import KnownCoupon

COUPONS_AT_ONCE_MAX: Final = 250

Progress = Callable[[int, int], None]


class CouponOffice:
    """Gives and ends coupons. What they are worth at the counter is :class:`app.service.coupon_desk.CouponDesk`'s."""

    def __init__(self, store: Store, session: Session, clock: Clock, ids: IdSource, desk: CouponDesk) -> None:
        self._store = store
        self._session = session
        self._clock = clock
        self._ids = ids
        self._desk = desk

    # --- giving ----------------------------------------------------------------------------------------------------

    def issue(
        self, template: str, member_id: MemberId | None = None, approval: Approval | None = None
    ) -> Coupon:
        """One coupon, given by hand. Raises Refused: "coupon_template_unknown", "coupon_needs_member", "coupon_ended"."""
        self._session.permit(Right.SETTINGS, 1, approval)
        with self._store.begin() as work:
            coupon = self.new(template, member_id, CouponSource.HAND, self._ids())
            self._desk.ensure_keys(work)
            work.coupons.issue(coupon)
            work.audit(self._event("coupon_issued", coupon, approval))
            work.commit()
        return coupon

    def issue_to(
        self,
        template: str,
        member_ids: Sequence[MemberId],
        batch: str,
        progress: Progress = lambda _done, _total: None,
        approval: Approval | None = None,
    ) -> int:
        """One coupon for each of these members. Returns how many were new: who has one of this batch already gets no second one.

        Goes in steps, and the till sells in between. Raises Cancelled when ``progress`` does; what was given stays given, and a second
        run goes on where the first one stopped.
        """
        assert batch
        self._session.permit(Right.SETTINGS, 1, approval)
        given = 0
        for first in range(0, len(member_ids), COUPONS_AT_ONCE_MAX):
            progress(first, len(member_ids))
            some = member_ids[first : first + COUPONS_AT_ONCE_MAX]
            now = self._clock.now_ms()
            with self._store.begin() as work:
                self._desk.ensure_keys(work)
                coupons = [self._of_batch(template, member_id, batch, now) for member_id in some]
                given += work.coupons.issue_all(self._ids(), coupons)
                work.commit()
        progress(len(member_ids), len(member_ids))
        return given

    def give(
        self,
        work: UnitOfWork,
        occasion: Occasion,
        member_id: MemberId,
        *,
        which: str = "",
        tier: str = "",
        visit: int = 0,
        transaction_id: TransactionId | None = None,
    ) -> tuple[Coupon, ...]:
        """What the rules give on this occasion, within a unit of work. ``which`` tells one occasion from the next (the year of a birthday).

        Whoever was given a coupon on it before gets no second one, on this till or another.
        """
        version, rules = self._desk.rules()
        if not version:
            return ()
        given = []
        for terms in rules.given_on(occasion, tier=tier, visit=visit):
            coupon_id = given_id(member_id, occasion.value, which or tier or str(visit or ""), terms.key)
            coupon = self.made(
                terms,
                version,
                member_id,
                CouponSource.RULE,
                coupon_id,
                batch=occasion.value,
                transaction_id=transaction_id,
            )
            if coupon is not None:
                self._desk.ensure_keys(work)
                if work.coupons.issue(coupon):
                    given.append(coupon)
        return tuple(given)

    def give_birthdays(
        self, on: date, lunar_to_solar: LunarToSolar, progress: Progress = lambda _done, _total: None
    ) -> int:
        """What the rules give for the birthdays of this month, solar and lunar. Returns how many coupons were new.

        May be asked every day: who has this year's gets no second one. Raises Cancelled when ``progress`` does.
        """
        if not self._desk.rules()[1].given_on(Occasion.BIRTHDAY):
            return 0
        celebrating = [
            member.id
            for member in self._store.members.everyone()
            if (birthday := birthday_of(member.birthday)) is not None
            and is_birthday_month(birthday, on, lunar_to_solar)
        ]
        given = 0
        for first in range(0, len(celebrating), COUPONS_AT_ONCE_MAX):
            progress(first, len(celebrating))
            with self._store.begin() as work:
                for member_id in celebrating[first : first + COUPONS_AT_ONCE_MAX]:
                    given += len(self.give(work, Occasion.BIRTHDAY, member_id, which=str(on.year)))
                work.commit()
        progress(len(celebrating), len(celebrating))
        return given

    def new(
        self,
        template: str,
        member_id: MemberId | None,
        source: CouponSource,
        coupon_id: UUID,
        *,
        batch: str = "",
        issued_at: int | None = None,
        transaction_id: TransactionId | None = None,
    ) -> Coupon:
        """A coupon that is not issued yet. Raises Refused as ``issue`` does."""
        version, rules = self._desk.rules()
        terms = rules.template(template)
        if terms is None:
            raise Refused("coupon_template_unknown", template=template)
        if terms.is_personal and member_id is None:
            raise Refused("coupon_needs_member")
        coupon = self.made(
            terms,
            version,
            member_id,
            source,
            coupon_id,
            batch=batch,
            issued_at=issued_at,
            transaction_id=transaction_id,
        )
        if coupon is None:
            raise Refused("coupon_ended", name=terms.name)
        return coupon

    def _of_batch(self, template: str, member_id: MemberId, batch: str, now: int) -> Coupon:
        coupon_id = given_id(member_id, "batch", batch, template)
        return self.new(template, member_id, CouponSource.BULK, coupon_id, batch=batch, issued_at=now)

    def made(
        self,
        terms: CouponTerms,
        version: int,
        member_id: MemberId | None,
        source: CouponSource,
        coupon_id: UUID,
        *,
        batch: str = "",
        issued_at: int | None = None,
        transaction_id: TransactionId | None = None,
    ) -> Coupon | None:
        """None where its last day would lie before its first, or is over."""
        today = self._desk.business_date()
        first, last = terms.valid_when_issued(today)
        if last is not None and (last < first or last < today):
            return None
        return Coupon(
            id=CouponId(coupon_id),
            code=typed_of(coupon_id),
            template=terms.key,
            rule_version=version,
            issued_at=self._clock.now_ms() if issued_at is None else issued_at,
            valid_from=first,
            valid_to=last,
            uses_max=terms.uses_max,
            source=source,
            member_id=member_id,
            batch=batch,
            transaction_id=transaction_id,
        )

    # --- ending ----------------------------------------------------------------------------------------------------

    def cancel(self, coupon_id: UUID, reason: str, approval: Approval | None = None) -> None:
        """Nobody can use it any more. Raises Refused: "coupon_unknown", "coupon_used", "coupon_cancelled"."""
        if not reason.strip():
            raise Refused("reason_needed")
        self._session.permit(Right.SETTINGS, 1, approval)
        with self._store.begin() as work:
            known = self._alive(work, coupon_id)
            work.coupons.record(self._ending(known, CouponEventKind.CANCELLED, known.owner))
            event = self._event("coupon_cancelled", known.coupon, approval)
            work.audit(replace(event, details={**event.details, "reason": reason.strip()[:200]}))
            work.commit()

    def pass_on(self, coupon_id: UUID, to: MemberId) -> Coupon:
        """To another member, who has a coupon of their own for what was left of it. Raises Refused("coupon_not_transferable") …"""
        self._session.require_operator()
        with self._store.begin() as work:
            known = self._alive(work, coupon_id)
            old = known.coupon
            if not self._desk.terms_of(old).is_transferable or known.owner == to:
                raise Refused("coupon_not_transferable")
            work.coupons.record(self._ending(known, CouponEventKind.TRANSFERRED, to))
            new_id = passed_on_id(old.id, to)
            coupon = replace(
                old,
                id=new_id,
                code=typed_of(new_id),
                issued_at=self._clock.now_ms(),
                uses_max=uses_left(old, known.events),
                source=CouponSource.PASSED_ON,
                member_id=to,
                batch=old.id.hex,
                transaction_id=None,
            )
            work.coupons.issue(coupon)
            work.commit()
        return coupon

    def _alive(self, work: UnitOfWork, coupon_id: UUID) -> KnownCoupon:
        known = work.coupons.by_id(coupon_id)
        if known is None:
            raise Refused("coupon_unknown")
        spent = why_spent(known.coupon, known.events)
        if spent:
            raise Refused(spent)
        return known

    def _ending(self, known: KnownCoupon, kind: CouponEventKind, member_id: MemberId | None) -> CouponEvent:
        return CouponEvent(
            id=self._ids(),
            coupon_id=known.coupon.id,
            kind=kind,
            occurred_at=self._clock.now_ms(),
            business_date=self._desk.business_date(),
            member_id=member_id,
            operator_id=self._session.operator_id,
        )

    # --- inside ----------------------------------------------------------------------------------------------------

    def _event(self, kind: str, coupon: Coupon, approval: Approval | None) -> AuditEvent:
        return AuditEvent(
            kind,
            self._session.operator_id,
            self._clock.now_ms(),
            {"coupon": coupon.id.hex, "template": coupon.template},
            approved_by=approval.approved_by if approval else None,
        )
