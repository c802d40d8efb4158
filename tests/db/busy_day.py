"""A day at a small shop in which everything happens once: what the books must hold together."""

from __future__ import annotations

from pathlib import Path

from app.domain.basket import Discount, DiscountKind
from app.domain.money import TWD, Money
from app.domain.tender import TenderKind
from app.service.completion import CompletedSale
from app.service.till_session import TillSession
from tests.service.small_shop import BAG, PHONE, SOAP, TEA, SmallShop, open_small_shop


def close_shift(shop: SmallShop, counted: int | None = None) -> None:
    """Count the drawer (to the dollar, unless told otherwise) and close."""
    flow = TillSession(shop.store, shop.session, shop.clock, shop.ids, shop.spool).begin_close()
    flow.acknowledge_held()
    expected = flow.settlement.expected_cash.minor
    flow.count_total(Money(expected if counted is None else counted, TWD))
    flow.finish_count()
    if counted is not None and counted != expected:
        flow.explain("找錯錢")
    flow.keep(Money(1000, TWD))
    flow.complete()


def open_shift(shop: SmallShop) -> None:
    TillSession(shop.store, shop.session, shop.clock, shop.ids, shop.spool).open_shift(Money(1000, TWD))


def give_back(shop: SmallShop, number: str, line: int, quantity: int, *extra: str) -> CompletedSale:
    """Some of one sold line comes back, with new goods on the same ticket when ``extra`` are keyed."""
    sale = shop.returns.by_receipt(number)
    shop.checkout.add_return(shop.returns.line(sale, line, quantity, basket=shop.checkout.basket))
    return shop.sell(*extra)


def a_busy_day(folder: Path) -> SmallShop:
    """Two shifts: members, points, discounts, returns in parts, an exchange, a void, held sales, a draft. The second shift is open."""
    shop = open_small_shop(folder)
    shop.sell(TEA, SOAP, PHONE, "")
    earning = shop.sell(f"5*{TEA}", f"3*{SOAP}", PHONE)
    shop.checkout.enter(f"2*{TEA}")
    shop.checkout.discount_line(1, Discount(DiscountKind.PERCENT, 1000, "老客人"))
    discounted = shop.sell(SOAP)
    shop.checkout.enter(TEA)
    shop.checkout.enter(PHONE)
    shop.checkout.enter("")
    shop.checkout.tender(TenderKind.POINTS, 10, points=10)
    shop.checkout.tender(TenderKind.CARD, 100, reference="A1B2")
    spending = shop.sell()
    give_back(shop, earning.transaction.header.receipt_number, 1, 2000)
    give_back(shop, earning.transaction.header.receipt_number, 1, 3000)
    give_back(shop, spending.transaction.header.receipt_number, 1, 1000, f"2*{SOAP}", BAG)
    voided = shop.sell(TEA)
    shop.post_void.void(voided.transaction.header.id, "打錯")
    close_shift(shop, counted=4_000)
    shop.clock.forward(hours=10)
    open_shift(shop)
    give_back(shop, discounted.transaction.header.receipt_number, 1, 1000)
    shop.sell("0987654321", TEA, "")
    shop.checkout.enter(SOAP)
    shop.checkout.enter(PHONE)
    shop.checkout.hold()
    shop.checkout.enter(TEA)
    shop.printing.reprint(earning.transaction.header.id)
    save_draft(shop)
    return shop


def save_draft(shop: SmallShop) -> None:
    """What the screen does after each key."""
    from app.service.holding import body_of

    with shop.store.begin() as work:
        work.save_draft(body_of(shop.checkout.basket))
        work.commit()
