"""What the receipt says of stamp cards and stored value, and the next-visit coupon on it, chosen for the customer who is about to get it.

The coupon is issued in the sale's own commit, with an id made from the sale's: a sale has one, however often its paper is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from app.domain.ids import CategoryId, ItemId, MemberId
from app.domain.loyalty.coupon import Coupon, CouponSource, printed_id
from app.domain.loyalty.coupon_code import code_of, shown
from app.domain.loyalty.coupon_terms import CouponTerms, Visitor
from app.domain.loyalty.stamps import standings
from app.domain.member import MemberCard
from app.domain.receipt import Align, Cut, Feed, ReceiptDocument, Text
from app.domain.receipt_facts import PaperCoupon, PaperStamps, ReceiptFacts
from app.domain.transaction import RetailTransaction, TransactionKind
from app.service.coupon_desk import CouponDesk
from app.service.coupon_office import CouponOffice
from app.service.coupon_words import CouponWords
from app.service.ports import Clock, PrintRequest, Store, UnitOfWork
from app.service.session import Session
from app.service.stamp_desk import StampDesk
from app.service.value_paper import value_on_paper

SegmentOf = Callable[[MemberId], str]
"""The member's segment as the shop's analysis names it; ``""`` while nobody has told."""


class LoyaltyPaper:
    """Adds to a receipt what its transaction does not say. Asked within the sale's unit of work, after everything was recorded."""

    def __init__(
        self,
        store: Store,
        session: Session,
        clock: Clock,
        coupons: CouponDesk,
        office: CouponOffice,
        stamps: StampDesk,
        segment_of: SegmentOf = lambda _: "",
    ) -> None:
        self._store = store
        self._session = session
        self._clock = clock
        self._coupons = coupons
        self._office = office
        self._stamps = stamps
        self.segment_of = segment_of

    def added(
        self,
        work: UnitOfWork,
        facts: ReceiptFacts,
        transaction: RetailTransaction,
        card: MemberCard | None,
    ) -> ReceiptFacts:
        """The facts with all of them."""
        stamps = self.stamps(work, transaction, card)
        coupon = self.next_visit(work, transaction, card)
        value = value_on_paper(work, transaction) if transaction.moves.value else ()
        return (
            replace(facts, stamps=stamps, coupon=coupon, value=value) if stamps or coupon or value else facts
        )

    def stamps(
        self, work: UnitOfWork, transaction: RetailTransaction, card: MemberCard | None
    ) -> tuple[PaperStamps, ...]:
        """The member's cards on which something lies, or moved with this sale."""
        version, rules = self._stamps.rules()
        if card is None or not version:
            return ()
        moved = {move.card for move in transaction.moves.stamps}
        found = standings(
            rules,
            work.stamps.of_member(card.member.id),
            transaction.header.business_date,
            card.member.tier,
        )
        return tuple(
            PaperStamps(one.name, one.stamps, one.needed, one.rewards_ready)
            for one in found
            if one.stamps or one.card in moved
        )

    def next_visit(
        self, work: UnitOfWork, transaction: RetailTransaction, card: MemberCard | None
    ) -> PaperCoupon | None:
        """Issue the coupon for this customer's next visit, if the rules have one for them."""
        header = transaction.header
        if header.kind is not TransactionKind.SALE or transaction.total.minor <= 0:
            return None
        version, rules = self._coupons.rules()
        if not version or not rules.next_visits:
            return None
        terms = rules.for_receipt(self._visitor(transaction, card))
        if terms is None:
            return None
        coupon = self._office.made(
            terms,
            version,
            card.member.id if card else None,
            CouponSource.PRINT,
            printed_id(header.id),
            transaction_id=header.id,
        )
        if coupon is None:
            return None
        keys = self._coupons.ensure_keys(work)
        work.coupons.issue(coupon)
        return self.paper_of(coupon, terms, code_of(coupon, keys))

    def paper_of(self, coupon: Coupon, terms: CouponTerms, symbol: str) -> PaperCoupon:
        """A coupon as a paper shows it, in the shop's language."""
        shop = self._session.shop
        words = CouponWords(shop.language, shop.currency, self._name_of)
        return PaperCoupon(
            name=terms.name,
            lines=words.describe(terms, coupon.valid_from, coupon.valid_to),
            code=shown(coupon.code),
            symbol=symbol,
        )

    def slip(self, coupon: Coupon) -> ReceiptDocument:
        """One coupon on a paper of its own: what was given by hand. Raises Refused("coupon_template_unknown")."""
        from app.service.receipts import coupon_nodes

        shop = self._session.shop
        paper = self.paper_of(coupon, self._coupons.terms_of(coupon), self._coupons.symbol(coupon))
        nodes = coupon_nodes(paper, "coupons.slip_title", shop.language)
        heading = Text(shop.name, Align.CENTER, size=2, bold=True)
        return ReceiptDocument((heading, *nodes, Feed(), Cut()), shop.language, "coupon")

    def print_slip(self, coupon: Coupon) -> ReceiptDocument:
        """Queue that paper. Whoever prints it again prints the same coupon: it is used once all the same."""
        self._session.require_operator()
        document = self.slip(coupon)
        with self._store.begin() as work:
            work.enqueue_print(PrintRequest("slip", document), created_at=self._clock.now_ms())
            work.commit()
        return document

    def _visitor(self, transaction: RetailTransaction, card: MemberCard | None) -> Visitor:
        if card is None:
            return Visitor(total_minor=transaction.total.minor)
        last = card.last_visit_on
        return Visitor(
            is_member=True,
            tier=card.member.tier,
            segment=self.segment_of(card.member.id),
            visits=card.visits + 1,
            days_away=None if last is None else (transaction.header.business_date - last).days,
            total_minor=transaction.total.minor,
        )

    def _name_of(self, own: UUID) -> str:
        item = self._store.catalogue.by_id(ItemId(own), self._clock.now_ms())
        if item is not None:
            return item.name
        return next((one.name for one in self._store.catalogue.categories() if one.id == CategoryId(own)), "")
