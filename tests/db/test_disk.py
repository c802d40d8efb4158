"""Disks that fill up, turn read-only or fail: nothing half is kept, the message is clear, and it works again afterwards.

The disks are real file systems in memory and in a file; making them needs root on Linux, elsewhere these tests are skipped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.errors import Unavailable
from app.domain.ids import Uuid7Source
from app.domain.transaction import RetailTransaction
from db.mark_file import read_mark
from db.store import SqliteStore, open_store
from tests.builders import MEMBER, OCCURRED_AT
from tests.db.tills import (
    KEY,
    FakeClock,
    a_member_sale,
    kept_tables,
    new_store,
    open_shift,
    rows,
    sell,
    write_sale,
)
from tests.sources import ROOT

pytestmark = [
    pytest.mark.logs_warnings,
    pytest.mark.skipif(
        not sys.platform.startswith("linux") or os.geteuid() != 0, reason="only root mounts disks"
    ),
]

MEGABYTE = 1024 * 1024


def mount(*arguments: str) -> None:
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"this machine mounts nothing: {done.stderr.strip()}")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Three megabytes, all of it in memory."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount("-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder))
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def journalled_disk(tmp_path: Path) -> Iterator[Path]:
    """An ext4 disk in a file, which can be made to give up as a failing disk does."""
    if shutil.which("mkfs.ext4") is None:
        pytest.skip("mkfs.ext4 is not installed")
    image, folder = tmp_path / "image", tmp_path / "disk"
    folder.mkdir()
    with image.open("wb") as file:
        file.truncate(32 * MEGABYTE)
    subprocess.run(["mkfs.ext4", "-q", str(image)], check=True)
    mount("-o", "loop", str(image), str(folder))
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def light_ballast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("db.ballast.BALLAST_BYTES", MEGABYTE * 3 // 4)
    monkeypatch.setattr("db.ballast.ROOM_FACTOR", 2)


def fill(disk: Path) -> Path:
    """Take every byte that is left."""
    filler = disk / "filler"
    with filler.open("ab", buffering=0) as file:
        for size in (65_536, 4_096, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                continue
    return filler


def has_reserve(store: SqliteStore) -> bool:
    return store.has_reserve


def sell_until_refused(
    store: SqliteStore, *, is_idle_between: bool = True
) -> tuple[list[RetailTransaction], Unavailable]:
    sold = []
    for _ in range(2_000):
        if is_idle_between:
            store.idle()
        before = kept_tables(store)
        try:
            sold.append(sell(store, a_member_sale()))
        except Unavailable as error:
            assert kept_tables(store) == before, "a refused sale left nothing"
            return sold, error
    raise AssertionError("the disk never filled up")


@pytest.mark.usefixtures("light_ballast")
def test_a_full_disk_mid_sale_leaves_nothing_half_and_the_reserve_finishes_the_shift(
    small_disk: Path, clock: FakeClock, ids: Uuid7Source
) -> None:
    store = new_store(small_disk / "till.db", clock, ids)
    open_shift(store)
    assert has_reserve(store)
    filler = fill(small_disk)
    sold, refusal = sell_until_refused(store, is_idle_between=False)
    assert refusal.code == "disk_full"
    assert refusal.can_retry, "the reserve makes room"
    assert not has_reserve(store)
    more, refusal = sell_until_refused(store)
    assert len(more) > 10, "enough to finish the shift"
    assert refusal.code == "disk_full"
    assert not refusal.can_retry

    filler.unlink()
    last = sell(store)
    assert last.header.counter == 1 + len(sold) + len(more) + 1, "no number was lost"
    store.idle()
    assert has_reserve(store)
    store.close()
    again = open_store(small_disk / "till.db", KEY, clock, ids)
    assert again.journal.newest(1) == (last,)
    assert again.mark.letter == "A"
    again.close()


@pytest.mark.usefixtures("light_ballast")
def test_a_full_disk_still_reads(small_disk: Path, clock: FakeClock, ids: Uuid7Source) -> None:
    store = new_store(small_disk / "till.db", clock, ids)
    sold = sell(store, a_member_sale())
    fill(small_disk)
    sell_until_refused(store)
    assert store.journal.get(sold.header.id) == sold
    store.idle()
    store.close()


def test_a_till_cannot_be_made_on_a_full_disk(small_disk: Path, clock: FakeClock, ids: Uuid7Source) -> None:
    filler = fill(small_disk)
    with pytest.raises(Unavailable, match="disk_full"):
        new_store(small_disk / "till.db", clock, ids)
    filler.unlink()
    store = new_store(small_disk / "till.db", clock, ids)
    sell(store)
    store.close()


def test_a_disk_that_is_read_only_says_so(small_disk: Path, clock: FakeClock, ids: Uuid7Source) -> None:
    store = new_store(small_disk / "till.db", clock, ids)
    sell(store)
    store.close()
    mount("-o", "remount,ro", str(small_disk))
    with pytest.raises(Unavailable, match="disk_read_only"):
        open_store(small_disk / "till.db", KEY, clock, ids)
    with pytest.raises(Unavailable, match="disk_read_only"):
        new_store(small_disk / "new.db", clock, ids)
    mount("-o", "remount,rw", str(small_disk))
    open_store(small_disk / "till.db", KEY, clock, ids).close()


def test_a_disk_that_turns_read_only_mid_sale_keeps_what_was_sold(
    journalled_disk: Path, tmp_path: Path, clock: FakeClock, ids: Uuid7Source
) -> None:
    path = journalled_disk / "till.db"
    store = new_store(path, clock, ids)
    sold = [sell(store, a_member_sale()) for _ in range(5)]
    with store.begin() as work:
        write_sale(work, a_member_sale())
        mount("-o", "remount,abort", str(journalled_disk))
        with pytest.raises(Unavailable) as caught:
            work.commit()
    assert caught.value.code == "disk_read_only"
    assert not caught.value.can_retry
    with pytest.raises(Unavailable, match="disk_read_only"):
        store.begin()
    assert store.journal.newest() == tuple(reversed(sold)), "what was sold can still be read"
    store.close()
    subprocess.run(["umount", str(journalled_disk)], check=True)
    subprocess.run(["fsck.ext4", "-p", str(tmp_path / "image")], capture_output=True, check=False)
    mount("-o", "loop", str(tmp_path / "image"), str(journalled_disk))
    again = open_store(path, KEY, clock, ids)
    assert again.journal.newest() == tuple(reversed(sold))
    assert sell(again).header.counter == 6, "the sale that failed used no number"
    again.close()


FAILING_SYNC = """
import sys
from pathlib import Path
from app.domain.errors import Unavailable
from app.domain.ids import Uuid7Source
from tests.db.tills import FakeClock, new_store, sell, counted_bits
clock = FakeClock()
store = new_store(Path(sys.argv[1]), clock, Uuid7Source(clock.now_ms, counted_bits()))
said = []
for _ in range(20):
    try:
        sell(store)
        said.append("sold")
    except Unavailable as error:
        said.append(error.code)
        said.append(str(error.can_retry))
        try:
            sell(store)
        except Unavailable as again:
            said.append(again.code)
        store.reopen()
