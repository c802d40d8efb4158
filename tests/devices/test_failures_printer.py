"""What can go wrong between the till and its printer, each against a virtual one on a real pseudo-terminal or socket.

The promise: never a silent duplicate, never a silent loss; the drawer at most once; a sale waits for nothing.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import zxingcpp

from app.domain.errors import Unavailable
from app.service.devices import Condition
from app.service.ports import AuditEvent
from devices.printer.connection import Timing
from devices.printer.line_printer import ReceiptPrinter
from devices.profile import Fence
from devices.transport.address import open_transport
from devices.virtual.printer import VirtualPrinter
from devices.virtual.replies import ReplyStyle
from devices.virtual.status import Fault
from tests.devices.printer.counter import PATIENCE_SECONDS, QUICK, PrintingShop, printing_shop, profile_for
from tests.service.small_shop import SOAP, TEA
from tests.sources import ROOT


@pytest.fixture(params=["pty", "tcp"])
def printer(request: pytest.FixtureRequest) -> Iterator[VirtualPrinter]:
    make = VirtualPrinter.on_pty if request.param == "pty" else VirtualPrinter.on_tcp
    with make() as printer:
        yield printer
        assert printer.complaints == (), "nothing was sent that it does not understand"


@pytest.fixture
def till(printer: VirtualPrinter, tmp_path: Path) -> Iterator[PrintingShop]:
    with printing_shop(tmp_path, profile_for(printer.address)) as till:
        yield till


# --- paper --------------------------------------------------------------------------------------------------------------


def test_paper_out_before_a_job_holds_it_and_one_copy_comes_after_the_refill(
    printer: VirtualPrinter, till: PrintingShop
) -> None:
    printer.set_fault(Fault.PAPER_OUT)
    job = till.sell(TEA)
    till.watch.wait_for(job, "held")
    till.watch.wait_for_code("printer_paper_out")
    assert till.states() == ["held"]
    assert not any(command.name == "GS v" for command in printer.commands), "nothing of it was sent"
    printer.clear_fault(Fault.PAPER_OUT)
    till.watch.wait_for(job, "done")
    assert len(printer.papers) == 1
    assert [state for state, *_ in till.events(job)] == ["queued", "held", "sending", "awaiting", "done"]


@pytest.mark.parametrize("fence", [Fence.GS_H, Fence.GS_R])
def test_paper_out_during_a_job_waits_and_one_copy_comes_after_the_refill(
    printer: VirtualPrinter, tmp_path: Path, fence: Fence
) -> None:
    with printing_shop(tmp_path, profile_for(printer.address, fence=fence)) as till:
        printer.set_fault(Fault.PAPER_OUT, after_rows=100)
        job = till.sell(TEA)
        till.watch.wait_for(job, "waiting")
        assert not printer.papers
        printer.clear_faults()
        till.watch.wait_for(job, "done")
        till.sell(SOAP)
        till.watch.wait_for(job + 1, "done")
    assert len(printer.papers) == 2
    assert ("waiting", "printer_paper_out") in [event[:2] for event in till_events(till, job)]


def till_events(till: PrintingShop, job: int) -> list[tuple[object, ...]]:
    return [(state, detail) for number, state, detail in till.watch.changes if number == job]


def test_a_roll_near_its_end_is_told_and_stops_nothing(printer: VirtualPrinter, till: PrintingShop) -> None:
    printer.set_fault(Fault.PAPER_NEAR_END)
    till.watch.wait_for_code("printer_paper_low")
    assert till.spool.printer_state.condition is Condition.WARNING
    job = till.sell(TEA)
    till.watch.wait_for(job, "done")


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fault.COVER_OPEN, "printer_cover_open"),
        (Fault.CUTTER_ERROR, "printer_cutter"),
        (Fault.OFFLINE, "printer_offline"),
    ],
)
def test_an_open_cover_and_a_jammed_cutter_hold_the_paper_and_say_so(
    printer: VirtualPrinter, till: PrintingShop, fault: Fault, code: str
) -> None:
    printer.set_fault(fault)
    job = till.sell(TEA)
    till.watch.wait_for(job, "held")
    till.watch.wait_for_code(code)
    printer.clear_faults()
    till.watch.wait_for(job, "done")
    assert len(printer.papers) == 1


def test_a_cutter_that_jams_at_the_end_of_a_paper_is_waited_for(
    printer: VirtualPrinter, till: PrintingShop
) -> None:
    job = till.sell(TEA)
    till.watch.wait_for(job, "done")
    rows = sum(strip.rows for strip in printer.papers[0].strips)
    printer.set_fault(Fault.CUTTER_ERROR, after_rows=rows - 1)
    job = till.sell(TEA)
    till.watch.wait_for(job, "waiting")
    printer.clear_faults()
    till.watch.wait_for(job, "done")
    assert len(printer.papers) == 2


# --- the line -----------------------------------------------------------------------------------------------------------


def test_a_printer_that_never_answers_is_offline_and_not_full_of_paper(
    printer: VirtualPrinter, tmp_path: Path
) -> None:
    printer.set_fault(Fault.MUTE)
    timing = Timing(answer_seconds=0.02, idle_seconds=0.02, back_off_first_seconds=0.01)
    with printing_shop(tmp_path, profile_for(printer.address), timing=timing) as till:
        job = till.sell(TEA)
        till.watch.wait_for(job, "held")
        till.watch.wait_for_code("printer_silent")
        assert till.spool.printer_state.condition is Condition.OFFLINE
        assert not printer.papers


def test_a_cable_pulled_mid_write_ends_in_a_question_and_nothing_is_sent_again(
    printer: VirtualPrinter, till: PrintingShop
) -> None:
    till.watch.wait_for_code("")
    printer.unplug_after(5_000)
    job = till.sell(TEA)
    till.watch.wait_for(job, "unknown")
    (question,) = till.desk.questions()
    assert (question.job_id, question.number) == (job, "01-1-A000001")
    printer.replug()
    later = till.sell(SOAP)
    till.watch.wait_for(later, "done")
    assert till.states() == ["unknown", "done"], "the next paper goes on, the lost one waits for a person"
    assert receipts(printer) == 1
    broken, whole = printer.papers
    assert broken.image.height < whole.image.height, "the broken one does not hang on the next customer's"


def test_a_cable_pulled_before_the_first_byte_costs_nothing(
    printer: VirtualPrinter, till: PrintingShop
) -> None:
    till.watch.wait_for_code("")
    printer.unplug()
    job = till.sell(TEA)
    till.watch.wait_for(job, "held")
    assert till.desk.questions() == ()
    printer.replug()
    till.watch.wait_for(job, "done")
    assert len(printer.papers) == 1


def test_a_cable_pulled_while_the_till_waits_for_the_fence_ends_in_a_question(
    printer: VirtualPrinter, till: PrintingShop
) -> None:
    printer.set_fault(Fault.PAPER_OUT, after_rows=100)
    job = till.sell(TEA)
    till.watch.wait_for(job, "waiting")
    printer.unplug()
    till.watch.wait_for(job, "unknown")
    assert till.watch.states[-1].condition is Condition.OFFLINE


def test_a_printer_whose_power_was_cut_mid_job_ends_in_a_question(
    printer: VirtualPrinter, tmp_path: Path
) -> None:
    """It answers again, all well, and the fence never comes."""
    timing = Timing(
        poll_seconds=0.02,
        listen_seconds=0.01,
        fence_seconds=0.3,
        idle_seconds=0.02,
        back_off_first_seconds=0.01,
    )
    with printing_shop(tmp_path, profile_for(printer.address), timing=timing) as till:
        printer.set_fault(Fault.PAPER_OUT, after_rows=100)
        job = till.sell(TEA)
        till.watch.wait_for(job, "waiting")
        printer.power_cycle()
        printer.clear_faults()
        till.watch.wait_for(job, "unknown")
        again = till.sell(TEA)
        till.watch.wait_for(again, "done")


def test_a_printer_plugged_in_again_at_another_port_is_found_by_its_name(tmp_path: Path) -> None:
    link = tmp_path / "by-id-usb-EPSON_TM-T82-if00"
    with (
        VirtualPrinter.on_pty(link) as printer,
        printing_shop(tmp_path, profile_for(f"serial:{link}?baud=115200&flow=rtscts")) as till,
    ):
        first_port = os.readlink(link)
        job = till.sell(TEA)
        till.watch.wait_for(job, "done")
        printer.unplug()
        till.watch.wait_for_code("printer_missing")
        other = os.openpty()  # takes the number that has become free
        try:
            printer.replug()
            assert os.readlink(link) != first_port
            job = till.sell(SOAP)
            till.watch.wait_for(job, "done")
            assert len(printer.papers) == 2
        finally:
            for end in other:
                os.close(end)


# --- flow ---------------------------------------------------------------------------------------------------------------


def test_a_full_buffer_lets_the_deadline_fire_and_the_paper_goes_on_where_it_stopped(
    printer: VirtualPrinter, till: PrintingShop
) -> None:
    printer.set_fault(Fault.STOP_READING, after_bytes=6_000)
    job = big_paper(till)
    till.watch.wait_for(job, "waiting")
    till.watch.wait_for_code("printer_stalled")
    sold = till.shop.sell(SOAP)
    assert sold.transaction.header.receipt_number, "the till goes on selling meanwhile"
    printer.clear_faults()
    till.watch.wait_for(job, "done")
    till.watch.wait_for(job + 1, "done")
    assert len(printer.papers) == 2


@pytest.mark.parametrize("flow", ["xonxoff", "none"])
def test_xoff_lets_the_deadline_fire_and_xon_lets_the_paper_go_on(tmp_path: Path, flow: str) -> None:
    """Whether the line's driver obeys it or hands it on to us."""
    with VirtualPrinter.on_pty() as printer:
        profile = profile_for(f"serial:{printer.port}?baud=115200&flow={flow}")
        with printing_shop(tmp_path, profile) as till:
            till.watch.wait_for_code("")
            printer.set_fault(Fault.XOFF, after_bytes=6_000)
            job = big_paper(till)
            till.watch.wait_for(job, "waiting")
            printer.clear_faults()
            till.watch.wait_for(job, "done")
            assert len(printer.papers) == 1
            assert printer.complaints == ()


