"""One line while it is being priced: where its price starts, what has been taken off so far, and the line item that comes out.

An entry is the only thing in pricing that changes; it lives for one call and nobody outside sees it.
"""

from __future__ import annotations

from typing import NamedTuple

from app.domain.basket import BasketLine, Discount, DiscountKind
from app.domain.item import Unit
from app.domain.loyalty.coupon_benefit import Token
from app.domain.money import Currency, Money, extend, round_half_up
from app.domain.price_level import PriceLevel
from app.domain.pricing_steps import PriceStep, StepKind
from app.domain.promotion import PERCENT_WHOLE, Threshold
from app.domain.promotion_book import Audience
from app.domain.promotion_engine import LineResult
from app.domain.promotion_offer import Offer, Rule
from app.domain.quantity import ONE
from app.domain.transaction import Modifier, ModifierKind, PriceSource, SaleLine


class Change(NamedTuple):
    """One thing that takes money off the line."""

    kind: ModifierKind
    off: int
    rule: Rule | None = None
    discount: Discount | None = None
    threshold: Threshold | None = None
    token: Token | None = None


# By a line's identity: the line, what it was made of, and what it became.
KeptLines = dict[int, tuple[BasketLine, tuple[object, ...], SaleLine]]


class Entry:
    """``gross`` is where the line starts, ``left`` what it costs after all ``changes``, ``regular`` its price at the regular one."""

    def __init__(
        self, line: BasketLine, source: PriceSource, list_price: Money, unit_price: Money, gross: int
    ) -> None:
        self.line = line
        self.source = source
        self.list_price = list_price
        self.unit_price = unit_price
        self.gross = gross
        self.left = gross
        self.regular = gross
        self.changes: list[Change] = []
        self.can_discount = line.item.is_discountable and line.return_terms is None and not line.gift_of
        self.override: Discount | None = None
        self.offer: Offer | None = None  # of a line that takes part in promotions
        self.units = 0
        self.left_out_for: Rule | None = None  # the basket promotion that item offers were left out for
        self.level: PriceLevel | None = None  # of the tier whose percent made the member's price

    @property
    def saved(self) -> int:
        """What the customer pays less than at the regular price."""
        return 0 if self.source is PriceSource.RETURNED else max(0, self.regular - self.left)

    def restart(self) -> None:
        """Back to where the price starts."""
        self.left = self.gross
        self.changes.clear()

    def take(self, change: Change) -> None:
        """Take this off the line. Never more than it costs."""
        assert 0 <= change.off <= self.left
        if change.off:
            self.changes.append(change)
            self.left -= change.off

    def take_discount(self, kind: ModifierKind, discount: Discount) -> None:
        """Take off a person's percent or amount."""
        if discount.kind is DiscountKind.PERCENT:
            off = round_half_up(self.left * discount.value, PERCENT_WHOLE)
        else:
            off = min(self.left, discount.value)
        self.take(Change(kind, off, discount=discount))

    def apply(self, result: LineResult, rules: tuple[Rule, ...]) -> None:
        """Start from the price that the line's units start from, and take off its promotions.

        Where some units start from the regular price and others stay at the member price, the line shows the regular price, and
        the member price of the others is taken off first.
        """
        offer = self.offer
        assert offer is not None
        price, part, self.source, self.unit_price = (
            offer.regular,
            0,
            PriceSource.REGULAR,
            self.line.item.price,
        )
        if offer.base < offer.regular:
            if result.from_regular == 0:
                price, self.source, self.unit_price = offer.base, PriceSource.MEMBER, offer.base_price
            elif result.from_regular < self.units:
                part = (offer.regular - offer.base) * (self.units - result.from_regular)
        self.gross = self.left = price * self.units
        if part:
            self.take(Change(ModifierKind.MEMBER_PRICE, part))
        for index, off in result.offs:
            self.take(Change(ModifierKind.PROMOTION, off, rules[index]))

    def sale_line(self, currency: Currency, before: KeptLines, now: KeptLines) -> SaleLine:
        """The line item; the same one as before when it came out the same."""
        made_of = (self.source, self.gross, *self.changes)
        kept = before.get(id(self.line))
        if kept is None or kept[1] != made_of:
            kept = (self.line, made_of, self._sale_line(currency))
        # The line is kept beside what it became, so that no other line can come to have its identity.
        now[id(self.line)] = kept
        return kept[2]

    def _sale_line(self, currency: Currency) -> SaleLine:
        line, item, terms = self.line, self.line.item, self.line.return_terms
        return SaleLine(
            number=line.number,
            item_id=item.id,
            sku=item.sku,
            name=item.name,
            barcode=line.barcode,
            unit=item.unit,
            quantity=line.quantity if terms is None else -line.quantity,
            list_price=self.list_price,
            unit_price=self.unit_price,
            price_source=self.source,
            price_version=item.price_version,
            gross=Money(self.gross, currency),
            modifiers=tuple([_modifier(change, currency) for change in self.changes]),
            net=Money(self.left, currency),
            tax_class=item.tax_class,
            category_id=item.category_path[-1] if item.category_path else None,
            earns_points=item.earns_points,
            note=line.note,
            return_of=terms.of if terms else None,
            is_return=terms is not None,
        )

    def steps(self, currency: Currency) -> tuple[PriceStep, ...]:
        """How the price came about, from its start on."""
        start = Money(self.gross, currency)
        steps = [PriceStep(self._start_kind(), start, start, discount=self.override, level=self.level)]
        left = self.gross
        for change in self.changes:
            left -= change.off
            steps.append(
                PriceStep(
                    _step_kind(change, self.level),
                    Money(-change.off, currency),
                    Money(left, currency),
                    change.rule.promotion if change.rule else None,
                    change.discount,
                    change.threshold,
                    change.token.label if change.token else "",
                    self.level,
                )
            )
        if self.left_out_for is not None:
            promotion = self.left_out_for.promotion
            steps.append(PriceStep(StepKind.LEFT_OUT, Money(0, currency), Money(left, currency), promotion))
        return tuple(steps)

    def _start_kind(self) -> StepKind:
        if self.source is PriceSource.MEMBER and self.level is not None:
            return StepKind.TIER
        return StepKind(self.source.value)


