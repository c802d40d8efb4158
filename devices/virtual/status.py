"""What a printer says about itself, bit by bit as in Epson's reference: DLE EOT, GS r and the automatic status back.

DLE EOT 1  0x12 + 0x04 drawer pin high, 0x08 offline
DLE EOT 2  0x12 + 0x04 cover open, 0x20 stopped for want of paper, 0x40 error
DLE EOT 3  0x12 + 0x08 cutter
DLE EOT 4  0x12 + 0x0C roll near its end, 0x60 paper out
ASB        0x10 + 0x04 drawer, 0x08 offline, 0x20 cover   0x08 cutter   0x03 near end + 0x0C out   0
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """What can be wrong with a printer; several can be at once."""

    PAPER_NEAR_END = "paper near end"
    PAPER_OUT = "paper out"
    COVER_OPEN = "cover open"
    CUTTER_ERROR = "cutter error"
    OFFLINE = "offline"
    MUTE = "mute"  # prints, and answers nothing
    STOP_READING = "stop reading"  # takes no more bytes: its buffer, then the line, fill up
    XOFF = "xoff"  # says XOFF and takes no more bytes until it says XON


STOPPING = frozenset({Fault.PAPER_OUT, Fault.COVER_OPEN, Fault.CUTTER_ERROR, Fault.OFFLINE})
"""With one of these nothing is printed and nothing in the print data is answered."""

NOT_READING = frozenset({Fault.STOP_READING, Fault.XOFF})


@dataclass(frozen=True, slots=True)
class Condition:
    """The faults and the drawer's pin at one moment, as bytes."""

    faults: frozenset[Fault]
    drawer_level: bool

    @property
    def is_offline(self) -> bool:
        return bool(self.faults & STOPPING)

    def real_time(self, kind: int) -> bytes:
        """The answer to DLE EOT 1 to 4; nothing for the others."""
        match kind:
            case 1:
                bits = 0x04 * self.drawer_level | 0x08 * self.is_offline
            case 2:
                bits = 0x04 * self._has(Fault.COVER_OPEN) | 0x20 * self._has(Fault.PAPER_OUT)
                bits |= 0x40 * self._has(Fault.CUTTER_ERROR)
            case 3:
                bits = 0x08 * self._has(Fault.CUTTER_ERROR)
            case 4:
                bits = 0x0C * self._is_near_end | 0x60 * self._has(Fault.PAPER_OUT)
            case _:
                return b""
        return bytes((0x12 | bits,))

    def transmitted(self, kind: int) -> bytes:
        """The answer to GS r: 1 the paper, 2 the drawer."""
        match kind:
            case 1 | 0x31:
                return bytes((0x03 * self._is_near_end | 0x0C * self._has(Fault.PAPER_OUT),))
            case 2 | 0x32:
                return bytes((0x01 * self.drawer_level,))
            case 4 | 0x34:
                return b"\x00"
            case _:
                return b""

    def automatic(self) -> bytes:
        """The four bytes of the automatic status back."""
        first = 0x10 | 0x04 * self.drawer_level | 0x08 * self.is_offline | 0x20 * self._has(Fault.COVER_OPEN)
        second = 0x08 * self._has(Fault.CUTTER_ERROR)
        third = 0x03 * self._is_near_end | 0x0C * self._has(Fault.PAPER_OUT)
        return bytes((first, second, third, 0))

    def watched(self, mask: int) -> tuple[bool, ...]:
        """What GS a asked to be told about, as it is now."""
        return (
            bool(mask & 0x01) and self.drawer_level,
            bool(mask & 0x02) and self.is_offline,
            bool(mask & 0x02) and self._has(Fault.COVER_OPEN),
            bool(mask & 0x04) and self._has(Fault.CUTTER_ERROR),
            bool(mask & 0x08) and self._is_near_end,
            bool(mask & 0x08) and self._has(Fault.PAPER_OUT),
        )

    @property
    def _is_near_end(self) -> bool:
        return bool(self.faults & {Fault.PAPER_NEAR_END, Fault.PAPER_OUT})

    def _has(self, fault: Fault) -> bool:
        return fault in self.faults
