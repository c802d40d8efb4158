"""Every promise of the books is broken once, on a real file, and the check that guards it says so; honest books say nothing."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from uuid import UUID

import pytest

from app.domain.chain import GENESIS, link
from app.domain.errors import Cancelled, Unavailable
from app.domain.money import TWD, Money
from app.domain.transaction import ControlTransaction, ShiftTotals, TransactionKind
from db.backup import back_up, restore
from db.engine import Connection, connect, open_engines
from db.mark_file import mark_path
from db.store import create_store, open_store
from db.verify import FINDINGS_MAX, Finding, verify
from tests.builders import a_header
from tests.db.busy_day import a_busy_day, close_shift, open_shift
from tests.db.tills import KEY
from tests.service.small_shop import PHONE, TEA, SmallShop, open_small_shop


def findings(path: Path, *, is_full: bool = True) -> tuple[Finding, ...]:
    engines = open_engines(path, KEY)
    try:
        return verify(engines, is_full=is_full)
    finally:
        engines.close()


def checks(path: Path, *, is_full: bool = True) -> set[str]:
    return {finding.check for finding in findings(path, is_full=is_full)}


@pytest.fixture(scope="module")
def closed_day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a till after a busy day, closed."""
    folder = tmp_path_factory.mktemp("day")
    a_busy_day(folder).store.close()
    return folder


@pytest.fixture
def day(closed_day: Path, tmp_path: Path) -> Path:
    """A copy of it with its mark, to be damaged."""
    for name in ("till.db", "till.db.mark"):
        shutil.copyfile(closed_day / name, tmp_path / name)
    return tmp_path / "till.db"


def edit(path: Path, *statements: str) -> None:
    """Somebody with the key and without the triggers."""
    connection = without_guards(path)
    for statement in statements:
        connection.execute(statement)
    connection.close()


def without_guards(path: Path) -> Connection:
    connection = connect(path, KEY)
    connection.execute("PRAGMA foreign_keys = OFF")
    triggers = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    for (name,) in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    return connection


def forge(path: Path) -> None:
    """Make the chain whole again after an edit: every hash anew, the head as well."""
    connection = without_guards(path)
    (device,) = connection.execute("SELECT device_id FROM device").fetchone()
    facts = connection.execute("SELECT seq, incarnation, body FROM fact ORDER BY seq").fetchall()
    previous, seq = GENESIS, 0
    for seq, incarnation, body in facts:
        digest = link(previous, UUID(bytes=device), incarnation, seq, body)
        connection.execute("UPDATE fact SET prev_hash = ?, hash = ? WHERE seq = ?", (previous, digest, seq))
        previous = digest
    connection.execute("UPDATE chain_head SET seq = ?, hash = ?", (seq, previous))
    connection.close()


# --- honest books ---------------------------------------------------------------------------------------------------------


def test_an_empty_till_has_nothing_to_hide(tmp_path: Path) -> None:
    open_small_shop(tmp_path).store.close()
    assert findings(tmp_path / "till.db", is_full=False) == findings(tmp_path / "till.db") == ()


def test_a_busy_day_is_in_order(day: Path) -> None:
    assert findings(day, is_full=False) == ()
    assert findings(day) == ()


def test_a_till_with_two_lives_is_in_order(day: Path, tmp_path: Path) -> None:
    backup = tmp_path / "usb" / "backup.db"
    back_up(day, KEY, backup)
    shop = reopened(day)
    shop.sell(TEA, PHONE)
    close_shift(shop)
    shop.store.close()
    restore(backup, day, KEY, shop.clock, shop.ids)
    shop = reopened(day)
    assert shop.store.mark.letter == "B"
    assert checks(day) == set()
    shop.sell(TEA, PHONE)
    close_shift(shop)
    open_shift(shop)
    shop.sell(TEA)
    assert checks(day) == checks(day, is_full=False) == set()
    shop.store.close()
    assert checks(day) == set()


def test_an_empty_till_whose_image_was_put_back_is_in_order(tmp_path: Path) -> None:
    """Its first life sold nothing that is still here, so its second begins with a higher number."""
    shop = open_small_shop(tmp_path)
    back_up(shop.path, KEY, tmp_path / "image")
    for _ in range(3):
        shop.sell(TEA)
    shop.store.close()
    shutil.copyfile(tmp_path / "image", shop.path)
    shop = reopened(shop.path)
    assert shop.sell(TEA).transaction.header.receipt_number == "01-1-B000004"
    assert checks(shop.path) == set()
    shop.store.close()


