"""The daily member summary: what the owner sees first. One value for a business date or a range, and the rows behind each of its figures.

Everything is read from the till's own books as one state of them, so that figures on one page always agree with each other, with the Z
reports and with the ledger. Reading takes milliseconds for a day and is meant for a worker anyway.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date, timedelta
from typing import Final
from uuid import UUID

import numpy as np

from app.domain.authority import Approval, Right
from app.domain.errors import Refused
from app.domain.ids import OperatorId
from app.domain.member import mask_name
from app.domain.phone import mask_phone
from app.insight.values import day_number
from app.service.ports import AuditEvent, Clock, Store
from app.service.rulebook import Rulebook
from app.service.session import Session
from app.service.summary_figures import (
    STANDS,
    Totals,
    average_of,
    figures,
    owed_figures,
    share,
)
from app.service.summary_members import Came, came_between, came_each_day, count, visitors, visits_among
from app.service.summary_ports import DaySource, Progress, Span
from app.service.summary_rows import rows_behind
from app.service.summary_values import (
    Behind,
    CouponFigure,
    Figure,
    HourFigure,
    Key,
    LapsedRule,
    OperatorFigure,
    Rows,
    SoFar,
    Summary,
    TenderFigure,
    TopItem,
    TopMember,
)

AVERAGE_DAYS: Final = 28
WEEK: Final = timedelta(days=7)
WEEKS_BACK_MAX: Final = 4
TOP: Final = 10
ROWS_PAGE: Final = 50
RANGE_DAYS_MAX: Final = 3_660
BEHIND_MAX: Final = 5_000  # facts of closed shifts that are added up in memory rather than made to wait for
LAPSED: Final = "summary.lapsed"


class SummaryDesk:
    """``summary`` and ``rows_behind`` raise ApprovalNeeded for who may not see the shop's figures."""

    def __init__(
        self, store: Store, session: Session, clock: Clock, source: DaySource, rulebook: Rulebook
    ) -> None:
        self._store = store
        self._session = session
        self._clock = clock
        self._source = source
        self._rulebook = rulebook
        self._lock = threading.Lock()
        self._came: tuple[object, dict[date, tuple[int, Came]]] = (None, {})

    def today(self) -> date:
        """The business date to show first: the open shift's, or the newest one with business, or what the clock says."""
        if self._session.shift is not None:
            return self._session.shift.business_date
        known = self._source.range()
        return known[1] if known else self._clock.local().date()

    def known_days(self) -> tuple[date, date] | None:
        """The first and the newest business date; None before the first sale."""
        return self._source.range()

    def needs_time(self) -> bool:
        """Whether closed days must be added up first: once, after an upgrade. Then call ``prepare`` on a worker."""
        return self._source.behind() > BEHIND_MAX

    def prepare(self, progress: Progress = lambda _done, _total: None) -> None:
        """Add up the closed days that are not yet. Raises Cancelled when ``progress`` does; what was done stays."""
        self._source.catch_up(progress)

    def summary(
        self,
        since: date,
        until: date | None = None,
        *,
        beside: Span | None = None,
        approval: Approval | None = None,
    ) -> Summary:
        """Of one business date, or of a range with both ends; ``beside`` are the dates to compare with, where somebody chose them.

        Raises Refused("summary_range").
        """
        self._session.permit(Right.REPORTS, 1, approval)
        until = until or since
        if until < since or (until - since).days >= RANGE_DAYS_MAX:
            raise Refused("summary_range", days=RANGE_DAYS_MAX)
        return _Maker(self, since, until, beside).summary()

    def daily(
        self, since: date, until: date, *, approval: Approval | None = None
    ) -> dict[date, dict[Key, int | None]]:
        """The figures that add up, of each open day by itself: for a line of days. What is owed and who came are not among them."""
        self._session.permit(Right.REPORTS, 1, approval)
        return {day: figures(Totals(sums, 1)) for day, sums in self._source.daily(since, until).items()}

    def rows_behind(
        self,
        since: date,
        until: date,
        behind: Behind,
        *,
        limit: int = ROWS_PAGE,
        offset: int = 0,
        approval: Approval | None = None,
    ) -> Rows:
        """A page of the transactions, members or movements that a figure was added up from."""
        self._session.permit(Right.REPORTS, 1, approval)
        return rows_behind(self._source, self.lapsed(), since, until, behind, limit, offset)

    def came_daily(self, days: Mapping[date, int], rule: LapsedRule) -> tuple[Came, ...]:
        """How many came on each of these days. A day that is closed is counted once and then known, until something of it changes."""
        settled = (rule, self._source.settled())
        with self._lock:
            if self._came[0] != settled:
                self._came = (settled, {})
            known = self._came[1]
            missing = [
                day for day, version in days.items() if known.get(day, (0,))[0] != version or not version
            ]
        counted = {}
        if missing:
            visits = visits_among(self._source.read(_runs(missing)).tickets, rule)
            counted = came_each_day(visits, [day_number(day) for day in missing])
        with self._lock:
            found = {day: (days[day], counted[day_number(day)]) for day in missing}
            known.update(found)
            return tuple(known[day][1] for day in days)

    def lapsed(self) -> LapsedRule:
        """The owner's, where they set one; a damaged one is the default."""
        kept = self._store.desk.setting(LAPSED)
        if not isinstance(kept, Mapping):
            return LapsedRule()
        known = {one.name: kept[one.name] for one in fields(LapsedRule) if type(kept.get(one.name)) is int}
        try:
            return LapsedRule(**known)
        except AssertionError:
            return LapsedRule()

    def set_lapsed(self, rule: LapsedRule, *, approval: Approval | None = None) -> None:
        self._session.permit(Right.SETTINGS, 1, approval)
        values = {one.name: getattr(rule, one.name) for one in fields(LapsedRule)}
        event = AuditEvent("summary_lapsed", self._session.operator_id, self._clock.now_ms(), dict(values))
        with self._store.begin() as work:
            work.put_setting(LAPSED, values)
            work.audit(event)
            work.commit()


