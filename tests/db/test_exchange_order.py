"""Tills that were apart come to the same books as each other and as the server, in whatever order they send and hear, cut off anywhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.exchange_state import table_hashes
from db.verify import verify
from sync.server.checks import balances_of
from sync.server.members import canonical_of
from tests.builders import OCCURRED_AT
from tests.db.exchange_shop import Shop
from tests.db.exchange_world import World
from tests.db.tills import open_shift, rows
from tests.sync.server.tills import TENANT


def a_busy_week(world: World, seed: int, *, things: int = 120) -> None:
    """Things happen, and now and then a till gets through to the server, or half of a batch does."""
    shop = Shop(seed)
    for till in world.tills:
        open_shift(till.store)
    for number in range(things):
        till = world.random.choice(world.tills)
        world.now = OCCURRED_AT + number * 60_000
        till.clock.now = world.now + world.random.choice(
            (0, 0, 0, -5_000, 3_000, 7_200_000 if seed % 2 else 0)
        )
        shop.happens(till)
        chance = world.random.random()
        if chance < 0.10:
            world.push_once(till, facts_max=world.random.randrange(1, 20), is_answer_lost=chance < 0.03)
        elif chance < 0.20:
            world.pull_once(till, limit=world.random.randrange(1, 30))


def assert_same_books(world: World) -> None:
    first, *others = [dict(table_hashes(till.store.engines)) for till in world.tills]
    for other in others:
        assert [name for name in first if first[name] != other[name]] == []
    for till in world.tills:
        assert world.different(till) == ()
        assert till.exchange.state().inbox_problems == 0
        assert till.exchange.state().waiting == 0


def assert_servers_sums(world: World) -> None:
    """Points, stored value and who is one with whom, as the server has them."""
    members = [
        str(row[0]) for row in world.rows("SELECT member_id FROM member WHERE tenant_id = :t", t=TENANT.hex)
    ]
    canonical = world.database.run_house(lambda db: canonical_of(db, TENANT.hex, members))
    balances = world.database.run_house(lambda db: balances_of(db, TENANT.hex, set(canonical.values())))
    for till in world.tills:
        here = dict(
            rows(till.store, "SELECT lower(hex(member_id)), lower(hex(survivor_id)) FROM member_alias")
        )
        assert here == {one: other for one, other in canonical.items() if one != other}
        sums: dict[str, int] = {}
        for owner, points in rows(
            till.store,
            "SELECT lower(hex(member_id)), sum(points) FROM ledger_posting WHERE member_id IS NOT NULL GROUP BY member_id",
        ):
            sums[here.get(owner, owner)] = sums.get(here.get(owner, owner), 0) + points
        assert {own: points for own, points in sums.items() if points} == {
            own: points for own, points in balances.items() if points
        }
        value = rows(
            till.store,
            "SELECT lower(hex(holder_id)), sum(amount_minor) FROM value_posting WHERE holder_id IS NOT NULL"
            " GROUP BY holder_id ORDER BY 1",
        )
        at_server = world.rows(
            "SELECT account_id, SUM(minor) FROM value_posting WHERE tenant_id = :t AND book = 'holder'"
            " GROUP BY account_id ORDER BY account_id",
            t=TENANT.hex,
        )
        assert [tuple(row) for row in value] == [tuple(row) for row in at_server]


def assert_proved(world: World) -> None:
    """Every row on every till follows from the facts that are there."""
    for till in world.tills:
        assert verify(till.store.engines, is_full=True) == ()


@pytest.mark.parametrize("seed", range(10))
def test_all_tills_come_to_the_same_books_in_any_order(tmp_path: Path, seed: int) -> None:
    world = World(tmp_path, 3, seed)
    a_busy_week(world, seed)
    world.drain()
    assert_same_books(world)
    assert_servers_sums(world)
    assert_proved(world)
    newcomer = world.new_till(9)
    world.tills.append(newcomer)
    world.fill(newcomer)
    world.drain([newcomer])
    assert_same_books(world)
    assert_proved(world)
    world.close()
