"""Every promise of the books is broken once, on a real file, and the check that guards it says so."""

from __future__ import annotations

import ast
import inspect
import json
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.chain import canonical_bytes
from app.domain.money import TWD, Money
from app.domain.transaction import ControlTransaction, ShiftTotals, TransactionKind
from app.texts.verify import TEXTS
from db import verify as outer_checks
from db import verify_facts as inner_checks
from db.engine import open_engines
from db.finding import Finding
from db.mark_file import mark_path
from db.verify import verify
from db.verify_days import CHECKS as DAY_CHECKS
from db.verify_feed import CHECKS as FEED_CHECKS
from db.verify_loyalty import CHECKS as LOYALTY_CHECKS
from db.verify_members import CHECKS as MEMBER_CHECKS
from db.verify_rules import CHECKS as RULE_CHECKS
from db.verify_value import CHECKS as VALUE_CHECKS
from tests.builders import a_header
from tests.db.books import checks, edit, findings, forge, without_guards
from tests.db.tills import KEY
from tests.service.small_shop import TEA, SmallShop, open_small_shop

A_RETURN = "(SELECT min(seq) FROM sale_line WHERE is_return = 1)"
LAST = "(SELECT max(seq) FROM fact)"
NEW_ID = "0123456789ABCDEF0123456789ABCDEF"
MEMBERS = "(SELECT id FROM member ORDER BY number LIMIT 1 OFFSET {})"

