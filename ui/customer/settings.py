"""How the shop wants the customer's screen: whether, where, in which language, and whether customers type their number there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from app.i18n import LANGUAGES

SETTING: Final = "customer.screen"


@dataclass(frozen=True, slots=True)
class CustomerSettings:
    """``screen`` is the system's name of a screen, "" the first one beside the till's. ``language`` "" is the shop's own."""

    is_on: bool = False
    screen: str = ""
    takes_numbers: bool = True
    language: str = ""


def from_setting(stored: object) -> CustomerSettings:
    """What the store holds under `SETTING`; the default where that is missing or damaged."""
    if not isinstance(stored, Mapping):
        return CustomerSettings()
    known: dict[str, Any] = {
        each.name: stored[each.name]
        for each in fields(CustomerSettings)
        if type(stored.get(each.name)) is type(each.default)
    }
    if known.get("language", "") not in ("", *LANGUAGES):
        del known["language"]
    return CustomerSettings(**known)


def to_setting(settings: CustomerSettings) -> dict[str, object]:
    return {each.name: getattr(settings, each.name) for each in fields(CustomerSettings)}
