"""The segment that the counter knows of a member: made by the daily work, looked up in memory, and the coupon on the receipt follows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.ids import MemberId
from app.domain.loyalty.coupon_terms import NextVisit
from app.insight.rfm import Cuts
from app.service.late_till import LateTill
from app.service.segment_places import SegmentPlaces
from tests.db.busy_day import close_shift, open_shift
from tests.service.coupon_shop import RULES, printed
from tests.service.small_shop import SOAP, TEA, SmallShop, open_small_shop
from tests.service.test_late_till import late_till

MEMBERS = 32
BIG, SMALL = "0912345600", "0912345601"


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallShop]:
    """Two days on which every member came; one of them buys ten teas, the others soap."""
    opened = open_small_shop(tmp_path_factory.mktemp("places"))
    for _ in range(2):
        for who in range(MEMBERS):
            phone = f"09123456{who:02}"
            opened.checkout.enter(phone)
            if opened.checkout.basket.member is None:
                opened.checkout.enter("")
            opened.sell(*([f"10*{TEA}"] if phone == BIG else [SOAP]))
        close_shift(opened)
        opened.clock.forward(hours=24)
        open_shift(opened)
    yield opened
    opened.store.close()


@pytest.fixture
def late(past: SmallShop) -> LateTill:
    """A till that has just started over these books."""
    started = late_till(past)
    started.insight.set_cuts(Cuts(near_days=10, often_visits=2, high_net=1_000))
    next_visits = (
        NextVisit("TENTH", members_only=True, segments=frozenset({"key_value"})),
        NextVisit("FIFTY", members_only=True, segments=frozenset({"plain_value"})),
    )
    rules = replace(RULES, next_visits=next_visits)
    if started.coupons.rules()[1] != rules:
        started.coupons.write_rules(rules)
    return started


def coupon_on_receipt(past: SmallShop, late: LateTill, phone: str) -> str:
    shop = replace(past, checkout=late.checkout, completion=late.completion)
    words, _ = printed(shop, shop.sell(SOAP, phone).transaction)
    return next((name for name in ("九折券", "折五十") if name in words), "")


def test_the_coupon_on_the_receipt_is_chosen_by_the_members_segment(past: SmallShop, late: LateTill) -> None:
    assert coupon_on_receipt(past, late, BIG) == "", "nobody is in a segment before the table is made"
    on = late.session.require_shift().business_date
    done = {one.name: one for one in late.daily.run(on)}
    assert done["segments"].changed == MEMBERS
    assert coupon_on_receipt(past, late, BIG) == "九折券"
    assert coupon_on_receipt(past, late, SMALL) == "折五十"
    assert coupon_on_receipt(past, late, "0912345699") == "", "a new member is in no segment yet"


def test_a_till_that_starts_again_makes_the_table_again_and_nothing_else(
    past: SmallShop, late: LateTill
) -> None:
    assert len(late.segment_places) == 0
    on = late.session.require_shift().business_date
    late.daily.run(on)
    again = late_till(past)
    assert [one.name for one in again.daily.run(on)] == ["segments"]
    assert len(again.segment_places) == len(late.segment_places) > 0


def test_the_table_is_made_whoever_is_signed_on_and_a_look_reads_nothing(
    past: SmallShop, late: LateTill
) -> None:
    owner, past.session.operator = past.session.operator, past.cashier
    try:
        late.segment_keeper.place()
    finally:
        past.session.operator = owner
    card = past.store.members.by_phone("+886912345600")
    assert card is not None
    assert late.segment_places.of(card.member.id) == "key_value"
    assert "insight" in vars(late), "the fixture's own"
    fresh = late_till(past)
    assert fresh.loyalty_paper.segment_of(card.member.id) == ""
    assert "insight" not in vars(fresh), "the counter never loads an analysis"


def test_nobody_is_in_a_segment_while_there_is_too_little_to_tell(tmp_path: Path) -> None:
    shop = open_small_shop(tmp_path)
    shop.sell(SOAP, BIG, "")
    late = late_till(shop)
    assert late.segment_keeper.place() == 0
    card = shop.store.members.by_phone("+886912345600")
    assert card is not None
    assert late.segment_places.of(card.member.id) == ""
    shop.store.close()


@given(
    st.dictionaries(st.integers(0, (1 << 128) - 1), st.integers(0, 7), max_size=30), st.integers(0, 1 << 127)
)
def test_each_id_finds_its_own_place_and_no_others(placed: dict[int, int], stranger: int) -> None:
    names = tuple("abcdefgh")
    places = SegmentPlaces()
    whole = {MemberId(UUID(int=own)): code for own, code in placed.items()}
    whole |= {MemberId(UUID(int=own << 64 & (1 << 128) - 1)): 1 for own in placed}
    places.replace(list(whole), list(whole.values()), names)
    assert {one: places.of(one) for one in whole} == {one: names[code] for one, code in whole.items()}
    other = MemberId(UUID(int=stranger))
    assert places.of(other) == names[whole[other]] if other in whole else places.of(other) == ""