class _Maker:
    """One summary in the making."""

    def __init__(self, desk: SummaryDesk, since: date, until: date, beside: Span | None) -> None:
        self._desk, self._store, self._source = desk, desk._store, desk._source
        self._since, self._until = since, until
        length = until - since + timedelta(days=1)
        month = (since - timedelta(days=AVERAGE_DAYS), since - timedelta(days=1))
        first = min(since - length, month[0])
        self._open = self._source.open_days(first, until)
        self._beside = beside
        self._before = beside or self._period_before(length)
        if beside is not None:
            self._open = {**self._open, **self._source.open_days(*beside)}
        spans = ((since, until), self._before, month)
        book = self._source.read(spans[:2], sums=spans, items=spans[0])
        self._rule = desk.lapsed()
        self._items = book.items
        visits = visits_among(book.tickets, self._rule)
        self._visitors = visitors(book.tickets, visits, *map(day_number, (since, until)))
        came = (count(self._visitors), came_between(visits, *map(day_number, self._before)), None)
        self._own, self._then, self._usual = (
            Totals(sums, len(self._within(*span)), who)
            for sums, span, who in zip(book.sums, spans, came, strict=True)
        )
        self._came_daily: tuple[Came, ...] = ()
        if since == until:
            days = {day: self._open[day] for day in self._within(*month)}
            self._came_daily = desk.came_daily(days, self._rule)

    def summary(self) -> Summary:
        hours = self._hours()
        is_running = self._is_running()
        return Summary(
            since=self._since,
            until=self._until,
            made_at=self._desk._clock.now_ms(),
            currency=self._desk._session.shop.currency,
            is_running=is_running,
            open_days=self._own.days,
            figures=self._figures(),
            before=self._before if self._then.days else None,
            average_days=self._usual.days,
            lapsed=self._rule,
            hours=hours,
            operators=self._operators(),
            tenders=_tenders(self._own),
            coupons=_coupons(self._own),
            top_members=self._top_members(),
            top_items=self._top_items(),
            so_far=self._so_far(hours) if is_running and self._since == self._until else None,
            is_beside_chosen=self._beside is not None,
        )

    def _within(self, first: date, last: date) -> tuple[date, ...]:
        return tuple(day for day in self._open if first <= day <= last)

    def _period_before(self, length: timedelta) -> Span:
        """The same weekday before on which the shop was open, four weeks back at most; the range before a range."""
        if length.days > 1:
            return self._since - length, self._until - length
        for weeks in range(1, WEEKS_BACK_MAX + 1):
            day = self._since - weeks * WEEK
            if day in self._open:
                return day, day
        return self._since - WEEK, self._since - WEEK

    def _is_running(self) -> bool:
        shift = self._desk._session.shift
        return shift is not None and self._since <= shift.business_date <= self._until

    # --- figures ------------------------------------------------------------------------------------------------------

    def _figures(self) -> dict[Key, Figure]:
        now = {**figures(self._own), **self._owed(self._until)}
        then = {**figures(self._then), **self._owed(self._before[1])} if self._then.days else {}
        usual = figures(self._usual) | self._came_on_average()
        days, times = self._usual.days, max(1, self._own.days)
        return {
            key: Figure(
                key,
                now[key],
                then.get(key),
                None if key in STANDS else average_of(usual.get(key), key, days, times),
            )
            for key in Key
        }

    def _owed(self, on: date) -> dict[Key, int | None]:
        burn = self._desk._rulebook.points().rules.burn
        return owed_figures(self._source.owed(on), burn.value_minor, burn.value_points)

    def _came_on_average(self) -> dict[Key, int | None]:
        """Added day by day, to be divided by the days."""
        came = self._came_daily
        if not came:
            return {}
        return {
            Key.MEMBERS: sum(one.all for one in came),
            Key.MEMBERS_NEW: sum(one.new for one in came),
            Key.MEMBERS_RETURNING: sum(one.returning for one in came),
            Key.MEMBERS_BACK: sum(one.back for one in came),
        }

    def _hours(self) -> tuple[HourFigure, ...]:
        """From the first hour with business to the last, as the shop's day runs, of these days or of those they are compared with."""
        mine, then, usual = (totals.under("hour") for totals in (self._own, self._then, self._usual))
        known = sorted(self._place_of(int(hour)) for hour in {*mine, *then, *usual})
        if not known:
            return ()
        start, nothing = self._desk._session.shop.day_starts_at_hour, (0, 0)
        days, times = self._usual.days, max(1, self._own.days)
        found = []
        for place in range(known[0], known[-1] + 1):
            hour = (place + start) % 24
            key = f"{hour:02}"
            tickets, minor = mine.get(key, nothing)
            usually = average_of(usual.get(key, nothing)[1], Key.NET, days, times)
            found.append(HourFigure(hour, tickets, minor, then.get(key, nothing)[1], usually or 0))
        return tuple(found)

    def _place_of(self, hour: int) -> int:
        """Which hour of the shop's day this hour of the clock is."""
        return (hour - self._desk._session.shop.day_starts_at_hour) % 24

    def _so_far(self, hours: Sequence[HourFigure]) -> SoFar:
        """What stood there when this hour of the clock began."""
        now = self._desk._clock.local().hour
        past = [one for one in hours if self._place_of(one.hour) < self._place_of(now)]
        return SoFar(
            now,
            sum(one.minor for one in past),
            sum(one.before_minor for one in past),
            sum(one.average_minor for one in past),
        )

    # --- lists --------------------------------------------------------------------------------------------------------

    def _operators(self) -> tuple[OperatorFigure, ...]:
        own = self._own
        names = {one.id.hex: (one.id, one.name) for one in self._store.people.operators()}
        walk_in, sign_ups = own.under("operator_walk_in"), own.under("operator_sign_ups")
        found = []
        for who, (tickets, minor) in own.under("operator").items():
            operator_id, name = names.get(who) or (OperatorId(UUID(hex=who)), "")
            signed = sign_ups.get(who, (0, 0))[0]
            chances = signed + max(0, walk_in.get(who, (0, 0))[0])
            found.append(
                OperatorFigure(operator_id, name, tickets, minor, signed, chances, share(signed, chances))
            )
        return tuple(sorted(found, key=lambda one: (-one.minor, one.operator_id)))

    def _top_members(self) -> tuple[TopMember, ...]:
        found = self._visitors
        best = found.best(TOP).tolist()
        names = self._source.members([int(found.member[place]) for place in best])
        return tuple(
            TopMember(
                who.id,
                mask_name(who.name),
                mask_phone(who.phone) if who.phone else "",
                int(found.visits[place]),
                int(found.net[place]),
            )
            for place in best
            if (who := names.get(int(found.member[place]))) is not None
        )

    def _top_items(self) -> tuple[TopItem, ...]:
        """By what was paid for them."""
        items = self._items
        size = int(items.item.max(initial=0)) + 1
        net = np.bincount(items.item, weights=items.net, minlength=size).astype(np.int64)
        quantity = np.bincount(items.item, weights=items.quantity, minlength=size).astype(np.int64)
        lines = np.bincount(items.item, weights=items.lines, minlength=size).astype(np.int64)
        if size > TOP:
            some = np.argpartition(-net, TOP)[:TOP]
        else:
            some = np.arange(size)
        best = [int(one) for one in some[np.lexsort((some, -net[some]))] if lines[one] > 0]
        known = self._source.item_ids(best)
        return tuple(
            TopItem(
                known[one][0] if one in known else None,
                known[one][1] if one in known else "",
                int(quantity[one]),
                int(net[one]),
                int(lines[one]),
            )
            for one in best
        )


def _runs(days: Sequence[date]) -> list[Span]:
    """Neighbouring days as spans."""
    runs: list[Span] = []
    for day in sorted(days):
        if runs and runs[-1][1] + timedelta(days=1) == day:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs


def _tenders(own: Totals) -> tuple[TenderFigure, ...]:
    received, refunded = own.under("received"), own.under("refunded")
    found = [
        TenderFigure(kind, received.get(kind, (0, 0))[1], refunded.get(kind, (0, 0))[1])
        for kind in {*received, *refunded}
    ]
    return tuple(sorted(found, key=lambda one: (-one.net_minor, one.kind)))


def _coupons(own: Totals) -> tuple[CouponFigure, ...]:
    used, issued = own.under("coupon_used"), own.under("coupon_issued")
    found = [
        CouponFigure(template, *used.get(template, (0, 0)), issued.get(template, (0, 0))[0])
        for template in {*used, *issued}
    ]
    return tuple(sorted(found, key=lambda one: (-one.used, -one.minor, one.template)))
