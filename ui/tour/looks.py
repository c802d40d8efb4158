"""The tour's chapter of looks: the screens in every language, light and dark, on a small and on a large screen.

Every picture is looked at for words that are cut off and for things that lie over each other (`ui/tour/sight.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from app import i18n
from app.i18n import LANGUAGES
from ui.context import Screen
from ui.theme import Mode
from ui.tour.guide import Guide
from ui.tour.selling import NEW_PHONE

SIZES = ((1024, 768), (1920, 1080))


def languages(guide: Guide, codes: Mapping[str, str]) -> None:
    with guide.step("three languages, light and dark"):
        with _basket(guide, codes):
            for language in LANGUAGES:
                for mode in Mode:
                    with guide.looking_like(language=language, mode=mode):
                        guide.check(f"{language} {mode.value}", _says_it_in(guide, language), True)
                        _every_screen(guide, f"{language}-{mode.value}")
        guide.check("the language is the same again", i18n.language(), guide.till.shop.language)


def sizes(guide: Guide, codes: Mapping[str, str]) -> None:
    with guide.step("a small screen and a large one"), _basket(guide, codes):
        for width, height in SIZES:
            with guide.looking_like(size=(width, height)):
                shown = guide.window.size().toTuple()
                guide.check(f"{width}x{height}", shown == (width, height), True)
                _every_screen(guide, f"{width}x{height}")
                _every_sheet(guide, f"{width}x{height}")


@contextmanager
def _basket(guide: Guide, codes: Mapping[str, str]) -> Iterator[None]:
    """A member with a few goods stands at the counter; afterwards they buy them."""
    for code in list(codes.values())[:4]:
        guide.scan(code)
    guide.type(NEW_PHONE)
    yield
    guide.press("Enter", "Enter")
    guide.check("sold afterwards", len(guide.newest_sale().lines), 4)


def _every_screen(guide: Guide, look: str) -> None:
    guide.picture(f"sale-{look}")
    guide.press("Enter")
    guide.picture(f"total-{look}")
    guide.press("Esc")
    for key, screen in (
        ("F8", Screen.RETURN),
        ("F12", Screen.SHIFT),
        ("Ctrl+H", Screen.HISTORY),
        ("Ctrl+S", Screen.SETTINGS),
    ):
        guide.press(key)
        guide.on(screen)
        guide.picture(f"{screen.value}-{look}")
        guide.back_to_sale()


def _every_sheet(guide: Guide, look: str) -> None:
    for key, name in (
        ("F1", "help"),
        ("F2", "member-page"),
        ("F5", "offers"),
        ("F6", "discount"),
        ("Ctrl+Del", "cancel"),
    ):
        guide.press(key)
        guide.sheet_opens()
        guide.picture(f"{name}-{look}")
        guide.back_to_sale()


def _says_it_in(guide: Guide, language: str) -> bool:
    """Whether the screen shows the words of this language now."""
    return i18n.t("sale.total.due", language) in guide.words()
