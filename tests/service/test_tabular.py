"""Every way in which a shop's table arrives: encodings, delimiters, workbooks, and files that are none."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Refused, Unavailable
from app.service import tabular
from app.service.tabular import read_table

TRADITIONAL = "貨號,品名,條碼,售價\nT1,無糖高山青茶,4710088412348,25\nT2,綜合堅果,4710088412355,120\n"
SIMPLIFIED = "货号,品名,条码,售价\nT1,无糖高山青茶,4710088412348,25\nT2,综合坚果,4710088412355,120\n"


def written(folder: Path, data: bytes, name: str = "goods.csv") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def cells(path: Path) -> list[tuple[str, ...]]:
    return [row.cells for row in read_table(path).rows]


def refusal(path: Path) -> Refused:
    with pytest.raises(Refused) as caught:
        read_table(path)
    return caught.value


@pytest.mark.parametrize(
    ("text", "codec", "form"),
    [
        (TRADITIONAL, "utf-8", "utf-8"),
        (TRADITIONAL, "utf-8-sig", "utf-8"),
        (TRADITIONAL, "utf-16", "utf-16"),
        (TRADITIONAL, "utf-16-le", "utf-16"),
        (TRADITIONAL, "utf-16-be", "utf-16"),
        (TRADITIONAL, "cp950", "big5"),
        (TRADITIONAL, "gb18030", "gb18030"),
        (SIMPLIFIED, "gb18030", "gb18030"),
        (SIMPLIFIED, "utf-8", "utf-8"),
    ],
)
def test_the_encoding_is_found_from_the_bytes(tmp_path: Path, text: str, codec: str, form: str) -> None:
    table = read_table(written(tmp_path, text.encode(codec)))
    assert table.form == form
    assert [row.cells for row in table.rows] == [tuple(line) for line in csv.reader(io.StringIO(text))]


def test_one_short_line_is_enough_to_tell_big5_from_gb18030(tmp_path: Path) -> None:
    assert cells(written(tmp_path, "品名,售價".encode("cp950"))) == [("品名", "售價")]
    assert cells(written(tmp_path, "品名,售价".encode("gb18030"))) == [("品名", "售价")]


def test_characters_of_hong_kong_are_read_as_big5(tmp_path: Path) -> None:
    text = "品名,售價\n鮮蝦雲吞麵 啱啱好,38\n"
    table = read_table(written(tmp_path, text.encode("big5hkscs")))
    assert table.form == "big5"
    assert table.rows[1].cells == ("鮮蝦雲吞麵 啱啱好", "38")


def test_a_named_encoding_overrules_what_the_bytes_look_like(tmp_path: Path) -> None:
    path = written(tmp_path, SIMPLIFIED.encode("gb18030"))
    assert read_table(path, encoding="gb18030").rows[0].cells[0] == "货号"
    with pytest.raises(Refused) as caught:
        read_table(path, encoding="utf-8")
    assert caught.value.code == "file_wrong_encoding"


def test_garbage_bytes_in_a_utf8_file_are_refused_with_their_line(tmp_path: Path) -> None:
    data = TRADITIONAL.encode()
    broken = data.replace("綜合".encode(), b"\xe7\xb6\xff\xfe\xe5")
    error = refusal(written(tmp_path, broken))
    assert error.code == "file_wrong_encoding"
    assert error.fields["line"] == 3


def test_garbage_bytes_in_a_big5_file_are_refused(tmp_path: Path) -> None:
    broken = TRADITIONAL.encode("cp950").replace("綜合".encode("cp950"), b"\xff\xff\x80\xff")
    assert refusal(written(tmp_path, broken)).code == "file_wrong_encoding"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"\xef\xbb\xbf", "file_empty"),
        (b"\r\n\r\n  \r\n", "file_empty"),
        (b",,,\n,,,\n", "file_empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "file_old_excel"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 4, "file_not_a_table"),
        (b"\x00\x01\x02\x03" * 400, "file_not_a_table"),
        (b"name,price\ntea,2\x01\n", "file_not_a_table"),
        (b"PK\x03\x04" + b"not really a zip" * 20, "file_damaged"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_a_sentence(tmp_path: Path, data: bytes, code: str) -> None:
    error = refusal(written(tmp_path, data))
    assert error.code == code
    assert error.fields["file"] == "goods.csv"


def test_a_missing_file_is_unavailable_not_a_crash(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as caught:
        read_table(tmp_path / "gone.csv")
    assert caught.value.code == "file_unreadable"


def test_a_folder_is_unavailable_not_a_crash(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as caught:
        read_table(tmp_path)
    assert caught.value.code == "file_unreadable"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_the_lines_hold_most_of(tmp_path: Path, delimiter: str) -> None:
    text = "\n".join(delimiter.join(line) for line in (["品名", "售價", "備註"], ["茶", "25", "無"]))
    assert cells(written(tmp_path, text.encode())) == [("品名", "售價", "備註"), ("茶", "25", "無")]


def test_a_delimiter_inside_quotes_does_not_count(tmp_path: Path) -> None:
    text = '品名;售價\n"茶,綠茶,紅茶,青茶";25\n'
    assert cells(written(tmp_path, text.encode()))[1] == ("茶,綠茶,紅茶,青茶", "25")


def test_the_line_that_names_the_delimiter_is_not_a_row(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, "sep=;\r\n品名;售價\r\n茶;25\r\n".encode()))
    assert [(row.number, row.cells) for row in table.rows] == [(1, ("品名", "售價")), (2, ("茶", "25"))]


def test_rows_are_numbered_as_the_spreadsheet_numbers_them(tmp_path: Path) -> None:
    text = '品名,售價\n\n"兩行\n的品名",25\n茶,30\n'
    assert [row.number for row in read_table(written(tmp_path, text.encode())).rows] == [1, 3, 4]


def test_a_formula_that_keeps_a_leading_zero_is_read_as_its_text(tmp_path: Path) -> None:
    text = '條碼,品名\n"=""0123456789012""",茶\n'
    assert cells(written(tmp_path, text.encode()))[1][0] == "0123456789012"


