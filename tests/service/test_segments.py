"""Segments by any condition, and campaigns whose control group was drawn before anything was sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Refused
from app.insight.uplift import Effect
from app.insight.values import TooLittle
from app.service.campaigns import CampaignDesk
from app.service.insight_desk import InsightDesk
from app.service.segments import (
    NUMBERS,
    WORDS,
    Condition,
    Field,
    MemberSegment,
    SegmentDesk,
    segment_from_plain,
    segment_to_plain,
)
from tests.db.busy_day import close_shift, open_shift
from tests.service.small_shop import SOAP, TEA, SmallShop, open_small_shop

MEMBERS = 24


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallShop]:
    """Member number n came n % 6 + 1 times; the even ones buy tea, are women of the gold tier, and may be contacted."""
    opened = open_small_shop(tmp_path_factory.mktemp("segments"))
    for day in range(6):
        for who in range(MEMBERS):
            if who % 6 >= day:
                opened.checkout.enter(f"09123456{who:02}")
                if opened.checkout.basket.member is None:
                    opened.checkout.enter("")
                opened.sell(TEA if who % 2 == 0 else SOAP)
        close_shift(opened)
        opened.clock.forward(hours=24)
        open_shift(opened)
    for who in range(0, MEMBERS, 2):
        card = opened.store.members.by_phone(f"+8869123456{who:02}")
        assert card is not None
        member = replace(
            card.member, gender="f", tier="gold", birthday="1990-05-20", has_marketing_consent=True
        )
        with opened.store.begin() as work:
            work.update_member(member, changed_at=opened.clock.now_ms())
            work.commit()
    opened.sell(SOAP)
    yield opened
    opened.store.close()


def desk_of(shop: SmallShop) -> SegmentDesk:
    insight = InsightDesk(shop.store, shop.session, shop.clock, shop.store.insight, shop.store.days)
    return SegmentDesk(shop.store, shop.session, shop.clock, shop.ids, insight)


def words(field: Field, *wanted: str, is_not: bool = False) -> Condition:
    return Condition(field, frozenset(wanted), is_not=is_not)


def of(*conditions: Condition, is_any: bool = False) -> MemberSegment:
    return MemberSegment("x", conditions, is_any)


def test_conditions_of_the_file_and_of_behaviour_count_who_they_should(shop: SmallShop) -> None:
    desk = desk_of(shop)
    count = desk.count
    assert count(of(words(Field.GENDER, "f"))) == 12
    assert count(of(words(Field.GENDER, "f", is_not=True))) == 12
    assert count(of(words(Field.TIER, "gold"), Condition(Field.VISITS, least=5))) == 4
    assert count(of(Condition(Field.VISITS, least=2, most=3))) == 8
    assert count(of(Condition(Field.VISITS, least=6), words(Field.GENDER, "f"), is_any=True)) == 16
    assert count(of(words(Field.BIRTHDAY_MONTH, "5", "6"))) == 12
    assert count(of(words(Field.CONSENT, "no"))) == 12
    assert count(of(Condition(Field.SPENT, least=350), Condition(Field.VISITS, most=1))) == 4
    assert count(of(Condition(Field.SILENT_DAYS, most=1))) == 4
    assert count(of(words(Field.STAGE, "new"))) == 4
    assert count(of(Condition(Field.JOINED_DAYS, least=1_000))) == 0


def test_goods_bought_are_a_condition(shop: SmallShop) -> None:
    desk = desk_of(shop)
    tea = shop.store.catalogue.by_barcode(TEA, shop.clock.now_ms())
    assert tea is not None
    assert desk.count(of(words(Field.BOUGHT_ITEM, tea.id.hex))) == 12


def test_what_is_not_known_fulfils_no_condition(shop: SmallShop) -> None:
    risk = Condition(Field.RISK, least=0)
    assert desk_of(shop).count(of(risk)) == 0
    assert desk_of(shop).count(of(replace(risk, is_not=True))) == 0


def test_the_count_follows_the_books(shop: SmallShop) -> None:
    desk = desk_of(shop)
    segment = of(words(Field.GENDER, "m"))
    assert desk.count(segment) == 0
    card = shop.store.members.by_phone("+886912345601")
    assert card is not None
    with shop.store.begin() as work:
        work.update_member(replace(card.member, gender="m"), changed_at=shop.clock.now_ms())
        work.commit()
    assert desk.count(segment) == 1
    assert desk.members(segment) == (card.member.id,)
    assert desk.members(segment, willing_only=True) == ()


def test_segments_are_kept_renamed_and_dropped(shop: SmallShop) -> None:
    desk = desk_of(shop)
    saved = desk.save(of(words(Field.GENDER, "f")))
    assert desk_of(shop).saved() == (saved,)
    renamed = desk.save(replace(saved, name="女會員"))
    assert desk.saved() == (renamed,)
    with pytest.raises(Refused) as refused:
        desk.save(replace(saved, id="", name="女會員"))
    assert refused.value.code == "segment_name_taken"
    desk.drop(saved.id)
    assert desk.saved() == ()


def test_a_damaged_segment_is_left_out(shop: SmallShop) -> None:
    with shop.store.begin() as work:
        work.put_setting("insight.segments", [{"format": 1, "name": "?"}, 7])
        work.commit()
    assert desk_of(shop).saved() == ()


CONDITIONS = st.one_of(
    st.builds(
        lambda field, values, is_not: Condition(field, frozenset(values), is_not=is_not),
        st.sampled_from(sorted(WORDS)),
        st.sets(st.text(min_size=1, max_size=8), min_size=1, max_size=4),
        st.booleans(),
    ),
    st.builds(
        lambda field, least, more, is_not: Condition(field, least=least, most=least + more, is_not=is_not),
        st.sampled_from(sorted(NUMBERS)),
        st.integers(0, 10**9),
        st.integers(0, 10**6),
        st.booleans(),
    ),
)


@given(st.lists(CONDITIONS, min_size=1, max_size=5), st.booleans(), st.text(max_size=12))
def test_a_segment_is_read_back_as_it_was_written(
    conditions: list[Condition], is_any: bool, name: str
) -> None:
    segment = MemberSegment(name, tuple(conditions), is_any, "7f")
    assert segment_from_plain(segment_to_plain(segment)) == segment


# --- campaigns --------------------------------------------------------------------------------------------------------------


def campaigns_of(shop: SmallShop) -> CampaignDesk:
    segments = desk_of(shop)
    return CampaignDesk(shop.store, shop.session, shop.clock, shop.ids, segments._insight, segments)


def test_a_small_campaign_leaves_nobody_out_and_says_that_nothing_can_be_measured(shop: SmallShop) -> None:
    desk = campaigns_of(shop)
    everybody = of(Condition(Field.VISITS, least=0))
    assert desk.smallest_visible(everybody, 28) is None
    drawn = desk.start("母親節", everybody, days=14)
    assert len(drawn.treated) == drawn.campaign.n == 12  # those who agreed to be contacted
    assert drawn.control == ()
    assert isinstance(desk.effect(drawn.campaign), TooLittle)
    assert desk.campaigns() == (drawn.campaign,)


def test_who_was_left_out_is_kept_and_the_effect_is_the_difference_to_them(
    shop: SmallShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.insight.uplift.MEMBERS_MIN", 10)
    monkeypatch.setattr("app.insight.uplift.EACH_MIN", 2)
    desk = campaigns_of(shop)
    drawn = desk.start("中秋", of(Condition(Field.VISITS, least=0)), days=14, share=0.5)
    assert len(drawn.control) == drawn.campaign.control == 6
    assert not set(drawn.control) & set(drawn.treated)
    for member_id in Random(1).sample(drawn.treated, len(drawn.treated)):
        card = shop.store.members.by_id(member_id)
        assert card is not None
        shop.sell("0" + card.member.phone[4:], f"3*{TEA}")
    found = campaigns_of(shop).effect(drawn.campaign)
    assert isinstance(found, Effect)
    assert (found.treated, found.control) == (6, 6)
    assert found.each.value > 900  # what each of them bought more
    assert drawn.campaign.watched.last == drawn.campaign.sent_on + timedelta(days=13)


def test_a_campaign_needs_a_name_a_length_and_somebody(shop: SmallShop) -> None:
    desk = campaigns_of(shop)
    for name, days, code in ((" ", 7, "campaign_name"), ("x", 0, "campaign_days")):
        with pytest.raises(Refused) as refused:
            desk.start(name, of(Condition(Field.VISITS, least=0)), days=days)
        assert refused.value.code == code
    with pytest.raises(Refused) as refused:
        desk.start("x", of(words(Field.TIER, "nobody")), days=7)
    assert refused.value.code == "campaign_nobody"
