"""A till's agent as its Protocol says it is, without a network: a server that takes what waits, or does not answer.

It reads and empties the real outbox of a real store, refuses what the real one must refuse, and calls its listeners from a thread of its
own when a test asks for that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Thread

from app.domain.errors import Refused, TillError
from app.service.exchange_ports import ExchangeState, SetAside
from app.service.sync_ports import Carried, Cycle, SyncPhase, SyncStatus
from db.store import SqliteStore
from tests.service.small_shop import SteppingClock


class AgentDouble:
    """Implements :class:`app.service.sync_ports.SyncAgent`. ``is_reachable`` and the errors are the world's; the rest is seen."""

    def __init__(self, store: SqliteStore, clock: SteppingClock, *, is_paired: bool = True) -> None:
        self._store = store
        self._clock = clock
        self._listeners: list[Callable[[SyncStatus], None]] = []
        self.is_reachable = True
        self.pair_error: TillError | None = None
        self.carry_error: TillError | None = None
        self.is_cut_off = False
        self.is_running = False
        self.wakes = 0
        self.rounds = 0
        url = "https://office.example.com" if is_paired else ""
        phase = SyncPhase.IDLE if is_paired else SyncPhase.UNPAIRED
        self._status = SyncStatus(phase, server_url=url)

    # --- what the test says ------------------------------------------------------------------------------------------

    def say(self, status: SyncStatus) -> None:
        """It is so from now on; the listeners hear of it here and now."""
        self._status = status
        for listener in tuple(self._listeners):
            listener(status)

    def say_from_its_thread(self, *statuses: SyncStatus) -> None:
        """The same, one after the other, from a thread of its own; back when all was said."""

        def say_all() -> None:
            for one in statuses:
                self.say(one)

        thread = Thread(target=say_all)
        thread.start()
        thread.join()

    def look(self) -> None:
        """Say how it is now, from the outbox."""
        waiting = self._store.desk.unsent_count()
        if self._status.phase is SyncPhase.UNPAIRED:
            return
        if self.is_cut_off or not self.is_reachable:
            problem = "cut_off" if self.is_cut_off else "no_network"
            status = replace(self._status, phase=SyncPhase.OFFLINE, problem=problem)
        else:
            phase = SyncPhase.WAITING if waiting else SyncPhase.IDLE
            status = replace(self._status, phase=phase, problem="")
        self.say(replace(status, waiting=waiting, is_cut_off=self.is_cut_off))

    # --- the Protocol ------------------------------------------------------------------------------------------------

    def start(self) -> None:
        assert not self.is_running, "an agent is started once"
        self.is_running = True

    def stop(self) -> None:
        self.is_running = False

    def status(self) -> SyncStatus:
        return self._status

    def on_change(self, listener: Callable[[SyncStatus], None]) -> None:
        self._listeners.append(listener)

    def wake(self) -> None:
        self.wakes += 1

    def cut_off(self, *, is_cut_off: bool) -> None:
        """As the real one: a plug that is put back is noticed by the next round, and until then the last problem stands."""
        self.is_cut_off = is_cut_off
        if is_cut_off:
            self.look()
        elif self._status.phase is not SyncPhase.UNPAIRED:
            self.say(replace(self._status, is_cut_off=False))

    def run_once(self) -> Cycle:
        self.rounds += 1
        if self.is_cut_off or not self.is_reachable:
            self.look()
            return Cycle(0, 0, self._status.waiting, self._status.problem)
        sent = self._store.desk.unsent_count()
        with self._store.engines.writer_lock:
            self._store.engines.writer.execute("DELETE FROM outbox")
        self._status = replace(self._status, last_contact_at=self._clock.now_ms())
        self.look()
        return Cycle(sent, 0, 0)

    def pair(self, url: str, code: str) -> None:
        if self.pair_error is not None:
            raise self.pair_error
        now = self._clock.now_ms()
        self.say(SyncStatus(SyncPhase.FILLING, server_url=url, last_contact_at=now, progress=120))

    def unpair(self) -> None:
        count = self._store.desk.unsent_count()
        if count:
            raise Refused("facts_unsent", count=count)
        self.say(SyncStatus(SyncPhase.UNPAIRED))

    def carry_out(self, folder: Path) -> Carried:
        count = self._store.desk.unsent_count()
        if not count:
            raise Refused("nothing_waits")
        if self.carry_error is not None:
            raise self.carry_error
        path = folder / "01-1-20261121.carried"
        path.write_bytes(b"sealed")
        return Carried(path, count)


class ExchangeDouble:
    """What the screens ask of :class:`app.service.exchange_ports.Exchange`: how it stands, and what was set aside."""

    def __init__(self, *aside: SetAside, inbox_problems: int = 0, last_push_at: int | None = None) -> None:
        self.aside = list(aside)
        self.inbox_problems = inbox_problems
        self.last_push_at = last_push_at

    def state(self) -> ExchangeState:
        return ExchangeState(
            server=1,
            pulled=0,
            acknowledged_seq=0,
            waiting=0,
            oldest_waiting_at=None,
            last_contact_at=self.last_push_at,
            last_push_at=self.last_push_at,
            last_pull_at=None,
            last_problem="",
            set_aside=len(self.aside),
            inbox_problems=self.inbox_problems,
            filling="",
            filling_as_of=0,
            filling_after=0,
        )

    def set_aside(self, limit: int = 100) -> tuple[SetAside, ...]:
        return tuple(self.aside[:limit])

    def settle_set_aside(self, seq: int, *, at: int) -> None:
        assert at > 0
        self.aside = [one for one in self.aside if one.seq != seq]