# What is done to the file, what the full check says about it, and whether the quick one sees it as well.
DAMAGE: dict[str, tuple[tuple[str, ...], str]] = {
    "a changed fact": (
        ("UPDATE fact SET body = CAST(replace(body, '380', '390') AS BLOB) WHERE seq = 2",),
        "fact_changed",
    ),
    "an unreadable fact": (("UPDATE fact SET body = x'7B' WHERE seq = 2",), "fact_unreadable"),
    "a missing fact": (("DELETE FROM fact WHERE seq = 6",), "fact_missing"),
    "a fact taken out": (("DELETE FROM fact WHERE seq = 6",), "chain_broken"),
    "a fact of another kind": (("UPDATE fact SET kind = 'event' WHERE seq = 2",), "row_differs"),
    "a fact under another id": (("UPDATE fact SET id = zeroblob(16) WHERE seq = 2",), "row_differs"),
    "a fact of another hour": (("UPDATE fact SET occurred_at = 1 WHERE seq = 2",), "row_differs"),
    "a fact of another life": (("UPDATE fact SET incarnation = 77 WHERE seq = 2",), "life_off"),
    "a logical clock that falls": (("UPDATE fact SET hlc = 1 WHERE seq = 9",), "clock_back"),
    "an exchanged hash": (("UPDATE fact SET hash = zeroblob(32) WHERE seq = 9",), "fact_changed"),
    "a head that ran ahead": (("UPDATE chain_head SET seq = seq + 1",), "head_off"),
    "a head of another hash": (("UPDATE chain_head SET hash = zeroblob(32)",), "head_off"),
    "a head in another life": (("UPDATE chain_head SET letter = 'C'",), "life_off"),
    "a truncated tail": (
        (
            f"DELETE FROM outbox WHERE seq = {LAST}",
            f"DELETE FROM audit_event WHERE seq = {LAST}",
            f"DELETE FROM fact WHERE seq = {LAST}",
        ),
        "head_off",
    ),
    "a row that says another name": (("UPDATE sale_line SET name = '別的' WHERE seq = 2",), "row_differs"),
    "a row that says another member": (
        (
            f"UPDATE transaction_header SET member_id = {MEMBERS.format(1)} "
            f"WHERE member_id = {MEMBERS.format(0)}",
        ),
        "row_differs",
    ),
    "a header that is gone": (("DELETE FROM transaction_header WHERE seq = 12",), "row_differs"),
    "an event that is gone": ((f"DELETE FROM audit_event WHERE seq = {LAST}",), "row_differs"),
    "an event by somebody else": (("UPDATE audit_event SET operator_id = zeroblob(16)",), "row_differs"),
    "a row that no fact tells of": (
        ("INSERT INTO audit_event (seq, kind, occurred_at) VALUES (2, 'sign_on', 1)",),
        "row_without_fact",
    ),
    "a row after the last fact": (
        ("INSERT INTO tender VALUES (999, 1, 'cash', 100, 0, '')",),
        "row_without_fact",
    ),
    "a total that is not its lines": (
        ("UPDATE transaction_header SET total_minor = total_minor + 1 WHERE seq = 2",),
        "total_off",
    ),
    "a tender of another amount": (("UPDATE tender SET amount_minor = 1 WHERE seq = 2",), "total_off"),
    "a tender that is gone": (("DELETE FROM tender WHERE seq = 2",), "total_off"),
    "a line that is gone": (("DELETE FROM sale_line WHERE seq = 2 AND number = 2",), "total_off"),
    "a discount of another amount": (("UPDATE line_modifier SET amount_minor = -1",), "line_off"),
    "more pieces back than sold": (
        (f"UPDATE sale_line SET quantity = -9000 WHERE seq = {A_RETURN}",),
        "returned_too_much",
    ),
    "more money back than paid": (
        (f"UPDATE sale_line SET net_minor = -9000, gross_minor = -9000 WHERE seq = {A_RETURN}",),
        "returned_too_much",
    ),
    "back what was never sold": (
        (f"UPDATE sale_line SET returns_line = 99 WHERE seq = {A_RETURN}",),
        "returned_too_much",
    ),
    "a gap in the numbers": (
        (
            "UPDATE transaction_header SET counter = counter + 100, "
            "receipt_number = printf('01-1-A%06d', counter + 100) WHERE counter >= 8",
        ),
        "number_gap",
    ),
    "a first number that is not one": (("DELETE FROM transaction_header WHERE counter = 1",), "number_gap"),
    "a number of another till": (
        ("UPDATE transaction_header SET receipt_number = '01-2-A000003' WHERE counter = 3",),
        "number_off",
    ),
    "a counter turned back": (("UPDATE chain_head SET counter = 3",), "number_gap"),
    "a counter run ahead": (("UPDATE chain_head SET counter = counter + 1",), "number_gap"),
    "a Z number left out": (("UPDATE shift SET z_number = 4 WHERE z_number = 1",), "z_number_off"),
    "a Z counter turned back": (("UPDATE chain_head SET z_number = 0",), "z_number_off"),
    "an entry that does not balance": (
        ("UPDATE ledger_posting SET points = points + 1 WHERE account = 'issued'",),
        "entry_unbalanced",
    ),
    "an entry without postings": (
        (
            "DELETE FROM ledger_posting WHERE entry_id IN (SELECT id FROM ledger_entry WHERE kind = 'accrual')",
        ),
        "entry_empty",
    ),
    "more points, balanced": (("UPDATE ledger_posting SET points = points * 2",), "entry_differs"),
    "points of somebody else": (
        (f"UPDATE ledger_posting SET member_id = {MEMBERS.format(1)} WHERE member_id IS NOT NULL",),
        "entry_differs",
    ),
    "points that live longer": (
        ("UPDATE ledger_posting SET expires_on = 20990101 WHERE expires_on IS NOT NULL",),
        "entry_differs",
    ),
    "an entry that is gone": (
        ("DELETE FROM ledger_posting", "DELETE FROM ledger_entry"),
        "entry_differs",
    ),
    "points from nowhere": (
        (
            f"INSERT INTO ledger_entry SELECT x'{NEW_ID}', kind, member_id, NULL, occurred_at, business_date,"
            " expires_on, note, source, NULL FROM ledger_entry LIMIT 1",
            f"INSERT INTO ledger_posting SELECT x'{NEW_ID}', number, account, points, member_id, lot_id, occurred_at,"
            " expires_on, usable_on FROM ledger_posting WHERE entry_id = (SELECT entry_id FROM ledger_posting LIMIT 1)",
        ),
        "entry_without_fact",
    ),
    "points that a sale does not tell of": (
        (
            f"INSERT INTO ledger_entry SELECT x'{NEW_ID}', kind, member_id, transaction_id, occurred_at, business_date,"
            " expires_on, note, source, fact_id FROM ledger_entry WHERE fact_id IS NOT NULL LIMIT 1",
            f"INSERT INTO ledger_posting SELECT x'{NEW_ID}', number, account, points, member_id, lot_id, occurred_at,"
            " expires_on, usable_on FROM ledger_posting WHERE entry_id = (SELECT entry_id FROM ledger_posting LIMIT 1)",
        ),
        "entry_without_fact",
    ),
    "points of another sale": (
        ("UPDATE ledger_entry SET fact_id = (SELECT id FROM fact WHERE seq = 4) WHERE kind = 'accrual'",),
        "entry_differs",
    ),
    "a member who is gone": (("DELETE FROM member WHERE phone LIKE '%678'",), "member_missing"),
    "a second original": (
        (
            "DROP INDEX print_job_of_transaction",
            "INSERT INTO print_job (transaction_seq, kind, copy_number, document, state, kicks_drawer, created_at, changed_at)"
            " SELECT transaction_seq, kind, 0, document, 'queued', 0, created_at, changed_at FROM print_job LIMIT 1",
        ),
        "two_originals",
    ),
    "a shift of another float": (
        ("UPDATE shift SET opening_float_minor = 500 WHERE z_number = 1",),
        "closing_off",
    ),
    "a shift that nobody closed": (
        (
            "UPDATE shift SET closed_at = opened_at, z_number = 2 WHERE z_number IS NULL",
            "UPDATE chain_head SET z_number = 2",
        ),
        "closing_missing",
    ),
    "a shift that is gone": (("DELETE FROM shift WHERE z_number = 1",), "shift_off"),
    "a fact that is not waiting to be sent": (("DELETE FROM outbox WHERE seq = 9",), "outbox_gap"),
    "a last fact that is not waiting": ((f"DELETE FROM outbox WHERE seq = {LAST}",), "outbox_gap"),
    "a broken draft": (("UPDATE draft SET body = x'7B'",), "basket_unreadable"),
    "a broken held sale": (("UPDATE held_sale SET body = x'7B7D'",), "basket_unreadable"),
    "an item that cannot be found": (("DELETE FROM item_search WHERE rowid = 1",), "search_missing"),
    "a paper without its sale": (
        ("UPDATE print_job SET transaction_seq = 99 WHERE id = 1",),
        "reference_broken",
    ),
    "an index without its rows": (
        (
            "DROP INDEX sale_line_by_returned",
            "CREATE INDEX sale_line_by_returned ON sale_line (returns_id, returns_line) WHERE returns_id IS NULL",
            "PRAGMA writable_schema = ON",
            "UPDATE sqlite_schema SET sql = replace(sql, 'IS NULL', 'IS NOT NULL') WHERE name = 'sale_line_by_returned'",
        ),
        "file_damaged",
    ),
}
ONLY_WITH_FULL = {
    "closing_missing",
    "closing_off",
    "shift_off",
    "entry_without_fact",
    "search_missing",
    "reference_broken",
    "file_damaged",
}


