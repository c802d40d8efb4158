"""The portrait: rhythm, likes, the usual, what runs out, and the one thing to say first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.ids import ItemId, MemberId
from app.domain.profile import NoteKind
from app.i18n import LANGUAGES
from app.service.membership import MembershipDesk
from app.service.portrait import PortraitDesk, ago_text, say_text, usual_text
from app.service.portrait_habits import refills_of, rhythm_of, usual_of
from app.service.portrait_values import (
    CouponNote,
    PartOfDay,
    SayKind,
    StampNote,
    Ticket,
    TicketLine,
    TierNote,
    part_of_day,
)
from tests.builders import uuid
from tests.service.small_shop import E164, PHONE, SOAP, TEA, SmallShop

TAIPEI = 480
LATTE, BUN, FILTER = (ItemId(uuid(900 + number)) for number in range(3))
NOW = int(datetime(2026, 11, 21, 0, 30, tzinfo=UTC).timestamp() * 1000)  # half past eight in the morning
DAY_MS = 86_400_000


def a_ticket(*bought: tuple[ItemId, int], days_ago: int = 1, hour: int = 8) -> Ticket:
    at = NOW - days_ago * DAY_MS + (hour - 8) * 3_600_000
    day = date(2026, 11, 21) - timedelta(days=days_ago)
    return Ticket(at, day, 100, tuple(TicketLine(item, 1000 * pieces, 50, None) for item, pieces in bought))


def test_the_usual_is_what_is_on_most_tickets_of_this_part_of_the_day() -> None:
    mornings = [
        a_ticket((LATTE, 1), (BUN, 2), days_ago=1),
        a_ticket((LATTE, 1), (BUN, 2), days_ago=2),
        a_ticket((LATTE, 2), days_ago=3),
    ]
    evenings = [a_ticket((FILTER, 1), days_ago=days, hour=19) for days in range(1, 9)]
    usual = usual_of([*mornings, *evenings], NOW, TAIPEI)
    assert usual.basket == ((LATTE, 1000), (BUN, 2000))
    assert [(line.times, usual.of) for line in usual.lines] == [(3, 3), (2, 3)]
    assert usual.part is PartOfDay.MORNING
    assert usual_of([*mornings[:2], *evenings], NOW, TAIPEI).basket == ((FILTER, 1000),)


def test_two_tickets_are_no_habit() -> None:
    assert usual_of([a_ticket((LATTE, 1)), a_ticket((LATTE, 1), days_ago=2)], NOW, TAIPEI).basket == ()


@given(
    st.lists(
        st.lists(st.tuples(st.sampled_from([LATTE, BUN, FILTER]), st.integers(1, 3)), max_size=3), max_size=5
    )
)
def test_the_usual_does_not_depend_on_the_order_of_lines(baskets: list[list[tuple[ItemId, int]]]) -> None:
    tickets = [a_ticket(*basket, days_ago=number + 1) for number, basket in enumerate(baskets)]
    turned = [replace(ticket, lines=ticket.lines[::-1]) for ticket in tickets]
    assert usual_of(tickets, NOW, TAIPEI) == usual_of(turned, NOW, TAIPEI)


def test_the_rhythm_is_the_median_of_the_days_between() -> None:
    days = [date(2026, 11, 1), date(2026, 11, 4), date(2026, 11, 14), date(2026, 11, 17)]
    assert rhythm_of(days, date(2026, 11, 21)).every_days == 3
    assert rhythm_of(days, date(2026, 11, 21)).days_since == 4
    assert rhythm_of(days, date(2026, 11, 21)).lateness == 133
    assert rhythm_of([*days, date(2026, 11, 21)], date(2026, 11, 21)).days_since == 0
    assert rhythm_of(days[:2], date(2026, 11, 21)).every_days is None
    assert rhythm_of([], date(2026, 11, 21)).days_since is None


def bought_on(*days_ago: int) -> dict[ItemId, list[date]]:
    return {FILTER: [date(2026, 11, 21) - timedelta(days=days) for days in sorted(days_ago, reverse=True)]}


@pytest.mark.parametrize(
    ("days_ago", "is_due"),
    [
        ((150, 120, 90), False),
        ((450, 300, 150), True),
        ((115, 85, 55), True),
        ((75, 45, 15), False),
        ((55, 25), False),
    ],
)
def test_what_runs_out_is_bought_at_an_interval_of_its_own(days_ago: tuple[int, ...], is_due: bool) -> None:
    assert bool(refills_of(bought_on(*days_ago), date(2026, 11, 21))) is is_due


def test_what_is_bought_every_day_does_not_run_out() -> None:
    assert refills_of(bought_on(*range(3, 40)), date(2026, 11, 21)) == ()


def test_the_day_has_five_parts() -> None:
    assert [part_of_day(hour) for hour in (4, 5, 11, 14, 17, 21)] == [PartOfDay.NIGHT, *PartOfDay]


class FullRights:
    """A shop with everything set up."""

    def coupons(self, member_id: MemberId, on: date) -> list[CouponNote]:
        return [CouponNote("生日九折", on + timedelta(days=3)), CouponNote("無期限", None)]

    def stamps(self, member_id: MemberId) -> list[StampNote]:
        return [StampNote("咖啡", 4, 6)]

    def tier(self, member_id: MemberId, on: date) -> TierNote:
        return TierNote("銀卡", "金卡", 92, "再消費 NT$380")


@pytest.fixture
def regular(shop: SmallShop) -> MemberId:
    """Somebody who came on five Saturdays for tea."""
    shop.sell(PHONE, "", TEA, SOAP)
    for _ in range(4):
        shop.clock.forward(days=7)
        shop.session.shift = replace(shop.session.require_shift(), business_date=shop.clock.local().date())
        shop.sell(PHONE, TEA)
    shop.clock.forward(days=7)
    shop.session.shift = replace(shop.session.require_shift(), business_date=shop.clock.local().date())
    card = shop.store.members.by_phone(E164)
    assert card is not None
    return card.member.id


def test_a_regular_is_recognised_at_a_glance(shop: SmallShop, regular: MemberId) -> None:
    portrait = PortraitDesk(shop.store, shop.session, shop.clock).portrait(regular)
    assert portrait is not None
    assert (portrait.card.visits, portrait.rhythm.every_days, portrait.rhythm.days_since) == (5, 7, 7)
    assert [one.name for one in portrait.top_items] == ["阿里山高山烏龍茶 150g", "手工皂"]
    assert [one.tickets for one in portrait.top_items] == [5, 1]
    assert portrait.part is PartOfDay.AFTERNOON
    assert usual_text(portrait.usual) == "阿里山高山烏龍茶 150g"
    assert portrait.say.kind is SayKind.USUAL
    assert say_text(portrait.say) == "要老樣子嗎？阿里山高山烏龍茶 150g"
    assert portrait.points_end is not None


def test_the_first_thing_to_say_follows_what_matters_most(shop: SmallShop, regular: MemberId) -> None:
    desk = MembershipDesk(shop.store, shop.session, shop.clock, shop.ids)
    portraits = PortraitDesk(shop.store, shop.session, shop.clock, FullRights())
    today = shop.clock.local().date()

    def said() -> SayKind:
        portrait = portraits.portrait(regular)
        assert portrait is not None
        for language in LANGUAGES:
            assert say_text(portrait.say, language)
        return portrait.say.kind

    assert said() is SayKind.COUPON_ENDS
    desk.set_fields(regular, {"birthday": f"{(today + timedelta(days=3)):%m-%d}".replace("-", "/")})
    assert said() is SayKind.BIRTHDAY_SOON
    desk.set_fields(regular, {"birthday": f"{today:%m-%d}".replace("-", "/")})
    assert said() is SayKind.BIRTHDAY_TODAY
    note = desk.add_note(regular, "訂的茶到了", NoteKind.REQUEST, today)
    assert said() is SayKind.DUE
    desk.finish(note.id)
    assert said() is SayKind.BIRTHDAY_TODAY


def test_what_is_bought_twice_a_year_is_found_among_everything(
    shop: SmallShop, regular: MemberId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.service.portrait.TICKETS_COUNTED", 2)
    portraits = PortraitDesk(shop.store, shop.session, shop.clock)
    at_once, later = portraits.portrait(regular), portraits.portrait(regular, is_whole=True)
    assert at_once is not None
    assert later is not None
    assert [one.tickets for one in at_once.top_items] == [2]
    assert [one.tickets for one in later.top_items] == [5, 1]


def test_a_lunar_birthday_is_kept_by_the_moon(shop: SmallShop, regular: MemberId) -> None:
    desk = MembershipDesk(shop.store, shop.session, shop.clock, shop.ids)
    desk.set_fields(regular, {"birthday": "農曆八月十五"})
    portrait = PortraitDesk(shop.store, shop.session, shop.clock).portrait(regular)
    assert portrait is not None
    assert portrait.birthday_on == date(2027, 9, 15)


def test_somebody_who_never_bought_is_welcomed(shop: SmallShop) -> None:
    member = MembershipDesk(shop.store, shop.session, shop.clock, shop.ids).enrol("0933000111")
    portraits = PortraitDesk(shop.store, shop.session, shop.clock)
    portrait = portraits.portrait(member.id)
    assert portrait is not None
    assert portrait.say.kind is SayKind.WELCOME
    assert portraits.portrait(MemberId(uuid(5))) is None


def test_what_was_voided_or_came_back_is_no_habit(shop: SmallShop) -> None:
    shop.sell(PHONE, "", TEA, SOAP)
    voided = shop.sell(PHONE, SOAP).transaction
    shop.session.operator = shop.owner
    shop.post_void.void(voided.header.id, "按錯")
    card = shop.store.members.by_phone(E164)
    assert card is not None
    history = PortraitDesk(shop.store, shop.session, shop.clock).history(card.member.id)
    assert history.tickets == 1
    assert {one.name: one.tickets for one in history.items} == {"阿里山高山烏龍茶 150g": 1, "手工皂": 1}
    assert history.parts == ((PartOfDay.AFTERNOON, 1),)


def test_the_usual_goes_into_the_basket_with_one_key(shop: SmallShop, regular: MemberId) -> None:
    usual = PortraitDesk(shop.store, shop.session, shop.clock).usual(regular)
    for item_id, quantity in usual.basket:
        item = shop.store.catalogue.by_id(item_id, shop.clock.now_ms())
        assert item is not None
        assert quantity == 1000
        shop.checkout.add_item(item)
    assert [line.item.sku for line in shop.checkout.basket.live_lines] == ["TEA"]


def test_long_ago_is_said_in_months() -> None:
    assert (ago_text(12), ago_text(150), ago_text(150, "en")) == ("12 天", "5 個月", "5 months")
