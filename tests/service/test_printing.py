"""A paper comes out once or somebody is asked: whatever the printer, the disk or the power does in between."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.domain.errors import Refused, Unavailable
from app.domain.receipt import Band, ReceiptDocument
from app.domain.tender import TenderKind
from app.service.ports import PrintJob
from app.service.printing import COPIES_MAX, PrintDesk
from db.engine import connect
from db.store import SqliteStore, open_store
from devices.spool import PrintSpool
from tests.service.small_shop import KEY, SOAP, TEA, SmallShop


class PowerCut(BaseException):
    """No handler of ours may swallow it."""


@dataclass
class ScriptedPrinter:
    """Does what the script says for each paper, then prints. It looks into the file as another program would."""

    path: Path
    script: list[object] = field(default_factory=list)
    papers: list[PrintJob] = field(default_factory=list)
    states_seen: list[str] = field(default_factory=list)
    sales_seen: list[int] = field(default_factory=list)

    def print(self, job: PrintJob, document: ReceiptDocument) -> str:
        self._look(job)
        what = self.script.pop(0) if self.script else "done"
        if isinstance(what, BaseException):
            raise what
        self.papers.append(job)
        return str(what)

    @property
    def pulses(self) -> int:
        return sum(paper.request.kicks_drawer for paper in self.papers)

    @property
    def numbers(self) -> list[int]:
        return [paper.id for paper in self.papers]

    def _look(self, job: PrintJob) -> None:
        connection = connect(self.path, KEY)
        (state,) = connection.execute("SELECT state FROM print_job WHERE id = ?", (job.id,)).fetchone()
        (sales,) = connection.execute("SELECT count(*) FROM transaction_header").fetchone()
        connection.close()
        self.states_seen.append(state)
        self.sales_seen.append(sales)


def spool_over(store: SqliteStore, shop: SmallShop, printer: ScriptedPrinter) -> PrintSpool:
    return PrintSpool(store, printer, shop.clock)


@pytest.fixture
def printer(shop: SmallShop) -> ScriptedPrinter:
    return ScriptedPrinter(shop.path)


@pytest.fixture
def spool(shop: SmallShop, printer: ScriptedPrinter) -> PrintSpool:
    return spool_over(shop.store, shop, printer)


@pytest.fixture
def restart(shop: SmallShop) -> Iterator[Callable[[], SqliteStore]]:
    """The till comes up again after the power was gone: nothing was closed."""
    opened: list[SqliteStore] = []

    def open_again() -> SqliteStore:
        opened.append(open_store(shop.path, KEY, shop.clock, shop.ids))
        return opened[-1]

    yield open_again
    for store in opened:
        store.close()


def states(store: SqliteStore) -> list[str]:
    with store.engines.reading() as cursor:
        return [state for (state,) in cursor.execute("SELECT state FROM print_job ORDER BY id").fetchall()]


# --- in its order, once ---------------------------------------------------------------------------------------------------


def test_the_sale_and_the_state_are_on_disk_before_the_first_byte_is_sent(
    shop: SmallShop, spool: PrintSpool, printer: ScriptedPrinter
) -> None:
    shop.sell(TEA)
    assert printer.papers == [], "a commit prints nothing by itself"
    assert spool.run_once() == 1
    assert printer.states_seen == ["sending"]
    assert printer.sales_seen == [1]
    assert states(shop.store) == ["done"]


def test_papers_come_out_in_order_and_each_once(
    shop: SmallShop, spool: PrintSpool, printer: ScriptedPrinter
) -> None:
    for _ in range(25):
        shop.sell(SOAP)
    assert spool.run_once() == 25, "also more than are fetched at once"
    assert printer.numbers == list(range(1, 26))
    assert spool.run_once() == 0


def test_every_change_of_a_paper_is_kept_with_its_hour(
    shop: SmallShop, spool: PrintSpool, printer: ScriptedPrinter
) -> None:
    printer.script = [Unavailable("printer_away")]
    shop.sell(TEA)
    spool.run_once()
    spool.run_once()
    with shop.store.engines.reading() as cursor:
        events = cursor.execute("SELECT state, detail FROM print_event ORDER BY id").fetchall()
    assert events == [("sending", ""), ("queued", "printer_away"), ("sending", ""), ("done", "")]


# --- the printer fails ----------------------------------------------------------------------------------------------------


def test_a_printer_that_is_away_keeps_the_queue_and_the_sales(
    shop: SmallShop, spool: PrintSpool, printer: ScriptedPrinter
) -> None:
    printer.script = [Unavailable("printer_away"), Unavailable("printer_away")]
    shop.sell(TEA)
    assert spool.run_once() == 0
    shop.sell(SOAP)
    assert spool.run_once() == 0
    assert states(shop.store) == ["queued", "queued"]
    assert [job.detail for job in shop.store.desk.print_jobs(("queued",))] == ["printer_away", ""]
    assert spool.run_once() == 2
    assert printer.numbers == [1, 2]


def test_a_paper_that_ended_half_way_is_asked_about_and_not_sent_again(
    shop: SmallShop, spool: PrintSpool, printer: ScriptedPrinter
) -> None:
    """The printer itself says that it does not know."""
    printer.script = ["unknown"]
    shop.sell(TEA)
    spool.run_once()
    assert spool.run_once() == 0
    assert [job.id for job in shop.printing.unresolved()] == [1]


@pytest.mark.logs_warnings
def test_a_paper_that_cannot_be_laid_out_holds_up_nobody(
    shop: SmallShop, spool: PrintSpool, printer: ScriptedPrinter
) -> None:
    printer.script = [ZeroDivisionError("a bug of ours")]
    shop.sell(TEA)
    shop.sell(SOAP)
    assert spool.run_once() == 2
    assert printer.numbers == [2]
    assert states(shop.store) == ["unknown", "done"]


# --- the power fails ------------------------------------------------------------------------------------------------------


def test_a_paper_that_was_on_its_way_is_never_sent_twice_by_itself(
    shop: SmallShop, spool: PrintSpool, printer: ScriptedPrinter, restart: Callable[[], SqliteStore]
) -> None:
    printer.script = [PowerCut()]
    shop.sell(TEA)
    shop.sell(SOAP)
    with pytest.raises(PowerCut):
        spool.run_once()
    store = restart()
    assert states(store) == ["unknown", "queued"], "opening the store settles it"
    again = spool_over(store, shop, printer)
    again.settle_after_restart()
    assert again.run_once() == 1
    assert printer.numbers == [2]


def test_the_spool_settles_what_was_on_its_way_by_itself_as_well(
    shop: SmallShop, spool: PrintSpool, printer: ScriptedPrinter
) -> None:
    """A store that somebody else opened may hold a paper that is being sent."""
    printer.script = [PowerCut()]
    shop.sell(TEA)
    with pytest.raises(PowerCut):
        spool.run_once()
    spool_over(shop.store, shop, printer).settle_after_restart()
    assert states(shop.store) == ["unknown"]
    assert printer.papers == []


def test_a_paper_that_was_only_queued_comes_out_after_the_restart(
    shop: SmallShop, printer: ScriptedPrinter, restart: Callable[[], SqliteStore]
) -> None:
    shop.sell(TEA)
    assert spool_over(restart(), shop, printer).run_once() == 1
    assert printer.numbers == [1]


def test_the_answer_decides_between_nothing_more_and_a_marked_copy(
    shop: SmallShop, spool: PrintSpool, printer: ScriptedPrinter
) -> None:
    printer.script = ["unknown", "unknown"]
    shop.sell(TEA)
    lost = shop.sell(SOAP).transaction
    spool.run_once()
    first, second = shop.printing.unresolved()
    shop.printing.resolve(first, did_print=True)
    shop.printing.resolve(second, did_print=False)
    assert states(shop.store) == ["done", "cancelled", "queued"]
    spool.run_once()
    copy = printer.papers[-1].request
    assert (copy.transaction_id, copy.copy_number) == (lost.header.id, 1)
    assert isinstance(copy.document.nodes[0], Band)
    assert copy.document.nodes[0].text == "補印"
    assert shop.printing.unresolved() == ()


# --- the disk fails -------------------------------------------------------------------------------------------------------


def test_nothing_is_sent_that_could_not_be_written_down_first(
    shop: SmallShop, spool: PrintSpool, printer: ScriptedPrinter
) -> None:
    shop.sell(TEA)
    shop.store._on_failure(Unavailable("disk_error", can_retry=False))
    with pytest.raises(Unavailable, match="disk_error"):
        spool.run_once()
    assert printer.papers == []
    assert printer.states_seen == []
    shop.store.reopen()
    assert spool.run_once() == 1


def test_a_paper_whose_end_could_not_be_written_down_is_not_sent_again(
    shop: SmallShop, spool: PrintSpool, printer: ScriptedPrinter, restart: Callable[[], SqliteStore]
) -> None:
    shop.sell(TEA)
    take = printer.print

    def take_and_lose_the_disk(job: PrintJob, document: ReceiptDocument) -> str:
        shop.store._on_failure(Unavailable("disk_error", can_retry=False))
        return take(job, document)

    printer.print = take_and_lose_the_disk  # type: ignore[method-assign]
    with pytest.raises(Unavailable, match="disk_error"):
        spool.run_once()
    printer.print = take  # type: ignore[method-assign]
    shop.store.reopen()
    assert spool.run_once() == 0
    assert states(restart()) == ["unknown"]
    assert printer.numbers == [1]


# --- the drawer -----------------------------------------------------------------------------------------------------------


def test_the_drawer_opens_once_for_cash_and_never_for_a_card(
    shop: SmallShop, spool: PrintSpool, printer: ScriptedPrinter
) -> None:
    shop.sell(TEA)
    shop.checkout.enter(TEA)
    shop.checkout.tender(TenderKind.CARD, 380)
    shop.complete()
    spool.run_once()
    assert [paper.request.kicks_drawer for paper in printer.papers] == [True, False]


def test_the_drawer_opens_at_most_once_however_often_a_paper_is_tried(
    shop: SmallShop, spool: PrintSpool, printer: ScriptedPrinter
) -> None:
    """It may have opened at the first try; a drawer that springs open minutes later does so under nobody's eyes."""
    asked: list[bool] = []
    take = printer.print

    def note(job: PrintJob, document: ReceiptDocument) -> str:
        asked.append(job.request.kicks_drawer)
        return take(job, document)

    printer.print = note  # type: ignore[method-assign]
    printer.script = [Unavailable("printer_away"), Unavailable("printer_away")]
    shop.sell(TEA)
    for _ in range(4):
        spool.run_once()
    assert asked == [True, False, False]


