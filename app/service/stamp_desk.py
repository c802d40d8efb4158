"""Stamp cards at the counter: the cards the shop offers, what a member has on them, and a full card laid on the counter."""

from __future__ import annotations

from datetime import date
from typing import Final

from app.domain.authority import Approval, Right
from app.domain.basket import Basket
from app.domain.errors import Refused
from app.domain.ids import CategoryId, MemberId
from app.domain.loyalty.documents import RuleArea, RuleDocument
from app.domain.loyalty.stamps import (
    NO_CARDS,
    Parents,
    StampCard,
    StampReward,
    StampRules,
    StampStanding,
    standing,
    standings,
)
from app.domain.loyalty.stamps_codec import stamp_rules_from_plain, stamp_rules_to_plain
from app.service.ports import Clock, Store
from app.service.session import Session

PARENTS_MAX: Final = 32


class StampDesk:
    """Knows the shop's stamp cards. Reading waits for nothing but the local store."""

    def __init__(self, store: Store, session: Session, clock: Clock) -> None:
        self._store = store
        self._session = session
        self._clock = clock
        self._read: dict[int, StampRules] = {}
        self._parents: tuple[int, Parents] | None = None

    def rules(self) -> tuple[int, StampRules]:
        """The version in force and its cards; version 0: the shop has none. Raises Refused("rules_damaged")."""
        document = self._store.rules.current(RuleArea.STAMPS, self._clock.now_ms())
        return (0, NO_CARDS) if document is None else (document.version, self._rules_of(document))

    def card_of(self, key: str, version: int) -> StampCard | None:
        """The card as it was in this version; None where this till never had it."""
        document = self._store.rules.version(RuleArea.STAMPS, version)
        return None if document is None else self._rules_of(document).card(key)

    def write_rules(self, rules: StampRules, approval: Approval | None = None) -> int:
        """Another version, in force from now on. Returns its number."""
        self._session.permit(Right.SETTINGS, 1, approval)
        now = self._clock.now_ms()
        with self._store.begin() as work:
            document = work.put_rules(
                RuleArea.STAMPS,
                stamp_rules_to_plain(rules),
                valid_from=now,
                at=now,
                operator_id=self._session.operator_id,
            )
            work.commit()
        return document.version

    def standings(self, member_id: MemberId, tier: str, on: date) -> tuple[StampStanding, ...]:
        """The member's cards as the panel shows them."""
        version, rules = self.rules()
        if not version:
            return ()
        return standings(rules, self._store.stamps.of_member(member_id), on, tier)

    def reward(self, key: str, basket: Basket, on: date) -> StampReward:
        """A full card of the basket's member. Raises Refused: "stamp_card_unknown", "stamps_too_few", "stamp_reward_twice"."""
        version, rules = self.rules()
        card = rules.card(key)
        if card is None or basket.member is None or basket.is_new_member:
            raise Refused("stamp_card_unknown" if card is None else "stamps_too_few", missing=0)
        if any(one.card == key for one in basket.rewards):
            raise Refused("stamp_reward_twice", name=card.name)
        member_id = basket.member.member.id
        present = standing(card, self._store.stamps.of_member(member_id), on)
        if not present.rewards_ready:
            raise Refused("stamps_too_few", missing=card.needed - present.stamps)
        return reward_of(card, member_id, version)

    def automatic(self, basket: Basket, on: date) -> tuple[StampReward, ...]:
        """The full cards of the basket's member that are used by themselves and do not lie on the counter yet."""
        version, rules = self.rules()
        cards = [card for card in rules.cards if card.is_automatic]
        if not cards or basket.member is None or basket.is_new_member:
            return ()
        there = {one.card for one in basket.rewards}
        member_id = basket.member.member.id
        events = self._store.stamps.of_member(member_id)
        return tuple(
            reward_of(card, member_id, version)
            for card in cards
            if card.key not in there and standing(card, events, on).rewards_ready
        )

    def parents(self) -> Parents:
        """For each category all that it lies in, itself included. Read again when the catalogue has changed."""
        version = self._store.catalogue.version()
        if self._parents is None or self._parents[0] != version:
            above = {category.id: category.parent_id for category in self._store.catalogue.categories()}
            self._parents = (version, {own: _path(own, above) for own in above})
        return self._parents[1]

    def _rules_of(self, document: RuleDocument) -> StampRules:
        rules = self._read.get(document.version)
        if rules is None:
            rules = self._read[document.version] = stamp_rules_from_plain(document.body)
        return rules


def reward_of(card: StampCard, member_id: MemberId, version: int) -> StampReward:
    return StampReward(
        card=card.key,
        name=card.name,
        needed=card.needed,
        benefit=card.reward,
        member_id=member_id,
        rule_version=version,
        is_alone=card.goes_alone,
    )


def _path(own: CategoryId, above: dict[CategoryId, CategoryId | None]) -> tuple[CategoryId, ...]:
    path: list[CategoryId] = []
    at: CategoryId | None = own
    while at is not None and at not in path and len(path) < PARENTS_MAX:
        path.append(at)
        at = above.get(at)
    return tuple(path)
