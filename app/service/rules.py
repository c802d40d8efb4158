"""The owner's rule desk: rules composed, told in plain words, tried on a sale, and put in force as a new version.

History is never changed: a version that was in force stays what it was, and every sale names those it used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from app.domain.authority import Right
from app.domain.errors import Refused
from app.domain.ids import CategoryId, ItemId
from app.domain.loyalty.describe import gift_sentences, points_sentences, tier_sentences
from app.domain.loyalty.documents import RuleArea, RuleDocument
from app.domain.loyalty.earning import Earned, SaleView, SoldGoods, earned, view_of
from app.domain.loyalty.gifts import GiftRules
from app.domain.loyalty.phrase import phrase
from app.domain.loyalty.points_rules import FACTOR_ONE, PointsRules
from app.domain.loyalty.rule_codec_points import points_rules_from_plain, points_rules_to_plain
from app.domain.loyalty.rule_codec_tiers import (
    gift_rules_from_plain,
    gift_rules_to_plain,
    tier_rules_from_plain,
    tier_rules_to_plain,
)
from app.domain.loyalty.tiers import TierRules
from app.domain.transaction import RetailTransaction
from app.service.ports import Category, Clock, Store, UnitOfWork
from app.service.rule_words import say, say_all
from app.service.rulebook import InForce, Rulebook
from app.service.session import Session

NOTE_MAX = 200
MULTIPLIED = "rules.trace_multiplier"
Paths = Mapping[CategoryId, tuple[CategoryId, ...]]


class RuleDesk:
    """``points``, ``tiers`` and ``gifts`` are the rules in force; a draft is just another value of the same kind."""

    def __init__(self, store: Store, session: Session, clock: Clock, rulebook: Rulebook) -> None:
        self._store = store
        self._session = session
        self._clock = clock
        self._rulebook = rulebook

    @property
    def points(self) -> InForce[PointsRules]:
        return self._rulebook.points()

    @property
    def tiers(self) -> InForce[TierRules]:
        return self._rulebook.tiers()

    @property
    def gifts(self) -> InForce[GiftRules]:
        return self._rulebook.gifts()

    def versions(self, area: RuleArea) -> tuple[RuleDocument, ...]:
        """Every version that was written, newest first."""
        return self._store.rules.versions(area)

    # --- putting in force -------------------------------------------------------------------------------------------

    def save_points(
        self, rules: PointsRules, *, valid_from: int | None = None, note: str = ""
    ) -> RuleDocument:
        """In force from now, or from an instant to come.

        Raises Refused: "rules_unchanged", "rules_valid_from_past"; ApprovalNeeded without the right to the settings.
        """
        body = points_rules_to_plain(rules)
        assert points_rules_from_plain(body) == rules, "what is written reads back the same"
        return self._save(RuleArea.POINTS, body, valid_from, note, self._keep_settings)

    def save_tiers(self, rules: TierRules, *, valid_from: int | None = None, note: str = "") -> RuleDocument:
        body = tier_rules_to_plain(rules)
        assert tier_rules_from_plain(body) == rules, "what is written reads back the same"
        return self._save(RuleArea.TIERS, body, valid_from, note)

    def save_gifts(self, rules: GiftRules, *, valid_from: int | None = None, note: str = "") -> RuleDocument:
        body = gift_rules_to_plain(rules)
        assert gift_rules_from_plain(body) == rules, "what is written reads back the same"
        return self._save(RuleArea.GIFTS, body, valid_from, note)

    def save(
        self,
        area: RuleArea,
        body: Mapping[str, Any],
        *,
        valid_from: int | None = None,
        note: str = "",
    ) -> RuleDocument:
        """The same for any area, from what its codec wrote. Raises as :meth:`save_points` does."""
        if area is RuleArea.POINTS:
            return self._save(area, body, valid_from, note, self._keep_settings)
        return self._save(area, body, valid_from, note)

    def _save(
        self,
        area: RuleArea,
        body: Mapping[str, Any],
        valid_from: int | None,
        note: str,
        before: Callable[[UnitOfWork, int], int] = lambda work, now: 1,
    ) -> RuleDocument:
        self._session.permit(Right.SETTINGS, 1)
        now = self._clock.now_ms()
        if valid_from is not None and valid_from < now:
            raise Refused("rules_valid_from_past")
        begins = now if valid_from is None else valid_from
        current = self._store.rules.current(area, begins)
        if current is not None and current.body == body:
            raise Refused("rules_unchanged")
        with self._store.begin() as work:
            version_min = before(work, now)
            document = work.put_rules(
                area,
                body,
                valid_from=begins,
                at=now,
                operator_id=self._session.operator_id,
                note=note.strip()[:NOTE_MAX],
                version_min=version_min,
            )
            work.commit()
        return document

    def _keep_settings(self, work: UnitOfWork, now: int) -> int:
        """The rules that a shop had by its settings become a version as well, so that its old sales can be explained."""
        if self._store.rules.versions(RuleArea.POINTS):
            return 1
        settings = self._rulebook.points(now)
        kept = work.put_rules(
            RuleArea.POINTS,
            points_rules_to_plain(settings.rules),
            valid_from=0,
            at=now,
            version_min=settings.version,
        )
        return kept.version + 1

    # --- in words ---------------------------------------------------------------------------------------------------

    def describe_points(self, rules: PointsRules, language: str | None = None) -> tuple[str, ...]:
        """A sentence for each thing the rules say."""
        names = self._names()
        sentences = points_sentences(
            rules, self._session.shop.currency, lambda one: names(one), self.tier_name
        )
        return say_all(sentences, language)

    def describe_tiers(self, rules: TierRules, language: str | None = None) -> tuple[str, ...]:
        return say_all(tier_sentences(rules, self._session.shop.currency), language)

    def describe_gifts(self, rules: GiftRules, language: str | None = None) -> tuple[str, ...]:
        return say_all(gift_sentences(rules, self.tier_name), language)

    def tier_name(self, code: str) -> str:
        """``""`` for a tier that is no more."""
        tier = self.tiers.rules.tier(code)
        return "" if tier is None else tier.name

    def _names(self) -> Callable[[UUID], str]:
        categories = {category.id: category.name for category in self._store.catalogue.categories()}
        now = self._clock.now_ms()

        def name_of(one: UUID) -> str:
            name = categories.get(CategoryId(one))
            if name is not None:
                return name
            item = self._store.catalogue.by_id(ItemId(one), now)
            return "" if item is None else item.name

        return name_of

    # --- tried on a sale --------------------------------------------------------------------------------------------

    def preview(
        self,
        rules: PointsRules,
        sale: RetailTransaction,
        *,
        tier: str | None = None,
        is_birthday_month: bool = False,
        on: date | None = None,
    ) -> Earned:
        """What a past sale would have earned under these rules. ``tier``: another one than its member has (default: theirs)."""
        if tier is None:
            card = self._store.members.by_id(sale.member_id) if sale.member_id is not None else None
            tier = "" if card is None else card.member.tier
        view = self.view(rules, sale, tier=tier, is_birthday_month=is_birthday_month)
        return earned(rules, view if on is None else replace(view, on=on))

    def view(
        self,
        rules: PointsRules,
        sale: RetailTransaction,
        *,
        tier: str = "",
        tier_factor: int | None = None,
        is_birthday_month: bool = False,
    ) -> SaleView:
        """A past sale as the rules see it. ``tier_factor`` None: as the tiers in force have it."""
        return view_of(
            rules,
            sale.lines,
            sale.tenders,
            category_paths(self._store.catalogue.categories()),
            on=sale.header.business_date,
            currency=sale.total.currency,
            tier=tier,
            tier_factor=self._factor(tier) if tier_factor is None else tier_factor,
            is_birthday_month=is_birthday_month,
        )

    def preview_amount(
        self,
        rules: PointsRules,
        amount_minor: int,
        *,
        on: date,
        item_id: ItemId | None = None,
        category_path: tuple[CategoryId, ...] = (),
        tier: str = "",
        is_birthday_month: bool = False,
    ) -> Earned:
        """What so much money would earn: one line of these goods (default: goods that no rule names)."""
        goods = SoldGoods(1, item_id or ItemId(UUID(int=0)), category_path, amount_minor)
        return self.preview_goods(rules, (goods,), on=on, tier=tier, is_birthday_month=is_birthday_month)

    def preview_goods(
        self,
        rules: PointsRules,
        goods: tuple[SoldGoods, ...],
        *,
        on: date,
        tier: str = "",
        is_birthday_month: bool = False,
    ) -> Earned:
        """What these goods would earn together, on one ticket."""
        return earned(
            rules,
            SaleView(
                on=on,
                goods=goods,
                currency=self._session.shop.currency,
                tier=tier,
                tier_factor=self._factor(tier),
                is_birthday_month=is_birthday_month,
            ),
        )

    def _factor(self, tier: str) -> int:
        return self.tiers.rules.factor_of(tier) if tier else FACTOR_ONE


def explain(result: Earned, language: str | None = None) -> tuple[str, ...]:
    """Why a sale earns what it earns, a line for each part: ``星期三 ×2：+12``."""
    return tuple(
        say(phrase("rules.trace_line", why=part.why, points=f"{part.points:+,}"), language)
        if part.why.key == MULTIPLIED
        else say(part.why, language)
        for part in result.trace
    )


def category_paths(categories: tuple[Category, ...]) -> Paths:
    """The path of each category from its root, itself included."""
    parents = {category.id: category.parent_id for category in categories}
    paths: dict[CategoryId, tuple[CategoryId, ...]] = {}
    for own in parents:
        path, above = [own], parents[own]
        while above is not None and above not in path:
            path.append(above)
            above = parents.get(above)
        paths[own] = tuple(reversed(path))
    return paths
