"""Pricing a basket: a pure function from what was entered to lines, total and tax, with a trace that says why.

The order of the steps is fixed, and shown:

    item price ─> price keyed, read from the label or overridden, else for a member the lower of the member price and their tier's
                  (price_level), if it is lower than the regular one
               ─> item-level promotions, the best combination (promotion_engine)
               ─> the discount a person gave on the line
               ─> basket promotions (promotion_basket)
               ─> the discount a person gave on the basket
               ─> coupons and stamp rewards (pricing_benefits)

A promotion starts from the regular price, and the customer gets whichever is cheaper, it or the member price; one that
``stacks_on_member_price`` starts from there. Goods whose price a person or a label set take part in no promotion, and count for
no threshold. An item that is not discountable takes no discount from anyone. What comes back takes part in nothing: it is
worth what was paid for it. Every discount is shared among its lines by largest remainder, so that lines, total and tax always
agree to the last unit.

Two promises bind the steps together. Item offers that would keep a basket from reaching a basket promotion worth more are left out,
and the line says so. A member never pays more than anyone else would for the same basket.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final, NamedTuple

from app.domain.basket import Basket, BasketLine, Discount, DiscountKind
from app.domain.item import TaxClass
from app.domain.money import TWD, Currency, Money, allocate, round_half_up
from app.domain.price_level import MEMBER_LEVEL, PriceLevel
from app.domain.pricing_benefits import Effect, take_benefits
from app.domain.pricing_entry import Change, Entry, KeptLines, entry_of
from app.domain.pricing_steps import PriceStep, StepKind, explain
from app.domain.promotion import PERCENT_WHOLE
from app.domain.promotion_basket import BasketOff, best_basket_offs, can_apply_together, off_at
from app.domain.promotion_book import Audience, LocalMoment, PromotionBook
from app.domain.promotion_engine import Assignment, Goods, assign
from app.domain.promotion_offer import Rule
from app.domain.promotion_raise import raised
from app.domain.tax import TAIWAN_RATES, tax_totals
from app.domain.transaction import ModifierKind, SaleLine, TaxTotal

__all__ = [
    "LocalMoment",
    "PriceContext",
    "PriceStep",
    "Priced",
    "PromotionBook",
    "StepKind",
    "explain",
    "price",
    "takes_discount",
]

MISSED_MAX: Final = 4


@dataclass(frozen=True, slots=True)
class PriceContext:
    """What a price depends on besides the basket. ``levels`` are the tiers' by code; empty while no tier changes a price."""

    promotions: PromotionBook
    moment: LocalMoment
    tax_rates: Mapping[TaxClass, int] = field(default_factory=lambda: TAIWAN_RATES)
    currency: Currency = TWD
    levels: Mapping[str, PriceLevel] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Priced:
    """A basket with its prices. ``lines`` are the live lines in basket order.

    ``gross`` is before every discount, ``total`` after; ``savings`` is what the customer pays less than at regular prices.
    ``steps`` tell, for each line number, how its price came about; :func:`explain` puts them into words. ``effects`` are what the
    coupons and rewards on the counter do, in their order, also when that is nothing.
    """

    basket: Basket
    lines: tuple[SaleLine, ...]
    total: Money
    gross: Money
    savings: Money
    taxes: tuple[TaxTotal, ...]
    steps: Mapping[int, tuple[PriceStep, ...]]
    effects: tuple[Effect, ...] = ()

    def __post_init__(self) -> None:
        assert sum(tax.gross.minor for tax in self.taxes) == self.total.minor


