"""Taking facts in: one answer a record, nothing refused that is authentic, nothing that stops what is behind it."""

from __future__ import annotations

from dataclasses import replace as with_fields

import msgspec
import pytest

from app.domain.chain import GENESIS
from sync.protocol import Record
from sync.server.database import Database
from sync.server.push import push, take_in
from sync.server.refusal import Denied
from tests.sync.server.driver import findings, pushed, rows, spread_all, statuses
from tests.sync.server.tills import NOW, TENANT, Till, derived_id, fact_id

ANNA = fact_id(100, 1)


def changed(record: Record, **fields: object) -> Record:
    return msgspec.structs.replace(record, **fields)


def test_facts_are_applied_once_and_echoed(database: Database) -> None:
    till = Till(1)
    for _ in range(5):
        till.sells()
    answer = pushed(database, till)
    assert statuses(answer) == ["applied"] * 5
    assert [result.hash for result in answer.results] == [record.hash for record in till.records]
    assert (answer.watermark_seq, answer.watermark_hash) == (5, till.head)
    assert answer.is_whole
    again = pushed(database, till)
    assert statuses(again) == ["duplicate"] * 5
    spread_all(database)
    assert rows(database, "SELECT COUNT(*) FROM sale") == [(5,)]


def test_the_watermark_waits_for_what_is_missing(database: Database) -> None:
    till = Till(1)
    for _ in range(9):
        till.sells()
    late = pushed(database, till, till.push_of(till.records[6:]))
    assert late.watermark_seq == 0
    assert pushed(database, till, till.push_of(till.records[:3])).watermark_seq == 3
    assert pushed(database, till, till.push_of(till.records[3:6])).watermark_seq == 9


@pytest.mark.parametrize("position", range(4))
@pytest.mark.parametrize("flaw", ["hash", "body", "kind", "id", "hlc", "prev"])
def test_a_poisoned_record_is_set_aside_and_stops_nothing(
    database: Database, position: int, flaw: str
) -> None:
    till = Till(1)
    for _ in range(4):
        till.sells()
    good = till.records[position]
    flaws: dict[str, dict[str, object]] = {
        "hash": {"hash": bytes(32)},
        "body": {"body": good.body + b" "},
        "kind": {"kind": "return"},
        "id": {"id": good.id[:15]},
        "hlc": {"hlc": 0},
        "prev": {"prev": b"short"},
    }
    sent = [changed(one, **flaws[flaw]) if one is good else one for one in till.records]
    answer = pushed(database, till, till.push_of(sent))
    expected = ["applied"] * 4
    expected[position] = "quarantined"
    assert statuses(answer) == expected
    assert answer.watermark_seq == 4
    ((kind, _),) = findings(database)
    assert kind == "quarantined"
    ((kept,),) = rows(database, "SELECT body FROM exception")
    assert isinstance(kept, bytes)
    assert msgspec.msgpack.decode(kept, type=Record) == sent[position]
    # What was whole after all is taken in when it comes.
    assert statuses(pushed(database, till))[position] == "applied"


@pytest.mark.logs_warnings
def test_an_authentic_fact_that_cannot_be_understood_stops_nothing(database: Database) -> None:
    till = Till(1)
    till.sells()
    till.tell({"v": 1, "id": till.new_id().hex, "kind": "sale", "at": NOW, "total": "a lot"})
    till.sells()
    assert statuses(pushed(database, till)) == ["applied"] * 3
    spread_all(database)
    assert rows(database, "SELECT COUNT(*) FROM sale") == [(2,)]
    assert [kind for kind, _ in findings(database)] == ["damaged"]
    assert rows(database, "SELECT state FROM fact ORDER BY seq") == [("",), ("damaged",), ("",)]


def test_a_copied_till_loses_no_sale_and_is_seen(database: Database) -> None:
    till = Till(1)
    for _ in range(3):
        till.sells((100,))
    copy = till.next_life(till.incarnation)
    copy._count = 500
    copy.records = list(till.records)
    for _ in range(2):
        till.sells((10,))
        copy.sells((7,))
    assert statuses(pushed(database, till)) == ["applied"] * 5
    answer = pushed(database, copy)
    assert statuses(answer) == ["duplicate"] * 3 + ["fork"] * 2
    assert statuses(pushed(database, copy)) == ["duplicate"] * 5
    spread_all(database)
    assert rows(database, "SELECT SUM(total_minor) FROM sale") == [(334,)]
    assert [kind for kind, _ in findings(database)] == ["fork"]


def test_a_branch_is_known_by_its_link_even_where_its_place_is_free(database: Database) -> None:
    till = Till(1)
    till.sells()
    copy = till.next_life(till.incarnation)
    copy._count = 500
    till.sells()
    copy.sells()
    copy.sells()
    pushed(database, till)
    assert statuses(pushed(database, copy, copy.push_of(copy.records[1:]))) == ["fork"]
    till.sells()
    assert statuses(pushed(database, till))[-1] == "applied"


