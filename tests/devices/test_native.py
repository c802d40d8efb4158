from __future__ import annotations

from dataclasses import replace

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.receipt import (
    QR,
    Align,
    Band,
    Cell,
    Feed,
    Node,
    ReceiptDocument,
    Row,
    Rule,
    RuleStyle,
    Text,
    mark_as_copy,
    mark_as_training,
    printable,
)
from app.i18n import LANGUAGES
from devices.code_page import encoded, page_of
from devices.layout import TextLine, lay_out
from devices.profile import CODECS, PAPER_58MM, PAPER_80MM, PAPER_80MM_180DPI, PrinterProfile
from devices.render.escpos import render_escpos
from devices.render.native import encode_for, encode_native
from devices.render.raster import render_image
from devices.virtual.paper import Paper
from tests.devices.documents import documents
from tests.devices.sample import QR_DATA, receipt, short_receipt
from tests.devices.virtual.print_on import print_on

NATIVE = CODECS[1:]
PAPERS = (PAPER_80MM, PAPER_58MM, PAPER_80MM_180DPI)
PROFILES = tuple(replace(paper, codec=codec) for paper in PAPERS for codec in NATIVE)
CP950 = replace(PAPER_80MM, codec="cp950")

han = st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF)
rare = st.sampled_from("堃喆犇峯珉煊啓裏恒碁銹粧嫺𠮷𡘙㐂")
others = st.sampled_from(
    [
        "🧋",
        "☕",
        "👨\u200d👩\u200d👧",
        "👍🏽",
        "ア",
        "ｱﾞ",
        "の",
        "한",
        "é",
        "Ø",
        "·",
        "\u200b",
        "㊙",
        "\U000e0100",
    ]
)
names = st.lists(
    st.one_of(han, rare, others, st.sampled_from("陳林王小美ABCz 1.-'")), min_size=1, max_size=12
).map("".join)


def printed(*nodes: Node, profile: PrinterProfile = CP950, language: str = "zh_TW") -> Paper:
    paper, complaints = print_on(profile, encode_native(ReceiptDocument(nodes, language, "sale"), profile))
    assert complaints == ()
    return paper


def data_of(*nodes: Node, profile: PrinterProfile = CP950) -> bytes:
    return encode_native(ReceiptDocument(nodes, "zh_TW", "sale"), profile)


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: f"{profile.name}-{profile.codec}")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("has_native_qr", [False, True])
def test_a_printer_understands_every_command_of_real_papers(
    language: str, profile: PrinterProfile, has_native_qr: bool
) -> None:
    profile = replace(profile, has_native_qr=has_native_qr)
    sale = receipt(language)
    for document in (
        sale,
        short_receipt(language),
        mark_as_copy(sale, ["補印", "第 2 份"]),
        mark_as_training(sale, ["練習"]),
    ):
        paper, complaints = print_on(profile, encode_for(document, profile))
        assert complaints == ()
        assert [code.text for code in zxingcpp.read_barcodes(paper.image.convert("L"))] == [QR_DATA]
        assert "�" not in paper.text


@given(
    documents,
    st.sampled_from([*PROFILES, replace(CP950, sets_motion_unit=False), replace(CP950, has_native_qr=True)]),
)
@settings(max_examples=60)
def test_any_document_is_understood_and_no_line_is_too_long(
    document: ReceiptDocument, profile: PrinterProfile
) -> None:
    paper, complaints = print_on(profile, encode_native(document, profile))
    assert complaints == ()
    assert all(words.left + words.width <= profile.dots for words in paper.words)