def test_a_copy_never_opens_the_drawer(shop: SmallShop, spool: PrintSpool, printer: ScriptedPrinter) -> None:
    sold = shop.sell(TEA).transaction
    for _ in range(3):
        shop.printing.reprint(sold.header.id)
    spool.run_once()
    assert [paper.request.copy_number for paper in printer.papers] == [0, 1, 2, 3]
    assert printer.pulses == 1


def test_copies_have_an_end(shop: SmallShop) -> None:
    sold = shop.sell(TEA).transaction
    for _ in range(COPIES_MAX):
        shop.printing.reprint(sold.header.id)
    with pytest.raises(Refused, match="copies_exhausted"):
        shop.printing.reprint(sold.header.id)


# --- on its own thread ----------------------------------------------------------------------------------------------------


def test_it_prints_what_waits_then_what_comes_and_ends_when_told_to(
    shop: SmallShop, printer: ScriptedPrinter
) -> None:
    shop.sell(TEA)
    printed = threading.Semaphore(0)
    changes: list[tuple[int, str]] = []

    def on_change(job: PrintJob) -> None:
        changes.append((job.id, job.state))
        if job.state == "done":
            printed.release()

    spool = PrintSpool(shop.store, printer, shop.clock, on_change=on_change)
    spool.start()
    try:
        assert printed.acquire(timeout=30)
        shop.sell(SOAP)
        spool.wake()
        assert printed.acquire(timeout=30)
    finally:
        spool.close()
    assert changes == [(1, "sending"), (1, "done"), (2, "sending"), (2, "done")]
    shop.sell(SOAP)
    spool.wake()
    assert states(shop.store)[-1] == "queued", "a spool that was closed prints nothing more"


