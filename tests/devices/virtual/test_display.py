from __future__ import annotations

from devices.virtual.display import Mode, VirtualDisplay
from tests.devices.virtual.till import open_till


def test_an_epson_display_shows_two_lines() -> None:
    with VirtualDisplay.on_pty() as display, open_till(display.address) as till:
        till.write(b"\x1b@\x0cGREEN TEA      NT$50\x1f\x24\x01\x02TOTAL         NT$159")
        assert display.shows("NT$159")
        assert display.lines == ("GREEN TEA      NT$50", "TOTAL         NT$159")
        till.write(b"\x1f\x58\x02\x0b*\x1f\x24\x14\x02!")
        assert display.shows("!")
        assert display.lines == ("*REEN TEA      NT$50", "TOTAL         NT$15!")
        assert display.brightness == 2
        assert display.complaints == ()


def test_a_cd5220_display_shows_two_lines() -> None:
    with VirtualDisplay.on_tcp(mode=Mode.CD5220) as display, open_till(display.address) as till:
        till.write(b"\x0c\x1bQAWELCOME\r\x1bQBTOTAL         NT$159\r")
        assert display.shows("NT$159")
        assert display.lines == ("WELCOME             ", "TOTAL         NT$159")
        till.write(b"\x1bl\x03\x01x\x1b[K?")
        assert display.shows("?")
        assert display.lines == ("WExCOME             ", "TOTAL         NT$15?")
        assert display.complaints == ()


def test_a_character_behind_the_last_cell_comes_to_the_first() -> None:
    with VirtualDisplay.on_tcp() as display, open_till(display.address) as till:
        till.write(b"a" * 40 + b"b")
        assert display.shows("ba")
        assert display.cursor == (2, 1)


def test_a_display_that_is_told_something_else_says_so() -> None:
    with VirtualDisplay.on_tcp(mode=Mode.CD5220) as display, open_till(display.address) as till:
        till.write(b"\x1f\x24\x01\x01\x1bQA" + b"x" * 21 + b"\rok")
        assert display.shows("ok")
        assert display.complaints[0] == b"\x1f\x24"
        assert display.complaints[-1] == b"\x1bQA" + b"x" * 21 + b"\r"


def test_a_display_in_chinese_decodes_its_code_page() -> None:
    with VirtualDisplay.on_tcp(codec="cp950") as display, open_till(display.address) as till:
        till.write("合計".encode("cp950"))
        assert display.shows("合計")


def test_a_line_in_pieces_is_put_together() -> None:
    with VirtualDisplay.on_tcp() as display, open_till(display.address) as till:
        for byte in b"\x0c\x1f\x24\x05\x02HI":
            till.write(bytes((byte,)))
        assert display.shows("HI")
        assert display.lines[1] == "    HI              "
