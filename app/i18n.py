"""The words people read, in their language.

Texts are whole sentences with named fields, kept in `app/texts/<area>.py`; code holds keys only, never sentences:

    t("sale.total", amount="NT$1,250")        # the key's first part names the area, app/texts/sale.py

The current language belongs to the person at the screen. A worker thread, a receipt or a report names its own.
"""

from __future__ import annotations

import errno
import importlib
import locale
import os
import re
from collections.abc import Callable, Mapping
from typing import Final

LANGUAGES: Final = ("zh_TW", "zh_CN", "en")
DEFAULT_LANGUAGE: Final = "zh_TW"

ENGLISH: Final = "en"
COUNTED: Final = re.compile(
    r"\{(\w+)\}( more| new| other)? (point|visit|member|day|month|row|ticket|stamp|sale|use|piece|purchase|line|record|result|item"
    r"|basket|pair|second|minute|coupon|till|fact|letter|character|paper|problem)s\b"
)
"""English alone says one of a thing otherwise than two."""

_current: str = DEFAULT_LANGUAGE
_listeners: Final[list[Callable[[], None]]] = []
_areas: Final[dict[str, Mapping[str, tuple[str, str, str]]]] = {}


def t(key: str, /, language: str | None = None, **fields: object) -> str:
    """The text of `key` in `language` (default: the current one) with its named fields filled in.

    Fields from a mapping need the language named: `t(error.text_key, None, **error.fields)`.

    A key or field that does not exist is our bug: it raises KeyError where `REGULARS_STRICT` is set (the tests), and
    shows the bare key or the unfilled text to a cashier who has to go on selling.
    """
    spoken = language or _current
    try:
        text = _area(key.partition(".")[0])[key][LANGUAGES.index(spoken)]
    except KeyError:
        if _is_strict():
            raise
        return key
    if spoken == ENGLISH and fields:
        text = _with_singulars(text, fields)
    try:
        return text.format_map(fields)
    except KeyError:
        if _is_strict():
            raise
        return text


def reason_of(error: OSError) -> str:
    """Why the operating system refused, for the field of a sentence: ``沒有權限``. What has no words here keeps the system's own."""
    key = f"oserror.{errno.errorcode.get(error.errno or 0, '')}"
    return t(key) if key in _area("oserror") else error.strerror or str(error)


def language() -> str:
    """The current language, one of `LANGUAGES`."""
    return _current


def set_language(new: str) -> None:
    """Switch the current language and tell everyone who listens."""
    global _current
    assert new in LANGUAGES, new
    if new == _current:
        return
    _current = new
    for listener in tuple(_listeners):
        listener()


def on_language_changed(callback: Callable[[], None]) -> Callable[[], None]:
    """Call `callback` after every switch; the returned function stops that."""
    _listeners.append(callback)

    def stop() -> None:
        if callback in _listeners:
            _listeners.remove(callback)

    return stop


def parse_language(name: str) -> str | None:
    """One of `LANGUAGES` from any usual way of naming it: `zh-TW`, `zh_Hant_HK.UTF-8`, `Chinese (Simplified)_China`.

    None where the name says nothing about a language, as `C` and `POSIX` do.
    """
    words = name.replace("-", "_").split(".")[0].lower()
    if words in ("", "c", "posix"):
        return None
    if words.startswith(("zh", "chinese")):
        if "hans" in words or "simplified" in words:
            return "zh_CN"
        is_traditional = any(
            mark in words for mark in ("tw", "hk", "mo", "hant", "traditional", "taiwan", "hong")
        )
        return "zh_TW" if is_traditional else "zh_CN"
    return "en"


def system_language(environment: Mapping[str, str] = os.environ) -> str | None:
    """The language this computer is set to, or None when it does not say."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            return parse_language(environment[name])
    return parse_language(locale.getlocale()[0] or "")


def _with_singulars(text: str, fields: Mapping[str, object]) -> str:
    """``{count} members`` becomes ``{count} member`` where there is one."""

    def one(found: re.Match[str]) -> str:
        if str(fields.get(found[1])) not in ("1", "+1", "-1", "−1"):
            return found[0]
        return found[0][:-1]

    return COUNTED.sub(one, text)


def _area(name: str) -> Mapping[str, tuple[str, str, str]]:
    texts = _areas.get(name)
    if texts is None:
        try:
            texts = importlib.import_module(f"app.texts.{name}").TEXTS
        except ModuleNotFoundError as missing:
            raise KeyError(name) from missing
        _areas[name] = texts
    return texts


def _is_strict() -> bool:
    return bool(os.environ.get("REGULARS_STRICT"))
