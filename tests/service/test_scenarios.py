"""What people complain about in other tills, played through on a real store: each test is named after what it prevents.

The rows whose whole point is a rule are tested beside the rule; here stand those that only show when the parts work together.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest

from app.domain.ids import MemberId
from app.domain.member import Member
from app.domain.money import TWD, Money
from app.domain.settlement import fold
from app.domain.tender import TenderKind
from app.domain.transaction import RetailTransaction
from app.service.closing import CloseFlow
from app.service.outcomes import MemberAttached
from app.service.till_session import TillSession
from db.members import CARD_BY_PHONE
from tests.service.front_desk import words_of
from tests.service.small_shop import E164, PHONE, SOAP, TEA, SmallShop, shop

__all__ = ["shop"]

MEMBERS = 8_002
TAIPEI = timezone(timedelta(hours=8))


@pytest.fixture
def members(shop: SmallShop) -> SmallShop:
    """The shop with more members than the till that froze at eight thousand; every name is borne by two."""
    with shop.store.begin() as work:
        for number in range(MEMBERS):
            member = Member(
                MemberId(shop.ids()), f"+8869{20_000_000 + number}", f"客人{number % (MEMBERS // 2)}"
            )
            work.add_member(member, created_at=shop.clock.now_ms(), operator_id=None)
        work.commit()
    return shop


def shifts(shop: SmallShop) -> TillSession:
    return TillSession(shop.store, shop.session, shop.clock, shop.ids, shop.spool)


def close_shift(shop: SmallShop, counted: int) -> CloseFlow:
    """The cashier counts this much, by note and coin, and closes."""
    flow = shifts(shop).begin_close()
    flow.acknowledge_held()
    left = counted
    for worth in flow.denominations:
        flow.count(worth, left // worth)
        left %= worth
    flow.finish_count()
    flow.keep(Money(3000, TWD))
    flow.complete()
    return flow


def outbox(shop: SmallShop) -> list[str]:
    """The kinds of the records that wait for the server, in the order they will be sent."""
    with shop.store.engines.reading() as cursor:
        return [
            kind
            for (kind,) in cursor.execute(
                "SELECT fact.kind FROM outbox JOIN fact USING (seq) ORDER BY outbox.seq"
            ).fetchall()
        ]


def local_time(shop: SmallShop, *date_and_time: int) -> None:
    """The clock on the shop's wall shows this."""
    shop.clock.now = int(datetime(*date_and_time, tzinfo=TAIPEI).timestamp() * 1000)  # type: ignore[misc, arg-type]


def points_on_offer(shop: SmallShop) -> int:
    """How many points the member may spend on one packet of tea, as the till offers it now."""
    shop.checkout.start_new()
    shop.checkout.enter(TEA)
    shop.checkout.enter(PHONE)
    priced = shop.checkout.priced()
    day = shop.session.require_shift().business_date
    offer = shop.points.offer(shop.checkout.basket, shop.checkout.due(), priced.total, day)
    shop.checkout.start_new()
    assert offer is not None
    return offer.points


# --- 3: a shift closed while sales still wait --------------------------------------------------------------------------


def test_row_3_a_shift_closed_without_a_network_misses_no_sale_that_still_waits(shop: SmallShop) -> None:
    assert shop.session.shift is not None
    shift_id = shop.session.shift.id
    sold = [shop.sell(SOAP), shop.sell(TEA, PHONE), shop.sell(TEA, SOAP, PHONE)]
    waiting = shop.store.desk.unsent_count()
    assert waiting == len(outbox(shop)) >= 3 + 1  # three sales with their points, one enrolment
    taken = sum(done.transaction.total.minor for done in sold)

    flow = close_shift(shop, 3000 + taken)

    assert flow.difference == Money(0, TWD)
    papers = sorted(shop.store.desk.print_jobs(("queued",)), key=lambda job: job.id)
    words = words_of(papers[-1].request.document)
    assert f"尚未上傳 | {waiting} 筆" in words
    assert f"NT${taken:,}" in words
    # What is sent later is what is on disk now: the same sales of the same shift fold to the same sum.
    later = fold(list(shop.store.journal.of_shift(shift_id)), Money(3000, TWD))
    assert later.net_minor == flow.settlement.net_minor == taken
    assert shop.store.desk.unsent_count() > waiting, "closing sends nothing and forgets nothing"


# --- 6: what must go up first -------------------------------------------------------------------------------------------


def test_row_6_a_member_made_offline_goes_up_before_the_sale_and_the_points_go_with_it(
    shop: SmallShop,
) -> None:
    shop.sell(TEA, PHONE)
    assert outbox(shop)[-2:] == ["enrolment", "sale"]


def test_row_6_no_backlog_and_no_missing_stock_ever_blocks_a_sale(members: SmallShop) -> None:
    """Thousands of enrolments wait, and more soap is sold than any shop holds."""
    assert members.store.desk.unsent_count() >= MEMBERS
    done = members.sell(f"9999*{SOAP}")
    assert done.transaction.total == Money(9999 * 99, TWD)
    assert outbox(members)[-1] == "sale"


