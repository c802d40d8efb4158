"""A shop whose tills were apart: the same numbers enrolled twice, bonuses and coupons given twice, people merged, erased and asked again.

Everything is written through the units of work that the services use; the seed decides what happens where.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from random import Random
from uuid import UUID

from app.domain.consent import Consent, ConsentChannel, Purpose
from app.domain.errors import Refused
from app.domain.ids import EntryId, LotId, MemberId, TransactionId
from app.domain.ledger import Account, EntryKind, LedgerEntry, Posting
from app.domain.loyalty.bonus import Grant
from app.domain.loyalty.coupon import Coupon, CouponEvent, CouponEventKind, CouponId, CouponSource
from app.domain.loyalty.documents import RuleArea
from app.domain.loyalty.moves import CouponUse, Moves
from app.domain.loyalty.stamps import StampEvent, StampEventKind
from app.domain.loyalty.term import NEVER
from app.domain.loyalty.tiers import TierChange, TierEvent, TierEventKind
from app.domain.loyalty.value import (
    AccountKind,
    Book,
    EntryHead,
    Part,
    ValueAccount,
    ValueEntry,
    ValueEntryId,
    ValueEntryKind,
    ValuePosting,
    account_of_member,
)
from app.domain.member import Member
from app.domain.profile import Done, Note, NoteKind, ProfileChange
from app.service.ports import UnitOfWork
from tests.builders import BUSINESS_DATE, CASHIER, a_line, a_sale, money
from tests.db.exchange_world import Till
from tests.db.tills import numbered
from tests.sync.server.tills import derived_id, fact_id

NUMBERS = 8


@dataclass(slots=True)
class Shop:
    """What happens at the tills of one world. ``seed`` decides all of it."""

    seed: int
    random: Random = field(init=False)
    count: int = 0
    members: dict[int, list[Member]] = field(default_factory=dict)  # by the till that knows them

    def __post_init__(self) -> None:
        self.random = Random(self.seed)

    def new_id(self) -> UUID:
        self.count += 1
        return fact_id(40, self.seed, self.count)

    def knows(self, till: Till) -> list[Member]:
        return [one for one in till.store.members.everyone() if one.phone]

    def happens(self, till: Till) -> None:
        """One thing at one till."""
        known = self.knows(till)
        if not known or self.random.random() < 0.15:
            self.enrols(till)
            return
        member, other = self.random.choice(known), self.random.choice(known)
        what = self.random.choice(
            (
                self.sells, self.sells, self.earns, self.changes, self.changes, self.notes, self.asks, self.gives_coupon,
                self.gives_coupons, self.uses_coupon, self.stamps, self.reaches, self.pays_in, self.writes_rules,
            )
        )  # fmt: skip
        with till.store.begin() as work:
            rare = self.random.random()
            try:
                if rare < 0.03:
                    till.store.membership.erasures.erase(
                        work, member.id, at=till.clock.now, operator_id=CASHIER.id, reason="asked"
                    )
                elif rare < 0.09:
                    into = None if self.random.random() < 0.4 or member == other else other.id
                    till.store.membership.merges.put(
                        work, member.id, into, at=till.clock.now, operator_id=CASHIER.id, reason=""
                    )
                elif rare < 0.12 and member != other:
                    till.store.membership.consents.refer(
                        work, member.id, other.id, at=till.clock.now, operator_id=CASHIER.id
                    )
                else:
                    what(till, work, member)
            except Refused:
                return
            work.commit()

    def enrols(self, till: Till) -> None:
        phone = f"+8869120000{self.random.randrange(NUMBERS):02d}"
        if till.store.members.by_phone(phone) is not None:
            return
        number = self.random.randrange(1_000)
        member = Member(MemberId(self.new_id()), phone, f"客{number}", birthday="03-05")
        with till.store.begin() as work:
            work.add_member(member, created_at=till.clock.now, operator_id=CASHIER.id)
            work.commit()

    def sells(self, till: Till, work: UnitOfWork, member: Member) -> None:
        points = self.random.randrange(1, 30)
        sale = a_sale(a_line(self.random.randrange(10, 500)), member=member)
        header = replace(sale.header, id=TransactionId(self.new_id()), occurred_at=till.clock.now)
        sale = numbered(work, replace(sale, header=header))
        entries = [self._entry(till, member, points, transaction=sale.header.id)]
        if self.random.random() < 0.3:
            entries.append(self._bonus(till, member, transaction=sale.header.id))
        known = work.known_entries([entry.id for entry in entries])
        work.append(replace(sale, entries=tuple(entry for entry in entries if entry.id not in known)))

    def earns(self, till: Till, work: UnitOfWork, member: Member) -> None:
        entry = self._bonus(till, member) if self.random.random() < 0.5 else self._entry(till, member, 5)
        if not work.known_entries([entry.id]):
            work.post(entry)

    def changes(self, till: Till, work: UnitOfWork, member: Member) -> None:
        fields = {
            "name": f"客{self.random.randrange(100)}",
            "email": f"{self.random.randrange(9)}@example.tw",
            "tag:愛吃辣": self.random.choice(("1", "")),
            f"code:/ABC{self.random.randrange(3)}": self.random.choice(("carrier", "")),
            "code": self.random.choice(("K1", "K2", "")),
            "phone": f"+8869120000{self.random.randrange(NUMBERS):02d}",
        }
        chosen = self.random.sample(sorted(fields), 2)
        change = ProfileChange({name: fields[name] for name in chosen})
        self._change(till, work, member, change)

    def notes(self, till: Till, work: UnitOfWork, member: Member) -> None:
        known = till.store.membership.profiles.notes(member.id)
        change = ProfileChange(
            notes=(Note(self.new_id(), member.id, NoteKind.REQUEST, "要紙袋", till.clock.now),)
        )
        if known and self.random.random() < 0.5:
            one = self.random.choice(known)
            if self.random.random() < 0.5:
                change = ProfileChange(dropped=(one.id,))
            else:
                change = ProfileChange(done=(Done(one.id, till.clock.now, CASHIER.id),))
        self._change(till, work, member, change)

    def asks(self, till: Till, work: UnitOfWork, member: Member) -> None:
        granted = self.random.random() < 0.5
        till.store.membership.consents.give(
            work,
            Consent(
                self.new_id(), member.id, Purpose.MARKETING, granted, "v1", ConsentChannel.SPOKEN, till.clock.now,
            ),
        )  # fmt: skip

    def gives_coupon(self, till: Till, work: UnitOfWork, member: Member) -> None:
        own = derived_id(41, self.seed, self.random.randrange(6))
        work.coupons.issue(self._coupon(till, own, member))

    def gives_coupons(self, till: Till, work: UnitOfWork, member: Member) -> None:
        some = [self._coupon(till, self.new_id(), member) for _ in range(3)]
        work.coupons.issue_all(self.new_id(), some)

    def uses_coupon(self, till: Till, work: UnitOfWork, member: Member) -> None:
        own = CouponId(derived_id(41, self.seed, self.random.randrange(6)))
        sale = a_sale(a_line(200), member=member)
        header = replace(sale.header, id=TransactionId(self.new_id()), occurred_at=till.clock.now)
        is_back = self.random.random() < 0.3
        use = CouponUse(own, f"C{own.hex}", "tea", money(50), is_restored=is_back)
        work.append(numbered(work, replace(sale, header=header, moves=Moves(coupons=(use,)))))
        kind = CouponEventKind.RESTORED if is_back else CouponEventKind.REDEEMED
        work.coupons.record(
            CouponEvent(self.new_id(), own, kind, till.clock.now, BUSINESS_DATE, 50, transaction_id=header.id)
        )

    def stamps(self, till: Till, work: UnitOfWork, member: Member) -> None:
        work.stamps.record(
            StampEvent(
                self.new_id(), member.id, "tea", StampEventKind.EARNED, 2, till.clock.now, BUSINESS_DATE, 1
            )
        )

    def reaches(self, till: Till, work: UnitOfWork, member: Member) -> None:
        if till.store.rules.version(RuleArea.TIERS, 1) is None:
            work.put_rules(RuleArea.TIERS, {}, valid_from=1, at=till.clock.now)
        change = TierChange(TierEventKind.GRANTED, member.tier, self.random.choice(("gold", "silver")), None)
        till.store.tiers.write(
            work, TierEvent(self.new_id(), member.id, change, till.clock.now, BUSINESS_DATE, 1)
        )

    def pays_in(self, till: Till, work: UnitOfWork, member: Member) -> None:
        account = account_of_member(member.id, "TWD")
        work.value.open(ValueAccount(account, AccountKind.MEMBER, "TWD", till.clock.now, member_id=member.id))
        amount = self.random.randrange(100, 900)
        head = EntryHead(ValueEntryId(self.new_id()), account, till.clock.now, BUSINESS_DATE)
        postings = (
            ValuePosting(Book.HOLDER, Part.PAID, amount),
            ValuePosting(Book.RECEIVED, Part.PAID, -amount),
        )
        work.value.post(ValueEntry(ValueEntryKind.TOP_UP, head, postings))

    def writes_rules(self, till: Till, work: UnitOfWork, member: Member) -> None:
        if self.random.random() < 0.3:
            work.put_rules(
                RuleArea.GUARD,
                {"limit": self.random.randrange(99)},
                valid_from=till.clock.now,
                at=till.clock.now,
            )

    def _change(self, till: Till, work: UnitOfWork, member: Member, change: ProfileChange) -> None:
        till.store.membership.profiles.change(
            work, member.id, change, at=till.clock.now, operator_id=CASHIER.id
        )

    def _coupon(self, till: Till, own: UUID, member: Member) -> Coupon:
        return Coupon(
            CouponId(own), f"C{own.hex}", "tea", 1, till.clock.now, BUSINESS_DATE, None, 1 + self.random.randrange(2),
            CouponSource.RULE, member.id,
        )  # fmt: skip

    def _bonus(self, till: Till, member: Member, transaction: UUID | None = None) -> LedgerEntry:
        """The same id on every till, and not always the same points: the rules were changed meanwhile."""
        own = Grant(member.id, "birthday", str(BUSINESS_DATE.year), 0, NEVER).entry_id()
        return self._entry(
            till,
            member,
            100 + self.random.randrange(3),
            kind=EntryKind.BONUS,
            own=own,
            transaction=transaction,
        )

    def _entry(
        self,
        till: Till,
        member: Member,
        points: int,
        *,
        kind: EntryKind = EntryKind.ACCRUAL,
        own: UUID | None = None,
        transaction: UUID | None = None,
    ) -> LedgerEntry:
        lot = LotId(derived_id(43, member.id.int) if own else self.new_id())
        return LedgerEntry(
            id=EntryId(own or self.new_id()),
            kind=kind,
            member_id=member.id,
            transaction_id=None if transaction is None else TransactionId(transaction),
            occurred_at=till.clock.now,
            business_date=BUSINESS_DATE,
            postings=(Posting(Account.MEMBER, points, lot), Posting(Account.ISSUED, -points)),
            expires_on=BUSINESS_DATE.replace(year=BUSINESS_DATE.year + 1),
            source="birthday" if own else "",
        )
