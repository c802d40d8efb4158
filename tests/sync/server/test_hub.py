"""A store's hub: its tills stay together without the line out, and the server above ends where it would have ended without the hub."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest

from sync.protocol import (
    Change,
    LeaseAnswer,
    LeaseHeld,
    LeaseRequest,
    LeaseWanted,
    PairAnswer,
    PullAnswer,
    PullRequest,
    PushAnswer,
    RotateRequest,
    SnapshotAnswer,
    pair_claim,
)
from sync.server import office
from sync.server.database import Database
from sync.server.tenants import begin_new_life
from tests.sync.server.driver import deliver, findings, pushed, rows, spread_all, state, statuses
from tests.sync.server.hubs import HubBelow, hub_below
from tests.sync.server.shell import Running, running
from tests.sync.server.tills import NOW, TENANT, Till, a_busy_week, fact_id

ANNA, BEN = fact_id(100, 1), fact_id(100, 2)
PHONE = "+886912000001"
CARD = fact_id(21, 1)


@pytest.fixture
def hub(up: Running, tmp_path: Path) -> Iterator[HubBelow]:
    with hub_below(up, tmp_path / "hub.db") as one:
        yield one


def feed(up: Running, token: str) -> list[Change]:
    return list(up.ask("pull", PullRequest(0, 0), PullAnswer, token).changes)


def told(hub: HubBelow, till: Till) -> list[str]:
    """What the hub tells this till of."""
    return [change.entity for change in feed(hub.below, hub.token(till))]


def watermark(hub: HubBelow, till: Till) -> tuple[object, ...]:
    """Above."""
    found = rows(
        hub.above.database,
        "SELECT seq, hash FROM chain WHERE tenant_id = :t AND device_id = :d AND incarnation = :i",
        t=TENANT.hex, d=till.device.device_id.hex, i=till.incarnation,
    )  # fmt: skip
    return found[0] if found else (0, b"")


def test_tills_of_a_shop_stay_together_when_the_line_is_cut(hub: HubBelow) -> None:
    first, second = Till(1), Till(2)
    hub.pairs(first)
    hub.pairs(second)
    hub.line.is_cut = True
    first.enrols(ANNA, PHONE)
    first.points(ANNA, 30)
    assert statuses(hub.pushes(first)) == ["applied", "applied"]
    stopped = hub.step()
    assert (stopped.problem, stopped.waiting) == ("no_network", 1)
    assert told(hub, second) == ["enrolment", "points_entry"]
    assert rows(hub.above.database, "SELECT COUNT(*) FROM fact") == [(0,)]
    hub.line.is_cut = False
    assert hub.drain().waiting == 0
    assert watermark(hub, first) == (2, first.head)
    assert rows(hub.above.database, "SELECT canonical_id FROM member") == [(ANNA.hex,)]


def test_a_hub_below_postgresql_ends_where_sqlite_ends(
    postgresql_database: Database, new_database: Callable[[], Database], tmp_path: Path
) -> None:
    tills, direct = a_busy_week(7, tills=2), new_database()
    deliver(direct, tills, 0)
    with running(postgresql_database) as above, hub_below(above, tmp_path / "hub.db") as hub:
        for till in tills:
            hub.pairs(till)
            hub.pushes(till)
        hub.drain()
        assert state(postgresql_database) == state(direct)
        asked = LeaseRequest(tills[0].incarnation, tills[0].seq, (), (LeaseWanted(CARD.bytes, True),))
        hub.below.ask("lease", asked, LeaseAnswer, hub.token(tills[0]))
        assert hub.step().problem == ""


@pytest.mark.parametrize("seed", [5, 6])
def test_a_busy_week_through_a_hub_ends_where_it_ends_without_one(
    hub: HubBelow, new_database: Callable[[], Database], seed: int
) -> None:
    tills, direct = a_busy_week(seed, tills=4), new_database()
    deliver(direct, tills, 0)
    for till in tills[:2]:
        hub.pairs(till)
    for start in range(0, 60, 9):
        for till in tills[:2]:
            if till.records[start : start + 9]:
                hub.pushes(till, start, start + 9, batch=start)
        for till in tills[2:]:
            part = till.records[start : start + 9]
            pushed(hub.above.database, till, till.push_of(part, batch=start), now=hub.above.fake.now)
        hub.line.is_cut = start % 2 == 1
        hub.step()
    hub.line.is_cut = False
    hub.drain()
    assert state(hub.above.database) == state(direct)
    for till in tills[:2]:
        assert watermark(hub, till) == (till.seq, till.head)
    # Both levels hold the same facts that concern members; nothing of a hub's own tills came back to it as something else.
    fed = "SELECT id, hash FROM fact f WHERE EXISTS (SELECT 1 FROM feed s WHERE s.id = f.id) ORDER BY id"
    assert rows(hub.below.database, fed) == rows(hub.above.database, fed)


def test_what_other_stores_say_comes_down_with_keys_and_documents(hub: HubBelow) -> None:
    own, other = Till(1), Till(7, store="S02")
    hub.pairs(own)
    other.enrols(ANNA, PHONE)
    other.sells(member=ANNA, earned=3)
    pushed(hub.above.database, other)
    body = b'{"tiles":[]}'
    hub.above.database.run(
        TENANT, lambda db: office.put_document(db, TENANT, UUID(int=4), "catalogue/tiles", body, now=NOW)
    )
    hub.drain()
    changes = feed(hub.below, hub.token(own))
    assert {(one.entity, one.device) for one in changes if one.device} == {
        ("enrolment", other.device.device_id.bytes),
        ("sale", other.device.device_id.bytes),
    }
    (key,) = [one.key for one in changes if one.entity == "enrolment"]
    assert key == other.keys[ANNA]
    (document,) = [one for one in changes if one.entity == "doc:catalogue/tiles"]
    assert (document.seq, document.body) == (1, body)
    assert [one.hash for one in changes] == [
        one.hash for one in feed(hub.above, hub.above.paired(Till(8)))
    ], "the very same facts, in this order"


def test_an_erasure_from_elsewhere_destroys_the_key_at_the_hub(hub: HubBelow) -> None:
    own, other = Till(1), Till(7, store="S02")
    hub.pairs(own)
    own.enrols(ANNA, PHONE)
    hub.pushes(own)
    hub.drain()
    other.erases(ANNA)
    pushed(hub.above.database, other)
    hub.drain()
    for database in (hub.above.database, hub.below.database):
        assert rows(database, "SELECT COUNT(*) FROM member_key") == [(0,)]
    assert {change.key for change in feed(hub.below, hub.token(own))} == {b""}


def test_own_facts_that_come_back_are_told_to_nobody_twice(hub: HubBelow) -> None:
    till = Till(1)
    hub.pairs(till)
    till.points(ANNA, 5)
    hub.pushes(till)
    hub.drain()
    before = feed(hub.below, hub.token(till))
    hub.drain()
    assert feed(hub.below, hub.token(till)) == before
    assert len(before) == 1


@pytest.mark.parametrize("instead", [(200, b"<html>sign in</html>"), (502, b"bad gateway"), (200, b"")])
def test_an_answer_that_is_no_answer_acknowledges_nothing(hub: HubBelow, instead: tuple[int, bytes]) -> None:
    till = Till(1)
    hub.pairs(till)
    till.sells()
    hub.pushes(till)
    assert hub.step().waiting == 0, "signed in"
    till.sells()
    hub.pushes(till, 1, batch=2)
    hub.line.instead = instead
    garbled = hub.step()
    assert garbled.problem in ("not_the_server", "server_busy")
    assert garbled.waiting == 1
    hub.line.instead = None
    assert hub.drain().waiting == 0
    assert rows(hub.above.database, "SELECT COUNT(*) FROM fact") == [(2,)]


def test_an_answer_that_was_lost_is_asked_for_again_and_nothing_counts_twice(hub: HubBelow) -> None:
    till = Till(1)
    hub.pairs(till)
    till.points(ANNA, 5)
    hub.pushes(till)
    hub.step()
    till.points(ANNA, 7)
    hub.pushes(till, 1, batch=2)
    hub.line.lose_answers = True
    assert hub.step().problem == "timeout"
    hub.line.lose_answers = False
    hub.drain()
    assert rows(hub.above.database, "SELECT SUM(points) FROM ledger_posting WHERE account = 'member'") == [
        (12,)
    ]


def test_a_till_that_is_paired_with_the_server_above_loses_and_doubles_nothing(hub: HubBelow) -> None:
    till = Till(1)
    hub.pairs(till)
    for _ in range(6):
        till.sells(member=ANNA, earned=2)
    hub.pushes(till, 0, 2, batch=1)
    hub.step()
    hub.pushes(till, 2, 4, batch=2)
    # The hub breaks with a batch that it could not tell; the till goes to the server above with another key.
    token = hub.above.paired(till)
    first = hub.above.ask("push", till.push_of(till.records[:0], batch=8), PushAnswer, token)
    assert first.watermark_seq == 2
    hub.above.ask("push", till.push_of(till.records[2:], batch=9), PushAnswer, token)
    # The hub is mended and tells what it still has.
    hub.drain()
    assert watermark(hub, till) == (6, till.head)
    assert rows(hub.above.database, "SELECT COUNT(*), SUM(points_earned) FROM sale") == [(6, 12)]
    assert findings(hub.above.database) == []


def test_a_till_that_moves_to_the_hub_from_the_server_above_is_whole_there(hub: HubBelow) -> None:
    till = Till(1)
    token = hub.above.paired(till)
    for member in (None, ANNA, None, BEN, None):
        till.sells(member=member, earned=1 if member else 0)
    hub.above.ask("push", till.push_of(), PushAnswer, token)
    hub.step()
    hub.pairs(till)
    till.sells()
    answer = hub.pushes(till)
    assert statuses(answer) == ["applied", "duplicate", "applied", "duplicate", "applied", "applied"]
    assert (answer.watermark_seq, answer.watermark_hash) == (6, till.head)
    # Whoever belongs to the server above is nobody's to introduce until the office lets it go.
    assert hub.step().waiting == 1
    assert rows(hub.below.database, "SELECT problem FROM introduction") == [("device_paired",)]
    device = till.device.device_id
    hub.above.database.run(TENANT, lambda db: office.revoke(db, TENANT, device, hub.above.fake.now))
    hub.later(3_600_000)
    assert hub.drain().waiting == 0
    assert watermark(hub, till) == (6, till.head)


def test_a_till_that_cannot_be_introduced_stops_no_other(
    hub: HubBelow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.server.upward.LOOKED_AT_MAX", 3)
    stuck, other = Till(1), Till(2)
    hub.above.paired(stuck)
    for till in (stuck, other):
        hub.pairs(till)
    for number in range(5):
        stuck.sells()
        hub.pushes(stuck, number, batch=number)
    other.sells()
    hub.pushes(other)
    assert hub.step().waiting == 5
    assert watermark(hub, other) == (1, other.head)


def test_a_server_that_was_put_back_is_told_everything_again(
    hub: HubBelow, new_database: Callable[[], Database]
) -> None:
    tills = a_busy_week(4, tills=2)
    for till in tills:
        hub.pairs(till)
        hub.pushes(till)
    hub.drain()
    before = state(hub.above.database)
    # It forgets every fact; what it knows of tills is older than they are as well.
    lost = (
        "fact", "feed", "feed_sum", "arrival", "chain", "set_aside", "member_key", "erasure", "exception", "member", "consent",
        "sale", "sale_line", "tender", "ledger_posting", "value_posting", "coupon", "coupon_use",
    )  # fmt: skip
    for table in lost:
        hub.above.database.run_house(lambda db, table=table: db.exec_driver_sql(f"DELETE FROM {table}"))  # type: ignore[misc]
    hub.above.database.run_house(lambda db: db.exec_driver_sql("DELETE FROM device WHERE via IS NOT NULL"))
    hub.above.database.run_house(lambda db: db.exec_driver_sql("UPDATE counter SET value = 0"))
    hub.above.database.run(TENANT, lambda db: begin_new_life(db, TENANT, at=hub.above.fake.now))
    hub.drain()
    assert state(hub.above.database) == before
    for till in tills:
        assert watermark(hub, till) == (till.seq, till.head)


def test_a_key_that_was_changed_at_the_hub_is_known_above(hub: HubBelow) -> None:
    till, after = Till(1), Till(31)
    hub.pairs(till)
    till.sells()
    hub.pushes(till)
    device = till.device.device_id.bytes
    claim = pair_claim(till.key_id, device, after.device.public_key)  # type: ignore[attr-defined]
    asked = RotateRequest(after.device.public_key, after.private.sign(claim))
    renewed = hub.below.ask("rotate", asked, PairAnswer, hub.token(till))
    till.private, till.key_id = after.private, renewed.key_id  # type: ignore[attr-defined]
    hub.tokens.clear()
    till.sells()
    hub.pushes(till, 1, batch=2)
    hub.drain()
    assert watermark(hub, till) == (2, till.head)


def test_a_till_that_was_revoked_above_is_revoked_at_the_hub(hub: HubBelow) -> None:
    till = Till(1)
    hub.pairs(till)
    till.sells()
    hub.pushes(till)
    hub.drain()
    device = till.device.device_id
    hub.above.database.run(TENANT, lambda db: office.revoke(db, TENANT, device, hub.above.fake.now))
    till.sells()
    hub.pushes(till, 1, batch=2)
    hub.drain()
    assert [kind for kind, _ in findings(hub.above.database)] == ["quarantined"]
    answer = hub.below.send("pull", PullRequest(0, 0), hub.token(till))
    assert (answer.status_code, answer.json()["code"]) == (403, "device_revoked")


def test_leases_go_through_the_hub_and_back(hub: HubBelow) -> None:
    till, other = Till(1), Till(7, store="S02")
    hub.pairs(till)
    till.moves_value(CARD, 800)
    hub.pushes(till)
    asked = LeaseRequest(till.incarnation, till.seq, (), (LeaseWanted(CARD.bytes, True),))
    assert hub.below.ask("lease", asked, LeaseAnswer, hub.token(till)).leases == ()
    hub.step()
    answer = hub.below.ask("lease", asked, LeaseAnswer, hub.token(till))
    (given,) = answer.leases
    assert given.minor == 800
    assert (
        answer.server
        != rows(hub.above.database, "SELECT life FROM tenant WHERE tenant_id = :t", t=TENANT.hex)[0][0]
    )
    # The line is cut: the lease stands; what was spent is told later.
    hub.line.is_cut = True
    till.moves_value(CARD, -500)
    hub.pushes(till, 1, batch=2)
    said = LeaseRequest(till.incarnation, till.seq, (LeaseHeld(given.id, 500, True),))
    hub.below.ask("lease", said, LeaseAnswer, hub.token(till))
    hub.step()
    hub.line.is_cut = False
    hub.drain()
    token = hub.above.paired(other)
    rest = LeaseRequest(other.incarnation, 0, (), (LeaseWanted(CARD.bytes, True),))
    (free,) = hub.above.ask("lease", rest, LeaseAnswer, token).leases
    assert free.minor == 300


def test_a_new_till_is_filled_by_the_hub_alone(hub: HubBelow) -> None:
    from sync.protocol import SnapshotRequest, Stage

    tills = a_busy_week(3, tills=3)
    deliver(hub.above.database, tills, 0)
    hub.drain()
    new = Till(40)
    hub.pairs(new)
    hub.line.is_cut = True
    whole = hub.below.ask("snapshot", SnapshotRequest(Stage.MEMBERS), SnapshotAnswer, hub.token(new))
    there = hub.above.ask(
        "snapshot", SnapshotRequest(Stage.MEMBERS), SnapshotAnswer, hub.above.paired(Till(41))
    )
    assert [(one.id, one.key) for one in whole.changes] == [(one.id, one.key) for one in there.changes]
    spread_all(hub.below.database)
