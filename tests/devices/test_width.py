from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.receipt import Align, printable
from devices.width import CLOSING, OPENING, cell_width, clusters, pad, truncate, wrap
from tests.devices.documents import texts

lines = texts.map(lambda text: printable(text).replace("\n", ""))
widths = st.integers(2, 60)
ambiguous_widths = st.sampled_from([1, 2])


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("", 0),
        ("NT$1,234", 8),
        ("總計", 4),
        ("堃𠮷", 4),
        ("ｱｲｽｺｰﾋｰ", 7),
        ("ﾀﾞ", 2),
        ("（，。」", 8),
        ("Café", 4),
        ("Cafe\u0301", 4),
        ("é×°±", 4),
        ("①→℃", 6),
        ("☕🧋", 4),
        ("👨\u200d👩\u200d👧", 2),
        ("👍🏽", 2),
        ("Lay’s", 5),
        ("한국", 4),
    ],
)
def test_cells_are_counted_as_they_are_printed(text: str, cells: int) -> None:
    assert cell_width(text) == cells


def test_shared_punctuation_is_as_wide_as_the_language_has_it() -> None:
    assert cell_width("“a”…—", ambiguous=2) == 9
    assert cell_width("“a”…—", ambiguous=1) == 5


@given(lines)
def test_clusters_are_the_whole_text_in_order(text: str) -> None:
    assert "".join(clusters(text)) == text


@given(lines, widths, ambiguous_widths)
def test_a_truncated_text_fits_and_begins_like_the_whole(text: str, cells: int, ambiguous: int) -> None:
    short = truncate(text, cells, ambiguous=ambiguous)
    assert cell_width(short, ambiguous=ambiguous) <= cells
    assert text.startswith(short) or (short.endswith("…") and text.startswith(short[:-1]))


def test_a_truncated_text_never_parts_a_character() -> None:
    assert truncate("御茶園", 5) == "御…"
    assert truncate("a👨\u200d👩\u200d👧bcd", 4) == "a…"
    assert truncate("ae\u0301iou", 4, ambiguous=1) == "ae\u0301i…"


@given(lines, widths, st.sampled_from(Align), ambiguous_widths)
def test_a_padded_text_is_exactly_as_wide_as_asked(
    text: str, cells: int, align: Align, ambiguous: int
) -> None:
    assume(cell_width(text, ambiguous=ambiguous) <= cells)
    padded = pad(text, cells, align, ambiguous=ambiguous)
    assert cell_width(padded, ambiguous=ambiguous) == cells
    assert text in padded


@given(texts.map(printable), widths, ambiguous_widths)
def test_no_wrapped_line_is_wider_than_the_paper(text: str, cells: int, ambiguous: int) -> None:
    for line in wrap(text, cells, ambiguous=ambiguous):
        assert cell_width(line, ambiguous=ambiguous) <= cells


@given(texts.map(printable), widths, ambiguous_widths)
def test_wrapping_loses_nothing_but_spaces(text: str, cells: int, ambiguous: int) -> None:
    wrapped = "".join(wrap(text, cells, ambiguous=ambiguous))
    assert "".join(wrapped.split()) == "".join(text.split())


@given(
    st.lists(st.sampled_from(["永", "和，", "「豆", "漿」", "（好）", "a1", "茶。」"])).map("".join),
    st.integers(8, 40),
)
def test_punctuation_stays_with_the_words_it_belongs_to(text: str, cells: int) -> None:
    wrapped = wrap(text, cells)
    assert all(line[0] not in CLOSING for line in wrapped[1:])
    assert all(line[-1] not in OPENING for line in wrapped[:-1])


def test_a_full_stop_takes_its_character_along_to_the_next_line() -> None:
    assert wrap("歡迎光臨好日子。", 14) == ["歡迎光臨好日", "子。"]
    assert wrap("請看「明細」再走", 6) == ["請看", "「明", "細」再", "走"]


def test_words_and_numbers_are_not_torn_apart() -> None:
    assert wrap("Returns within 7 days", 12) == ["Returns", "within 7", "days"]
    assert wrap("售價NT$1,250元", 8) == ["售價", "NT$1,250", "元"]


def test_a_word_wider_than_the_paper_is_cut_into_lines() -> None:
    assert wrap("ABCDEFGHIJ", 4) == ["ABCD", "EFGH", "IJ"]


def test_what_follows_an_indented_beginning_is_indented_too() -> None:
    assert wrap("  買二送一 任選兩件", 12) == ["  買二送一", "  任選兩件"]


def test_line_ends_and_empty_lines_stay() -> None:
    assert wrap("a\n\nb   ", 10) == ["a", "", "b"]
