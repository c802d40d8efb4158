"""The office by its keys: coupons reach the counter, pairs are decided by people, guests are ticked off, the guard is the owner's."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app import i18n
from app.domain.authority import Operator, Role
from app.domain.ids import MemberId, OperatorId
from app.domain.loyalty.coupon_benefit import Benefit, BenefitKind
from app.domain.loyalty.coupon_terms import CouponRules, CouponTerms
from app.domain.loyalty.tiers import Tier, TierRules
from app.domain.member import Member
from app.i18n import t
from app.service.audience import Audience, Whom, find
from tests.ui.till_fixture import E164, OWNER_NUMBER, PHONE, PIN, TEA, TillRig, rig
from ui.context import Screen
from ui.office.bulk_sheet import BulkSheet
from ui.office.cards import CardsPage
from ui.office.coupons import CouponsPage, PapersSheet, ReasonSheet
from ui.office.duplicates import DuplicatesPage
from ui.office.events import EventSheet, EventsPage
from ui.office.guard import GuardPage, ThresholdsSheet
from ui.office.view import NAMES, OfficeView
from ui.rules.page import DeskPage
from ui.sale.member_find import MemberFindSheet
from ui.widgets.alert_sheet import ConfirmSheet
from ui.widgets.record_table import RecordTable
from ui.widgets.sheet import topmost

__all__ = ["rig"]

Page = TypeVar("Page", bound=DeskPage)
COUPONS = CouponRules(
    (
        CouponTerms("NINE", "九折券", Benefit(BenefitKind.PERCENT, 1000), days_valid=30),
        CouponTerms("OWN", "生日券", Benefit(BenefitKind.AMOUNT, 50), is_personal=True),
    )
)


def on_page(rig: TillRig, kind: type[Page], number: str = OWNER_NUMBER) -> Page:
    rig.till.authority.sign_on(number, PIN)
    rig.window.go_to(Screen.OFFICE, kind.NAME)
    QApplication.processEvents()
    view = rig.window.stack.currentWidget()
    assert isinstance(view, OfficeView)
    assert isinstance(view.page, kind)
    return view.page


def with_coupons(rig: TillRig) -> CouponsPage:
    rig.till.authority.sign_on(OWNER_NUMBER, PIN)
    rig.till.coupons.write_rules(COUPONS)
    return on_page(rig, CouponsPage)


def chosen(page: DuplicatesPage | EventsPage | GuardPage) -> object:
    """What is selected now."""
    return page.selected


def cell(table: RecordTable, row: int, column: int) -> str:
    item = table.item(row, column)
    return "" if item is None else item.text()


def press(key: Qt.Key) -> None:
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, key)
    QApplication.processEvents()


def member_id(rig: TillRig, phone: str = E164) -> MemberId:
    card = rig.store.members.by_phone(phone)
    assert card is not None
    return card.member.id


def at_the_counter(rig: TillRig, phone: str = E164) -> list[str]:
    """The coupons that this member's basket is offered."""
    found = rig.till.coupons.of_member(member_id(rig, phone), rig.till.shifts.business_date())
    return sorted(one.terms.name for one in found)


def test_a_coupon_given_in_bulk_appears_at_the_counter_once_for_each_member(rig: TillRig) -> None:
    page = with_coupons(rig)
    page.give_many.click()
    sheet = rig.sheet
    assert isinstance(sheet, BulkSheet)
    press(Qt.Key.Key_Return)
    assert sheet.words.text() == t("office.bulk.found", count="3")
    assert at_the_counter(rig) == [], "counting gives nothing"
    press(Qt.Key.Key_Return)
    assert rig.sheet is None
    assert rig.told[-1] == "office.bulk.given"
    assert at_the_counter(rig) == ["九折券"]
    figures = rig.store.coupons.figures(rig.till.shifts.business_date())
    assert [(one.template, one.issued, one.open) for one in figures] == [("NINE", 3, 3)]
    assert cell(page.kinds, 0, 1) == "3"
    page.give_many.click()
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_Return)
    assert rig.told[-1] == "office.bulk.given_some"
    assert at_the_counter(rig) == ["九折券"], "the same batch once more gives nobody a second one"


def test_a_coupon_of_the_office_takes_its_part_off_at_the_counter_and_counts_as_used(rig: TillRig) -> None:
    page = with_coupons(rig)
    till = rig.till
    till.coupon_office.issue("NINE", member_id(rig))
    till.checkout.enter(PHONE)
    till.checkout.enter(TEA)
    (mine,) = till.coupons.of_member(member_id(rig), till.shifts.business_date())
    till.checkout.lay_coupon(mine.coupon.id)
    till.checkout.enter("")
    till.checkout.enter("")
    sale = till.completion.commit(till.completion.prepare(till.checkout)).transaction
    till.checkout.start_new()
    assert sale.total.minor == 315
    page.refresh()
    (figures,) = rig.store.coupons.figures(till.shifts.business_date())
    assert (figures.used, figures.uses, figures.off_minor, figures.open) == (1, 1, 35, 0)
    assert cell(page.list, 0, 3) == t("office.coupons.is_used")
    assert not page.cancel.isEnabled()


