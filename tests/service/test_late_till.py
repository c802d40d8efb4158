"""The till as it starts: what it does not make before it is asked, and that it makes each thing once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from app.domain.barcode import DEFAULT_LABEL_RULES
from app.service.late_till import SERVICES, LateTill
from tests.service.small_shop import TEA, SmallShop, open_small_shop

PROJECT = Path(__file__).resolve().parents[2]
ASKERS = 4


@pytest.fixture
def late(tmp_path: Path) -> Iterator[LateTill]:
    small = open_small_shop(tmp_path)
    yield late_till(small)
    small.store.close()


def late_till(small: SmallShop) -> LateTill:
    return LateTill(
        store=small.store,
        clock=small.clock,
        ids=small.ids,
        session=small.session,
        spool=small.spool,
        pepper=bytes(16),
        label_rules=DEFAULT_LABEL_RULES,
        make_keeper=None,
        close=small.store.close,
    )


def test_a_service_is_made_when_it_is_asked_for_and_then_stays_the_same(late: LateTill) -> None:
    assert not set(SERVICES) & set(vars(late))
    assert late.returns is late.returns
    assert set(SERVICES) & set(vars(late)) == {"returns"}


def test_whether_a_basket_waits_is_known_without_a_checkout(late: LateTill) -> None:
    assert not late.has_basket
    assert "checkout" not in vars(late)
    late.checkout.scan(TEA)
    assert late.has_basket


def test_a_draft_comes_back_into_a_checkout_that_was_not_made_yet(tmp_path: Path) -> None:
    small = open_small_shop(tmp_path)
    before = late_till(small)
    before.checkout.scan(TEA)
    before.save_draft(before.checkout.basket)
    after = late_till(small)
    assert after.restore_draft()
    assert after.checkout.basket == before.checkout.basket
    small.store.close()


def test_a_draft_never_replaces_the_basket_in_the_till(late: LateTill) -> None:
    late.checkout.scan(TEA)
    late.save_draft(late.checkout.basket)
    late.checkout.scan(TEA)
    basket = late.checkout.basket
    assert not late.restore_draft()
    assert late.checkout.basket is basket


def test_threads_that_ask_at_the_same_moment_get_the_same_service(late: LateTill) -> None:
    together = Barrier(ASKERS)

    def ask(_: int) -> object:
        together.wait()
        return late.authority

    with ThreadPoolExecutor(ASKERS) as pool:
        made = list(pool.map(ask, range(ASKERS)))
    assert all(one is made[0] for one in made)


def test_make_all_leaves_nothing_to_make(late: LateTill) -> None:
    for _ in late.make_all():
        pass
    assert set(SERVICES) <= set(vars(late))
    assert late.keeper is None


def test_opening_the_till_loads_nothing_of_what_sells() -> None:
    """A line that imports it again would cost every start a tenth of a second."""
    forbidden = (
        "app.service.checkout",
        "app.domain.pricing",
        "app.domain.transaction",
        "db.unit_of_work",
        "db.backup",
    )
    code = f"import sys, app.bootstrap; print([name for name in {forbidden} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]"
