"""A member's file: fields that converge, consents, whose file is whose, and how what is typed is read."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.consent import Consent, ConsentChannel, Purpose, is_granted, standing
from app.domain.errors import Refused
from app.domain.ids import MemberId
from app.domain.profile import Versioned, merge_field
from app.domain.profile_fields import (
    BUILT_IN,
    CUSTOM_PREFIX,
    FieldKind,
    FieldSpec,
    clean_field,
    clean_tag,
    custom_fields,
    custom_setting,
    without_card_numbers,
)
from app.domain.profile_merge import survivors
from tests.builders import uuid

TODAY = date(2026, 11, 21)
VALUES = st.builds(Versioned, st.sampled_from(["", "王大明", "王小明"]), st.integers(1, 6))


@given(st.lists(VALUES, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_a_field_ends_the_same_in_any_order_and_heard_twice(said: list[Versioned], random: object) -> None:
    newest = max(said, key=lambda one: (one.hlc, one.value))
    shuffled = [*said, *said]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    standing_value: Versioned | None = None
    for one in shuffled:
        standing_value = merge_field(standing_value, one)
    assert standing_value == newest


def test_a_field_that_was_emptied_later_is_empty() -> None:
    assert merge_field(Versioned("王大明", 5), Versioned("", 6)) == Versioned("", 6)
    assert merge_field(Versioned("", 6), Versioned("王大明", 5)) == Versioned("", 6)


def a_consent(hlc: int, *, granted: bool, number: int = 1, purpose: Purpose = Purpose.MARKETING) -> Consent:
    return Consent(
        uuid(number), MemberId(uuid(10)), purpose, granted, "1/zh_TW", ConsentChannel.SPOKEN, 0, None, hlc
    )


def test_taking_consent_back_wins_over_an_earlier_yes_and_over_one_at_the_same_instant() -> None:
    yes, no, later = a_consent(5, granted=True), a_consent(5, granted=False), a_consent(6, granted=True)
    for order in permutations([yes, no]):
        assert not is_granted(order)
    for order in permutations([yes, no, later]):
        assert is_granted(order)


def test_being_a_member_says_nothing_about_being_written_to() -> None:
    assert not is_granted([a_consent(9, granted=True, purpose=Purpose.MEMBERSHIP)])
    assert standing([]) is None


def test_a_chain_of_merges_ends_in_one_survivor() -> None:
    a, b, c, d = (uuid(number) for number in range(1, 5))
    assert survivors({a: b, b: c}) == {a: c, b: c}
    assert survivors({a: b, c: d}) == {a: b, c: d}
    assert survivors({}) == {}


def test_files_put_into_each_other_in_a_circle_end_in_the_smallest_id() -> None:
    a, b, c = (uuid(number) for number in range(1, 4))
    assert survivors({a: b, b: a}) == {b: a}
    assert survivors({c: b, b: c, a: b}) == {c: b, a: b}


@given(st.dictionaries(st.integers(1, 8), st.integers(1, 8), max_size=8))
def test_every_survivor_survives(words: dict[int, int]) -> None:
    into = {UUID(int=one): UUID(int=other) for one, other in words.items() if one != other}
    found = survivors(into)
    assert not set(found.values()) & set(found)
    assert set(found) <= set(into)


@pytest.mark.parametrize(
    ("key", "typed", "kept"),
    [
        ("birthday", "79.5.20", "1990-05-20"),
        ("birthday", "農曆八月十五", "L--08-15"),
        ("birthday", "L1990-08-15", "L1990-08-15"),
        ("birthday", "", ""),
        ("email", " Ming@Example.TW ", "ming@example.tw"),
        ("gender", "Female", "female"),
        ("channel", "line", "line"),
        ("name", " 王  大明 ", "王 大明"),
        ("line_id", "@Ming_01", "@ming_01"),
    ],
)
def test_what_is_typed_has_one_spelling(key: str, typed: str, kept: str) -> None:
    assert clean_field(BUILT_IN[key], typed, today=TODAY) == kept


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (FieldKind.NUMBER, "１,２５０", "1250"),
        (FieldKind.DATE, "2026/3/5", "2026-03-05"),
        (FieldKind.YES_NO, "有", "yes"),
        (FieldKind.YES_NO, "No", "no"),
        (FieldKind.CHOICE, "乾性", "乾性"),
    ],
)
def test_a_shops_own_fields_have_kinds(kind: FieldKind, typed: str, kept: str) -> None:
    spec = FieldSpec(f"{CUSTOM_PREFIX}skin", kind, ("乾性", "油性"), "膚質")
    assert clean_field(spec, typed, today=TODAY) == kept


@pytest.mark.parametrize(
    ("spec", "typed", "code"),
    [
        (BUILT_IN["birthday"], "13/45", "birthday_unreadable"),
        (BUILT_IN["email"], "ming@", "email_unreadable"),
        (BUILT_IN["gender"], "貓", "field_not_a_choice"),
        (BUILT_IN["name"], "王" * 121, "field_too_long"),
        (FieldSpec("x:n", FieldKind.NUMBER, (), "狗齡"), "三歲", "field_unreadable"),
        (FieldSpec("x:d", FieldKind.DATE, (), "結紮日"), "2026/2/30", "field_unreadable"),
    ],
)
def test_what_cannot_be_read_is_refused(spec: FieldSpec, typed: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        clean_field(spec, typed, today=TODAY)
    assert caught.value.code == code


def test_the_shops_fields_read_back_from_their_rules() -> None:
    specs = (
        FieldSpec("x:dog", FieldKind.TEXT, (), "狗狗名字"),
        FieldSpec("x:s", FieldKind.CHOICE, ("a", "b"), "膚質"),
    )
    assert custom_fields(custom_setting(specs)) == specs
    assert custom_fields([["a"], 5, ["k", "n", "nonsense", []]]) == ()
    assert custom_fields(None) == ()


def test_a_tag_is_one_printable_line() -> None:
    assert clean_tag("  愛吃  辣 ") == "愛吃 辣"
    with pytest.raises(Refused):
        clean_tag("   ")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("刷 4111 1111 1111 1111 那張", "刷 **** 1111 那張"),
        ("4111-1111-1111-1111", "**** 1111"),
        ("4111111111111112", "4111111111111112"),
        ("0912345678", "0912345678"),
    ],
)
def test_a_payment_card_is_never_kept(typed: str, kept: str) -> None:
    assert without_card_numbers(typed) == kept
