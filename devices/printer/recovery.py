"""After a paper that broke off: what is left of it in the printer must neither come out later nor swallow the next one.

A command that was cut off waits for the rest of its picture and takes the next paper's bytes for it. The buffer is cleared at once, also
while the paper is out; then the printer must answer a fence before anything is printed, fed with empty dots as long as it does not. What
had been printed of the broken paper is cut off, so that it does not hang on the next customer's receipt.
"""

from __future__ import annotations

import time
from typing import Final

from app import log
from devices.printer.connection import PrinterConnection, Timing
from devices.printer.fence import NUMBERS, fence_bytes, is_passed
from devices.profile import Cutter, Fence, PrinterProfile

CLEAR: Final = (
    b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"  # DLE DC4 8: everything received and not printed is forgotten
)
EMPTY_DOTS: Final = bytes(1024)
TRIES_MAX: Final = 20
"""More empty dots than the largest band has."""

NUMBER: Final = NUMBERS - 1
INITIALISE: Final = b"\x1b@"


def clear(connection: PrinterConnection, timing: Timing) -> None:
    """Forget what waits in the printer. Raises Disconnected."""
    connection.write(CLEAR, timing.answer_seconds, is_urgent=True)


def settle(connection: PrinterConnection, profile: PrinterProfile, timing: Timing) -> bool:
    """Bring a healthy printer to the beginning of a command and the paper to its edge; False when it never answered.

    Raises Disconnected.
    """
    if (
        connection.can_read
        and profile.fence is not Fence.NONE
        and not _is_listening(connection, profile, timing)
    ):
        return False
    edge = b"\x1dVB\x00" if profile.cutter is not Cutter.NONE else b"\n\n\n"
    connection.write(INITIALISE + edge, timing.answer_seconds)
    return True


def _is_listening(connection: PrinterConnection, profile: PrinterProfile, timing: Timing) -> bool:
    connection.forget()
    for number in range(TRIES_MAX):
        connection.write(fence_bytes(profile.fence, NUMBER), timing.answer_seconds)
        if _has_answered(connection, profile.fence, timing.answer_seconds):
            if (
                profile.fence is Fence.GS_R
            ):  # a late answer to an earlier try must not pass for the next paper's fence
                while _has_answered(connection, profile.fence, timing.answer_seconds):
                    pass
            return True
        log.printer.info("the printer is still inside a broken command (%d)", number)
        connection.write(EMPTY_DOTS, timing.answer_seconds)
    return False


def _has_answered(connection: PrinterConnection, fence: Fence, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        if any(is_passed(fence, NUMBER, reply) for reply in connection.listen(left)):
            return True
    return False
