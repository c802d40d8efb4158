"""What is known of a member, field by field, and what people wrote about them.

Two tills that were apart come to the same file whatever the order in which they hear of each other's changes: of two values of a field the
one with the newer hybrid logical clock stands (of two at the same instant the greater text), and a field that was emptied on purpose is
empty. Nothing here is stored in the open in the chain: a change travels sealed with the member's own key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.domain.ids import MemberId, OperatorId
from app.domain.member import Member

CUSTOM_PREFIX: Final = "x:"
TAG_PREFIX: Final = "tag:"
CODE_PREFIX: Final = "code:"
MERGED_INTO: Final = "merged_into"  # whose file this one was put into; "" after it was taken out again
# The fields that also stand in the member's row, where the counter finds them by.
PROJECTED: Final = ("phone", "name", "birthday", "gender", "note", "code", "joined_on")
IS_SET: Final = "1"


class NoteKind(StrEnum):
    NOTE = "note"
    REQUEST = "request"
    FOLLOW_UP = "follow_up"
    COMPLAINT = "complaint"


@dataclass(frozen=True, slots=True)
class Versioned:
    """A field's value and when it was given. ``""`` is a value: somebody emptied the field."""

    value: str
    hlc: int


def merge_field(one: Versioned | None, other: Versioned) -> Versioned:
    """The one that stands. The order of the arguments, and hearing of the same value twice, make no difference."""
    return other if one is None or (other.hlc, other.value) > (one.hlc, one.value) else one


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody at the counter wrote down. With ``due_on`` it comes up at the counter from that day until it is done."""

    id: UUID
    member_id: MemberId
    kind: NoteKind
    words: str
    written_at: int
    written_by: OperatorId | None = None
    due_on: date | None = None
    done_at: int | None = None
    done_by: OperatorId | None = None

    @property
    def is_open(self) -> bool:
        return self.done_at is None and self.kind is not NoteKind.NOTE

    def is_due(self, on: date) -> bool:
        return self.done_at is None and self.due_on is not None and self.due_on <= on


@dataclass(frozen=True, slots=True)
class Done:
    """That a request was dealt with. Told twice, the earlier one stands."""

    note_id: UUID
    at: int
    by: OperatorId | None


@dataclass(frozen=True, slots=True)
class ProfileChange:
    """One change of one member's file. ``dropped`` are notes that are taken away: what is dropped never comes back."""

    fields: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    done: tuple[Done, ...] = ()
    dropped: tuple[UUID, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.fields or self.notes or self.done or self.dropped)


@dataclass(frozen=True, slots=True)
class MemberFile:
    """Everything that is known of one person beside what they bought.

    ``merged`` are the files that were put into this one; their notes, tags and codes are among those here, and a field that this file does
    not know is shown as the merged one has it.
    """

    member: Member
    fields: Mapping[str, str]
    notes: tuple[Note, ...] = ()
    tags: tuple[str, ...] = ()
    rule_tags: tuple[str, ...] = ()  # those of the tags that nobody gave by hand
    codes: tuple[tuple[str, str], ...] = ()  # (code, kind)
    merged: tuple[MemberId, ...] = ()


def fields_of(member: Member) -> dict[str, str]:
    """The fields that a new member's row brings along; the number is not one of them until it changes."""
    return {name: value for name, value in _columns(member).items() if value and name != "phone"}


def changed_fields(before: Member, after: Member) -> dict[str, str]:
    """What a change of the row means field by field."""
    old, new = _columns(before), _columns(after)
    return {name: new[name] for name in PROJECTED if old[name] != new[name]}


def with_fields(member: Member, fields: Mapping[str, str]) -> Member:
    """The row as these fields want it; what the row does not hold is left out."""
    known = {name: value for name, value in fields.items() if name in PROJECTED and name != "joined_on"}
    joined_on = member.joined_on
    if "joined_on" in fields:
        joined_on = date.fromisoformat(fields["joined_on"]) if fields["joined_on"] else None
    return replace(
        member,
        phone=known.get("phone", member.phone),
        name=known.get("name", member.name),
        birthday=known.get("birthday", member.birthday),
        gender=known.get("gender", member.gender),
        note=known.get("note", member.note),
        code=known.get("code", member.code),
        joined_on=joined_on,
    )


def tags_in(fields: Mapping[str, str]) -> tuple[str, ...]:
    """The tags that people gave by hand."""
    return tuple(
        sorted(
            name.removeprefix(TAG_PREFIX) for name, value in fields.items() if value and _is(name, TAG_PREFIX)
        )
    )


def plain_fields(fields: Mapping[str, str]) -> dict[str, str]:
    """The fields that say something about the person, without tags, codes and merges; empty ones are left out."""
    return {
        name: value
        for name, value in fields.items()
        if value and name != MERGED_INTO and not _is(name, TAG_PREFIX) and not _is(name, CODE_PREFIX)
    }


def _is(name: str, prefix: str) -> bool:
    return name.startswith(prefix)


def _columns(member: Member) -> dict[str, str]:
    return {
        "phone": member.phone,
        "name": member.name,
        "birthday": member.birthday,
        "gender": member.gender,
        "note": member.note,
        "code": member.code,
        "joined_on": "" if member.joined_on is None else member.joined_on.isoformat(),
    }
