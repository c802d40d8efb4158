"""What a paper ends with so that the printer says when it came out: its number with GS ( H, or a status that waits its turn.

    GS ( H   1D 28 48 06 00 30 30 d1 d2 d3 d4      answered 37 22 d1 d2 d3 d4 00 when everything before it was printed
    GS r     1D 72 01                              answered with one byte, and not before the paper is there again

The number is written in letters that no status byte looks like, so that an answer in its midst is still told apart.
"""

from __future__ import annotations

from typing import Final

from devices.printer.status import Finished, Reply, Transmitted
from devices.profile import Fence

LETTERS: Final = b"@ABCDEFGHIJKLMNO"
NUMBERS: Final = len(LETTERS) ** 4


def fence_number(job_id: int) -> int:
    """1 to 65,535: 0 means that there is no fence. A paper goes out once, so that its own number serves."""
    return job_id % (NUMBERS - 1) + 1


def fence_bytes(fence: Fence, number: int) -> bytes:
    """What is appended to a paper."""
    match fence:
        case Fence.GS_H:
            return b"\x1d(H\x06\x0000" + _written(number)
        case Fence.GS_R:
            return b"\x1dr\x01"
        case Fence.NONE:
            return b""


def is_passed(fence: Fence, number: int, reply: Reply) -> bool:
    """Whether this reply says that the paper with this number came out."""
    match reply:
        case Finished(written):
            return fence is Fence.GS_H and written == _written(number)
        case Transmitted():
            return fence is Fence.GS_R
        case _:
            return False


def _written(number: int) -> bytes:
    assert 0 < number < NUMBERS
    return bytes(LETTERS[number >> shift & 15] for shift in (12, 8, 4, 0))
