"""What the customer reads on two lines of twenty cells. Amounts are never cut; words are.

Most such displays have no Chinese. Without a code page for it, an article's name becomes what is left of it in ASCII, and where nothing is
left, what else was offered (an article number, the label in English). A money amount is always ASCII.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

COLUMNS: Final = 20
Words = tuple[str, ...]
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

    # Words come as a choice, best first: the first one that this display can write well is taken, or else the last.

    def welcome(self, shop_names: Words, greetings: Words) -> Panel:
        return Panel(self._centred(self._best(shop_names)), self._centred(self._best(greetings)))

    def item(self, names: Words, quantity: str, amount: str) -> Panel:
        """``quantity`` is shown before the amount when it is not one: ``3 x``."""
        count = f"{quantity} x" if quantity not in ("", "1") else ""
        return Panel(self._left(self._best(names)), self._apart(count, amount))

    def total(self, labels: Words, amount: str) -> Panel:
        return Panel(self._left(self._best(labels)), self._apart("", amount))

    def change(self, paid_labels: Words, paid: str, change_labels: Words, change: str) -> Panel:
        return Panel(
            self._apart(self._best(paid_labels), paid), self._apart(self._best(change_labels), change)
        )

    def words(self, upper: str, lower: str) -> Panel:
        return Panel(self._left(upper), self._left(lower))

    def _best(self, choice: Words) -> str:
        return next((words for words in choice if self._reads_well(words)), choice[-1] if choice else "")

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
