"""What a sale earns under the rules, with a trace that explains every part of it. Pure functions.

The base is what was paid for goods that earn, less what was paid by means that never earn (points). All of it is counted first and
multiplied afterwards, so that 1,270 at 1 for 100 and ×1.5 is 12 and then 6 more. Points per line are kept where the rules tell
lines apart, so that a return takes back just what its goods earned.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.domain.ids import CategoryId, ItemId
from app.domain.loyalty.phrase import Phrase, Worded, phrase
from app.domain.loyalty.points_rules import (
    FACTOR_ONE,
    Combine,
    Multiplier,
    Per,
    PointsRules,
    Rate,
    Rounding,
)
from app.domain.money import Currency, Money, allocate, round_half_up
from app.domain.tender import Tender
from app.domain.transaction import SaleLine


@dataclass(frozen=True, slots=True)
class SoldGoods:
    """One sold line as the rules see it. ``categories`` runs from the root to the leaf; ``net`` is what was paid, in minor units."""

    number: int
    item_id: ItemId
    categories: tuple[CategoryId, ...]
    net: int
    earns: bool = True


@dataclass(frozen=True, slots=True)
class SaleView:
    """A sale as the rules see it. ``uncounted`` (minor units) was paid by means that never earn.

    ``tier`` and ``tier_factor`` are the member's as the sale begins: what it makes of them counts from the next one on.
    """

    on: date
    goods: tuple[SoldGoods, ...]
    currency: Currency
    uncounted: int = 0
    tier: str = ""
    tier_factor: int = FACTOR_ONE
    is_birthday_month: bool = False


@dataclass(frozen=True, slots=True)
class TracePart:
    """``points`` of the result, and why."""

    why: Phrase
    points: int


@dataclass(frozen=True, slots=True)
class Earned:
    """``by_line``: (line number, points) where that is not simply each line's share of what was paid."""

    points: int
    trace: tuple[TracePart, ...] = ()
    by_line: tuple[tuple[int, int], ...] = ()


NOTHING: Final = Earned(0)


def earned(rules: PointsRules, sale: SaleView) -> Earned:
    """What the goods of this sale earn."""
    counted, left_out = _counted(rules, sale)
    multipliers = [one for one in _multipliers(rules, sale) if one.factor > FACTOR_ONE]
    heaps = _heaps(rules, counted, multipliers)
    trace = _Trace(sale.currency)
    by_line: dict[int, int] = dict.fromkeys((goods.number for goods, _ in counted), 0)
    for heap in heaps:
        for part in (heap,) if rules.per is Per.TICKET else _each_alone(heap):
            _earn(rules, part, trace, by_line)
    if left_out:
        trace.note("rules.trace_excluded", left_out)
    if sale.uncounted and counted:
        trace.note("rules.trace_uncounted", sale.uncounted)
    # Lines that the rules leave out would have a share of what was paid, and earned nothing.
    is_even = len(heaps) == 1 and heaps[0].is_even and rules.per is Per.TICKET and not left_out
    points = sum(by_line.values())
    return Earned(points, trace.parts(), () if is_even or not points else tuple(by_line.items()))


def plain_points(
    rules: PointsRules, lines: Iterable[SaleLine], tenders: Iterable[Tender], occasion: SaleView
) -> int | None:
    """The points of :func:`earned` where nothing in the rules tells this ticket's goods apart; None where something does.

    ``occasion`` is the sale as far as it is no matter of goods. Every sale asks, so nothing is told of why.
    """
    if rules.rates or rules.per is not Per.TICKET or not rules.excluded.is_none:
        return None
    multipliers = [one for one in _multipliers(rules, occasion) if one.factor > FACTOR_ONE]
    if any(not one.goods.is_none for one in multipliers):
        return None
    nets = [line.net.minor for line in lines if line.earns_points and not line.is_return]
    paid = sum([net for net in nets if net > 0])
    points = _steps(rules.rounding, paid - min(paid, _uncounted(rules, tenders)), rules.base)
    factor = whole = 1
    for one in _applied(rules, multipliers):
        factor, whole = factor * one.factor, whole * FACTOR_ONE
    return points if factor == whole else _times(rules.rounding, points, factor, whole)