def test_one_member_is_found_by_the_last_digits_and_given_a_coupon(rig: TillRig) -> None:
    page = with_coupons(rig)
    page.kinds.setFocus()
    press(Qt.Key.Key_Down)
    assert page.selected is not None
    assert page.selected.key == "OWN"
    page.give_one.click()
    assert isinstance(rig.sheet, MemberFindSheet)
    rig.typist.type("678")
    rig.typist.press("Enter")
    assert rig.told[-1] == "office.coupons.given"
    assert at_the_counter(rig) == ["生日券"]
    assert not page.papers.isEnabled(), "a personal coupon is no paper for whoever comes"


def test_papers_go_to_the_receipt_printer_and_one_can_be_cancelled_with_a_reason(rig: TillRig) -> None:
    page = with_coupons(rig)
    page.papers.click()
    sheet = rig.sheet
    assert isinstance(sheet, PapersSheet)
    sheet.count.set_text("0")
    press(Qt.Key.Key_Return)
    assert rig.sheet is sheet
    rig.typist.press("Backspace")
    sheet.count.set_text("2")
    sheet.count.edit.setFocus()
    sheet._finish()
    assert rig.told[-1] == "office.coupons.printed"
    jobs = rig.store.desk.print_jobs(("queued", "done", "submitted"))
    assert [job.request.document.purpose for job in jobs].count("coupon") == 2
    page.list.select(0)
    page.cancel.click()
    reason = rig.sheet
    assert isinstance(reason, ReasonSheet)
    press(Qt.Key.Key_Return)
    assert reason.reason.note.text() == t("error.reason_needed")
    reason.reason.set_text("印錯了")
    reason._finish()
    assert rig.told[-1] == "office.coupons.cancelled"
    states = {cell(page.list, row, 3) for row in range(page.list.rowCount())}
    assert states == {t("office.coupons.is_cancelled"), t("office.coupons.is_open")}


def test_an_audience_is_a_tier_a_tag_or_a_list_of_numbers(rig: TillRig) -> None:
    till = rig.till
    till.authority.sign_on(OWNER_NUMBER, PIN)
    till.rules.save_tiers(TierRules(tiers=(Tier("GOLD", "金卡", 1),)))
    first, *_ = [member.id for member in rig.store.members.everyone()]
    till.tiers.grant(first, "GOLD", date(2030, 1, 1), "開店老客")
    till.membership.tag(first, "愛喝茶")

    def asked(whom: Whom, value: str = "") -> tuple[int, int]:
        found = find(rig.store, Audience(whom, value), till.shop.region)
        return len(found.member_ids), len(found.unknown)

    assert asked(Whom.EVERYBODY) == (3, 0)
    assert asked(Whom.TIER, "GOLD") == (1, 0)
    assert asked(Whom.TIER, "") == (2, 0)
    assert asked(Whom.TAG, "愛喝茶") == (1, 0)
    assert asked(Whom.TAG, "沒有人") == (0, 0)
    assert asked(Whom.PHONES, "0912-345-678, 0912345678\n0999000111、abc") == (1, 2)


def test_who_is_in_the_file_twice_is_found_looked_at_and_merged(rig: TillRig) -> None:
    twin = Member(MemberId(rig.till.ids()), "+886912345679", "王大明", birthday="1980-02-03")
    with rig.store.begin() as work:
        work.add_member(twin, created_at=rig.clock.now_ms(), operator_id=None)
        work.commit()
    rig.till.authority.sign_on(OWNER_NUMBER, PIN)
    rig.till.membership.set_fields(member_id(rig), {"birthday": "1980-02-03"})
    page = on_page(rig, DuplicatesPage)
    page.search.click()
    assert page.selected is not None
    assert {page.selected.keep.member.id, page.selected.other.member.id} == {twin.id, member_id(rig)}
    page.merge.click()
    assert isinstance(rig.sheet, ConfirmSheet)
    press(Qt.Key.Key_Return)
    assert rig.told[-1] == "office.duplicates.merged"
    assert len(rig.store.membership.merges.everyone_merged()) == 1
    assert chosen(page) is None
    page.run()
    assert page.words.text() == t("office.duplicates.none")


def test_two_people_are_never_suggested_again(rig: TillRig) -> None:
    twin = Member(MemberId(rig.till.ids()), "+886912345679", "王大明", birthday="1980-02-03")
    with rig.store.begin() as work:
        work.add_member(twin, created_at=rig.clock.now_ms(), operator_id=None)
        work.commit()
    rig.till.authority.sign_on(OWNER_NUMBER, PIN)
    rig.till.membership.set_fields(member_id(rig), {"birthday": "1980-02-03"})
    page = on_page(rig, DuplicatesPage)
    page.run()
    page.dismiss.click()
    page.run()
    assert chosen(page) is None
    assert not rig.store.membership.merges.everyone_merged()


