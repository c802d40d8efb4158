"""A backup comes back in a life of its own; what was there is kept, and what is refused changes nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from app.domain.errors import Cancelled
from app.domain.ids import Uuid7Source
from app.domain.receipt import ReceiptDocument, Text
from app.service.ports import PrintRequest
from db import migrate
from db.backup import back_up, restore
from db.engine import connect
from db.mark_file import mark_path, read_mark
from db.store import SqliteStore, open_store
from tests.db.books import everything_in, is_whole, numbers_in, refusal
from tests.db.test_migrate import write_second
from tests.db.tills import KEY, OTHER_KEY, FakeClock, new_store, open_shift, rows, sell

PASSPHRASE = "通關密語 it's secret"


# --- bringing one back ----------------------------------------------------------------------------------------------------


def test_restoring_an_older_state_keeps_what_was_there_and_reuses_no_number(
    sold: SqliteStore, path: Path, tmp_path: Path, clock: FakeClock, ids: Uuid7Source
) -> None:
    backup = tmp_path / "yesterday.db"
    back_up(path, KEY, backup)
    lost = [sell(sold).header.receipt_number for _ in range(3)]
    sold.close()
    given_out = numbers_in(path)

    kept = restore(backup, path, KEY, clock, ids)
    assert kept is not None
    assert numbers_in(kept) == given_out
    assert is_whole(kept)
    again = open_store(path, KEY, clock, ids)
    assert again.mark.letter == "B"
    fresh = [sell(again).header.receipt_number for _ in range(3)]
    assert not set(fresh) & set(given_out)
    assert fresh[0] == "01-1-B000010", "the lost papers keep their numbers"
    assert lost == given_out[-3:]
    again.close()
    assert is_whole(path)


def test_restoring_twice_never_begins_the_same_life(
    sold: SqliteStore, path: Path, tmp_path: Path, clock: FakeClock, ids: Uuid7Source
) -> None:
    backup = tmp_path / "yesterday.db"
    back_up(path, KEY, backup)
    sold.close()
    given_out = []
    for letter in ("B", "C", "D"):
        clock.now += 1_000
        restore(backup, path, KEY, clock, ids)
        till = open_store(path, KEY, clock, ids)
        assert till.mark.letter == letter
        given_out += [sell(till).header.receipt_number for _ in range(4)]
        till.close()
        assert is_whole(path)
    assert len(set(given_out)) == len(given_out)


def test_a_lost_mark_does_not_bring_an_old_life_back(
    sold: SqliteStore, path: Path, tmp_path: Path, clock: FakeClock, ids: Uuid7Source
) -> None:
    """The database that is replaced says itself how far it had come."""
    backup = tmp_path / "yesterday.db"
    back_up(path, KEY, backup)
    sold.close()
    restore(backup, path, KEY, clock, ids)
    second = open_store(path, KEY, clock, ids)
    used = [sell(second).header.receipt_number for _ in range(3)]
    second.close()
    mark_path(path).unlink()
    clock.now += 1_000
    restore(backup, path, KEY, clock, ids)
    third = open_store(path, KEY, clock, ids)
    assert third.mark.letter == "C"
    assert sell(third).header.receipt_number not in used
    third.close()


def test_restoring_a_state_that_nothing_followed_is_a_new_life_too(
    sold: SqliteStore, path: Path, tmp_path: Path, clock: FakeClock, ids: Uuid7Source
) -> None:
    backup = tmp_path / "now.db"
    back_up(path, KEY, backup)
    sold.close()
    restore(backup, path, KEY, clock, ids)
    again = open_store(path, KEY, clock, ids)
    assert sell(again).header.receipt_number == "01-1-B000007"
    again.close()


def test_restoring_a_newer_state_over_an_older_one_loses_no_number_either(
    sold: SqliteStore, path: Path, tmp_path: Path, clock: FakeClock, ids: Uuid7Source
) -> None:
    """Yesterday's disk image was put back by hand; today's backup then comes over it."""
    older = tmp_path / "image"
    back_up(path, KEY, older)
    sell(sold)
    newer = tmp_path / "newer.db"
    back_up(path, KEY, newer)
    sold.close()
    shutil.copyfile(older, path)
    till = open_store(path, KEY, clock, ids)
    wrong_turn = [sell(till).header.receipt_number for _ in range(2)]
    till.close()
    restore(newer, path, KEY, clock, ids)
    again = open_store(path, KEY, clock, ids)
    assert again.mark.letter == "C"
    assert sell(again).header.receipt_number not in [*numbers_in(newer), *wrong_turn]
    again.close()
    assert is_whole(path)


def test_what_was_set_aside_can_be_brought_back(
    sold: SqliteStore, path: Path, tmp_path: Path, clock: FakeClock, ids: Uuid7Source
) -> None:
    back_up(path, KEY, tmp_path / "yesterday.db")
    sell(sold)
    sold.close()
    before = numbers_in(path)
    kept = restore(tmp_path / "yesterday.db", path, KEY, clock, ids)
    assert kept is not None
    clock.now += 1_000
    restore(kept, path, KEY, clock, ids)
    assert numbers_in(path) == before
    assert is_whole(path)


@pytest.fixture
def waiting(sold: SqliteStore, clock: FakeClock) -> SqliteStore:
    """Papers wait, one is on its way, and a basket is open."""
    with sold.begin() as work:
        request = PrintRequest("x_report", ReceiptDocument((Text("X"),), "zh_TW", "x"))
        on_its_way = work.enqueue_print(request, created_at=clock.now)
        work.set_print_state(on_its_way, "sending", changed_at=clock.now)
        work.save_draft(b"{}")
        work.commit()
    return sold


def test_a_restored_till_prints_nothing_and_sells_nothing_by_itself(
    waiting: SqliteStore, path: Path, tmp_path: Path, clock: FakeClock, ids: Uuid7Source
) -> None:
    """What waited in the printer's queue then was printed since, and the basket of then was sold."""
    back_up(path, KEY, tmp_path / "backup.db")
    waiting.close()
    restore(tmp_path / "backup.db", path, KEY, clock, ids)
    again = open_store(path, KEY, clock, ids)
    assert nothing_starts_by_itself(again)
    again.close()


