"""What if the rules had been others: past sales replayed, and what it would have cost, told apart by tier, category and member.

History is never changed: what the books say stands on one side, what the draft would have given on the other. Goods that came back are
taken off on both sides by the same share.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from app.domain.ids import MemberId, TransactionId
from app.domain.loyalty.bonus import TIER_SOURCE, Grant, Purchase, due_for_referral, due_with_purchase
from app.domain.loyalty.earning import Earned, SaleView, SoldGoods, earned
from app.domain.loyalty.points_rules import BonusKind, PointsRules
from app.domain.loyalty.term import Term, TermKind
from app.domain.loyalty.tiers import (
    FACTOR_ONE,
    NO_TIER,
    TierBasis,
    TierEventKind,
    TierRules,
    TierState,
    Window,
    assess,
)
from app.domain.money import Currency, allocate, round_half_up

TOP_MEMBERS: Final = 20
BY_HAND: Final = frozenset({BonusKind.REVIEW._value_, ""})


@dataclass(frozen=True, slots=True)
class RuleSet:
    """What is replayed. ``tiers`` None: everybody had the tier that they had."""

    points: PointsRules
    tiers: TierRules | None = None


@dataclass(frozen=True, slots=True)
class PastSale:
    """A member's sale as the books have it. ``booked`` and ``booked_by_line`` are the points its goods earned.

    ``returned`` is what went back for each line since, in minor units; ``spent`` the points spent on the ticket (signed), ``total`` the
    ticket's total. A ticket with no ``goods`` is a return, or a purchase before the first day: it only counts for tiers and spending.
    """

    id: TransactionId
    member_id: MemberId
    on: date
    goods: tuple[SoldGoods, ...]
    uncounted: int
    booked: int
    booked_by_line: Mapping[int, int]
    returned: Mapping[int, int]
    spent: int
    total: int
    is_purchase: bool
    is_enrolment: bool
    tier: str
    is_birthday: bool
    is_birthday_month: bool


@dataclass(frozen=True, slots=True)
class Share:
    """One tier's or category's part: points as booked, and as they would have been."""

    key: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class MemberChange:
    member_id: MemberId
    before: int
    after: int

    @property
    def change(self) -> int:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Side:
    """``points`` earned with goods that were kept, ``bonuses`` given, ``expired`` of both before the last day; ``value_minor`` of the rest.

    ``redeemed_minor`` is what the points that were spent took off, at this side's value of a point.
    """

    points: int
    bonuses: int
    expired: int
    value_minor: int
    redeemed_minor: int


@dataclass(frozen=True, slots=True)
class WhatIfResult:
    """``cost_minor`` is how much more (or less) the points would have been worth. ``tiers`` are (code, members) on the last day."""

    first_day: date
    last_day: date
    sales: int
    sales_changed: int
    members: int
    before: Side
    after: Side
    by_tier: tuple[Share, ...]
    by_category: tuple[Share, ...]
    gained: tuple[MemberChange, ...]
    lost: tuple[MemberChange, ...]
    members_gained: int
    members_lost: int
    tiers_before: tuple[tuple[str, int], ...]
    tiers_after: tuple[tuple[str, int], ...]

    @property
    def cost_minor(self) -> int:
        return self.after.value_minor - self.before.value_minor


class Wallet:
    """A member's points by the day they end, spent from those that end first. What was there before is spent first of all."""

    __slots__ = ("expired", "last_purchase", "lots", "opening")

    def __init__(self, opening: int) -> None:
        self.opening = opening
        self.lots: deque[list[int]] = deque()  # [last day as an ordinal, points], first to end first
        self.expired = 0
        self.last_purchase = 0

    def turn_to(self, day: int, term: Term) -> None:
        """End what has ended before this day."""
        if term.kind is TermKind.INACTIVITY and self.last_purchase and day > self.last_purchase + term.count:
            self.expired += max(0, self.opening) + sum(points for _, points in self.lots)
            self.opening = min(0, self.opening)
            self.lots.clear()
        while self.lots and self.lots[0][0] < day:
            self.expired += self.lots.popleft()[1]

    def add(self, points: int, last_day: date | None) -> None:
        end = date.max.toordinal() if last_day is None else last_day.toordinal()
        lots = self.lots
        if not lots or lots[-1][0] <= end:
            lots.append([end, points])
            return
        at = next(place for place, lot in enumerate(lots) if lot[0] > end)
        lots.insert(at, [end, points])

    def spend(self, points: int) -> None:
        """What the lots do not hold was there before, or is owed."""
        from_opening = min(points, max(0, self.opening)) if points > 0 else points
        self.opening -= from_opening
        left = points - from_opening
        while left and self.lots:
            first = self.lots[0]
            part = min(left, first[1])
            first[1] -= part
            left -= part
            if not first[1]:
                self.lots.popleft()
        self.opening -= left


