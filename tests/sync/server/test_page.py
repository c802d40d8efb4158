"""The office's page at work: its own HTML and script against a real server, signed in, read, settled, paired and revoked.

There is no browser among this project's tools; the script runs in Node.js on elements of :file:`page_in_node.js`. Where there is no Node.js
these tests are skipped and say so; what the page asks over HTTP is tested without it in :mod:`tests.sync.server.test_office`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from sync.protocol import PushAnswer, unpack
from sync.server.exceptions import ExceptionKind
from tests.sources import ROOT
from tests.sync.server.test_serve import send, serving, token_of, told
from tests.sync.server.tills import Till, fact_id

SCRIPT = ROOT / "sync" / "server" / "page" / "office.js"
HARNESS = Path(__file__).with_name("page_in_node.js")
ANNA = fact_id(100, 1)
NODE = shutil.which("node")

pytestmark = pytest.mark.skipif(
    NODE is None or os.name == "nt", reason="NO NODE.JS: the page's script is not run"
)


def node(*words: str) -> list[dict[str, Any]]:
    assert NODE is not None
    done = subprocess.run([NODE, *words], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def seen(client: httpx.Client, *steps: dict[str, Any]) -> list[dict[str, Any]]:
    """What can be seen after each of these steps."""
    return node(str(HARNESS), str(client.base_url), *map(json.dumps, steps))


def test_the_script_is_a_script() -> None:
    assert node("--check", str(SCRIPT)) == []


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[httpx.Client, dict[str, Any]]]:
    """A server with a till that sold, spent points that nobody had, and used a coupon of another one's again."""
    folder = tmp_path_factory.mktemp("page")
    token = told(folder, "--new-tenant", "小熊書店")["token"]
    till, other, coupon = Till(1), Till(2, store="S02"), fact_id(101, 1)
    with serving(folder) as (client, _):
        till.sells((120,), member=ANNA, earned=3, day=today(client))
        till.points(ANNA, -50)
        till.redeems(coupon)
        other.redeems(coupon)
        for one in (till, other):
            code = told(folder, "--pairing-code", one.device.store_code)["code"]
            own = token_of(client, one, code)
            answer = unpack(send(client, "push", one.push_of(), own).content, PushAnswer)
            assert all(result.status == "applied" for result in answer.results)
        _wait_for(client, token, 2)
        yield client, {"fill": {"token": token}, "submit": "sign-in"}


def today(client: httpx.Client) -> str:
    """By the server's clock."""
    now = client.get("/nothing").json()["server_time"]
    return datetime.fromtimestamp(now / 1000, UTC).date().isoformat()


def _wait_for(client: httpx.Client, token: str, findings: int) -> None:
    """Findings come when the facts are spread over the tables, behind the answers."""
    for _ in range(40):
        found = client.get("/office/v1/exceptions", headers={"authorization": f"Bearer {token}"}).json()
        if len(found) >= findings:
            return
        client.get("/health")
    raise AssertionError("nothing was found")


def test_a_wrong_token_shows_nothing(office: tuple[httpx.Client, dict[str, Any]]) -> None:
    client, _ = office
    (page,) = seen(client, {"fill": {"token": f"{UUID(int=1).hex}.xx"}, "submit": "sign-in"})
    assert (page["message"], page["isSignedIn"]) == ("登入碼不對，請再確認一次。", False)
    assert page["tills"] == []


def test_whoever_signs_in_sees_stores_tills_days_and_what_needs_a_look(
    office: tuple[httpx.Client, dict[str, Any]],
) -> None:
    client, sign_in = office
    page, out = seen(client, sign_in, {"click": "sign-out"})
    assert page["isSignedIn"]
    assert page["message"] == ""
    assert [row[:2] for row in page["tills"][1:]] == [["S01", "T1 收銀台"], ["S02", "T2 收銀台"]]
    assert [row[3:5] for row in page["tills"][1:]] == [["3", "正常"], ["1", "正常"]]
    (day,) = page["days"][1:]
    assert day[:4] == [today(client), "S01", "1", "$120"]
    kinds = {row[2]: row for row in page["exceptions"][1:]}
    assert set(kinds) == {"會員點數變成負數", "同一張優惠券用了不只一次"}
    assert all(len(row[3]) > 10 for row in kinds.values()), "each says what to do"
    assert not out["isSignedIn"]


def test_an_exception_is_settled_on_the_page(office: tuple[httpx.Client, dict[str, Any]]) -> None:
    client, sign_in = office
    press = {"press": ["exceptions", 0, "處理完畢"], "note": "已通知店長"}
    before, after = seen(client, sign_in, press)
    assert len(after["exceptions"]) == len(before["exceptions"]) - 1
    headers = {"authorization": f"Bearer {sign_in['fill']['token']}"}
    found = client.get("/office/v1/exceptions?show=all", headers=headers).json()
    assert [one["note"] for one in found if one["settled_at"]] == ["已通知店長"]


def test_codes_are_made_and_a_till_is_revoked_on_the_page(
    office: tuple[httpx.Client, dict[str, Any]],
) -> None:
    client, sign_in = office
    till = {"fill": {"code-store": "S03", "code-kind": "till"}, "submit": "code-form"}
    hub = {"fill": {"code-store": "", "code-kind": "hub"}, "submit": "code-form"}
    revoke = {"press": ["tills", 1, "停用"]}
    _, coded, refused, revoked = seen(client, sign_in, till, hub, revoke)
    assert "只能用一次" in coded["code"]
    assert "門市主機一定要有門市代號" in refused["message"]
    assert revoked["tills"][2][4] == "已停用"
    assert "S02 T2" in revoked["asked"][0]


def test_every_kind_has_a_sentence_and_what_to_do() -> None:
    from app.texts.server import TEXTS

    for kind in ExceptionKind:
        for key in (f"server.page_kind_{kind}", f"server.page_todo_{kind}"):
            assert all(TEXTS[key]), key
    for code in ("device_revoked", "unlinked"):
        assert all(TEXTS[f"server.page_todo_quarantined_{code}"])
