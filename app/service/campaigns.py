"""Campaigns with a control group: who was chosen, who was left out by lot, and what came of it.

Everything is decided on the day it is sent and kept: the members, their segments of that day, the seed, the draw. The effect is the
difference to who got nothing, never "before against after"; under two hundred members nobody is left out and nothing is measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from app.domain.authority import Approval, Right
from app.domain.errors import Refused
from app.domain.ids import MemberId
from app.insight import uplift
from app.insight.columns import Tickets, sums
from app.insight.rfm import Rfm
from app.insight.values import Period, TooLittle, date_of, day_number
from app.service.campaign_values import (
    DAYS_MAX,
    MESSAGE_CHARACTERS_MAX,
    NAME_CHARACTERS_MAX,
    Campaign,
    Drawn,
    Offer,
    Outcome,
    People,
    Plan,
    Power,
    campaign_from_plain,
    campaign_to_plain,
    whole_numbers,
)
from app.service.insight_desk import InsightDesk
from app.service.ports import AuditEvent, Clock, IdSource, Store
from app.service.segment_table import Check
from app.service.segment_values import MemberSegment
from app.service.segments import SegmentDesk
from app.service.session import Session

if TYPE_CHECKING:
    from numpy.typing import NDArray

CAMPAIGNS: Final = "insight.campaigns"
MEMBERS: Final = "insight.campaign."  # with the id behind it: who was chosen
CAMPAIGNS_MAX: Final = 200
NOWHERE: Final = -1


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    """A draw as the books have it: the members' numbers, who of them is left out, and everybody's segment of the day."""

    numbers: NDArray[Any]
    is_control: NDArray[Any]
    places: NDArray[Any]


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

    # --- before it is sent --------------------------------------------------------------------------------------------

    def power(self, segment: MemberSegment, days: int, share: float, check: Check = lambda: None) -> Power:
        """What a campaign of this size and length could show. ``check`` may raise Cancelled."""
        members = self._segments.count(segment, check)
        numbers = self._willing(segment)
        check()
        if len(numbers) < uplift.MEMBERS_MIN or not share:
            return Power(members, len(numbers), 0)
        last = self._insight.everything().last_day
        before, _ = self._bought(numbers, last - 2 * days + 1, last - days)
        after, did = self._bought(numbers, last - days + 1, last)
        base = float(did.mean())
        return Power(
            members,
            len(numbers),
            round(len(numbers) * share),
            base,
            uplift.smallest_visible_share(base, members=len(numbers), control_share=share),
            uplift.smallest_visible(before, after, members=len(numbers), control_share=share),
        )

    def start(self, plan: Plan, *, approval: Approval | None = None) -> Drawn:
        """Draw and keep; nothing is sent yet. Members who did not agree to be contacted are not chosen at all.

        Raises Refused: "campaign_name", "campaign_days", "campaign_message", "coupon_template_unknown", "campaign_nobody",
        "campaigns_too_many".
        """
        self._session.permit(Right.SETTINGS, 1, approval)
        name = plan.name.strip()[:NAME_CHARACTERS_MAX]
        message = plan.message.strip()[:MESSAGE_CHARACTERS_MAX]
        if not name:
            raise Refused("campaign_name")
        if not 1 <= plan.days <= DAYS_MAX:
            raise Refused("campaign_days", most=DAYS_MAX)
        if plan.offer is Offer.MESSAGE and not message:
            raise Refused("campaign_message")
        if plan.offer is Offer.COUPON and not plan.template:
            raise Refused("coupon_template_unknown", template="")
        numbers = self._willing(plan.segment)
        if not len(numbers):
            raise Refused("campaign_nobody")
        own, today, places = self._ids(), self.today(), self._places(numbers)
        is_control = _draw(numbers, places, today, own.int, plan.share)
        campaign = Campaign(
            own.hex,
            name,
            today,
            plan.days,
            plan.segment,
            len(numbers),
            int(is_control.sum()),
            own.int,
            plan.share if is_control.any() else 0.0,
            plan.offer,
            plan.template if plan.offer is Offer.COUPON else "",
            message if plan.offer is Offer.MESSAGE else "",
            plan.cost_minor,
        )
        self._keep(campaign, _Kept(numbers, is_control, places), approval)
        return self.drawn(campaign)

    # --- afterwards ---------------------------------------------------------------------------------------------------

    def campaigns(self) -> tuple[Campaign, ...]:
        """The newest first; a damaged one is left out."""
        kept = self._store.desk.setting(CAMPAIGNS)
        found = []
        for plain in kept if isinstance(kept, list) else ():
            try:
                found.append(campaign_from_plain(plain))
            except Refused:
                continue
        return tuple(sorted(found, key=lambda one: (one.sent_on, one.id), reverse=True))

    def today(self) -> date:
        """The business date by which days are over or still to come."""
        shift = self._session.shift
        return shift.business_date if shift is not None else self._clock.local().date()

    def drawn(self, campaign: Campaign) -> Drawn:
        """Who was drawn on that day, as it is kept. Whoever was erased since is left out. Raises Refused("campaign_damaged")."""
        self._session.permit(Right.REPORTS, 1)
        kept, files = self._kept(campaign), self._insight.members()
        groups: tuple[list[MemberId], list[MemberId]] = ([], [])
        for number, is_out in zip(kept.numbers.tolist(), kept.is_control.tolist(), strict=True):
            if number in files:
                groups[is_out].append(files[number].id)
        return Drawn(campaign, tuple(groups[False]), tuple(groups[True]))

    def is_as_drawn(self, campaign: Campaign) -> bool:
        """Whether the seed that is kept draws the very same members once more."""
        kept = self._kept(campaign)
        again = _draw(kept.numbers, kept.places, campaign.sent_on, campaign.seed, campaign.share)
        return bool(np.array_equal(again, kept.is_control))

    def people(self, campaign: Campaign, which: People) -> tuple[tuple[MemberId, int], ...]:
        """Who stands behind a figure, with what they spent on the days that are watched (minor units), the most first."""
        self._session.permit(Right.REPORTS, 1)
        kept, files = self._kept(campaign), self._insight.members()
        first, last = day_number(campaign.sent_on), min(campaign.watched.last_day, day_number(self.today()))
        spent, did = self._bought(kept.numbers, first, last)
        chosen = kept.is_control if which is People.CONTROL else ~kept.is_control
        if which is People.BOUGHT:
            chosen &= did
        rows = np.flatnonzero(chosen)
        rows = rows[np.argsort(-spent[rows], kind="stable")]
        pairs = zip(kept.numbers[rows].tolist(), spent[rows].tolist(), strict=True)
        return tuple((files[number].id, int(minor)) for number, minor in pairs if number in files)

    def outcome(self, campaign: Campaign, *, margin: float = 1.0) -> Outcome:
        """How it stands. Raises Refused("campaign_damaged")."""
        self._session.permit(Right.REPORTS, 1)
        kept, today = self._kept(campaign), self.today()
        first, last = day_number(campaign.sent_on), min(campaign.watched.last_day, day_number(today))
        watched = Period(campaign.sent_on, date_of(last)) if last >= first else None
        is_over = today > campaign.watched.last
        after, did = self._bought(kept.numbers, first, last)
        bought = (int(did[~kept.is_control].sum()), int(did[kept.is_control].sum()))
        coupons = self._store.coupons.batch_figures(campaign.id) if campaign.template else None
        cost = campaign.cost_minor + (coupons.off_minor if coupons else 0)
        rise = found = None
        if is_over and campaign.control:
            before, _ = self._bought(kept.numbers, first - campaign.days, first - 1)
            rise = uplift.share_effect(did, kept.is_control)
            found = uplift.effect(before, after, kept.is_control, campaign.watched, margin=margin, cost=cost)
        return Outcome(campaign, watched, is_over, bought, rise, found, coupons, cost)

    # --- inside -------------------------------------------------------------------------------------------------------

    def _willing(self, segment: MemberSegment) -> NDArray[Any]:
        files = self._insight.members()
        numbers = self._segments.numbers(segment)
        return np.array(
            [one for one in numbers.tolist() if one in files and files[one].has_consent], dtype=np.int64
        )

    def _places(self, numbers: NDArray[Any]) -> NDArray[Any]:
        """Everybody's RFM segment as of today, so that the draw leaves out the same share of each."""
        answer = self._insight.rfm().value
        places = np.full(len(numbers), NOWHERE, dtype=np.int64)
        if isinstance(answer, Rfm):
            at = np.minimum(np.searchsorted(answer.measures.member, numbers), answer.n - 1)
            known = answer.measures.member[at] == numbers
            places[known] = answer.segment[at[known]]
        return places

    def _bought(
        self, numbers: NDArray[Any], first_day: int, last_day: int
    ) -> tuple[NDArray[Any], NDArray[Any]]:
        """(what each spent in these days, whether they bought at all)."""
        tickets: Tickets = self._insight.columns().tickets
        inside = (tickets.day >= first_day) & (tickets.day <= last_day)
        size = int(max(numbers.max(initial=0), tickets.member.max(initial=0))) + 1
        spent = sums(tickets.member[inside], tickets.net[inside], size)[numbers]
        did = np.zeros(size, dtype=np.bool_)
        did[tickets.member[inside & tickets.is_purchase]] = True
        return spent, did[numbers]

    def _keep(self, campaign: Campaign, drawn: _Kept, approval: Approval | None) -> None:
        others = self.campaigns()
        if len(others) >= CAMPAIGNS_MAX:
            raise Refused("campaigns_too_many", most=CAMPAIGNS_MAX)
        details = {"campaign": campaign.name, "members": campaign.n, "control": campaign.control}
        by = approval.approved_by if approval else None
        event = AuditEvent(
            "campaign_started", self._session.operator_id, self._clock.now_ms(), details, approved_by=by
        )
        plain = {
            "members": drawn.numbers.tolist(),
            "control": np.flatnonzero(drawn.is_control).tolist(),
            "segments": drawn.places.tolist(),
        }
        with self._store.begin() as work:
            work.put_setting(CAMPAIGNS, [campaign_to_plain(one) for one in (*others, campaign)])
            work.put_setting(MEMBERS + campaign.id, plain)
            work.audit(event)
            work.commit()

    def _kept(self, campaign: Campaign) -> _Kept:
        kept = self._store.desk.setting(MEMBERS + campaign.id)
        if not isinstance(kept, Mapping):
            raise Refused("campaign_damaged")
        numbers = np.array(whole_numbers(kept.get("members")), dtype=np.int64)
        places = np.array(whole_numbers(kept.get("segments")), dtype=np.int64)
        control = np.array(whole_numbers(kept.get("control")), dtype=np.int64)
        if len(places) != len(numbers) or not ((control >= 0) & (control < len(numbers))).all():
            raise Refused("campaign_damaged")
        is_control = np.zeros(len(numbers), dtype=np.bool_)
        is_control[control] = True
        return _Kept(numbers, is_control, places)


def _draw(
    numbers: NDArray[Any], places: NDArray[Any], on: date, seed: int, share: float
) -> NDArray[np.bool_]:
    """Who is left out: the same for the same seed, members and segments."""
    if share:
        split = uplift.draw_control(numbers, places, on, np.random.default_rng(seed), share=share)
        if not isinstance(split, TooLittle):
            return np.array(split.is_control, dtype=np.bool_)
    return np.zeros(len(numbers), dtype=np.bool_)
