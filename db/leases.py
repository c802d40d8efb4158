"""Leases of stored value at the till: what this till alone may spend until a day, and what it tells the server of it.

A lease is spent in the commit of the sale that spends it; what was returned is never spent from again, and no row goes before nobody can
speak of its lease any more. Only leases of the present life count: what a restored file remembers of earlier ones may be spent elsewhere.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Final
from uuid import UUID

from app.domain.loyalty.value import ValueAccountId
from app.service.lease_ports import GrantedLease, HeldLease, LeaseAsk, WantedLease
from db.engine import Cursor, Engines, transaction
from db.statements import insert

if TYPE_CHECKING:
    from app.domain.loyalty.value import ValueEntry

MINUTE_MS: Final = 60_000
DAY_MS: Final = 24 * 60 * MINUTE_MS
HERE_MS: Final = 10 * MINUTE_MS
"""For so long a customer whose account was shown stands at the counter."""
EXPECTED_MS: Final = 90 * DAY_MS
EXPECTED_MAX: Final = 300
ASK_ALL_EVERY_MS: Final = 30 * MINUTE_MS
RENEW_BEFORE_MS: Final = 2 * DAY_MS
CLOCK_BACK_MAX_MS: Final = DAY_MS
"""A clock that stands further back than this before a lease was given makes no lease last longer."""
KEPT_AFTER_END_MS: Final = 31 * DAY_MS
HELD_MAX: Final = 2_000

HEAD: Final = "SELECT incarnation, seq FROM chain_head"
IS_PAIRED: Final = "SELECT coalesce(value ->> '$.key_id', '') <> '' FROM setting WHERE key = 'sync.server'"
# Index value_lease_of_account.
_USABLE: Final = """
FROM value_lease WHERE account_id = ?1 AND incarnation = (SELECT incarnation FROM chain_head)
AND returned_at IS NULL AND expires_at > ?2 AND granted_at <= ?2 + ?3 AND spent_minor < granted_minor
"""
SPENDABLE: Final = f"SELECT coalesce(sum(granted_minor - spent_minor), 0) {_USABLE}"
USABLE: Final = f"SELECT id, granted_minor - spent_minor {_USABLE} ORDER BY expires_at, id"
SPEND: Final = "UPDATE value_lease SET spent_minor = spent_minor + ? WHERE id = ?"
PUT: Final = f"""
{insert("value_lease", "id", "account_id", "incarnation", "granted_minor", "spent_minor", "granted_at", "expires_at")}
ON CONFLICT (id) DO NOTHING
"""
HELD: Final = """
SELECT id, spent_minor, returned_at IS NOT NULL, account_id, granted_minor, expires_at FROM value_lease
WHERE incarnation = ? ORDER BY granted_at DESC, id LIMIT ?
"""
RETURN_ENDING: Final = (
    "UPDATE value_lease SET returned_at = ?1 WHERE returned_at IS NULL AND expires_at <= ?2"
)
RETURN_OF: Final = "UPDATE value_lease SET returned_at = ? WHERE returned_at IS NULL AND account_id = ?"
FORGET: Final = "DELETE FROM value_lease WHERE expires_at < ?"
# Accounts that tickets of this till moved, and that hold something. Its own facts alone are in the table ``fact``.
EXPECTED: Final = """
SELECT e.account_id FROM value_entry e JOIN fact f ON f.id = e.id
WHERE e.occurred_at > ?1 AND e.kind IN ('top_up', 'spend')
GROUP BY e.account_id
HAVING (SELECT sum(amount_minor) FROM value_posting WHERE holder_id = e.account_id) > 0
ORDER BY max(e.occurred_at) DESC LIMIT ?2
"""


class SqliteLeases:
    """Implements :class:`app.service.lease_ports.LeaseBook`. May be used from any thread."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines
        self._lock = threading.Lock()
        self._here: dict[ValueAccountId, int] = {}
        self._asked_all_at: int | None = None
        self._wake: Callable[[], None] = lambda: None

    # --- at the counter ---------------------------------------------------------------------------------------------------

    def is_paired(self) -> bool:
        with self._engines.reading() as cursor:
            row = cursor.execute(IS_PAIRED).fetchone()
        return row is not None and bool(row[0])

    def spendable(self, account_id: ValueAccountId, at: int) -> int:
        with self._engines.reading() as cursor:
            return int(cursor.execute(SPENDABLE, (account_id.bytes, at, CLOCK_BACK_MAX_MS)).fetchone()[0])

    def is_here(self, accounts: Iterable[ValueAccountId], at: int) -> None:
        with self._lock:
            new = [one for one in accounts if not self._is_here(one, at)]
            self._here.update((one, at) for one in new)
        if new and self.is_paired():
            self._wake()

    def on_need(self, wake: Callable[[], None]) -> None:
        self._wake = wake

    def _is_here(self, account_id: ValueAccountId, at: int) -> bool:
        since = self._here.get(account_id)
        return since is not None and since <= at < since + HERE_MS

    # --- with the server --------------------------------------------------------------------------------------------------

    def wanted(self, at: int) -> LeaseAsk | None:
        with self._lock:
            gone = [one for one in self._here if not self._is_here(one, at)]
            for one in gone:
                del self._here[one]
            here = tuple(self._here)
            before = self._asked_all_at
        is_whole = before is None or not before <= at < before + ASK_ALL_EVERY_MS
        if not is_whole and not here and not gone:
            return None
        self._give_back(at, gone)
        with self._engines.reading(snapshot=True) as cursor:
            return _ask(cursor, at, here, gone, is_whole=is_whole)

    def _give_back(self, at: int, gone: Sequence[ValueAccountId]) -> None:
        """What ends soon, to be asked for again; and what was taken for a customer who has left."""
        with self._engines.writer_lock, transaction(self._engines.writer) as cursor:
            cursor.execute(RETURN_ENDING, (at, at + RENEW_BEFORE_MS))
            cursor.executemany(RETURN_OF, [(at, one.bytes) for one in gone])
            cursor.execute(FORGET, (at - KEPT_AFTER_END_MS,))

    def granted(self, incarnation: int, leases: Sequence[GrantedLease], *, at: int) -> None:
        with self._engines.writer_lock, transaction(self._engines.writer) as cursor:
            present, _ = cursor.execute(HEAD).fetchone()
            if incarnation == present:
                own = incarnation.to_bytes(8, "big")
                rows = [
                    (one.id.bytes, one.account_id.bytes, incarnation, one.minor, 0, at, one.expires_at)
                    for one in leases
                    if one.minor > 0 and one.id.bytes[8:] == own
                ]
                cursor.executemany(PUT, rows)
        with self._lock:
            self._asked_all_at = at


