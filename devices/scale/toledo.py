"""Mettler-Toledo 8217: ``W`` asks; STX weight CR answers a settled weight, STX ``?`` status CR says why there is none.

Status bits: 0 moving, 1 over capacity, 2 under zero, 3 outside the zero range, 4 at zero, 5 net weight, 6 command not understood. Bit 7 is
parity on the lines of old scales and never counts.
"""

from __future__ import annotations

from typing import Final

from devices.scale.reading import Reading, ScaleWord, stable

LENGTH_MAX: Final = 32
_STX, _CR = 0x02, 0x0D
_MOVING, _OVER, _UNDER, _ZERO = 0x01, 0x02, 0x04, 0x10


class Toledo8217:
    """Implements :class:`devices.scale.reading.ScaleProtocol`."""

    def __init__(self) -> None:
        self._held: bytearray | None = None

    @property
    def question(self) -> bytes:
        return b"W"

    def feed(self, data: bytes) -> list[Reading]:
        readings = []
        for byte in data:
            byte &= 0x7F
            if self._held is not None and bytes(self._held) == b"?":
                self._held.append(byte)  # the status may look like STX or CR
            elif byte == _STX:
                self._held = bytearray()
            elif self._held is None or len(self._held) > LENGTH_MAX:
                self._held = None  # noise before the answer, or no end to it
            elif byte == _CR:
                held, self._held = bytes(self._held), None
                if (reading := _reading(held)) is not None:
                    readings.append(reading)
            else:
                self._held.append(byte)
        return readings

    def forget(self) -> None:
        self._held = None


def _reading(answer: bytes) -> Reading | None:
    if answer[:1] == b"?" and len(answer) == 2:
        status = answer[1]
        for bit, word in ((_OVER, ScaleWord.OVER), (_UNDER, ScaleWord.UNDER), (_MOVING, ScaleWord.MOVING)):
            if status & bit:
                return Reading(word)
        return Reading(ScaleWord.EMPTY) if status & _ZERO else None
    text = answer.decode("ascii", "replace").strip()
    text, unit = (text[:-2], text[-2:].lower()) if text[-2:].isalpha() else (text, "kg")
    if unit != "kg":
        return Reading(ScaleWord.UNIT)
    return stable(text.rstrip("Nn"))