@pytest.mark.parametrize(("statements", "check"), DAMAGE.values(), ids=DAMAGE)
def test_every_damage_is_found(day: Path, statements: tuple[str, ...], check: str) -> None:
    edit(day, *statements)
    assert check in checks(day)
    assert (check in checks(day, is_full=False)) == (check not in ONLY_WITH_FULL)


def test_every_check_has_a_damage_that_it_finds() -> None:
    """Those that are planted in other ways stand in tests of their own below."""
    made = {
        node.args[0].value
        for module in (outer_checks, inner_checks)
        for node in ast.walk(ast.parse(inspect.getsource(module)))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Finding"
        and isinstance(node.args[0], ast.Constant)
    }
    planted = {check for _, check in DAMAGE.values()} | {
        "page_damaged",
        "unreadable",
        "mark_off",
        "points_off",
    }
    assert made == planted


def test_a_forged_chain_is_betrayed_by_the_mark_beside_the_file(day: Path) -> None:
    """Whoever has the key can make every hash anew; the head that was written down elsewhere remains."""
    edit(
        day,
        "UPDATE fact SET body = CAST(replace(body, '阿里山', '凍頂山') AS BLOB) WHERE seq = 2",
        "UPDATE sale_line SET name = replace(name, '阿里山', '凍頂山') WHERE seq = 2",
    )
    forge(day)
    assert findings(day) == (Finding("mark_off", "seq 17", "forked"),)


def test_a_tail_cut_off_with_its_head_is_betrayed_by_the_mark(day: Path) -> None:
    tables = ("audit_event", "outbox", "fact")
    edit(
        day,
        *(f"DELETE FROM {table} WHERE seq = {LAST}" for table in tables[:2]),
        f"DELETE FROM fact WHERE seq = {LAST}",
    )
    forge(day)
    assert findings(day) == (Finding("mark_off", "seq 17", "behind"),)
    mark_path(day).unlink()
    assert findings(day) == (), "what nobody wrote down elsewhere cannot be known"


