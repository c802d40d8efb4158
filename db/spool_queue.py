"""The queue of papers to print. A job is born in the commit of what it tells of and is never deleted; only its state moves.

    queued ─▶ sending ─▶ awaiting ─▶ done          everything was handed over, and the printer said that it printed
      │ ▲        │  ▲       │  ▲
      ▼ │        ▼  │       ▼  │
      held      waiting    waiting                 the printer reports a fault; nothing is sent again
      │          └────┬─────┴────▶ unknown         nobody can tell: a person is asked, "no" prints a marked copy
      └─▶ cancelled   └──▶ submitted               handed over to something that never answers

Only ``queued`` and what the printer itself held up start by themselves; what a person holds waits for that person. The drawer's pulse is
given once: ``has_kicked`` is on disk before the pulse leaves, and at the latest when sending begins.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from app.domain.ids import TransactionId
from db.engine import Cursor
from db.statements import insert, placeholders

# What a paper says is loaded with the first paper: a till that starts has none to print.
if TYPE_CHECKING:
    from app.domain.receipt import ReceiptDocument
    from app.domain.receipt_facts import ReceiptFacts
    from app.service.ports import PrintJob, PrintRequest, WaitingKick

PRINT_STATES: Final = (
    *("queued", "sending", "awaiting", "waiting", "done"),
    *("submitted", "held", "unknown", "cancelled"),
)
CLOSED_STATES: Final = ("done", "submitted", "cancelled")
UNDER_WAY: Final = ("sending", "awaiting", "waiting")
BY_HAND: Final = "operator"  # the detail of a job that a person holds
RECEIPT: Final = "receipt"
_FACTS_BEGIN: Final = b"{"  # a compressed document never begins so

# A receipt of 3 kB shrinks to a third. The small window and memory are as good for it, and need not be cleared by the quarter megabyte.
_LEVEL, _WINDOW_BITS, _MEMORY_LEVEL = 1, 12, 5

INSERT_JOB: Final = insert(
    "print_job",
    "transaction_seq",
    "kind",
    "copy_number",
    "document",
    "state",
    "kicks_drawer",
    "created_at",
    "changed_at",
)
INSERT_EVENT: Final = insert(
    "print_event", "job_id", "state", "occurred_at", "detail", "bytes_sent", "fence_id"
)
SET_STATE: Final = """
UPDATE print_job SET state = ?1, changed_at = ?2, detail = ?3, has_kicked = has_kicked OR ?1 = 'sending' WHERE id = ?4
"""
MOVE: Final = """
UPDATE print_job SET state = ?1, changed_at = ?2, detail = ?3, has_kicked = has_kicked OR ?1 = 'sending'
WHERE id = ?4 AND state = ?5
"""
TAKE_KICK: Final = """
UPDATE print_job SET has_kicked = 1, changed_at = ? WHERE id = ? AND kicks_drawer = 1 AND has_kicked = 0
RETURNING state
"""
JOBS: Final = """
SELECT j.id, j.kind, j.document, f.id, f.body, f.hash, j.copy_number, j.kicks_drawer AND NOT j.has_kicked, j.state,
  j.created_at, j.detail