def price(basket: Basket, context: PriceContext) -> Priced:
    """The basket's prices at this moment. The same basket always gets the same answer, and a member never pays more than others."""
    currency = context.currency
    audience = context.promotions.audience(context.moment, basket.member, _level(basket, context))
    entries, is_certain = _settled(basket, audience, currency)
    effects = _take_benefits(basket, entries, context)
    # A coupon's minimum may be reached at regular prices only.
    if basket.member is not None and (not is_certain or effects):
        others, _ = _settled(basket, context.promotions.audience(context.moment, None), currency)
        others_effects = _take_benefits(basket, others, context)
        if sum([entry.left for entry in others]) < sum([entry.left for entry in entries]):
            entries, effects = others, others_effects
    kept: KeptLines = {}
    lines = tuple([entry.sale_line(currency, audience.lines, kept) for entry in entries])
    audience.lines = kept
    return Priced(
        basket=basket,
        lines=lines,
        total=Money(sum([entry.left for entry in entries]), currency),
        gross=Money(sum([entry.gross for entry in entries]), currency),
        savings=Money(sum([entry.saved for entry in entries]), currency),
        taxes=tax_totals(lines, context.tax_rates, currency),
        steps=_Steps(entries, currency),
        effects=effects,
    )


def takes_discount(line: BasketLine) -> bool:
    """Whether a person may discount or reprice this line at all."""
    return line.item.is_discountable and not line.is_return and not line.gift_of


def _level(basket: Basket, context: PriceContext) -> PriceLevel:
    """A tier that is no more gives what no tier gives."""
    levels = context.levels
    if not levels or basket.member is None:
        return MEMBER_LEVEL
    return levels.get(basket.member.member.tier) or levels[""]


def _take_benefits(basket: Basket, entries: Sequence[Entry], context: PriceContext) -> tuple[Effect, ...]:
    tokens = basket.tokens
    if not tokens:
        return ()
    member = basket.member.member if basket.member is not None else None
    return take_benefits(tokens, entries, context.moment, member, context.currency)


def _settled(basket: Basket, audience: Audience, currency: Currency) -> tuple[list[Entry], bool]:
    """The live lines with everything taken off by the cheapest way found, and whether that is surely as good as for others."""
    entries = [entry_of(line, currency, audience) for line in basket.live_lines]
    offered = [(entry, entry.offer) for entry in entries if entry.offer is not None]
    assignment = assign(audience, [(offer, entry.units) for entry, offer in offered])
    settlement = _Settlement(basket, audience, entries, [entry for entry, _ in offered])
    settlement.run(assignment)
    is_plain = not any(entry.line.discount for entry, _ in offered)
    if not audience.thresholds:
        return entries, is_plain
    return entries, settlement.reach_for_more(assignment) and is_plain


