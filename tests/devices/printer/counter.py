"""A small shop with a real spool on a real line: sells, prints on a virtual printer, and reads back what the books say."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.domain.ids import Uuid7Source
from app.service.devices import PrinterState
from app.service.ports import PrintJob
from app.service.printing import PrintDesk
from app.service.session import Session
from app.service.shop import ShopSettings
from db.store import open_store
from devices.printer.connection import Timing
from devices.printer.line_printer import ReceiptPrinter
from devices.profile import Cutter, Fence, PrinterProfile
from devices.spool import PrintSpool
from tests.service.small_shop import KEY, SmallShop, SteppingClock, open_small_shop, wire_small_shop

PATIENCE_SECONDS = 30.0
"""Only a machine that is busy with something else ever needs more than an instant."""

QUICK = Timing(
    open_seconds=5.0,
    answer_seconds=2.0,
    listen_seconds=0.01,
    poll_seconds=0.02,
    idle_seconds=0.02,
    stall_seconds=0.05,
    give_up_seconds=60.0,
    fence_seconds=60.0,
    back_off_first_seconds=0.01,
    back_off_most_seconds=0.05,
)


def profile_for(address: str, **other: Any) -> PrinterProfile:
    """What the wizard would have found out about a virtual printer."""
    known: dict[str, Any] = {
        "name": "receipts",
        "dots": 384,
        "columns": 32,
        "cutter": Cutter.PARTIAL,
        "answers_status": True,
        "pushes_status": True,
        "kicks_at_once": True,
        "fence": Fence.GS_H,
        "address": address,
    }
    return PrinterProfile(**{**known, **other})


@dataclass
class SpoolWatch:
    """Collects what the spool says, and wakes whoever waits for it."""

    changes: list[tuple[int, str, str]] = field(default_factory=list)
    states: list[PrinterState] = field(default_factory=list)
    shut: list[str] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def on_change(self, job: PrintJob) -> None:
        with self._changed:
            self.changes.append((job.id, job.state, job.detail))
            self._changed.notify_all()

    def on_status(self, state: PrinterState) -> None:
        with self._changed:
            self.states.append(state)
            self._changed.notify_all()

    def on_drawer_shut(self, code: str) -> None:
        with self._changed:
            self.shut.append(code)
            self._changed.notify_all()

    def wait_for(self, job_id: int, state: str) -> None:
        self._until(
            lambda: any(change[:2] == (job_id, state) for change in self.changes), f"{job_id} {state}"
        )

    def wait_for_now(self, job_id: int, state: str) -> None:
        """Until the job's newest state is this one."""

        def is_it() -> bool:
            states = [change[1] for change in self.changes if change[0] == job_id]
            return bool(states) and states[-1] == state

        self._until(is_it, f"{job_id} {state}")

    def wait_for_code(self, code: str) -> None:
        self._until(lambda: bool(self.states) and self.states[-1].code == code, code or "ready")

    def wait_for_shut_drawer(self) -> None:
        self._until(lambda: bool(self.shut), "a drawer that stays shut")

    def _until(self, is_true: Any, what: str) -> None:
        with self._changed:
            assert self._changed.wait_for(is_true, PATIENCE_SECONDS), f"{what}: {self.changes} {self.states}"


@dataclass
class PrintingShop:
    """The shop, its spool and its desk for papers."""

    shop: SmallShop
    spool: PrintSpool
    watch: SpoolWatch
    desk: PrintDesk

    def sell(self, *entries: str) -> int:
        """Sell, wake the spool, and return the number of the receipt's job."""
        self.shop.sell(*entries)
        self.spool.wake()
        return int(self.column("SELECT max(id) FROM print_job")[0])

    def states(self) -> list[str]:
        return [str(state) for state in self.column("SELECT state FROM print_job ORDER BY id")]

    def events(self, job_id: int) -> list[tuple[Any, ...]]:
        """(state, detail, bytes sent, fence) of one job, in their order."""
        return self.rows(
            "SELECT state, detail, bytes_sent, fence_id FROM print_event WHERE job_id = ? ORDER BY id", job_id
        )

    def audited(self, kind: str) -> int:
        events = self.rows("SELECT body FROM fact WHERE kind = 'event'")
        return sum(f'"{kind}"'.encode() in body for (body,) in events)

    def column(self, statement: str, *values: object) -> list[Any]:
        return [row[0] for row in self.rows(statement, *values)]

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with self.shop.store.engines.reading() as cursor:
            return [tuple(row) for row in cursor.execute(statement, values).fetchall()]


@contextmanager
def printing_shop(
    folder: Path, profile: PrinterProfile, *, timing: Timing = QUICK, is_started: bool = True
) -> Iterator[PrintingShop]:
    """A shop whose receipts go to the printer of this profile: a new one, or the one that is in the folder already."""
    shop = _opened_again(folder) if (folder / "till.db").exists() else open_small_shop(folder)
    watch = SpoolWatch()
    spool = PrintSpool(
        shop.store,
        ReceiptPrinter(profile, timing=timing),
        shop.clock,
        on_change=watch.on_change,
        on_status=watch.on_status,
        on_drawer_shut=watch.on_drawer_shut,
    )
    desk = PrintDesk(shop.store, shop.session, shop.clock, spool)
    if is_started:
        spool.start()
    try:
        yield PrintingShop(shop, spool, watch, desk)
    finally:
        spool.close()
        shop.store.close()


def _opened_again(folder: Path) -> SmallShop:
    """What a restart does, its recovery included."""
    clock = SteppingClock()
    clock.forward(minutes=5)
    seed = iter(range(10**9, 2 * 10**9))
    ids = Uuid7Source(clock.now_ms, lambda bits: next(seed) * 2654435761 % (1 << bits))
    store = open_store(folder / "till.db", KEY, clock, ids)
    owner, cashier = sorted(store.people.operators(), key=lambda one: one.number)
    session = Session(ShopSettings(name="好日子選物店"), operator=owner, shift=store.desk.current_shift())
    return wire_small_shop(folder / "till.db", store, session, clock, ids, owner, cashier)
