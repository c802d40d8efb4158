"""Members at the server: one number is one member, an erasure is for good, and the books of people who are one count together."""

from __future__ import annotations

from uuid import UUID

import pytest

from sync.protocol import MemberKey
from sync.server.checks import balances_of
from sync.server.database import Database
from tests.builders import OCCURRED_AT
from tests.sync.server.driver import findings, pulled, pushed, rows, spread_all
from tests.sync.server.tills import TENANT, Till, fact_id

ANNA, BEN, CARL = fact_id(100, 1), fact_id(100, 2), fact_id(100, 3)
PHONE, OTHER_PHONE = "+886912000001", "+886912000002"


def canonical(database: Database) -> dict[UUID, UUID]:
    found = rows(database, "SELECT member_id, canonical_id FROM member")
    return {UUID(str(member)): UUID(str(one)) for member, one in found}


def test_two_tills_that_enrol_one_number_make_one_member(database: Database) -> None:
    first, second = Till(1), Till(2)
    second.enrols(BEN, PHONE, at=OCCURRED_AT + 1_000)
    second.points(BEN, 30)
    first.enrols(ANNA, PHONE, at=OCCURRED_AT + 9_000)
    first.points(ANNA, 12)
    pushed(database, first)
    spread_all(database)
    assert canonical(database) == {ANNA: ANNA}
    pushed(database, second)
    spread_all(database)
    assert canonical(database) == {ANNA: BEN, BEN: BEN}
    assert findings(database) == [("one_phone", ANNA.hex)]
    assert database.run(TENANT, lambda db: balances_of(db, TENANT.hex, [BEN.hex])) == {BEN.hex: 42}


def test_a_number_that_moves_takes_its_members_apart_again(database: Database) -> None:
    till = Till(1)
    till.enrols(ANNA, PHONE)
    till.enrols(BEN, PHONE)
    till.changes(BEN, {"phone": OTHER_PHONE})
    pushed(database, till)
    spread_all(database)
    assert canonical(database) == {ANNA: ANNA, BEN: BEN}
    assert findings(database) == []


def test_what_people_said_goes_before_the_number(database: Database) -> None:
    till = Till(1)
    till.enrols(ANNA, PHONE)
    till.enrols(BEN, PHONE)
    till.enrols(CARL, OTHER_PHONE)
    till.merges(ANNA, CARL)
    till.merges(BEN, None)
    pushed(database, till)
    spread_all(database)
    assert canonical(database) == {ANNA: CARL, BEN: BEN, CARL: CARL}


def test_points_spent_on_two_tills_are_on_the_list_until_they_are_made_up_for(database: Database) -> None:
    first, second = Till(1), Till(2)
    first.points(ANNA, 50)
    first.points(ANNA, -40)
    second.sells((500,), member=ANNA, spent=40)
    for till in (first, second):
        pushed(database, till)
    spread_all(database)
    assert findings(database) == [("negative_balance", ANNA.hex)]
    second.sells((900,), member=ANNA, earned=30)
    pushed(database, second)
    spread_all(database)
    assert findings(database) == []


def test_a_coupon_used_twice_is_won_by_the_clock_and_not_by_who_came_first(database: Database) -> None:
    first, second, coupon = Till(1), Till(2), fact_id(101, 1)
    early = first.redeems(coupon, at=OCCURRED_AT + 1_000)
    late = second.redeems(coupon, at=OCCURRED_AT + 2_000)
    pushed(database, second)
    spread_all(database)
    assert findings(database) == []
    pushed(database, first)
    spread_all(database)
    assert findings(database) == [("double_redemption", late.id.hex())]
    assert early.id != late.id


def test_an_erasure_destroys_the_key_and_no_later_word_brings_it_back(database: Database) -> None:
    first, second = Till(1), Till(2)
    first.enrols(ANNA, PHONE)
    key = MemberKey(ANNA.bytes, first.keys[ANNA])
    pushed(database, first)
    second.erases(ANNA)
    pushed(database, second)
    first.changes(ANNA, {"phone": OTHER_PHONE})
    pushed(database, first, first.push_of(first.records[1:], batch=2, keys=[key]))
    spread_all(database)
    assert rows(database, "SELECT COUNT(*) FROM member_key") == [(0,)]
    assert rows(database, "SELECT phone_hash FROM member") == [(None,)]
    assert all(change.key == b"" for change in pulled(database, first).changes)
    entities = [change.entity for change in pulled(database, first).changes]
    assert entities == ["enrolment", "erasure", "profile"]


def test_a_key_that_comes_late_opens_what_was_spread_before(database: Database) -> None:
    till = Till(1)
    till.enrols(ANNA, PHONE)
    pushed(database, till, till.push_of(keys=[]))
    spread_all(database)
    assert rows(database, "SELECT phone_hash FROM member") == [(None,)]
    pushed(database, till)
    spread_all(database)
    ((kept,),) = rows(database, "SELECT phone_hash FROM member")
    assert kept is not None
    assert PHONE.encode() not in bytes(kept)  # type: ignore[call-overload]


def test_two_keys_of_one_member_each_open_their_own(database: Database) -> None:
    first, second = Till(1), Till(2)
    first.changes(ANNA, {"phone": PHONE})
    second.changes(ANNA, {"name": "王大明"})
    pushed(database, first)
    pushed(database, second)
    keys = {change.device: change.key for change in pulled(database, first).changes}
    assert keys == {
        first.device.device_id.bytes: first.keys[ANNA],
        second.device.device_id.bytes: second.keys[ANNA],
    }


@pytest.mark.parametrize("newest_is_granted", [False, True])
def test_the_newest_answer_counts(database: Database, newest_is_granted: bool) -> None:
    first, second = Till(1), Till(2)
    first.answers(ANNA, granted=newest_is_granted, at=OCCURRED_AT + 9_000)
    second.answers(ANNA, granted=not newest_is_granted, at=OCCURRED_AT + 1_000)
    pushed(database, first)
    pushed(database, second)
    spread_all(database)
    assert rows(database, "SELECT is_granted FROM consent") == [(int(newest_is_granted),)]


def test_no_number_stands_in_the_clear_anywhere(database: Database) -> None:
    till = Till(1)
    till.enrols(ANNA, PHONE)
    till.changes(ANNA, {"name": "林小美"})
    till.sells(member=ANNA, earned=3)
    pushed(database, till)
    spread_all(database)
    for (table,) in rows(database, "SELECT name FROM sqlite_schema WHERE type = 'table'"):
        for row in rows(database, f"SELECT * FROM {table}"):
            for value in row:
                data = value if isinstance(value, bytes) else str(value).encode()
                assert PHONE.encode() not in data, table
                assert "林小美".encode() not in data, table
