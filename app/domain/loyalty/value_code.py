"""The code of a gift card: ``G1:`` and fourteen characters, twelve by chance and two that prove the others.

Whoever knows a code can spend the card: it is shown in part, and a whole one goes only onto the card, its receipt and the till's encrypted
file. Sixty bits by chance cannot be guessed at a counter, and a card that was never sold is worth nothing.
"""

from __future__ import annotations

import hashlib
from typing import Final
from uuid import UUID

from app.domain.entry import check_characters
from app.domain.errors import Refused

PREFIX: Final = "G1"
CODE_LENGTH: Final = 14
_CHARACTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_SHOWN: Final = 4


def new_code(one: UUID, other: UUID) -> str:
    """A code from two fresh ids."""
    value = int.from_bytes(hashlib.sha256(b"gift card" + one.bytes + other.bytes).digest()[:8], "big")
    text = ""
    for _ in range(CODE_LENGTH - 2):
        value, place = divmod(value, len(_CHARACTERS))
        text += _CHARACTERS[place]
    return text + check_characters(PREFIX + text)


def read_code(text: str) -> str:
    """The code in what was scanned or typed, with or without ``G1:``. Raises Refused("gift_card_unreadable")."""
    code = "".join(text.split()).replace("-", "").upper().removeprefix(f"{PREFIX}:")
    is_whole = len(code) == CODE_LENGTH and all(character in _CHARACTERS for character in code)
    if not is_whole or check_characters(PREFIX + code[:-2]) != code[-2:]:
        raise Refused("gift_card_unreadable")
    return code


def symbol(code: str) -> str:
    """What the QR carries."""
    return f"{PREFIX}:{code}"


def shown(code: str) -> str:
    """``K7QM-3X9R-TAHG-2B``: on the card itself, to read out and to type."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def masked(code: str) -> str:
    """``•TA2B``: enough to tell two cards apart; ``""`` of an account without a code."""
    return f"•{code[-_SHOWN:]}" if code else ""
