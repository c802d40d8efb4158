from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import entry
from app.domain.barcode import DEFAULT_LABEL_RULES, LabelKind, check_digit, has_valid_check_digit, read_label
from app.domain.entry import classify, with_check


@pytest.mark.parametrize(
    "typed",
    [
        "0912345678",
        "0912-345-678",
        "0912 345 678",
        "+886912345678",
        "886912345678",
        "０９１２３４５６７８",
        "00886912345678",
    ],
)
def test_a_phone_is_the_same_member_however_it_is_typed(typed: str) -> None:
    assert classify(typed) == entry.Phone("+886912345678")


@pytest.mark.parametrize("typed", ["091234567", "09123456789", "09123a5678", "0912345o78"])
def test_letters_or_a_missing_digit_in_a_phone_are_said_and_not_searched(typed: str) -> None:
    assert isinstance(classify(typed), entry.AlmostPhone)


def test_an_eight_digit_number_is_a_phone_in_hong_kong_unless_it_is_a_barcode() -> None:
    assert classify("91234567", region="HK") == entry.Phone("+85291234567")
    assert classify("96385074", region="HK") == entry.Barcode("96385074")
    assert isinstance(classify("91234567", region="TW"), entry.Search)


def test_a_barcode_is_recognised_by_its_check_digit() -> None:
    assert classify("4710088412348") == entry.Barcode("4710088412348")
    assert classify("036000291452") == entry.Barcode("0036000291452")
    assert classify("]E04710088412348") == entry.Barcode("4710088412348")
    assert classify("4710088412349") == entry.DamagedBarcode("4710088412349")


def test_a_price_embedded_label_names_its_item_and_value() -> None:
    price = classify("2900123001589", label_rules=DEFAULT_LABEL_RULES)
    weight = classify("2800123003852", label_rules=DEFAULT_LABEL_RULES)
    assert isinstance(price, entry.LabelledItem)
    assert isinstance(weight, entry.LabelledItem)
    assert (price.label.plu, price.label.kind, price.label.value) == ("00123", LabelKind.PRICE, 158)
    assert (weight.label.plu, weight.label.kind, weight.label.value) == ("00123", LabelKind.WEIGHT, 385)


def test_a_label_in_dollars_is_worth_its_cents_in_another_currency() -> None:
    label = read_label("2900123001589", DEFAULT_LABEL_RULES, currency_digits=2)
    assert label is not None
    assert label.value == 15800


def test_a_quantity_comes_before_its_item() -> None:
    assert classify("3*") == entry.Quantity(3000, "")
    assert classify("0.385*") == entry.Quantity(385, "")
    assert classify("２＊4710088412348") == entry.Quantity(2000, "4710088412348")


def test_our_own_codes_are_read_back_and_a_misread_one_is_refused() -> None:
    code = with_check("R1", "01-1-A000123")
    assert classify(code) == entry.ReceiptCode("01-1-A000123")
    assert classify(code.lower()) == entry.ReceiptCode("01-1-A000123")
    assert isinstance(classify(code.replace("123:", "124:")), entry.Unreadable)
    assert classify("01-1-A000123") == entry.ReceiptCode("01-1-A000123")


@given(
    st.text("0123456789ABC-", min_size=4, max_size=20), st.integers(0, 19), st.sampled_from("0123456789ABC-")
)
def test_every_single_slip_in_our_codes_shows(payload: str, place: int, other: str) -> None:
    place %= len(payload)
    if payload[place] != other:
        slipped = payload[:place] + other + payload[place + 1 :]
        assert entry.check_characters(payload) != entry.check_characters(slipped)


def test_a_carrier_is_a_slash_and_seven() -> None:
    assert classify("/ABC+123") == entry.Carrier("/ABC+123")


def test_two_characters_of_a_name_are_a_search() -> None:
    assert classify("綠茶") == entry.Search("綠茶")
    assert classify("ㄌㄔ") == entry.Search("ㄌㄔ")
    assert classify("") == entry.Nothing()
    assert classify("   ") == entry.Nothing()


@given(st.text(max_size=700))
def test_no_text_breaks_the_line(text: str) -> None:
    classify(text, label_rules=DEFAULT_LABEL_RULES)


@given(st.text("0123456789", min_size=7, max_size=13))
def test_a_check_digit_makes_a_valid_code(payload: str) -> None:
    code = payload + str(check_digit(payload))
    assert len(code) not in (8, 12, 13, 14) or has_valid_check_digit(code)


def test_check_digits_of_the_standard() -> None:
    assert check_digit("471008841234") == 8
    assert check_digit("03600029145") == 2