class _Settlement:
    """The steps after the start prices, for one assignment of the promotions after another."""

    def __init__(
        self, basket: Basket, audience: Audience, entries: Sequence[Entry], offered: Sequence[Entry]
    ) -> None:
        self._basket = basket
        self._audience = audience
        self._entries = entries
        self._offered = offered
        self._covered_by = [entry.offer.thresholds for entry in offered if entry.offer is not None]
        self._amounts: list[int] = []  # what the offered lines cost before basket promotions
        self._basket_offs: tuple[BasketOff, ...] = ()

    def run(self, assignment: Assignment) -> int:
        """Apply the assignment and all that follows it; returns the total."""
        for entry in self._entries:
            entry.restart()
        results = assignment.results(len(self._offered))
        for entry, result in zip(self._offered, results, strict=True):
            entry.apply(result, self._audience.book.rules)
        for entry in self._entries:
            _discount_line(entry)
        self._amounts = [entry.left for entry in self._offered]
        self._basket_offs = best_basket_offs(self._audience.thresholds, self._amounts, self._covered_by)
        for each in self._basket_offs:
            for line, off in each.shares:
                change = Change(ModifierKind.PROMOTION, off, each.rule, threshold=each.threshold)
                self._offered[line].take(change)
        if self._basket.discount is not None:
            _discount_basket(self._basket.discount, self._entries)
        return sum([entry.left for entry in self._entries])

    def reach_for_more(self, assignment: Assignment) -> bool:
        """Where a basket promotion is missed by little, try to reach it by leaving out offers that are worth less.

        Says whether that surely settles it: one basket promotion at most, over all goods (or over goods that no offer ties to
        others), and no threshold that would be worth more than what was found.
        """
        is_clear = len(self._basket_offs) < 2 and not (assignment.tied and self._covers_a_part())
        missed = self._missed()
        if not missed:
            return is_clear
        amounts, best, reached = self._amounts, assignment, missed[0].rule
        total = best_total = sum([entry.left for entry in self._entries])
        for each in missed[:MISSED_MAX]:
            if total + each.gap - each.worth >= best_total:
                continue
            other = raised(assignment, partial(self._is_free, each.rule), each.gap, each.worth)
            if other is not None and (other_total := self.run(other)) < best_total:
                best, best_total, reached = other, other_total, each.rule
        self.run(best)
        if best is not assignment:
            for entry, before, after in zip(self._offered, amounts, self._amounts, strict=True):
                entry.left_out_for = reached if after > before else None
        return is_clear and best_total <= min([total + each.gap - each.worth for each in missed])

    def _covers_a_part(self) -> bool:
        """Whether a basket promotion covers some of the goods and not others."""
        everywhere, anywhere = -1, 0
        for covering in self._covered_by:
            everywhere &= covering
            anywhere |= covering
        return everywhere != anywhere

    def _missed(self) -> list[_Missed]:
        """The thresholds that would be reached at regular prices and are worth more than is lacking, the nearest first."""
        missed = []
        for rule in self._audience.thresholds:
            covered = [line for line, covering in enumerate(self._covered_by) if covering & rule.bit]
            amount = sum([self._amounts[line] for line in covered])
            most = sum([self._offered[line].regular for line in covered])
            lost = sum([each.off for each in self._basket_offs if not can_apply_together(rule, each.rule)])
            for threshold in rule.promotion.thresholds:
                gap, worth = threshold.amount - amount, off_at(threshold, most) - lost
                if 0 < gap < worth and threshold.amount <= most:
                    missed.append(_Missed(gap, rule, worth))
        return sorted(missed, key=lambda each: (each.gap, each.rule.index))

    def _is_free(self, rule: Rule, goods: Goods) -> bool:
        """Whether a higher price of these goods brings the basket nearer to the promotion by as much."""
        return bool(goods.offer.thresholds & rule.bit) and not any(
            self._offered[line].line.discount for line, _ in goods.lines
        )


class _Missed(NamedTuple):
    """A threshold not reached: what is lacking, and the most that it takes off more than what applies without it."""

    gap: int
    rule: Rule
    worth: int


def _discount_line(entry: Entry) -> None:
    discount = entry.line.discount
    if discount is not None and discount.kind is not DiscountKind.PRICE and entry.can_discount:
        entry.take_discount(ModifierKind.LINE_DISCOUNT, discount)


def _discount_basket(discount: Discount, entries: Sequence[Entry]) -> None:
    """A person's discount on the basket, shared by what the lines cost. A PRICE is what all goods sold here shall cost together."""
    sharing = [entry for entry in entries if entry.can_discount]
    whole = sum([entry.left for entry in sharing])
    match discount.kind:
        case DiscountKind.PERCENT:
            off = round_half_up(whole * discount.value, PERCENT_WHOLE)
        case DiscountKind.AMOUNT:
            off = min(whole, discount.value)
        case DiscountKind.PRICE:
            sold = sum([entry.left for entry in entries if not entry.line.is_return])
            off = min(whole, max(0, sold - discount.value))
    for entry, share in zip(sharing, allocate(off, [entry.left for entry in sharing]), strict=True):
        entry.take(Change(ModifierKind.BASKET_DISCOUNT, share, discount=discount))


class _Steps(Mapping[int, tuple[PriceStep, ...]]):
    """The steps of each line by its number, put together only when somebody asks."""

    __slots__ = ("_currency", "_entries")

    def __init__(self, entries: Sequence[Entry], currency: Currency) -> None:
        self._entries = {entry.line.number: entry for entry in entries}
        self._currency = currency

    def __getitem__(self, number: int) -> tuple[PriceStep, ...]:
        return self._entries[number].steps(self._currency)

    def __iter__(self) -> Iterator[int]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)
