"""What the daily summary and the insight need from the store: days already added up, and columns read once.

Columns are numpy arrays that nobody can write to. Members and items are named by the file's own numbers; the source turns them into ids.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from app.domain.ids import ItemId, MemberId, OperatorId, TransactionId

# ``kind`` of a ticket, as bits.
VISIT: Final = 1  # a sale: somebody came
SERVED: Final = 2  # goods were sold on it: counts among the tickets
BACK: Final = 4  # goods came back on it
VOID: Final = 8  # takes another ticket back
SIGN_UP: Final = 16  # the member was made at it
NOBODY: Final = -1
NEVER: Final = -1

Progress = Callable[[int, int], None]
"""(done, of how many). Raises Cancelled to stop."""


@dataclass(frozen=True, slots=True, eq=False)
class TicketColumns:
    """Tickets, one row each, in the order of the chain.

    ``member`` is the number of the file that counts (after merges), -1 for a passer-by. ``day``, ``previous`` (the member's visit before
    this date, -1: none) are days since 1970-01-01. ``habit`` is the days between the visits until then (0: fewer than three).
    ``is_voided``: somebody took this ticket back; it is no visit. ``net`` are goods in minor units.
    """

    seq: NDArray[Any]
    day: NDArray[Any]
    member: NDArray[Any]
    net: NDArray[Any]
    previous: NDArray[Any]
    habit: NDArray[Any]
    hour: NDArray[Any]
    kind: NDArray[Any]
    is_voided: NDArray[Any]

    def __len__(self) -> int:
        return len(self.seq)

    @property
    def is_visit(self) -> NDArray[Any]:
        """Sales that stand."""
        found: NDArray[Any] = ((self.kind & VISIT) != 0) & ~self.is_voided
        return found


@dataclass(frozen=True, slots=True, eq=False)
class ItemColumns:
    """What was sold of each item on each date, what came back taken off. ``quantity`` in thousandths; ``item`` 0 is not in the list."""

    day: NDArray[Any]
    item: NDArray[Any]
    quantity: NDArray[Any]
    net: NDArray[Any]
    lines: NDArray[Any]

    def __len__(self) -> int:
        return len(self.item)


# (figure, key) -> (how often, how much).
Sums = Mapping[tuple[str, str], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Owed:
    """What the shop owes its members at the end of a day: points, and stored value in minor units, what was given on top apart."""

    points: int = 0
    value_paid_minor: int = 0
    value_bonus_minor: int = 0


Span = tuple[date, date]
"""Business dates from one to another, both included."""


@dataclass(frozen=True, slots=True, eq=False)
class DayBook:
    """Days as one state of the books: the sums of each span that was asked for, and columns.

    ``seqs`` are the stretches of the chain in which the tickets' days lie, for the rows behind a figure.
    """

    sums: tuple[Sums, ...]
    tickets: TicketColumns
    items: ItemColumns
    seqs: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class MemberName:
    """As it stands in the file: mask it before it is shown. An erased member has neither."""

    id: MemberId
    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class TicketRow:
    """One transaction behind a figure, newest first in lists."""

    id: TransactionId
    kind: str
    receipt_number: str
    occurred_at: int
    business_date: date
    operator_id: OperatorId
    member_id: MemberId | None
    total_minor: int


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A movement of points, coupons, stamps or stored value behind a figure. ``amount`` is signed, in points, stamps or minor units."""

    kind: str
    occurred_at: int
    business_date: date
    member_id: MemberId | None
    amount: int
    transaction_id: TransactionId | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class TicketWish:
    """Which tickets: all that are None do not matter. ``kinds`` are bits of which one is enough."""

    kinds: int = 0
    is_members: bool | None = None
    hour: int | None = None
    operator_id: OperatorId | None = None
    item_id: ItemId | None = None


class DaySource(Protocol):
    """Days already added up. May be used from any thread; one reading is one state of the books."""

    def behind(self) -> int:
        """Facts of closed shifts that are not added up yet: more than none only after an upgrade."""
        ...

    def catch_up(self, progress: Progress) -> None:
        """Add them up, a little in each commit. Raises Cancelled when ``progress`` does; what was done stays."""
        ...

    def range(self) -> tuple[date, date] | None:
        """The first and the newest business date; None in a shop where nothing happened."""
        ...

    def open_days(self, since: date, until: date) -> Mapping[date, int]:
        """The dates on which there was business, oldest first; each with a number that is another one when the date was added to, and 0
        while it may still grow."""
        ...

    def settled(self) -> tuple[object, ...]:
        """Whatever may change what a closed day says of its members: merges, sales voided later, visits at other tills."""
        ...

    def read(
        self, tickets: Sequence[Span], *, sums: Sequence[Span] = (), items: Span | None = None
    ) -> DayBook:
        """The tickets of these spans of dates, the sums of those, and the items of one."""
        ...

    def daily(self, since: date, until: date) -> Mapping[date, Sums]:
        """The sums of each date by itself."""
        ...

    def owed(self, on: date) -> Owed:
        """At the end of this day, whatever was told by other tills included."""
        ...

    def members(self, numbers: Sequence[int]) -> Mapping[int, MemberName]: ...
    def item_ids(self, numbers: Sequence[int]) -> Mapping[int, tuple[ItemId, str]]:
        """Ids and names of items by their numbers."""
        ...

    def ticket_rows(
        self, since: date, until: date, wish: TicketWish, limit: int, offset: int = 0
    ) -> tuple[TicketRow, ...]: ...
    def entry_rows(
        self, since: date, until: date, figure: str, kinds: Sequence[str], limit: int, offset: int = 0
    ) -> tuple[EntryRow, ...]:
        """``figure``: points, coupon, stamp or value."""
        ...
