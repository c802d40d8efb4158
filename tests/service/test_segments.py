"""Segments by any condition: who is in one, what of it makes no sense, how it is kept, and the tags that follow from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Cancelled, Refused
from app.domain.ids import CategoryId, ItemId
from app.domain.member import Member
from app.insight.columns import Lines
from app.insight.values import Period
from app.service.insight_desk import InsightDesk
from app.service.membership import MembershipDesk
from app.service.ports import Category
from app.service.segment_doubts import contradiction
from app.service.segment_keeper import SegmentKeeper
from app.service.segment_places import SegmentPlaces
from app.service.segment_values import (
    NUMBERS,
    WINDOWED,
    WORDS,
    Condition,
    Field,
    Group,
    MemberSegment,
    segment_from_plain,
    segment_to_plain,
)
from app.service.segments import SegmentDesk
from app.service.summary_ports import Progress
from db.verify import verify
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
        change(opened, who, gender="female", tier="gold", birthday="1990-05-20", has_marketing_consent=True)
    opened.sell(SOAP)
    yield opened
    opened.store.close()


def member(shop: SmallShop, who: int) -> Member:
    card = shop.store.members.by_phone(f"+8869123456{who:02}")
    assert card is not None
    return card.member


def change(shop: SmallShop, who: int, **fields: object) -> None:
    with shop.store.begin() as work:
        work.update_member(replace(member(shop, who), **fields), changed_at=shop.clock.now_ms())  # type: ignore[arg-type]
        work.commit()


def desk_of(shop: SmallShop) -> SegmentDesk:
    insight = InsightDesk(shop.store, shop.session, shop.clock, shop.store.insight, shop.store.days)
    return SegmentDesk(shop.store, shop.session, shop.clock, shop.ids, insight)


def words(field: Field, *wanted: str, is_not: bool = False) -> Condition:
    return Condition(field, frozenset(wanted), is_not=is_not)


def of(*parts: Condition | Group, is_any: bool = False) -> MemberSegment:
    return MemberSegment("x", parts, is_any)


def test_conditions_of_the_file_and_of_behaviour_count_who_they_should(shop: SmallShop) -> None:
    count = desk_of(shop).count
    assert count(of(words(Field.GENDER, "female"))) == 12
    assert count(of(words(Field.TIER, "gold"), Condition(Field.VISITS, least=5))) == 4
    assert count(of(words(Field.TIER, "gold", is_not=True))) == 12
    assert count(of(Condition(Field.VISITS, least=2, most=3))) == 8
    assert count(of(Condition(Field.VISITS, least=2, most=3, is_not=True))) == 16
    assert count(of(Condition(Field.VISITS, least=6), words(Field.GENDER, "female"), is_any=True)) == 16
    assert count(of(words(Field.BIRTHDAY_MONTH, "5", "6"))) == 12
    assert count(of(words(Field.CONSENT, "no"))) == 12
    assert count(of(Condition(Field.SPENT, least=350), Condition(Field.VISITS, most=1))) == 4
    assert count(of(Condition(Field.SILENT_DAYS, most=1))) == 4
    assert count(of(words(Field.STAGE, "new"))) == 4
    assert count(of(Condition(Field.JOINED_DAYS, least=1_000))) == 0
    assert count(of(Condition(Field.AGE, least=36, most=36))) == 12


def test_a_month_named_by_todays_date_follows_the_calendar(shop: SmallShop) -> None:
    desk = desk_of(shop)
    this = of(words(Field.BIRTHDAY_MONTH, "this"))
    assert desk.count(this) == 0, "it is November"
    change(shop, 1, birthday="--11-03")
    assert desk.count(this) == 1
    assert desk.count(of(words(Field.BIRTHDAY_MONTH, "next"))) == 0
    change(shop, 1, birthday="L1980-12-30")
    assert desk.count(of(words(Field.BIRTHDAY_MONTH, "next"))) == 1
    change(shop, 1, birthday="")


def test_how_far_back_a_condition_looks_is_its_own(shop: SmallShop) -> None:
    count = desk_of(shop).count
    assert count(of(Condition(Field.VISITS, least=1, days=365))) == 24
    assert count(of(Condition(Field.VISITS, least=1, days=3))) == 8, (
        "on the last two days of selling, or one and a walk-in's day"
    )
    assert count(of(Condition(Field.VISITS, most=0, days=3))) == 16


def test_days_are_counted_back_from_today_also_when_nobody_came_since(shop: SmallShop) -> None:
    desk, lately = desk_of(shop), of(Condition(Field.SILENT_DAYS, most=30))
    assert desk.count(lately) == 24
    shift = shop.session.require_shift()
    shop.session.shift = replace(shift, business_date=shift.business_date + timedelta(days=60))
    try:
        assert desk.count(lately) == 0
        assert desk.count(of(Condition(Field.VISITS, least=1, days=30))) == 0
        assert desk.count(of(Condition(Field.VISITS, least=1, days=90))) == 24
    finally:
        shop.session.shift = shift


def test_a_group_counts_as_one_and_can_be_turned_round(shop: SmallShop) -> None:
    count = desk_of(shop).count
    often, gold = Condition(Field.VISITS, least=5), words(Field.TIER, "gold")
    either = Group((often, gold), is_any=True)
    assert count(of(either)) == 16
    assert count(of(Group((often, gold), is_any=True, is_not=True))) == 8
    assert count(of(Group((often, gold), is_not=True))) == 20
    assert count(of(words(Field.CONSENT, "yes"), either)) == 12
    assert count(of(words(Field.CONSENT, "no"), either)) == 4
    assert count(of(Condition(Field.VISITS, most=1), Group((often, gold)), is_any=True)) == 8


def put_tea_below_drinks(shop: SmallShop) -> tuple[ItemId, CategoryId, CategoryId]:
    """(the tea, the drinks, the teas below them)."""
    tea = shop.store.catalogue.by_barcode(TEA, shop.clock.now_ms())
    assert tea is not None
    drinks, teas = CategoryId(UUID(int=71)), CategoryId(UUID(int=72))
    with shop.store.begin() as work:
        work.put_categories([Category(drinks, "飲料", None, "D"), Category(teas, "茶", drinks, "T")])
        record = next(one for one in shop.store.catalogue.records(shop.clock.now_ms()) if one.id == tea.id)
        work.put_items([replace(record, category_id=teas)], changed_at=shop.clock.now_ms(), prices_from=0)
        work.commit()
    return tea.id, drinks, teas


def test_goods_and_categories_bought_are_conditions_with_all_that_lies_below(shop: SmallShop) -> None:
    desk = desk_of(shop)
    tea, drinks, teas = put_tea_below_drinks(shop)
    item = words(Field.BOUGHT, f"i:{tea.hex}")
    assert desk.count(of(item)) == 12
    assert desk.count(of(replace(item, is_not=True))) == 12
    assert desk.count(of(replace(item, days=3))) == 4
    assert desk.count(of(words(Field.BOUGHT, f"c:{drinks.hex}"))) == 12
    assert desk.count(of(words(Field.BOUGHT, f"c:{teas.hex}", f"i:{tea.hex}"))) == 12


def test_a_favourite_category_takes_several_days_and_a_share_of_all(shop: SmallShop) -> None:
    put_tea_below_drinks(shop)
    count = desk_of(shop).count
    drinks = words(Field.FAVOURITE, "飲料")
    assert count(of(drinks)) == 8, "the tea drinkers who came three times and more"
    assert count(of(words(Field.FAVOURITE, "茶"))) == 0, "the topmost category counts"
    assert count(of(replace(drinks, is_not=True))) == 0, "who has no favourite is not asked"


def test_what_is_not_known_fulfils_no_condition(shop: SmallShop) -> None:
    risk = Condition(Field.RISK, least=0)
    assert desk_of(shop).count(of(risk)) == 0
    assert desk_of(shop).count(of(replace(risk, is_not=True))) == 0


def test_a_gender_nobody_noted_is_neither_one_nor_the_other(shop: SmallShop) -> None:
    assert desk_of(shop).count(of(words(Field.GENDER, "female", is_not=True))) == 0


def test_the_count_follows_the_books(shop: SmallShop) -> None:
    desk = desk_of(shop)
    segment = of(words(Field.GENDER, "male"))
    assert desk.count(segment) == 0
    change(shop, 1, gender="male")
    assert desk.count(segment) == 1
    assert desk.members(segment) == (member(shop, 1).id,)
    assert desk.members(segment, willing_only=True) == ()


def test_a_look_shows_some_of_the_members_and_what_each_part_finds_alone(shop: SmallShop) -> None:
    desk = desk_of(shop)
    segment = of(words(Field.TIER, "gold"), Condition(Field.VISITS, least=2))
    look = desk.look(segment)
    assert (look.count, look.willing, look.everybody, look.alone) == (8, 8, 24, (12, 20))
    assert len(look.sample) == 6
    assert {one.member_id for one in look.sample} < set(desk.members(segment))
    faces = desk.faces(segment, 3)
    assert [one.visits for one in faces] == [5, 5, 5], "who spent most comes first"
    assert faces[0].silent_days is not None


def test_a_look_nobody_wants_any_more_is_given_up(shop: SmallShop) -> None:
    def stop() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        desk_of(shop).look(of(Condition(Field.VISITS, least=2)), stop)


def test_what_cannot_be_told_of_anybody_yet_is_named(shop: SmallShop) -> None:
    look = desk_of(shop).look(of(Condition(Field.RISK, least=50), words(Field.TIER, "gold")))
    assert look.unknown == (Field.RISK,)
    assert look.count == 0


def test_conditions_that_contradict_each_other_are_named() -> None:
    gold, silver = words(Field.TIER, "gold"), words(Field.TIER, "silver")
    assert contradiction(of(gold, silver)) is Field.TIER
    assert contradiction(of(gold, replace(gold, is_not=True))) is Field.TIER
    assert contradiction(of(gold, silver, is_any=True)) is None
    assert contradiction(of(words(Field.TAG, "a"), words(Field.TAG, "b"))) is None, "a member has many tags"
    often, seldom = Condition(Field.VISITS, least=10), Condition(Field.VISITS, most=3)
    assert contradiction(of(often, seldom)) is Field.VISITS
    assert contradiction(of(often, replace(seldom, days=30))) is None
    assert contradiction(of(often, Group((seldom, gold)))) is Field.VISITS
    assert contradiction(of(often, Group((seldom, gold), is_any=True))) is None
    assert contradiction(of(seldom, Condition(Field.VISITS, least=0, most=5, is_not=True))) is Field.VISITS
    assert contradiction(of(Group((often, seldom)), Group((gold, silver)), is_any=True)) is Field.VISITS
    months = words(Field.BIRTHDAY_MONTH, "this"), words(Field.BIRTHDAY_MONTH, "5")
    assert contradiction(of(*months)) is None, "in May it is none"


# --- kept -------------------------------------------------------------------------------------------------------------------


def test_segments_are_kept_renamed_and_dropped(shop: SmallShop) -> None:
    desk = desk_of(shop)
    saved = desk.save(of(words(Field.GENDER, "female")))
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


# --- tags -------------------------------------------------------------------------------------------------------------------


def keeper_of(shop: SmallShop, places: SegmentPlaces | None = None) -> SegmentKeeper:
    return SegmentKeeper(shop.store, shop.session, shop.clock, shop.ids, places or SegmentPlaces())


def tagged(shop: SmallShop, tag: str) -> int:
    return len(shop.store.membership.rule_tags.tagged(tag))


def test_who_is_in_a_segment_has_its_tag_until_they_are_not(shop: SmallShop) -> None:
    desk, keeper = desk_of(shop), keeper_of(shop)
    saved = desk.save(replace(of(words(Field.TIER, "gold")), name="金", tag="金卡客"))
    assert keeper.write_tags() == 12
    assert keeper.write_tags() == 0, "what is right is left alone"
    file = shop.store.membership.profiles.file(member(shop, 0).id)
    assert file is not None
    assert file.tags == file.rule_tags == ("金卡客",)
    assert desk.count(of(words(Field.TAG, "金卡客"))) == 12, "whoever counts by tags counts anew"
    change(shop, 0, tier="")
    assert keeper.write_tags() == 1
    assert tagged(shop, "金卡客") == 11
    change(shop, 0, tier="gold")
    desk.save(replace(saved, tag="貴客"))
    assert keeper.write_tags() == 11 + 12
    desk.drop(saved.id)
    assert keeper.write_tags() == 12
    assert shop.store.membership.rule_tags.all() == ()
    assert verify(shop.store.engines, is_full=True) == ()


def test_a_tag_given_by_hand_is_never_taken_away_by_rule(shop: SmallShop) -> None:
    desk, keeper = desk_of(shop), keeper_of(shop)
    membership = MembershipDesk(shop.store, shop.session, shop.clock, shop.ids)
    membership.tag(member(shop, 1).id, "金卡客")
    saved = desk.save(replace(of(words(Field.TIER, "gold")), name="金", tag="金卡客"))
    keeper.write_tags()
    desk.drop(saved.id)
    keeper.write_tags()
    with shop.store.begin() as work:  # given by hand after the daily work had looked
        shop.store.membership.rule_tags.drop(work, "金卡客", [member(shop, 1).id])
        work.commit()
    file = shop.store.membership.profiles.file(member(shop, 1).id)
    assert file is not None
    assert (file.tags, file.rule_tags) == (("金卡客",), ())
    membership.untag(member(shop, 1).id, "金卡客")


def test_a_tag_may_rest_on_another_tag_but_not_on_itself(shop: SmallShop) -> None:
    desk, keeper = desk_of(shop), keeper_of(shop)
    first = desk.save(replace(of(words(Field.TIER, "gold")), name="a", tag="A"))
    second = desk.save(
        replace(of(words(Field.TAG, "A"), Condition(Field.VISITS, least=5)), name="b", tag="B")
    )
    keeper.write_tags()
    assert (tagged(shop, "A"), tagged(shop, "B")) == (12, 4)
    for name, tag, asks, code in (
        ("c", "C", "C", "segment_tag_itself"),
        ("c", "A", "C", "segment_tag_taken"),
        ("c", " ", "C", "tag_empty"),
    ):
        with pytest.raises(Refused) as refused:
            desk.save(replace(of(words(Field.TAG, asks)), name=name, tag=tag))
        assert refused.value.code == code
    with pytest.raises(Refused) as refused:
        desk.save(replace(first, parts=(words(Field.TAG, "B"),)))
    assert refused.value.code == "segment_tag_itself"
    for one in (first, second):
        desk.drop(one.id)
    keeper.write_tags()


def test_writing_tags_can_be_stopped_and_goes_on_where_it_was(
    shop: SmallShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.service.segment_keeper.MEMBERS_PER_COMMIT", 5)
    saved = desk_of(shop).save(replace(of(words(Field.TIER, "gold")), name="金", tag="金卡客"))
    asked: list[int] = []

    def enough() -> bool:
        return bool(asked)

    keeper = keeper_of(shop)
    assert keeper.write_tags(lambda done, total: asked.append(done), enough) is None
    assert tagged(shop, "金卡客") == 5
    assert keeper.write_tags() == 7
    desk_of(shop).drop(saved.id)
    keeper.write_tags()


def test_who_was_forgotten_meanwhile_gets_no_tag(shop: SmallShop) -> None:
    shop.sell(SOAP, "0987000111", "")
    card = shop.store.members.by_phone("+886987000111")
    assert card is not None
    own, now = card.member.id, shop.clock.now_ms()
    membership = shop.store.membership
    with shop.store.begin() as work:
        membership.erasures.erase(work, own, at=now, operator_id=None, reason="asked")
        membership.rule_tags.put(work, "早起的客人", [own], at=now)
        work.commit()
    assert membership.rule_tags.all() == ()


def test_tags_are_kept_up_whoever_is_signed_on(shop: SmallShop) -> None:
    saved = desk_of(shop).save(replace(of(words(Field.TIER, "gold")), name="金", tag="金卡客"))
    owner, shop.session.operator = shop.session.operator, shop.cashier
    try:
        assert keeper_of(shop).write_tags() == 12
    finally:
        shop.session.operator = owner
    desk_of(shop).drop(saved.id)
    keeper_of(shop).write_tags()


def test_what_was_just_bought_counts_and_what_was_read_is_not_read_again_for_nothing(
    shop: SmallShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    insight = InsightDesk(shop.store, shop.session, shop.clock, shop.store.insight, shop.store.days)
    desk = SegmentDesk(shop.store, shop.session, shop.clock, shop.ids, insight)
    read: list[Period] = []
    lines = insight.lines

    def reading(span: Period, progress: Progress) -> Lines:
        read.append(span)
        return lines(span, progress)

    monkeypatch.setattr(insight, "lines", reading)
    tea = shop.store.catalogue.by_barcode(TEA, shop.clock.now_ms())
    assert tea is not None
    segment = of(words(Field.BOUGHT, f"i:{tea.id.hex}"))
    before = desk.count(segment)
    desk.drop(desk.save(segment).id)
    assert desk.count(segment) == before
    assert len(read) == 1, "a saved segment is no ticket"
    shop.sell(TEA, "0912345601")
    assert desk.count(segment) == before + 1
    assert len(read) == 2


CONDITIONS = st.one_of(
    st.builds(
        lambda field, values, is_not: Condition(field, frozenset(values), is_not=is_not),
        st.sampled_from(sorted(WORDS)),
        st.sets(st.text(min_size=1, max_size=8), min_size=1, max_size=4),
        st.booleans(),
    ),
    st.builds(
        lambda field, least, more, is_not, days: Condition(
            field, least=least, most=least + more, is_not=is_not, days=days if field in WINDOWED else 365
        ),
        st.sampled_from(sorted(NUMBERS)),
        st.integers(0, 10**9),
        st.integers(0, 10**6),
        st.booleans(),
        st.integers(1, 3_660),
    ),
)
GROUPS = st.builds(
    lambda conditions, is_any, is_not: Group(tuple(conditions), is_any, is_not),
    st.lists(CONDITIONS, min_size=1, max_size=3),
    st.booleans(),
    st.booleans(),
)


@given(st.lists(CONDITIONS | GROUPS, min_size=1, max_size=5), st.booleans(), st.text(max_size=12))
def test_a_segment_is_read_back_as_it_was_written(
    parts: list[Condition | Group], is_any: bool, name: str
) -> None:
    segment = MemberSegment(name, tuple(parts), is_any, "7f", "標籤")
    assert segment_from_plain(segment_to_plain(segment)) == segment
