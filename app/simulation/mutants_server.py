"""Mistakes of a server: counting twice, publishing in the wrong order, trusting what a request says of itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from app.simulation import server as core
from app.simulation.mutant import Mutant
from app.simulation.plan import Deed, Fault
from sync.protocol import Result, Status
from sync.server import members, push, spread
from sync.server.database import keep
from sync.server.refusal import malformed

RECEIPT: Final = b'"receipt":"'
SAME_RECEIPT: Final = text(
    "SELECT 1 FROM fact WHERE tenant_id = :tenant AND instr(body, :receipt) > 0 LIMIT 1"
)
AGAIN: Final = text(
    "INSERT INTO ledger_posting (tenant_id, entry_id, number, kind, account, member_id, lot_id, points, business_date,"
    " transaction_id) SELECT tenant_id, :other, number, kind, account, member_id, lot_id, points, business_date,"
    " transaction_id FROM ledger_posting WHERE tenant_id = :tenant AND transaction_id = :fact"
    " ON CONFLICT DO NOTHING"
)
OTHERS: Final = text(
    "DELETE FROM ledger_posting WHERE tenant_id = :tenant AND member_id = :member AND entry_id <> :entry"
)
RESERVED_MS: Final = 5 * 60_000
OLD: Final = text("SELECT id FROM fact WHERE tenant_id = :tenant AND received_at < :before")


def _by_receipt_number(right: Callable[..., Any]) -> Callable[..., Any]:
    """Two sales under one number are one sale (Odoo #16781)."""

    def take(batch: Any, record: Any) -> Any:
        start = record.body.find(RECEIPT)
        if start >= 0 and record.id.hex() not in batch.known:
            end = record.body.index(b'"', start + len(RECEIPT)) + 1
            own = {"tenant": batch.tenant, "receipt": record.body[start:end]}
            if batch.db.execute(SAME_RECEIPT, own).first():
                return Result(record.id, record.hash, Status.DUPLICATE)
        return right(batch, record)

    return take


def _points_twice(right: Callable[..., Any]) -> Callable[..., Any]:
    """What is sent again is posted again (Odoo #222372)."""

    def take(batch: Any, record: Any) -> Any:
        result = right(batch, record)
        if result.status is Status.DUPLICATE:
            other = record.hash[:16].hex()
            batch.db.execute(AGAIN, {"tenant": batch.tenant, "other": other, "fact": record.id.hex()})
        return result

    return take


def _reservation_expires(right: Callable[..., Any]) -> Callable[..., Any]:
    """What was received is known for five minutes (POSNext)."""

    def open_batch(db: Any, device: Any, incarnation: int, records: Any, now: int) -> Any:
        batch = right(db, device, incarnation, records, now)
        old = db.execute(OLD, {"tenant": batch.tenant, "before": now - RESERVED_MS})
        for (own,) in old:
            batch.known.pop(own, None)
        return batch

    return open_batch


def _whole_batch_fails(right: Callable[..., Any]) -> Callable[..., Any]:
    """No savepoint: one bad record takes the others with it."""

    def quarantine(batch: Any, record: Any, code: str, **more: Any) -> Any:
        raise malformed(code)

    return quarantine


_held_back: list[Any] = []


def _number_taken_early(right: Callable[..., Any]) -> Callable[..., Any]:
    """The place in the feed is given out first, and shown when the next batch is: who looked in between never sees it."""
    _held_back.clear()

    def load(db: Any, table: str, columns: Any, rows: Any) -> None:
        if table != "feed":
            right(db, table, columns, rows)
            return
        right(db, table, columns, list(_held_back))
        _held_back[:] = rows[:1] if len(rows) > 1 else ()
        right(db, table, columns, rows[len(_held_back) :])

    return load


def _identity_from_body(right: Callable[..., Any]) -> Callable[..., Any]:
    """Whoever has any credential is whoever the request says."""

    def push_as_said(db: Any, device: Any, request: Any, now: int) -> Any:
        return right(db, replace(device, device_id=UUID(bytes=request.device)), request, now)

    return push_as_said


def _last_balance_wins(right: Callable[..., Any]) -> Callable[..., Any]:
    """What a till says of a member's points takes the place of what others said."""

    def load_rows(db: Any, rows: Any) -> None:
        right(db, rows)
        for row in [row for row in rows.postings if row[5] is not None][-1:]:
            db.execute(OTHERS, {"tenant": row[0], "member": row[5], "entry": row[1]})

    return load_rows


def _first_to_arrive(right: Callable[..., Any]) -> Callable[..., Any]:
    """Of two members under one number the one that was there first stays, whoever was enrolled first."""

    def settle_families(family: Any) -> Any:
        arrived = {member.id: number for number, member in enumerate(family.values(), 1)}
        for member in family.values():
            arrived[member.id] += 0 if member.canonical == member.id else len(family)
        as_they_came = {
            own: replace(member, enrolled_hlc=arrived[own] if member.enrolled_hlc is not None else None)
            for own, member in family.items()
        }
        return right(as_they_came)

    return settle_families


def _keys_come_back(right: Callable[..., Any]) -> Callable[..., Any]:
    """A key that a till brings is kept, whoever was forgotten meanwhile."""

    def keep_keys(db: Any, tenant: str, brought: Any) -> Any:
        rows = [(tenant, key.member_id.hex(), key.key) for key in brought]
        keep(db, "member_key", ("tenant_id", "member_id", "key"), rows)
        return ()

    return keep_keys


def _latest_answer(right: Callable[..., Any]) -> Callable[..., Any]:
    """What was said last about being written to is what came last."""
    at_once = text(
        "INSERT INTO consent (tenant_id, member_id, purpose, hlc, is_granted, fact_id)"
        " VALUES (:tenant, :member, :purpose, :hlc, :granted, :fact) ON CONFLICT (tenant_id, member_id, purpose) DO UPDATE"
        " SET hlc = excluded.hlc, is_granted = excluded.is_granted, fact_id = excluded.fact_id"
    )

    def answer(db: Any, tenant: str, fact: Any, word: Any) -> None:
        db.execute(
            at_once,
            {"tenant": tenant, "member": word.member, "purpose": word.purpose, "hlc": fact.hlc, "granted": word.granted,
             "fact": fact.id},
        )  # fmt: skip

    return answer


SERVER: Final = (
    Mutant("dedupe_by_receipt_number", push, "_take", _by_receipt_number, (Deed.CLONE, Deed.RESTORE)),
    Mutant("points_twice_on_retry", push, "_take", _points_twice, (Fault.ANSWER_LOST, Fault.TWICE)),
    Mutant("reservation_expires", push, "open_batch", _reservation_expires, (Deed.REPLAY, Fault.LATE)),
    Mutant("savepoint_missing", push, "_quarantine", _whole_batch_fails, (Deed.POISON,)),
    Mutant("number_taken_early", push, "load", _number_taken_early),
    Mutant("identity_from_body", core, "push", _identity_from_body, (Deed.FORGE,)),
    Mutant("last_balance_wins", spread, "load_rows", _last_balance_wins),
    Mutant("first_to_arrive_is_canonical", members, "settle_families", _first_to_arrive),
    Mutant("keys_come_back", push, "keep_keys", _keys_come_back, (Deed.ERASE, Deed.CUT)),
    Mutant("latest_answer_wins", spread, "_answer", _latest_answer, (Deed.CUT, Deed.CONSENT)),
)