def view_of(
    rules: PointsRules,
    lines: Iterable[SaleLine],
    tenders: Iterable[Tender],
    categories_of: Mapping[CategoryId, tuple[CategoryId, ...]],
    *,
    on: date,
    currency: Currency,
    tier: str = "",
    tier_factor: int = FACTOR_ONE,
    is_birthday_month: bool = False,
) -> SaleView:
    """The view of a ticket: its sold lines alone, what comes back earns nothing here.

    ``categories_of`` gives the path of each category, itself included; one that is not there is its own path.
    """
    return SaleView(
        on=on,
        goods=tuple(
            SoldGoods(
                line.number,
                line.item_id,
                _path(line.category_id, categories_of),
                line.net.minor,
                line.earns_points,
            )
            for line in lines
            if not line.is_return
        ),
        currency=currency,
        uncounted=_uncounted(rules, tenders),
        tier=tier,
        tier_factor=tier_factor,
        is_birthday_month=is_birthday_month,
    )


def _uncounted(rules: PointsRules, tenders: Iterable[Tender]) -> int:
    """What was paid by means that never earn."""
    return sum([one.amount.minor for one in tenders if one.kind in rules.uncounted and one.amount.minor > 0])


def _path(
    category: CategoryId | None, categories_of: Mapping[CategoryId, tuple[CategoryId, ...]]
) -> tuple[CategoryId, ...]:
    return () if category is None else categories_of.get(category, (category,))


# --- what counts ------------------------------------------------------------------------------------------------------

Counted = tuple[SoldGoods, int]


def _counted(rules: PointsRules, sale: SaleView) -> tuple[list[Counted], int]:
    """The goods that earn, each with the part of its price that counts; and what was paid for goods that the rules leave out."""
    earning, left_out = [], 0
    excluded = rules.excluded
    for goods in sale.goods:
        if not goods.earns or goods.net <= 0:
            continue
        if not excluded.is_none and excluded.covers(goods.item_id, goods.categories):
            left_out += goods.net
        else:
            earning.append(goods)
    nets = [goods.net for goods in earning]
    if sale.uncounted and nets:
        taken = allocate(min(sale.uncounted, sum(nets)), nets)
        nets = [net - off for net, off in zip(nets, taken, strict=True)]
    return list(zip(earning, nets, strict=True)), left_out


def _multipliers(rules: PointsRules, sale: SaleView) -> list[Multiplier]:
    """Those whose day, tier and birthday hold; the goods are asked line by line."""
    running = [
        one
        for one in rules.multipliers
        if (not one.tiers or sale.tier in one.tiers)
        and (not one.in_birthday_month or sale.is_birthday_month)
        and one.is_on(sale.on)
    ]
    if sale.tier_factor > FACTOR_ONE:
        running.append(Multiplier(sale.tier_factor, tiers=frozenset({sale.tier})))
    return running


# --- heaps: goods that earn alike -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Heap:
    """Goods of one rate, apart by the multipliers that are theirs."""

    rate: Rate
    shares: tuple[tuple[tuple[Multiplier, ...], tuple[Counted, ...]], ...]

    @property
    def is_even(self) -> bool:
        return len(self.shares) == 1


def _heaps(rules: PointsRules, counted: Sequence[Counted], multipliers: Sequence[Multiplier]) -> list[_Heap]:
    is_plain = not rules.rates and all(one.goods.is_none for one in multipliers)
    if is_plain:
        applied = _applied(rules, multipliers)
        return [_Heap(rules.base, ((applied, tuple(counted)),))] if counted else []
    heaps: dict[Rate, dict[tuple[Multiplier, ...], list[Counted]]] = {}
    for goods, amount in counted:
        own = [
            one
            for one in multipliers
            if one.goods.is_none or one.goods.covers(goods.item_id, goods.categories)
        ]
        shares = heaps.setdefault(rules.rate_of(goods.item_id, goods.categories), {})
        shares.setdefault(_applied(rules, own), []).append((goods, amount))
    return [
        _Heap(rate, tuple((applied, tuple(some)) for applied, some in shares.items()))
        for rate, shares in heaps.items()
    ]


def _applied(rules: PointsRules, multipliers: Sequence[Multiplier]) -> tuple[Multiplier, ...]:
    if rules.combine is Combine.BEST and len(multipliers) > 1:
        return (max(multipliers, key=lambda one: one.factor),)
    return tuple(multipliers)


def _each_alone(heap: _Heap) -> Sequence[_Heap]:
    return [_Heap(heap.rate, ((applied, (one,)),)) for applied, counted in heap.shares for one in counted]


