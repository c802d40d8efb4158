"""Discounts as they are keyed and as they are said. Pure."""

from __future__ import annotations

from app.domain.basket import Discount, DiscountKind
from app.domain.errors import Refused
from app.domain.money import Currency, Money, format_money
from app.domain.phone import fold_digits
from app.domain.promotion import PERCENT_WHOLE
from app.domain.quantity import ONE, format_quantity, parse_quantity
from app.i18n import t
from ui.sale.questions import amount_from


def discount_from(text: str, currency: Currency, *, is_line: bool) -> Discount:
    """``10`` is percent, ``10-`` an amount off, ``88=`` a new price (of a line only). The reason is added later.

    Raises Refused("discount_percent_range" | "amount_unreadable" | "basket_price_impossible").
    """
    text = fold_digits(text)
    if text.endswith("-"):
        return Discount(DiscountKind.AMOUNT, amount_from(text[:-1], currency))
    if text.endswith("="):
        if not is_line:
            raise Refused("basket_price_impossible")
        return Discount(DiscountKind.PRICE, amount_from(text[:-1], currency))
    percent = parse_quantity(text.removesuffix("%"))
    if percent is None:
        raise Refused("amount_unreadable", text=text[:32])
    if percent > 100 * ONE:
        raise Refused("discount_percent_range")
    return Discount(DiscountKind.PERCENT, percent // 10)


def discount_text(discount: Discount, currency: Currency) -> str:
    """``打 9 折（減 10%）``."""
    amount = format_money(Money(discount.value, currency))
    match discount.kind:
        case DiscountKind.AMOUNT:
            return t("sale.discount.amount", amount=amount)
        case DiscountKind.PRICE:
            return t("sale.discount.price", amount=amount)
        case DiscountKind.PERCENT:
            if discount.value == PERCENT_WHOLE:
                return t("sale.discount.free")
            left, percent = (
                f"{format_quantity(share * 10)}%"
                for share in (PERCENT_WHOLE - discount.value, discount.value)
            )
            return t("sale.discount.percent", left=left, percent=percent)
