from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.domain.receipt import Align, Band, Cell, ReceiptDocument, Row, Rule, Text
from devices.layout import Page, RuleLine, Run, TextLine, lay_out
from devices.render.text import render_text
from devices.width import cell_width
from tests.devices.documents import documents
from tests.devices.sample import receipt

columns_of_paper = st.integers(16, 64)


def page(*nodes: object, columns: int = 48, language: str = "zh_TW") -> Page:
    return lay_out(ReceiptDocument(nodes, language, "sale"), columns)  # type: ignore[arg-type]


def runs(laid: Page) -> list[tuple[Run, int]]:
    """Every run of a page with the size of its line."""
    found: list[tuple[Run, int]] = []
    for line in laid.lines:
        if isinstance(line, TextLine):
            found += [(run, line.size) for run in line.runs]
        if isinstance(line, RuleLine) and line.label:
            found.append((line.label, 1))
    return found


def written(laid: Page) -> list[list[str]]:
    return [[run.text for run in line.runs] for line in laid.lines if isinstance(line, TextLine)]


@given(documents, columns_of_paper)
def test_nothing_is_laid_out_beyond_the_paper(document: ReceiptDocument, columns: int) -> None:
    laid = lay_out(document, columns)
    for run, size in runs(laid):
        assert run.column >= 0
        assert run.column + run.cells <= columns
        assert cell_width(run.text, ambiguous=laid.ambiguous) * size <= run.cells


@given(documents, columns_of_paper)
def test_no_two_runs_of_a_line_overlap(document: ReceiptDocument, columns: int) -> None:
    for line in lay_out(document, columns).lines:
        if isinstance(line, TextLine):
            assert all(a.column + a.cells <= b.column for a, b in pairwise(line.runs))


@given(documents, columns_of_paper)
def test_every_word_of_a_document_is_laid_out(document: ReceiptDocument, columns: int) -> None:
    laid = sorted("".join(run.text for run, _ in runs(lay_out(document, columns))))
    said = ""
    for node in document.nodes:
        if isinstance(node, Text | Band):
            said += node.text
        if isinstance(node, Row):
            said += "".join(cell.text for cell in node.cells)
    missing = list(laid)
    for character in "".join(said.split()):
        missing.remove(character)


@given(st.text("御茶園 綠茶abc（）", max_size=50), st.integers(0, 10**9), st.sampled_from([32, 42, 48]))
def test_an_amount_is_whole_and_at_the_right_edge(name: str, amount: int, columns: int) -> None:
    row = Row((Cell(name), Cell("2", Align.RIGHT, 3), Cell(f"{amount:,}", Align.RIGHT, 7)))
    laid = page(row, columns=columns)
    (run,) = [
        run
        for run, _ in runs(laid)
        if run.text == f"{amount:,}" and run.align is Align.RIGHT and run.column > 3
    ]
    assert run.column + run.cells == columns


def test_a_long_name_wraps_beside_its_amount() -> None:
    row = Row(
        (Cell("手工鳳梨酥禮盒（10 入，附提袋）"), Cell("1", Align.RIGHT, 4), Cell("420", Align.RIGHT, 7))
    )
    assert written(page(row, columns=40)) == [["手工鳳梨酥禮盒（10 入，附提", "1", "420"], ["袋）"]]


def test_a_name_that_would_be_cramped_stands_above_its_amount() -> None:
    cells = (
        Cell("阿里山高山烏龍茶"),
        Cell("1", Align.RIGHT, 4),
        Cell("380", Align.RIGHT, 6),
        Cell("380", Align.RIGHT, 7),
    )
    laid = page(Row(cells), columns=32)
    assert written(laid) == [["阿里山高山烏龍茶"], ["1", "380", "380"]]
    assert [run.column + run.cells for run, _ in runs(laid)][1:] == [17, 24, 32]


def test_an_amount_wider_than_its_column_takes_the_room_from_the_name() -> None:
    row = Row((Cell("金條"), Cell("1,234,567,890", Align.RIGHT, 5)))
    assert written(page(row, columns=20)) == [["金條", "1,234,567,890"]]


def test_large_words_count_double() -> None:
    laid = page(Text("好日子選物店好日子", Align.CENTER, size=2), columns=32)
    assert written(laid) == [["好日子選物"], ["店好日子"]]


def test_a_centred_paragraph_ends_without_a_lonely_word() -> None:
    laid = page(Text("商品如需退換，請於七日內攜帶本明細辦理。", Align.CENTER), columns=38)
    assert [len(text) for (text,) in written(laid)] == [10, 10]


def test_a_label_that_is_too_long_for_its_rule_is_cut() -> None:
    (line,) = page(Rule(label="很長" * 30), columns=32).lines
    assert isinstance(line, RuleLine)
    assert line.label is not None
    assert line.label.text.endswith("很長…")


def test_quotes_are_wide_in_chinese_and_narrow_in_english() -> None:
    assert page(Text("“a”"), language="zh_CN").ambiguous == 2
    assert page(Text("“a”"), language="en").ambiguous == 1


def test_chinese_and_numbers_end_at_the_same_column() -> None:
    for columns in (32, 48):
        lines = render_text(receipt("zh_TW"), columns).splitlines()
        amounts = [
            line
            for line in lines
            if line.endswith(("1,616", "-81", "NT$1,535", "73", "2,000", "565", "林小美"))
        ]
        assert len(amounts) == 7
        assert {cell_width(line) for line in amounts} == {columns}
