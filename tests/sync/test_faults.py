"""Real HTTP through a real proxy that breaks it, in every way it can be broken, at every request: nothing lost, nothing twice."""

from __future__ import annotations

import contextlib
import datetime
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import pytest

from app.domain.errors import TillError
from app.domain.ids import DeviceId
from sync.client.address import parse_address
from sync.client.engine import Engine, Intervals
from sync.client.http import HttpTransport, Patience
from sync.client.identity import DeviceKey, Vault
from sync.client.pairing import pair
from sync.client.transport import Response
from sync.client.trouble import Problem, Trouble
from sync.server.database import Database, open_database
from sync.server.trust import CODE_LETTERS, make_code, put_code
from tests.fakes import FakeClock
from tests.sync.certificates import Authority
from tests.sync.client.memory import MemoryExchange
from tests.sync.client.served import served
from tests.sync.client.talking import HeldIdentity, OneQuestion
from tests.sync.proxy import Fault, FaultProxy
from tests.sync.server.conftest import furnished
from tests.sync.server.driver import rows
from tests.sync.server.shell import FakeShell
from tests.sync.server.tills import TENANT, Till

HASTE = Patience(connect_seconds=0.4, read_seconds=0.25, exchange_seconds=0.5)
"""For what meets a fault; everything else is waited for, however busy this machine is."""
PATHS = ("pair", "token", "push", "pull", "snapshot", "reconcile", "rotate", "lease")
TLS = (Fault.TLS_EXPIRED, Fault.TLS_HOST, Fault.TLS_SELF_SIGNED)
PLAIN = [fault for fault in Fault if fault not in TLS]
UNNOTICED = (Fault.DUPLICATE, Fault.REPLAY, Fault.SWAP, Fault.HUGE)
"""The first three may give the very answer that was asked for; a page that is too large is asked for again at once, in parts."""
MINUTE_MS = 60_000


@dataclass
class Place:
    """A server behind a socket, and its clock."""

    database: Database
    fake: FakeShell
    port: int
    tills: int = 0

    def code(self) -> str:
        self.fake.now += MINUTE_MS  # codes are made and tried as often as people do
        code = make_code(self.fake.random.randbytes(CODE_LETTERS))
        self.database.run(TENANT, lambda db: put_code(db, TENANT, code, "", now=self.fake.now))
        return code

    def facts_of(self, till: Till) -> list[tuple[object, ...]]:
        own = till.device.device_id.hex
        return rows(self.database, "SELECT seq FROM fact WHERE device_id = :own ORDER BY seq", own=own)

    def tables(self, till: Till) -> list[int]:
        """How often each fact of this till stands in what follows from it."""
        own = till.device.device_id.hex
        counted = rows(
            self.database,
            "SELECT (SELECT count(*) FROM fact WHERE device_id = :own), (SELECT count(*) FROM exception WHERE device_id = :own),"
            " (SELECT seq FROM chain WHERE device_id = :own)",
            own=own,
        )
        return [int(str(one)) for one in counted[0]]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    database = furnished(open_database(str(tmp_path_factory.mktemp("faults") / "server.db")))
    fake = FakeShell()
    with served(database, fake=fake) as port:
        yield Place(database, fake, port)


class Armed:
    """A way to the server on which one request meets a fault."""

    def __init__(self, address: str, proxy: FaultProxy, tls: ssl.SSLContext | None = None) -> None:
        self._transport = HttpTransport(parse_address(address), tls=tls)
        self._hasty = HttpTransport(parse_address(address), HASTE, tls=tls)
        self._proxy = proxy
        self.target = ""
        self.fault: Fault | None = None
        self.met = 0

    def send(self, path: str, body: bytes, token: str = "") -> Response:
        fault = self.fault
        if fault is None or path != self.target:
            return self._transport.send(path, body, token)
        self.fault = None
        self.met += 1
        self._transport.close()
        with self._proxy.armed(fault):
            try:
                return self._hasty.send(path, body, token)
            finally:
                self._hasty.close()

    def abort(self) -> None:
        self._transport.abort()

    def close(self) -> None:
        self._transport.close()


