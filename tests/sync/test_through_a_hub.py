"""Two real tills, a hub and a server above: the real counter, the real engine, the real shells, and a line that is cut."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random

import pytest

from app.bootstrap import ticks_ms
from app.domain.authority import Operator, Role
from app.domain.errors import Refused
from app.domain.ids import OperatorId, ShiftId, Uuid7Source
from app.domain.loyalty.value import Amounts
from app.domain.money import TWD, Money
from app.domain.shift import Shift
from app.service.session import Session
from app.service.shop import ShopSettings
from db.exchange import SqliteExchange
from db.store import create_store
from db.verify import verify
from sync.client.agent import Agent, Surroundings
from sync.client.schedule import Pace
from tests.service.small_shop import KEY, SOAP, TEA, SmallShop, SteppingClock, _goods, wire_small_shop
from tests.service.value_shop import RULES, balance, buy_with_value, new_member, top_up
from tests.sync.client.talking import ShellTransport
from tests.sync.client.test_agent import OpenVault
from tests.sync.server.conftest import database, up
from tests.sync.server.driver import findings, rows, spread_all
from tests.sync.server.hubs import HubBelow, hub_below
from tests.sync.server.shell import Running
from tests.sync.server.tills import TENANT

__all__ = ["database", "up"]

STORE = "01"


@dataclass
class Counter:
    """One till of the shop with its agent."""

    shop: SmallShop
    number: int
    agents: list[Agent] = field(default_factory=list)

    def pairs(self, server: Running) -> None:
        shop = self.shop
        around = Surroundings(
            shop.clock, ticks_ms, Random(self.number).randbytes, OpenVault().vault(),
            lambda _address: ShellTransport(server), Pace(soon_ms=1, wake_again_ms=1),
        )  # fmt: skip
        self.agents.append(Agent(shop.store, SqliteExchange(shop.store), around, shop.store.value.leases))
        self.agents[-1].pair("http://127.0.0.1:1", server.code(store=STORE))

    def talks(self) -> None:
        cycle = self.agents[-1].run_once()
        assert not cycle.problem, cycle
        assert not cycle.waiting

    def facts(self) -> int:
        with self.shop.store.engines.reading() as cursor:
            return int(cursor.execute("SELECT count(*) FROM fact").fetchone()[0])


def a_till(folder: Path, number: int) -> Counter:
    """Another till of the same shop: its own ids, the same rules."""
    folder.mkdir()
    clock = SteppingClock()
    ids = Uuid7Source(clock.now_ms, Random(number).getrandbits)
    store = create_store(
        folder / "till.db", KEY, store_code=STORE, till_code=str(number), clock=clock, ids=ids
    )
    owner = Operator(OperatorId(ids()), "01", "王美玲", Role.OWNER)
    cashier = Operator(OperatorId(ids()), "03", "陳小安", Role.CASHIER)
    shift = Shift(ShiftId(ids()), date(2026, 11, 21), clock.now_ms(), owner.id, Money(3000, TWD))
    with store.begin() as work:
        work.save_operator(owner)
        work.save_operator(cashier)
        work.open_shift(shift)
        work.put_items(_goods(ids), changed_at=clock.now_ms(), prices_from=0)
        work.commit()
    session = Session(ShopSettings(name="好日子選物店"), operator=owner, shift=shift)
    return Counter(wire_small_shop(folder / "till.db", store, session, clock, ids, owner, cashier), number)


@pytest.fixture
def tills(tmp_path: Path) -> Iterator[tuple[Counter, Counter]]:
    both = a_till(tmp_path / "one", 1), a_till(tmp_path / "two", 2)
    both[0].shop.loyalty.value.write_rules(RULES)
    yield both
    for one in both:
        for agent in one.agents:
            agent.stop()
        one.shop.store.close()


@pytest.fixture
def hub(up: Running, tills: tuple[Counter, Counter], tmp_path: Path) -> Iterator[HubBelow]:
    up.fake.now = tills[0].shop.clock.now
    with hub_below(up, tmp_path / "hub.db", store=STORE) as one:
        one.below.fake.now = up.fake.now
        yield one


def test_a_shop_sells_on_through_its_hub_and_the_server_above_ends_with_everything(
    hub: HubBelow, tills: tuple[Counter, Counter]
) -> None:
    first, second = tills
    first.pairs(hub.below)
    second.pairs(hub.below)
    hub.line.is_cut = True

    # The line is cut: a member enrolled and topped up at one till stands at the other with what they have.
    new_member(first.shop)
    top_up(first.shop, 1000)
    first.talks()
    second.talks()
    assert balance(second.shop) == Amounts(1000, 150)
    with pytest.raises(Refused, match="value_online_only"):
        buy_with_value(second.shop, TEA)

    # The line is back for a moment: the money is kept for the till where the customer stands, and spent when it is gone again.
    hub.line.is_cut = False
    second.talks()
    hub.step()
    second.talks()
    hub.line.is_cut = True
    assert second.shop.checkout.value_offers()
    offer = second.shop.checkout.value_offers()[0]
    second.shop.checkout.pay_from(offer.holding.account)
    second.shop.complete()
    assert balance(second.shop).total == 800
    with pytest.raises(Refused, match="value_online_only"):
        buy_with_value(first.shop, SOAP)
    for one in (second, first):
        one.talks()
    assert balance(first.shop).total == 800

    hub.line.is_cut = False
    hub.drain()
    assert rows(
        hub.above.database, "SELECT SUM(minor) FROM value_posting WHERE tenant_id = :t AND book = 'holder'", t=TENANT.hex
    ) == [(800,)]  # fmt: skip
    assert findings(hub.above.database) == []

    # The hub breaks; a till goes to the server above by itself.
    for one in tills:
        one.shop.clock.now = hub.above.fake.now
    first.shop.checkout.start_new()
    first.shop.sell(SOAP)
    first.pairs(hub.above)
    first.talks()
    first.talks()
    spread_all(hub.above.database)
    for one in (first, second):
        there = "SELECT COUNT(*) FROM fact WHERE tenant_id = :t AND device_id = :d"
        own = one.agents[-1]._exchange.device_id.hex
        assert rows(hub.above.database, there, t=TENANT.hex, d=own) == [(one.facts(),)]
        assert verify(one.shop.store.engines, is_full=True) == ()
    assert findings(hub.above.database) == []
