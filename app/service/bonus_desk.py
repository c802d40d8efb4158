"""Bonuses as they are given and taken back: with a sale, at an enrolment, by hand.

What was given stands in the ledger under an id of its own, so that asking for that id is all it takes to give nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from app.domain.birthday import birthday_of, is_birthday, is_birthday_month
from app.domain.errors import Refused
from app.domain.ids import EntryId, MemberId
from app.domain.ledger import Account, EntryKind, LedgerEntry, Lot, Posting
from app.domain.loyalty.bonus import (
    ATTEMPTS_MAX,
    INACTIVITY_SOURCE,
    Grant,
    Purchase,
    due_at_enrolment,
    due_for_referral,
    due_for_review,
    due_with_purchase,
    grant_entry,
    has_lapsed,
    ids_to_ask,
    lapse_id,
    reversal_id,
    stands,
)
from app.domain.loyalty.points_rules import BonusKind, PointsRules
from app.domain.loyalty.term import NEVER, TermKind
from app.domain.member import Member, MemberCard
from app.domain.points_book import PointsBook, lot_filled_by
from app.domain.returns import Origin, comes_back_whole
from app.domain.transaction import RetailTransaction, TransactionKind
from app.service.calendar_moon import lunar_to_solar
from app.service.ports import Clock, Store, UnitOfWork
from app.service.rulebook import Rulebook
from app.service.session import Session

MEMBERS_PER_COMMIT: Final = 50


class BonusDesk:
    """What a person does about bonuses; sales bring theirs through :func:`give_with_sale`."""

    def __init__(self, store: Store, session: Session, clock: Clock, rulebook: Rulebook) -> None:
        self._store = store
        self._session = session
        self._clock = clock
        self._rulebook = rulebook

    def welcome(self, work: UnitOfWork, member_id: MemberId) -> LedgerEntry | None:
        """Post the welcome of a new member inside the enrolment's own unit; None when there is none, or it was given."""
        rules, on = self._rulebook.points().rules, self._today()
        return self._give(work, rules, due_at_enrolment(rules, member_id, on), on)

    def review(self, member_id: MemberId, about: str) -> LedgerEntry:
        """Thank a member for what they wrote; ``about`` names it. Raises Refused: "bonus_not_set", "bonus_given"."""
        rules, on = self._rulebook.points().rules, self._today()
        grant = due_for_review(rules, member_id, about.strip(), on)
        if grant is None:
            raise Refused("bonus_not_set")
        with self._store.begin() as work:
            entry = self._give(work, rules, grant, on)
            if entry is None:
                raise Refused("bonus_given")
            work.commit()
        return entry

    def _give(
        self, work: UnitOfWork, rules: PointsRules, grant: Grant | None, on: date
    ) -> LedgerEntry | None:
        if grant is None:
            return None
        for _, entry_id in free_ids(work, [grant]):
            entry = grant_entry(
                rules, grant, entry_id, on=on, occurred_at=self._clock.now_ms(), transaction_id=None
            )
            work.post(entry)
            return entry
        return None

    def _today(self) -> date:
        shift = self._session.shift
        return self._clock.local().date() if shift is None else shift.business_date


# --- with a sale ------------------------------------------------------------------------------------------------------


def give_with_sale(
    work: UnitOfWork, rules: PointsRules, transaction: RetailTransaction, member: Member | None
) -> tuple[LedgerEntry, ...]:
    """The entries of the bonuses that this sale brings, to be posted after everything else. One look at the ledger."""
    if (
        not rules.bonuses
        or transaction.member_id is None
        or transaction.header.kind is not TransactionKind.SALE
    ):
        return ()
    purchase = _purchase(transaction, transaction.member_id, member)
    grants = [*due_with_purchase(rules, purchase), *_of_referral(work, rules, purchase)]
    if not grants:
        return ()
    header = transaction.header
    return tuple(
        grant_entry(
            rules,
            grant,
            entry_id,
            on=header.business_date,
            occurred_at=header.occurred_at,
            transaction_id=header.id,
        )
        for grant, entry_id in free_ids(work, grants)
    )


def _purchase(transaction: RetailTransaction, member_id: MemberId, member: Member | None) -> Purchase:
    on = transaction.header.business_date
    birthday = None if member is None else birthday_of(member.birthday)
    return Purchase(
        member_id=member_id,
        on=on,
        goods_minor=sum(line.net.minor for line in transaction.lines if not line.is_return),
        is_enrolment=transaction.is_new_member,
        is_birthday=birthday is not None and is_birthday(birthday, on, lunar_to_solar),
        is_birthday_month=birthday is not None and is_birthday_month(birthday, on, lunar_to_solar),
    )


def _of_referral(work: UnitOfWork, rules: PointsRules, purchase: Purchase) -> tuple[Grant, ...]:
    if rules.bonus(BonusKind.REFERRAL) is None:
        return ()
    referrer_id = work.referrer_of(purchase.member_id)
    return () if referrer_id is None else due_for_referral(rules, purchase, referrer_id)


def free_ids(work: UnitOfWork, grants: Sequence[Grant]) -> list[tuple[Grant, EntryId]]:
    """Those that were never given, or taken back since, each with the id under which it is given now."""
    found, left = [], list(grants)
    for attempt in range(ATTEMPTS_MAX):
        if not left:
            break
        known = work.known_entries(ids_to_ask(left, attempt))
        again = []
        for grant in left:
            is_given = stands(grant, attempt, known)
            if is_given is None:
                found.append((grant, grant.entry_id(attempt)))
            elif not is_given:
                again.append(grant)
        left = again
    return found


