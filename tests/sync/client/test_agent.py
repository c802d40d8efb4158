"""The agent over a real till's books and the real server: what it does by itself, what it says, and that it never disturbs the till."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from uuid import UUID

import pytest

from app.bootstrap import ticks_ms
from app.domain.errors import Refused, TillError, Unavailable
from app.domain.ids import Uuid7Source
from app.domain.loyalty.value import ValueAccountId
from app.service.guard import LINK_BACK, LINK_LOST
from app.service.lease_ports import GrantedLease, LeaseAsk, WantedLease
from app.service.sync_ports import SyncPhase, SyncStatus
from db.exchange import SqliteExchange
from db.store import SqliteStore
from sync.client.address import ServerAddress
from sync.client.agent import Agent, Surroundings
from sync.client.identity import SETTING, Vault, read_pairing
from sync.client.link import LOST_AFTER_FAILURES
from sync.client.schedule import Pace
from sync.client.transport import Response, Transport
from sync.client.trouble import Problem, Trouble
from sync.server.carry import take_in
from sync.server.trust import revoke
from tests.db.tills import FakeClock, counted_bits, new_store, open_shift, sell
from tests.sync.client.talking import Disturb, ShellTransport
from tests.sync.server.driver import rows
from tests.sync.server.shell import Running
from tests.sync.server.tills import TENANT

URL = "http://127.0.0.1:8470"
WITHIN_SECONDS = 20


class OpenVault:
    """A key store in memory that can be locked."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.is_locked = False

    def _open(self) -> dict[str, bytes]:
        if self.is_locked:
            raise Unavailable("keyring_missing")
        return self.kept

    def _forget(self, key_id: str) -> None:
        self._open().pop(key_id, None)

    def vault(self) -> Vault:
        return Vault(
            keep=lambda key_id, seed: self._open().update({key_id: seed}),
            load=lambda key_id: self._open().get(key_id),
            forget=self._forget,
        )


class Leases:
    """A book of leases that has one question."""

    def __init__(self) -> None:
        self.need: Callable[[], None] = lambda: None
        self.asked = threading.Event()
        self.given: list[GrantedLease] = []

    def wanted(self, at: int) -> LeaseAsk | None:
        self.asked.set()
        return LeaseAsk(7, 1, (), (WantedLease(ValueAccountId(UUID(int=5)), is_here=True),))

    def granted(self, incarnation: int, leases: Sequence[GrantedLease], *, at: int) -> None:
        assert incarnation == 7
        self.given.extend(leases)

    def on_need(self, wake: Callable[[], None]) -> None:
        self.need = wake

    def is_paired(self) -> bool:
        return True

    def spendable(self, account_id: ValueAccountId, at: int) -> int:
        return 0

    def is_here(self, accounts: Iterable[ValueAccountId], at: int) -> None: ...


@dataclass
class Counter:
    """One till with its agent beside a server."""

    up: Running
    store: SqliteStore
    clock: FakeClock
    vault: OpenVault = field(default_factory=OpenVault)
    disturb: Disturb = lambda _path, send: send()
    leases: Leases = field(default_factory=Leases)
    made: list[Transport] = field(default_factory=list)
    agents: list[Agent] = field(default_factory=list)

    def agent(
        self, make: Callable[[ServerAddress], Transport] | None = None, *, soon_again_ms: int = 1
    ) -> Agent:
        around = Surroundings(
            self.clock, ticks_ms, Random(len(self.agents)).randbytes, self.vault.vault(), make or self.line,
            Pace(soon_ms=1, wake_again_ms=soon_again_ms),
        )  # fmt: skip
        self.agents.append(Agent(self.store, SqliteExchange(self.store), around, self.leases))
        return self.agents[-1]

    def line(self, _address: ServerAddress) -> Transport:
        self.made.append(ShellTransport(self.up, lambda path, send: self.disturb(path, send)))
        return self.made[-1]

    def paired(self) -> Agent:
        agent = self.agent()
        agent.pair(URL, self.up.code())
        return agent

    def pull_the_plug(self, problem: Problem = Problem.NO_NETWORK) -> None:
        def cut(_path: str, _send: Callable[[], Response]) -> Response:
            raise Trouble(problem)

        self.disturb = cut

    def plug_in(self) -> None:
        self.disturb = lambda _path, send: send()

    def facts_there(self) -> int:
        return int(str(rows(self.up.database, "SELECT count(*) FROM fact")[0][0]))

    def facts_here(self) -> int:
        with self.store.engines.reading() as cursor:
            return int(cursor.execute("SELECT count(*) FROM fact").fetchone()[0])

    def is_all_there(self) -> bool:
        return self.facts_there() == self.facts_here()

    def events(self) -> list[str]:
        with self.store.engines.reading() as cursor:
            found = cursor.execute(
                "SELECT kind FROM audit_event WHERE kind IN ('link_lost', 'link_back') ORDER BY seq"
            )
            return [kind for (kind,) in found.fetchall()]


