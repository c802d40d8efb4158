from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import nullcontext
from time import monotonic

import pytest
import serial
import zxingcpp
from PIL import Image

from devices.profile import PAPER_80MM
from devices.render.escpos import render_escpos
from devices.render.raster import render_image
from devices.virtual.printer import VirtualPrinter
from devices.virtual.replies import ReplyStyle
from devices.virtual.status import Fault
from tests.devices.sample import QR_DATA, receipt
from tests.devices.virtual.till import Till, open_till

FENCE_ANSWER = b"\x37\x22"
FENCE = b"\x1d(H\x06\x0000"
CUT = b"\x1dVB\x00"


@pytest.fixture(params=["pty", "tcp"])
def printer(request: pytest.FixtureRequest) -> Iterator[VirtualPrinter]:
    make = VirtualPrinter.on_pty if request.param == "pty" else VirtualPrinter.on_tcp
    with make() as printer:
        yield printer
        assert printer.complaints == ()


@pytest.fixture
def till(printer: VirtualPrinter) -> Iterator[Till]:
    with open_till(printer.address) as till:
        yield till


def test_a_receipt_comes_out_dot_for_dot_and_its_code_is_read(printer: VirtualPrinter, till: Till) -> None:
    document = receipt("zh_TW")
    till.write(render_escpos(document))
    assert printer.wait_for_papers(1)
    paper = printer.papers[0]
    assert paper.image.tobytes() == render_image(document, PAPER_80MM).tobytes()
    picture = Image.open(io.BytesIO(paper.png)).convert("L")
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [QR_DATA]
    assert [(kick.pin, kick.on_milliseconds) for kick in printer.kicks] == [(2, 100)]
    assert paper.cut == "partial"


def test_the_status_of_a_healthy_printer_is_asked_in_real_time(till: Till) -> None:
    assert [till.ask(b"\x10\x04" + bytes((kind,)), 1) for kind in (1, 2, 3, 4)] == [b"\x12"] * 4
    assert till.ask(b"\x1dr\x01", 1) == b"\x00"


@pytest.mark.parametrize(
    ("fault", "answers"),
    [
        (Fault.PAPER_NEAR_END, "12 12 12 1e"),
        (Fault.PAPER_OUT, "1a 32 12 7e"),
        (Fault.COVER_OPEN, "1a 16 12 12"),
        (Fault.CUTTER_ERROR, "1a 52 1a 12"),
        (Fault.OFFLINE, "1a 12 12 12"),
    ],
)
def test_each_fault_is_told_in_its_bits(
    printer: VirtualPrinter, till: Till, fault: Fault, answers: str
) -> None:
    printer.set_fault(fault)
    said = b"".join(till.ask(b"\x10\x04" + bytes((kind,)), 1) for kind in (1, 2, 3, 4))
    assert said == bytes.fromhex(answers)
    printer.clear_faults()
    assert till.ask(b"\x10\x04\x01", 1) == b"\x12"


def test_the_fence_is_answered_when_everything_before_it_is_printed(
    printer: VirtualPrinter, till: Till
) -> None:
    assert till.ask(b"\x1b@hello\n" + CUT + FENCE + b"0042", 7) == b"\x37\x220042\x00"
    assert [paper.text for paper in printer.papers] == ["hello\n"]


def test_without_paper_nothing_is_printed_or_fenced_until_a_roll_is_in(
    printer: VirtualPrinter, till: Till
) -> None:
    printer.set_fault(Fault.PAPER_OUT)
    till.write(b"\x1b@hello\n" + CUT + b"\x1dr\x01" + FENCE + b"0042")
    assert till.ask(b"\x10\x04\x04", 1) == b"\x7e"
    assert printer.papers == ()
    printer.clear_fault(Fault.PAPER_OUT)
    assert till.read(8) == b"\x00\x37\x220042\x00"
    assert len(printer.papers) == 1


