"""What the guard reads: by the chain's places, never a whole table of sales; merged members count as one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.service.guard import Dismissal
from db import guard_rows
from db.guard_rows import SqliteGuardSource
from db.store import SqliteStore
from db.types import date_number
from tests.builders import BUSINESS_DATE, CASHIER, MEMBER, uuid
from tests.db.tills import a_member_sale, rows, sell

NAMES = {
    "first": 1, "end": 100, "since": date_number(BUSINESS_DATE), "until": date_number(BUSINESS_DATE), "entry": "points_entry",
    "late": "a", "by_hand": "b", "lost": "c", "back": "d",
}  # fmt: skip
BY_NAME = (
    "PLACES",
    "TICKETS",
    "GOODS_BACK",
    "GOODS_SOLD",
    "HAND_MOVES",
    "TAKEN_BACK",
    "EVENTS",
    "LINK_BEFORE",
)
BY_PLACE = {"LATER_VISITS": (b"", 1), "BALANCE": (b"",), "MEMBER_OF_PHONE": ("",), "BRING_BACK": ("",)}


@pytest.mark.parametrize("name", [*BY_NAME, *BY_PLACE])
def test_no_statement_reads_a_whole_table_but_the_shifts(store: SqliteStore, name: str) -> None:
    statement = getattr(guard_rows, name)
    plan_of = f"EXPLAIN QUERY PLAN {statement}"
    if name in BY_PLACE:
        plan = [row[3] for row in rows(store, plan_of, *BY_PLACE[name])]
    else:
        with store.engines.reading() as cursor:
            wanted = {key: value for key, value in NAMES.items() if f":{key}" in statement}
            plan = [row[3] for row in cursor.execute(plan_of, wanted).fetchall()]
    scans = [
        step for step in plan if step.startswith("SCAN") and "INDEX" not in step and "CONSTANT" not in step
    ]
    allowed = {"SCAN shift", "SCAN later", "SCAN s"}
    assert [step for step in scans if step not in allowed] == [], plan


def test_a_range_of_dates_is_the_places_of_its_shifts(sold: SqliteStore) -> None:
    source = SqliteGuardSource(sold.engines)
    assert len(source.rows(BUSINESS_DATE, BUSINESS_DATE, {}).tickets) == 5
    day_before = BUSINESS_DATE - timedelta(days=1)
    assert source.rows(day_before, day_before, {}).tickets == ()
    assert len(source.rows(date(2020, 1, 1), date(2030, 1, 1), {}).tickets) == 5


def test_a_merged_member_counts_as_the_one_that_stays(shift: SqliteStore) -> None:
    with shift.begin() as work:
        work.add_member(MEMBER, created_at=1, operator_id=None)
        work.commit()
    sell(shift, a_member_sale())
    survivor = uuid(77)
    with shift.begin() as work:
        work.cursor.execute(
            "INSERT INTO member_alias (member_id, survivor_id, merged_at, hlc) VALUES (?, ?, 1, 1)",
            (MEMBER.id.bytes, survivor.bytes),
        )
        work.commit()
    found = SqliteGuardSource(shift.engines).rows(BUSINESS_DATE, BUSINESS_DATE, {CASHIER.id: MEMBER.phone})
    assert [one.member_id for one in found.tickets] == [survivor]
    assert found.staff == {survivor: CASHIER.id}


def test_a_dismissal_is_kept_replaced_and_taken_back(store: SqliteStore) -> None:
    source = SqliteGuardSource(store.engines)
    first = Dismissal("staff_number:x", 1, None, "看過了")
    second = Dismissal("staff_number:x", 2, CASHIER.id, "再看過了")
    for dismissal in (first, second):
        with store.begin() as work:
            source.dismiss(work, dismissal)
            work.commit()
    assert source.dismissals() == {"staff_number:x": second}
    with store.begin() as work:
        assert source.bring_back(work, "staff_number:x")
        assert not source.bring_back(work, "staff_number:x")
        work.commit()
    assert source.dismissals() == {}


def test_a_dismissal_that_is_not_committed_is_none(store: SqliteStore) -> None:
    source = SqliteGuardSource(store.engines)
    with store.begin() as work:
        source.dismiss(work, Dismissal("staff_number:x", 1, None, "看過了"))
    assert source.dismissals() == {}
