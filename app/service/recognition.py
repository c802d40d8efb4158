"""What an entry means to this shop, and the basket line that a labelled article becomes.

The shapes themselves are :mod:`app.domain.entry`'s; here they get the shop's region, its label rules and the reader of GS1 symbols.
"""

from __future__ import annotations

from dataclasses import replace

from app.domain import entry as entries
from app.domain.barcode import Label, LabelKind, LabelRule
from app.domain.basket import BasketLine
from app.domain.errors import Refused
from app.domain.item import Item, Unit
from app.domain.money import Currency, Money, round_half_up
from app.domain.quantity import ONE, QUANTITY_MAX
from app.service import gs1
from app.service.shop import ShopSettings


def recognise(
    text: str,
    shop: ShopSettings,
    label_rules: tuple[LabelRule, ...],
    *,
    is_scan: bool = False,
    is_paying: bool = False,
) -> entries.Entry:
    """What this text is in this shop; nothing is looked up."""
    return entries.classify(
        text,
        region=shop.region,
        label_rules=label_rules,
        currency_digits=shop.currency.digits,
        is_scan=is_scan,
        is_paying=is_paying,
        parse_gs1=gs1.parse,
    )


def require_quantity(thousandths: int) -> int:
    """The quantity of a line. Raises Refused."""
    if not 0 < thousandths <= QUANTITY_MAX:
        raise Refused("quantity_out_of_range", quantity_max=QUANTITY_MAX // ONE)
    return thousandths


def labelled_line(item: Item, code: str, label: Label, currency: Currency) -> BasketLine:
    """A line by weight, or one piece at the label's price; with a price per kilogram, the weight that the price is for."""
    if label.kind is LabelKind.WEIGHT:
        return BasketLine(0, item, require_quantity(label.value), barcode=code)
    quantity = ONE
    if item.unit is Unit.KILOGRAM and item.price.minor:
        quantity = max(1, round_half_up(label.value * ONE, item.price.minor))
    amount = Money(label.value, currency)
    return BasketLine(0, item, require_quantity(quantity), barcode=code, label_amount=amount)


def gs1_line(item: Item, found: entries.Gs1Item, currency: Currency) -> BasketLine | None:
    """The line that a GS1 symbol's own weight or price makes; None when it says neither, or a weight of what is sold by the piece."""
    weight = found.data.weight if item.unit is Unit.KILOGRAM else None
    if found.price_minor is not None:
        line = labelled_line(item, found.gtin, Label("", LabelKind.PRICE, found.price_minor), currency)
        return line if not weight else replace(line, quantity=require_quantity(weight))
    return labelled_line(item, found.gtin, Label("", LabelKind.WEIGHT, weight), currency) if weight else None


def not_here(recognised: entries.Entry) -> Refused:
    """The refusal of something that is read and understood, but not taken where it was scanned."""
    return Refused(f"scan_not_here_{entries.kind_of(recognised)}")
