"""Members' files in the store: sealed facts, rows that converge, merging and taking apart."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.consent import Consent, ConsentChannel, Purpose
from app.domain.errors import Refused
from app.domain.ids import MemberId
from app.domain.member import Member
from app.domain.profile import Done, Note, NoteKind, ProfileChange
from app.domain.profile_facts import change_from_bytes, change_to_bytes
from db import consents, erasures, members, merges, portrait, profile, shop_events
from db.engine import transaction
from db.profile_seal import new_key, seal, unseal
from db.store import SqliteStore
from db.verify import verify
from tests.builders import CASHIER, MEMBER, OCCURRED_AT, a_line, a_sale, uuid
from tests.db.books import edit
from tests.db.test_schema import READ_FROM_END_TO_END, SQL, parameters
from tests.db.tills import count, open_shift, rows, sell

OTHER = Member(MemberId(uuid(12)), "+886987654678", "林小美")
THIRD = Member(MemberId(uuid(13)), "+886922000111", "陳美美")
FILE = ProfileChange(
    {"email": "ming@example.tw", "tag:愛吃辣": "1", "code:/ABC+123": "carrier"},
    notes=(
        Note(
            uuid(501), MEMBER.id, NoteKind.REQUEST, "下次留兩盒", OCCURRED_AT, CASHIER.id, date(2026, 10, 5)
        ),
        Note(uuid(502), MEMBER.id, NoteKind.NOTE, "喜歡靠窗", OCCURRED_AT + 1, None),
    ),
)


def add(store: SqliteStore, *people: Member) -> None:
    with store.begin() as work:
        for person in people:
            work.add_member(person, created_at=OCCURRED_AT, operator_id=CASHIER.id)
        work.commit()


def change(store: SqliteStore, what: ProfileChange, member: Member = MEMBER) -> None:
    with store.begin() as work:
        store.membership.profiles.change(work, member.id, what, at=OCCURRED_AT, operator_id=CASHIER.id)
        work.commit()


def merge(store: SqliteStore, member: Member, into: Member | None) -> None:
    with store.begin() as work:
        target = into.id if into else None
        store.membership.merges.put(
            work, member.id, target, at=OCCURRED_AT, operator_id=CASHIER.id, reason="duplicate"
        )
        work.commit()


@pytest.fixture
def people(store: SqliteStore) -> SqliteStore:
    add(store, MEMBER, OTHER, THIRD)
    return store


# Sealing


def test_what_is_sealed_opens_with_its_key_alone_and_in_its_place_alone() -> None:
    key = new_key()
    sealed = seal(key, uuid(1), MEMBER.id, b"words")
    assert unseal(key, uuid(1), MEMBER.id, sealed) == b"words"
    for wrong in (
        (new_key(), uuid(1), MEMBER.id, sealed),
        (key, uuid(2), MEMBER.id, sealed),
        (key, uuid(1), OTHER.id, sealed),
        (key, uuid(1), MEMBER.id, sealed[:-4] + "AAAA"),
        (key, uuid(1), MEMBER.id, "no base64 ☂"),
    ):
        with pytest.raises(Refused):
            unseal(*wrong)


def test_a_change_reads_back_as_it_was_written() -> None:
    whole = ProfileChange(
        FILE.fields,
        FILE.notes,
        (Done(uuid(502), OCCURRED_AT, CASHIER.id), Done(uuid(503), 1, None)),
        (uuid(504),),
    )
    assert change_from_bytes(MEMBER.id, change_to_bytes(whole)) == whole
    with pytest.raises(Refused):
        change_from_bytes(MEMBER.id, b'{"fields": 5}')


def test_no_fact_holds_a_name_a_number_or_a_word_in_the_open(people: SqliteStore) -> None:
    change(people, FILE)
    bodies = b"".join(body for (body,) in rows(people, "SELECT body FROM fact"))
    for words in (MEMBER.name, "912345678", "下次留兩盒", "愛吃辣", "ABC+123", "ming@example.tw"):
        assert words.encode() not in bodies
    with people.engines.reading() as cursor:
        facts = [
            json.loads(body) for (body,) in cursor.execute("SELECT body FROM fact ORDER BY seq").fetchall()
        ]
        enrolled = profile.opened(cursor, facts[0])
        changed = profile.opened(cursor, facts[-1])
    assert enrolled is not None
    assert enrolled.fields["phone"] == MEMBER.phone
    assert changed == FILE


def test_a_number_alone_makes_a_member_with_one_row_and_one_key(store: SqliteStore) -> None:
    before = [count(store, table) for table in ("fact", "member", "member_key", "member_field")]
    add(store, Member(MemberId(uuid(99)), "+886955555555"))
    after = [count(store, table) for table in ("fact", "member", "member_key", "member_field")]
    assert [now - then for now, then in zip(after, before, strict=True)] == [1, 1, 1, 0]


# The file


def test_a_file_holds_everything_that_was_written(people: SqliteStore) -> None:
    change(people, FILE)
    file = people.membership.profiles.file(MEMBER.id)
    assert file is not None
    assert file.fields["email"] == "ming@example.tw"
    assert file.fields["name"] == MEMBER.name
    assert file.tags == ("愛吃辣",)
    assert file.codes == (("/ABC+123", "carrier"),)
    assert [note.words for note in file.notes] == ["喜歡靠窗", "下次留兩盒"]
    card = people.members.by_code("/ABC+123")
    assert card is not None
    assert card.member.id == MEMBER.id


def test_a_request_comes_up_from_its_day_on_until_it_is_done(people: SqliteStore) -> None:
    change(people, FILE)
    profiles = people.membership.profiles
    assert profiles.due(MEMBER.id, date(2026, 10, 4)) == ()
    assert [note.id for note in profiles.due(MEMBER.id, date(2026, 10, 9))] == [uuid(501)]
    assert [note.id for note in profiles.all_due(date(2026, 10, 9))] == [uuid(501)]
    change(people, ProfileChange(done=(Done(uuid(501), OCCURRED_AT + 5, CASHIER.id),)))
    assert profiles.due(MEMBER.id, date(2026, 10, 9)) == ()
    done = profiles.note(uuid(501))
    assert done is not None
    assert (done.done_at, done.done_by) == (OCCURRED_AT + 5, CASHIER.id)


def test_what_is_emptied_and_taken_away_is_gone(people: SqliteStore) -> None:
    change(people, FILE)
    change(
        people,
        ProfileChange({"email": "", "tag:愛吃辣": "", "code:/ABC+123": "", "name": ""}, dropped=(uuid(502),)),
    )
    file = people.membership.profiles.file(MEMBER.id)
    assert file is not None
    assert "email" not in file.fields
    assert (file.tags, file.codes, len(file.notes), file.member.name) == ((), (), 1, "")
    assert people.members.search("大明") == ()
    assert people.members.by_code("/ABC+123") is None


def test_two_files_that_come_to_have_one_number_are_one_member_until_they_part_again(
    people: SqliteStore,
) -> None:
    def by_phone(phone: str) -> MemberId | None:
        card = people.members.by_phone(phone)
        return None if card is None else card.member.id

    for number, phone in enumerate((OTHER.phone, MEMBER.phone)):
        with transaction(people.engines.writer) as cursor:
            moved = ProfileChange({"phone": phone})
            profile.apply_change(cursor, MEMBER.id, moved, hlc=2**62 + number, at=OCCURRED_AT, by=None)
        if phone == OTHER.phone:
            assert by_phone(OTHER.phone) == MEMBER.id, "who was enrolled first"
            assert by_phone(MEMBER.phone) is None
            other = people.members.by_id(OTHER.id)
            assert other is not None
            assert other.member.id == MEMBER.id
    assert by_phone(OTHER.phone) == OTHER.id
    assert by_phone(MEMBER.phone) == MEMBER.id


def test_a_survivor_may_take_the_number_of_the_file_that_was_merged_into_it(people: SqliteStore) -> None:
    with people.begin() as work:
        people.membership.merges.put(work, OTHER.id, MEMBER.id, at=OCCURRED_AT, operator_id=None, reason="")
        work.commit()
    with people.begin() as work:
        work.update_member(replace(MEMBER, phone=OTHER.phone), changed_at=OCCURRED_AT + 1)
        work.commit()
    assert rows(people, "SELECT phone FROM member WHERE id = ?", MEMBER.id.bytes) == [(OTHER.phone,)]
    card = people.members.by_phone(OTHER.phone)
    assert card is not None
    assert card.member.id == MEMBER.id
    assert verify(people.engines, is_full=True) == ()


def test_a_members_row_changed_at_the_desk_is_a_sealed_fact(people: SqliteStore) -> None:
    before = count(people, "fact")
    with people.begin() as work:
        work.update_member(replace(MEMBER, name="王曉明", tier="gold"), changed_at=OCCURRED_AT + 1)
        work.commit()
    assert count(people, "fact") == before + 1
    file = people.membership.profiles.file(MEMBER.id)
    assert file is not None
    assert (file.fields["name"], file.member.tier) == ("王曉明", "gold")


CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["name", "email", "tag:vip", "code:/ABC+123", "birthday"]),
        st.sampled_from(["", "1", "2"]),
        st.integers(1, 9),
    ),
    min_size=1,
    max_size=8,
)


@given(CHANGES, st.integers(0, 10))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_rows_are_the_same_whatever_the_order_of_the_changes(
    people: SqliteStore, said: list[tuple[str, str, int]], seed: int
) -> None:
    found = []
    for order in (said, Random(seed).sample([*said, *said], 2 * len(said))):
        cursor = people.engines.writer.cursor()
        cursor.execute("BEGIN IMMEDIATE")
        cursor.execute("DELETE FROM member_field")
        for name, value, hlc in order:
            what = ProfileChange({name: value})
            profile.apply_change(cursor, MEMBER.id, what, hlc=hlc, at=OCCURRED_AT + hlc, by=None)
        found.append(
            (
                sorted(cursor.execute("SELECT field, value, hlc FROM member_field").fetchall()),
                cursor.execute("SELECT tag FROM member_tag").fetchall(),
                cursor.execute("SELECT code, member_id, kind FROM member_code").fetchall(),
                cursor.execute("SELECT name, birthday FROM member ORDER BY number").fetchall(),
            )
        )
        cursor.execute("ROLLBACK")
    assert found[0] == found[1]


# Consents


def answer(store: SqliteStore, *, granted: bool, member: Member = OTHER, number: int = 1) -> Consent:
    consent = Consent(
        uuid(7000 + number),
        member.id,
        Purpose.MARKETING,
        granted,
        "1/zh_TW",
        ConsentChannel.PAPER,
        OCCURRED_AT,
        CASHIER.id,
    )
    with store.begin() as work:
        given_consent = store.membership.consents.give(work, consent)
        work.commit()
    return given_consent


def test_a_consent_is_a_fact_and_shows_on_the_card(people: SqliteStore) -> None:
    yes = answer(people, granted=True)
    card = people.members.by_id(OTHER.id)
    assert card is not None
    assert card.member.has_marketing_consent
    answer(people, granted=False, number=2)
    card = people.members.by_id(OTHER.id)
    assert card is not None
    assert not card.member.has_marketing_consent
    assert people.membership.consents.of(OTHER.id)[0] == yes


def test_the_order_in_which_consents_are_heard_of_makes_no_difference(people: SqliteStore) -> None:
    said = [
        Consent(uuid(7100 + hlc), OTHER.id, Purpose.MARKETING, granted, "", ConsentChannel.WEB, 0, None, hlc)
        for hlc, granted in ((1, True), (2, False), (3, True), (4, False))
    ]
    flags = set()
    for seed in range(8):
        cursor = people.engines.writer.cursor()
        cursor.execute("BEGIN IMMEDIATE")
        for consent in Random(seed).sample([*said, *said], 8):
            consents.apply_consent(cursor, consent)
        flags.add(
            cursor.execute(
                "SELECT has_marketing_consent FROM member WHERE id = ?", (OTHER.id.bytes,)
            ).fetchone()
        )
        cursor.execute("ROLLBACK")
    assert flags == {(0,)}


def test_who_brought_whom_is_said_once(people: SqliteStore) -> None:
    of = people.membership.consents
    with people.begin() as work:
        of.refer(work, OTHER.id, MEMBER.id, at=OCCURRED_AT, operator_id=None)
        work.commit()
    assert (of.referrer_of(OTHER.id), of.referred_by(MEMBER.id)) == (MEMBER.id, (OTHER.id,))
    with pytest.raises(Refused), people.begin() as work:
        of.refer(work, OTHER.id, THIRD.id, at=OCCURRED_AT, operator_id=None)


# Merging


def everything_of(store: SqliteStore, member: Member) -> Any:
    own = member.id
    return (
        store.members.by_phone(member.phone),
        store.members.lots(own),
        store.members.entries(own),
        store.membership.profiles.file(own),
        store.membership.consents.of(own),
        store.membership.portraits.tickets(own, 50),
        store.members.search(member.name),
    )


def test_merging_and_taking_apart_restores_both(people: SqliteStore) -> None:
    open_shift(people)
    change(people, FILE)
    change(people, ProfileChange({"email": "mei@example.tw", "needs": "輪椅"}), OTHER)
    answer(people, granted=True)
    sell(people, a_sale(a_line(60), member=MEMBER))
    sell(people, a_sale(a_line(40), member=OTHER))
    before = [everything_of(people, one) for one in (MEMBER, OTHER)]
    merge(people, OTHER, MEMBER)
    card = people.members.by_phone(OTHER.phone)
    assert card is not None
    assert card.member.id == MEMBER.id
    assert (card.points, card.visits, card.spent_minor) == (6, 2, 100)
    assert card.member.has_marketing_consent
    file = people.membership.profiles.file(OTHER.id)
    assert file is not None
    assert (file.fields["email"], file.fields["needs"]) == ("ming@example.tw", "輪椅")
    assert file.merged == (OTHER.id,)
    assert len(people.membership.portraits.tickets(MEMBER.id, 50)) == 2
    assert [found.member.id for found in people.members.search("小美")] == [MEMBER.id]
    merge(people, OTHER, None)
    assert [everything_of(people, one) for one in (MEMBER, OTHER)] == before


def test_a_chain_is_taken_apart_link_by_link(people: SqliteStore) -> None:
    merge(people, OTHER, MEMBER)
    merge(people, MEMBER, THIRD)
    survivor_of = people.membership.merges.survivor_of
    assert {survivor_of(one.id) for one in (MEMBER, OTHER, THIRD)} == {THIRD.id}
    merge(people, MEMBER, None)
    assert (survivor_of(OTHER.id), survivor_of(MEMBER.id), survivor_of(THIRD.id)) == (
        MEMBER.id,
        MEMBER.id,
        THIRD.id,
    )


WORDS = st.lists(
    st.tuples(st.integers(0, 4), st.one_of(st.none(), st.integers(0, 4)), st.integers(1, 30)), max_size=9
)


@given(WORDS, st.integers(0, 10))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_merges_heard_of_in_any_order_end_in_the_same_survivors(
    store: SqliteStore, words: list[tuple[int, int | None, int]], seed: int
) -> None:
    said = [(one, into, hlc * 10 + one) for one, into, hlc in words if one != into]
    found = []
    for order in (said, Random(seed).sample([*said, *said], 2 * len(said))):
        cursor = store.engines.writer.cursor()
        cursor.execute("BEGIN IMMEDIATE")
        for one, into, hlc in order:
            target = None if into is None else MemberId(uuid(600 + into))
            merges.apply_merge(cursor, MemberId(uuid(600 + one)), target, hlc=hlc, at=hlc, by=None)
        found.append(sorted(cursor.execute("SELECT * FROM member_alias").fetchall()))
        cursor.execute("ROLLBACK")
    assert found[0] == found[1]


def test_a_pair_that_was_dismissed_is_remembered(people: SqliteStore) -> None:
    with people.begin() as work:
        people.membership.merges.dismiss(work, (OTHER.id, MEMBER.id), at=OCCURRED_AT, operator_id=CASHIER.id)
        people.membership.merges.dismiss(work, (MEMBER.id, OTHER.id), at=OCCURRED_AT, operator_id=CASHIER.id)
        work.commit()
    assert people.membership.merges.dismissed() == {frozenset((MEMBER.id, OTHER.id))}


def test_the_books_prove_what_was_written_of_members(people: SqliteStore) -> None:
    change(people, FILE)
    answer(people, granted=True)
    change(
        people, ProfileChange({"email": ""}, done=(Done(uuid(501), OCCURRED_AT, None),), dropped=(uuid(502),))
    )
    with people.begin() as work:
        people.membership.consents.refer(work, THIRD.id, MEMBER.id, at=OCCURRED_AT, operator_id=None)
        work.commit()
    merge(people, OTHER, MEMBER)
    merge(people, MEMBER, THIRD)
    merge(people, OTHER, None)
    assert verify(people.engines, is_full=True) == ()


@pytest.mark.parametrize(
    ("statement", "check"),
    [
        ("UPDATE member_field SET value = 'x@y.zz' WHERE field = 'email'", "member_field_off"),
        ("UPDATE member_field SET hlc = hlc - 1 WHERE field = 'email'", "member_field_off"),
        ("DELETE FROM member_field WHERE field = 'email'", "member_field_off"),
        ("UPDATE member SET name = '別人' WHERE number = 1", "member_field_off"),
        ("DELETE FROM member_tag", "member_field_off"),
        ("UPDATE member_note SET words = 'x'", "member_note_off"),
        ("UPDATE consent SET is_granted = 0", "consent_off"),
        ("DELETE FROM consent", "consent_off"),
        ("DELETE FROM member_alias", "merge_off"),
        (
            "DELETE FROM member_key WHERE member_id IN (SELECT id FROM member WHERE number = 1)",
            "member_key_missing",
        ),
        ("UPDATE referral SET occurred_at = 1", "referral_off"),
    ],
)
def test_a_row_that_no_fact_accounts_for_is_found(people: SqliteStore, statement: str, check: str) -> None:
    change(people, FILE)
    answer(people, granted=True)
    merge(people, OTHER, MEMBER)
    with people.begin() as work:
        people.membership.consents.refer(work, THIRD.id, MEMBER.id, at=OCCURRED_AT, operator_id=None)
        work.commit()
    assert verify(people.engines, is_full=True) == ()
    edit(people.engines.path, statement)
    assert check in {finding.check for finding in verify(people.engines, is_full=True)}


# Statements


STATEMENTS = [
    (module, name)
    for module in (profile, consents, merges, erasures, portrait, shop_events, members)
    for name, value in sorted(vars(module).items())
    if name.isupper() and isinstance(value, str) and SQL.match(value) and name[0] != "_"
]


@pytest.mark.parametrize(("module", "name"), STATEMENTS, ids=lambda value: getattr(value, "__name__", value))
def test_every_look_up_goes_through_an_index(store: SqliteStore, module: Any, name: str) -> None:
    text = getattr(module, name)
    plan = [row[3] for row in rows(store, f"EXPLAIN QUERY PLAN {text}", *parameters(text))]
    small = {
        *READ_FROM_END_TO_END,
        "erasure",
        "member_search",
        "draft",
        "held_sale",
        "(subquery-3)",
        "bought",
    }
    bare = [
        step
        for step in plan
        if step.startswith("SCAN") and "INDEX" not in step and step.split()[1] not in small
    ]
    assert bare == [], plan


def test_the_tickets_of_a_member_are_read_from_one_index(store: SqliteStore) -> None:
    plan = [row[3] for row in rows(store, f"EXPLAIN QUERY PLAN {portrait.TICKETS}", MEMBER.id.bytes, 200)]
    assert any("COVERING INDEX transaction_header_by_member" in step for step in plan), plan
