"""The member on the sale screen by real key presses: who they are in two seconds, the usual, coupons, stamps, gifts, what is due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.domain.consent import Purpose
from app.domain.ledger import EntryKind
from app.domain.profile import NoteKind
from app.domain.transaction import RetailTransaction
from app.service.basket_desk import Stage
from tests.ui.conftest import PATIENCE_MS
from tests.ui.member.regulars import OTHER_PHONE, a_regular, buys, card_of, give, is_asked, set_up_shop, view
from tests.ui.till_fixture import NEW_PHONE, PHONE, SOAP, TEA, TillRig, close_rig, open_rig
from ui.member.enrol import EnrolSheet
from ui.member.page import MemberPage
from ui.sale.coupon_rows import TakeGift
from ui.sale.member_find import MemberFindSheet
from ui.sale.offers import OffersSheet


@pytest.fixture
def till(qtbot: QtBot, tmp_path: Path) -> Iterator[TillRig]:
    """A cashier at work in a shop that rewards its regulars."""
    opened = open_rig(qtbot, tmp_path)
    set_up_shop(opened)
    opened.sign_on()
    yield opened
    close_rig(opened)


def arrives(rig: TillRig, qtbot: QtBot, phone: str = PHONE) -> None:
    """Their number is keyed, and what is known of them has come to the screen."""
    rig.typist.type(phone)
    qtbot.waitUntil(lambda: view(rig).flow.member.watch.facts is not None, timeout=PATIENCE_MS)


def last_sale(rig: TillRig) -> RetailTransaction:
    newest = rig.store.journal.newest(1)[0]
    assert isinstance(newest, RetailTransaction)
    return newest


def lines(rig: TillRig) -> list[tuple[str, int]]:
    return [(line.item.sku, line.quantity // 1000) for line in rig.till.checkout.basket.live_lines]


def test_the_panel_says_the_tier_the_way_to_the_next_and_the_stamps(till: TillRig, qtbot: QtBot) -> None:
    a_regular(till, 5)
    arrives(till, qtbot)
    badge, panel = view(till).customer.data, view(till).facts
    assert badge is not None
    assert badge.tier == "金卡"
    assert "345" not in badge.phone, "the middle of the number is nobody's business"
    assert panel.isVisible()
    said = panel.line.accessibleName()
    assert "白金卡" in said
    assert "NT$" in said
    assert "來店集點" in said


def test_one_key_puts_the_usual_in_and_each_line_is_voided_like_any_other(
    till: TillRig, qtbot: QtBot
) -> None:
    a_regular(till)
    arrives(till, qtbot)
    assert "手工皂 ×2" in view(till).facts.usual.data.what
    till.typist.press("Shift+F2")
    assert sorted(lines(till)) == [("SOAP", 2), ("TEA", 1)]
    till.typist.press("-")
    assert len(lines(till)) == 1
    till.typist.press("Enter", "Enter")
    assert till.sales() == 5


def test_the_usual_of_nobody_adds_nothing_and_says_what_to_do(till: TillRig) -> None:
    till.typist.press("Shift+F2")
    assert lines(till) == []
    assert till.told[-1] == "member.usual_nobody"


def test_what_is_due_pops_up_until_somebody_says_that_it_is_done(till: TillRig, qtbot: QtBot) -> None:
    card = a_regular(till, 1)
    today = till.till.coupons.business_date()
    till.till.membership.add_note(card.member.id, "蛋糕換低糖", NoteKind.REQUEST, today)
    later = today + timedelta(days=3)
    till.till.membership.add_note(card.member.id, "還太早", NoteKind.FOLLOW_UP, later)
    arrives(till, qtbot)
    assert till.told[-1] == "member.due"
    badge = view(till).customer.data
    assert badge is not None
    assert "蛋糕換低糖" in badge.cue
    till.typist.press("F2", "Enter")
    assert till.till.membership.due_at_counter(card.member.id, today) == ()
    till.typist.press("Esc")
    qtbot.waitUntil(lambda: "蛋糕" not in (view(till).customer.data or badge).cue, timeout=PATIENCE_MS)


def test_the_best_coupon_is_one_key_and_is_used_with_the_sale(till: TillRig, qtbot: QtBot) -> None:
    card = a_regular(till, 1)
    give(till, "TENTH", card.member.id)
    arrives(till, qtbot)
    till.typist.scan(TEA)
    watch = view(till).flow.member.watch
    qtbot.waitUntil(lambda: watch.best is not None, timeout=PATIENCE_MS)
    assert "九折券" in view(till).facts.coupon.data.what
    till.typist.press("Shift+F5")
    assert till.told[-1] == "coupon.applied"
    assert view(till).counter.texts == ("九折券　−NT$35",)
    till.typist.press("Enter", "Enter")
    assert last_sale(till).total.minor == 315
    assert [use.amount.minor for use in last_sale(till).moves.coupons] == [35]


def test_a_coupon_that_needs_more_says_how_much_and_helps_once_it_is_there(
    till: TillRig, qtbot: QtBot
) -> None:
    card = a_regular(till, 1)
    coupon = give(till, "FIFTY", card.member.id)
    arrives(till, qtbot)
    till.typist.scan(SOAP)
    till.typist.scan(till.till.coupons.symbol(coupon))
    assert till.told[-1] == "coupon.laid"
    assert "NT$501" in till.messages.history[-1].text
    assert "NT$501" in view(till).counter.texts[0]
    till.typist.type(f"2*{TEA}")
    till.typist.press("Enter")
    assert view(till).counter.texts == ("折五十　−NT$50",)


def test_a_coupon_of_somebody_else_is_refused_with_the_reason(till: TillRig, qtbot: QtBot) -> None:
    card = a_regular(till, 1)
    coupon = give(till, "MINE", card.member.id)
    till.typist.scan(SOAP)
    till.typist.type(OTHER_PHONE)
    till.typist.scan(till.till.coupons.symbol(coupon))
    assert till.told[-1] == "error.coupon_of_other_member"
    assert till.till.checkout.basket.coupons == ()


def test_a_coupon_used_while_its_basket_was_held_is_told_before_money_is_asked_for(till: TillRig) -> None:
    card = a_regular(till, 1)
    symbol = till.till.coupons.symbol(give(till, "TENTH", card.member.id))
    till.typist.scan(TEA)
    till.typist.scan(symbol)
    till.typist.press("F7")
    till.typist.scan(SOAP)
    till.typist.scan(symbol)
    till.typist.press("Enter", "Enter", "F7", "Enter")
    assert till.told[-1] == "error.coupon_gone"
    assert till.till.checkout.stage is Stage.ENTRY
    till.typist.press("F5", "Enter", "Esc")
    assert till.till.checkout.basket.coupons == ()
    till.typist.press("Enter", "Enter")
    assert last_sale(till).total.minor == 380


def test_f5_uses_and_takes_back_what_is_chosen(till: TillRig, qtbot: QtBot) -> None:
    card = a_regular(till, 1)
    give(till, "TENTH", card.member.id)
    arrives(till, qtbot)
    till.typist.scan(TEA)
    till.typist.press("F5")
    assert isinstance(till.sheet, OffersSheet)
    till.typist.press("Enter")
    assert till.till.checkout.priced().total.minor == 315
    till.typist.press("Enter")
    assert till.till.checkout.priced().total.minor == 350
    till.typist.press("Esc")
    assert not is_asked(till)


def test_a_full_stamp_card_is_redeemed_by_one_key(till: TillRig, qtbot: QtBot) -> None:
    for day in range(4):
        buys_on_another_day(till, day)
    arrives(till, qtbot)
    till.typist.scan(SOAP)
    facts = view(till).flow.member.watch.facts
    assert facts is not None
    assert [one.card for one in facts.full_cards] == ["CARD"]
    till.typist.press("Shift+F5")
    assert till.till.checkout.priced().total.minor == 79
    till.typist.press("Enter", "Enter")
    left = till.till.stamps.standings(card_of(till).member.id, "", till.till.coupons.business_date())
    assert left[0].stamps < 4


def buys_on_another_day(rig: TillRig, day: int) -> None:
    """A visit is counted once a day of business, so each one has a shift of its own."""
    shift = rig.till.session.shift
    assert shift is not None
    from dataclasses import replace

    rig.till.session.shift = replace(shift, business_date=shift.business_date + timedelta(days=1))
    buys(rig, SOAP)
    rig.till.checkout.start_new()


def test_a_gift_is_had_for_points_with_the_sale(till: TillRig, qtbot: QtBot) -> None:
    a_regular(till, 3)
    before = card_of(till).points
    arrives(till, qtbot)
    till.typist.scan(SOAP)
    till.typist.press("F5")
    sheet = till.sheet
    assert isinstance(sheet, OffersSheet)
    while not isinstance(sheet.list.current.value if sheet.list.current else None, TakeGift):
        till.typist.press("Down")
    till.typist.press("Enter", "Esc")
    assert [gift.code for gift in till.till.checkout.basket.gifts] == ["MUG"]
    till.typist.press("Enter", "Enter")
    kinds = {entry.kind: entry.member_points for entry in till.store.members.entries(card_of(till).member.id)}
    assert kinds[EntryKind.GIFT] == -5
    assert card_of(till).points == before - 5 + last_sale(till).points.earned


def test_a_new_member_answers_lightly_and_it_is_saved_with_the_sale(till: TillRig) -> None:
    referrer = a_regular(till, 1)
    before = referrer.points
    till.typist.scan(TEA)
    till.typist.type(NEW_PHONE)
    till.typist.press("Enter", "F2")
    assert isinstance(till.sheet, EnrolSheet)
    till.typist.type("Lin")
    till.typist.press("Enter")
    till.typist.type("0520")
    till.typist.press("Enter")
    till.typist.type(PHONE)
    till.typist.press("Enter", "Right", "Enter")
    assert not is_asked(till)
    assert till.store.members.by_phone("+886987654321") is None, "nothing is saved before the sale is"
    till.typist.press("Enter", "Enter")
    made = card_of(till, "+886987654321")
    assert (made.member.name, made.member.birthday) == ("Lin", "--05-20")
    consents = till.till.consents
    marketing = consents.standing(made.member.id)
    assert marketing is not None
    assert marketing.is_granted
    assert marketing.text_version == "regulars-1/zh_TW"
    membership = consents.standing(made.member.id, Purpose.MEMBERSHIP)
    assert membership is not None
    assert membership.is_granted
    assert till.store.membership.consents.referrer_of(made.member.id) == referrer.member.id
    assert card_of(till).points == before + 30
    assert made.points >= 50 + 20


def test_one_enter_skips_every_question(till: TillRig) -> None:
    till.typist.scan(SOAP)
    till.typist.type(NEW_PHONE)
    till.typist.press("Enter", "F2", "Enter")
    assert not is_asked(till)
    till.typist.press("Enter", "Enter")
    assert last_sale(till).is_new_member
    assert till.till.consents.history(card_of(till, "+886987654321").member.id) == ()


def test_a_birthday_that_cannot_be_read_stays_to_be_corrected(till: TillRig) -> None:
    till.typist.scan(SOAP)
    till.typist.type(NEW_PHONE)
    till.typist.press("Enter", "F2", "Down")
    till.typist.type("13/45")
    till.typist.press("Enter", "Enter", "Enter")
    sheet = till.sheet
    assert isinstance(sheet, EnrolSheet)
    assert sheet.birthday.text == "13/45"
    assert "13/45" in sheet.birthday.note.text()


def test_a_member_who_comes_after_the_total_is_noted_for_the_guard(till: TillRig) -> None:
    a_regular(till, 1)
    till.typist.scan(SOAP)
    till.typist.press("Enter")
    basket = till.till.checkout.basket.id
    till.typist.type(PHONE)
    shift = till.till.session.require_shift()
    late = [event for event in till.store.journal.audit_of_shift(shift.id) if event.kind == "member_late"]
    assert [event.details for event in late] == [{"basket": basket.hex}]


def test_a_member_before_the_total_is_not(till: TillRig) -> None:
    a_regular(till, 1)
    till.typist.scan(SOAP)
    till.typist.type(PHONE)
    till.typist.press("Enter")
    shift = till.till.session.require_shift()
    kinds = [event.kind for event in till.store.journal.audit_of_shift(shift.id)]
    assert "member_late" not in kinds


def test_a_carrier_finds_its_member_on_the_sale_and_in_the_search(till: TillRig) -> None:
    card = a_regular(till, 1)
    till.till.membership.add_code(card.member.id, "/ABC+123")
    till.typist.scan("/ABC+123")
    member = till.till.checkout.basket.member
    assert member is not None
    assert member.member.id == card.member.id
    till.till.checkout.remove_member()
    till.typist.press("F2")
    assert isinstance(till.sheet, MemberFindSheet)
    till.typist.scan("/ABC+123")
    member = till.till.checkout.basket.member
    assert member is not None
    assert member.member.id == card.member.id


def test_the_page_opens_from_the_search_without_taking_the_member_onto_the_sale(till: TillRig) -> None:
    a_regular(till, 1)
    till.typist.press("F2")
    till.typist.type("678")
    till.typist.press("F2")
    assert isinstance(till.sheet, MemberPage)
    assert till.till.checkout.basket.member is None
