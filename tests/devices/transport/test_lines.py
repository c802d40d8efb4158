"""Lines over real pseudo-terminals, sockets, folders and a real ``lp`` made of a shell script."""

from __future__ import annotations

import os
import socket
import tty
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import usb.core

from devices.transport.address import open_transport
from devices.transport.candidates import candidates
from devices.transport.cups import CupsTransport, queues
from devices.transport.folder import FolderTransport
from devices.transport.memory import MemoryTransport
from devices.transport.port import Disconnected, Transport
from devices.transport.reason import reason_of
from devices.transport.serial_port import SerialSettings, SerialTransport
from devices.transport.tcp import TcpTransport
from devices.transport.usb_printer import UsbTransport
from devices.transport.winspool import WinspoolTransport

READ_SECONDS = 10.0


@contextmanager
def terminal() -> Iterator[tuple[int, str]]:
    """The device's end and the port's path."""
    device, port = os.openpty()
    tty.setraw(port)
    try:
        yield device, os.ttyname(port)
    finally:
        for end in (device, port):
            with suppress(OSError):  # the test has pulled it out already
                os.close(end)


@contextmanager
def opened(line: Transport) -> Iterator[Transport]:
    line.open()
    try:
        yield line
    finally:
        line.close()


# --- serial -------------------------------------------------------------------------------------------------------------


def test_a_serial_line_carries_every_byte_both_ways() -> None:
    data = bytes(range(256))
    with (
        terminal() as (device, port),
        opened(open_transport(f"serial:{port}?baud=115200&flow=rtscts")) as line,
    ):
        assert line.write(data, 1.0) == 256
        assert os.read(device, 1000) == data
        os.write(device, data)
        assert line.read(256, READ_SECONDS) == data
        assert line.read(256, 0.0) == b""


def test_what_a_full_line_took_is_counted_and_the_rest_can_follow() -> None:
    data = bytes(200_000)
    with terminal() as (device, port), opened(open_transport(f"serial:{port}")) as line:
        sent = line.write(data, 0.05)
        assert 0 < sent < len(data)
        os.set_blocking(device, False)
        assert len(drained(device)) == sent, "the count is what the other end has"
        assert line.write(b"more", 1.0) == 4
        assert drained(device) == b"more"


def drained(device: int) -> bytes:
    found = b""
    while True:
        try:
            found += os.read(device, 65_536)
        except BlockingIOError:
            return found


def test_a_cable_that_is_pulled_is_told_at_the_next_word() -> None:
    for is_reading in (True, False):
        with terminal() as (device, port), opened(open_transport(f"serial:{port}")) as line:
            os.close(device)
            with pytest.raises(Disconnected) as gone:
                line.read(1, READ_SECONDS) if is_reading else line.write(b"x" * 10, READ_SECONDS)
            assert (gone.value.reason, gone.value.sent) == ("gone", 0)
            assert not line.is_open


def test_a_port_that_another_program_holds_is_busy() -> None:
    with terminal() as (_, port), opened(open_transport(f"serial:{port}")):
        with pytest.raises(Disconnected) as busy:
            open_transport(f"serial:{port}").open()
        assert busy.value.reason == "busy"


def test_a_port_that_is_not_there_is_missing_and_a_file_is_no_port(tmp_path: Path) -> None:
    with pytest.raises(Disconnected) as missing:
        open_transport(f"serial:{tmp_path}/nothing").open()
    assert missing.value.reason == "missing"
    (tmp_path / "file").touch()
    with pytest.raises(Disconnected) as wrong:
        open_transport(f"serial:{tmp_path}/file").open()
    assert wrong.value.reason in ("unsupported", "gone")


def test_a_port_is_looked_up_by_its_lasting_name_at_every_opening() -> None:
    with terminal() as (_, first), terminal() as (device, second):
        ports = [first, second]
        line = SerialTransport(
            "serial:067b:2303:A", "067b:2303:A", SerialSettings(), find=lambda _: ports.pop(0)
        )
        line.open()
        line.close()
        line.open()
        line.write(b"hello", 1.0)
        assert os.read(device, 100) == b"hello"
        line.close()


def test_a_lasting_name_that_nothing_has_is_missing() -> None:
    with pytest.raises(Disconnected) as missing:
        open_transport("serial:ffff:fffe:nobody").open()
    assert missing.value.reason == "missing"


