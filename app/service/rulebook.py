"""The rules in force, read once for each version: whoever sells asks here at every key and never waits.

A shop that never wrote rules of its own goes by its settings, which count as the version they name; its points work as they always did.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from app.domain.loyalty.documents import RuleArea
from app.domain.loyalty.gifts import NO_GIFTS, GiftRules
from app.domain.loyalty.points_rules import Burn, PointsRules, Rate
from app.domain.loyalty.rule_codec_points import points_rules_from_plain
from app.domain.loyalty.rule_codec_tiers import gift_rules_from_plain, tier_rules_from_plain
from app.domain.loyalty.term import NEVER, Term, TermKind
from app.domain.loyalty.tiers import NO_TIERS, TierRules
from app.domain.points import PointsRule
from app.domain.price_level import PriceLevel, price_levels
from app.service.ports import Clock, Store
from app.service.session import Session
from app.service.shop import ShopSettings

Rules_co = TypeVar("Rules_co", covariant=True)


@dataclass(frozen=True, slots=True)
class InForce(Generic[Rules_co]):
    """Rules and their version. Version 0: nobody wrote any, and there are none."""

    version: int
    rules: Rules_co


_NO_TIERS: Final = InForce(0, NO_TIERS)


class Rulebook:
    def __init__(self, store: Store, session: Session, clock: Clock) -> None:
        self._store = store
        self._session = session
        self._clock = clock
        self._read: dict[tuple[RuleArea, int], InForce[Any]] = {}
        self._from_settings: tuple[ShopSettings, InForce[PointsRules]] | None = None
        self._rule: tuple[InForce[PointsRules], PointsRule] | None = None
        self._levels: tuple[InForce[TierRules], Mapping[str, PriceLevel]] | None = None

    def points(self, at: int | None = None) -> InForce[PointsRules]:
        """At this instant (default: now). Raises Refused("rules_damaged"), "record_newer"."""
        found = self._in_force(RuleArea.POINTS, at, points_rules_from_plain)
        return self._settings() if found is None else found

    def tiers(self, at: int | None = None) -> InForce[TierRules]:
        return self._in_force(RuleArea.TIERS, at, tier_rules_from_plain) or _NO_TIERS

    def price_levels(self) -> Mapping[str, PriceLevel]:
        """What the tiers make of prices now; empty when they make nothing of them."""
        current = self.tiers()
        if self._levels is None or self._levels[0] is not current:
            self._levels = (current, price_levels(current.rules))
        return self._levels[1]

    def gifts(self, at: int | None = None) -> InForce[GiftRules]:
        return self._in_force(RuleArea.GIFTS, at, gift_rules_from_plain) or InForce(0, NO_GIFTS)

    def points_rule(self, at: int | None = None) -> PointsRule:
        """The part of the points rules that spending and the ledger need."""
        if at is None:
            return self.points_in_force()[1]
        return rule_of(self.points(at))

    def points_in_force(self) -> tuple[InForce[PointsRules], PointsRule]:
        """Both at once: a sale asks when it records its points, and when it posts them."""
        current = self.points()
        kept = self._rule
        if kept is None or kept[0] is not current:
            kept = self._rule = (current, rule_of(current))
        return kept

    def _in_force(
        self, area: RuleArea, at: int | None, read: Callable[[Mapping[str, Any]], Any]
    ) -> InForce[Any] | None:
        document = self._store.rules.current(area, self._clock.now_ms() if at is None else at)
        if document is None:
            return None
        key = (area, document.version)
        if key not in self._read:
            self._read[key] = InForce(document.version, read(document.body))
        return self._read[key]

    def _settings(self) -> InForce[PointsRules]:
        shop = self._session.shop
        kept = self._from_settings
        if kept is None or (kept[0] is not shop and kept[0] != shop):
            kept = self._from_settings = (shop, InForce(shop.points_rule_version, rules_of_settings(shop)))
        return kept[1]


def rules_of_settings(shop: ShopSettings) -> PointsRules:
    """What the settings of a shop without rules of its own mean."""
    days = shop.points_expire_after_days
    return PointsRules(
        base=Rate(shop.points_earn_step_minor, shop.points_earn),
        burn=Burn(shop.points_burn_value_minor, share_max=shop.points_burn_share_max),
        expires=Term(TermKind.DAYS, days) if days else NEVER,
    )


def rule_of(current: InForce[PointsRules]) -> PointsRule:
    rules, burn = current.rules, current.rules.burn
    return PointsRule(
        version=current.version,
        earn_step_minor=rules.base.step_minor,
        earn_points=rules.base.points,
        burn_value_minor=burn.value_minor,
        burn_step=burn.step,
        burn_share_max=burn.share_max,
        burn_value_points=burn.value_points,
        burn_balance_min=burn.balance_min,
        burn_sale_max=burn.per_sale_max,
        pending_days=rules.pending_days,
        term=rules.expires,
        may_owe=rules.may_owe,
    )
