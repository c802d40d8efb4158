"""Stored value in the sale's own commit: sold with it, spent by it, given back with what comes back, each exactly once.

Every entry's id is made from the transaction and the place in it that it is for, so that the same ticket told twice counts once.
What goes back never exceeds what was spent, goes into the account it came from and into the same parts, and goes there before any
other money is given for the same goods.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.errors import Refused
from app.domain.loyalty.documents import RuleArea
from app.domain.loyalty.moves import Moves, ValueMove
from app.domain.loyalty.value import (
    NOTHING,
    AccountKind,
    Amounts,
    EntryHead,
    ValueAccount,
    ValueAccountId,
    ValueEntry,
    ValueEntryId,
    ValueEntryKind,
    account_of_card,
    entry,
    entry_id,
    given_back,
    payable,
    payout,
    split,
)
from app.domain.loyalty.value_code import masked, new_code, read_code
from app.domain.loyalty.value_items import (
    BOUND_CARD_SKU,
    GIFT_CARD,
    REFUND,
    TAXED_AT_SALE,
    TOP_UP,
    VALUE_ITEMS,
    VALUE_TENDERS,
    account_id_of,
    goods_total,
    paid_by_value,
    value_lines,
)
from app.domain.member import MemberCard
from app.domain.money import Currency, Money, format_money
from app.domain.returns import Origin
from app.domain.tender import Tender, TenderKind
from app.domain.transaction import RetailTransaction, SaleLine
from app.service.ports import Clock, IdSource, UnitOfWork
from app.service.sale_parts import SaleInHand
from app.service.session import Session
from app.service.value_desk import ValueDesk


@dataclass(frozen=True, slots=True)
class _Back:
    """One part of a refund: what goes back of one spending."""

    tender: Tender
    spent: ValueEntry
    moved: Amounts


class ValuePart:
    """Implements :class:`app.service.sale_parts.SalePart`."""

    def __init__(self, desk: ValueDesk, session: Session, clock: Clock, ids: IdSource) -> None:
        self._desk = desk
        self._session = session
        self._clock = clock
        self._ids = ids

    # --- what the transaction will say -----------------------------------------------------------------------------

    def moves(self, work: UnitOfWork, sale: SaleInHand, moves: Moves) -> Moves:
        """Raises Refused with the reason why value cannot be sold, spent or given back as the basket says."""
        lines = value_lines(sale.priced.lines)
        tenders = [tender for tender in sale.settled.tenders if tender.kind in VALUE_TENDERS]
        if not lines and not tenders and not any(one.original.moves.value for one in sale.origins):
            return moves
        codes = {line.number: line.barcode for line in sale.basket.live_lines}
        made = [self._line_move(work, sale, line, codes[line.number]) for line in lines]
        made += self._spent(work, sale, tenders)
        made += [
            _move(self._account(work, one.tender), one.moved, one.tender.amount.currency)
            for one in self._given_back(work, tenders, sale.origins)
        ]
        self._require_given_back(work, sale)
        if not made:
            return moves
        version, rules = self._desk.rules()
        areas = [RuleArea.VALUE._value_]
        if rules.is_taxed_at_sale and tenders:
            areas.append(TAXED_AT_SALE)
        marks = tuple((area, version) for area in areas)
        return replace(moves, value=(*moves.value, *made), rules=(*moves.rules, *marks))

    def _line_move(self, work: UnitOfWork, sale: SaleInHand, line: SaleLine, code: str) -> ValueMove:
        currency = line.net.currency
        if line.item_id == REFUND:
            if len(sale.priced.lines) > 1:
                raise Refused("value_refund_alone")
            account = work.value.account(account_id_of(code))
            if account is None:
                raise Refused("value_account_unknown")
            is_own = account.kind is AccountKind.MEMBER
            if is_own and not self._desk.belongs_to(work.value, account, sale.card):
                raise Refused("value_of_other_member")
            return _move(account, self._paid_out(work, account, -line.net.minor), currency)
        if line.item_id == TOP_UP:
            account, bonus = self._member_account(work, sale.card, line.net.minor)
        else:
            owner = sale.card if line.sku == BOUND_CARD_SKU else None
            account, bonus = self._card_account(work, owner, code), 0
        moved = Amounts(line.net.minor, bonus)
        self._require_room(work, account, moved, currency)
        return _move(account, moved, currency)

    def _member_account(
        self, work: UnitOfWork, card: MemberCard | None, amount: int
    ) -> tuple[ValueAccount, int]:
        if card is None:
            raise Refused("value_needs_member")
        _, rules = self._desk.rules()
        is_first = self._desk.is_first(work.value, card.member.id)
        bonus = rules.bonus(amount, card.member.tier, is_first=is_first)
        return self._desk.open_for(work, card.member.id), bonus

    def _card_account(self, work: UnitOfWork, owner: MemberCard | None, code: str) -> ValueAccount:
        """The gift card with this code, opened where it was never sold; a new one where there is no code."""
        code = read_code(code) if code else new_code(self._ids(), self._ids())
        present = work.value.by_code(code)
        if present is not None:
            return present
        account = ValueAccount(
            id=account_of_card(code),
            kind=AccountKind.GIFT_CARD,
            currency=self._session.shop.currency.code,
            opened_at=self._clock.now_ms(),
            code=code,
            member_id=None if owner is None else owner.member.id,
        )
        work.value.open(account)
        return account

    def _require_room(
        self, work: UnitOfWork, account: ValueAccount, moved: Amounts, currency: Currency
    ) -> None:
        most = self._desk.rules()[1].balance_max
        if most is not None and self._current(work, account).total + moved.total > most:
            raise Refused("value_balance_full", most=format_money(Money(most, currency)))

    def _paid_out(self, work: UnitOfWork, account: ValueAccount, amount: int) -> Amounts:
        balance = self._current(work, account)
        enjoyed = self._desk.enjoyed(work.value.entries(account.id))
        if not 0 < amount <= payable(balance, enjoyed):
            most = format_money(Money(payable(balance, enjoyed), self._session.shop.currency))
            raise Refused("value_refund_too_much", most=most)
        moved = payout(balance, enjoyed, amount).moved
        self._desk.require_lease(account, -moved.total)
        return moved

    def _spent(self, work: UnitOfWork, sale: SaleInHand, tenders: Sequence[Tender]) -> list[ValueMove]:
        """What these tenders take out of their accounts, each part by the rules."""
        order = self._desk.rules()[1].spends
        left: dict[ValueAccountId, Amounts] = {}
        taken: Counter[ValueAccountId] = Counter()
        made = []
        spending = [tender for tender in tenders if tender.amount.minor > 0]
        if paid_by_value(spending) > max(0, goods_total(sale.priced.lines)):
            raise Refused("value_pays_goods_only")
        for tender in spending:
            account = self._spendable(work, sale.card, tender)
            balance = left.get(account.id) or self._current(work, account)
            amount = tender.amount.minor
            if amount > balance.total:
                rest = format_money(Money(balance.total, tender.amount.currency))
                raise Refused("value_balance_short", balance=rest)
            taken[account.id] += amount
            self._desk.require_lease(account, taken[account.id])
            parts = split(order, amount, balance)
            left[account.id] = balance - parts
            made.append(_move(account, -parts, tender.amount.currency))
        return made

    def _spendable(self, work: UnitOfWork, card: MemberCard | None, tender: Tender) -> ValueAccount:
        account = self._account(work, tender)
        is_card = tender.kind is TenderKind.GIFT_CARD
        if is_card != (account.kind is AccountKind.GIFT_CARD):
            raise Refused("value_account_unknown")
        if not is_card and not self._desk.belongs_to(work.value, account, card):
            raise Refused("value_of_other_member")
        return account

    def _account(self, work: UnitOfWork, tender: Tender) -> ValueAccount:
        account = work.value.account(account_id_of(tender.reference))
        if account is None:
            raise Refused("value_account_unknown")
        return account

    def _current(self, work: UnitOfWork, account: ValueAccount) -> Amounts:
        return self._desk.current(work, account.id, self._session.require_shift().business_date)

    # --- giving back -----------------------------------------------------------------------------------------------

    def _given_back(
        self, work: UnitOfWork, tenders: Sequence[Tender], origins: Sequence[Origin]
    ) -> list[_Back]:
        """Where the refunds among these tenders go: into the spendings of the sales that come back, in their order."""
        room = _Room(work, origins)
        result = []
        for tender in tenders:
            rest = -tender.amount.minor
            for spent in room.of(account_id_of(tender.reference)) if rest > 0 else ():
                part = min(rest, room.left(spent))
                if part:
                    result.append(_Back(tender, spent, room.take(spent, part)))
                    rest -= part
            if rest > 0:
                raise Refused("value_back_too_much")
        return result

    def _require_given_back(self, work: UnitOfWork, sale: SaleInHand) -> None:
        """Goods that were paid with stored value are never turned into other money."""
        owed = -sale.priced.total.minor
        if owed <= 0 or not sale.origins:
            return
        due = min(owed, _Room(work, sale.origins).whole)
        back = -sum(
            tender.amount.minor
            for tender in sale.settled.tenders
            if tender.kind in VALUE_TENDERS and tender.amount.minor < 0
        )
        if back < due:
            raise Refused("value_back_first", amount=format_money(Money(due, sale.priced.total.currency)))

    # --- what follows ----------------------------------------------------------------------------------------------

    def record(self, work: UnitOfWork, transaction: RetailTransaction, origins: Sequence[Origin]) -> None:
        """Raises Refused("value_top_up_spent") where a top-up is voided that is not there any more."""
        if transaction.voids is not None:
            self._undo(work, transaction)
        elif transaction.moves.value:
            self._record(work, transaction, origins)

    def _record(self, work: UnitOfWork, transaction: RetailTransaction, origins: Sequence[Origin]) -> None:
        tenders = [tender for tender in transaction.tenders if tender.kind in VALUE_TENDERS]
        back = self._given_back(work, tenders, origins)
        moves = iter(transaction.moves.value)
        entries = []
        for line in value_lines(transaction.lines):
            entries.append(_line_entry(transaction, line, next(moves)))
        for tender in tenders:
            if tender.amount.minor > 0:
                place = f"tender {tender.number}"
                entries.append(_plain_entry(transaction, ValueEntryKind.SPEND, next(moves), place))
        for one in back:
            entries.append(_reversal(transaction, one.spent, one.moved, next(moves)))
        assert next(moves, None) is None, "every movement has its entry"
        for made in entries:
            work.value.post(made)

    def _undo(self, work: UnitOfWork, transaction: RetailTransaction) -> None:
        """The opposite of everything that the voided ticket posted. What it spent comes back before what it sold goes."""
        assert transaction.voids is not None
        posted = work.value.of_transaction(transaction.voids)
        for kind in (ValueEntryKind.SPEND, ValueEntryKind.REFUND, ValueEntryKind.TOP_UP):
            for one in posted:
                if one.kind is kind:
                    work.value.post(self._undone(work, transaction, one))

    def _undone(self, work: UnitOfWork, transaction: RetailTransaction, one: ValueEntry) -> ValueEntry:
        head = _head_of(transaction, _UNDONE_BY[one.kind], one.head.account_id, one.head.id.hex)
        head = replace(head, rule_version=one.head.rule_version, reverses=one.head.id)
        moved = -one.holder
        if one.kind is ValueEntryKind.TOP_UP:
            moved = self._top_up_left(work, one)
        return entry(_UNDONE_BY[one.kind], head, moved, clawed_back=-one.clawed_back)

    def _top_up_left(self, work: UnitOfWork, top_up: ValueEntry) -> Amounts:
        """All of it must still be there; bonus that has ended meanwhile is gone already."""
        entries = work.value.entries(top_up.head.account_id)
        ended = -sum(each.holder.bonus for each in entries if each.kind is ValueEntryKind.EXPIRY)
        balance, given = work.value.balance(top_up.head.account_id), top_up.holder
        if balance.paid < given.paid or balance.bonus + ended < given.bonus:
            raise Refused("value_top_up_spent")
        moved = Amounts(-given.paid, -min(balance.bonus, given.bonus))
        account = work.value.account(top_up.head.account_id)
        assert account is not None
        self._desk.require_lease(account, -moved.total)
        return moved


_UNDONE_BY = {
    ValueEntryKind.SPEND: ValueEntryKind.SPEND_REVERSAL,
    ValueEntryKind.REFUND: ValueEntryKind.REFUND,
    ValueEntryKind.TOP_UP: ValueEntryKind.TOP_UP_REVERSAL,
}


class _Room:
    """What has not gone back yet of what the sales spent, as the books of this unit stand."""

    def __init__(self, work: UnitOfWork, origins: Sequence[Origin]) -> None:
        self._spent = [
            one
            for origin in origins
            for one in work.value.of_transaction(origin.original.header.id)
            if one.kind is ValueEntryKind.SPEND
        ]
        self._before: dict[ValueEntryId, int] = {one.head.id: 0 for one in self._spent}
        for account_id in {one.head.account_id for one in self._spent}:
            for each in work.value.entries(account_id):
                if each.kind is ValueEntryKind.SPEND_REVERSAL and each.head.reverses in self._before:
                    self._before[each.head.reverses] += each.holder.total

    def of(self, account_id: ValueAccountId) -> list[ValueEntry]:
        return [one for one in self._spent if one.head.account_id == account_id]

    def left(self, spent: ValueEntry) -> int:
        return -spent.holder.total - self._before[spent.head.id]

    @property
    def whole(self) -> int:
        return sum(self.left(one) for one in self._spent)

    def take(self, spent: ValueEntry, amount: int) -> Amounts:
        before = self._before[spent.head.id]
        self._before[spent.head.id] = before + amount
        return given_back(-spent.holder, before, amount)


def _move(account: ValueAccount, moved: Amounts, currency: Currency) -> ValueMove:
    return ValueMove(
        account.id, masked(account.code), Money(moved.paid, currency), Money(moved.bonus, currency)
    )


def _moved(move: ValueMove) -> Amounts:
    return Amounts(move.paid.minor, move.bonus.minor)


def _head_of(
    transaction: RetailTransaction, kind: ValueEntryKind, account_id: ValueAccountId, place: str
) -> EntryHead:
    header = transaction.header
    versions = dict(transaction.moves.rules)
    return EntryHead(
        id=entry_id(kind, account_id, header.id, place),
        account_id=account_id,
        occurred_at=header.occurred_at,
        business_date=header.business_date,
        transaction_id=header.id,
        rule_version=versions.get(RuleArea.VALUE._value_, 0),
    )


def _plain_entry(
    transaction: RetailTransaction, kind: ValueEntryKind, move: ValueMove, place: str
) -> ValueEntry:
    account_id = ValueAccountId(move.account_id)
    return entry(kind, _head_of(transaction, kind, account_id, place), _moved(move))


def _line_entry(transaction: RetailTransaction, line: SaleLine, move: ValueMove) -> ValueEntry:
    assert line.item_id in VALUE_ITEMS
    place, account_id = f"line {line.number}", ValueAccountId(move.account_id)
    if line.item_id == REFUND:
        head = _head_of(transaction, ValueEntryKind.REFUND, account_id, place)
        clawed_back = -move.paid.minor + line.net.minor
        return entry(ValueEntryKind.REFUND, head, _moved(move), clawed_back=clawed_back)
    assert line.item_id in (TOP_UP, GIFT_CARD)
    return _plain_entry(transaction, ValueEntryKind.TOP_UP, move, place)


def _reversal(
    transaction: RetailTransaction, spent: ValueEntry, moved: Amounts, move: ValueMove
) -> ValueEntry:
    assert moved == _moved(move) != NOTHING
    kind = ValueEntryKind.SPEND_REVERSAL
    head = _head_of(transaction, kind, spent.head.account_id, spent.head.id.hex)
    return entry(kind, replace(head, reverses=spent.head.id), moved)
