"""A segment told as a sentence in three languages, and taken out as a file whose cells are safe to open."""

from __future__ import annotations

import csv
from datetime import date
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
from openpyxl import load_workbook

from app import i18n
from app.domain.errors import ApprovalNeeded, Refused
from app.domain.money import TWD, USD
from app.service.exports.segment_out import SegmentRow, segment_file
from app.service.insight_desk import InsightDesk
from app.service.segment_values import NUMBERS, WORDS, Condition, Field, Group, MemberSegment
from app.service.segment_words import OWN_WORDS, SegmentWords
from app.service.segments import SegmentDesk
from tests.service.small_shop import SOAP, SmallShop

TEA = UUID(int=7)
SAYS = SegmentWords(TWD, {"gold": "金卡", "silver": "銀卡"}, lambda own: "烏龍茶" if own == TEA else "")


def words(field: Field, *wanted: str, is_not: bool = False, days: int = 365) -> Condition:
    return Condition(field, frozenset(wanted), is_not=is_not, days=days)


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        (words(Field.TIER, "silver", "gold", ""), "會員等級是一般會員、金卡、銀卡"),
        (words(Field.TAG, "茶友", is_not=True), "沒有標籤茶友"),
        (words(Field.BIRTHDAY_MONTH, "this", "5"), "生日在本月、5 月"),
        (words(Field.CONSENT, "yes"), "同意收到通知"),
        (words(Field.RFM, "key_keep"), "RFM 分群是重要保持"),
        (words(Field.BOUGHT, f"i:{TEA.hex}", is_not=True, days=90), "近 90 天沒買過烏龍茶"),
        (words(Field.BOUGHT, f"c:{UUID(int=8).hex}"), "近 365 天買過（已刪除）"),
        (Condition(Field.VISITS, least=5), "近 365 天來店至少 5 次"),
        (Condition(Field.SPENT, most=3_000, days=30), "近 30 天消費最多 NT$3,000"),
        (Condition(Field.SILENT_DAYS, least=30, most=60), "介於 30 到 60 天沒來"),
        (Condition(Field.AGE, least=30, most=39, is_not=True), "年齡不介於 30 到 39 歲"),
        (Condition(Field.AGE, least=30, is_not=True), "年齡最多 29 歲"),
        (Condition(Field.OVERDUE, most=150, is_not=True), "沒來的日子至少平常間隔的 151%"),
    ],
)
def test_a_condition_is_told_as_it_is_asked(condition: Condition, sentence: str) -> None:
    assert SAYS.condition(condition) == sentence


def test_conditions_and_groups_make_one_sentence() -> None:
    gold, often = words(Field.TIER, "gold"), Condition(Field.VISITS, least=5)
    either = Group((gold, often), is_any=True, is_not=True)
    told = SAYS.segment(MemberSegment("x", (often, either)))
    assert told == "近 365 天來店至少 5 次，而且不是（會員等級是金卡，或者近 365 天來店至少 5 次）"


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_condition_has_its_sentence_in_every_language(language: str) -> None:
    i18n.set_language(language)
    try:
        for field in WORDS - {Field.BOUGHT}:
            for word in (*OWN_WORDS.get(field, ()), "x"):
                for is_not in (False, True):
                    told = SAYS.condition(words(field, word, is_not=is_not))
                    assert told
                    assert "{" not in told
        for field in NUMBERS:
            ways = {
                SAYS.condition(Condition(field, least=2)),
                SAYS.condition(Condition(field, most=2)),
                SAYS.condition(Condition(field, least=2, most=4)),
                SAYS.condition(Condition(field, least=2, most=4, is_not=True)),
            }
            assert len(ways) == 4, field
    finally:
        i18n.set_language("zh_TW")


# --- the file -------------------------------------------------------------------------------------------------------------

ROW = SegmentRow("=SUM(A1)", "0912345678", "金卡", date(2026, 5, 20), None, 0, -1_250, ("茶友", "常客"), True)


def test_a_name_that_looks_like_a_formula_is_text_and_a_number_keeps_its_nought() -> None:
    rows = list(csv.reader(segment_file([ROW], ".csv", TWD, title="x").decode("utf-8-sig").splitlines()))
    assert rows[1] == ["'=SUM(A1)", "0912345678", "金卡", "2026-05-20", "", "0", "-1250", "茶友、常客", "是"]
    sheet = load_workbook(BytesIO(segment_file([ROW], ".xlsx", USD, title="a/b"))).worksheets[0]
    assert [sheet.cell(2, 1).value, sheet.cell(2, 2).value, sheet.cell(2, 7).value] == [
        "'=SUM(A1)",
        "0912345678",
        -12.5,
    ]
    with pytest.raises(Refused, match="calls_kind"):
        segment_file([ROW], ".doc", TWD, title="x")


def test_nobody_without_the_right_takes_members_out(shop: SmallShop, tmp_path: Path) -> None:
    shop.sell(SOAP, "0912345678", "")
    insight = InsightDesk(shop.store, shop.session, shop.clock, shop.store.insight, shop.store.days)
    desk = SegmentDesk(shop.store, shop.session, shop.clock, shop.ids, insight)
    everybody = MemberSegment("所有人", (Condition(Field.VISITS, least=0),))
    file = tmp_path / "members.csv"
    shop.session.operator = shop.cashier
    for forbidden in (
        lambda: desk.export(everybody, file),
        lambda: desk.save(everybody),
        lambda: desk.count(everybody),
    ):
        with pytest.raises(ApprovalNeeded):
            forbidden()
    assert not file.exists()
    shop.session.operator = shop.owner
    assert desk.export(everybody, file) == 1
    with pytest.raises(Refused, match="file_taken"):
        desk.export(everybody, file)
    with pytest.raises(Refused, match="segment_nobody"):
        desk.export(MemberSegment("x", (Condition(Field.VISITS, least=99),)), tmp_path / "nobody.csv")
