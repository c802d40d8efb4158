"""Goods and members from a shop's own table: the plan, what is wrong row by row, and all or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from app.domain.errors import Cancelled, Refused
from app.domain.ids import Uuid7Source
from app.domain.item import ItemRecord, TaxClass, Unit
from app.i18n import set_language
from app.service import importing
from app.service.importing import ImportKind, ImportPlan, ImportResult, apply, error_table, plan_import
from db.store import SqliteStore
from tests.builders import CASHIER
from tests.db.tills import FakeClock, count, counted_bits, new_store, rows

HEADER = "貨號,品名,條碼,售價,會員價,分類,單位,稅別,成本,電子秤代碼\n"
TEA = "T1,無糖高山青茶 600ml,4710088412348,25,23,飲料/茶,瓶,應稅,16,\n"
NUTS = "T2,綜合堅果,4710088412355,120,,零食,包,應稅,80,\n"
PORK = "T3,梅花豬肉,,320,,生鮮/肉品,公斤,免稅,210,00123\n"


class Shop:
    """A store with the means to bring a table into it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = FakeClock()
        self.ids = Uuid7Source(self.clock.now_ms, counted_bits())
        self.store: SqliteStore = new_store(folder / "till.db", self.clock, self.ids)

    def file(self, text: str, codec: str = "utf-8", name: str = "goods.csv") -> Path:
        path = self.folder / name
        path.write_bytes(text.encode(codec))
        return path

    def plan(self, text: str, kind: ImportKind = ImportKind.PRODUCTS, codec: str = "utf-8") -> ImportPlan:
        return self.plan_file(self.file(text, codec), kind)

    def plan_file(self, path: Path, kind: ImportKind = ImportKind.PRODUCTS) -> ImportPlan:
        return plan_import(kind, path, self.store, clock=self.clock, ids=self.ids)

    def apply(self, plan: ImportPlan, *, skip_bad_rows: bool = False) -> ImportResult:
        return apply(plan, self.store, clock=self.clock, operator_id=CASHIER.id, skip_bad_rows=skip_bad_rows)

    def bring_in(self, text: str, kind: ImportKind = ImportKind.PRODUCTS) -> ImportResult:
        return self.apply(self.plan(text, kind))

    def record(self, sku: str) -> ItemRecord:
        return next(record for record in self.store.catalogue.records(self.clock.now) if record.sku == sku)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(tmp_path)
    yield shop
    shop.store.close()


def problems(plan: ImportPlan) -> list[tuple[int, str, str]]:
    return [(note.row, note.column, note.code) for note in plan.errors]


def goods(*lines: str, header: str = "貨號,品名,條碼,售價") -> str:
    return "\n".join((header, *lines)) + "\n"


# Goods that come in


def test_a_table_of_goods_becomes_items_that_scan(shop: Shop) -> None:
    result = shop.bring_in(HEADER + TEA + NUTS + PORK)
    assert result == ImportResult(added=3, changed=0, unchanged=0, skipped=0)
    tea = shop.store.catalogue.by_barcode("4710088412348", shop.clock.now)
    assert tea is not None
    assert (tea.name, tea.price.minor, tea.unit, tea.tax_class) == (
        "無糖高山青茶 600ml",
        25,
        Unit.EACH,
        TaxClass.TAXABLE,
    )
    assert tea.member_price is not None
    assert tea.member_price.minor == 23
    assert len(tea.category_path) == 2
    pork = shop.store.catalogue.by_plu("123", shop.clock.now)
    assert pork is not None
    assert (pork.unit, pork.tax_class, pork.price.minor) == (Unit.KILOGRAM, TaxClass.EXEMPT, 320)


def test_a_plan_changes_nothing(shop: Shop) -> None:
    plan = shop.plan(HEADER + TEA + NUTS)
    assert (len(plan.additions), len(plan.changes), plan.unchanged) == (2, 0, 0)
    assert count(shop.store, "item") == 0
    assert count(shop.store, "category") == 0