class Shop:
    """A till that pairs, sells and talks through the proxy."""

    def __init__(self, place: Place, line: Armed) -> None:
        place.tills += 1
        self.place = place
        self.line = line
        self.till = Till(1_000 + place.tills)
        self.exchange = MemoryExchange(self.till)
        self.clock = FakeClock()
        self.kept: dict[str, bytes] = {}
        self._engine: Engine | None = None

    def pair(self) -> None:
        vault = Vault(self.kept.__setitem__, self.kept.get, self.kept.__delitem__)
        device = self.till.device
        pairing, server = pair(
            parse_address("http://127.0.0.1"), self.place.code(), DeviceId(device.device_id),
            store_code=device.store_code, till_code=device.till_code, name="收銀台", transport=self.line, vault=vault,
            now=self.place.fake.now, random=Random(self.place.tills).randbytes,
        )  # fmt: skip
        self.exchange.start_over(server, at=0)
        identity = HeldIdentity(DeviceKey(pairing.key_id, self.place.fake.now, self.kept[pairing.key_id]))
        self._engine = Engine(
            self.exchange, identity, self.line, self.clock, Random(5).randbytes, Intervals(key_life_ms=30 * MINUTE_MS),
            OneQuestion(self.till),
        )  # fmt: skip

    def prepare(self, path: str) -> None:
        """So that the next round asks this."""
        self.till.sells([11])
        if path == "token":
            self.place.fake.now += 16 * MINUTE_MS
        if path == "rotate":
            self.place.fake.now += 31 * MINUTE_MS
        if path == "snapshot":
            self.exchange.start_over(self.exchange.state().server, at=0)

    def round(self) -> Problem | None:
        assert self._engine is not None
        self.place.fake.now += 2_000
        self.clock.now = self.place.fake.now
        while not (step := self._engine.step()).is_last:
            pass
        return step.problem

    def drain(self) -> None:
        for _ in range(4):
            if self.round() is None and not self.exchange.state().waiting:
                return
        raise AssertionError(self.exchange.state())


def meets(shop: Shop, fault: Fault, path: str) -> None:
    """One request of this kind meets the fault; then the fault is gone."""
    shop.line.target, shop.line.fault, shop.line.met = path, fault, 0
    problem: object = None
    if path == "pair":
        try:
            shop.pair()
        except TillError as error:
            problem = error
            shop.pair()
    else:
        shop.prepare(path)
        problem = shop.round()
    assert shop.line.met == 1, "the fault was met"
    shop.line.fault = None
    if fault not in UNNOTICED:
        assert problem is not None, f"{fault} at {path} went unnoticed"
    shop.till.sells([7])
    shop.drain()


def prove(shop: Shop) -> None:
    """Everything arrived, once, in an unbroken chain, and nothing was made of the noise."""
    count = len(shop.till.records)
    assert shop.place.tables(shop.till) == [count, 0, count]
    assert shop.exchange.state().waiting == 0
    assert shop.exchange.state().filling == ""
    assert {said.verdict.value for said in shop.exchange.said.values()} <= {"applied", "duplicate"}


@pytest.mark.parametrize("fault", PLAIN, ids=lambda fault: fault.name)
def test_a_fault_at_any_request_loses_nothing_and_counts_nothing_twice(place: Place, fault: Fault) -> None:
    proxy = FaultProxy(place.port)
    line = Armed(f"http://127.0.0.1:{proxy.port}", proxy)
    shop = Shop(place, line)
    try:
        for path in PATHS:
            meets(shop, fault, path)
        prove(shop)
    finally:
        line.close()
        proxy.close()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def contexts(authority: Authority) -> dict[Fault | None, ssl.SSLContext]:
    past = datetime.datetime(2021, 1, 1, tzinfo=datetime.UTC)
    shown = {
        None: authority.show("localhost"),
        Fault.TLS_EXPIRED: authority.show("localhost", ends=past),
        Fault.TLS_HOST: authority.show("somewhere-else.example"),
        Fault.TLS_SELF_SIGNED: authority.show("localhost", is_self_signed=True),
    }
    made: dict[Fault | None, ssl.SSLContext] = {}
    for fault, one in shown.items():
        made[fault] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made[fault].load_cert_chain(one.certificate, one.key)
    return made


