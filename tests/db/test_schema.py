"""Every statement fits the schema, and those between a key and its answer use the index that is named beside them."""

from __future__ import annotations

import importlib
import re

import pytest

from db import coupons, desk, head, journal, ledger, people, spool_queue, stamps, unit_of_work
from db.schema import metadata
from db.store import SqliteStore
from tests.db.tills import rows
from tests.sources import imported_modules, place, python_files

SQL = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE)\s")
MODULES = (
    "bulk",
    "catalogue",
    "coupons",
    "desk",
    "exchange",
    "exchange_in",
    "exchange_out",
    "families",
    "feed_books",
    "feed_documents",
    "feed_loyalty",
    "feed_members",
    "head",
    "journal",
    "ledger",
    "members",
    "people",
    "profile",
    "spool_queue",
    "stamps",
    "store",
    "unit_of_work",
)


def statements() -> list[tuple[str, str]]:
    """Every SQL text that a module of the store keeps under a name in capitals."""
    found = []
    for module_name in MODULES:
        module = importlib.import_module(f"db.{module_name}")
        for name, value in sorted(vars(module).items()):
            texts = value.values() if isinstance(value, dict) else (value,)
            for text in texts:
                is_part = name.startswith("_")
                if name.upper() == name and not is_part and isinstance(text, str) and SQL.match(text):
                    found.append((f"{module_name}.{name}", text))
    return found


def test_every_statement_fits_the_schema(store: SqliteStore) -> None:
    found = statements()
    assert len(found) > 50
    cursor = store.engines.writer.cursor()
    for name, text in found:
        cursor.execute(f"EXPLAIN {text}", parameters(text)), name


def test_what_is_written_of_a_transaction_is_every_column() -> None:
    for table, columns in journal.COLUMNS.items():
        assert tuple(column.name for column in metadata.tables[table].columns) == columns


PLANS = {
    journal.BY_ID: ["sqlite_autoindex_fact_1"],
    journal.BY_RECEIPT_NUMBER: ["sqlite_autoindex_transaction_header_1"],
    journal.NEWEST: [],
    journal.OF_MEMBER: ["transaction_header_by_member"],
    journal.RETURNS_OF: ["sale_line_by_returned"],
    journal.VOID_OF: ["transaction_header_by_voided"],
    journal.STAMP_OF: ["sqlite_autoindex_fact_1"],
    journal.OF_SHIFT: [],
    journal.AUDIT_OF_SHIFT: [],
    ledger.LOTS: ["COVERING INDEX ledger_posting_by_member"],
    ledger.BALANCE: ["COVERING INDEX ledger_posting_by_member"],
    ledger.ENTRIES: ["ledger_posting_by_member"],
    spool_queue.ORIGINAL: ["print_job_of_transaction"],
    f"{spool_queue.JOBS} WHERE j.state IN (?) AND j.state NOT IN ('done', 'submitted', 'cancelled')": [
        "print_job_open"
    ],
    spool_queue.TO_SEND: ["print_job_open"],
    spool_queue.KICKS: ["print_job_open"],
    people.BY_NUMBER: ["sqlite_autoindex_operator_2"],
    people.BY_BADGE: ["operator_by_badge"],
    desk.CURRENT_SHIFT: ["shift_open"],
    desk.LAST_CLOSED_SHIFT: ["shift_by_z_number"],
    head.CHAIN_HEAD: None,
    coupons.BY_ID: ["PRIMARY KEY"],
    coupons.BY_CODE: ["sqlite_autoindex_coupon_"],
    coupons.OF_MEMBER: ["coupon_of_member"],
    coupons.EVENTS: ["coupon_event_of_coupon"],
    coupons.VISITS: ["transaction_header_by_member"],
    stamps.OF_MEMBER: ["stamp_event_of_member"],
    stamps.OF_SALE: ["stamp_event_of_transaction"],
    unit_of_work.SEQ_OF: ["sqlite_autoindex_fact_1"],
}


@pytest.mark.parametrize("statement", PLANS)
def test_a_hot_query_never_reads_a_whole_table(store: SqliteStore, statement: str) -> None:
    plan = [row[3] for row in rows(store, f"EXPLAIN QUERY PLAN {statement}", *parameters(statement))]
    expected = PLANS[statement]
    if expected is None:
        return  # a table of one row
    for index in expected:
        assert any(index in step for step in plan), plan
    bare_scans = [
        step for step in plan if step.startswith("SCAN") and "INDEX" not in step and "CONSTANT" not in step
    ]
    allowed = ["SCAN h"] if statement == journal.NEWEST else []  # from the end, and stops at its limit
    assert bare_scans == allowed, plan


# What is small, what is wanted whole, and what stops at its limit. Everything else is found through an index.
READ_FROM_END_TO_END = {
    "category": "a few dozen",
    "promotion": "what runs now, read once and kept",
    "tile": "a few pages of keys",
    "setting": "a few dozen",
    "held_sale": "what is on hold",
    "draft": "one row",
    "device": "one row",
    "chain_head": "one row",
    "catalogue_state": "one row",
    "incarnation": "one for each restored backup",
    "outbox": "counted; its rows are two bytes",
    "h": "transactions from the newest on, up to a limit",
    "fact": "from the newest on, up to a limit",
    "CONSTANT": "one row made on the spot",
    "rule_version": "a handful of versions",
    "sync_state": "one row",
    "set_aside": "what the office looks at",
    "s": "the same",
    "(subquery-1)": "a stretch of the chain, up to a limit",
    "feed_sum": "one for each kind of fact",
    "server_document": "a few hundred for a large list",
    "o": "what waits to be sent, from the oldest on, up to a limit",
    "(subquery-3)": "the lots of one member, found through an index and added up",
    "coupon": "a list that coupons were given to, asked for by hand",
    "erasure": "who asked to be forgotten; only whether there is one",
    "j": "a beginning to which every use adds its condition",
}


def test_no_other_statement_reads_a_whole_table_either(store: SqliteStore) -> None:
    wrong = {}
    for name, text in statements():
        plan = [row[3] for row in rows(store, f"EXPLAIN QUERY PLAN {text}", *parameters(text))]
        bare_scans = {step.split()[1] for step in plan if step.startswith("SCAN") and "INDEX" not in step}
        if found := bare_scans - READ_FROM_END_TO_END.keys():
            wrong[name] = found
    assert wrong == {}


def test_only_migrations_and_the_schema_import_sqlalchemy() -> None:
    """Importing it takes longer than opening the window."""
    allowed = re.compile(r"^(db/schema/|db/migrate\.py|migrations/|sync/server/|app/simulation/)")
    wrong = [
        f"{place(path)} imports {name}"
        for path in python_files("app", "db", "ui", "devices", "sync")
        for _, name in imported_modules(path)
        if name.split(".")[0] in ("sqlalchemy", "alembic") or name.startswith("db.schema")
        if not allowed.match(place(path))
    ]
    assert wrong == []


def parameters(text: str) -> list[int]:
    numbered = {int(number) for number in re.findall(r"\?(\d+)", text)}
    return [0] * (max(numbered) if numbered else text.count("?"))