@pytest.fixture
def counter(up: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter]:
    monkeypatch.setattr("db.ballast.BALLAST_BYTES", 64 * 1024)
    clock = FakeClock()
    clock.now = up.fake.now
    store = new_store(tmp_path / "till.db", clock, Uuid7Source(clock.now_ms, counted_bits()))
    open_shift(store)
    made = Counter(up, store, clock)
    yield made
    for agent in made.agents:
        agent.stop()
    store.close()


class Watcher:
    """Waits until the agent has said something."""

    def __init__(self, agent: Agent) -> None:
        self._agent = agent
        self._told = threading.Condition()
        self.heard: list[SyncStatus] = []
        agent.on_change(self._hear)

    def _hear(self, status: SyncStatus) -> None:
        with self._told:
            self.heard.append(status)
            self._told.notify_all()

    def until(self, is_so: Callable[[SyncStatus], bool]) -> SyncStatus:
        with self._told:
            assert self._told.wait_for(lambda: is_so(self._agent.status()), WITHIN_SECONDS), self.heard[-3:]
            return self._agent.status()


def refusal(work: Callable[[], object]) -> str:
    with pytest.raises(TillError) as refused:
        work()
    return refused.value.code


# --- alone and together ---------------------------------------------------------------------------------------------------


def test_a_till_alone_has_nothing_to_say_and_no_thread(counter: Counter) -> None:
    agent = counter.agent()
    agent.start()
    assert agent.status() == SyncStatus(SyncPhase.UNPAIRED)
    assert agent._thread is None
    assert agent.run_once().problem == "unpaired"
    agent.wake()
    agent.unpair()
    assert refusal(lambda: agent.carry_out(Path("nowhere"))) == "not_paired"


def test_a_paired_till_sends_what_it_has_and_says_so(counter: Counter) -> None:
    for _ in range(3):
        sell(counter.store)
    agent = counter.paired()
    assert agent.status().phase is SyncPhase.WAITING
    cycle = agent.run_once()
    assert (cycle.sent, cycle.waiting, cycle.problem) == (counter.facts_here(), 0, "")
    status = agent.status()
    assert status.phase is SyncPhase.IDLE
    assert status.server_url == URL
    assert status.last_contact_at == counter.clock.now
    assert counter.facts_there() == counter.facts_here()


def test_the_thread_sends_each_sale_by_itself(counter: Counter) -> None:
    agent = counter.paired()
    watcher = Watcher(agent)
    agent.start()
    agent.start()
    watcher.until(lambda status: status.phase is SyncPhase.IDLE)
    for count in range(1, 4):
        sell(counter.store)
        agent.wake()
        watcher.until(lambda status: status.phase is SyncPhase.IDLE and counter.is_all_there())
        assert counter.facts_there() == count + 1
    agent.stop()
    assert agent._thread is not None
    assert not agent._thread.is_alive()


def test_a_till_that_is_paired_while_it_is_open_starts_by_itself(counter: Counter) -> None:
    agent = counter.agent()
    agent.start()
    watcher = Watcher(agent)
    agent.pair(URL, counter.up.code())
    watcher.until(lambda status: status.phase is SyncPhase.IDLE and counter.is_all_there())


@pytest.mark.parametrize(
    "written",
    [7, "server", {"key_id": "k"}, {"key_id": "k", "url": "::", "tenant": "t", "made_at": 1}, {"key_id": "k", "url": URL}],
)  # fmt: skip
def test_books_that_say_nonsense_of_the_server_leave_the_till_alone(
    counter: Counter, written: object
) -> None:
    with counter.store.begin() as work:
        work.put_setting(SETTING, written)
        work.commit()
    assert counter.agent().status().phase is SyncPhase.UNPAIRED


def test_pairing_again_replaces_the_key(counter: Counter) -> None:
    agent = counter.paired()
    first = read_pairing(counter.store)
    agent.pair(URL, counter.up.code())
    second = read_pairing(counter.store)
    assert first is not None
    assert second is not None
    assert first.key_id != second.key_id
    assert list(counter.vault.kept) == [second.key_id]
    assert agent.run_once().problem == ""


