"""``serve`` as its owner runs it: a real process, real sockets, a clean end; and two processes on one PostgreSQL."""

from __future__ import annotations

import io
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any

import httpx
import pytest

from app import log
from app.cli import main
from sync.protocol import (
    MEDIA_TYPE,
    PairAnswer,
    PushAnswer,
    TokenAnswer,
    TokenRequest,
    pack,
    token_claim,
    unpack,
)
from sync.server.database import Database
from sync.server.trust import CODE_LETTERS, make_code, put_code
from tests.sources import ROOT
from tests.sync.server.driver import deliver, spread_all, state
from tests.sync.server.shell import pairing_of
from tests.sync.server.tills import TENANT, Till, a_busy_week

COMMAND = "import sys; from app.cli import main; sys.exit(main(sys.argv[1:]))"


def command(data: Path, *words: str) -> list[str]:
    return [sys.executable, "-c", COMMAND, "--data", str(data), "serve", *words]


def told(data: Path, *words: str) -> dict[str, Any]:
    """The object that a command which sets something up prints on its last line."""
    said = io.StringIO()
    try:
        with redirect_stdout(said):
            assert main(["--data", str(data), "serve", *words, "--json"]) == 0, said.getvalue()
    finally:
        log.uninstall()
    plain: dict[str, Any] = json.loads(said.getvalue().splitlines()[-1])
    return plain


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONUTF8": "1", "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}


@contextmanager
def serving(data: Path, *words: str) -> Iterator[tuple[httpx.Client, subprocess.Popen[str]]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        command(data, "--port", str(port), *words), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        cwd=ROOT, env=environment(),
    )  # fmt: skip
    transport = httpx.HTTPTransport(retries=12)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", transport=transport, timeout=30) as client:
        try:
            assert client.get("/health").json() == {"status": "ok"}
            yield client, process
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=30)


def send(client: httpx.Client, what: str, message: object, token: str = "") -> httpx.Response:
    headers = {"content-type": MEDIA_TYPE} | ({"authorization": f"Bearer {token}"} if token else {})
    return client.post(f"/sync/v1/{what}", content=pack(message), headers=headers)


def token_of(client: httpx.Client, till: Till, code: str) -> str:
    """Pair, and ask for the time with a challenge that is too old, as a till with a wrong clock does."""
    key_id = unpack(send(client, "pair", pairing_of(till, code)).content, PairAnswer).key_id
    at = send(client, "token", challenge(till, key_id, 0, b"0" * 16)).json()["server_time"]
    return unpack(send(client, "token", challenge(till, key_id, at, b"1" * 16)).content, TokenAnswer).token


def challenge(till: Till, key_id: str, at: int, nonce: bytes) -> TokenRequest:
    return TokenRequest(key_id, at, nonce, till.private.sign(token_claim(key_id, at, nonce)))


@pytest.mark.skipif(os.name == "nt", reason="SIGTERM ends a process at once on Windows")
def test_a_shop_is_set_up_paired_served_and_closed(tmp_path: Path) -> None:
    told(tmp_path, "--new-tenant", "小熊書店")
    code = told(tmp_path, "--pairing-code", "S01")["code"]
    till = Till(1)
    till.sells()
    with serving(tmp_path) as (client, process):
        token = token_of(client, till, code)
        answer = unpack(send(client, "push", till.push_of(), token).content, PushAnswer)
        assert [one.status for one in answer.results] == ["applied"]
        assert "regulars_facts_total" in client.get("/metrics").text
    assert process.returncode in (0, -signal.SIGTERM)
    assert told(tmp_path, "--restored")["lives"]


@pytest.mark.skipif(os.name == "nt", reason="SIGTERM ends a process at once on Windows")
def test_a_hub_between_a_till_and_the_server_above(tmp_path: Path) -> None:
    above, shop = tmp_path / "above", tmp_path / "shop"
    owner = told(above, "--new-tenant", "小熊書店")["token"]
    till = Till(1)
    for _ in range(3):
        till.sells()
    with serving(above) as (centre, _):
        code = told(above, "--hub-code", "S01")["code"]
        paired = told(shop, "--hub", "--upstream", str(centre.base_url), "--pair", code)
        assert paired["store"] == "S01"
        with serving(shop, "--hub") as (hub, _):
            own = told(shop, "--hub", "--pairing-code", "")["code"]
            token = token_of(hub, till, own)
            answer = unpack(send(hub, "push", till.push_of(), token).content, PushAnswer)
            assert [one.status for one in answer.results] == ["applied"] * 3
            assert received(centre, owner) == [("HUB", 0), ("T1", 3)]


def received(client: httpx.Client, token: str) -> list[tuple[str, int]]:
    """What came from each till, as soon as something has: the hub tells it behind the till's answer."""
    headers = {"authorization": f"Bearer {token}"}
    for _ in range(200):
        tills = client.get("/office/v1/tills", headers=headers).json()
        found = [(till["till_code"], till["facts_received"]) for till in tills]
        if any(count for _, count in found):
            break
        threading.Event().wait(0.1)
    return found


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--hub"], "serve --hub --upstream"),
        (["--hub", "--db", "postgresql://x/y"], "--db"),
        (["--hub", "--pair", "ABCD-EFGH-JKLM"], "--upstream"),
        (["--pair", "ABCD-EFGH-JKLM"], "--hub"),
        (["--hub", "--upstream", "127.0.0.1:9", "--pair", "ABCD-EFGH-JKLM"], "配對"),
    ],
)
def test_a_hub_says_what_it_lacks(
    tmp_path: Path, words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--data", str(tmp_path), "serve", *words]) == 1
    log.uninstall()
    assert said in capsys.readouterr().err


def test_several_workers_need_postgresql(tmp_path: Path) -> None:
    done = subprocess.run(
        command(tmp_path, "--workers", "2"),
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=environment(),
    )
    assert done.returncode == 1
    assert "--workers" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="SIGTERM ends a process at once on Windows")
def test_two_processes_serve_one_postgresql(
    tmp_path: Path, postgresql_url: str, postgresql_database: Database, database: Database
) -> None:
    tills = a_busy_week(8, tills=3)
    deliver(database, tills, 0)
    shared = postgresql_database
    answers: list[str] = []

    def drain(client: httpx.Client, till: Till, token: str) -> None:
        for start in range(0, len(till.records), 7):
            while True:
                request = till.push_of(till.records[start : start + 7], batch=start)
                found = unpack(send(client, "push", request, token).content, PushAnswer)
                if all(one.status != "retry" for one in found.results):
                    break
            answers.extend(one.status.value for one in found.results)

    with serving(tmp_path, "--db", postgresql_url, "--workers", "2") as (client, _):
        now = client.get("/missing").json()["server_time"]
        threads = []
        for till in tills:
            code = make_code(bytes([till.number] * CODE_LETTERS))
            shared.run(TENANT, lambda db, code=code: put_code(db, TENANT, code, "", now=now))  # type: ignore[misc]
            token = token_of(client, till, code)
            threads.append(threading.Thread(target=drain, args=(client, till, token)))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(answers) == sum(len(till.records) for till in tills)
    assert set(answers) <= {"applied", "duplicate"}
    spread_all(shared)
    assert state(shared) == state(database)