@given(names, st.sampled_from(PROFILES), st.sampled_from(LANGUAGES))
@settings(max_examples=120)
def test_any_name_prints_without_a_question_mark(name: str, profile: PrinterProfile, language: str) -> None:
    paper = printed(Text(name), profile=profile, language=language)
    code_page = page_of(profile.codec, language)
    page = lay_out(ReceiptDocument((Text(name),), language, "sale"), profile.dots // 12, ambiguous=code_page)
    # What is set in the printer's font reads as it was written, and everything else is there as a picture.
    lines = [run.text for line in page.lines if isinstance(line, TextLine) for run in line.runs]
    native = [line for line in lines if (data := encoded(line, code_page)) is not None and data.strip()]
    assert [words.text.strip() for words in paper.words if words.text.strip()] == [
        as_sent(line).strip() for line in native
    ]
    has_painted = any(encoded(line, code_page) is None and printable(line).strip() for line in lines)
    assert has_painted == ("[picture]" in paper.text) or not any(character.isalnum() for character in name)
    assert "?" not in paper.text


def as_sent(line: str) -> str:
    return line.replace("\u200b", "")


@pytest.mark.parametrize("name", ["陳堃", "喆", "犇犇", "林峯", "金𠮷", "Café"])
@pytest.mark.parametrize(
    "profile", [CP950, replace(PAPER_58MM, codec="cp950")], ids=lambda profile: profile.name
)
def test_a_line_that_the_font_cannot_set_is_the_picture_of_that_line(
    name: str, profile: PrinterProfile
) -> None:
    paper = printed(Text("前"), Text(name), Text("後"), profile=profile)
    assert paper.text == "前\n[picture]\n後\n"
    ours = render_image(ReceiptDocument((Text(name),), "zh_TW", "sale"), profile)
    line = paper.image.crop((0, 30, profile.dots, 57))
    assert line.tobytes() == ours.crop((0, 3, profile.dots, 30)).tobytes()


def test_the_same_name_is_set_in_another_code_page() -> None:
    for name in ("陳堃", "喆", "犇犇", "林峯"):
        assert printed(Text(name), profile=replace(PAPER_80MM, codec="gb18030")).text == f"{name}\n"


def test_big5_means_cp950() -> None:
    for character in "裏恒碁銹粧嫺":
        assert character.encode("cp950") in data_of(Text(character))
        with pytest.raises(UnicodeEncodeError):
            character.encode("big5")


@pytest.mark.parametrize(("codec", "cells"), [("cp950", 2), ("gb18030", 2)])
def test_the_encoder_decides_how_wide_a_sign_is(codec: str, cells: int) -> None:
    """In a double-byte font × and ° are as wide as a Chinese character, so the amount beside them has one cell less of room."""
    profile = replace(PAPER_80MM, codec=codec)
    paper = printed(Row((Cell("3×5°"), Cell("12", Align.RIGHT))), profile=profile)
    (words,) = paper.words
    assert words.text == "3×5°" + " " * (48 - 4 - 2 * cells) + "12"
    assert words.widths[:4] == (12, 12 * cells, 12, 12 * cells)
    assert words.width == profile.dots


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: f"{profile.name}-{profile.codec}")
def test_amounts_end_at_the_right_edge_in_both_sizes(profile: PrinterProfile) -> None:
    columns = profile.dots // 12
    paper = printed(
        Row((Cell("小計"), Cell("1,616", Align.RIGHT))),
        Row((Cell("總計", bold=True), Cell("NT$1,535", Align.RIGHT, bold=True)), size=2),
        profile=profile,
    )
    for strip in (strip for strip in paper.strips if strip.words):
        assert strip.words[-1].left + strip.words[-1].width == columns * 12


def test_large_and_bold_words_are_set_large_and_bold_in_chinese_too() -> None:
    (words,) = printed(Text("總計 NT$9", size=2, bold=True)).words
    assert (words.style.across, words.style.down, words.style.bold) == (2, 2, True)
    (words,) = printed(Text("總計 NT$9")).words
    assert (words.style.across, words.style.down, words.style.bold) == (1, 1, False)
    assert words.widths == (24, 24, *[12] * 5)


def test_the_mark_of_a_copy_is_a_bar_as_wide_as_the_paper() -> None:
    for size in (1, 2):
        paper = printed(Band("補印 COPY 3", size=size))
        assert all(words.style.inverted for words in paper.words)
        assert sum(words.width for words in paper.words) == PAPER_80MM.dots
        assert len({words.rows for words in paper.words}) == 1


