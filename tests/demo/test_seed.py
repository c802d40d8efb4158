"""The demo shop in a till: real facts, provable books, and the same shop from the same seed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.demo import shop
from app.demo.seed import Seeded, seed_demo, seed_load_test
from app.domain.authority import Right, Role
from app.domain.ids import Uuid7Source
from app.domain.settlement import fold
from app.domain.tender import TenderKind
from app.domain.transaction import ControlTransaction, RetailTransaction, TransactionKind
from db.store import SqliteStore
from db.verify import verify
from tests.db.tills import FakeClock, count, counted_bits, new_store, rows

DAYS, MEMBERS, PER_DAY = 45, 120, 12


class Demo:
    """One seeded till, made once: the tests only look at it."""

    def __init__(self, folder: Path, language: str = "zh_TW", days: int = DAYS) -> None:
        self.clock = FakeClock()
        self.ids = Uuid7Source(self.clock.now_ms, counted_bits())
        self.store: SqliteStore = new_store(folder / "till.db", self.clock, self.ids)
        self.told: list[tuple[int, int]] = []
        self.seeded: Seeded = seed_demo(
            self.store,
            self.clock,
            self.ids,
            language=language,
            members=MEMBERS,
            days=days,
            sales_per_day=PER_DAY,
            hash_pin=lambda pin: f"hash of {pin}",
            progress=lambda done, total, _what: self.told.append((done, total)),
        )

    @property
    def today(self) -> date:
        return self.clock.local().date()

    def transactions(self) -> list[RetailTransaction]:
        newest = self.store.journal.newest(10_000)
        return [one for one in reversed(newest) if isinstance(one, RetailTransaction)]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    demo = Demo(tmp_path_factory.mktemp("demo"))
    yield demo
    demo.store.close()


def test_the_books_of_the_demo_prove_like_anybodys(demo: Demo) -> None:
    assert verify(demo.store.engines, is_full=True) == ()


def test_sales_end_yesterday_and_no_shift_is_left_open(demo: Demo) -> None:
    assert demo.seeded.last_day == demo.today - timedelta(days=1)
    assert demo.seeded.first_day == demo.today - timedelta(days=DAYS)
    assert max(sale.header.business_date for sale in demo.transactions()) == demo.seeded.last_day
    assert demo.store.desk.current_shift() is None
    last = demo.store.desk.closed_shift()
    assert last is not None
    assert last.business_date == demo.seeded.last_day
    assert last.z_number == count(demo.store, "shift")


def test_every_ticket_was_rung_between_opening_and_closing_of_its_shift(demo: Demo) -> None:
    off = """
        SELECT count(*) FROM transaction_header h JOIN shift s ON s.id = h.shift_id
        WHERE h.occurred_at < s.opened_at OR h.occurred_at > s.closed_at OR h.business_date <> s.business_date
    """
    assert rows(demo.store, off) == [(0,)]


def test_the_counted_drawer_explains_its_difference(demo: Demo) -> None:
    closings = [
        one
        for one in demo.store.journal.newest(10_000)
        if isinstance(one, ControlTransaction) and one.totals is not None
    ]
    assert len(closings) == count(demo.store, "shift")
    for closing in closings:
        assert closing.totals is not None
        counted = sum(worth * pieces for worth, pieces in closing.totals.counts)
        assert counted == closing.totals.counted.minor
        assert bool(closing.totals.over_short) == bool(closing.totals.reason)


def test_a_z_report_of_the_demo_adds_up(demo: Demo) -> None:
    shift = demo.store.desk.closed_shift()
    assert shift is not None
    settlement = fold(demo.store.journal.of_shift(shift.id), shift.opening_float)
    assert settlement.tickets.count > 0
    assert settlement.member_tickets.count > 0


def test_the_goods_scan_and_stand_on_the_quick_keys(demo: Demo) -> None:
    catalogue, now = demo.store.catalogue, demo.clock.now
    for item in shop.items():
        for code in item.barcodes:
            found = catalogue.by_barcode(code, now)
            assert found is not None
            assert found.sku == item.sku
        if item.plu:
            assert catalogue.by_plu(item.plu, now) is not None
    assert len(catalogue.tiles()) == sum(item.tile_page is not None for item in shop.items())
    tea = catalogue.by_sku("TE001", now)
    assert tea is not None
    names = {category.id: category.name for category in catalogue.categories()}
    assert [names[step] for step in tea.category_path] == ["飲料", "茶飲"]


def test_every_promotion_of_the_demo_applies_to_something_that_was_sold(demo: Demo) -> None:
    offered = {promotion.code for promotion in demo.store.catalogue.promotions()}
    assert {"VEG-WED", "WATER-3", "BASKET", "MEMBER-THU", "BREAKFAST"} <= offered
    assert count(demo.store, "line_modifier") > 20


def test_members_are_enrolled_with_their_first_sale_and_earn_points(demo: Demo) -> None:
    assert count(demo.store, "member") == MEMBERS
    assert rows(demo.store, "SELECT count(*) FROM fact WHERE kind = 'enrolment'") == [(MEMBERS,)]
    assert any(sale.is_new_member for sale in demo.transactions())
    cards = [demo.store.members.by_id(member.id) for member in demo.store.members.everyone()]
    assert sum(card.visits for card in cards if card) > 100
    assert sum(card.points for card in cards if card) > 0
    earned, spent = rows(demo.store, "SELECT sum(points_earned), sum(points_spent) FROM transaction_header")[
        0
    ]
    assert sum(card.points for card in cards if card) == earned - spent


def test_returns_give_back_what_was_paid_and_name_their_sale(demo: Demo) -> None:
    returns = [one for one in demo.transactions() if one.header.kind is TransactionKind.RETURN]
    assert returns
    for ticket in returns:
        (line,) = ticket.lines
        assert line.return_of is not None
        original = demo.store.journal.get(line.return_of.transaction_id)
        assert isinstance(original, RetailTransaction)
        sold = original.lines[line.return_of.line_number - 1]
        assert sold.sku == line.sku
        assert 0 < -line.net.minor <= sold.net.minor


def test_a_refund_over_the_cashiers_limit_carries_a_second_name(demo: Demo) -> None:
    roles = {operator.id: operator.role for operator in demo.store.people.operators()}
    for ticket in demo.transactions():
        if ticket.header.kind is not TransactionKind.RETURN or -ticket.total.minor <= 1000:
            continue
        if roles[ticket.header.operator_id] is Role.CASHIER:
            assert [approval.right for approval in ticket.approvals] == [Right.RETURN]


def test_people_pay_in_every_usual_way(demo: Demo) -> None:
    kinds = {tender.kind for sale in demo.transactions() for tender in sale.tenders}
    assert kinds >= {TenderKind.CASH, TenderKind.CARD, TenderKind.VOUCHER, TenderKind.POINTS}
    assert any(sale.change.minor for sale in demo.transactions())


def test_the_receipts_of_the_last_days_can_be_printed_again(demo: Demo) -> None:
    sale = demo.transactions()[-1]
    document = demo.store.journal.document_of(sale.header.id)
    assert document is not None
    assert document.language == "zh_TW"
    assert demo.store.desk.print_jobs(("queued", "sending", "unknown")) == ()


def test_the_demos_people_can_sign_on(demo: Demo) -> None:
    for one in shop.OPERATORS:
        secret = demo.store.people.by_number(one.number)
        assert secret is not None
        assert secret.pin_hash == f"hash of {one.pin}"
        assert secret.operator.role.value == one.role


def test_what_sells_most_is_found_first(demo: Demo) -> None:
    popularity = dict(rows(demo.store, "SELECT sku, popularity FROM item"))
    hits = [hit.sku for hit in demo.store.catalogue.search("咖啡", demo.clock.now)]
    places = {sku: place for place, sku in enumerate(hits)}
    assert places["CO001"] < places["CO008"]
    assert popularity["CO001"] > popularity["CO008"]


def test_progress_runs_from_nothing_to_everything(demo: Demo) -> None:
    assert demo.told[0] == (0, DAYS)
    assert demo.told[-1] == (DAYS, DAYS)
    assert demo.told == sorted(demo.told)


def test_the_same_seed_makes_the_same_shop(tmp_path: Path) -> None:
    heads = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        again = Demo(tmp_path / name, days=8)
        heads.append(rows(again.store, "SELECT seq, hash FROM chain_head"))
        again.store.close()
    assert heads[0] == heads[1]


@pytest.mark.parametrize(
    ("language", "name"),
    [("zh_CN", "无糖高山青茶 600ml"), ("en", "Unsweetened High Mountain Green Oolong 600ml")],
)
def test_the_shop_speaks_the_language_of_the_screen(tmp_path: Path, language: str, name: str) -> None:
    shop_in_language = Demo(tmp_path, language, days=1)
    item = shop_in_language.store.catalogue.by_sku("TE001", shop_in_language.clock.now)
    shop_in_language.store.close()
    assert item is not None
    assert item.name == name


def test_a_load_test_shop_has_as_many_items_and_members_as_asked_for(tmp_path: Path) -> None:
    clock = FakeClock()
    ids = Uuid7Source(clock.now_ms, counted_bits())
    store = new_store(tmp_path / "till.db", clock, ids)
    seeded = seed_load_test(store, clock, ids, items=700, members=300, days=5, sales_per_day=10)
    assert (seeded.items, seeded.members) == (700, 300)
    assert (count(store, "item"), count(store, "member")) == (700, 300)
    assert seeded.sales > 20
    assert store.catalogue.search("綠茶", clock.now)
    assert verify(store.engines, is_full=True) == ()
    store.close()