def test_a_disk_image_that_was_put_back_prints_nothing_by_itself_either(
    waiting: SqliteStore, path: Path, tmp_path: Path, clock: FakeClock, ids: Uuid7Source
) -> None:
    back_up(path, KEY, tmp_path / "image")
    sell(waiting)
    waiting.close()
    shutil.copyfile(tmp_path / "image", path)
    again = open_store(path, KEY, clock, ids)
    assert again.mark.letter == "B"
    assert nothing_starts_by_itself(again)
    again.close()


def nothing_starts_by_itself(store: SqliteStore) -> bool:
    waiting = store.desk.print_jobs(("queued", "sending"))
    asked = store.desk.print_jobs(("unknown",))
    return store.desk.draft() is None and waiting == () and len(asked) == 6


@pytest.mark.logs_warnings
def test_a_damaged_till_is_replaced_and_kept(
    sold: SqliteStore, path: Path, tmp_path: Path, clock: FakeClock, ids: Uuid7Source
) -> None:
    back_up(path, KEY, tmp_path / "backup.db")
    sold.close()
    path.write_bytes(path.read_bytes()[:4096] + bytes(8192))
    damaged = path.read_bytes()
    kept = restore(tmp_path / "backup.db", path, KEY, clock, ids)
    assert kept is not None
    assert kept.read_bytes()[:4096] == damaged[:4096]
    assert is_whole(path)
    assert read_mark(path) is not None


@pytest.mark.logs_warnings
def test_a_till_whose_key_is_lost_is_replaced_and_kept(
    sold: SqliteStore, path: Path, tmp_path: Path, clock: FakeClock, ids: Uuid7Source
) -> None:
    """Nothing that is here opens any more; a backup with a passphrase comes back under the new key."""
    back_up(path, KEY, tmp_path / "backup.db", passphrase=PASSPHRASE)
    lost = sell(sold).header.receipt_number
    sold.close()
    before = path.read_bytes()
    kept = restore(tmp_path / "backup.db", path, OTHER_KEY, clock, ids, passphrase=PASSPHRASE)
    assert kept is not None
    assert kept.read_bytes() == before
    again = open_store(path, OTHER_KEY, clock, ids)
    number = sell(again).header.receipt_number
    assert number.startswith("01-1-B")
    assert number != lost
    again.close()
    assert is_whole(path, OTHER_KEY)


