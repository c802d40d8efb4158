"""A small shop with a few coupons, and what its tests do with them over and over."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.errors import Refused
from app.domain.ids import ItemId, MemberId
from app.domain.loyalty.coupon import Coupon
from app.domain.loyalty.coupon_benefit import Benefit, BenefitKind
from app.domain.loyalty.coupon_terms import CouponRules, CouponTerms
from app.domain.receipt import QR
from app.domain.transaction import RetailTransaction
from app.service.outcomes import Outcome
from tests.service.front_desk import words_of
from tests.service.small_shop import PHONE, SOAP, SmallShop

OTHER_PHONE = "0987654321"
FIFTY = CouponTerms("FIFTY", "折五十", Benefit(BenefitKind.AMOUNT, 50, minimum=300))
TENTH = CouponTerms("TENTH", "九折券", Benefit(BenefitKind.PERCENT, 1_000), is_alone=False)
MINE = CouponTerms(
    "MINE", "生日禮", Benefit(BenefitKind.AMOUNT, 30), is_personal=True, days_valid=30, is_alone=False
)
TWICE = replace(TENTH, key="TWICE", name="兩次券", uses_max=2)
TRANSFER = replace(MINE, key="GIVE", name="好友券", is_transferable=True, uses_max=2)
RULES = CouponRules(templates=(FIFTY, TENTH, MINE, TWICE, TRANSFER))


@pytest.fixture
def coupons(shop: SmallShop) -> SmallShop:
    shop.loyalty.coupons.write_rules(RULES)
    return shop


def give(shop: SmallShop, template: str, member_id: MemberId | None = None) -> Coupon:
    return shop.loyalty.office.issue(template, member_id)


def lay(shop: SmallShop, coupon: Coupon) -> Outcome:
    return shop.checkout.scan(shop.loyalty.coupons.symbol(coupon))


def refusal(shop: SmallShop, coupon: Coupon) -> str:
    with pytest.raises(Refused) as caught:
        lay(shop, coupon)
    return caught.value.code


def a_member(shop: SmallShop, phone: str = PHONE) -> MemberId:
    done = shop.sell(SOAP, phone, "")
    assert done.transaction.member_id is not None
    return done.transaction.member_id


def events(shop: SmallShop, coupon: Coupon) -> list[str]:
    known = shop.store.coupons.by_id(coupon.id)
    assert known is not None
    return [event.kind.value for event in known.events]


def give_back(shop: SmallShop, sale: RetailTransaction, *numbers: int) -> None:
    """Bring these lines back whole."""
    found = shop.returns.open(sale)
    for number in numbers:
        left = next(line for line in found.lines if line.line.number == number)
        line = shop.returns.line(found, number, left.remaining_quantity, basket=shop.checkout.basket)
        shop.checkout.add_return(line)


def item_id(shop: SmallShop, barcode: str) -> ItemId:
    item = shop.store.catalogue.by_barcode(barcode, shop.clock.now_ms())
    assert item is not None
    return item.id


def printed(shop: SmallShop, sale: RetailTransaction) -> tuple[str, str]:
    """The words of the receipt, and the symbol of the coupon on it or ``""``."""
    document = shop.store.journal.document_of(sale.header.id)
    assert document is not None
    symbols = [node.data for node in document.nodes if isinstance(node, QR) and node.data.startswith("C1:")]
    return words_of(document), symbols[0] if symbols else ""
