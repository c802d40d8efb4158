"""What the receipt says of stamp cards, tiers, bonuses and stored value, and the next-visit coupon on it, chosen for the customer.

The coupon is issued in the sale's own commit, with an id made from the sale's: a sale has one, however often its paper is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from app.domain.ids import CategoryId, ItemId, MemberId
from app.domain.ledger import EntryKind, Lot
from app.domain.loyalty.coupon import Coupon, CouponSource, printed_id
from app.domain.loyalty.coupon_code import code_of, shown
from app.domain.loyalty.coupon_terms import CouponTerms, Visitor
from app.domain.loyalty.describe import standing_sentence
from app.domain.loyalty.stamps import standings
from app.domain.loyalty.tiers import standing_of
from app.domain.member import MemberCard
from app.domain.receipt import Align, Cut, Feed, ReceiptDocument, Text
from app.domain.receipt_facts import PaperCoupon, PaperStamps, ReceiptFacts
from app.domain.transaction import RetailTransaction, TransactionKind
from app.i18n import t
from app.service.coupon_desk import CouponDesk
from app.service.coupon_office import CouponOffice
from app.service.coupon_words import CouponWords
from app.service.ports import Clock, PrintRequest, Store, UnitOfWork
from app.service.rule_words import say
from app.service.rulebook import Rulebook
from app.service.session import Session
from app.service.stamp_desk import StampDesk
from app.service.value_paper import value_on_paper

ENDS_SOON: Final = timedelta(days=30)

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
        rulebook: Rulebook,
        segment_of: SegmentOf = lambda _: "",
    ) -> None:
        self._store = store
        self._session = session
        self._clock = clock
        self._coupons = coupons
        self._office = office
        self._stamps = stamps
        self._rulebook = rulebook
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
        if stamps or coupon or value:
            facts = replace(facts, stamps=stamps, coupon=coupon, value=value)
        if card is None or transaction.header.kind is TransactionKind.POST_VOID:
            return facts
        bonuses, notes = self._bonuses(work, card), tuple(self._notes(work, transaction, card))
        return replace(facts, bonuses=bonuses, notes=notes) if bonuses or notes else facts

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

    def _bonuses(self, work: UnitOfWork, card: MemberCard) -> tuple[tuple[str, int], ...]:
        language = self._session.shop.language
        return tuple(
            (entry.note or t(f"rules.name_{entry.source}", language), entry.member_points)
            for entry in work.posted
            if entry.kind is EntryKind.BONUS and entry.member_id == card.member.id
        )

    def _notes(self, work: UnitOfWork, transaction: RetailTransaction, card: MemberCard) -> Iterator[str]:
        """What the member is told: coupons that came with this sale, the tier, and points that end soon."""
        shop, on = self._session.shop, transaction.header.business_date
        for coupon in work.coupons.issued:
            terms = (
                None
                if coupon.member_id != card.member.id
                else self._coupons.rules()[1].template(coupon.template)
            )
            if terms is not None and coupon.source is CouponSource.RULE:
                yield t("receipt.coupon_given", shop.language, name=terms.name)
        yield from self._tier(work, card, on)
        end = points_ending(work.lots(card.member.id), on)
        if end is not None:
            day, points = end
            yield t("receipt.points_expiring", shop.language, points=f"{points:,}", date=day.isoformat())

    def _tier(self, work: UnitOfWork, card: MemberCard, on: date) -> Iterator[str]:
        rules = self._rulebook.tiers().rules
        if not rules.tiers:
            return
        shop = self._session.shop
        found = self._store.tiers.standing_in(work, card.member.id, rules, on)
        standing = standing_of(rules, found.state, found.amount, on)
        if standing.tier is not None and rules.rank(standing.tier.code) > rules.rank(card.member.tier):
            yield t("receipt.tier_reached", shop.language, tier=standing.tier.name)
        if standing.next_tier is not None or standing.at_risk:
            sentence = standing_sentence(standing, shop.currency)
            if sentence is not None:
                yield say(sentence, shop.language)

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


def points_ending(lots: Sequence[Lot], on: date) -> tuple[date, int] | None:
    """The next day on which points end, if it is soon, and how many end on it."""
    left: dict[date, int] = {}
    for lot in lots:
        if lot.expires_on is not None and lot.remaining > 0 and on <= lot.expires_on <= on + ENDS_SOON:
            left[lot.expires_on] = left.get(lot.expires_on, 0) + lot.remaining
    return min(left.items(), default=None)