def test_a_practice_till_is_in_order(tmp_path: Path) -> None:
    shop = open_small_shop(tmp_path / "live")
    path = tmp_path / "training.db"
    create_store(
        path, KEY, store_code="01", till_code="1", clock=shop.clock, ids=shop.ids, is_training=True
    ).close()
    practice = reopened(path, like=shop)
    with practice.store.begin() as work:
        work.put_items(tuple(shop.store.catalogue.records(shop.clock.now_ms())), changed_at=1, prices_from=0)
        work.commit()
    practice.session.shift = None
    open_shift(practice)
    practice.sell(TEA, PHONE, "")
    close_shift(practice)
    assert checks(path) == set()
    practice.store.close()
    shop.store.close()


def test_a_clock_that_went_back_over_night_breaks_no_promise(tmp_path: Path) -> None:
    shop = open_small_shop(tmp_path)
    shop.sell(TEA)
    close_shift(shop)
    shop.clock.forward(days=-3)
    open_shift(shop)
    shop.sell(TEA)
    close_shift(shop)
    assert findings(shop.path) == ()
    shop.store.close()


def test_a_till_that_sells_meanwhile_is_in_order(tmp_path: Path) -> None:
    """Each check sees one and the same state, whatever is rung and written down beside it."""
    shop = open_small_shop(tmp_path)
    is_done, failures = threading.Event(), []

    def go_on_selling() -> None:
        try:
            while not is_done.is_set():
                shop.sell(TEA, PHONE, "") if shop.store.mark.seq == 0 else shop.sell(TEA, PHONE)
                shop.store.idle()
        except BaseException as error:
            failures.append(error)

    seller = threading.Thread(target=go_on_selling)
    seller.start()
    try:
        found = [verify(shop.store.engines, is_full=True)]
        while shop.store.mark.seq < 40 and not failures:
            found.append(verify(shop.store.engines, is_full=True))
    finally:
        is_done.set()
        seller.join()
    assert failures == []
    assert set(found) == {()}
    shop.store.close()


def reopened(path: Path, like: SmallShop | None = None) -> SmallShop:
    """The same people at a till that was opened afresh."""
    from app.domain.authority import Operator, Role
    from app.domain.ids import OperatorId, Uuid7Source
    from app.service.session import Session
    from app.service.shop import ShopSettings
    from tests.service.small_shop import SteppingClock, wire_small_shop

    clock = like.clock if like else SteppingClock()
    clock.forward(days=2)
    ids = like.ids if like else Uuid7Source(clock.now_ms, Random(str(path.stat().st_size)).getrandbits)
    store = open_store(path, KEY, clock, ids)
    people = {one.number: one for one in store.people.operators()}
    owner = people.get("01") or Operator(OperatorId(ids()), "01", "王美玲", Role.OWNER)
    session = Session(
        ShopSettings(name="好日子選物店"),
        operator=owner,
        shift=store.desk.current_shift(),
        is_training=store.is_training,
    )
    return wire_small_shop(path, store, session, clock, ids, owner, owner)