@pytest.mark.logs_warnings
def test_a_bug_and_a_failing_disk_do_not_end_the_thread(
    shop: SmallShop, printer: ScriptedPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("devices.spool.RETRY_SECONDS", 0.01)
    printer.script = [ZeroDivisionError("a bug of ours"), Unavailable("printer_away")]
    printed = threading.Semaphore(0)
    refusals = iter([Unavailable("disk_full")])
    begin = shop.store.begin

    def begin_badly_once() -> object:
        for refusal in refusals:
            raise refusal
        return begin()

    shop.sell(TEA)
    shop.sell(SOAP)
    monkeypatch.setattr(shop.store, "begin", begin_badly_once)
    spool = PrintSpool(
        shop.store,
        printer,
        shop.clock,
        on_change=lambda job: printed.release() if job.state == "done" else None,
    )
    spool.start()
    try:
        assert printed.acquire(timeout=30)
    finally:
        spool.close()
    assert states(shop.store) == ["unknown", "done"]
    assert printer.numbers == [2]


def test_a_desk_over_another_store_asks_the_same_question(
    shop: SmallShop, spool: PrintSpool, printer: ScriptedPrinter, restart: Callable[[], SqliteStore]
) -> None:
    """The question waits in the books, not in a screen."""
    printer.script = [PowerCut()]
    shop.sell(TEA)
    with pytest.raises(PowerCut):
        spool.run_once()
    desk = PrintDesk(restart(), shop.session, shop.clock, shop.spool)
    assert [job.id for job in desk.unresolved()] == [1]
