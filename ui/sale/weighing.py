"""The scale's answer to the line's question for a weight: taken when it has settled, unless somebody types one first.

Asking the scale waits, so it is done on the pool; the line stays free, and what is typed always wins.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

from app.domain.errors import Refused, TillError
from ui.context import ScreenContext
from ui.sale.questions import AskWeight
from ui.tasks import Worker

if TYPE_CHECKING:
    from app.domain.device import Weight
    from app.service.till import Till

WEIGH_SECONDS: Final = 3.0
ATTEMPTS_MAX: Final = 40
"""Two minutes of an empty or restless pan; afterwards the weight is typed, or the item scanned again."""


class Weighing(QObject):
    """Asks the scale for as long as the question stands. ``is_asked(question)`` says whether it does."""

    def __init__(
        self,
        till: Till,
        context: ScreenContext,
        is_asked: Callable[[AskWeight], bool],
        on_weight: Callable[[AskWeight, int], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._till = till
        self._context = context
        self._is_asked = is_asked
        self._on_weight = on_weight

    def ask(self, question: AskWeight, attempt: int = 1) -> None:
        """Nothing happens where the shop has no scale, and in practice: the scale is the real till's."""
        devices = None if self._till.session.is_training else self._till.devices
        counter = None if devices is None else devices.counter
        if counter is None or not counter.has_scale or attempt > ATTEMPTS_MAX:
            return
        self._context.tasks.run(
            lambda: counter.read_weight(WEIGH_SECONDS),
            lambda weight: self._on_read(question, weight),
            lambda error: self._on_failed(question, attempt, error),
            worker=Worker.POOL,
            owner=self,
        )

    def _on_read(self, question: AskWeight, weight: Weight) -> None:
        if self._is_asked(question):
            self._on_weight(question, weight.thousandths)

    def _on_failed(self, question: AskWeight, attempt: int, error: TillError) -> None:
        """An empty or restless pan is asked again; a scale that is gone is told of once, and the weight is typed."""
        if not self._is_asked(question):
            return
        if isinstance(error, Refused) and error.code in ("scale_moving", "scale_empty"):
            self.ask(question, attempt + 1)
        else:
            self._context.messages.refused(error)
