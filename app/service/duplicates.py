"""Finding members who are probably in the file twice, for the owner to look at. Merging is somebody's decision and happens elsewhere."""

from __future__ import annotations

from collections.abc import Callable

from app.domain.member import Member
from app.i18n import t
from app.insight.duplicates import DuplicatePair, Person, find_duplicates
from app.service.phonetics import syllable
from app.service.ports import MemberDirectory

REASONS_SHOWN_MAX = 4


def duplicates_among(
    members: MemberDirectory,
    *,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> tuple[DuplicatePair, ...]:
    """Every pair of members worth asking about, the surest first. Takes long: call it on a worker. Raises Cancelled."""
    people = [person_of(member) for member in members.everyone()]
    return find_duplicates(people, sound_of=syllable, on_progress=on_progress, is_cancelled=is_cancelled)


def person_of(member: Member) -> Person:
    return Person(
        id=member.id,
        phone=member.phone,
        name=member.name,
        birthday=member.birthday,
        gender=member.gender,
        joined_on=member.joined_on,
        code=member.code,
    )


def reasons_text(pair: DuplicatePair, language: str | None = None) -> str:
    """Why the two look like one, in one line: 號碼只差一碼、同名."""
    said = [t(f"duplicates.reason.{reason}", language) for reason in pair.reasons[:REASONS_SHOWN_MAX]]
    return t("duplicates.separator", language).join(said)
