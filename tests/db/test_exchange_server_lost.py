"""A server that has nothing yet, and one that lost what it had: what it says then is what counts."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Connection, text

from app.domain.ids import ItemId
from app.domain.item import ItemRecord
from app.service.catalogue_documents import ItemsDocument, items_name, items_to_bytes
from app.service.exchange_ports import FILLING, Acknowledgement, Answer, Verdict
from sync.protocol import SnapshotRequest, Stage
from sync.server.office import put_document
from sync.server.pull import snapshot
from sync.server.tenants import begin_new_life
from tests.builders import OCCURRED_AT
from tests.db.exchange_shop import Shop
from tests.db.exchange_world import Till, World, incoming
from tests.db.tills import open_shift, rows
from tests.sync.server.tills import TENANT, fact_id


def one_stage(world: World, till: Till, stage: str) -> None:
    """The only page of a stage, as the engine asks for it."""
    as_of = till.exchange.state().filling_as_of
    answer = world.database.run(
        TENANT, lambda db: snapshot(db, till.device, SnapshotRequest(Stage(stage), as_of))
    )
    page = incoming(answer.changes)
    till.exchange.fill(answer.server, stage, answer.as_of, page, after=answer.next, at=world.now)


def test_a_filling_from_a_feed_that_is_empty_is_over_at_once(tmp_path: Path) -> None:
    """Else what comes into the feed before the next stage would be asked for in the later stages alone."""
    world = World(tmp_path, 2)
    first, second = world.tills
    one_stage(world, first, FILLING[0])
    assert (first.exchange.state().filling, first.exchange.state().pulled) == ("", 0)
    open_shift(second.store)
    Shop(1).enrols(second)
    world.drain()
    assert world.different(first) == ()
    assert rows(first.store, "SELECT count(*) FROM member") == [(1,)]
    world.close()


def lose_documents(db: Connection) -> None:
    for table in ("feed", "document"):
        db.execute(text(f"DELETE FROM {table} WHERE tenant_id = :tenant"), {"tenant": TENANT.hex})


def publish(world: World, version: int, price: int) -> None:
    item = ItemRecord(ItemId(fact_id(70)), "TEA", "烏龍茶", price)
    body = items_to_bytes(ItemsDocument((item,), OCCURRED_AT))
    own = UUID(int=fact_id(71, version, price).int)
    world.database.run(TENANT, lambda db: put_document(db, TENANT, own, items_name(0), body, now=world.now))


def test_the_documents_of_a_server_that_was_put_back_count_whatever_was_here(tmp_path: Path) -> None:
    world = World(tmp_path, 1)
    (till,) = world.tills
    publish(world, 1, 90)
    publish(world, 2, 95)
    world.drain()
    assert rows(till.store, "SELECT version FROM server_document") == [(2,)]
    # The server lost both, and its office published again what it thinks is the first version.
    world.database.run_house(lose_documents)
    publish(world, 1, 80)
    life = world.database.run(TENANT, lambda db: begin_new_life(db, TENANT, at=world.now + 1))
    till.exchange.start_over(life, at=world.now)
    world.fill(till)
    assert world.different(till) == ()
    till.clock.now += 1
    item = till.store.catalogue.by_sku("TEA", till.clock.now)
    assert item is not None
    assert item.price.minor == 80
    world.close()


@pytest.mark.logs_warnings
def test_what_stood_beside_the_chain_is_sent_again_to_a_server_that_was_put_back(tmp_path: Path) -> None:
    """A till that was put back to an older day had grown a branch; no watermark ever speaks of it."""
    world = World(tmp_path, 1)
    (till,) = world.tills
    open_shift(till.store)
    sent = till.exchange.outgoing(facts_max=9, bytes_max=1 << 20)
    assert sent is not None
    answers = tuple(Answer(one.id, one.hash, Verdict.FORK, "place_taken") for one in sent.facts)
    life = till.exchange.settle(
        Acknowledgement(1, sent.incarnation, 0, bytes(32), answers), at=till.clock.now
    )
    assert life.is_forked
    world.drain()
    assert till.exchange.state().waiting == 0
    till.exchange.start_over(till.exchange.state().server + 1, at=till.clock.now)
    again = till.exchange.outgoing(facts_max=9, bytes_max=1 << 20)
    assert again is not None
    assert again.facts == sent.facts
    world.close()
