"""A list to call by real key presses: masked on the screen, whole on paper and in the file, with its reason in the books."""

from __future__ import annotations

import csv
import errno
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pytestqt.qtbot import QtBot

from app.domain.receipt import Row
from app.service.work_list import TaskKind
from tests.ui.owner.shops import owner_page, settle, view_of
from tests.ui.owner.work_shop import (
    OTHER,
    PHONE,
    THIRD,
    Promises,
    audited,
    make_work,
    row_of,
    save_here,
    work_page,
)
from tests.ui.till_fixture import TillRig, close_rig, open_rig
from ui.owner.call_sheet import CallSheet
from ui.owner.rows_sheet import RowsSheet
from ui.owner.save_sheet import SETTING, SaveSheet
from ui.tour.sight import cut_off


@pytest.fixture
def shop(qtbot: QtBot, tmp_path: Path) -> Iterator[TillRig]:
    opened = open_rig(qtbot, tmp_path)
    yield opened
    close_rig(opened)


@pytest.fixture
def promises(shop: TillRig) -> Promises:
    return make_work(shop)


def sheet_of_all(rig: TillRig) -> CallSheet:
    """Everybody on the work list, to be called."""
    work_page(rig)
    rig.typist.type("al")
    sheet = rig.sheet
    assert isinstance(sheet, CallSheet)
    return sheet


def printed(rig: TillRig) -> list[str]:
    """What stands in the rows of the newest list that was printed."""
    jobs = [one for one in rig.store.desk.print_jobs(("queued",)) if one.request.kind == "call_list"]
    rows = [node for node in jobs[-1].request.document.nodes if isinstance(node, Row)]
    return [cell.text for row in rows for cell in row.cells]


def test_a_member_stands_on_the_list_once_with_everything_there_is_to_say(
    shop: TillRig, promises: Promises
) -> None:
    sheet = sheet_of_all(shop)
    assert len(sheet.calls) == 3
    words = {one.phone: one.words for one in sheet.calls}
    assert words["0933-***-111"] == "交代的事：到貨打給她；11/23 生日"


def test_the_screen_never_shows_a_whole_number(shop: TillRig, promises: Promises) -> None:
    sheet = sheet_of_all(shop)
    cells = [
        item.text()
        for row in range(sheet.table.rowCount())
        for column in range(3)
        if (item := sheet.table.item(row, column)) is not None
    ]
    assert "0912-***-678" in cells
    assert not any(phone in cell for cell in cells for phone in (PHONE, OTHER, THIRD))


def test_who_wants_no_advertising_is_called_about_a_promise_alone(shop: TillRig, promises: Promises) -> None:
    sheet = sheet_of_all(shop)
    assert all(one.is_called for one in sheet.calls)
    assert not sheet.silent.isVisible()


def test_without_a_reason_nothing_is_printed(shop: TillRig, promises: Promises) -> None:
    sheet = sheet_of_all(shop)
    shop.clock.forward(seconds=1)
    shop.typist.press("Enter")
    assert shop.sheet is sheet
    assert sheet.reason.note.text()
    assert not audited(shop, "call_list")


def test_the_paper_has_whole_numbers_and_the_books_know_who_took_it_and_why(
    shop: TillRig, promises: Promises
) -> None:
    sheet = sheet_of_all(shop)
    shop.typist.type("回覆客人")
    shop.typist.press("Enter")
    assert sheet.isHidden()
    assert {PHONE, OTHER, THIRD} <= set(printed(shop))
    (event,) = audited(shop, "call_list")
    assert (event["reason"], event["count"], event["how"]) == ("回覆客人", 3, "paper")
    assert PHONE not in str(event)
    assert shop.told[-1] == "calls.printed"


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".pdf"])
def test_a_file_of_each_kind_lies_where_it_was_asked_for(
    shop: TillRig, promises: Promises, tmp_path: Path, suffix: str
) -> None:
    sheet = sheet_of_all(shop)
    sheet.reason.set_text("回覆客人")
    sheet.save_button.click()
    asked = save_here(shop.sheet, tmp_path / "exports")
    asked.kind.button(suffix).click()
    assert asked.target.name == f"好日子選物店 聯絡名單 2026-11-21{suffix}"
    asked.confirm()
    file = tmp_path / "exports" / f"好日子選物店 聯絡名單 2026-11-21{suffix}"
    data = file.read_bytes()
    if suffix == ".csv":
        rows = list(csv.reader(data.decode("utf-8-sig").splitlines()))
        assert {row[1] for row in rows[1:]} == {PHONE, OTHER, THIRD}
    elif suffix == ".xlsx":
        rows_of = load_workbook(file).worksheets[0].iter_rows(min_row=2, values_only=True)
        assert {str(row[1]) for row in rows_of} == {PHONE, OTHER, THIRD}
    else:
        assert data.startswith(b"%PDF")
    assert file.stat().st_mode & 0o077 == 0
    assert shop.told[-1] == "owner.saved"
    assert shop.messages.history[-1].fields["folder"] == str(tmp_path / "exports")
    assert sheet.isHidden()


