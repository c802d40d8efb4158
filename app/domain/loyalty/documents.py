"""Rule sets in their versions. A version is never changed: another one begins, from an instant on.

Which one is in force is decided by when it begins; of several that begin together, the one that was written last.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from app.domain.codec_parts import VERSION, Plain
from app.domain.facts import FactKind
from app.domain.ids import OperatorId


class RuleArea(StrEnum):
    """What rules are about; each area has documents of its own."""

    POINTS = "points"
    TIERS = "tiers"
    COUPONS = "coupons"
    STAMPS = "stamps"
    VALUE = "value"
    GIFTS = "gifts"
    CONSENT = "consent"
    FIELDS = "fields"
    GUARD = "guard"


@dataclass(frozen=True, slots=True)
class RuleDocument:
    """One version of one area. ``body`` is its JSON, to be read by the area's codec and never changed."""

    area: RuleArea
    version: int
    body: Mapping[str, Any]
    valid_from: int
    created_at: int
    created_by: OperatorId | None = None
    note: str = ""

    def __post_init__(self) -> None:
        assert self.version >= 1


def in_force(documents: Iterable[RuleDocument], at: int) -> RuleDocument | None:
    """The version that counts at this instant; None before the first one begins."""
    begun = [document for document in documents if document.valid_from <= at]
    return max(begun, key=lambda document: (document.valid_from, document.version), default=None)


def rules_to_plain(fact_id: UUID, document: RuleDocument) -> Plain:
    """The fact that a version was written."""
    plain: Plain = {
        "v": VERSION,
        "kind": FactKind.RULES._value_,
        "id": fact_id.hex,
        "at": document.created_at,
        "area": document.area._value_,
        "version": document.version,
        "from": document.valid_from,
        "rules": dict(document.body),
    }
    if document.created_by is not None:
        plain["operator"] = document.created_by.hex
    if document.note:
        plain["note"] = document.note
    return plain
