"""Any history of a shop, and three books that must agree on it: the daily summary, the Z reports of those dates, and the ledger.

Nothing is made up here: real desks sell, take back, void, top up and close over a real encrypted file; the summary is asked anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.basket import Discount, DiscountKind
from app.domain.errors import Refused
from app.domain.money import TWD, Money, round_half_up
from app.domain.settlement import Settlement, merge
from app.domain.tender import TenderKind
from app.domain.transaction import RetailTransaction
from app.service.expiry import ExpiryDesk
from app.service.outcomes import ReadyToComplete
from app.service.rulebook import Rulebook
from app.service.shift_report import settle_shift
from app.service.summary import SummaryDesk
from app.service.summary_values import Key, Summary
from db.verify import verify
from tests.db.busy_day import close_shift, give_back, open_shift
from tests.service.small_shop import BAG, SOAP, TEA, SmallShop, open_small_shop
from tests.service.value_shop import RULES, pay_in_cash

GOODS: Final = (TEA, SOAP, BAG)
PHONES: Final = tuple(f"09120000{number:02}" for number in range(5))
DAY: Final = timedelta(days=1)
FLOAT: Final = 1000  # what stays in the drawer at a closing
# Figures of a range that are the sum of its days; the others are shares and means of such sums, or stand at the end of it.
ADDED: Final = (
    Key.NET,
    Key.SALES,
    Key.RETURNS,
    Key.VOIDS,
    Key.DISCOUNTS,
    Key.TAX,
    Key.TICKETS,
    Key.MEMBER_TICKETS,
    Key.WALK_IN_TICKETS,
    Key.MEMBER_NET,
    Key.WALK_IN_NET,
    Key.SIGN_UPS,
    Key.POINTS_ISSUED,
    Key.POINTS_USED,
    Key.POINTS_EXPIRED,
    Key.POINTS_ADJUSTED,
    Key.COUPONS_USED,
    Key.COUPONS_MONEY,
    Key.COUPONS_ISSUED,
    Key.STAMPS_GIVEN,
    Key.STAMPS_USED,
    Key.VALUE_SOLD,
    Key.VALUE_SPENT,
    Key.VALUE_REFUNDED,
)
Move = tuple[str, int, int, int]

MOVES: Final = st.tuples(
    st.sampled_from(
        ["sell"] * 5
        + [
            "return",
            "exchange",
            "void",
            "discount",
            "points",
            "top_up",
            "spend",
            "card",
            "pay_out",
            "shift",
            "expire",
        ]
    ),
    *[st.integers(0, 59)] * 3,
)


@dataclass
class History:
    """A shop and what was sold in it so far. What cannot be done now is left undone."""

    shop: SmallShop
    sold: list[RetailTransaction] = field(default_factory=list)

    def run(self, moves: Sequence[Move]) -> None:
        for name, *numbers in moves:
            act: Callable[[int, int, int], None] = getattr(self, f"_{name}")
            try:
                act(*numbers)
            except Refused:
                self.shop.checkout.start_new()

    def _enter(self, who: int) -> None:
        """A member, a new one, or nobody; an hour or so after whoever came before."""
        self.shop.clock.forward(minutes=1 + who)
        if who % 3:
            self.shop.checkout.enter(PHONES[who % len(PHONES)])
            if self.shop.checkout.basket.member is None:
                self.shop.checkout.enter("")

    def _goods(self, what: int, many: int) -> None:
        self.shop.checkout.enter(f"{1 + many % 4}*{GOODS[what % 3]}")
        if what % 2:
            self.shop.checkout.enter(GOODS[(what + 1) % 3])

    def _sell(self, who: int, what: int, many: int) -> None:
        self._enter(who)
        self._goods(what, many)
        self.sold.append(pay_in_cash(self.shop).transaction)

    def _discount(self, who: int, what: int, many: int) -> None:
        self._enter(who)
        self.shop.checkout.enter(f"{1 + many % 4}*{TEA}")
        self.shop.checkout.discount_line(1, Discount(DiscountKind.PERCENT, 100 * (1 + what % 50), "老客人"))
        self.sold.append(pay_in_cash(self.shop).transaction)

    def _points(self, who: int, what: int, many: int) -> None:
        """Part of it in points, the rest by card."""
        self._enter(who)
        self._goods(what, many)
        self.shop.checkout.enter("")
        self.shop.checkout.tender(TenderKind.POINTS, 1 + what % 5, points=1 + what % 5)
        outcome = self.shop.checkout.tender(TenderKind.CARD, self.shop.checkout.due().minor, reference="A1")
        assert isinstance(outcome, ReadyToComplete)
        self.sold.append(self.shop.complete().transaction)

    def _top_up(self, who: int, what: int, many: int) -> None:
        self._enter(who)
        if many % 2:
            self._goods(what, many)
        self.shop.checkout.top_up((500, 1000, 2000)[what % 3])
        self.sold.append(pay_in_cash(self.shop).transaction)

    def _card(self, who: int, what: int, many: int) -> None:
        self._enter(who)
        if many % 2:
            self._goods(what, many)
        self.shop.checkout.sell_card((500, 1000)[what % 2], is_bound=bool(who % 3))
        self.sold.append(pay_in_cash(self.shop).transaction)

    def _spend(self, who: int, what: int, many: int) -> None:
        """With stored value as far as it goes."""
        self._enter(who)
        self._goods(what, many)
        offers = self.shop.checkout.value_offers()
        if offers and isinstance(self.shop.checkout.pay_from(offers[0].holding.account), ReadyToComplete):
            self.sold.append(self.shop.complete().transaction)
        else:
            self.sold.append(pay_in_cash(self.shop).transaction)

    def _pay_out(self, who: int, what: int, many: int) -> None:
        """Value that somebody wants back."""
        card = self.shop.store.members.by_phone(f"+886{PHONES[who % len(PHONES)][1:]}")
        if card is None:
            return
        for holding in self.shop.loyalty.value.holdings(card.member.id)[:1]:
            self.shop.checkout.refund_value(holding, max(1, holding.payable // 2))
            self.sold.append(pay_in_cash(self.shop).transaction)

    def _return(self, which: int, line: int, many: int) -> None:
        if self.sold:
            number = self.sold[which % len(self.sold)].header.receipt_number
            give_back(self.shop, number, 1 + line % 2, 1000)

    def _exchange(self, which: int, line: int, many: int) -> None:
        if self.sold:
            number = self.sold[which % len(self.sold)].header.receipt_number
            give_back(self.shop, number, 1, 1000, f"{1 + many % 3}*{SOAP}")

    def _void(self, which: int, _what: int, _many: int) -> None:
        if self.sold:
            self.shop.post_void.void(self.sold[which % len(self.sold)].header.id, "打錯")

    def _shift(self, hours: int, _what: int, _many: int) -> None:
        """Later the same day, or on another one."""
        close_shift(self.shop)
        self.shop.clock.forward(hours=(1, 3, 22, 30, 24 * 9, 24 * 250)[hours % 6])
        open_shift(self.shop)

    def _expire(self, _days: int, _what: int, _many: int) -> None:
        """What the till does each morning: points whose last day is over are gone."""
        today = self.shop.session.require_shift().business_date
        ExpiryDesk(self.shop.store, self.shop.clock, self.shop.ids).run(today)


@contextmanager
def a_shop() -> Iterator[SmallShop]:
    with TemporaryDirectory() as folder:
        shop = open_small_shop(Path(folder))
        shop.loyalty.value.write_rules(replace(RULES, may_refund=True))
        try:
            yield shop
        finally:
            shop.store.close()


def desk_of(shop: SmallShop) -> SummaryDesk:
    return SummaryDesk(
        shop.store, shop.session, shop.clock, shop.store.days, Rulebook(shop.store, shop.session, shop.clock)
    )


def reports(shop: SmallShop) -> dict[date, Settlement]:
    """The Z reports of each business date together, and the X report of the shift that is open."""
    desk = shop.store.desk
    shifts = [shift for number in range(1, 100) if (shift := desk.closed_shift(number)) is not None]
    current = desk.current_shift()
    by_day: dict[date, Settlement] = {}
    for shift in (*shifts, *([current] if current else [])):
        one = settle_shift(shop.store, replace(shift, opening_float=Money(0, TWD)))
        known = by_day.get(shift.business_date)
        by_day[shift.business_date] = one if known is None else merge(known, one)
    return by_day


def values(summary: Summary) -> dict[Key, int | None]:
    return {key: figure.value for key, figure in summary.figures.items()}


def assert_is_the_report(summary: Summary, report: Settlement) -> None:
    found = values(summary)
    assert found[Key.NET] == report.net_minor
    assert found[Key.SALES] == report.sales.minor
    assert found[Key.RETURNS] == report.returns.minor
    assert found[Key.VOIDS] == report.voids.minor
    assert found[Key.TICKETS] == report.tickets.count
    assert found[Key.MEMBER_TICKETS] == report.member_tickets.count
    assert found[Key.MEMBER_NET] == report.member_tickets.minor
    assert found[Key.WALK_IN_NET] == report.tickets.minor - report.member_tickets.minor
    assert found[Key.AVERAGE_TICKET] == (report.average_ticket.minor if report.tickets.count > 0 else None)
    assert found[Key.DISCOUNTS] == sum(one.minor for one in report.discounts.values())
    assert found[Key.SIGN_UPS] == report.new_members
    assert found[Key.VALUE_SOLD] == report.value_sold.minor
    assert found[Key.VALUE_REFUNDED] == report.value_refunded.minor
    tenders = {kind.value: one for kind, one in report.tenders.items() if not one.is_nothing}
    assert {
        one.kind: (one.received_minor, one.refunded_minor)
        for one in summary.tenders
        if one.received_minor or one.refunded_minor
    } == {kind: (one.received.minor, one.refunded.minor) for kind, one in tenders.items()}
    # What came in is what was sold, what was taken for value, and the rounding: nothing else.
    assert sum(one.net_minor for one in summary.tenders) == (
        report.net_minor + report.value_net_minor + report.rounding_minor
    )
    assert sum(one.tickets for one in summary.hours) == report.tickets.count
    assert sum(one.minor for one in summary.hours) == report.tickets.minor
    assert sum(one.tickets for one in summary.operators) == report.tickets.count


def assert_is_the_ledger(shop: SmallShop, desk: SummaryDesk, days: Sequence[date]) -> None:
    """Issued, used, expired and adjusted are the entries of the ledger, and what is owed is all that was posted until then."""
    with shop.store.engines.reading() as cursor:
        rows = cursor.execute(
            "SELECT e.business_date, e.kind, sum(p.points) FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id "
            "WHERE p.account = 'member' GROUP BY 1, 2"
        ).fetchall()
    posted: dict[tuple[int, str], int] = {(day, kind): points for day, kind, points in rows}

    def of(day: date, *kinds: str) -> int:
        number = int(f"{day:%Y%m%d}")
        return sum(posted.get((number, kind), 0) for kind in kinds)

    for day in days:
        found = values(desk.summary(day))
        assert found[Key.POINTS_ISSUED] == of(day, "accrual", "accrual_reversal", "bonus")
        assert found[Key.POINTS_USED] == -of(day, "redemption", "redemption_reversal", "gift")
        assert found[Key.POINTS_EXPIRED] == -of(day, "expiry")
        assert found[Key.POINTS_ADJUSTED] == of(day, "adjustment")
        until = int(f"{day:%Y%m%d}")
        assert found[Key.POINTS_OWED] == sum(
            points for (number, _), points in posted.items() if number <= until
        )
    held = shop.store.value.liability().amounts
    assert values(desk.summary(days[-1]))[Key.VALUE_OWED] == held.paid + held.bonus


def assert_ranges_are_their_days(desk: SummaryDesk, days: Sequence[date]) -> None:
    """Every range from one known day to another, closed days and a day beyond both ends included."""
    for first in range(0, len(days), max(1, len(days) // 3)):
        for last in range(first, len(days), max(1, len(days) // 3)):
            since, until = days[first] - DAY, days[last] + DAY
            whole = desk.summary(since, until)
            each = [desk.summary(days[index]) for index in range(len(days)) if since <= days[index] <= until]
            for key in ADDED:
                assert whole.value(key) == sum(one.value(key) or 0 for one in each), key
            for name in ("received_minor", "refunded_minor"):
                assert sum(getattr(one, name) for one in whole.tenders) == sum(
                    getattr(tender, name) for one in each for tender in one.tenders
                )
            assert sum(one.sign_ups for one in whole.operators) == sum(
                operator.sign_ups for one in each for operator in one.operators
            )
            assert whole.value(Key.POINTS_OWED) == each[-1].value(Key.POINTS_OWED)
            tickets, minor = whole.value(Key.TICKETS) or 0, sum(hour.minor for hour in whole.hours)
            mean = round_half_up(minor, tickets) if tickets > 0 else None
            assert whole.value(Key.AVERAGE_TICKET) == mean, "the mean of a range is no mean of means"


def assert_a_day_is_compared_with_a_day(desk: SummaryDesk, days: Sequence[date]) -> None:
    """What stands beside a figure is the very figure of that other day."""
    for day in days:
        summary = desk.summary(day)
        if summary.before is None:
            continue
        then = values(desk.summary(summary.before[0]))
        assert {key: figure.before for key, figure in summary.figures.items()} == then


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(MOVES, min_size=18, max_size=40))
def test_the_summary_the_z_reports_and_the_ledger_agree_on_any_history(moves: list[Move]) -> None:
    with a_shop() as shop:
        History(shop).run(moves)
        desk = desk_of(shop)
        known = reports(shop)
        days = sorted(day for day, report in known.items() if report.first_receipt is not None)
        for day in days:
            assert_is_the_report(desk.summary(day), known[day])
        if days:
            assert_is_the_ledger(shop, desk, days)
            assert_ranges_are_their_days(desk, days)
            assert_a_day_is_compared_with_a_day(desk, days)
        shop.checkout.start_new()
        if settle_shift(shop.store, shop.session.require_shift()).expected_cash.minor >= FLOAT:
            close_shift(shop)
        after = desk_of(shop)
        for day in days:
            assert values(after.summary(day)) == values(desk.summary(day)), "closing changes no figure"
        assert verify(shop.store.engines, is_full=True) == ()
