"""The Chinese code pages of receipt printers: which characters a printer's own font surely has, and their bytes.

A character that is only perhaps in the font is not in the page: its line is sent as a picture, and nobody ever reads a question mark.

    cp950   Big5 as printers sold in Taiwan have it (裏 恒 碁 銹 are in it, and not in Python's ``big5``)
    gbk     the one- and two-byte part of GB18030; the four-byte part is in few printers
    utf8-tc  utf8-sc   the wide characters of cp950 or gbk, sent as UTF-8: what is narrow beyond ASCII differs from model to model
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

_SENT_AS: Final = str.maketrans({
    "\u00a0": " ", "\u2002": " ", "\u2009": " ", "\u202f": " ",
    "\u00ad": None, "\u200b": None, "\u200e": None, "\u200f": None, "\u2060": None, "\ufeff": None,
    "\u2010": "-", "\u2011": "-", "\u2212": "-", "¥": "￥",
})  # fmt: skip
"""Signs that the pages have in another form that reads the same."""


def page_of(codec: str, language: str) -> str:
    """The page for a printer's codec and a paper's language; ``""`` where the printer has no Chinese."""
    match codec:
        case "cp950":
            return "cp950"
        case "gb18030":
            return "gbk"
        case "utf8":
            return "utf8-sc" if language.replace("-", "_") == "zh_CN" else "utf8-tc"
        case _:
            return ""


def encoded(text: str, page: str) -> bytes | None:
    """The text's bytes; None when the page lacks one of its characters."""
    if text.isascii() and text.isprintable():
        return text.encode("ascii")
    pieces = [_encoded_character(character, page) for character in text]
    return None if None in pieces else b"".join(piece or b"" for piece in pieces)


def width_in(character: str, page: str) -> int | None:
    """The cells it takes in the printer's own font; None when the page lacks it."""
    data = _encoded_character(character, page)
    if data is None:
        return None
    # In a double-byte page a character takes as many cells as bytes.
    return len(data) if not page.startswith("utf8") else sum(2 - (byte < 0x80) for byte in data[:1])


@lru_cache(maxsize=16_384)
def _encoded_character(character: str, page: str) -> bytes | None:
    sent = character.translate(_SENT_AS)
    if sent.isascii():
        return sent.encode("ascii") if sent.isprintable() else None
    is_utf8 = page.startswith("utf8")
    try:
        data = sent.encode({"utf8-tc": "cp950", "utf8-sc": "gbk"}.get(page, page))
    except UnicodeEncodeError:
        return None
    if not is_utf8:
        return data
    return sent.encode() if unicodedata.east_asian_width(sent) in "WF" else None