def big_paper(till: PrintingShop) -> int:
    """More than all buffers on the way hold; it opens no drawer."""
    from app.domain.receipt import Band, Cut, ReceiptDocument
    from app.service.ports import PrintRequest

    document = ReceiptDocument((*[Band("滿", size=2)] * 60, Cut()), "zh_TW", "test")
    with till.shop.store.begin() as work:
        job = work.enqueue_print(PrintRequest("test", document), created_at=till.shop.clock.now_ms())
        work.commit()
    till.spool.wake()
    return job


def test_a_slow_line_prints_and_the_sale_does_not_wait_for_it(tmp_path: Path) -> None:
    with (
        VirtualPrinter.on_pty(baud=115200) as printer,
        printing_shop(tmp_path, profile_for(printer.address)) as till,
    ):
        job = till.sell(TEA)
        till.watch.wait_for(job, "sending")
        till.shop.sell(SOAP)
        assert "done" not in till.states(), "both sales are safe before the first paper is out"
        till.spool.wake()
        till.watch.wait_for(job + 1, "done")
        assert len(printer.papers) == 2


@pytest.mark.parametrize("style", [ReplyStyle.BYTEWISE, ReplyStyle.MERGED])
@pytest.mark.parametrize("fence", [Fence.GS_H, Fence.GS_R])
def test_status_bytes_split_and_merged_are_told_apart(
    printer: VirtualPrinter, tmp_path: Path, style: ReplyStyle, fence: Fence
) -> None:
    printer.set_reply_style(style)
    with printing_shop(tmp_path, profile_for(printer.address, fence=fence)) as till:
        for _ in range(3):
            job = till.sell(SOAP)
            till.watch.wait_for(job, "done")
        printer.set_fault(Fault.PAPER_OUT, after_rows=50)
        job = till.sell(SOAP)
        till.watch.wait_for(job, "waiting")
        printer.clear_faults()
        till.watch.wait_for(job, "done")
    assert len(printer.papers) == 4


