"""Keeps the basket on disk while it grows, so that a crash loses nothing. One save is under way at most; what changed since is one more.

A save begins a moment after the change, when the line has been painted: writing down 200 lines takes Python's attention for longer than a
frame lasts. No save may follow the commit of its own sale: `drop` comes before the commit, and the store's worker keeps the order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer

from app.domain.basket import Basket
from ui.tasks import Tasks

if TYPE_CHECKING:
    from app.service.till import Till


PAUSE_MS: Final = 120


class DraftKeeper:
    """Saves the newest basket through the store's worker."""

    def __init__(self, till: Till, tasks: Tasks) -> None:
        self._till = till
        self._tasks = tasks
        self._known: Basket | None = till.checkout.basket
        self._waiting: Basket | None = None
        self._is_saving = False
        self._pause = QTimer()
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.save_now)

    def keep(self, basket: Basket) -> None:
        """This is the basket now. What is already kept costs nothing."""
        if basket is self._known:
            return
        self._known = self._waiting = basket
        if not self._pause.isActive():
            self._pause.start()

    def drop(self) -> None:
        """Save nothing more of what waits: its sale is being committed."""
        self._pause.stop()
        self._waiting = None

    def forget(self) -> None:
        """The store holds no draft now (a sale was committed), so an empty basket needs no save."""
        self._pause.stop()
        self._waiting = None
        self._known = self._till.checkout.basket

    def save_now(self) -> None:
        """What waits is saved at once: nobody is served this very moment, or the till is being closed."""
        self._pause.stop()
        basket = self._waiting
        if basket is None or self._is_saving:
            return
        self._waiting = None
        self._is_saving = True
        till = self._till
        self._tasks.run(lambda: till.save_draft(basket), on_end=self._on_saved)

    def _on_saved(self) -> None:
        self._is_saving = False
        self.save_now()
