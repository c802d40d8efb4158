"""A till that belongs to a server spends stored value from leases alone, in the sale's own commit, and tells what became of them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from app.domain.errors import Refused
from app.domain.loyalty.value import (
    Amounts,
    EntryHead,
    ValueAccount,
    ValueAccountId,
    ValueEntryKind,
    entry,
    entry_id,
)
from app.service.lease_ports import GrantedLease, LeaseAsk, LeaseBook
from db.engine import transaction
from db.leases import ASK_ALL_EVERY_MS, DAY_MS, HERE_MS
from tests.service.small_shop import E164, SOAP, TEA, SmallShop
from tests.service.value_shop import (
    assert_books_are_whole,
    balance,
    buy_with_value,
    counter,
    give_back,
    new_member,
    top_up,
)

__all__ = ["counter"]

WEEK_MS = 7 * DAY_MS


@pytest.fixture
def paired(counter: SmallShop) -> SmallShop:
    """A member with 1,150 at a till that belongs to a server."""
    new_member(counter)
    top_up(counter, 1000)
    with counter.store.begin() as work:
        work.put_setting("sync.server", {"key_id": "00.11", "url": "https://server"})
        work.commit()
    return counter


def book(shop: SmallShop) -> LeaseBook:
    return shop.store.value.leases


def account(shop: SmallShop) -> ValueAccount:
    card = shop.store.members.by_phone(E164)
    assert card is not None
    return shop.store.value.of_member(card.member.id)[0]


def life(shop: SmallShop) -> int:
    with shop.store.engines.reading() as cursor:
        own: int = cursor.execute("SELECT incarnation FROM chain_head").fetchone()[0]
    return own


def ask(shop: SmallShop) -> LeaseAsk:
    shop.clock.forward(milliseconds=ASK_ALL_EVERY_MS)
    found = book(shop).wanted(shop.clock.now_ms())
    assert found is not None
    return found


def lease(shop: SmallShop, minor: int, *, number: int = 1, own: int | None = None) -> GrantedLease:
    """As the server would give it."""
    incarnation = life(shop) if own is None else own
    made = UUID(bytes=number.to_bytes(8, "big") + incarnation.to_bytes(8, "big"))
    return GrantedLease(made, account(shop).id, minor, shop.clock.now_ms() + WEEK_MS)


def give(shop: SmallShop, *leases: GrantedLease, own: int | None = None) -> None:
    incarnation = life(shop) if own is None else own
    book(shop).granted(incarnation, leases, at=shop.clock.now_ms())


def spendable(shop: SmallShop) -> int:
    return book(shop).spendable(account(shop).id, shop.clock.now_ms())


def test_without_a_lease_nothing_is_spent_and_the_cashier_is_told_why(paired: SmallShop) -> None:
    with pytest.raises(Refused, match="value_online_only") as refused:
        buy_with_value(paired, TEA)
    assert refused.value.fields["held"] == "NT$0"
    assert balance(paired) == Amounts(1000, 150)


def test_a_till_that_stands_alone_needs_none(counter: SmallShop) -> None:
    new_member(counter)
    top_up(counter, 1000)
    buy_with_value(counter, TEA)
    assert balance(counter).total == 800


def test_a_lease_is_spent_by_the_sale_that_spends_it(paired: SmallShop) -> None:
    give(paired, lease(paired, 400))
    buy_with_value(paired, TEA)
    assert spendable(paired) == 50
    with pytest.raises(Refused, match="value_online_only"):
        buy_with_value(paired, SOAP)
    told = book(paired).wanted(paired.clock.now_ms())
    assert told is not None
    (held,) = told.held
    assert (held.spent_minor, held.is_returned) == (350, False)
    assert (held.account_id, held.minor) == (account(paired).id, 400)
    assert_books_are_whole(paired)


def test_what_ends_first_is_spent_first_and_several_pay_together(paired: SmallShop) -> None:
    late, early = lease(paired, 300, number=1), lease(paired, 200, number=2)
    give(paired, GrantedLease(early.id, early.account_id, 200, early.expires_at - 3 * DAY_MS), late)
    buy_with_value(paired, TEA)
    spent = {one.id: one.spent_minor for one in ask(paired).held}
    assert spent == {early.id: 200, late.id: 150}


def test_a_unit_that_is_not_committed_spends_nothing_of_a_lease(paired: SmallShop) -> None:
    give(paired, lease(paired, 400))
    with paired.store.begin() as work:
        own = account(paired)
        head = EntryHead(
            entry_id(ValueEntryKind.SPEND, own.id, UUID(int=1)),
            own.id,
            paired.clock.now_ms(),
            date(2026, 11, 21),
        )
        work.value.post(entry(ValueEntryKind.SPEND, head, Amounts(-100)))
    assert spendable(paired) == 400


def test_what_comes_back_does_not_come_back_into_the_lease(paired: SmallShop) -> None:
    give(paired, lease(paired, 400))
    sale = buy_with_value(paired, TEA).transaction
    give_back(paired, sale, 1)
    assert balance(paired).total == 1150
    assert spendable(paired) == 50


def test_a_payout_and_a_voided_top_up_take_money_out_and_need_a_lease_too(paired: SmallShop) -> None:
    desk = paired.loyalty.value
    holding = desk.holding(account(paired))
    desk.require_lease(account(paired), 0)
    with pytest.raises(Refused, match="value_online_only"):
        desk.require_lease(account(paired), holding.payable)
    give(paired, lease(paired, 2000))
    desk.require_lease(account(paired), holding.payable)


def test_a_lease_ends_by_this_tills_clock_and_a_clock_put_back_does_not_lengthen_it(
    paired: SmallShop,
) -> None:
    give(paired, lease(paired, 400))
    now = paired.clock.now_ms()
    own = account(paired).id
    assert book(paired).spendable(own, now + WEEK_MS - 60_000) == 400
    assert book(paired).spendable(own, now + WEEK_MS + 1) == 0
    assert book(paired).spendable(own, now - 2 * DAY_MS) == 0


def test_a_late_or_repeated_answer_changes_nothing(paired: SmallShop) -> None:
    one = lease(paired, 400)
    give(paired, one)
    buy_with_value(paired, TEA)
    give(paired, one)
    assert spendable(paired) == 50
    paired.clock.forward(days=6)
    returned = ask(paired)
    assert [(held.id, held.spent_minor, held.is_returned) for held in returned.held] == [(one.id, 350, True)]
    give(paired, one)
    assert spendable(paired) == 0, "what was returned stays returned"


def test_leases_of_another_life_are_none(paired: SmallShop) -> None:
    other = life(paired) + 2
    give(paired, lease(paired, 400, own=other), own=other)
    give(paired, lease(paired, 400, own=other))
    assert spendable(paired) == 0
    give(paired, lease(paired, 400))
    assert spendable(paired) == 400
    store = paired.store
    with store.engines.writer_lock, transaction(store.engines.writer) as cursor:
        cursor.execute("UPDATE value_lease SET incarnation = incarnation + 1")
    assert spendable(paired) == 0


def test_whoever_stands_at_the_counter_is_asked_for_at_once(paired: SmallShop) -> None:
    woken: list[bool] = []
    book(paired).on_need(lambda: woken.append(True))
    first = ask(paired)
    assert [(one.account_id, one.is_here) for one in first.wanted] == [(account(paired).id, False)]
    give(paired)
    assert book(paired).wanted(paired.clock.now_ms()) is None, "nothing new to say"
    paired.checkout.enter("0912345678")
    paired.checkout.enter(TEA)
    assert paired.checkout.value_offers()
    assert woken == [True]
    now = book(paired).wanted(paired.clock.now_ms())
    assert now is not None
    assert [(one.account_id, one.is_here) for one in now.wanted] == [(account(paired).id, True)]


def test_what_was_taken_for_a_customer_who_left_is_given_back(paired: SmallShop) -> None:
    paired.loyalty.value.holdings(account(paired).member_id)  # type: ignore[arg-type]
    give(paired, lease(paired, 1150))
    assert spendable(paired) == 1150
    paired.clock.forward(milliseconds=HERE_MS + 1)
    told = book(paired).wanted(paired.clock.now_ms())
    assert told is not None
    assert [one.is_returned for one in told.held] == [True]
    assert [one.is_here for one in told.wanted] == [False]
    assert spendable(paired) == 0


def test_accounts_that_were_used_here_lately_are_expected(paired: SmallShop) -> None:
    assert [one.account_id for one in ask(paired).wanted] == [account(paired).id]
    give(paired)
    paired.clock.forward(days=91)
    assert ask(paired).wanted == ()


def test_an_account_nobody_knows_holds_no_lease(paired: SmallShop) -> None:
    assert book(paired).spendable(ValueAccountId(UUID(int=5)), paired.clock.now_ms()) == 0