@pytest.mark.logs_warnings
def test_a_stray_wal_of_an_unreadable_till_never_meets_the_restored_one(
    sold: SqliteStore, path: Path, tmp_path: Path, clock: FakeClock, ids: Uuid7Source
) -> None:
    back_up(path, KEY, tmp_path / "backup.db")
    held = numbers_in(path)
    sell(sold)
    wal = path.with_name("till.db-wal").read_bytes()
    sold.close()
    path.write_bytes(bytes(range(256)) * 32)
    path.with_name("till.db-wal").write_bytes(wal)
    assert restore(tmp_path / "backup.db", path, KEY, clock, ids) is not None
    assert not path.with_name("till.db-wal").exists()
    assert numbers_in(path) == held
    assert is_whole(path)


def test_an_older_schema_is_brought_up_on_the_way_in(
    sold: SqliteStore,
    path: Path,
    tmp_path: Path,
    clock: FakeClock,
    ids: Uuid7Source,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    back_up(path, KEY, tmp_path / "backup.db")
    sold.close()
    folder = tmp_path / "migrations"
    shutil.copytree(migrate.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    write_second(folder)
    monkeypatch.setattr(migrate, "MIGRATIONS", folder)
    monkeypatch.setattr(migrate, "SCHEMA_VERSION", 2)
    restore(tmp_path / "backup.db", path, KEY, clock, ids)
    again = open_store(path, KEY, clock, ids)
    assert rows(again, "PRAGMA user_version") == [(2,)]
    again.close()
    assert [one.name for one in tmp_path.iterdir() if "restoring" in one.name] == []


def test_what_lay_in_the_wal_of_a_dead_machine_comes_along(
    sold: SqliteStore, path: Path, tmp_path: Path, clock: FakeClock, ids: Uuid7Source
) -> None:
    """Its disk was copied after a crash: the file has holes that only its WAL fills."""
    rescued = tmp_path / "rescued"
    rescued.mkdir()
    with sold.engines.reading(snapshot=True) as cursor:
        cursor.execute("SELECT count(*) FROM fact").fetchone()
        for _ in range(10):
            sell(sold)
        with sold.engines.reading() as other:
            other.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        for suffix in ("", "-wal"):
            shutil.copyfile(f"{path}{suffix}", rescued / f"till.db{suffix}")
    whole = numbers_in(path)
    restore(rescued / "till.db", tmp_path / "new" / "till.db", KEY, clock, ids)
    assert numbers_in(tmp_path / "new" / "till.db") == whole
    assert is_whole(tmp_path / "new" / "till.db")


# --- what is refused ------------------------------------------------------------------------------------------------------


@pytest.mark.logs_warnings
@pytest.mark.parametrize(
    ("damage", "passphrase", "code"),
    [
        ("none", "another passphrase", "backup_passphrase"),
        ("none", "", "backup_foreign"),
        ("cut in a page", PASSPHRASE, "backup_unreadable"),
        ("cut at a page", PASSPHRASE, "backup_unreadable"),
        ("one bit", PASSPHRASE, "backup_unreadable"),
        ("empty", PASSPHRASE, "backup_unreadable"),
        ("a picture", PASSPHRASE, "backup_passphrase"),
        ("a picture", "", "backup_foreign"),
        ("another program's database", "", "backup_foreign"),
        ("gone", PASSPHRASE, "backup_missing"),
        ("a folder", PASSPHRASE, "backup_missing"),
    ],
)
def test_a_refused_restore_leaves_everything_as_it_was(
    sold: SqliteStore,
    path: Path,
    tmp_path: Path,
    clock: FakeClock,
    ids: Uuid7Source,
    damage: str,
    passphrase: str,
    code: str,
) -> None:
    backup = tmp_path / "usb" / "backup.db"
    back_up(path, KEY, backup, passphrase=PASSPHRASE)
    number = sell(sold).header.counter
    sold.close()
    break_file(backup, damage)
    before = everything_in(path.parent)
    assert refusal(lambda: restore(backup, path, KEY, clock, ids, passphrase=passphrase)) == code
    assert everything_in(path.parent) == before
    again = open_store(path, KEY, clock, ids)
    assert sell(again).header.counter == number + 1
    assert again.mark.letter == "A"
    again.close()


def break_file(backup: Path, damage: str) -> None:
    data = bytearray(backup.read_bytes())
    match damage:
        case "cut in a page":
            backup.write_bytes(data[: len(data) // 2 + 100])
        case "cut at a page":
            backup.write_bytes(data[: len(data) // 2 // 4096 * 4096])
        case "one bit":
            data[len(data) // 2] ^= 1
            backup.write_bytes(data)
        case "empty":
            backup.write_bytes(b"")
        case "a picture":
            backup.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(4096 * 4 - 8))
        case "another program's database":
            backup.write_bytes(b"SQLite format 3\0" + bytes(4096 * 4 - 16))
        case "gone":
            backup.unlink()
        case "a folder":
            backup.unlink()
            backup.mkdir()


@pytest.mark.logs_warnings
def test_a_till_that_is_open_is_never_replaced(
    sold: SqliteStore, path: Path, tmp_path: Path, clock: FakeClock, ids: Uuid7Source
) -> None:
    back_up(path, KEY, tmp_path / "backup.db")
    before = numbers_in(path)
    assert refusal(lambda: restore(tmp_path / "backup.db", path, KEY, clock, ids)) == "database_locked"
    assert numbers_in(path) == before
    assert sell(sold).header.receipt_number == "01-1-A000007"
    assert not list(path.parent.glob("*.replaced-*"))


def test_a_database_is_not_restored_over_itself(
    sold: SqliteStore, path: Path, clock: FakeClock, ids: Uuid7Source
) -> None:
    sold.close()
    assert refusal(lambda: restore(path, path, KEY, clock, ids)) == "backup_over_data"


def test_a_newer_schema_is_not_restored(
    sold: SqliteStore, path: Path, tmp_path: Path, clock: FakeClock, ids: Uuid7Source
) -> None:
    back_up(path, KEY, tmp_path / "backup.db")
    newer = connect(tmp_path / "backup.db", KEY)
    newer.execute("PRAGMA user_version = 99")
    newer.execute("PRAGMA journal_mode = DELETE")
    newer.close()
    sold.close()
    assert refusal(lambda: restore(tmp_path / "backup.db", path, KEY, clock, ids)) == "database_newer"
    open_store(path, KEY, clock, ids).close()


@pytest.mark.logs_warnings
def test_a_backup_whose_chain_was_edited_is_not_restored(
    sold: SqliteStore, path: Path, tmp_path: Path, clock: FakeClock, ids: Uuid7Source
) -> None:
    back_up(path, KEY, tmp_path / "backup.db")
    edited = connect(tmp_path / "backup.db", KEY)
    edited.execute("DROP TRIGGER fact_never_update")
    edited.execute("UPDATE fact SET body = CAST(replace(body, '100', '900') AS BLOB) WHERE seq = 6")
    edited.execute("PRAGMA journal_mode = DELETE")
    edited.close()
    lost = sell(sold).header.receipt_number
    sold.close()
    code = refusal(lambda: restore(tmp_path / "backup.db", path, KEY, clock, ids))
    assert code == "backup_unreadable"
    assert numbers_in(path)[-1] == lost, "everything is as it was"


def test_a_restore_can_be_cancelled(
    sold: SqliteStore, path: Path, tmp_path: Path, clock: FakeClock, ids: Uuid7Source
) -> None:
    back_up(path, KEY, tmp_path / "usb" / "backup.db")
    sold.close()
    before = everything_in(path.parent)

    def stop(step: str, done: int, total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        restore(tmp_path / "usb" / "backup.db", path, KEY, clock, ids, progress=stop)
    assert everything_in(path.parent) == before
    open_store(path, KEY, clock, ids).close()


def test_a_second_till_beside_a_restored_one_has_its_own_numbers(
    sold: SqliteStore, path: Path, tmp_path: Path, clock: FakeClock, ids: Uuid7Source
) -> None:
    """A backup of one till comes back where another one stood: marks of different tills are never mixed."""
    back_up(path, KEY, tmp_path / "backup.db")
    sold.close()
    other = new_store(tmp_path / "b" / "till.db", clock, ids)
    open_shift(other)
    for _ in range(9):
        sell(other)
    other.close()
    kept = restore(tmp_path / "backup.db", tmp_path / "b" / "till.db", KEY, clock, ids)
    assert kept is not None
    moved = open_store(tmp_path / "b" / "till.db", KEY, clock, ids)
    assert sell(moved).header.receipt_number == "01-1-B000007"
    moved.close()
