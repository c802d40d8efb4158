"""The texts of a page of the rule desk or of the office: the two houses share one frame and have words of their own."""

from __future__ import annotations

from typing import Final

OFFICE: Final = "office"


def page_key(house: str, name: str) -> str:
    """What a page is called."""
    return f"office.page.{name}" if house == OFFICE else f"rules_ui.page.{name}"


def hint_key(house: str, name: str) -> str:
    """What a page is for."""
    return f"office.hint.{name}" if house == OFFICE else f"rules_ui.hint.{name}"


def keys_key(house: str) -> str:
    """Which keys do what."""
    return "office.keys" if house == OFFICE else "rules_ui.keys"
