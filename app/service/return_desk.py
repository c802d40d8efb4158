"""Goods that come back: found by receipt, by member, or taken without a receipt. What comes back is worth exactly what was paid for it.

Return lines go into the ordinary basket, so that new goods may stand on the same ticket: an exchange with net money and net points.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.authority import Approval, Right
from app.domain.basket import Basket, BasketLine, ReturnTerms
from app.domain.errors import Refused
from app.domain.ids import ItemId, MemberId, TransactionId
from app.domain.item import Item
from app.domain.loyalty.value_items import VALUE_ITEMS
from app.domain.money import Money, extend
from app.domain.returns import ReturnableLine, returnable, terms_for
from app.domain.transaction import RetailTransaction, SaleLine, TransactionKind
from app.service.ports import Store
from app.service.session import Session

HISTORY_LIMIT = 20


@dataclass(frozen=True, slots=True)
class ReturnableSale:
    """A past sale and what may still come back of it."""

    original: RetailTransaction
    lines: tuple[ReturnableLine, ...]
    earlier: tuple[RetailTransaction, ...]


class ReturnDesk:
    """Opens past sales and turns what comes back into basket lines."""

    def __init__(self, store: Store, session: Session) -> None:
        self._store = store
        self._session = session

    def by_receipt(self, number: str) -> ReturnableSale:
        """The sale with this receipt number. Raises Refused("receipt_unknown" | "sale_voided" | "nothing_left_to_return")."""
        found = self._store.journal.by_receipt_number(number)
        if not isinstance(found, RetailTransaction):
            raise Refused("receipt_unknown", number=number)
        return self.open(found)

    def of_member(self, member_id: MemberId) -> tuple[RetailTransaction, ...]:
        """The member's last sales, newest first."""
        past = self._store.journal.of_member(member_id, HISTORY_LIMIT)
        return tuple(sale for sale in past if sale.header.kind is TransactionKind.SALE)

    def open(self, original: RetailTransaction) -> ReturnableSale:
        if original.header.kind is not TransactionKind.SALE:
            raise Refused("not_a_sale", number=original.header.receipt_number)
        if self._store.journal.void_of(original.header.id) is not None:
            raise Refused("sale_voided", number=original.header.receipt_number)
        earlier = self._store.journal.returns_of(original.header.id)
        # Stored value is paid out or voided, never returned.
        lines = tuple(one for one in returnable(original, earlier) if one.line.item_id not in VALUE_ITEMS)
        if not any(line.remaining_quantity for line in lines):
            raise Refused("nothing_left_to_return", number=original.header.receipt_number)
        return ReturnableSale(original, lines, earlier)

    def line(
        self,
        sale: ReturnableSale,
        line_number: int,
        quantity: int,
        *,
        basket: Basket,
        approval: Approval | None = None,
    ) -> BasketLine:
        """This quantity of one sold line, ready for the basket. Raises Refused or ApprovalNeeded."""
        sold = next((line for line in sale.lines if line.line.number == line_number), None)
        if sold is None:
            raise Refused("line_gone")
        if not 0 < quantity <= sold.remaining_quantity:
            raise Refused("return_exceeds_sale", name=sold.line.name)
        terms = terms_for(sale.original, sale.earlier, line_number, quantity)
        others = sum(
            line.return_terms.refund.minor
            for line in basket.live_lines
            if line.return_terms and line.return_terms.of != terms.of
        )
        self._session.permit(Right.RETURN, others + terms.refund.minor, approval)
        return BasketLine(0, item_of(sold.line), quantity, barcode=sold.line.barcode, return_terms=terms)

    def line_without_receipt(
        self,
        item: Item,
        quantity: int,
        *,
        unit_refund_minor: int | None = None,
        approval: Approval | None = None,
    ) -> BasketLine:
        """Goods without a receipt: worth today's price or less, and only with the right to it."""
        today = item.member_price.minor if item.member_price else item.price.minor
        unit = today if unit_refund_minor is None else unit_refund_minor
        if unit < 0:
            raise Refused("price_negative")
        if not item.is_open_price and unit > item.price.minor:
            raise Refused("return_above_price", name=item.name)
        refund = Money(extend(unit, quantity), item.price.currency)
        self._session.permit(Right.RETURN_WITHOUT_RECEIPT, max(1, refund.minor), approval)
        return BasketLine(0, item, quantity, return_terms=ReturnTerms(refund, None))

    def sale_of(self, transaction_id: TransactionId) -> RetailTransaction | None:
        found = self._store.journal.get(transaction_id)
        return found if isinstance(found, RetailTransaction) else None


def item_of(line: SaleLine) -> Item:
    """The item as it was sold, whatever the catalogue says today."""
    return Item(
        id=ItemId(line.item_id),
        sku=line.sku,
        name=line.name,
        unit=line.unit,
        tax_class=line.tax_class,
        category_path=(line.category_id,) if line.category_id else (),
        price=line.list_price,
        member_price=None,
        price_version=line.price_version,
        is_discountable=False,
        earns_points=line.earns_points,
    )