def test_the_folder_is_offered_again(shop: TillRig, promises: Promises, tmp_path: Path) -> None:
    sheet = sheet_of_all(shop)
    sheet.reason.set_text("回覆客人")
    sheet.save_button.click()
    save_here(shop.sheet, tmp_path / "exports").confirm()
    assert shop.store.desk.setting(SETTING) == str(tmp_path / "exports")
    again = sheet_of_all(shop)
    again.reason.set_text("再一次")
    again.save_button.click()
    asked = shop.sheet
    assert isinstance(asked, SaveSheet)
    assert asked.folder.text == str(tmp_path / "exports")
    assert asked.name.text.endswith("(2).csv"), "a file that lies there is never written over"


def test_a_name_that_is_taken_is_refused_beside_the_name(
    shop: TillRig, promises: Promises, tmp_path: Path
) -> None:
    (tmp_path / "名單.csv").write_text("mine")
    sheet = sheet_of_all(shop)
    sheet.reason.set_text("回覆客人")
    sheet.save_button.click()
    asked = save_here(shop.sheet, tmp_path)
    asked.name.set_text("名單")
    asked.confirm()
    assert not asked.isHidden()
    assert "名單.csv" in asked.name.note.text()
    assert (tmp_path / "名單.csv").read_text() == "mine"
    assert not audited(shop, "call_list"), "nothing was taken"


def test_a_folder_that_cannot_be_written_to_says_so_and_keeps_the_answers(
    shop: TillRig, promises: Promises, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    sheet = sheet_of_all(shop)
    sheet.reason.set_text("回覆客人")
    sheet.save_button.click()
    asked = save_here(shop.sheet, tmp_path / "file" / "below")
    name = asked.name.text
    asked.confirm()
    assert not asked.isHidden()
    assert asked.folder.note.text().startswith("沒有存成：")
    assert asked.name.text == name
    assert cut_off(shop.window) == ()


def test_a_full_disk_is_said_in_a_sentence(
    shop: TillRig, promises: Promises, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = sheet_of_all(shop)
    sheet.reason.set_text("回覆客人")
    sheet.save_button.click()
    asked = save_here(shop.sheet, tmp_path)

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    asked.confirm()
    monkeypatch.undo()
    assert "磁碟已滿" in asked.folder.note.text()
    assert not list(tmp_path.glob("*.csv*")), "nothing is left of it"


def test_nobody_to_call_cannot_be_printed(shop: TillRig, promises: Promises) -> None:
    board = work_page(shop).board
    calls = shop.till.call_list.for_tasks([row_of(board, TaskKind.FOLLOW_UP).task])
    silent = [replace(one, is_promised=False) for one in calls]
    sheet = CallSheet(view_of(shop).page.desk, silent)
    sheet.open()
    settle()
    assert sheet.silent.isVisible()
    assert not sheet.print_button.isEnabled()
    assert not sheet.save_button.isEnabled()


def test_the_members_behind_a_figure_can_be_called(shop: TillRig, promises: Promises) -> None:
    page = owner_page(shop)
    page.hero.card("members").click()
    rows = shop.sheet
    assert isinstance(rows, RowsSheet)
    shop.typist.type("l")
    sheet = shop.sheet
    assert isinstance(sheet, CallSheet)
    assert len(sheet.calls) == 2
    assert sheet.reason.text == "來店會員"
