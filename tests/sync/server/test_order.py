"""The same facts, in whatever order and however often they come, end in the same state: on SQLite and on a real PostgreSQL alike."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from sync.server.database import Database, open_database
from sync.server.spread import spread
from tests.sync.server.driver import deliver, findings, pushed, requests_of, spread_all, state, statuses
from tests.sync.server.tills import NOW, TENANT, Till, a_busy_week

ORDERS = 20
SEEDS = (5, 6, 7)


def test_twenty_orders_end_in_one_state(new_database: Callable[[], Database]) -> None:
    expected = None
    for order in range(ORDERS):
        database = new_database()
        deliver(database, a_busy_week(5), order)
        found = state(database)
        expected = expected or found
        assert found == expected, f"order {order}"


def test_a_busy_week_has_something_of_everything(database: Database) -> None:
    """Else the test above would prove little."""
    deliver(database, a_busy_week(5, facts=240), 0)
    kinds = {kind for kind, _ in findings(database)}
    assert {"one_phone", "double_redemption", "negative_balance", "negative_value"} <= kinds


@pytest.fixture
def two_workers(postgresql_url: str) -> Iterator[list[Database]]:
    workers = [open_database(postgresql_url), open_database(postgresql_url)]
    yield workers
    for worker in workers:
        worker.close()


@pytest.mark.parametrize("seed", SEEDS)
def test_two_workers_on_postgresql_end_where_sqlite_ends(
    seed: int, database: Database, two_workers: list[Database]
) -> None:
    tills = a_busy_week(seed, tills=4)
    deliver(database, tills, 0)
    _work_together(two_workers, tills, seed)
    assert state(two_workers[0]) == state(database)


def _work_together(workers: list[Database], tills: list[Till], seed: int) -> None:
    """Each worker takes every other request, and both spread while the other pushes."""
    jobs = requests_of(tills, seed)
    failures: list[BaseException] = []

    def work(database: Database, own: list[tuple[Till, object]]) -> None:
        try:
            for till, request in own:
                while "retry" in statuses(pushed(database, till, request)):  # type: ignore[arg-type]
                    continue
                database.run_house(lambda db: spread(db, TENANT, 30, now=NOW))
        except BaseException as error:
            failures.append(error)

    threads = [
        threading.Thread(target=work, args=(database, jobs[number::2]))
        for number, database in enumerate(workers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures
    spread_all(workers[0])
