"""What can be asked of every member, a row each, and which members a condition holds for.

A column is read or worked out when a condition first asks for it, and kept for as long as the books stand as they are. What is not known
of a member fulfils no condition, not even one that is turned round.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np

from app.domain.birthday import birthday_of
from app.insight.columns import visits
from app.insight.lifecycle import BySilence, ByVisits
from app.insight.rfm import Segment as RfmSegment
from app.insight.tags import (
    DAY_PARTS,
    FAVOURITE_SHARE_MIN,
    FAVOURITE_VISITS_MIN,
    TIME_SHARE_MIN,
    TIME_VISITS_MIN,
    day_part,
)
from app.insight.values import Period, TooLittle, day_number
from app.service.segment_values import (
    CATEGORY,
    ITEM,
    NUMBERS,
    RELATIVE_MONTHS,
    WINDOW_DAYS,
    Condition,
    Field,
    Group,
    MemberSegment,
    Part,
)
from app.service.summary_ports import NOBODY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from app.domain.ids import MemberId
    from app.insight.columns import Lines
    from app.service.insight_desk import InsightDesk
    from app.service.insight_ports import MemberFacts
    from app.service.ports import Category

Bools: TypeAlias = "NDArray[np.bool_]"
Check = Callable[[], None]
"""Called on the way; raises Cancelled when nobody wants the answer any more."""
NOT_KNOWN: Final = -1
ANSWERS_MAX: Final = 24

CODES: Final[Mapping[Field, tuple[str, ...]]] = {
    Field.RFM: tuple(one.name.lower() for one in RfmSegment),
    Field.STAGE: tuple(one.name.lower() for one in ByVisits),
    Field.SILENCE: tuple(one.name.lower() for one in BySilence),
    Field.TIME_OF_DAY: tuple(dict.fromkeys(name for name, _ in DAY_PARTS)),
}


class BoughtLines:
    """What was sold to whom, read once for as long as no ticket comes: of everything that is asked for, reading it takes longest."""

    def __init__(self, insight: InsightDesk) -> None:
        self._insight = insight
        self._kept: tuple[tuple[object, ...], Period, Lines] | None = None

    def within(self, window: Period, check: Check) -> Lines:
        every = self._insight.columns().all
        last = int(every.seq[-1]) if len(every) else 0
        mark = (len(every), last, int(every.is_voided.sum()), self._insight.version()[1:])
        kept = self._kept
        if kept is None or kept[0] != mark or kept[1].last != window.last or kept[1].first > window.first:
            lines = self._insight.lines(window, lambda _done, _total: check())
            self._kept = kept = (mark, window, lines)
        return kept[2]


class MemberTable:
    """One state of the books. ``number`` is sorted; ``facts`` stand beside it. ``lines`` may outlive it."""

    def __init__(
        self,
        insight: InsightDesk,
        today: date,
        categories: Callable[[], tuple[Category, ...]],
        lines: BoughtLines,
    ) -> None:
        self.version = insight.version()
        self.today = today
        self._insight = insight
        self._categories = categories
        files = insight.members()
        self.number: NDArray[Any] = np.array(sorted(files), dtype=np.int64)
        self.facts: tuple[MemberFacts, ...] = tuple(files[one] for one in self.number.tolist())
        self._numbers: dict[tuple[Field, int], NDArray[Any]] = {}
        self._codes: dict[Field, NDArray[Any]] = {}
        self._lines = lines
        self._favourite: tuple[tuple[str, ...], NDArray[Any]] | None = None
        self._born: NDArray[Any] | None = None
        self._answers: OrderedDict[Condition, tuple[Bools, Bools]] = OrderedDict()

    def __len__(self) -> int:
        return len(self.number)

    # --- who is in it -------------------------------------------------------------------------------------------------

    def chosen(self, segment: MemberSegment, check: Check) -> Bools:
        """A row for each member: whether they are in it."""
        return self._joined([self.holds(part, check) for part in segment.parts], segment.is_any)

    def members(self, segment: MemberSegment, check: Check) -> frozenset[MemberId]:
        rows = np.flatnonzero(self.chosen(segment, check)).tolist()
        return frozenset(self.facts[place].id for place in rows)

    def holds(self, part: Part, check: Check) -> Bools:
        """The same for one part of a segment."""
        check()
        if not isinstance(part, Group):
            held, known = self._asked(part, check)
            return known & ~held if part.is_not else held
        found = self._joined([self.holds(one, check) for one in part.conditions], part.is_any)
        return ~found if part.is_not else found

    def is_known(self, condition: Condition, check: Check) -> bool:
        """Whether this can be told of anybody at all."""
        return bool(self._asked(condition, check)[1].any())

    def column(self, field: Field, days: int = WINDOW_DAYS, check: Check = lambda: None) -> NDArray[Any]:
        """Of a number: a row for each member, NaN where it is not known."""
        key = (field, days)
        if key not in self._numbers:
            check()
            self._numbers |= self._measured(field, days)
        return self._numbers[key]

    # --- inside -------------------------------------------------------------------------------------------------------

    def _joined(self, columns: list[Bools], is_any: bool) -> Bools:
        joined: Bools = (np.logical_or if is_any else np.logical_and).reduce(columns)
        return joined

    def _asked(self, condition: Condition, check: Check) -> tuple[Bools, Bools]:
        """(the answer is yes, the answer is known), before it is turned round. While one condition is changed the others are kept."""
        asked = replace(condition, is_not=False)
        if asked in self._answers:
            self._answers.move_to_end(asked)
        else:
            self._answers[asked] = self._answer(asked, check)
            while len(self._answers) > ANSWERS_MAX:
                self._answers.popitem(last=False)
        return self._answers[asked]

    def _answer(self, condition: Condition, check: Check) -> tuple[Bools, Bools]:
        field, words = condition.field, condition.words
        if field in NUMBERS:
            value = self.column(field, condition.days, check)
            known = ~np.isnan(value)
            least = -np.inf if condition.least is None else condition.least
            most = np.inf if condition.most is None else condition.most
            with np.errstate(invalid="ignore"):
                held: Bools = known & (value >= least) & (value <= most)
            return held, known
        everybody: Bools = np.ones(len(self), dtype=np.bool_)
        if field in CODES:
            codes = self._placed(field, check)
            wanted = [code for code, name in enumerate(CODES[field]) if name in words]
            return np.isin(codes, wanted), codes != NOT_KNOWN
        if field is Field.FAVOURITE:
            names, codes = self._favourites(check)
            wanted = [code for code, name in enumerate(names) if name in words]
            return np.isin(codes, wanted), codes != NOT_KNOWN
        if field is Field.BOUGHT:
            return self._bought(words, condition.days, check), everybody
        if field is Field.BIRTHDAY_MONTH:
            months = {int(one) for one in words if one.isascii() and one.isdigit()} | self._relative(words)
            born = self._birth_months()
            return np.isin(born, sorted(months)), born != 0
        ask = _OF_FILE[field]
        held = np.fromiter((ask(one, words) for one in self.facts), np.bool_, len(self))
        if field is Field.GENDER:
            return held, np.fromiter((one.gender != "" for one in self.facts), np.bool_, len(self))
        return held, everybody

    def _birth_months(self) -> NDArray[Any]:
        """0 where nobody knows."""
        if self._born is None:
            self._born = np.fromiter((_birth_month(one) for one in self.facts), np.int64, len(self))
        return self._born

    def _relative(self, words: frozenset[str]) -> set[int]:
        next_month = (self.today.replace(day=1) + timedelta(days=31)).month
        months = {"this": self.today.month, "next": next_month}
        return {months[one] for one in words & RELATIVE_MONTHS}

    def _size(self) -> int:
        return int(self.number.max(initial=-1)) + 1

    def _window(self, days: int) -> Period:
        """So many days up to today; a clock that went back leaves no ticket out."""
        last = max(self.today, self._insight.year().last)
        return Period(last - timedelta(days=days - 1), last)

    def _measured(self, field: Field, days: int) -> dict[tuple[Field, int], NDArray[Any]]:
        match field:
            case Field.VISITS | Field.SPENT | Field.AVERAGE:
                found = self._habits(days)
            case Field.SILENT_DAYS:
                ever = visits(self._insight.columns().tickets)
                silent = self._window(1).last_day - ever.day[ever.is_last]
                found = {field: self._spread(ever.member[ever.is_last], silent)}
            case Field.OVERDUE:
                found = {field: self._overdue()}
            case Field.RISK:
                found = {field: self._risk()}
            case _:
                ask = _age if field is Field.AGE else _joined_days
                value = np.fromiter((ask(one, self.today) for one in self.facts), np.float64, len(self))
                return {(field, days): value}
        return {(name, days): column[self.number] for name, column in found.items()}

    def _habits(self, days: int) -> dict[Field, NDArray[Any]]:
        """By number. Whoever did not come within the days came no times and spent nothing."""
        size = self._size()
        within = self._insight.columns().tickets.within(self._window(days))
        came = visits(within)
        times = np.bincount(came.member, minlength=size)[:size].astype(np.float64)
        spent = np.bincount(within.member, weights=within.net, minlength=size)[:size].astype(np.float64)
        average = np.full(size, np.nan)
        bought = times > 0
        average[bought] = spent[bought] / times[bought]
        return {Field.VISITS: times, Field.SPENT: spent, Field.AVERAGE: average}

    def _overdue(self) -> NDArray[Any]:
        rhythm = self._insight.rhythm().value
        if isinstance(rhythm, TooLittle):
            return np.full(self._size(), np.nan)
        own = ~np.isnan(rhythm.median_gap)
        return self._spread(rhythm.member[own], 100 * rhythm.overdue[own])

    def _risk(self) -> NDArray[Any]:
        churn = self._insight.churn().value
        if isinstance(churn, TooLittle) or isinstance(churn.risk, TooLittle):
            return np.full(self._size(), np.nan)
        return self._spread(churn.member, 100 * churn.risk)

    def _placed(self, field: Field, check: Check) -> NDArray[Any]:
        """The codes of a field, as CODES has them."""
        if field not in self._codes:
            check()
            self._codes |= {name: codes[self.number] for name, codes in self._places(field).items()}
        return self._codes[field]

    def _places(self, field: Field) -> dict[Field, NDArray[Any]]:
        match field:
            case Field.RFM:
                rfm = self._insight.rfm().value
                if isinstance(rfm, TooLittle):
                    return {field: self._spread_codes((), ())}
                return {field: self._spread_codes(rfm.measures.member, rfm.segment)}
            case Field.TIME_OF_DAY:
                return {field: self._parts_of_day()}
            case _:
                life = self._insight.lifecycle().value
                if isinstance(life, TooLittle):
                    return {one: self._spread_codes((), ()) for one in (Field.STAGE, Field.SILENCE)}
                return {
                    Field.STAGE: self._spread_codes(life.member, life.by_visits),
                    Field.SILENCE: self._spread_codes(life.member, life.by_silence),
                }

    def _parts_of_day(self) -> NDArray[Any]:
        """The part of the day with most of a member's visits in the year; a visit counts by its first hour."""
        every, year = self._insight.columns().all, self._insight.year()
        names = CODES[Field.TIME_OF_DAY]
        part_of = np.array([names.index(day_part(hour)) for hour in range(24)])
        chosen = (every.member != NOBODY) & every.is_visit
        chosen &= (every.day >= year.first_day) & (every.day <= year.last_day)
        member, day, hour = (
            column[chosen].astype(np.int64) for column in (every.member, every.day, every.hour)
        )
        order = np.lexsort((hour, day, member))
        member, day, hour = member[order], day[order], hour[order]
        first = np.ones(len(member), dtype=np.bool_)
        first[1:] = (member[1:] != member[:-1]) | (day[1:] != day[:-1])
        size = max(self._size(), int(member.max(initial=-1)) + 1)
        place = member[first] * len(names) + part_of[hour[first]]
        counts = np.bincount(place, minlength=size * len(names)).reshape(-1, len(names))[: self._size()]
        total, best = counts.sum(axis=1), counts.argmax(axis=1)
        enough = total >= TIME_VISITS_MIN
        codes = np.where(enough & (counts.max(axis=1) >= TIME_SHARE_MIN * total), best, NOT_KNOWN)
        return codes.astype(np.int64)

    def _favourites(self, check: Check) -> tuple[tuple[str, ...], NDArray[Any]]:
        """(the topmost categories, everybody's by its place among them): most of what they bought in the year, on several days."""
        if self._favourite is None:
            tops = self._insight.top_categories()
            names = tuple(dict.fromkeys(tops.values()))
            items = self._insight.items()
            category = np.full(max(items, default=0) + 1, NOT_KNOWN, dtype=np.int64)
            for number, one in items.items():
                if one.category_id is not None and (top := tops.get(one.category_id)) is not None:
                    category[number] = names.index(top)
            lines = self._lines.within(self._window(WINDOW_DAYS), check)
            chosen = (lines.member >= 0) & (lines.day >= self._window(WINDOW_DAYS).first_day)
            member, bought, day = lines.member[chosen], category[lines.item[chosen]], lines.day[chosen]
            self._favourite = (names, _favourite_codes(member, bought, day, self._size(), len(names)))
        names, codes = self._favourite
        return names, codes[self.number]

    def _bought(self, words: frozenset[str], days: int, check: Check) -> Bools:
        """Whoever bought one of these within the days."""
        below = self._with_those_below(
            {one.removeprefix(CATEGORY) for one in words if one.startswith(CATEGORY)}
        )
        items = {one.removeprefix(ITEM) for one in words if one.startswith(ITEM)}
        wanted = [
            number
            for number, one in self._insight.items().items()
            if one.id.hex in items or (one.category_id is not None and one.category_id.hex in below)
        ]
        span = self._window(days)
        lines = self._lines.within(self._window(max(days, WINDOW_DAYS)), check)
        chosen = np.isin(lines.item, wanted) & (lines.member >= 0) & (lines.day >= span.first_day)
        return np.isin(self.number, np.unique(lines.member[chosen]))

    def _with_those_below(self, wanted: set[str]) -> set[str]:
        above = {one.id.hex: one.parent_id.hex if one.parent_id else "" for one in self._categories()}
        found = set()
        for own in above:
            at, seen = own, set[str]()
            while at and at not in seen:
                seen.add(at)
                if at in wanted:
                    found.add(own)
                    break
                at = above.get(at, "")
        return found

    def _spread(self, member: Any, value: Any) -> NDArray[Any]:
        """By number; a file that was erased or merged away has no row."""
        column = np.full(self._size(), np.nan)
        member, value = np.asarray(member), np.asarray(value)
        known = member < len(column)
        column[member[known]] = value[known]
        return column

    def _spread_codes(self, member: Any, code: Any) -> NDArray[Any]:
        column = np.full(self._size(), NOT_KNOWN, dtype=np.int64)
        member, code = np.asarray(member, dtype=np.int64), np.asarray(code, dtype=np.int64)
        known = member < len(column)
        column[member[known]] = code[known]
        return column


