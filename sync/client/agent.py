"""Who speaks with the server while the till sells: one thread of its own, and a status that is always at hand.

Nothing of it ever reaches the till as an exception. What is slow (a network that does not answer) happens on the agent's thread; asking,
waking and cutting it off return at once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app import log
from app.domain.errors import Refused, TillError, Unavailable
from app.service.exchange_ports import Exchange, ExchangeState
from app.service.lease_ports import LeaseBook
from app.service.ports import Clock, Store
from app.service.shop import load_shop
from app.service.sync_ports import Carried, Cycle, SyncPhase, SyncStatus
from sync.client.address import ServerAddress, parse_address
from sync.client.identity import SEED_BYTES, KeptIdentity, Pairing, Vault, read_pairing, write_pairing
from sync.client.link import Link
from sync.client.rounds import Step, StepKind
from sync.client.schedule import Pace, Schedule
from sync.client.trouble import NEEDS_SOMEBODY, Problem

if TYPE_CHECKING:
    from sync.client.engine import Engine
    from sync.client.transport import Transport

# What speaks the protocol is loaded when somebody is spoken with: an agent is made while the till starts.

COMPARE_EVERY_MS: Final = 10 * 60_000
JOIN_SECONDS: Final = 3
DAY_MS: Final = 86_400_000
RESTS: Final = {StepKind.PUSH: 8, StepKind.PULL: 8, StepKind.FILL: 1}
"""After such a step the thread rests so many times as long as it took."""
REST_MAX_MS: Final = 1_000
NO_KEY: Final = ("device_key_lost", "keyring_missing")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """``ticks_ms`` never goes back, whatever happens to the date. ``random(n)`` gives n bytes."""

    clock: Clock
    ticks_ms: Callable[[], int]
    random: Callable[[int], bytes]
    vault: Vault
    make_transport: Callable[[ServerAddress], Transport]
    pace: Pace = field(default_factory=Pace)


class Agent:
    """Implements :class:`app.service.sync_ports.SyncAgent`."""

    def __init__(
        self, store: Store, exchange: Exchange, around: Surroundings, leases: LeaseBook | None = None
    ) -> None:
        self._store = store
        self._exchange = exchange
        self._around = around
        self._leases = leases
        self._pairing = read_pairing(store)
        self._schedule = Schedule(around.random, around.ticks_ms(), around.pace)
        self._talking = threading.RLock()  # whoever drives the engine
        self._signal = threading.Condition()
        self._is_started = False
        self._is_woken = False
        self._is_urgent = False
        self._is_stopping = False
        self._is_cut_off = False
        self._thread: threading.Thread | None = None
        self._engine: Engine | None = None
        self._transport: Transport | None = None
        self._listeners: list[Callable[[SyncStatus], None]] = []
        self._link = Link(store, around.clock)
        self._problem: Problem | None = None
        self._next_attempt_at: int | None = None
        self._status = SyncStatus(SyncPhase.UNPAIRED if self._pairing is None else SyncPhase.WAITING)
        self._remember()
        if leases is not None:
            leases.on_need(self.wake)

    # --- what anybody may call --------------------------------------------------------------------------------------------

    def start(self) -> None:
        """A till that stands alone needs no thread until it is paired."""
        self._is_started = True
        if self._thread is None and self._pairing is not None:
            self._thread = threading.Thread(target=self._work, name="sync", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        with self._signal:
            self._is_stopping = True
            self._signal.notify_all()
        transport = self._transport
        if transport is not None:
            transport.abort()
        if self._thread is not None:
            self._thread.join(JOIN_SECONDS)
        if self._talking.acquire(blocking=False):
            self._drop_engine()
            self._talking.release()

    def status(self) -> SyncStatus:
        return self._status

    def on_change(self, listener: Callable[[SyncStatus], None]) -> None:
        self._listeners.append(listener)

    def wake(self) -> None:
        with self._signal:
            self._is_woken = True
            self._signal.notify_all()

    def cut_off(self, *, is_cut_off: bool) -> None:
        with self._signal:
            self._is_cut_off = is_cut_off
            self._is_urgent = self._is_woken = True
            self._signal.notify_all()
        transport = self._transport
        if is_cut_off and transport is not None:
            transport.abort()

    @property
    def pairing(self) -> Pairing | None:
        """With which server; None for a till that stands alone."""
        return self._pairing

    def refresh(self) -> SyncStatus:
        """The status as the books have it now. Reads the database."""
        with self._talking:
            self._show(is_talking=False)
        return self._status

    # --- what takes as long as it takes -----------------------------------------------------------------------------------

    def run_once(self) -> Cycle:
        with self._talking:
            return self._round()

    def pair(self, url: str, code: str) -> None:
        from sync.client.pairing import normal_code, pair

        address, code = parse_address(url), normal_code(code)
        shop = load_shop(self._store.desk.settings())
        with self._talking:
            transport = self._around.make_transport(address)
            try:
                pairing, server = pair(
                    address, code, self._exchange.device_id,
                    store_code=shop.store_code, till_code=shop.till_code, name=shop.name, transport=transport,
                    vault=self._around.vault, now=self._around.clock.now_ms(), random=self._around.random,
                )  # fmt: skip
            finally:
                transport.close()
            before = self._pairing
            self._exchange.start_over(server, at=self._around.clock.now_ms())
            self._use(pairing)
            if before is not None:
                self._around.vault.forget(before.key_id)
            if self._is_started:
                self.start()
        self.wake()

    def unpair(self) -> None:
        with self._talking:
            waiting = self._exchange.state().waiting
            if self._pairing is None:
                return
            if waiting:
                raise Refused("facts_unsent", count=waiting)
            before = self._pairing
            self._use(None)
            self._around.vault.forget(before.key_id)

    def carry_out(self, folder: Path) -> Carried:
        from sync.client.carry import carry_out
        from sync.client.packing import Packer

        with self._talking:
            if self._pairing is None:
                raise Refused("not_paired")
            identity, clock = self._identity(self._pairing), self._around.clock
            shop = load_shop(self._store.desk.settings())
            return carry_out(
                folder,
                Packer(self._exchange, identity, clock, self._around.random),
                identity,
                self._pairing.carry_key,
                device=self._exchange.device_id.bytes,
                till=f"{shop.store_code}-{shop.till_code}",
                local=clock.local(),
                seed=self._around.random(SEED_BYTES),
            )

    def _use(self, pairing: Pairing | None) -> None:
        """From now on this server, or none."""
        write_pairing(self._store, pairing)
        self._pairing = pairing
        self._problem = None
        self._link.forget()
        self._drop_engine()
        self._show(is_talking=False)

    def _remember(self) -> None:
        """How the last round before this start ended."""
        try:
            self._problem = _problem_of(self._exchange.state().last_problem)
        except TillError as error:
            log.sync.info("this till's own database: %s", error.code)
        self._show(is_talking=False)

    # --- the thread -------------------------------------------------------------------------------------------------------

    def _work(self) -> None:
        while self._wait():
            with self._talking:
                if not self._is_stopping:
                    self._round()

    def _wait(self) -> bool:
        """Until the next attempt is due; False when the till closes."""
        while True:
            with self._signal:
                pause = self._schedule.due_at - self._around.ticks_ms()
                if not self._is_woken and not self._is_stopping and (pause > 0 or self._pairing is None):
                    self._signal.wait(None if self._pairing is None else pause / 1000)
                if self._is_stopping:
                    return False
                is_woken, self._is_woken = self._is_woken, False
                is_urgent, self._is_urgent = self._is_urgent, False
            if is_woken:
                with self._talking:
                    self._schedule.wake(self._around.ticks_ms(), is_urgent=is_urgent)
                    self._plan()
                    self._show(is_talking=False)
            if self._pairing is not None and self._schedule.due_at <= self._around.ticks_ms():
                return True

    def _pause(self, wait_ms: int) -> bool:
        """The server asked for a pause in the middle of a round."""
        with self._signal:
            self._signal.wait_for(lambda: self._is_stopping, wait_ms / 1000)
            return not self._is_stopping

    def _rest(self, step: Step, took_ms: int) -> None:
        """Leave the machine to whoever sells beside it: a long backlog takes a little longer, and no sale does."""
        if self._is_started and step.kind in RESTS:
            self._pause(min(REST_MAX_MS, RESTS[step.kind] * took_ms))

    # --- one round --------------------------------------------------------------------------------------------------------

    def _round(self) -> Cycle:
        """Never raises: whatever happens is a problem with a code."""
        later: list[int] = []
        began = self._around.ticks_ms()

        def on_step(step: Step) -> None:
            nonlocal began
            if step.is_last and step.wait_ms:
                later.append(step.wait_ms)
            self._show(is_talking=not step.is_last)
            if not step.is_last:
                self._rest(step, self._around.ticks_ms() - began)
            began = self._around.ticks_ms()

        cycle = Cycle(0, 0, self._status.waiting)
        try:
            engine = self._opened()
            self._show(is_talking=True)
            cycle = engine.round(wait=self._pause, on_step=on_step)
        except _Unable as unable:
            cycle = Cycle(0, 0, self._status.waiting, unable.problem.value)
        except TillError as error:
            log.sync.info("this till itself: %s", error.code)
            problem = Problem.KEY_LOST if error.code in NO_KEY else Problem.STORAGE
            cycle = Cycle(0, 0, self._status.waiting, problem.value)
        except Exception as error:
            if not self._is_stopping:
                log.sync.error("a round failed", exc_info=error)
            cycle = Cycle(0, 0, self._status.waiting, Problem.INTERNAL.value)
        if not self._is_stopping:
            self._end(cycle, later[-1] if later else 0)
        return cycle

    def _opened(self) -> Engine:
        """The engine of the present pairing. Raises _Unable."""
        from sync.client.engine import Engine, Intervals

        if self._pairing is None:
            raise _Unable(Problem.UNPAIRED)
        if self._is_cut_off:
            self._drop_engine()
            raise _Unable(Problem.CUT_OFF)
        if self._engine is None:
            identity = self._identity(self._pairing)
            self._transport = self._around.make_transport(parse_address(self._pairing.url))
            self._engine = Engine(
                self._exchange, identity, self._transport, self._around.clock, self._around.random,
                Intervals(compare_ms=COMPARE_EVERY_MS), self._leases,
            )  # fmt: skip
        return self._engine

    def _identity(self, pairing: Pairing) -> KeptIdentity:
        """Raises Unavailable("device_key_lost")."""
        seed = self._around.vault.load(pairing.key_id)
        if seed is None:
            raise Unavailable("device_key_lost", can_retry=False)
        return KeptIdentity(self._store, self._around.vault, pairing, seed)

    def _drop_engine(self) -> None:
        transport, self._engine, self._transport = self._transport, None, None
        if transport is not None:
            transport.close()

    def _end(self, cycle: Cycle, wait_ms: int) -> None:
        """What the round means for the next one, for the books and for whoever looks."""
        self._problem = Problem(cycle.problem) if cycle.problem else None
        if self._problem is Problem.STOPPED:  # the drill cut it in the middle
            self._drop_engine()
            self._problem = Problem.CUT_OFF
        now = self._around.ticks_ms()
        is_stuck = bool(cycle.waiting) and not cycle.sent
        if self._problem is None and not is_stuck:
            self._schedule.went_well(now, is_more=bool(cycle.waiting), wait_ms=wait_ms)
        else:
            self._schedule.failed(now, wait_ms=wait_ms)
        if self._problem is not Problem.UNPAIRED:
            if self._link.round_ended(self._problem, is_cut_off=self._is_cut_off):
                self._schedule.wake(now)
        self._plan()
        self._show(is_talking=False)

    def _plan(self) -> None:
        """The next attempt as the wall clock shows it."""
        pause = max(0, self._schedule.due_at - self._around.ticks_ms())
        self._next_attempt_at = self._around.clock.now_ms() + pause

    # --- the status -------------------------------------------------------------------------------------------------------

    def _show(self, *, is_talking: bool) -> None:
        try:
            status = self._status_of(self._exchange.state(), is_talking=is_talking)
        except TillError as error:
            log.sync.info("this till's own database: %s", error.code)
            return
        is_new, self._status = status != self._status, status
        if is_new:
            for listener in tuple(self._listeners):
                listener(status)

    def _problem_now(self) -> Problem | None:
        """The drill is on the moment it is asked for, and over the moment it ends."""
        if self._is_cut_off:
            return Problem.CUT_OFF
        return None if self._problem is Problem.CUT_OFF else self._problem

    def _status_of(self, state: ExchangeState, *, is_talking: bool) -> SyncStatus:
        if self._pairing is None:
            return SyncStatus(SyncPhase.UNPAIRED)
        now = self._around.clock.now_ms()
        address = parse_address(self._pairing.url)
        problem = self._problem_now()
        oldest = state.oldest_waiting_at
        return SyncStatus(
            phase=_phase(state, problem, is_talking=is_talking),
            waiting=state.waiting,
            last_contact_at=state.last_contact_at,
            problem="" if problem is None else problem.value,
            progress=self._engine.fill_progress if self._engine is not None and state.filling else 0,
            set_aside=state.set_aside,
            age_days=0 if oldest is None else max(0, now - oldest) // DAY_MS,
            next_attempt_at=None if is_talking else self._next_attempt_at,
            server_url=self._pairing.url,
            is_encrypted=address.is_safe,
            is_cut_off=self._is_cut_off,
            clock_apart_ms=0 if self._engine is None else -self._engine.clock_apart_ms // 1000 * 1000,
        )


class _Unable(Exception):
    """Not even a request can be made."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem


def _problem_of(code: str) -> Problem | None:
    """What an earlier version of the till wrote down may be unknown to this one."""
    try:
        return Problem(code) if code else None
    except ValueError:
        return None


def _phase(state: ExchangeState, problem: Problem | None, *, is_talking: bool) -> SyncPhase:
    if problem in NEEDS_SOMEBODY:
        return SyncPhase.TROUBLE
    if problem is not None and problem is not Problem.BUSY:
        return SyncPhase.OFFLINE
    if is_talking and state.filling:
        return SyncPhase.FILLING
    if is_talking and state.waiting:
        return SyncPhase.SENDING
    return SyncPhase.WAITING if state.waiting or problem is not None else SyncPhase.IDLE
