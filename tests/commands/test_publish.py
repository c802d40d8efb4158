"""``publish``: the till's catalogue at a real server; only what changed is sent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.bootstrap import SystemClock
from app.credentials import load_key
from app.domain.ids import ItemId, Uuid7Source
from app.domain.item import ItemRecord, Tile
from app.service.catalogue_documents import ITEMS_PER_DOCUMENT, items_from_bytes, items_name
from db.store import SqliteStore, open_store
from tests.commands.conftest import Run
from tests.sync.server.test_serve import serving, told

NOW = 1_000


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[httpx.Client, str]]:
    """A server and its owner's token."""
    folder = tmp_path_factory.mktemp("office")
    token = told(folder, "--new-tenant", "小熊書店")["token"]
    with serving(folder) as (client, _):
        yield client, token


def opened(data: Path) -> SqliteStore:
    clock = SystemClock()
    return open_store(
        data / "till.db", load_key(data).database_key, clock, Uuid7Source(clock.now_ms), is_till=False
    )


def put_goods(data: Path, first: int, last: int, *, price: int = 30, at: int = NOW) -> None:
    store = opened(data)
    ids = Uuid7Source(lambda: NOW, lambda bits: 1)
    own = [ItemId(ids()) for _ in range(last)]
    for start in range(first, last, 500):
        goods = [
            ItemRecord(own[number], f"T{number:05d}", f"烏龍茶 {number}", price)
            for number in range(start, min(last, start + 500))
        ]
        with store.begin() as work:
            work.put_items(goods, changed_at=at, prices_from=at)
            work.commit()
    with store.begin() as work:
        work.put_tiles([Tile(1, 1, own[first], "茶", "green")])
        work.commit()
    store.close()


def published(run: Run, data: Path, office: tuple[httpx.Client, str], *more: str) -> dict[str, Any]:
    client, token = office
    answer = run("publish", "--server", client.base_url, "--token", token, "--data", data, "--json", *more)
    assert answer.code == 0, answer.err
    return answer.plain


def names(said: dict[str, Any]) -> list[str]:
    return [one["name"] for one in said["sent"]]


def test_only_what_changed_is_sent(run: Run, data: Path, office: tuple[httpx.Client, str]) -> None:
    put_goods(data, 0, ITEMS_PER_DOCUMENT + 20)
    first = published(run, data, office)
    assert names(first) == [
        "catalogue/categories",
        items_name(0),
        items_name(1),
        "catalogue/tiles",
        "catalogue/promotions",
    ]
    again = published(run, data, office)
    assert (again["sent"], again["unchanged"]) == ([], 5)
    put_goods(data, ITEMS_PER_DOCUMENT + 5, ITEMS_PER_DOCUMENT + 6, price=35, at=2 * NOW)
    third = published(run, data, office)
    assert items_name(1) in names(third)
    assert items_name(0) not in names(third)
    assert {one["version"] for one in third["sent"]} == {2}
    client, token = office
    listed = client.get("/office/v1/documents", headers={"authorization": f"Bearer {token}"}).json()
    assert {one["name"]: one["version"] for one in listed} == {
        "catalogue/categories": 1,
        items_name(0): 1,
        items_name(1): 2,
        "catalogue/tiles": 2,
        "catalogue/promotions": 1,
    }


def test_promotions_alone_or_the_catalogue_alone(
    run: Run, data: Path, office: tuple[httpx.Client, str]
) -> None:
    published(run, data, office)
    put_goods(data, 0, 3)
    assert names(published(run, data, office, "--promotions")) == []
    assert "catalogue/tiles" in names(published(run, data, office, "--catalogue"))


def test_goods_in_a_document_that_is_not_needed_any_more_are_taken_out(
    run: Run, data: Path, made: Path, office: tuple[httpx.Client, str]
) -> None:
    put_goods(data, 0, 2 * ITEMS_PER_DOCUMENT + 50)
    published(run, data, office)
    fewer = data.parent / "fewer"
    fewer.mkdir()
    for name in ("key.json", "till.db", "till.db.mark"):
        (fewer / name).write_bytes((made / name).read_bytes())
    put_goods(fewer, 0, 3)
    said = published(run, fewer, office)
    assert {items_name(1), items_name(2)} <= set(names(said))
    empty = next(one for one in said["sent"] if one["name"] == items_name(2))
    assert empty["bytes"] < 100
    assert items_from_bytes(b'{"format":1,"from":0,"items":[]}').items == ()


def test_who_may_not_publish_is_told_why(
    run: Run, data: Path, office: tuple[httpx.Client, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, token = office
    base = ("publish", "--server", client.base_url, "--data", data)
    assert "登入碼不對" in run(*base, "--token", token[:-2] + "xx").err
    monkeypatch.delenv("REGULARS_OFFICE_TOKEN", raising=False)
    assert "REGULARS_OFFICE_TOKEN" in run(*base).err
    monkeypatch.setenv("REGULARS_OFFICE_TOKEN", token)
    assert run(*base).code == 0
    away = run("publish", "--server", "http://127.0.0.1:9", "--data", data)
    assert away.code == 1
    assert "連不上伺服器" in away.err
