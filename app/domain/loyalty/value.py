"""Stored value (儲值金) and gift cards (禮物卡): money the shop owes, in strict double entry, and how it is spent, given back and paid out.

What was paid and what the shop gave on top (bonus) are parts of their own: each part of each entry sums to zero, and only what was paid is
ever paid out. A balance is the sum of an account's postings; nobody stores one.

    top-up           holder +        received − (paid)    bonus_given − (bonus)
    spend            holder −        spent +
    spend reversal   holder +        spent −
    refund           holder −        refunded + (paid)    bonus_given + (bonus that ends, and paid that covers bonus already enjoyed)
    top-up reversal  holder −        received +           bonus_given +
    expiry           holder −        expired + (bonus only)

The paid part never ends: Taiwan's rules for vouchers and stored value (商品（服務）禮券定型化契約應記載及不得記載事項) allow
no expiry of what a customer paid, and ask the shop for a performance guarantee or trust (履約保證、信託) of what it owes, printed on
the voucher. That duty is the shop's to check with its adviser; :class:`Liability` says how much it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, NewType
from uuid import UUID, uuid5

from app.domain.ids import MemberId, TransactionId
from app.domain.money import allocate, round_half_up

ValueAccountId = NewType("ValueAccountId", UUID)
ValueEntryId = NewType("ValueEntryId", UUID)

_SPACE: Final = UUID("6f2c1f0e-6d0e-5c39-9d2b-7c1a52a0b3f4")


class AccountKind(StrEnum):
    MEMBER = "member"
    GIFT_CARD = "gift_card"


class ValueEntryKind(StrEnum):
    TOP_UP = "top_up"
    SPEND = "spend"
    SPEND_REVERSAL = "spend_reversal"
    REFUND = "refund"  # with its signs turned: a refund that was voided
    TOP_UP_REVERSAL = "top_up_reversal"
    EXPIRY = "expiry"
    ADJUSTMENT = "adjustment"


class Book(StrEnum):
    """The accounts of the shop's ledger; the holder's is the one that is owed."""

    HOLDER = "holder"
    RECEIVED = "received"
    BONUS_GIVEN = "bonus_given"
    SPENT = "spent"
    REFUNDED = "refunded"
    EXPIRED = "expired"
    ADJUSTED = "adjusted"


class Part(StrEnum):
    PAID = "paid"
    BONUS = "bonus"


class SpendOrder(StrEnum):
    """Which part pays first. In proportion is just: what comes back later is worth what was given for it."""

    PRO_RATA = "pro_rata"
    PAID_FIRST = "paid_first"
    BONUS_FIRST = "bonus_first"


@dataclass(frozen=True, slots=True)
class Amounts:
    """Minor units of both parts; a balance, or a movement with its sign."""

    paid: int = 0
    bonus: int = 0

    def __add__(self, other: Amounts) -> Amounts:
        return Amounts(self.paid + other.paid, self.bonus + other.bonus)

    def __sub__(self, other: Amounts) -> Amounts:
        return Amounts(self.paid - other.paid, self.bonus - other.bonus)

    def __neg__(self) -> Amounts:
        return Amounts(-self.paid, -self.bonus)

    @property
    def total(self) -> int:
        return self.paid + self.bonus

    @property
    def is_negative(self) -> bool:
        """Whether either part is below nothing."""
        return self.paid < 0 or self.bonus < 0


NOTHING: Final = Amounts()


@dataclass(frozen=True, slots=True)
class ValueAccount:
    """``code`` is what a gift card's QR says; a member's own account has none. A card may belong to a member as well."""

    id: ValueAccountId
    kind: AccountKind
    currency: str
    opened_at: int
    code: str = ""
    member_id: MemberId | None = None

    def __post_init__(self) -> None:
        assert (self.kind is AccountKind.GIFT_CARD) == bool(self.code)
        assert self.kind is AccountKind.GIFT_CARD or self.member_id is not None

    def __repr__(self) -> str:
        return f"ValueAccount({self.id.hex})"  # its code is money


@dataclass(frozen=True, slots=True)
class ValuePosting:
    book: Book
    part: Part
    minor: int


@dataclass(frozen=True, slots=True)
class EntryHead:
    """What every entry says about itself. ``reverses`` is the entry that this one takes back."""

    id: ValueEntryId
    account_id: ValueAccountId
    occurred_at: int
    business_date: date
    transaction_id: TransactionId | None = None
    rule_version: int = 0
    reverses: ValueEntryId | None = None


@dataclass(frozen=True, slots=True)
class ValueEntry:
    """One movement of one account."""

    kind: ValueEntryKind
    head: EntryHead
    postings: tuple[ValuePosting, ...]

    def __post_init__(self) -> None:
        assert self.postings
        for part in Part:
            own = [posting.minor for posting in self.postings if posting.part is part]
            assert all(own), "a posting moves something"
            assert sum(own) == 0, "what one account gains another loses"

    @property
    def holder(self) -> Amounts:
        """What the holder gains (positive) or loses."""
        return self._moved(Book.HOLDER)

    @property
    def clawed_back(self) -> int:
        """Paid money that a refund kept for bonus already enjoyed."""
        return self._moved(Book.BONUS_GIVEN).paid

    def _moved(self, book: Book) -> Amounts:
        sums = dict.fromkeys(Part, 0)
        for posting in self.postings:
            if posting.book is book:
                sums[posting.part] += posting.minor
        return Amounts(sums[Part.PAID], sums[Part.BONUS])


@dataclass(frozen=True, slots=True)
class Liability:
    """What the shop owes the holders of its accounts. ``paid`` is money that customers handed over."""

    amounts: Amounts
    accounts: int


_AGAINST: Final[Mapping[ValueEntryKind, tuple[Book, Book]]] = {
    ValueEntryKind.TOP_UP: (Book.RECEIVED, Book.BONUS_GIVEN),
    ValueEntryKind.TOP_UP_REVERSAL: (Book.RECEIVED, Book.BONUS_GIVEN),
    ValueEntryKind.SPEND: (Book.SPENT, Book.SPENT),
    ValueEntryKind.SPEND_REVERSAL: (Book.SPENT, Book.SPENT),
    ValueEntryKind.REFUND: (Book.REFUNDED, Book.BONUS_GIVEN),
    ValueEntryKind.EXPIRY: (Book.EXPIRED, Book.EXPIRED),
    ValueEntryKind.ADJUSTMENT: (Book.ADJUSTED, Book.ADJUSTED),
}


def entry(kind: ValueEntryKind, head: EntryHead, moved: Amounts, *, clawed_back: int = 0) -> ValueEntry:
    """The entry by which the holder gains ``moved``. ``clawed_back`` is the part of a refund's paid money that stays with the shop."""
    assert clawed_back == 0 or kind is ValueEntryKind.REFUND
    for_paid, for_bonus = _AGAINST[kind]
    postings = (
        ValuePosting(Book.HOLDER, Part.PAID, moved.paid),
        ValuePosting(for_paid, Part.PAID, -moved.paid - clawed_back),
        ValuePosting(Book.BONUS_GIVEN, Part.PAID, clawed_back),
        ValuePosting(Book.HOLDER, Part.BONUS, moved.bonus),
        ValuePosting(for_bonus, Part.BONUS, -moved.bonus),
    )
    return ValueEntry(kind, head, tuple(posting for posting in postings if posting.minor))


