"""What two makes of scale send, byte by byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.scale.cas import FRAME_BYTES, CasContinuous
from devices.scale.reading import Reading, ScaleWord
from devices.scale.toledo import Toledo8217


def cas(header: str, weight: str, unit: str = "kg", kind: str = "GS") -> bytes:
    frame = f"{header},{kind},\x01\x02,{weight:>8} {unit}\r\n".encode("latin-1")
    assert len(frame) == FRAME_BYTES
    return frame


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"\x0200.385\r", Reading(ScaleWord.STABLE, 385)),
        (b"\x0212.5\r", Reading(ScaleWord.STABLE, 12_500)),
        (b"\x0200.385N\r", Reading(ScaleWord.STABLE, 385)),
        (b"\x0200.000\r", Reading(ScaleWord.EMPTY)),
        (b"\x02?\x41\r", Reading(ScaleWord.MOVING)),
        (b"\x02?\x02\r", Reading(ScaleWord.OVER)),
        (b"\x02?\x0d\r", Reading(ScaleWord.UNDER)),
        (b"\x02?\x42\r", Reading(ScaleWord.OVER)),
        (b"\x02?\x44\r", Reading(ScaleWord.UNDER)),
        (b"\x02?\x45\r", Reading(ScaleWord.UNDER)),
        (b"\x02?\x50\r", Reading(ScaleWord.EMPTY)),
        (b"\x02?\xc1\r", Reading(ScaleWord.MOVING)),
        (b"\x0201.25lb\r", Reading(ScaleWord.UNIT)),
    ],
)
def test_a_toledo_answers_with_a_weight_or_with_what_is_in_the_way(answer: bytes, expected: Reading) -> None:
    assert Toledo8217().feed(b"\x00noise" + answer) == [expected]


def test_a_toledo_answer_in_pieces_is_one_answer() -> None:
    scale = Toledo8217()
    assert scale.feed(b"\x0200") == []
    assert scale.feed(b".385\r\x0200.") == [Reading(ScaleWord.STABLE, 385)]
    scale.forget()
    assert scale.feed(b"385\r") == [], "the rest of an answer is none"


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        (cas("ST", "0.385"), Reading(ScaleWord.STABLE, 385)),
        (cas("ST", "+ 0.385"), Reading(ScaleWord.STABLE, 385)),
        (cas("ST", "1.2345", kind="NT"), Reading(ScaleWord.STABLE, 1234)),
        (cas("ST", "0.000"), Reading(ScaleWord.EMPTY)),
        (cas("ST", "-0.010"), Reading(ScaleWord.UNDER)),
        (cas("US", "0.385"), Reading(ScaleWord.MOVING)),
        (cas("OL", "15.000"), Reading(ScaleWord.OVER)),
        (cas("ST", "0.849", unit="lb"), Reading(ScaleWord.UNIT)),
    ],
)
def test_a_cas_line_says_whether_it_settled(frame: bytes, expected: Reading) -> None:
    assert CasContinuous().feed(frame) == [expected]


def test_a_cas_line_that_was_joined_in_the_middle_is_left_out() -> None:
    scale = CasContinuous()
    assert scale.feed(cas("ST", "9.385")[7:] + cas("ST", "0.385")) == [Reading(ScaleWord.STABLE, 385)]


@given(st.integers(1, 9_999_000), st.sampled_from(["toledo", "cas"]), st.integers(1, 6))
def test_every_settled_weight_is_read_to_the_gram(grams: int, make: str, piece: int) -> None:
    text = f"{grams // 1000}.{grams % 1000:03d}"
    frame = b"\x02" + text.encode() + b"\r" if make == "toledo" else cas("ST", text)
    scale = Toledo8217() if make == "toledo" else CasContinuous()
    found = [
        reading
        for start in range(0, len(frame), piece)
        for reading in scale.feed(frame[start : start + piece])
    ]
    assert found == [Reading(ScaleWord.STABLE, grams)]


@given(st.binary(max_size=400))
def test_noise_is_no_weight_and_breaks_nothing(noise: bytes) -> None:
    for scale in (Toledo8217(), CasContinuous()):
        scale.feed(noise)
        scale.feed(b"\r\n")
