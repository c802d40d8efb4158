from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import entry, entry_values
from app.domain.barcode import (
    DEFAULT_LABEL_RULES,
    LabelKind,
    Symbology,
    check_digit,
    code_with_aim,
    expanded_upc_e,
    has_valid_check_digit,
    read_label,
    without_aim,
)
from app.domain.entry import classify, with_check, without_caps_lock
from app.service import gs1


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


# --- what a scanner may send ---


@pytest.mark.parametrize(
    ("aim", "symbology"),
    [
        ("]E0", Symbology.EAN),
        ("]E4", Symbology.EAN_8),
        ("]A0", Symbology.CODE_39),
        ("]C0", Symbology.CODE_128),
        ("]C1", Symbology.GS1_128),
        ("]Q1", Symbology.QR),
        ("]Q3", Symbology.GS1_QR),
        ("]d1", Symbology.DATA_MATRIX),
        ("]d2", Symbology.GS1_DATA_MATRIX),
        ("]e0", Symbology.DATABAR),
        ("]X0", Symbology.OTHER),
    ],
)
def test_the_scanners_own_word_for_the_symbol_is_taken_off_and_kept(aim: str, symbology: Symbology) -> None:
    assert without_aim(aim + "4710088412348") == ("4710088412348", symbology)


def test_what_the_scanner_said_can_be_put_back() -> None:
    for symbology in Symbology:
        text = code_with_aim("4710088412348", symbology)
        assert without_aim(text) == ("4710088412348", None if symbology is Symbology.OTHER else symbology)
    assert code_with_aim("X", None) == "X"


def test_a_scanner_that_says_nothing_of_the_symbol_is_understood_all_the_same() -> None:
    assert without_aim("4710088412348") == ("4710088412348", None)
    assert without_aim("]A0*/ABC+123*") == ("/ABC+123", Symbology.CODE_39)


@pytest.mark.parametrize(
    ("short", "whole"),
    [
        ("04252614", "0042100005264"),
        ("01234505", "0012000003455"),
        ("01234531", "0012300000451"),
        ("01234543", "0012340000053"),
        ("01234558", "0012345000058"),
    ],
)
def test_a_shortened_upc_is_written_out(short: str, whole: str) -> None:
    assert expanded_upc_e(short) == whole
    found = classify(short, is_scan=True)
    assert isinstance(found, entry.Barcode)
    assert {found.code, found.other} == {short, whole}, "the catalogue may know either"


def test_eight_digits_that_say_what_they_are_have_one_reading_first() -> None:
    both_ways = next(
        code
        for number in range(10**6)
        if has_valid_check_digit(code := f"0{number:06d}{check_digit(f'0{number:06d}')}")
        and expanded_upc_e(code)
    )
    assert classify("]E4" + both_ways) == entry.Barcode(both_ways)
    whole = expanded_upc_e(both_ways)
    assert classify("]E0" + both_ways) == entry.Barcode(whole or "", both_ways)
    assert classify(both_ways) == entry.Barcode(both_ways, whole or "")


def test_a_scanned_code_is_never_a_quantity_and_a_phone_only_when_it_is_no_barcode() -> None:
    assert classify("12X34", is_scan=True) == entry.Search("12X34")
    assert classify("886912345671") == entry.Phone("+886912345671")
    assert classify("886912345671", is_scan=True) == entry.Barcode("0886912345671")
    assert classify("0912345678", is_scan=True) == entry.Phone("+886912345678"), (
        "a member card of another make"
    )


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("/ABC+123", entry.Carrier("/ABC+123")),
        ("/abc+123", entry.Carrier("/ABC+123")),
        ("AB12345678901234", entry.Carrier("AB12345678901234", entry.CarrierKind.CITIZEN)),
        ("10404UZ176908720122", entry.InvoiceCode("UZ17690872", "0122", "10404")),
        (
            "AB112233441020523999900000144000001540000000001234567ydXZt4LAN1UHN/j1juVcRA==:**********:3:3:1:乾電池:1:105:",
            entry.InvoiceCode("AB11223344", "9999"),
        ),
    ],
)
def test_what_the_tax_authority_hands_out_is_never_an_item(code: str, expected: entry.Entry) -> None:
    assert classify(code, is_scan=True) == expected


