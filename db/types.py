"""How values lie in the till's file, in both directions.

    id             BLOB, 16 bytes        hash             BLOB, 32 bytes
    instant        INTEGER, UTC ms       business date    INTEGER, 20261121
    money          INTEGER, minor units  quantity         INTEGER, thousandths
    truth          INTEGER, 0 or 1       one of a few     TEXT, the StrEnum's value

Nothing here imports SQLAlchemy: the till starts, sells and prints without it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar
from uuid import UUID, SafeUUID

Id = TypeVar("Id")


def date_number(day: date) -> int:
    """``20261121``: sorts like the date, takes four bytes, and a person can read it."""
    return day.year * 10_000 + day.month * 100 + day.day


def number_date(number: int) -> date:
    return date(number // 10_000, number // 100 % 100, number % 100)


def date_number_or_none(day: date | None) -> int | None:
    return None if day is None else date_number(day)


def number_date_or_none(number: int | None) -> date | None:
    return None if number is None else number_date(number)


def id_bytes_or_none(value: UUID | None) -> bytes | None:
    return None if value is None else value.bytes


def uuid_of(value: bytes) -> UUID:
    """``UUID(bytes=value)`` in half the time, for what is read by the hundred: the length is the schema's promise."""
    result = object.__new__(UUID)
    object.__setattr__(result, "int", int.from_bytes(value, "big"))
    object.__setattr__(result, "is_safe", SafeUUID.unknown)
    return result


def id_or_none(make: Callable[[UUID], Id], value: bytes | None) -> Id | None:
    """The id (``make`` is its NewType) of a stored BLOB."""
    return None if value is None else make(UUID(bytes=value))
