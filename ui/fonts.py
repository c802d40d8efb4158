"""The typeface: Noto Sans CJK from its package, so that Chinese renders on a machine that has no Chinese font.

The family follows the language, because 骨 and 直 are drawn differently in Taiwan and on the mainland. Its digits all have the
same width, so columns of money line up without further settings.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from typing import Final

from PySide6.QtGui import QFont, QFontDatabase

from app import log

_FAMILIES: Final = {"zh_TW": "Noto Sans CJK TC", "zh_CN": "Noto Sans CJK SC", "en": "Noto Sans CJK TC"}
_FILE: Final = "NotoSansCJK-Regular.ttc"
_registered: Final[list[int]] = []
_reading: Final[list[Thread]] = []


def begin() -> None:
    """Start to read the file, on a thread of its own (all of QFontDatabase is thread-safe); :func:`register` waits for it."""
    if not _registered and not _reading:
        _reading.append(Thread(target=_read, name="typeface"))
        _reading[0].start()


def register() -> None:
    """Make the family known to Qt; once per process, after the application object exists."""
    if _registered:
        return
    for thread in _reading:
        thread.join()
    if not _registered:
        _read()
    if _registered[0] < 0:
        # A damaged font file must not keep the shop closed: the system's own fonts are used instead.
        log.ui.error("the typeface could not be loaded")


def _read() -> None:
    _registered.append(QFontDatabase.addApplicationFont(str(_file())))


def _file() -> Path:
    """Where the package keeps the file. Importing it to ask would cost a start more than finding it."""
    package = find_spec("noto_cjk_sans_otc")
    assert package is not None
    assert package.submodule_search_locations is not None
    return Path(package.submodule_search_locations[0], _FILE)


def family(language: str) -> str:
    """The family that draws this language's characters in its own forms."""
    return _FAMILIES.get(language, _FAMILIES["zh_TW"])


def font(language: str, pixels: int, *, is_bold: bool = False) -> QFont:
    """A font of this language, antialiased, with whole-pixel advances so that painted columns stay put."""
    made = QFont(family(language))
    made.setPixelSize(pixels)
    made.setBold(is_bold)
    made.setStyleStrategy(QFont.StyleStrategy.PreferAntialias)
    made.setHintingPreference(QFont.HintingPreference.PreferVerticalHinting)
    return made
