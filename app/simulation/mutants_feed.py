"""Mistakes of a till that takes in what others tell: what it skips, what it believes last, and what it forgets to forget."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from app.service.exchange_ports import Acknowledgement, Applied, Verdict
from app.simulation.mutant import Mutant
from app.simulation.plan import Deed
from db import exchange_out, feed_members, profile
from db.exchange import MOVE, SqliteExchange

HLC_OF: Final = "SELECT hlc FROM member_field WHERE member_id = ? AND field = ?"


def _cursor_before_rows(right: Callable[..., Any]) -> Callable[..., Any]:
    """How far it has read is written down first, and what it read after that (PouchDB #1240)."""

    def take_in(self: Any, server: int, page: Any, *, last: int, at: int) -> Applied:
        _, pulled, _ = self._cursor()
        steps = [step for step in page if step.feed_seq > pulled]
        with self._store.begin() as work:
            work.cursor.execute(MOVE, (server, max(pulled, last), at))
            work.commit()
        applied: Applied = self._apply(steps, at, lambda cursor, step: None)
        return applied

    return take_in


def _stops_at_the_first(right: Callable[..., Any]) -> Callable[..., Any]:
    """What cannot be taken stays where it is, and so does everything behind it (pretix; ERPNext #11230)."""

    def settle(store: Any, said: Acknowledgement, *, at: int) -> Any:
        bad = [place for place, one in enumerate(said.answers) if one.verdict is Verdict.QUARANTINED]
        answers = said.answers[: bad[0]] if bad else said.answers
        return right(
            store,
            Acknowledgement(said.server, said.incarnation, said.watermark_seq, said.watermark_hash, answers),
            at=at,
        )

    return settle


def _own_skipped(right: Callable[..., Any]) -> Callable[..., Any]:
    """What it said itself it need not hear again, whatever became of its disk."""

    def apply(self: Any, page: Any, at: int, move: Any) -> Any:
        mine = self.device_id.bytes
        return right(self, [step for step in page if step.device != mine], at, move)

    return apply


def _erasures_ignored(right: Callable[..., Any]) -> Callable[..., Any]:
    def apply_erasures(cursor: Any, told: Any, *, at: int) -> list[Any]:
        return []

    return apply_erasures


def _latest_field(right: Callable[..., Any]) -> Callable[..., Any]:
    """What came last is what was written last."""

    def apply_fields(cursor: Any, member_id: Any, fields: Any, *, hlc: int, **more: Any) -> Any:
        stored = [cursor.execute(HLC_OF, (member_id.bytes, field)).fetchone() for field in fields]
        newest = max([hlc, *(row[0] + 1 for row in stored if row is not None)])
        return right(cursor, member_id, fields, hlc=newest, **more)

    return apply_fields


FEED: Final = (
    Mutant("cursor_before_rows", SqliteExchange, "take_in", _cursor_before_rows, (Deed.CRASH_SYNCING,)),
    Mutant("stops_at_first_error", exchange_out, "settle", _stops_at_the_first, (Deed.POISON,)),
    Mutant("own_facts_skipped", SqliteExchange, "_apply", _own_skipped, (Deed.RESTORE,)),
    Mutant("erasures_ignored", feed_members, "apply_erasures", _erasures_ignored, (Deed.ERASE,)),
    Mutant("latest_field_wins", profile, "apply_fields", _latest_field, (Deed.CUT, Deed.PROFILE)),
)
