from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.receipt import Align, Cell, ReceiptDocument, Row, mark_as_training
from app.i18n import LANGUAGES
from devices.render.text import render_text
from devices.width import cell_width
from tests.devices.documents import documents
from tests.devices.sample import QR_DATA, receipt


@given(documents, st.integers(16, 60))
def test_no_line_is_wider_than_the_columns(document: ReceiptDocument, columns: int) -> None:
    ambiguous = 2 if document.language.startswith("zh") else 1
    for line in render_text(document, columns).split("\n"):
        assert cell_width(line, ambiguous=ambiguous) <= columns


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_says_what_the_receipt_says(language: str) -> None:
    text = render_text(receipt(language))
    for said in ("NT$1,535", "0912-***-678", "7f3a 91c2", QR_DATA, "02-2362-5678", "12345675"):
        assert said in text


def test_a_row_reads_from_left_to_right() -> None:
    row = Row((Cell("綠茶"), Cell("2", Align.RIGHT, 4), Cell("70", Align.RIGHT, 7)))
    assert render_text(ReceiptDocument((row,), "zh_TW", "sale"), 20) == "綠茶       2      70\n"


def test_large_words_keep_their_place() -> None:
    row = Row((Cell("總計"), Cell("99", Align.RIGHT)), size=2)
    assert render_text(ReceiptDocument((row,), "zh_TW", "sale"), 20) == "總計              99\n"


def test_a_training_slip_says_so_on_every_rule() -> None:
    lines = render_text(mark_as_training(receipt("zh_TW"), ["練習"])).splitlines()
    stamped = [line for line in lines if "練習" in line]
    assert len(stamped) == 2 + 6
    assert not any(set(line) == {"-"} for line in lines)
