"""A scale on a real pseudo-terminal: one settled weight, or what is in the way of it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.domain.device import DeviceKind, DeviceState, EventKind, Weight
from app.domain.errors import Refused, TillError, Unavailable
from app.service.device_setup import DeviceSetup
from devices.virtual.device import VirtualDevice
from tests.devices.counter import PATIENCE_SECONDS, Counter

SHORT_SECONDS = 1.0


class Toledo(VirtualDevice):
    """Answers each W with the next of its answers; the last one again and again."""

    answers: tuple[bytes, ...] = ()

    def _take(self, data: bytes) -> None:
        for _ in range(data.count(b"W")):
            if self.answers:
                self._say(self.answers[0])
                self.answers = self.answers[1:] or self.answers


def toledo(device: VirtualDevice) -> DeviceSetup:
    return DeviceSetup("scale", DeviceKind.SCALE, device.address, {"protocol": "toledo"})


def test_a_weight_that_settles_is_waited_for() -> None:
    with Toledo.on_pty() as device, Counter(toledo(device)) as counter:
        device.answers = (b"\x02?\x41\r", b"\x02?\x41\r", b"\x0200.385\r")
        assert counter.hub.has_scale
        assert counter.hub.read_weight(PATIENCE_SECONDS) == Weight(385)
        assert counter.next(EventKind.WEIGHT).weight == Weight(385)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"\x02?\x41\r", "scale_moving"),
        (b"\x02?\x42\r", "scale_over"),
        (b"\x02?\x44\r", "scale_under"),
        (b"\x0200.000\r", "scale_empty"),
        (b"\x0200.85lb\r", "scale_unit"),
    ],
)
def test_what_is_in_the_way_is_said_when_the_time_is_over(answer: bytes, code: str) -> None:
    with Toledo.on_pty() as device, Counter(toledo(device)) as counter:
        device.answers = (answer,)
        counter.until(DeviceState.READY)
        with pytest.raises(Refused) as refused:
            counter.hub.read_weight(SHORT_SECONDS if code == "scale_moving" else PATIENCE_SECONDS)
        assert refused.value.code == code


def test_a_scale_that_says_nothing_is_missing_and_not_empty() -> None:
    with Toledo.on_pty() as device, Counter(toledo(device)) as counter:
        with pytest.raises(Unavailable) as missing:
            counter.hub.read_weight(SHORT_SECONDS)
        assert missing.value.code == "scale_missing"


def test_without_a_scale_none_is_asked() -> None:
    with Counter() as counter:
        assert not counter.hub.has_scale
        with pytest.raises(Unavailable):
            counter.hub.read_weight(SHORT_SECONDS)


def test_what_lay_on_a_scale_before_the_question_is_no_answer() -> None:
    with VirtualDevice.on_pty() as device:
        setup = DeviceSetup("scale", DeviceKind.SCALE, device.address, {"protocol": "cas"})
        with Counter(setup) as counter:
            counter.until(DeviceState.READY)
            device.send(b"ST,GS,\x01\x02,   9.999 kg\r\n")
            assert counter.next(EventKind.WEIGHT).weight == Weight(9_999)
            with ThreadPoolExecutor(1) as pool:
                asked = pool.submit(_weigh, lambda: counter.hub.read_weight(PATIENCE_SECONDS))
                assert not asked.done()
                while not asked.done():
                    device.send(b"US,GS,\x01\x02,   0.200 kg\r\n")
                    device.send(b"ST,GS,\x01\x02,   0.385 kg\r\n")
                assert asked.result() == Weight(385)


def test_the_cable_is_pulled_while_somebody_waits_for_a_weight() -> None:
    with Toledo.on_pty() as device, Counter(toledo(device)) as counter:
        counter.until(DeviceState.READY)
        device.unplug()
        counter.until(DeviceState.MISSING)
        assert isinstance(_weigh(lambda: counter.hub.read_weight(SHORT_SECONDS)), Unavailable)
        device.answers = (b"\x0200.385\r",)
        device.replug()
        counter.hub.retry("scale")
        assert counter.hub.read_weight(PATIENCE_SECONDS) == Weight(385)


def _weigh(read: Callable[[], Weight]) -> Weight | TillError:
    try:
        return read()
    except TillError as error:
        return error