def _favourite_codes(
    member: NDArray[Any], category: NDArray[Any], day: NDArray[Any], size: int, categories: int
) -> NDArray[Any]:
    """By number: the category with most lines, where they are a share of all and lie on enough days; as :mod:`app.insight.tags` has it."""
    known = (category != NOT_KNOWN) & (member < size)
    cell = member[known] * categories + category[known]
    shape = (size, max(1, categories))
    lines = np.bincount(cell, minlength=shape[0] * shape[1]).reshape(shape)
    visited = np.unique(np.stack([cell, day[known]]), axis=1)[0] if len(cell) else cell
    days = np.bincount(visited, minlength=shape[0] * shape[1]).reshape(shape)
    of_all = np.bincount(member[member < size], minlength=size)
    best = lines.argmax(axis=1)
    row = np.arange(size)
    is_one = (days[row, best] >= FAVOURITE_VISITS_MIN) & (lines[row, best] >= FAVOURITE_SHARE_MIN * of_all)
    return np.where(is_one & (lines[row, best] > 0), best, NOT_KNOWN)


def _birth_month(facts: MemberFacts) -> int:
    """0 where nobody knows."""
    birthday = birthday_of(facts.birthday) if facts.birthday else None
    return 0 if birthday is None else birthday.month


def _age(facts: MemberFacts, today: date) -> float:
    """Whole years; a birthday of the moon's calendar is taken for one of the sun's, which is some weeks off."""
    birthday = birthday_of(facts.birthday) if facts.birthday else None
    if birthday is None or birthday.year is None:
        return float("nan")
    return today.year - birthday.year - ((today.month, today.day) < (birthday.month, birthday.day))


def _joined_days(facts: MemberFacts, today: date) -> float:
    return float("nan") if facts.joined_on is None else day_number(today) - day_number(facts.joined_on)


_OF_FILE: Final[dict[Field, Callable[[Any, frozenset[str]], bool]]] = {
    Field.TIER: lambda facts, words: facts.tier in words,
    Field.GENDER: lambda facts, words: facts.gender in words,
    Field.TAG: lambda facts, words: not words.isdisjoint(facts.tags),
    Field.CONSENT: lambda facts, words: ("yes" if facts.has_consent else "no") in words,
}
