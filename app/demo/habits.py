"""How often each invented member comes, from when until when: regulars, occasional guests, one-timers, and those who slipped away.

A habit is fixed before the first sale, so that an analysis of the sales can be held against the truth behind them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import exp, inf, log, sqrt
from random import Random
from typing import Literal

from app.demo.festivals import CLOSES_AT, OPENS_AT
from app.demo.people import DemoMember

Kind = Literal["regular", "occasional", "once", "asleep"]
Mission = Literal["breakfast", "lunch", "cooking", "snack", "stock_up", "errand", "gift", "pets"]

# Of the tickets that a shop with members rings up, so many carry one.
MEMBER_SHARE = 0.55

# A regular's gap between visits stays within this share of the own interval; festivals and weekdays move it by a day more.
REGULAR_SPREAD = 0.25

# What a slipping regular's interval is multiplied by at each visit.
SLOWING = 1.35

_REGULAR_MEDIAN_DAYS, _REGULAR_MIN_DAYS, _REGULAR_MAX_DAYS = 8.0, 2.5, 30.0
_OCCASIONAL_MEDIAN_DAYS, _OCCASIONAL_MIN_DAYS, _OCCASIONAL_MAX_DAYS = 40.0, 18.0, 120.0
_LAPSING_SHARE = 0.30
_SLOWING_SHARE = 0.6

_MISSIONS: tuple[Mission, ...] = (
    *("breakfast",) * 4,
    *("lunch",) * 3,
    *("cooking",) * 6,
    *("snack",) * 3,
    *("stock_up",) * 3,
    "gift",
    "pets",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Habit:
    """The truth about one member. Days count from the first day of the sales; a member comes from ``first_day`` and before ``last_day``.

    ``interval_days`` is the usual gap between visits; from ``slows_from`` on it grows at each visit. ``second_of_day`` is when they tend
    to come.
    """

    member: int
    kind: Kind
    interval_days: float
    first_day: int
    last_day: float
    slows_from: float
    second_of_day: int
    mission: Mission

    @property
    def lapses(self) -> bool:
        return self.last_day != inf


def habits(
    seed: int, members: Sequence[DemoMember], start_date: date, days: int, per_day: int
) -> tuple[Habit, ...]:
    """One habit a member, such that together they make about `MEMBER_SHARE` of ``per_day`` tickets a day.

    A shop with more members than its tickets could bear has the surplus come once more or not at all. One with fewer has them come more
    often, up to twice as often.
    """
    random = Random(f"{seed}:habits")
    drawn = [_draw(random, number, member, start_date, days) for number, member in enumerate(members)]
    faded = [_faded(random, habit, members[habit.member], start_date, days) for habit in drawn]
    expected = sum(_expected_visits(habit, days) for habit in drawn)
    least = sum(_expected_visits(habit, days) for habit in faded)
    wanted = MEMBER_SHARE * per_day * days
    if expected > wanted:
        return _thinned(
            drawn, faded, days, max(0.0, wanted - least) / (expected - least) if expected > least else 0.0
        )
    pace = max(0.5, expected / wanted) if wanted else 1.0
    return tuple(replace(habit, interval_days=max(1.0, habit.interval_days * pace)) for habit in drawn)


class Diary:
    """Who comes on which day. Each visit books the member's next one, so the days must be asked for once each and in order.

    ``attraction`` weighs the days (0: closed): a visit that falls due moves by a day towards the better one.
    """

    def __init__(self, seed: int, habits: Sequence[Habit], attraction: Sequence[float]) -> None:
        self._random = Random(f"{seed}:diary").random
        self._habits = habits
        self._attraction = attraction
        self._due: list[list[int]] = [[] for _ in attraction]
        self._slowness: dict[int, float] = {}
        for habit in habits:
            if habit.kind != "asleep":
                self._book(habit, habit.first_day)

    def visitors(self, day: int) -> list[int]:
        """The members who come that day."""
        coming = self._due[day]
        for member in coming:
            habit = self._habits[member]
            if habit.kind != "once":
                self._book(habit, self._next_day(habit, day))
        return coming

    def _next_day(self, habit: Habit, day: int) -> int:
        random = self._random
        if habit.kind == "regular":
            gap = habit.interval_days * (1 + REGULAR_SPREAD * (random() + random() - 1))
        else:
            gap = max(1.0, -log(1 - random()) * habit.interval_days)
        if day >= habit.slows_from:
            slowness = self._slowness.get(habit.member, 1.0) * SLOWING
            self._slowness[habit.member] = slowness
            gap *= slowness
        due = max(day + 1, int(day + gap + random()))
        if gap < 5 or due + 1 >= len(self._attraction):
            return due
        return max(day + 1, due + self._nudge(due))

    def _nudge(self, due: int) -> int:
        """A day earlier, the day itself or a day later, by their attraction."""
        before, on, after = self._attraction[due - 1 : due + 2]
        place = self._random() * (before + on * 2 + after)
        if place < before:
            return -1
        return 1 if place >= before + on * 2 else 0

    def _book(self, habit: Habit, day: int) -> None:
        """Enters the visit on the first open day from ``day`` on, unless the member has left the shop by then."""
        while day < len(self._attraction) and self._attraction[day] == 0:
            day += 1
        if day < len(self._attraction) and day < habit.last_day:
            self._due[day].append(habit.member)


def _draw(random: Random, number: int, member: DemoMember, start_date: date, days: int) -> Habit:
    chance = random.random
    joined = (member.joined - start_date).days
    what = chance()
    kind: Kind = "regular" if what < 0.32 else "occasional" if what < 0.74 else "once"
    if kind == "regular":
        interval = _lognormal(random, _REGULAR_MEDIAN_DAYS, 0.55, _REGULAR_MIN_DAYS, _REGULAR_MAX_DAYS)
    else:
        interval = _lognormal(
            random, _OCCASIONAL_MEDIAN_DAYS, 0.5, _OCCASIONAL_MIN_DAYS, _OCCASIONAL_MAX_DAYS
        )
    # Newcomers buy on the day they join; the others are somewhere between two visits when the sales begin.
    if joined >= 0:
        first_day = joined
    else:
        first_day = _early_day(random, days) if kind == "once" else int(chance() * interval)
    last_day, slows_from = inf, inf
    if kind in ("regular", "occasional") and chance() < _LAPSING_SHARE:
        last_day = first_day + 1 + int(chance() * (days - first_day))
        if kind == "regular" and chance() < _SLOWING_SHARE:
            slows_from = last_day - 6 * interval
    return Habit(
        number, kind, interval, first_day, last_day, slows_from, _usual_second(random), _mission(random)
    )


def _early_day(random: Random, days: int) -> int:
    """A day for the last visit of someone who had all but left: more likely soon than late."""
    return int(random.random() ** 1.5 * days)


def _lognormal(random: Random, median: float, spread: float, least: float, most: float) -> float:
    """Four uniform draws make a good enough bell, and the same one on every version of Python."""
    bell = (random.random() + random.random() + random.random() + random.random() - 2) * sqrt(3)
    return min(most, max(least, median * exp(spread * bell)))


def _usual_second(random: Random) -> int:
    """Morning, noon, after work or any time."""
    what = random.random()
    centre, width = (
        (8.5, 1.0)
        if what < 0.22
        else (12.3, 0.8)
        if what < 0.42
        else (18.3, 1.6)
        if what < 0.82
        else (14.5, 6.5)
    )
    second = int((centre + width * (2 * random.random() - 1)) * 3600)
    return min(CLOSES_AT - 600, max(OPENS_AT, second))


def _mission(random: Random) -> Mission:
    return _MISSIONS[int(random.random() * len(_MISSIONS))]


def _expected_visits(habit: Habit, days: int) -> float:
    if habit.kind == "asleep" or habit.first_day >= days:
        return 0.0
    if habit.kind == "once":
        return 1.0
    visits = 0.5 + max(0.0, min(days, habit.last_day) - habit.first_day) / habit.interval_days
    # Six intervals of slowing hold three visits: 1.35 + 1.35^2 + 1.35^3 = 5.6.
    return max(1.0, visits - 3) if habit.slows_from < days else visits


def _thinned(drawn: Sequence[Habit], faded: Sequence[Habit], days: int, share: float) -> tuple[Habit, ...]:
    """Keeps habits until they hold ``share`` of the visits they would add, evenly along the list: chance alone would let a few heavy
    buyers decide the year.
    """
    chosen = []
    offered = kept = 0.0
    for habit, rest in zip(drawn, faded, strict=True):
        added = _expected_visits(habit, days) - _expected_visits(rest, days)
        offered += added
        if kept + added / 2 <= share * offered:
            kept += added
            chosen.append(habit)
        else:
            chosen.append(rest)
    return tuple(chosen)


def _faded(random: Random, habit: Habit, member: DemoMember, start_date: date, days: int) -> Habit:
    """What is left of the habit of someone the shop did not keep: a newcomer came but once, an old member once more or never."""
    if member.joined >= start_date:
        return replace(habit, kind="once", last_day=inf, slows_from=inf)
    if random.random() < 0.4:
        return replace(habit, kind="asleep", last_day=inf, slows_from=inf)
    return replace(habit, kind="once", first_day=_early_day(random, days), last_day=inf, slows_from=inf)
