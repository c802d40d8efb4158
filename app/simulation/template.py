"""The shop as every universe finds it on its first morning. Made once in a process and copied for each seed, for speed.

The tills have the same goods and people; the rules were written at the first till and reach the others as everything else does.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Final
from uuid import UUID

from app.domain.authority import Operator, Role
from app.domain.ids import OperatorId, Uuid7Source
from app.domain.money import Money
from app.service.coupon_desk import KEYS_SETTING
from app.service.shop import ShopSettings, shop_to_settings
from app.simulation import goods
from app.simulation.clock import BEGINNING, SimClock
from app.simulation.plan import TILLS
from app.simulation.server import SimServer, make_server
from app.simulation.till import KEY, SimTill
from db.store import create_store

STORE_CODE: Final = "01"
SERVER: Final = "server.db"
OWNER: Final = Operator(OperatorId(UUID(int=0x7 << 76 | 0b10 << 62 | 0xA)), "01", "王美玲", Role.OWNER)


def till_path(folder: Path, number: int) -> Path:
    return folder / f"till-{number}.db"


def make_tills(folder: Path) -> None:
    """``TILLS`` closed files in this folder, each with an open shift."""
    for number in range(TILLS):
        _make_till(folder, number)


def make(folder: Path) -> Path:
    """Everything, in this empty folder."""
    make_tills(folder)
    make_server(folder / SERVER, BEGINNING)
    return folder


def copy_server(made: Path, folder: Path, true_ms: Callable[[], int], seed: int) -> SimServer:
    shutil.copyfile(made / SERVER, folder / SERVER)
    return SimServer(folder / SERVER, true_ms, seed)


def _make_till(folder: Path, number: int) -> None:
    clock = SimClock(lambda: BEGINNING)
    ids = Uuid7Source(clock.now_ms, Random(f"template {number}").getrandbits)
    path = till_path(folder, number)
    settings = ShopSettings(
        name="好日子選物店", store_code=STORE_CODE, till_code=str(number + 1), prints_receipt=False
    )
    store = create_store(path, KEY, store_code=STORE_CODE, till_code=settings.till_code, clock=clock, ids=ids)
    with store.begin() as work:
        work.save_operator(OWNER)
        work.put_items(goods.goods(), changed_at=BEGINNING, prices_from=0)
        for key, value in shop_to_settings(settings).items():
            work.put_setting(key, value)
        work.put_setting(KEYS_SETTING, [goods.COUPON_KEY.hex()])
        work.commit()
    store.close()
    till = SimTill(number, f"template {number}", path, 0, lambda: BEGINNING)
    if number == 0:
        _write_rules(till)
    till.shop.shifts.open_shift(Money(3_000, till.session.shop.currency))
    till.close()


def _write_rules(till: SimTill) -> None:
    till.shop.rules.save_points(goods.POINTS)
    till.shop.rules.save_gifts(goods.GIFTS)
    till.shop.coupons.write_rules(goods.COUPON_RULES)
    till.shop.stamps.write_rules(goods.STAMPS)
    till.shop.value.write_rules(goods.VALUE)
