"""Gifts for points: with a sale or by themselves, never more than there are, and their points come back as they were."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.domain.errors import Refused
from app.domain.ledger import EntryKind
from app.domain.loyalty.gifts import Gift, GiftRules
from app.domain.loyalty.moves import GiftTaken
from app.domain.loyalty.points_rules import Burn, PointsRules, Rate
from app.domain.receipt import ReceiptDocument
from app.domain.tender import TenderKind
from app.service.gift_desk import GiftDesk
from app.service.holding import basket_of, body_of
from app.service.rules import RuleDesk
from db.verify import verify
from tests.service.front_desk import words_of
from tests.service.small_shop import E164, PHONE, SOAP, TEA, SmallShop

GIFTS = GiftRules(
    (
        Gift("MUG", "馬克杯", 200, stock=2),
        Gift("BAG", "帆布袋", 100, tiers=frozenset({"gold"})),
        Gift("OLD", "舊禮物", 1, ends_on=date(2026, 11, 20)),
    )
)


@pytest.fixture
def gifts(shop: SmallShop) -> GiftDesk:
    """A member with 700 points, and the catalogue."""
    rules = RuleDesk(shop.store, shop.session, shop.clock, shop.points.rulebook)
    rules.save_points(PointsRules(base=Rate(1, 1), burn=Burn(1)))
    rules.save_gifts(GIFTS)
    shop.sell(f"2*{TEA}", PHONE, "")
    return shop.loyalty.gifts


def begin(shop: SmallShop) -> None:
    shop.checkout.enter(SOAP)
    shop.checkout.enter(PHONE)


def member_id(shop: SmallShop):  # type: ignore[no-untyped-def]
    return shop.store.members.by_phone(E164).member.id  # type: ignore[union-attr]


def code_of(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.code


def test_the_catalogue_shows_what_this_member_may_have(shop: SmallShop, gifts: GiftDesk) -> None:
    assert gifts.offers(shop.checkout.basket) == ()
    begin(shop)
    (offer,) = gifts.offers(shop.checkout.basket)
    assert (offer.gift.code, offer.can_be_had, offer.left, offer.missing) == ("MUG", True, 2, 0)


def test_a_gift_goes_with_the_sale_and_its_points_with_it(shop: SmallShop, gifts: GiftDesk) -> None:
    begin(shop)
    gifts.take(shop.checkout, "MUG")
    assert shop.balance() == 700, "nothing is spent before the sale is complete"
    done = shop.sell()
    assert shop.balance() == 700 - 200 + 99 == done.points_after
    assert [(gift.code, gift.points) for gift in done.transaction.moves.gifts] == [("MUG", 200)]
    assert ("gifts", 1) in done.transaction.moves.rules
    assert done.transaction.points.spent == 0
    (entry,) = [one for one in shop.store.members.entries(member_id(shop)) if one.kind is EntryKind.GIFT]
    assert (entry.source, entry.note, entry.member_points) == ("MUG", "馬克杯", -200)
    assert verify(shop.store.engines, is_full=True) == ()


def test_a_held_basket_keeps_its_gifts(shop: SmallShop, gifts: GiftDesk) -> None:
    begin(shop)
    gifts.take(shop.checkout, "MUG")
    basket = shop.checkout.basket
    assert basket_of(body_of(basket)).gifts == basket.gifts
    gifts.put_back(shop.checkout, "MUG")
    assert shop.checkout.basket.gifts == ()


def test_money_off_and_gifts_share_the_balance(shop: SmallShop, gifts: GiftDesk) -> None:
    begin(shop)
    gifts.take(shop.checkout, "MUG", 2)
    shop.checkout.enter("")
    offer = shop.points.offer(
        shop.checkout.basket, shop.checkout.due(), shop.checkout.priced().total, date(2026, 11, 21)
    )
    assert offer is not None
    assert offer.spendable == 300


def test_the_same_points_never_pay_twice_on_one_ticket(shop: SmallShop, gifts: GiftDesk) -> None:
    shop.checkout.enter(f"2*{TEA}")
    shop.checkout.enter(PHONE)
    shop.checkout.lay_gifts((GiftTaken("MUG", "馬克杯", 2, 400),))
    shop.checkout.enter("")
    shop.checkout.tender(TenderKind.POINTS, 301, points=301)
    with pytest.raises(Refused) as refused:
        shop.sell()
    assert code_of(refused) == "points_not_enough"
    assert shop.balance() == 700


@pytest.mark.parametrize(
    ("code", "pieces", "why"),
    [
        ("NONE", 1, "gift_unknown"),
        ("MUG", 0, "gift_pieces"),
        ("MUG", 3, "gift_gone"),
        ("BAG", 1, "gift_not_for_tier"),
        ("OLD", 1, "gift_not_today"),
    ],
)
def test_what_cannot_be_had_is_refused(
    shop: SmallShop, gifts: GiftDesk, code: str, pieces: int, why: str
) -> None:
    begin(shop)
    with pytest.raises(Refused) as refused:
        gifts.take(shop.checkout, code, pieces)
    assert code_of(refused) == why
    with pytest.raises(Refused) as refused:
        gifts.redeem(member_id(shop), code, pieces)
    assert code_of(refused) == why


def test_a_gift_needs_a_member_with_enough_points(shop: SmallShop, gifts: GiftDesk) -> None:
    shop.checkout.enter(SOAP)
    with pytest.raises(Refused) as refused:
        gifts.take(shop.checkout, "MUG")
    assert code_of(refused) == "gift_member_needed"
    rules = RuleDesk(shop.store, shop.session, shop.clock, shop.points.rulebook)
    rules.save_gifts(GiftRules((Gift("CAR", "模型車", 701),)))
    shop.checkout.enter(PHONE)
    with pytest.raises(Refused) as refused:
        gifts.take(shop.checkout, "CAR")
    assert (code_of(refused), refused.value.fields["missing"]) == ("gift_points_missing", 1)


def test_a_void_gives_the_points_back_with_their_old_end_and_the_stock_too(
    shop: SmallShop, gifts: GiftDesk
) -> None:
    before = shop.store.members.lots(member_id(shop))
    begin(shop)
    gifts.take(shop.checkout, "MUG", 2)
    sale = shop.sell().transaction
    begin(shop)
    assert gifts.offers(shop.checkout.basket)[0].left == 0
    shop.checkout.start_new()
    shop.post_void.void(sale.header.id, "打錯了")
    begin(shop)
    assert gifts.offers(shop.checkout.basket)[0].left == 2
    after = {lot.id: lot for lot in shop.store.members.lots(member_id(shop))}
    assert [after[lot.id] for lot in before] == list(before)
    assert verify(shop.store.engines, is_full=True) == ()


def test_a_return_gives_back_the_gift_that_is_brought(shop: SmallShop, gifts: GiftDesk) -> None:
    begin(shop)
    gifts.take(shop.checkout, "MUG")
    sale = shop.sell().transaction
    receipt = shop.returns.by_receipt(sale.header.receipt_number)
    shop.checkout.add_return(shop.returns.line(receipt, 1, 1000, basket=shop.checkout.basket))
    gifts.bring_back(shop.checkout, sale, "MUG")
    done = shop.sell(PHONE)
    assert done.transaction.moves.gifts[0].points == -200
    assert shop.balance() == 700
    assert verify(shop.store.engines, is_full=True) == ()


def test_a_gift_without_a_sale_prints_a_slip(shop: SmallShop, gifts: GiftDesk) -> None:
    gifts.redeem(member_id(shop), "MUG", 2)
    (job,) = [one for one in shop.store.desk.print_jobs(("queued",)) if one.request.kind == "slip"]
    assert isinstance(job.request.document, ReceiptDocument)
    words = words_of(job.request.document)
    assert "點數兌換" in words
    assert "× 2" in words
    assert "點數餘額 | 300" in words
    assert "0912-***-678" in words


def test_a_gift_may_be_had_without_buying_and_given_back_once(shop: SmallShop, gifts: GiftDesk) -> None:
    before = shop.store.members.lots(member_id(shop))
    entry = gifts.redeem(member_id(shop), "MUG", 2)
    assert shop.balance() == 300
    assert entry.transaction_id is None
    with pytest.raises(Refused):
        gifts.redeem(member_id(shop), "MUG")
    gifts.give_back(entry.id)
    assert shop.store.members.lots(member_id(shop)) == before
    with pytest.raises(Refused) as refused:
        gifts.give_back(entry.id)
    assert code_of(refused) == "gift_given_back"
    assert verify(shop.store.engines, is_full=True) == ()


def test_a_basket_whose_member_left_cannot_keep_its_gift(shop: SmallShop, gifts: GiftDesk) -> None:
    begin(shop)
    gifts.take(shop.checkout, "MUG")
    shop.checkout.resume(replace(shop.checkout.basket, member=None))
    with pytest.raises(Refused) as refused:
        shop.sell()
    assert code_of(refused) == "gift_member_needed"
