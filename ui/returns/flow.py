"""The return in progress: which sale is open, and how much of each line comes back. No widget in it, nothing stored by it.

It ends by putting return lines into the ordinary basket, or by being left; until then nothing has happened.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain import entry as entries
from app.domain.authority import Approval, Right
from app.domain.basket import Basket, BasketLine
from app.domain.errors import ApprovalNeeded, Refused
from app.domain.ids import MemberId
from app.domain.item import Item, Unit
from app.domain.member import MemberCard
from app.domain.money import Currency, Money, extend, total, zero
from app.domain.quantity import ONE, QUANTITY_MAX, parse_quantity
from app.domain.returns import ReturnableLine, terms_for
from app.domain.transaction import RetailTransaction
from app.service.return_desk import ReturnableSale
from app.service.till import Till

LOOSE_LINES_MAX = 50


@dataclass(frozen=True, slots=True)
class LooseReturn:
    """Goods that came back without a receipt."""

    item: Item
    quantity: int
    unit_refund: Money

    @property
    def refund(self) -> Money:
        return Money(extend(self.unit_refund.minor, self.quantity), self.unit_refund.currency)


@dataclass(frozen=True, slots=True)
class SaleOpened:
    sale: ReturnableSale


@dataclass(frozen=True, slots=True)
class SalesFound:
    """The last sales of a member, newest first."""

    card: MemberCard
    sales: tuple[RetailTransaction, ...]


@dataclass(frozen=True, slots=True)
class LineMarked:
    number: int


@dataclass(frozen=True, slots=True)
class LooseAdded:
    index: int


@dataclass(frozen=True, slots=True)
class Unclear:
    """Nothing was asked for."""


Found = SaleOpened | SalesFound | LineMarked | LooseAdded | Unclear


class ReturnFlow:
    """What the return screen works on. Methods change the return in progress, or raise Refused and change nothing."""

    def __init__(self, till: Till) -> None:
        self._till = till
        self.sale: ReturnableSale | None = None
        self.card: MemberCard | None = None
        self.quantities: dict[int, int] = {}
        self.loose: tuple[LooseReturn, ...] = ()
        self.is_without_receipt = False

    # --- finding ---------------------------------------------------------------------------------------------------

    def start(self) -> SalesFound | Unclear:
        """Nothing is open; with a member at the till, their last sales are offered."""
        self.sale, self.quantities, self.loose, self.is_without_receipt = None, {}, (), False
        self.card = self._till.checkout.basket.member
        if self.card is None or self._till.checkout.basket.is_new_member:
            return Unclear()
        return self._sales_of(self.card)

    def open(self, original: RetailTransaction) -> ReturnableSale:
        """Open this sale. What already lies in the basket of it is shown as chosen."""
        sale = self._till.returns.open(original)
        self.sale, self.loose, self.is_without_receipt = sale, (), False
        present = {
            line.return_terms.of.line_number: line.quantity
            for line in self._in_basket()
            if line.return_terms is not None and line.return_terms.of is not None
        }
        self.quantities = {line.line.number: present.get(line.line.number, 0) for line in sale.lines}
        return sale

    def without_receipt(self) -> None:
        """What is scanned from now on comes back without a receipt."""
        self.sale, self.quantities, self.is_without_receipt = None, {}, True

    def take(self, text: str, *, is_scan: bool = False, selected: int | None = None) -> Found:
        """What was typed or scanned: a receipt, a member, goods, or a quantity for the selected line."""
        recognised = self._till.checkout.recognise(text)
        match recognised:
            case entries.Nothing():
                return Unclear()
            case entries.ReceiptCode(number):
                return SaleOpened(self.open(self._till.returns.by_receipt(number).original))
            case entries.Phone(e164):
                card = self._till.store.members.by_phone(e164)
                if card is None:
                    raise Refused("member_unknown")
                return self._sales_of(card)
            case entries.MemberCode(code):
                card = self._till.store.members.by_code(code)
                if card is None:
                    raise Refused("member_code_unknown")
                return self._sales_of(card)
            case entries.Barcode(code) | entries.DamagedBarcode(code) | entries.LabelledItem(code, _):
                return self._goods(code)
            case entries.Search(text):
                quantity = None if is_scan or len(text) > 5 else parse_quantity(text)
                if quantity is not None and selected is not None:
                    return self._keyed_quantity(selected, quantity)
                return self._goods(text)
            case _:
                raise Refused("return_entry_unclear", text=text[:32])

    # --- quantities ------------------------------------------------------------------------------------------------

    def line(self, number: int) -> ReturnableLine:
        assert self.sale is not None
        return next(line for line in self.sale.lines if line.line.number == number)

    def set_quantity(self, number: int, quantity: int) -> None:
        """This much of the line comes back; 0 takes it off again. Raises Refused when it is more than is left."""
        line = self.line(number)
        if line.line.unit is Unit.EACH and quantity % ONE:
            raise Refused("quantity_not_whole", name=line.line.name)
        if not 0 <= quantity <= line.remaining_quantity:
            raise Refused("return_exceeds_sale", name=line.line.name)
        self.quantities[number] = quantity

    def step(self, number: int, by: int) -> None:
        """One piece more or less, within what is left; goods by weight come back whole."""
        line = self.line(number)
        now = self.quantities[number]
        if line.line.unit is Unit.KILOGRAM:
            self.quantities[number] = line.remaining_quantity if by > 0 else 0
        else:
            self.quantities[number] = max(0, min(line.remaining_quantity, now + by * ONE))

    def take_everything(self) -> None:
        """Everything that is left of the sale."""
        assert self.sale is not None
        self.quantities = {line.line.number: line.remaining_quantity for line in self.sale.lines}

    def set_loose(self, index: int, quantity: int, unit_refund_minor: int | None = None) -> None:
        """Change goods without a receipt; 0 takes them off."""
        line = self.loose[index]
        if quantity == 0:
            self.loose = self.loose[:index] + self.loose[index + 1 :]
            return
        if not 0 < quantity <= QUANTITY_MAX:
            raise Refused("quantity_out_of_range", quantity_max=QUANTITY_MAX // ONE)
        if line.item.unit is Unit.EACH and quantity % ONE:
            raise Refused("quantity_not_whole", name=line.item.name)
        unit = line.unit_refund if unit_refund_minor is None else Money(unit_refund_minor, self._currency)
        if not line.item.is_open_price and unit.minor > line.item.price.minor:
            raise Refused("return_above_price", name=line.item.name)
        changed = LooseReturn(line.item, quantity, unit)
        self.loose = (*self.loose[:index], changed, *self.loose[index + 1 :])

    # --- what it is worth ------------------------------------------------------------------------------------------

    def refund_of(self, number: int) -> Money:
        """What the chosen quantity of this line was paid with."""
        assert self.sale is not None
        quantity = self.quantities[number]
        if quantity == 0:
            return zero(self._currency)
        return terms_for(self.sale.original, self.sale.earlier, number, quantity).refund

    @property
    def refund(self) -> Money:
        parts = [self.refund_of(number) for number in self.quantities] if self.sale else []
        return total([*parts, *(line.refund for line in self.loose)], self._currency)

    @property
    def is_chosen(self) -> bool:
        """Whether anything comes back, or something in the basket is to be taken off again."""
        return any(self.quantities.values()) or bool(self.loose) or bool(self._in_basket())

    # --- the end ---------------------------------------------------------------------------------------------------

    def add_to_basket(self, approval: Approval | None = None) -> int:
        """Put everything chosen into the basket; returns how many lines. Raises ApprovalNeeded once, for the whole return."""
        lines = self._lines(approval)
        checkout = self._till.checkout
        for line in self._in_basket():
            assert line.return_terms is not None
            assert line.return_terms.of is not None
            if self.quantities.get(line.return_terms.of.line_number) == 0:
                checkout.void_line(line.number)
        self._attach_member()
        for line in lines:
            checkout.add_return(line, approval)
            approval = None  # kept once on the ticket, not once per line
        return len(lines)

    def _lines(self, approval: Approval | None) -> list[BasketLine]:
        """The lines, priced and permitted, before the basket is touched."""
        basket = self._till.checkout.basket
        lines: list[BasketLine] = []
        try:
            for number, quantity in self.quantities.items():
                if quantity:
                    assert self.sale is not None
                    line = self._till.returns.line(
                        self.sale, number, quantity, basket=_with(basket, lines), approval=approval
                    )
                    lines.append(line)
            for loose in self.loose:
                unit = loose.unit_refund.minor
                lines.append(
                    self._till.returns.line_without_receipt(
                        loose.item, loose.quantity, unit_refund_minor=unit, approval=approval
                    )
                )
        except ApprovalNeeded as needed:
            raise ApprovalNeeded(needed.right, **self._whole(needed)) from None
        return lines

    def _whole(self, needed: ApprovalNeeded) -> dict[str, object]:
        """The same question, for everything that comes back on this ticket, so that it is asked once."""
        amount = needed.fields["amount"]
        assert isinstance(amount, int)
        others = [line for line in self._till.checkout.basket.live_lines if line not in self._in_basket()]
        before = sum(line.return_terms.refund.minor for line in others if line.return_terms is not None)
        whole = max(amount, before + self.refund.minor)
        return {"amount": whole, "limit": needed.fields["limit"]}

    def _attach_member(self) -> None:
        """The ticket belongs to the member whose sale comes back, unless somebody else stands at the till."""
        checkout = self._till.checkout
        member_id = self.sale.original.member_id if self.sale else None
        if checkout.basket.member is not None or member_id is None:
            return
        card = self._card(member_id)
        if card is not None:
            checkout.attach(card)

    # --- inside ----------------------------------------------------------------------------------------------------

    @property
    def _currency(self) -> Currency:
        return self._till.shop.currency

    def _card(self, member_id: MemberId) -> MemberCard | None:
        return self._till.store.members.by_id(member_id)

    def _sales_of(self, card: MemberCard) -> SalesFound:
        self.card = card
        self.sale, self.quantities, self.loose, self.is_without_receipt = None, {}, (), False
        return SalesFound(card, self._till.returns.of_member(card.member.id))

    def _in_basket(self) -> Sequence[BasketLine]:
        """Lines of the basket that return goods of the open sale."""
        if self.sale is None:
            return ()
        sale_id = self.sale.original.header.id
        return [
            line
            for line in self._till.checkout.basket.live_lines
            if line.return_terms and line.return_terms.of and line.return_terms.of.transaction_id == sale_id
        ]

    def _goods(self, code: str) -> Found:
        if self.sale is not None:
            return self._mark(code)
        if self.is_without_receipt:
            return self._add_loose(code)
        raise Refused("return_receipt_first")

    def _mark(self, code: str) -> LineMarked:
        """One more piece of the first line of these goods that still has some left."""
        assert self.sale is not None
        item = self._item(code)
        matching = [
            line
            for line in self.sale.lines
            if line.line.barcode == code
            or line.line.sku == code
            or (item is not None and line.line.item_id == item.id)
        ]
        if not matching:
            raise Refused("return_line_unknown")
        for line in matching:
            if self.quantities[line.line.number] < line.remaining_quantity:
                self.step(line.line.number, 1)
                return LineMarked(line.line.number)
        raise Refused("return_exceeds_sale", name=matching[0].line.name)

    def _keyed_quantity(self, selected: int, quantity: int) -> Found:
        if self.sale is not None:
            self.set_quantity(selected, quantity)
            return LineMarked(selected)
        if self.is_without_receipt and 0 <= selected < len(self.loose):
            self.set_loose(selected, quantity)
            return LooseAdded(min(selected, len(self.loose) - 1))
        raise Refused("return_receipt_first")

    def _add_loose(self, code: str) -> LooseAdded:
        item = self._item(code)
        if item is None:
            raise Refused("barcode_unknown", code=code[:32])
        for index, line in enumerate(self.loose):
            if line.item == item and item.unit is Unit.EACH:
                changed = replace(line, quantity=line.quantity + ONE)
                self.loose = (*self.loose[:index], changed, *self.loose[index + 1 :])
                return LooseAdded(index)
        if len(self.loose) >= LOOSE_LINES_MAX:
            raise Refused("basket_full", lines_max=LOOSE_LINES_MAX)
        today = item.member_price if item.member_price is not None else item.price
        self.loose = (*self.loose, LooseReturn(item, ONE, today))
        return LooseAdded(len(self.loose) - 1)

    def _item(self, code: str) -> Item | None:
        catalogue, now = self._till.store.catalogue, self._till.clock.now_ms()
        return catalogue.by_barcode(code, now) or catalogue.by_sku(code, now)


def approval_asked(needed: ApprovalNeeded) -> tuple[Right, int]:
    """Which right and how much of it a second person is asked for."""
    amount = needed.fields["amount"]
    assert isinstance(amount, int)
    return Right(needed.right), amount


def _with(basket: Basket, lines: Sequence[BasketLine]) -> Basket:
    for line in lines:
        basket = basket.add(line, merge=False)
    return basket
