"""A till that sells until it is killed, in a process of its own: wired as the product is, with a printer that only says what it was given.

Every line goes to the pipe with one write, so that each was said whole before the end, or not at all:

    GO                                   about to open the store
    OPEN                                 the store is open, selling begins
    SOLD 01-1-A000012                    the commit has returned: the screen shows the change
    ACK 01-1-A000012 receipt 0 1         the first byte of a paper would leave now (kind, copy number, drawer pulse)
    FAILED …                             it, or the thread of its spool, ended by itself, which it must not
"""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Final

from app.bootstrap import SystemClock, wire
from app.config import Config
from app.credentials import load_key
from app.domain.errors import Refused
from app.domain.ids import Uuid7Source
from app.domain.item import Unit
from app.domain.money import Money
from app.domain.quantity import ONE
from app.domain.receipt import ReceiptDocument
from app.domain.tender import TenderKind
from app.domain.transaction import RetailTransaction, TransactionKind
from app.service.outcomes import MemberOffered, ReadyToComplete
from app.service.ports import PrintJob
from app.service.till import Till
from db.store import SqliteStore, open_store

PHONES: Final = tuple(f"09{number:08d}" for number in range(12_345_678, 12_345_703))
LINES_MAX: Final = 5
LATELY: Final = 30


def sell_until_killed(folder: str, seed: int, pipe: Connection) -> None:
    """The whole life of one process."""

    one_at_a_time = threading.Lock()

    def say(line: str) -> None:
        with one_at_a_time:
            pipe.send_bytes(line.encode())

    def on_thread_ended(thread: threading.ExceptHookArgs) -> None:
        say(f"FAILED {thread.exc_type.__name__}: {thread.exc_value}\nin {thread.thread}")

    threading.excepthook = on_thread_ended
    try:
        say("GO")
        till, goods = _open(Path(folder), say)
        say("OPEN")
        _Seller(till, goods, Random(seed), say).sell()
    except BaseException as error:
        say(f"FAILED {type(error).__name__}: {error}\n{traceback.format_exc()}")


class SayingPrinter:
    """Says which paper it was given, at the very place where its first byte would be sent."""

    def __init__(self, store: SqliteStore, say: Callable[[str], None]) -> None:
        self._store = store
        self._say = say

    def print(self, job: PrintJob, document: ReceiptDocument) -> str:
        request = job.request
        if request.transaction_id is not None:
            told_of = self._store.journal.get(request.transaction_id)
            assert told_of is not None, "a paper tells of a transaction that is on disk"
            number = told_of.header.receipt_number
            self._say(f"ACK {number} {request.kind} {request.copy_number} {int(request.kicks_drawer)}")
        return "done"


def _open(folder: Path, say: Callable[[str], None]) -> tuple[Till, tuple[str, ...]]:
    """As :class:`app.bootstrap.Opener` opens a till; the owner is at work at once, without the tenth of a second a PIN takes."""
    config = Config(folder)
    clock = SystemClock()
    ids = Uuid7Source(clock.now_ms)
    secrets = load_key(config.data_dir)
    store = open_store(config.database, secrets.database_key, clock, ids)
    till = wire(store, secrets, clock, ids, prints_dir=config.prints_dir, printer=SayingPrinter(store, say))
    till.session.operator = store.people.operators()[0]
    records = store.catalogue.records(clock.now_ms())
    goods = tuple(one.sku for one in records if one.unit is Unit.EACH and not one.is_open_price)
    return till, goods


