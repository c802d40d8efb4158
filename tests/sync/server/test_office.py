"""The office sees what happened: stores, tills, figures by day and what needs a look; and what it settles is settled."""

from __future__ import annotations

import json
import re

import pytest

from app.i18n import LANGUAGES
from sync.protocol import PullAnswer, PullRequest, PushAnswer, document_hash
from sync.server.exceptions import ExceptionKind
from tests.sync.server.driver import rows, spread_all
from tests.sync.server.shell import Running
from tests.sync.server.tills import Till, fact_id

ANNA = fact_id(100, 1)


def headers(up: Running, role: str = "owner") -> dict[str, str]:
    return {"authorization": f"Bearer {up.staff(role)}"}


def test_the_figures_of_a_day_are_what_was_sold(up: Running) -> None:
    first, second = Till(1), Till(2, store="S02")
    first.sells((100, 50), member=ANNA, earned=3)
    first.sells((80,))
    first.sells((-30,), kind="return", member=ANNA)
    second.sells((70,), day="2026-10-04")
    for till in (first, second):
        up.ask("push", till.push_of(), PushAnswer, up.paired(till))
    spread_all(up.database)
    own = headers(up, "auditor")
    found = up.client.get("/office/v1/days?from=2026-10-01&to=2026-10-31", headers=own).json()
    assert [
        (day["day"], day["store_code"], day["sales"], day["returns"], day["total_minor"]) for day in found
    ] == [
        (20261004, "S02", 1, 0, 70),
        (20261003, "S01", 2, 1, 200),
    ]
    assert (found[1]["member_sales"], found[1]["member_total_minor"], found[1]["members"]) == (1, 120, 1)
    assert up.client.get("/office/v1/days?from=2026-10-05&to=2026-10-31", headers=own).json() == []
    stores = up.client.get("/office/v1/stores", headers=own).json()
    assert [(store["store_code"], store["tills"], store["last_contact_at"]) for store in stores] == [
        ("S01", 1, up.fake.now),
        ("S02", 1, up.fake.now),
    ]
    tills = up.client.get("/office/v1/tills", headers=own).json()
    assert [(till["till_code"], till["facts_received"]) for till in tills] == [("T1", 3), ("T2", 1)]


@pytest.mark.parametrize(
    "query",
    [
        "from=x",
        "to=2026-13-01",
        "from=2026-10-02&to=2026-10-01",
        "from=2020-01-01&to=2026-01-01",
        "to=9999-12-32",
    ],
)
def test_days_that_are_none_are_refused(up: Running, query: str) -> None:
    assert up.client.get(f"/office/v1/days?{query}", headers=headers(up)).status_code == 400


def test_an_exception_is_settled_once_with_who_and_why(up: Running) -> None:
    till = Till(1)
    till.points(ANNA, -5)
    up.ask("push", till.push_of(), PushAnswer, up.paired(till))
    spread_all(up.database)
    own = headers(up, "manager")
    (found,) = up.client.get("/office/v1/exceptions", headers=own).json()
    assert found["kind"] == "negative_balance"
    path = f"/office/v1/exceptions/{found['id']}/settle"
    assert up.client.post(path, json={"note": "已請會員補回"}, headers=own).status_code == 200
    assert up.client.post(path, json={}, headers=own).status_code == 409
    assert up.client.get("/office/v1/exceptions", headers=own).json() == []
    (settled,) = up.client.get("/office/v1/exceptions?show=all", headers=own).json()
    assert (settled["settled_by"], settled["note"], settled["settled_at"]) == (
        "a manager",
        "已請會員補回",
        up.fake.now,
    )


def test_a_document_is_fed_to_every_till_in_its_newest_version(up: Running) -> None:
    own = headers(up)
    for price in (30, 35):
        answer = up.client.put("/office/v1/documents/catalogue/1", json={"烏龍茶": price}, headers=own)
    assert answer.json() == {"name": "catalogue/1", "version": 2}
    page = up.ask("pull", PullRequest(0, 0), PullAnswer, up.paired(Till(1)))
    change = page.changes[-1]
    body = '{"烏龍茶":35}'.encode()
    assert (change.entity, change.seq, change.body) == ("doc:catalogue/1", 2, body)
    assert change.hash == document_hash("catalogue/1", 2, body)
    for wrong in ({"price": 1.5}, [1]):
        refused = up.client.put("/office/v1/documents/catalogue/1", json=wrong, headers=own)
        assert refused.status_code == 400
    assert rows(up.database, "SELECT COUNT(*) FROM document") == [(2,)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_has_all_its_words_in_every_language(up: Running, language: str) -> None:
    page = up.client.get("/office", params={"lang": language})
    assert page.status_code == 200
    assert "{{" not in page.text
    words = json.loads(re.search(r'id="words">(.*?)</script>', page.text, re.S)[1])  # type: ignore[index]
    script = up.client.get("/office/office.js").text
    for name in set(re.findall(r"words\.(\w+)", script)):
        assert words[name], name
    for kind in ExceptionKind:
        assert words[f"page_kind_{kind}"]
        assert words[f"page_todo_{kind}"]
    assert up.client.get("/office/office.css").status_code == 200
    assert up.client.get("/office/office.html").status_code == 404


def test_the_page_may_run_nothing_but_its_own_script(up: Running) -> None:
    page = up.client.get("/office")
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert not re.search(r"<script(?![^>]*(src=|application/json))", page.text)
    assert not re.search(r"\son\w+=", page.text)
