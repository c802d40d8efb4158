"""The basket of the customer in front of the till: its price, and how it is put aside, taken up again or thrown away.

The basket is an immutable value: every change sets a new one, tells whoever keeps the draft, and forgets the prices of the old one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import StrEnum

from app.domain.authority import Approval, Right
from app.domain.barcode import LabelRule
from app.domain.basket import Basket, BasketLine
from app.domain.errors import Refused
from app.domain.ids import BasketId
from app.domain.item import TaxClass
from app.domain.money import Money
from app.domain.price_level import PriceLevel
from app.domain.pricing import PriceContext, Priced, price
from app.domain.promotion_book import LocalMoment, PromotionBook
from app.domain.tax import TAIWAN_RATES
from app.domain.tendering import balance_due
from app.service.outcomes import NothingHappened, Outcome
from app.service.ports import AuditEvent, Clock, IdSource, Store
from app.service.session import Session


class Stage(StrEnum):
    """What the Enter key does next: show the total, or take the money."""

    ENTRY = "entry"
    TENDER = "tender"


class BasketDesk:
    """The basket in hand. What is entered into it is :class:`app.service.checkout.Checkout`'s.

    ``on_change(basket)`` is called after every change, for the autosaved draft; ``price_levels`` tells what tiers make of prices. The
    basket may be handed to another thread.
    """

    def __init__(
        self,
        store: Store,
        session: Session,
        clock: Clock,
        ids: IdSource,
        *,
        label_rules: tuple[LabelRule, ...] = (),
        on_change: Callable[[Basket], None] = lambda _: None,
        price_levels: Callable[[], Mapping[str, PriceLevel]] = dict,
    ) -> None:
        self._store = store
        self._session = session
        self._clock = clock
        self._ids = ids
        self._label_rules = label_rules
        self._on_change = on_change
        self._price_levels = price_levels
        self._promotions = PromotionBook(store.catalogue.promotions())
        self._priced: Priced | None = None
        self.stage = Stage.ENTRY
        self.pending_quantity: int | None = None
        self.offered_phone: str | None = None
        self.is_completing = False
        self.basket = self._new_basket()

    # --- what the screen shows -------------------------------------------------------------------------------------

    def priced(self) -> Priced:
        """The basket with every price, discount and tax; computed once per change."""
        if self._priced is None:
            self._priced = price(self.basket, self.price_context())
        return self._priced

    def price_context(self) -> PriceContext:
        local = self._clock.local()
        day = self._session.shift.business_date if self._session.shift else local.date()
        return PriceContext(
            promotions=self._promotions,
            moment=LocalMoment.at(day, local),
            tax_rates={**TAIWAN_RATES, TaxClass.TAXABLE: self._session.shop.tax_rate},
            currency=self._session.shop.currency,
            levels=self._price_levels(),
        )

    def due(self) -> Money:
        """What the customer still owes; negative: what they get back."""
        return balance_due(self.priced().total, self.basket.tenders)

    # --- hold, retrieve, cancel ------------------------------------------------------------------------------------

    def hold(self) -> BasketId:
        """Suspend this basket. Nothing is reserved and nothing is spent; it survives a restart."""
        from app.service.holding import held_sale

        self._refuse_locked()
        if self.basket.is_empty:
            raise Refused("basket_empty")
        held = held_sale(
            self.basket, self.priced().total.minor, self._clock.now_ms(), self._session.operator_id
        )
        with self._store.begin() as work:
            work.hold(held)
            work.save_draft(None)
            work.audit(self._event("hold", {"basket": held.id.hex, "total": held.total_minor}))
            work.commit()
        self.start_new()
        return held.id

    def retrieve(self, basket_id: BasketId) -> Outcome:
        """Bring a held basket back. Prices stay as they were pinned."""
        from app.service.holding import basket_of

        self._refuse_while_completing()
        if not self.basket.is_empty:
            raise Refused("basket_not_empty")
        with self._store.begin() as work:
            held = work.take_held(basket_id)
            if held is None:
                raise Refused("held_sale_gone")
            work.save_draft(held.body)
            work.audit(self._event("retrieve", {"basket": held.id.hex}))
            work.commit()
        self.resume(basket_of(held.body))
        return NothingHappened()

    def cancel(self, reason: str, approval: Approval | None = None) -> None:
        """Throw the basket away, with a reason that is kept."""
        self._refuse_locked()
        if not reason.strip():
            raise Refused("reason_needed")
        total = abs(self.priced().total.minor) if self.basket.live_lines else 0
        self._session.permit(Right.CANCEL_BASKET, total, approval)
        details = {
            "basket": self.basket.id.hex,
            "total": total,
            "lines": len(self.basket.live_lines),
            "reason": reason.strip()[:200],
        }
        with self._store.begin() as work:
            work.save_draft(None)
            work.audit(
                replace(
                    self._event("cancel_basket", details),
                    approved_by=approval.approved_by if approval else None,
                )
            )
            work.commit()
        self.start_new()

    def resume(self, basket: Basket) -> None:
        """Continue a draft or a held basket. A member's card is read afresh: points may have moved meanwhile."""
        if basket.member is not None and not basket.is_new_member:
            card = self._store.members.by_id(basket.member.member.id)
            basket = replace(basket, member=card)
        self.stage = Stage.TENDER if basket.tenders else Stage.ENTRY
        self._set(basket)

    def start_new(self) -> None:
        """An empty basket for the next customer."""
        self.stage = Stage.ENTRY
        self.pending_quantity = None
        self.offered_phone = None
        self.is_completing = False
        self._priced = None
        self.basket = self._new_basket()

    def refresh_promotions(self) -> None:
        """Promotions changed: the next basket uses them (lines already scanned keep their pinned prices)."""
        self._promotions = PromotionBook(self._store.catalogue.promotions())
        self._priced = None

    # --- inside ----------------------------------------------------------------------------------------------------

    def _new_basket(self) -> Basket:
        return Basket(BasketId(self._ids()), self._clock.now_ms())

    def _set(self, basket: Basket, *, reprice: bool = True) -> None:
        self.basket = basket
        if reprice:
            self._priced = None
        self._on_change(basket)

    def _changed(self, basket: Basket, outcome: Outcome) -> Outcome:
        self._set(basket)
        return outcome

    def _editable(self, number: int) -> BasketLine:
        self._refuse_locked()
        for line in self.basket.live_lines:
            if line.number == number:
                return line
        raise Refused("line_gone")

    def _refuse_locked(self) -> None:
        self._refuse_while_completing()
        if self.basket.tenders:
            raise Refused("basket_locked_by_tender")

    def _refuse_while_completing(self) -> None:
        if self.is_completing:
            raise Refused("sale_is_completing")

    def _with_approval(self, basket: Basket, approval: Approval | None) -> Basket:
        return basket if approval is None else replace(basket, approvals=(*basket.approvals, approval))

    def _event(self, kind: str, details: dict[str, object]) -> AuditEvent:
        return AuditEvent(kind, self._session.operator_id, self._clock.now_ms(), details)

    def _audit(self, kind: str, details: dict[str, object]) -> None:
        with self._store.begin() as work:
            work.audit(self._event(kind, details))
            work.commit()