class _Seller:
    """Chooses what happens next, with a weight for each."""

    def __init__(
        self, till: Till, goods: tuple[str, ...], random: Random, say: Callable[[str], None]
    ) -> None:
        self._till = till
        self._goods = goods
        self._random = random
        self._say = say
        self._doings: dict[Callable[[], None], int] = {
            self._sale: 60,
            self._give_back: 12,
            self._hold: 8,
            self._retrieve: 8,
            self._void: 3,
            self._no_sale: 3,
            self._reprint: 2,
            self._rest: 6,
            self._close_and_open: 3,
        }

    def sell(self) -> None:
        """Take up what the last process left, then go on for ever."""
        if self._till.session.shift is None:
            self._open_shift()
        if self._till.restore_draft():
            self._finish_draft()
        while True:
            (doing,) = self._random.choices(tuple(self._doings), tuple(self._doings.values()))
            try:
                doing()
            except Refused:
                self._till.checkout.start_new()

    # --- sales --------------------------------------------------------------------------------------------------------

    def _sale(self) -> None:
        self._scan()
        if self._random.random() < 0.6:
            self._member(self._random.choice(PHONES))
        self._pay()

    def _scan(self) -> None:
        for _ in range(self._random.randint(1, LINES_MAX)):
            self._till.checkout.enter(self._random.choice(self._goods))
            if self._random.random() < 0.4:
                self._keep_draft()

    def _member(self, phone: str) -> None:
        if isinstance(self._till.checkout.enter(phone), MemberOffered):
            self._till.checkout.confirm_new_member()

    def _pay(self) -> None:
        checkout = self._till.checkout
        checkout.enter("")
        self._spend_points()
        while not isinstance(checkout.enter(""), ReadyToComplete):
            pass
        self._complete()

    def _spend_points(self) -> None:
        checkout, till = self._till.checkout, self._till
        shift = till.session.require_shift()
        total = checkout.priced().total
        if total.minor <= 0:
            return
        offer = till.points.offer(checkout.basket, checkout.due(), total, shift.business_date)
        if offer is not None and offer.points > 0 and self._random.random() < 0.5:
            checkout.tender(TenderKind.POINTS, offer.amount.minor, points=offer.points)

    def _complete(self) -> None:
        done = self._till.completion.commit(self._till.completion.prepare(self._till.checkout))
        self._say(f"SOLD {done.transaction.header.receipt_number}")
        self._till.checkout.start_new()

    def _give_back(self) -> None:
        """One piece of something that was sold lately, now and then against new goods."""
        desk, checkout = self._till.returns, self._till.checkout
        sale = desk.by_receipt(self._random.choice(self._lately()).header.receipt_number)
        left = [line for line in sale.lines if line.remaining_quantity]
        line = self._random.choice(left).line.number
        checkout.add_return(desk.line(sale, line, ONE, basket=checkout.basket))
        if self._random.random() < 0.3:
            self._scan()
        self._pay()

    def _void(self) -> None:
        voided = self._till.post_void.void(self._random.choice(self._lately()).header.id, "打錯")
        self._say(f"SOLD {voided.transaction.header.receipt_number}")

    def _lately(self) -> list[RetailTransaction]:
        newest = self._till.store.journal.newest(LATELY)
        sales = [
            one
            for one in newest
            if isinstance(one, RetailTransaction) and one.header.kind is TransactionKind.SALE
        ]
        if not sales:
            raise Refused("receipt_unknown", number="")
        return sales

    # --- held sales and the draft -------------------------------------------------------------------------------------

    def _hold(self) -> None:
        self._scan()
        self._till.checkout.hold()

    def _retrieve(self) -> None:
        held = self._till.store.desk.held_sales()
        if not held:
            return
        self._till.checkout.retrieve(held[0].id)
        self._pay()

    def _keep_draft(self) -> None:
        self._till.save_draft(self._till.checkout.basket)

    def _finish_draft(self) -> None:
        """The customer is still there after the till came up again."""
        try:
            self._pay()
        except Refused:
            self._till.checkout.start_new()

    # --- the drawer and the shift -------------------------------------------------------------------------------------

    def _no_sale(self) -> None:
        control = self._till.control
        done = control.no_sale(control.reasons(TransactionKind.NO_SALE)[0])
        self._say(f"SOLD {done.header.receipt_number}")

    def _reprint(self) -> None:
        self._till.printing.reprint(self._random.choice(self._lately()).header.id)

    def _rest(self) -> None:
        """Nobody waits: the store moves its WAL and writes its mark."""
        self._till.store.idle()

    def _open_shift(self) -> None:
        opened = self._till.shifts.open_shift(Money(3000, self._till.shop.currency))
        self._say(f"SOLD {opened.transaction.header.receipt_number}")

    def _close_and_open(self) -> None:
        flow = self._till.shifts.begin_close()
        flow.acknowledge_held()
        flow.count_total(flow.settlement.expected_cash)
        flow.finish_count()
        flow.keep(min(flow.counted, Money(3000, self._till.shop.currency)))
        flow.complete()
        self._open_shift()
