"""Member events: a launch, a class, a talk; who signed up, who came, and how many places there are.

The list is never longer than the room: places are counted again inside the unit of work that takes one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from app.domain.errors import Refused
from app.domain.ids import MemberId, OperatorId
from app.service.ports import AuditEvent, Clock, IdSource, Store, UnitOfWork

if TYPE_CHECKING:
    from app.service.session import Session

NAME_CHARACTERS_MAX = 80


@dataclass(frozen=True, slots=True)
class ShopEvent:
    """``starts_at_minute`` counts from midnight; no ``capacity`` means that everybody finds a place."""

    id: UUID
    name: str
    held_on: date
    starts_at_minute: int | None = None
    place: str = ""
    capacity: int | None = None
    note: str = ""
    signed_up: int = 0
    attended: int = 0

    @property
    def is_full(self) -> bool:
        return self.capacity is not None and self.signed_up >= self.capacity


@dataclass(frozen=True, slots=True)
class Guest:
    event_id: UUID
    member_id: MemberId
    signed_up_at: int
    attended_at: int | None = None
    operator_id: OperatorId | None = None


class EventRows(Protocol):
    """What the store keeps of them."""

    def put(self, work: UnitOfWork, event: ShopEvent, *, at: int) -> None: ...
    def drop(self, work: UnitOfWork, event_id: UUID) -> None: ...
    def within(self, work: UnitOfWork, event_id: UUID) -> ShopEvent | None: ...
    def sign_up(
        self,
        work: UnitOfWork,
        event_id: UUID,
        member_id: MemberId,
        *,
        at: int,
        operator_id: OperatorId | None,
    ) -> bool: ...
    def strike(self, work: UnitOfWork, event_id: UUID, member_id: MemberId) -> bool: ...
    def attended(self, work: UnitOfWork, event_id: UUID, member_id: MemberId, at: int | None) -> bool: ...
    def event(self, event_id: UUID) -> ShopEvent | None: ...
    def from_day(self, day: date) -> tuple[ShopEvent, ...]: ...
    def guests(self, event_id: UUID) -> tuple[Guest, ...]: ...
    def of_member(self, member_id: MemberId) -> tuple[Guest, ...]: ...


class MemberEvents:
    """The desk at which lists are kept."""

    def __init__(self, store: Store, session: Session, clock: Clock, ids: IdSource) -> None:
        self._store = store
        self._rows = store.membership.events
        self._session = session
        self._clock = clock
        self._ids = ids

    def add(
        self,
        name: str,
        held_on: date,
        *,
        starts_at_minute: int | None = None,
        place: str = "",
        capacity: int | None = None,
        note: str = "",
    ) -> ShopEvent:
        """Raises Refused: "event_name_needed", "event_capacity"."""
        event = ShopEvent(UUID(int=self._ids().int), name, held_on, starts_at_minute, place, capacity, note)
        return self._save(event, "member_event_added")

    def change(self, event: ShopEvent) -> ShopEvent:
        """Raises Refused: "event_gone", "event_capacity" when more have signed up than would find a place."""
        return self._save(event, "member_event_changed")

    def cancel(self, event_id: UUID) -> None:
        """The event does not take place; its list goes with it."""
        with self._store.begin() as work:
            event = self._there(work, event_id)
            self._rows.drop(work, event_id)
            work.audit(self._note("member_event_cancelled", event))
            work.commit()

    def sign_up(self, event_id: UUID, member_id: MemberId) -> ShopEvent:
        """Raises Refused: "event_gone", "event_full", "event_guest_known", "member_gone"."""
        with self._store.begin() as work:
            event = self._there(work, event_id)
            card = self._store.members.by_id(member_id)
            if card is None or card.member.is_erased:
                raise Refused("member_gone")
            if event.is_full:
                raise Refused("event_full", name=event.name, capacity=event.capacity)
            person, at, by = card.member.id, self._clock.now_ms(), self._session.operator_id
            if not self._rows.sign_up(work, event_id, person, at=at, operator_id=by):
                raise Refused("event_guest_known", name=event.name)
            event = self._there(work, event_id)
            work.commit()
        return event

    def strike(self, event_id: UUID, member_id: MemberId) -> None:
        """Take somebody off the list; the place is free again."""
        with self._store.begin() as work:
            if not self._rows.strike(work, event_id, member_id):
                raise Refused("event_guest_gone")
            work.commit()

    def attend(self, event_id: UUID, member_id: MemberId, *, has_come: bool = True) -> None:
        """Tick somebody off at the door. Who did not sign up is put on the list, if there is room. Raises Refused as ``sign_up`` does."""
        with self._store.begin() as work:
            at = self._clock.now_ms() if has_come else None
            is_listed = self._rows.attended(work, event_id, member_id, at)
            if is_listed:
                work.commit()
        if not is_listed:
            if not has_come:
                raise Refused("event_guest_gone")
            self.sign_up(event_id, member_id)
            self.attend(event_id, member_id)

    def coming(self) -> tuple[ShopEvent, ...]:
        """From today on, the next one first."""
        return self._rows.from_day(self._clock.local().date())

    def guests(self, event_id: UUID) -> tuple[Guest, ...]:
        return self._rows.guests(event_id)

    def of_member(self, member_id: MemberId) -> tuple[Guest, ...]:
        return self._rows.of_member(member_id)

    def _save(self, event: ShopEvent, kind: str) -> ShopEvent:
        event = replace(event, name=" ".join(event.name.split())[:NAME_CHARACTERS_MAX])
        if not event.name:
            raise Refused("event_name_needed")
        with self._store.begin() as work:
            present = self._rows.within(work, event.id)
            if present is None and kind != "member_event_added":
                raise Refused("event_gone")
            signed_up = present.signed_up if present else 0
            if event.capacity is not None and event.capacity < max(1, signed_up):
                raise Refused("event_capacity", signed_up=signed_up)
            self._rows.put(work, event, at=self._clock.now_ms())
            work.audit(self._note(kind, event))
            saved = self._there(work, event.id)
            work.commit()
        return saved

    def _there(self, work: UnitOfWork, event_id: UUID) -> ShopEvent:
        event = self._rows.within(work, event_id)
        if event is None:
            raise Refused("event_gone")
        return event

    def _note(self, kind: str, event: ShopEvent) -> AuditEvent:
        details = {"event": event.id.hex, "held_on": event.held_on.isoformat()}
        return AuditEvent(kind, self._session.operator_id, self._clock.now_ms(), details)