def test_the_same_file_twice_changes_nothing(shop: Shop) -> None:
    shop.bring_in(HEADER + TEA + NUTS + PORK)
    before = rows(shop.store, "SELECT * FROM item ORDER BY number"), count(shop.store, "item_price")
    shop.clock.now += 86_400_000
    plan = shop.plan(HEADER + TEA + NUTS + PORK)
    assert (plan.planned, plan.unchanged, plan.errors) == ((), 3, ())
    shop.apply(plan)
    assert (rows(shop.store, "SELECT * FROM item ORDER BY number"), count(shop.store, "item_price")) == before


def test_a_three_row_workbook_comes_in(shop: Shop, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Product name", "Barcode", "Selling Price (NT$)", "Category", "Tax"])
    sheet.append(["Green tea", 4710088412348, 25, "Drinks > Tea", "Taxable"])
    sheet.append(["Nuts", "4710088412355", 120.0, "Snacks", "5%"])
    book.save(tmp_path / "goods.xlsx")
    plan = shop.plan_file(tmp_path / "goods.xlsx")
    assert plan.form == "xlsx"
    assert shop.apply(plan).added == 2
    tea = shop.store.catalogue.by_barcode("4710088412348", shop.clock.now)
    assert tea is not None
    assert tea.price.minor == 25


@pytest.mark.parametrize("codec", ["cp950", "utf-8-sig", "utf-16", "gb18030"])
def test_a_table_comes_in_whatever_its_encoding(shop: Shop, codec: str) -> None:
    shop.apply(shop.plan(HEADER + TEA + NUTS, codec=codec))
    assert shop.record("T1").name == "無糖高山青茶 600ml"


def test_titles_are_understood_in_three_languages_and_any_order(shop: Shop) -> None:
    plan = shop.plan("售价（元）,商品名称,条形码,会员价,颜色\n25,绿茶,4710088412348,23,绿\n")
    assert plan.header.titles == {
        "price": "售价（元）",
        "name": "商品名称",
        "barcode": "条形码",
        "member_price": "会员价",
    }
    assert plan.header.ignored == ("颜色",)
    assert len(plan.additions) == 1


def test_a_title_above_the_header_is_passed_over(shop: Shop) -> None:
    plan = shop.plan("好日子選物店 商品清單,,\n製表日期 2026/10/03,,\n品名,條碼,售價\n茶,4710088412348,25\n")
    assert plan.header.row_number == 3
    assert [planned.row for planned in plan.planned] == [4]


def test_an_item_may_have_several_barcodes_in_one_cell_or_in_several_columns(shop: Shop) -> None:
    shop.bring_in("貨號,品名,售價,條碼1,條碼2\nT1,茶,25,4710088412348;4710088412355,4710088412362\n")
    assert shop.record("T1").barcodes == ("4710088412348", "4710088412355", "4710088412362")


def test_a_upc_is_found_however_the_scanner_sends_it(shop: Shop) -> None:
    shop.bring_in(goods("T1,茶,036000291452,25"))
    for code in ("036000291452", "0036000291452"):
        assert shop.store.catalogue.by_barcode(code, shop.clock.now) is not None


def test_categories_in_three_columns_make_one_path(shop: Shop) -> None:
    shop.bring_in("品名,條碼,售價,大分類,中分類\n茶,4710088412348,25,飲料,茶飲\n")
    names = {category.id: category.name for category in shop.store.catalogue.categories()}
    tea = shop.store.catalogue.by_barcode("4710088412348", shop.clock.now)
    assert tea is not None
    assert [names[category] for category in tea.category_path] == ["飲料", "茶飲"]


def test_a_category_that_is_there_already_is_used_again(shop: Shop) -> None:
    shop.bring_in(HEADER + TEA)
    shop.bring_in(goods("T9,紅茶,4710088412362,25,飲料/茶", header="貨號,品名,條碼,售價,分類"))
    assert sorted(category.name for category in shop.store.catalogue.categories()) == ["茶", "飲料"]


def test_goods_without_any_code_get_a_number_and_are_known_by_their_name(shop: Shop) -> None:
    shop.bring_in("品名,售價\n珍珠奶茶,55\n古早味紅茶,30\n")
    assert [record.sku for record in shop.store.catalogue.records(shop.clock.now)] == ["N00001", "N00002"]
    plan = shop.plan("品名,售價\n古早味紅茶,35\n")
    assert [(change.column, change.before, change.after) for change in plan.changes[0].changes] == [
        ("price", "NT$30", "NT$35")
    ]


def test_an_open_price_item_needs_no_price(shop: Shop) -> None:
    shop.bring_in("貨號,品名,售價,開放價\nS1,客製刻字,,是\n")
    assert shop.record("S1").is_open_price


# Changes


def test_a_change_says_what_it_changes(shop: Shop) -> None:
    shop.bring_in(HEADER + TEA)
    plan = shop.plan("貨號,品名,條碼,售價,會員價,分類,稅別\nT1,高山青茶,4710088412362,30,-,飲料,免稅\n")
    (change,) = plan.changes
    assert {one.column: (one.before, one.after) for one in change.changes} == {
        "name": ("無糖高山青茶 600ml", "高山青茶"),
        "price": ("NT$25", "NT$30"),
        "member_price": ("NT$23", ""),
        "category": ("飲料/茶", "飲料"),
        "tax": ("應稅", "免稅"),
        "barcode": ("4710088412348", "4710088412348 4710088412362"),
    }


def test_a_new_price_is_a_new_row_and_the_old_one_stays(shop: Shop) -> None:
    shop.bring_in(HEADER + TEA)
    old_at = shop.clock.now
    shop.clock.now += 3_600_000
    shop.bring_in(goods("T1,茶,,30"))
    assert rows(shop.store, "SELECT price, starts_at, ends_at FROM item_price ORDER BY id") == [
        (25, old_at, None),
        (30, shop.clock.now, None),
    ]
    before = shop.store.catalogue.by_sku("T1", old_at)
    now = shop.store.catalogue.by_sku("T1", shop.clock.now)
    assert before is not None
    assert now is not None
    assert (before.price.minor, now.price.minor) == (25, 30)
    assert before.price_version != now.price_version


def test_prices_may_start_on_a_later_day(shop: Shop) -> None:
    shop.bring_in(HEADER + TEA)
    later = shop.clock.now + 86_400_000
    path = shop.file(goods("T1,無糖高山青茶 600ml,,30"))
    plan = plan_import(
        ImportKind.PRODUCTS, path, shop.store, clock=shop.clock, ids=shop.ids, prices_from=later
    )
    shop.apply(plan)
    prices = {
        at: item.price.minor
        for at in (shop.clock.now, later - 1, later)
        if (item := shop.store.catalogue.by_sku("T1", at))
    }
    assert prices == {shop.clock.now: 25, later - 1: 25, later: 30}


def test_an_empty_cell_and_a_missing_column_leave_what_is_there(shop: Shop) -> None:
    shop.bring_in(HEADER + TEA)
    before = shop.record("T1")
    plan = shop.plan("貨號,品名,售價,成本\nT1,,,\n")
    assert plan.unchanged == 1
    shop.apply(plan)
    assert shop.record("T1") == before


def test_barcodes_are_added_and_never_lost(shop: Shop) -> None:
    shop.bring_in(HEADER + TEA)
    shop.bring_in(goods("T1,無糖高山青茶 600ml,4710088412362,25"))
    for code in ("4710088412348", "4710088412362"):
        item = shop.store.catalogue.by_barcode(code, shop.clock.now)
        assert item is not None
        assert item.sku == "T1"


def test_a_renamed_item_is_found_by_its_new_name_only(shop: Shop) -> None:
    shop.bring_in(HEADER + TEA)
    shop.bring_in(goods("T1,凍頂烏龍,,25"))
    assert [hit.sku for hit in shop.store.catalogue.search("凍頂", shop.clock.now)] == ["T1"]
    assert shop.store.catalogue.search("青茶", shop.clock.now) == ()


# What is wrong


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("T1,,4710088412348,25", ("name", "name_missing")),
        ("T1,茶,4710088412348,", ("price", "price_missing")),
        ("T1,茶,4710088412348,0", ("price", "price_zero")),
        ("T1,茶,4710088412348,-5", ("price", "amount_negative")),
        ("T1,茶,4710088412348,(5)", ("price", "amount_negative")),
        ("T1,茶,4710088412348,12.5", ("price", "amount_has_decimals")),
        ("T1,茶,4710088412348,二十五", ("price", "amount_unreadable")),
        ("T1,茶,4710088412348,1e3", ("price", "amount_unreadable")),
        ("T1,茶,4710088412348,99999999999", ("price", "amount_too_large")),
        ("T1,茶,4710088412349,25", ("barcode", "barcode_check_digit")),
        ("T1,茶,4.71009E+12,25", ("barcode", "barcode_scientific")),
        ("T1,茶,條碼,25", ("barcode", "barcode_unreadable")),
        ("A B,茶,4710088412348,25", ("sku", "sku_unreadable")),
        (f"T1,{'茶' * 121},4710088412348,25", ("name", "name_too_long")),
        ("T1,茶\ue000,4710088412348,25", ("name", "name_unreadable")),
    ],
)
def test_a_bad_row_is_named_with_its_number_and_reason(
    shop: Shop, line: str, problem: tuple[str, str]
) -> None:
    plan = shop.plan(goods("T8,綜合堅果,4710088412355,120", line))
    assert problems(plan) == [(3, *problem)]
    assert len(plan.additions) == 1
    for language in ("zh_TW", "zh_CN", "en"):
        assert plan.errors[0].sentence(language)