def test_an_event_is_made_signed_up_for_and_attended_by_number(rig: TillRig) -> None:
    page = on_page(rig, EventsPage)
    page.new.click()
    sheet = rig.sheet
    assert isinstance(sheet, EventSheet)
    press(Qt.Key.Key_Return)
    assert sheet.name.note.text() == t("error.event_name_needed")
    held = rig.till.shifts.business_date() + timedelta(days=5)
    sheet.name.set_text("手沖課")
    sheet.day.set_text(f"{held:%Y/%m/%d}")
    sheet.time.set_text("14:00")
    sheet.capacity.set_text("2")
    sheet.save()
    assert topmost(rig.window) is None
    assert page.selected is not None
    assert page.selected.name == "手沖課"
    page.sign_up.click()
    assert isinstance(rig.sheet, MemberFindSheet)
    rig.typist.type("687")
    rig.typist.press("Enter")
    assert rig.told[-1] == "office.events.signed_up"
    page.entry.setFocus()
    rig.typist.type(PHONE)
    rig.typist.press("Enter")
    assert rig.told[-1] == "office.events.is_here"
    assert page.selected is not None
    assert (page.selected.signed_up, page.selected.attended) == (2, 1)
    page.entry.setFocus()
    rig.typist.type("0933222111")
    rig.typist.press("Enter")
    assert rig.told[-1] == "error.event_full"
    page.guests.select(0)
    page.strike.click()
    assert page.selected.signed_up in (1, 2)
    page.cancel.click()
    press(Qt.Key.Key_Return)
    assert rig.told[-1] == "office.events.cancelled"
    assert chosen(page) is None


def sell_often(rig: TillRig, times: int) -> None:
    for _ in range(times):
        rig.till.checkout.enter(PHONE)
        rig.till.checkout.enter(TEA)
        rig.till.checkout.enter("")
        rig.till.checkout.enter("")
        rig.till.completion.commit(rig.till.completion.prepare(rig.till.checkout))
        rig.till.checkout.start_new()


def test_what_the_guard_noticed_is_shown_with_its_tickets_and_dismissed_with_a_reason(rig: TillRig) -> None:
    rig.till.authority.sign_on(OWNER_NUMBER, PIN)
    sell_often(rig, 5)
    page = on_page(rig, GuardPage)
    assert page.selected is not None
    assert "5" in page.selected.title
    assert page.evidence.rowCount() == 5
    page.dismiss.click()
    sheet = rig.sheet
    assert isinstance(sheet, ReasonSheet)
    press(Qt.Key.Key_Return)
    assert sheet.reason.note.text() == t("error.guard_reason_needed")
    sheet.reason.set_text("團購")
    sheet._finish()
    assert chosen(page) is None
    assert page.words.text() == t("office.guard.quiet")
    page.all.click()
    assert page.selected is not None
    assert "團購" in page.dismissal.text()
    page.bring_back.click()
    page.all.click()
    assert page.selected is not None


def test_from_where_on_something_is_worth_a_look_is_the_owners_to_say(rig: TillRig) -> None:
    rig.till.authority.sign_on(OWNER_NUMBER, PIN)
    sell_often(rig, 5)
    page = on_page(rig, GuardPage)
    page.limits.click()
    sheet = rig.sheet
    assert isinstance(sheet, ThresholdsSheet)
    sheet.fields["visits_a_day"].set_text("x")
    sheet._finish()
    assert rig.sheet is sheet
    sheet.fields["visits_a_day"].set_text("9")
    sheet._finish()
    assert rig.till.guard.thresholds().visits_a_day == 9
    assert chosen(page) is None


def test_a_manager_finds_the_office_but_not_the_guard(rig: TillRig) -> None:
    manager = Operator(OperatorId(rig.till.ids()), "08", "李經理", Role.MANAGER)
    rig.till.authority.sign_on(OWNER_NUMBER, PIN)
    rig.till.authority.add_operator(manager, PIN, "")
    rig.till.authority.sign_on("08", PIN)
    rig.window.go_to(Screen.OFFICE, "guard")
    view = rig.window.stack.currentWidget()
    assert isinstance(view, OfficeView)
    assert isinstance(view.page, CouponsPage)
    assert view.subjects.button("guard").isHidden()


def test_the_cards_are_shown_with_how_many_hold_each(rig: TillRig) -> None:
    rig.till.authority.sign_on(OWNER_NUMBER, PIN)
    rig.till.rules.save_tiers(TierRules(tiers=(Tier("GOLD", "金卡", 1),)))
    page = on_page(rig, CardsPage)
    said = [card.accessibleName() for card in page._tiers()]
    assert any("金卡" in one for one in said)
    assert any(t("office.cards.holders", count="3") in one for one in said)


@pytest.mark.parametrize("language", ["zh_TW", "zh_CN", "en"])
@pytest.mark.parametrize("size", [(1024, 768), (1920, 1080)])
def test_every_page_fits_in_every_language(rig: TillRig, language: str, size: tuple[int, int]) -> None:
    i18n.set_language(language)
    rig.window.resize(*size)
    with_coupons(rig)
    view = rig.window.stack.currentWidget()
    assert isinstance(view, OfficeView)
    for name in NAMES:
        view.show_page(name)
        QApplication.processEvents()
        assert view.page.minimumSizeHint().width() <= view.stack.width() + 1, name
