"""Ends the lots whose last day has passed, a few at a time, so that the till sells meanwhile.

It may be stopped anywhere and begun again: what is done is committed, what is not is found again. A lot that was already ended is left
alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Final

from app.domain.ids import EntryId
from app.domain.ledger import Account, EntryKind, LedgerEntry, Posting
from app.domain.statement import expired_part

if TYPE_CHECKING:
    from app.domain.ids import LotId, MemberId
    from app.service.ports import Clock, IdSource, Store

LOTS_PER_COMMIT: Final = 100
"""Some twenty milliseconds with the pen in hand: a sale that waits for it does not feel it."""
FIRST_DAY: Final = date(2000, 1, 1)
LOOK_BACK: Final = timedelta(days=60)
"""How long a lot's end is looked at again: another till's spending may still arrive."""
DONE_THROUGH: Final = "points.expired_through"


@dataclass(frozen=True, slots=True)
class Expired:
    """What one run did. ``points`` is what members lost."""

    lots: int
    points: int
    is_complete: bool


class ExpiryDesk:
    def __init__(self, store: Store, clock: Clock, ids: IdSource) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids

    def run(
        self,
        today: date,
        *,
        on_progress: Callable[[int, int], None] = lambda done, total: None,
        is_cancelled: Callable[[], bool] = lambda: False,
        rest: Callable[[], object] = lambda: None,
    ) -> Expired:
        """End every lot of this till whose last day is before ``today``. Runs on any thread.

        ``rest`` is called between commits: who sells on another thread gets the pen there.
        """
        since = self._since()
        total = self._store.count_ended_lots(today, since)
        done = lots = points = 0
        for page in self._store.ended_lots(today, since):
            for start in range(0, len(page), LOTS_PER_COMMIT):
                if is_cancelled():
                    return Expired(lots, points, is_complete=False)
                some = page[start : start + LOTS_PER_COMMIT]
                ended, taken = self._end(some, today)
                lots, points, done = lots + ended, points + taken, done + len(some)
                on_progress(done, max(total, done))
                rest()
        with self._store.begin() as work:
            work.put_setting(DONE_THROUGH, today.isoformat())
            work.commit()
        return Expired(lots, points, is_complete=True)

    def _since(self) -> date:
        done = self._store.desk.setting(DONE_THROUGH)
        return date.fromisoformat(done) - LOOK_BACK if isinstance(done, str) else FIRST_DAY

    def _end(self, found: Sequence[tuple[date, MemberId, LotId]], today: date) -> tuple[int, int]:
        """One commit, one fact; one entry for each member."""
        lots = points = 0
        entries: list[LedgerEntry] = []
        with self._store.begin() as work:
            ended = sorted(work.ended_lots(found), key=lambda one: one.member_id)
            for member_id, of_member in groupby(ended, key=lambda one: one.member_id):
                taken = {
                    one.lot.id: part
                    for one in of_member
                    if (part := expired_part(one.lot, today, one.ended_before))
                }
                if taken:
                    entries.append(self._entry(member_id, taken, today))
                    lots, points = lots + len(taken), points + sum(taken.values())
            if entries:
                work.post_all(entries)
            work.commit()
        return lots, points

    def _entry(self, member_id: MemberId, taken: dict[LotId, int], today: date) -> LedgerEntry:
        postings = tuple(Posting(Account.MEMBER, -part, lot_id) for lot_id, part in taken.items())
        total = sum(taken.values())
        balance = () if total == 0 else (Posting(Account.EXPIRED, total),)
        return LedgerEntry(
            id=EntryId(self._ids()),
            kind=EntryKind.EXPIRY,
            member_id=member_id,
            transaction_id=None,
            occurred_at=self._clock.now_ms(),
            business_date=today,
            postings=(*postings, *balance),
        )
