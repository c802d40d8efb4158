"""CAS scales that send without being asked: 22 bytes a line, ``ST,GS,<id><lamp>,<weight, 8> kg CR LF``.

The header is ST (settled), US (moving) or OL (over capacity); GS is gross and NT net weight.
"""

from __future__ import annotations

from typing import Final

from devices.scale.reading import Reading, ScaleWord, stable

FRAME_BYTES: Final = 22
HELD_BYTES_MAX: Final = 256
_END: Final = b"\r\n"


class CasContinuous:
    """Implements :class:`devices.scale.reading.ScaleProtocol`."""

    def __init__(self) -> None:
        self._held = bytearray()

    @property
    def question(self) -> bytes:
        return b""

    def feed(self, data: bytes) -> list[Reading]:
        self._held += data
        readings = []
        while (end := self._held.find(_END)) >= 0:
            frame = bytes(self._held[:end])
            del self._held[: end + len(_END)]
            if (reading := _reading(frame)) is not None:
                readings.append(reading)
        if len(self._held) > HELD_BYTES_MAX:
            del self._held[:-FRAME_BYTES]
        return readings

    def forget(self) -> None:
        self._held.clear()


def _reading(frame: bytes) -> Reading | None:
    """A line of exactly the right length and shape; the rest of one that was cut is none. The lamp byte may be anything."""
    if len(frame) != FRAME_BYTES - len(_END):
        return None
    header, kind, lamps, weight = frame[:2], frame[3:5], frame[5:9], frame[9:]
    if frame[2:3] != b"," or lamps[:1] != b"," or lamps[3:4] != b"," or kind not in (b"GS", b"NT"):
        return None
    match header:
        case b"US":
            return Reading(ScaleWord.UNDER if b"-" in weight else ScaleWord.MOVING)
        case b"OL":
            return Reading(ScaleWord.OVER)
        case b"ST":
            text = weight.decode("ascii", "replace")
            if text[8:].strip().lower() != "kg":
                return Reading(ScaleWord.UNIT)
            return stable(text[:8])
    return None
