"""How long something lasts, counted from a business day: points until they end, a tier until it is looked at again.

The last day is included, always: what ends on the 31st may still be used on the 31st.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

COUNT_MAX: Final = 36_500


class TermKind(StrEnum):
    NEVER = "never"
    DAYS = "days"
    MONTHS = "months"
    YEAR_END = "year_end"  # 31 December of the year, ``count`` years on
    INACTIVITY = "inactivity"  # ``count`` days without a purchase; every purchase begins them anew, for all that is held


@dataclass(frozen=True, slots=True)
class Term:
    kind: TermKind = TermKind.NEVER
    count: int = 0

    def __post_init__(self) -> None:
        assert 0 <= self.count <= COUNT_MAX
        if self.kind in (TermKind.DAYS, TermKind.MONTHS, TermKind.INACTIVITY):
            assert self.count > 0
        assert self.kind is not TermKind.NEVER or self.count == 0

    def last_day(self, begins_on: date) -> date | None:
        """The last day of what begins on this one; None when no day is fixed.

        A month that is too short ends it on its own last day: a month from 31 January is 28 or 29 February.
        """
        match self.kind:
            case TermKind.DAYS:
                return begins_on + timedelta(days=self.count)
            case TermKind.MONTHS:
                return months_after(begins_on, self.count)
            case TermKind.YEAR_END:
                return date(begins_on.year + self.count, 12, 31)
            case TermKind.NEVER | TermKind.INACTIVITY:
                return None


NEVER: Final = Term()


def months_after(day: date, months: int) -> date:
    """The same day so many months later (earlier when negative), or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
