"""The one door for everything the operator is told.

Whoever has something to say calls `info`, `warn`, `error`, `refused` or `alert`; a view in the window listens and shows it. The log
gets the key of the sentence and never its fields, which may hold a name or a number. `Cancelled` is never shown.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from app import log
from app.domain.errors import Cancelled, Refused, TillError, Unavailable
from app.i18n import t

if TYPE_CHECKING:
    from app.service.ports import Clock

HISTORY_MAX: Final = 200


class Level(StrEnum):
    """How much it matters: an info goes by itself, an error stays until it is put away."""

    INFO = "info"
    GOOD = "good"
    WARN = "warn"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Message:
    """One thing the operator was told. `retry` does the failed step again, where that can help."""

    level: Level
    key: str
    fields: Mapping[str, object]
    at: int
    is_alert: bool = False
    retry: Callable[[], None] | None = field(default=None, compare=False)

    @property
    def text(self) -> str:
        """The sentence in the current language."""
        return t(self.key, None, **self.fields)


class Messages(QObject):
    """The door.

    Signals:
        posted(Message): something is to be shown.
        withdrawn(): what is shown no longer matters (the operator went on).
    """

    posted = Signal(object)
    withdrawn = Signal()

    def __init__(self, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._history: deque[Message] = deque(maxlen=HISTORY_MAX)

    @property
    def history(self) -> tuple[Message, ...]:
        """What was told, oldest first."""
        return tuple(self._history)

    def info(self, key: str, /, **fields: object) -> None:
        self._post(Level.INFO, key, fields)

    def good(self, key: str, /, **fields: object) -> None:
        """Something went well and is worth a word."""
        self._post(Level.GOOD, key, fields)

    def warn(self, key: str, /, **fields: object) -> None:
        self._post(Level.WARN, key, fields)

    def error(self, key: str, /, *, retry: Callable[[], None] | None = None, **fields: object) -> None:
        self._post(Level.ERROR, key, fields, retry=retry)

    def alert(self, key: str, /, *, level: Level = Level.ERROR, **fields: object) -> None:
        """Something that must be read before work goes on: shown in a sheet that waits for Enter."""
        self._post(level, key, fields, is_alert=True)

    def refused(self, error: TillError, *, retry: Callable[[], None] | None = None) -> None:
        """The sentence of an error: a rule's refusal as a warning, what is missing as an error, with its retry where it may help."""
        match error:
            case Cancelled():
                return
            case Refused():
                self._post(Level.WARN, error.text_key, error.fields)
            case Unavailable(can_retry=can_retry):
                self._post(Level.ERROR, error.text_key, error.fields, retry=retry if can_retry else None)
            case _:
                self._post(Level.ERROR, error.text_key, error.fields)

    def withdraw(self) -> None:
        """Take away what is shown; the history keeps it."""
        self.withdrawn.emit()

    def _post(
        self,
        level: Level,
        key: str,
        fields: Mapping[str, object],
        *,
        is_alert: bool = False,
        retry: Callable[[], None] | None = None,
    ) -> None:
        message = Message(level, key, dict(fields), self._clock.now_ms(), is_alert, retry)
        self._history.append(message)
        log.ui.info("told the operator (%s): %s", level, key)
        self.posted.emit(message)
