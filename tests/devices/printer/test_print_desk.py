"""What a person can do with papers: answer the question, cancel, hold back, let go on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.errors import Refused
from app.domain.receipt import Band, ReceiptDocument, Text
from app.i18n import t
from app.service.ports import PrintRequest
from devices.virtual.printer import VirtualPrinter
from devices.virtual.status import Fault
from tests.devices.printer.counter import PrintingShop, printing_shop, profile_for
from tests.service.small_shop import SOAP, TEA


@pytest.fixture
def printer() -> Iterator[VirtualPrinter]:
    with VirtualPrinter.on_tcp() as printer:
        yield printer


@pytest.fixture
def till(printer: VirtualPrinter, tmp_path: Path) -> Iterator[PrintingShop]:
    with printing_shop(tmp_path, profile_for(printer.address)) as till:
        yield till


def lose(till: PrintingShop, printer: VirtualPrinter) -> int:
    """A paper that nobody knows the end of."""
    till.watch.wait_for_code("")
    printer.unplug_after(3_000)
    job = till.sell(TEA)
    till.watch.wait_for(job, "unknown")
    printer.replug()
    return job


def test_yes_ends_the_question_and_prints_nothing(till: PrintingShop, printer: VirtualPrinter) -> None:
    job = lose(till, printer)
    till.desk.answer(job, True)
    assert till.desk.questions() == ()
    assert till.states() == ["done"]
    with pytest.raises(Refused, match="print_decided"):
        till.desk.answer(job, False)
    assert till.states() == ["done"], "a second answer changes nothing"


def test_no_prints_a_marked_copy_and_opens_no_drawer(till: PrintingShop, printer: VirtualPrinter) -> None:
    job = lose(till, printer)
    kicks = len(printer.kicks)
    till.desk.answer(job, False)
    till.watch.wait_for(job + 1, "done")
    copy = till.shop.store.desk.print_job(job + 1)
    assert copy is not None
    assert (copy.request.copy_number, copy.request.transaction_id is None) == (1, False)
    assert isinstance(copy.request.document.nodes[0], Band)
    assert len(printer.kicks) == kicks


def test_a_report_that_was_lost_is_printed_again_with_its_mark(
    till: PrintingShop, printer: VirtualPrinter
) -> None:
    till.watch.wait_for_code("")
    printer.set_fault(Fault.PAPER_OUT, after_rows=10)
    report = ReceiptDocument((Text("X 報表"),), "zh_TW", "x_report")
    with till.shop.store.begin() as work:
        job = work.enqueue_print(PrintRequest("x_report", report), created_at=till.shop.clock.now_ms())
        work.commit()
    till.spool.wake()
    till.watch.wait_for(job, "waiting")
    printer.unplug()
    till.watch.wait_for(job, "unknown")
    (question,) = till.desk.questions()
    assert (question.paper_key, question.number) == ("devices.paper.x_report", "")
    till.desk.answer(job, False)
    printer.replug()
    printer.clear_faults()
    till.watch.wait_for(job + 1, "done")
    copy = till.shop.store.desk.print_job(job + 1)
    assert copy is not None
    assert isinstance(copy.request.document.nodes[0], Band)


def test_every_question_and_every_waiting_paper_has_its_words(
    till: PrintingShop, printer: VirtualPrinter
) -> None:
    lose(till, printer)
    printer.set_fault(Fault.PAPER_OUT)
    job = till.sell(SOAP)
    till.watch.wait_for(job, "held")
    (question,) = till.desk.questions()
    for key in (question.question_key, question.yes_key, question.no_key):
        assert t(key, None, paper=t(question.paper_key), number=question.number)
    for paper in till.desk.waiting():
        assert t(paper.state_key)
        assert t(paper.why_key, None, address="x")


def test_a_paper_that_waits_can_be_cancelled_and_the_next_goes_on(
    till: PrintingShop, printer: VirtualPrinter
) -> None:
    printer.set_fault(Fault.PAPER_OUT)
    job = till.sell(TEA)
    till.watch.wait_for(job, "held")
    till.desk.cancel(job)
    later = till.sell(SOAP)
    printer.clear_faults()
    till.watch.wait_for(later, "done")
    assert till.states() == ["cancelled", "done"]
    assert len(printer.papers) == 1
    assert till.audited("print_cancelled") == 1
    with pytest.raises(Refused, match="print_decided"):
        till.desk.cancel(job)


def test_a_paper_that_waits_in_the_printer_can_be_cancelled_and_nothing_of_it_comes_later(
    till: PrintingShop, printer: VirtualPrinter
) -> None:
    till.watch.wait_for_code("")
    printer.set_fault(Fault.PAPER_OUT, after_bytes=2_000)
    job = till.sell(TEA)
    till.watch.wait_for(job, "waiting")
    till.desk.cancel(job)
    later = till.sell(SOAP)
    till.watch.wait_for(later, "held")
    printer.clear_faults()
    till.watch.wait_for(later, "done")
    assert till.states() == ["cancelled", "done"]
    assert printer.complaints == ()


def test_a_paper_that_is_held_back_lets_the_others_pass_and_goes_on_when_told(
    till: PrintingShop, printer: VirtualPrinter
) -> None:
    printer.set_fault(Fault.COVER_OPEN)
    first = till.sell(TEA)
    till.watch.wait_for(first, "held")
    till.desk.hold(first)
    second = till.sell(SOAP)
    printer.clear_faults()
    till.watch.wait_for(second, "done")
    assert till.states() == ["held", "done"]
    assert [paper.is_held_by_hand for paper in till.desk.waiting()] == [True]
    till.desk.resume(first)
    till.watch.wait_for(first, "done")
    assert len(printer.papers) == 2


def test_a_paper_that_is_being_printed_cannot_be_taken_back(tmp_path: Path) -> None:
    with (
        VirtualPrinter.on_pty(baud=19200) as slow,
        printing_shop(tmp_path, profile_for(slow.address, pushes_status=False), is_started=False) as till,
    ):
        job = till.sell(TEA)
        till.spool.start()
        till.watch.wait_for(job, "sending")
        for decide in (till.desk.hold, till.desk.cancel, till.desk.resume):
            with pytest.raises(Refused, match="print_under_way"):
                decide(job)
        with pytest.raises(Refused, match="print_decided"):
            till.desk.cancel(10_000)


def test_two_tills_windows_decide_once(till: PrintingShop, printer: VirtualPrinter) -> None:
    """The one who was first is right; the other is told."""
    job = lose(till, printer)
    stale = till.shop.store.desk.print_job(job)
    assert stale is not None
    till.desk.answer(job, True)
    with pytest.raises(Refused, match="print_decided"):
        till.desk.resolve(stale, did_print=False)
    assert till.states() == ["done"]


@pytest.mark.logs_warnings
def test_a_screen_that_fails_when_it_is_told_something_does_not_end_the_printing(
    till: PrintingShop, printer: VirtualPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("devices.spool.RETRY_SECONDS", 0.01)
    till.watch.wait_for_code("")
    told = threading.Event()

    def fail(state: object) -> None:
        told.set()
        raise ZeroDivisionError("a bug of ours")

    till.spool.on_status = fail
    printer.set_fault(Fault.COVER_OPEN)
    assert told.wait(30)
    till.spool.on_status = till.watch.on_status
    printer.clear_faults()
    job = till.sell(SOAP)
    till.watch.wait_for(job, "done")
