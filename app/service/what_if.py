"""The owner's what-if: the last days once more under other rules. Reads only; may be cancelled at any moment; history stays as it is."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

from app.domain.birthday import birthday_of, is_birthday, is_birthday_month
from app.domain.errors import Cancelled
from app.domain.ids import CategoryId, ItemId, MemberId, TransactionId
from app.domain.loyalty.earning import Earned, SoldGoods
from app.domain.loyalty.what_if import PastSale, Replay, RuleSet, WhatIfResult, spread_evenly
from app.service.calendar_moon import lunar_to_solar
from app.service.ports import Clock, Store
from app.service.rulebook import Rulebook
from app.service.rules import Paths, category_paths
from app.service.session import Session
from app.service.what_if_ports import PastTicket, ReplayFrame

DAYS: Final = 90
OnSale = Callable[[PastSale, str, Earned], None]


class WhatIf:
    def __init__(self, store: Store, session: Session, clock: Clock, rulebook: Rulebook) -> None:
        self._store = store
        self._session = session
        self._clock = clock
        self._rulebook = rulebook

    def last_days(
        self,
        draft: RuleSet,
        days: int = DAYS,
        *,
        on_progress: Callable[[int, int], None] = lambda done, total: None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> WhatIfResult:
        """The last so many days up to today. Raises Cancelled. Runs on any thread."""
        shift = self._session.shift
        last = self._clock.local().date() if shift is None else shift.business_date
        first = last - timedelta(days=days - 1)
        return self.run(draft, first, last, on_progress=on_progress, is_cancelled=is_cancelled)

    def run(
        self,
        draft: RuleSet,
        first_day: date,
        last_day: date,
        *,
        on_progress: Callable[[int, int], None] = lambda done, total: None,
        is_cancelled: Callable[[], bool] = lambda: False,
        on_sale: OnSale | None = None,
    ) -> WhatIfResult:
        """These business days. ``on_sale`` is told of each sale: the tier it was taken with, and what it would have earned."""
        reads_from = first_day
        if draft.tiers is not None:
            # What was bought before counts for the tier that somebody had on the first day.
            reads_from = draft.tiers.window.first_day(first_day) - timedelta(days=1)
        source = self._store.replay
        frame = source.frame(first_day, last_day, _instant(first_day, self._clock))
        shape = _Shape(frame, category_paths(self._store.catalogue.categories()))
        replay = Replay(
            self._rulebook.points().rules,
            draft,
            self._rulebook.tiers().rules,
            self._session.shop.currency,
            first_day,
            last_day,
            opening=frame.opening,
            given=frame.given,
            referrers=frame.referrers,
            on_sale=on_sale,
        )
        done, total = 0, source.count(reads_from, last_day)
        for facts, page in source.tickets(reads_from, last_day, draft.points.uncounted):
            if is_cancelled():
                raise Cancelled
            for ticket in page:
                if reads_from <= ticket.on <= last_day:
                    replay.take(shape.sale(ticket))
            done += facts
            on_progress(done, max(total, done))
        for member_id, kind, on, points in frame.bonuses:
            replay.bonus_booked(member_id, kind, points, on)
        return replay.result(frame.tier_counts)


class _Shape:
    """Tickets as the replay takes them: with the path of each category, the tier of that time, and the birthday."""

    def __init__(self, frame: ReplayFrame, paths: Paths) -> None:
        self._paths: Mapping[CategoryId, tuple[CategoryId, ...]] = paths
        self._birthdays = frame.birthdays
        self._now = frame.tiers_now
        self._history = frame.tier_history

    def sale(self, ticket: PastTicket) -> PastSale:
        paths = self._paths
        goods = tuple(
            SoldGoods(
                line.number,
                ItemId(line.item_id),
                ()
                if line.category_id is None
                else paths.get(CategoryId(line.category_id), (CategoryId(line.category_id),)),
                line.net,
                line.earns,
            )
            for line in ticket.lines
        )
        by_line = ticket.booked_by_line
        text = self._birthdays.get(ticket.member_id)
        return PastSale(
            id=TransactionId(ticket.id),
            member_id=ticket.member_id,
            on=ticket.on,
            goods=goods,
            uncounted=ticket.uncounted,
            booked=ticket.booked,
            booked_by_line=spread_evenly(goods, ticket.booked) if by_line is None else by_line,
            returned=ticket.returned,
            spent=ticket.spent,
            total=ticket.total,
            is_purchase=ticket.is_sale,
            is_enrolment=ticket.is_enrolment,
            tier=self._tier(ticket.member_id, ticket.occurred_at),
            is_birthday=bool(text) and _is_birthday(text, ticket.on),
            is_birthday_month=bool(text) and _is_birthday_month(text, ticket.on.replace(day=1)),
        )

    def _tier(self, member_id: MemberId, at: int) -> str:
        """The one the member had before this sale."""
        history = self._history.get(member_id)
        if history is None:
            return self._now.get(member_id, "")
        place = bisect_right(history, (at - 1, "\U0010ffff"))
        return history[place - 1][1] if place else ""


@lru_cache(maxsize=65_536)
def _is_birthday_month(text: str, month: date) -> bool:
    birthday = birthday_of(text)
    return birthday is not None and is_birthday_month(birthday, month, lunar_to_solar)


@lru_cache(maxsize=65_536)
def _is_birthday(text: str, on: date) -> bool:
    birthday = birthday_of(text)
    return birthday is not None and is_birthday(birthday, on, lunar_to_solar)


def _instant(day: date, clock: Clock) -> int:
    """Midnight of this day where the shop is."""
    zone = clock.local().tzinfo or UTC
    return int(datetime.combine(day, time(), zone).timestamp() * 1000)