class TierTrack:
    """What one member did within the window, and the tier that follows. Days come in their order."""

    __slots__ = ("_amount", "_days", "state")

    def __init__(self) -> None:
        self._days: deque[tuple[date, int]] = deque()
        self._amount = 0
        self.state: TierState = NO_TIER

    def add(self, on: date, amount: int) -> None:
        self._days.append((on, amount))
        self._amount += amount

    def visit(self, on: date) -> None:
        """One purchase a day counts."""
        if not self._days or self._days[-1][0] != on:
            self.add(on, 1)

    def decide(self, rules: TierRules, window: Window, on: date) -> bool:
        """Whether a tier was reached now."""
        first = window.first_day(on)
        days = self._days
        while days and days[0][0] < first:
            self._amount -= days.popleft()[1]
        change = assess(rules, self.state, self._amount, on)
        if change is None:
            return False
        self.state = TierState(change.tier, on, change.protected_until)
        return change.kind is TierEventKind.REACHED


@dataclass(slots=True)
class _Totals:
    points: int = 0
    bonuses: int = 0


@dataclass(slots=True)
class _Member:
    before: Wallet
    after: Wallet
    track: TierTrack = field(default_factory=TierTrack)
    points_before: int = 0
    points_after: int = 0
    is_in_period: bool = False


