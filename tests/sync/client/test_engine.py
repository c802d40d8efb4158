"""The engine against the real server: what a round does, and what it makes of everything that can come back."""

from __future__ import annotations

from sync.client.rounds import StepKind
from sync.server.database import Database
from tests.sync.client.talking import talk
from tests.sync.server.driver import rows
from tests.sync.server.shell import Running
from tests.sync.server.tills import TENANT, Till, fact_id


def facts_at(database: Database) -> int:
    return int(str(rows(database, "SELECT count(*) FROM fact WHERE tenant_id = :t", t=TENANT.hex)[0][0]))


def test_a_first_round_sends_fills_and_compares(up: Running) -> None:
    other = Till(9)
    other.enrols(fact_id(50), "+886912000001")
    one = talk(up, other)
    one.settle()
    till = Till(1)
    for price in range(1, 8):
        till.sells([price])
    two = talk(up, till)
    steps = two.round()
    kinds = [step.kind for step in steps]
    assert kinds[:2] == [StepKind.TOKEN, StepKind.PUSH]
    assert kinds[-2:] == [StepKind.RECONCILE, StepKind.REST]
    assert sum(step.sent for step in steps) == 7
    assert steps[-1].problem is None
    assert facts_at(up.database) == 8
    assert {step.id for step in two.exchange.steps.values()} == {other.records[0].id}
    assert two.exchange.filled == ["catalogue", "members", "books", "visits"]
    assert two.exchange.notes[-1].is_contact
    assert two.exchange.started_over == 0
