"""How stored value stands on a ticket: lines of kinds of their own, which are not goods.

They earn nothing, take no discount and count as no revenue: the shop owes what it took for them. Reports know them by these ids, which are
part of the stored format and never change.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from app.domain.errors import Refused
from app.domain.ids import ItemId
from app.domain.item import Item, TaxClass, Unit
from app.domain.loyalty.value import ValueAccountId
from app.domain.money import Money
from app.domain.tender import Tender, TenderKind
from app.domain.transaction import SaleLine

TOP_UP: Final = ItemId(UUID("5a1e0000-0000-8000-8000-00000000f001"))
GIFT_CARD: Final = ItemId(UUID("5a1e0000-0000-8000-8000-00000000f002"))
REFUND: Final = ItemId(UUID("5a1e0000-0000-8000-8000-00000000f003"))

VALUE_ITEMS: Final = frozenset((TOP_UP, GIFT_CARD, REFUND))
VALUE_TENDERS: Final = frozenset((TenderKind.STORED_VALUE, TenderKind.GIFT_CARD))
# In ``Moves.rules`` of a sale paid with stored value on which the shop had paid its tax when it was sold.
TAXED_AT_SALE: Final = "value_taxed"
BOUND_CARD_SKU: Final = "GIFT-CARD-MEMBER"  # a card that belongs to the member who buys it
_SKUS: Final = {TOP_UP: "TOP-UP", GIFT_CARD: "GIFT-CARD", REFUND: "VALUE-REFUND"}


def value_item(
    item_id: ItemId, name: str, amount: Money, *, rule_version: int, is_taxed: bool, sku: str = ""
) -> Item:
    """``is_taxed``: the shop's rule says that tax is due when value is sold, not when it is spent."""
    assert item_id in VALUE_ITEMS
    return Item(
        id=item_id,
        sku=sku or _SKUS[item_id],
        name=name,
        unit=Unit.EACH,
        tax_class=TaxClass.TAXABLE if is_taxed else TaxClass.EXEMPT,
        category_path=(),
        price=amount,
        member_price=None,
        price_version=rule_version,
        is_open_price=True,
        is_discountable=False,
        earns_points=False,
    )


def value_lines(lines: Iterable[SaleLine]) -> tuple[SaleLine, ...]:
    return tuple(line for line in lines if line.item_id in VALUE_ITEMS)


def goods_total(lines: Iterable[SaleLine]) -> int:
    """What the goods cost: the most that stored value may pay."""
    return sum(line.net.minor for line in lines if line.item_id not in VALUE_ITEMS)


def account_id_of(text: str) -> ValueAccountId:
    """The account that a tender's reference or a refund line names. Raises Refused("value_account_unknown")."""
    try:
        return ValueAccountId(UUID(hex=text))
    except ValueError as error:
        raise Refused("value_account_unknown") from error


def value_due(lines: Iterable[SaleLine], tenders: Iterable[Tender], due_minor: int) -> int:
    """What stored value may still pay of what is due: the goods, and nothing of the value that is sold beside them."""
    return max(0, min(due_minor, goods_total(lines) - paid_by_value(tenders)))


def paid_by_value(tenders: Iterable[Tender]) -> int:
    """What stored value and gift cards paid; below nothing when they got something back."""
    return sum(tender.amount.minor for tender in tenders if tender.kind in VALUE_TENDERS)
