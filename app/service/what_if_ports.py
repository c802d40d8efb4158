"""What a what-if reads of the past, and from whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

from app.domain.ids import MemberId
from app.domain.tender import TenderKind


@dataclass(frozen=True, slots=True)
class PastLine:
    """A sold line. ``net`` is what was paid for it, in minor units."""

    number: int
    item_id: UUID
    category_id: UUID | None
    net: int
    earns: bool


@dataclass(frozen=True, slots=True)
class PastTicket:
    """A member's sale or return. ``booked_by_line`` None: each line's share of what was paid."""

    id: UUID
    is_sale: bool
    on: date
    occurred_at: int
    member_id: MemberId
    is_enrolment: bool
    total: int
    spent: int
    uncounted: int
    booked: int
    booked_by_line: Mapping[int, int] | None
    lines: tuple[PastLine, ...]
    returned: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class ReplayFrame:
    """What is known beside the tickets. ``tier_history``: from which instant on which tier. ``bonuses``: (member, source, day, points)."""

    opening: Mapping[MemberId, int]
    given: frozenset[UUID]
    referrers: Mapping[MemberId, MemberId]
    birthdays: Mapping[MemberId, str]
    tiers_now: Mapping[MemberId, str]
    tier_history: Mapping[MemberId, tuple[tuple[int, str], ...]]
    tier_counts: Mapping[str, int]
    bonuses: tuple[tuple[MemberId, str, date, int], ...]


class ReplaySource(Protocol):
    def frame(self, first_day: date, last_day: date, first_ms: int) -> ReplayFrame: ...
    def count(self, first_day: date, last_day: date) -> int:
        """Facts to go through, for the progress."""
        ...

    def tickets(
        self, first_day: date, last_day: date, uncounted: frozenset[TenderKind]
    ) -> Iterator[tuple[int, list[PastTicket]]]:
        """Members' sales and returns in their order, with how many facts each page went through."""
        ...
