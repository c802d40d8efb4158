"""What a PIN may be, and how long the till waits after wrong ones. Nothing here knows a secret."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from app.domain.errors import Refused

PIN_DIGITS: Final = 6
TRIES_FREE: Final = 5
LOCK_SECONDS_FIRST: Final = 30
LOCK_SECONDS_MAX: Final = 15 * 60


def check_new_pin(pin: str, staff_number: str = "") -> None:
    """Refuse what everybody tries first: not six digits, all the same, counted up or down, the staff number itself.

    Raises Refused: "pin_format", "pin_too_simple".
    """
    if not is_pin(pin):
        raise Refused("pin_format", digits=PIN_DIGITS)
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    if steps in ({0}, {1}, {9}) or pin == staff_number:
        raise Refused("pin_too_simple")


def is_pin(text: str) -> bool:
    """Whether the text has the shape of a PIN."""
    return len(text) == PIN_DIGITS and text.isascii() and text.isdigit()


def lock_seconds(failures: int) -> int:
    """How long nobody may try after this many wrong PINs in a row: 30 s after the fifth, doubling, at most 15 minutes."""
    if failures < TRIES_FREE:
        return 0
    # 30 s × 2^5 is past the cap already; a larger exponent would only cost time.
    return min(LOCK_SECONDS_MAX, LOCK_SECONDS_FIRST << min(failures - TRIES_FREE, 10))
