"""Coupons and stamps are proved: honest books are whole, and each promise that is broken on a real file is told."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random

import pytest

from app.domain.errors import Refused
from app.domain.loyalty.coupon import uses_left
from app.domain.loyalty.coupon_benefit import Benefit, BenefitKind
from app.domain.loyalty.coupon_terms import CouponRules, CouponTerms, Gift, NextVisit, Occasion
from app.domain.loyalty.stamps import StampCard, StampPer, StampRules
from db.verify_loyalty import CHECKS
from tests.db.books import checks, edit, findings
from tests.service.small_shop import PHONE, SOAP, TEA, SmallShop, open_small_shop

TENTH = CouponTerms("TENTH", "九折券", Benefit(BenefitKind.PERCENT, 1_000), is_alone=False, uses_max=2)
CARD = StampCard("VISITS", "集點", 2, Benefit(BenefitKind.AMOUNT, 50), StampPer.PIECE)


def sell_a_day(shop: SmallShop) -> None:
    """Coupons used, given back, passed by bulk and print; stamps earned, spent and taken back."""
    shop.loyalty.coupons.write_rules(
        CouponRules((TENTH,), (Gift(Occasion.WELCOME, "TENTH"),), (NextVisit("TENTH"),))
    )
    shop.loyalty.stamps.write_rules(StampRules((CARD,)))
    first = shop.sell(f"3*{SOAP}", PHONE, "").transaction
    assert first.member_id is not None
    shop.loyalty.office.issue_to("TENTH", [first.member_id], "雙十一")
    coupon = shop.loyalty.office.issue("TENTH")
    shop.checkout.scan(TEA)
    shop.checkout.scan(shop.loyalty.coupons.symbol(coupon))
    shop.checkout.enter(PHONE)
    shop.checkout.use_reward("VISITS")
    sale = shop.sell().transaction
    found = shop.returns.open(sale)
    shop.checkout.add_return(shop.returns.line(found, 1, 1_000, basket=shop.checkout.basket))
    shop.sell()
    shop.checkout.scan(TEA)
    shop.checkout.scan(shop.loyalty.coupons.symbol(coupon))
    shop.sell()
    voided = shop.sell(SOAP, PHONE).transaction
    shop.post_void.void(voided.header.id, "打錯")


@pytest.fixture(scope="module")
def sold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    shop = open_small_shop(tmp_path_factory.mktemp("sold"))
    sell_a_day(shop)
    shop.store.close()
    return shop.path


@pytest.fixture
def day(sold: Path, tmp_path: Path) -> Path:
    for one in sold.parent.iterdir():
        shutil.copy(one, tmp_path / one.name)
    return tmp_path / sold.name


def test_honest_books_are_whole(day: Path) -> None:
    assert findings(day) == ()


COUPON_ID = "(SELECT coupon_id FROM coupon_event LIMIT 1)"
DAMAGE = {
    "a coupon of more uses": ("UPDATE coupon SET uses_max = 99", "coupon_off"),
    "a coupon of another member": ("UPDATE coupon SET member_id = zeroblob(16)", "coupon_off"),
    "a coupon without an end": ("UPDATE coupon SET valid_to = 20991231", "coupon_off"),
    "a coupon that nobody issued": (
        "INSERT INTO coupon SELECT zeroblob(16), 'XXXXXXXXXX', template, rule_version, NULL, issued_at, valid_from, valid_to,"
        " uses_max, source, batch, NULL FROM coupon LIMIT 1",
        "coupon_off",
    ),
    "a coupon that is gone": (f"DELETE FROM coupon WHERE id = {COUPON_ID}", "coupon_off"),
    "a use that is gone": (
        "DELETE FROM coupon_event WHERE kind = 'redeemed'",
        "coupon_event_off",
    ),
    "a use of another amount": ("UPDATE coupon_event SET amount_minor = 1", "coupon_event_off"),
    "a use at another clock": ("UPDATE coupon_event SET hlc = 1", "coupon_event_off"),
    "a use no ticket tells of": (
        "UPDATE coupon_event SET transaction_id = zeroblob(16) WHERE kind = 'redeemed'",
        "coupon_use_off",
    ),
    "a return that was made up": (
        "UPDATE coupon_event SET kind = 'restored' WHERE kind = 'redeemed'",
        "coupon_use_off",
    ),
    "stamps out of nothing": ("UPDATE stamp_event SET stamps = stamps + 5 WHERE stamps > 0", "stamp_off"),
    "stamps of another member": ("UPDATE stamp_event SET member_id = zeroblob(16)", "stamp_off"),
    "stamps that are gone": ("DELETE FROM stamp_event", "stamp_off"),
    "stamps no ticket tells of": (
        "UPDATE stamp_event SET transaction_id = zeroblob(16) WHERE kind = 'earned'",
        "stamp_use_off",
    ),
}


@pytest.mark.parametrize(("statement", "check"), DAMAGE.values(), ids=DAMAGE)
def test_every_damage_is_found(day: Path, statement: str, check: str) -> None:
    edit(day, statement)
    assert check in checks(day)


def test_every_check_has_a_damage_that_it_finds() -> None:
    assert {check for _, check in DAMAGE.values()} == CHECKS


# --- random shops -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_whatever_a_shop_does_with_coupons_and_cards_its_books_are_whole(tmp_path: Path, seed: int) -> None:
    """And a sale that is undone leaves every coupon and stamp as it was before it."""
    shop, random = open_small_shop(tmp_path), Random(seed)
    per = random.choice(list(StampPer))
    shop.loyalty.coupons.write_rules(CouponRules((TENTH,), (), (NextVisit("TENTH", members_only=True),)))
    shop.loyalty.stamps.write_rules(
        StampRules((StampCard("CARD", "集點", 2, Benefit(BenefitKind.AMOUNT, 20), per, 50),))
    )
    member_id = shop.sell(TEA, PHONE, "").transaction.member_id
    assert member_id is not None
    symbols = [shop.loyalty.coupons.symbol(shop.loyalty.office.issue("TENTH", member_id)) for _ in range(4)]
    for _ in range(8):
        before = _state(shop)
        _fill(shop, random, symbols)
        sale = shop.sell().transaction
        used = {use.coupon_id for use in sale.moves.coupons}
        for known in shop.store.coupons.of_member(member_id):
            kinds = [event.kind.value for event in known.events]
            assert kinds.count("redeemed") - kinds.count("restored") <= known.coupon.uses_max
        if random.random() < 0.7:
            if random.random() < 0.5:
                shop.post_void.void(sale.header.id, "打錯")
            else:
                _bring_back(shop, random, sale.header.receipt_number)
            assert _state(shop) == before, (seed, used)
    shop.store.close()
    assert findings(shop.path) == ()


def _refusal(call: Callable[[], object]) -> str:
    """The code of the refusal, or ``""``."""
    try:
        call()
    except Refused as refused:
        return refused.code
    return ""


def _fill(shop: SmallShop, random: Random, symbols: list[str]) -> None:
    shop.checkout.enter(PHONE)
    for code in random.choices((TEA, SOAP), k=random.randint(1, 4)):
        shop.checkout.enter(f"{random.randint(1, 3)}*{code}")
    for symbol in random.sample(symbols, random.randint(0, 2)):
        assert _refusal(partial(shop.checkout.scan, symbol)) in ("", "coupon_used")
    if random.random() < 0.5:
        assert _refusal(lambda: shop.checkout.use_reward("CARD")) in ("", "stamps_too_few")


def _bring_back(shop: SmallShop, random: Random, number: str) -> None:
    """All of it, in as many parts as it likes."""
    while _refusal(lambda: shop.returns.by_receipt(number)) != "nothing_left_to_return":
        found = shop.returns.by_receipt(number)
        left = [line for line in found.lines if line.remaining_quantity]
        for line in random.sample(left, random.randint(1, len(left))):
            quantity = random.randint(1, line.remaining_quantity // 1_000) * 1_000
            back = shop.returns.line(found, line.line.number, quantity, basket=shop.checkout.basket)
            shop.checkout.add_return(back)
        shop.sell()


def _state(shop: SmallShop) -> tuple[object, ...]:
    """What the member has: the uses left of every coupon that is alive, and the stamps with their ends."""
    card = shop.store.members.by_phone("+886912345678")
    assert card is not None
    member_id = card.member.id
    coupons = shop.store.coupons.of_member(member_id)
    alive = {one.coupon.id: left for one in coupons if (left := uses_left(one.coupon, one.events))}
    assert shop.session.shift is not None
    stamps = shop.loyalty.stamps.standings(member_id, "", shop.session.shift.business_date)
    return alive, stamps