# --- planted damage -------------------------------------------------------------------------------------------------------

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
    "a header that is gone": (("DELETE FROM transaction_header WHERE seq = 19",), "row_differs"),
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
            " expires_on, note FROM ledger_entry LIMIT 1",
            f"INSERT INTO ledger_posting SELECT x'{NEW_ID}', number, account, points, member_id, lot_id, occurred_at,"
            " expires_on FROM ledger_posting WHERE entry_id = (SELECT entry_id FROM ledger_posting LIMIT 1)",
        ),
        "entry_without_fact",
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
    import ast
    import inspect

    from db import verify as outer
    from db import verify_facts as inner

    made = {
        node.args[0].value
        for module in (outer, inner)
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
    assert findings(day) == (Finding("mark_off", "seq 26", "forked"),)


def test_a_tail_cut_off_with_its_head_is_betrayed_by_the_mark(day: Path) -> None:
    tables = ("audit_event", "outbox", "fact")
    edit(
        day,
        *(f"DELETE FROM {table} WHERE seq = {LAST}" for table in tables[:2]),
        f"DELETE FROM fact WHERE seq = {LAST}",
    )
    forge(day)
    assert findings(day) == (Finding("mark_off", "seq 26", "behind"),)
    mark_path(day).unlink()
    assert findings(day) == (), "what nobody wrote down elsewhere cannot be known"


def test_points_that_never_reached_the_books_are_found_even_in_a_forged_chain(day: Path) -> None:
    """The last sale earned points, and no entry says so."""
    connection = without_guards(day)
    (fact_id,) = connection.execute("SELECT id FROM fact WHERE seq = 24").fetchone()
    connection.execute("DELETE FROM ledger_posting WHERE entry_id = ?", (fact_id,))
    connection.execute("DELETE FROM ledger_entry WHERE id = ?", (fact_id,))
    for table in ("outbox", "audit_event", "fact"):
        connection.execute(f"DELETE FROM {table} WHERE seq >= 24")
    connection.close()
    forge(day)
    mark_path(day).unlink()
    assert findings(day) == (Finding("points_off", "01-1-A000013", "3 / 0"),)


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


# --- a damaged file -------------------------------------------------------------------------------------------------------


@pytest.mark.logs_warnings
def test_one_wrong_bit_in_any_page_is_found(day: Path) -> None:
    """Or the file does not open at all: never does it silently tell another story."""
    whole, random = day.read_bytes(), Random("bits")
    pages = len(whole) // 4096
    for page in range(0, pages, 3):
        data = bytearray(whole)
        data[page * 4096 + random.randrange(4096)] ^= 1 << random.randrange(8)
        day.write_bytes(data)
        assert says_damaged(day), f"page {page}"


@pytest.mark.logs_warnings
@pytest.mark.parametrize("torn", ["zeroes", "half of it zeroes", "another page", "an older state"])
def test_a_page_that_was_not_written_whole_is_found(day: Path, torn: str) -> None:
    whole, random = day.read_bytes(), Random(torn)
    older = older_state(day)
    assert len(older) == len(whole)
    for _ in range(6):
        page = random.randrange(2, len(whole) // 4096)
        start, end = page * 4096, (page + 1) * 4096
        other = random.choice([one for one in range(1, len(whole) // 4096) if one != page])
        put = {
            "zeroes": bytes(4096),
            "half of it zeroes": whole[start : start + 2048] + bytes(2048),
            "another page": whole[other * 4096 : (other + 1) * 4096],
            "an older state": whole[start : start + 2048] + older[start + 2048 : end],
        }[torn]
        day.write_bytes(whole[:start] + put + whole[end:])
        assert says_damaged(day), f"page {page}"


def older_state(day: Path) -> bytes:
    """The same file before all of its pages were written once more (each time with another nonce)."""
    before = day.read_bytes()
    connection = connect(day, KEY)
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.execute(f"PRAGMA rekey = \"x'{KEY.hex()}'\"")
    connection.close()
    after = day.read_bytes()
    day.write_bytes(before)
    return after


def says_damaged(path: Path) -> bool:
    try:
        found = findings(path)
    except Unavailable as unavailable:
        return unavailable.code in ("database_corrupt", "database_foreign")
    finally:
        for suffix in ("-wal", "-shm"):
            Path(f"{path}{suffix}").unlink(missing_ok=True)
    return any(finding.check in ("page_damaged", "unreadable") for finding in found)


@pytest.mark.logs_warnings
def test_a_check_that_meets_a_damaged_page_does_not_stop_the_others(day: Path) -> None:
    """What can still be read is still checked."""
    edit(day, "UPDATE draft SET body = x'7B'", "PRAGMA wal_checkpoint(TRUNCATE)")
    connection = connect(day, KEY)
    (root,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'sale_line'").fetchone()
    connection.close()
    data = bytearray(day.read_bytes())
    data[(root - 1) * 4096 + 500] ^= 1
    day.write_bytes(data)
    found = findings(day)
    assert Finding("page_damaged", f"HMAC verification failed for page {root}") in found
    assert {"unreadable", "basket_unreadable"} <= {finding.check for finding in found}
    assert {"totals", "lines"} <= {finding.place for finding in found}


def test_a_page_that_is_being_written_is_not_called_damaged(day: Path) -> None:
    """Only what is damaged both times it is looked at is."""
    answers = iter([[("page 3",), ("page 9",)], [("page 9",)]])

    class Busy:
        def execute(self, statement: str, *_: object) -> Busy:
            return self

        def fetchall(self) -> list[tuple[str]]:
            return next(answers)

    from db.verify import _pages

    assert list(_pages(Busy(), lambda *_: None)) == [Finding("page_damaged", "page 9")]  # type: ignore[arg-type]


# --- how it runs ----------------------------------------------------------------------------------------------------------


def test_it_stops_at_a_bearable_number_of_findings(day: Path) -> None:
    connection = without_guards(day)
    connection.execute("UPDATE fact SET hlc = 1, hash = zeroblob(32), incarnation = 7")
    connection.execute(
        "WITH RECURSIVE n (x) AS (SELECT 1000 UNION ALL SELECT x + 1 FROM n WHERE x < 1300)"
        " INSERT INTO tender SELECT x, 1, 'cash', 1, 0, '' FROM n"
    )
    connection.close()
    assert len(findings(day)) == FINDINGS_MAX


def test_it_says_how_far_it_is_and_stops_when_told_to(day: Path) -> None:
    engines = open_engines(day, KEY)
    told: list[tuple[str, int, int]] = []
    verify(engines, is_full=True, progress=lambda *said: told.append(said))
    steps = list(dict.fromkeys(step for step, _, _ in told))
    assert steps[0] == "pages"
    assert steps[-2:] == ["facts", "mark"]
    assert all(0 <= done <= total for _, done, total in told)
    for step in steps:
        with pytest.raises(Cancelled):
            verify(engines, is_full=True, progress=stop_at(step))
    engines.close()


def stop_at(last: str) -> Callable[[str, int, int], None]:
    def stop(step: str, done: int, total: int) -> None:
        if step == last:
            raise Cancelled

    return stop


def test_every_finding_and_every_step_has_a_sentence(day: Path) -> None:
    from app.texts.verify import TEXTS

    engines = open_engines(day, KEY)
    steps: set[str] = set()
    verify(engines, is_full=True, progress=lambda step, done, total: steps.add(step))
    verify(engines, progress=lambda step, done, total: steps.add(step))
    engines.close()
    found = {check for _, check in DAMAGE.values()} | {"page_damaged", "unreadable", "mark_off", "points_off"}
    named = {f"verify.step_{step}" for step in steps} | {f"verify.{check}" for check in found}
    assert named | {"verify.good", "verify.bad"} == set(TEXTS)


@pytest.fixture
def long_chain(tmp_path: Path) -> Iterator[SmallShop]:
    shop = open_small_shop(tmp_path)
    for _ in range(12):
        shop.sell(TEA)
    yield shop
    shop.store.close()


def test_pages_of_facts_are_one_chain(long_chain: SmallShop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("db.verify_facts.PAGE_FACTS", 5)
    monkeypatch.setattr("db.verify.SEQS_AT_ONCE", 5)
    assert findings(long_chain.path) == ()
    monkeypatch.setattr("db.verify_facts.NEWEST_FACTS", 7)
    assert findings(long_chain.path, is_full=False) == ()


def test_the_quick_check_looks_at_the_newest_facts_only(
    long_chain: SmallShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("db.verify_facts.NEWEST_FACTS", 5)
    edit(long_chain.path, "UPDATE sale_line SET name = 'x' WHERE seq = 3")
    assert findings(long_chain.path, is_full=False) == ()
    assert checks(long_chain.path) == {"row_differs"}
    edit(long_chain.path, "UPDATE sale_line SET name = 'x' WHERE seq = 9")
    assert findings(long_chain.path, is_full=False) == (Finding("row_differs", "sale_line seq 9"),)


def test_a_gap_in_a_chain_is_told_from_a_life_that_began_later(long_chain: SmallShop) -> None:
    """A life may begin at a higher place; then its first fact still hangs on the last one that is here."""
    long_chain.store.close()
    mark = mark_path(long_chain.path)
    mark.write_bytes(
        mark.read_bytes().replace(b'"seq": 12', b'"seq": 40').replace(b'"counter": 12', b'"counter": 40')
    )
    shop = reopened(long_chain.path)
    shop.sell(TEA)
    assert shop.store.mark.seq == 42
    assert findings(shop.path) == ()
    shop.store.close()
    edit(
        shop.path,
        "DELETE FROM outbox WHERE seq = 41",
        "DELETE FROM audit_event WHERE seq = 41",
        "DELETE FROM fact WHERE seq = 41",
    )
    assert {"fact_missing", "chain_broken"} <= checks(shop.path)
