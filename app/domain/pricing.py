"""Pricing a basket: a pure function from what was entered to lines, total and tax, with a trace that says why.

The order is fixed, and a later step never changes an earlier one:

    item price ─> price keyed, read from the label or overridden, else the member price if a member is present and it is lower
               ─> item-level promotions, the best combination (promotion_engine)
               ─> the discount a person gave on the line
               ─> basket promotions (promotion_basket)
               ─> the discount a person gave on the basket

A promotion starts from the regular price, and the customer gets whichever is cheaper, it or the member price; one that
``stacks_on_member_price`` starts from there. Goods whose price a person or a label set take part in no promotion, and count for
no threshold. An item that is not discountable takes no discount from anyone. What comes back takes part in nothing: it is
worth what was paid for it. Every discount is shared among its lines by largest remainder, so that lines, total and tax always
agree to the last unit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.basket import Basket, BasketLine, Discount, DiscountKind
from app.domain.item import TaxClass
from app.domain.money import TWD, Currency, Money, allocate, round_half_up
from app.domain.pricing_entry import Change, Entry, KeptLines, entry_of
from app.domain.pricing_steps import PriceStep, StepKind, explain
from app.domain.promotion import PERCENT_WHOLE
from app.domain.promotion_basket import best_basket_offs
from app.domain.promotion_book import Audience, LocalMoment, PromotionBook
from app.domain.promotion_engine import assign
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


@dataclass(frozen=True, slots=True)
class PriceContext:
    """What a price depends on besides the basket."""

    promotions: PromotionBook
    moment: LocalMoment
    tax_rates: Mapping[TaxClass, int] = field(default_factory=lambda: TAIWAN_RATES)
    currency: Currency = TWD


@dataclass(frozen=True, slots=True)
class Priced:
    """A basket with its prices. ``lines`` are the live lines in basket order.

    ``gross`` is before every discount, ``total`` after; ``savings`` is what the customer pays less than at regular prices.
    ``steps`` tell, for each line number, how its price came about; :func:`explain` puts them into words.
    """

    basket: Basket
    lines: tuple[SaleLine, ...]
    total: Money
    gross: Money
    savings: Money
    taxes: tuple[TaxTotal, ...]
    steps: Mapping[int, tuple[PriceStep, ...]]

    def __post_init__(self) -> None:
        assert sum(tax.gross.minor for tax in self.taxes) == self.total.minor


def price(basket: Basket, context: PriceContext) -> Priced:
    """The basket's prices at this moment. The same basket always gets the same answer."""
    currency = context.currency
    audience = context.promotions.audience(context.moment, basket.member)
    entries = [entry_of(line, currency, audience) for line in basket.live_lines]
    _settle(basket, audience, entries)
    kept: KeptLines = {}
    lines = tuple([entry.sale_line(currency, audience.lines, kept) for entry in entries])
    audience.lines = kept
    return Priced(
        basket=basket,
        lines=lines,
        total=Money(sum(entry.left for entry in entries), currency),
        gross=Money(sum(entry.gross for entry in entries), currency),
        savings=Money(sum(entry.saved for entry in entries), currency),
        taxes=tax_totals(lines, context.tax_rates, currency),
        steps=_Steps(entries, currency),
    )


def takes_discount(line: BasketLine) -> bool:
    """Whether a person may discount or reprice this line at all."""
    return line.item.is_discountable and not line.is_return


def _settle(basket: Basket, audience: Audience, entries: Sequence[Entry]) -> None:
    offered = [(entry, entry.offer) for entry in entries if entry.offer is not None]
    assignment = assign(audience, [(offer, entry.units) for entry, offer in offered])
    rules = audience.book.rules
    for (entry, _), result in zip(offered, assignment.results(len(offered)), strict=True):
        entry.apply(result, rules)
    for entry in entries:
        _discount_line(entry)
    _apply_basket_promotions(audience, [entry for entry, _ in offered])
    if basket.discount is not None:
        _discount_basket(basket.discount, entries)


def _discount_line(entry: Entry) -> None:
    discount = entry.line.discount
    if discount is not None and discount.kind is not DiscountKind.PRICE and entry.can_discount:
        entry.take_discount(ModifierKind.LINE_DISCOUNT, discount)


def _apply_basket_promotions(audience: Audience, entries: Sequence[Entry]) -> None:
    if not audience.thresholds:
        return
    covered_by = [entry.offer.thresholds for entry in entries if entry.offer is not None]
    for each in best_basket_offs(audience.thresholds, [entry.left for entry in entries], covered_by):
        for line, off in each.shares:
            change = Change(ModifierKind.PROMOTION, off, each.rule, threshold=each.threshold)
            entries[line].take(change)


def _discount_basket(discount: Discount, entries: Sequence[Entry]) -> None:
    """A person's discount on the basket, shared by what the lines cost. A PRICE is what all goods sold here shall cost together."""
    sharing = [entry for entry in entries if entry.can_discount]
    whole = sum(entry.left for entry in sharing)
    match discount.kind:
        case DiscountKind.PERCENT:
            off = round_half_up(whole * discount.value, PERCENT_WHOLE)
        case DiscountKind.AMOUNT:
            off = min(whole, discount.value)
        case DiscountKind.PRICE:
            sold = sum(entry.left for entry in entries if not entry.line.is_return)
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