@pytest.mark.parametrize(
    ("title", "cell", "problem"),
    [
        ("稅別", "營業稅", ("tax", "tax_unknown")),
        ("單位", "台斤", ("unit", "unit_unknown")),
        ("會員價", "30", ("member_price", "member_price_higher")),
        ("開放價", "也許", ("open_price", "not_yes_or_no")),
        ("電子秤代碼", "12A", ("plu", "plu_unreadable")),
        ("分類", "一/二/三/四/五/六/七", ("category", "category_too_deep")),
    ],
)
def test_a_word_that_is_not_understood_is_said_and_not_guessed(
    shop: Shop, title: str, cell: str, problem: tuple[str, str]
) -> None:
    plan = shop.plan(f"貨號,品名,售價,{title}\nT1,茶,25,{cell}\n")
    assert problems(plan) == [(2, *problem)]


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (("T1,茶,,25", "T1,綠茶,,30"), (3, "sku", "sku_repeated")),
        (("T1,茶,4710088412348,25", "T2,綠茶,4710088412348,30"), (3, "barcode", "barcode_repeated")),
        ((",茶,4710088412348,25", ",綠茶,4710088412348,30"), (3, "barcode", "barcode_repeated")),
        ((",茶,,25", ",茶,,30"), (3, "name", "name_repeated")),
    ],
)
def test_what_stands_twice_in_a_file_is_refused_the_second_time(
    shop: Shop, lines: Sequence[str], problem: tuple[int, str, str]
) -> None:
    plan = shop.plan(goods(*lines))
    assert problems(plan) == [problem]
    assert plan.errors[0].fields["first_row"] == 2


