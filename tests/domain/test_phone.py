from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.domain.phone import mask_phone, national_number, one_digit_off, parse_phone

TAIWANESE = st.from_regex(r"09[0-9]{8}", fullmatch=True)


@given(TAIWANESE, st.sampled_from(["", "-", " "]))
def test_a_number_survives_every_way_of_writing_it(number: str, separator: str) -> None:
    written = separator.join((number[:4], number[4:7], number[7:]))
    e164 = parse_phone(written)
    assert e164 == "+886" + number[1:]
    assert parse_phone(e164) == e164
    assert national_number(e164) == number


def test_numbers_of_the_other_markets_are_told_by_their_country_code() -> None:
    assert parse_phone("+8613800138000") == "+8613800138000"
    assert parse_phone("13800138000", "CN") == "+8613800138000"
    assert parse_phone("91234567", "HK") == "+85291234567"
    assert parse_phone("+85366123456") == "+85366123456"


def test_what_is_no_mobile_number_is_none() -> None:
    for text in ("", "0212345678", "12345", "0912", "abc", "09123456789", "+1 212 555 0100"):
        assert parse_phone(text) is None


def test_the_screen_shows_enough_to_recognise_and_not_to_call() -> None:
    assert mask_phone("+886912345678") == "0912-***-678"
    assert mask_phone("+8613800138000") == "138-****-8000"
    assert "345" not in mask_phone("+85291234567")


def test_an_erased_member_has_no_number_to_show() -> None:
    assert mask_phone("erased:01a1fce79d8b74c180008e72") == "—"


@given(TAIWANESE)
def test_slips_of_a_finger_differ_from_the_number_itself(number: str) -> None:
    slips = one_digit_off(number)
    assert number not in slips
    assert len(set(slips)) == len(slips)
    assert number[:-1] + str((int(number[-1]) + 1) % 10) in slips
