"""Stamp cards at the counter: earned with the sale, spent on a full card, taken back with what comes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.domain.errors import Refused
from app.domain.ids import ItemId
from app.domain.loyalty.coupon_benefit import Benefit, BenefitKind, Covers
from app.domain.loyalty.stamps import StampCard, StampPer, StampRules, StampStanding
from app.domain.transaction import RetailTransaction
from app.service.outcomes import CouponApplied, CouponWaiting
from tests.service.front_desk import words_of
from tests.service.small_shop import PHONE, SOAP, TEA, SmallShop

FREE_CHEAPEST = Benefit(BenefitKind.PERCENT, 10_000, pieces_max=1, is_cheapest_first=True)
SOAPS = StampCard("SOAPS", "香皂", 3, FREE_CHEAPEST)
VISITS = StampCard("VISITS", "來店", 2, Benefit(BenefitKind.AMOUNT, 50), StampPer.VISIT, 100)


def item_id(shop: SmallShop, barcode: str) -> ItemId:
    item = shop.store.catalogue.by_barcode(barcode, shop.clock.now_ms())
    assert item is not None
    return item.id


@pytest.fixture
def cards(shop: SmallShop) -> SmallShop:
    """A card by the piece of soap and one by the visit, and a member without a stamp."""
    shop.sell(TEA, PHONE, "")
    only_soap = Covers(item_ids=frozenset({item_id(shop, SOAP)}))
    soaps = replace(SOAPS, covers=only_soap, reward=replace(FREE_CHEAPEST, covers=only_soap))
    shop.loyalty.stamps.write_rules(StampRules((soaps, VISITS)))
    return shop


def standing(shop: SmallShop, card: str = "SOAPS") -> StampStanding:
    member = shop.store.members.by_phone("+886912345678")
    assert member is not None
    found = shop.loyalty.stamps.standings(member.member.id, "", date(2026, 11, 21))
    return next(one for one in found if one.card == card)


def stamps(shop: SmallShop, card: str = "SOAPS") -> int:
    return standing(shop, card).stamps


def next_day(shop: SmallShop) -> None:
    assert shop.session.shift is not None
    shop.clock.forward(days=1)
    day = date.fromordinal(shop.session.shift.business_date.toordinal() + 1)
    shop.session.shift = replace(shop.session.shift, business_date=day)


def give_back(shop: SmallShop, sale: RetailTransaction, number: int, quantity: int) -> None:
    found = shop.returns.open(sale)
    line = shop.returns.line(found, number, quantity, basket=shop.checkout.basket)
    shop.checkout.add_return(line)


def test_soaps_give_stamps_and_a_full_card_gives_the_cheapest_one(cards: SmallShop) -> None:
    done = cards.sell(f"2*{SOAP}", TEA, PHONE).transaction
    assert [(move.card, move.earned, move.spent) for move in done.moves.stamps] == [
        ("SOAPS", 2, 0),
        ("VISITS", 1, 0),
    ]
    assert stamps(cards) == 2
    cards.checkout.enter(PHONE)
    with pytest.raises(Refused, match="stamps_too_few"):
        cards.checkout.use_reward("SOAPS")
    cards.checkout.start_new()
    cards.sell(f"2*{SOAP}", PHONE)
    assert (stamps(cards), standing(cards).rewards_ready) == (4, 1)
    cards.checkout.enter(PHONE)
    assert isinstance(cards.checkout.use_reward("SOAPS"), CouponWaiting), "no soap yet"
    cards.checkout.enter(f"3*{SOAP}")
    done = cards.sell().transaction
    assert done.total.minor == 198
    assert [(move.card, move.earned, move.spent) for move in done.moves.stamps] == [("SOAPS", 2, 3)]
    assert stamps(cards) == 4 + 2 - 3, "the free one gives no stamp"


def test_a_walk_in_gets_none_and_a_card_lies_on_the_counter_once(cards: SmallShop) -> None:
    cards.sell(f"5*{SOAP}")
    assert stamps(cards) == 0
    with pytest.raises(Refused, match="stamps_too_few"):
        cards.checkout.use_reward("SOAPS")
    cards.sell(f"6*{SOAP}", PHONE)
    cards.checkout.enter(PHONE)
    cards.checkout.enter(SOAP)
    assert isinstance(cards.checkout.use_reward("SOAPS"), CouponApplied)
    with pytest.raises(Refused, match="stamp_reward_twice"):
        cards.checkout.use_reward("SOAPS")
    with pytest.raises(Refused, match="stamp_card_unknown"):
        cards.checkout.use_reward("NOSUCH")


def test_a_visit_gives_one_stamp_a_day(cards: SmallShop) -> None:
    cards.sell(TEA, PHONE)
    cards.sell(TEA, PHONE)
    assert stamps(cards, "VISITS") == 1
    next_day(cards)
    sale = cards.sell(TEA, PHONE).transaction
    assert stamps(cards, "VISITS") == 2
    cards.post_void.void(sale.header.id, "打錯")
    assert stamps(cards, "VISITS") == 1
    cards.sell(TEA, PHONE)
    assert stamps(cards, "VISITS") == 2, "the voided visit does not stand in the way"


def test_what_comes_back_takes_just_the_stamps_it_gave(cards: SmallShop) -> None:
    sale = cards.sell(f"4*{SOAP}", TEA, PHONE).transaction
    assert stamps(cards) == 4
    give_back(cards, sale, 1, 1_000)
    ticket = cards.sell().transaction
    assert [(move.card, move.earned, move.spent) for move in ticket.moves.stamps] == [("SOAPS", -1, 0)]
    assert (stamps(cards), stamps(cards, "VISITS")) == (3, 1)
    give_back(cards, sale, 1, 3_000)
    cards.sell()
    assert (stamps(cards), stamps(cards, "VISITS")) == (0, 1)
    give_back(cards, sale, 2, 1_000)
    cards.sell()
    assert (stamps(cards), stamps(cards, "VISITS")) == (0, 0)


def test_a_reward_comes_back_when_nothing_of_its_sale_is_kept(cards: SmallShop) -> None:
    cards.sell(f"3*{SOAP}", PHONE)
    cards.checkout.enter(PHONE)
    cards.checkout.enter(f"2*{SOAP}")
    cards.checkout.enter(TEA)
    cards.checkout.use_reward("SOAPS")
    sale = cards.sell().transaction
    assert stamps(cards) == 3 - 3 + 1
    give_back(cards, sale, 1, 2_000)
    cards.sell()
    assert stamps(cards) == 0
    give_back(cards, sale, 2, 1_000)
    cards.sell()
    assert stamps(cards) == 3


def test_stamps_spent_before_their_goods_came_back_are_owed(cards: SmallShop) -> None:
    first = cards.sell(f"3*{SOAP}", PHONE).transaction
    cards.checkout.enter(PHONE)
    cards.checkout.enter(SOAP)
    cards.checkout.use_reward("SOAPS")
    cards.sell()
    give_back(cards, first, 1, 3_000)
    cards.sell()
    assert (stamps(cards), standing(cards).rewards_ready) == (-3, 0)
    cards.sell(f"4*{SOAP}", PHONE)
    assert stamps(cards) == 1


def test_a_void_undoes_everything_and_an_exchange_counts_both_ways(cards: SmallShop) -> None:
    cards.sell(f"3*{SOAP}", PHONE)
    cards.checkout.enter(PHONE)
    cards.checkout.enter(f"3*{SOAP}")
    cards.checkout.use_reward("SOAPS")
    sale = cards.sell().transaction
    assert stamps(cards) == 2
    cards.post_void.void(sale.header.id, "打錯")
    assert stamps(cards) == 3
    kept = cards.sell(f"2*{SOAP}", PHONE).transaction
    give_back(cards, kept, 1, 2_000)
    cards.checkout.enter(PHONE)
    cards.checkout.enter(f"5*{SOAP}")
    ticket = cards.sell().transaction
    assert [(move.card, move.earned) for move in ticket.moves.stamps if move.card == "SOAPS"] == [
        ("SOAPS", 5),
        ("SOAPS", -2),
    ]
    assert stamps(cards) == 8


def test_a_rule_change_takes_no_stamp_away_and_a_return_goes_by_the_old_rule(cards: SmallShop) -> None:
    sale = cards.sell(f"4*{SOAP}", PHONE).transaction
    cards.loyalty.stamps.write_rules(StampRules((replace(SOAPS, every=100),)))
    assert stamps(cards) == 4
    give_back(cards, sale, 1, 3_000)
    cards.sell()
    assert stamps(cards) == 1


def test_an_automatic_card_is_used_with_the_total_and_only_when_it_helps(cards: SmallShop) -> None:
    cards.sell(f"3*{SOAP}", PHONE)
    only_soap = Covers(item_ids=frozenset({item_id(cards, SOAP)}))
    automatic = replace(
        SOAPS, covers=only_soap, reward=replace(FREE_CHEAPEST, covers=only_soap), is_automatic=True
    )
    cards.loyalty.stamps.write_rules(StampRules((automatic,)))
    cards.checkout.enter(PHONE)
    cards.checkout.enter(TEA)
    cards.checkout.enter("")
    assert cards.checkout.basket.rewards == ()
    cards.checkout.enter(SOAP)
    cards.checkout.enter("")
    assert [one.card for one in cards.checkout.basket.rewards] == ["SOAPS"]
    assert cards.sell().transaction.total.minor == 350
    assert stamps(cards) == 0


def test_a_named_item_is_the_reward(cards: SmallShop) -> None:
    gift = Benefit(BenefitKind.GIFT, gift_id=item_id(cards, SOAP))
    cards.loyalty.stamps.write_rules(StampRules((replace(SOAPS, reward=gift, needed=1),)))
    cards.sell(TEA, PHONE)
    cards.checkout.enter(PHONE)
    cards.checkout.enter(TEA)
    cards.checkout.use_reward("SOAPS")
    done = cards.sell().transaction
    assert [line.net.minor for line in done.lines] == [350, 0]
    assert [(move.card, move.earned, move.spent) for move in done.moves.stamps] == [("SOAPS", 1, 1)]


def test_a_card_that_was_emptied_meanwhile_stops_the_sale(cards: SmallShop) -> None:
    cards.sell(f"3*{SOAP}", PHONE)
    cards.checkout.enter(PHONE)
    cards.checkout.enter(SOAP)
    cards.checkout.use_reward("SOAPS")
    held = cards.checkout.hold()
    cards.checkout.enter(PHONE)
    cards.checkout.enter(SOAP)
    cards.checkout.use_reward("SOAPS")
    cards.sell()
    cards.checkout.retrieve(held)
    with pytest.raises(Refused, match="stamps_too_few"):
        cards.sell()


def test_the_receipt_says_how_far_each_card_is(cards: SmallShop) -> None:
    done = cards.sell(f"4*{SOAP}", PHONE)
    document = cards.store.journal.document_of(done.transaction.header.id)
    assert document is not None
    words = words_of(document)
    assert "集點卡：香皂 | 4/3" in words
    assert "可兌換 1 次" in words
    assert "集點卡：來店 | 1/2" in words