# --- points -----------------------------------------------------------------------------------------------------------


def _earn(rules: PointsRules, heap: _Heap, trace: _Trace, by_line: dict[int, int]) -> None:
    """The base of a heap, then what its multipliers add to each share of it."""
    everything = [one for _, counted in heap.shares for one in counted]
    amount = sum(part for _, part in everything)
    base = _steps(rules.rounding, amount, heap.rate)
    trace.base(heap.rate, amount, base)
    _spread(base, everything, by_line)
    for applied, counted in heap.shares:
        if not applied:
            continue
        own = base if heap.is_even else _steps(rules.rounding, sum(part for _, part in counted), heap.rate)
        before, factor, whole = own, FACTOR_ONE, FACTOR_ONE
        for one in applied:
            factor, whole = factor * one.factor, whole * FACTOR_ONE
            after = _times(rules.rounding, own, factor, whole)
            trace.multiplied(one, after - before)
            before = after
        _spread(before - own, counted, by_line)


def _steps(rounding: Rounding, amount: int, rate: Rate) -> int:
    if not rate.earns:
        return 0
    if rounding is Rounding.HALF_UP:
        return round_half_up(amount, rate.step_minor) * rate.points
    return amount // rate.step_minor * rate.points


def _times(rounding: Rounding, points: int, factor: int, whole: int) -> int:
    if rounding is Rounding.HALF_UP:
        return round_half_up(points * factor, whole)
    return points * factor // whole


def _spread(points: int, counted: Sequence[Counted], by_line: dict[int, int]) -> None:
    """To the lines, each its share of what was paid for them."""
    if not points:
        return
    for (goods, _), part in zip(counted, allocate(points, [amount for _, amount in counted]), strict=True):
        by_line[goods.number] += part


class _Trace:
    """The parts in the order in which they were worked out; parts that say the same are one."""

    def __init__(self, currency: Currency) -> None:
        self._currency = currency
        self._base: dict[Rate, tuple[int, int]] = {}
        self._multiplied: dict[Multiplier, int] = {}
        self._notes: list[TracePart] = []

    def base(self, rate: Rate, amount: int, points: int) -> None:
        before = self._base.get(rate, (0, 0))
        self._base[rate] = (before[0] + amount, before[1] + points)

    def multiplied(self, multiplier: Multiplier, points: int) -> None:
        self._multiplied[multiplier] = self._multiplied.get(multiplier, 0) + points

    def note(self, key: str, amount: int) -> None:
        self._notes.append(TracePart(phrase(key, amount=Money(amount, self._currency)), 0))

    def parts(self) -> tuple[TracePart, ...]:
        return (
            *(self._base_part(rate, *told) for rate, told in self._base.items()),
            *(TracePart(multiplied_by(one), points) for one, points in self._multiplied.items()),
            *self._notes,
        )

    def _base_part(self, rate: Rate, amount: int, points: int) -> TracePart:
        paid = Money(amount, self._currency)
        if not rate.earns:
            return TracePart(phrase("rules.trace_no_rate", amount=paid), points)
        step = Money(rate.step_minor, self._currency)
        return TracePart(
            phrase("rules.trace_base", amount=paid, step=step, points=rate.points, result=points), points
        )


def multiplied_by(multiplier: Multiplier) -> Phrase:
    """Why points were multiplied: the rule's own name, or what it asks for."""
    return phrase("rules.trace_multiplier", name=_name_of(multiplier), factor=factor_words(multiplier.factor))


def _name_of(multiplier: Multiplier) -> Worded:
    if multiplier.name:
        return multiplier.name
    if multiplier.in_birthday_month:
        return phrase("rules.birthday_month")
    if multiplier.tiers:
        return phrase("rules.tier_named", tiers=tuple(sorted(multiplier.tiers)))
    if multiplier.weekdays and not (multiplier.month_days or multiplier.nth_weekdays):
        return tuple(phrase(f"rules.weekday_{day}") for day in sorted(multiplier.weekdays))
    if multiplier.month_days or multiplier.nth_weekdays:
        return phrase("rules.member_day")
    return phrase("rules.chosen_goods") if not multiplier.goods.is_none else phrase("rules.campaign")


def factor_words(factor: int) -> str:
    """``150`` -> ``1.5``."""
    whole, part = divmod(factor, FACTOR_ONE)
    return f"{whole}.{part:02}".rstrip("0").rstrip(".") if part else str(whole)
