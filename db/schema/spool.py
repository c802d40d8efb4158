"""What is to be printed and what became of it. A job and the sale it tells of are one commit; printing never changes a sale."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, text

from db.schema import base
from db.spool_queue import PRINT_STATES

print_job = base.table(
    "print_job",
    base.integer("id", primary_key=True),
    base.integer("transaction_seq", nullable=True, references="transaction_header.seq"),
    base.text("kind", check="kind <> ''"),
    base.integer("copy_number", check="copy_number >= 0"),
    base.blob("document"),  # the document's canonical JSON, compressed
    base.choice("state", PRINT_STATES),
    base.flag("kicks_drawer"),
    base.flag("has_kicked", default=False),  # the pulse is given once, whatever is retried
    base.instant("created_at"),
    base.instant("changed_at"),
    base.text("detail", default=""),
    CheckConstraint("kicks_drawer = 0 OR copy_number = 0"),
    # The paper of a sale; and the guard that there is one original and each copy has its own number.
    Index(
        "print_job_of_transaction",
        "transaction_seq",
        "kind",
        "copy_number",
        unique=True,
        sqlite_where=text("transaction_seq IS NOT NULL"),
    ),
    # What still waits. Partial: a printed job leaves it.
    Index("print_job_open", "state", sqlite_where=text("state NOT IN ('done', 'submitted', 'cancelled')")),
)

# Every change of a job's state, so that "was it printed?" has an answer.
print_event = base.table(
    "print_event",
    base.integer("id", primary_key=True),
    base.integer("job_id", references="print_job.id"),
    base.text("state"),
    base.instant("occurred_at"),
    base.text("detail"),
    base.integer("bytes_sent", default=0),
    base.integer("fence_id", default=0),
)

base.append_only("print_event")
base.extra(
    "CREATE TRIGGER print_job_never_delete BEFORE DELETE ON print_job "
    "BEGIN SELECT RAISE(ABORT, 'print_job is append-only'); END"
)
base.extra(
    "CREATE TRIGGER print_job_keeps_its_place BEFORE UPDATE OF transaction_seq, kind, copy_number, created_at "
    "ON print_job BEGIN SELECT RAISE(ABORT, 'a queued paper keeps its place'); END"
)
# Facts (they begin with an opening brace) become the document once; a document stays as it is.
base.extra(
    "CREATE TRIGGER print_job_keeps_its_paper BEFORE UPDATE OF document ON print_job "
    "WHEN substr(OLD.document, 1, 1) <> X'7B' "
    "BEGIN SELECT RAISE(ABORT, 'a queued document never changes'); END"
)
