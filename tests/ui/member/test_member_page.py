"""The member's page by real key presses: the balance explained, the file, consent, and two files of one person."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.consent import ConsentChannel, Purpose
from app.domain.ids import MemberId
from tests.ui.member.regulars import OTHER_PHONE, a_regular, buys, card_of, give, is_asked, set_up_shop
from tests.ui.till_fixture import (
    E164,
    OWNER_NUMBER,
    PHONE,
    PIN,
    SOAP,
    SUPERVISOR_NUMBER,
    TEA,
    TillRig,
    close_rig,
    open_rig,
)
from ui.context import Screen
from ui.member.consents import ConsentSection
from ui.member.details import DetailsSection
from ui.member.erase_sheet import EraseSheet
from ui.member.merge_sheet import MergeSheet
from ui.member.notes import NoteSheet
from ui.member.page import SECTIONS, MemberPage
from ui.member.points import PointsSection
from ui.member.portrait import PortraitSection
from ui.member.privacy import PrivacySection
from ui.member.purchases import PurchasesSection
from ui.member.qr_sheet import QrSheet
from ui.member.rights import RightsSection
from ui.sale.approval import ApprovalSheet
from ui.settings.file_sheet import FileSheet
from ui.tour.sight import cut_off
from ui.widgets.buttons import Button

TWIN = "0912345679"


@pytest.fixture
def till(qtbot: QtBot, tmp_path: Path) -> Iterator[TillRig]:
    """The owner at work in a shop that rewards its regulars."""
    opened = open_rig(qtbot, tmp_path)
    set_up_shop(opened)
    opened.sign_on(OWNER_NUMBER)
    yield opened
    close_rig(opened)


def page(rig: TillRig, section: str = "", phone: str = PHONE) -> MemberPage:
    """Their page, with this section in sight, reached from the sale."""
    if rig.till.checkout.basket.member is None:
        rig.typist.type(phone)
    rig.typist.press("F2")
    sheet = rig.sheet
    assert isinstance(sheet, MemberPage)
    if section:
        sheet.subjects.focus()
        while sheet.subjects.value != section:
            rig.typist.press("Right")
    return sheet


def test_the_member_key_twice_explains_the_balance_to_the_last_point(till: TillRig) -> None:
    a_regular(till, 3)
    sheet = page(till)
    till.typist.press("F2")
    section = sheet.section
    assert isinstance(section, PointsSection)
    lots = till.store.members.lots(card_of(till).member.id)
    assert len(section.lots.rows) == len([lot for lot in lots if lot.remaining])
    numbers = [sale.header.receipt_number for sale in till.store.journal.of_member(card_of(till).member.id)]
    assert all(any(number in row.detail for number in numbers) for row in section.lots.rows)
    newest, *_, oldest = section.movements.rows
    assert newest.trailing_detail == f"餘 {card_of(till).points}"
    assert (
        oldest.trailing
        == f"+{card_of(till).points - sum(int(row.trailing) for row in section.movements.rows[:-1])}"
    )
    assert str(card_of(till).points) in section.sum.text()


def test_older_movements_come_on_demand_and_end_at_nothing(till: TillRig) -> None:
    a_regular(till, 45)
    sheet = page(till, PointsSection.NAME)
    section = sheet.section
    assert isinstance(section, PointsSection)
    assert section.older.isVisible()
    shown = len(section.movements.rows)
    till.typist.press("Tab", "Enter")
    assert len(section.movements.rows) == 45 > shown
    last = section.movements.rows[-1]
    assert last.trailing_detail == f"餘 {int(last.trailing)}"


def test_every_section_opens_by_arrow_key_and_nothing_is_cut_off(till: TillRig) -> None:
    card = a_regular(till, 3)
    give(till, "MINE", card.member.id)
    till.window.resize(1024, 768)
    sheet = page(till, PortraitSection.NAME)
    for kind in SECTIONS:
        QApplication.processEvents()
        assert kind.NAME == sheet.section.NAME
        assert cut_off(till.window) == ()
        till.typist.press("Right")


def test_the_page_shows_what_they_bought_and_when(till: TillRig) -> None:
    a_regular(till, 3)
    buys(till, TEA)
    section = page(till, PurchasesSection.NAME).section
    assert isinstance(section, PurchasesSection)
    assert [(bar.label, bar.share) for bar in section.items.bars] == [
        ("阿里山高山烏龍茶 150g", 100),
        ("手工皂", 75),
    ]
    assert [bar.label for bar in section.parts.bars] == ["下午"]
    assert len(section.sales.rows) == 4


def test_a_lunar_birthday_is_typed_as_it_is_said_and_told_back(till: TillRig) -> None:
    card = a_regular(till, 1)
    section = page(till, DetailsSection.NAME).section
    assert isinstance(section, DetailsSection)
    assert section.question is not None
    section.question.edit.setFocus()
    till.typist.type("農曆八月十五")
    assert "農曆八月十五" in section.question.note.text()
    assert "2027/09/15" in section.question.note.text()
    till.typist.press("Enter")
    file = till.till.membership.file(card.member.id)
    assert file is not None
    assert file.fields["birthday"] == "L--08-15"


def test_a_field_that_cannot_be_read_keeps_what_was_typed(till: TillRig) -> None:
    a_regular(till, 1)
    section = page(till, DetailsSection.NAME).section
    assert isinstance(section, DetailsSection)
    assert section.question is not None
    section.question.edit.setFocus()
    till.typist.type("99/99")
    till.typist.press("Enter")
    assert section.question.text == "99/99"
    assert "99/99" in section.question.note.text()


def test_a_card_scanned_on_the_page_finds_the_member_from_then_on(till: TillRig) -> None:
    card = a_regular(till, 1)
    page(till, DetailsSection.NAME)
    till.typist.scan("CARD-77123")
    found = till.store.members.by_code("CARD-77123")
    assert found is not None
    assert found.member.id == card.member.id


def test_their_qr_is_shown_and_finds_them_when_it_is_scanned(till: TillRig) -> None:
    a_regular(till, 1)
    section = page(till, DetailsSection.NAME).section
    assert isinstance(section, DetailsSection)
    section.show_qr.click()
    sheet = till.sheet
    assert isinstance(sheet, QrSheet)
    symbol = sheet.picture.symbol
    till.typist.press("Esc", "Esc")
    till.till.checkout.remove_member()
    till.typist.scan(symbol)
    member = till.till.checkout.basket.member
    assert member is not None
    assert member.member.phone == E164
    section = page(till, DetailsSection.NAME).section
    assert isinstance(section, DetailsSection)
    section.show_qr.click()
    sheet = till.sheet
    assert isinstance(sheet, QrSheet)
    assert sheet.picture.symbol == symbol, "the one they have a picture of stays"


def test_a_note_keeps_its_author_and_comes_up_at_the_next_visit(till: TillRig) -> None:
    card = a_regular(till, 1)
    page(till, "notes")
    till.typist.press("Tab", "Enter")
    assert isinstance(till.sheet, NoteSheet)
    till.typist.type("蛋糕換低糖")
    till.typist.press("Tab", "Right", "Enter")
    file = till.till.membership.file(card.member.id)
    assert file is not None
    (note,) = file.notes
    assert (note.words, note.kind.value, note.due_on) == (
        "蛋糕換低糖",
        "request",
        till.till.coupons.business_date(),
    )
    assert note.written_by == till.till.session.operator_id
    due = till.till.membership.due_at_counter(card.member.id, till.till.coupons.business_date())
    assert [one.id for one in due] == [note.id]


def test_consent_is_withdrawn_in_one_step_and_the_record_stays(till: TillRig) -> None:
    card = a_regular(till, 1)
    consents = till.till.consents
    text = consents.text(Purpose.MARKETING, "zh_TW")
    consents.answer(
        card.member.id, Purpose.MARKETING, is_granted=True, channel=ConsentChannel.PAPER, text=text
    )
    section = page(till, ConsentSection.NAME).section
    assert isinstance(section, ConsentSection)
    assert text.version in section.standings[Purpose.MARKETING].text()
    till.typist.press("Tab", "Enter")
    standing = consents.standing(card.member.id)
    assert standing is not None
    assert not standing.is_granted
    assert [one.is_granted for one in consents.history(card.member.id)] == [True, False]
    assert not card_of(till).member.has_marketing_consent


def test_their_coupons_and_tier_stand_on_the_page(till: TillRig) -> None:
    card = a_regular(till, 5)
    give(till, "MINE", card.member.id)
    section = page(till, RightsSection.NAME).section
    assert isinstance(section, RightsSection)
    assert section.tier.text() == "金卡"
    assert "白金卡" in section.progress.text()
    assert [row.title for row in section.coupons.rows] == ["生日禮"]


# --- privacy ---------------------------------------------------------------------------------------------------------


def privacy(rig: TillRig, phone: str = PHONE) -> PrivacySection:
    section = page(rig, PrivacySection.NAME, phone).section
    assert isinstance(section, PrivacySection)
    return section


def test_an_erased_member_is_gone_from_the_sale_and_from_every_search(till: TillRig) -> None:
    a_regular(till, 2)
    till.typist.scan(SOAP)
    section = privacy(till)
    section.erase.setFocus()
    till.typist.press("Enter")
    assert isinstance(till.sheet, EraseSheet)
    till.typist.type("5678")
    till.typist.press("Enter")
    assert not is_asked(till)
    assert till.told[-1] == "member_page.erased"
    assert till.till.checkout.basket.member is None
    assert len(till.till.checkout.basket.live_lines) == 1, "the goods stay on the counter"
    assert till.store.members.by_phone(E164) is None
    assert [one for one in till.store.members.search("678") if one.member.phone == E164] == []
    assert till.store.members.search("王大明") == ()


def test_the_wrong_digits_erase_nobody(till: TillRig) -> None:
    a_regular(till, 1)
    section = privacy(till)
    section.erase.setFocus()
    till.typist.press("Enter")
    till.typist.type("1234")
    till.typist.press("Enter")
    sheet = till.sheet
    assert isinstance(sheet, EraseSheet)
    assert "末四碼" in sheet.field.note.text()
    till.typist.press("Esc")
    assert card_of(till).member.name == "王大明"


def test_a_member_who_cannot_be_erased_yet_stays_on_the_sale(till: TillRig) -> None:
    card = a_regular(till, 1)
    till.till.checkout.attach(card)
    till.till.checkout.top_up(500)
    till.till.checkout.enter("")
    till.till.checkout.enter("")
    till.till.completion.commit(till.till.completion.prepare(till.till.checkout))
    till.till.checkout.start_new()
    till.typist.scan(SOAP)
    section = privacy(till)
    section.erase.setFocus()
    till.typist.press("Enter")
    till.typist.type("5678")
    till.typist.press("Enter")
    assert till.told[-1] == "error.erasure_value_left"
    member = till.till.checkout.basket.member
    assert member is not None
    assert member.member.id == card.member.id
    assert card_of(till).member.name == "王大明"


def test_a_cashier_needs_a_second_person_to_erase(till: TillRig) -> None:
    a_regular(till, 1)
    till.till.authority.sign_off()
    till.sign_on(SUPERVISOR_NUMBER, screen=Screen.SALE)
    section = privacy(till)
    section.erase.setFocus()
    till.typist.press("Enter")
    till.typist.type("5678")
    till.typist.press("Enter")
    assert isinstance(till.sheet, ApprovalSheet)
    assert card_of(till).member.name == "王大明"
    till.typist.type(OWNER_NUMBER)
    till.typist.press("Enter")
    till.typist.type(PIN)
    till.typist.press("Enter")
    assert till.store.members.by_phone(E164) is None


def test_their_data_is_written_to_a_folder_of_choice(till: TillRig, tmp_path: Path) -> None:
    card = a_regular(till, 1)
    folder = tmp_path / "stick"
    folder.mkdir()
    section = privacy(till)
    section.export.setFocus()
    till.typist.press("Enter")
    sheet = till.sheet
    assert isinstance(sheet, FileSheet)
    sheet.path.set_text(str(folder))
    sheet.show_folder(folder)
    till.typist.press("Enter")
    assert [path.name for path in folder.iterdir() if card.member.id.hex in path.name]
    assert till.told[-1] == "member_page.exported"


def test_two_files_of_one_person_are_merged_and_taken_apart_again(till: TillRig) -> None:
    keep = a_regular(till, 2)
    other = till.till.membership.enrol(TWIN, {"name": "王大明"})
    buys(till, TEA, phone=TWIN)
    before = {one: card_of(till, one).points for one in (E164, "+886912345679")}
    section = privacy(till)
    section.look.setFocus()
    till.typist.press("Enter")
    merge_button = first_button(section, "合併")
    merge_button.setFocus()
    till.typist.press("Enter")
    sheet = till.sheet
    assert isinstance(sheet, MergeSheet)
    while sheet.keep.value != keep.member.id:
        till.typist.press("Right")
    till.typist.press("Enter")
    assert till.told[-1] == "member_page.merged"
    merged = card_of(till, "+886912345679")
    assert merged.member.id == keep.member.id
    assert merged.points == sum(before.values())
    first_button(section, "拆開").setFocus()
    till.typist.press("Enter", "Enter")
    assert till.told[-1] == "member_page.unmerged"
    assert {one: card_of(till, one).points for one in before} == before
    assert card_of(till, "+886912345679").member.id == other.id


def test_merging_takes_the_member_on_the_sale_along(till: TillRig) -> None:
    keep = a_regular(till, 2)
    other = till.till.membership.enrol(TWIN, {"name": "王大明"})
    till.typist.scan(SOAP)
    section = privacy(till, TWIN)
    section.look.setFocus()
    till.typist.press("Enter")
    first_button(section, "合併").setFocus()
    till.typist.press("Enter")
    sheet = till.sheet
    assert isinstance(sheet, MergeSheet)
    while sheet.keep.value != keep.member.id:
        till.typist.press("Right")
    till.typist.press("Enter", "Esc")
    assert on_sale(till) == keep.member.id != other.id


def on_sale(rig: TillRig) -> MemberId | None:
    member = rig.till.checkout.basket.member
    return member.member.id if member is not None else None


def first_button(section: PrivacySection, words: str) -> Button:
    QApplication.processEvents()
    return next(each for each in section.findChildren(Button) if each.text() == words and each.isVisible())


def test_a_pair_that_is_two_people_is_not_suggested_again(till: TillRig) -> None:
    a_regular(till, 1)
    till.till.membership.enrol(TWIN, {"name": "王大明"})
    section = privacy(till)
    section.look.setFocus()
    till.typist.press("Enter")
    first_button(section, "不是同一位").setFocus()
    till.typist.press("Enter")
    section.look.setFocus()
    till.typist.press("Enter")
    pairs = [{one.keep.member.phone, one.other.member.phone} for one in section._found or ()]
    assert {E164, "+886912345679"} not in pairs


def test_the_other_members_pairs_are_not_shown_here(till: TillRig) -> None:
    a_regular(till, 1)
    till.till.membership.enrol("0966555444", {"name": "陳怡君"})
    till.till.membership.enrol("0966555445", {"name": "陳怡君"})
    section = privacy(till, OTHER_PHONE)
    section.look.setFocus()
    till.typist.press("Enter")
    shown = [each.text() for each in section.findChildren(type(section.export)) if each.isVisible()]
    assert "合併" not in shown