def test_another_start_of_the_till_goes_on_with_the_same_key(counter: Counter) -> None:
    counter.paired().run_once()
    sell(counter.store)
    again = counter.agent()
    assert again.status().phase is SyncPhase.WAITING
    assert again.run_once().problem == ""


@pytest.mark.parametrize(
    ("code", "expected"),
    [("", "pairing_code"), ("ABCD", "pairing_code"), ("ＡＢＣＤ-EFGH-JKLM", "pairing_code"), ("ABCD-EFGH-JKLM", "pairing_code_wrong")],
)  # fmt: skip
def test_a_code_that_is_none_is_refused_in_words(counter: Counter, code: str, expected: str) -> None:
    agent = counter.agent()
    assert refusal(lambda: agent.pair(URL, code)) == expected
    assert agent.status().phase is SyncPhase.UNPAIRED
    assert counter.vault.kept == {}


def test_a_code_of_another_store_is_refused(counter: Counter) -> None:
    code = counter.up.code(store="02")
    assert refusal(lambda: counter.agent().pair(URL, code)) == "pairing_store_other"


def test_a_locked_key_store_does_not_use_the_code_up(counter: Counter) -> None:
    agent, code = counter.agent(), counter.up.code()
    counter.vault.is_locked = True
    assert refusal(lambda: agent.pair(URL, code)) == "device_key_unkept"
    counter.vault.is_locked = False
    agent.pair(URL, code)
    assert agent.run_once().problem == ""


def test_pairing_without_a_network_says_why(counter: Counter) -> None:
    counter.pull_the_plug()
    with pytest.raises(Unavailable) as missing:
        counter.agent().pair(URL, counter.up.code())
    assert missing.value.code == "pairing_failed"
    assert "沒有網路" in str(missing.value.fields["reason"])


def test_nobody_leaves_while_anything_waits(counter: Counter) -> None:
    agent = counter.paired()
    with pytest.raises(Refused) as refused:
        agent.unpair()
    assert refused.value.code == "facts_unsent"
    assert refused.value.fields["count"] == counter.facts_here()
    agent.run_once()
    agent.unpair()
    assert agent.status() == SyncStatus(SyncPhase.UNPAIRED)
    assert counter.vault.kept == {}
    assert read_pairing(counter.store) is None
    assert not counter.store.value.leases.is_paired(), "stored value is spent as at a till alone"


def test_a_customer_at_the_counter_wakes_the_agent(counter: Counter) -> None:
    agent = counter.paired()
    agent.run_once()
    counter.leases.asked.clear()
    agent.start()
    counter.leases.need()
    assert counter.leases.asked.wait(WITHIN_SECONDS)


# --- trouble --------------------------------------------------------------------------------------------------------------


def test_without_a_network_it_is_offline_and_tries_again_by_itself(counter: Counter) -> None:
    agent = counter.paired()
    counter.pull_the_plug()
    watcher = Watcher(agent)
    agent.start()
    status = watcher.until(lambda status: status.phase is SyncPhase.OFFLINE)
    assert status.problem == "no_network"
    assert status.waiting > 0
    assert status.next_attempt_at is not None
    counter.plug_in()
    agent.wake()
    watcher.until(lambda status: status.phase is SyncPhase.IDLE and not status.waiting)


def test_the_link_is_noted_in_the_books_once_when_it_is_lost_and_once_when_it_is_back(
    counter: Counter,
) -> None:
    agent = counter.paired()
    agent.run_once()
    counter.pull_the_plug(Problem.TIMEOUT)
    for _ in range(LOST_AFTER_FAILURES - 1):
        agent.run_once()
    assert counter.events() == [], "a hiccup is no outage"
    for _ in range(5):
        agent.run_once()
    assert counter.events() == [LINK_LOST]
    again = counter.agent()
    again.run_once()
    assert counter.events() == [LINK_LOST], "the outage of before the restart is still the same one"
    counter.plug_in()
    again.run_once()
    again.run_once()
    assert counter.events() == [LINK_LOST, LINK_BACK]
    assert counter.facts_there() == counter.facts_here()


def test_the_drill_cuts_the_till_off_until_it_is_over(counter: Counter) -> None:
    agent = counter.paired()
    agent.run_once()
    sent = len(counter.made)
    agent.cut_off(is_cut_off=True)
    sell(counter.store)
    assert agent.run_once().problem == "cut_off"
    status = agent.status()
    assert (status.phase, status.is_cut_off) == (SyncPhase.OFFLINE, True)
    assert len(counter.made) == sent, "nothing is even tried"
    assert counter.events() == [LINK_LOST]
    agent.cut_off(is_cut_off=False)
    assert agent.run_once().problem == ""
    assert not agent.status().is_cut_off
    assert counter.events() == [LINK_LOST, LINK_BACK]
    agent.run_once()
    assert counter.facts_there() == counter.facts_here()


