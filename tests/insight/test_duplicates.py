"""Members who are in the file twice: found nearly all, and nearly nobody else. The list with known truth is people_generator's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Cancelled
from app.domain.ids import MemberId
from app.i18n import LANGUAGES
from app.insight.duplicates import DuplicatePair, Person, Reason, find_duplicates, groups
from app.insight.duplicates_keys import email_key, name_key, phone_key
from app.service.duplicates import person_of, reasons_text
from app.service.phonetics import syllable
from tests.builders import MEMBER
from tests.insight.people_generator import MemberList, generate

PRECISION_MIN = 0.98
RECALL_MIN = 0.93


@cache
def town(seed: int) -> MemberList:
    return generate(seed)


@cache
def found_in(seed: int) -> tuple[DuplicatePair, ...]:
    return find_duplicates(town(seed).people, sound_of=syllable)


@cache
def crowd() -> tuple[Person, ...]:
    """Six hundred strangers, so that a name is as common as it is in a shop."""
    return generate(99, members=600, duplicates=0, households=0).people


def person(number: int, **known: Any) -> Person:
    return Person(MemberId(UUID(int=number)), **{"joined_on": date(2026, 1, 1) + timedelta(number), **known})


def reasons(one: Mapping[str, object], other: Mapping[str, object]) -> tuple[Reason, ...] | None:
    """Why these two among six hundred strangers are one person; None when they are not."""
    pairs = find_duplicates((*crowd(), person(1, **one), person(2, **other)), sound_of=syllable)
    ours = {MemberId(UUID(int=1)), MemberId(UUID(int=2))}
    return next((pair.reasons for pair in pairs if {pair.first, pair.second} == ours), None)


@pytest.mark.parametrize("seed", [20_261_121, 7])
def test_nearly_every_duplicate_is_found_and_nearly_nobody_else(seed: int) -> None:
    town_of_seed = town(seed)
    assert len(town_of_seed.people) >= 7_000
    assert len(town_of_seed.truth) == 1_000
    found = {frozenset((pair.first, pair.second)) for pair in found_in(seed)}
    right = len(found & town_of_seed.truth)
    assert right / len(found) >= PRECISION_MIN
    assert right / len(town_of_seed.truth) >= RECALL_MIN


def test_the_generated_town_holds_what_makes_it_hard() -> None:
    people = town(7).people
    written = [one.phone for one in people]
    names = [one.name for one in people]
    assert len(written) - len(set(written)) >= 250, "relatives at one number"
    assert max(names.count(name) for name in {"陳怡君", "林怡君", "林家豪"}) >= 20, "common names"
    assert sum(not name for name in names) >= 600, "files without a name"
    assert sum(name.isascii() and name != "" for name in names) >= 200, "names in English"


def test_the_same_list_gives_the_same_pairs_in_any_order() -> None:
    people = town(7).people[:1_500]
    forwards = find_duplicates(people, sound_of=syllable)
    assert find_duplicates(tuple(reversed(people)), sound_of=syllable) == forwards


@pytest.mark.parametrize(
    "written",
    [
        "0912345678",
        "0912-345-678",
        "0912 345 678",
        "(0912)345678",
        "0912.345.678",
        "０９１２３４５６７８",
        "０９１２－３４５－６７８",
        "+886912345678",
        "+886 912 345 678",
        "+886-0912-345-678",
        "886912345678",
        "00886912345678",
        "912345678",
        " 0912345678\u3000",
        "TEL:0912345678",
        "0912345678#12",
    ],
)
def test_a_number_is_the_same_however_it_is_written(written: str) -> None:
    assert phone_key(written).text == "+886912345678"
    assert phone_key(written).is_mobile


@pytest.mark.parametrize(
    "written", ["02-2345-6789", "(02)2345-6789", "+886 2 2345 6789", "0223456789 分機12", "223456789"]
)
def test_a_landline_is_the_same_however_it_is_written(written: str) -> None:
    assert phone_key(written).text == "+886223456789"
    assert not phone_key(written).is_mobile


@pytest.mark.parametrize("nothing", ["", "無", "0000000000", "---"])
def test_a_placeholder_is_no_number(nothing: str) -> None:
    assert phone_key(nothing).text == ""


def test_numbers_of_other_markets_keep_their_country() -> None:
    assert phone_key("+852 9123 4567").text == "+85291234567"
    assert phone_key("0086 138 1234 5678").text == "+8613812345678"
    assert phone_key("09123").text == "09123"


def test_mailboxes_and_names_have_one_form() -> None:
    assert email_key("Amy.Chen+shop@GoogleMail.com") == email_key("amychen@gmail.com")
    assert email_key("amy.chen@yahoo.com.tw") != email_key("amychen@yahoo.com.tw")
    assert email_key("no mailbox") == ""
    assert name_key("陈　怡君 小姐", syllable) == replace(name_key("陳怡君", syllable), title_gender="female")
    assert name_key("歐陽娜娜", syllable).surname == "歐陽"
    assert name_key("陳太太", syllable).given == ""


def test_a_number_written_differently_is_one_person() -> None:
    one = {"phone": "0912345678", "name": "陳怡君"}
    assert reasons(one, {"phone": "+886 912-345-678", "name": "陳怡君"}) == (
        Reason.SAME_PHONE,
        Reason.SAME_NAME,
    )
    assert reasons(one, {"phone": "912345678"}) == (Reason.SAME_PHONE,)


def test_one_digit_off_or_two_swapped_with_the_same_name_is_one_person() -> None:
    one = {"phone": "0912345678", "name": "陳怡君"}
    assert reasons(one, {"phone": "0912345978", "name": "陳怡君"}) == (
        Reason.PHONE_ONE_DIGIT,
        Reason.SAME_NAME,
    )
    assert reasons(one, {"phone": "0912354678", "name": "陳怡君"}) == (Reason.PHONE_SWAPPED, Reason.SAME_NAME)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("陈怡君", Reason.SAME_NAME),
        ("陳 怡 君", Reason.SAME_NAME),
        ("陳宜均", Reason.SAME_SOUND),
        ("林陳怡君", Reason.NAME_WITHIN),
        ("怡君", Reason.NAME_WITHIN),
        ("陳小姐", Reason.SAME_SURNAME),
        ("Chen Yi-Chun", Reason.NAME_ROMANISED),
        ("Yi-Chun CHEN", Reason.NAME_ROMANISED),
    ],
)
def test_a_name_is_recognised_through_scripts_sounds_titles_and_marriage(name: str, reason: Reason) -> None:
    found = reasons({"phone": "0912345678", "name": "陳怡君"}, {"phone": "0912345978", "name": name})
    assert found is not None
    assert reason in found


def test_taipeis_two_ways_of_writing_tai_are_one() -> None:
    assert reasons({"phone": "0912345678", "name": "臺大明"}, {"phone": "0912345978", "name": "台大明"}) == (
        Reason.PHONE_ONE_DIGIT,
        Reason.SAME_NAME,
    )


def test_a_new_number_is_known_by_a_rare_name_with_its_birthday() -> None:
    one = {"phone": "0912345678", "name": "欒汶澔", "birthday": "1990-05-20"}
    assert reasons(one, {"phone": "0987111222", "name": "欒汶澔", "birthday": "1990-05-20"}) == (
        Reason.SAME_NAME,
        Reason.SAME_BIRTHDAY,
    )
    assert reasons(one, {"phone": "0987111222", "name": "欒汶澔"}) is None


def test_a_line_id_or_carrier_is_one_persons() -> None:
    for field, value in (("line_id", "amy_1990"), ("carrier", "/AB3+D.7")):
        one = {"phone": "0912345678", "name": "陳怡君", field: value}
        assert reasons(one, {"phone": "0987111222", "name": "陳怡君", field: value.lower()}) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("陳怡君", "林志明"),  # a couple
        ("陳怡君", "陳志明"),  # brother and sister
        ("陳怡君", "陳怡欣"),  # sisters share a character
        ("陳先生", "陳小姐"),
    ],
)
def test_relatives_at_one_number_are_two_people(one: str, other: str) -> None:
    assert reasons({"phone": "0223456789", "name": one}, {"phone": "0223456789", "name": other}) is None
    assert reasons({"phone": "0912345678", "name": one}, {"phone": "0912-345-678", "name": other}) is None


def test_twins_at_one_number_are_two_people() -> None:
    same = {"phone": "0912345678", "birthday": "1990-05-20"}
    assert reasons({**same, "name": "陳怡君"}, {**same, "name": "陳怡欣"}) is None


def test_numbers_bought_together_are_two_people() -> None:
    assert (
        reasons({"phone": "0912345678", "name": "陳先生"}, {"phone": "0912345679", "name": "陳怡君"}) is None
    )


def test_two_birthdays_are_two_people() -> None:
    one = {"phone": "0912345678", "name": "陳怡君", "birthday": "1990-05-20"}
    assert (
        reasons(one, {"phone": "0987111222", "name": "陳怡君", "birthday": "1973-11-02", "email": "a@b.tw"})
        is None
    )


def test_a_slip_of_a_shared_number_belongs_to_whom_it_fits_best() -> None:
    couple = person(1, phone="0912345678", name="陳怡君"), person(2, phone="0912345678", name="林先生")
    slip = person(3, phone="0912345978", name="陳怡君")
    pairs = find_duplicates((*crowd(), *couple, slip), sound_of=syllable)
    assert [(pair.first.int, pair.second.int) for pair in pairs if pair.second == slip.id] == [(1, 3)]


def test_the_file_that_is_older_comes_first_and_the_surest_pair_too() -> None:
    young = person(1, phone="0912345678", name="陳怡君", joined_on=date(2026, 5, 1))
    old = person(2, phone="0912-345-678", name="陳怡君", joined_on=date(2025, 5, 1))
    (pair,) = find_duplicates((young, old), sound_of=syllable)
    assert (pair.first, pair.second) == (old.id, young.id)
    assert 0.9 < pair.probability <= 1.0
    scores = [one.score for one in found_in(7)]
    assert scores == sorted(scores, reverse=True)


def test_files_that_hang_together_make_one_group() -> None:
    one, two, three, four, five = (MemberId(UUID(int=number)) for number in range(1, 6))
    pairs = [DuplicatePair(a, b, 9.0, ()) for a, b in ((one, two), (four, five), (two, three))]
    assert groups(pairs) == ((one, two, three), (four, five))


def test_nobody_and_one_member_have_no_duplicates() -> None:
    assert find_duplicates((), sound_of=syllable) == ()
    assert find_duplicates((person(1, phone="0912345678"),), sound_of=syllable) == ()


def test_progress_rises_to_the_end_and_cancelling_stops() -> None:
    told: list[tuple[int, int]] = []
    find_duplicates(crowd(), sound_of=syllable, on_progress=lambda done, total: told.append((done, total)))
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1]
    with pytest.raises(Cancelled):
        find_duplicates(crowd(), sound_of=syllable, is_cancelled=lambda: len(told) > 0)


def test_a_member_is_compared_as_the_file_has_it() -> None:
    assert person_of(MEMBER).phone == MEMBER.phone
    assert person_of(MEMBER).id == MEMBER.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_is_said_in_words(language: str) -> None:
    pair = DuplicatePair(MEMBER.id, MEMBER.id, 5.0, tuple(Reason))
    assert reasons_text(pair, language)
    for reason in Reason:
        assert reasons_text(replace(pair, reasons=(reason,)), language)
    shown = reasons_text(replace(pair, reasons=(Reason.PHONE_ONE_DIGIT, Reason.SAME_NAME)), "zh_TW")
    assert shown == "號碼只差一碼、同名"


@given(
    st.lists(
        st.builds(
            dict, phone=st.text("09+-８ 1234", max_size=14), name=st.text("陳怡君小姐 Amy", max_size=6)
        ),
        max_size=12,
    )
)
def test_whatever_is_in_the_files_a_pair_is_two_different_files_named_once(
    known: list[dict[str, object]],
) -> None:
    people = [person(number, **one) for number, one in enumerate(known, 1)]
    pairs = find_duplicates(people, sound_of=syllable)
    assert all(pair.first != pair.second for pair in pairs)
    assert len({frozenset((pair.first, pair.second)) for pair in pairs}) == len(pairs)
