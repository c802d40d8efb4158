"""What the customer reads on two lines of twenty cells. Amounts are never cut; words are.

Most such displays have no Chinese. Without a code page for it, an article's name becomes what is left of it in ASCII, and where nothing is
left, its article number. A money amount is always ASCII.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

COLUMNS: Final = 20
CODE_PAGES: Final = ("ascii", "cp950", "gb18030", "cp437", "shift_jis")


@dataclass(frozen=True, slots=True)
class Panel:
    """The two lines, already as the display's bytes, each exactly twenty cells."""

    upper: bytes
    lower: bytes

    def __post_init__(self) -> None:
        assert len(self.upper) == len(self.lower) == COLUMNS


class Composer:
    """Words for one display. In a double-byte code page a cell is a byte, so the encoder decides about widths."""

    def __init__(self, code_page: str = "ascii") -> None:
        assert code_page in CODE_PAGES
        self._code_page = code_page

    def welcome(self, shop_name: str, greeting: str) -> Panel:
        return Panel(self._centred(shop_name), self._centred(greeting))

    def item(self, name: str, sku: str, quantity: str, amount: str) -> Panel:
        """``quantity`` is shown before the amount when it is not one: ``3 x``."""
        words = name if self._reads_well(name) else sku
        return Panel(
            self._left(words), self._apart(f"{quantity} x" if quantity not in ("", "1") else "", amount)
        )

    def total(self, label: str, amount: str) -> Panel:
        return Panel(self._left(label), self._apart("", amount))

    def change(self, paid_label: str, paid: str, change_label: str, change: str) -> Panel:
        return Panel(self._apart(paid_label, paid), self._apart(change_label, change))

    def words(self, upper: str, lower: str) -> Panel:
        return Panel(self._left(upper), self._left(lower))

    def _reads_well(self, text: str) -> bool:
        """Whether enough of the text is left to know it by."""
        wanted = sum(character.isalnum() for character in text)
        left = sum(character.isalnum() for character in self._folded(text))
        return left >= 2 and left * 2 >= wanted

    def _left(self, text: str) -> bytes:
        return self._cut(text, COLUMNS).ljust(COLUMNS)

    def _centred(self, text: str) -> bytes:
        return self._cut(text, COLUMNS).center(COLUMNS)

    def _apart(self, left: str, right: str) -> bytes:
        """Words at the left edge, the amount whole at the right one."""
        amount = self._cut(right, COLUMNS)
        words = self._cut(left, max(0, COLUMNS - len(amount) - 1))
        return words.ljust(COLUMNS - len(amount)) + amount

    def _cut(self, text: str, cells: int) -> bytes:
        """As many whole characters as fit."""
        made = b""
        for character in self._folded(text):
            encoded = character.encode(self._code_page)
            if len(made) + len(encoded) > cells:
                break
            made += encoded
        return made

    def _folded(self, text: str) -> str:
        """Only characters that the display has. Never a question mark in the place of one it has not."""
        return " ".join("".join(self._one(character) for character in text).split())

    def _one(self, character: str) -> str:
        if character.isspace():
            return " "
        for candidate in (character, unicodedata.normalize("NFKC", character), *_plain(character)):
            if candidate.isprintable() and self._has(candidate):
                return candidate
        return ""

    def _has(self, text: str) -> bool:
        try:
            encoded = text.encode(self._code_page)
        except UnicodeEncodeError:
            return False
        # A display has two-byte characters; the four bytes of a rare one would be four strange signs.
        return len(encoded) <= 2 * len(text) and min(encoded, default=32) >= 0x20


def _plain(character: str) -> tuple[str, ...]:
    """``é`` as ``e``, ``，`` as ``,``."""
    letters = "".join(
        part for part in unicodedata.normalize("NFKD", character) if not unicodedata.combining(part)
    )
    return (letters, _SIGNS.get(character, ""))


_SIGNS: Final = {
    "、": ",",
    "。": ".",
    "「": '"',
    "」": '"',
    "×": "x",
    "・": ".",
    "—": "-",
    "–": "-",
    "…": "...",
}