def test_a_barcode_of_another_item_is_refused_with_its_owner(shop: Shop) -> None:
    shop.bring_in(HEADER + TEA)
    plan = shop.plan(goods("T9,紅茶,4710088412348,30"))
    assert problems(plan) == [(2, "barcode", "barcode_taken")]
    assert "T1" in plan.errors[0].sentence("en")


def test_a_scale_code_of_another_item_is_refused(shop: Shop) -> None:
    shop.bring_in(HEADER + PORK)
    plan = shop.plan("貨號,品名,售價,單位,電子秤代碼\nT9,牛肉,500,公斤,123\n")
    assert problems(plan) == [(2, "plu", "plu_taken")]


def test_a_name_that_several_items_have_needs_a_code(shop: Shop) -> None:
    shop.bring_in(goods("T1,茶,,25", "T2,茶,,30"))
    assert problems(shop.plan("品名,售價\n茶,35\n")) == [(2, "name", "name_ambiguous")]


def test_the_shops_own_codes_need_no_check_digit_when_they_are_marked(shop: Shop) -> None:
    plan = shop.plan("貨號,品名,條碼,售價,自編條碼\nT1,茶,4710088412349,25,是\nT2,綠茶,AB-12,25,\n")
    assert plan.errors == ()
    shop.apply(plan)
    assert shop.store.catalogue.by_barcode("AB-12", shop.clock.now) is not None


def test_odd_rows_are_taken_with_a_warning(shop: Shop) -> None:
    plan = shop.plan("貨號,品名,條碼,售價,成本\nT1,茶,12345678901,25,30\n")
    assert [(note.row, note.code) for note in plan.warnings] == [
        (2, "price_below_cost"),
        (2, "barcode_odd_length"),
    ]
    assert shop.apply(plan).added == 1


