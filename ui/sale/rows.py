"""The basket's lines as rows to show. Pure: the same lines give the same rows, and a row is made anew only when its line changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from app import i18n
from app.domain.basket import BasketLine
from app.domain.item import Unit
from app.domain.money import Money, extend, format_money
from app.domain.pricing import Priced, StepKind, explain
from app.domain.quantity import format_quantity
from app.domain.transaction import Modifier, ModifierKind, PriceSource, SaleLine
from app.i18n import t
from ui.widgets.basket_view import RowData

DETAILS_MAX: Final = 4


@dataclass(frozen=True, slots=True)
class _Made:
    """A row and what it was made of."""

    entered: BasketLine
    sold: SaleLine | None
    row: RowData


class Rows:
    """Remembers the rows it made, so that a scan into a long basket makes one."""

    def __init__(self) -> None:
        self._made: dict[int, _Made] = {}
        self._language = ""

    def of(self, priced: Priced) -> tuple[RowData, ...]:
        """Every line in basket order, void ones included."""
        if self._language != i18n.language():
            self._made.clear()
            self._language = i18n.language()
        sold = {line.number: line for line in priced.lines}
        made = {line.number: self._row(line, sold.get(line.number), priced) for line in priced.basket.lines}
        self._made = made
        return tuple(each.row for each in made.values())

    def _row(self, entered: BasketLine, sold: SaleLine | None, priced: Priced) -> _Made:
        before = self._made.get(entered.number)
        if before is not None and before.entered is entered and (before.sold is sold or before.sold == sold):
            return before
        if sold is None:
            return _Made(entered, sold, _void_row(entered))
        return _Made(entered, sold, _sold_row(entered, sold, _source(sold, priced)))


def _sold_row(entered: BasketLine, sold: SaleLine, source: str | None) -> RowData:
    return RowData(
        number=sold.number,
        name=sold.name,
        quantity=quantity_text(abs(sold.quantity), sold.unit),
        unit_price=format_money(sold.unit_price, symbol=False),
        amount=format_money(sold.net, symbol=False),
        details=tuple(_details(entered, sold, source))[:DETAILS_MAX],
        is_return=sold.is_return,
        is_discounted=sold.net != sold.gross or sold.price_source is PriceSource.MEMBER,
    )


def _void_row(entered: BasketLine) -> RowData:
    price = entered.open_price or entered.item.price
    amount = entered.label_amount or Money(extend(price.minor, entered.quantity), price.currency)
    return RowData(
        number=entered.number,
        name=entered.item.name,
        quantity=quantity_text(entered.quantity, entered.item.unit),
        unit_price=format_money(price, symbol=False),
        amount=format_money(amount, symbol=False),
        is_void=True,
    )


def quantity_text(thousandths: int, unit: Unit) -> str:
    """``2`` pieces, ``0.385 kg``."""
    text = format_quantity(thousandths)
    return t("sale.line.weight", quantity=text) if unit is Unit.KILOGRAM else text


def _details(entered: BasketLine, sold: SaleLine, source: str | None) -> list[str]:
    """The small lines below the name: where the price came from, what took something off, the note."""
    details = []
    if source is not None:
        details.append(source)
    details += [
        _modifier(each)
        for each in sold.modifiers
        if each.amount and each.kind is not ModifierKind.BASKET_DISCOUNT
    ]
    if sold.return_of is not None:
        details.append(t("sale.line.returned", number=sold.return_of.receipt_number))
    if entered.note:
        details.append(t("sale.line.note", note=entered.note))
    return details


def _source(sold: SaleLine, priced: Priced) -> str | None:
    """Where the price came from, where that is worth a word."""
    regular = format_money(sold.list_price, symbol=False)
    match sold.price_source:
        case PriceSource.MEMBER:
            step = priced.steps[sold.number][0]
            if step.kind is StepKind.TIER:
                _, said = explain(sold, (step,))[0]
                fields: dict[str, Any] = {**said, "price": regular}
                return t("sale.line.tier_price", **fields)
            return t("sale.line.member_price", price=regular)
        case PriceSource.OVERRIDE:
            return t("sale.line.override", price=regular)
        case PriceSource.LABEL:
            return t("sale.line.label")
        case PriceSource.REGULAR | PriceSource.OPEN | PriceSource.RETURNED:
            return None


def _modifier(modifier: Modifier) -> str:
    amount = format_money(modifier.amount, symbol=False)
    match modifier.kind:
        case ModifierKind.MEMBER_PRICE:
            return t("sale.line.member_part", amount=amount)
        case ModifierKind.LINE_DISCOUNT:
            return t("sale.line.person_discount", reason=modifier.reason or modifier.label, amount=amount)
        case ModifierKind.PROMOTION | ModifierKind.BASKET_DISCOUNT | ModifierKind.COUPON:
            return t("sale.line.discount", name=modifier.label, amount=amount)
