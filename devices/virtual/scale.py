"""A scale on a serial line: Toledo 8217, which answers when it is asked, and CAS, which speaks all the time.

Toledo 8217  till: W          scale: STX 01.234 CR            stable, kilograms
                                     STX ? status CR          bit 0 moving, 1 over, 2 under zero, 6 not understood
CAS, 22 bytes                 ST,GS,0<lamp>,   1.234 kg CR LF  ST stable, US moving, OL too heavy; GS gross, NT net
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final

from devices.virtual.device import VirtualDevice
from devices.virtual.line import Line

CAS_SECONDS: Final = 0.1
STX: Final = b"\x02"
GARBAGE: Final = b"\x00\xff?\x7f\xaa\x02"


class Protocol(StrEnum):
    TOLEDO_8217 = "toledo-8217"
    CAS = "cas"


class Motion(StrEnum):
    """What the scale makes of what lies on it."""

    STABLE = "stable"
    MOVING = "moving"
    OVER = "over"
    UNDER_ZERO = "under zero"
    GARBAGE = "garbage"  # the cable picks up noise
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Load:
    grams: int = 0
    motion: Motion = Motion.STABLE
    is_net: bool = False


class VirtualScale(VirtualDevice):
    """Empty and stable at first."""

    THREAD_NAME: ClassVar[str] = "virtual-scale"

    def __init__(
        self,
        line: Line,
        *,
        baud: int | None = None,
        protocol: Protocol = Protocol.TOLEDO_8217,
        interval_seconds: float = CAS_SECONDS,
    ) -> None:
        assert interval_seconds > 0
        self._protocol = protocol
        self._interval_seconds = interval_seconds
        self._load = Load()
        self._next_at = 0.0
        super().__init__(line, baud=baud)

    def put(self, grams: int, motion: Motion = Motion.STABLE, *, is_net: bool = False) -> None:
        """What lies on the scale from now on."""

        def do() -> None:
            self._load = Load(grams, motion, is_net)

        self.ask(do)

    def _take(self, data: bytes) -> None:
        if self._protocol is not Protocol.TOLEDO_8217:
            return
        for request in data:
            match self._load.motion, bytes((request,)):
                case Motion.SILENT, _:
                    pass
                case Motion.GARBAGE, _:
                    self._say(GARBAGE)
                case _, b"W":
                    self._say(toledo_8217(self._load))
                case _, b"Z" | b"H" | b"L":
                    pass
                case _:
                    self._say(STX + b"?\x40\r")

    def _tick(self, now: float) -> float | None:
        if self._protocol is not Protocol.CAS:
            return None
        if now >= self._next_at:
            self._next_at = now + self._interval_seconds
            match self._load.motion:
                case Motion.SILENT:
                    pass
                case Motion.GARBAGE:
                    self._say(GARBAGE * 4)
                case _:
                    self._say(cas(self._load))
        return self._next_at


def toledo_8217(load: Load) -> bytes:
    """The answer to W: the weight only when it stands still."""
    bits = {Motion.MOVING: 0x01, Motion.OVER: 0x02, Motion.UNDER_ZERO: 0x04}.get(load.motion)
    if bits is not None:
        return STX + b"?" + bytes((bits | 0x20 * load.is_net,)) + b"\r"
    assert 0 <= load.grams < 100_000
    return STX + f"{load.grams // 1000:02d}.{load.grams % 1000:03d}".encode("ascii") + b"\r"


def cas(load: Load) -> bytes:
    """One of the messages that come all the time."""
    header = {Motion.STABLE: b"ST", Motion.OVER: b"OL"}.get(load.motion, b"US")
    is_stable = load.motion is Motion.STABLE
    lamp = 0x80 | 0x40 * is_stable | 0x20 | 0x04 * load.is_net | 0x01 * (load.grams == 0)
    grams = -abs(load.grams or 1) if load.motion is Motion.UNDER_ZERO else load.grams
    sign = "-" if grams < 0 else " "
    weight = f"{sign}{abs(grams) // 1000:3d}.{abs(grams) % 1000:03d}"
    data = (
        b","
        + (b"NT" if load.is_net else b"GS")
        + b",0"
        + bytes((lamp,))
        + b","
        + weight.encode("ascii")
        + b" kg\r\n"
    )
    assert len(header + data) == 22
    return header + data