class Replay:
    """Takes the sales in their order; ``result`` adds up. ``opening`` are balances before the first day, ``given`` bonuses before it."""

    def __init__(
        self,
        current: PointsRules,
        draft: RuleSet,
        tier_rules: TierRules,
        currency: Currency,
        first_day: date,
        last_day: date,
        *,
        opening: Mapping[MemberId, int],
        given: Iterable[UUID] = (),
        referrers: Mapping[MemberId, MemberId] | None = None,
        on_sale: Callable[[PastSale, str, Earned], None] | None = None,
    ) -> None:
        self._current = current
        self._draft = draft.points
        self._tiers = draft.tiers or tier_rules
        self._has_new_tiers = draft.tiers is not None
        self._currency = currency
        self._first, self._last = first_day, last_day
        self._opening = opening
        self._given = set(given)
        self._referrers = referrers or {}
        self._on_sale = on_sale
        self._members: dict[MemberId, _Member] = {}
        self._by_tier: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        self._by_category: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        self._goods_before, self._goods_after = _Totals(), _Totals()
        self._sales = self._changed = self._spent = 0

    # --- one sale after the other -----------------------------------------------------------------------------------

    def take(self, sale: PastSale) -> None:
        member = self._member(sale.member_id)
        if sale.on >= self._first:
            self._take_in_period(sale, member)
        if self._has_new_tiers:
            self._follow_tier(sale, member)

    def bonus_booked(self, member_id: MemberId, source: str, points: int, on: date) -> None:
        """A bonus that the books have within the period (negative: taken back). Those that are given by hand stay on both sides."""
        member = self._member(member_id)
        self._give(member, member.before, points, self._current.expires.last_day(on), is_after=False)
        is_kept = source in BY_HAND or (source == TIER_SOURCE and not self._has_new_tiers)
        if is_kept:
            self._give(member, member.after, points, self._draft.expires.last_day(on), is_after=True)

    def _take_in_period(self, sale: PastSale, member: _Member) -> None:
        member.is_in_period = True
        day = sale.on.toordinal()
        member.before.turn_to(day, self._current.expires)
        member.after.turn_to(day, self._draft.expires)
        if sale.spent:
            self._spent += sale.spent
            member.before.spend(sale.spent)
            member.after.spend(sale.spent)
        if sale.is_purchase:
            member.before.last_purchase = member.after.last_purchase = day
        if not sale.goods:
            return
        tier = member.track.state.tier if self._has_new_tiers else sale.tier
        result = self._earned(sale, tier)
        if self._on_sale is not None:
            self._on_sale(sale, tier, result)
        self._book(sale, member, tier, result)
        if sale.is_purchase and any(sale.returned.get(one.number, 0) < one.net for one in sale.goods):
            self._bonuses(sale, member)

    def _earned(self, sale: PastSale, tier: str) -> Earned:
        return earned(
            self._draft,
            SaleView(
                sale.on,
                sale.goods,
                self._currency,
                sale.uncounted,
                tier,
                self._tiers.factor_of(tier) if tier else FACTOR_ONE,
                sale.is_birthday_month,
            ),
        )

    def _book(self, sale: PastSale, member: _Member, tier: str, result: Earned) -> None:
        """Both sides of one sale, less what came back of it."""
        after_by_line = dict(result.by_line) if result.by_line else spread_evenly(sale.goods, result.points)
        before = after = 0
        for goods in sale.goods:
            back = sale.returned.get(goods.number, 0)
            was = kept(sale.booked_by_line.get(goods.number, 0), back, goods.net)
            would_be = kept(after_by_line.get(goods.number, 0), back, goods.net)
            before, after = before + was, after + would_be
            if was or would_be:
                leaf = goods.categories[-1].hex if goods.categories else ""
                shares = self._by_category[leaf]
                shares[0] += was
                shares[1] += would_be
        self._sales += 1
        self._changed += before != after
        shares = self._by_tier[tier]
        shares[0] += before
        shares[1] += after
        self._goods_before.points += before
        self._goods_after.points += after
        member.points_before += before
        member.points_after += after
        if before > 0:
            member.before.add(before, self._current.expires.last_day(sale.on))
        if after > 0:
            member.after.add(after, self._draft.expires.last_day(sale.on))

    def _bonuses(self, sale: PastSale, member: _Member) -> None:
        if not self._draft.bonuses:
            return
        purchase = Purchase(
            sale.member_id,
            sale.on,
            sum(goods.net for goods in sale.goods),
            sale.is_enrolment,
            sale.is_birthday,
            sale.is_birthday_month,
        )
        grants: list[Grant] = list(due_with_purchase(self._draft, purchase))
        referrer = self._referrers.get(sale.member_id)
        if referrer is not None:
            grants += due_for_referral(self._draft, purchase, referrer)
        for grant in grants:
            entry_id = grant.entry_id()
            if entry_id not in self._given:
                self._given.add(entry_id)
                whose = member if grant.member_id == sale.member_id else self._member(grant.member_id)
                self._give(whose, whose.after, grant.points, grant.term.last_day(sale.on), is_after=True)

    def _give(
        self, member: _Member, wallet: Wallet, points: int, last_day: date | None, *, is_after: bool
    ) -> None:
        if points > 0:
            wallet.add(points, last_day)
        else:
            wallet.spend(-points)
        if is_after:
            member.points_after += points
            self._goods_after.bonuses += points
        else:
            member.points_before += points
            self._goods_before.bonuses += points
        member.is_in_period = True

    def _follow_tier(self, sale: PastSale, member: _Member) -> None:
        rules = self._tiers
        match rules.basis:
            case TierBasis.SPEND:
                member.track.add(sale.on, sale.total)
            case TierBasis.VISITS:
                if sale.is_purchase:
                    member.track.visit(sale.on)
            case TierBasis.POINTS:
                member.track.add(sale.on, sale.booked)
        if member.track.decide(rules, rules.window, sale.on) and sale.on >= self._first:
            self._entry_gift(sale, member)

    def _entry_gift(self, sale: PastSale, member: _Member) -> None:
        tier = self._tiers.tier(member.track.state.tier)
        if tier is not None and tier.gift.points:
            last_day = self._draft.expires.last_day(sale.on)
            self._give(member, member.after, tier.gift.points, last_day, is_after=True)

    def _member(self, member_id: MemberId) -> _Member:
        member = self._members.get(member_id)
        if member is None:
            opening = self._opening.get(member_id, 0)
            member = self._members[member_id] = _Member(Wallet(opening), Wallet(opening))
        return member

    # --- the sum ----------------------------------------------------------------------------------------------------

    def result(self, tiers_before: Mapping[str, int]) -> WhatIfResult:
        """``tiers_before``: how many members have each tier."""
        in_period = {key: one for key, one in self._members.items() if one.is_in_period}
        changes = [
            MemberChange(key, one.points_before, one.points_after)
            for key, one in in_period.items()
            if one.points_before != one.points_after
        ]
        up = sorted((one for one in changes if one.change > 0), key=lambda one: (-one.change, one.member_id))
        down = sorted((one for one in changes if one.change < 0), key=lambda one: (one.change, one.member_id))
        end = self._last.toordinal()
        for one in in_period.values():
            one.before.turn_to(end, self._current.expires)
            one.after.turn_to(end, self._draft.expires)
        members = in_period.values()
        return WhatIfResult(
            first_day=self._first,
            last_day=self._last,
            sales=self._sales,
            sales_changed=self._changed,
            members=len(in_period),
            before=self._side(self._current, self._goods_before, sum(one.before.expired for one in members)),
            after=self._side(self._draft, self._goods_after, sum(one.after.expired for one in members)),
            by_tier=_shares(self._by_tier),
            by_category=_shares(self._by_category),
            gained=tuple(up[:TOP_MEMBERS]),
            lost=tuple(down[:TOP_MEMBERS]),
            members_gained=len(up),
            members_lost=len(down),
            tiers_before=tuple(sorted(tiers_before.items())),
            tiers_after=self._tiers_after(tiers_before),
        )

    def _side(self, rules: PointsRules, totals: _Totals, expired: int) -> Side:
        left = totals.points + totals.bonuses - expired
        return Side(
            totals.points,
            totals.bonuses,
            expired,
            _worth(rules, left),
            _worth(rules, max(0, self._spent)),
        )

    def _tiers_after(self, tiers_before: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
        if not self._has_new_tiers:
            return tuple(sorted(tiers_before.items()))
        counts: dict[str, int] = defaultdict(int)
        for one in self._members.values():
            one.track.decide(self._tiers, self._tiers.window, self._last)
            if one.track.state.tier:
                counts[one.track.state.tier] += 1
        return tuple(sorted(counts.items()))


def spread_evenly(goods: tuple[SoldGoods, ...], points: int) -> dict[int, int]:
    """What each line earned where the rules told no lines apart: its share of what was paid, as a return takes it back."""
    if not points:
        return {}
    nets = [max(0, one.net) if one.earns else 0 for one in goods]
    if not any(nets):
        nets = [max(0, one.net) for one in goods]
    if not any(nets):
        return {}
    return {one.number: part for one, part in zip(goods, allocate(points, nets), strict=True)}


def kept(points: int, returned: int, net: int) -> int:
    """What is left of a line's points after so much of its price went back: all returns together take their rounded share."""
    if not points or not returned or net <= 0:
        return points
    return points - round_half_up(points * min(returned, net), net)


def _worth(rules: PointsRules, points: int) -> int:
    return points * rules.burn.value_minor // rules.burn.value_points


def _shares(found: Mapping[str, list[int]]) -> tuple[Share, ...]:
    rows = [Share(key, before, after) for key, (before, after) in found.items()]
    return tuple(sorted(rows, key=lambda row: (-max(row.before, row.after), row.key)))
