"""Segments: conditions over members, as a value that is saved, counted live, listed and used by campaigns.

A segment is rules, never a list: who is in it is worked out from the member table of today. A campaign therefore keeps who was in it on the
day it was sent, and never looks it up again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from app.domain.authority import Approval, Right
from app.domain.birthday import birthday_of
from app.domain.errors import Refused
from app.insight.columns import visits
from app.insight.lifecycle import BySilence, ByVisits
from app.insight.rfm import Segment as RfmSegment
from app.insight.values import Period, TooLittle, day_number
from app.service.insight_desk import InsightDesk
from app.service.ports import AuditEvent, Clock, IdSource, Store
from app.service.session import Session

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from app.domain.ids import MemberId
    from app.service.insight_ports import MemberFacts

SEGMENTS: Final = "insight.segments"
SEGMENTS_MAX: Final = 100
CONDITIONS_MAX: Final = 20
NAME_CHARACTERS_MAX: Final = 40
FORMAT: Final = 1


class Field(StrEnum):
    """What a condition asks of a member. Texts: ``segments.field.<field>``."""

    # of the file: words
    TIER = "tier"
    GENDER = "gender"
    TAG = "tag"
    BIRTHDAY_MONTH = "birthday_month"  # the month as the file has it, of the moon's calendar where it says so
    CONSENT = "consent"  # "yes", "no"
    # of the analyses: words
    RFM = "rfm"  # key_value … plain_win_back
    STAGE = "stage"  # new, returning, regular
    SILENCE = "silence"  # active, dormant, lost
    # numbers
    JOINED_DAYS = "joined_days"  # how many days ago
    VISITS = "visits"  # days with a purchase in the last year
    SPENT = "spent"  # minor units in the last year
    AVERAGE = "average"  # minor units a visit, in the last year
    SILENT_DAYS = "silent_days"  # since the last visit
    OVERDUE = "overdue"  # percent of the usual days between visits
    RISK = "risk"  # percent, of staying away for the next thirty days
    # goods in the last year
    BOUGHT_ITEM = "bought_item"  # item ids in hex
    BOUGHT_CATEGORY = "bought_category"  # names of topmost categories


WORDS: Final = frozenset(
    (
        Field.TIER,
        Field.GENDER,
        Field.TAG,
        Field.BIRTHDAY_MONTH,
        Field.CONSENT,
        Field.RFM,
        Field.STAGE,
        Field.SILENCE,
        Field.BOUGHT_ITEM,
        Field.BOUGHT_CATEGORY,
    )
)
NUMBERS: Final = frozenset(Field) - WORDS


@dataclass(frozen=True, slots=True)
class Condition:
    """One question. Of words: one of ``words`` (``is_not``: none of them). Of a number: from ``least`` to ``most``, both included."""

    field: Field
    words: frozenset[str] = frozenset()
    least: int | None = None
    most: int | None = None
    is_not: bool = False

    def __post_init__(self) -> None:
        if self.field in WORDS:
            assert self.words
            assert self.least is None
            assert self.most is None
        else:
            assert not self.words
            assert self.least is not None or self.most is not None
            assert self.least is None or self.most is None or self.least <= self.most


@dataclass(frozen=True, slots=True)
class MemberSegment:
    """All of its conditions hold; with ``is_any`` one of them is enough. ``id`` is empty until it is saved."""

    name: str
    conditions: tuple[Condition, ...]
    is_any: bool = False
    id: str = ""

    def __post_init__(self) -> None:
        assert 1 <= len(self.conditions) <= CONDITIONS_MAX


def segment_to_plain(segment: MemberSegment) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "id": segment.id,
        "name": segment.name,
        "any": segment.is_any,
        "conditions": [_condition_to_plain(one) for one in segment.conditions],
    }


def segment_from_plain(plain: Any) -> MemberSegment:
    """The segment that ``segment_to_plain`` wrote. Raises Refused("segment_damaged")."""
    try:
        assert plain["format"] == FORMAT
        conditions = tuple(_condition_from_plain(one) for one in plain["conditions"])
        return MemberSegment(str(plain["name"]), conditions, bool(plain["any"]), str(plain["id"]))
    except (KeyError, TypeError, ValueError, AttributeError, AssertionError) as error:
        raise Refused("segment_damaged") from error


def _condition_to_plain(condition: Condition) -> dict[str, Any]:
    plain: dict[str, Any] = {"field": condition.field.value}
    if condition.words:
        plain["words"] = sorted(condition.words)
    if condition.least is not None:
        plain["least"] = condition.least
    if condition.most is not None:
        plain["most"] = condition.most
    if condition.is_not:
        plain["not"] = True
    return plain


def _condition_from_plain(plain: Mapping[str, Any]) -> Condition:
    numbers = [plain.get(name) for name in ("least", "most")]
    assert all(one is None or type(one) is int for one in numbers)
    words = frozenset(str(one) for one in plain.get("words", ()))
    return Condition(Field(plain["field"]), words, numbers[0], numbers[1], bool(plain.get("not", False)))


@dataclass(frozen=True, slots=True, eq=False)
class MemberTable:
    """What can be asked of every member, a row each, sorted by number. Numbers that are not known are NaN: no condition on them holds."""

    version: tuple[int, ...]
    number: NDArray[Any]
    facts: tuple[MemberFacts, ...]
    numbers: Mapping[Field, NDArray[Any]]
    words: Mapping[Field, NDArray[Any]]  # codes of RFM, stage and silence; -1: not known

    def __len__(self) -> int:
        return len(self.number)


class SegmentDesk:
    """Counting is quick once the table is there; the first time, and after every change of the books, it takes a while."""

    def __init__(
        self, store: Store, session: Session, clock: Clock, ids: IdSource, insight: InsightDesk
    ) -> None:
        self._store = store
        self._session = session
        self._clock = clock
        self._ids = ids
        self._insight = insight
        self._table: MemberTable | None = None

    # --- who is in it -------------------------------------------------------------------------------------------------

    def count(self, segment: MemberSegment) -> int:
        """How many members are in it now."""
        return int(self._chosen(self.table(), segment).sum())

    def numbers(self, segment: MemberSegment) -> NDArray[Any]:
        """The members' numbers, sorted."""
        table = self.table()
        found: NDArray[Any] = table.number[self._chosen(table, segment)]
        return found

    def members(self, segment: MemberSegment, *, willing_only: bool = False) -> tuple[MemberId, ...]:
        """``willing_only``: those who agreed to be contacted."""
        table = self.table()
        chosen = self._chosen(table, segment).nonzero()[0].tolist()
        facts = (table.facts[place] for place in chosen)
        return tuple(one.id for one in facts if one.has_consent or not willing_only)

    def table(self) -> MemberTable:
        self._session.permit(Right.REPORTS, 1)
        version = self._insight.version()
        if self._table is None or self._table.version != version:
            self._table = _table(self._insight, version, self._today())
        return self._table

    # --- kept segments ------------------------------------------------------------------------------------------------

    def saved(self) -> tuple[MemberSegment, ...]:
        """By name; a damaged one is left out."""
        kept = self._store.desk.setting(SEGMENTS)
        found = []
        for plain in kept if isinstance(kept, list) else ():
            try:
                found.append(segment_from_plain(plain))
            except Refused:
                continue
        return tuple(sorted(found, key=lambda one: one.name))

    def save(self, segment: MemberSegment, *, approval: Approval | None = None) -> MemberSegment:
        """Add it, or change the one of its id. Raises Refused: "segment_name", "segment_name_taken", "segments_too_many"."""
        name = segment.name.strip()[:NAME_CHARACTERS_MAX]
        if not name:
            raise Refused("segment_name")
        others = [one for one in self.saved() if one.id != segment.id]
        if any(one.name == name for one in others):
            raise Refused("segment_name_taken", name=name)
        if len(others) >= SEGMENTS_MAX:
            raise Refused("segments_too_many", most=SEGMENTS_MAX)
        saved = replace(segment, name=name, id=segment.id or self._ids().hex)
        self._write((*others, saved), "segment_saved", name, approval)
        return saved

    def drop(self, segment_id: str, *, approval: Approval | None = None) -> None:
        kept = [one for one in self.saved() if one.id != segment_id]
        self._write(kept, "segment_dropped", segment_id, approval)

    def _write(
        self, segments: Sequence[MemberSegment], kind: str, name: str, approval: Approval | None
    ) -> None:
        self._session.permit(Right.SETTINGS, 1, approval)
        event = AuditEvent(kind, self._session.operator_id, self._clock.now_ms(), {"segment": name})
        with self._store.begin() as work:
            work.put_setting(SEGMENTS, [segment_to_plain(one) for one in segments])
            work.audit(event)
            work.commit()

    # --- inside -------------------------------------------------------------------------------------------------------

    def _chosen(self, table: MemberTable, segment: MemberSegment) -> NDArray[Any]:
        columns = [self._holds(table, one) for one in segment.conditions]
        join = np.logical_or if segment.is_any else np.logical_and
        chosen: NDArray[Any] = join.reduce(columns)
        return chosen

    def _holds(self, table: MemberTable, condition: Condition) -> NDArray[Any]:
        if condition.field in NUMBERS:
            value = table.numbers[condition.field]
            is_known = ~np.isnan(value)
            within = is_known.copy()
            if condition.least is not None:
                within &= np.where(is_known, value, -np.inf) >= condition.least
            if condition.most is not None:
                within &= np.where(is_known, value, np.inf) <= condition.most
            answer: NDArray[Any] = is_known & ~within if condition.is_not else within
            return answer
        held = self._has_word(table, condition)
        return ~held if condition.is_not else held

    def _has_word(self, table: MemberTable, condition: Condition) -> NDArray[Any]:
        words = condition.words
        match condition.field:
            case Field.RFM | Field.STAGE | Field.SILENCE:
                names = _CODES[condition.field]
                codes = [code for code, name in enumerate(names) if name in words]
                return np.isin(table.words[condition.field], codes)
            case Field.BOUGHT_ITEM:
                items = {number for number, one in self._insight.items().items() if one.id.hex in words}
                return self._bought(table, items)
            case Field.BOUGHT_CATEGORY:
                names_of = self._store.insight.categories()
                items = {
                    number
                    for number, one in self._insight.items().items()
                    if one.category_id is not None and names_of.get(one.category_id) in words
                }
                return self._bought(table, items)
            case _:
                ask = _OF_FILE[condition.field]
                return np.fromiter((ask(one, words) for one in table.facts), np.bool_, len(table))

    def _bought(self, table: MemberTable, items: set[int]) -> NDArray[Any]:
        """Whoever bought one of these in the last year."""
        lines = self._insight.lines(self._insight.year())
        buyers = lines.member[np.isin(lines.item, sorted(items)) & (lines.member >= 0)]
        return np.isin(table.number, np.unique(buyers))

    def _today(self) -> date:
        shift = self._session.shift
        return shift.business_date if shift is not None else self._clock.local().date()


