"""The parser of the virtual printer by itself: lengths, pieces, and bytes that nobody should send."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.profile import PAPER_80MM
from devices.render.escpos import render_escpos
from devices.virtual.escpos import UNKNOWN, CommandStream, commands
from devices.virtual.head import Head
from devices.virtual.paper import Paper
from devices.virtual.real_time import RealTimeScanner
from devices.virtual.rom import Rom
from tests.devices.sample import short_receipt
from tests.devices.virtual.print_on import carry_out

leads = st.sampled_from(
    [
        b"\x1b",
        b"\x1d",
        b"\x1c",
        b"\x10",
        b"\x1d(k\x03\x00",
        b"\x1dk",
        b"\x1b*",
        b"\x1dv0",
        b"\x1d(L\x0a\x00",
        b"\n",
    ]
)
streams = st.lists(st.one_of(leads, st.binary(max_size=12)), max_size=20).map(b"".join)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"\x1b@", "ESC @"),
        (b"\x1b!\x30", "ESC !"),
        (b"\x1b$\x10\x00", "ESC $"),
        (b"\x1b*\x21\x02\x00" + bytes(6), "ESC *"),
        (b"\x1b*\x00\x02\x00" + bytes(2), "ESC *"),
        (b"\x1bD\x08\x10\x00", "ESC D"),
        (b"\x1bc5\x01", "ESC c"),
        (b"\x1b&\x03AA\x02" + bytes(6), "ESC &"),
        (b"\x1bp\x00\x32\xfa", "ESC p"),
        (b"\x1b(A\x02\x00ab", "ESC ( A"),
        (b"\x1c&", "FS &"),
        (b"\x1c!\x0c", "FS !"),
        (b"\x1cS\x00\x00", "FS S"),
        (b"\x1c(C\x02\x00\x30\x02", "FS ( C"),
        (b"\x1cq\x01\x01\x00\x01\x00" + bytes(8), "FS q"),
        (b"\x1d!\x11", "GS !"),
        (b"\x1d*\x01\x01" + bytes(8), "GS *"),
        (b"\x1d(k\x03\x00\x31\x51\x30", "GS ( k"),
        (b"\x1d8L\x04\x00\x00\x00" + bytes(4), "GS 8"),
        (b"\x1dV\x00", "GS V"),
        (b"\x1dVB\x00", "GS V"),
        (b"\x1dk\x02471008841234\x00", "GS k"),
        (b"\x1dkI\x03{Ba", "GS k"),
        (b"\x1dr\x01", "GS r"),
        (b"\x1da\xff", "GS a"),
        (b"\x1dI\x43", "GS I"),
        (b"\x1dv0\x00\x02\x00\x02\x00" + bytes(4), "GS v"),
        (b"\x10\x04\x01", "DLE EOT"),
        (b"\x10\x05\x02", "DLE ENQ"),
        (b"\x10\x14\x01\x00\x01", "DLE DC4"),
    ],
)
def test_each_command_has_the_length_that_the_reference_gives_it(data: bytes, name: str) -> None:
    after = b"\x1bE\x01"
    assert [(one.name, one.data) for one in commands(data + after)] == [(name, data), ("ESC E", after)]
    # While it is not all there it is not a command yet.
    for end in range(1, len(data)):
        stream = CommandStream()
        stream.feed(data[:end])
        assert stream.next() is None


@given(streams)
def test_no_byte_is_lost_or_made_up(data: bytes) -> None:
    found = commands(data)
    assert b"".join(one.data for one in found) == data
    assert all(one.data == data[one.offset : one.offset + len(one.data)] for one in found)


@given(streams, st.lists(st.integers(1, 40), max_size=20))
@settings(max_examples=60)
def test_it_does_not_matter_in_which_pieces_bytes_come(data: bytes, sizes: list[int]) -> None:
    stream, found, rest = CommandStream(), [], data
    for size in (*sizes, len(data)):
        stream.feed(rest[:size])
        found += list(stream)
        rest = rest[size:]
    assert (*found, *stream.rest()) == commands(data)


@given(streams)
@settings(max_examples=200)
def test_the_head_survives_anything(data: bytes) -> None:
    head = Head(PAPER_80MM.dots, Rom("cp950"))
    for command in commands(data):
        carry_out(head, command)
    paper = Paper(head.dots, head.take_strips()[:50], ())
    assert paper.image.width == head.dots
    unknown = [one.offset for one in commands(data) if one.name == UNKNOWN]
    assert [one.offset for one in head.complaints if one.reason == "unknown command"] == unknown


@given(
    st.lists(
        st.sampled_from(
            [b"\x10\x04\x01", b"\x10\x14\x01\x00\x01", b"\x10", b"\x04", b"\x14", b"a", b"\x10\x05\x02"]
        )
    )
)
def test_a_request_in_pieces_is_answered_once(parts: list[bytes]) -> None:
    data = b"".join(parts)
    whole = [request for _, request in RealTimeScanner().feed(data) if request]
    scanner = RealTimeScanner()
    bytewise = [piece for byte in data for piece in scanner.feed(bytes((byte,)))]
    assert [request for _, request in bytewise if request] == whole
    assert b"".join(piece for piece, _ in bytewise) == data


def test_a_real_receipt_holds_only_known_commands() -> None:
    names = {one.name for one in commands(render_escpos(short_receipt("zh_TW")))}
    assert UNKNOWN not in names
    assert {"ESC @", "GS P", "ESC p", "GS v", "ESC J", "GS V"} <= names
