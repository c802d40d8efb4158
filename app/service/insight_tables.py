"""An answer as a table: the figures that its page shows, as plain values with their units, for text, JSON and workbooks.

Members stand in a table by their id; a name or a number comes only into a call list, which is another thing (see call_list.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from app.i18n import t
from app.insight.abc import Abc, BySteadiness, ByWorth
from app.insight.churn import Churn
from app.insight.cohort import Triangle
from app.insight.concentration import Concentration
from app.insight.forecast import Forecast
from app.insight.lifecycle import BySilence, ByVisits, Lifecycle
from app.insight.next_goods import NextGoods
from app.insight.pairs import Pairs
from app.insight.peaks import Peaks
from app.insight.recommend import gap_of, members_of
from app.insight.repurchase import Repurchase, SecondVisits
from app.insight.rfm import Migration, Rfm, Segment
from app.insight.rhythm import Rhythm
from app.insight.staff import StaffIndex
from app.insight.value import Value
from app.insight.values import Estimate, TooLittle
from app.service.insight_desk import Answer, InsightDesk, Kind

ROWS_MAX: Final = 1_000
CURVE_DAYS: Final = (7, 14, 30, 60, 90, 180, 365)
WEEKDAYS: Final = 7


class Form(StrEnum):
    """What a column's values are."""

    TEXT = "text"
    COUNT = "count"
    MONEY = "money"  # minor units
    NUMBER = "number"
    SHARE = "share"  # of one
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Column:
    """``name`` is stable (JSON); its text is ``insight.column.<name>``."""

    name: str
    form: Form

    def label(self, language: str | None = None) -> str:
        return t(f"insight.column.{self.name}", language)


@dataclass(frozen=True, slots=True)
class InsightTable:
    """``facts`` are what stands above the rows: single figures with their names. ``little`` is there instead of both."""

    kind: Kind
    since: date
    until: date
    n: int
    facts: tuple[tuple[Column, Any], ...] = ()
    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[Any, ...], ...] = ()
    little: TooLittle | None = None


def table_of(desk: InsightDesk, answer: Answer[Any]) -> InsightTable:
    """Whatever was asked, as rows; at most ROWS_MAX of them."""
    kind, period, value = answer.kind, answer.period, answer.value
    if isinstance(value, TooLittle):
        return InsightTable(kind, period.first, period.last, value.n, little=value)
    facts, columns, rows = _MAKERS[kind](desk, answer)
    # Of a curve the first n is of everybody.
    n = int(value.n[0]) if isinstance(value, SecondVisits) else int(value.n)
    return InsightTable(kind, period.first, period.last, n, tuple(facts), columns, tuple(rows[:ROWS_MAX]))


Columns = tuple[Column, ...]
Made = tuple[Sequence[tuple[Column, Any]], tuple[Column, ...], list[tuple[Any, ...]]]


def _count(name: str) -> Column:
    return Column(name, Form.COUNT)


def _text(name: str) -> Column:
    return Column(name, Form.TEXT)


def _money(name: str) -> Column:
    return Column(name, Form.MONEY)


def _share(name: str) -> Column:
    return Column(name, Form.SHARE)


def _number(name: str) -> Column:
    return Column(name, Form.NUMBER)


def _sure(name: str, found: Estimate | TooLittle, make: Callable[[str], Column]) -> list[tuple[Column, Any]]:
    """An estimate with its interval; nothing where there is too little."""
    if isinstance(found, TooLittle):
        return [(make(name), None)]
    return [(make(name), found.value), (make("low"), found.low), (make("high"), found.high)]


def segment_text(segment: int, language: str | None = None) -> str:
    return t(f"owner_insight.segment.{Segment(segment).name.lower()}", language)


def _rfm(desk: InsightDesk, answer: Answer[Rfm]) -> Made:
    found = answer.value
    facts = [
        (_count("near_days"), found.cuts.near_days),
        (_count("often_visits"), found.cuts.often_visits),
        (_money("high_net"), found.cuts.high_net),
        (_count("turning"), found.due_to_turn_far),
    ]
    columns: Columns = (
        _text("segment"),
        _count("members"),
        _share("share"),
        _money("net"),
        _share("net_share"),
    )
    columns += (_number("recency_days"), _number("visits"))
    rows = [
        (
            segment_text(one.segment),
            one.members,
            one.members / found.n,
            one.net,
            one.net_share,
            one.mean_recency_days,
            one.mean_frequency,
        )
        for one in found.figures
    ]
    return facts, columns, rows


def _moves(desk: InsightDesk, answer: Answer[Migration]) -> Made:
    found = answer.value
    names = [segment_text(one) for one in Segment]
    names.append(t("insight.not_there"))
    rows = [
        (names[before], names[after], int(found.members[before, after]))
        for before in range(len(names))
        for after in range(len(names))
        if found.members[before, after]
    ]
    facts = _sure("stayed", found.stayed, _share)
    return facts, (_text("segment"), _text("segment_after"), _count("members")), rows


