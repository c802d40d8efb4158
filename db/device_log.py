"""What the devices did, newest last, as many as are worth reading. No fact: it may be thrown away."""

from __future__ import annotations

from typing import Final

from app.domain.device import DeviceEvent, EventKind
from db.engine import Engines, transaction
from db.statements import insert

KEPT_MAX: Final = 500
INSERT: Final = insert("device_event", "device", "kind", "occurred_at", "detail")
# By the primary key: everything before the newest 500.
PRUNE: Final = (
    "DELETE FROM device_event WHERE id <= (SELECT id FROM device_event ORDER BY id DESC LIMIT 1 OFFSET ?)"
)
NEWEST: Final = "SELECT device, kind, occurred_at, detail FROM device_event ORDER BY id DESC LIMIT ?"


class DeviceLog:
    """Implements :class:`app.service.counter_devices.DeviceHistory`. Any thread may write; each event is one small commit."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    def add(self, event: DeviceEvent) -> None:
        """Raises Unavailable."""
        row = (event.device, event.kind.value, event.at, event.kept_detail)
        with self._engines.writer_lock, transaction(self._engines.writer) as cursor:
            cursor.execute(INSERT, row)
            cursor.execute(PRUNE, (KEPT_MAX,))

    def newest(self, limit: int = 100) -> tuple[DeviceEvent, ...]:
        """A kind that this version does not know is left out."""
        with self._engines.reading() as cursor:
            rows = cursor.execute(NEWEST, (limit,)).fetchall()
        return tuple(
            DeviceEvent(device, EventKind(kind), at, detail)
            for device, kind, at, detail in rows
            if kind in tuple(EventKind)
        )
