"""Launches, classes, talks: what members sign up for, and who came. State, not facts: an owner may correct a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from app.domain.ids import MemberId, OperatorId
from db.engine import Engines
from db.profile_store import unit
from db.statements import upsert
from db.types import date_number, id_bytes_or_none, id_or_none, number_date

if TYPE_CHECKING:
    from datetime import date

    from app.service.member_events import Guest, ShopEvent
    from app.service.ports import UnitOfWork

EVENTS_MAX: Final = 500

PUT_EVENT: Final = upsert(
    "shop_event", "id", "name", "held_on", "starts_at_minute", "place", "capacity", "note", "changed_at"
)
_EVENT: Final = """
SELECT e.id, e.name, e.held_on, e.starts_at_minute, e.place, e.capacity, e.note,
  (SELECT count(*) FROM event_guest g WHERE g.event_id = e.id),
  (SELECT count(*) FROM event_guest g WHERE g.event_id = e.id AND g.attended_at IS NOT NULL)
FROM shop_event e
"""
ONE_EVENT: Final = f"{_EVENT} WHERE e.id = ?"
# Index shop_event_by_day.
EVENTS_FROM: Final = f"{_EVENT} WHERE e.held_on >= ? ORDER BY e.held_on, e.id LIMIT ?"
DROP_EVENT: Final = "DELETE FROM shop_event WHERE id = ?"
DROP_GUESTS: Final = "DELETE FROM event_guest WHERE event_id = ?"
ADD_GUEST: Final = """
INSERT INTO event_guest (event_id, member_id, signed_up_at, operator_id) VALUES (?, ?, ?, ?)
ON CONFLICT (event_id, member_id) DO NOTHING
"""
DROP_GUEST: Final = "DELETE FROM event_guest WHERE event_id = ? AND member_id = ?"
SET_ATTENDED: Final = "UPDATE event_guest SET attended_at = ? WHERE event_id = ? AND member_id = ?"
GUESTS: Final = """
SELECT event_id, member_id, signed_up_at, attended_at, operator_id FROM event_guest WHERE event_id = ?
ORDER BY signed_up_at, member_id
"""
# Index event_guest_of_member.
OF_MEMBER: Final = """
SELECT event_id, member_id, signed_up_at, attended_at, operator_id FROM event_guest WHERE member_id = ?
ORDER BY signed_up_at, event_id
"""


class SqliteShopEvents:
    """Implements :class:`app.service.member_events.EventRows`."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    def put(self, work: UnitOfWork, event: ShopEvent, *, at: int) -> None:
        unit(work).cursor.execute(
            PUT_EVENT,
            (
                event.id.bytes,
                event.name,
                date_number(event.held_on),
                event.starts_at_minute,
                event.place,
                event.capacity,
                event.note,
                at,
            ),
        )

    def drop(self, work: UnitOfWork, event_id: UUID) -> None:
        unit(work).cursor.execute(DROP_GUESTS, (event_id.bytes,))
        unit(work).cursor.execute(DROP_EVENT, (event_id.bytes,))

    def within(self, work: UnitOfWork, event_id: UUID) -> ShopEvent | None:
        """As it stands inside this unit, when nobody else can write."""
        row = unit(work).cursor.execute(ONE_EVENT, (event_id.bytes,)).fetchone()
        return None if row is None else _event(row)

    def sign_up(
        self,
        work: UnitOfWork,
        event_id: UUID,
        member_id: MemberId,
        *,
        at: int,
        operator_id: OperatorId | None,
    ) -> bool:
        """False when they were on the list already."""
        row = (event_id.bytes, member_id.bytes, at, id_bytes_or_none(operator_id))
        return unit(work).cursor.execute(ADD_GUEST, row).rowcount == 1

    def strike(self, work: UnitOfWork, event_id: UUID, member_id: MemberId) -> bool:
        return unit(work).cursor.execute(DROP_GUEST, (event_id.bytes, member_id.bytes)).rowcount == 1

    def attended(self, work: UnitOfWork, event_id: UUID, member_id: MemberId, at: int | None) -> bool:
        return unit(work).cursor.execute(SET_ATTENDED, (at, event_id.bytes, member_id.bytes)).rowcount == 1

    def event(self, event_id: UUID) -> ShopEvent | None:
        with self._engines.reading() as cursor:
            row = cursor.execute(ONE_EVENT, (event_id.bytes,)).fetchone()
            return None if row is None else _event(row)

    def from_day(self, day: date) -> tuple[ShopEvent, ...]:
        with self._engines.reading() as cursor:
            rows = cursor.execute(EVENTS_FROM, (date_number(day), EVENTS_MAX)).fetchall()
            return tuple(map(_event, rows))

    def guests(self, event_id: UUID) -> tuple[Guest, ...]:
        with self._engines.reading() as cursor:
            return tuple(map(_guest, cursor.execute(GUESTS, (event_id.bytes,)).fetchall()))

    def of_member(self, member_id: MemberId) -> tuple[Guest, ...]:
        with self._engines.reading() as cursor:
            return tuple(map(_guest, cursor.execute(OF_MEMBER, (member_id.bytes,)).fetchall()))


def _event(row: Any) -> ShopEvent:
    from app.service.member_events import ShopEvent

    event_id, name, held_on, starts_at_minute, place, capacity, note, signed_up, attended = row
    return ShopEvent(
        id=UUID(bytes=event_id),
        name=name,
        held_on=number_date(held_on),
        starts_at_minute=starts_at_minute,
        place=place,
        capacity=capacity,
        note=note,
        signed_up=signed_up,
        attended=attended,
    )


def _guest(row: Any) -> Guest:
    from app.service.member_events import Guest

    event_id, member_id, signed_up_at, attended_at, operator_id = row
    return Guest(
        UUID(bytes=event_id),
        MemberId(UUID(bytes=member_id)),
        signed_up_at,
        attended_at,
        id_or_none(OperatorId, operator_id),
    )
