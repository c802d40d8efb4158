"""What came of a campaign, as sentences and rows. Too early, too few and chance are said as such, and no number stands in their place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.domain.money import Currency, Money, format_money
from app.i18n import t
from app.insight.uplift import Effect, Verdict
from app.insight.values import Estimate, wilson
from app.service.campaign_values import Campaign, Outcome, People
from ui.owner.campaign_bars import Share
from ui.owner.insight_page import percent
from ui.owner.rows import RowData


@dataclass(frozen=True, slots=True)
class OutcomeWords:
    currency: Currency

    def finding(self, outcome: Outcome) -> str:
        """The title: what can be said now."""
        campaign = outcome.campaign
        if not campaign.control:
            return t("campaigns.not_measured")
        if not outcome.is_over:
            return t("campaigns.too_early", day=f"{campaign.watched.last:%Y/%m/%d}")
        if not isinstance(outcome.effect, Effect):
            return t("campaigns.too_few")
        each = self.money(abs(outcome.effect.each.value))
        match outcome.effect.verdict:
            case Verdict.WORKS:
                return t("campaigns.works", each=each)
            case Verdict.BACKFIRES:
                return t("campaigns.backfires", each=each)
            case Verdict.CANNOT_TELL:
                return t("campaigns.cannot_tell")

    def rows(self, outcome: Outcome) -> list[RowData]:
        campaign = outcome.campaign
        found = [_row("reached", _people(campaign.treated), key=People.REACHED)]
        if campaign.control:
            found.append(_row("control", _people(campaign.control), key=People.CONTROL))
        bought = People.BOUGHT if outcome.bought[0] else ""
        found.append(_row("bought", _people(outcome.bought[0]), self._bought(outcome), key=bought))
        if isinstance(outcome.rise, Estimate):
            points = outcome.rise.times(100)
            found.append(
                _row(
                    "rise", t("campaigns.points", points=f"{points.value:+.1f}"), self._sure(points, _points)
                )
            )
        if isinstance(outcome.effect, Effect):
            effect = outcome.effect
            found.append(_row("each", self.signed(effect.each.value), self._sure(effect.each, self.signed)))
            if effect.lift is not None:
                found.append(_row("lift", _share(effect.lift.value), self._sure(effect.lift, _share)))
            extra = effect.incremental
            found.append(_row("extra", self.signed(extra.value), self._sure(extra, self.signed)))
        if outcome.coupons is not None:
            issued = outcome.coupons.issued
            detail = (
                t("campaigns.coupons_of", issued=f"{issued:,}") if issued else t("campaigns.coupons_none")
            )
            found.append(_row("coupons", f"{outcome.coupons.used:,}", detail))
        found.append(_row("cost", self.money(outcome.cost_minor), self._cost(outcome)))
        if isinstance(outcome.effect, Effect):
            left = outcome.effect.profit
            detail = f"{self._sure(left, self.signed)}　{t('campaigns.before_goods')}"
            found.append(_row("left", self.signed(left.value), detail))
        return found

    def shares(self, outcome: Outcome) -> list[Share]:
        """Of each group, how many bought, and how sure that is."""
        campaign, (treated, control) = outcome.campaign, outcome.bought
        groups = (("treated", treated, campaign.treated), ("control", control, campaign.control))
        return [self._share(name, hits, n) for name, hits, n in groups]

    def about(self, campaign: Campaign) -> str:
        watched = campaign.watched
        return t(
            "campaigns.about",
            since=f"{watched.first:%Y/%m/%d}",
            until=f"{watched.last:%Y/%m/%d}",
            segment=campaign.segment.name,
        )

    def money(self, minor: float) -> str:
        return format_money(Money(round(minor), self.currency))

    def signed(self, minor: float) -> str:
        return f"{'+' if round(minor) > 0 else ''}{self.money(minor)}"

    # --- inside -------------------------------------------------------------------------------------------------------

    def _share(self, name: str, hits: int, n: int) -> Share:
        share = hits / n if n else 0.0
        low, high = (float(one[0]) for one in wilson(np.array([hits]), np.array([n])))
        label = t(f"campaigns.bar_{name}")
        told = t("campaigns.bar", group=label, n=f"{n:,}", bought=f"{hits:,}", share=percent(share))
        return Share(label, share, low, high, percent(share), told)

    def _bought(self, outcome: Outcome) -> str:
        """The groups beside each other only once the days are over: a difference of half the days is read as the effect."""
        campaign, (treated, control) = outcome.campaign, outcome.bought
        share = percent(treated / campaign.treated if campaign.treated else 0)
        if not outcome.is_over:
            return t("campaigns.so_far", days=f"{max(0, outcome.days_left):,}")
        if not campaign.control:
            return t("campaigns.bought_all", share=share)
        without = percent(control / campaign.control)
        return t("campaigns.bought_of", with_share=share, without_share=without)

    def _cost(self, outcome: Outcome) -> str:
        if outcome.coupons is None:
            return ""
        off, other = outcome.coupons.off_minor, outcome.campaign.cost_minor
        return t("campaigns.cost_of", off=self.money(off), other=self.money(other))

    def _sure(self, estimate: Estimate, say: object) -> str:
        assert callable(say)
        return t(
            "campaigns.sure",
            confidence=percent(estimate.confidence),
            low=say(estimate.low),
            high=say(estimate.high),
        )


def _row(name: str, value: str, detail: str = "", *, key: str = "") -> RowData:
    return RowData(key, t(f"campaigns.fact.{name}"), detail, value)


def _people(count: int) -> str:
    return t("campaigns.people", count=f"{count:,}")


def _share(value: float) -> str:
    return f"{value * 100:+.0f}%"


def _points(value: float) -> str:
    return f"{value:+.1f}"