def balance_of(entries: Iterable[ValueEntry]) -> Amounts:
    balance = NOTHING
    for one in entries:
        balance += one.holder
    return balance


# --- identities: made from what they are about, so that whoever makes them twice makes the same ------------------------------


def account_of_member(member_id: MemberId, currency: str) -> ValueAccountId:
    return ValueAccountId(uuid5(_SPACE, f"member {member_id.hex} {currency}"))


def account_of_card(code: str) -> ValueAccountId:
    return ValueAccountId(uuid5(_SPACE, f"gift card {code}"))


def entry_id(kind: ValueEntryKind, account_id: ValueAccountId, cause: UUID, place: str = "") -> ValueEntryId:
    """``cause`` is the transaction, ``place`` the line, tender or entry of it that this entry is for."""
    return ValueEntryId(uuid5(_SPACE, f"{kind} {account_id.hex} {cause.hex} {place}"))


# --- spending and giving back --------------------------------------------------------------------------------------------------


def split(order: SpendOrder, amount: int, balance: Amounts) -> Amounts:
    """How much of each part pays ``amount``; never more than there is of it."""
    assert 0 <= amount <= balance.total
    match order:
        case SpendOrder.PRO_RATA:
            paid, bonus = allocate(amount, (balance.paid, balance.bonus))
        case SpendOrder.PAID_FIRST:
            paid = min(amount, balance.paid)
            bonus = amount - paid
        case SpendOrder.BONUS_FIRST:
            bonus = min(amount, balance.bonus)
            paid = amount - bonus
    assert paid <= balance.paid
    assert bonus <= balance.bonus
    return Amounts(paid, bonus)


def given_back(spent: Amounts, before: int, amount: int) -> Amounts:
    """The parts that ``amount`` gives back of what was spent, after ``before`` has gone back already.

    Cumulative, so that all returns of a sale together give back each part to the last unit, however many they are.
    """
    assert 0 <= before <= before + amount <= spent.total
    if not spent.total:
        return NOTHING
    paid = _share(spent, before + amount) - _share(spent, before)
    return Amounts(paid, amount - paid)


