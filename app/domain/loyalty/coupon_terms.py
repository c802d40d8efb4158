"""The shop's coupons as the owner wrote them down: templates, who is given one and when, and which one a receipt carries.

A template is pinned where its coupon is issued: a coupon keeps the terms of the rule version that is printed on it, whatever changes later.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from app.domain.ids import MemberId
from app.domain.loyalty.coupon_benefit import Benefit, Token, Window

AREA: Final = "coupons"
KEY: Final = re.compile(r"[A-Z0-9]{1,12}")
USES_MAX: Final = 99
TEMPLATES_MAX: Final = 200
NEXT_VISITS_MAX: Final = 50


@dataclass(frozen=True, slots=True)
class CouponTerms:
    """One template. ``key`` is unique in the shop and printed in every code; ``name`` is what customers read; ``note`` is printed below it.

    Valid within ``starts_on``–``ends_on``, and at most ``days_valid`` days, the first one ``starts_after_days`` after the day of issue.
    A personal coupon belongs to the member it is given to and to nobody else, unless it is transferable. A coupon that goes alone is used
    with no other coupon.
    """

    key: str
    name: str
    benefit: Benefit
    note: str = ""
    uses_max: int = 1
    is_personal: bool = False
    is_transferable: bool = False
    is_alone: bool = True
    tiers: frozenset[str] = frozenset()
    starts_on: date | None = None
    ends_on: date | None = None
    days_valid: int | None = None
    starts_after_days: int = 0
    weekdays: frozenset[int] = frozenset()
    time_from: int | None = None
    time_to: int | None = None

    def __post_init__(self) -> None:
        assert KEY.fullmatch(self.key)
        assert self.name.strip()
        assert 1 <= self.uses_max <= USES_MAX
        assert self.days_valid is None or 1 <= self.days_valid <= 3650
        assert 0 <= self.starts_after_days <= 365
        assert self.is_personal or not self.is_transferable, "what belongs to nobody is passed on by hand"
        assert self.starts_on is None or self.ends_on is None or self.starts_on <= self.ends_on
        Window(None, None, self.weekdays, self.time_from, self.time_to)

    def valid_when_issued(self, on: date) -> tuple[date, date | None]:
        """The first and the last day of a coupon issued on this business date; the last may lie before the first, of an ended campaign."""
        first = on + timedelta(days=self.starts_after_days)
        if self.starts_on is not None:
            first = max(first, self.starts_on)
        lasts = [self.ends_on] if self.ends_on is not None else []
        if self.days_valid is not None:
            lasts.append(first + timedelta(days=self.days_valid - 1))
        return first, min(lasts) if lasts else None

    def token(self, source: str, first: date, last: date | None, holder: MemberId | None) -> Token:
        """This template laid on the counter, for a coupon valid on these days. ``holder`` None: whoever brings it."""
        window = Window(first, last, self.weekdays, self.time_from, self.time_to)
        return Token(source, self.name, self.benefit, window, holder, self.tiers, self.is_alone)


class Occasion(StrEnum):
    """When a coupon is given by itself."""

    WELCOME = "welcome"  # with the first sale of a new member
    BIRTHDAY = "birthday"  # once a year
    TIER = "tier"  # on entering the tier named in ``tier``
    VISIT = "visit"  # with the visit numbered ``n``, or every n-th with ``is_repeated``
    REFERRAL = "referral"  # to whoever brought a new member
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Gift:
    """A template given on an occasion."""

    occasion: Occasion
    template: str
    tier: str = ""
    n: int = 0
    is_repeated: bool = False

    def __post_init__(self) -> None:
        assert (self.occasion is Occasion.VISIT) == (self.n > 0)

    def is_due(self, visit: int) -> bool:
        """Whether it is given with this visit (1 is the first)."""
        if self.occasion is not Occasion.VISIT or visit < 1:
            return False
        return visit % self.n == 0 if self.is_repeated else visit == self.n


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is about to get a receipt. ``visits`` counts this one; ``days_away`` is None for somebody never seen before."""

    is_member: bool = False
    tier: str = ""
    segment: str = ""
    visits: int = 0
    days_away: int | None = None
    total_minor: int = 0


@dataclass(frozen=True, slots=True)
class NextVisit:
    """Who gets this template on the receipt. Every condition that is named must hold; ``members_only`` leaves walk-ins out."""

    template: str
    members_only: bool = False
    tiers: frozenset[str] = frozenset()
    segments: frozenset[str] = frozenset()
    visits_from: int = 0
    visits_to: int | None = None
    days_away_from: int = 0
    total_from: int = 0

    def fits(self, visitor: Visitor) -> bool:
        if not visitor.is_member:
            needs_member = self.members_only or self.tiers or self.segments or self.visits_from
            if needs_member or self.visits_to is not None or self.days_away_from:
                return False
        return (
            visitor.total_minor >= self.total_from
            and (not self.tiers or visitor.tier in self.tiers)
            and (not self.segments or visitor.segment in self.segments)
            and visitor.visits >= self.visits_from
            and (self.visits_to is None or visitor.visits <= self.visits_to)
            and (not self.days_away_from or (visitor.days_away or 0) >= self.days_away_from)
        )


@dataclass(frozen=True, slots=True)
class CouponRules:
    """All of it, in one version. ``next_visits`` are asked in their order; the first that fits goes on the receipt."""

    templates: tuple[CouponTerms, ...] = ()
    gifts: tuple[Gift, ...] = ()
    next_visits: tuple[NextVisit, ...] = ()

    def __post_init__(self) -> None:
        keys = {terms.key for terms in self.templates}
        assert len(keys) == len(self.templates) <= TEMPLATES_MAX, "each template has a key of its own"
        assert all(gift.template in keys for gift in self.gifts)
        assert all(each.template in keys for each in self.next_visits)
        assert len(self.next_visits) <= NEXT_VISITS_MAX

    def template(self, key: str) -> CouponTerms | None:
        return next((terms for terms in self.templates if terms.key == key), None)

    def for_receipt(self, visitor: Visitor) -> CouponTerms | None:
        """The next-visit coupon of this customer's receipt."""
        for each in self.next_visits:
            terms = self.template(each.template)
            if terms is not None and each.fits(visitor) and (visitor.is_member or not terms.is_personal):
                return terms
        return None

    def given_on(self, occasion: Occasion, *, tier: str = "", visit: int = 0) -> tuple[CouponTerms, ...]:
        """The templates that this occasion gives."""
        due = [
            self.template(gift.template)
            for gift in self.gifts
            if gift.occasion is occasion
            and (occasion is not Occasion.TIER or gift.tier == tier)
            and (occasion is not Occasion.VISIT or gift.is_due(visit))
        ]
        return tuple(terms for terms in due if terms is not None)


NO_RULES: Final = CouponRules()
