"""Campaigns with a control group: who was chosen, who was left out by lot, and what came of it.

Everything is decided on the day it is sent and kept: the members, their segments of that day, the draw. The effect is the difference to who
got nothing, never "before against after", and under two hundred members nothing is measured.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from app.domain.authority import Approval, Right
from app.domain.errors import Refused
from app.domain.ids import MemberId
from app.insight import uplift
from app.insight.columns import sums
from app.insight.rfm import Rfm
from app.insight.values import Period, TooLittle, date_of, day_number
from app.service.insight_desk import Columns, InsightDesk
from app.service.ports import AuditEvent, Clock, IdSource, Store
from app.service.segments import MemberSegment, SegmentDesk, segment_from_plain, segment_to_plain
from app.service.session import Session

if TYPE_CHECKING:
    from numpy.typing import NDArray

CAMPAIGNS: Final = "insight.campaigns"
MEMBERS: Final = "insight.campaign."  # with the id behind it: who was chosen
CAMPAIGNS_MAX: Final = 200
NAME_CHARACTERS_MAX: Final = 60
DAYS_MAX: Final = 365
NOWHERE: Final = -1


@dataclass(frozen=True, slots=True)
class Campaign:
    """``days`` after ``sent_on`` are watched. ``control`` members of ``n`` got nothing; 0: its effect cannot be measured."""

    id: str
    name: str
    sent_on: date
    days: int
    segment: MemberSegment
    n: int
    control: int
    cost_minor: int = 0

    @property
    def watched(self) -> Period:
        return Period(self.sent_on, self.sent_on + timedelta(days=self.days - 1))


@dataclass(frozen=True, slots=True)
class Drawn:
    """A campaign that begins: whom to contact, and whom not to."""

    campaign: Campaign
    treated: tuple[MemberId, ...]
    control: tuple[MemberId, ...]


class CampaignDesk:
    def __init__(
        self,
        store: Store,
        session: Session,
        clock: Clock,
        ids: IdSource,
        insight: InsightDesk,
        segments: SegmentDesk,
    ) -> None:
        self._store = store
        self._session = session
        self._clock = clock
        self._ids = ids
        self._insight = insight
        self._segments = segments

    def smallest_visible(self, segment: MemberSegment, days: int) -> float | None:
        """Which effect for each member, in minor units, a campaign of this size and length would show: to be said before it is sent.

        None where nothing can be measured.
        """
        numbers = self._willing(segment)
        if len(numbers) < uplift.MEMBERS_MIN:
            return None
        last = self._insight.everything().last_day
        before = self._spent(numbers, last - 2 * days + 1, last - days)
        after = self._spent(numbers, last - days + 1, last)
        return uplift.smallest_visible(before, after, members=len(numbers))

    def start(
        self,
        name: str,
        segment: MemberSegment,
        *,
        days: int,
        share: float = uplift.CONTROL_SHARE,
        cost_minor: int = 0,
        approval: Approval | None = None,
    ) -> Drawn:
        """Draw and keep. Members who did not agree to be contacted are not chosen at all. Raises Refused: "campaign_nobody" …"""
        self._session.permit(Right.SETTINGS, 1, approval)
        name = name.strip()[:NAME_CHARACTERS_MAX]
        if not name:
            raise Refused("campaign_name")
        if not 1 <= days <= DAYS_MAX:
            raise Refused("campaign_days", most=DAYS_MAX)
        numbers = self._willing(segment)
        if not len(numbers):
            raise Refused("campaign_nobody")
        today, campaign_id = self._today(), self._ids()
        split = uplift.draw_control(
            numbers, self._places(numbers), today, np.random.default_rng(campaign_id.int), share=share
        )
        is_control = (
            np.zeros(len(numbers), dtype=np.bool_) if isinstance(split, TooLittle) else split.is_control
        )
        campaign = Campaign(
            campaign_id.hex, name, today, days, segment, len(numbers), int(is_control.sum()), cost_minor
        )
        self._keep(campaign, numbers, is_control)
        files = self._insight.members()
        ids = [files[number].id for number in numbers.tolist()]
        return Drawn(
            campaign,
            tuple(one for one, out in zip(ids, is_control.tolist(), strict=True) if not out),
            tuple(one for one, out in zip(ids, is_control.tolist(), strict=True) if out),
        )

    def campaigns(self) -> tuple[Campaign, ...]:
        """The newest first; a damaged one is left out."""
        kept = self._store.desk.setting(CAMPAIGNS)
        found = []
        for plain in kept if isinstance(kept, list) else ():
            try:
                found.append(_campaign_from_plain(plain))
            except Refused:
                continue
        return tuple(sorted(found, key=lambda one: (one.sent_on, one.id), reverse=True))

    def effect(self, campaign: Campaign, *, margin: float = 1.0) -> uplift.Effect | TooLittle:
        """Of the days that are over, against as many days before. Raises Refused("campaign_damaged")."""
        self._session.permit(Right.REPORTS, 1)
        numbers, is_control = self._kept(campaign)
        last = min(campaign.watched.last_day, self._insight.everything().last_day)
        first = day_number(campaign.sent_on)
        if last < first:
            return TooLittle("days", 0, 1)
        watched = Period(campaign.sent_on, date_of(last))
        before = self._spent(numbers, first - watched.days, first - 1)
        after = self._spent(numbers, first, last)
        return uplift.effect(before, after, is_control, watched, margin=margin, cost=campaign.cost_minor)

    # --- inside -------------------------------------------------------------------------------------------------------

    def _willing(self, segment: MemberSegment) -> NDArray[Any]:
        files = self._insight.members()
        numbers = self._segments.numbers(segment)
        return np.array([one for one in numbers.tolist() if files[one].has_consent], dtype=np.int64)

    def _places(self, numbers: NDArray[Any]) -> NDArray[Any]:
        """Everybody's RFM segment as of today, so that the draw leaves out the same share of each."""
        answer = self._insight.rfm().value
        places = np.full(len(numbers), NOWHERE, dtype=np.int64)
        if isinstance(answer, Rfm):
            at = np.minimum(np.searchsorted(answer.measures.member, numbers), answer.n - 1)
            known = answer.measures.member[at] == numbers
            places[known] = answer.segment[at[known]]
        return places

    def _spent(self, numbers: NDArray[Any], first_day: int, last_day: int) -> NDArray[Any]:
        known: Columns = self._insight.columns()
        tickets = known.tickets
        inside = (tickets.day >= first_day) & (tickets.day <= last_day)
        size = int(max(numbers.max(initial=0), tickets.member.max(initial=0))) + 1
        spent: NDArray[Any] = sums(tickets.member[inside], tickets.net[inside], size)[numbers]
        return spent

    def _keep(self, campaign: Campaign, numbers: NDArray[Any], is_control: NDArray[Any]) -> None:
        others = self.campaigns()
        if len(others) >= CAMPAIGNS_MAX:
            raise Refused("campaigns_too_many", most=CAMPAIGNS_MAX)
        details = {"campaign": campaign.name, "members": campaign.n, "control": campaign.control}
        event = AuditEvent("campaign_started", self._session.operator_id, self._clock.now_ms(), details)
        drawn = {"members": numbers.tolist(), "control": np.flatnonzero(is_control).tolist()}
        with self._store.begin() as work:
            work.put_setting(CAMPAIGNS, [_campaign_to_plain(one) for one in (*others, campaign)])
            work.put_setting(MEMBERS + campaign.id, drawn)
            work.audit(event)
            work.commit()

    def _kept(self, campaign: Campaign) -> tuple[NDArray[Any], NDArray[Any]]:
        kept = self._store.desk.setting(MEMBERS + campaign.id)
        if not isinstance(kept, Mapping):
            raise Refused("campaign_damaged")
        numbers = np.array(_whole(kept.get("members")), dtype=np.int64)
        is_control = np.zeros(len(numbers), dtype=np.bool_)
        is_control[np.array(_whole(kept.get("control")), dtype=np.int64)] = True
        return numbers, is_control

    def _today(self) -> date:
        shift = self._session.shift
        return shift.business_date if shift is not None else self._clock.local().date()


def _whole(values: object) -> Sequence[int]:
    if not isinstance(values, list) or not all(type(one) is int for one in values):
        raise Refused("campaign_damaged")
    return values


def _campaign_to_plain(campaign: Campaign) -> dict[str, Any]:
    return {
        "id": campaign.id,
        "name": campaign.name,
        "sent_on": campaign.sent_on.isoformat(),
        "days": campaign.days,
        "segment": segment_to_plain(campaign.segment),
        "n": campaign.n,
        "control": campaign.control,
        "cost_minor": campaign.cost_minor,
    }


def _campaign_from_plain(plain: Any) -> Campaign:
    try:
        return Campaign(
            str(plain["id"]),
            str(plain["name"]),
            date.fromisoformat(plain["sent_on"]),
            int(plain["days"]),
            segment_from_plain(plain["segment"]),
            int(plain["n"]),
            int(plain["control"]),
            int(plain["cost_minor"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Refused("campaign_damaged") from error
