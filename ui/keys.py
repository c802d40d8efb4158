"""What can be done from the keyboard, and with which key: data, changeable, stored as a setting.

An action has one key and a key one action; whoever changes one goes through :meth:`KeyMap.with_key`, which refuses the rest. No key
is an Alt chord or anything that an input method or the operating system takes for itself, and none is a character that people type,
except the signs of the one line (``*`` and ``-``), which count as keys only while the line is empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from app.domain.errors import Refused
from app.i18n import t

SETTING: Final = "ui.keys"


class Action(StrEnum):
    """Everything that has a key. Texts: ``keys.<action>`` says what it does, ``keys.<action>.short`` fits on a key cap."""

    HELP = "help"
    MEMBER = "member"
    USUAL = "usual"
    SEARCH = "search"
    POINTS = "points"
    OFFERS = "offers"
    BEST_COUPON = "best_coupon"
    LINE_DISCOUNT = "line_discount"
    BASKET_DISCOUNT = "basket_discount"
    HOLD = "hold"
    RETURN = "return"
    TENDERS = "tenders"
    VALUE = "value"
    CASH_DRAWER = "cash_drawer"
    SHIFT = "shift"
    NEXT = "next"
    BACK = "back"
    QUANTITY = "quantity"
    VOID_LINE = "void_line"
    HISTORY = "history"
    SETTINGS = "settings"
    OWNER = "owner"
    SYNC = "sync"
    LOCK = "lock"
    CANCEL_SALE = "cancel_sale"


DEFAULT_KEYS: Final[Mapping[Action, str]] = {
    Action.HELP: "F1",
    Action.MEMBER: "F2",
    Action.USUAL: "Shift+F2",
    Action.SEARCH: "F3",
    Action.POINTS: "F4",
    Action.OFFERS: "F5",
    Action.BEST_COUPON: "Shift+F5",
    Action.LINE_DISCOUNT: "F6",
    Action.BASKET_DISCOUNT: "Shift+F6",
    Action.HOLD: "F7",
    Action.RETURN: "F8",
    Action.TENDERS: "F9",
    Action.VALUE: "Shift+F9",
    Action.CASH_DRAWER: "F11",
    Action.SHIFT: "F12",
    Action.NEXT: "Enter",
    Action.BACK: "Esc",
    Action.QUANTITY: "*",
    Action.VOID_LINE: "-",
    Action.HISTORY: "Ctrl+H",
    Action.SETTINGS: "Ctrl+S",
    Action.OWNER: "Ctrl+O",
    Action.SYNC: "Ctrl+U",
    Action.LOCK: "Ctrl+L",
    Action.CANCEL_SALE: "Ctrl+Del",
}

FIXED: Final = frozenset({Action.NEXT, Action.BACK})
"""Enter and Esc mean the same everywhere, in every sheet; nobody may move them."""

SIGNS: Final = frozenset("*-+/=.")
"""Printed signs that may be keys."""

_PAGES: Final[tuple[tuple[str, tuple[Action, ...]], ...]] = (
    (
        "keys.group.sale",
        (
            Action.NEXT,
            Action.BACK,
            Action.QUANTITY,
            Action.VOID_LINE,
            Action.SEARCH,
            Action.HOLD,
            Action.CANCEL_SALE,
        ),
    ),
    (
        "keys.group.customer",
        (Action.MEMBER, Action.USUAL, Action.POINTS, Action.OFFERS, Action.BEST_COUPON),
    ),
    (
        "keys.group.price",
        (Action.LINE_DISCOUNT, Action.BASKET_DISCOUNT, Action.TENDERS, Action.VALUE, Action.RETURN),
    ),
    (
        "keys.group.till",
        (
            Action.CASH_DRAWER,
            Action.SHIFT,
            Action.HISTORY,
            Action.SETTINGS,
            Action.OWNER,
            Action.SYNC,
            Action.LOCK,
            Action.HELP,
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class HelpEntry:
    action: Action
    key: str
    text: str


@dataclass(frozen=True, slots=True)
class HelpGroup:
    title: str
    entries: tuple[HelpEntry, ...]


@dataclass(frozen=True, slots=True)
class KeyMap:
    """Which key does what. Every action is present, no key twice."""

    keys: Mapping[Action, str]

    def __post_init__(self) -> None:
        assert set(self.keys) == set(Action)
        assert len(set(self.keys.values())) == len(self.keys), "one key, one action"

    def key(self, action: Action) -> str:
        """The key as it is printed on a cap: ``F4``, ``Shift+F6``, ``*``."""
        return self.keys[action]

    def action_for(self, event: QKeyEvent) -> Action | None:
        """What a key press asks for; None when it is just typing."""
        name = key_name(event)
        return next((action for action, key in self.keys.items() if key == name), None) if name else None

    def with_key(self, action: Action, key: str) -> KeyMap:
        """The map with this action on another key.

        Raises Refused("key_fixed"), Refused("key_not_allowed") or Refused("key_taken"), which names the action that has it.
        """
        if action in FIXED:
            raise Refused("key_fixed", key=self.keys[action])
        key = allowed_key(key)
        holder = next(
            (other for other, taken in self.keys.items() if taken == key and other is not action), None
        )
        if holder is not None:
            raise Refused("key_taken", key=key, action=t(f"keys.{holder}"))
        return KeyMap({**self.keys, action: key})

    def help(self) -> tuple[HelpGroup, ...]:
        """The page of all keys, in the current language."""
        return tuple(
            HelpGroup(
                t(title),
                tuple(HelpEntry(action, self.keys[action], t(f"keys.{action}")) for action in actions),
            )
            for title, actions in _PAGES
        )

    def to_setting(self) -> dict[str, str]:
        """Only what differs from the defaults, so that a new default reaches shops that never changed it."""
        return {action.value: key for action, key in self.keys.items() if key != DEFAULT_KEYS[action]}


DEFAULT: Final = KeyMap(DEFAULT_KEYS)


def from_setting(stored: object) -> KeyMap:
    """The map that :meth:`KeyMap.to_setting` wrote. What is damaged, unknown or in conflict keeps its default."""
    wanted = stored if isinstance(stored, Mapping) else {}
    keys = dict(DEFAULT_KEYS)
    for action in Action:
        key = wanted.get(action.value)
        if action in FIXED or not isinstance(key, str):
            continue
        try:
            keys[action] = allowed_key(key)
        except Refused:
            continue
    # Two tills may have merged their changes into a conflict: then the defaults are the only map that is surely whole.
    return KeyMap(keys) if len(set(keys.values())) == len(keys) else DEFAULT


def allowed_key(key: str) -> str:
    """The key's one spelling (``ctrl+l`` → ``Ctrl+L``). Raises Refused("key_not_allowed") for keys a till must not take."""
    key = key.strip()
    if key in SIGNS:
        return key
    sequence = QKeySequence.fromString(key, QKeySequence.SequenceFormat.PortableText)
    if sequence.count() != 1:
        raise Refused("key_not_allowed", key=key)
    combination: QKeyCombination = sequence[0]  # type: ignore[index]  # the stub forgets __getitem__
    if not _is_free(combination.key(), combination.keyboardModifiers()):
        raise Refused("key_not_allowed", key=key)
    return sequence.toString(QKeySequence.SequenceFormat.PortableText)


