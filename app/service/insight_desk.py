"""The insight as the owner asks for it: columns read once per state of the books, each analysis run where the caller runs it, answers kept.

Every method takes a while and belongs on a worker. ``progress`` tells how far it is and stops it by raising Cancelled. An answer is frozen
and kept for as long as nothing it rests on has changed.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

import numpy as np

from app.domain.authority import Approval, Right
from app.domain.errors import Refused
from app.insight import (
    abc,
    bgnbd,
    churn,
    cohort,
    columns,
    companions,
    concentration,
    forecast,
    lifecycle,
    next_goods,
    pairs,
    peaks,
    recommend,
    repurchase,
    rfm,
    rhythm,
    staff,
    value,
)
from app.insight.columns import Lines
from app.insight.lifecycle import ReturnCurve, SilenceLimits
from app.insight.next_goods import NextGoods
from app.insight.repurchase import SecondVisits
from app.insight.rfm import Cuts, Migration
from app.insight.value import SpentSinceFirst
from app.insight.values import Period, TooLittle, date_of
from app.service.insight_ports import InsightSource, ItemFacts, MemberFacts
from app.service.ports import AuditEvent, Clock, Store
from app.service.session import Session
from app.service.summary_ports import NOBODY, SERVED, VOID, DaySource, Progress, TicketColumns

if TYPE_CHECKING:
    from uuid import UUID

    from numpy.typing import NDArray


YEAR_DAYS: Final = 365
WINDOW_DAYS_MIN: Final = 90
ANSWERS_MAX: Final = 48
CUTS: Final = "insight.cuts"
Answer_co = TypeVar("Answer_co", covariant=True)


class Kind(StrEnum):
    """The analyses. Texts: ``insight.title.<kind>``, ``insight.about.<kind>``."""

    RFM = "rfm"
    MOVES = "moves"
    LIFECYCLE = "lifecycle"
    RHYTHM = "rhythm"
    CHURN = "churn"
    VALUE = "value"
    COHORT = "cohort"
    REPURCHASE = "repurchase"
    SECOND_VISITS = "second_visits"
    CONCENTRATION = "concentration"
    PEAKS = "peaks"
    PAIRS = "pairs"
    FORECAST = "forecast"
    ABC = "abc"
    STAFF = "staff"
    NEXT = "next"


@dataclass(frozen=True, slots=True)
class Answer(Generic[Answer_co]):
    """``value`` is the analysis' own value, or TooLittle, which is shown as a sentence.

    ``names`` are of the rows, where rows have names (categories, operators). ``made_at`` is when it was worked out, of the books as they
    stood then.
    """

    kind: Kind
    period: Period
    value: Answer_co
    made_at: int
    names: tuple[str, ...] = ()

    @property
    def is_too_little(self) -> bool:
        return isinstance(self.value, TooLittle)


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Everything read once. ``tickets`` are members' tickets that stand, returns among them; ``all`` are everybody's."""

    version: tuple[int, ...]
    all: TicketColumns
    tickets: columns.Tickets

    @property
    def period(self) -> Period | None:
        """From the first ticket to the newest."""
        days = self.all.day
        return _period_of(int(days.min()), int(days.max())) if len(days) else None


def _no_progress(_done: int, _total: int) -> None:
    pass