def test_paper_that_ends_within_a_job_stops_it_there(printer: VirtualPrinter, till: Till) -> None:
    printer.set_fault(Fault.PAPER_OUT, after_rows=300)
    data = render_escpos(receipt("zh_TW"))
    till.write(data + FENCE + b"0001")
    assert printer.wait_for_bytes(len(data) + 11)
    assert till.ask(b"\x10\x04\x04", 1) == b"\x7e"
    assert 300 <= sum(strip.rows for strip in printer.strip.strips) < 300 + 128
    printer.clear_faults()
    assert till.read(7) == b"\x37\x220001\x00"
    assert printer.papers[0].image.tobytes() == render_image(receipt("zh_TW")).tobytes()


def test_a_mute_printer_prints_and_says_nothing(printer: VirtualPrinter, till: Till) -> None:
    printer.set_fault(Fault.MUTE)
    till.write(b"\x10\x04\x01\x1b@hello\n" + CUT + FENCE + b"0042")
    assert printer.wait_for_papers(1)
    assert printer.sent == ()


def test_the_automatic_status_says_what_changes(printer: VirtualPrinter, till: Till) -> None:
    assert till.ask(b"\x1da\xff", 4) == bytes.fromhex("10 00 00 00")
    printer.set_fault(Fault.COVER_OPEN)
    assert till.read(4) == bytes.fromhex("38 00 00 00")
    printer.clear_faults()
    assert till.read(4) == bytes.fromhex("10 00 00 00")
    printer.drawer.open_by_hand()
    assert till.read(4) == bytes.fromhex("14 00 00 00")


def test_a_drawer_that_sticks_stays_shut_and_one_opened_by_hand_is_seen(
    printer: VirtualPrinter, till: Till
) -> None:
    printer.drawer.stick()
    till.write(b"\x1bp\x00\x32\xfa\x1dr\x02")
    assert till.read(1) == b"\x00"
    assert len(printer.kicks) == 1
    assert not printer.drawer.is_open
    printer.drawer.stick(False)
    printer.drawer.open_by_hand()
    assert till.ask(b"\x10\x04\x01", 1) == b"\x16"


@pytest.mark.parametrize("style", ReplyStyle)
def test_answers_come_whole_in_pieces_or_run_together(
    printer: VirtualPrinter, till: Till, style: ReplyStyle
) -> None:
    printer.set_reply_style(style)
    said = till.ask(b"\x1da\xff\x10\x04\x01\x1dr\x01" + FENCE + b"0042", 4 + 1 + 1 + 7)
    assert sorted(said) == sorted(b"\x10\x00\x00\x00\x12\x00\x37\x220042\x00")
    assert len(printer.sent) == {"whole": 4, "bytewise": 13, "merged": 1}[style]


def test_after_the_power_was_off_the_fence_never_comes(printer: VirtualPrinter, till: Till) -> None:
    printer.set_fault(Fault.COVER_OPEN)
    till.write(b"\x1b@hello\n" + FENCE + b"0042")
    assert printer.wait_for_bytes(19)
    printer.power_cycle()
    printer.clear_faults()
    # A network printer's connection is gone with its power.
    again = open_till(printer.address) if printer.address.startswith("tcp") else nullcontext(till)
    with again as till:
        assert till.ask(b"\x10\x04\x01", 1) == b"\x12"
    assert FENCE_ANSWER not in b"".join(printer.sent)


def test_it_tells_what_it_is(till: Till) -> None:
    assert till.ask(b"\x1dI\x43", 9) == b"\x5fVIRTUAL\x00"


def test_an_unplugged_port_is_gone_and_comes_back_under_its_name() -> None:
    with VirtualPrinter.on_pty() as printer:
        with open_till(printer.address) as till:
            printer.unplug_after(1_000)
            with pytest.raises(OSError, match="Input/output"):
                till.write(bytes(200_000))
            with pytest.raises(serial.SerialException), open_till(printer.address):
                pass
        assert printer.received_bytes == 1_000
        printer.replug()
        with open_till(printer.address) as till:
            assert till.ask(b"\x10\x04\x01", 1) == b"\x12"


