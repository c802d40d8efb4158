"""What somebody agreed to, and how they were asked: the collector bears the burden of proof (個人資料保護法 §7).

A consent is a fact and is never changed; taking it back is another one. Of all that is known the newest stands, and of two at the same
instant the one that takes it back: in whatever order two tills hear of it, they end up with the same answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.domain.ids import MemberId, OperatorId


class Purpose(StrEnum):
    """Being a member, and being written to, are two questions."""

    MEMBERSHIP = "membership"
    MARKETING = "marketing"


class ConsentChannel(StrEnum):
    """How the answer reached the shop."""

    SPOKEN = "spoken"
    CUSTOMER_DISPLAY = "customer_display"
    PAPER = "paper"
    WEB = "web"
    IMPORT = "import"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class Consent:
    """``text_version`` names the words that were shown; ``""`` when the shop took it over from elsewhere."""

    id: UUID
    member_id: MemberId
    purpose: Purpose
    is_granted: bool
    text_version: str
    channel: ConsentChannel
    occurred_at: int
    operator_id: OperatorId | None = None
    hlc: int = 0


def standing(consents: Iterable[Consent], purpose: Purpose = Purpose.MARKETING) -> Consent | None:
    """The one that counts today; None when nobody ever asked."""
    asked = (one for one in consents if one.purpose is purpose)
    return max(asked, key=lambda one: (one.hlc, not one.is_granted, one.id), default=None)


def is_granted(consents: Iterable[Consent], purpose: Purpose = Purpose.MARKETING) -> bool:
    found = standing(consents, purpose)
    return found is not None and found.is_granted
