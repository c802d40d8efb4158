"""A backup is made while the till sells, opens where it should, and what fails leaves the earlier one."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from app.domain.errors import Cancelled, Refused, Unavailable
from app.domain.ids import Uuid7Source
from db.backup import back_up, restore
from db.engine import connect
from db.store import SqliteStore, open_store
from tests.db.books import everything_in, is_whole, numbers_in, refusal
from tests.db.tills import KEY, OTHER_KEY, FakeClock, rows, sell

PASSPHRASE = "通關密語 it's secret"


# --- making one -----------------------------------------------------------------------------------------------------------


def test_a_backup_of_a_selling_till_is_whole_and_holds_no_half_sale(
    shift: SqliteStore, path: Path, tmp_path: Path
) -> None:
    """Another thread sells without a pause while backups are made one after the other."""
    is_done, failures = threading.Event(), []

    def go_on_selling() -> None:
        try:
            while not is_done.is_set():
                sell(shift)
        except BaseException as error:
            failures.append(error)

    sell(shift)
    seller = threading.Thread(target=go_on_selling)
    seller.start()
    try:
        copies = [tmp_path / "usb" / f"{number}.db" for number in range(8)]
        for copy in copies:
            back_up(path, KEY, copy)
    finally:
        is_done.set()
        seller.join()
    assert failures == []
    held = [len(numbers_in(copy)) for copy in copies]
    assert held == sorted(held)
    assert held[0] < held[-1] <= len(numbers_in(path)), "sales went on meanwhile"
    for copy in copies:
        assert is_whole(copy)


def test_a_backup_is_its_owners_alone_and_leaves_nothing_beside_it(
    sold: SqliteStore, path: Path, tmp_path: Path
) -> None:
    target = tmp_path / "usb" / "today.db"
    size = back_up(path, KEY, target)
    assert [one.name for one in target.parent.iterdir()] == ["today.db"]
    assert target.stat().st_size == size
    assert target.stat().st_mode & 0o777 == 0o600
    assert b"SQLite format 3" not in target.read_bytes()


def test_a_later_backup_replaces_an_earlier_one(sold: SqliteStore, path: Path, tmp_path: Path) -> None:
    target = tmp_path / "usb" / "today.db"
    back_up(path, KEY, target)
    sell(sold)
    back_up(path, KEY, target)
    assert numbers_in(target) == numbers_in(path)


def test_a_backup_that_fails_leaves_the_earlier_one(
    sold: SqliteStore, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "usb" / "today.db"
    back_up(path, KEY, target)
    before = everything_in(target.parent)
    sell(sold)

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        assert refusal(lambda: back_up(path, KEY, target)) == "backup_no_room"
    assert everything_in(target.parent) == before


def test_a_backup_can_be_cancelled_while_it_is_copied(
    sold: SqliteStore, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("db.backup.PROGRESS_EVERY_STEPS", 50)
    steps = []

    def stop(step: str, done: int, total: int) -> None:
        steps.append(step)
        raise Cancelled

    with pytest.raises(Cancelled):
        back_up(path, KEY, tmp_path / "usb" / "today.db", progress=stop)
    assert steps == ["copy"]
    assert list((tmp_path / "usb").iterdir()) == []


def test_a_backup_says_how_far_it_is(
    sold: SqliteStore, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("db.backup.PROGRESS_EVERY_STEPS", 50)
    told: list[tuple[str, int, int]] = []
    back_up(
        path,
        KEY,
        tmp_path / "usb" / "today.db",
        passphrase=PASSPHRASE,
        progress=lambda step, done, total: told.append((step, done, total)),
    )
    assert list(dict.fromkeys(step for step, _, _ in told)) == ["copy", "encrypt", "check"]
    assert all(0 <= done <= total for _, done, total in told)


@pytest.mark.parametrize("name", ["till.db", "till.db.mark", "key.json", "till.db-wal", "till.db.tomorrow"])
def test_a_backup_never_takes_the_place_of_the_tills_own_files(
    sold: SqliteStore, path: Path, name: str
) -> None:
    if name == "key.json":
        path.with_name(name).write_text("{}")
    before = {file.name for file in path.parent.iterdir()}
    assert refusal(lambda: back_up(path, KEY, path.with_name(name))) == "backup_over_data"
    assert {file.name for file in path.parent.iterdir()} == before


def test_a_backup_to_where_nothing_can_be_written_says_so(
    sold: SqliteStore, path: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    assert refusal(lambda: back_up(path, KEY, tmp_path / "file" / "today.db")) == "backup_target"
    (tmp_path / "usb" / "today.db").mkdir(parents=True)
    assert refusal(lambda: back_up(path, KEY, tmp_path / "usb" / "today.db")) == "backup_target"
    assert [one.name for one in (tmp_path / "usb").iterdir()] == ["today.db"]


@pytest.mark.logs_warnings
def test_a_damaged_till_is_not_called_backed_up(sold: SqliteStore, path: Path, tmp_path: Path) -> None:
    sold.close()
    data = bytearray(path.read_bytes())
    for page in range(8, len(data) // 4096, 3):
        data[page * 4096 + 100] ^= 1
    path.write_bytes(data)
    target = tmp_path / "usb" / "today.db"
    assert refusal(lambda: back_up(path, KEY, target)) == "database_corrupt"
    assert not target.exists()


@pytest.mark.logs_warnings
@pytest.mark.skipif(
    not sys.platform.startswith("linux") or os.geteuid() != 0, reason="only root mounts disks"
)
def test_a_full_stick_leaves_the_till_selling(sold: SqliteStore, path: Path, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(stick)]
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("this machine mounts nothing")
    try:
        assert refusal(lambda: back_up(path, KEY, stick / "today.db")) == "backup_no_room"
        assert list(stick.iterdir()) == []
    finally:
        subprocess.run(["umount", "-l", str(stick)], check=True)
    sell(sold)


# --- a passphrase ---------------------------------------------------------------------------------------------------------


def test_a_backup_with_a_passphrase_opens_on_a_new_machine(
    sold: SqliteStore, path: Path, tmp_path: Path, clock: FakeClock, ids: Uuid7Source
) -> None:
    backup, elsewhere = tmp_path / "today.db", tmp_path / "new machine" / "till.db"
    back_up(path, KEY, backup, passphrase=PASSPHRASE)
    assert restore(backup, elsewhere, OTHER_KEY, clock, ids, passphrase=PASSPHRASE) is None
    assert is_whole(elsewhere, OTHER_KEY)
    assert numbers_in(elsewhere, OTHER_KEY) == numbers_in(path)
    moved = open_store(elsewhere, OTHER_KEY, clock, ids)
    assert sell(moved).header.receipt_number == "01-1-B000007"
    assert [letter for (letter,) in rows(moved, "SELECT letter FROM incarnation ORDER BY first_seq")] == [
        "A",
        "B",
    ], "one new life, not two"
    moved.close()
    assert elsewhere.stat().st_mode & 0o777 == 0o600


@pytest.mark.logs_warnings
def test_a_backup_with_a_passphrase_does_not_open_with_the_tills_key(
    sold: SqliteStore, path: Path, tmp_path: Path, clock: FakeClock, ids: Uuid7Source
) -> None:
    backup = tmp_path / "today.db"
    back_up(path, KEY, backup, passphrase=PASSPHRASE)
    with pytest.raises(Unavailable, match="database_foreign"):
        connect(backup, KEY)
    assert refusal(lambda: restore(backup, tmp_path / "b" / "till.db", KEY, clock, ids)) == "backup_foreign"


def test_a_passphrase_typed_on_another_system_is_the_same_passphrase(
    sold: SqliteStore, path: Path, tmp_path: Path, clock: FakeClock, ids: Uuid7Source
) -> None:
    backup = tmp_path / "today.db"
    back_up(path, KEY, backup, passphrase="cafe\u0301 noir")
    restore(backup, tmp_path / "b" / "till.db", OTHER_KEY, clock, ids, passphrase="caf\u00e9 noir")


def test_a_short_passphrase_is_refused_before_anything_is_written(
    sold: SqliteStore, path: Path, tmp_path: Path
) -> None:
    with pytest.raises(Refused, match="passphrase_short"):
        back_up(path, KEY, tmp_path / "usb" / "today.db", passphrase="seven 7")
    assert not (tmp_path / "usb").exists()
