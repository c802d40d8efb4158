"""A year of sales with the rhythm of a real shop, as plain values made from a seed.

The same seed, goods, members and days give the same sales on every machine. No price is computed here: what a basket costs, and which
offers apply to it, is for the till's own pricing to say.

A day has so many tickets as its weekday, the season and the festivals call for. Members come by their habits (`habits.py`); passers-by,
about 45 % of all tickets, make up the rest. A few buyers bring something back within ten days.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Literal

from app.demo.baskets import Baskets, Line
from app.demo.festivals import level_on, opening_hours
from app.demo.habits import Diary, Habit, habits
from app.demo.people import DemoMember
from app.demo.promotions import PromotionDefinition
from app.demo.shop import DemoItem

Tender = Literal["cash", "card", "voucher"]

TENDERS: tuple[Tender, ...] = (*("cash",) * 55, *("card",) * 40, *("voucher",) * 5)
RETURN_CHANCE = 0.02
RETURN_WITHIN_DAYS = 10
WALK_IN_SHARE_MIN = 0.2
MEMBER_DAY_PULL = 1.35

# Nobody brings back what was fresh, warm, frozen, or made for them.
NOT_TAKEN_BACK = frozenset({"生鮮", "鮮食", "冷凍食品", "服務"})

# Tickets by the hour, from 7 to 21 o'clock (the shop opens at half past seven): lunch and the way home stand out.
_WEEKDAY_HOURS = (3, 7, 5, 4, 6, 11, 6, 4, 4.5, 5.5, 9, 11.5, 8, 5.5, 3.5)
_WEEKEND_HOURS = (1.5, 4, 6.5, 8.5, 9, 9, 6, 5.5, 6.5, 8, 9, 9, 7, 5.5, 3.5)
_FIRST_HOUR = 7

# Who stands at the till before and after three o'clock, Monday first.
_ROTA = (("01", "03"), ("03", "04"), ("03", "04"), ("02", "04"), ("03", "02"), ("04", "02"), ("01", "04"))
_CHANGE_OF_SHIFT = 15 * 3600


@dataclass(frozen=True, slots=True)
class DemoSale:
    """One ticket, in the shop's own local time. A return names the ticket it belongs to, and its lines are what came back.

    ``index`` counts from 0; ``member`` is an index into the members given; quantities are thousandths (of a piece or a kilogram).
    """

    index: int
    at: datetime
    operator: str
    member: int | None
    lines: tuple[Line, ...]
    tender: Tender
    return_of: int | None


@dataclass(frozen=True, slots=True)
class _Visit:
    """Who comes at which second of the day: a member, nobody known, or someone with a ticket to return."""

    second: int
    member: int | None
    returned: DemoSale | None = None


def sales(
    seed: int,
    items: Sequence[DemoItem],
    members: Sequence[DemoMember],
    start_date: date,
    days: int,
    per_day: int,
    *,
    promotions: Sequence[PromotionDefinition] = (),
) -> Iterator[DemoSale]:
    """The tickets of ``days`` days, in time order, about ``per_day`` a day. ``promotions`` lift what they cover while they run.

    Members who joined within these days buy for the first time on the day they joined (the next open one if it was closed).
    """
    random = Random(f"{seed}:rhythm")
    calendar = [start_date + timedelta(days=day) for day in range(days)]
    targets = _targets(random, calendar, per_day)
    customs = habits(seed, members, start_date, days, per_day)
    diary = Diary(seed, customs, _attraction(calendar, promotions))
    baskets = Baskets(seed, items, promotions)
    taken_back = {
        item.sku for item in items if item.barcodes and item.category.split("/")[0] not in NOT_TAKEN_BACK
    }
    brought_back: dict[int, list[DemoSale]] = {}
    index = 0
    for day, today in enumerate(calendar):
        hours = opening_hours(today)
        if hours is None:
            brought_back.setdefault(day + 1, []).extend(brought_back.pop(day, ()))
            continue
        baskets.open_day(today)
        visits = _visits(random, today, hours, diary.visitors(day), customs, targets[day])
        visits += _coming_back(random, hours, brought_back.pop(day, ()))
        visits.sort(key=lambda visit: visit.second)
        for visit in visits:
            sale = _sale(random, index, today, visit, customs, baskets)
            yield sale
            index += 1
            if sale.return_of is None and random.random() < RETURN_CHANCE:
                if any(sku in taken_back for sku, _ in sale.lines):
                    later = day + 1 + int(random.random() * RETURN_WITHIN_DAYS)
                    brought_back.setdefault(later, []).append(_returned(random, sale, taken_back))


def _targets(random: Random, calendar: Sequence[date], per_day: int) -> list[int]:
    """How many tickets each day calls for: its level, a little chance, and on average ``per_day``."""
    levels = [level_on(day) * (0.92 + 0.16 * random.random()) for day in calendar]
    total = sum(levels)
    ends = (
        [round(end / total * per_day * len(calendar)) for end in accumulate(levels)]
        if total
        else [0] * len(levels)
    )
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]


def _attraction(calendar: Sequence[date], promotions: Sequence[PromotionDefinition]) -> list[float]:
    """How gladly members come on each day: as everybody, and more on the shop's own member day."""
    member_days = {
        weekday
        for offer in promotions
        if offer["members_only"] and len(offer["categories"]) > 3
        for weekday in offer["weekdays"]
    }
    return [level_on(day) * (MEMBER_DAY_PULL if day.isoweekday() in member_days else 1) for day in calendar]