def workbook(folder: Path, *rows: tuple[object, ...], name: str = "goods.xlsx") -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    path = folder / name
    book.save(path)
    return path


def test_a_small_workbook_is_read_as_text(tmp_path: Path) -> None:
    path = workbook(
        tmp_path, ("條碼", "品名", "售價", "成本"), (4710088412348, "茶", 25, 12.5), (None, "咖啡", 45.0, 0.1)
    )
    table = read_table(path)
    assert table.form == "xlsx"
    assert [row.cells for row in table.rows] == [
        ("條碼", "品名", "售價", "成本"),
        ("4710088412348", "茶", "25", "12.5"),
        ("", "咖啡", "45", "0.1"),
    ]


def test_the_first_sheet_that_holds_anything_is_the_one(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("商品").append(("品名", "售價"))
    book.save(tmp_path / "goods.xlsx")
    assert cells(tmp_path / "goods.xlsx") == [("品名", "售價")]


def test_blank_rows_of_a_workbook_keep_the_numbers_right(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A2"], sheet["A5"] = "品名", "茶"
    book.save(tmp_path / "goods.xlsx")
    assert [row.number for row in read_table(tmp_path / "goods.xlsx").rows] == [2, 5]


def test_an_empty_workbook_is_refused(tmp_path: Path) -> None:
    assert refusal(workbook(tmp_path)).code == "file_empty"


def test_a_workbook_cut_short_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path, ("品名", "售價"), ("茶", 25))
    path.write_bytes(path.read_bytes()[:-200])
    assert refusal(path).code == "file_damaged"


def test_a_workbook_with_a_damaged_sheet_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path, ("品名", "售價"), ("茶", 25))
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"][:150]
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    assert refusal(path).code == "file_damaged"


def test_another_kind_of_zip_is_no_table(tmp_path: Path) -> None:
    path = tmp_path / "letter.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<xml/>")
    assert refusal(path).code == "file_not_a_table"


def test_too_many_rows_are_refused_before_they_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tabular, "ROWS_MAX", 3)
    error = refusal(written(tmp_path, b"a,b\n" * 5))
    assert error.code == "file_too_many_rows"


@given(st.binary(min_size=1, max_size=400))
def test_no_bytes_at_all_make_it_crash(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = written(tmp_path_factory.getbasetemp(), data, "any.csv")
    try:
        table = read_table(path)
    except Refused:
        return
    assert all(not row.is_blank for row in table.rows)
    assert [row.number for row in table.rows] == sorted({row.number for row in table.rows})


_CELL = st.text(st.sampled_from('茶咖啡綠無糖價格表售品名商店,;" abc019'), max_size=8).map(str.strip)


@given(st.lists(st.lists(_CELL, min_size=3, max_size=3).filter(any), min_size=1, max_size=6))
def test_what_a_csv_writer_wrote_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([["品名", "售價", "條碼"], *rows])
    path = written(tmp_path_factory.getbasetemp(), text.getvalue().encode("utf-8-sig"), "written.csv")
    assert cells(path)[1:] == [tuple(row) for row in rows]
