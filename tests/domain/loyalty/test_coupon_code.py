"""A coupon's symbol proves itself, stays small enough for thermal paper, and no changed character is taken."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.entry import CouponCode, Search, classify
from app.domain.errors import Refused
from app.domain.loyalty.coupon import Coupon, CouponSource
from app.domain.loyalty.coupon_code import (
    CODE_LENGTH_MAX,
    CouponKeys,
    code_of,
    keys_from_texts,
    read_code,
    shown,
    typed_code,
    typed_of,
)
from tests.loyalty_strategies import UUIDS, coupons

OLD, NEW = bytes(range(32)), bytes(range(1, 33))
KEYS = CouponKeys((OLD, NEW))
CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567019:=-"


def refused(body: str, keys: CouponKeys | None = KEYS) -> bool:
    try:
        read_code(body, keys)
    except Refused as error:
        return error.code == "coupon_code_damaged"
    return False


@given(coupons())
def test_what_was_signed_is_read_back(coupon: Coupon) -> None:
    code = code_of(coupon, KEYS)
    assert len(code) <= CODE_LENGTH_MAX
    assert re.fullmatch(r"[A-Z0-9:]+", code), "a QR code packs these characters closest"
    entry = classify(code, is_scan=True)
    assert isinstance(entry, CouponCode)
    found = read_code(entry.body, KEYS)
    # Paper says nothing about its making.
    assert found == replace(
        coupon, issued_at=found.issued_at, source=CouponSource.PAPER, batch="", transaction_id=None
    )


@settings(max_examples=60)
@given(coupons(), st.data())
def test_any_changed_character_is_refused(coupon: Coupon, data: st.DataObject) -> None:
    body = code_of(coupon, KEYS)[3:]
    place = data.draw(st.integers(0, len(body) - 1))
    other = data.draw(st.sampled_from(CHARACTERS).filter(lambda character: character != body[place]))
    assert refused(body[:place] + other + body[place + 1 :])


@given(coupons(), st.data())
def test_a_code_that_lacks_something_or_has_more_is_refused(coupon: Coupon, data: st.DataObject) -> None:
    body = code_of(coupon, KEYS)[3:]
    place = data.draw(st.integers(0, len(body) - 1))
    assert refused(body[:place] + body[place + 1 :])
    assert refused(body + data.draw(st.sampled_from(CHARACTERS)))


@given(st.text(max_size=130))
def test_whatever_else_is_scanned_is_refused(text: str) -> None:
    assert refused(text)


@given(coupons())
def test_the_coupon_of_another_shop_is_refused(coupon: Coupon) -> None:
    assert refused(code_of(coupon, CouponKeys((bytes(32),)))[3:])
    assert refused(code_of(coupon, KEYS)[3:], None)


@given(coupons())
def test_a_changed_key_ends_no_printed_coupon(coupon: Coupon) -> None:
    printed = code_of(coupon, CouponKeys((OLD,)))
    assert read_code(printed[3:], KEYS).id == coupon.id


@given(UUIDS, st.data())
def test_a_typed_code_is_read_however_it_is_written_and_no_slip_of_a_finger_is_taken(
    coupon_id: object, data: st.DataObject
) -> None:
    code = typed_of(coupon_id)  # type: ignore[arg-type]
    assert len(code) == 10
    for text in (code, shown(code), code.lower(), f" {code[:4]} {code[4:]} "):
        assert typed_code(text) == code
        assert isinstance(classify(text), Search), "no other kind of entry takes it away"
    place = data.draw(st.integers(0, 9))
    other = data.draw(st.sampled_from("ABCDEFGHJKLMNPQRSTUVWXYZ23456789").filter(lambda c: c != code[place]))
    assert typed_code(code[:place] + other + code[place + 1 :]) is None


def test_a_word_is_no_typed_code() -> None:
    assert typed_code("烏龍茶") is None
    assert typed_code("HANDSOAP00") is None


def test_keys_are_kept_as_text_and_shown_nowhere() -> None:
    assert keys_from_texts([OLD.hex(), NEW.hex()]) == KEYS
    assert OLD.hex() not in repr(KEYS)
    with pytest.raises(ValueError, match="coupon keys"):
        keys_from_texts(["00"])