def test_points_that_never_reached_the_books_are_found_even_in_a_forged_chain(day: Path) -> None:
    """The last sale earned points, and no entry says so: neither its own nor a row."""
    connection = without_guards(day)
    fact_id, body = connection.execute("SELECT id, body FROM fact WHERE seq = 15").fetchone()
    plain = json.loads(body)
    (entry,) = plain.pop("entries")
    connection.execute("DELETE FROM ledger_posting WHERE entry_id = ?", (bytes.fromhex(entry["id"]),))
    connection.execute("DELETE FROM ledger_entry WHERE fact_id = ?", (fact_id,))
    connection.execute("UPDATE fact SET body = ? WHERE seq = 15", (canonical_bytes(plain),))
    connection.close()
    forge(day)
    mark_path(day).unlink()
    assert findings(day) == (Finding("points_off", "01-1-A000013", "3 / 0"),)


def test_a_fact_that_tells_of_fewer_points_than_its_rows_hold_is_found_in_a_forged_chain(day: Path) -> None:
    connection = without_guards(day)
    (body,) = connection.execute("SELECT body FROM fact WHERE seq = 15").fetchone()
    plain = json.loads(body)
    entry = plain["entries"][0]
    entry["postings"] = [
        [account, points // abs(points), *lot] for account, points, *lot in entry["postings"]
    ]
    connection.execute("UPDATE fact SET body = ? WHERE seq = 15", (canonical_bytes(plain),))
    connection.close()
    forge(day)
    assert Finding("entry_differs", "seq 15") in findings(day)
    assert Finding("points_off", "01-1-A000013", "2 / 0") in findings(day)


@pytest.mark.parametrize("damage", ["id", "postings", "entry"])
def test_an_unreadable_entry_inside_a_sale_makes_the_sale_unreadable(day: Path, damage: str) -> None:
    connection = without_guards(day)
    (body,) = connection.execute("SELECT body FROM fact WHERE seq = 15").fetchone()
    plain = json.loads(body)
    plain["entries"][0][damage] = "?"
    connection.execute("UPDATE fact SET body = ? WHERE seq = 15", (canonical_bytes(plain),))
    connection.close()
    forge(day)
    assert Finding("fact_unreadable", "fact seq 15") in findings(day)


def test_a_closing_that_expects_another_amount_is_found(tmp_path: Path) -> None:
    """Written by the till's own unit of work, so that nothing but the sum is wrong."""
    shop = open_small_shop(tmp_path)
    shop.sell(TEA)
    write_closing(shop, expected=3_000)
    assert findings(shop.path) == (Finding("closing_off", "Z 1", "3380"),)
    shop.store.close()


def test_a_sale_on_a_closed_shift_is_found(tmp_path: Path) -> None:
    shop = open_small_shop(tmp_path)
    shop.sell(TEA)
    write_closing(shop, expected=3_380)
    late = shop.sell(TEA)
    assert findings(shop.path) == (Finding("shift_off", late.transaction.header.receipt_number),)
    shop.store.close()


def write_closing(shop: SmallShop, *, expected: int) -> None:
    shift = shop.session.require_shift()
    with shop.store.begin() as work:
        number = work.next_receipt_number()
        z_number = work.next_z_number()
        money = Money(expected, TWD)
        totals = ShiftTotals(z_number, shift.opening_float, money, money, (), "")
        header = replace(
            a_header(TransactionKind.SHIFT_CLOSE, counter=number.counter, shift_id=shift.id),
            receipt_number=number.text,
        )
        work.append(ControlTransaction(header, Money(0, TWD), totals=totals))
        work.close_shift(replace(shift, closed_at=shift.opened_at, z_number=z_number))
        work.commit()


def test_a_shift_in_another_currency_is_a_finding_and_no_crash(tmp_path: Path) -> None:
    shop = open_small_shop(tmp_path)
    shop.sell(TEA)
    write_closing(shop, expected=3_380)
    shop.store.close()
    edit(shop.path, "UPDATE shift SET currency = 'USD'")
    assert "closing_off" in checks(shop.path)
    edit(shop.path, "UPDATE shift SET currency = 'XXX'")
    assert "shift_off" in checks(shop.path)


def test_every_finding_and_every_step_has_a_sentence(day: Path) -> None:
    engines = open_engines(day, KEY)
    steps: set[str] = set()
    verify(engines, is_full=True, progress=lambda step, done, total: steps.add(step))
    verify(engines, progress=lambda step, done, total: steps.add(step))
    engines.close()
    found = {check for _, check in DAMAGE.values()} | {"page_damaged", "unreadable", "mark_off", "points_off"}
    found |= FEED_CHECKS | MEMBER_CHECKS | RULE_CHECKS | LOYALTY_CHECKS | VALUE_CHECKS | DAY_CHECKS
    named = {f"verify.step_{step}" for step in steps} | {f"verify.{check}" for check in found}
    assert named | {"verify.good", "verify.bad"} == set(TEXTS)
