"""A tier's percent at the counter: from the sale after it was reached on, and back to the last dollar with a return."""

from __future__ import annotations

from app.domain.loyalty.tiers import Tier, TierRights, TierRules
from app.domain.pricing import explain
from app.domain.transaction import PriceSource
from app.i18n import t
from app.service.rules import RuleDesk
from db.verify import verify
from tests.service.small_shop import PHONE, SOAP, TEA, SmallShop

RULES = TierRules(tiers=(Tier("gold", "金卡", 700, TierRights(percent_off=1_000)),))


def put(shop: SmallShop, rules: TierRules) -> None:
    RuleDesk(shop.store, shop.session, shop.clock, shop.points.rulebook).save_tiers(rules)


def said(shop: SmallShop, number: int) -> list[str]:
    priced = shop.checkout.priced()
    line = priced.lines[number - 1]
    return [t(key, "zh_TW", **fields) for key, fields in explain(line, priced.steps[number])]


def test_the_tier_counts_from_the_next_sale_on_and_says_so(shop: SmallShop) -> None:
    put(shop, RULES)
    first = shop.sell(PHONE, "", TEA, TEA)
    assert first.transaction.total.minor == 700, "the sale that reaches a tier is not made cheaper by it"
    for code in (PHONE, TEA, SOAP):
        shop.checkout.enter(code)
    assert said(shop, 1) == ["金卡 9 折，NT$342（原價 NT$380）× 1，共 NT$342。"]
    assert said(shop, 2) == ["金卡 9 折，NT$89（原價 NT$99）× 1，共 NT$89。"]
    done = shop.sell()
    assert done.transaction.total.minor == 342 + 89
    assert [line.price_source for line in done.transaction.lines] == [PriceSource.MEMBER] * 2
    assert verify(shop.store.engines, is_full=True) == ()


def test_what_was_bought_at_the_tiers_price_comes_back_at_it(shop: SmallShop) -> None:
    put(shop, RULES)
    shop.sell(PHONE, "", TEA, TEA)
    sold = shop.sell(PHONE, f"3*{SOAP}").transaction
    assert sold.total.minor == 3 * 89
    back = [give_back(shop, sold.header.receipt_number) for _ in range(3)]
    assert back == [-89, -89, -89]
    assert verify(shop.store.engines, is_full=True) == ()


def test_a_shop_whose_tiers_change_no_price_asks_nothing_of_the_pricing(shop: SmallShop) -> None:
    put(shop, TierRules(tiers=(Tier("gold", "金卡", 700, TierRights(points_factor=200)),)))
    assert shop.checkout.price_context().levels == {}


def give_back(shop: SmallShop, number: str) -> int:
    """One piece of the first line comes back; what the customer gets."""
    receipt = shop.returns.by_receipt(number)
    shop.checkout.add_return(shop.returns.line(receipt, 1, 1_000, basket=shop.checkout.basket))
    return shop.sell().transaction.total.minor
