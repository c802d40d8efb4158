"""Keeps an eye on the talk with the central server for the screen: one status, one look of the lamp, and a signal when either is another.

The agent tells from a thread of its own, as often as it likes; here it arrives at most once at a time, and what is shown stays shown for
a second at least. Nothing waits for the network.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.errors import TillError
from app.service.sync_desk import (
    AgeLimits,
    LampLook,
    Said,
    SyncNotice,
    as_it_is,
    balance_age,
    closing_notice,
    is_passing,
    lamp_of,
    load_age_limits,
    sign_on_notices,
)
from app.service.sync_ports import SyncPhase, SyncStatus
from ui.tasks import Worker

if TYPE_CHECKING:
    from app.service.sync_drill import DrillDesk
    from app.service.sync_office import SyncOffice
    from app.service.sync_ports import SyncAgent
    from app.service.till import Till
    from ui.tasks import Tasks

HOLD_MS: Final = 1_000
SETTLE_MS: Final = 1_500
"""What is sent sooner is never spoken of."""
COUNT_EVERY_MS: Final = 2_000
COUNT_LONG_EVERY_MS: Final = 15_000
LONG_OUTBOX: Final = 1_000


class SyncWatch(QObject):
    """The talk of one till.

    Signals:
        changed(): what is shown is another.
        told(): the agent said something new; for a page that shows everything as it is now.
    """

    changed = Signal()
    told = Signal()

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._till: Till | None = None
        self._agent: SyncAgent | None = None
        self._shown: SyncStatus | None = None
        self._newest: SyncStatus | None = None
        self._tickets: int | None = None
        self._counted = -1
        self._limits = AgeLimits()
        self._confirmed: int | None = None
        self._arriving: SyncStatus | None = None  # on its way from the agent's thread
        self._lock = threading.Lock()
        self.pause = QTimer(self)
        self.pause.setSingleShot(True)
        self.pause.timeout.connect(self._on_pause_over)
        self.count_soon = QTimer(self)
        self.count_soon.setSingleShot(True)
        self.count_soon.timeout.connect(self._count)

    # --- what the window calls ---------------------------------------------------------------------------------------

    def use_till(self, till: Till) -> None:
        """Follow this till's agent, and start it if it is a new one. In practice the real till's goes on, and nothing is shown of it."""
        self._till = till
        if till.session.is_training:
            self.changed.emit()
            return

        def make() -> SyncAgent | None:
            """Heavy to load, so that no key waits for it."""
            _ = till.exchange
            return till.sync

        self._tasks.run(make, lambda agent: self._follow(till, agent), worker=Worker.POOL, owner=self)

    def _follow(self, till: Till, agent: SyncAgent | None) -> None:
        if till is not self._till:
            return
        self.read_settings()
        if agent is not None and agent is not self._agent:
            from app.service.sync_drill import DrillDesk

            self._agent = agent
            # A drill that was under way still is, before anything is sent.
            DrillDesk(till.store, till.session, till.clock, agent).take_up()
            agent.on_change(lambda status: self._arrive(agent, status))
            agent.start()
        self._agent = agent
        self._newest = None if agent is None else as_it_is(agent.status())
        self._show(self._newest)

    def read_settings(self) -> None:
        """The limits of age, and which difference of the clocks was confirmed."""
        from app.service.sync_office import CLOCK_CONFIRMED, confirmed_apart

        assert self._till is not None
        settings = self._till.store.desk.settings()
        self._limits = load_age_limits(settings)
        self._confirmed = confirmed_apart(settings.get(CLOCK_CONFIRMED))
        self.changed.emit()

    def wake(self) -> None:
        """Something was written: try soon."""
        if self.agent is not None:
            self.agent.wake()

    # --- what it says ------------------------------------------------------------------------------------------------

    @property
    def agent(self) -> SyncAgent | None:
        """None in practice, and where this till can have no server."""
        return None if self._till is None or self._till.session.is_training else self._agent

    @property
    def status(self) -> SyncStatus | None:
        """As the agent said it last; None without an agent."""
        return None if self.agent is None else self._newest

    @property
    def is_paired(self) -> bool:
        return self.status is not None and self.status.phase is not SyncPhase.UNPAIRED

    @property
    def limits(self) -> AgeLimits:
        return self._limits

    @property
    def look(self) -> LampLook | None:
        """The lamp as it is shown now."""
        return None if self.agent is None or self._shown is None else self.look_at(self._shown)

    def look_at(self, status: SyncStatus) -> LampLook | None:
        """The lamp as it would be with this status."""
        assert self._till is not None
        return lamp_of(status, self._limits, tickets=self._tickets, local=self._till.clock.local())

    def office(self) -> SyncOffice:
        """For what the page reads and writes, on the store's worker."""
        from app.service.sync_office import SyncOffice

        till = self._till
        assert till is not None
        return SyncOffice(till.store, till.session, till.clock, till.exchange, self.drill())

    def drill(self) -> DrillDesk | None:
        till, agent = self._till, self.agent
        if till is None or agent is None:
            return None
        from app.service.sync_drill import DrillDesk

        return DrillDesk(till.store, till.session, till.clock, agent)

    def balance_age(self) -> Said:
        """How old a member's points are, where that matters."""
        if self._till is None:
            return Said()
        clock = self._till.clock
        return balance_age(self.status, self._limits, now=clock.now_ms(), local=clock.local())

    def sign_on_notices(self) -> tuple[SyncNotice, ...]:
        status = self.status
        if status is None:
            return ()
        return sign_on_notices(status, self._limits, confirmed_apart_ms=self._confirmed)

    def closing_notice(self) -> SyncNotice | None:
        return None if self.status is None else closing_notice(self.status, self._limits)

    # --- what comes in -----------------------------------------------------------------------------------------------

    def _arrive(self, agent: SyncAgent, status: SyncStatus) -> None:
        """On the agent's thread. One at a time is on its way, so that a busy agent never floods the screen."""
        with self._lock:
            is_on_its_way = self._arriving is not None
            self._arriving = status
        if not is_on_its_way:
            self._tasks.deliver(lambda: self._on_arrived(agent))

    def _on_arrived(self, agent: SyncAgent) -> None:
        with self._lock:
            status, self._arriving = self._arriving, None
        if status is None or agent is not self._agent:
            return
        self._newest = status = as_it_is(status)
        self.told.emit()
        if self.pause.isActive():
            return
        if self._shown is not None and is_passing(self._shown, status):
            self.pause.start(SETTLE_MS)
        elif status != self._shown:
            self._show(status)

    def _on_pause_over(self) -> None:
        now, shown = self._newest, self._shown
        if now == shown:
            return
        was_held = self.pause.interval() == HOLD_MS
        if was_held and now is not None and shown is not None and is_passing(shown, now):
            self.pause.start(SETTLE_MS)
        else:
            self._show(now)

    def _show(self, status: SyncStatus | None) -> None:
        self._shown = status
        self.changed.emit()
        self.pause.start(HOLD_MS)
        if status is None or not status.waiting:
            self._tickets, self._counted = None, 0
        elif status.waiting != self._counted and not self.count_soon.isActive():
            self.count_soon.start(0 if self._tickets is None else _count_every(status.waiting))

    def _count(self) -> None:
        """How many of what waits are sales: on the pool, never before what a sale has to read."""
        till, status = self._till, self._newest
        if till is None or status is None or not status.waiting or till.session.is_training:
            return
        waiting = status.waiting

        def done(tickets: int) -> None:
            self._counted = waiting
            if tickets != self._tickets:
                self._tickets = tickets
                self.changed.emit()

        self._tasks.run(till.store.desk.unsent_tickets, done, _not_now, worker=Worker.POOL, owner=self)


def _count_every(waiting: int) -> int:
    return COUNT_EVERY_MS if waiting <= LONG_OUTBOX else COUNT_LONG_EVERY_MS


def _not_now(_: TillError) -> None:
    """Whoever sells is told by the sale that the store cannot be read; the next change asks again."""