def entry_of(line: BasketLine, currency: Currency, audience: Audience) -> Entry:
    """The line at its price before promotions; one that takes part in them has its offer."""
    item, terms, quantity = line.item, line.return_terms, line.quantity
    assert item.price.currency.code == currency.code, "a shop trades in one currency"
    if terms is not None:
        each = Money(round_half_up(terms.refund.minor * ONE, quantity), currency)
        return Entry(line, PriceSource.RETURNED, item.price, each, -terms.refund.minor)
    if line.gift_of:
        return Entry(line, PriceSource.REGULAR, item.price, item.price, extend(item.price.minor, quantity))
    keyed = _keyed(line, currency)
    if keyed is not None:
        return keyed
    offer = audience.offer(item, quantity)
    units = quantity // ONE if offer.is_piece else 1
    if offer.base < offer.regular:
        entry = Entry(line, PriceSource.MEMBER, item.price, offer.base_price, offer.base * units)
        entry.regular, entry.level = offer.regular * units, offer.tier
    else:
        entry = Entry(line, PriceSource.REGULAR, item.price, item.price, offer.base * units)
    if item.is_discountable:
        entry.offer, entry.units = offer, units
    return entry


def _keyed(line: BasketLine, currency: Currency) -> Entry | None:
    """The line at a price that a person or its label set. A label on a weight is the price of all of it, not of a kilogram."""
    item, quantity, discount = line.item, line.quantity, line.discount
    if line.open_price is None and line.label_amount is None and discount is None and not item.is_open_price:
        return None
    keyed: Entry | None = None
    if line.open_price is not None or item.is_open_price:
        each = line.open_price or item.price
        keyed = Entry(line, PriceSource.OPEN, each, each, extend(each.minor, quantity))
    elif line.label_amount is not None and item.unit is Unit.KILOGRAM:
        keyed = Entry(line, PriceSource.LABEL, item.price, item.price, line.label_amount.minor)
    elif line.label_amount is not None:
        each = line.label_amount
        keyed = Entry(line, PriceSource.LABEL, each, each, extend(each.minor, quantity))
    if discount is None or discount.kind is not DiscountKind.PRICE or not item.is_discountable:
        return keyed
    list_price = keyed.list_price if keyed else item.price
    each = Money(discount.value, currency)
    entry = Entry(line, PriceSource.OVERRIDE, list_price, each, extend(discount.value, quantity))
    entry.regular = keyed.gross if keyed else extend(item.price.minor, quantity)
    entry.override = discount
    return entry


def _modifier(change: Change, currency: Currency) -> Modifier:
    rule, discount = change.rule, change.discount
    if change.token is not None:
        return Modifier(change.kind, change.token.label, Money(-change.off, currency), change.token.source)
    return Modifier(
        change.kind,
        rule.promotion.name if rule else "",
        Money(-change.off, currency),
        rule.source if rule else "",
        discount.reason if discount else "",
    )


def _step_kind(change: Change, level: PriceLevel | None) -> StepKind:
    if change.rule is not None and change.rule.is_basket:
        return StepKind.BASKET_PROMOTION
    if change.kind is ModifierKind.MEMBER_PRICE and level is not None:
        return StepKind.TIER_PART
    return _STEP_OF[change.kind]


_STEP_OF = {
    ModifierKind.MEMBER_PRICE: StepKind.MEMBER_PART,
    ModifierKind.PROMOTION: StepKind.PROMOTION,
    ModifierKind.LINE_DISCOUNT: StepKind.LINE_DISCOUNT,
    ModifierKind.BASKET_DISCOUNT: StepKind.BASKET_DISCOUNT,
    ModifierKind.COUPON: StepKind.COUPON,
}
