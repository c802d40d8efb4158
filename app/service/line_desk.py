"""The lines of the basket: goods added, counted, weighed, discounted, noted and voided.

Every method either changes the basket and says what happened, or raises Refused and changes nothing.
"""

from __future__ import annotations

from dataclasses import replace

from app.domain.authority import Approval, Right
from app.domain.basket import BasketLine, Discount, DiscountKind
from app.domain.errors import Refused
from app.domain.ids import ItemId
from app.domain.item import Item, Unit
from app.domain.loyalty.value_items import VALUE_ITEMS
from app.domain.money import Money, extend, round_half_up
from app.domain.pricing import price, takes_discount
from app.domain.quantity import ONE
from app.service.basket_desk import BasketDesk, Stage
from app.service.outcomes import LineAdded, NothingHappened, Outcome, PriceAsked, WeightAsked
from app.service.recognition import require_quantity

OPEN_PRICE_MAX_DIGITS = 8


class LineDesk(BasketDesk):
    """The basket in hand with everything that may be done to its lines."""

    # --- lines -----------------------------------------------------------------------------------------------------

    def set_pending_quantity(self, thousandths: int) -> None:
        self.pending_quantity = self._within(thousandths)

    def add_item_by_id(self, item_id: ItemId) -> Outcome:
        """An item chosen from the search results or a tile."""
        self._refuse_while_completing()
        item = self._store.catalogue.by_id(item_id, self._clock.now_ms())
        if item is None:
            raise Refused("item_gone")
        return self.add_item(item)

    def add_item(self, item: Item, *, barcode: str = "") -> Outcome:
        """Add an item in the pending quantity (default 1), or ask for what is still missing."""
        quantity = self.pending_quantity
        if item.unit is Unit.EACH and quantity is not None and quantity % ONE:
            raise Refused("quantity_not_whole", name=item.name)
        if item.is_open_price:
            return PriceAsked(item, quantity or ONE, barcode)
        if item.unit is Unit.KILOGRAM and quantity is None:
            return WeightAsked(item, barcode)
        return self._add(BasketLine(0, item, quantity or ONE, barcode=barcode))

    def add_weighed(self, item: Item, thousandths: int, barcode: str = "") -> Outcome:
        return self._add(BasketLine(0, item, self._within(thousandths), barcode=barcode), merge=False)

    def add_open_price(self, item: Item, price_minor: int, quantity: int = ONE, barcode: str = "") -> Outcome:
        if price_minor < 0:
            raise Refused("price_negative")
        if price_minor >= 10**OPEN_PRICE_MAX_DIGITS:
            raise Refused("price_too_high")
        amount = Money(price_minor, self._session.shop.currency)
        return self._add(BasketLine(0, item, quantity, barcode=barcode, open_price=amount), merge=False)

    def add_return(self, line: BasketLine, approval: Approval | None = None) -> Outcome:
        """A line that comes back, with its terms (made by the return desk). The same sold line is in a basket once.

        ``approval`` is the grant that the desk was given for it; the ticket keeps it.
        """
        assert line.return_terms is not None
        self._refuse_locked()
        outcome = self._replace_return(line) or self._add(line, merge=False)
        if approval is not None:
            self._set(self._with_approval(self.basket, approval), reprice=False)
        return outcome

    def _replace_return(self, line: BasketLine) -> Outcome | None:
        """Put it in the place of the line that returns the same sold line, if there is one."""
        of = line.return_terms.of if line.return_terms else None
        for present in self.basket.live_lines:
            if of and present.return_terms and present.return_terms.of == of:
                changed = self.basket.with_line(replace(line, number=present.number))
                return self._changed(changed, LineAdded(present.number, line.item))
        return None

    def _add(self, line: BasketLine, *, merge: bool = True) -> Outcome:
        self._session.require_operator()
        self._refuse_while_completing()
        if self.basket.tenders:
            raise Refused("basket_locked_by_tender")
        basket = self.basket.add(line, merge=merge)
        self.pending_quantity = None
        touched = basket.lines[-1].number
        self.stage = Stage.ENTRY
        return self._changed(basket, LineAdded(touched, line.item))

    def set_quantity(self, number: int, thousandths: int) -> Outcome:
        line = self._editable(number)
        if line.is_return:
            raise Refused("return_quantity_fixed")
        if line.gift_of:
            raise Refused("gift_quantity_fixed")
        if line.label_amount is not None:
            raise Refused("label_quantity_fixed")
        if line.item.id in VALUE_ITEMS:
            raise Refused("value_quantity_fixed")
        if line.item.unit is Unit.EACH and thousandths % ONE:
            raise Refused("quantity_not_whole", name=line.item.name)
        return self._changed(
            self.basket.with_quantity(number, self._within(thousandths)), LineAdded(number, line.item)
        )

    def void_line(self, number: int) -> Outcome:
        line = self._editable(number)
        self._audit(
            "line_void", {"sku": line.item.sku, "quantity": line.quantity, "basket": self.basket.id.hex}
        )
        # A gift that is not wanted takes its coupon away with it.
        basket = self.basket.without_token(line.gift_of) if line.gift_of else self.basket
        return self._changed(basket.void_line(number), NothingHappened())

    def void_last(self) -> Outcome:
        if not self.basket.live_lines:
            raise Refused("basket_empty")
        return self.void_line(self.basket.live_lines[-1].number)

    def discount_line(
        self, number: int, discount: Discount | None, approval: Approval | None = None
    ) -> Outcome:
        """A discount or a new price on one line; None takes it off again."""
        line = self._editable(number)
        if discount is None:
            return self._changed(
                self.basket.with_line(replace(line, discount=None)), LineAdded(number, line.item)
            )
        if not takes_discount(line):
            raise Refused("line_not_discountable", name=line.item.name)
        self._require_reason(discount)
        right, share = self._line_discount_share(line, discount)
        self._session.permit(right, share, approval)
        basket = self._with_approval(self.basket.with_line(replace(line, discount=discount)), approval)
        return self._changed(basket, LineAdded(number, line.item))

    def discount_basket(self, discount: Discount | None, approval: Approval | None = None) -> Outcome:
        self._refuse_locked()
        if discount is None:
            return self._changed(replace(self.basket, discount=None), NothingHappened())
        if discount.kind is DiscountKind.PRICE:
            raise Refused("basket_price_impossible")
        self._require_reason(discount)
        whole = replace(self.basket, discount=None)
        total = price(whole, self.price_context()).total.minor
        if discount.kind is DiscountKind.AMOUNT and discount.value > max(0, total):
            raise Refused("discount_exceeds_total")
        share = discount.value if discount.kind is DiscountKind.PERCENT else _share(discount.value, total)
        self._session.permit(Right.BASKET_DISCOUNT, share, approval)
        return self._changed(
            self._with_approval(replace(self.basket, discount=discount), approval), NothingHappened()
        )

    def note_line(self, number: int, note: str) -> Outcome:
        line = self._editable(number)
        return self._changed(
            self.basket.with_line(replace(line, note=note.strip()[:200])), LineAdded(number, line.item)
        )

    def _line_discount_share(self, line: BasketLine, discount: Discount) -> tuple[Right, int]:
        """Which right a discount needs, and how much of it in hundredths of a percent of the line's price."""
        unit = line.open_price or line.item.price
        whole = (line.label_amount or Money(extend(unit.minor, line.quantity), unit.currency)).minor
        match discount.kind:
            case DiscountKind.PERCENT:
                return Right.LINE_DISCOUNT, discount.value
            case DiscountKind.AMOUNT:
                if discount.value > whole:
                    raise Refused("discount_exceeds_line")
                return Right.LINE_DISCOUNT, _share(discount.value, whole)
            case DiscountKind.PRICE:
                if discount.value >= 10**OPEN_PRICE_MAX_DIGITS:
                    raise Refused("price_too_high")
                return Right.PRICE_OVERRIDE, max(0, _share(unit.minor - discount.value, unit.minor))

    def _within(self, thousandths: int) -> int:
        return require_quantity(thousandths)

    def _require_reason(self, discount: Discount) -> None:
        if not discount.reason.strip():
            raise Refused("reason_needed")


def _share(part: int, whole: int) -> int:
    """part ÷ whole in hundredths of a percent; of nothing, everything."""
    return round_half_up(part * 10_000, whole) if whole > 0 else 10_000
