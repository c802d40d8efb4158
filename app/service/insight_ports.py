"""What the insight needs from the store beside the days: lines, goods and members as columns, by the file's own numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from uuid import UUID

    from numpy.typing import NDArray

    from app.domain.ids import ItemId, MemberId, OperatorId
    from app.service.summary_ports import Progress, TicketColumns


@dataclass(frozen=True, slots=True, eq=False)
class LineColumns:
    """Goods sold, a row for each line of a sale that stands: place of its ticket in the chain, item, quantity (thousandths), net."""

    seq: NDArray[Any]
    item: NDArray[Any]
    quantity: NDArray[Any]
    net: NDArray[Any]

    def __len__(self) -> int:
        return len(self.seq)


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """``cost_minor`` is None where nobody entered one."""

    id: ItemId
    sku: str
    name: str
    category_id: UUID | None
    cost_minor: int | None


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """What a condition may ask of a file. ``birthday`` as the file holds it; an erased or merged file is not among them."""

    id: MemberId
    tier: str
    gender: str
    birthday: str
    joined_on: date | None
    has_consent: bool
    tags: frozenset[str] = frozenset()


class InsightSource(Protocol):
    """May be used from any thread. Reading everything takes a while: ``progress`` tells how far it is and raises Cancelled to stop."""

    def version(self) -> tuple[int, ...]:
        """Rises with everything that an analysis may rest on: sales, merges, files, goods."""
        ...

    def tickets(self) -> TicketColumns:
        """Every ticket there is, members as they are merged today."""
        ...

    def lines(self, since: date, until: date, progress: Progress) -> LineColumns: ...
    def operators(self, since: date, until: date) -> tuple[NDArray[Any], NDArray[Any], Sequence[OperatorId]]:
        """(place of the ticket, who rang it as a code from 0, the operators by their codes)."""
        ...

    def items(self) -> Mapping[int, ItemFacts]: ...
    def categories(self) -> Mapping[UUID, str]:
        """The name of each category, of the topmost one above it."""
        ...

    def members(self) -> Mapping[int, MemberFacts]: ...
