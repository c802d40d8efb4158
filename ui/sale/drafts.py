"""Keeps the basket on disk while it grows, so that a crash loses nothing. One save is under way at most; what changed since is one more.

No save may follow the commit of its own sale: `drop` comes before the commit, and the store's worker keeps the order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.basket import Basket
from ui.tasks import Tasks

if TYPE_CHECKING:
    from app.service.till import Till


class DraftKeeper:
    """Saves the newest basket through the store's worker."""

    def __init__(self, till: Till, tasks: Tasks) -> None:
        self._till = till
        self._tasks = tasks
        self._known: Basket | None = till.checkout.basket
        self._waiting: Basket | None = None
        self._is_saving = False

    def keep(self, basket: Basket) -> None:
        """This is the basket now. What is already kept costs nothing."""
        if basket is self._known:
            return
        self._known = self._waiting = basket
        self._save()

    def drop(self) -> None:
        """Save nothing more of what waits: its sale is being committed."""
        self._waiting = None

    def forget(self) -> None:
        """The store holds no draft now (a sale was committed), so an empty basket needs no save."""
        self._waiting = None
        self._known = self._till.checkout.basket

    def _save(self) -> None:
        basket = self._waiting
        if basket is None or self._is_saving:
            return
        self._waiting = None
        self._is_saving = True
        till = self._till
        self._tasks.run(lambda: till.save_draft(basket), on_end=self._on_saved)

    def _on_saved(self) -> None:
        self._is_saving = False
        self._save()
