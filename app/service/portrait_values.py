"""What a portrait is made of: tickets as they were bought, and what the rules know of the member. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from app.domain.ids import ItemId, MemberId
from app.domain.member import MemberCard
from app.domain.profile import Note


class PartOfDay(StrEnum):
    """Where habits change: breakfast, lunch, afternoon, evening, night."""

    MORNING = "morning"
    NOON = "noon"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    NIGHT = "night"


PART_STARTS = (
    (5, PartOfDay.MORNING),
    (11, PartOfDay.NOON),
    (14, PartOfDay.AFTERNOON),
    (17, PartOfDay.EVENING),
    (21, PartOfDay.NIGHT),
)


def part_of_day(hour: int) -> PartOfDay:
    """An hour before five belongs to the night."""
    found = [part for start, part in PART_STARTS if hour >= start]
    return found[-1] if found else PartOfDay.NIGHT


@dataclass(frozen=True, slots=True)
class TicketLine:
    """``quantity`` in thousandths, what came back taken off; ``net_minor`` likewise."""

    item_id: ItemId
    quantity: int
    net_minor: int
    category_id: UUID | None


@dataclass(frozen=True, slots=True)
class Ticket:
    """One sale that stands."""

    occurred_at: int
    business_date: date
    total_minor: int
    lines: tuple[TicketLine, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """An item or category over everything somebody bought and kept: on how many tickets, when last, for how much, on which days.

    ``days`` are told where somebody asked for them, oldest first.
    """

    id: UUID
    tickets: int
    last_on: date
    net_minor: int
    days: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Tallies:
    """The items bought most, the items bought again and again with their days, and every category."""

    items: tuple[Tally, ...]
    again: tuple[Tally, ...]
    categories: tuple[Tally, ...]


@dataclass(frozen=True, slots=True)
class Liked:
    """An item or a category: on how many of the looked-at tickets, and when last."""

    id: UUID
    name: str
    tickets: int
    last_on: date
    net_minor: int


@dataclass(frozen=True, slots=True)
class UsualLine:
    item_id: ItemId
    name: str
    quantity: int
    times: int


@dataclass(frozen=True, slots=True)
class Usual:
    """老樣子: what was on most of the ``of`` tickets that were looked at, all bought at ``part`` of the day (None: at any time)."""

    lines: tuple[UsualLine, ...]
    of: int
    part: PartOfDay | None

    @property
    def basket(self) -> tuple[tuple[ItemId, int], ...]:
        """What one key puts into the basket."""
        return tuple((line.item_id, line.quantity) for line in self.lines)


NO_USUAL = Usual((), 0, None)


@dataclass(frozen=True, slots=True)
class Refill:
    """Something bought at an interval of its own (``every_days``, the median) and not for ``days`` by now."""

    item_id: ItemId
    name: str
    every_days: int
    days: int


@dataclass(frozen=True, slots=True)
class CouponNote:
    """A coupon that could be used today."""

    name: str
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class StampNote:
    """``needed`` more until the card is full."""

    name: str
    stamps: int
    needed: int


@dataclass(frozen=True, slots=True)
class TierNote:
    """``next_name`` is ``""`` at the top. ``left_text`` says what is missing, ready to be read aloud: ``再消費 NT$380``."""

    name: str
    next_name: str = ""
    share_percent: int = 0
    left_text: str = ""


class SayKind(StrEnum):
    """What is worth saying first, in this order."""

    DUE = "due"
    BIRTHDAY_TODAY = "birthday_today"
    BIRTHDAY_SOON = "birthday_soon"
    COUPON_ENDS = "coupon_ends"
    POINTS_END = "points_end"
    REFILL = "refill"
    TIER_CLOSE = "tier_close"
    USUAL = "usual"
    LONG_AWAY = "long_away"
    WELCOME = "welcome"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Say:
    """The next best thing to say: texts ``membership.say.<kind>`` with these fields."""

    kind: SayKind
    fields: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class PointsEnd:
    points: int
    on: date


@dataclass(frozen=True, slots=True)
class Rhythm:
    """``every_days`` is the median of the member's own days between visits; None under three visits."""

    every_days: int | None
    days_since: int | None

    @property
    def lateness(self) -> int | None:
        """Silent days in percent of the own interval: 100 is about now."""
        if self.every_days is None or self.days_since is None:
            return None
        return 100 * self.days_since // max(1, self.every_days)


@dataclass(frozen=True, slots=True)
class Portrait:
    """Everything the counter needs of a member, read in one go and legible in two seconds."""

    card: MemberCard
    merged: tuple[MemberId, ...]
    rhythm: Rhythm
    top_items: tuple[Liked, ...]
    top_categories: tuple[Liked, ...]
    part: PartOfDay | None
    usual: Usual
    refills: tuple[Refill, ...]
    notes: tuple[Note, ...]
    due: tuple[Note, ...]
    tags: tuple[str, ...]
    birthday_on: date | None
    points_end: PointsEnd | None
    coupons: tuple[CouponNote, ...]
    stamps: tuple[StampNote, ...]
    tier: TierNote | None
    say: Say


@dataclass(frozen=True, slots=True)
class History:
    """Everything they ever bought: by item, by category, and tickets by part of the day."""

    tickets: int
    spent_minor: int
    items: tuple[Liked, ...]
    categories: tuple[Liked, ...]
    parts: tuple[tuple[PartOfDay, int], ...]