def _visits(
    random: Random,
    today: date,
    hours: tuple[int, int],
    coming: Sequence[int],
    customs: Sequence[Habit],
    target: int,
) -> list[_Visit]:
    """Members about their own hour, most of them; passers-by along the day's curve."""
    curve = _curve(today)
    chance = random.random
    visits = []
    for member in coming:
        if chance() < 0.75:
            second = customs[member].second_of_day + int((chance() + chance() - 1) * 2700)
        else:
            second = _second(random, curve)
        visits.append(_Visit(_within(second, hours), member))
    walk_ins = max(int(target * WALK_IN_SHARE_MIN), target - len(visits))
    visits += [_Visit(_within(_second(random, curve), hours), None) for _ in range(walk_ins)]
    return visits


def _coming_back(random: Random, hours: tuple[int, int], returns: Sequence[DemoSale]) -> list[_Visit]:
    opens, closes = hours
    return [
        _Visit(opens + int(random.random() * (closes - opens)), returned.member, returned)
        for returned in returns
    ]


def _curve(today: date) -> tuple[int, ...]:
    return _WEEKEND_CURVE if today.weekday() >= 5 else _WEEKDAY_CURVE


def _second(random: Random, curve: Sequence[int]) -> int:
    return curve[int(random.random() * len(curve))] * 3600 + int(random.random() * 3600)


def _within(second: int, hours: tuple[int, int]) -> int:
    """The second itself, or a mirrored one near the door when the shop is not open then."""
    opens, closes = hours
    if second < opens:
        second = opens + (opens - second) % 1800
    if second >= closes:
        second = closes - 1 - (second - closes) % (closes - opens)
    return second


def _sale(
    random: Random, index: int, today: date, visit: _Visit, customs: Sequence[Habit], baskets: Baskets
) -> DemoSale:
    second = visit.second
    at = datetime(today.year, today.month, today.day, second // 3600, second // 60 % 60, second % 60)  # noqa: DTZ001
    operator = _ROTA[today.weekday()][second >= _CHANGE_OF_SHIFT]
    back = visit.returned
    if back is not None:
        return DemoSale(index, at, operator, back.member, back.lines, back.tender, return_of=back.index)
    if visit.member is None:
        lines = baskets.of_a_passer_by(second // 3600)
    else:
        lines = baskets.of_a_member(visit.member, customs[visit.member].mission, second // 3600)
    tender = TENDERS[int(random.random() * len(TENDERS))]
    return DemoSale(index, at, operator, visit.member, lines, tender, None)


def _returned(random: Random, sale: DemoSale, taken_back: set[str]) -> DemoSale:
    """The part of the ticket that will come back: one line of it, whole or, of several pieces, one."""
    lines = [line for line in sale.lines if line[0] in taken_back]
    sku, quantity = lines[int(random.random() * len(lines))]
    if quantity > 1000 and random.random() < 0.5:
        quantity = 1000
    return DemoSale(sale.index, sale.at, sale.operator, sale.member, ((sku, quantity),), sale.tender, None)


def _slots(hours: Sequence[float], slots: int = 1024) -> tuple[int, ...]:
    """The hours, each repeated by its weight: one look-up draws one."""
    ends = [round(end / sum(hours) * slots) for end in accumulate(hours)]
    table: list[int] = []
    for hour, end in enumerate(ends, _FIRST_HOUR):
        table.extend([hour] * (end - len(table)))
    return tuple(table)


_WEEKDAY_CURVE = _slots(_WEEKDAY_HOURS)
_WEEKEND_CURVE = _slots(_WEEKEND_HOURS)
