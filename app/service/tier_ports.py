"""What tiers need from the store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from app.domain.ids import MemberId
    from app.domain.loyalty.tiers import TierEvent, TierRules, TierState
    from app.service.ports import UnitOfWork


class Standing(Protocol):
    """What a member has, and how much they did within the window."""

    @property
    def state(self) -> TierState: ...
    @property
    def amount(self) -> int: ...


class Tiers(Protocol):
    def standing(self, member_id: MemberId, rules: TierRules, on: date) -> Standing: ...
    def standing_in(self, work: UnitOfWork, member_id: MemberId, rules: TierRules, on: date) -> Standing:
        """As it stands inside the unit, what it wrote included."""
        ...

    def with_tier(self) -> Iterator[tuple[MemberId, ...]]:
        """Everybody who has one, page by page."""
        ...

    def count_with_tier(self) -> int: ...
    def write(self, work: UnitOfWork, event: TierEvent) -> None:
        """The fact, its row, and the tier on the member's file."""
        ...
