"""The worker that spreads what was taken in over the tables, behind the answers. Every process of the server has one; they take turns by
tenant, and leave the machine to whoever is still sending, for a while.

It is woken by a push and looks by itself now and then, for what another process took in before it stopped.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final
from uuid import UUID

from app import log
from sync.server.database import Database
from sync.server.metrics import Metrics
from sync.server.spread import spread, waiting
from sync.server.tenants import tenant_ids

LOOKS_EVERY_SECONDS: Final = 5.0
QUIET_SECONDS: Final = 0.1
"""A till that is sending sends again within this time …"""
LATE_MAX_SECONDS: Final = 3.0
"""… and this long the tables may stay behind while it does."""
STOPS_WITHIN_SECONDS: Final = 20.0


class Spreader:
    """``now_ms`` is the server's clock."""

    def __init__(self, database: Database, now_ms: Callable[[], int], metrics: Metrics) -> None:
        self._database = database
        self._now_ms = now_ms
        self._metrics = metrics
        self._wake = threading.Event()
        self._is_stopping = False
        self._thread = threading.Thread(target=self._work, name="spreader", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        """Something was taken in."""
        self._wake.set()

    def stop(self) -> None:
        """Finish the handful under way, and no more."""
        self._is_stopping = True
        self._wake.set()
        self._thread.join(STOPS_WITHIN_SECONDS)

    def _work(self) -> None:
        while not self._is_stopping:
            if self.turn() > 0:
                if self._wake.is_set():
                    self._let_them_send(QUIET_SECONDS)
            elif self._wake.wait(LOOKS_EVERY_SECONDS):
                self._let_them_send(LATE_MAX_SECONDS)

    def _let_them_send(self, at_most: float) -> None:
        """Wait until nobody sends any more, and no longer than this."""
        latest = time.monotonic() + at_most
        self._wake.clear()
        while not self._is_stopping and time.monotonic() < latest and self._wake.wait(QUIET_SECONDS):
            self._wake.clear()

    def turn(self) -> int:
        """A handful of every tenant; how many runs of facts that was. What one tenant sent never stops another's books."""
        done = left = 0
        try:
            tenants = self._database.run_house(tenant_ids, is_reading=True)
        except Exception:
            log.server.exception("the tenants could not be listed")
            return 0
        for tenant in tenants:
            if self._is_stopping:
                break
            try:
                passed, rest = self._spread(tenant)
            except Exception:
                log.server.exception("spreading failed")
                continue
            done, left = done + passed, left + rest
        self._metrics.spread(done, left)
        return done

    def _spread(self, tenant: UUID) -> tuple[int, int]:
        passed = self._database.run_house(lambda db: spread(db, tenant, now=self._now_ms()))
        return passed, self._database.run_house(lambda db: waiting(db, tenant), is_reading=True)
