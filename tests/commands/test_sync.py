"""``pair``, ``sync`` and ``serve --take-in`` on the command line, against a real server behind a real socket."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from app import i18n
from app.bootstrap import Opener, SystemClock, random_bytes
from app.commands.serve import open_server_database
from app.config import Config
from app.service.sync_ports import SyncPhase
from app.texts.sync import TEXTS
from db.one_program import claim
from sync.client.trouble import Problem
from sync.server.database import Database
from sync.server.trust import CODE_LETTERS, make_code, put_code
from tests.commands.conftest import Run
from tests.db.tills import sell
from tests.sync.client.served import served
from tests.sync.server.driver import rows
from tests.sync.server.shell import FakeShell

WITHIN_SECONDS = 20


@dataclass
class Office:
    """A server that is up, with one shop."""

    data: Path
    database: Database
    tenant: str
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def code(self, store: str = "") -> str:
        code, tenant = make_code(random_bytes(CODE_LETTERS)), UUID(self.tenant)
        now = SystemClock().now_ms()
        self.database.run(tenant, lambda db: put_code(db, tenant, code, store, now=now))
        return code

    def facts(self) -> int:
        return int(str(rows(self.database, "SELECT count(*) FROM fact")[0][0]))


@pytest.fixture
def office(run: Run, tmp_path: Path) -> Iterator[Office]:
    folder = tmp_path / "office"
    tenant = run("serve", "--data", folder, "--new-tenant", "小熊", "--json").plain["tenant"]
    database = open_server_database("", folder / "server")
    with served(database, fake=FakeShell(now=SystemClock().now_ms())) as port:
        yield Office(folder, database, tenant, port)


@pytest.fixture
def paired(run: Run, data: Path, office: Office) -> Path:
    assert run("pair", office.code(), "--server", office.url, "--data", data).code == 0
    return data


def test_pairing_says_with_whom_and_what_is_next(run: Run, data: Path, office: Office) -> None:
    answer = run("pair", office.code(), "--server", office.url, "--data", data, "--json")
    assert answer.code == 0
    assert f"已和「小熊」配對：{office.url}" in answer.out
    assert answer.err == ""
    assert answer.plain["tenant"] == "小熊"
    kept = json.loads((data / "device.json").read_text("utf-8"))
    assert list(kept) == [answer.plain["key"]]


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize(
    ("code", "url", "key"),
    [
        ("？？？", "http://127.0.0.1:1", "error.pairing_code"),
        ("ABCD-EFGH-JKLM", "not a url at all", "error.server_url"),
        ("ABCD-EFGH-JKLM", "http://127.0.0.1:1", "sync.problem.no_server"),
    ],
)
def test_what_goes_wrong_is_said_in_every_language(
    run: Run, data: Path, monkeypatch: pytest.MonkeyPatch, language: str, code: str, url: str, key: str
) -> None:
    monkeypatch.setenv("LC_ALL", f"{language}.UTF-8")
    answer = run("pair", code, "--server", url, "--data", data)
    assert answer.code == 1
    assert i18n.t(key, language, text=code if "code" in key else url) in answer.err
    assert "Traceback" not in answer.err


def test_a_wrong_code_is_refused_and_an_address_in_the_open_is_warned_of(
    run: Run, data: Path, office: Office
) -> None:
    wrong = run("pair", "ABCD-EFGH-JKLM", "--server", office.url, "--data", data)
    assert wrong.code == 1
    assert "配對碼不對" in wrong.err
    open_address = run("pair", "?", "--server", "http://192.0.2.1:8470", "--data", data)
    assert "沒有加密" in open_address.err


def test_one_round_sends_everything_and_says_so(run: Run, paired: Path, office: Office) -> None:
    answer = run("sync", "--once", "--data", paired, "--json")
    assert answer.code == 0
    assert answer.plain == {"sent": office.facts(), "received": 0, "waiting": 0, "problem": ""}
    assert f"上傳 {office.facts()} 筆" in answer.out
    assert office.facts() > 3
    again = run("sync", "--once", "--data", paired, "--json")
    assert (again.code, again.plain["sent"]) == (0, 0)


def test_what_was_sold_since_goes_with_the_next_round(run: Run, paired: Path, office: Office) -> None:
    run("sync", "--once", "--data", paired)
    before = office.facts()
    till = Opener(Config(paired)).open()
    sell(till.store)  # type: ignore[arg-type]
    till.close()
    assert run("sync", "--once", "--data", paired).code == 0
    assert office.facts() == before + 1


def test_an_open_till_sends_by_itself_and_a_practice_till_never_does(
    run: Run, paired: Path, office: Office
) -> None:
    opener = Opener(Config(paired))
    till = opener.open()
    sell(till.store)  # type: ignore[arg-type]
    waiting = till.store.desk.unsent_count()
    assert till.sync is not None
    is_sent = threading.Event()
    till.sync.on_change(lambda status: is_sent.set() if status.phase is SyncPhase.IDLE else None)
    till.sync.start()
    assert is_sent.wait(WITHIN_SECONDS)
    practice = opener.open_training(till)
    assert practice.sync is None
    assert practice.exchange is None
    practice.close()
    till.close()
    assert office.facts() == waiting
    assert "sync" not in {thread.name for thread in threading.enumerate()}


def test_a_till_alone_is_told_how_to_pair(run: Run, data: Path) -> None:
    for what in (["--once"], ["--unpair"], ["--carry-out", data / "usb"]):
        answer = run("sync", *what, "--data", data)
        assert answer.code == 1
        assert "還沒有和總部配對" in answer.err
    status = run("sync", "--status", "--data", data, "--json")
    assert (status.code, status.plain["phase"]) == (0, "unpaired")


def test_nothing_left_and_no_problem_or_exit_code_1(run: Run, data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "office"
    tenant = run("serve", "--data", folder, "--new-tenant", "小熊", "--json").plain["tenant"]
    database = open_server_database("", folder / "server")
    with served(database, fake=FakeShell(now=SystemClock().now_ms())) as port:
        office = Office(folder, database, tenant, port)
        run("pair", office.code(), "--server", office.url, "--data", data)
    answer = run("sync", "--once", "--data", data, "--json")
    assert answer.code == 1
    assert answer.plain["problem"] == "no_server"
    assert answer.plain["waiting"] > 3
    assert "伺服器沒有回應" in answer.out
    status = run("sync", "--status", "--data", data, "--json")
    assert status.plain["problem"] == "no_server"
    assert status.plain["waiting"] == answer.plain["waiting"]
    assert "還沒有連線過" in status.out


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_a_wrong_clock_is_said_and_everything_is_sent(
    run: Run, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    folder = tmp_path / "office"
    tenant = run("serve", "--data", folder, "--new-tenant", "小熊", "--json").plain["tenant"]
    database = open_server_database("", folder / "server")
    a_day_later = SystemClock().now_ms() + 86_400_000
    with served(database, fake=FakeShell(now=a_day_later)) as port:
        code = make_code(random_bytes(CODE_LETTERS))
        own = UUID(tenant)
        database.run(own, lambda db: put_code(db, own, code, "", now=a_day_later))
        run("pair", code, "--server", f"http://127.0.0.1:{port}", "--data", data)
        monkeypatch.setenv("LC_ALL", f"{language}.UTF-8")
        answer = run("sync", "--once", "--data", data, "--json")
    assert answer.code == 1
    assert (answer.plain["waiting"], answer.plain["problem"]) == (0, "clock")
    assert i18n.t("sync.problem.clock", language) in answer.out


def test_how_it_stands_is_told_beside_an_open_till(run: Run, paired: Path) -> None:
    ours = claim(paired / "till.db")
    try:
        assert run("sync", "--status", "--data", paired).code == 0
        busy = run("sync", "--once", "--data", paired)
        assert busy.code == 1
    finally:
        ours.release()


def test_facts_are_carried_out_and_taken_in(run: Run, paired: Path, office: Office, tmp_path: Path) -> None:
    carried = run("sync", "--carry-out", tmp_path / "usb", "--data", paired, "--json")
    assert carried.code == 0
    assert "只有總部的伺服器打得開" in carried.out
    taken = run("serve", "--take-in", carried.plain["file"], "--data", office.data, "--json")
    assert taken.code == 0
    assert taken.plain["applied"] == carried.plain["facts"] == office.facts()
    again = run("serve", "--take-in", carried.plain["file"], "--data", office.data, "--json")
    assert (again.plain["applied"], again.plain["duplicate"]) == (0, office.facts())
    run("sync", "--once", "--data", paired)
    nothing = run("sync", "--carry-out", tmp_path / "usb", "--data", paired)
    assert nothing.code == 1
    assert "沒有東西要帶出" in nothing.err


def test_a_damaged_file_is_named(run: Run, paired: Path, office: Office, tmp_path: Path) -> None:
    file = Path(run("sync", "--carry-out", tmp_path, "--data", paired, "--json").plain["file"])
    file.write_bytes(file.read_bytes()[:-1])
    damaged = run("serve", "--take-in", file, "--data", office.data)
    assert damaged.code == 1
    assert file.name in damaged.err
    file.write_text("a letter", "utf-8")
    other = run("serve", "--take-in", file, "--data", office.data)
    assert "不是收銀機帶出的檔案" in other.err
    assert run("serve", "--take-in", tmp_path / "nothing", "--data", office.data).code == 1


def test_unpairing_waits_until_everything_is_sent(run: Run, paired: Path) -> None:
    refused = run("sync", "--unpair", "--data", paired)
    assert refused.code == 1
    assert "沒上傳" in refused.err
    run("sync", "--once", "--data", paired)
    assert run("sync", "--unpair", "--data", paired, "--json").plain == {"paired": False}
    assert run("sync", "--status", "--data", paired, "--json").plain["phase"] == "unpaired"
    assert json.loads((paired / "device.json").read_text("utf-8")) == {}


def test_every_problem_has_a_sentence() -> None:
    assert [one for one in Problem if f"sync.problem.{one.value}" not in TEXTS] == [Problem.STOPPED]
