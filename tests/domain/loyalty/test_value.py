"""Stored value as arithmetic: every split and every way back is exact, refunds are just, and bonuses end in their order."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Refused
from app.domain.loyalty.value import (
    AccountKind,
    Amounts,
    Book,
    EntryHead,
    SpendOrder,
    ValueAccount,
    ValueAccountId,
    ValueEntry,
    ValueEntryId,
    ValueEntryKind,
    account_of_card,
    account_of_member,
    balance_of,
    bonus_enjoyed,
    ended_bonus,
    ended_bonuses,
    entry,
    given_back,
    payable,
    payout,
    split,
)
from app.domain.loyalty.value_code import masked, new_code, read_code, shown, symbol
from app.domain.loyalty.value_codec import (
    account_from_plain,
    account_to_plain,
    entry_from_plain,
    entry_to_plain,
)
from app.domain.loyalty.value_rules import (
    TopUpStep,
    ValueRules,
    usual_rules,
    value_rules_from_plain,
    value_rules_to_plain,
)
from app.domain.money import TWD, USD
from tests.builders import BUSINESS_DATE, MEMBER, OCCURRED_AT, uuid

ACCOUNT = ValueAccountId(UUID(int=77))
amounts = st.builds(Amounts, st.integers(0, 5_000), st.integers(0, 1_000))
orders = st.sampled_from(SpendOrder)


def head(
    number: int,
    *,
    on: date = BUSINESS_DATE,
    reverses: int | None = None,
    version: int = 1,
) -> EntryHead:
    return EntryHead(
        ValueEntryId(uuid(number)),
        ACCOUNT,
        OCCURRED_AT + number,
        on,
        rule_version=version,
        reverses=None if reverses is None else ValueEntryId(uuid(reverses)),
    )


def moved(kind: ValueEntryKind, number: int, paid: int, bonus: int, **more: object) -> ValueEntry:
    return entry(kind, head(number, **more), Amounts(paid, bonus))  # type: ignore[arg-type]


@given(st.sampled_from(ValueEntryKind), st.integers(-9_999, 9_999).filter(bool), st.integers(-999, 999))
def test_every_entry_sums_to_zero_in_each_part(kind: ValueEntryKind, paid: int, bonus: int) -> None:
    made = moved(kind, 1, paid, bonus)
    assert made.holder == Amounts(paid, bonus)
    assert sum(posting.minor for posting in made.postings) == 0
    assert all(posting.minor for posting in made.postings)


@given(amounts, orders, st.data())
def test_what_is_spent_is_exact_and_never_more_than_there_is(
    balance: Amounts, order: SpendOrder, data: st.DataObject
) -> None:
    amount = data.draw(st.integers(0, balance.total))
    parts = split(order, amount, balance)
    assert parts.total == amount
    assert not (balance - parts).is_negative
    if order is SpendOrder.PRO_RATA and balance.total:
        assert abs(parts.paid * balance.total - amount * balance.paid) < balance.total, "the nearest dollar"


@given(amounts.filter(lambda one: one.total > 0), st.lists(st.integers(1, 400), max_size=30))
def test_many_returns_give_back_each_part_to_the_last_dollar(spent: Amounts, steps: list[int]) -> None:
    before, back = 0, Amounts()
    for step in (*steps, spent.total):
        amount = min(step, spent.total - before)
        part = given_back(spent, before, amount)
        assert part.paid >= 0
        assert part.bonus >= 0
        back, before = back + part, before + amount
        assert not (spent - back).is_negative
    assert back == spent


@given(amounts, st.integers(0, 1_500), st.lists(st.integers(1, 3_000), max_size=6))
def test_payouts_never_exceed_what_was_paid_and_the_last_one_leaves_nothing(
    balance: Amounts, enjoyed: int, steps: list[int]
) -> None:
    start, left, paid_out = payable(balance, enjoyed), balance, 0
    assert start <= balance.paid
    for step in (*steps, 10**6):
        most = payable(left, enjoyed)
        if most == 0:
            break
        one = payout(left, enjoyed, min(step, most))
        left, paid_out = left + one.moved, paid_out + one.paid
        assert not left.is_negative
        enjoyed -= one.clawed_back
    assert paid_out == start
    assert start == 0 or left == Amounts()


def test_a_refund_keeps_what_was_enjoyed_of_the_bonus() -> None:
    entries = [
        moved(ValueEntryKind.TOP_UP, 1, 1000, 100),
        moved(ValueEntryKind.SPEND, 2, -500, -50),
        moved(ValueEntryKind.SPEND_REVERSAL, 3, 100, 10, reverses=2),
    ]
    assert bonus_enjoyed(entries) == 40
    one = payout(balance_of(entries), 40, 560)
    assert (one.paid, one.clawed_back, one.bonus) == (560, 40, 60)
    refund = entry(ValueEntryKind.REFUND, head(4), one.moved, clawed_back=one.clawed_back)
    assert balance_of([*entries, refund]) == Amounts()
    assert bonus_enjoyed([*entries, refund]) == 0
    assert refund.clawed_back == 40
    books = {(posting.book, posting.part.value): posting.minor for posting in refund.postings}
    assert books[Book.REFUNDED, "paid"] == 560
    assert books[Book.BONUS_GIVEN, "paid"] == 40


def test_the_bonus_that_ends_first_is_spent_first_and_comes_back_with_its_old_end() -> None:
    days = {1: 30, 2: 10}
    entries = [
        moved(ValueEntryKind.TOP_UP, 1, 1000, 100),
        moved(ValueEntryKind.TOP_UP, 2, 1000, 60, version=2),
        moved(ValueEntryKind.SPEND, 3, -500, -80),
    ]
    in_15, in_40 = BUSINESS_DATE + timedelta(days=15), BUSINESS_DATE + timedelta(days=40)
    assert ended_bonus(entries, BUSINESS_DATE + timedelta(days=10), days.get) == 0, (
        "the last day still counts"
    )
    assert ended_bonus(entries, in_15, days.get) == 0, "all that ends then was spent"
    back = [*entries, moved(ValueEntryKind.SPEND_REVERSAL, 4, 500, 80, reverses=3)]
    assert ended_bonus(back, in_15, days.get) == 60
    assert ended_bonus(back, in_40, days.get) == 160
    assert ended_bonus(back, in_40, lambda version: None) == 0
    gone = [*back, moved(ValueEntryKind.EXPIRY, 5, 0, -60)]
    assert ended_bonus(gone, in_15, days.get) == 0


def test_one_end_of_a_bonus_is_one_entry_whichever_till_books_it() -> None:
    days, later = {1: 30, 2: 10}, BUSINESS_DATE + timedelta(days=40)
    entries = [
        moved(ValueEntryKind.TOP_UP, 1, 1000, 100),
        moved(ValueEntryKind.TOP_UP, 2, 1000, 60, version=2),
        moved(ValueEntryKind.SPEND, 3, -500, -80),
    ]
    first, second = ended_bonuses(entries, later, days.get), ended_bonuses(list(entries), later, days.get)
    assert [one.left for one in first] == [80]
    account = account_of_member(MEMBER.id, "TWD")
    assert [one.entry_id(account) for one in first] == [one.entry_id(account) for one in second]
    gone = [*entries, moved(ValueEntryKind.EXPIRY, 5, 0, -80)]
    back = [*gone, moved(ValueEntryKind.SPEND_REVERSAL, 6, 500, 80, reverses=3)]
    ended = ended_bonuses(back, later, days.get)
    assert sum(one.left for one in ended) == 80, "what comes back has its old end, and ends again"
    assert len({one.entry_id(account) for one in (*first, *ended)}) == len(first) + len(ended)


def test_an_account_is_the_same_one_on_every_till() -> None:
    assert account_of_member(MEMBER.id, "TWD") == account_of_member(MEMBER.id, "TWD")
    assert account_of_member(MEMBER.id, "TWD") != account_of_member(MEMBER.id, "USD")
    assert account_of_card("A" * 14) != account_of_card("B" * 14)


# --- codes ----------------------------------------------------------------------------------------------------------------


@given(st.uuids(), st.uuids(), st.integers(0, 13), st.sampled_from("ABCDEFGHJKLMNPQRSTUVWXYZ23456789"))
def test_a_code_is_read_however_it_is_written_and_a_slip_is_refused(
    one: UUID, other: UUID, place: int, wrong: str
) -> None:
    code = new_code(one, other)
    for text in (code, code.lower(), shown(code), symbol(code), f" {shown(code)} "):
        assert read_code(text) == code
    if code[place] != wrong:
        with pytest.raises(Refused, match="gift_card_unreadable"):
            read_code(code[:place] + wrong + code[place + 1 :])
    assert masked(code) == f"•{code[-4:]}"


def test_an_account_never_shows_its_code() -> None:
    code = new_code(uuid(1), uuid(2))
    account = ValueAccount(account_of_card(code), AccountKind.GIFT_CARD, "TWD", OCCURRED_AT, code)
    assert code not in repr(account)


# --- rules and facts ------------------------------------------------------------------------------------------------------


def test_the_best_step_gives_the_bonus() -> None:
    rules = ValueRules(
        steps=(
            TopUpStep(1000, bonus=100),
            TopUpStep(2000, percent=1_500),
            TopUpStep(500, 300, is_first_only=True),
        )
    )
    assert [rules.bonus(amount) for amount in (999, 1000, 1999, 2000, 3333)] == [0, 100, 100, 300, 500]
    assert rules.bonus(500, is_first=True) == 300
    assert rules.bonus(3333, is_first=True) == 500
    assert rules.top_up_amounts() == (500, 1000, 2000)


def test_a_shop_without_rules_sells_round_amounts() -> None:
    assert usual_rules(TWD).top_up_amounts() == (500, 1000, 2000, 5000)
    assert usual_rules(USD).top_up_amounts()[0] == 50_000


steps = st.builds(
    TopUpStep,
    st.integers(1, 10_000),
    st.integers(0, 1_000),
    st.integers(0, 10_000),
    st.sampled_from(("", "gold")),
    st.booleans(),
)
rule_sets = st.builds(
    ValueRules,
    steps=st.lists(steps, max_size=4).map(tuple),
    card_amounts=st.lists(st.integers(1, 9_999), max_size=4).map(tuple),
    spends=orders,
    top_up_min=st.integers(1, 50),
    top_up_max=st.integers(50, 10_000),
    balance_max=st.none() | st.integers(1, 99_999),
    bonus_days=st.none() | st.integers(1, 400),
    may_refund=st.booleans(),
    claws_back_bonus=st.booleans(),
    is_taxed_at_sale=st.booleans(),
)


@given(rule_sets)
def test_rules_read_back_as_they_were_written(rules: ValueRules) -> None:
    assert value_rules_from_plain(value_rules_to_plain(rules)) == rules


@pytest.mark.parametrize(
    "plain",
    [
        {},
        {"v": 1, "steps": [{"amount": 0}]},
        {"v": 1, "steps": [{"amount": "1000"}]},
        {"v": 1, "spends": "whatever"},
        {"v": 1, "least": 9, "most": 5},
        {"v": 1, "unknown": True},
    ],
)
def test_damaged_rules_are_refused(plain: object) -> None:
    with pytest.raises(Refused, match="rules_damaged"):
        value_rules_from_plain(plain)


def test_facts_read_back_as_they_were_written() -> None:
    code = new_code(uuid(1), uuid(2))
    card = ValueAccount(account_of_card(code), AccountKind.GIFT_CARD, "TWD", OCCURRED_AT, code, MEMBER.id)
    own = ValueAccount(account_of_member(MEMBER.id, "TWD"), AccountKind.MEMBER, "TWD", 1, member_id=MEMBER.id)
    for account in (card, own):
        assert account_from_plain(account_to_plain(account)) == account
    spent = moved(ValueEntryKind.SPEND_REVERSAL, 1, 20, 3, reverses=2)
    assert entry_from_plain(entry_to_plain(spent)) == spent


def test_damaged_facts_are_refused() -> None:
    plain = entry_to_plain(moved(ValueEntryKind.SPEND, 1, -20, -3))
    for damage in ({"postings": [["holder", "paid", 5]]}, {"kind": "event"}, {"date": "x"}, {"account": 7}):
        with pytest.raises(Refused, match="record_damaged"):
            entry_from_plain(plain | damage)
    with pytest.raises(Refused, match="record_newer"):
        entry_from_plain(plain | {"v": 99})
    with pytest.raises(Refused, match="record_damaged"):
        account_from_plain({"v": 1, "kind": "value_account"})
