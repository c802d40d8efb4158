"""What a scale says at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final, Protocol


class ScaleWord(StrEnum):
    """A reading in a word; the texts are ``error.scale_<word>``."""

    STABLE = "stable"
    MOVING = "moving"
    OVER = "over"
    UNDER = "under"
    EMPTY = "empty"
    UNIT = "unit"  # pounds, pieces: not what this shop sells by


@dataclass(frozen=True, slots=True)
class Reading:
    """``thousandths`` of a kilogram; only meaningful when the word is STABLE."""

    word: ScaleWord
    thousandths: int = 0


THOUSANDTHS_MAX: Final = 9_999_000


class ScaleProtocol(Protocol):
    """How one make of scale talks."""

    @property
    def question(self) -> bytes:
        """What asks for a weight; empty for a scale that talks by itself."""
        ...

    def feed(self, data: bytes) -> list[Reading]:
        """The readings that these bytes complete."""
        ...

    def forget(self) -> None:
        """The line was opened anew."""
        ...


def stable(text: str) -> Reading | None:
    """A settled weight in kilograms as text; None when it is no number. Finer than a gram is cut off."""
    try:
        kilograms = Decimal(text.replace(" ", ""))
    except InvalidOperation:
        return None
    if not kilograms.is_finite() or kilograms * 1000 > THOUSANDTHS_MAX:
        return None
    if kilograms < 0:
        return Reading(ScaleWord.UNDER)
    thousandths = int(kilograms * 1000)
    return Reading(ScaleWord.STABLE, thousandths) if thousandths else Reading(ScaleWord.EMPTY)
