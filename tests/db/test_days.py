"""The days added up: whatever happened, they are what the Z reports and the ledger say, live and closed alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from app.domain.errors import Refused
from app.domain.ids import MemberId
from app.domain.money import TWD, Money
from app.domain.phone import parse_phone
from app.domain.settlement import Settlement, merge
from app.domain.shift import Shift
from app.insight.values import day_number
from app.service.shift_report import settle_shift
from app.service.summary_figures import Totals, figures, owed_figures
from app.service.summary_ports import NEVER, Owed, Sums
from app.service.summary_values import Key
from db.day_fold import Fold, fold
from db.day_reader import OWED, SqliteDays
from db.days import catch_up
from db.engine import Cursor
from tests.db.books import checks, edit, findings
from tests.db.busy_day import a_busy_day, close_shift, give_back, open_shift
from tests.service.small_shop import E164, PHONE, SOAP, TEA, SmallShop, open_small_shop

ALWAYS = (date(2026, 1, 1), date(2027, 12, 31))
STEPS = 45
PHONES = tuple(f"09120000{number:02}" for number in range(6))


def days_of(shop: SmallShop) -> SqliteDays:
    return SqliteDays(shop.store)


def shifts_of(shop: SmallShop) -> list[Shift]:
    desk = shop.store.desk
    closed = [desk.closed_shift(number) for number in range(1, 100)]
    found = [shift for shift in closed if shift is not None]
    current = desk.current_shift()
    return found if current is None else [*found, current]


def settlements(shop: SmallShop) -> dict[date, Settlement]:
    """What the reports of each business date add up to."""
    by_day: dict[date, Settlement] = {}
    for shift in shifts_of(shop):
        one = settle_shift(shop.store, replace(shift, opening_float=Money(0, TWD)))
        known = by_day.get(shift.business_date)
        by_day[shift.business_date] = one if known is None else merge(known, one)
    return by_day


def assert_same(sums: Sums, report: Settlement) -> None:
    totals = Totals(sums, 1)
    found = figures(totals)
    assert found[Key.NET] == report.net_minor
    for name in ("sales", "returns", "voids", "tickets", "member_tickets", "value_sold", "value_refunded"):
        tally = getattr(report, name)
        assert (totals.count(name), totals.amount(name)) == (tally.count, tally.minor), name
    assert found[Key.MEMBER_SHARE] == (report.member_share if report.tickets.minor > 0 else None)
    assert found[Key.AVERAGE_TICKET] == (report.average_ticket.minor if report.tickets.count > 0 else None)
    assert totals.count("sign_ups") == report.new_members
    assert totals.amount("earned") == report.points_issued
    assert totals.amount("spent") == report.points_used
    assert totals.amount("rounding") == report.rounding_minor
    discounts = {kind.value: (one.count, one.minor) for kind, one in report.discounts.items()}
    assert {key: pair for key, pair in totals.under("discount").items() if any(pair)} == discounts
    for figure in ("received", "refunded"):
        wanted = {
            kind.value: (part.count, part.minor)
            for kind, one in report.tenders.items()
            if not (part := getattr(one, figure)).is_nothing
        }
        assert {key: pair for key, pair in totals.under(figure).items() if any(pair)} == wanted
    people = {
        who.hex: (one.tickets.count, one.tickets.minor)
        for who, one in report.operators.items()
        if not one.tickets.is_nothing
    }
    assert {key: pair for key, pair in totals.under("operator").items() if any(pair)} == people
    hours = totals.under("hour").values()
    assert sum(count for count, _ in hours) == report.tickets.count
    assert sum(minor for _, minor in hours) == report.tickets.minor


def assert_reconciles(shop: SmallShop) -> None:
    """To the cent with the reports of every date, and to the point with the ledger."""
    days = days_of(shop)
    daily, reports = days.daily(*ALWAYS), settlements(shop)
    served = {day: report for day, report in reports.items() if report.first_receipt is not None}
    for day, report in served.items():
        assert_same(daily.get(day, {}), report)
    assert daily.keys() <= served.keys()
    book = days.read([ALWAYS], sums=[ALWAYS], items=ALWAYS)
    net = sum(report.net_minor for report in served.values())
    assert int(book.tickets.net.sum()) == net
    assert int(book.items.net.sum()) == net
    assert figures(Totals(book.sums[0]))[Key.NET] == net
    with shop.store.engines.reading() as cursor:
        ledger = cursor.execute(
            "SELECT coalesce(sum(points), 0) FROM ledger_posting WHERE account = 'member'"
        )
        points = ledger.fetchone()[0]
    assert days.owed(ALWAYS[1]).points == points
    moved = figures(Totals(book.sums[0]))
    issued, used, expired, adjusted = (
        moved[key] or 0
        for key in (Key.POINTS_ISSUED, Key.POINTS_USED, Key.POINTS_EXPIRED, Key.POINTS_ADJUSTED)
    )
    assert points == issued - used - expired + adjusted
    held = shop.store.value.liability().amounts
    owed = days.owed(ALWAYS[1])
    assert (owed.value_paid_minor, owed.value_bonus_minor) == (held.paid, held.bonus)


# --- any history ----------------------------------------------------------------------------------------------------------


class AnyHistory:
    """A shop in which anything may happen next; one seed makes one history."""

    def __init__(self, shop: SmallShop, seed: int) -> None:
        self.shop, self.random = shop, Random(seed)
        self.sold: list[str] = []

    def run(self, steps: int) -> None:
        moves: list[Callable[[], None]] = [self.sell] * 6 + [self.give_back, self.void, self.next_shift]
        for _ in range(steps):
            try:
                self.random.choice(moves)()
            except Refused:
                self.shop.checkout.start_new()  # not possible now

    def sell(self) -> None:
        shop = self.shop
        if shop.session.shift is None:
            open_shift(shop)
        who = self.random.choice((None, None, *PHONES))
        shop.clock.forward(minutes=self.random.randint(1, 90))
        if who is not None:
            shop.checkout.enter(who)
            if shop.checkout.basket.member is None:
                shop.checkout.enter("")
        goods = [
            f"{self.random.randint(1, 4)}*{self.random.choice((TEA, SOAP))}"
            for _ in range(self.random.randint(1, 3))
        ]
        self.sold.append(shop.sell(*goods).transaction.header.receipt_number)

    def give_back(self) -> None:
        if self.sold and self.shop.session.shift is not None:
            extra = (TEA,) if self.random.random() < 0.4 else ()
            give_back(self.shop, self.random.choice(self.sold), 1, 1000, *extra)

    def void(self) -> None:
        if self.sold and self.shop.session.shift is not None:
            sale = self.shop.store.journal.by_receipt_number(self.random.choice(self.sold))
            assert sale is not None
            self.shop.post_void.void(sale.header.id, "打錯")

    def next_shift(self) -> None:
        """Later the same day, on another day, or with a clock that went back."""
        if self.shop.session.shift is not None:
            close_shift(self.shop)
        self.shop.clock.forward(hours=self.random.choice((1, 4, 24, 24, 72, -30)))
        open_shift(self.shop)


@pytest.mark.parametrize("seed", range(6))
def test_every_day_is_what_its_reports_and_the_ledger_say(tmp_path: Path, seed: int) -> None:
    shop = open_small_shop(tmp_path)
    history = AnyHistory(shop, seed)
    for _ in range(3):
        history.run(STEPS // 3)
        assert_reconciles(shop)  # live, with whatever is open
    if shop.session.shift is not None:
        close_shift(shop)
    assert_reconciles(shop)
    shop.store.close()
    assert findings(shop.path) == ()


@pytest.mark.parametrize("seed", [11, 12])
def test_days_caught_up_after_an_upgrade_are_the_days_added_up_at_closings(tmp_path: Path, seed: int) -> None:
    shop = open_small_shop(tmp_path)
    AnyHistory(shop, seed).run(STEPS)
    if shop.session.shift is not None:
        close_shift(shop)
    before = days_of(shop)
    wanted, owed = before.daily(*ALWAYS), before.owed(ALWAYS[1])
    with shop.store.begin() as work:
        for table in ("day_sum", "day_part", "day_void", "day_state"):
            work.cursor.execute(f"DELETE FROM {table}")
        work.commit()
    after = days_of(shop)
    assert after.behind() > 0
    steps: list[tuple[int, int]] = []
    catch_up(shop.store, lambda done, total: steps.append((done, total)))
    assert steps[-1][0] == steps[-1][1]
    assert after.behind() == 0
    assert after.daily(*ALWAYS) == wanted
    assert after.owed(ALWAYS[1]) == owed
    shop.store.close()
    assert findings(shop.path) == ()


# --- one thing at a time ----------------------------------------------------------------------------------------------------


def test_a_closed_day_says_what_it_said_while_it_was_open(tmp_path: Path) -> None:
    shop = a_busy_day(tmp_path)
    days = days_of(shop)
    live = days.daily(*ALWAYS)
    shop.checkout.start_new()
    close_shift(shop)
    assert days.daily(*ALWAYS) == live
    assert_reconciles(shop)


def test_only_what_is_new_is_read_while_the_day_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = open_small_shop(tmp_path)
    days = days_of(shop)
    shop.sell(TEA)
    days.daily(*ALWAYS)
    read: list[int] = []

    def noted(cursor: Cursor, first: int, last: int) -> Fold:
        read.append(first)
        return fold(cursor, first, last)

    monkeypatch.setattr("db.day_reader.fold", noted)
    days.daily(*ALWAYS)
    assert read == []
    with shop.store.engines.reading() as cursor:
        newest = cursor.execute("SELECT max(seq) FROM fact").fetchone()[0]
    shop.sell(SOAP)
    days.daily(*ALWAYS)
    assert read == [newest + 1]


def test_a_voided_sale_is_no_visit_and_a_later_one_is_then_the_first(tmp_path: Path) -> None:
    shop = open_small_shop(tmp_path)
    first = shop.sell(PHONE, "", TEA)
    close_shift(shop)
    shop.clock.forward(hours=24)
    open_shift(shop)
    shop.sell(PHONE, TEA)
    tickets = days_of(shop).read([ALWAYS]).tickets
    assert tickets.previous.tolist()[-1] == day_number(date(2026, 11, 21))
    close_shift(shop)
    shop.clock.forward(hours=24)
    open_shift(shop)
    shop.post_void.void(first.transaction.header.id, "打錯")
    tickets = days_of(shop).read([ALWAYS]).tickets
    assert tickets.is_voided.tolist() == [True, False, False]
    assert tickets.is_visit.tolist() == [False, True, False]
    assert tickets.previous.tolist()[1] == NEVER
    shop.sell(TEA)  # so that there is a float to keep
    close_shift(shop)
    assert days_of(shop).read([ALWAYS]).tickets.previous.tolist()[1] == NEVER
    shop.store.close()
    assert findings(shop.path) == ()


def test_merged_files_are_one_visitor_with_one_past(tmp_path: Path) -> None:
    shop = open_small_shop(tmp_path)
    shop.sell(PHONE, "", TEA)
    close_shift(shop)
    shop.clock.forward(hours=24)
    open_shift(shop)
    shop.sell("0987654321", "", TEA)
    old, new = member_of(shop, E164), member_of(shop, "+886987654321")
    days = days_of(shop)
    assert days.read([ALWAYS]).tickets.previous.tolist() == [NEVER, NEVER]
    with shop.store.begin() as work:
        shop.store.membership.merges.put(work, new, old, at=1, operator_id=None, reason="test")
        work.commit()
    tickets = days.read([ALWAYS]).tickets
    assert len(set(tickets.member.tolist())) == 1
    assert tickets.previous.tolist() == [NEVER, day_number(date(2026, 11, 21))]


def test_practice_counts_nowhere(tmp_path: Path) -> None:
    shop = open_small_shop(tmp_path)
    shop.session.is_training = True
    shop.sell(PHONE, "", TEA)
    days = days_of(shop)
    assert days.range() is None or figures(Totals(days.daily(*ALWAYS)[date(2026, 11, 21)]))[Key.NET] == 0
    assert len(days.read([ALWAYS]).tickets) == 0


def test_a_night_sale_belongs_to_the_business_date_and_to_its_own_hour(tmp_path: Path) -> None:
    shop = open_small_shop(tmp_path)
    shop.clock.forward(hours=10)  # one in the morning, Taipei
    shop.sell(TEA)
    sums = days_of(shop).daily(*ALWAYS)[date(2026, 11, 21)]
    assert Totals(sums).under("hour") == {"01": (1, 380)}


def test_what_is_owed_on_an_earlier_day_stays_what_it_was(tmp_path: Path) -> None:
    shop = open_small_shop(tmp_path)
    shop.sell(PHONE, "", f"5*{TEA}")
    first = shop.balance()
    close_shift(shop)
    shop.clock.forward(hours=24)
    open_shift(shop)
    shop.sell(PHONE, f"5*{TEA}")
    days = days_of(shop)
    assert days.owed(date(2026, 11, 20)) == Owed()
    assert days.owed(date(2026, 11, 21)).points == first
    assert days.owed(date(2026, 11, 22)).points == shop.balance()
    assert owed_figures(Owed(points=250), 1, 100)[Key.POINTS_OWED_MONEY] == 3


def member_of(shop: SmallShop, phone: str) -> MemberId:
    card = shop.store.members.by_phone(phone)
    assert card is not None
    assert parse_phone(phone) == phone
    return card.member.id


# --- proof ------------------------------------------------------------------------------------------------------------------

DAMAGE = {
    "a sum that grew": ("UPDATE day_sum SET amount = amount + 1 WHERE figure = 'sales'", "day_off"),
    "a sum that is gone": ("DELETE FROM day_sum WHERE figure = 'hour'", "day_off"),
    "tickets of another member": ("UPDATE day_part SET tickets = zeroblob(length(tickets))", "day_off"),
    "items that are gone": ("UPDATE day_part SET items = X''", "day_off"),
    "a void that is gone": ("DELETE FROM day_void", "day_off"),
    "a part that is gone": ("DELETE FROM day_sum; DELETE FROM day_part", "day_owed_off"),
    "points out of nothing": ("UPDATE day_part SET points_owed = points_owed + 5", "day_owed_off"),
    "a day that was not added up": ("UPDATE day_state SET folded_seq = folded_seq - 1", "day_gap"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_every_damage_to_the_days_is_found(tmp_path: Path, damage: str) -> None:
    shop = a_busy_day(tmp_path)
    shop.checkout.start_new()
    close_shift(shop)
    shop.store.close()
    assert findings(shop.path) == ()
    statement, check = DAMAGE[damage]
    edit(shop.path, *statement.split(";"))
    assert check in checks(shop.path)


def test_a_shift_with_a_damaged_fact_can_still_be_closed(tmp_path: Path) -> None:
    shop = open_small_shop(tmp_path)
    shop.sell(PHONE, "", TEA)
    with shop.store.begin() as work:
        work.cursor.execute("DROP TRIGGER fact_never_update")
        work.cursor.execute("UPDATE fact SET body = X'FF' WHERE kind = 'enrolment'")
        work.commit()
    close_shift(shop)
    assert days_of(shop).daily(*ALWAYS)[date(2026, 11, 21)]["sales", ""] == (1, 350)


def test_a_range_ends_where_the_shop_was_open_last(tmp_path: Path) -> None:
    shop = open_small_shop(tmp_path)
    days = days_of(shop)
    assert days.range() is None
    shop.sell(TEA)
    today = date(2026, 11, 21)
    assert days.range() == (today, today)
    assert days.open_days(today - timedelta(days=9), today) == {today: 0}


def test_what_was_owed_is_found_by_the_date_alone_however_long_the_past_is(tmp_path: Path) -> None:
    shop = open_small_shop(tmp_path)
    with shop.store.engines.reading() as cursor:
        plan = [row[3] for row in cursor.execute(f"EXPLAIN QUERY PLAN {OWED}", (20261121,)).fetchall()]
    assert any("COVERING INDEX day_part_by_date" in step for step in plan), plan
