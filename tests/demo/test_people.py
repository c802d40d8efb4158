"""The invented members are plausible, unique where it matters, and the same for the same seed."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from hashlib import sha256
from itertools import pairwise

from app.demo.people import FIRST_JOINED, LAST_JOINED, DemoMember, members

PEOPLE = list(members(2026, 6000))


def _digest(people: list[DemoMember]) -> str:
    return sha256(repr(people).encode()).hexdigest()


def test_the_same_seed_makes_the_same_people_on_every_machine() -> None:
    assert _digest(list(members(1, 500))) == _digest(list(members(1, 500)))
    assert _digest(list(members(1, 500))) != _digest(list(members(2, 500)))


def test_every_number_is_a_mobile_number_of_its_own_and_they_are_spread() -> None:
    phones = [member.phone for member in PEOPLE]
    assert len(phones) == len(set(phones))
    assert all(re.fullmatch(r"09[0-8]\d{7}", phone) for phone in phones)
    per_prefix = Counter(phone[:3] for phone in phones)
    assert len(per_prefix) == 9
    assert max(per_prefix.values()) < 1.3 * min(per_prefix.values())


def test_many_members_are_a_bare_number_and_some_are_called_by_a_title() -> None:
    bare = sum(member.name is None for member in PEOPLE) / len(PEOPLE)
    assert 0.33 <= bare <= 0.43
    assert any(member.name and member.name.endswith("小姐") for member in PEOPLE)
    assert {len(member.name) for member in PEOPLE if member.name} <= {2, 3, 4, 5}


def test_surnames_come_as_often_as_in_taiwan() -> None:
    named = [member.name for member in PEOPLE if member.name]
    surnames = Counter(name[0] for name in named)
    assert [surname for surname, _ in surnames.most_common(2)] == ["陳", "林"]
    assert 0.09 <= surnames["陳"] / len(named) <= 0.13
    assert len(surnames) >= 60


def test_a_name_fits_the_years_of_birth() -> None:
    of_old = {
        member.name[1:]
        for member in PEOPLE
        if member.name and member.birthday and member.birthday.year <= 1955
    }
    of_young = {
        member.name[1:]
        for member in PEOPLE
        if member.name and member.birthday and member.birthday.year > 2000
    }
    assert of_old & {"秀英", "玉蘭", "正雄", "武雄"}
    assert of_young & {"子晴", "品妍", "承恩", "宥廷"}
    assert len(of_old & of_young) <= 3


def test_everyone_was_grown_up_when_joining_and_joined_in_order() -> None:
    for member in PEOPLE:
        assert FIRST_JOINED <= member.joined <= LAST_JOINED
        if member.birthday is not None:
            assert 15 <= member.joined.year - member.birthday.year <= 90
    assert all(earlier.joined <= later.joined for earlier, later in pairwise(PEOPLE))


def test_about_half_agreed_to_be_written_to_and_a_fifth_carry_a_note_of_the_staff() -> None:
    assert 0.5 <= sum(member.has_marketing_consent for member in PEOPLE) / len(PEOPLE) <= 0.62
    assert 0.17 <= sum(bool(member.tags) for member in PEOPLE) / len(PEOPLE) <= 0.27
    assert all(len(set(member.tags)) == len(member.tags) for member in PEOPLE)


def test_some_names_hold_the_rare_characters_that_printers_stumble_over() -> None:
    written = "".join(member.name or "" for member in PEOPLE)
    assert set("堃喆犇甯") <= set(written)


def test_the_days_of_joining_can_be_chosen() -> None:
    first, last = date(2025, 12, 1), date(2025, 12, 31)
    joined = [member.joined for member in members(3, 400, first_joined=first, last_joined=last)]
    assert min(joined) == first
    assert max(joined) == last
