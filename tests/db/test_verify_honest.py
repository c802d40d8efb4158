"""Honest books say nothing, whatever happened to the till; a damaged file says so, and a long check can be watched and stopped."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from app.domain.errors import Cancelled, Unavailable
from db.backup import back_up, restore
from db.engine import connect, open_engines
from db.finding import Finding
from db.mark_file import mark_path
from db.store import create_store
from db.verify import FINDINGS_MAX, _failing_pages, verify
from tests.db.books import checks, edit, findings, reopened, without_guards
from tests.db.busy_day import close_shift, open_shift
from tests.db.tills import KEY
from tests.service.small_shop import PHONE, TEA, SmallShop, open_small_shop

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
    assert Finding("page_damaged", str(root)) in found
    assert {"unreadable", "basket_unreadable"} <= {finding.check for finding in found}
    assert {"totals", "lines"} <= {finding.place for finding in found}


def test_a_page_that_is_being_written_is_not_called_damaged(
    day: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only what fails both times it is looked at is damaged."""
    looks = iter([{3, 9}, {9}])
    monkeypatch.setattr("db.verify._failing_pages", lambda _cursor: next(looks))
    assert findings(day) == (Finding("page_damaged", "9"),)


def test_what_lies_below_a_newer_version_in_the_wal_is_not_called_damaged(tmp_path: Path) -> None:
    """While somebody reads, the WAL moves into the file in part: there are pages in it that were never written."""
    shop = open_small_shop(tmp_path)
    seen = set()
    for _ in range(40):
        shop.sell(TEA)
        with shop.store.engines.reading(snapshot=True) as cursor:
            cursor.execute("SELECT count(*) FROM fact").fetchone()
            shop.sell(TEA)
            with shop.store.engines.reading() as other:
                other.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            seen |= _failing_pages(cursor)
            assert verify(shop.store.engines, is_full=True) == ()
    assert seen, "there were such pages"
    shop.store.close()


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
    assert steps[-1] == "mark"
    assert {"facts", "loyalty"} <= set(steps)
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
