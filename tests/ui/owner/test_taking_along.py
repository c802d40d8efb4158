"""The summary taken along: printed, as a PDF and as a workbook, each by one key, each with a sentence about what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pytestqt.qtbot import QtBot

from app import i18n
from app.domain.receipt import Text
from app.service.devices import Condition, PrinterState
from app.service.summary_values import Key
from tests.ui.member.regulars import buys
from tests.ui.owner.shops import owner_page, view_of
from tests.ui.owner.work_shop import audited, save_here
from tests.ui.till_fixture import BAG, OWNER_NUMBER, SOAP, TEA, TillRig, close_rig, open_rig
from ui.devices.picture import CounterPicture
from ui.owner.periods import Word
from ui.owner.printed import tell_printed
from ui.owner.rows_sheet import RowsSheet
from ui.owner.save_sheet import SaveSheet
from ui.widgets.sheet import Sheet


@pytest.fixture
def shop(qtbot: QtBot, tmp_path: Path) -> Iterator[TillRig]:
    """One day of sales."""
    opened = open_rig(qtbot, tmp_path)
    buys(opened, TEA, SOAP, days=0)
    opened.sign_on(OWNER_NUMBER)
    yield opened
    close_rig(opened)


def test_one_key_prints_the_summary(shop: TillRig) -> None:
    page = owner_page(shop)
    shop.typist.type("p")
    (job,) = [one for one in shop.store.desk.print_jobs(("queued",)) if one.request.kind == "summary"]
    said = [node.text for node in job.request.document.nodes if isinstance(node, Text)]
    assert page.finding.text() in said
    assert shop.told[-1] == "owner.printed"
    assert len(audited(shop, "summary_printed")) == 1


def test_the_keys_work_from_the_list_of_pages_as_well(shop: TillRig) -> None:
    owner_page(shop)
    view_of(shop).subjects.focus()
    shop.typist.type("p")
    assert shop.told[-1] == "owner.printed"


def test_a_printer_that_is_down_keeps_the_paper_and_says_why(shop: TillRig) -> None:
    page = owner_page(shop)
    printer = PrinterState("", "tcp://192.168.1.50:9100", Condition.OFFLINE, "printer_offline")
    page.desk.context.devices._show(CounterPicture(printer=printer))
    tell_printed(page.desk, "owner.printed")
    assert shop.told[-1] == "owner.print_waits"


def test_one_key_makes_a_pdf_with_a_telling_name(shop: TillRig, tmp_path: Path) -> None:
    owner_page(shop)
    shop.typist.type("f")
    sheet = save_here(shop.sheet, tmp_path)
    assert sheet.name.text == "好日子選物店 會員摘要 2026-11-21.pdf"
    assert not sheet.kind.isVisible(), "there is nothing to choose"
    shop.clock.forward(seconds=1)
    shop.typist.press("Enter")
    assert (tmp_path / sheet.name.text).read_bytes().startswith(b"%PDF")
    assert shop.told[-1] == "owner.saved"
    assert len(audited(shop, "summary_saved")) == 1


def test_one_key_makes_a_workbook_of_the_figures_on_the_screen(shop: TillRig, tmp_path: Path) -> None:
    page = owner_page(shop)
    shop.typist.type("e")
    sheet = save_here(shop.sheet, tmp_path)
    shop.clock.forward(seconds=1)
    shop.typist.press("Enter")
    book = load_workbook(tmp_path / sheet.name.text)
    rows = {row[0].value: row[1].value for row in book.worksheets[0].iter_rows()}
    assert page.summary is not None
    assert rows["業績"] == page.summary.value(Key.NET)


def test_a_file_speaks_the_language_of_the_screen(shop: TillRig, tmp_path: Path) -> None:
    i18n.set_language("en")
    try:
        owner_page(shop)
        shop.typist.type("e")
        sheet = save_here(shop.sheet, tmp_path)
        shop.clock.forward(seconds=1)
        shop.typist.press("Enter")
        assert "Sales" in {row[0].value for row in load_workbook(sheet.target).worksheets[0].iter_rows()}
    finally:
        i18n.set_language("zh_TW")


def test_a_range_of_days_is_named_by_both_its_ends(shop: TillRig) -> None:
    page = owner_page(shop)
    page.words.button(Word.MONTH).click()
    shop.typist.type("f")
    sheet = shop.sheet
    assert isinstance(sheet, SaveSheet)
    assert sheet.name.text == "好日子選物店 會員摘要 2026-11-01 至 2026-11-21.pdf"


def test_nothing_failed_while_nothing_was_sold(qtbot: QtBot, tmp_path: Path) -> None:
    rig = open_rig(qtbot, tmp_path)
    rig.sign_on(OWNER_NUMBER)
    page = owner_page(rig)
    assert not page.take.isVisible()
    rig.typist.type("p")
    assert rig.told[-1] == "owner.nothing_to_take"
    close_rig(rig)


def test_a_name_without_a_letter_is_asked_for_again(shop: TillRig, tmp_path: Path) -> None:
    owner_page(shop)
    shop.typist.type("f")
    sheet = save_here(shop.sheet, tmp_path)
    sheet.name.set_text("///")
    sheet.confirm()
    assert not sheet.isHidden()
    assert sheet.name.note.text() == i18n.t("error.file_name_needed")


def test_on_the_first_day_nothing_that_is_nought_stands_there(shop: TillRig) -> None:
    page = owner_page(shop)
    cards = [*page.hero.cards, *(card for _, grid in page.groups.values() for card in grid.cards)]
    shown = [card.data.value for card in cards if card.isVisibleTo(page)]
    assert shown
    assert not {"0", "NT$0", "—", "0.0%"} & set(shown)


def test_a_row_of_a_passer_by_opens_the_receipt(shop: TillRig) -> None:
    buys(shop, BAG, phone="", days=0)
    page = owner_page(shop)
    page.hero.card(Key.TICKETS.value).click()
    rows = shop.sheet
    assert isinstance(rows, RowsSheet)
    assert rows.shown[0].member_id is None
    assert rows.member.text() == i18n.t("owner.receipt_enter")
    shop.clock.forward(seconds=1)
    shop.typist.press("Enter")
    opened = shop.sheet
    assert isinstance(opened, Sheet)
    assert opened.title.text() == i18n.t("owner.receipt")
    shop.typist.press("Escape")
    shop.typist.press("Down")
    shop.typist.type("r")
    assert shop.sheet is not rows, "R opens the receipt of a member's sale as well"
