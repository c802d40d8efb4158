"""What is compared when members may be the same person, and what is said about a pair. Values only; nothing here is decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.ids import MemberId


@dataclass(frozen=True, slots=True)
class Person:
    """A member's file as far as it tells who somebody is. Everything is as it was written down; ``""`` is not known.

    ``birthday`` is the stored text (:mod:`app.domain.birthday`), ``carrier`` the e-invoice carrier (``/ABC1234``), ``code`` the card's.
    """

    id: MemberId
    phone: str = ""
    name: str = ""
    birthday: str = ""
    email: str = ""
    line_id: str = ""
    gender: str = ""
    joined_on: date | None = None
    code: str = ""
    carrier: str = ""


class Reason(StrEnum):
    """Why two files look like one person (texts: ``duplicates.reason.<value>``), the telling ones first."""

    SAME_PHONE = "same_phone"
    PHONE_ONE_DIGIT = "phone_one_digit"
    PHONE_SWAPPED = "phone_swapped"
    PHONE_CLOSE = "phone_close"
    SAME_CODE = "same_code"
    SAME_CARRIER = "same_carrier"
    SAME_LINE = "same_line"
    SAME_EMAIL = "same_email"
    EMAIL_CLOSE = "email_close"
    SAME_NAME = "same_name"
    SAME_SOUND = "same_sound"
    NAME_CLOSE = "name_close"
    NAME_WITHIN = "name_within"
    NAME_ROMANISED = "name_romanised"
    SAME_SURNAME = "same_surname"
    SAME_BIRTHDAY = "same_birthday"
    SAME_DAY = "same_day"
    BIRTHDAY_CLOSE = "birthday_close"


@dataclass(frozen=True, slots=True)
class DuplicatePair:
    """Two files that are probably one person. ``first`` joined earlier: it is the one to keep.

    ``score`` is the log2 of the odds; ``probability`` the same between 0 and 1. ``reasons`` are what speaks for it.
    """

    first: MemberId
    second: MemberId
    score: float
    reasons: tuple[Reason, ...]

    @property
    def probability(self) -> float:
        return float(1.0 / (1.0 + 2.0 ** -max(-60.0, min(self.score, 60.0))))