def _lifecycle(desk: InsightDesk, answer: Answer[Lifecycle]) -> Made:
    found = answer.value
    facts = [
        (_count("dormant_days"), found.limits.dormant_days),
        (_count("lost_days"), found.limits.lost_days),
        (_count("members_back"), int(found.is_back.sum())),
    ]
    rows = [
        (
            t(f"insight.stage.{visits.name.lower()}"),
            t(f"insight.silence.{silence.name.lower()}"),
            int(found.counts[visits, silence]),
        )
        for visits in ByVisits
        for silence in BySilence
    ]
    return facts, (_text("stage"), _text("silence"), _count("members")), rows


def _rhythm(desk: InsightDesk, answer: Answer[Rhythm]) -> Made:
    found = answer.value
    late = found.late().nonzero()[0]
    late = late[(-found.overdue[late]).argsort()]
    facts = [*_sure("shop_gap", found.shop_gap, _number), (_count("late_members"), len(late))]
    columns: Columns = (
        _text("member"),
        _count("visits"),
        _count("silent_days"),
        _number("own_gap"),
        _number("overdue"),
    )
    rows = [
        (
            _member(desk, found.member[place]),
            int(found.visit_count[place]),
            int(found.silent_days[place]),
            float(found.median_gap[place]),
            float(found.overdue[place]),
        )
        for place in late[:ROWS_MAX]
    ]
    return facts, columns, rows


def _churn(desk: InsightDesk, answer: Answer[Churn]) -> Made:
    found = answer.value
    facts = [(_count("horizon_days"), found.horizon_days)]
    facts += _sure("base_rate", found.base_rate, _share) + _sure("tested", found.tested, _number)
    columns: Columns = (_text("member"), _count("silent_days"), _number("overdue"))
    columns += (_share("risk"), _share("low"), _share("high"))
    has_risk = not isinstance(found.risk, TooLittle)
    rows = []
    for place in found.order[:ROWS_MAX]:
        risk: tuple[float | None, ...] = (None, None, None)
        if has_risk:
            risk = (float(found.risk[place]), float(found.low[place]), float(found.high[place]))  # type: ignore[index]
        silent, overdue = int(found.silent_days[place]), float(found.overdue[place])
        rows.append((_member(desk, found.member[place]), silent, overdue, *risk))
    return facts, columns, rows


def _value(desk: InsightDesk, answer: Answer[Value]) -> Made:
    found = answer.value
    facts = [(_count("weeks"), found.weeks), *_sure("newcomer", found.newcomer, _money)]
    columns: Columns = (_text("member"), _money("value"), _money("low"), _money("high"), _number("visits"))
    rows = [
        (
            _member(desk, found.member[place]),
            round(float(found.value[place])) if found.is_single[place] else None,
            round(float(found.low[place])),
            round(float(found.high[place])),
            float(found.visits[place]),
        )
        for place in (-found.value).argsort()[:ROWS_MAX]
    ]
    return facts, columns, rows


def _cohort(desk: InsightDesk, answer: Answer[Triangle]) -> Made:
    found = answer.value
    columns: Columns = (
        Column("month", Form.DATE),
        _count("later_month"),
        _count("members"),
        _count("came"),
        _share("rate"),
    )
    columns += (_share("low"), _share("high"))
    rows = []
    for row, month in enumerate(found.months):
        for later in range(len(found.months) - row):
            if found.is_complete[row, later] and found.size[row]:
                sure = found.cell(row, later)
                rate = (sure.value, sure.low, sure.high) if isinstance(sure, Estimate) else (None, None, None)
                rows.append((month, later, int(found.size[row]), int(found.active[row, later]), *rate))
    return (), columns, rows


def _repurchase(desk: InsightDesk, answer: Answer[Repurchase]) -> Made:
    found = answer.value
    facts = [(_count("buyers"), found.n), (_count("again"), found.again)]
    facts += _sure("rate", found.rate, _share) + _sure("gap_days", found.gap_days, _number)
    return facts, (), []


def _second_visits(desk: InsightDesk, answer: Answer[SecondVisits]) -> Made:
    found = answer.value
    rows = []
    for days in CURVE_DAYS:
        if days < len(found.n):
            sure = found.within(days)
            rate = (sure.value, sure.low, sure.high) if isinstance(sure, Estimate) else (None, None, None)
            rows.append((days, int(found.n[days]), *rate))
    return (), (_count("within_days"), _count("buyers"), _share("rate"), _share("low"), _share("high")), rows


def _concentration(desk: InsightDesk, answer: Answer[Concentration]) -> Made:
    found = answer.value
    facts = [(_count("top_members"), found.top_members), *_sure("top_share", found.top_share, _share)]
    facts += [
        (_share("members_for_80"), found.members_for_80),
        (_number("gini"), found.gini),
        (_money("net"), found.net),
    ]
    rows = [(place / 100, float(share)) for place, share in enumerate(found.curve) if place % 10 == 0]
    return facts, (_share("best_share"), _share("net_share")), rows


