"""What the till gets ready right after its first picture, while somebody signs on: the catalogue, the services, the sale screen.

The first scan must find all of it done, and no key may wait for it: each step is one turn of the event loop, and a key comes first.
"""

from __future__ import annotations

import gc
import importlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.errors import TillError
from ui.tasks import Tasks

if TYPE_CHECKING:
    from app.service.till import Till

# What the first sale shows, and the domain below it; the rest of the screens can wait until they are asked for.
MODULES: Final = (
    "app.domain.promotion",
    "app.domain.pricing",
    "app.domain.receipt",
    "app.domain.codec",
    "ui.sale.next_step",
    "ui.sale.tender_panel",
    "ui.sale.view",
)
YOUNG_OBJECTS_MAX: Final = 5_000


class WarmUp(QObject):
    """Signals:
    catalogue_ready(): what a look-up needs is in memory.
    finished(): all of it is ready, and the collector leaves it alone.
    """

    catalogue_ready = Signal()
    finished = Signal()

    def __init__(self, till: Till, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._till = till
        self._tasks = tasks
        self._steps = _steps(till)
        self._next = QTimer(self)
        self._next.setInterval(0)
        self._next.timeout.connect(self._on_turn)

    def start(self) -> None:
        self._tasks.run(
            self._till.store.catalogue.warm,
            on_error=_not_now,
            on_end=self._on_catalogue,
            owner=self,
        )

    def _on_catalogue(self) -> None:
        self.catalogue_ready.emit()
        self._next.start()

    def _on_turn(self) -> None:
        try:
            next(self._steps)
        except StopIteration:
            self._next.stop()
            settle_memory()
            self.finished.emit()


def settle_memory() -> None:
    """Leave what is loaded out of every later collection.

    Python's collector looks at all objects it knows each time a quarter more have come. With the whole till loaded that takes two frames,
    and it would come in the middle of a scan. What is there now stays until the till is closed, so nobody needs to look at it again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS_MAX, 20, 20)
    gc.enable()


def _steps(till: Till) -> Iterator[None]:
    for module in MODULES:
        importlib.import_module(module)
        yield
    yield from till.make_all()


def _not_now(_: TillError) -> None:
    """A disk that cannot be read is told of when somebody asks it for something, not while nobody does."""