def key_name(event: QKeyEvent) -> str:
    """The spelling of the key that was pressed, or "" for a bare modifier or plain typing."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if event.text() in SIGNS and not modifiers & _CHORDS:
        return event.text()
    key = Qt.Key(event.key())
    if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        return "Enter" if modifiers == Qt.KeyboardModifier.NoModifier else ""
    if key in _MODIFIER_KEYS or (event.text().isprintable() and event.text() and not modifiers & _CHORDS):
        return ""
    return QKeySequence(QKeyCombination(modifiers, key)).toString(QKeySequence.SequenceFormat.PortableText)


_CHORDS: Final = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)
_MODIFIER_KEYS: Final = frozenset(
    {
        Qt.Key.Key_Shift,
        Qt.Key.Key_Control,
        Qt.Key.Key_Alt,
        Qt.Key.Key_AltGr,
        Qt.Key.Key_Meta,
        Qt.Key.Key_CapsLock,
    }
)
# F10 opens the menu on Windows; the others edit text, move in it, or switch the input method.
_TAKEN_WITH_CTRL: Final = frozenset(
    {*(Qt.Key(ord(letter)) for letter in "ACVXZY"), Qt.Key.Key_Space, Qt.Key.Key_Backspace, Qt.Key.Key_Escape}
)


def _is_free(key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
    is_function_key = Qt.Key.Key_F1 <= key <= Qt.Key.Key_F24 and key != Qt.Key.Key_F10
    if modifiers in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier):
        return is_function_key
    if modifiers == Qt.KeyboardModifier.ControlModifier:
        is_letter = Qt.Key.Key_A <= key <= Qt.Key.Key_Z or key in (Qt.Key.Key_Delete, Qt.Key.Key_Insert)
        return (is_letter and key not in _TAKEN_WITH_CTRL) or (is_function_key and key != Qt.Key.Key_F4)
    return False