# --- 10: points lost on the way ------------------------------------------------------------------------------------------


def test_row_10_points_tendered_and_then_held_or_cancelled_are_never_lost(shop: SmallShop) -> None:
    shop.sell(f"10*{TEA}", PHONE)
    before = shop.balance()
    assert before > 0
    for _ in range(3):
        shop.checkout.enter(TEA)
        shop.checkout.enter(PHONE)
        shop.checkout.enter("")
        shop.checkout.tender(TenderKind.POINTS, before, points=before)
        shop.checkout.back()
        shop.checkout.cancel("顧客不買了")
        assert shop.balance() == before
    assert shop.checkout.basket.is_empty


# --- 12: points of yesterday ---------------------------------------------------------------------------------------------


def test_row_12_points_end_with_the_shops_last_day_and_not_at_midnight_in_utc(shop: SmallShop) -> None:
    shop.session.shop = replace(shop.session.shop, points_expire_after_days=2)
    sold = shop.sell(f"10*{TEA}", PHONE).transaction
    earned = sold.points.earned
    assert earned > 0
    close_shift(shop, 3000 + sold.total.minor)

    local_time(shop, 2026, 11, 23, 22, 0)  # the last day
    shifts(shop).open_shift(Money(3000, TWD))
    assert points_on_offer(shop) == earned
    local_time(shop, 2026, 11, 24, 0, 30)  # the shop is still open, the day is still the last one
    assert points_on_offer(shop) == earned
    close_shift(shop, 3000)

    local_time(shop, 2026, 11, 24, 6, 30)  # in Greenwich it is still the evening before
    shifts(shop).open_shift(Money(3000, TWD))
    assert shop.session.require_shift().business_date == date(2026, 11, 24)
    assert points_on_offer(shop) == 0


# --- 18: the member nobody can find ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "0912345678",
        "0912-345-678",
        "0912 345 678",
        "+886912345678",
        "+886 912-345-678",
        "886912345678",
        "00886912345678",
        "０９１２３４５６７８",
        "０９１２－３４５－６７８",
        "(0912)345678",
    ],
)
def test_row_18_a_member_is_found_however_the_number_is_typed(shop: SmallShop, typed: str) -> None:
    shop.sell(TEA, PHONE)
    shop.checkout.enter(SOAP)
    attached = shop.checkout.enter(typed)
    assert isinstance(attached, MemberAttached)
    assert not attached.is_new
    assert attached.card.member.phone == E164


def test_row_18_two_members_may_have_the_same_name(members: SmallShop) -> None:
    first, second = "+886920000001", "+886920004002"
    one, other = members.store.members.by_phone(first), members.store.members.by_phone(second)
    assert one is not None
    assert other is not None
    assert one.member.name == other.member.name == "客人1"
    assert one.member.id != other.member.id
    members.sell(TEA, "0920000001")
    assert members.balance(first) > 0
    assert members.balance(second) == 0


def test_row_18_among_thousands_a_member_is_one_step_in_an_index_away(members: SmallShop) -> None:
    with members.store.engines.reading() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {CARD_BY_PHONE}", ("+886920000001",))
        plan = [step[3] for step in cursor.fetchall()]
    assert any("sqlite_autoindex_member" in step for step in plan), plan
    assert not any(step.startswith("SCAN") for step in plan), plan
    members.checkout.enter(TEA)
    assert isinstance(members.checkout.enter("0920000001"), MemberAttached)


# --- 22: a tenth that blocks the closing -----------------------------------------------------------------------------------


def test_row_22_sales_whose_parts_do_not_divide_close_without_a_difference(shop: SmallShop) -> None:
    taken = 0
    for weight in (333, 667, 1001):
        found = shop.store.catalogue.by_sku("RICE", shop.clock.now_ms())
        assert found is not None
        shop.checkout.add_weighed(found, weight)
        shop.checkout.enter(SOAP)
        shop.checkout.enter("")
        taken += shop.checkout.due().minor
        shop.checkout.enter("")
        shop.complete()
    flow = close_shift(shop, 3000 + taken)
    assert flow.difference == Money(0, TWD)


# --- 25: the day and the price -------------------------------------------------------------------------------------------


def test_row_25_a_sale_after_midnight_keeps_the_day_of_its_shift_and_the_hour_it_was_rung(
    shop: SmallShop,
) -> None:
    local_time(shop, 2026, 11, 22, 0, 30)
    sale = shop.sell(TEA).transaction
    assert sale.header.business_date == date(2026, 11, 21)
    assert sale.header.utc_offset_minutes == 8 * 60
    kept = shop.store.journal.get(sale.header.id)
    assert isinstance(kept, RetailTransaction)
    assert kept.header == sale.header