def test_rules_and_empty_lines_take_their_place() -> None:
    paper = printed(
        Text("a"), Feed(2), Rule(RuleStyle.SOLID), Rule(RuleStyle.DOUBLE), Rule(RuleStyle.DOTTED, "練習")
    )
    lines = paper.text.splitlines()
    assert lines[:5] == ["a", "", "", "-" * 48, "=" * 48]
    assert (lines[5][:21], lines[5][21:25], lines[5][25:]) == ("- " * 10 + "-", " 練習 ", " -" * 10)
    assert sum(strip.rows for strip in paper.strips) == 6 * 30


def test_a_line_takes_as_many_rows_as_its_picture() -> None:
    for nodes in ([Text("國")], [Text("國", size=2)], [Text("國"), Text("國", size=2), Text("國")]):
        rows = sum(strip.rows for strip in printed(*nodes).strips)
        assert rows == render_image(ReceiptDocument(tuple(nodes), "zh_TW", "sale"), PAPER_80MM).height


def test_a_qr_code_is_native_only_where_the_profile_says_so() -> None:
    assert b"\x1d(k" not in data_of(QR(QR_DATA))
    native = replace(CP950, has_native_qr=True)
    paper = printed(Text("上"), QR(QR_DATA), Text("下"), profile=native)
    assert paper.text.splitlines() == ["上", f"[QR {QR_DATA}]", "下"]
    # One whose words are not ASCII is a picture: what a printer makes of UTF-8 cannot be known.
    assert b"\x1d(k" not in data_of(QR("補印"), profile=native)


def test_a_native_qr_code_is_as_large_as_its_picture_and_has_its_quiet_zone() -> None:
    native = replace(CP950, has_native_qr=True)
    ours = render_image(ReceiptDocument((QR(QR_DATA),), "zh_TW", "sale"), CP950)
    assert printed(QR(QR_DATA), profile=native).image.tobytes() == ours.tobytes()
    paper = printed(QR(QR_DATA), QR("M1:ABCDEFGHIJ:7K"), profile=native)
    assert {code.text for code in zxingcpp.read_barcodes(paper.image.convert("L"))} == {
        QR_DATA,
        "M1:ABCDEFGHIJ:7K",
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_receipt_in_the_printers_font_is_a_small_part_of_its_picture(language: str) -> None:
    codec = "gb18030" if language == "zh_CN" else "cp950"
    profile = replace(PAPER_80MM, codec=codec, has_native_qr=True)
    assert len(encode_for(short_receipt(language), profile)) <= 1_500
    assert len(encode_for(short_receipt(language), replace(profile, has_native_qr=False))) <= 3_200


def test_a_printer_with_the_wrong_font_shows_it() -> None:
    """What the set-up's test page is for."""
    data = data_of(Text("好日子選物店"))
    assert "好日子選物店" in print_on(CP950, data)[0].text
    paper, _ = print_on(CP950, data, codec="gb18030")
    assert "好日子選物店" not in paper.text


def test_a_profile_without_a_code_page_gets_pictures() -> None:
    document = receipt("zh_TW")
    assert encode_for(document, PAPER_80MM) == render_escpos(document, PAPER_80MM)


def test_the_printer_is_left_as_it_was_found() -> None:
    assert data_of(Text("大", size=2, bold=True)).endswith(b"\n\x1d!\x00\x1bE\x00\x1c.")
    assert data_of(Text("大"), profile=replace(PAPER_80MM, codec="utf8")).endswith(b"\x1c(C\x02\x000\x01")


def test_signs_that_only_look_different_do_not_cost_a_picture() -> None:
    profile = replace(PAPER_80MM, codec="gb18030")
    assert (
        printed(Text("¥12\u00a000 \u22125\u200b"), profile=profile, language="zh_CN").text == "￥12 00 -5\n"
    )