def test_another_life_goes_on_where_the_file_ended(database: Database) -> None:
    till = Till(1)
    for _ in range(3):
        till.sells()
    after = till.next_life(7_777)
    after.sells()
    after.sells()
    # The life before it is not here yet: where this one begins cannot be known.
    assert pushed(database, after).watermark_seq == 0
    pushed(database, till)
    answer = pushed(database, after)
    assert statuses(answer) == ["duplicate"] * 2
    assert (answer.watermark_seq, answer.watermark_hash) == (5, after.head)


def test_the_same_bonus_given_by_two_tills_is_one_and_nobodys_concern(database: Database) -> None:
    first, second, entry = Till(1), Till(2), derived_id(1)
    first.points(ANNA, 10, entry=entry)
    second.sells()
    second.points(ANNA, 10, entry=entry)
    assert statuses(pushed(database, first)) == ["applied"]
    answer = pushed(database, second)
    assert statuses(answer) == ["applied", "duplicate"]
    assert answer.watermark_seq == 2
    spread_all(database)
    assert rows(database, "SELECT SUM(points) FROM ledger_posting WHERE account = 'member'") == [(10,)]
    assert findings(database) == []


def test_two_facts_under_a_random_id_are_both_kept_and_shown(database: Database) -> None:
    first, second, same = Till(1), Till(2), fact_id(9, 9)
    first.points(ANNA, 10, entry=same)
    second.points(ANNA, 25, entry=same)
    pushed(database, first)
    assert statuses(pushed(database, second)) == ["conflict"]
    spread_all(database)
    assert [kind for kind, _ in findings(database)] == ["conflict"]
    assert rows(database, "SELECT COUNT(*) FROM fact") == [(1,)]


def test_a_clock_that_runs_ahead_counts_as_five_minutes_and_is_shown(database: Database) -> None:
    till = Till(1)
    till.changes(ANNA, {"phone": "+886912000001"}, at=NOW + 400 * 86_400_000)
    assert statuses(pushed(database, till)) == ["applied"]
    till.changes(ANNA, {"phone": "+886912000002"}, at=NOW + 400 * 86_400_000)
    pushed(database, till)
    # In the order in which they were said.
    limit = (NOW + 300_000) << 16
    assert rows(database, "SELECT hlc FROM fact ORDER BY seq") == [(limit | 1,), (limit | 2,)]
    assert [kind for kind, _ in findings(database)] == ["clock_ahead"]


def test_what_a_revoked_till_sends_is_kept_for_a_person_to_see(database: Database) -> None:
    till = Till(1)
    till.sells()
    device = with_fields(till.device, is_revoked=True)
    request = till.push_of()
    answer = database.run(TENANT, lambda db: push(db, device, request, NOW))
    assert [(result.status, result.code) for result in answer.results] == [("quarantined", "device_revoked")]
    assert rows(database, "SELECT COUNT(*) FROM fact") == [(0,)]


def test_a_request_that_is_not_this_tills_own_is_denied(database: Database) -> None:
    till, other = Till(1), Till(2)
    till.sells()
    request = till.push_of()
    for wrong, code in (
        ({"signature": other.push_of().signature}, "signature"),
        ({"signature": b"x"}, "signature"),
        ({"device": other.device.device_id.bytes}, "device_other"),
        ({"head": GENESIS}, "head"),
        ({"incarnation": 1 << 63}, "incarnation"),
        ({"incarnation": 12}, "signature"),
        ({"batch": b"1"}, "batch_or_nonce"),
        ({"protocol": 99}, "protocol_newer"),
    ):
        with pytest.raises(Denied) as denied:
            pushed(database, till, msgspec.structs.replace(request, **wrong))
        assert denied.value.code == code
    assert rows(database, "SELECT COUNT(*) FROM fact") == [(0,)]


def test_what_is_taken_in_later_keeps_its_place_where_another_fact_stands_under_its_id(
    database: Database,
) -> None:
    """Two tills gave the same bonus while one had lost its key: its fact loses, and its chain goes on all the same."""
    first, second = Till(1), Till(2)
    first.points(ANNA, 5, entry=derived_id(7))
    pushed(database, first)
    second.points(ANNA, 5, entry=derived_id(7))
    second.sells()
    locked = with_fields(second.device, is_revoked=True)
    database.run(TENANT, lambda db: push(db, locked, second.push_of(), NOW))
    for record in second.records:
        database.run(TENANT, lambda db, record=record: take_in(db, second.device, record, NOW))  # type: ignore[misc]
    third = second.sells()
    answer = pushed(database, second, second.push_of([third]))
    assert answer.watermark_seq == 3
    assert rows(database, "SELECT seq, hash FROM set_aside") == [(1, second.records[0].hash)]
