"""Stored value is proved: honest books are whole, and each promise that is broken on a real file is told."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest

from app.domain.errors import Refused
from app.domain.loyalty.value import Amounts, SpendOrder, ValueAccount, ValueEntryKind
from app.domain.loyalty.value_rules import TopUpStep, ValueRules
from app.domain.settlement import fold
from app.domain.transaction import RetailTransaction, TransactionKind
from app.service.outcomes import ReadyToComplete
from db.verify_value import CHECKS
from tests.db.books import checks, edit, findings
from tests.service.small_shop import PHONE, SOAP, TEA, SmallShop, open_small_shop

BONUS = ValueRules(steps=(TopUpStep(300), TopUpStep(1000, bonus=100)))


def settle(shop: SmallShop) -> RetailTransaction:
    outcome = shop.checkout.enter("")
    while not isinstance(outcome, ReadyToComplete):
        outcome = shop.checkout.enter("")
    return shop.complete().transaction


def sell_a_day(shop: SmallShop) -> None:
    """A top-up, a card, spending from both, a return, a payout and a void."""
    shop.loyalty.value.write_rules(BONUS)
    shop.sell(PHONE, "", SOAP)
    shop.checkout.enter(PHONE)
    shop.checkout.top_up(1000)
    settle(shop)
    shop.checkout.enter(PHONE)
    shop.checkout.enter(TEA)
    shop.checkout.pay_from(shop.checkout.value_offers()[0].holding.account)
    sale = shop.complete().transaction
    found = shop.returns.by_receipt(sale.header.receipt_number)
    shop.checkout.add_return(shop.returns.line(found, 1, 1000, basket=shop.checkout.basket))
    shop.complete()
    (holding,) = shop.loyalty.value.holdings(sale.member_id)  # type: ignore[arg-type]
    shop.checkout.enter(PHONE)
    shop.checkout.refund_value(holding, 100)
    shop.complete()
    shop.checkout.sell_card(300)
    shop.post_void.void(settle(shop).header.id, "打錯")


@pytest.fixture(scope="module")
def sold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    shop = open_small_shop(tmp_path_factory.mktemp("value"))
    sell_a_day(shop)
    shop.store.close()
    return shop.path


@pytest.fixture
def day(sold: Path, tmp_path: Path) -> Path:
    for one in sold.parent.iterdir():
        shutil.copy(one, tmp_path / one.name)
    return tmp_path / sold.name


def test_honest_books_are_whole(day: Path) -> None:
    assert findings(day) == ()


SPEND = "(SELECT id FROM value_entry WHERE kind = 'spend')"
# What is done to the file, what the check says about it, and whether the quick one sees it as well.
DAMAGE = {
    "a balance out of nothing": (
        "UPDATE value_posting SET amount_minor = amount_minor + 500 WHERE account = 'holder' AND amount_minor > 0",
        "value_unbalanced",
        True,
    ),
    "an entry without postings": (
        f"DELETE FROM value_posting WHERE entry_id IN {SPEND}",
        "value_unbalanced",
        True,
    ),
    "an account below nothing": (
        "UPDATE value_posting SET amount_minor = -amount_minor WHERE account IN ('holder', 'received', 'bonus_given')"
        " AND entry_id IN (SELECT id FROM value_entry WHERE kind = 'top_up')",
        "value_negative",
        True,
    ),
    "a posting into another account": (
        "UPDATE value_posting SET holder_id = (SELECT id FROM value_account WHERE kind = 'gift_card')"
        f" WHERE account = 'holder' AND entry_id IN {SPEND}",
        "value_entry_off",
        True,
    ),
    "an account of another member": (
        "UPDATE value_account SET member_id = zeroblob(16)",
        "value_account_off",
        False,
    ),
    "a card of another code": (
        "UPDATE value_account SET code = 'X' WHERE kind = 'gift_card'",
        "value_account_off",
        False,
    ),
    "an account that nobody opened": (
        "INSERT INTO value_account SELECT zeroblob(16), kind, NULL, member_id, currency, opened_at, NULL"
        " FROM value_account WHERE kind = 'member'",
        "value_account_off",
        False,
    ),
    "an entry of another kind": (
        "UPDATE value_entry SET kind = 'adjustment' WHERE kind = 'spend'",
        "value_entry_off",
        False,
    ),
    "parts exchanged": (
        "UPDATE value_posting SET part = 'bonus' WHERE part = 'paid'",
        "value_entry_off",
        False,
    ),
    "a spending no ticket tells of": (
        "UPDATE tender SET kind = 'voucher' WHERE kind = 'stored_value'",
        "value_tender_off",
        True,
    ),
    "a tender of another amount": (
        "UPDATE tender SET amount_minor = 1 WHERE kind = 'stored_value' AND amount_minor > 0",
        "value_tender_off",
        True,
    ),
    "a tender from another account": (
        "UPDATE tender SET reference = 'x' WHERE kind = 'stored_value'",
        "value_tender_off",
        True,
    ),
    "a top-up no ticket tells of": (
        "DELETE FROM sale_line WHERE sku = 'TOP-UP'",
        "value_sold_off",
        True,
    ),
    "a ticket without its entry": (
        "UPDATE value_entry SET transaction_id = NULL WHERE kind = 'refund'",
        "value_sold_off",
        True,
    ),
}


@pytest.mark.parametrize(("statement", "check", "is_quick"), DAMAGE.values(), ids=DAMAGE)
def test_every_damage_is_found(day: Path, statement: str, check: str, is_quick: bool) -> None:
    edit(day, statement)
    assert check in checks(day)
    assert (check in checks(day, is_full=False)) == is_quick


def test_every_check_has_a_damage_that_it_finds() -> None:
    assert {check for _, check, _ in DAMAGE.values()} == CHECKS


# --- random shops -----------------------------------------------------------------------------------------------------------


@dataclass
class _History:
    """A shop that lives at random, and what its holders must have by plain sums."""

    shop: SmallShop
    random: Random
    sales: list[RetailTransaction] = field(default_factory=list)
    received: int = 0
    refunded: int = 0

    @property
    def accounts(self) -> list[ValueAccount]:
        card = self.shop.store.members.by_phone("+886912345678")
        assert card is not None
        cards = [self.shop.store.value.account(one) for one in self._card_ids]  # type: ignore[arg-type]
        return [*self.shop.store.value.of_member(card.member.id), *[one for one in cards if one is not None]]

    @property
    def _card_ids(self) -> list[object]:
        moves = [move for sale in self.sales for move in sale.moves.value if move.code]
        return list(dict.fromkeys(move.account_id for move in moves))

    def balances(self) -> dict[object, Amounts]:
        return {one.id: self.shop.store.value.balance(one.id) for one in self.accounts}

    def step(self) -> None:
        act: Callable[[], None] = self.random.choice(
            (self.top_up, self.sell_card, self.spend, self.spend, self.spend, self.come_back, self.pay_out)
        )
        before = self.balances()
        try:
            act()
        except Refused:
            self.shop.checkout.start_new()
            assert self.balances() == before, "what was refused changed nothing"

    def top_up(self) -> None:
        self.shop.checkout.enter(PHONE)
        if self.random.random() < 0.4:
            self.shop.checkout.enter(SOAP)
        amount = self.random.choice((300, 555, 1000, 1701))
        self.shop.checkout.top_up(amount)
        sale = self._done(settle(self.shop))
        self.received += amount
        if self.random.random() < 0.3:
            self._void(sale, -amount)

    def sell_card(self) -> None:
        amount = self.random.choice((300, 1000))
        self.shop.checkout.sell_card(amount)
        sale = self._done(settle(self.shop))
        self.received += amount
        if self.random.random() < 0.3:
            self._void(sale, -amount)

    def spend(self) -> None:
        before = self.balances()
        self.shop.checkout.enter(PHONE)
        for code in self.random.choices((TEA, SOAP), k=self.random.randint(1, 3)):
            self.shop.checkout.enter(f"{self.random.randint(1, 2)}*{code}")
        self.shop.checkout.enter("")
        for account in self.random.sample(self.accounts, min(2, len(self.accounts))):
            due = self.shop.checkout.due().minor
            if due > 0 and self.shop.loyalty.value.holding(account).balance.total:
                most = min(due, self.shop.loyalty.value.holding(account).balance.total)
                self.shop.checkout.pay_from(account, self.random.randint(1, most))
        done = self.shop.checkout.due().minor <= 0
        sale = self._done(self.shop.complete().transaction if done else settle(self.shop))
        if self.random.random() < 0.5:
            if self.random.random() < 0.3:
                self.shop.post_void.void(sale.header.id, "打錯")
            else:
                self._bring_back(sale)
            assert self.balances() == before, "return and sale together change nothing"

    def come_back(self) -> None:
        """Some of an old sale, or the void of an old top-up that may be spent."""
        sale = self.random.choice(self.sales)
        if any(line.sku in ("TOP-UP", "GIFT-CARD") for line in sale.lines):
            sold = sum(line.net.minor for line in sale.lines if line.sku in ("TOP-UP", "GIFT-CARD"))
            self._void(sale, -sold)
        else:
            self._bring_back(sale, parts=1)

    def pay_out(self) -> None:
        holding = self.shop.loyalty.value.holding(self.random.choice(self.accounts))
        if not holding.payable:
            return
        amount = self.random.choice((holding.payable, self.random.randint(1, holding.payable)))
        self.shop.checkout.enter(PHONE)
        self.shop.checkout.refund_value(holding, amount)
        sale = self.shop.complete().transaction
        self.refunded += amount
        if self.random.random() < 0.3:
            self.shop.post_void.void(sale.header.id, "客人改變主意")
            self.refunded -= amount

    def _void(self, sale: RetailTransaction, received: int) -> None:
        self.shop.post_void.void(sale.header.id, "打錯")
        self.received += received

    def _bring_back(self, sale: RetailTransaction, *, parts: int = 99) -> None:
        for _ in range(parts):
            try:
                found = self.shop.returns.by_receipt(sale.header.receipt_number)
            except Refused:  # all of it has come back
                return
            left = [line for line in found.lines if line.remaining_quantity]
            for line in self.random.sample(left, self.random.randint(1, len(left))):
                quantity = self.random.randint(1, line.remaining_quantity // 1_000) * 1_000
                self.shop.checkout.add_return(
                    self.shop.returns.line(
                        found, line.line.number, quantity, basket=self.shop.checkout.basket
                    )
                )
            self.shop.complete()

    def _done(self, sale: RetailTransaction) -> RetailTransaction:
        self.sales.append(sale)
        return sale


@pytest.mark.parametrize("seed", range(6))
def test_whatever_a_shop_does_with_stored_value_its_books_are_whole(tmp_path: Path, seed: int) -> None:
    """Balances are the sums of entries, never below nothing; no more is paid out than was paid; the report adds up to the drawer."""
    shop, random = open_small_shop(tmp_path), Random(seed)
    shop.loyalty.value.write_rules(
        ValueRules(
            steps=(TopUpStep(300, percent=1_250), TopUpStep(1000, bonus=100, is_first_only=True)),
            spends=list(SpendOrder)[seed % 3],
            claws_back_bonus=seed % 2 == 0,
        )
    )
    shop.sell(PHONE, "", SOAP)
    history = _History(shop, random)
    history.top_up()
    for _ in range(25):
        history.step()
        for balance in history.balances().values():
            assert not balance.is_negative
        liability = shop.store.value.liability().amounts
        assert liability.total == sum(balance.total for balance in history.balances().values())
    assert 0 <= history.refunded <= history.received
    shift = shop.session.require_shift()
    tickets = list(shop.store.journal.of_shift(shift.id))
    settlement = fold(tickets, shift.opening_float)
    assert settlement.value_net_minor == history.received - history.refunded
    taken = sum(tender.net_minor for tender in settlement.tenders.values())
    assert taken == settlement.net_minor + settlement.value_net_minor
    assert sum(tax.gross_minor for tax in settlement.taxes.values()) == settlement.net_minor
    for account in history.accounts:
        entries = shop.store.value.entries(account.id)
        assert len({one.head.id for one in entries}) == len(entries)
        with shop.store.begin() as work:
            before = work.hlc
            assert not any(work.value.post(one) for one in entries), "told twice, counted once"
            assert work.hlc == before
    assert any(one.header.kind is TransactionKind.POST_VOID for one in tickets)
    assert any(
        one.kind is ValueEntryKind.SPEND_REVERSAL
        for account in history.accounts
        for one in shop.store.value.entries(account.id)
    )
    shop.store.close()
    assert findings(shop.path) == ()