# --- with a return or void --------------------------------------------------------------------------------------------


def take_back_with_sale(
    work: UnitOfWork,
    book: PointsBook,
    transaction: RetailTransaction,
    origins: Iterable[Origin],
    *,
    may_owe: bool,
) -> None:
    """A sale that has come back whole takes its bonuses with it, those of who brought the member included."""
    for origin in origins:
        if origin.original.member_id is None or not is_all_back(origin, transaction):
            continue
        own = [entry for entry in origin.entries if entry.kind is EntryKind.BONUS]
        for entry in (*own, *_of_referrer(work, origin)):
            book.take_back(
                entry.member_id,
                entry.member_points,
                lot_filled_by([entry]),
                may_owe=may_owe,
                entry_id=reversal_id(entry.id),
                source=entry.source,
            )


def is_all_back(origin: Origin, transaction: RetailTransaction) -> bool:
    """Whether nothing is left of the sale after this ticket."""
    return transaction.header.kind is TransactionKind.POST_VOID or comes_back_whole(origin, transaction.lines)


def _of_referrer(work: UnitOfWork, origin: Origin) -> Iterable[LedgerEntry]:
    """What somebody else was given for this sale."""
    friend = origin.original.member_id
    referrer_id = None if friend is None else work.referrer_of(friend)
    if friend is None or referrer_id is None:
        return
    grants = [EntryId(_referral(referrer_id, friend).entry_id(attempt)) for attempt in range(ATTEMPTS_MAX)]
    for entry_id in sorted(work.known_entries(grants)):
        entry = work.entry(entry_id)
        if entry is not None and entry.transaction_id == origin.original.header.id:
            yield entry


def _referral(referrer_id: MemberId, friend: MemberId) -> Grant:
    return Grant(referrer_id, BonusKind.REFERRAL._value_, friend.hex, 0, NEVER)


# --- inactivity -------------------------------------------------------------------------------------------------------


def lapse(book: PointsBook, rules: PointsRules, card: MemberCard) -> None:
    """Who comes back after too long a time begins at nought: everything that was held ends, before this ticket."""
    on = book.header.business_date
    if card.last_visit_on is None or not has_lapsed(rules.expires, card.last_visit_on, on):
        return
    postings = _ending(book.lots(card.member.id))
    if postings:
        entry_id = lapse_id(card.member.id, card.last_visit_on)
        book.post(EntryKind.EXPIRY, card.member.id, postings, entry_id=entry_id, source=INACTIVITY_SOURCE)


def _ending(lots: Iterable[Lot]) -> tuple[Posting, ...]:
    """Takes all that is in these lots."""
    held = [lot for lot in lots if lot.remaining > 0]
    if not held:
        return ()
    return (
        *(Posting(Account.MEMBER, -lot.remaining, lot.id, lot.owner) for lot in held),
        Posting(Account.EXPIRED, sum(lot.remaining for lot in held)),
    )


@dataclass(frozen=True, slots=True)
class Lapsed:
    """What one look did. ``points`` is what members lost."""

    members: int
    points: int
    is_complete: bool


class InactivityDesk:
    """Ends the points of members who did not come back, where the rules say so; a few at a time, so that the till sells meanwhile."""

    def __init__(self, store: Store, clock: Clock, rulebook: Rulebook) -> None:
        self._store = store
        self._clock = clock
        self._rulebook = rulebook

    def run(
        self,
        today: date,
        *,
        on_progress: Callable[[int, int], None] = lambda done, total: None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> Lapsed:
        """May be stopped anywhere and begun again. Runs on any thread."""
        term = self._rulebook.points().rules.expires
        if term.kind is not TermKind.INACTIVITY:
            return Lapsed(0, 0, is_complete=True)
        total, seen, members, points = self._store.count_members(), 0, 0, 0
        for count, quiet in self._store.quiet_members(today - timedelta(days=term.count)):
            for start in range(0, len(quiet), MEMBERS_PER_COMMIT):
                if is_cancelled():
                    return Lapsed(members, points, is_complete=False)
                ended = self._end(quiet[start : start + MEMBERS_PER_COMMIT], today)
                members, points = members + len(ended), points + sum(ended)
            seen += count
            on_progress(seen, max(total, seen))
        return Lapsed(members, points, is_complete=True)

    def _end(self, quiet: Sequence[tuple[MemberId, date]], today: date) -> list[int]:
        """One commit; the points of each member whose lots still held some."""
        ended = []
        with self._store.begin() as work:
            known = work.known_entries([lapse_id(member_id, last) for member_id, last in quiet])
            for member_id, last in quiet:
                entry_id, postings = lapse_id(member_id, last), _ending(work.lots(member_id))
                if postings and entry_id not in known:
                    entry = LedgerEntry(
                        id=entry_id,
                        kind=EntryKind.EXPIRY,
                        member_id=member_id,
                        transaction_id=None,
                        occurred_at=self._clock.now_ms(),
                        business_date=today,
                        postings=postings,
                        source=INACTIVITY_SOURCE,
                    )
                    work.post(entry)
                    ended.append(-entry.member_points)
            work.commit()
        return ended
