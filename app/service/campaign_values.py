"""A campaign as it is kept, and what came of it.

Everything that decides who was left out is kept with it, so that the draw can be made again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from app.domain.errors import Refused
from app.insight.values import Period
from app.service.segment_values import MemberSegment, segment_from_plain, segment_to_plain

if TYPE_CHECKING:
    from app.domain.ids import MemberId
    from app.insight.uplift import Effect
    from app.insight.values import Estimate, TooLittle
    from app.service.coupon_ports import BatchFigures

NAME_CHARACTERS_MAX: Final = 60
MESSAGE_CHARACTERS_MAX: Final = 1_000
DAYS_MAX: Final = 365


class Offer(StrEnum):
    """What those get who are not left out. Texts: ``campaigns.offer.<offer>``."""

    COUPON = "coupon"  # ``template``, in bulk
    CALLS = "calls"  # a list of whom to call
    MESSAGE = "message"  # words that the owner sends


@dataclass(frozen=True, slots=True)
class Campaign:
    """``days`` from ``sent_on`` on are watched. ``control`` members of ``n`` got nothing; 0: its effect cannot be measured.

    ``seed`` made the draw. ``cost_minor`` is what was spent beside the coupons.
    """

    id: str
    name: str
    sent_on: date
    days: int
    segment: MemberSegment
    n: int
    control: int
    seed: int
    share: float = 0.0
    offer: Offer = Offer.CALLS
    template: str = ""
    message: str = ""
    cost_minor: int = 0

    @property
    def watched(self) -> Period:
        return Period(self.sent_on, self.sent_on + timedelta(days=self.days - 1))

    @property
    def treated(self) -> int:
        return self.n - self.control


@dataclass(frozen=True, slots=True)
class Plan:
    """What a campaign shall be, before it is drawn. ``share`` 0: nobody is left out."""

    name: str
    segment: MemberSegment
    days: int
    share: float
    offer: Offer = Offer.CALLS
    template: str = ""
    message: str = ""
    cost_minor: int = 0


@dataclass(frozen=True, slots=True)
class Power:
    """What a campaign of this size could show, to be said before it is sent.

    ``members`` are in the segment, ``willing`` of them may be contacted, ``control`` would be left out. In as many days before, ``base``
    of them bought; a rise of ``share`` beyond that would show in four of five cases, and so would ``each_minor`` more spent by each.
    None where nothing can be measured.
    """

    members: int
    willing: int
    control: int
    base: float | None = None
    share: float | None = None
    each_minor: float | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """Whom to contact, and whom not to."""

    campaign: Campaign
    treated: tuple[MemberId, ...]
    control: tuple[MemberId, ...]


class People(StrEnum):
    """Whose list stands behind a figure."""

    REACHED = "reached"
    CONTROL = "control"
    BOUGHT = "bought"  # of those who were reached


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a campaign stands. ``watched`` are the days that are over by now; None on the day before the first.

    ``bought`` of the treated and of those left out came and bought. While days are still to come nothing is concluded: ``rise`` and
    ``effect`` are None, because whoever looks every day sees an effect on some day.
    """

    campaign: Campaign
    watched: Period | None
    is_over: bool
    bought: tuple[int, int]
    rise: Estimate | TooLittle | None
    effect: Effect | TooLittle | None
    coupons: BatchFigures | None
    cost_minor: int

    @property
    def days_left(self) -> int:
        return self.campaign.days - (self.watched.days if self.watched else 0)


def campaign_to_plain(campaign: Campaign) -> dict[str, Any]:
    return {
        "id": campaign.id,
        "name": campaign.name,
        "sent_on": campaign.sent_on.isoformat(),
        "days": campaign.days,
        "segment": segment_to_plain(campaign.segment),
        "n": campaign.n,
        "control": campaign.control,
        "seed": f"{campaign.seed:x}",
        "share_thousandths": round(campaign.share * 1000),
        "offer": campaign.offer.value,
        "template": campaign.template,
        "message": campaign.message,
        "cost_minor": campaign.cost_minor,
    }


def campaign_from_plain(plain: Any) -> Campaign:
    """Raises Refused("campaign_damaged")."""
    try:
        return Campaign(
            str(plain["id"]),
            str(plain["name"]),
            date.fromisoformat(plain["sent_on"]),
            int(plain["days"]),
            segment_from_plain(plain["segment"]),
            int(plain["n"]),
            int(plain["control"]),
            int(plain["seed"], 16),
            int(plain["share_thousandths"]) / 1000,
            Offer(plain["offer"]),
            str(plain["template"]),
            str(plain["message"]),
            int(plain["cost_minor"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Refused("campaign_damaged") from error


def whole_numbers(values: object) -> Sequence[int]:
    """Raises Refused("campaign_damaged")."""
    if not isinstance(values, list) or not all(type(one) is int for one in values):
        raise Refused("campaign_damaged")
    return values