def _birthday_month(facts: MemberFacts) -> str:
    birthday = birthday_of(facts.birthday) if facts.birthday else None
    return "" if birthday is None else str(birthday.month)


_OF_FILE: Final[dict[Field, Callable[[Any, frozenset[str]], bool]]] = {
    Field.TIER: lambda facts, words: facts.tier in words,
    Field.GENDER: lambda facts, words: facts.gender in words,
    Field.TAG: lambda facts, words: not words.isdisjoint(facts.tags),
    Field.BIRTHDAY_MONTH: lambda facts, words: _birthday_month(facts) in words,
    Field.CONSENT: lambda facts, words: ("yes" if facts.has_consent else "no") in words,
}
_CODES: Final[dict[Field, tuple[str, ...]]] = {
    Field.RFM: tuple(one.name.lower() for one in RfmSegment),
    Field.STAGE: tuple(one.name.lower() for one in ByVisits),
    Field.SILENCE: tuple(one.name.lower() for one in BySilence),
}


def _table(insight: InsightDesk, version: tuple[int, ...], today: date) -> MemberTable:
    files = insight.members()
    number = np.array(sorted(files), dtype=np.int64)
    facts = tuple(files[one] for one in number.tolist())
    year = insight.year()
    size = int(number.max(initial=-1)) + 1
    numbers = _measured(insight, year, size)
    joined = np.full(size, np.nan)
    for one, file in zip(number.tolist(), facts, strict=True):
        if file.joined_on is not None:
            joined[one] = day_number(today) - day_number(file.joined_on)
    numbers[Field.JOINED_DAYS] = joined
    words = _placed(insight, size)
    return MemberTable(
        version,
        number,
        facts,
        {name: column[number] for name, column in numbers.items()},
        {name: column[number] for name, column in words.items()},
    )


