"""A copy of a till never goes on where the original does: it begins another life, with numbers nobody has seen."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.chain import GENESIS, link
from app.domain.ids import Uuid7Source
from db.incarnation import (
    Mark,
    Reason,
    first_mark,
    letter_rank,
    mark_from_json,
    mark_to_json,
    next_letter,
    next_life,
    tick,
    why_new,
)
from db.mark_file import mark_path, read_mark
from db.store import SqliteStore, open_store
from tests.db.tills import KEY, FakeClock, a_member_sale, new_store, open_shift, reopened, rows, sell

DEVICE, OTHER_DEVICE = UUID(int=1), UUID(int=2)
HEAD, OTHER_HEAD = bytes([1]) * 32, bytes([2]) * 32

marks = st.builds(
    Mark,
    device=st.sampled_from((DEVICE, OTHER_DEVICE)),
    incarnation=st.integers(1, 3),
    letter=st.sampled_from(("A", "B", "Z", "AZ")),
    seq=st.integers(0, 50),
    counter=st.integers(0, 50),
    z_number=st.integers(0, 9),
    head=st.sampled_from((HEAD, OTHER_HEAD)),
)


def here(seq: int = 10, head: bytes = HEAD) -> Mark:
    return Mark(DEVICE, 7, "A", seq, seq - 1, 2, head)


def reason(database: Mark, beside: Mark | None) -> Reason | None:
    """With a database that holds HEAD at every place it has reached."""
    return why_new(database, beside, lambda seq: HEAD if seq <= database.seq else None, {7})


def test_a_database_with_its_own_mark_goes_on() -> None:
    assert reason(here(), here()) is None
    assert reason(here(20), here(10)) is None, "the mark is written now and then"


@pytest.mark.parametrize(
    ("beside", "expected"),
    [
        (None, Reason.MARK_MISSING),
        (here(11), Reason.BEHIND),
        (replace(here(5), incarnation=8), Reason.BEHIND),
        (here(9, OTHER_HEAD), Reason.FORKED),
        (replace(here(), device=OTHER_DEVICE), Reason.OTHER_DEVICE),
    ],
)
def test_a_database_that_is_not_the_one_last_sold_with_begins_another_life(
    beside: Mark | None, expected: Reason
) -> None:
    assert reason(here(), beside) is expected


def test_a_till_that_recorded_nothing_yet_needs_no_other_life() -> None:
    fresh = first_mark(DEVICE, UUID(int=99))
    assert reason(fresh, None) is None
    assert reason(fresh, fresh) is None
    assert reason(fresh, here()) is Reason.BEHIND


@given(marks, st.none() | marks, st.integers(10, 2**62 - 1))
def test_nothing_that_was_given_out_is_given_out_again(mark: Mark, beside: Mark | None, random: int) -> None:
    start = next_life(mark, beside, UUID(int=random))
    known = [mark] if beside is None or beside.device != mark.device else [mark, beside]
    assert start.device == mark.device
    assert start.head == mark.head, "the chain goes on from what the file holds"
    for one in known:
        assert letter_rank(start.letter) > letter_rank(one.letter)
        assert start.seq >= one.seq
        assert start.counter >= one.counter
        assert start.z_number >= one.z_number


@given(marks)
def test_a_mark_comes_back_from_its_file(mark: Mark) -> None:
    assert mark_from_json(mark_to_json(mark)) == mark


@given(st.binary(max_size=200) | st.integers(0, 150).map(lambda cut: mark_to_json(here())[:cut]))
def test_a_damaged_mark_is_no_mark(data: bytes) -> None:
    assert mark_from_json(data) is None


def test_letters_count_like_columns_of_a_sheet() -> None:
    assert [next_letter(letter) for letter in ("A", "Y", "Z", "AZ", "ZZ")] == ["B", "Z", "AA", "BA", "AAA"]


@given(st.lists(st.integers(0, 2**41), min_size=2))
def test_the_logical_clock_rises_whatever_the_clock_does(times: list[int]) -> None:
    last = 0
    for now in times:
        following = tick(last, now)
        assert following > last
        assert following >= now << 16
        last = following
    assert last < 2**63


def test_yesterdays_copy_begins_another_life_before_its_first_sale(
    store: SqliteStore, path: Path, tmp_path: Path, clock: FakeClock, ids: Uuid7Source
) -> None:
    for _ in range(3):
        sell(store)
    store.close()
    copy = tmp_path / "yesterday"
    shutil.copyfile(path, copy)
    today = open_store(path, KEY, clock, ids)
    for _ in range(2):
        sell(today)
    lost = today.mark
    today.close()

    shutil.copyfile(copy, path)
    restored = open_store(path, KEY, clock, ids)
    assert rows(restored, "SELECT letter, reason FROM incarnation ORDER BY first_seq") == [
        ("A", "created"),
        ("B", "behind"),
    ]
    sold = sell(restored)
    assert sold.header.receipt_number == "01-1-B000006", "the lost papers keep their numbers"
    assert restored.mark.seq == lost.seq + 2, "the event that another life began, then the sale"
    assert_chain_holds(restored)
    restored.close()


def test_the_event_of_another_life_says_what_was_lost(
    store: SqliteStore, path: Path, clock: FakeClock, ids: Uuid7Source
) -> None:
    sell(store)
    before = store.mark
    store.close()
    mark_path(path).unlink()
    again = open_store(path, KEY, clock, ids)
    ((body,),) = rows(again, "SELECT body FROM fact WHERE kind = 'event'")
    text = body.decode()
    for part in (
        '"event":"incarnation_started"',
        '"reason":"mark_missing"',
        before.head.hex(),
        '"letter":"B"',
    ):
        assert part in text
    again.close()


def test_a_second_life_is_not_begun_twice(
    store: SqliteStore, path: Path, clock: FakeClock, ids: Uuid7Source
) -> None:
    sell(store)
    store.close()
    mark_path(path).write_bytes(b"not a mark")
    for _ in range(2):
        again = open_store(path, KEY, clock, ids)
        assert again.mark.letter == "B"
        assert [job.state for job in again.desk.print_jobs(("queued",))] == ["queued"]
        again.close()


def test_two_tills_never_mix_their_marks(
    store: SqliteStore, path: Path, tmp_path: Path, clock: FakeClock, ids: Uuid7Source
) -> None:
    sell(store)
    store.close()
    other_path = tmp_path / "other.db"
    other = new_store(other_path, clock, ids)
    for _ in range(9):
        sell(other)
    other.close()
    shutil.copyfile(mark_path(other_path), mark_path(path))
    again = open_store(path, KEY, clock, ids)
    assert rows(again, "SELECT reason FROM incarnation ORDER BY first_seq")[-1] == ("other_device",)
    assert sell(again).header.receipt_number == "01-1-B000002", "another till's numbers are not ours"
    again.close()


def test_a_lost_wal_is_noticed(
    store: SqliteStore,
    tmp_path: Path,
    clock: FakeClock,
    ids: Uuid7Source,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("db.store.CHECKPOINT_FROM_COMMITS", 1)
    sell(store)
    store.idle()
    open_shift(store)  # a shift that begins writes the mark, and the WAL holds what the file does not
    folder = tmp_path / "after"
    folder.mkdir()
    for name in ("till.db", "till.db.mark"):
        shutil.copyfile(tmp_path / name, folder / name)
    without_wal = open_store(folder / "till.db", KEY, clock, ids)
    assert without_wal.mark.letter == "B"
    assert sell(without_wal).header.counter == 3
    without_wal.close()


def test_a_report_beside_a_running_till_begins_no_life(
    store: SqliteStore, path: Path, clock: FakeClock, ids: Uuid7Source
) -> None:
    sell(store)
    mark_path(path).unlink()
    beside = open_store(path, KEY, clock, ids, is_till=False)
    assert beside.mark.letter == "A"
    assert beside.journal.newest() == store.journal.newest()
    beside.close()
    assert sell(store).header.receipt_number == "01-1-A000002"


def test_the_mark_is_written_when_a_shift_turns_and_when_nothing_waits(
    store: SqliteStore, path: Path
) -> None:
    assert read_mark(path) == store.mark, "a new till has one"
    sell(store)
    assert read_mark(path) != store.mark, "not between key and receipt"
    store.idle()
    assert read_mark(path) == store.mark
    open_shift(store)
    assert read_mark(path) == store.mark


def test_a_till_that_went_down_before_its_mark_was_written_writes_it_when_it_comes_up(
    store: SqliteStore, path: Path, clock: FakeClock, ids: Uuid7Source
) -> None:
    """Else the disk of before, put back beside that mark, would go on where it ends and give its numbers out again."""
    sell(store)
    store.close()
    older = path.with_name("older.db")
    shutil.copyfile(path, older)
    store = open_store(path, KEY, clock, ids)
    number = sell(store).header.receipt_number
    store.engines.close()  # the power went
    open_store(path, KEY, clock, ids).close()
    shutil.copyfile(older, path)
    back = open_store(path, KEY, clock, ids)
    assert back.mark.letter == "B"
    assert sell(back).header.receipt_number != number
    back.close()


def test_the_mark_is_never_far_behind(
    store: SqliteStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("db.store.MARK_EVERY_COMMITS", 3)
    for _ in range(7):
        sell(store)
    beside = read_mark(path)
    assert beside is not None
    assert beside.seq == 6


def test_a_restored_backup_begins_another_life_when_told_to(
    store: SqliteStore, clock: FakeClock, ids: Uuid7Source
) -> None:
    sell(store)
    store.begin_incarnation(Reason.RESTORED)
    assert sell(store).header.receipt_number == "01-1-B000002"
    again = reopened(store, clock, ids)
    assert again.mark.letter == "B"
    assert_chain_holds(again)
    again.close()


def assert_chain_holds(store: SqliteStore) -> None:
    """Every fact hangs on the one before, in this file's order, whatever life it belongs to."""
    previous = GENESIS
    sell(store, a_member_sale())
    starts = {first_seq for (first_seq,) in rows(store, "SELECT first_seq FROM incarnation")}
    place = 0
    for seq, incarnation, prev_hash, digest, body in rows(
        store, "SELECT seq, incarnation, prev_hash, hash, body FROM fact ORDER BY seq"
    ):
        assert seq == place + 1 or seq in starts
        assert prev_hash == previous
        assert digest == link(previous, store.device_id, incarnation, seq, body)
        previous, place = digest, seq