# --- TCP ----------------------------------------------------------------------------------------------------------------


@contextmanager
def listening() -> Iterator[tuple[socket.socket, str]]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server, f"tcp://127.0.0.1:{server.getsockname()[1]}"


def test_a_network_line_carries_every_byte_both_ways_and_ends_politely() -> None:
    with listening() as (server, address), opened(open_transport(address)) as line:
        caller, _ = server.accept()
        with caller:
            line.write(b"receipt", 1.0)
            assert caller.recv(100) == b"receipt"
            caller.sendall(b"\x16")
            assert line.read(10, READ_SECONDS) == b"\x16"
            caller.sendall(b"unread")
            line.write(b"last", 1.0)
            line.close()
            assert caller.recv(100) == b"last", "an unread answer takes nothing away from what was sent"


def test_what_a_printer_that_stopped_reading_took_is_counted() -> None:
    with listening() as (server, address), opened(open_transport(address)) as line:
        caller, _ = server.accept()
        with caller:
            data = bytes(20_000_000)
            assert 0 < line.write(data, 0.05) < len(data)
            assert line.is_open


def test_a_printer_that_hangs_up_is_gone() -> None:
    with listening() as (server, address), opened(open_transport(address)) as line:
        server.accept()[0].close()
        with pytest.raises(Disconnected) as gone:
            line.read(1, READ_SECONDS)
        assert gone.value.reason == "gone"
        with pytest.raises(Disconnected):
            line.write(b"x", 1.0)


def test_nobody_at_the_address_is_told_by_its_reason() -> None:
    with listening() as (_, address):
        pass
    with pytest.raises(Disconnected) as refused:
        open_transport(address).open()
    assert refused.value.reason == "refused"
    with pytest.raises(Disconnected) as missing:
        TcpTransport("no-such-printer.invalid", 9100).open(timeout=5.0)
    assert missing.value.reason == "missing"


# --- queues, folders, memory --------------------------------------------------------------------------------------------


