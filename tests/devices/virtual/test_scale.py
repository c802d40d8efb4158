from __future__ import annotations

import pytest

from devices.virtual.scale import GARBAGE, Load, Motion, Protocol, VirtualScale, cas, toledo_8217
from tests.devices.virtual.till import open_till


@pytest.mark.parametrize(
    ("grams", "motion", "answer"),
    [
        (1_234, Motion.STABLE, b"\x0201.234\r"),
        (0, Motion.STABLE, b"\x0200.000\r"),
        (1_234, Motion.MOVING, b"\x02?\x01\r"),
        (40_000, Motion.OVER, b"\x02?\x02\r"),
        (0, Motion.UNDER_ZERO, b"\x02?\x04\r"),
        (0, Motion.GARBAGE, GARBAGE),
    ],
)
def test_a_toledo_answers_when_it_is_asked(grams: int, motion: Motion, answer: bytes) -> None:
    with VirtualScale.on_pty() as scale, open_till(scale.address) as till:
        scale.put(grams, motion)
        assert till.ask(b"W", len(answer)) == answer


def test_a_toledo_says_what_it_does_not_understand() -> None:
    with VirtualScale.on_tcp() as scale, open_till(scale.address) as till:
        assert till.ask(b"Q", 4) == b"\x02?\x40\r"


def test_a_cas_speaks_all_the_time() -> None:
    with VirtualScale.on_pty(protocol=Protocol.CAS, interval_seconds=0.01) as scale:
        scale.put(685, is_net=True)
        with open_till(scale.address) as till:
            said = till.read(200)
        assert b"ST,NT,0\xe4,   0.685 kg\r\n" in said


@pytest.mark.parametrize(
    ("load", "message"),
    [
        (Load(1_234), b"ST,GS,0\xe0,   1.234 kg\r\n"),
        (Load(0), b"ST,GS,0\xe1,   0.000 kg\r\n"),
        (Load(1_234, Motion.MOVING), b"US,GS,0\xa0,   1.234 kg\r\n"),
        (Load(30_500, Motion.OVER), b"OL,GS,0\xa0,  30.500 kg\r\n"),
        (Load(52, Motion.UNDER_ZERO), b"US,GS,0\xa0,-  0.052 kg\r\n"),
    ],
)
def test_every_cas_message_has_22_bytes(load: Load, message: bytes) -> None:
    assert cas(load) == message
    assert len(message) == 22


def test_a_silent_scale_says_nothing() -> None:
    with VirtualScale.on_tcp() as scale, open_till(scale.address) as till:
        scale.put(100, Motion.SILENT)
        till.write(b"W")
        assert scale.wait_until(lambda: scale.received_bytes == 1)
        assert scale.sent == ()


def test_the_weight_of_the_answer_is_in_kilograms() -> None:
    assert toledo_8217(Load(99_999)) == b"\x0299.999\r"