# --- the till goes down ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "state"),
    [(Fault.STOP_READING, "sending"), (Fault.PAPER_OUT, "awaiting"), (Fault.PAPER_OUT, "waiting")],
)
def test_a_till_killed_in_the_midst_of_a_paper_asks_and_prints_no_duplicate(
    printer: VirtualPrinter, tmp_path: Path, fault: Fault, state: str
) -> None:
    printer.set_fault(fault, **({"after_bytes": 5_000} if state == "sending" else {"after_rows": 100}))
    kill_when(state, tmp_path, printer.address)
    with printing_shop(tmp_path, profile_for(printer.address), is_started=False) as till:
        (question,) = till.desk.questions()
        assert question.why_key == "devices.why.interrupted"
        till.spool.start()
        if fault is Fault.PAPER_OUT:
            till.watch.wait_for_code("printer_paper_out")
        printer.clear_faults()
        till.watch.wait_for_code("")
        kicks, before = len(printer.kicks), receipts(printer)
        if fault is Fault.PAPER_OUT:
            assert before == 0, "what lay in the printer was cleared before the roll came"
        job = till.sell(SOAP)
        till.watch.wait_for(job, "done")
        assert till.states() == ["unknown", "done"]
        assert receipts(printer) == before + 1, "only the new one"
        till.desk.answer(question.job_id, False)
        till.watch.wait_for(job + 1, "done")
        assert till.states() == ["cancelled", "done", "done"]
        assert till.column("SELECT copy_number FROM print_job ORDER BY id") == [0, 0, 1], "marked as a copy"
        assert len(printer.kicks) == kicks + 1, "for the new sale, and never for the copy"


