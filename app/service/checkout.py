"""The checkout: one basket, one input line, from the first scan to the moment before the commit.

Every method either changes the basket and says what happened, or raises Refused and changes nothing. Nothing here waits: looking up reads
the local store, and the commit itself is :mod:`app.service.completion`, which the screen runs on the store's worker.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum

from app.domain import entry as entries
from app.domain.authority import Approval, Right
from app.domain.barcode import Label, LabelRule
from app.domain.basket import Basket, BasketLine, Discount, DiscountKind
from app.domain.errors import Refused
from app.domain.ids import BasketId, ItemId, MemberId
from app.domain.item import Item, TaxClass, Unit
from app.domain.member import Member, MemberCard
from app.domain.money import Money, extend, parse_amount, round_half_up
from app.domain.phone import fold_digits, national_number, one_digit_off, parse_phone
from app.domain.pricing import PriceContext, Priced, price
from app.domain.promotion_book import LocalMoment, PromotionBook
from app.domain.quantity import ONE
from app.domain.tax import TAIWAN_RATES
from app.domain.tender import TenderKind
from app.domain.tendering import balance_due, with_tender
from app.domain.transaction import RetailTransaction
from app.service.outcomes import (
    ItemsFound,
    LineAdded,
    MemberAttached,
    MemberOffered,
    NothingHappened,
    Outcome,
    PriceAsked,
    QuantitySet,
    ReadyToComplete,
    ReceiptFound,
    TenderTaken,
    TotalShown,
    WeightAsked,
)
from app.service.ports import AuditEvent, Clock, IdSource, Store
from app.service.recognition import gs1_line, labelled_line, not_here, recognise, require_quantity
from app.service.session import Session

OPEN_PRICE_MAX_DIGITS = 8


class Stage(StrEnum):
    """What the Enter key does next: show the total, or take the money."""

    ENTRY = "entry"
    TENDER = "tender"


class Checkout:
    """The basket of the customer in front of the till, and everything that may be done to it.

    ``on_change(basket)`` is called after every change, for the autosaved draft. The basket is an immutable value: it may be handed
    to another thread.
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
    ) -> None:
        self._store = store
        self._session = session
        self._clock = clock
        self._ids = ids
        self._label_rules = label_rules
        self._on_change = on_change
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
        )

    def due(self) -> Money:
        """What the customer still owes; negative: what they get back."""
        return balance_due(self.priced().total, self.basket.tenders)

    # --- the one line ----------------------------------------------------------------------------------------------

    def recognise(self, text: str, *, is_scan: bool = False) -> entries.Entry:
        """What this text would be taken for; nothing is looked up and nothing changes."""
        is_paying = self.stage is Stage.TENDER
        return recognise(text, self._session.shop, self._label_rules, is_scan=is_scan, is_paying=is_paying)

    def enter(self, text: str) -> Outcome:
        """The Enter key: the text that was typed, or nothing, which asks for the next step."""
        self._refuse_while_completing()
        recognised = self.recognise(text)
        if isinstance(recognised, entries.Nothing):
            return self._next_step()
        if self.stage is Stage.TENDER:
            amount = parse_amount(fold_digits(text), self._session.shop.currency)
            if amount is not None and len(text.strip()) <= OPEN_PRICE_MAX_DIGITS:
                return self.tender(TenderKind.CASH, amount)
        return self._take(recognised)

    def scan(self, code: str) -> Outcome:
        """A scanner's code. It never counts as an amount, and it reopens the basket when the total is already shown."""
        self._refuse_while_completing()
        if self.stage is Stage.TENDER and self.basket.tenders:
            raise Refused("scan_after_tender")
        outcome = self._take(self.recognise(code, is_scan=True), is_scan=True)
        if isinstance(outcome, LineAdded):
            self.stage = Stage.ENTRY
        return outcome

    def _next_step(self) -> Outcome:
        if self.offered_phone is not None:
            return self.confirm_new_member()
        if self.basket.is_empty:
            return NothingHappened()
        if self.stage is Stage.ENTRY:
            self._session.require_shift()
            self.stage = Stage.TENDER
            return TotalShown(self.due())
        due = self.due()
        if due.minor > 0:
            return self.tender(TenderKind.CASH, due.minor)
        return ReadyToComplete()

    def _take(self, recognised: entries.Entry, *, is_scan: bool = False) -> Outcome:
        match recognised:
            case entries.Phone(e164):
                return self.attach_phone(e164)
            case entries.Quantity(thousandths, rest):
                self.set_pending_quantity(thousandths)
                return self._take(self.recognise(rest), is_scan=is_scan) if rest else QuantitySet(thousandths)
            case entries.LabelledItem(code, label):
                return self._add_label(code, label)
            case entries.Barcode(code, other):
                return self._add_code(code, "barcode_unknown", other)
            case entries.Gs1Item():
                return self._add_gs1(recognised)
            case entries.DamagedBarcode(code):
                return self._add_code(code, "barcode_damaged")
            case entries.AlmostPhone(text, digits):
                raise Refused("phone_almost", text=text, digits=digits)
            case entries.MemberCode(code):
                card = self._store.members.by_code(code)
                if card is None:
                    raise Refused("member_code_unknown")
                return self.attach(card)
            case entries.ReceiptCode(number):
                return self._find_receipt(number)
            case entries.HeldCode(code):
                return self.retrieve(BasketId(self._held_id(code)))
            case entries.Carrier():
                raise Refused("carrier_not_supported")
            case entries.Unreadable(text):
                raise Refused("entry_unreadable", text=text)
            case entries.Search(text):
                return self._search(text, is_scan=is_scan)
            case entries.Nothing():
                return NothingHappened()
            case _:
                raise not_here(recognised)

    def _search(self, text: str, *, is_scan: bool) -> Outcome:
        now = self._clock.now_ms()
        item = self._store.catalogue.by_barcode(text, now) or self._store.catalogue.by_sku(text, now)
        if item is not None:
            return self.add_item(item, barcode=text)
        if is_scan:
            raise Refused("barcode_unknown", code=text[:32])
        hits = self._store.catalogue.search(text, now)
        if not hits:
            raise Refused("nothing_found", text=text[:32])
        return ItemsFound(hits, text)

    def _add_code(self, code: str, refusal: str, other: str = "") -> Outcome:
        now = self._clock.now_ms()
        item = self._store.catalogue.by_barcode(code, now) or self._store.catalogue.by_sku(code, now)
        if item is None and other:
            return self._add_code(other, refusal)
        if item is None:
            raise Refused(refusal, code=code)
        return self.add_item(item, barcode=code)

    def _add_label(self, code: str, label: Label) -> Outcome:
        item = self._store.catalogue.by_plu(label.plu, self._clock.now_ms())
        if item is None:
            return self._add_code(code, "barcode_unknown")
        return self._add(labelled_line(item, code, label, self._session.shop.currency), merge=False)

    def _add_gs1(self, found: entries.Gs1Item) -> Outcome:
        item = self._store.catalogue.by_barcode(found.gtin, self._clock.now_ms())
        line = item and gs1_line(item, found, self._session.shop.currency)
        return self._add(line, merge=False) if line else self._add_code(found.gtin, "barcode_unknown")

    def _find_receipt(self, number: str) -> Outcome:
        transaction = self._store.journal.by_receipt_number(number)
        if not isinstance(transaction, RetailTransaction):
            raise Refused("receipt_unknown", number=number)
        return ReceiptFound(transaction)

    # --- lines -----------------------------------------------------------------------------------------------------

    def set_pending_quantity(self, thousandths: int) -> None:
        self.pending_quantity = self._within(thousandths)

    def add_item_by_id(self, item_id: ItemId) -> Outcome:
        """An item chosen from the search results or a tile."""
        self._refuse_while_completing()
        item = self._store.catalogue.by_id(item_id, self._clock.now_ms())
        if item is None:
            raise Refused("item_gone")
        return self.add_item(item)

    def add_item(self, item: Item, *, barcode: str = "") -> Outcome:
        """Add an item in the pending quantity (default 1), or ask for what is still missing."""
        quantity = self.pending_quantity
        if item.unit is Unit.EACH and quantity is not None and quantity % ONE:
            raise Refused("quantity_not_whole", name=item.name)
        if item.is_open_price:
            return PriceAsked(item, quantity or ONE, barcode)
        if item.unit is Unit.KILOGRAM and quantity is None:
            return WeightAsked(item, barcode)
        return self._add(BasketLine(0, item, quantity or ONE, barcode=barcode))

    def add_weighed(self, item: Item, thousandths: int, barcode: str = "") -> Outcome:
        return self._add(BasketLine(0, item, self._within(thousandths), barcode=barcode), merge=False)

    def add_open_price(self, item: Item, price_minor: int, quantity: int = ONE, barcode: str = "") -> Outcome:
        if price_minor < 0:
            raise Refused("price_negative")
        if price_minor >= 10**OPEN_PRICE_MAX_DIGITS:
            raise Refused("price_too_high")
        amount = Money(price_minor, self._session.shop.currency)
        return self._add(BasketLine(0, item, quantity, barcode=barcode, open_price=amount), merge=False)

    def add_return(self, line: BasketLine, approval: Approval | None = None) -> Outcome:
        """A line that comes back, with its terms (made by the return desk). The same sold line is in a basket once.

        ``approval`` is the grant that the desk was given for it; the ticket keeps it.
        """
        assert line.return_terms is not None
        self._refuse_locked()
        outcome = self._replace_return(line) or self._add(line, merge=False)
        if approval is not None:
            self._set(self._with_approval(self.basket, approval), reprice=False)
        return outcome

    def _replace_return(self, line: BasketLine) -> Outcome | None:
        """Put it in the place of the line that returns the same sold line, if there is one."""
        of = line.return_terms.of if line.return_terms else None
        for present in self.basket.live_lines:
            if of and present.return_terms and present.return_terms.of == of:
                changed = self.basket.with_line(replace(line, number=present.number))
                return self._changed(changed, LineAdded(present.number, line.item))
        return None

    def _add(self, line: BasketLine, *, merge: bool = True) -> Outcome:
        self._session.require_operator()
        self._refuse_while_completing()
        if self.basket.tenders:
            raise Refused("basket_locked_by_tender")
        basket = self.basket.add(line, merge=merge)
        self.pending_quantity = None
        touched = basket.lines[-1].number
        self.stage = Stage.ENTRY
        return self._changed(basket, LineAdded(touched, line.item))

    def set_quantity(self, number: int, thousandths: int) -> Outcome:
        line = self._editable(number)
        if line.is_return:
            raise Refused("return_quantity_fixed")
        if line.label_amount is not None:
            raise Refused("label_quantity_fixed")
        if line.item.unit is Unit.EACH and thousandths % ONE:
            raise Refused("quantity_not_whole", name=line.item.name)
        return self._changed(
            self.basket.with_quantity(number, self._within(thousandths)), LineAdded(number, line.item)
        )

    def void_line(self, number: int) -> Outcome:
        line = self._editable(number)
        self._audit(
            "line_void", {"sku": line.item.sku, "quantity": line.quantity, "basket": self.basket.id.hex}
        )
        return self._changed(self.basket.void_line(number), NothingHappened())

    def void_last(self) -> Outcome:
        if not self.basket.live_lines:
            raise Refused("basket_empty")
        return self.void_line(self.basket.live_lines[-1].number)

    def discount_line(
        self, number: int, discount: Discount | None, approval: Approval | None = None
    ) -> Outcome:
        """A discount or a new price on one line; None takes it off again."""
        line = self._editable(number)
        if discount is None:
            return self._changed(
                self.basket.with_line(replace(line, discount=None)), LineAdded(number, line.item)
            )
        if line.is_return or not line.item.is_discountable:
            raise Refused("line_not_discountable", name=line.item.name)
        self._require_reason(discount)
        right, share = self._line_discount_share(line, discount)
        self._session.permit(right, share, approval)
        basket = self._with_approval(self.basket.with_line(replace(line, discount=discount)), approval)
        return self._changed(basket, LineAdded(number, line.item))

    def discount_basket(self, discount: Discount | None, approval: Approval | None = None) -> Outcome:
        self._refuse_locked()
        if discount is None:
            return self._changed(replace(self.basket, discount=None), NothingHappened())
        if discount.kind is DiscountKind.PRICE:
            raise Refused("basket_price_impossible")
        self._require_reason(discount)
        whole = replace(self.basket, discount=None)
        total = price(whole, self.price_context()).total.minor
        if discount.kind is DiscountKind.AMOUNT and discount.value > max(0, total):
            raise Refused("discount_exceeds_total")
        share = discount.value if discount.kind is DiscountKind.PERCENT else _share(discount.value, total)
        self._session.permit(Right.BASKET_DISCOUNT, share, approval)
        return self._changed(
            self._with_approval(replace(self.basket, discount=discount), approval), NothingHappened()
        )

    def note_line(self, number: int, note: str) -> Outcome:
        line = self._editable(number)
        return self._changed(
            self.basket.with_line(replace(line, note=note.strip()[:200])), LineAdded(number, line.item)
        )

    def _line_discount_share(self, line: BasketLine, discount: Discount) -> tuple[Right, int]:
        """Which right a discount needs, and how much of it in hundredths of a percent of the line's price."""
        unit = line.open_price or line.item.price
        whole = (line.label_amount or Money(extend(unit.minor, line.quantity), unit.currency)).minor
        match discount.kind:
            case DiscountKind.PERCENT:
                return Right.LINE_DISCOUNT, discount.value
            case DiscountKind.AMOUNT:
                if discount.value > whole:
                    raise Refused("discount_exceeds_line")
                return Right.LINE_DISCOUNT, _share(discount.value, whole)
            case DiscountKind.PRICE:
                if discount.value >= 10**OPEN_PRICE_MAX_DIGITS:
                    raise Refused("price_too_high")
                return Right.PRICE_OVERRIDE, max(0, _share(unit.minor - discount.value, unit.minor))

    # --- member ----------------------------------------------------------------------------------------------------

    def attach_phone(self, e164: str) -> Outcome:
        """Find the member of this number, or offer to make one."""
        self._refuse_while_completing()
        card = self._store.members.by_phone(e164)
        if card is not None:
            return self.attach(card)
        slips = one_digit_off(national_number(e164))
        region = self._session.shop.region
        near = self._store.members.among_phones(
            [slip for text in slips if (slip := parse_phone(text, region))]
        )
        self.offered_phone = e164
        return MemberOffered(e164, near[:3])

    def confirm_new_member(self) -> Outcome:
        """Make the member from the number alone. They are saved with the sale, and earn from it."""
        assert self.offered_phone is not None
        local = self._clock.local()
        member = Member(MemberId(self._ids()), self.offered_phone, joined_on=local.date())
        card = MemberCard(member, points=0, visits=0, last_visit_on=None, spent_minor=0)
        self.offered_phone = None
        self._changed(replace(self.basket, member=card, is_new_member=True), NothingHappened())
        return MemberAttached(card, is_new=True)

    def attach(self, card: MemberCard) -> Outcome:
        self._refuse_locked()
        self.offered_phone = None
        return self._changed(replace(self.basket, member=card, is_new_member=False), MemberAttached(card))

    def remove_member(self) -> Outcome:
        self._refuse_locked()
        self.offered_phone = None
        return self._changed(replace(self.basket, member=None, is_new_member=False), NothingHappened())

    # --- tender ----------------------------------------------------------------------------------------------------

    def tender(self, kind: TenderKind, amount_minor: int, *, reference: str = "", points: int = 0) -> Outcome:
        """Take a payment (or, when money goes back, give one: the amount is positive in both directions)."""
        self._refuse_while_completing()
        self._session.require_shift()
        if self.basket.is_empty:
            raise Refused("basket_empty")
        self.stage = Stage.TENDER
        amount = Money(amount_minor, self._session.shop.currency)
        tenders = with_tender(
            self.priced().total, self.basket.tenders, kind, amount, reference=reference, points=points
        )
        self._set(replace(self.basket, tenders=tenders), reprice=False)
        due = self.due()
        settled = due.minor <= 0 if self.priced().total.minor >= 0 else due.minor >= 0
        return ReadyToComplete() if settled else TenderTaken(kind, due)

    def remove_last_tender(self) -> Outcome:
        self._refuse_while_completing()
        if self.basket.tenders:
            self._set(replace(self.basket, tenders=self.basket.tenders[:-1]), reprice=False)
        return NothingHappened()

    def back(self) -> Outcome:
        """Esc: one step back, never destroying anything."""
        if self.offered_phone is not None:
            self.offered_phone = None
        elif self.pending_quantity is not None:
            self.pending_quantity = None
        elif self.basket.tenders and self.stage is Stage.TENDER:
            return self.remove_last_tender()
        else:
            self.stage = Stage.ENTRY
        return NothingHappened()

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

    def use_label_rules(self, rules: tuple[LabelRule, ...]) -> None:
        """How price-embedded barcodes are read from the next scan on."""
        self._label_rules = rules

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

    def _within(self, thousandths: int) -> int:
        return require_quantity(thousandths)

    def _require_reason(self, discount: Discount) -> None:
        if not discount.reason.strip():
            raise Refused("reason_needed")

    def _with_approval(self, basket: Basket, approval: Approval | None) -> Basket:
        return basket if approval is None else replace(basket, approvals=(*basket.approvals, approval))

    def _event(self, kind: str, details: dict[str, object]) -> AuditEvent:
        return AuditEvent(kind, self._session.operator_id, self._clock.now_ms(), details)

    def _audit(self, kind: str, details: dict[str, object]) -> None:
        with self._store.begin() as work:
            work.audit(self._event(kind, details))
            work.commit()

    def _held_id(self, code: str) -> BasketId:
        for held in self._store.desk.held_sales():
            if held.id.hex.upper().startswith(code):
                return held.id
        raise Refused("held_sale_gone")


def _share(part: int, whole: int) -> int:
    """part ÷ whole in hundredths of a percent; of nothing, everything."""
    return round_half_up(part * 10_000, whole) if whole > 0 else 10_000
