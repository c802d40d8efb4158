"""How many cells of a receipt's grid a text takes, and cutting and breaking text to fit.

A cell is half a Chinese character. Nothing here ever parts a character from the marks that belong to it: the smallest
piece is a cluster (a base character with its combining marks, variation selectors and joined emoji).

East Asian Width (Unicode annex 11) gives wide and full-width characters two cells. Of those it calls ambiguous, letters,
Latin-1 signs and the apostrophe (é × ’) take one, signs that need the room (① → ℃) take two, and the punctuation that
Chinese and English share (“ ” … —) takes what the caller says. For text that a printer sets in its own font the caller
names its code page instead, and every character that is in it takes what it takes there.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Final

from app.domain.receipt import Align
from devices.code_page import width_in

Ambiguity = int | str
"""The width of ambiguous punctuation, 1 or 2; or a code page (`devices.code_page`)."""

ELLIPSIS: Final = "…"

CLOSING: Final = frozenset("，。、；：！？．·‧…—～）〕】］｝〉》」』’”﹐﹑﹒﹔﹕﹖﹗﹚﹜﹞%％‰℃々ー,.!?:;)]}")
"""What may not begin a line."""

OPENING: Final = frozenset("（〔【［｛〈《「『‘“﹙﹛﹝＄￥([{")
"""What may not end a line."""

_ZERO_WIDTH_JOINER: Final = "\u200d"
_NO_WIDTH: Final = frozenset({"Mn", "Me", "Cf", "Cc", "Cs", "Zl", "Zp"})


def cell_width(text: str, *, ambiguous: Ambiguity = 2) -> int:
    """The cells that a text without line ends takes. `ambiguous` is an `Ambiguity`."""
    if text.isascii() and text.isprintable():
        return len(text)
    return sum(_cluster_width(cluster, ambiguous) for cluster in clusters(text))


def clusters(text: str) -> Iterator[str]:
    """The pieces of a text that are never parted."""
    start = 0
    for index in range(1, len(text)):
        if not _belongs(text[index - 1], text[index]):
            yield text[start:index]
            start = index
    if text:
        yield text[start:]


def truncate(text: str, cells: int, *, ambiguous: Ambiguity = 2, ellipsis: str = ELLIPSIS) -> str:
    """The text when it fits; else as much of its beginning as fits with the ellipsis behind it."""
    if cell_width(text, ambiguous=ambiguous) <= cells:
        return text
    room = cells - cell_width(ellipsis, ambiguous=ambiguous)
    if room < 0:
        return ""
    return _head(text, room, ambiguous).rstrip() + ellipsis


def pad(text: str, cells: int, align: Align = Align.LEFT, *, ambiguous: Ambiguity = 2) -> str:
    """The text with spaces around it so that it takes exactly `cells`; a text that is wider comes back as it is."""
    spare = max(0, cells - cell_width(text, ambiguous=ambiguous))
    match align:
        case Align.LEFT:
            return text + " " * spare
        case Align.RIGHT:
            return " " * spare + text
        case Align.CENTER:
            return " " * (spare // 2) + text + " " * (spare - spare // 2)


def wrap(text: str, cells: int, *, ambiguous: Ambiguity = 2) -> list[str]:
    """The text as lines of at most `cells` (2 or more), broken at spaces and between Chinese characters.

    Closing punctuation never begins a line and opening punctuation never ends one, unless a single word with its
    punctuation is wider than a line. Spaces at a break are dropped; those that begin a line indent what follows it.
    """
    assert cells >= 2
    return [line for paragraph in text.split("\n") for line in _wrapped(paragraph, cells, ambiguous)]


def longest_word(text: str, *, ambiguous: Ambiguity = 2) -> int:
    """The cells of the widest piece of a text that `wrap` breaks only when it must."""
    return max((cell_width(word, ambiguous=ambiguous) for word in _words(text.replace("\n", " "))), default=0)


def _wrapped(paragraph: str, cells: int, ambiguous: Ambiguity) -> Iterator[str]:
    paragraph = paragraph.rstrip()
    if cell_width(paragraph, ambiguous=ambiguous) <= cells:
        yield paragraph
        return
    body = paragraph.lstrip(" ")
    indent = " " * min(len(paragraph) - len(body), cells // 2)
    room = cells - len(indent)
    line, used = "", 0
    for word in _words(body):
        width = cell_width(word, ambiguous=ambiguous)
        if used + width <= room or (word.isspace() and line):
            line, used = line + word, used + width
            continue
        if line:
            yield (indent + line).rstrip()
        *full, line = _chopped(word, room, ambiguous)
        yield from (indent + piece for piece in full)
        used = cell_width(line, ambiguous=ambiguous)
    if line.strip():
        yield (indent + line).rstrip()


def _words(text: str) -> Iterator[str]:
    """The pieces between which a line may break. A run of spaces is a piece of its own."""
    word = ""
    for left, right in pairwise(["", *clusters(text)]):
        if left and _may_break(left, right):
            yield word
            word = ""
        word += right
    if word:
        yield word


def _may_break(left: str, right: str) -> bool:
    if left == " " or right == " ":
        return left != right
    if right[0] in CLOSING or left[0] in OPENING:
        return False
    return _is_wide(left[0]) or _is_wide(right[0])


def _chopped(word: str, cells: int, ambiguous: Ambiguity) -> list[str]:
    """A word in pieces that each fit a line; most words are one."""
    if word.isspace():
        return [""]
    pieces = []
    while cell_width(word, ambiguous=ambiguous) > cells:
        piece = _head(word, cells, ambiguous) or next(clusters(word))
        pieces.append(piece)
        word = word[len(piece) :]
    return [*pieces, word]


def _head(text: str, cells: int, ambiguous: Ambiguity) -> str:
    """The longest beginning of a text that fits."""
    length = used = 0
    for cluster in clusters(text):
        used += _cluster_width(cluster, ambiguous)
        if used > cells:
            break
        length += len(cluster)
    return text[:length]


def _cluster_width(cluster: str, ambiguous: Ambiguity) -> int:
    return max(_character_width(character, ambiguous) for character in cluster)


@lru_cache(maxsize=8192)
def _character_width(character: str, ambiguous: Ambiguity) -> int:
    category = unicodedata.category(character)
    if category in _NO_WIDTH or "\u1160" <= character <= "\u11ff":
        return 0
    if isinstance(ambiguous, str):
        width = width_in(character, ambiguous)
        if width is not None:
            return width
        ambiguous = 2
    match unicodedata.east_asian_width(character):
        case "W" | "F":
            return 2
        case "A" if not category.startswith("L") and character > "\xff" and character not in "‘’":
            return ambiguous if category.startswith("P") else 2
        case _:
            return 1


def _is_wide(character: str) -> bool:
    return _character_width(character, 1) == 2


def _belongs(left: str, right: str) -> bool:
    """Whether the right character stays with the left one: a mark, a joined emoji, a skin tone."""
    if "\U0001f3fb" <= right <= "\U0001f3ff":
        return True
    if left == _ZERO_WIDTH_JOINER:
        return not right.isascii() and not right.isspace()
    return _character_width(right, 1) == 0 and right != "\n"