def test_an_invoice_barcode_of_an_odd_month_is_none() -> None:
    assert not isinstance(classify("10403UZ176908720122"), entry.InvoiceCode)


def test_a_payment_code_is_one_only_while_paying() -> None:
    wechat = "134567890123456789"
    assert classify(wechat, is_scan=True, is_paying=True) == entry.PaymentCode(wechat, ("linepay", "wechat"))
    assert classify("2812345678901234567", is_paying=True) == entry.PaymentCode(
        "2812345678901234567", ("alipay",)
    )
    assert classify(wechat, is_scan=True) == entry.Search(wechat)


def test_what_is_worth_money_or_opens_doors_shows_in_no_log() -> None:
    secrets = (
        classify("134567890123456789", is_paying=True),
        classify("G1:aBcDeF"),
        classify(with_check("B1", "SECRET7")),
    )
    assert [entry.kind_of(one) for one in secrets] == ["payment", "gift_card", "badge"]
    for one in secrets:
        assert not any(part in repr(one) for part in ("134567", "aBcDeF", "SECRET7"))


def test_every_code_of_ours_has_its_class() -> None:
    assert classify(with_check("M1", "K7Q2")) == entry.MemberCode("K7Q2")
    assert classify(with_check("H1", "K7Q2")) == entry.HeldCode("K7Q2")
    assert classify(with_check("B1", "K7Q2")) == entry.BadgeCode("K7Q2")
    assert classify("C1:aB-_9.Zz") == entry.CouponCode("aB-_9.Zz")
    assert classify("G1:aB-_9.Zz") == entry.GiftCardCode("aB-_9.Zz")
    assert isinstance(classify("B1:K7Q2:00"), entry.Unreadable)
    assert isinstance(classify("C1:"), entry.Unreadable)


def test_every_kind_of_entry_has_a_word() -> None:
    for kind in get_args(entry.Entry):
        assert kind in entry_values._KINDS


def test_caps_lock_is_undone_where_the_code_proves_it() -> None:
    assert without_caps_lock("m1:k7q2:7q") == "M1:K7Q2:7Q"
    assert without_caps_lock("c1:AbC") == "C1:aBc"
    assert classify("c1:AbC") == entry.CouponCode("aBc")
    assert without_caps_lock("/abc+123") == "/ABC+123"
    assert without_caps_lock("HTTPS://ID.gs1.ORG/01/04710088412348/10/a1") == (
        "https://id.GS1.org/01/04710088412348/10/A1"
    )
    for plain in ("C1:aBc", "/ABC+123", "abc", "HTTPS://SHOP.TW/X", "4710088412348"):
        assert without_caps_lock(plain) is None


def test_a_gs1_symbol_is_handed_to_its_reader_and_a_carrier_never_is() -> None:
    asked: list[str] = []

    def parse(text: str) -> entry.Gs1Data | None:
        asked.append(text)
        return entry.Gs1Data("4710088412348", amount=(15800, 2)) if "\x1d" not in text else None

    found = classify("]C10104710088412348392215800", parse_gs1=parse)
    assert found == entry.Gs1Item(entry.Gs1Data("4710088412348", amount=(15800, 2)), 158)
    assert asked == ["0104710088412348392215800"]
    for code in ("10404UZ176908720122", "/ABC+123", "96385074", "0912345678", with_check("M1", "K7Q2")):
        classify(code, parse_gs1=parse)
    assert len(asked) == 1
    assert classify("10LOT\x1d21SERIAL", parse_gs1=parse) == entry.Search("10LOT21SERIAL")


@given(st.text("0123456789ABCDEFabcdef:/+-.*]M1C\x1d", max_size=40), st.booleans(), st.booleans())
def test_no_scan_breaks_the_classifier(text: str, is_scan: bool, is_paying: bool) -> None:
    found = classify(
        text, label_rules=DEFAULT_LABEL_RULES, is_scan=is_scan, is_paying=is_paying, parse_gs1=gs1.parse
    )
    assert entry.kind_of(found)
    if is_scan:
        assert not isinstance(found, entry.Quantity)