print(" ".join(said))
store.close()
"""


def test_a_sync_that_fails_is_never_tried_again_blindly(
    tmp_path: Path, clock: FakeClock, ids: Uuid7Source
) -> None:
    """The disk fails one sync of a commit: the sale is not called sold, and the file is read back before the next."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    path = tmp_path / "till.db"
    fault = ["strace", "-f", "-o", "/dev/null", "-e", "trace=fsync,fdatasync", "-e",
             "inject=fsync,fdatasync:error=EIO:when=25"]  # fmt: skip
    done = subprocess.run(
        [*fault, sys.executable, "-c", FAILING_SYNC, str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if "ptrace" in done.stderr.lower():
        pytest.skip("this machine traces nothing")
    said = done.stdout.split()
    assert said.count("sold") == 19, done.stderr
    at = said.index("disk_error")
    assert said[at : at + 3] == ["disk_error", "False", "disk_error"]
    again = open_store(path, KEY, clock, ids)
    counters = [counter for (counter,) in rows(again, "SELECT counter FROM transaction_header ORDER BY seq")]
    assert counters == list(range(1, len(counters) + 1))
    assert len(counters) >= 19, "what was called sold is there"
    again.close()


def test_a_mark_that_cannot_be_written_stops_no_sale(
    small_disk: Path, clock: FakeClock, ids: Uuid7Source
) -> None:
    store = new_store(small_disk / "till.db", clock, ids)
    with store.begin() as work:
        work.add_member(MEMBER, created_at=OCCURRED_AT, operator_id=None)
        work.commit()
    (small_disk / "till.db.mark.new").mkdir()
    open_shift(store)
    assert read_mark(small_disk / "till.db") != store.mark
    assert sell(store).header.counter == 2
    store.close()
