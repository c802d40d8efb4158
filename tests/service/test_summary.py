"""The daily member summary: what it compares with, whom it counts, and that each figure opens the rows it was added up from."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from PIL import Image

from app.domain.authority import Role
from app.domain.errors import ApprovalNeeded, Refused
from app.domain.receipt import Text
from app.service.exports.summary_pdf import summary_pdf, summary_pictures
from app.service.exports.summary_plain import summary_to_plain
from app.service.exports.summary_xlsx import summary_workbook
from app.service.rulebook import Rulebook
from app.service.summary import SummaryDesk
from app.service.summary_paper import SummaryPaper
from app.service.summary_values import UNITS, Behind, Key, LapsedRule, RowKind, Summary
from app.service.summary_words import GROUPS, about, finding, label_of
from tests.db.busy_day import close_shift, give_back, open_shift
from tests.service.small_shop import PHONE, SOAP, TEA, SmallShop, open_small_shop

SATURDAY = date(2026, 11, 21)
DAY = timedelta(days=1)


def desk_of(shop: SmallShop) -> SummaryDesk:
    rulebook = Rulebook(shop.store, shop.session, shop.clock)
    return SummaryDesk(shop.store, shop.session, shop.clock, shop.store.days, rulebook)


def next_day(shop: SmallShop, days: int = 1) -> None:
    close_shift(shop)
    shop.clock.forward(hours=24 * days)
    open_shift(shop)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[SmallShop]:
    opened = open_small_shop(tmp_path)
    yield opened
    opened.store.close()


@pytest.fixture(scope="module")
def fortnight(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallShop]:
    """Fifteen days: one regular each day, a passer-by each second day, a return and a void on the last."""
    shop = open_small_shop(tmp_path_factory.mktemp("summary"))
    for day in range(15):
        sale = shop.sell(PHONE, *([""] if day == 0 else []), TEA)
        if day % 2 == 0:
            shop.sell(SOAP, SOAP)
        if day < 14:
            next_day(shop)
    shop.sell("0987654321", "", SOAP)
    give_back(shop, sale.transaction.header.receipt_number, 1, 1000)
    shop.post_void.void(shop.sell(TEA).transaction.header.id, "打錯")
    yield shop
    shop.store.close()


@pytest.fixture(scope="module")
def last(fortnight: SmallShop) -> Summary:
    return desk_of(fortnight).summary(SATURDAY + 14 * DAY)


def test_the_same_weekday_before_and_the_average_of_four_weeks_stand_beside_each_figure(
    last: Summary,
) -> None:
    net = last.figures[Key.NET]
    assert last.before == (SATURDAY + 7 * DAY, SATURDAY + 7 * DAY)
    assert last.average_days == 14
    assert net.before == 350
    assert net.average == round((14 * 350 + 7 * 198) / 14)
    assert last.figures[Key.MEMBERS].average == 1
    assert last.figures[Key.POINTS_OWED].average is None


def test_a_weekday_on_which_the_shop_was_closed_is_passed_over(shop: SmallShop) -> None:
    shop.sell(TEA)
    next_day(shop, days=14)
    shop.sell(SOAP)
    summary = desk_of(shop).summary(SATURDAY + 14 * DAY)
    assert summary.before == (SATURDAY, SATURDAY)
    assert summary.figures[Key.NET].before == 380


def test_the_first_day_is_compared_with_nothing(shop: SmallShop) -> None:
    shop.sell(TEA)
    summary = desk_of(shop).summary(SATURDAY)
    assert summary.before is None
    assert summary.average_days == 0
    assert summary.figures[Key.NET].before is None
    assert "380" in finding(summary, "zh_TW")


def test_members_and_passers_by_stand_apart(last: Summary) -> None:
    value = {key: figure.value for key, figure in last.figures.items()}
    assert value[Key.TICKETS] == 3  # the voided one was nobody served
    assert value[Key.MEMBER_TICKETS] == 2
    assert value[Key.MEMBER_NET] == 350 + 99
    assert value[Key.WALK_IN_NET] == 198
    assert value[Key.MEMBER_AVERAGE] == 225  # half away from zero
    assert value[Key.NET] == 350 + 99 + 198 - 350
    assert value[Key.RETURNS] == -350
    assert value[Key.VOIDS] == -380
    assert value[Key.SIGN_UPS] == 1
    assert value[Key.SIGN_UP_RATE] == 5000


def test_who_came_is_new_returning_or_back(shop: SmallShop) -> None:
    desk = desk_of(shop)
    shop.sell(PHONE, "", TEA)
    shop.sell("0987654321", "", TEA)
    assert came(desk.summary(SATURDAY)) == (2, 2, 0, 0)
    next_day(shop, days=3)
    shop.sell(PHONE, TEA)
    assert came(desk.summary(SATURDAY + 3 * DAY)) == (1, 0, 1, 0)
    next_day(shop, days=3)
    shop.sell(PHONE, TEA)
    next_day(shop, days=40)
    shop.sell(PHONE, TEA)  # every three days until now: back
    shop.sell("0987654321", TEA)  # one visit is no habit, and forty-six days are not sixty
    assert came(desk.summary(SATURDAY + 46 * DAY)) == (2, 0, 1, 1)
    desk.set_lapsed(LapsedRule(days=30))
    assert came(desk.summary(SATURDAY + 46 * DAY)) == (2, 0, 0, 2)
    assert came(desk.summary(SATURDAY, SATURDAY + 46 * DAY)) == (2, 2, 0, 0)


def came(summary: Summary) -> tuple[int | None, ...]:
    keys = (Key.MEMBERS, Key.MEMBERS_NEW, Key.MEMBERS_RETURNING, Key.MEMBERS_BACK)
    return tuple(summary.value(key) for key in keys)


def test_a_range_adds_up_its_days(fortnight: SmallShop) -> None:
    desk = desk_of(fortnight)
    until = SATURDAY + 14 * DAY
    whole, daily = desk.summary(SATURDAY, until), desk.daily(SATURDAY, until)
    assert whole.open_days == 15 == len(daily)
    for key in (Key.NET, Key.TICKETS, Key.SIGN_UPS, Key.POINTS_ISSUED, Key.DISCOUNTS):
        assert whole.value(key) == sum(day[key] or 0 for day in daily.values()), key
    assert whole.value(Key.MEMBERS) == 2
    assert sum(one.minor for one in whole.top_items) == whole.value(Key.NET)
    assert sum(one.minor for one in whole.hours) == (whole.value(Key.MEMBER_NET) or 0) + (
        whole.value(Key.WALK_IN_NET) or 0
    )


def test_a_running_day_is_compared_hour_by_hour(last: Summary) -> None:
    assert last.is_running
    assert last.so_far is not None
    assert last.so_far.minor == 0  # everything was sold in the hour that runs


def test_every_figure_opens_the_rows_behind_it(fortnight: SmallShop, last: Summary) -> None:
    desk, day = desk_of(fortnight), SATURDAY + 14 * DAY
    for key in Key:
        rows = desk.rows_behind(day, day, Behind(key))
        if key in (Key.TICKETS, Key.MEMBER_TICKETS, Key.WALK_IN_TICKETS):
            net = sum(1 if row.kind != "post_void" else -1 for row in rows.tickets)
            assert net == (last.value(key) or 0), key
        if key in (Key.MEMBERS, Key.MEMBERS_NEW, Key.MEMBERS_RETURNING, Key.MEMBERS_BACK):
            assert rows.kind is RowKind.MEMBERS
            assert len(rows.members) == last.value(key), key
        if key is Key.POINTS_ISSUED:
            assert sum(row.amount for row in rows.entries) == last.value(key)
    (hour,) = [one for one in last.hours if one.tickets]
    behind = desk.rows_behind(day, day, Behind(Key.TICKETS, hour=hour.hour))
    assert len(behind.tickets) == 5  # the sale that was voided and its void among them
    tea = next(one for one in last.top_items if one.lines)
    assert desk.rows_behind(day, day, Behind(Key.NET, item_id=tea.item_id)).tickets


def test_rows_come_in_pages(fortnight: SmallShop) -> None:
    desk, until = desk_of(fortnight), SATURDAY + 14 * DAY
    first = desk.rows_behind(SATURDAY, until, Behind(Key.TICKETS), limit=10)
    rest = desk.rows_behind(SATURDAY, until, Behind(Key.TICKETS), limit=100, offset=10)
    assert first.has_more
    assert not rest.has_more
    every = [row.id for row in (*first.tickets, *rest.tickets)]
    assert len(every) == len(set(every)) == 26


def test_nobody_below_a_manager_sees_the_shops_figures(shop: SmallShop) -> None:
    shop.session.operator = replace(shop.owner, role=Role.CASHIER)
    with pytest.raises(ApprovalNeeded):
        desk_of(shop).summary(SATURDAY)


def test_a_range_that_ends_before_it_begins_is_refused(shop: SmallShop) -> None:
    with pytest.raises(Refused) as refused:
        desk_of(shop).summary(SATURDAY, SATURDAY - DAY)
    assert refused.value.code == "summary_range"


def test_a_day_without_business_says_so(shop: SmallShop) -> None:
    summary = desk_of(shop).summary(date(2026, 1, 1))
    assert not summary.has_business
    assert finding(summary, "en") == "The shop was not open on this day."


def test_every_figure_has_its_unit_its_words_and_its_place(last: Summary) -> None:
    assert set(UNITS) == set(Key) == set(last.figures)
    assert sorted(key for keys in GROUPS.values() for key in keys) == sorted(Key)
    for key in Key:
        assert label_of(key, "en")
        assert about(key, last.lapsed, "zh_TW")


def test_the_paper_the_workbook_and_the_plain_values_say_the_same(
    fortnight: SmallShop, last: Summary
) -> None:
    shop = fortnight
    document = SummaryPaper(shop.store, shop.session, shop.clock, shop.spool).document(last, "zh_TW")
    assert any(isinstance(node, Text) and node.text == finding(last, "zh_TW") for node in document.nodes)
    plain = summary_to_plain(last)
    assert plain["figures"]["net"]["value"] == last.value(Key.NET)
    book = openpyxl.load_workbook(io.BytesIO(summary_workbook(last, "zh_TW")))
    values = {row[0].value: row[1].value for row in book["會員日報"].iter_rows() if row[1].value is not None}
    assert values["業績"] == last.value(Key.NET)
    assert values["會員占比"] == (last.value(Key.MEMBER_SHARE) or 0) / 10_000
    assert book["時段"]._charts  # type: ignore[attr-defined]


def test_nobodys_number_stands_in_a_file_in_full(last: Summary) -> None:
    assert "0912345678" not in str(summary_to_plain(last))
    assert "912345678" not in str(last)


def test_a_printed_summary_is_queued_and_noted(shop: SmallShop) -> None:
    shop.sell(TEA)
    summary = desk_of(shop).summary(SATURDAY)
    SummaryPaper(shop.store, shop.session, shop.clock, shop.spool).print(summary)
    (job,) = [one for one in shop.store.desk.print_jobs(("queued",)) if one.request.kind == "summary"]
    assert job.request.document.purpose == "summary"
    shift = shop.session.require_shift()
    assert "summary_printed" in {event.kind for event in shop.store.journal.audit_of_shift(shift.id)}


@pytest.mark.parametrize("suffix", [".pdf", ".xlsx"])
def test_a_saved_summary_lies_there_and_is_noted(shop: SmallShop, tmp_path: Path, suffix: str) -> None:
    shop.sell(TEA)
    paper = SummaryPaper(shop.store, shop.session, shop.clock, shop.spool)
    target = tmp_path / f"summary{suffix}"
    paper.save(desk_of(shop).summary(SATURDAY), target)
    assert target.stat().st_size > 1_000
    shift = shop.session.require_shift()
    assert "summary_saved" in {event.kind for event in shop.store.journal.audit_of_shift(shift.id)}
    with pytest.raises(Refused):
        paper.save(desk_of(shop).summary(SATURDAY), target)


def test_the_finding_says_in_words_what_would_be_nought(shop: SmallShop) -> None:
    shop.sell(TEA)
    assert finding(desk_of(shop).summary(SATURDAY)) == "沒有會員來；業績 NT$380。"
    shop.sell(PHONE, "", TEA)
    assert finding(desk_of(shop).summary(SATURDAY)).startswith("來了 1 位會員，都是第一次來；")


@pytest.mark.parametrize("language", ["zh_TW", "zh_CN", "en"])
def test_the_pdf_has_pages_with_ink_on_them(last: Summary, language: str) -> None:
    data = summary_pdf(last, "好日子選物店", 480, language)
    assert data.startswith(b"%PDF")
    for page in summary_pictures(last, "好日子選物店", 480, language):
        assert page.width / page.height == pytest.approx(595 / 842, abs=0.01)
        darkest, _ = page.convert("L").getextrema()
        assert isinstance(page, Image.Image)
        assert darkest < 60  # type: ignore[operator]