FROM print_job j LEFT JOIN fact f ON f.seq = j.transaction_seq
"""
ORIGINAL: Final = """
SELECT j.document, f.body, f.hash FROM fact f JOIN print_job j ON j.transaction_seq = f.seq
WHERE f.id = ? AND j.copy_number = 0 ORDER BY j.id LIMIT 1
"""
ONE_DOCUMENT: Final = """
SELECT j.document, f.body, f.hash FROM print_job j LEFT JOIN fact f ON f.seq = j.transaction_seq WHERE j.id = ?
"""
COPIES: Final = """
SELECT count(*) FROM fact f JOIN print_job j ON j.transaction_seq = f.seq WHERE f.id = ? AND j.copy_number > 0
"""
# The words of the partial index print_job_open, so that SQLite sees that it may use it.
_IS_OPEN: Final = "j.state NOT IN ('done', 'submitted', 'cancelled')"
TO_SEND: Final = f"""{JOBS}
WHERE j.state IN ('queued', 'held') AND {_IS_OPEN} AND NOT (j.state = 'held' AND j.detail = '{BY_HAND}')
ORDER BY j.id LIMIT ?
"""
KICKS: Final = f"""
SELECT j.id, j.kind, f.id, j.created_at FROM print_job j LEFT JOIN fact f ON f.seq = j.transaction_seq
WHERE j.state IN ('queued', 'held') AND {_IS_OPEN} AND j.kicks_drawer = 1 AND j.has_kicked = 0 ORDER BY j.id LIMIT ?
"""


def insert_job(cursor: Cursor, request: PrintRequest, transaction_seq: int | None, created_at: int) -> int:
    """Queue one paper; returns the job's number."""
    assert not (request.kicks_drawer and request.copy_number), "a copy never opens the drawer"
    from app.domain.receipt import to_json

    document = _compressed(to_json(request.document))
    kicks = int(request.kicks_drawer)
    row = (
        transaction_seq,
        request.kind,
        request.copy_number,
        document,
        "queued",
        kicks,
        created_at,
        created_at,
    )
    job_id = cursor.execute(INSERT_JOB, row).lastrowid
    assert job_id is not None
    return job_id


def insert_receipt(cursor: Cursor, seq: int, facts: ReceiptFacts, kicks_drawer: bool, created_at: int) -> int:
    """Queue the original receipt of a transaction with what it needs to say; returns the job's number."""
    from app.domain.receipt_facts import to_json

    row = (seq, RECEIPT, 0, to_json(facts), "queued", int(kicks_drawer), created_at, created_at)
    job_id = cursor.execute(INSERT_JOB, row).lastrowid
    assert job_id is not None
    return job_id


def set_state(
    cursor: Cursor,
    job_id: int,
    state: str,
    changed_at: int,
    detail: str,
    *,
    bytes_sent: int = 0,
    fence_id: int = 0,
) -> None:
    assert state in PRINT_STATES
    cursor.execute(SET_STATE, (state, changed_at, detail, job_id))
    assert cursor.rowcount == 1, "a job that changes exists"
    _note(cursor, job_id, state, changed_at, detail, bytes_sent, fence_id)


def move(
    cursor: Cursor,
    job_id: int,
    before: str,
    state: str,
    changed_at: int,
    detail: str,
    *,
    bytes_sent: int = 0,
    fence_id: int = 0,
) -> bool:
    """Change the state only where it still is ``before``: the spool and a person may both want the same paper."""
    assert state in PRINT_STATES
    cursor.execute(MOVE, (state, changed_at, detail, job_id, before))
    if cursor.rowcount != 1:
        return False
    _note(cursor, job_id, state, changed_at, detail, bytes_sent, fence_id)
    return True


def take_kick(cursor: Cursor, job_id: int, changed_at: int, detail: str) -> bool:
    """Take the one pulse of a job; False when it was taken before. It is given after the commit, or never."""
    row = cursor.execute(TAKE_KICK, (changed_at, job_id)).fetchone()
    if row is None:
        return False
    _note(cursor, job_id, row[0], changed_at, detail, 0, 0)
    return True


def _note(
    cursor: Cursor, job_id: int, state: str, changed_at: int, detail: str, bytes_sent: int, fence_id: int
) -> None:
    cursor.execute(INSERT_EVENT, (job_id, state, changed_at, detail, bytes_sent, fence_id))
    if state == "sending":
        _write_out(cursor, job_id)


def _write_out(cursor: Cursor, job_id: int) -> None:
    """From now on the paper is what is sent, word for word, whatever later versions would make of the same facts."""
    document, body, digest = cursor.execute(ONE_DOCUMENT, (job_id,)).fetchone()
    if not document.startswith(_FACTS_BEGIN):
        return
    from app.domain.receipt import to_json

    whole = to_json(_document(document, body, digest))
    cursor.execute("UPDATE print_job SET document = ? WHERE id = ?", (_compressed(whole), job_id))


