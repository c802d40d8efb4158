"""A disk that fills up, turns read-only or fails in the middle of a sale.

The basket stays, nothing is half, no paper is printed, and the operator is told what happened and what to do.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.domain.basket import Basket
from app.domain.errors import Unavailable
from app.domain.ids import TransactionId, Uuid7Source
from app.domain.receipt import ReceiptDocument
from app.i18n import t
from app.service.completion import CompletedSale
from app.service.ports import PrintJob
from db.store import open_store
from db.verify import verify
from devices.spool import PrintSpool
from tests.db.test_disk import fill, mount
from tests.db.test_disk import pytestmark as only_where_disks_can_be_made
from tests.service.small_shop import (
    KEY,
    PHONE,
    SOAP,
    TEA,
    SmallShop,
    SteppingClock,
    open_small_shop,
    wire_small_shop,
)
from tests.sources import ROOT

needs_disks = only_where_disks_can_be_made[1]


class Paper:
    """Counts what the printer was sent."""

    def __init__(self) -> None:
        self.sent = 0

    def print(self, job: PrintJob, document: ReceiptDocument) -> str:
        self.sent += 1
        return "done"


@dataclass
class Till:
    shop: SmallShop
    paper: Paper
    spool: PrintSpool

    def ready(self, *entries: str) -> Basket:
        """A basket that is paid and only needs the commit."""
        for entry in entries:
            self.shop.checkout.enter(entry)
        while self.shop.checkout.stage != "tender" or self.shop.checkout.due().minor > 0:
            self.shop.checkout.enter("")
        return self.shop.checkout.basket

    def complete(self) -> CompletedSale:
        """As the screen does it: after a failure the basket is free again."""
        shop = self.shop
        try:
            done = shop.completion.commit(shop.completion.prepare(shop.checkout))
        finally:
            shop.checkout.is_completing = False
        shop.checkout.start_new()
        return done

    def fails(self) -> Unavailable:
        """The commit fails, and everything is as it was before it."""
        basket, before, woken = self.shop.checkout.basket, self.kept(), self.shop.spool.woken
        with pytest.raises(Unavailable) as caught:
            self.complete()
        assert self.shop.checkout.basket is basket, "the basket stays"
        assert self.kept() == before, "nothing half is left"
        assert self.shop.spool.woken == woken, "the printer hears of nothing"
        assert self.shop.store.journal.get(TransactionId(basket.id)) is None
        return caught.value

    def kept(self) -> tuple[int, ...]:
        tables = (
            "fact",
            "transaction_header",
            "sale_line",
            "tender",
            "ledger_entry",
            "print_job",
            "outbox",
            "member",
        )
        with self.shop.store.engines.reading() as cursor:
            return tuple(cursor.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables)

    def sell_until_it_fails(self) -> Unavailable:
        self.shop.checkout.start_new()
        for _ in range(2_000):
            self.ready(TEA, SOAP)
            before = self.shop.checkout.basket
            try:
                self.complete()
            except Unavailable as failure:
                assert self.shop.checkout.basket is before
                return failure
        raise AssertionError("the disk never filled up")


def till_in(folder: Path) -> Till:
    shop, paper = open_small_shop(folder), Paper()
    return Till(shop, paper, PrintSpool(shop.store, paper, shop.clock))


# --- a full disk ----------------------------------------------------------------------------------------------------------


@needs_disks
@pytest.mark.logs_warnings
@pytest.mark.usefixtures("light_ballast")
def test_a_disk_that_fills_up_mid_sale_costs_one_more_key_and_nothing_else(small_disk: Path) -> None:
    till = till_in(small_disk)
    till.shop.store.idle()
    filler = fill(small_disk)
    failure = till.sell_until_it_fails()
    assert failure.code == "disk_full"
    assert failure.can_retry, "the reserve was let go"
    assert "磁碟空間不足" in t(failure.text_key, None, **failure.fields)
    assert "再試一次" in t(failure.text_key, None, **failure.fields)
    basket = till.shop.checkout.basket
    done = till.complete()
    assert done.transaction.header.id == basket.id, "the same basket, the same sale"
    sold = till.kept()[1]
    assert till.spool.run_once() == sold, "one paper for each sale and none for the failed one"

    failure = till.sell_until_it_fails()
    assert failure.code == "disk_full"
    assert not failure.can_retry, "nothing is left to let go"
    till.fails()
    filler.unlink()
    last = till.complete()
    assert last.transaction.header.counter == till.kept()[1], "no number was used up by what failed"
    assert verify(till.shop.store.engines, is_full=True) == ()
    till.shop.store.close()


@needs_disks
@pytest.mark.logs_warnings
@pytest.mark.usefixtures("light_ballast")
def test_what_else_the_counter_writes_fails_as_a_whole_too(small_disk: Path) -> None:
    """A new member, a voided line, a hold, a cancelled basket, a draft: the screen shows the same afterwards."""
    till = till_in(small_disk)
    shop = till.shop
    filler = fill(small_disk)
    while till.sell_until_it_fails().can_retry:
        pass
    shop.checkout.start_new()
    till.ready(TEA, PHONE, "")
    till.fails()
    assert shop.store.members.by_phone("+886912345678") is None
    shop.checkout.remove_last_tender()
    acts: tuple[Callable[[], object], ...] = (
        lambda: shop.checkout.void_line(1),
        shop.checkout.hold,
        lambda: shop.checkout.cancel("客人不買了"),
    )
    for act in acts:
        basket = shop.checkout.basket
        with pytest.raises(Unavailable, match="disk_full"):
            act()
        assert shop.checkout.basket is basket
    assert shop.store.desk.held_sales() == ()
    filler.unlink()
    till.ready()
    assert till.complete().transaction.is_new_member
    assert verify(shop.store.engines, is_full=True) == ()
    shop.store.close()


# --- a disk that turns read-only ------------------------------------------------------------------------------------------


@needs_disks
@pytest.mark.logs_warnings
def test_a_disk_that_turns_read_only_mid_sale_stops_the_selling_and_keeps_the_basket(
    journalled_disk: Path, tmp_path: Path
) -> None:
    till = till_in(journalled_disk)
    till.ready(TEA, PHONE, "")
    till.complete()
    basket = till.ready(TEA, SOAP, PHONE)
    mount("-o", "remount,abort", str(journalled_disk))
    failure = till.fails()
    assert failure.code == "disk_read_only"
    assert not failure.can_retry
    assert "停止收銀" in t(failure.text_key, None, **failure.fields)
    with pytest.raises(Unavailable, match="disk_read_only"):
        till.spool.run_once()
    assert till.paper.sent == 0, "not even the paper of the sale before: its state could not be written down"
    till.fails()
    till.shop.store.close()
    repaired = mounted_again(journalled_disk, tmp_path / "image", till)
    repaired.shop.checkout.resume(basket)
    assert repaired.complete().transaction.header.counter == 2
    assert repaired.spool.run_once() == 2
    assert verify(repaired.shop.store.engines, is_full=True) == ()
    repaired.shop.store.close()


def mounted_again(folder: Path, image: Path, till: Till) -> Till:
    """The disk was checked and the till started again; the same people and the same shift."""
    subprocess.run(["umount", str(folder)], check=True)
    subprocess.run(["fsck.ext4", "-p", str(image)], capture_output=True, check=False)
    mount("-o", "loop", str(image), str(folder))
    old = till.shop
    store = open_store(old.path, KEY, old.clock, old.ids)
    shop = wire_small_shop(old.path, store, old.session, old.clock, old.ids, old.owner, old.cashier)
    paper = Paper()
    return Till(shop, paper, PrintSpool(store, paper, shop.clock))


# --- system calls that fail -----------------------------------------------------------------------------------------------

SALES = 4
# Counted from when the till is open: the sync of the first sale, of its paper's first state, of its second …
FAULTS = {
    "one sync": ("fsync,fdatasync", "error=EIO:when={}", (1, 2, 3, 7)),
    "several syncs": ("fsync,fdatasync", "error=EIO:when={}..{}", (4,)),
    "one write": ("pwrite64", "error=EIO:when={}", (2, 30)),
    "one write for want of room": ("pwrite64", "error=ENOSPC:when={}", (5, 40)),
}


def under_faults(folder: Path, calls: str, fault: str) -> dict[str, Any]:
    """The story of a till whose system calls fail from the moment it is open."""
    said, code = traced(folder, calls, fault)
    assert code == 0, said
    told: dict[str, Any] = json.loads(said[-1])
    return told


def traced(folder: Path, calls: str, fault: str) -> tuple[list[str], int]:
    """What it said once the tracer had taken hold of it, and how it ended."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    till = subprocess.Popen(
        [sys.executable, "-m", "tests.crash.till_on_bad_disk", str(folder), str(SALES)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert till.stdin is not None
    assert till.stdout is not None
    try:
        assert till.stdout.readline() == "READY\n"
        tracer = attached(till.pid, calls, fault)
        said, _ = till.communicate("go\n", timeout=60)
        tracer.communicate(timeout=60)
    finally:
        till.kill()
        till.communicate()
    return said.splitlines(), till.returncode


def attached(process_id: int, calls: str, fault: str) -> subprocess.Popen[str]:
    """A tracer that has taken hold of the process; it goes when the process does."""
    command = ["strace", "-f", "-o", "/dev/null", "-p", str(process_id), "-e", f"trace={calls}"]
    tracer = subprocess.Popen(
        [*command, "-e", f"inject={calls}:{fault}"],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    assert tracer.stderr is not None
    said = tracer.stderr.readline()
    if "attached" not in said:
        tracer.communicate()
        pytest.skip(f"this machine traces nothing: {said.strip()}")
    return tracer


@pytest.mark.parametrize(
    ("calls", "fault"),
    [
        pytest.param(calls, fault.format(when, when + 3), id=f"{name} at {when}")
        for name, (calls, fault, places) in FAULTS.items()
        for when in places
    ],
)
def test_a_call_that_fails_is_never_taken_for_a_sale(tmp_path: Path, calls: str, fault: str) -> None:
    told = under_faults(tmp_path, calls, fault)
    assert told["said"] != ["sold"] * SALES, "the fault was real"
    assert told["sent_too_early"] == [], "no paper before its sale is safe"
    assert told["baskets_lost"] == 0
    assert told["findings"] == []
    assert sorted(told["sold"]) == sorted(told["acknowledged"]), "each customer's sale once"
    assert len(told["sold"]) == SALES
    assert told["counters"] == list(range(1, SALES + 1)), "and no number went missing"
    assert len(set(told["sent"])) == len(told["sent"]), "no paper twice"


def test_a_sync_that_fails_in_a_sale_is_told_as_what_it_is(tmp_path: Path) -> None:
    """Nobody knows what the disk kept; nothing is tried again blindly, and the sale is looked for first."""
    said = under_faults(tmp_path, "fsync,fdatasync", "error=EIO:when=1")["said"]
    assert said[:2] == ["disk_error False", "again: disk_error"]
    assert said[2] in ("sold", "was saved")


def test_a_till_on_a_whole_disk_has_nothing_to_tell(tmp_path: Path) -> None:
    """The same story without a fault."""
    told = under_faults(tmp_path, "fsync,fdatasync", "error=EIO:when=9999")
    assert told["said"] == ["sold"] * SALES
    assert told["sent"] == told["sold"]


@pytest.mark.parametrize("when", [1, 9, 18, 24, 25, 26, 28, 33, 41, 58])
def test_a_till_killed_at_one_of_its_system_calls_has_sold_what_it_said(tmp_path: Path, when: int) -> None:
    """Between two writes of one commit, between the last write and the sync, after it: whole, or not at all."""
    calls = "pwrite64,fsync,fdatasync"
    said, code = traced(tmp_path, calls, f"signal=SIGKILL:when={when}")
    assert code == -9
    acknowledged = [line.removeprefix("SOLD ") for line in said]
    clock = SteppingClock()
    store = open_store(tmp_path / "till.db", KEY, clock, Uuid7Source(clock.now_ms))
    sold = [one.header.receipt_number for one in reversed(store.journal.newest())]
    assert sold[: len(acknowledged)] == acknowledged
    assert len(sold) - len(acknowledged) in (0, 1), "one at most that was safe and not yet said"
    assert store.desk.print_jobs(("sending",)) == ()
    assert store.mark.letter == "A"
    assert verify(store.engines, is_full=True) == ()
    store.close()
