"""What somebody should do today: birthdays, members about to stay away, points and coupons that end, promises, and what needs a look.
Each is one sentence and opens one member, paper or finding.

Nothing is decided here and nothing is sent; reading takes a while and belongs on a worker.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol

from app.domain.authority import Approval, Right, Role
from app.domain.birthday import Birthday, birthday_of, next_occurrence
from app.domain.ids import MemberId
from app.domain.member import mask_name
from app.domain.phone import mask_phone
from app.domain.profile import NoteKind
from app.i18n import t
from app.insight.values import TooLittle
from app.service.calendar_moon import lunar_to_solar, solar_to_lunar
from app.service.insight_desk import InsightDesk
from app.service.ports import Clock, Store
from app.service.printing import paper_words
from app.service.session import Session

if TYPE_CHECKING:
    from app.service.guard import Finding, GuardDesk

DAYS: Final = 7
EACH_MAX: Final = 20
ABOUT_TO_LAPSE: Final = 1.2  # times as long away as usual
LAPSED: Final = 2.0
GUARD_DAYS: Final = 30
PRINTS_IN_DOUBT: Final = ("unknown", "held")
_TROUBLES: Final = frozenset(("same_id", "place_taken", "overspent"))  # those with a sentence of their own


class TaskKind(StrEnum):
    """In the order in which they stand."""

    COMPLAINT = "complaint"
    REQUEST = "request"
    FOLLOW_UP = "follow_up"
    GUARD = "guard"
    PRINT = "print"
    SYNC = "sync"
    BIRTHDAY = "birthday"
    LAPSING = "lapsing"
    POINTS_ENDING = "points_ending"
    COUPON_ENDING = "coupon_ending"

    @property
    def is_promise(self) -> bool:
        """Something a person was promised: it is done when somebody says so."""
        return self in _PROMISES

    @property
    def is_for_calls(self) -> bool:
        """Whether the member it is about may be told of it: of what the guard noticed they are not."""
        return self is not TaskKind.GUARD

    @property
    def is_urgent(self) -> bool:
        """What waits for the shop itself; the others are members worth a word."""
        return self in _PROMISES or self in (TaskKind.GUARD, TaskKind.PRINT, TaskKind.SYNC)


_PROMISES: Final = (TaskKind.COMPLAINT, TaskKind.REQUEST, TaskKind.FOLLOW_UP)


@dataclass(frozen=True, slots=True)
class Task:
    """``sentence`` says what and who, masked; ``about`` the same without the name, for whoever stands beside it already.

    ``due_on`` is the day it is about. ``target`` names what it opens beside the member: a note, a paper's number, a finding's key, a place
    in the chain.
    """

    kind: TaskKind
    sentence: str
    member_id: MemberId | None = None
    due_on: date | None = None
    target: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class WorkList:
    """``more`` counts what is not listed, by kind. ``knows_habits``: there are visits enough to tell who stays away."""

    on: date
    days: int
    tasks: tuple[Task, ...]
    more: tuple[tuple[TaskKind, int], ...] = ()
    knows_habits: bool = True

    def of(self, kind: TaskKind) -> tuple[Task, ...]:
        return tuple(task for task in self.tasks if task.kind is kind)

    def count(self, kind: TaskKind) -> int:
        """How many there are, listed or not."""
        return len(self.of(kind)) + dict(self.more).get(kind, 0)

    def without(self, gone: Task) -> WorkList:
        """The list after this one was dealt with."""
        return replace(self, tasks=tuple(task for task in self.tasks if task is not gone))


@dataclass(frozen=True, slots=True)
class Ending:
    """What of one member ends on a day: points (``amount``), or a coupon (``template``)."""

    member_id: MemberId
    on: date
    amount: int = 0
    template: str = ""


@dataclass(frozen=True, slots=True)
class SyncTrouble:
    """A fact that the server set aside, or one of another till that could not be applied here."""

    target: str
    code: str
    occurred_at: int


class WorkSource(Protocol):
    def points_ending(self, since: date, until: date) -> tuple[Ending, ...]:
        """What is left of lots whose last day lies between, added up by member and day, the soonest first."""
        ...

    def coupons_ending(self, since: date, until: date) -> tuple[Ending, ...]:
        """Coupons of members that can still be used, the soonest first."""
        ...

    def sync_troubles(self, limit: int) -> tuple[SyncTrouble, ...]: ...


class WorkListDesk:
    def __init__(
        self,
        store: Store,
        session: Session,
        clock: Clock,
        source: WorkSource,
        insight: InsightDesk,
        guard: GuardDesk | None = None,
        coupon_name: Callable[[str], str] = lambda template: template,
    ) -> None:
        self._coupon_name = coupon_name
        self._store = store
        self._session = session
        self._clock = clock
        self._source = source
        self._insight = insight
        self._guard = guard

    def tasks(self, days: int = DAYS, *, approval: Approval | None = None) -> WorkList:
        """Everything of today and the days ahead, EACH_MAX of a kind. Raises ApprovalNeeded."""
        self._session.permit(Right.REPORTS, 1, approval)
        today = self._today()
        until = today + timedelta(days=days)
        found: dict[TaskKind, list[Task]] = {kind: [] for kind in TaskKind}
        for task in self._all(today, until):
            found[task.kind].append(task)
        return WorkList(
            today,
            days,
            tuple(task for tasks in found.values() for task in tasks[:EACH_MAX]),
            tuple((kind, len(tasks) - EACH_MAX) for kind, tasks in found.items() if len(tasks) > EACH_MAX),
            not isinstance(self._insight.rhythm().value, TooLittle),
        )

    def finding(self, key: str) -> Finding | None:
        """What the guard noticed under this key; None where it is settled. Raises Refused("guard_owner_only")."""
        if self._guard is None:
            return None
        today = self._today()
        found = self._guard.findings(today - timedelta(days=GUARD_DAYS), today)
        return next((one for one in found if one.signal.key == key), None)

    def _all(self, today: date, until: date) -> Iterator[Task]:
        yield from self._notes(today)
        yield from self._findings(today)
        yield from self._prints()
        yield from self._sync()
        yield from self._birthdays(today, until)
        yield from self._lapsing()
        for one in self._source.points_ending(today, until):
            fields = {"points": f"{one.amount:,}", "date": _day(one.on)}
            yield self._said(TaskKind.POINTS_ENDING, one.member_id, one.on, fields)
        for one in self._source.coupons_ending(today, until):
            fields = {"coupon": self._coupon_name(one.template), "date": _day(one.on)}
            yield self._said(TaskKind.COUPON_ENDING, one.member_id, one.on, fields)

    def _said(
        self,
        kind: TaskKind,
        member_id: MemberId,
        due_on: date | None,
        fields: Mapping[str, object],
        target: str = "",
        how: str = "",
    ) -> Task:
        """A task about a member: with the name in it, and without. ``how`` tells one sentence of a kind from another."""
        name = f"{kind.value}{how}"
        sentence = t(f"work.{name}", None, member=self._name(member_id), **fields)
        return Task(kind, sentence, member_id, due_on, target, t(f"work.about.{name}", None, **fields))

    # --- promises -----------------------------------------------------------------------------------------------------

    def _notes(self, today: date) -> Iterator[Task]:
        kinds = {
            NoteKind.COMPLAINT: TaskKind.COMPLAINT,
            NoteKind.REQUEST: TaskKind.REQUEST,
            NoteKind.FOLLOW_UP: TaskKind.FOLLOW_UP,
        }
        for note in self._store.membership.profiles.all_due(today):
            kind = kinds.get(note.kind)
            if kind is not None:
                words = " ".join(note.words.split())
                yield self._said(kind, note.member_id, note.due_on, {"words": words}, note.id.hex)

    # --- what needs a look --------------------------------------------------------------------------------------------

    def _findings(self, today: date) -> Iterator[Task]:
        """The owner's alone: nobody else learns that somebody is watched."""
        if self._guard is None or self._session.require_operator().role is not Role.OWNER:
            return
        for one in self._guard.findings(today - timedelta(days=GUARD_DAYS), today):
            yield Task(TaskKind.GUARD, one.title, one.signal.member_id, one.signal.last_on, one.signal.key)

    def _prints(self) -> Iterator[Task]:
        for job in self._store.desk.print_jobs(PRINTS_IN_DOUBT):
            paper = paper_words(self._store, job)
            key = "work.print" if job.state == "unknown" else "work.print_held"
            yield Task(TaskKind.PRINT, t(key, paper=paper), target=str(job.id))

    def _sync(self) -> Iterator[Task]:
        for one in self._source.sync_troubles(EACH_MAX):
            sentence = t(f"work.sync.{one.code}") if one.code in _TROUBLES else t("work.sync", code=one.code)
            yield Task(TaskKind.SYNC, sentence, target=one.target)

    # --- members ------------------------------------------------------------------------------------------------------

    def _birthdays(self, today: date, until: date) -> Iterator[Task]:
        """Solar and lunar ones; who is asked closely is only who may have one of these days."""
        may_be = _Celebrated(today, until)
        found = []
        for facts in self._insight.members().values():
            birthday = birthday_of(facts.birthday) if facts.birthday else None
            if birthday is not None and may_be.may_have(birthday):
                day = next_occurrence(birthday, today, lunar_to_solar)
                if day is not None and day <= until:
                    found.append((day, facts.id, birthday.is_lunar))
        for day, member_id, is_lunar in sorted(found):
            days = (day - today).days
            how = ("_lunar" if is_lunar else "") + {0: "_today", 1: "_tomorrow"}.get(days, "")
            fields = {"date": _day(day), "days": days}
            yield self._said(TaskKind.BIRTHDAY, member_id, day, fields, how=how)

    def _lapsing(self) -> Iterator[Task]:
        """By their own habit alone; whoever spent most in the year first."""
        rhythm = self._insight.rhythm().value
        if isinstance(rhythm, TooLittle):
            return
        late = rhythm.late(at_least=ABOUT_TO_LAPSE, at_most=LAPSED).nonzero()[0]
        tickets = self._insight.columns().tickets
        spent = dict.fromkeys(rhythm.member[late].tolist(), 0)
        for number, net in zip(tickets.member.tolist(), tickets.net.tolist(), strict=True):
            if number in spent:
                spent[number] += net
        members = self._insight.members()
        for place in sorted(late.tolist(), key=lambda one: -spent[int(rhythm.member[one])]):
            facts = members.get(int(rhythm.member[place]))
            if facts is not None:
                fields = {
                    "habit": max(1, round(float(rhythm.expected_gap[place]))),
                    "days": int(rhythm.silent_days[place]),
                }
                yield self._said(TaskKind.LAPSING, facts.id, None, fields)

    def _name(self, member_id: MemberId) -> str:
        card = self._store.members.by_id(member_id)
        if card is None or card.member.is_erased:
            return t("summary.erased")
        name, phone = mask_name(card.member.name), mask_phone(card.member.phone)
        return f"{name} {phone}" if name else phone

    def _today(self) -> date:
        shift = self._session.shift
        return shift.business_date if shift is not None else self._clock.local().date()


class _Celebrated:
    """The days of both calendars on which a birthday of some dates may fall, a little too many rather than one too few."""

    def __init__(self, since: date, until: date) -> None:
        days = [since + timedelta(days=number) for number in range((until - since).days + 1)]
        self._solar = {(day.month, day.day) for day in days}
        if (2, 28) in self._solar:
            self._solar.add((2, 29))
        self._lunar: set[tuple[int, int]] = set()
        for day in days:
            try:
                _, month, number, _ = solar_to_lunar(day)
            except ValueError:
                continue  # beyond the table of the moon
            self._lunar.add((month, number))
            if number == 29:
                self._lunar.add((month, 30))

    def may_have(self, birthday: Birthday) -> bool:
        return (birthday.month, birthday.day) in (self._lunar if birthday.is_lunar else self._solar)


def _day(day: date) -> str:
    return f"{day.month}/{day.day}"