class InsightDesk:
    """Every analysis raises ApprovalNeeded for who may not see the shop's figures."""

    def __init__(
        self, store: Store, session: Session, clock: Clock, source: InsightSource, days: DaySource
    ) -> None:
        self._store = store
        self._session = session
        self._clock = clock
        self._source = source
        self._days = days
        self._lock = threading.RLock()
        self._columns: Columns | None = None
        self._answers: OrderedDict[Any, Answer[Any]] = OrderedDict()
        self._items: tuple[tuple[int, ...], Mapping[int, ItemFacts]] | None = None
        self._members: tuple[tuple[int, ...], Mapping[int, MemberFacts]] | None = None

    # --- columns ------------------------------------------------------------------------------------------------------

    def version(self) -> tuple[int, ...]:
        return self._source.version()

    def columns(self, approval: Approval | None = None) -> Columns:
        self._session.permit(Right.REPORTS, 1, approval)
        with self._lock:
            version = self._source.version()
            if self._columns is None or self._columns.version != version:
                every = self._source.tickets()
                self._columns = Columns(version, every, _tickets_of(every))
                self._answers.clear()
            return self._columns

    def year(self) -> Period:
        """The year up to the newest business date: what an analysis is asked for when nobody says otherwise."""
        known = self.columns().period
        last = known.last if known else self._clock.local().date()
        return Period(last - timedelta(days=YEAR_DAYS - 1), last)

    def everything(self) -> Period:
        """From the first ticket to the newest; today where there is none."""
        today = self._clock.local().date()
        return self.columns().period or Period(today, today)

    def items(self) -> Mapping[int, ItemFacts]:
        """The goods by their number."""
        version = self._source.version()
        if self._items is None or self._items[0] != version:
            self._items = (version, self._source.items())
        return self._items[1]

    def top_categories(self) -> Mapping[UUID, str]:
        """The name of each category, of the topmost one above it."""
        return self._source.categories()

    def members(self) -> Mapping[int, MemberFacts]:
        """The files by their number."""
        version = self._source.version()
        if self._members is None or self._members[0] != version:
            self._members = (version, self._source.members())
        return self._members[1]

    # --- members ------------------------------------------------------------------------------------------------------

    def rfm(self, period: Period | None = None, cuts: Cuts | None = None) -> Answer[rfm.Rfm | TooLittle]:
        """With the owner's cut-offs where they set some; else with those that the period's own data suggest."""
        used = cuts or self.cuts()
        return self._ask(
            Kind.RFM, period or self.year(), lambda known, span: rfm.rfm(known.tickets, span, used), used
        )

    def moves(self, before: date, after: date) -> Answer[Migration | TooLittle]:
        """Who moved between the years that end on these days, by the same cut-offs; see ``windows``."""
        spans = self.windows(before, after)
        if isinstance(spans, TooLittle):
            return self._answer(Kind.MOVES, Period(min(before, after), after), spans)
        later = self.rfm(spans[1])
        if isinstance(later.value, TooLittle):
            return self._answer(Kind.MOVES, later.period, later.value)
        earlier = self.rfm(spans[0], later.value.cuts)
        if isinstance(earlier.value, TooLittle):
            return self._answer(Kind.MOVES, earlier.period, earlier.value)
        return self._answer(Kind.MOVES, later.period, rfm.migrate(earlier.value, later.value))

    def windows(self, before: date, after: date) -> tuple[Period, Period] | TooLittle:
        """The two windows that a move is between: a year each, or as many days as are known before the earlier day.

        A year that is half empty beside a full one would make everybody come more often than before.
        """
        assert before < after
        known = (before - self.everything().first).days + 1
        if known < WINDOW_DAYS_MIN:
            return TooLittle("days", max(0, known), WINDOW_DAYS_MIN)
        days = timedelta(days=min(YEAR_DAYS, known) - 1)
        return Period(before - days, before), Period(after - days, after)

    def lifecycle(
        self, period: Period | None = None, limits: SilenceLimits | None = None
    ) -> Answer[lifecycle.Lifecycle | TooLittle]:
        """A stage rests on the whole past: another period should only end earlier. ``limits`` keeps those of another answer."""
        return self._ask(
            Kind.LIFECYCLE,
            period or self.everything(),
            lambda known, span: lifecycle.lifecycle(known.tickets, span, limits=limits),
            limits,
        )

    def return_curve(self, period: Period | None = None) -> Answer[ReturnCurve | TooLittle]:
        """Of those silent for so many days, how many still came: what dormant and lost are read off."""
        return self._ask(
            Kind.LIFECYCLE,
            period or self.everything(),
            lambda known, span: lifecycle.return_curve(columns.visits(known.tickets, span), span),
            "curve",
        )

    def rhythm(self, period: Period | None = None) -> Answer[rhythm.Rhythm | TooLittle]:
        return self._ask(
            Kind.RHYTHM, period or self.year(), lambda known, span: rhythm.rhythm(known.tickets, span)
        )

    def churn(
        self, period: Period | None = None, horizon_days: int = churn.HORIZON_DAYS
    ) -> Answer[churn.Churn | TooLittle]:
        return self._ask(
            Kind.CHURN,
            period or self.year(),
            lambda known, span: churn.churn(known.tickets, span, horizon_days),
            horizon_days,
        )

    def value(
        self, period: Period | None = None, weeks: int = value.YEAR_WEEKS
    ) -> Answer[value.Value | TooLittle]:
        return self._ask(
            Kind.VALUE,
            period or self.everything(),
            lambda known, span: value.lifetime_value(known.tickets, span, weeks=weeks),
            weeks,
        )

    def coming(self, weeks: float, period: Period | None = None) -> Answer[bgnbd.Coming | TooLittle]:
        """How many visits BG/NBD expects of everyone in the coming weeks."""
        return self._ask(
            Kind.CHURN,
            period or self.everything(),
            lambda known, span: bgnbd.coming(columns.visits(known.tickets, span), span, weeks),
            weeks,
            "coming",
        )

    def spent_since_first(self, period: Period | None = None) -> SpentSinceFirst:
        """What really came of new members in their first year, beside the model."""
        return value.spent_since_first(self.columns().tickets, period or self.everything())

    def visit_model(self, period: Period | None = None) -> bgnbd.BgNbd | TooLittle:
        """The model of visits alone, for who wants to see its parameters."""
        found = columns.visits(self.columns().tickets, period or self.everything())
        span = period or self.everything()
        return bgnbd.fit_bgnbd(bgnbd.histories(found, span))

    def cohort(self, period: Period | None = None) -> Answer[cohort.Triangle | TooLittle]:
        return self._ask(
            Kind.COHORT, period or self.year(), lambda known, span: cohort.triangle(known.tickets, span)
        )

    def repurchase(self, period: Period | None = None) -> Answer[repurchase.Repurchase | TooLittle]:
        return self._ask(
            Kind.REPURCHASE,
            period or self.year(),
            lambda known, span: repurchase.repurchase(known.tickets, span),
        )

    def second_visits(self, period: Period | None = None) -> Answer[SecondVisits | TooLittle]:
        until = self.everything().last_day
        return self._ask(
            Kind.SECOND_VISITS,
            period or self.year(),
            lambda known, span: (
                repurchase.second_visits(known.tickets, span, known_until=until)
                if len(known.tickets)
                else TooLittle("members", 0, 1)
            ),
        )

    def concentration(self, period: Period | None = None) -> Answer[concentration.Concentration | TooLittle]:
        def ask(known: Columns, span: Period) -> concentration.Concentration | TooLittle:
            return concentration.concentration(rfm.measure(known.tickets, span).monetary, span)

        return self._ask(Kind.CONCENTRATION, period or self.year(), ask)

    # --- the shop -----------------------------------------------------------------------------------------------------

    def peaks(self, period: Period | None = None) -> Answer[peaks.Peaks | TooLittle]:
        def ask(known: Columns, span: Period) -> peaks.Peaks | TooLittle:
            every = known.all
            served = ((every.kind & SERVED) != 0) & ~every.is_voided
            return peaks.peaks(every.day[served], every.hour[served], every.net[served], span)

        return self._ask(Kind.PEAKS, period or self.year(), ask)

    def pairs(
        self, period: Period | None = None, progress: Progress = _no_progress
    ) -> Answer[pairs.Pairs | TooLittle]:
        return self._ask(
            Kind.PAIRS, period or self.year(), lambda _, span: pairs.pairs(self.lines(span, progress), span)
        )

    def forecast(
        self, period: Period | None = None, *, days: int = 7
    ) -> Answer[forecast.Forecast | TooLittle]:
        """Sales of each category for the coming days, in minor units. The day under way is left out: it is not over."""
        span = period or self.year()
        shift = self._session.shift
        if period is None and shift is not None and span.last >= shift.business_date > span.first:
            span = Period(span.first, shift.business_date - timedelta(days=1))

        def ask(known: Columns, span: Period) -> forecast.Forecast | TooLittle:
            matrix, _ = self.sales_by_category(span)
            return forecast.forecast(matrix, span, days=days)

        names = self.sales_by_category(span)[1]
        return self._ask(Kind.FORECAST, span, ask, days, names=names)

    def abc(self, period: Period | None = None, *, by_margin: bool = False) -> Answer[abc.Abc | TooLittle]:
        """By sales, or by margin where the goods have costs; then those without are left out."""

        def ask(_: Columns, span: Period) -> abc.Abc | TooLittle:
            sold = self._days.read((), items=(span.first, span.last)).items
            item, worth = sold.item.astype(np.int64), sold.net
            chosen = item > 0
            if by_margin:
                facts = self.items()
                cost = np.full(int(item.max(initial=0)) + 1, -1, dtype=np.int64)
                for number, one in facts.items():
                    if one.cost_minor is not None and number < len(cost):
                        cost[number] = one.cost_minor
                chosen &= cost[item] >= 0
                worth = worth - sold.quantity * cost[item] // 1000
            return abc.abc(item[chosen], sold.day[chosen], worth[chosen], sold.quantity[chosen], span)

        return self._ask(Kind.ABC, period or self.year(), ask, by_margin)

    def staff(self, period: Period | None = None) -> Answer[staff.StaffIndex | TooLittle]:
        """Sales per ticket against what the same hours usually bring. The names stand in the order of the codes."""
        span = period or self.year()
        seq, who, ids = self._source.operators(span.first, span.last)
        known_names = {one.id: one.name for one in self._store.people.operators()}

        def ask(known: Columns, span: Period) -> staff.StaffIndex | TooLittle:
            every = known.all
            chosen = ((every.kind & SERVED) != 0) & ~every.is_voided & np.isin(every.seq, seq)
            code = who[np.searchsorted(seq, every.seq[chosen])] if len(seq) else np.empty(0, dtype=np.int64)
            is_weekend = peaks.weekday_of(every.day[chosen]) >= 5
            return staff.staff_index(code, every.net[chosen], every.hour[chosen], is_weekend, span)

        return self._ask(Kind.STAFF, span, ask, names=tuple(known_names.get(one, "") for one in ids))

    # --- goods for a member -------------------------------------------------------------------------------------------

    def next_purchase(
        self, period: Period | None = None, progress: Progress = _no_progress
    ) -> recommend.NextPurchase | TooLittle:
        """Trained on the lines of a period; ask it with ``recommend.next_items`` and a member's number."""
        span = period or self.year()
        return recommend.train(self.lines(span, progress), span.last_day)

    def next(
        self, period: Period | None = None, progress: Progress = _no_progress
    ) -> Answer[NextGoods | TooLittle]:
        """What members buy again, what of it is due, and something new for each. Goods alone."""
        return self._ask(
            Kind.NEXT,
            period or self.year(),
            lambda _, span: next_goods.next_goods(self.lines(span, progress), span),
        )

    def categories_of_items(self) -> NDArray[np.int64]:
        """A code of its category for each item's number, as ``next_goods.for_member`` takes it."""
        facts = self.items()
        codes: dict[object, int] = {}
        found = np.zeros(max(facts, default=0) + 1, dtype=np.int64)
        for number, one in facts.items():
            found[number] = codes.setdefault(one.category_id, len(codes))
        return found

    def companions(
        self, period: Period | None = None, progress: Progress = _no_progress
    ) -> companions.Companions | TooLittle:
        """What lies in the same basket, for the till."""
        return companions.train(self.lines(period or self.year(), progress))

    def lines(self, span: Period, progress: Progress = _no_progress) -> Lines:
        """Every line sold in a period, with its member (-1: nobody known) and its day."""
        every = self.columns().all
        found = self._source.lines(span.first, span.last, progress)
        place = np.searchsorted(every.seq, found.seq)
        place = np.minimum(place, max(0, len(every.seq) - 1))
        known = every.seq[place] == found.seq if len(every.seq) else np.zeros(len(found), dtype=np.bool_)
        member = every.member[place[known]].astype(np.int64)
        return Lines(
            member, place[known].astype(np.int64), found.item[known], every.day[place[known]].astype(np.int64)
        )

    # --- the owner's cut-offs -----------------------------------------------------------------------------------------

    def cuts(self) -> Cuts | None:
        """The owner's, kept until they change them; None: suggested anew each time."""
        kept = self._store.desk.setting(CUTS)
        names = ("near_days", "often_visits", "high_net")
        if not isinstance(kept, Mapping) or not all(type(kept.get(name)) is int for name in names):
            return None
        return Cuts(*(int(kept[name]) for name in names))

    def set_cuts(self, cuts: Cuts | None, *, approval: Approval | None = None) -> None:
        """Keep these; None: suggest them from now on. Raises Refused("insight_cuts")."""
        self._session.permit(Right.SETTINGS, 1, approval)
        if cuts is not None and not (cuts.near_days >= 1 and cuts.often_visits >= 1 and cuts.high_net >= 0):
            raise Refused("insight_cuts")
        values = (
            None
            if cuts is None
            else {
                "near_days": cuts.near_days,
                "often_visits": cuts.often_visits,
                "high_net": cuts.high_net,
            }
        )
        event = AuditEvent("insight_cuts", self._session.operator_id, self._clock.now_ms(), values or {})
        with self._store.begin() as work:
            work.put_setting(CUTS, values)
            work.audit(event)
            work.commit()

    # --- inside -------------------------------------------------------------------------------------------------------

    def _ask(
        self,
        kind: Kind,
        period: Period,
        work_out: Callable[[Columns, Period], Any],
        *arguments: object,
        names: tuple[str, ...] = (),
    ) -> Answer[Any]:
        known = self.columns()
        key = (known.version, kind, period, arguments)
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key]
        answer = self._answer(kind, period, work_out(known, period), names)
        with self._lock:
            self._answers[key] = answer
            while len(self._answers) > ANSWERS_MAX:
                self._answers.popitem(last=False)
        return answer

    def _answer(self, kind: Kind, period: Period, found: Any, names: tuple[str, ...] = ()) -> Answer[Any]:
        return Answer(kind, period, found, self._clock.now_ms(), names)

    def sales_by_category(self, span: Period) -> tuple[NDArray[Any], tuple[str, ...]]:
        """(a row for each category and a column for each day, the names): by the topmost category, those without one last."""
        sold = self._days.read((), items=(span.first, span.last)).items
        facts, names = self.items(), self._source.categories()
        top: dict[str, int] = {}
        row_of = np.zeros(int(sold.item.max(initial=0)) + 1, dtype=np.int64)
        for number in np.unique(sold.item).tolist():
            one = facts.get(number)
            name = names.get(one.category_id, "") if one is not None and one.category_id else ""
            row_of[number] = top.setdefault(name, len(top))
        matrix = np.zeros((max(1, len(top)), span.days))
        np.add.at(matrix, (row_of[sold.item], sold.day - span.first_day), sold.net)
        return matrix, tuple(top) or ("",)


def _tickets_of(every: TicketColumns) -> columns.Tickets:
    """Members' tickets that stand. A void takes its sale's money back, so both of them go."""
    chosen = (every.member != NOBODY) & ~every.is_voided & ((every.kind & VOID) == 0)
    return columns.Tickets(
        every.member[chosen].astype(np.int64),
        every.day[chosen].astype(np.int64),
        every.net[chosen],
        every.is_visit[chosen],
    )


def _period_of(first: int, last: int) -> Period:
    return Period(date_of(first), date_of(last))
