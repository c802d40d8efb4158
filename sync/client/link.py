"""The link to the server as the books know it: an event when it is lost and one when it is back, once for every change.

What happened at the counter in between is judged with that in mind (:mod:`app.service.guard`). A hiccup is no outage, and an outage that
was going on when the till was closed is still the same one when it opens.
"""

from __future__ import annotations

from typing import Final

from app import log
from app.domain.errors import TillError
from app.service.guard import LINK_BACK, LINK_LOST
from app.service.ports import AuditEvent, Clock, Store
from sync.client.trouble import NO_CONTACT, Problem

LOST_AFTER_FAILURES: Final = 3
SETTING: Final = "sync.link"


class Link:
    """Used by whoever drives the engine."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._failures = 0  # rounds in a row without contact
        self._is_lost = store.desk.setting(SETTING) == LINK_LOST

    def forget(self) -> None:
        """Another server, or none."""
        self._failures = 0

    def round_ended(self, problem: Problem | None, *, is_cut_off: bool) -> bool:
        """Whether something was written that goes to the server. The drill is an outage from its first round on."""
        self._failures = self._failures + 1 if problem in NO_CONTACT else 0
        is_lost = self._failures >= (1 if is_cut_off else LOST_AFTER_FAILURES)
        if is_lost == self._is_lost or (self._failures and not is_lost):
            return False
        details = {"problem": problem.value} if is_lost and problem is not None else {}
        try:
            self._write(LINK_LOST if is_lost else LINK_BACK, details)
        except TillError as error:
            log.sync.info("the state of the link could not be written: %s", error.code)
            return False
        self._is_lost = is_lost
        return not is_lost

    def _write(self, kind: str, details: dict[str, str]) -> None:
        with self._store.begin() as work:
            work.audit(AuditEvent(kind, None, self._clock.now_ms(), details))
            work.put_setting(SETTING, kind)
            work.commit()
