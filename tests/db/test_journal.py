"""Transactions are found by what people have in hand: a paper, a member, a returned article."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.ids import MemberId, TransactionId
from app.domain.transaction import TransactionKind
from app.service.ports import AuditEvent
from db.engine import Error
from db.store import SqliteStore
from tests.builders import CASHIER, MEMBER, OCCURRED_AT, a_control, a_line, a_return, a_sale, uuid
from tests.db.tills import a_member_sale, a_shift, count, numbered_control, rows, sell


def test_an_unknown_transaction_is_none(store: SqliteStore) -> None:
    unknown = TransactionId(uuid())
    assert store.journal.get(unknown) is None
    assert store.journal.by_receipt_number("01-1-A000001") is None
    assert store.journal.document_of(unknown) is None
    assert store.journal.stamp_of(unknown) is None


def test_the_newest_come_first(store: SqliteStore) -> None:
    sold = [sell(store) for _ in range(3)]
    assert store.journal.newest(2) == (sold[2], sold[1])


def test_a_members_history_holds_only_their_own(store: SqliteStore) -> None:
    sell(store)
    mine = [sell(store, a_member_sale()) for _ in range(2)]
    sell(store, a_member_sale(replace(MEMBER, id=MemberId(uuid()))))
    assert store.journal.of_member(MEMBER.id) == (mine[1], mine[0])
    assert store.journal.of_member(MEMBER.id, limit=1) == (mine[1],)


def test_returns_are_found_by_what_they_return(store: SqliteStore) -> None:
    sold = sell(store, a_sale(a_line(100, 2000)))
    other = sell(store)
    returns = [sell(store, a_return(sold, [(1, 1000, 100)])) for _ in range(2)]
    assert store.journal.returns_of(sold.header.id) == tuple(returns)
    assert store.journal.returns_of(other.header.id) == ()
    with store.begin() as work:
        assert work.returns_of(sold.header.id) == tuple(returns)


def test_a_sale_is_voided_once(store: SqliteStore) -> None:
    sold = sell(store)
    void = replace(a_return(sold, [(1, 1000, 100)]), voids=sold.header.id)
    void = replace(void, header=replace(void.header, kind=TransactionKind.POST_VOID))
    voided = sell(store, void)
    assert store.journal.void_of(sold.header.id) == voided
    assert store.journal.void_of(voided.header.id) is None
    again = replace(void, header=replace(void.header, id=TransactionId(uuid())))
    with pytest.raises(Error, match="UNIQUE"):
        sell(store, again)
    with store.begin() as work:
        assert work.void_of(sold.header.id) == voided


def test_a_long_shift_is_read_page_by_page(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("db.journal._PAGE_ROWS", 3)
    shift = a_shift()
    with store.begin() as work:
        work.open_shift(shift)
        work.commit()
    sold = [sell(store, a_member_sale()) for _ in range(6)]
    assert list(store.journal.of_shift(shift.id)) == sold


def test_the_drawer_gains_cash_less_change(store: SqliteStore) -> None:
    sell(store, a_sale(a_line(100)))
    with store.begin() as work:
        work.append(numbered_control(work, a_control(TransactionKind.PAID_OUT, -300)))
        work.append(numbered_control(work, a_control(TransactionKind.PAID_IN, 50)))
        work.commit()
    assert rows(store, "SELECT sum(cash_minor), sum(total_minor) FROM transaction_header") == [(-150, 100)]


def test_an_event_outside_a_shift_belongs_to_none(store: SqliteStore) -> None:
    with store.begin() as work:
        work.audit(AuditEvent("settings_changed", CASHIER.id, OCCURRED_AT, {"keys": ["shop.name"]}))
        work.commit()
    assert rows(store, "SELECT kind, shift_id FROM audit_event") == [("settings_changed", None)]
    assert count(store, "outbox") == 1


FACT_TABLES = (
    "fact",
    "transaction_header",
    "sale_line",
    "line_modifier",
    "tender",
    "audit_event",
    "ledger_entry",
    "ledger_posting",
    "print_event",
)


@pytest.mark.parametrize("table", FACT_TABLES)
def test_facts_are_never_changed_or_deleted(store: SqliteStore, table: str) -> None:
    sell(store, a_member_sale())
    (job,) = store.desk.print_jobs(("queued",))
    with store.begin() as work:
        work.audit(AuditEvent("signed_on", CASHIER.id, OCCURRED_AT, {}))
        work.set_print_state(job.id, "sending", changed_at=OCCURRED_AT)
        work.commit()
    column = rows(store, f"SELECT name FROM pragma_table_info('{table}') LIMIT 1")[0][0]
    before = rows(store, f"SELECT * FROM {table}")
    assert before
    for statement in (
        f"UPDATE {table} SET {column} = {column}",
        f"DELETE FROM {table}",
        f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
    ):
        with pytest.raises(Error, match="append-only"):
            store.engines.writer.execute(statement)
    assert rows(store, f"SELECT * FROM {table}") == before


def test_a_queued_document_never_changes(store: SqliteStore) -> None:
    sell(store)
    for statement in ("UPDATE print_job SET document = x'00'", "DELETE FROM print_job"):
        with pytest.raises(Error, match=r"append-only|never changes"):
            store.engines.writer.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE shift SET closed_at = 1",  # closed without a number
        "INSERT INTO outbox VALUES (99)",  # no such fact
        "UPDATE print_job SET state = 'printed'",  # no such state
        "UPDATE print_job SET kicks_drawer = 7",
        "UPDATE chain_head SET counter = -1",
        "UPDATE chain_head SET hash = x'00'",
        "UPDATE chain_head SET seq = 'many'",  # STRICT
        "INSERT INTO chain_head SELECT 2, incarnation, letter, seq, hash, counter, z_number, hlc FROM chain_head",
        "INSERT INTO setting VALUES ('', '1')",
    ],
)
def test_the_schema_repeats_the_domains_promises(store: SqliteStore, statement: str) -> None:
    sell(store)
    with store.begin() as work:
        work.open_shift(a_shift())
        work.commit()
    with pytest.raises(Error):
        store.engines.writer.execute(statement)