@pytest.mark.parametrize("fault", [*TLS, Fault.HANG, Fault.CUT_RESPONSE], ids=lambda fault: fault.name)
def test_the_same_over_tls(
    place: Place, authority: Authority, contexts: dict[Fault | None, ssl.SSLContext], fault: Fault
) -> None:
    proxy = FaultProxy(place.port, contexts=contexts)
    trust = ssl.create_default_context(cafile=str(authority.file))
    line = Armed(f"https://localhost:{proxy.port}", proxy, trust)
    shop = Shop(place, line)
    try:
        for path in PATHS:
            meets(shop, fault, path)
        prove(shop)
    finally:
        line.close()
        proxy.close()


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        (Fault.TLS_EXPIRED, Problem.TLS_EXPIRED),
        (Fault.TLS_HOST, Problem.TLS_HOST),
        (Fault.TLS_SELF_SIGNED, Problem.TLS_SELF_SIGNED),
        (Fault.HANG, Problem.TIMEOUT),
        (Fault.RESET_BEFORE_RESPONSE, Problem.TRUNCATED),
        (Fault.CUT_RESPONSE, Problem.TRUNCATED),
        (Fault.DRIP_DOWN, Problem.TIMEOUT),
        (Fault.HTML, None),
        (Fault.HUGE, Problem.TOO_LARGE),
        (Fault.REFUSE, Problem.NO_SERVER),
    ],
    ids=lambda one: getattr(one, "name", "answer"),
)
def test_each_is_called_by_its_name(
    place: Place,
    authority: Authority,
    contexts: dict[Fault | None, ssl.SSLContext],
    fault: Fault,
    problem: Problem | None,
) -> None:
    proxy = FaultProxy(place.port, contexts=contexts)
    trust = ssl.create_default_context(cafile=str(authority.file))
    transport = HttpTransport(parse_address(f"https://localhost:{proxy.port}"), HASTE, tls=trust)
    try:
        with proxy.armed(fault):
            if problem is None:
                assert transport.send("token", b"").media_type == "text/html"
            else:
                with pytest.raises(Trouble) as found:
                    transport.send("token", b"")
                assert found.value.problem is problem
    finally:
        transport.close()
        proxy.close()


def test_a_certificate_that_is_not_valid_yet_means_a_wrong_date(place: Place, authority: Authority) -> None:
    shown = authority.show("localhost", begins=datetime.datetime(2110, 1, 1, tzinfo=datetime.UTC))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(shown.certificate, shown.key)
    proxy = FaultProxy(place.port, contexts={None: context})
    trust = ssl.create_default_context(cafile=str(authority.file))
    transport = HttpTransport(parse_address(f"https://localhost:{proxy.port}"), HASTE, tls=trust)
    with pytest.raises(Trouble) as found:
        transport.send("token", b"")
    assert found.value.problem is Problem.TLS_CLOCK
    transport.close()
    proxy.close()


def problem_at(address: str) -> Problem:
    transport = HttpTransport(parse_address(address), HASTE)
    try:
        with pytest.raises(Trouble) as found:
            transport.send("push", b"")
    finally:
        transport.close()
    return found.value.problem


def test_a_name_that_nobody_knows() -> None:
    assert problem_at("https://no-such-shop.invalid") in (Problem.DNS, Problem.NO_NETWORK)


def test_an_address_that_swallows_every_packet() -> None:
    """A door whose waiting room is full answers nobody, as a black hole does."""
    with contextlib.ExitStack() as open_sockets:
        door = open_sockets.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):
            guest = open_sockets.enter_context(socket.socket())
            guest.setblocking(False)
            guest.connect_ex(door.getsockname())
        assert problem_at(f"http://127.0.0.1:{door.getsockname()[1]}") in (Problem.TIMEOUT, Problem.NO_SERVER)


def test_closing_the_till_ends_a_request_that_hangs(place: Place) -> None:
    proxy = FaultProxy(place.port)
    transport = HttpTransport(parse_address(f"http://127.0.0.1:{proxy.port}"))
    ended: list[Problem] = []

    def ask() -> None:
        try:
            transport.send("push", b"")
        except Trouble as trouble:
            ended.append(trouble.problem)

    with proxy.armed(Fault.DRIP_UP):
        asking = threading.Thread(target=ask)
        asking.start()
        while not transport._line._socket:
            asking.join(0.01)
        transport.abort()
        asking.join(5)
    assert ended == [Problem.STOPPED]
    with pytest.raises(Trouble):
        transport.send("push", b"")
    transport.close()
    proxy.close()
