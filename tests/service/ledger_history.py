"""A shop that lives at random: sales with everything that belongs to members, returns, voids, merges, ends of lots, rules that change.

What must hold after every step is asked of the store itself; a step that restores is compared with how things stood before it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

from app.domain.errors import Refused
from app.domain.ids import MemberId
from app.domain.ledger import EntryKind, LedgerEntry, Lot, spendable
from app.domain.loyalty.coupon_benefit import Benefit, BenefitKind
from app.domain.loyalty.coupon_terms import CouponRules, CouponTerms
from app.domain.loyalty.gifts import Gift, GiftRules
from app.domain.loyalty.points_rules import (
    Bonus,
    BonusKind,
    Burn,
    Multiplier,
    Per,
    PointsRules,
    Rate,
    Rounding,
)
from app.domain.loyalty.stamps import StampCard, StampRules
from app.domain.loyalty.term import NEVER, Term, TermKind
from app.domain.loyalty.tiers import Tier, TierRights, TierRules, Window, WindowKind
from app.domain.loyalty.value_rules import TopUpStep, ValueRules
from app.domain.tender import TenderKind
from app.domain.transaction import RetailTransaction
from app.service.expiry import ExpiryDesk
from app.service.membership_merge import MergeDesk
from app.service.outcomes import ReadyToComplete
from app.service.rules import RuleDesk
from db.ledger import BALANCE
from tests.db.busy_day import close_shift, open_shift
from tests.db.tills import rows
from tests.service.small_shop import BAG, SOAP, TEA, SmallShop

PHONES = ("0912345678", "0987654321", "0922333444")
SPENDINGS = (EntryKind.REDEMPTION, EntryKind.GIFT)
COUPONS = CouponRules(
    templates=(
        CouponTerms("FORTY", "折四十", Benefit(BenefitKind.AMOUNT, 40), is_alone=False),
        CouponTerms("TENTH", "九折券", Benefit(BenefitKind.PERCENT, 1_000), is_alone=False, uses_max=2),
    )
)
STAMPS = StampRules(
    (
        StampCard(
            "CARD", "集點卡", 4, Benefit(BenefitKind.PERCENT, 10_000, pieces_max=1, is_cheapest_first=True)
        ),
    )
)
TIERS = TierRules(
    window=Window(WindowKind.ROLLING_DAYS, 60),
    tiers=(Tier("silver", "銀卡", 900, TierRights(points_factor=150)),),
    keeps=Term(TermKind.DAYS, 60),
)
Position = dict[str, object]


@dataclass
class LedgerHistory:
    shop: SmallShop
    random: Random
    sales: list[RetailTransaction] = field(default_factory=list)
    merged: list[MemberId] = field(default_factory=list)
    may_owe: bool = True
    done: dict[str, int] = field(default_factory=dict)  # how often each step was taken

    # --- what there is --------------------------------------------------------------------------------------------

    @property
    def today(self) -> date:
        return self.shop.session.require_shift().business_date

    @property
    def members(self) -> list[MemberId]:
        return [MemberId(one.id) for one in self.shop.store.members.everyone()]

    def lots(self, member_id: MemberId) -> tuple[Lot, ...]:
        return self.shop.store.members.lots(member_id)

    def balance(self, member_id: MemberId) -> int:
        return sum(lot.remaining for lot in self.lots(member_id))

    def total(self) -> int:
        """What all members own together, files counted once."""
        found: int = rows(
            self.shop.store, "SELECT coalesce(sum(points), 0) FROM ledger_posting WHERE account = 'member'"
        )[0][0]
        return found

    def position(self) -> Position:
        """Everything that a return gives back: lots that hold something, stamps, uses of coupons, stored value."""
        store, held = self.shop.store, {}
        for member_id in self.members:
            held[f"lots {member_id}"] = {
                lot.id: (lot.remaining, lot.expires_on, lot.usable_on)
                for lot in self.lots(member_id)
                if lot.remaining
            }
            held[f"stamps {member_id}"] = [
                (one.card, one.stamps)
                for one in self.shop.loyalty.stamps.standings(member_id, "", self.today)
            ]
        uses = rows(
            store,
            "SELECT coupon_id, sum(CASE kind WHEN 'redeemed' THEN 1 WHEN 'restored' THEN -1 ELSE 0 END)"
            " FROM coupon_event GROUP BY coupon_id HAVING 2",
        )
        held["coupons"] = {own: count for own, count in uses if count}
        value = rows(
            store,
            "SELECT e.account_id, p.part, sum(p.amount_minor) FROM value_posting p JOIN value_entry e ON e.id = p.entry_id"
            " WHERE p.account = 'holder' GROUP BY 1, 2",
        )
        held["value"] = {(own, part): amount for own, part, amount in value if amount}
        return held

    # --- steps ----------------------------------------------------------------------------------------------------

    def step(self) -> None:
        steps: tuple[Callable[[], None], ...] = (
            *(self.buy, self.buy, self.buy, self.buy_and_undo, self.buy_and_undo),
            *(self.some_comes_back, self.top_up, self.take_a_gift, self.merge, self.merge_and_unmerge),
            *(self.unmerge, self.new_rules, self.next_day, self.lots_end, self.clock_jumps),
        )
        step = self.random.choice(steps)
        before, total = self.position(), self.total()
        try:
            step()
        except Refused:
            self.shop.checkout.start_new()
            if step not in (self.buy_and_undo, self.merge_and_unmerge):
                assert self.position() == before, "what was refused changed nothing"
            return
        self.done[step.__name__] = self.done.get(step.__name__, 0) + 1
        if step in (self.merge, self.unmerge, self.new_rules, self.clock_jumps):
            assert self.total() == total, "whose a file is and what is promised moves no points"

    def buy(self) -> RetailTransaction:
        checkout, random = self.shop.checkout, self.random
        before = {member_id: self.lots(member_id) for member_id in self.members}
        for code in random.choices((TEA, SOAP, BAG), k=random.randint(1, 3)):
            checkout.enter(f"{random.randint(1, 3)}*{code}")
        if random.random() < 0.9:
            checkout.enter(random.choice(PHONES))
            if checkout.offered_phone is not None:
                checkout.enter("")
            self._pay_with_what_the_member_has()
        sale = self._settle()
        self.sales.append(sale)
        self._require_oldest_first(sale, before)
        return sale

    def _pay_with_what_the_member_has(self) -> None:
        checkout, random = self.shop.checkout, self.random
        card = checkout.basket.member
        if card is None or checkout.basket.is_new_member:
            return
        if random.random() < 0.3:
            coupon = self.shop.loyalty.office.issue(random.choice(("FORTY", "TENTH")), None)
            checkout.scan(self.shop.loyalty.coupons.symbol(coupon))
        offer = self.shop.points.offer(checkout.basket, checkout.due(), checkout.priced().total, self.today)
        if offer is not None and offer.points and random.random() < 0.6:
            points = random.randint(1, offer.points)
            checkout.tender(TenderKind.POINTS, points, points=points)
        for account in self.shop.store.value.of_member(card.member.id):
            held = self.shop.loyalty.value.holding(account).balance.total
            most = min(held, checkout.due().minor)
            if most > 0 and random.random() < 0.5:
                checkout.pay_from(account, random.randint(1, most))

    def _settle(self) -> RetailTransaction:
        if self.shop.checkout.due().minor > 0:
            outcome = self.shop.checkout.enter("")
            while not isinstance(outcome, ReadyToComplete):
                outcome = self.shop.checkout.enter("")
        return self.shop.complete().transaction

    def buy_and_undo(self) -> None:
        """Return after sale restores every balance, whatever rules came into force between the two."""
        known = set(self.members)
        before = self.position()
        sale = self.buy()
        if self.random.random() < 0.3:
            self.new_rules(is_quiet=True)
        if self.random.random() < 0.4:
            self.shop.post_void.void(sale.header.id, "打錯")
        else:
            while self.bring_back(sale):
                pass
        after = self.position()
        news = {f"{what} {one}" for one in set(self.members) - known for what in ("lots", "stamps")}
        welcome = {name: held for name, held in after.items() if name in news}
        assert {name: held for name, held in after.items() if name not in news} == before
        assert all(not held or name.startswith("stamps") for name, held in welcome.items()), welcome

    def some_comes_back(self) -> None:
        if self.sales:
            self.bring_back(self.random.choice(self.sales))

    def bring_back(self, sale: RetailTransaction) -> bool:
        """Some of what is left of a sale; False when nothing is."""
        try:
            found = self.shop.returns.by_receipt(sale.header.receipt_number)
        except Refused:
            return False
        left = [line for line in found.lines if line.remaining_quantity]
        if not left:
            return False
        for line in self.random.sample(left, self.random.randint(1, len(left))):
            quantity = self.random.randint(1, line.remaining_quantity // 1_000) * 1_000
            self.shop.checkout.add_return(
                self.shop.returns.line(found, line.line.number, quantity, basket=self.shop.checkout.basket)
            )
        owed = {one: self.balance(one) for one in self.members}
        self.shop.complete()
        if not self.may_owe:
            self._require_no_new_debt(owed)
        return True

    def _require_no_new_debt(self, before: dict[MemberId, int]) -> None:
        for member_id, had in before.items():
            assert self.balance(member_id) >= min(0, had), "where nobody may owe, nobody does"

    def top_up(self) -> None:
        self.shop.checkout.enter(self.random.choice(PHONES))
        if self.shop.checkout.offered_phone is not None:
            self.shop.checkout.enter("")
        self.shop.checkout.top_up(self.random.choice((300, 1_000)))
        self._settle()

    def take_a_gift(self) -> None:
        """By itself, and back again."""
        before = self.position()
        taken = self.shop.loyalty.gifts.redeem(self.random.choice(self.members), "MUG")
        if self.random.random() < 0.6:
            self.shop.loyalty.gifts.give_back(taken.id)
            assert self.position() == before

    # --- whose file is whose ----------------------------------------------------------------------------------------

    def _merges(self) -> MergeDesk:
        return MergeDesk(self.shop.store, self.shop.session, self.shop.clock)

    def merge(self) -> None:
        if len(self.members) < 2:
            return
        loser, survivor = self.random.sample(self.members, 2)
        self._merges().merge(loser, survivor)
        self.merged.append(loser)

    def unmerge(self) -> None:
        if self.merged:
            self._merges().unmerge(self.merged.pop(self.random.randrange(len(self.merged))))

    def merge_and_unmerge(self) -> None:
        if len(self.members) < 2:
            return
        before = self.position()
        loser, survivor = self.random.sample(self.members, 2)
        head = self.shop.store.membership.merges.survivor_of(survivor)
        together = self.balance(loser) + self.balance(head)
        self._merges().merge(loser, survivor)
        assert self.balance(head) == together, "both ledgers count"
        self._merges().unmerge(loser)
        assert self.position() == before

    # --- time and rules -----------------------------------------------------------------------------------------------

    def new_rules(self, *, is_quiet: bool = False) -> None:
        before = self.position()
        rules = points_rules(self.random)
        try:
            RuleDesk(
                self.shop.store, self.shop.session, self.shop.clock, self.shop.points.rulebook
            ).save_points(rules)
        except Refused:
            if not is_quiet:
                raise
        self.may_owe = self.shop.points.rulebook.points().rules.may_owe
        assert self.position() == before, "history is never changed by a rule"

    def next_day(self) -> None:
        close_shift(self.shop)
        self.shop.clock.forward(days=self.random.choice((1, 1, 3, 20)))
        open_shift(self.shop)

    def clock_jumps(self) -> None:
        """The machine's clock, forwards or backwards; the business day stays the shift's."""
        self.shop.clock.forward(hours=self.random.choice((-30, -2, 2, 7)))

    def lots_end(self) -> None:
        before = {one: self.lots(one) for one in self.members}
        desk = ExpiryDesk(self.shop.store, self.shop.clock, self.shop.ids)
        desk.run(self.today)
        ended = self.position()
        assert desk.run(self.today).lots == 0, "a lot ends once"
        assert self.position() == ended
        for member_id, lots in before.items():
            now = {lot.id: lot for lot in self.lots(member_id)}
            for lot in lots:
                left = now[lot.id].remaining
                if lot.expires_on is None or lot.expires_on >= self.today:
                    assert left == lot.remaining, "what has not ended stays"
                else:
                    # What ended and was taken back afterwards is given up, so that nothing is taken twice.
                    assert left == 0 or lot.remaining <= left < 0, "what has ended is gone"

    # --- what must hold -------------------------------------------------------------------------------------------------

    def _require_oldest_first(self, sale: RetailTransaction, before: dict[MemberId, tuple[Lot, ...]]) -> None:
        for entry in sale.entries:
            if entry.kind not in SPENDINGS:
                continue
            taken = {p.lot_id: -p.points for p in entry.postings if p.lot_id is not None}
            usable = {lot.id: lot for lot in before[entry.member_id] if lot.is_usable(self.today)}
            assert taken.keys() <= usable.keys(), "what has ended or not begun is not spent"
            newest = max(usable[lot].expires_on or date.max for lot in taken if lot is not None)
            for lot in usable.values():
                if lot.remaining > taken.get(lot.id, 0):
                    assert (lot.expires_on or date.max) >= newest, "the first to end is spent first"

    def require_whole_books(self) -> None:
        """Sums of postings, lots, balances and statements, three ways each."""
        store = self.shop.store
        off = rows(store, "SELECT entry_id FROM ledger_posting GROUP BY entry_id HAVING sum(points) <> 0")
        assert off == [], "postings sum to zero"
        for member_id in self.members:
            lots, told = self.lots(member_id), store.statement(member_id, self.today)
            summed = rows(store, BALANCE, member_id.bytes)[0][0]
            assert sum(lot.remaining for lot in lots) == summed == told.balance
            assert sum(one.lot.remaining for one in told.lots) == told.balance
            with store.begin() as work:
                counted = work.spendable(member_id, self.today)
                assert counted == spendable(work.lots(member_id), self.today) == told.spendable
                assert work.spendable(member_id, self.today) == counted


def points_rules(random: Random) -> PointsRules:
    """Rules as an owner might change them from one day to the next. None ends with inactivity: that is no matter of one sale."""
    bonuses = (
        Bonus(BonusKind.WELCOME, 30),
        Bonus(BonusKind.VISIT, 5, minimum_minor=200, term=Term(TermKind.DAYS, 15)),
        Bonus(BonusKind.CAMPAIGN, 12, code=f"C{random.randint(1, 3)}"),
    )
    return PointsRules(
        base=Rate(random.choice((1, 30, 100)), random.choice((1, 2))),
        burn=Burn(1),
        multipliers=random.choice(((), (Multiplier(200, weekdays=frozenset({5, 6})),))),
        rounding=random.choice(tuple(Rounding)),
        per=random.choice(tuple(Per)),
        bonuses=tuple(random.sample(bonuses, random.randint(0, 3))),
        pending_days=random.choice((0, 0, 2)),
        expires=random.choice((NEVER, Term(TermKind.DAYS, 10), Term(TermKind.DAYS, 40))),
        may_owe=random.random() < 0.7,
    )


def begin_history(shop: SmallShop, seed: int) -> LedgerHistory:
    random = Random(seed)
    desk = RuleDesk(shop.store, shop.session, shop.clock, shop.points.rulebook)
    desk.save_points(PointsRules(base=Rate(1, 1), burn=Burn(1), expires=Term(TermKind.DAYS, 20)))
    desk.save_gifts(GiftRules((Gift("MUG", "馬克杯", 60),)))
    desk.save_tiers(TIERS)
    shop.loyalty.coupons.write_rules(COUPONS)
    shop.loyalty.stamps.write_rules(STAMPS)
    shop.loyalty.value.write_rules(ValueRules(steps=(TopUpStep(1_000, bonus=100),)))
    for phone in PHONES[:2]:
        shop.sell(TEA, phone, "")
    return LedgerHistory(shop, random)


def retold(
    shop: SmallShop, entries_of: Callable[[str, dict[str, Any]], tuple[LedgerEntry, ...]]
) -> list[LedgerEntry]:
    """Every entry that any fact tells of, in the order of the chain."""
    facts = rows(shop.store, "SELECT kind, body FROM fact ORDER BY seq")
    return [entry for kind, body in facts for entry in entries_of(kind, json.loads(body))]
