"""The till's side of the talk with the central server, as the owner looks at it: how it stands, what was set aside, the clocks, the limits.

Reads and writes on the store's worker; the agent does its own work elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.domain.authority import Approval, Right
from app.domain.errors import Refused
from app.service.ports import AuditEvent
from app.service.sync_desk import AgeLimits, limits_to_settings

if TYPE_CHECKING:
    from app.service.exchange_ports import Exchange, ExchangeState, SetAside
    from app.service.ports import Clock, Store, Unsent
    from app.service.session import Session
    from app.service.sync_drill import DrillDesk, DrillProgress

CLOCK_CONFIRMED: Final = "sync.clock_confirmed_apart_ms"
SET_ASIDE_SHOWN_MAX: Final = 50


@dataclass(frozen=True, slots=True)
class SyncPicture:
    """How it stands, beside what the agent says by itself."""

    unsent: Unsent
    state: ExchangeState | None = None
    set_aside: tuple[SetAside, ...] = ()
    drill: DrillProgress | None = None


class SyncOffice:
    def __init__(
        self,
        store: Store,
        session: Session,
        clock: Clock,
        exchange: Exchange | None,
        drill: DrillDesk | None,
    ) -> None:
        self._store = store
        self._session = session
        self._clock = clock
        self._exchange = exchange
        self._drill = drill

    def picture(self) -> SyncPicture:
        exchange = self._exchange
        return SyncPicture(
            self._store.desk.unsent(),
            None if exchange is None else exchange.state(),
            () if exchange is None else exchange.set_aside(SET_ASIDE_SHOWN_MAX),
            None if self._drill is None else self._drill.progress(),
        )

    def mark_seen(self, seq: int, approval: Approval | None = None) -> None:
        """Somebody saw to a fact that was set aside. Raises ApprovalNeeded."""
        self._session.permit(Right.SETTINGS, 1, approval)
        assert self._exchange is not None
        self._exchange.settle_set_aside(seq, at=self._clock.now_ms())

    def confirm_clock(self, apart_ms: int, approval: Approval | None = None) -> None:
        """Somebody says that this till's clock is right although it is this far from the server's. Raises ApprovalNeeded."""
        self._session.permit(Right.SETTINGS, 1, approval)
        self._write(
            "clock_confirmed",
            {"apart_ms": apart_ms},
            {CLOCK_CONFIRMED: apart_ms},
            approval,
        )

    def save_limits(self, limits: AgeLimits, approval: Approval | None = None) -> None:
        """When to warn, from now on. Raises ApprovalNeeded, Refused("sync_limits_order")."""
        self._session.permit(Right.SETTINGS, 1, approval)
        if limits.banner_days < limits.note_days:
            raise Refused("sync_limits_order")
        settings = limits_to_settings(limits)
        self._write("settings_changed", dict(settings), settings, approval)

    def _write(
        self,
        kind: str,
        details: Mapping[str, object],
        settings: Mapping[str, object],
        approval: Approval | None,
    ) -> None:
        event = AuditEvent(
            kind,
            self._session.operator_id,
            self._clock.now_ms(),
            details,
            None if approval is None else approval.approved_by,
        )
        with self._store.begin() as work:
            for key, value in settings.items():
                work.put_setting(key, value)
            work.audit(event)
            work.commit()


def confirmed_apart(stored: object) -> int | None:
    """The difference of the clocks that somebody has confirmed."""
    return stored if isinstance(stored, int) and not isinstance(stored, bool) else None
