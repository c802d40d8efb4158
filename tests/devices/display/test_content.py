"""Two lines of twenty cells: amounts whole, words cut at characters, and never a question mark for a sign the display has not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.display.commands import DisplayCommands, behind_printer, ready, show
from devices.display.content import CODE_PAGES, COLUMNS, Composer, Panel


def test_an_item_is_its_name_and_its_price() -> None:
    panel = Composer().item(("Green tea 600 ml, cold brewed", "TEA"), "3", "NT$105")
    assert panel == Panel(b"Green tea 600 ml, co", b"3 x           NT$105")


def test_one_piece_needs_no_count() -> None:
    assert Composer().item(("Soap", "S1"), "1", "NT$35").lower == b"               NT$35"


def test_a_name_that_the_display_cannot_write_becomes_the_article_number() -> None:
    assert Composer().item(("冷泡綠茶", "TEA-600"), "1", "NT$35").upper.strip() == b"TEA-600"
    assert Composer().item(("綠茶 Green", "TEA-600"), "1", "NT$35").upper.strip() == b"Green"


def test_a_display_with_chinese_cuts_between_characters() -> None:
    panel = Composer("cp950").item(("冷泡綠茶大瓶家庭號十二入裝", "TEA"), "1", "NT$35")
    assert panel.upper.decode("cp950") == "冷泡綠茶大瓶家庭號十"
    assert len(panel.upper) == COLUMNS


def test_a_character_that_the_code_page_lacks_is_left_out() -> None:
    assert Composer("cp950").words("堃記茶行", "").upper.decode("cp950").strip() == "記茶行"
    assert Composer().words("Café № 5。", "").upper.strip() == b"Cafe No 5."


def test_total_change_and_welcome() -> None:
    composer = Composer()
    assert composer.total(("Total",), "NT$1,250") == Panel(b"Total               ", b"            NT$1,250")
    assert composer.change(("Cash",), "NT$2,000", ("Change",), "NT$750") == Panel(
        b"Cash        NT$2,000", b"Change        NT$750"
    )
    assert composer.welcome(("Good Days",), ("Welcome",)) == Panel(
        b"     Good Days      ", b"      Welcome       "
    )


@given(st.text(max_size=40), st.text(max_size=40), st.sampled_from(CODE_PAGES))
def test_whatever_the_words_each_line_has_twenty_cells_and_no_control_in_it(
    upper: str, lower: str, code_page: str
) -> None:
    panel = Composer(code_page).words(upper, lower)
    for line in (panel.upper, panel.lower):
        assert len(line) == COLUMNS
        assert min(line) >= 0x20
        line.decode(code_page)


@given(st.text(max_size=30), st.integers(0, 99_999_999))
def test_an_amount_is_never_cut(label: str, amount: int) -> None:
    text = f"NT${amount:,}"
    assert Composer().change((label,), text, (label,), text).lower.endswith(text.encode())


@pytest.mark.parametrize(
    ("commands", "expected"),
    [
        (DisplayCommands.EPSON, b"\x1f\x24\x01\x01" + b"A".ljust(20) + b"\x1f\x24\x01\x02" + b"B".ljust(20)),
        (DisplayCommands.CD5220, b"\x1bQA" + b"A".ljust(20) + b"\r\x1bQB" + b"B".ljust(20) + b"\r"),
    ],
)
def test_a_panel_in_the_bytes_of_either_family(commands: DisplayCommands, expected: bytes) -> None:
    assert show(commands, Composer().words("A", "B")) == expected


def test_a_display_is_made_ready_in_its_own_words() -> None:
    assert ready(DisplayCommands.EPSON, 3) == b"\x1b@\x0c\x1f\x58\x03"
    assert ready(DisplayCommands.CD5220, 3) == b"\x1b@\x0c\x1b*\x03"


def test_behind_a_printer_the_printer_always_gets_its_ear_back() -> None:
    assert behind_printer(b"x") == b"\x1b=\x02x\x1b=\x01"
