"""The customer as the counter needs them. A number alone makes a member; everything else may follow later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.ids import MemberId

ERASED_PREFIX = "erased:"
"""What stands in the place of an erased member's number, with the id after it: unique, and no number."""


@dataclass(frozen=True, slots=True)
class Member:
    """A member's file. ``phone`` is E.164 and unique; ``tier`` is the code of the tier (``""`` = the basic one)."""

    id: MemberId
    phone: str
    name: str = ""
    tier: str = ""
    joined_on: date | None = None
    birthday: str = ""
    gender: str = ""
    note: str = ""
    code: str = ""
    has_marketing_consent: bool = False

    @property
    def is_erased(self) -> bool:
        """Whether all that is left is the opaque id under which the books go on."""
        return self.phone.startswith(ERASED_PREFIX)


@dataclass(frozen=True, slots=True)
class MemberCard:
    """What the sale screen shows about a member, read in one go.

    ``points`` is the sum of the ledger; ``as_of`` is when the balance last met the server (None: this till alone knows it).
    """

    member: Member
    points: int
    visits: int
    last_visit_on: date | None
    spent_minor: int
    as_of: int | None = None


def mask_name(name: str) -> str:
    """``王○明``: the first and the last character stay; two characters show ``王○``."""
    name = name.strip()
    if len(name) < 2:
        return name
    return name[0] + "○" + (name[-1] if len(name) > 2 else "")
