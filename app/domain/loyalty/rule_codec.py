"""Rule sets as plain JSON and back. The reader trusts nothing: a field it does not know, a wrong type or an impossible value is refused.

A field that holds its default is left out; the defaults are part of the stored format and never change. :class:`Reader` is what the
codecs of each area read with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from typing import Any, Final, TypeVar
from uuid import UUID

from app.domain.codec_parts import DAMAGE
from app.domain.errors import Refused
from app.domain.ids import CategoryId, ItemId
from app.domain.loyalty.points_rules import NO_GOODS, Goods
from app.domain.loyalty.term import NEVER, Term, TermKind

Plain = dict[str, Any]
Value = TypeVar("Value")
Word = TypeVar("Word", bound=StrEnum)

FORMAT: Final = 1
NAME_MAX: Final = 80
LIST_MAX: Final = 20_000


class Reader:
    """One object of the JSON. ``place`` says where it stands, for the refusal. Read every field, then :meth:`done`."""

    def __init__(self, plain: object, place: str = "") -> None:
        self.place = place
        if type(plain) is not dict:
            raise damaged(place)
        self._left: dict[str, Any] = dict(plain)

    def whole(self, key: str, default: int | None = None, *, least: int = 0, most: int = 10**12) -> int:
        """A whole number; without a default it must be there."""
        value = self._take(key, default)
        if type(value) is not int or not least <= value <= most:
            raise damaged(self._at(key))
        return value

    def whole_or_none(self, key: str, *, least: int = 0) -> int | None:
        return self.whole(key, least=least) if key in self._left else None

    def flag(self, key: str, default: bool = False) -> bool:
        value = self._take(key, default)
        if type(value) is not bool:
            raise damaged(self._at(key))
        return value

    def text(self, key: str, default: str | None = "", *, most: int = NAME_MAX) -> str:
        value = self._take(key, default)
        if type(value) is not str or len(value) > most:
            raise damaged(self._at(key))
        return value

    def word(self, key: str, kind: type[Word], default: Word | None = None) -> Word:
        try:
            return kind(self.text(key, None if default is None else default._value_))
        except ValueError as error:
            raise damaged(self._at(key)) from error

    def day(self, key: str) -> date | None:
        if key not in self._left:
            return None
        try:
            return date.fromisoformat(self.text(key))
        except ValueError as error:
            raise damaged(self._at(key)) from error

    def list(self, key: str, read: Callable[[object, str], Value]) -> tuple[Value, ...]:
        """Each element is read by ``read(plain, place)``."""
        value = self._take(key, [])
        if type(value) is not list or len(value) > LIST_MAX:
            raise damaged(self._at(key))
        return tuple(read(one, f"{self._at(key)}.{index}") for index, one in enumerate(value, 1))

    def part(self, key: str, read: Callable[[object, str], Value], default: Value | None = None) -> Value:
        """An object within this one. Without a default it must be there."""
        if key not in self._left and default is not None:
            return default
        return read(self._take(key, None), self._at(key))

    def done(self) -> None:
        """Nothing is left over: a field nobody knows might have meant something."""
        for key in self._left:
            raise damaged(self._at(key))

    def _take(self, key: str, default: object) -> Any:
        return self._left.pop(key, default)

    def _at(self, key: str) -> str:
        return f"{self.place}.{key}" if self.place else key


def damaged(place: str) -> Refused:
    return Refused("rules_damaged", place=place or "{}")


@contextmanager
def possible(place: str) -> Iterator[None]:
    """Values that the domain itself refuses are damage as well: made within this, they are told by their place."""
    try:
        yield
    except DAMAGE as error:
        raise damaged(place) from error


def head(reader: Reader) -> None:
    """Raises Refused("record_newer") for a format of a later program."""
    if reader.whole("v", least=1) > FORMAT:
        raise Refused("record_newer")


def without_defaults(plain: Mapping[str, object]) -> Plain:
    """Leaves out what says nothing. A nought that is a default is handed in as None."""
    return {
        key: value
        for key, value in plain.items()
        if value is not None and value is not False and value not in ("", [], {})
    }


# --- parts that several areas share -----------------------------------------------------------------------------------


def text_element(plain: object, place: str) -> str:
    if type(plain) is not str or not plain or len(plain) > NAME_MAX:
        raise damaged(place)
    return plain


def whole_element(plain: object, place: str) -> int:
    if type(plain) is not int:
        raise damaged(place)
    return plain


def id_element(plain: object, place: str) -> UUID:
    try:
        return UUID(hex=text_element(plain, place))
    except ValueError as error:
        raise damaged(place) from error


def goods_to_plain(goods: Goods) -> Plain:
    return without_defaults(
        {
            "items": sorted(one.hex for one in goods.items),
            "categories": sorted(one.hex for one in goods.categories),
        }
    )


def goods_from_plain(plain: object, place: str) -> Goods:
    reader = Reader(plain, place)
    items = frozenset(ItemId(one) for one in reader.list("items", id_element))
    categories = frozenset(CategoryId(one) for one in reader.list("categories", id_element))
    reader.done()
    return Goods(items, categories) if items or categories else NO_GOODS


def term_to_plain(term: Term) -> list[object]:
    return [term.kind._value_, term.count]


def term_from_plain(plain: object, place: str) -> Term:
    if type(plain) is not list or len(plain) != 2 or type(plain[1]) is not int:
        raise damaged(place)
    with possible(place):
        term = Term(TermKind(plain[0]), plain[1])
    return NEVER if term == NEVER else term


def days_to_plain(starts_on: date | None, ends_on: date | None) -> Plain:
    return without_defaults(
        {
            "from": None if starts_on is None else starts_on.isoformat(),
            "to": None if ends_on is None else ends_on.isoformat(),
        }
    )
