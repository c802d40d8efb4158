"""What a cashier types finds the name, on a real full-text table; and nothing that is typed breaks the query."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.demo.shop import DemoItem, items
from app.service.phonetics import (
    QUERY_WORD_LENGTH_MAX,
    SPELLINGS_MAX,
    fold,
    initials,
    match_expression,
    search_tokens,
)

NAMES = (
    "冷泡綠茶 無糖 500ml",
    "阿里山高山烏龍茶 150g",
    "牛軋糖",
    "A4影印紙 500張",
    "Café 拿鐵",
    "紅茶 500ml",
    "茶葉蛋",
)


class Index:
    """A contentless FTS5 table of single characters, as the till keeps one."""

    def __init__(self) -> None:
        self.connection = sqlite3.connect(":memory:")
        self.connection.execute(
            "CREATE VIRTUAL TABLE search USING fts5 (words, content='', tokenize=\"unicode61 remove_diacritics 0\")"
        )
        self.names: list[str] = []

    def add(self, name: str, sku: str = "", barcodes: Iterable[str] = ()) -> None:
        self.names.append(name)
        self.connection.execute(
            "INSERT INTO search (rowid, words) VALUES (?, ?)",
            (len(self.names), search_tokens(name, sku, barcodes)),
        )

    def find(self, typed: str) -> list[str]:
        rows = self.connection.execute(
            "SELECT rowid FROM search WHERE search MATCH ?", (match_expression(typed),)
        )
        return [self.names[number - 1] for (number,) in rows]


@pytest.fixture
def shelf() -> Iterator[Index]:
    index = Index()
    for number, name in enumerate(NAMES):
        index.add(name, f"TE-{number:03d}", (f"47100000000{number:02d}",))
    yield index
    index.connection.close()


@pytest.fixture(scope="module")
def shop() -> Iterator[Index]:
    index = Index()
    for item in items():
        index.add(item.name_zh_tw, item.sku, item.barcodes)
    yield index
    index.connection.close()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("綠茶", ["冷泡綠茶 無糖 500ml"]),
        ("綠茶 500", ["冷泡綠茶 無糖 500ml"]),
        ("500 綠茶", ["冷泡綠茶 無糖 500ml"]),
        ("ㄌㄔ", ["冷泡綠茶 無糖 500ml", "阿里山高山烏龍茶 150g"]),
        ("lc", ["冷泡綠茶 無糖 500ml", "阿里山高山烏龍茶 150g"]),
        ("ＬＣ", ["冷泡綠茶 無糖 500ml", "阿里山高山烏龍茶 150g"]),
        ("wlc", ["阿里山高山烏龍茶 150g"]),
        ("ㄨㄌ", ["阿里山高山烏龍茶 150g"]),
        ("als", ["阿里山高山烏龍茶 150g"]),
        ("茶", ["冷泡綠茶 無糖 500ml", "阿里山高山烏龍茶 150g", "紅茶 500ml", "茶葉蛋"]),
        ("茶500m", ["冷泡綠茶 無糖 500ml", "紅茶 500ml"]),
        ("山烏", ["阿里山高山烏龍茶 150g"]),
        ("山茶", []),
        ("cafe", ["Café 拿鐵"]),
        ("caf 拿", ["Café 拿鐵"]),
        ("a4", ["A4影印紙 500張"]),
        ("a4y", ["A4影印紙 500張"]),
        ("te002", ["牛軋糖"]),
        ("te-002", ["牛軋糖"]),
        ("4710000000002", ["牛軋糖"]),
        ("ngt", ["牛軋糖"]),
        ("紅綠", []),
    ],
)
def test_what_a_cashier_types_finds_just_the_right_goods(shelf: Index, typed: str, found: list[str]) -> None:
    assert shelf.find(typed) == found


def test_every_two_characters_of_a_name_find_it(shop: Index) -> None:
    for item in items():
        name = item.name_zh_tw
        for start in range(len(name) - 1):
            pair = name[start : start + 2]
            if all("\u4e00" <= character <= "\u9fff" for character in pair):
                assert name in shop.find(pair), (name, pair)


def test_every_name_is_found_by_itself_by_its_initials_and_by_its_sku(shop: Index) -> None:
    def found_by_all(item: DemoItem) -> bool:
        typed = [item.name_zh_tw, item.sku, item.sku.lower(), *initials(item.name_zh_tw.split()[0])]
        return all(item.name_zh_tw in shop.find(query) for query in typed)

    assert [item.name_zh_tw for item in items() if not found_by_all(item)] == []


ANY_TEXT = st.text(st.characters(codec="utf-8"), max_size=40)
TYPED = st.text(
    st.sampled_from(
        "綠茶臺台ㄌㄔlcLC500 　\"'*()^+-:{}[]\\,.%_ANDORNOTNEAR\x00\n\u3000\u200bＡ９é々〇カ가𠮷🍵"
    ),
    max_size=20,
)


@given(typed=ANY_TEXT | TYPED)
def test_nothing_that_is_typed_is_a_syntax_error(typed: str) -> None:
    expression = match_expression(typed)
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "CREATE VIRTUAL TABLE search USING fts5 (words, codes, tokenize='unicode61 remove_diacritics 0')"
    )
    connection.execute("INSERT INTO search (words) VALUES (?)", (search_tokens(typed),))
    for query in (expression, f"words : ({expression})"):
        if expression:
            connection.execute("SELECT rowid FROM search WHERE search MATCH ?", (query,)).fetchall()
    connection.close()


# Latin with accents, Greek, Cyrillic, kana, 注音, Chinese of two planes, Hangul, full-width forms, digits, spaces.
MANY_SCRIPTS = st.one_of(
    *(
        st.characters(min_codepoint=first, max_codepoint=last, categories=["Lu", "Ll", "Lo", "Nd"])
        for first, last in (
            (0x30, 0x7A), (0xC0, 0x24F), (0x391, 0x3C9), (0x410, 0x44F), (0x3041, 0x30FA), (0x3105, 0x312F), (0x3400, 0x4DBF),
            (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xFF10, 0xFF5A), (0x20000, 0x2A6D6),
        )
    ),
    st.just(" "),
)  # fmt: skip


@given(name=st.text(MANY_SCRIPTS, min_size=1, max_size=20))
def test_whatever_its_script_a_name_is_found_by_itself(name: str) -> None:
    index = Index()
    index.add(name)
    if match_expression(name):
        assert index.find(name) == [name]
    index.connection.close()


@given(name=st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=2, max_size=12))
def test_every_two_characters_of_any_chinese_name_find_it(name: str) -> None:
    index = Index()
    index.add(name)
    for start in range(len(name) - 1):
        assert index.find(name[start : start + 2]) == [name]
    index.connection.close()


def test_the_words_of_the_query_language_are_words_like_any_other() -> None:
    assert match_expression("綠茶 500") == '"綠 茶" AND "500" *'
    assert match_expression("lc OR NOT(x)") == '"lc" * AND "or" * AND "not" * AND "x" *'


@pytest.mark.parametrize("typed", ["", "   ", "\u3000", "***", "\"'()", "-", "\x00", "🍵", "\u200b"])
def test_a_query_without_a_letter_or_digit_has_no_expression(typed: str) -> None:
    assert match_expression(typed) == ""


def test_a_query_is_cut_to_a_sane_length() -> None:
    assert match_expression("a b " * 500).count("AND") < 20
    assert len(match_expression("茶" * 10_000)) < 4 * QUERY_WORD_LENGTH_MAX


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  臺灣  ＡＢＣ　１２３ ", "台灣 abc 123"),
        ("葱油餅", "蔥油餅"),
        ("Café Crème", "cafe creme"),
        ("STRASSE straße", "strasse strasse"),
        ("綠\u200b茶", "綠茶"),
        ("①②㌔", "12キロ"),
        ("𠮷野家", "吉野家"),
        ("", ""),
    ],
)
def test_folding_leaves_one_way_of_writing(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(text=ANY_TEXT)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("綠茶", ("lc", "ㄌㄔ")),
        ("绿茶", ("lc", "ㄌㄔ")),
        ("烏龍", ("wl", "ㄨㄌ")),
        ("安魚二鹽", ("ayey", "ㄢㄩㄦㄧ")),
        ("牛奶 500ml", ("nn500ml", "ㄋㄋ500ml")),
        ("XO醬", ("xoj", "xoㄐ")),
        ("珍珠", ("zz", "ㄓㄓ")),
        ("臺北", ("tb", "ㄊㄅ")),
        ("abc", ("abc",)),
        ("🍵!", ()),
        ("", ()),
    ],
)
def test_initials_are_the_first_sounds_in_both_scripts(text: str, expected: tuple[str, ...]) -> None:
    assert initials(text) == expected


@pytest.mark.parametrize(
    ("text", "spelt"),
    [
        ("曾", {"z", "c"}),
        ("茄子", {"qz", "jz"}),
        ("餅乾", {"bg", "bq"}),
        ("長棍", {"cg", "zg"}),
        ("酵素", {"xs", "js"}),
        ("垃圾袋", {"lsd", "ljd"}),
        ("檜木", {"km", "gm"}),
    ],
)
def test_a_character_of_two_readings_is_found_by_either(text: str, spelt: set[str]) -> None:
    assert {each for each in initials(text) if each.isascii()} == spelt


def test_a_name_full_of_such_characters_has_few_spellings_the_most_common_first() -> None:
    spelt = initials("曾重長樂區行會車單")
    assert len(spelt) <= 2 * SPELLINGS_MAX
    assert spelt[:2] == ("zzclqxhcd", "ㄗㄓㄔㄌㄑㄒㄏㄔㄉ")


def test_the_most_common_surnames_read_as_in_taiwan() -> None:
    surnames = (
        "陳林黃張李王吳劉蔡楊許鄭謝洪郭邱曾廖賴徐周葉蘇莊江呂何蕭羅高潘簡朱鍾彭游詹胡施沈余盧梁趙顏柯翁魏孫戴"
    )
    expected = "clhzlwwlcyxzxhgqzllxzyszjlhxlgpjzzpyzhssyllzykwwsd"
    assert "".join(initials(surname)[0] for surname in surnames) == expected


def test_typing_needs_no_dictionary_of_readings() -> None:
    program = (
        "import sys; from app.service.phonetics import fold, match_expression\n"
        "match_expression('綠茶 lc ㄌㄔ'); fold('臺')\n"
        "assert 'pypinyin' not in sys.modules\n"
    )
    root = Path(__file__).resolve().parents[2]
    subprocess.run([sys.executable, "-c", program], check=True, cwd=root, env={"PYTHONPATH": str(root)})
