"""The characters in a virtual printer's memory. No command tells which code page they are in: the ROM it was sold with does."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

MISSING: Final = "\ufffd"

_TABLES: Final = {
    0: "cp437", 2: "cp850", 3: "cp860", 4: "cp863", 5: "cp865", 16: "cp1252", 17: "cp866", 18: "cp852", 19: "cp858",
}  # fmt: skip
"""ESC t: the single-byte tables that most printers number alike."""


@dataclass(frozen=True, slots=True)
class Rom:
    """``codec``: "none", "cp950", "gb18030" or "utf8". A UTF-8 printer has the characters of both Chinese code pages."""

    codec: str = "none"

    def __post_init__(self) -> None:
        assert self.codec in ("none", "cp950", "gb18030", "utf8")

    def decoded(
        self, data: bytes, *, is_double_byte: bool, is_utf8: bool, code_table: int
    ) -> Iterator[tuple[str, bool]]:
        """Stretches of characters and whether they take two cells. What the font lacks is U+FFFD."""
        if is_utf8 and self.codec == "utf8":
            text = data.decode("utf-8", "replace")
            characters = [(self._owned(character), _is_wide(character)) for character in text]
        elif is_double_byte and self.codec in ("cp950", "gb18030"):
            text = data.decode(self.codec, "replace")
            # A character outside ASCII takes two bytes, and as many cells as bytes.
            characters = [(self._owned(character), not character.isascii()) for character in text]
        else:
            table = _TABLES.get(code_table, "cp437")
            characters = [(character, False) for character in data.decode(table, "replace")]
        for is_wide, group in groupby(characters, key=lambda one: one[1]):
            yield "".join(character for character, _ in group), is_wide

    def _owned(self, character: str) -> str:
        """The character when there is a glyph for it. GB18030's four-byte characters are rarely in a printer."""
        pages = (
            ("cp950",) if self.codec == "cp950" else ("gbk",) if self.codec == "gb18030" else ("cp950", "gbk")
        )
        for page in pages:
            try:
                character.encode(page)
            except UnicodeEncodeError:
                continue
            return character
        return MISSING


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"