def _ask(
    cursor: Cursor,
    at: int,
    here: Sequence[ValueAccountId],
    gone: Sequence[ValueAccountId],
    *,
    is_whole: bool,
) -> LeaseAsk:
    """From one moment of the books: what was spent, and the place up to which facts tell of it."""
    incarnation, seq = cursor.execute(HEAD).fetchone()
    held = tuple(
        HeldLease(UUID(bytes=own), spent, bool(is_returned), ValueAccountId(UUID(bytes=account)), minor, ends)
        for own, spent, is_returned, account, minor, ends in cursor.execute(
            HELD, (incarnation, HELD_MAX)
        ).fetchall()
    )
    expected = list(gone)
    if is_whole:
        expected = [
            ValueAccountId(UUID(bytes=own))
            for (own,) in cursor.execute(EXPECTED, (at - EXPECTED_MS, EXPECTED_MAX)).fetchall()
        ]
    wanted = [WantedLease(one, is_here=True) for one in here]
    wanted += [WantedLease(one, is_here=False) for one in expected if one not in here]
    return LeaseAsk(incarnation, seq, held, tuple(wanted))


def spend(cursor: Cursor, entry: ValueEntry) -> None:
    """Within the unit of work that posts this entry: what goes out of the account goes out of its leases, what ends first before the rest.

    A till that stands alone has none.
    """
    rest = -entry.holder.total
    if rest <= 0:
        return
    head = entry.head
    for own, left in cursor.execute(
        USABLE, (head.account_id.bytes, head.occurred_at, CLOCK_BACK_MAX_MS)
    ).fetchall():
        part = min(rest, left)
        cursor.execute(SPEND, (part, own))
        rest -= part
        if not rest:
            return
