"""Lists of members to call: masked on the screen, whole on paper and in files, and in the books whoever took one and why."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from app.domain.authority import Role
from app.domain.errors import ApprovalNeeded, Refused, Unavailable
from app.domain.ids import MemberId
from app.domain.receipt import Band
from app.service.call_list import CallListDesk
from app.service.exports.files import file_name, free_name, write_file
from app.service.work_list import Task, TaskKind
from tests.service.small_shop import SOAP, SmallShop, open_small_shop

SATURDAY = date(2026, 11, 21)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[SmallShop]:
    opened = open_small_shop(tmp_path)
    yield opened
    opened.store.close()


def calls_of(shop: SmallShop) -> CallListDesk:
    return CallListDesk(shop.store, shop.session, shop.clock, shop.spool)


def enrol(shop: SmallShop, phone: str, **fields: object) -> MemberId:
    """A member made at the counter, with something known of them."""
    shop.sell(phone, "", SOAP)
    card = shop.store.members.by_phone("+886" + phone[1:])
    assert card is not None
    with shop.store.begin() as work:
        work.update_member(replace(card.member, **fields), changed_at=shop.clock.now_ms())  # type: ignore[arg-type]
        work.commit()
    return card.member.id


def taken(shop: SmallShop) -> list[dict[str, object]]:
    """The events of lists that were given out."""
    shift = shop.session.require_shift()
    events = shop.store.journal.audit_of_shift(shift.id)
    return [dict(one.details) for one in events if one.kind == "call_list"]


def birthday(member_id: MemberId) -> Task:
    return Task(TaskKind.BIRTHDAY, "…", member_id, SATURDAY, about="11/24 生日")


def promise(member_id: MemberId) -> Task:
    return Task(TaskKind.FOLLOW_UP, "…", member_id, SATURDAY, "00", "回訪：新茶")


def test_a_call_list_masks_on_the_screen_and_tells_the_books_when_it_is_taken(
    shop: SmallShop, tmp_path: Path
) -> None:
    willing = enrol(shop, "0911111111", name="王小明", has_marketing_consent=True)
    silent = enrol(shop, "0922222222", name="李大華")
    desk = calls_of(shop)
    calls = desk.calls([(willing, "生日"), (silent, "生日"), (willing, "生日")])
    assert [one.phone for one in calls] == ["0911-***-111", "0922-***-222"]
    target = tmp_path / "calls.csv"
    assert desk.export(calls, target, "生日問候") == 1
    rows = list(csv.reader(target.read_text("utf-8-sig").splitlines()))
    assert rows[1:] == [["王小明", "0911111111", "生日"]]
    assert target.stat().st_mode & 0o077 == 0
    shift = shop.session.require_shift()
    (event,) = [one for one in shop.store.journal.audit_of_shift(shift.id) if one.kind == "call_list"]
    assert event.details["count"] == 1
    assert "0911111111" not in str(event.details)


def test_a_promise_is_kept_also_to_who_wants_no_advertising(shop: SmallShop, tmp_path: Path) -> None:
    silent = enrol(shop, "0922222222", name="李大華")
    desk = calls_of(shop)
    calls = desk.calls([(silent, "訂的茶到了")])
    with pytest.raises(Refused) as refused:
        desk.export(calls, tmp_path / "calls.csv", "到貨通知")
    assert refused.value.code == "calls_nobody"
    assert desk.export(calls, tmp_path / "calls.csv", "到貨通知", is_marketing=False) == 1


def test_a_list_without_a_reason_is_not_given(shop: SmallShop, tmp_path: Path) -> None:
    willing = enrol(shop, "0911111111", has_marketing_consent=True)
    with pytest.raises(Refused) as refused:
        calls_of(shop).print(calls_of(shop).calls([(willing, "")]), " ")
    assert refused.value.code == "reason_needed"


def test_a_printed_list_has_whole_numbers_and_room_for_a_tick(shop: SmallShop) -> None:
    willing = enrol(shop, "0911111111", name="=1+1", has_marketing_consent=True)
    desk = calls_of(shop)
    assert desk.print(desk.calls([(willing, "生日")]), "生日問候") == 1
    (job,) = [one for one in shop.store.desk.print_jobs(("queued",)) if one.request.kind == "call_list"]
    assert "0911111111" in str(job.request.document)


def test_somebody_with_several_tasks_is_called_once_about_all_of_them(shop: SmallShop) -> None:
    willing = enrol(shop, "0911111111", has_marketing_consent=True)
    (call,) = calls_of(shop).for_tasks([birthday(willing), promise(willing)])
    assert call.words == "11/24 生日；回訪：新茶"


def test_who_wants_no_advertising_hears_of_the_promise_alone(shop: SmallShop, tmp_path: Path) -> None:
    silent = enrol(shop, "0922222222")
    other = enrol(shop, "0933333333")
    calls = calls_of(shop).for_tasks([birthday(silent), promise(silent), birthday(other)])
    assert [(one.words, one.is_called) for one in calls] == [("回訪：新茶", True), ("11/24 生日", False)]
    assert calls_of(shop).export(calls, tmp_path / "calls.csv", "週末聯絡") == 1


def test_nobody_stands_on_a_list_for_what_the_guard_noticed(shop: SmallShop) -> None:
    watched = enrol(shop, "0911111111", has_marketing_consent=True)
    assert calls_of(shop).for_tasks([Task(TaskKind.GUARD, "…", watched)]) == ()


def test_a_workbook_keeps_the_nought_in_front_and_a_formula_as_words(shop: SmallShop, tmp_path: Path) -> None:
    willing = enrol(shop, "0911111111", name="=1+1", has_marketing_consent=True)
    calls_of(shop).export(calls_of(shop).calls([(willing, "生日")]), tmp_path / "calls.xlsx", "生日問候")
    sheet = load_workbook(tmp_path / "calls.xlsx").worksheets[0]
    assert [cell.value for cell in sheet[2]] == ["'=1+1", "0911111111", "生日"]


def test_a_pdf_is_made_of_pages(shop: SmallShop, tmp_path: Path) -> None:
    willing = enrol(shop, "0911111111", has_marketing_consent=True)
    calls_of(shop).export(calls_of(shop).calls([(willing, "生日")]), tmp_path / "calls.pdf", "生日問候")
    assert (tmp_path / "calls.pdf").read_bytes().startswith(b"%PDF")


def test_a_file_that_lies_there_is_left_alone_and_nothing_counts_as_taken(
    shop: SmallShop, tmp_path: Path
) -> None:
    willing = enrol(shop, "0911111111", has_marketing_consent=True)
    target = tmp_path / "calls.csv"
    target.write_text("mine")
    with pytest.raises(Refused) as refused:
        calls_of(shop).export(calls_of(shop).calls([(willing, "")]), target, "生日問候")
    assert refused.value.code == "file_taken"
    assert target.read_text() == "mine"
    assert taken(shop) == []


def test_a_folder_that_takes_no_file_is_told_as_what_is_missing(shop: SmallShop, tmp_path: Path) -> None:
    willing = enrol(shop, "0911111111", has_marketing_consent=True)
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(Unavailable) as missing:
        calls_of(shop).export(
            calls_of(shop).calls([(willing, "")]), tmp_path / "file" / "calls.csv", "生日問候"
        )
    assert missing.value.code == "file_not_saved"
    assert len(taken(shop)) == 1, "that somebody wanted it is kept"


def test_practice_marks_its_lists(shop: SmallShop) -> None:
    willing = enrol(shop, "0911111111", has_marketing_consent=True)
    shop.session.is_training = True
    calls_of(shop).print(calls_of(shop).calls([(willing, "")]), "練習")
    (job,) = [one for one in shop.store.desk.print_jobs(("queued",)) if one.request.kind == "call_list"]
    assert any(isinstance(node, Band) for node in job.request.document.nodes)


def test_a_cashier_gets_no_list(shop: SmallShop, tmp_path: Path) -> None:
    willing = enrol(shop, "0911111111", has_marketing_consent=True)
    calls = calls_of(shop).calls([(willing, "")])
    shop.session.operator = replace(shop.owner, role=Role.CASHIER)
    with pytest.raises(ApprovalNeeded):
        calls_of(shop).export(calls, tmp_path / "calls.csv", "想看看")
    assert not (tmp_path / "calls.csv").exists()


# --- files ------------------------------------------------------------------------------------------------------------


def test_a_name_keeps_only_what_every_system_takes() -> None:
    assert file_name(' 好日子/選物:店?  摘要\n"2026" ') == "好日子 選物 店 摘要 2026"
    assert file_name("///") == ""


def test_a_name_that_is_taken_gets_a_number(tmp_path: Path) -> None:
    assert free_name(tmp_path, "名單", ".csv") == "名單.csv"
    write_file(tmp_path / "名單.csv", b"1")
    assert free_name(tmp_path, "名單", ".csv") == "名單 (2).csv"
    assert not list(tmp_path.glob("*.new"))
    with pytest.raises(Refused):
        write_file(tmp_path / "名單.csv", b"2")
    assert (tmp_path / "名單.csv").read_bytes() == b"1"
