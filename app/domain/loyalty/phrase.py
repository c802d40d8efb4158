"""What a rule or a calculation says, before it is put into a language: a key of ``app/texts`` and its fields.

Nothing here is a sentence. Whoever shows it puts it into words (:mod:`app.service.rule_words`); fields hold amounts, days, numbers, names
and other phrases, never text that was already translated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Union

from app.domain.money import Money


@dataclass(frozen=True, slots=True)
class PercentOff:
    """A discount in hundredths of a percent: 10 % off is 9 折 where people say it so."""

    hundredths: int


Worded = Union[str, int, date, Money, PercentOff, "Phrase", "tuple[Worded, ...]"]
_NO_FIELDS: Mapping[str, Worded] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Phrase:
    """One sentence or part of one. A tuple among the fields is a list of things, joined as the language joins them."""

    key: str
    fields: Mapping[str, Worded] = field(default_factory=lambda: _NO_FIELDS)


def phrase(key: str, **fields: Worded) -> Phrase:
    return Phrase(key, MappingProxyType(fields))
