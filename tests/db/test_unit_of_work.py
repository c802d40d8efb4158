"""One change is all or nothing; numbers are given out once; the chain holds."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.chain import GENESIS, link
from app.domain.codec import canonical
from app.domain.errors import Unavailable
from app.domain.ids import BasketId, LotId, ShiftId, Uuid7Source
from app.domain.ledger import Account, EntryKind, LedgerEntry, Posting, spendable
from app.domain.transaction import TransactionKind
from app.service.ports import AuditEvent, HeldSale, PrintRequest
from db.engine import Error
from db.store import SqliteStore
from tests.builders import BUSINESS_DATE, CASHIER, MANAGER, MEMBER, OCCURRED_AT, a_control, a_sale, uuid
from tests.db.tills import (
    FakeClock,
    a_document,
    a_member_sale,
    a_shift,
    an_accrual,
    count,
    kept_tables,
    numbered,
    numbered_control,
    open_shift,
    reopened,
    rows,
    sell,
    write_sale,
)


def test_a_sale_comes_back_as_it_was_sold(store: SqliteStore) -> None:
    sold = sell(store, a_member_sale())
    assert store.journal.get(sold.header.id) == sold
    assert store.journal.by_receipt_number("01-1-A000001") == sold


def test_leaving_without_commit_writes_nothing(store: SqliteStore) -> None:
    sell(store)
    before = kept_tables(store)
    with store.begin() as work:
        work.add_member(MEMBER, created_at=OCCURRED_AT, operator_id=CASHIER.id)
        write_sale(work, a_member_sale())
    assert kept_tables(store) == before


def test_an_error_inside_writes_nothing_and_passes_through(store: SqliteStore) -> None:
    before = kept_tables(store)
    with pytest.raises(ZeroDivisionError):
        sell_and_fail(store)
    assert kept_tables(store) == before


def test_one_commit_holds_everything_a_sale_leaves(store: SqliteStore) -> None:
    with store.begin() as work:
        work.add_member(MEMBER, created_at=OCCURRED_AT, operator_id=CASHIER.id)
        write_sale(work, a_member_sale())
        assert count(store, "fact") == 0, "a reader sees nothing before the commit"
        work.commit()
    assert kept_tables(store) == {
        "fact": 2,  # the enrolment, and the sale with its points
        "outbox": 2,
        "transaction_header": 1,
        "sale_line": 2,
        "line_modifier": 1,
        "tender": 1,
        "ledger_entry": 1,
        "ledger_posting": 2,
        "audit_event": 0,
        "print_job": 1,
        "member": 1,
    }


def test_a_sale_that_was_rolled_back_uses_no_number(store: SqliteStore) -> None:
    sell(store)
    with store.begin() as work:
        assert work.next_receipt_number().text == "01-1-A000002"
    with pytest.raises(ZeroDivisionError):
        sell_and_fail(store)
    assert sell(store).header.receipt_number == "01-1-A000002"


def test_numbers_go_on_after_a_restart(store: SqliteStore, clock: FakeClock, ids: Uuid7Source) -> None:
    sell(store)
    again = reopened(store, clock, ids)
    assert sell(again).header.receipt_number == "01-1-A000002"
    again.close()


def test_a_number_that_was_given_out_must_be_used(store: SqliteStore) -> None:
    with store.begin() as work:
        work.next_receipt_number()
        with pytest.raises(AssertionError, match="receipt number"):
            work.commit()
    assert sell(store).header.counter == 1


def test_a_transaction_carries_the_number_of_its_own_unit(store: SqliteStore) -> None:
    with pytest.raises(AssertionError), store.begin() as work:
        work.append(a_sale())
    with store.begin() as work:
        sale = numbered(work, a_sale())
        other_till = replace(sale, header=replace(sale.header, receipt_number="01-2-A000001"))
        with pytest.raises(AssertionError):
            work.append(other_till)
    assert count(store, "fact") == 0


def test_the_same_transaction_is_recorded_once(store: SqliteStore) -> None:
    sale = sell(store)
    with store.begin() as work:
        again = numbered(work, sale)
        with pytest.raises(Error, match="UNIQUE"):
            work.append(again)
    assert count(store, "fact") == 1


def test_every_fact_is_linked_to_the_one_before(store: SqliteStore) -> None:
    for _ in range(3):
        sell(store, a_member_sale())
    with store.begin() as work:
        work.audit(AuditEvent("signed_on", CASHIER.id, OCCURRED_AT, {"number": "11"}))
        work.commit()
    previous, place = GENESIS, 0
    facts = rows(store, "SELECT seq, incarnation, prev_hash, hash, body FROM fact ORDER BY seq")
    for seq, incarnation, prev_hash, digest, body in facts:
        assert (seq, prev_hash) == (place + 1, previous)
        assert digest == link(previous, store.device_id, incarnation, seq, body)
        previous, place = digest, seq
    assert len(facts) == 4
    assert rows(store, "SELECT seq, hash FROM chain_head") == [(place, previous)]
    assert (store.mark.seq, store.mark.head) == (place, previous)


def test_what_is_hashed_is_what_is_kept(store: SqliteStore) -> None:
    sold = sell(store)
    assert rows(store, "SELECT id, kind, body FROM fact") == [(sold.header.id.bytes, "sale", canonical(sold))]


def test_the_stamp_of_a_transaction_is_its_place_in_the_chain(store: SqliteStore) -> None:
    with store.begin() as work:
        sale = numbered(work, a_sale())
        stamp = work.append(sale)
        work.commit()
    assert store.journal.stamp_of(sale.header.id) == stamp
    assert stamp.hash == store.mark.head


def test_the_logical_clock_never_goes_back(store: SqliteStore, clock: FakeClock) -> None:
    sell(store, a_member_sale())
    clock.now -= 3_600_000
    sell(store)
    clock.now += 7_200_000
    sell(store)
    stamps = [hlc for (hlc,) in rows(store, "SELECT hlc FROM fact ORDER BY seq")]
    assert stamps == sorted(set(stamps))
    assert stamps[-1] >> 16 == clock.now


def test_readers_on_other_threads_see_the_old_or_the_new_state(store: SqliteStore) -> None:
    sell(store)
    seen: list[int] = []
    for is_committed in (False, True):
        with store.begin() as work:
            write_sale(work, a_member_sale())
            if is_committed:
                work.commit()
            reader = threading.Thread(target=lambda: seen.append(len(store.journal.newest())))
            reader.start()
            reader.join()
    assert seen == [1, 2]


def test_units_of_work_take_turns(store: SqliteStore) -> None:
    """Eight threads sell at once: every number once, none missing."""
    start = threading.Barrier(8)

    def sell_five() -> None:
        start.wait()
        for _ in range(5):
            sell(store)

    threads = [threading.Thread(target=sell_five) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counters = [counter for (counter,) in rows(store, "SELECT counter FROM transaction_header ORDER BY seq")]
    assert counters == list(range(1, 41))


def test_a_unit_that_waits_too_long_says_so(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("db.unit_of_work.BUSY_TIMEOUT_MS", 0)
    refused: list[Unavailable] = []

    def try_to_sell() -> None:
        try:
            sell(store)
        except Unavailable as error:
            refused.append(error)

    with store.begin():
        other = threading.Thread(target=try_to_sell)
        other.start()
        other.join()
    assert [error.code for error in refused] == ["database_locked"]


def test_points_are_kept_in_lots(store: SqliteStore) -> None:
    sold = sell(store, a_member_sale())
    (lot,) = store.members.lots(MEMBER.id)
    assert (lot.remaining, lot.opened_at) == (3, sold.header.occurred_at)
    assert lot.expires_on == BUSINESS_DATE.replace(year=BUSINESS_DATE.year + 1)
    with store.begin() as work:
        assert work.lots(MEMBER.id) == (lot,)
        spent = (Posting(Account.MEMBER, -2, lot.id), Posting(Account.REDEEMED, 2))
        work.post(replace(an_accrual(sold), kind=EntryKind.REDEMPTION, postings=spent, expires_on=None))
        work.commit()
    assert store.members.lots(MEMBER.id) == (replace(lot, remaining=1),)


def test_a_unit_sees_the_points_it_posted_itself(store: SqliteStore) -> None:
    with store.begin() as work:
        sale = numbered(work, a_member_sale())
        assert work.lots(MEMBER.id) == ()
        work.append(sale)
        for points in (3, 4):
            work.post(an_accrual(sale, points))
            assert sum(lot.remaining for lot in work.lots(MEMBER.id)) in (3, 7)
        assert sum(lot.remaining for lot in work.lots(MEMBER.id)) == 7


def test_lots_do_not_depend_on_the_order_in_which_entries_arrive(store: SqliteStore) -> None:
    """Spent first, earned later: as it comes from another till."""
    sale = a_member_sale()
    lot_id = LotId(uuid(77))
    spent = replace(
        an_accrual(sale),
        kind=EntryKind.REDEMPTION,
        postings=(Posting(Account.MEMBER, -2, lot_id), Posting(Account.REDEEMED, 2)),
        expires_on=None,
        occurred_at=OCCURRED_AT + 500,
    )
    earned = replace(an_accrual(sale, 5, lot=77), occurred_at=OCCURRED_AT)
    with store.begin() as work:
        work.post(spent)
        work.post(earned)
        work.commit()
    (lot,) = store.members.lots(MEMBER.id)
    assert (lot.id, lot.remaining, lot.opened_at, lot.expires_on) == (
        lot_id,
        3,
        OCCURRED_AT,
        earned.expires_on,
    )


def test_entries_come_back_newest_first_and_whole(store: SqliteStore) -> None:
    sold = sell(store, a_member_sale())
    later: LedgerEntry = replace(an_accrual(sold, 9), occurred_at=sold.header.occurred_at + 1, note="補點")
    with store.begin() as work:
        work.post(later)
        work.commit()
    entries = store.members.entries(MEMBER.id)
    assert entries[0] == later
    assert [entry.member_points for entry in entries] == [9, 3]
    assert store.members.entries(MEMBER.id, limit=1) == (later,)


def test_the_draft_goes_with_the_sale(store: SqliteStore) -> None:
    with store.begin() as work:
        work.save_draft(b'{"lines":[]}')
        work.commit()
    assert store.desk.draft() == b'{"lines":[]}'
    with store.begin() as work:
        write_sale(work)
    assert store.desk.draft() == b'{"lines":[]}', "the sale was not committed"
    sell(store)
    assert store.desk.draft() is None


def test_a_held_sale_is_taken_once(store: SqliteStore) -> None:
    held = HeldSale(BasketId(uuid()), OCCURRED_AT, CASHIER.id, "王○明", 3, 120, b"{}")
    with store.begin() as work:
        work.hold(held)
        work.commit()
    assert store.desk.held_sales() == (held,)
    for expected in (held, None):
        with store.begin() as work:
            assert work.take_held(held.id) == expected
            work.commit()
    assert store.desk.held_sales() == ()


def test_only_one_shift_is_open(store: SqliteStore) -> None:
    shift = open_shift(store)
    assert store.desk.current_shift() == shift
    with pytest.raises(Error, match="UNIQUE"), store.begin() as work:
        work.open_shift(replace(a_shift(), id=ShiftId(uuid())))
    with store.begin() as work:
        assert work.current_shift() == shift


def test_z_numbers_run_on(store: SqliteStore) -> None:
    for expected in (1, 2):
        shift = replace(a_shift(), id=ShiftId(uuid()))
        open_shift(store, shift)
        with store.begin() as work:
            closed = replace(shift, closed_at=OCCURRED_AT + 1, z_number=work.next_z_number())
            work.append(numbered_control(work, a_control(TransactionKind.NO_SALE)))
            work.close_shift(closed)
            work.commit()
        assert closed.z_number == expected
        assert store.desk.closed_shift() == closed
        assert store.desk.current_shift() is None


def test_a_shift_knows_its_transactions_and_events(store: SqliteStore) -> None:
    first = open_shift(store)
    sold = [sell(store) for _ in range(3)]
    event = AuditEvent("price_override", CASHIER.id, OCCURRED_AT, {"line": 2}, approved_by=MANAGER.id)
    with store.begin() as work:
        work.audit(event)
        closed = replace(first, closed_at=OCCURRED_AT + 1, z_number=work.next_z_number())
        work.append(numbered_control(work, a_control(TransactionKind.NO_SALE)))
        work.close_shift(closed)
        work.commit()
    second = open_shift(store, replace(a_shift(), id=ShiftId(uuid())))
    assert [one.header.kind for one in store.journal.of_shift(first.id)] == [
        TransactionKind.SHIFT_OPEN,
        *(one.header.kind for one in sold),
        TransactionKind.NO_SALE,
    ]
    assert store.journal.audit_of_shift(first.id) == (event,)
    assert list(store.journal.of_shift(second.id)) == []  # its opening names the shift of the builder
    assert store.journal.audit_of_shift(second.id) == ()


def test_the_paper_of_a_sale_is_kept_as_it_was_printed(store: SqliteStore) -> None:
    sold = sell(store)
    assert store.journal.document_of(sold.header.id) == a_document("01-1-A000001")


def test_there_is_one_original_and_each_copy_has_its_number(store: SqliteStore) -> None:
    sold = sell(store)
    copy = PrintRequest("receipt", a_document(), sold.header.id, copy_number=1)
    with store.begin() as work:
        work.enqueue_print(copy, created_at=OCCURRED_AT)
        work.commit()
    for again in (copy, replace(copy, copy_number=0)):
        with pytest.raises(Error, match="UNIQUE"), store.begin() as work:
            work.enqueue_print(again, created_at=OCCURRED_AT)


def test_the_drawer_is_kicked_once_per_sale(store: SqliteStore) -> None:
    sell(store)
    (job,) = store.desk.print_jobs(("queued",))
    assert job.request.kicks_drawer
    for state in ("sending", "held", "queued"):
        with store.begin() as work:
            work.set_print_state(job.id, state, changed_at=OCCURRED_AT, detail="缺紙")
            work.commit()
    (job,) = store.desk.print_jobs(("queued",))
    assert not job.request.kicks_drawer
    assert job.detail == "缺紙"
    states = rows(store, "SELECT state FROM print_event ORDER BY id")
    assert states == [("sending",), ("held",), ("queued",)]


def test_a_paper_that_was_being_sent_is_never_sent_again_by_itself(
    store: SqliteStore, clock: FakeClock, ids: Uuid7Source
) -> None:
    sell(store)
    sell(store)
    waiting, being_sent = store.desk.print_jobs(("queued",))
    with store.begin() as work:
        work.set_print_state(being_sent.id, "sending", changed_at=OCCURRED_AT)
        work.commit()
    again = reopened(store, clock, ids)
    assert [job.id for job in again.desk.print_jobs(("queued",))] == [waiting.id]
    assert [(job.id, job.detail) for job in again.desk.print_jobs(("unknown",))] == [
        (being_sent.id, "interrupted")
    ]
    again.close()


def test_what_the_server_does_not_have_is_counted(store: SqliteStore) -> None:
    assert store.desk.unsent_count() == 0
    sell(store, a_member_sale())
    sell(store, a_sale())
    assert store.desk.unsent_count() == 2


def test_settings_keep_their_shape(store: SqliteStore) -> None:
    values = {"shop.name": "熟客商店", "shop.tax": 500, "till.keys": {"F1": ["a", None, True]}}
    with store.begin() as work:
        for key, value in values.items():
            work.put_setting(key, value)
        work.put_setting("shop.tax", 0)
        work.commit()
    assert store.desk.settings() == values | {"shop.tax": 0}
    assert store.desk.setting("shop.name") == "熟客商店"
    assert store.desk.setting("nothing") is None


def test_a_new_name_keeps_the_pin_and_the_lock_out(store: SqliteStore) -> None:
    with store.begin() as work:
        work.save_operator(CASHIER, pin_hash="argon", badge_hash="badge")
        work.set_failures(CASHIER.id, 3, OCCURRED_AT)
        work.save_operator(MANAGER, pin_hash="other")
        work.save_operator(replace(CASHIER, name="林大美"))
        work.commit()
    secret = store.people.by_number("11")
    assert secret is not None
    assert (secret.operator.name, secret.pin_hash, secret.failures, secret.locked_until) == (
        "林大美",
        "argon",
        3,
        OCCURRED_AT,
    )
    assert store.people.by_badge("badge") == secret
    assert store.people.by_badge("") is None, "no badge is nobody's badge"
    assert [one.number for one in store.people.operators()] == ["11", "31"]


def sell_and_fail(store: SqliteStore) -> None:
    with store.begin() as work:
        write_sale(work, a_member_sale())
        raise ZeroDivisionError


def test_what_may_be_spent_is_counted_as_the_lots_say_debts_included(store: SqliteStore) -> None:
    """An ended lot and one that has not begun hold nothing to spend; what an ended lot owes counts."""
    day = BUSINESS_DATE
    lots = (
        (10, None, None),
        (7, None, day + timedelta(days=1)),
        (3, day - timedelta(days=1), None),
        (2, day, day),
        (-5, day - timedelta(days=1), None),
    )
    with store.begin() as work:
        work.add_member(MEMBER, created_at=OCCURRED_AT, operator_id=CASHIER.id)
        sale = numbered(work, a_member_sale())
        opened = [
            replace(an_accrual(sale, 1 if points < 0 else points), expires_on=ends, usable_on=begins)
            for points, ends, begins in lots
        ]
        lot_id = opened[-1].postings[0].lot_id
        owed = replace(
            an_accrual(sale),
            kind=EntryKind.ACCRUAL_REVERSAL,
            postings=(Posting(Account.MEMBER, -6, lot_id), Posting(Account.ISSUED, 6)),
            expires_on=None,
        )
        work.append(replace(sale, entries=(*opened, owed)))
        assert work.spendable(MEMBER.id, day) == 10 + 2 - 5
        assert spendable(work.lots(MEMBER.id), day) == 10 + 2 - 5
        work.commit()
