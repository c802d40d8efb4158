"""A code is whole or it is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.scanner.framing import IDLE_MS, LENGTH_MAX, FrameFault, Framer

EAN = "4710088412348"


def texts(framer: Framer, data: bytes, at: int = 1_000) -> list[str]:
    return [frame.text for frame in framer.feed(data, at) if frame.fault is None]


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\t", "\x03"])
def test_a_code_ends_with_any_usual_end(end: str) -> None:
    framer = Framer()
    assert texts(framer, f"{EAN}{end}{EAN}{end}".encode()) == [EAN, EAN]
    assert not framer.is_waiting


def test_bytes_that_come_one_by_one_are_one_code() -> None:
    framer = Framer()
    found = [
        text
        for place, byte in enumerate(f"{EAN}\r".encode())
        for text in texts(framer, bytes((byte,)), place * 50)
    ]
    assert found == [EAN]


def test_a_code_without_an_end_is_complete_after_a_silence() -> None:
    framer = Framer()
    assert framer.feed(EAN.encode(), 1_000) == []
    assert framer.tick(1_000 + IDLE_MS - 1) == []
    (frame,) = framer.tick(1_000 + IDLE_MS)
    assert (frame.text, frame.fault, frame.at) == (EAN, None, 1_000)


def test_a_scanner_that_sends_ends_never_gives_half_a_code() -> None:
    framer = Framer()
    framer.feed(f"{EAN}\r".encode(), 0)
    framer.feed(b"47100884", 1_000)
    (head,) = framer.tick(1_000 + IDLE_MS)
    assert head.fault is FrameFault.CUT_OFF
    (tail,) = framer.feed(b"12348\r", 1_300)
    assert tail.fault is FrameFault.CUT_OFF, "the other half is none either"
    assert texts(framer, f"{EAN}\r".encode(), 1_400) == [EAN]


def test_a_tail_that_never_comes_spoils_no_later_code() -> None:
    framer = Framer(has_end=True)
    framer.feed(b"47100884", 1_000)
    framer.tick(1_200)
    assert texts(framer, f"{EAN}\r".encode(), 3_000) == [EAN]


def test_what_never_ends_is_refused_and_the_next_code_is_read() -> None:
    framer = Framer()
    assert framer.feed(b"7" * (LENGTH_MAX + 500), 1_000) == []
    (frame,) = framer.feed(b"\r", 1_010)
    assert frame.fault is FrameFault.TOO_LONG
    assert texts(framer, f"{EAN}\r".encode(), 1_020) == [EAN]


def test_prefix_suffix_and_start_byte_are_taken_off() -> None:
    framer = Framer(prefix="~", suffix="#")
    assert texts(framer, f"\x02~{EAN}#\r".encode()) == [EAN]


def test_chinese_is_read_in_whichever_writing_it_comes() -> None:
    for codec in ("utf-8", "cp950"):
        assert texts(Framer(), "會員卡".encode(codec) + b"\r") == ["會員卡"]


def test_a_group_separator_stays_within_its_code() -> None:
    assert texts(Framer(), b"]C110A\x1d21B\r") == ["]C110A\x1d21B"]


@given(
    st.lists(st.text("0123456789ABC/+-.:", min_size=1, max_size=20), max_size=8),
    st.sampled_from(["\r", "\n", "\r\n", "\t"]),
    st.integers(1, 7),
)
def test_however_the_bytes_are_cut_the_codes_are_the_same(codes: list[str], end: str, piece: int) -> None:
    stream = "".join(code + end for code in codes).encode()
    framer = Framer()
    found = [
        text
        for start in range(0, len(stream), piece)
        for text in texts(framer, stream[start : start + piece], start)
    ]
    assert found == codes


@given(st.binary(max_size=200), st.integers(0, 300))
def test_no_noise_breaks_the_line(noise: bytes, gap: int) -> None:
    framer = Framer()
    framer.feed(noise, 0)
    framer.tick(gap)
    framer.feed(b"\r", gap + 5_000)
    assert EAN in texts(framer, f"\r{EAN}\r".encode(), gap + 10_000)