def test_missing_columns_are_named_with_what_was_found(shop: Shop) -> None:
    set_language("zh_TW")
    with pytest.raises(Refused) as caught:
        shop.plan("貨號,名字,條碼\nT1,茶,4710088412348\n")
    assert caught.value.code == "import_columns_missing"
    assert caught.value.fields["missing"] == "品名、售價"
    assert caught.value.fields["found"] == "貨號、條碼、名字"


def test_a_file_without_any_known_title_names_its_first_row(shop: Shop) -> None:
    with pytest.raises(Refused) as caught:
        shop.plan("甲,乙\n1,2\n")
    assert caught.value.fields["found"] == "甲、乙"


def test_a_header_alone_is_refused(shop: Shop) -> None:
    with pytest.raises(Refused) as caught:
        shop.plan(HEADER)
    assert caught.value.code == "import_no_rows"


# All or nothing


def test_one_bad_row_keeps_the_whole_file_out(shop: Shop) -> None:
    plan = shop.plan(goods("T1,茶,4710088412348,25", "T2,綠茶,4710088412355,-1"))
    with pytest.raises(Refused) as caught:
        shop.apply(plan)
    assert (caught.value.code, caught.value.fields["rows"]) == ("import_has_errors", 1)
    assert count(shop.store, "item") == 0


def test_bad_rows_may_be_left_out_when_told_so(shop: Shop) -> None:
    plan = shop.plan(
        goods(
            "T1,茶,4710088412348,25,飲料",
            "T2,綠茶,4710088412355,-1,壞分類",
            header="貨號,品名,條碼,售價,分類",
        )
    )
    assert shop.apply(plan, skip_bad_rows=True) == ImportResult(1, 0, 0, 1)
    assert [category.name for category in shop.store.catalogue.categories()] == ["飲料"]


def test_a_plan_made_before_another_change_is_refused(shop: Shop) -> None:
    plan = shop.plan(HEADER + TEA)
    shop.bring_in(goods("T1,別的茶,,40"))
    with pytest.raises(Refused) as caught:
        shop.apply(plan)
    assert caught.value.code == "import_plan_old"
    assert shop.record("T1").price == 40


def test_cancelling_while_writing_leaves_nothing(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "BATCH_ROWS", 1)
    plan = shop.plan(HEADER + TEA + NUTS + PORK)
    told: list[tuple[int, int]] = []
    with pytest.raises(Cancelled):
        apply(
            plan,
            shop.store,
            clock=shop.clock,
            operator_id=None,
            progress=lambda done, rows: told.append((done, rows)),
            cancelled=lambda: len(told) == 2,
        )
    assert told == [(1, 3), (2, 3)]
    assert count(shop.store, "item") == 0
    assert count(shop.store, "fact") == 0


def test_cancelling_while_reading_stops_at_once(shop: Shop) -> None:
    with pytest.raises(Cancelled):
        plan_import(
            ImportKind.PRODUCTS,
            shop.file(HEADER + TEA),
            shop.store,
            clock=shop.clock,
            ids=shop.ids,
            cancelled=lambda: True,
        )


def test_progress_ends_with_every_row(shop: Shop) -> None:
    told: list[tuple[int, int]] = []
    path = shop.file(HEADER + TEA + NUTS)
    plan_import(
        ImportKind.PRODUCTS,
        path,
        shop.store,
        clock=shop.clock,
        ids=shop.ids,
        progress=lambda done, rows: told.append((done, rows)),
    )
    assert told[0] == (0, 2)
    assert told[-1] == (2, 2)


def test_an_import_is_remembered_with_who_did_it(shop: Shop) -> None:
    shop.bring_in(HEADER + TEA)
    assert rows(shop.store, "SELECT kind, operator_id FROM audit_event") == [("import", CASHIER.id.bytes)]


def test_the_report_of_errors_opens_in_a_spreadsheet(shop: Shop) -> None:
    plan = shop.plan(goods("T1,茶,4710088412348,-5"))
    text = error_table(plan.errors, "zh_TW")
    assert text.startswith("\ufeff列,欄位,問題與處理方式\r\n2,售價,")