def jobs_in(cursor: Cursor, states: Sequence[str], limit: int) -> tuple[PrintJob, ...]:
    """Jobs in these states, oldest first; closed ones newest first, for they are many."""
    assert all(state in PRINT_STATES for state in states)
    has_closed = any(state in CLOSED_STATES for state in states)
    which = f"WHERE j.state IN ({placeholders(len(states))})" + ("" if has_closed else f" AND {_IS_OPEN}")
    order = "DESC" if has_closed else "ASC"
    rows = cursor.execute(f"{JOBS} {which} ORDER BY j.id {order} LIMIT ?", (*states, limit)).fetchall()
    return tuple(_job(row) for row in rows)


def original_document(cursor: Cursor, transaction_id: TransactionId) -> ReceiptDocument | None:
    row = cursor.execute(ORIGINAL, (transaction_id.bytes,)).fetchone()
    return None if row is None else _document(*row)


def jobs_to_send(cursor: Cursor, limit: int) -> tuple[PrintJob, ...]:
    """What starts by itself, oldest first."""
    return tuple(_job(row) for row in cursor.execute(TO_SEND, (limit,)).fetchall())


def one_job(cursor: Cursor, job_id: int) -> PrintJob | None:
    row = cursor.execute(f"{JOBS} WHERE j.id = ?", (job_id,)).fetchone()
    return None if row is None else _job(row)


def waiting_kicks(cursor: Cursor, limit: int) -> tuple[WaitingKick, ...]:
    """Papers whose drawer was not opened yet, oldest first. No document is read: this is asked between two pieces of a paper."""
    from app.service.ports import WaitingKick

    rows = cursor.execute(KICKS, (limit,)).fetchall()
    return tuple(
        WaitingKick(job_id, kind, None if fact is None else TransactionId(UUID(bytes=fact)), created_at)
        for job_id, kind, fact, created_at in rows
    )


def give_up_interrupted(cursor: Cursor, now: int) -> int:
    """After a crash nobody knows how far a job came that was under way: a person must look. Returns how many there are."""
    where = f"WHERE j.state IN ({placeholders(len(UNDER_WAY))}) AND {_IS_OPEN}"
    rows = cursor.execute(f"SELECT j.id FROM print_job j {where}", UNDER_WAY).fetchall()
    for (job_id,) in rows:
        set_state(cursor, job_id, "unknown", now, "interrupted")
    return len(rows)


def _job(row: Any) -> PrintJob:
    from app.service.ports import PrintJob, PrintRequest

    job_id, kind, document, transaction_id, body, digest, copy_number, kicks, state, created_at, detail = row
    request = PrintRequest(
        kind=kind,
        document=_document(document, body, digest),
        transaction_id=None if transaction_id is None else TransactionId(UUID(bytes=transaction_id)),
        copy_number=copy_number,
        kicks_drawer=bool(kicks),
    )
    return PrintJob(job_id, request, state, created_at, detail)


def _compressed(data: bytes) -> bytes:
    deflate = zlib.compressobj(_LEVEL, zlib.DEFLATED, _WINDOW_BITS, _MEMORY_LEVEL)
    return deflate.compress(data) + deflate.flush()


def _document(data: bytes, body: bytes | None, digest: bytes | None) -> ReceiptDocument:
    """The paper as it was written out, or made of its transaction and the facts noted with it."""
    from app.domain import receipt, receipt_facts
    from app.domain.codec import parse
    from app.domain.transaction import RetailTransaction

    if not data.startswith(_FACTS_BEGIN):
        return receipt.from_json(zlib.decompress(data))
    from app.service.receipts import receipt_of

    assert body is not None, "facts without a document belong to a transaction"
    assert digest is not None
    transaction = parse(body)
    assert isinstance(transaction, RetailTransaction)
    return receipt_of(transaction, digest, receipt_facts.from_json(data))


def copies_of(cursor: Cursor, transaction_id: TransactionId) -> int:
    """How many copies of a receipt were queued."""
    copies: int = cursor.execute(COPIES, (transaction_id.bytes,)).fetchone()[0]
    return copies