@pytest.fixture
def spooler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An ``lp`` and an ``lpstat`` in front of the path: a queue that keeps its jobs in a folder."""
    script(tmp_path / "lpstat", 'printf "Receipts\\nOffice\\n"')
    script(tmp_path / "lp", f'printf "%s " "$@" > {tmp_path}/arguments; cat > {tmp_path}/job')
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    return tmp_path


def script(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_a_queue_gets_the_bytes_raw_as_one_job(spooler: Path) -> None:
    assert queues() == ("Receipts", "Office")
    with opened(CupsTransport("Receipts")) as line:
        assert line.write(b"\x1b@\x00\xff", 10.0) == 4
    assert (spooler / "job").read_bytes() == b"\x1b@\x00\xff"
    assert (spooler / "arguments").read_text().split() == ["-s", "-d", "Receipts", "-o", "raw", "--", "-"]


def test_a_queue_that_is_not_there_or_takes_nothing_says_so(spooler: Path) -> None:
    for name in ("Kitchen", "-o"):
        with pytest.raises(Disconnected) as missing:
            CupsTransport(name).open()
        assert missing.value.reason == "missing"
    script(spooler / "lp", "exit 1")
    with opened(CupsTransport("Receipts")) as line, pytest.raises(Disconnected) as refused:
        line.write(b"x", 10.0)
    assert (refused.value.reason, refused.value.sent) == ("refused", 0)


def test_a_queue_that_does_not_come_back_may_have_taken_the_job(spooler: Path) -> None:
    script(spooler / "lp", "exec sleep 60")
    with opened(CupsTransport("Receipts")) as line, pytest.raises(Disconnected) as timeout:
        line.write(b"x", 0.2)
    assert timeout.value.reason == "timeout"
    assert timeout.value.sent > 0


def test_a_folder_gets_one_whole_file_for_each_paper(tmp_path: Path) -> None:
    for expected in (["paper-000001.escpos", "paper-000002.escpos"], ["paper-000003.escpos"]):
        with opened(FolderTransport(tmp_path / "papers")) as line:
            for name in expected:
                line.write(name.encode(), 1.0)
    assert [path.read_bytes().decode() for path in sorted((tmp_path / "papers").iterdir())] == [
        "paper-000001.escpos", "paper-000002.escpos", "paper-000003.escpos",
    ]  # fmt: skip


def test_a_folder_that_cannot_be_one_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Disconnected):
        FolderTransport(tmp_path / "file" / "papers").open()


def test_memory_breaks_where_it_is_told_to() -> None:
    line = MemoryTransport(answer=lambda data: data[:1])
    line.open()
    line.breaks_after = 6
    assert line.write(b"abcd", 1.0) == 4
    assert line.read(10, 0.0) == b"a"
    with pytest.raises(Disconnected) as gone:
        line.write(b"efgh", 1.0)
    assert (gone.value.sent, bytes(line.written)) == (2, b"abcdef")


def test_the_windows_spooler_is_unsupported_elsewhere() -> None:
    with pytest.raises(Disconnected) as unsupported:
        WinspoolTransport("EPSON").open()
    assert unsupported.value.reason == "unsupported"


# --- USB, with a device made of Python ------------------------------------------------------------------------------------


class Endpoint:
    def __init__(self, address: int, room: int = 10**6) -> None:
        self.bEndpointAddress = address
        self.wMaxPacketSize = 64
        self.room = room
        self.packets: list[bytes] = []
        self.answers: list[bytes] = []

    def write(self, packet: bytes, timeout: int) -> int:
        if self.room < len(packet):
            raise usb.core.USBTimeoutError("timeout", errno=110)
        self.room -= len(packet)
        self.packets.append(bytes(packet))
        return len(packet)

    def read(self, size: int, timeout: int) -> bytes:
        if not self.answers:
            raise usb.core.USBTimeoutError("timeout", errno=110)
        return self.answers.pop(0)


def test_a_usb_printer_takes_whole_packets_and_what_it_did_not_take_follows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    line, out, back = usb_line(monkeypatch, room=130)
    with opened(line):
        assert line.write(bytes(200), 0.3) == 128
        out.room = 1000
        assert line.write(bytes(72), 1.0) == 72
        back.answers = [b"\x16"]
        assert line.read(1, 0.1) == b"\x16"
        assert line.read(1, 0.01) == b""
    assert [len(packet) for packet in out.packets] == [64, 64, 64, 8]


def test_a_usb_printer_that_is_unplugged_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    line, out, _ = usb_line(monkeypatch)

    def unplugged(packet: bytes, timeout: int) -> int:
        raise usb.core.USBError("no such device", errno=19)

    with opened(line):
        out.write = unplugged  # type: ignore[method-assign]
        with pytest.raises(Disconnected) as gone:
            line.write(b"x", 1.0)
        assert gone.value.reason == "missing"
        assert not line.is_open


def usb_line(monkeypatch: pytest.MonkeyPatch, room: int = 10**6) -> tuple[UsbTransport, Endpoint, Endpoint]:
    out, back = Endpoint(0x01, room), Endpoint(0x82)

    class Interface(list[Endpoint]):
        def __init__(self, *endpoints: Endpoint) -> None:
            super().__init__(endpoints)
            self.bInterfaceNumber, self.bInterfaceClass = 0, 7

    class Device(list[list[Interface]]):
        def is_kernel_driver_active(self, number: int) -> bool:
            return False

    device = Device([[Interface(out, back)]])
    for name in ("claim_interface", "release_interface", "dispose_resources"):
        monkeypatch.setattr(f"usb.util.{name}", lambda *_: None)
    return UsbTransport(0x04B8, 0x0E15, find=lambda *_: device), out, back


def test_a_usb_printer_that_is_not_there_is_missing() -> None:
    with pytest.raises(Disconnected) as missing:
        UsbTransport(0x04B8, 0x0E15, find=lambda *_: None).open()
    assert missing.value.reason == "missing"


# --- what is connected --------------------------------------------------------------------------------------------------


def test_a_port_is_offered_by_the_name_that_outlives_replugging(tmp_path: Path, spooler: Path) -> None:
    with terminal() as (_, port):
        by_id = tmp_path / "by-id"
        by_id.mkdir()
        (by_id / "usb-EPSON_TM-T82-if00").symlink_to(port)
        found = {one.address: one for one in candidates(by_id)}
    assert f"serial:{by_id}/usb-EPSON_TM-T82-if00" in found
    assert f"serial:{port}" not in found
    assert found["cups:Receipts"].kind == "system"


def test_every_reason_is_one_of_the_contracts() -> None:
    known = {"missing", "busy", "refused", "gone", "timeout", "denied", "unsupported"}
    assert {reason_of(OSError(number, "")) for number in range(200)} <= known
