"""What a member has on a stamp card: the fold of their events, in whatever order those came."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.ids import CategoryId, ItemId, MemberId, TransactionId
from app.domain.loyalty.coupon_benefit import Benefit, BenefitKind, Covers
from app.domain.loyalty.stamps import (
    Bought,
    StampCard,
    StampEvent,
    StampEventKind,
    StampLot,
    StampPer,
    StampRules,
    bought,
    earned,
    standing,
    standings,
)
from app.domain.money import TWD, Money
from app.domain.transaction import Modifier, ModifierKind, SaleLine
from tests.builders import a_line

FREE = Benefit(BenefitKind.PERCENT, 10_000, pieces_max=1, is_cheapest_first=True)
CARD = StampCard("COFFEE", "咖啡", 10, FREE)
SHORT = StampCard("COFFEE", "咖啡", 10, FREE, days_valid=30)
MEMBER = MemberId(UUID(int=1))
DAY = date(2026, 11, 1)
ITEM, OTHER = ItemId(UUID(int=11)), ItemId(UUID(int=12))
DRINKS = CategoryId(UUID(int=21))


def event(kind: StampEventKind, stamps: int, at: int, sale: int | None = None) -> StampEvent:
    """``at`` counts days; ``sale`` is the sale it belongs to (default: one of its own)."""
    return StampEvent(
        id=UUID(int=at * 1_000 + stamps % 1_000 + 1),
        member_id=MEMBER,
        card="COFFEE",
        kind=kind,
        stamps=stamps,
        occurred_at=at * 86_400_000,
        business_date=DAY + timedelta(days=at),
        rule_version=1,
        transaction_id=TransactionId(UUID(int=10_000 + (at if sale is None else sale))),
    )


def on(day: int) -> date:
    return DAY + timedelta(days=day)


EARNED, TAKEN_BACK = StampEventKind.EARNED, StampEventKind.TAKEN_BACK
REDEEMED, RESTORED = StampEventKind.REDEEMED, StampEventKind.RESTORED


# --- the fold -------------------------------------------------------------------------------------------------------------


def test_stamps_add_up_to_rewards() -> None:
    found = standing(CARD, [event(EARNED, 7, 1), event(EARNED, 16, 2)], on(3))
    assert (found.stamps, found.needed, found.rewards_ready) == (23, 10, 2)


def test_stamps_end_by_their_date_and_the_last_day_still_counts() -> None:
    events = [event(EARNED, 7, 0), event(EARNED, 5, 10)]
    assert standing(SHORT, events, on(29)).stamps == 12
    found = standing(SHORT, events, on(30))
    assert (found.stamps, found.lots) == (5, (StampLot(5, on(39)),))


def test_the_first_to_end_is_spent_first_and_comes_back_with_its_old_end() -> None:
    events = [event(EARNED, 7, 0), event(EARNED, 7, 10), event(REDEEMED, -10, 11)]
    assert standing(SHORT, events, on(12)).lots == (StampLot(4, on(39)),)
    events.append(event(RESTORED, 10, 12, sale=11))
    assert standing(SHORT, events, on(12)).lots == (StampLot(7, on(29)), StampLot(7, on(39)))


def test_goods_that_come_back_take_the_stamps_they_gave() -> None:
    events = [event(EARNED, 4, 0), event(EARNED, 6, 10), event(TAKEN_BACK, -6, 11, sale=10)]
    assert standing(SHORT, events, on(12)).lots == (StampLot(4, on(29)),)


def test_stamps_spent_before_their_goods_came_back_are_owed_and_paid_by_the_next() -> None:
    events = [event(EARNED, 10, 0), event(REDEEMED, -10, 1), event(TAKEN_BACK, -10, 2, sale=0)]
    owing = standing(CARD, events, on(3))
    assert (owing.stamps, owing.rewards_ready) == (-10, 0)
    paid = standing(CARD, [*events, event(EARNED, 12, 3)], on(3))
    assert (paid.stamps, paid.lots) == (2, (StampLot(2, None),))


def test_the_same_event_heard_twice_counts_once() -> None:
    once = [event(EARNED, 7, 1), event(REDEEMED, -5, 2)]
    assert standing(CARD, once * 3, on(3)) == standing(CARD, once, on(3))


@st.composite
def histories(draw: st.DrawFn) -> list[StampEvent]:
    """Sales that earn and spend; some of them come back in part or whole."""
    events: list[StampEvent] = []
    for at in range(draw(st.integers(1, 8))):
        gave = draw(st.integers(1, 15))
        events.append(event(EARNED, gave, at * 3))
        if draw(st.booleans()):
            cost = draw(st.integers(1, 12))
            events.append(event(REDEEMED, -cost, at * 3))
            if draw(st.booleans()):
                events.append(event(RESTORED, cost, at * 3 + 2, sale=at * 3))
        if draw(st.booleans()):
            events.append(event(TAKEN_BACK, -draw(st.integers(1, gave)), at * 3 + 1, sale=at * 3))
    return events


@given(histories(), st.integers(0, 2**32))
def test_two_tills_that_were_apart_find_the_same_in_any_order(history: list[StampEvent], seed: int) -> None:
    shuffled = list(history)
    Random(seed).shuffle(shuffled)
    for card in (CARD, SHORT):
        assert standing(card, shuffled, on(40)) == standing(card, history, on(40))


@given(histories())
def test_without_an_end_the_stamps_are_the_plain_sum(history: list[StampEvent]) -> None:
    found = standing(CARD, history, on(60))
    assert found.stamps == sum(one.stamps for one in history)
    assert sum(lot.stamps for lot in found.lots) >= found.stamps
    assert all(lot.stamps > 0 for lot in found.lots)


@given(histories(), st.integers(1, 12))
def test_a_whole_return_leaves_what_there_was_before(history: list[StampEvent], gave: int) -> None:
    last = [
        event(EARNED, gave, 30),
        event(REDEEMED, -10, 30),
        event(TAKEN_BACK, -gave, 31, sale=30),
        event(RESTORED, 10, 32, sale=30),
    ]
    assert standing(CARD, history + last, on(40)).stamps == standing(CARD, history, on(40)).stamps


def test_a_card_not_offered_any_more_is_shown_while_something_is_left() -> None:
    over = StampCard("COFFEE", "咖啡", 10, FREE, ends_on=on(5))
    for_gold = StampCard("TEA", "茶", 5, FREE, tiers=frozenset({"gold"}))
    rules = StampRules((over, for_gold))
    assert standings(rules, [], on(6)) == ()
    assert [one.card for one in standings(rules, [event(EARNED, 1, 1)], on(6))] == ["COFFEE"]
    assert [one.card for one in standings(rules, [], on(6), "gold")] == ["TEA"]


# --- what goods give --------------------------------------------------------------------------------------------------------


def goods(pieces: int, paid: int, item: ItemId = ITEM, *categories: CategoryId) -> Bought:
    return Bought(item, categories, pieces, paid)


def with_coupon(gross: int, off: int, source: str) -> SaleLine:
    """Three pieces of which a coupon or reward took this much off."""
    modifiers = (Modifier(ModifierKind.COUPON, "券", Money(-off, TWD), source),)
    return replace(a_line(gross // 3, 3_000), modifiers=modifiers, net=Money(gross - off, TWD))


def test_stamps_by_the_piece_by_the_visit_and_by_the_amount() -> None:
    bag = [goods(3, 300), goods(2, 90, OTHER)]
    assert earned(CARD, bag) == 5
    assert earned(StampCard("A", "A", 10, FREE, StampPer.PIECE, 2), bag) == 2
    assert earned(StampCard("A", "A", 10, FREE, StampPer.VISIT, 300), bag) == 1
    assert earned(StampCard("A", "A", 10, FREE, StampPer.VISIT, 400), bag) == 0
    assert earned(StampCard("A", "A", 10, FREE, StampPer.AMOUNT, 100), bag) == 3


def test_only_covered_goods_count_also_by_a_category_above_theirs() -> None:
    tea = StampCard("A", "A", 10, FREE, covers=Covers(category_ids=frozenset({DRINKS})))
    assert earned(tea, [goods(3, 300, ITEM, DRINKS), goods(9, 90, OTHER)]) == 3
    leaf = CategoryId(UUID(int=22))
    line = replace(a_line(100), category_id=leaf)
    assert earned(tea, [bought(line, {leaf: (leaf, DRINKS)})]) == 1
    assert earned(tea, [bought(line, {})]) == 0


def test_what_a_reward_paid_for_and_what_is_free_gives_no_stamp() -> None:
    assert bought(with_coupon(300, 100, "stamp:COFFEE"), {}).pieces == 2
    assert bought(with_coupon(300, 150, "abc"), {}).pieces == 3
    assert bought(with_coupon(300, 300, "stamp:COFFEE"), {}).pieces == 0
    assert earned(CARD, [goods(1, 0)]) == 0


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 500)), min_size=1, max_size=5), st.data())
def test_fewer_goods_never_give_more_stamps(bag: list[tuple[int, int]], data: st.DataObject) -> None:
    card = StampCard("A", "A", 10, FREE, data.draw(st.sampled_from(StampPer)), data.draw(st.integers(1, 300)))
    whole = [goods(pieces, paid) for pieces, paid in bag]
    kept = [goods(data.draw(st.integers(0, pieces)), data.draw(st.integers(0, paid))) for pieces, paid in bag]
    assert 0 <= earned(card, kept) <= earned(card, whole)
