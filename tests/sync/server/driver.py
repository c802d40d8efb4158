"""Driving the core as the shell does: one transaction a request, spreading in between."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from uuid import UUID

from sqlalchemy import Connection, text

from sync.protocol import PullAnswer, PullRequest, PushAnswer, PushRequest
from sync.server.database import Database
from sync.server.pull import pull
from sync.server.push import push
from sync.server.spread import spread, waiting
from sync.server.state import table_hashes
from tests.sync.server.tills import NOW, TENANT, Till


def pushed(
    database: Database, till: Till, request: PushRequest | None = None, *, now: int = NOW
) -> PushAnswer:
    asked = till.push_of() if request is None else request
    return database.run(till.device.tenant_id, lambda db: push(db, till.device, asked, now))


def statuses(answer: PushAnswer) -> list[str]:
    return [result.status.value for result in answer.results]


def pulled(
    database: Database, till: Till, *, server: int = 0, after: int = 0, limit: int = 1_000
) -> PullAnswer:
    asked = PullRequest(server, after, limit)
    return database.run(till.device.tenant_id, lambda db: pull(db, till.device, asked, NOW))


def spread_all(database: Database, tenant: UUID = TENANT, *, limit: int = 2_000) -> None:
    while database.run_house(lambda db: waiting(db, tenant)):
        database.run_house(lambda db: spread(db, tenant, limit, now=NOW))


def state(database: Database, tenant: UUID = TENANT) -> tuple[tuple[str, str], ...]:
    """The hash of every table, so that a test that fails names the one that differs."""
    return database.run_house(lambda db: table_hashes(db, tenant))


def rows(database: Database, statement: str, **values: object) -> list[tuple[object, ...]]:
    def read(db: Connection) -> list[tuple[object, ...]]:
        return [tuple(row) for row in db.execute(text(statement), values)]

    return database.run_house(read)


def findings(database: Database, tenant: UUID = TENANT) -> list[tuple[object, ...]]:
    """(kind, subject) of everything on the list."""
    return rows(
        database,
        "SELECT kind, subject_id FROM exception WHERE tenant_id = :tenant AND settled_at IS NULL ORDER BY kind, subject_id",
        tenant=tenant.hex,
    )


def requests_of(tills: Sequence[Till], order: int) -> list[tuple[Till, PushRequest]]:
    """Everything these tills have, in batches of any size, in any order, a third of them twice. Order 0: as it happened."""
    random, jobs = Random(order), []
    for till in tills:
        size = random.randrange(5, 40)
        for start in range(0, len(till.records), size):
            part = till.records[start : start + size]
            for again in range(1 + (random.random() < 0.33)):
                jobs.append((till, till.push_of(part, batch=2 * start + again)))
    if order:
        random.shuffle(jobs)
    return jobs


def deliver(database: Database, tills: Sequence[Till], order: int) -> None:
    """All of it, spread now and then; what is to be sent again is sent again."""
    random = Random(order + 1_000)
    for till, request in requests_of(tills, order):
        answer = pushed(database, till, request)
        if "retry" in statuses(answer):
            pushed(database, till, request)
        if random.random() < 0.3:
            database.run_house(lambda db: spread(db, TENANT, 50, now=NOW))
    spread_all(database)
