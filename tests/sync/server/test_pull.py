"""The feed, the first filling, and the comparison of books."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from app.domain.chain import link
from sync.protocol import Change, PullRequest, ReconcileRequest, SnapshotAnswer, SnapshotRequest, Stage
from sync.server import office
from sync.server.database import Database
from sync.server.pull import pull, reconcile, snapshot
from sync.server.refusal import Denied
from tests.sync.server.driver import deliver, pulled, pushed, rows
from tests.sync.server.tills import NOW, TENANT, Till, a_busy_week, fact_id

ANNA = fact_id(100, 1)


def put_catalogue(database: Database, own: UUID, body: bytes) -> None:
    database.run(TENANT, lambda db: office.put_document(db, TENANT, own, "catalogue/1", body, now=NOW))


def filled(database: Database, till: Till, asked: SnapshotRequest) -> SnapshotAnswer:
    return database.run(TENANT, lambda db: snapshot(db, till.device, asked))


def compared_with(database: Database, till: Till, asked: ReconcileRequest) -> tuple[str, ...]:
    return database.run(TENANT, lambda db: reconcile(db, till.device, asked)).different


def test_other_tills_are_told_of_members_and_points_and_not_of_the_rest(database: Database) -> None:
    till, other = Till(1), Till(2)
    till.sells()
    till.enrols(ANNA, "+886912000001")
    till.sells(member=ANNA, earned=5)
    till.points(ANNA, 7)
    till.tell({"v": 1, "id": till.new_id().hex, "kind": "event", "event": "drawer_opened", "at": NOW})
    pushed(database, till)
    page = pulled(database, other)
    assert [change.entity for change in page.changes] == ["enrolment", "sale", "points_entry"]
    assert (page.last, page.newest) == (3, 3)
    assert page.changes[0].key == till.keys[ANNA]
    for change in page.changes:
        before = till.records[change.seq - 2].hash
        assert change.hash == link(before, till.device.device_id, change.incarnation, change.seq, change.body)


def test_the_feed_is_read_page_by_page_without_a_gap(database: Database) -> None:
    tills = a_busy_week(3)
    deliver(database, tills, 1)
    whole = pulled(database, tills[0])
    steps: list[Change] = []
    after = 0
    while True:
        page = pulled(database, tills[0], server=whole.server, after=after, limit=7)
        steps.extend(page.changes)
        if not page.changes:
            break
        assert page.last == page.changes[-1].feed_seq
        after = page.last
    assert tuple(steps) == whole.changes
    assert [change.feed_seq for change in steps] == sorted(change.feed_seq for change in steps)


def test_a_cursor_of_another_life_or_of_the_future_begins_again(database: Database) -> None:
    till = Till(1)
    till.points(ANNA, 5)
    pushed(database, till)
    life = pulled(database, till).server
    assert pulled(database, till, server=life + 5, after=1).must_restart
    # A cursor beyond what is here: the server was put back to an earlier day, and everybody is to know.
    ahead = pulled(database, till, server=life, after=99)
    assert ahead.must_restart
    assert ahead.server > life
    assert pulled(database, till, server=life, after=1).must_restart


def test_a_first_filling_brings_everything_once_in_stages(database: Database) -> None:
    tills = a_busy_week(3)
    deliver(database, tills, 1)
    for version in range(2):
        body = b'{"version":%d}' % version
        put_catalogue(database, UUID(int=version + 1), body)
    found: list[Change] = []
    as_of = 0
    for stage in Stage:
        after = 0
        while True:
            asked = SnapshotRequest(stage, as_of, after, 11)
            page = filled(database, tills[0], asked)
            as_of = page.as_of
            found.extend(page.changes)
            after = page.next
            if not after:
                break
    everything = pulled(database, tills[0]).changes
    newest = [change for change in everything if not (change.entity == "doc:catalogue/1" and change.seq == 1)]
    assert sorted(found, key=lambda change: change.feed_seq) == newest
    assert found[0].entity == "doc:catalogue/1"
    assert found[0].body == b'{"version":1}'


def test_books_that_agree_differ_in_nothing_and_others_say_where(database: Database) -> None:
    tills = a_busy_week(3)
    deliver(database, tills, 1)
    page = pulled(database, tills[0])
    sums: dict[str, tuple[int, int]] = {}
    for change in page.changes:
        count, xor = sums.get(change.entity, (0, 0))
        sums[change.entity] = (count + 1, xor ^ int.from_bytes(change.hash[:8], "big"))

    def compared(mine: dict[str, tuple[int, int]]) -> tuple[str, ...]:
        asked = ReconcileRequest(page.last, tuple((name, *both) for name, both in mine.items()))
        return database.run(TENANT, lambda db: reconcile(db, tills[0].device, asked)).different

    assert compared(sums) == ()
    count, xor = sums["points_entry"]
    assert compared(sums | {"points_entry": (count - 1, xor)}) == ("points_entry",)
    assert compared(sums | {"points_entry": (count, xor ^ 1)}) == ("points_entry",)
    del sums["consent"]
    assert compared(sums) == ("consent",)


def test_sums_that_were_kept_are_the_same_as_new_ones(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.server.pull.SUM_STEPS_MIN", 10)
    tills = a_busy_week(3)
    deliver(database, tills, 1)
    for after in (15, 40, 40, 60, 12):
        asked = ReconcileRequest(after, ())
        kept = compared_with(database, tills[0], asked)
        page = [change for change in pulled(database, tills[0]).changes if change.feed_seq <= after]
        assert kept == tuple(sorted({change.entity for change in page}))
    assert rows(database, "SELECT COUNT(DISTINCT up_to) FROM feed_sum") != [(0,)]


def test_nothing_is_given_to_a_till_whose_key_was_taken_away(database: Database) -> None:
    till = Till(1)
    revoked = replace(till.device, is_revoked=True)
    for work in (
        lambda db: pull(db, revoked, PullRequest(0, 0), NOW),
        lambda db: snapshot(db, revoked, SnapshotRequest(Stage.MEMBERS)),
        lambda db: reconcile(db, revoked, ReconcileRequest(0, ())),
    ):
        with pytest.raises(Denied) as denied:
            database.run(TENANT, work)
        assert denied.value.code == "device_revoked"
