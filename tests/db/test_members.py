"""Finding a member at the counter: by number, by its last digits, by name; and the card that says who stands there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.ids import MemberId
from app.domain.ledger import Account, EntryKind
from app.domain.member import Member
from app.domain.phone import parse_phone
from app.domain.quantity import ONE
from app.domain.returns import void_of
from app.domain.transaction import TransactionKind
from db import members
from db.engine import transaction
from db.members import insert_members, rebuild_member_search
from db.store import SqliteStore
from tests.builders import (
    BUSINESS_DATE,
    CASHIER,
    MEMBER,
    OCCURRED_AT,
    a_header,
    a_line,
    a_return,
    a_sale,
    uuid,
)
from tests.db.tills import an_accrual, count, numbered, open_shift, rows, sell

WANG = Member(
    MemberId(uuid(11)), "+886912345678", "王大明", "gold", date(1998, 4, 1), "1990-03-05", "male", "不吃香菜", "K7M2P9", True,
)  # fmt: skip
LIN = Member(MemberId(uuid(12)), "+886987654678", "林小美")
BARE = Member(MemberId(uuid(13)), "+886922000111")
HONG_KONG = Member(MemberId(uuid(14)), "+85291234567", "陳小姐")


def add(store: SqliteStore, *people: Member, at: int = OCCURRED_AT) -> None:
    with store.begin() as work:
        for person in people:
            work.add_member(person, created_at=at, operator_id=CASHIER.id)
        work.commit()


def names(store: SqliteStore, text: str, limit: int = 20) -> list[str]:
    return [card.member.name for card in store.members.search(text, limit)]


@pytest.fixture
def people(store: SqliteStore) -> SqliteStore:
    add(store, WANG, LIN, BARE, HONG_KONG)
    return store


def test_a_member_reads_back_as_they_were_written(people: SqliteStore) -> None:
    for person in (WANG, LIN, BARE, HONG_KONG):
        card = people.members.by_phone(person.phone)
        assert card is not None
        assert card.member == person
        assert card == people.members.by_id(person.id)
    card = people.members.by_code("K7M2P9")
    assert card is not None
    assert card.member == WANG


def test_nobody_is_none(people: SqliteStore) -> None:
    assert people.members.by_phone("+886900000000") is None
    assert people.members.by_code("NOBODY") is None
    assert people.members.by_id(MemberId(uuid(99))) is None


def test_a_number_belongs_to_one_member_and_a_name_to_any(people: SqliteStore) -> None:
    add(people, Member(MemberId(uuid(20)), "+886933333333", "王大明"))
    assert len(names(people, "王大明")) == 2
    with pytest.raises(Exception, match="UNIQUE"):
        add(people, Member(MemberId(uuid(21)), WANG.phone, "別人"))


# The card


def test_a_new_members_card_is_empty(people: SqliteStore) -> None:
    card = people.members.by_phone(LIN.phone)
    assert card is not None
    assert (card.points, card.visits, card.last_visit_on, card.spent_minor, card.as_of) == (
        0,
        0,
        None,
        0,
        None,
    )


def test_the_card_sums_points_visits_and_money_from_the_facts(store: SqliteStore) -> None:
    add(store, MEMBER)
    open_shift(store)
    sell(store, a_sale(a_line(60), member=MEMBER))
    sell(store, a_sale(a_line(40), member=MEMBER))
    card = store.members.by_phone(MEMBER.phone)
    assert card is not None
    assert (card.points, card.visits, card.last_visit_on, card.spent_minor) == (6, 2, BUSINESS_DATE, 100)


def test_a_voided_sale_is_no_visit(store: SqliteStore) -> None:
    add(store, MEMBER)
    open_shift(store)
    sold = sell(store, a_sale(a_line(60), member=MEMBER))
    header = a_header(TransactionKind.POST_VOID)
    with store.begin() as work:
        work.append(numbered(work, void_of(sold, header)))
        work.commit()
    card = store.members.by_phone(MEMBER.phone)
    assert card is not None
    assert (card.visits, card.spent_minor) == (0, 0)


def test_what_came_back_is_not_spent_and_no_visit(store: SqliteStore) -> None:
    add(store, MEMBER)
    open_shift(store)
    sold = sell(store, a_sale(a_line(60), a_line(40), member=MEMBER))
    back = a_return(sold, [(1, ONE, 60)], member=MEMBER)
    with store.begin() as work:
        work.append(numbered(work, back))
        work.commit()
    card = store.members.by_phone(MEMBER.phone)
    assert card is not None
    assert card.visits == 1
    assert card.spent_minor == 40


def test_points_taken_away_are_off_the_card(store: SqliteStore) -> None:
    add(store, MEMBER)
    open_shift(store)
    sold = sell(store, a_sale(a_line(60), member=MEMBER))
    earned = an_accrual(sold, 10)
    lot = next(posting.lot_id for posting in earned.postings if posting.account is Account.MEMBER)
    taken = replace(
        an_accrual(sold, 4),
        kind=EntryKind.ADJUSTMENT,
        expires_on=None,
        postings=tuple(
            replace(posting, points=-posting.points, lot_id=lot if posting.lot_id else None)
            for posting in an_accrual(sold, 4).postings
        ),
    )
    with store.begin() as work:
        work.post(earned)
        work.post(taken)
        work.commit()
    card = store.members.by_phone(MEMBER.phone)
    assert card is not None
    assert card.points == 3 + 10 - 4
    assert card.points == sum(lot.remaining for lot in store.members.lots(MEMBER.id))
    assert len(store.members.entries(MEMBER.id)) == 3


# Finding


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("678", {"王大明", "林小美"}),
        ("4678", {"林小美"}),
        ("5678", {"王大明"}),
        ("0912345678", {"王大明"}),
        ("0912-345-678", {"王大明"}),
        ("０９１２", {"王大明"}),
        ("0912", {"王大明"}),
        ("91234567", {"陳小姐"}),
        ("67", set()),
        ("999", set()),
        ("王", {"王大明"}),
        ("大明", {"王大明"}),
        ("明大", set()),
        ("小", {"林小美", "陳小姐"}),
        ("wdm", {"王大明"}),
        ("ㄌㄒㄇ", {"林小美"}),
        ("沒有", set()),
        ("", set()),
        ('"*', set()),
    ],
)
def test_members_are_found_by_digits_or_name(people: SqliteStore, text: str, found: set[str]) -> None:
    assert set(names(people, text)) == found


def test_a_member_without_a_name_is_found_by_their_number(people: SqliteStore) -> None:
    assert [card.member.phone for card in people.members.search("0111")] == [BARE.phone]


def test_who_was_here_last_comes_first(people: SqliteStore) -> None:
    open_shift(people)
    first = sell(people, a_sale(a_line(60), member=WANG))
    assert names(people, "678") == ["王大明", "林小美"]
    later = a_sale(a_line(60), member=LIN)
    later = replace(later, header=replace(later.header, occurred_at=first.header.occurred_at + 60_000))
    sell(people, later)
    assert names(people, "678") == ["林小美", "王大明"]
    assert names(people, "678", limit=1) == ["林小美"]


def test_members_among_a_slip_of_the_finger(people: SqliteStore) -> None:
    numbers = ["+886912345679", WANG.phone, LIN.phone, "+886900000000"]
    assert people.members.among_phones(numbers) == (WANG, LIN)
    assert people.members.among_phones([]) == ()


# Changing


def test_a_changed_member_is_found_by_what_is_true_now(people: SqliteStore) -> None:
    changed = replace(WANG, name="王曉明", phone="+886933444555", code="")
    with people.begin() as work:
        work.update_member(changed, changed_at=OCCURRED_AT + 1)
        work.commit()
    assert people.members.by_phone(WANG.phone) is None
    assert names(people, "曉") == ["王曉明"]
    assert names(people, "大明") == []
    assert names(people, "4555") == ["王曉明"]
    assert names(people, "5678") == []
    assert people.members.by_code("K7M2P9") is None


def test_a_name_may_come_later_and_go_again(people: SqliteStore) -> None:
    for name in ("周小舟", ""):
        with people.begin() as work:
            work.update_member(replace(BARE, name=name), changed_at=OCCURRED_AT)
            work.commit()
        assert names(people, "小舟") == ([name] if name else [])


def test_many_members_at_once_are_like_one_by_one(store: SqliteStore) -> None:
    with transaction(store.engines.writer) as cursor:
        assert insert_members(cursor, [(person, OCCURRED_AT) for person in (WANG, BARE, LIN)]) == 3
    assert tuple(store.members.everyone()) == (WANG, BARE, LIN)
    assert names(store, "小美") == ["林小美"]


def test_everyone_is_read_page_by_page(people: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members, "PAGE_ROWS", 2)
    assert tuple(people.members.everyone()) == (WANG, LIN, BARE, HONG_KONG)


def test_the_search_index_can_be_made_again_from_the_members(people: SqliteStore) -> None:
    with transaction(people.engines.writer) as cursor:
        cursor.execute("INSERT INTO member_search (member_search) VALUES ('delete-all')")
        rebuild_member_search(cursor)
    assert names(people, "大明") == ["王大明"]


def test_a_unit_of_work_sees_the_member_it_added(store: SqliteStore) -> None:
    with store.begin() as work:
        assert work.member_by_phone(WANG.phone) is None
        work.add_member(WANG, created_at=OCCURRED_AT, operator_id=None)
        assert work.member_by_phone(WANG.phone) == WANG
    assert count(store, "member") == 0


@given(st.lists(st.integers(10_000_000, 19_999_999), min_size=1, max_size=12, unique=True), st.integers(3, 8))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_last_digits_find_exactly_those_that_end_with_them(
    store: SqliteStore, numbers: list[int], length: int
) -> None:
    phones = [parse_phone(f"09{number}") or "" for number in numbers]
    with transaction(store.engines.writer) as cursor:
        cursor.execute("DELETE FROM member")
        insert_members(
            cursor, [(Member(MemberId(uuid(1000 + i)), phone), 0) for i, phone in enumerate(phones)]
        )
    digits = str(numbers[0])[-length:]
    found = {card.member.phone for card in store.members.search(digits, limit=50)}
    ending = {phone for phone in phones if phone.endswith(digits)}
    assert ending <= found
    assert all(digits in phone for phone in found)


@given(st.text(max_size=30))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_that_is_typed_breaks_the_search(store: SqliteStore, text: str) -> None:
    if count(store, "member") == 0:
        add(store, WANG, LIN)
    assert len(store.members.search(text)) <= 2


@pytest.mark.parametrize(
    ("statement", "parameters", "expected"),
    [
        (
            members.CARD_BY_PHONE,
            (WANG.phone,),
            ("sqlite_autoindex_member", "COVERING INDEX ledger_posting_by_member"),
        ),
        (members.CARD_BY_ID, (WANG.id.bytes,), ("COVERING INDEX transaction_header_by_member",)),
        (members.CARD_BY_CODE, ("K7M2P9",), ("sqlite_autoindex_member",)),
        (members.BY_LAST_DIGITS, ("876", "876:", 9), ("member_by_last_digits",)),
        (members.BY_FIRST_DIGITS, ("+886912", "+886912:", 9), ("sqlite_autoindex_member",)),
        (members.LAST_SEEN, (WANG.id.bytes,), ("COVERING INDEX transaction_header_by_member",)),
    ],
)
def test_every_look_up_goes_through_its_index(
    store: SqliteStore, statement: str, parameters: tuple[object, ...], expected: tuple[str, ...]
) -> None:
    plan = [row[3] for row in rows(store, f"EXPLAIN QUERY PLAN {statement}", *parameters)]
    for name in expected:
        assert any(name in step for step in plan), plan
    assert not any(step.startswith("SCAN") for step in plan), plan
