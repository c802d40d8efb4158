"""What is worth knowing of the member at the counter, read beside the sale and told when it is there.

Nothing here holds up a line or a key: the card stands on the screen first, the rest follows from the store's worker. What was read for
somebody who has gone meanwhile is thrown away.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.errors import TillError
from app.domain.ids import MemberId
from app.domain.pricing import price
from app.domain.promotion_book import PromotionBook

if TYPE_CHECKING:
    from app.domain.basket import Basket
    from app.domain.loyalty.stamps import StampStanding
    from app.domain.money import Money
    from app.domain.pricing import PriceContext
    from app.domain.statement import BalanceStatement
    from app.service.portrait_values import Portrait
    from app.service.till import Till
    from ui.tasks import Tasks

READ_AFTER_MS: Final = 30
"""Two frames: the card is painted before the worker asks for Python's attention."""
COUPONS_AFTER_MS: Final = 120


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """Everything of one member on one day."""

    member_id: MemberId
    portrait: Portrait
    statement: BalanceStatement
    stamps: tuple[StampStanding, ...]
    tier: str

    @property
    def full_cards(self) -> tuple[StampStanding, ...]:
        return tuple(card for card in self.stamps if card.rewards_ready)


@dataclass(frozen=True, slots=True)
class BestCoupons:
    """The coupons that make this basket cheapest, by name, and what they take off together."""

    names: tuple[str, ...]
    off: Money


class MemberWatch(QObject):
    """Follows the basket's member.

    Signals:
        changed(): there is more to show, or less.
        due_found(str, int): something is due for this member today: the words, and how many more things.
    """

    changed = Signal()
    due_found = Signal(str, int)

    def __init__(self, till: Till, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._till = till
        self._tasks = tasks
        self._basket: Basket | None = None
        self._priced_for: Basket | None = None
        self._is_pricing = False
        self._is_told = False
        self.facts: MemberFacts | None = None
        self.best: BestCoupons | None = None
        self._reading = _pause(self, READ_AFTER_MS, self._read)
        self._pricing = _pause(self, COUPONS_AFTER_MS, self._price)

    @property
    def member_id(self) -> MemberId | None:
        """Whose facts are wanted; somebody made with this very sale has none yet."""
        basket = self._basket
        if basket is None or basket.member is None or basket.is_new_member:
            return None
        return basket.member.member.id

    def follow(self, basket: Basket) -> None:
        """This is the basket now. What is already known costs nothing."""
        if basket is self._basket:
            return
        before, card = self.member_id, self._basket.member if self._basket else None
        self._basket = basket
        if self.member_id != before:
            self.facts, self.best, self._is_told = None, None, False
            self._reading.stop()
        if self.member_id is not None and (self.member_id != before or basket.member is not card):
            self._reading.start()
        if self.facts is not None:
            self._ask_price()

    def read_again(self) -> None:
        """Something about this member was changed elsewhere."""
        if self.member_id is not None:
            self._reading.start()

    # --- the member ---

    def _read(self) -> None:
        wanted = self.member_id
        if wanted is None:
            return
        till = self._till
        self._tasks.run(
            lambda: read_facts(till, wanted), on_done=self._on_read, on_error=_not_now, owner=self
        )

    def _on_read(self, facts: MemberFacts | None) -> None:
        if facts is None or facts.member_id != self.member_id:
            return
        self.facts = facts
        self.changed.emit()
        self._ask_price()
        if facts.portrait.due and not self._is_told:
            self._is_told = True
            self.due_found.emit(facts.portrait.due[0].words, len(facts.portrait.due) - 1)

    # --- their coupons beside this basket ---

    def _ask_price(self) -> None:
        if self.facts is None or not self.facts.portrait.coupons or self._basket is None:
            return
        if self._basket.live_lines and not self._basket.tenders and self._basket is not self._priced_for:
            self._pricing.start()
        elif not self._basket.live_lines and self.best is not None:
            self.best = None
            self.changed.emit()

    def _price(self) -> None:
        basket = self._basket
        if basket is None or self._is_pricing or not basket.live_lines or basket.tenders:
            return
        self._is_pricing, self._priced_for = True, basket
        till, context = self._till, self._till.checkout.price_context()
        self._tasks.run(
            lambda: best_coupons(till, basket, context),
            on_done=self._on_priced,
            on_error=_not_now,
            on_end=self._on_pricing_ended,
            owner=self,
        )

    def _on_priced(self, best: BestCoupons | None) -> None:
        if best != self.best and self.facts is not None:
            self.best = best
            self.changed.emit()

    def _on_pricing_ended(self) -> None:
        self._is_pricing = False
        self._ask_price()


def read_facts(till: Till, member_id: MemberId) -> MemberFacts | None:
    """Read on the store's worker; None when there is nobody of this id any more."""
    portrait = till.portraits.portrait(member_id)
    if portrait is None:
        return None
    member, on = portrait.card.member, till.coupons.business_date()
    return MemberFacts(
        member_id=member_id,
        portrait=portrait,
        statement=till.store.statement(member.id, on),
        stamps=till.stamps.standings(member.id, member.tier, on),
        tier=till.tiers.name_of(member.tier),
    )


def best_coupons(till: Till, basket: Basket, context: PriceContext) -> BestCoupons | None:
    """What one key would lay down; None where nothing helps. The offers are read anew: the sale's own book serves one thread alone."""
    context = replace(context, promotions=PromotionBook(till.store.catalogue.promotions()))
    best = till.coupons.best(basket, context)
    if not best:
        return None
    after = price(replace(basket, coupons=(*basket.coupons, *best)), context)
    return BestCoupons(tuple(one.terms.name for one in best), price(basket, context).total - after.total)


def _pause(owner: QObject, milliseconds: int, then: Callable[[], None]) -> QTimer:
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(then)
    return timer


def _not_now(_: TillError) -> None:
    """The card is on the screen; what could not be read of the rest is not worth a word in the middle of a sale."""