def receipts(printer: VirtualPrinter) -> int:
    """Papers that came out whole: with their code and their cut."""
    return sum(
        bool(zxingcpp.read_barcodes(paper.image.convert("L")))
        for paper in printer.papers
        if paper.cut != "torn"
    )


def kill_when(state: str, folder: Path, address: str) -> None:
    """Run a till in a process of its own and kill it the moment its paper is in this state."""
    command = [sys.executable, "-m", "tests.devices.printer.killed_till", str(folder), address, "gs_h"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        said: list[str] = []
        while not said or said[-1] != state:
            line = process.stdout.readline()
            assert line, f"it ended by itself after {said}"
            said.append(line.strip())
    finally:
        process.kill()
        process.wait(PATIENCE_SECONDS)
        process.stdout.close()


def test_a_till_that_is_closed_while_a_paper_waits_for_its_roll_asks_afterwards(
    printer: VirtualPrinter, tmp_path: Path
) -> None:
    with printing_shop(tmp_path, profile_for(printer.address)) as till:
        printer.set_fault(Fault.PAPER_OUT, after_rows=100)
        job = till.sell(TEA)
        till.watch.wait_for(job, "waiting")
    with printing_shop(tmp_path, profile_for(printer.address), is_started=False) as till:
        assert [question.job_id for question in till.desk.questions()] == [job]


# --- two programs ---------------------------------------------------------------------------------------------------------


def test_two_programs_on_one_port_are_told_apart_and_nothing_is_mixed(tmp_path: Path) -> None:
    with VirtualPrinter.on_pty() as printer:
        other = open_transport(printer.address)
        other.open()
        with printing_shop(tmp_path, profile_for(printer.address)) as till:
            job = till.sell(TEA)
            till.watch.wait_for(job, "held")
            till.watch.wait_for_code("printer_busy")
            assert printer.received_bytes == 0
            other.close()
            till.watch.wait_for(job, "done")
        assert len(printer.papers) == 1


# --- the disk -------------------------------------------------------------------------------------------------------------


@pytest.mark.logs_warnings
def test_a_full_disk_while_queuing_leaves_no_half_sale_and_no_paper(
    printer: VirtualPrinter, till: PrintingShop
) -> None:
    """SQLite's own limit on the file's size says what a full disk says."""
    engines = till.shop.store.engines
    (pages,) = engines.writer.execute("PRAGMA page_count").fetchone()
    (limit,) = engines.writer.execute("PRAGMA max_page_count").fetchone()
    engines.writer.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(Unavailable, match="disk_full"):
        sell_for_ever(till)
    engines.writer.execute(f"PRAGMA max_page_count = {limit}")
    (sold,) = till.column("SELECT count(*) FROM transaction_header")
    till.spool.wake()
    if sold:
        till.watch.wait_for(sold, "done")
    assert till.column("SELECT count(*) FROM print_job") == [sold]
    assert len(printer.papers) == sold


def sell_for_ever(till: PrintingShop) -> None:
    while True:
        till.shop.sell(TEA)


# --- the drawer -----------------------------------------------------------------------------------------------------------


def test_the_drawer_opens_at_once_though_the_paper_is_out(
    printer: VirtualPrinter, till: PrintingShop
) -> None:
    printer.set_fault(Fault.PAPER_OUT)
    job = till.sell(TEA)
    till.watch.wait_for(job, "held")
    assert [kick.is_real_time for kick in printer.kicks] == [True]
    printer.clear_faults()
    till.watch.wait_for(job, "done")
    assert len(printer.kicks) == 1, "not again with the paper"
    assert till.audited("drawer_kicked") == 1


def test_the_drawer_does_not_wait_for_a_paper_under_way(printer: VirtualPrinter, till: PrintingShop) -> None:
    printer.set_fault(Fault.PAPER_OUT, after_rows=100)
    first = till.sell(TEA)
    till.watch.wait_for(first, "waiting")
    till.sell(SOAP)
    assert printer.wait_until(lambda: len(printer.kicks) == 2, PATIENCE_SECONDS)
    printer.clear_faults()
    till.watch.wait_for(first + 1, "done")
    assert [paper.cut for paper in printer.papers] == ["partial"] * 2, "and it tore no paper apart"
    assert len(printer.kicks) == 2


def test_that_the_drawer_was_kicked_is_on_disk_before_the_pulse_leaves(
    printer: VirtualPrinter, tmp_path: Path
) -> None:
    with printing_shop(tmp_path, profile_for(printer.address), is_started=False) as till:
        kick = ReceiptPrinter.kick
        seen: list[object] = []

        class Witness(ReceiptPrinter):
            def kick(self) -> None:
                seen.extend(till.column("SELECT has_kicked FROM print_job"))
                kick(self)

        till.spool.use(lambda: Witness(profile_for(printer.address), timing=QUICK))
        till.shop.sell(TEA)
        till.spool.run_once()
        assert seen == [1]


def test_a_pulse_that_could_only_come_later_is_not_given_and_somebody_is_told(
    printer: VirtualPrinter, tmp_path: Path
) -> None:
    """Without the real-time pulse it would wait for the roll, and the drawer would spring open under nobody's eyes."""
    with printing_shop(tmp_path, profile_for(printer.address, kicks_at_once=False)) as till:
        printer.set_fault(Fault.PAPER_OUT)
        job = till.sell(TEA)
        till.watch.wait_for_shut_drawer()
        assert till.watch.shut == ["printer_paper_out"]
        printer.clear_faults()
        till.watch.wait_for(job, "done")
        assert printer.kicks == ()
        assert (till.audited("drawer_kicked"), till.audited("drawer_failed")) == (1, 1)


def test_a_drawer_of_a_sale_from_before_the_restart_stays_shut(
    printer: VirtualPrinter, tmp_path: Path
) -> None:
    with printing_shop(tmp_path, profile_for(printer.address), is_started=False) as till:
        till.shop.sell(TEA)
    with printing_shop(tmp_path, profile_for(printer.address)) as till:
        till.watch.wait_for(1, "done")
        assert printer.kicks == ()
        assert till.audited("drawer_late") == 1


def test_a_no_sale_opens_the_drawer_once_and_is_audited(printer: VirtualPrinter, till: PrintingShop) -> None:
    from app.domain.transaction import TransactionKind
    from app.service.control import ControlDesk

    shop = till.shop
    control = ControlDesk(shop.store, shop.session, shop.clock, shop.ids, till.spool)
    done = control.no_sale(control.reasons(TransactionKind.NO_SALE)[0])
    till.watch.wait_for(1, "done")
    assert len(printer.kicks) == 1
    assert till.audited("drawer_kicked") == 1
    events: list[AuditEvent] = list(shop.store.journal.audit_of_shift(done.header.shift_id))
    assert [event.details["paper"] for event in events if event.kind == "drawer_kicked"] == ["slip"]


def test_a_stuck_drawer_is_kicked_once_all_the_same(printer: VirtualPrinter, till: PrintingShop) -> None:
    printer.drawer.stick()
    job = till.sell(TEA)
    till.watch.wait_for(job, "done")
    assert len(printer.kicks) == 1
    assert not printer.drawer.is_open