def _share(spent: Amounts, amount: int) -> int:
    return round_half_up(spent.paid * amount, spent.total)


# --- paying out -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Payout:
    """What a refund takes out of an account: ``paid`` goes to the customer, ``clawed_back`` and ``bonus`` stay with the shop."""

    paid: int
    clawed_back: int
    bonus: int

    @property
    def moved(self) -> Amounts:
        """As the holder feels it."""
        return Amounts(-self.paid - self.clawed_back, -self.bonus)


def payable(balance: Amounts, bonus_enjoyed: int) -> int:
    """The most that may be paid out: what was paid and is left, less the bonus that was already enjoyed."""
    return max(0, balance.paid - bonus_enjoyed)


def payout(balance: Amounts, bonus_enjoyed: int, amount: int) -> Payout:
    """Pay out this much. The bonus goes with the money it was given for; the last payout empties the account."""
    most = payable(balance, bonus_enjoyed)
    assert 0 < amount <= most
    if amount == most:
        return Payout(amount, balance.paid - amount, balance.bonus)
    return Payout(amount, 0, -(-balance.bonus * amount // most))


def bonus_enjoyed(entries: Iterable[ValueEntry]) -> int:
    """Bonus that was spent and did not come back, less what refunds have kept for it."""
    enjoyed = 0
    for one in entries:
        if one.kind in (ValueEntryKind.SPEND, ValueEntryKind.SPEND_REVERSAL):
            enjoyed -= one.holder.bonus
        elif one.kind is ValueEntryKind.REFUND:
            enjoyed -= one.clawed_back
    return max(0, enjoyed)


# --- the end of a bonus ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EndedBonus:
    """What is left of the bonus of one top-up whose last day has passed. ``times``: how often a rest of it was booked out before."""

    top_up_id: ValueEntryId
    left: int
    times: int = 0

    def entry_id(self, account_id: ValueAccountId) -> ValueEntryId:
        """The same at every till, so that one end is booked once, whoever books it."""
        return entry_id(ValueEntryKind.EXPIRY, account_id, self.top_up_id, str(self.times))


@dataclass(slots=True)
class _BonusLot:
    ends_on: date
    left: int
    top_up_id: ValueEntryId | None = None
    times: int = 0


def ended_bonus(entries: Sequence[ValueEntry], on: date, days_of: Callable[[int], int | None]) -> int:
    """All of :func:`ended_bonuses` together."""
    return sum(one.left for one in ended_bonuses(entries, on, days_of))


def ended_bonuses(
    entries: Sequence[ValueEntry], on: date, days_of: Callable[[int], int | None]
) -> tuple[EndedBonus, ...]:
    """Bonus whose last day is before ``on``. ``days_of`` tells for a rule version how long its bonuses last; None: they never end.

    ``entries`` are all of one account, oldest first. What ends soonest is spent first; what comes back keeps its old end. The answer is in
    the order of the ends, in which they are booked out.
    """
    lots: list[_BonusLot] = []
    taken: dict[ValueEntryId, list[tuple[_BonusLot, int]]] = {}
    for one in entries:
        bonus = one.holder.bonus
        if bonus < 0:
            taken[one.head.id] = _take(lots, -bonus)
            if one.kind is ValueEntryKind.EXPIRY:
                for lot, _ in taken[one.head.id]:
                    lot.times += 1
        elif one.kind is ValueEntryKind.TOP_UP:
            if bonus:
                days = days_of(one.head.rule_version)
                end = date.max if days is None else one.head.business_date + timedelta(days=days)
                lots.append(_BonusLot(end, bonus, one.head.id))
        elif bonus:
            source = one.head.reverses
            _put_back(lots, taken.get(source, []) if source is not None else [], bonus)
    return tuple(
        EndedBonus(lot.top_up_id, lot.left, lot.times)
        for lot in sorted(lots, key=lambda lot: lot.ends_on)
        if lot.ends_on < on and lot.left and lot.top_up_id is not None
    )


def _take(lots: list[_BonusLot], bonus: int) -> list[tuple[_BonusLot, int]]:
    taken = []
    for lot in sorted(lots, key=lambda lot: lot.ends_on):
        part = min(lot.left, bonus)
        if part:
            lot.left -= part
            bonus -= part
            taken.append((lot, part))
    return taken


def _put_back(lots: list[_BonusLot], taken: list[tuple[_BonusLot, int]], bonus: int) -> None:
    """Into the lots it came from, those that end last first; what came from none never ends."""
    for place in reversed(range(len(taken))):
        lot, part = taken[place]
        back = min(part, bonus)
        lot.left += back
        bonus -= back
        taken[place] = (lot, part - back)
    if bonus:
        lots.append(_BonusLot(date.max, bonus))
