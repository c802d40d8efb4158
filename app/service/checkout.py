"""The checkout: one basket, one input line, from the first scan to the moment before the commit.

Every method either changes the basket and says what happened, or raises Refused and changes nothing. Nothing here waits: looking up reads
the local store, and the commit itself is :mod:`app.service.completion`, which the screen runs on the store's worker.
"""

from __future__ import annotations

from dataclasses import replace

from app.domain import entry as entries
from app.domain.barcode import Label, LabelRule
from app.domain.errors import Refused
from app.domain.ids import BasketId, MemberId
from app.domain.loyalty.coupon_code import typed_code
from app.domain.member import Member, MemberCard
from app.domain.money import Money, parse_amount
from app.domain.phone import fold_digits, national_number, one_digit_off, parse_phone
from app.domain.tender import TenderKind
from app.domain.tendering import with_tender
from app.domain.transaction import RetailTransaction
from app.service.basket_desk import Stage
from app.service.line_desk import OPEN_PRICE_MAX_DIGITS
from app.service.outcomes import (
    ItemsFound,
    LineAdded,
    MemberAttached,
    MemberOffered,
    NothingHappened,
    Outcome,
    QuantitySet,
    ReadyToComplete,
    ReceiptFound,
    TenderTaken,
    TotalShown,
)
from app.service.recognition import gs1_line, labelled_line, not_here, recognise
from app.service.value_counter import ValueCounter

__all__ = ["OPEN_PRICE_MAX_DIGITS", "Checkout", "Stage"]
MEMBER_LATE = "member_late"
"""What the guard reads: a member came to this basket after its total was shown."""


class Checkout(ValueCounter):
    """The basket of the customer in front of the till, and everything that may be done to it."""

    def use_label_rules(self, rules: tuple[LabelRule, ...]) -> None:
        """How price-embedded barcodes are read from the next scan on."""
        self._label_rules = rules

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
        recognised = self.recognise(code, is_scan=True)
        pays = isinstance(recognised, entries.GiftCardCode)
        if self.stage is Stage.TENDER and self.basket.tenders and not pays:
            raise Refused("scan_after_tender")
        outcome = self._take(recognised, is_scan=True)
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
            self.refuse_spent_coupons()
            self.use_automatic_rewards()
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
                return self._attach_code(code, "member_code_unknown")
            case entries.ReceiptCode(number):
                return self._find_receipt(number)
            case entries.HeldCode(code):
                return self.retrieve(BasketId(self._held_id(code)))
            case entries.CouponCode(body):
                return self.lay_code(body)
            case entries.GiftCardCode(body):
                return self.take_gift_card(body)
            case entries.Carrier(code):
                return self._attach_code(code, "carrier_not_supported")
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
        coupon = typed_code(text)
        laid = self.lay_typed(coupon) if coupon is not None else None
        if laid is not None:
            return laid
        if is_scan:
            raise Refused("barcode_unknown", code=text[:32])
        hits = self._store.catalogue.search(text, now)
        if not hits:
            raise Refused("nothing_found" if coupon is None else "coupon_code_unknown", text=text[:32])
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
        self._note_late_member()
        return MemberAttached(card, is_new=True)

    def describe_new_member(self, card: MemberCard) -> None:
        """What the new member told of themselves; saved with the sale, like the member."""
        self._refuse_locked()
        assert self.basket.is_new_member
        assert self.basket.member is not None
        assert self.basket.member.member.id == card.member.id
        self._set(replace(self.basket, member=card))

    def attach(self, card: MemberCard) -> Outcome:
        self._refuse_locked()
        self.offered_phone = None
        is_other = self.basket.member is None or self.basket.member.member.id != card.member.id
        outcome = self._changed(replace(self.basket, member=card, is_new_member=False), MemberAttached(card))
        if is_other:
            self._note_late_member()
        return outcome

    def _attach_code(self, code: str, refusal: str) -> Outcome:
        """The member of a scanned card, QR or carrier."""
        card = self._store.members.by_code(code)
        if card is None:
            raise Refused(refusal)
        return self.attach(card)

    def _note_late_member(self) -> None:
        """Who comes after the total was shown is worth a look when it happens often (:mod:`app.service.guard`)."""
        if self.stage is Stage.TENDER and not self.basket.is_empty:
            self._audit(MEMBER_LATE, {"basket": self.basket.id.hex})

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

    # --- inside ----------------------------------------------------------------------------------------------------

    def _held_id(self, code: str) -> BasketId:
        for held in self._store.desk.held_sales():
            if held.id.hex.upper().startswith(code):
                return held.id
        raise Refused("held_sale_gone")