def _peaks(desk: InsightDesk, answer: Answer[Peaks]) -> Made:
    found = answer.value
    columns: Columns = (
        _text("weekday"),
        _count("hour"),
        _number("tickets"),
        _number("half"),
        _money("net"),
        _count("open_days"),
    )
    rows = [
        (
            t(f"summary.weekday.{weekday}"),
            hour,
            float(found.tickets[weekday, hour]),
            float(found.tickets_half[weekday, hour]),
            round(float(found.net[weekday, hour])),
            int(found.open_days[weekday]),
        )
        for weekday in range(WEEKDAYS)
        for hour in range(found.tickets.shape[1])
        if found.is_known[weekday] and found.tickets[weekday, hour] > 0
    ]
    return (), columns, rows


def _pairs(desk: InsightDesk, answer: Answer[Pairs]) -> Made:
    found, items = answer.value, desk.items()
    columns: Columns = (
        _text("item"),
        _text("other"),
        _count("together"),
        _share("confidence"),
        _number("lift"),
    )
    columns += (_number("low"), _number("high"))
    rows = [
        (
            _item(items, found.item[place]),
            _item(items, found.other[place]),
            int(found.together[place]),
            float(found.confidence[place]),
            float(found.lift[place]),
            float(found.lift_low[place]),
            float(found.lift_high[place]),
        )
        for place in range(len(found))
    ]
    return ((_count("together_min"), found.together_min),), columns, rows


def _forecast(desk: InsightDesk, answer: Answer[Forecast]) -> Made:
    found = answer.value
    facts = [(Column("from", Form.DATE), found.first), *_sure("total", found.grand_total, _money)]
    columns: Columns = (_text("category"), _money("total"), _money("low"), _money("high"), _share("missed"))
    rows = [
        (
            answer.names[place] or t("insight.no_category"),
            round(total.value),
            round(total.low),
            round(total.high),
            None if found.missed[place] != found.missed[place] else float(found.missed[place]),
        )
        for place, total in enumerate(found.total)
    ]
    return facts, columns, rows


def _abc(desk: InsightDesk, answer: Answer[Abc]) -> Made:
    found, items = answer.value, desk.items()
    columns: Columns = (
        _text("item"),
        _text("class"),
        _text("steadiness"),
        _money("net"),
        _share("share_before"),
    )
    columns += (_text("near_edge"),)
    rows = [
        (
            _item(items, found.item[place]),
            ByWorth(int(found.by_worth[place])).name,
            BySteadiness(int(found.by_steadiness[place])).name,
            int(found.worth[place]),
            float(found.share_before[place]),
            t("insight.yes") if found.is_near_edge[place] else "",
        )
        for place in range(min(len(found.item), ROWS_MAX))
    ]
    return (), columns, rows


def _staff(desk: InsightDesk, answer: Answer[StaffIndex]) -> Made:
    found = answer.value
    columns: Columns = (
        _text("name"),
        _count("tickets"),
        _number("index"),
        _number("low"),
        _number("high"),
        _number("raw"),
    )
    rows = []
    for place, code in enumerate(found.operator.tolist()):
        is_known = bool(found.is_known[place])
        figures = (found.index[place], found.low[place], found.high[place], found.raw[place])
        shown = tuple(float(one) if is_known else None for one in figures)
        rows.append(
            (answer.names[code] if code < len(answer.names) else "", int(found.tickets[place]), *shown)
        )
    return (), columns, rows


def _next(desk: InsightDesk, answer: Answer[NextGoods]) -> Made:
    found, items = answer.value, desk.items()
    model = found.own
    facts = [(_count("due_members"), len(found.due_members()))]
    columns: Columns = (_text("member"), _text("item"), _count("times"), _number("item_gap"))
    columns += (_count("item_days"),)
    whose = members_of(model, found.due)
    rows = [
        (
            _member(desk, member),
            _item(items, model.item[row]),
            int(model.bought[row]),
            gap_of(model, row),
            model.last_day - int(model.bought_on[row]),
        )
        for member, row in zip(whose[:ROWS_MAX].tolist(), found.due[:ROWS_MAX].tolist(), strict=True)
    ]
    return facts, columns, rows


_MAKERS: Final[dict[Kind, Callable[[InsightDesk, Answer[Any]], Made]]] = {
    Kind.RFM: _rfm,
    Kind.MOVES: _moves,
    Kind.LIFECYCLE: _lifecycle,
    Kind.RHYTHM: _rhythm,
    Kind.CHURN: _churn,
    Kind.VALUE: _value,
    Kind.COHORT: _cohort,
    Kind.REPURCHASE: _repurchase,
    Kind.SECOND_VISITS: _second_visits,
    Kind.CONCENTRATION: _concentration,
    Kind.PEAKS: _peaks,
    Kind.PAIRS: _pairs,
    Kind.FORECAST: _forecast,
    Kind.ABC: _abc,
    Kind.STAFF: _staff,
    Kind.NEXT: _next,
}


def _member(desk: InsightDesk, number: Any) -> str:
    known = desk.members().get(int(number))
    return "" if known is None else known.id.hex


def _item(items: Any, number: Any) -> str:
    known = items.get(int(number))
    return t("summary.unknown_item") if known is None else str(known.name)