def test_an_unplugged_socket_is_reset_and_comes_back_on_its_port() -> None:
    with VirtualPrinter.on_tcp() as printer:
        with open_till(printer.address) as till:
            till.ask(b"\x10\x04\x01", 1)
            printer.unplug()
            with pytest.raises(ConnectionError):
                till.read(1)
            with pytest.raises(ConnectionError), open_till(printer.address):
                pass
        printer.replug()
        with open_till(printer.address) as till:
            assert till.ask(b"\x10\x04\x01", 1) == b"\x12"


@pytest.mark.parametrize("fault", [Fault.STOP_READING, Fault.XOFF])
def test_a_printer_that_takes_nothing_lets_the_line_fill_up(fault: Fault) -> None:
    with VirtualPrinter.on_pty() as printer, open_till(printer.address, timeout=0.05) as till:
        printer.set_fault(fault)
        with pytest.raises(serial.SerialTimeoutException):
            till.write(bytes(200_000))
        assert printer.received_bytes == 0
        assert printer.sent == ((b"\x13",) if fault is Fault.XOFF else ())
        printer.clear_fault(fault)
        assert printer.wait_until(lambda: printer.received_bytes > 0)
        assert printer.sent == ((b"\x13", b"\x11") if fault is Fault.XOFF else ())


def test_a_stopped_printer_takes_no_more_than_its_buffer() -> None:
    with VirtualPrinter.on_tcp(buffer_bytes=4_096) as printer, open_till(printer.address) as till:
        printer.set_fault(Fault.PAPER_OUT)
        till.write(b"a" * 10_000)
        assert printer.wait_for_bytes(4_096)
        assert printer.waiting_bytes == printer.received_bytes == 4_096
        printer.clear_faults()
        assert printer.wait_for_bytes(10_000)


@pytest.mark.parametrize("baud", [9_600, 115_200])
def test_bytes_come_no_faster_than_the_line(baud: int) -> None:
    with VirtualPrinter.on_pty(baud=baud) as printer, open_till(printer.address) as till:
        started = monotonic()
        till.write(bytes(baud // 100))
        assert printer.wait_for_bytes(baud // 100)
        assert printer.received_at - started >= 0.09


def test_commands_that_it_does_not_know_are_never_text() -> None:
    with VirtualPrinter.on_tcp() as printer, open_till(printer.address) as till:
        till.write(b"\x1b@\x1b\x7fhello\n\x07\x1d(z\x01\x00x" + CUT)
        assert printer.wait_for_papers(1)
        assert [(one.data, one.reason) for one in printer.complaints] == [
            (b"\x1b\x7f", "unknown command"),
            (b"\x07", "unknown command"),
            (b"\x1d(z\x01\x00x", "not supported"),
        ]
        assert printer.papers[0].text == "hello\n"


def test_dots_that_spell_a_drawer_pulse_open_it_unless_they_are_guarded() -> None:
    band = b"\x1dv0\x00\x05\x00\x01\x00\x10\x14\x01\x00\x01"
    with VirtualPrinter.on_tcp() as printer, open_till(printer.address) as till:
        till.ask(b"\x1b@\x1d(D\x03\x00\x14\x01\x00" + band + b"\x1dr\x01", 1)
        assert not printer.drawer.is_open
        till.ask(b"\x1b@" + band + b"\x1dr\x01", 1)
        assert [kick.is_real_time for kick in printer.kicks] == [True]


@pytest.mark.parametrize("size", [1, 3, 100])
def test_a_display_behind_the_printer_gets_what_is_meant_for_it(size: int) -> None:
    data = b"\x1b@one\n\x1b=\x02\x0cTOTAL NT$159\x1f\x24\x01\x02\x1b@\x0c" + b"CASH\x1b=\x01two\n" + CUT
    with VirtualPrinter.on_tcp() as printer, open_till(printer.address) as till:
        for start in range(0, len(data), size):
            till.write(data[start : start + size])
        assert printer.wait_for_papers(1)
        assert printer.papers[0].text == "one\ntwo\n"
        assert printer.display.lines == ("CASH                ", " " * 20)
        assert printer.complaints == ()
        assert printer.display.complaints == []