# Members


def members(shop: Shop) -> list[tuple[str, str, str]]:
    return [(member.phone, member.name, member.birthday) for member in shop.store.members.everyone()]


def test_members_are_one_whatever_way_their_number_is_written(shop: Shop) -> None:
    plan = shop.plan(
        "姓名,手機,生日\n王大明,0912-345-678,1990/3/5\n王大明,+886 912 345 678,\n林小美,９１２３４５６７９,79/3/5\n",
        ImportKind.MEMBERS,
    )
    assert problems(plan) == [(3, "phone", "phone_repeated")]
    shop.apply(plan, skip_bad_rows=True)
    assert members(shop) == [
        ("+886912345678", "王大明", "1990-03-05"),
        ("+886912345679", "林小美", "1990-03-05"),
    ]


def test_the_same_members_twice_change_nothing(shop: Shop) -> None:
    text = "電話,姓名,性別,備註,同意行銷\n0912345678,王大明,男,不吃香菜,是\n"
    shop.bring_in(text, ImportKind.MEMBERS)
    facts = count(shop.store, "fact")
    plan = shop.plan(text, ImportKind.MEMBERS)
    assert (plan.planned, plan.unchanged) == ((), 1)
    shop.apply(plan)
    assert count(shop.store, "fact") == facts + 1  # that it was brought in


def test_a_member_keeps_what_the_table_does_not_say(shop: Shop) -> None:
    shop.bring_in("電話,姓名,備註\n0912345678,王大明,不吃香菜\n", ImportKind.MEMBERS)
    shop.bring_in("電話,姓名,備註\n0912345678,王曉明,\n", ImportKind.MEMBERS)
    (member,) = shop.store.members.everyone()
    assert (member.name, member.note) == ("王曉明", "不吃香菜")


def test_a_member_who_comes_in_is_an_enrolment(shop: Shop) -> None:
    shop.bring_in("電話\n0912345678\n", ImportKind.MEMBERS)
    assert rows(shop.store, "SELECT count(*) FROM fact WHERE kind = 'enrolment'") == [(1,)]
    (member,) = shop.store.members.everyone()
    assert member.joined_on == date(2026, 10, 3)
    assert not member.has_marketing_consent


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (",王大明,,,", ("phone", "phone_missing")),
        ("02-2712-3456,王大明,,,", ("phone", "phone_unreadable")),
        ("091234567,王大明,,,", ("phone", "phone_unreadable")),
        ("0912345678,王大明,1990/13/5,,", ("birthday", "date_unreadable")),
        ("0912345678,王大明,2090/1/5,,", ("birthday", "date_unreadable")),
        ("0912345678,王大明,,女生朋友,", ("gender", "gender_unknown")),
        ("0912345678,王大明,,,卡 號", ("code", "code_unreadable")),
    ],
)
def test_a_bad_member_is_named_with_its_reason(shop: Shop, line: str, problem: tuple[str, str]) -> None:
    plan = shop.plan(f"電話,姓名,生日,性別,卡號\n{line}\n", ImportKind.MEMBERS)
    assert problems(plan) == [(2, *problem)]
    assert "0912345678" not in plan.errors[0].sentence("en")


def test_a_card_number_belongs_to_one_member(shop: Shop) -> None:
    plan = shop.plan("電話,卡號\n0912345678,A1\n0912345679,a1\n", ImportKind.MEMBERS)
    assert problems(plan) == [(3, "code", "code_taken")]


def test_a_member_changed_since_the_plan_is_not_overwritten(shop: Shop) -> None:
    plan = shop.plan("電話,姓名\n0912345678,王大明\n", ImportKind.MEMBERS)
    shop.bring_in("電話,姓名\n0912345678,王曉明\n", ImportKind.MEMBERS)
    with pytest.raises(Refused) as caught:
        shop.apply(plan)
    assert caught.value.code == "import_plan_old"
    assert members(shop)[0][1] == "王曉明"


def test_a_birthday_may_lack_its_year(shop: Shop) -> None:
    shop.bring_in("電話,生日\n0912345678,3/5\n0912345679,2月29日\n", ImportKind.MEMBERS)
    assert [birthday for _, _, birthday in members(shop)] == ["--03-05", "--02-29"]
