"""The reward catalogue at the counter: what this member may have, taken with a sale or by itself, and given back.

Points leave the ledger when the sale is completed, never before: a gift on the counter reserves nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from app.domain.basket import Basket
from app.domain.errors import Refused
from app.domain.ids import EntryId, MemberId
from app.domain.ledger import Account, EntryKind, LedgerEntry, NotEnoughPoints, Posting, spend
from app.domain.loyalty.bonus import reversal_id
from app.domain.loyalty.documents import RuleArea
from app.domain.loyalty.gifts import Gift, GiftOffer, check_gift, offers
from app.domain.loyalty.moves import GiftTaken, Moves
from app.domain.member import Member, mask_name
from app.domain.phone import mask_phone
from app.domain.receipt import Align, Cell, Cut, Feed, ReceiptDocument, Row, Rule, Text, mark_as_training
from app.domain.returns import Origin
from app.domain.transaction import RetailTransaction, TransactionKind
from app.i18n import t
from app.service.checkout import Checkout
from app.service.points_desk import PointsDesk, already_spent
from app.service.ports import AuditEvent, Clock, IdSource, PrintRequest, Store, UnitOfWork
from app.service.sale_parts import SaleInHand
from app.service.session import Session

TAKEN = "gifts.taken."


class GiftDesk:
    def __init__(
        self, store: Store, session: Session, clock: Clock, ids: IdSource, points: PointsDesk
    ) -> None:
        self._store = store
        self._session = session
        self._clock = clock
        self._ids = ids
        self._points = points

    def offers(self, basket: Basket) -> tuple[GiftOffer, ...]:
        """What the member in front of the till may have, the cheapest first; nothing for a walk-in."""
        if basket.member is None or basket.is_new_member:
            return ()
        rules, on = self._points.rulebook.gifts().rules, self._today()
        return offers(
            rules,
            spendable=self._spendable(basket, on),
            tier=basket.member.member.tier,
            on=on,
            taken=[(gift.code, self._gone(basket, gift.code)) for gift in rules.gifts],
        )

    def take(self, checkout: Checkout, code: str, pieces: int = 1) -> Gift:
        """Put a gift to the sale in hand. Raises Refused: "gift_member_needed", and what :func:`check_gift` raises."""
        basket = checkout.basket
        gift = self._checked(basket, code, pieces)
        checkout.lay_gifts((*basket.gifts, GiftTaken(code, gift.name, pieces, gift.points * pieces)))
        return gift

    def put_back(self, checkout: Checkout, code: str) -> None:
        """The customer would rather not."""
        checkout.lay_gifts(tuple(gift for gift in checkout.basket.gifts if gift.code != code))

    def bring_back(self, checkout: Checkout, sale: RetailTransaction, code: str) -> None:
        """A gift of a past sale comes back with the return in hand; its points follow. Raises Refused("gift_unknown")."""
        taken = next((gift for gift in sale.moves.gifts if gift.code == code and gift.pieces > 0), None)
        if taken is None:
            raise Refused("gift_unknown", code=code)
        back = replace(taken, pieces=-taken.pieces, points=-taken.points)
        others = tuple(gift for gift in checkout.basket.gifts if gift != back)
        checkout.lay_gifts((*others, back))

    # --- without a sale ---------------------------------------------------------------------------------------------

    def redeem(self, member_id: MemberId, code: str, pieces: int = 1) -> LedgerEntry:
        """Hand out a gift to somebody who buys nothing: one commit, and a slip for them. Raises Refused as :meth:`take` does."""
        self._session.require_operator()
        on = self._session.require_shift().business_date
        card = self._store.members.by_id(member_id)
        assert card is not None, "a gift is for a member"
        gift = check_gift(
            self._points.rulebook.gifts().rules,
            code,
            pieces,
            spendable=self._points.spendable(member_id, on),
            tier=card.member.tier,
            on=on,
            taken=self._taken(code),
        )
        with self._store.begin() as work:
            try:
                postings = spend(work.lots(member_id), gift.points * pieces, on)
            except NotEnoughPoints as error:
                raise Refused("points_not_enough", points=gift.points * pieces) from error
            entry = self._entry(
                EntryId(self._ids()), EntryKind.GIFT, member_id, on, postings, gift.code, gift.name
            )
            work.post(entry)
            self._note(work, "gift_taken", entry, pieces)
            taken = GiftTaken(code, gift.name, pieces, gift.points * pieces)
            count_gifts(work, self._store, [taken])
            left = sum(lot.remaining for lot in work.lots(member_id))
            slip = gift_slip(self._session, card.member, taken, left, self._clock.local())
            work.enqueue_print(PrintRequest("slip", slip), created_at=entry.occurred_at)
            work.commit()
        return entry

    def give_back(self, entry_id: EntryId) -> LedgerEntry:
        """Undo :meth:`redeem` once: every point goes back where it was, with its old end.

        Raises Refused: "gift_unknown", "gift_given_back".
        """
        self._session.require_operator()
        on = self._session.require_shift().business_date
        with self._store.begin() as work:
            taken = work.entry(entry_id)
            if taken is None or taken.kind is not EntryKind.GIFT or taken.transaction_id is not None:
                raise Refused("gift_unknown", code="")
            back_id = reversal_id(entry_id)
            if work.entry(back_id) is not None:
                raise Refused("gift_given_back")
            postings = tuple(replace(posting, points=-posting.points) for posting in taken.postings)
            kind = EntryKind.REDEMPTION_REVERSAL
            entry = self._entry(back_id, kind, taken.member_id, on, postings, taken.source, taken.note)
            work.post(entry)
            gift = self._points.rulebook.gifts().rules.gift(taken.source)
            pieces = 1 if gift is None else max(1, entry.member_points // gift.points)
            self._note(work, "gift_given_back", entry, pieces)
            count_gifts(
                work, self._store, [GiftTaken(taken.source, taken.note, -pieces, -entry.member_points)]
            )
            work.commit()
        return entry

    def _entry(
        self,
        entry_id: EntryId,
        kind: EntryKind,
        member_id: MemberId,
        on: date,
        postings: tuple[Posting, ...],
        source: str,
        note: str,
    ) -> LedgerEntry:
        assert sum(posting.points for posting in postings if posting.account is Account.REDEEMED)
        return LedgerEntry(
            id=entry_id,
            kind=kind,
            member_id=member_id,
            transaction_id=None,
            occurred_at=self._clock.now_ms(),
            business_date=on,
            postings=postings,
            source=source,
            note=note,
        )

    def _note(self, work: UnitOfWork, kind: str, entry: LedgerEntry, pieces: int) -> None:
        details = {"entry": entry.id.hex, "gift": entry.source, "pieces": pieces}
        work.audit(AuditEvent(kind, self._session.operator_id, entry.occurred_at, details))

    # --- parts ------------------------------------------------------------------------------------------------------

    def _checked(self, basket: Basket, code: str, pieces: int) -> Gift:
        if basket.member is None or basket.is_new_member:
            raise Refused("gift_member_needed")
        on = self._today()
        return check_gift(
            self._points.rulebook.gifts().rules,
            code,
            pieces,
            spendable=self._spendable(basket, on),
            tier=basket.member.member.tier,
            on=on,
            taken=self._gone(basket, code),
        )

    def _spendable(self, basket: Basket, on: date) -> int:
        assert basket.member is not None
        return self._points.spendable(basket.member.member.id, on) - already_spent(basket)

    def _gone(self, basket: Basket, code: str) -> int:
        """Handed out at this till, and on the counter."""
        return self._taken(code) + sum(gift.pieces for gift in basket.gifts if gift.code == code)

    def _taken(self, code: str) -> int:
        return taken_so_far(self._store, code)

    def _today(self) -> date:
        shift = self._session.shift
        return self._clock.local().date() if shift is None else shift.business_date


class GiftPart:
    """Gifts in the sale's commit; the ledger is the points desk's. Implements :class:`app.service.sale_parts.SalePart`."""

    def __init__(self, store: Store, points: PointsDesk) -> None:
        self._store = store
        self._points = points

    def moves(self, work: UnitOfWork, sale: SaleInHand, moves: Moves) -> Moves:
        """Raises Refused("gift_member_needed")."""
        gifts = sale.basket.gifts
        if not gifts:
            return moves
        if sale.card is None and any(gift.points > 0 for gift in gifts):
            raise Refused("gift_member_needed")
        version = self._points.rulebook.gifts().version
        rules = ((RuleArea.GIFTS._value_, version),) if version else ()
        return replace(moves, gifts=(*moves.gifts, *gifts), rules=(*moves.rules, *rules))

    def record(self, work: UnitOfWork, transaction: RetailTransaction, origins: Sequence[Origin]) -> None:
        if transaction.header.kind is TransactionKind.POST_VOID:
            back = [gift for origin in origins for gift in origin.original.moves.gifts]
            count_gifts(work, self._store, [replace(gift, pieces=-gift.pieces) for gift in back])
        else:
            count_gifts(work, self._store, transaction.moves.gifts)


def gift_slip(
    session: Session, member: Member, taken: GiftTaken, left: int, now: datetime
) -> ReceiptDocument:
    """The paper of a gift that was handed out without a sale, in the shop's language. ``left`` is the balance after it."""
    shop, language = session.shop, session.shop.language

    def pair(key: str, value: str) -> Row:
        return Row((Cell(t(key, language)), Cell(value, Align.RIGHT)))

    who = f"{mask_name(member.name)} {mask_phone(member.phone)}".strip()
    nodes = (
        Text(shop.name, Align.CENTER, size=2, bold=True),
        Feed(),
        Text(t("slip.gift", language), Align.CENTER, bold=True),
        pair("slip.gift_when", now.strftime("%Y-%m-%d %H:%M")),
        pair("slip.gift_operator", session.require_operator().name),
        pair("receipt.member", who),
        Rule(),
        Row((Cell(taken.name, bold=True), Cell(f"× {taken.pieces}", Align.RIGHT, bold=True))),
        pair("receipt.points_used", f"{-taken.points:+,}"),
        pair("receipt.points_balance", f"{left:,}"),
        Feed(),
        Cut(),
    )
    document = ReceiptDocument(nodes, language, "slip")
    if session.is_training:
        return mark_as_training(
            document, (t("receipt.training", language), t("receipt.training_detail", language))
        )
    return document


def taken_so_far(store: Store, code: str) -> int:
    """How many of a gift this till has handed out."""
    count = store.desk.setting(TAKEN + code)
    return count if isinstance(count, int) else 0


def count_gifts(work: UnitOfWork, store: Store, gifts: Sequence[GiftTaken]) -> None:
    counts: dict[str, int] = {}
    for gift in gifts:
        counts[gift.code] = counts.get(gift.code, 0) + gift.pieces
    for code, pieces in counts.items():
        work.put_setting(TAKEN + code, max(0, taken_so_far(store, code) + pieces))
