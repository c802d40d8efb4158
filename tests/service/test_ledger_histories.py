"""Whatever a shop lives through, the ledger of points holds its promises: random histories on a real till."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.facts import entries_of_fact
from app.domain.ledger import EntryKind
from db.verify import verify
from tests.db.tills import kept_tables, rows
from tests.service.ledger_history import begin_history, retold
from tests.service.small_shop import open_small_shop

STEPS = 30


@pytest.mark.parametrize("seed", range(6))
def test_every_promise_of_the_ledger_holds_through_a_random_history(tmp_path: Path, seed: int) -> None:
    shop = open_small_shop(tmp_path)
    history = begin_history(shop, seed)
    for _ in range(STEPS):
        history.step()
        history.require_whole_books()
    assert sum(history.done.values()) > STEPS // 3
    assert verify(shop.store.engines, is_full=True) == ()

    told = retold(shop, entries_of_fact)
    by_id = {entry.id: entry for entry in (*told, *told)}
    assert len(by_id) == len(told), "each entry is told once"
    (stored,) = rows(shop.store, "SELECT count(*) FROM ledger_entry")[0]
    assert stored == len(told)
    before = kept_tables(shop.store)
    with shop.store.begin() as work:
        assert all(work.entry(own) == entry for own, entry in by_id.items()), (
            "the facts say what the rows hold"
        )
        assert work.known_entries(by_id) == by_id.keys(), "what is told again is known"
    assert kept_tables(shop.store) == before
    assert any(entry.kind is EntryKind.REDEMPTION for entry in told) or seed
    shop.store.close()
