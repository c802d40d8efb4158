"""A member's file as it is compared when somebody may be in the file twice, and the reasons in words. Merging is a person's decision."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from app.domain.member import Member
from app.i18n import t
from app.insight.duplicates_values import DuplicatePair, Person

REASONS_SHOWN_MAX = 4
CARRIER: Final = "carrier"
COMPARED: Final = ("email", "line_id", CARRIER)
"""What is compared beside the member's row; asked of the store by these names."""
NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


def person_of(member: Member, known: Mapping[str, str] = NOTHING) -> Person:
    """``known`` are the fields COMPARED of this member's file."""
    return Person(
        id=member.id,
        phone=member.phone,
        name=member.name,
        birthday=member.birthday,
        email=known.get("email", ""),
        line_id=known.get("line_id", ""),
        gender=member.gender,
        joined_on=member.joined_on,
        code=member.code,
        carrier=known.get(CARRIER, ""),
    )


def reasons_text(pair: DuplicatePair, language: str | None = None) -> str:
    """Why the two look like one, in one line: 號碼只差一碼、同名."""
    said = [t(f"duplicates.reason.{reason}", language) for reason in pair.reasons[:REASONS_SHOWN_MAX]]
    return t("duplicates.separator", language).join(said)
