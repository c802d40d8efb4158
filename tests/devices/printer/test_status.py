from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.printer.fence import NUMBERS, fence_bytes, fence_number, is_passed
from devices.printer.pieces import pieces
from devices.printer.status import (
    SILENT,
    Automatic,
    Demultiplexer,
    Finished,
    Flow,
    Paper,
    PrinterStatus,
    RealTime,
    Reply,
    Transmitted,
    of_automatic,
    with_real_time,
)
from devices.profile import Fence
from devices.render.escpos import render_escpos
from devices.virtual.escpos import commands
from devices.virtual.status import Condition, Fault
from tests.devices.sample import receipt

REPLIES: list[tuple[bytes, Reply]] = [
    (b"\x12", RealTime(0x12)),
    (b"\x1a", RealTime(0x1A)),
    (b"\x7e", RealTime(0x7E)),
    (b"\x00", Transmitted(0x00)),
    (b"\x0f", Transmitted(0x0F)),
    (b"\x14\x00\x00\x00", Automatic(b"\x14\x00\x00\x00")),
    (b"\x38\x08\x0f\x00", Automatic(b"\x38\x08\x0f\x00")),
    (b"\x37\x22@ABC\x00", Finished(b"@ABC")),
    (b"\x37\x22OOOO\x00", Finished(b"OOOO")),
    (b"\x11", Flow(is_stop=False)),
    (b"\x13", Flow(is_stop=True)),
]


@given(st.lists(st.sampled_from(REPLIES), max_size=30), st.data())
def test_replies_are_told_apart_however_the_line_splits_and_merges_them(
    said: list[tuple[bytes, Reply]], data: st.DataObject
) -> None:
    stream = b"".join(written for written, _ in said)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=10)))
    demultiplexer = Demultiplexer()
    heard: list[Reply] = []
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        heard += demultiplexer.feed(stream[start:end])
    assert heard == [reply for _, reply in said]
    assert not demultiplexer.is_inside


@given(
    st.sampled_from(REPLIES[5:9]), st.integers(0, 6), st.sampled_from([b"\x12", b"\x1e", b"\x11", b"\x13"])
)
def test_what_is_answered_at_once_may_come_in_the_midst_of_anything(
    block: tuple[bytes, Reply], place: int, urgent: bytes
) -> None:
    written, reply = block
    heard = Demultiplexer().feed(written[:place] + urgent + written[place:])
    assert reply in heard
    assert len(heard) == 2


@given(st.binary(max_size=200))
def test_noise_is_survived_and_the_next_answer_understood(noise: bytes) -> None:
    demultiplexer = Demultiplexer()
    demultiplexer.feed(noise)
    demultiplexer.forget()
    assert demultiplexer.feed(b"\x37\x22@@@A\x00") == (Finished(b"@@@A"),)


@pytest.mark.parametrize(
    ("faults", "code", "paper"),
    [
        ((), "", Paper.ENOUGH),
        ((Fault.PAPER_NEAR_END,), "", Paper.NEAR_END),
        ((Fault.PAPER_OUT,), "printer_paper_out", Paper.OUT),
        ((Fault.COVER_OPEN,), "printer_cover_open", Paper.ENOUGH),
        ((Fault.COVER_OPEN, Fault.PAPER_OUT), "printer_cover_open", Paper.OUT),
        ((Fault.CUTTER_ERROR,), "printer_cutter", Paper.ENOUGH),
        ((Fault.OFFLINE,), "printer_offline", Paper.ENOUGH),
    ],
)
def test_both_ways_of_telling_the_status_mean_the_same(
    faults: tuple[Fault, ...], code: str, paper: Paper
) -> None:
    condition = Condition(frozenset(faults), drawer_level=True)
    asked = PrinterStatus()
    for kind in (1, 4, 2, 3):
        asked = with_real_time(asked, kind, condition.real_time(kind)[0])
    told = of_automatic(condition.automatic())
    for status in (asked, told):
        assert (status.fault, status.paper, status.drawer_level) == (code, paper, True)
    assert asked.warning == ("printer_paper_low" if paper is Paper.NEAR_END else "")


def test_a_silent_printer_is_never_one_with_paper() -> None:
    assert SILENT.fault == "printer_silent"


# --- the fence ----------------------------------------------------------------------------------------------------------


@given(st.integers(0, 10**9))
def test_every_paper_has_a_number_that_no_status_byte_looks_like(job_id: int) -> None:
    number = fence_number(job_id)
    assert 0 < number < NUMBERS
    written = fence_bytes(Fence.GS_H, number)[-4:]
    assert Demultiplexer().feed(b"\x37\x22" + written + b"\x00") == (Finished(written),)
    assert is_passed(Fence.GS_H, number, Finished(written))
    assert not is_passed(Fence.GS_H, number % (NUMBERS - 1) + 1, Finished(written)), (
        "another paper's fence is not ours"
    )


def test_only_its_own_kind_of_answer_passes_a_fence() -> None:
    assert fence_bytes(Fence.GS_R, 1) == b"\x1dr\x01"
    assert is_passed(Fence.GS_R, 1, Transmitted(0))
    assert not is_passed(Fence.GS_R, 1, Finished(b"@@@A"))
    assert not is_passed(Fence.GS_H, 1, Transmitted(0))
    assert fence_bytes(Fence.NONE, 1) == b""
    assert not any(is_passed(Fence.NONE, 1, reply) for _, reply in REPLIES)


# --- where the drawer may be opened -------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh_TW", "en"])
def test_a_paper_is_cut_only_where_a_command_ends(language: str) -> None:
    paper = render_escpos(receipt(language))
    ends = {command.offset for command in commands(paper)} | {len(paper)}
    found = list(pieces(paper))
    assert b"".join(found) == paper
    assert len(found) > 10
    at = 0
    for piece in found:
        at += len(piece)
        assert at in ends


@given(st.binary(max_size=500))
def test_no_byte_of_anything_is_lost_by_cutting_it(data: bytes) -> None:
    assert b"".join(pieces(data)) == data


def test_from_a_command_it_does_not_know_everything_is_one_piece() -> None:
    unknown = b"\x1bZ" + b"\x1bJ\x01" * 400
    assert list(pieces(b"\x1bJ\x01" * 100 + unknown))[-1].endswith(unknown)
