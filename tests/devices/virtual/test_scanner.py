from __future__ import annotations

import pytest

from devices.virtual.scanner import VirtualScanner
from tests.devices.virtual.till import open_till

MILK = "4710088412348"


@pytest.mark.parametrize("suffix", [b"\r", b"\n", b"\r\n", b""])
def test_a_code_is_framed_as_it_was_set_up(suffix: bytes) -> None:
    with VirtualScanner.on_pty(suffix=suffix) as scanner, open_till(scanner.address) as till:
        scanner.scan(MILK)
        assert till.read(13 + len(suffix)) == MILK.encode() + suffix


def test_the_kind_of_code_goes_before_it() -> None:
    with (
        VirtualScanner.on_pty(prefix=b"\x02", sends_aim_id=True) as scanner,
        open_till(scanner.address) as till,
    ):
        scanner.scan("/ABC+123", "code39")
        scanner.scan("M1:ABCDEFGH:7K", "qr")
        assert till.read(13 + 19) == b"\x02]A0/ABC+123\r\x02]Q1M1:ABCDEFGH:7K\r"


def test_a_burst_comes_in_one_piece() -> None:
    with VirtualScanner.on_tcp() as scanner, open_till(scanner.address) as till:
        till.write(b"\x07")
        assert scanner.wait_until(lambda: scanner.received_bytes == 1)
        scanner.scan_all([MILK, "96385074", MILK])
        assert till.read(14 + 9 + 14) == b"4710088412348\r96385074\r4710088412348\r"
        assert len(scanner.sent) == 1
        assert scanner.heard == b"\x07"


def test_reads_go_wrong_in_the_ways_they_do() -> None:
    with VirtualScanner.on_pty() as scanner, open_till(scanner.address) as till:
        scanner.scan(MILK, times=2)
        scanner.scan(MILK, keep=7)
        scanner.scan(MILK, suffix=b"")
        assert till.read(14 + 14 + 8 + 13) == b"4710088412348\r4710088412348\r4710088\r4710088412348"


def test_a_slow_line_brings_one_byte_after_the_other() -> None:
    with VirtualScanner.on_pty(byte_gap_seconds=0.001) as scanner, open_till(scanner.address) as till:
        scanner.scan(MILK)
        assert scanner.wait_until_sent()
        assert till.read(14) == b"4710088412348\r"
        assert len(scanner.sent) == 14
