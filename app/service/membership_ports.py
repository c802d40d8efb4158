"""What the desks of membership need from the store, beside what the counter needs. Changing happens inside a unit of work alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from app.domain.consent import Consent
    from app.domain.ids import ItemId, MemberId, OperatorId
    from app.domain.profile import MemberFile, Note, ProfileChange
    from app.service.member_events import EventRows
    from app.service.portrait_values import PointsEnd, Tallies, Ticket
    from app.service.ports import UnitOfWork


class Profiles(Protocol):
    """Files, field by field."""

    def change(
        self,
        work: UnitOfWork,
        member_id: MemberId,
        what: ProfileChange,
        *,
        at: int,
        operator_id: OperatorId | None,
    ) -> None:
        """Record and apply. Raises Refused("member_erased")."""
        ...

    def file(self, member_id: MemberId) -> MemberFile | None: ...
    def fields(self, member_id: MemberId) -> Mapping[str, str]:
        """Every field of this one file that has a value, tags and codes included."""
        ...

    def notes(self, member_id: MemberId, limit: int = 200) -> tuple[Note, ...]: ...
    def note(self, note_id: UUID) -> Note | None: ...
    def due(self, member_id: MemberId, on: date) -> tuple[Note, ...]: ...
    def all_due(self, on: date, limit: int = 200) -> tuple[Note, ...]: ...
    def everyones(self, names: Sequence[str]) -> Mapping[MemberId, Mapping[str, str]]:
        """These fields of everybody who has one of them; ``carrier`` is the newest e-invoice carrier."""
        ...


class Consents(Protocol):
    """Who agreed to what, and who brought whom."""

    def of(self, member_id: MemberId) -> tuple[Consent, ...]: ...
    def give(self, work: UnitOfWork, consent: Consent) -> Consent: ...
    def refer(
        self,
        work: UnitOfWork,
        member_id: MemberId,
        referrer_id: MemberId,
        *,
        at: int,
        operator_id: OperatorId | None,
    ) -> None: ...
    def referrer_of(self, member_id: MemberId) -> MemberId | None: ...
    def referred_by(self, member_id: MemberId) -> tuple[MemberId, ...]: ...


class Merges(Protocol):
    """Which files are one person's."""

    def survivor_of(self, member_id: MemberId) -> MemberId: ...
    def merged_into(self, member_id: MemberId) -> tuple[MemberId, ...]: ...
    def put(
        self,
        work: UnitOfWork,
        member_id: MemberId,
        into: MemberId | None,
        *,
        at: int,
        operator_id: OperatorId | None,
        reason: str,
    ) -> None:
        """Put a file into another, or (None) take it out again."""
        ...

    def dismiss(
        self, work: UnitOfWork, pair: tuple[MemberId, MemberId], *, at: int, operator_id: OperatorId | None
    ) -> None: ...
    def everyone_merged(self) -> frozenset[MemberId]:
        """Every file that was put into another."""
        ...

    def dismissed(self) -> frozenset[frozenset[MemberId]]: ...


class Erasures(Protocol):
    """Forgetting a person for good."""

    def erase(
        self, work: UnitOfWork, member_id: MemberId, *, at: int, operator_id: OperatorId | None, reason: str
    ) -> None: ...
    def value_left(self, member_id: MemberId) -> int:
        """Minor units of stored value that the shop still owes, paid and given together."""
        ...

    def sweep(self) -> None:
        """After the commit: nothing of what was deleted stays in the file's free pages or its log. The till waits meanwhile."""
        ...


class Portraits(Protocol):
    """What somebody bought, read for a portrait."""

    def tickets(self, member_id: MemberId, limit: int) -> tuple[Ticket, ...]:
        """Their sales that stand, newest first, goods that came back left out."""
        ...

    def tallies(self, member_id: MemberId, *, again: int, until: date, limit: int) -> Tallies:
        """What they bought and kept with so many newest tickets; what they bought again, and not since ``until``, with its days."""
        ...

    def visit_days(self, member_id: MemberId) -> tuple[int, ...]:
        """The days of their sales as 20261121, oldest first, each once."""
        ...

    def points_end(self, member_id: MemberId, on: date) -> PointsEnd | None:
        """The points that end first from this day on, all lots of that day together."""
        ...

    def names(self, item_ids: Sequence[ItemId]) -> Mapping[ItemId, str]: ...
    def held(self, family: Sequence[MemberId]) -> dict[str, list[dict[str, Any]]]:
        """Everything else that is these files', by table: for the export of one person's data."""
        ...

    def categories(self, category_ids: Sequence[UUID]) -> Mapping[UUID, str]: ...


class RuleTags(Protocol):
    """Tags that follow from segments. What people gave by hand is never among them, and never touched."""

    def all(self) -> tuple[str, ...]:
        """Every tag that some member carries by rule."""
        ...

    def tagged(self, tag: str) -> frozenset[MemberId]: ...
    def put(self, work: UnitOfWork, tag: str, members: Sequence[MemberId], *, at: int) -> None: ...
    def drop(self, work: UnitOfWork, tag: str, members: Sequence[MemberId]) -> None: ...


class MembershipStore(Protocol):
    """The store's families of rows about members."""

    @property
    def profiles(self) -> Profiles: ...
    @property
    def consents(self) -> Consents: ...
    @property
    def merges(self) -> Merges: ...
    @property
    def erasures(self) -> Erasures: ...
    @property
    def portraits(self) -> Portraits: ...
    @property
    def events(self) -> EventRows: ...
    @property
    def rule_tags(self) -> RuleTags: ...
    def warm(self) -> None:
        """Load what the first enrolment would wait for."""
        ...