def _measured(insight: InsightDesk, year: Period, size: int) -> dict[Field, NDArray[Any]]:
    """By number. Whoever did not come within the year came no times and spent nothing; how long ago they came is known all the same."""
    tickets = insight.columns().tickets
    ever, within = visits(tickets), tickets.within(year)
    came = visits(within)
    found = {
        name: np.full(size, np.nan) for name in (Field.SILENT_DAYS, Field.AVERAGE, Field.OVERDUE, Field.RISK)
    }
    times = np.bincount(came.member, minlength=size)[:size] if len(came) else np.zeros(size)
    spent = (
        np.bincount(within.member, weights=within.net, minlength=size)[:size]
        if len(within)
        else np.zeros(size)
    )
    found[Field.VISITS], found[Field.SPENT] = times.astype(np.float64), spent
    _put(found[Field.SILENT_DAYS], ever.member[ever.is_last], year.last_day - ever.day[ever.is_last])
    bought = times > 0
    found[Field.AVERAGE][bought] = spent[bought] / times[bought]
    rhythm = insight.rhythm(year).value
    if not isinstance(rhythm, TooLittle):
        own = ~np.isnan(rhythm.median_gap)
        _put(found[Field.OVERDUE], rhythm.member[own], 100 * rhythm.overdue[own])
    churn = insight.churn(year).value
    if not isinstance(churn, TooLittle) and not isinstance(churn.risk, TooLittle):
        _put(found[Field.RISK], churn.member, 100 * churn.risk)
    return found


def _placed(insight: InsightDesk, size: int) -> dict[Field, NDArray[Any]]:
    found = {name: np.full(size, -1, dtype=np.int64) for name in _CODES}
    rfm, life = insight.rfm().value, insight.lifecycle().value
    if not isinstance(rfm, TooLittle):
        _put(found[Field.RFM], rfm.measures.member, rfm.segment)
    if not isinstance(life, TooLittle):
        _put(found[Field.STAGE], life.member, life.by_visits)
        _put(found[Field.SILENCE], life.member, life.by_silence)
    return found


def _put(column: NDArray[Any], member: NDArray[Any], value: NDArray[Any]) -> None:
    """A file that was erased or merged away has no row."""
    known = member < len(column)
    column[member[known]] = value[known]