def test_the_drill_cuts_a_request_that_is_under_way_and_ends_at_once(counter: Counter) -> None:
    counter.paired().run_once()
    asked, cut = threading.Event(), threading.Event()

    class Long:
        def send(self, path: str, body: bytes, token: str = "") -> Response:
            asked.set()
            assert cut.wait(WITHIN_SECONDS)
            raise Trouble(Problem.STOPPED)

        def abort(self) -> None:
            cut.set()

        def close(self) -> None: ...

    lines: list[Transport] = [Long()]
    sell(counter.store)
    agent = counter.agent(
        lambda address: lines.pop() if lines else counter.line(address), soon_again_ms=600_000
    )
    watcher = Watcher(agent)
    agent.start()
    assert asked.wait(WITHIN_SECONDS)
    agent.cut_off(is_cut_off=True)
    watcher.until(lambda status: status.phase is SyncPhase.OFFLINE and status.problem == "cut_off")
    agent.cut_off(is_cut_off=False)
    watcher.until(lambda status: status.phase is SyncPhase.IDLE and counter.is_all_there())
    assert "stopped" not in {status.problem for status in watcher.heard}


def test_a_key_that_is_gone_needs_somebody(counter: Counter) -> None:
    agent = counter.paired()
    counter.vault.kept.clear()
    assert agent.run_once().problem == "key_lost"
    assert agent.status().phase is SyncPhase.TROUBLE
    agent.pair(URL, counter.up.code())
    assert agent.run_once().problem == ""


def test_a_till_that_was_shut_out_needs_somebody(counter: Counter) -> None:
    agent = counter.paired()
    device = counter.store.device_id
    counter.up.database.run(TENANT, lambda db: revoke(db, TENANT, device, counter.up.fake.now))
    assert agent.run_once().problem == "revoked"
    status = agent.status()
    assert status.phase is SyncPhase.TROUBLE
    assert status.set_aside > 0


def test_a_clock_that_is_wrong_is_told_with_how_far(counter: Counter) -> None:
    agent = counter.paired()
    counter.clock.now += 7_200_000
    assert agent.run_once().problem == "clock"
    assert agent.status().clock_apart_ms == 7_200_000


@pytest.mark.logs_warnings
def test_a_bug_of_ours_never_reaches_the_till(counter: Counter) -> None:
    agent = counter.paired()

    def broken(_path: str, _send: Callable[[], Response]) -> Response:
        raise RuntimeError("a bug")

    counter.disturb = broken
    watcher = Watcher(agent)
    agent.start()
    assert watcher.until(lambda status: status.problem == "internal").phase is SyncPhase.TROUBLE
    counter.plug_in()
    agent.wake()
    watcher.until(lambda status: status.phase is SyncPhase.IDLE)


def test_closing_the_till_does_not_wait_for_a_server_that_says_nothing(counter: Counter) -> None:
    agent = counter.paired()
    agent.stop()
    asked, ended = threading.Event(), threading.Event()

    class Silent:
        def send(self, path: str, body: bytes, token: str = "") -> Response:
            asked.set()
            assert ended.wait(WITHIN_SECONDS)
            raise Trouble(Problem.STOPPED)

        def abort(self) -> None:
            ended.set()

        def close(self) -> None: ...

    waiting = counter.agent(lambda _address: Silent())
    waiting.start()
    assert asked.wait(WITHIN_SECONDS)
    waiting.stop()
    assert waiting._thread is not None
    assert not waiting._thread.is_alive()


def test_what_waits_is_carried_out_and_taken_in(counter: Counter, tmp_path: Path) -> None:
    sell(counter.store)
    agent = counter.paired()
    counter.pull_the_plug()
    carried = agent.carry_out(tmp_path / "usb")
    assert carried.facts == counter.facts_here()
    taken = take_in(counter.up.database, carried.path, now=counter.up.fake.now)
    assert taken.statuses == {"applied": carried.facts}
    assert agent.refresh().waiting == carried.facts
    counter.plug_in()
    agent.run_once()
    assert agent.status().waiting == 0
    assert counter.facts_there() == counter.facts_here()


def test_how_old_the_oldest_waiting_record_is(counter: Counter) -> None:
    agent = counter.paired()
    oldest = SqliteExchange(counter.store).state().oldest_waiting_at
    assert oldest is not None
    counter.clock.now = oldest + 9 * 86_400_000
    assert agent.refresh().age_days == 9
