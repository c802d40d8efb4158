"""A shift: the span between opening the drawer with a float and closing it with a count. It sets the business date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.ids import OperatorId, ShiftId
from app.domain.money import Money


@dataclass(frozen=True, slots=True)
class Shift:
    """An open or closed shift. ``z_number`` is given at closing and never used again."""

    id: ShiftId
    business_date: date
    opened_at: int
    opened_by: OperatorId
    opening_float: Money
    closed_at: int | None = None
    z_number: int | None = None

    @property
    def is_open(self) -> bool:
        return self.closed_at is None
