"""What the central server does not have yet, as it is counted for a person who looks."""

from __future__ import annotations

import pytest

from app.service.ports import Unsent
from db import desk
from tests.service.small_shop import PHONE, SOAP, TEA, SmallShop, shop

__all__ = ["shop"]


def test_what_waits_is_counted_by_kind_with_the_oldest_and_the_newest(shop: SmallShop) -> None:
    first = shop.store.desk.unsent()
    sale = shop.sell(SOAP)
    shop.sell(TEA, PHONE)
    unsent = shop.store.desk.unsent()
    assert unsent.kinds["sale"] == 2
    assert unsent.kinds["enrolment"] == 1
    assert unsent.count == shop.store.desk.unsent_count()
    assert unsent.last_seq == first.last_seq + 3
    assert unsent.oldest_at == first.oldest_at or first.oldest_at is None
    behind = shop.store.desk.unsent(after_seq=first.last_seq)
    assert behind.kinds == {"sale": 2, "enrolment": 1}
    assert behind.oldest_at == sale.transaction.header.occurred_at


def test_only_tickets_are_called_sales(shop: SmallShop) -> None:
    shop.sell(SOAP)
    shop.sell(TEA, PHONE)
    assert shop.store.desk.unsent_tickets() == 2


def test_what_is_sent_no_longer_counts(shop: SmallShop) -> None:
    shop.sell(SOAP)
    last = shop.store.desk.unsent().last_seq
    shop.sell(TEA)
    with shop.store.engines.writer_lock:
        shop.store.engines.writer.execute("DELETE FROM outbox WHERE seq < ?", (last,))
    assert shop.store.desk.unsent_until(last) == 1
    assert shop.store.desk.unsent_count() == 2
    with shop.store.engines.writer_lock:
        shop.store.engines.writer.execute("DELETE FROM outbox")
    assert shop.store.desk.unsent() == Unsent({})


@pytest.mark.parametrize("statement", [desk.UNSENT_TICKETS, desk.UNSENT_KINDS])
def test_only_what_waits_is_read(shop: SmallShop, statement: str) -> None:
    parameters = (0,) * statement.count("?")
    with shop.store.engines.reading() as cursor:
        plan = [row[3] for row in cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()]
    assert plan[0].startswith(("SCAN outbox", "SEARCH outbox")), plan
