"""A till of a universe goes down where it is told to, and comes up with what was committed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from app.simulation import template
from app.simulation.books import Books
from app.simulation.clock import BEGINNING
from app.simulation.counter import member_sale, sale
from app.simulation.till import SimCrash, SimTill, copy_till


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return template.make(tmp_path_factory.mktemp("template"))


@pytest.fixture
def till(made: Path, tmp_path: Path) -> Iterator[SimTill]:
    path = template.till_path(tmp_path, 0)
    copy_till(template.till_path(made, 0), path)
    opened = SimTill(0, "1", path, 1, lambda: BEGINNING + 60_000)
    yield opened
    opened.die()


def sales(till: SimTill) -> int:
    with till.store.engines.reading() as cursor:
        count: int = cursor.execute("SELECT count(*) FROM transaction_header WHERE kind = 'sale'").fetchone()[
            0
        ]
    return count


@pytest.mark.parametrize(("after", "left"), [(False, 1), (True, 2)])
def test_a_crash_before_the_commit_leaves_nothing_and_one_after_it_the_sale(
    till: SimTill, after: bool, left: int
) -> None:
    sale(till, Random(1))
    till.crash_at_commit(1, after=after)
    with pytest.raises(SimCrash):
        sale(till, Random(2))
    till.die()
    till.open()
    assert sales(till) == left
    sale(till, Random(3))
    assert sales(till) == left + 1


def test_an_older_disk_beside_a_newer_mark_begins_another_life(till: SimTill) -> None:
    till.take_image()
    before = till.store.mark
    number = sale(till, Random(1))
    till.put_image_back(is_whole=False)
    assert till.store.mark.incarnation != before.incarnation
    assert sale(till, Random(1)) != number


def test_a_whole_older_disk_remembers_nothing(till: SimTill) -> None:
    till.take_image()
    before = till.store.mark
    number = sale(till, Random(1))
    till.put_image_back(is_whole=True)
    assert till.store.mark == before
    assert sale(till, Random(1)) == number


def test_the_same_seed_writes_the_same_facts(made: Path, tmp_path: Path) -> None:
    hashes = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        path = template.till_path(tmp_path / name, 0)
        copy_till(template.till_path(made, 0), path)
        till = SimTill(0, "1", path, 5, lambda: BEGINNING + 60_000)
        for number in range(5):
            member_sale(till, Random(number))
        books = Books()
        hashes.append([seen.hash for seen in books.read(till)])
        till.close()
    assert hashes[0] == hashes[1]
