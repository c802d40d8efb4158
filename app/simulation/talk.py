"""A till's talk with the server: the product's own engine over this universe's line, with the key it has and the chance of the step.

The engine may be thrown away at any moment; the key may not, it lies in the machine and not on the disk.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Final
from uuid import UUID

from app.domain.chain import canonical_bytes, link
from app.service.exchange_ports import Outgoing, OutgoingFact
from app.simulation.network import NoAnswer, Sent, SimNetwork
from app.simulation.server import SimServer
from app.simulation.till import SimCrash
from sync.client.address import ServerAddress
from sync.client.engine import Engine, Intervals
from sync.client.identity import DeviceKey, Identity, KeptIdentity, Vault, read_pairing, write_pairing
from sync.client.messages import ID_BYTES, challenge_of, push_of
from sync.client.pairing import pair
from sync.client.transport import Response
from sync.client.trouble import Problem, Trouble
from sync.protocol import NO_HEAD, TokenAnswer, pack, unpack

if TYPE_CHECKING:
    from app.simulation.books import Book
    from app.simulation.till import SimTill

URL: Final = "https://server"
PAUSE_MAX_MS: Final = 60_000


class Talk:
    """``network`` knows the server; what the server's people do (codes) goes by its back door."""

    def __init__(self, network: SimNetwork, till: SimTill, twin: Talk | None = None) -> None:
        self._network = network
        self._till = till
        self._random = Random(f"talk {till.name}")
        self._chance = self._random
        self._crash_in = 0
        self._seeds: dict[str, bytes] = {} if twin is None else dict(twin._seeds)
        self._vault = Vault(self._seeds.__setitem__, self._seeds.get, self._forget)
        self.identity: KeptIdentity | None = None
        self.engine: Engine | None = None
        if twin is None:
            self.let_in()
        else:
            self.begin_again()

    def begin_again(self) -> None:
        """The program starts: what the engine remembered is gone. Without its key it cannot speak with anybody."""
        pairing = read_pairing(self._till.store)
        seed = None if pairing is None else self._vault.load(pairing.key_id)
        self.identity = self.engine = None
        if pairing is not None and seed is not None:
            self.identity = KeptIdentity(self._till.store, self._vault, pairing, seed)
            self.engine = self._new_engine(self.identity, Intervals())

    def _new_engine(self, identity: Identity, intervals: Intervals) -> Engine:
        exchange, clock = self._till.store.exchange, self._till.clock
        return Engine(exchange, identity, _Line(self), clock, self._random.randbytes, intervals)

    def _forget(self, name: str) -> None:
        self._seeds.pop(name, None)

    def cycle(self, chance: Random) -> str:
        """One round; what it did in a few words."""
        if self.engine is None:
            return "key_lost"
        self._chance = chance
        done = self.engine.round(wait=self._wait)
        return f"{done.problem or 'ok'} {done.sent} {done.received} {done.waiting}"

    def is_at_rest(self) -> bool:
        """Nothing waits, and everything that the server tells of is here."""
        state = self._till.store.exchange.state()
        is_sent = not state.waiting and state.last_problem in ("", Problem.FORKED)
        return is_sent and not state.filling and state.pulled == self._network.server.newest()

    @property
    def has_good_key(self) -> bool:
        return self.identity is not None and self._network.server.knows(self.identity.key.key_id)

    def let_in(self) -> None:
        """Somebody pairs it, or pairs it again."""
        store, shop, server = self._till.store, self._till.session.shop, self._network.server
        address = ServerAddress(URL, is_encrypted=True, is_loopback=False)
        pairing, _ = pair(
            address,
            server.pairing_code(),
            store.device_id,
            store_code=shop.store_code,
            till_code=shop.till_code,
            name=shop.name,
            transport=_BackDoor(server),
            vault=self._vault,
            now=self._till.clock.now_ms(),
            random=self._random.randbytes,
        )
        write_pairing(store, pairing)
        self.begin_again()

    def take_key_of(self, twin: Talk) -> None:
        """The same key as the twin's, by hand."""
        self._seeds.update(twin._seeds)
        write_pairing(self._till.store, read_pairing(twin._till.store))
        self.begin_again()

    def rotate(self, chance: Random) -> str:
        """The key has come to the age at which the till asks for another."""
        if self.identity is None:
            return "key_lost"
        self.engine = self._new_engine(self.identity, Intervals(key_life_ms=-1))
        try:
            return self.cycle(chance)
        finally:
            self.begin_again()

    def crash_at(self, ordinal: int) -> None:
        """The power goes before or after one of the next requests."""
        self._crash_in = ordinal

    def survive(self) -> None:
        self._crash_in = 0

    def forge(self, other: SimTill, book: Book, random: Random) -> int:
        """Tell of a fact of another till's, under one's own credential; the status that came back."""
        if self.identity is None:
            return 0
        key, device = self.identity.key, other.store.device_id
        own, at = UUID(bytes=random.randbytes(ID_BYTES)), other.clock.now_ms()
        plain = {"v": 1, "kind": "event", "id": own.hex, "at": at, "event": "forged"}
        body, seq, life = canonical_bytes(plain), book.last_seq + 1_000, other.store.mark.incarnation
        prev = random.randbytes(len(NO_HEAD))
        digest = link(prev, device, life, seq, body)
        record = OutgoingFact(seq, own.bytes, "event", at, max(1, at) << 16, prev, digest, body)
        batch, nonce = random.randbytes(ID_BYTES), random.randbytes(ID_BYTES)
        request = push_of(key, device.bytes, Outgoing(life, (record,)), batch=batch, nonce=nonce, at=at)
        return self._network.server.ask("push", self._token(key, random), pack(request)).status

    def _token(self, key: DeviceKey, random: Random) -> str:
        """A fresh one, by the server's own clock; none for a key that it does not know."""
        server = self._network.server
        asked = challenge_of(key, at=server.true_ms(), nonce=random.randbytes(ID_BYTES))
        reply = server.ask("token", "", pack(asked))
        return unpack(reply.body, TokenAnswer).token if reply.status == 200 else ""

    def send(self, path: str, body: bytes, token: str) -> Response:
        self._crash_point("before_request")
        try:
            reply = self._network.ask(Sent(path, token, body), self._chance, is_cut_off=self._till.is_cut_off)
        except NoAnswer as error:
            raise Trouble(Problem.TIMEOUT if error.is_slow else Problem.NO_NETWORK) from error
        self._crash_point("after_answer")
        return Response(reply.status, reply.media, reply.body, reply.retry_after * 1_000)

    def _crash_point(self, where: str) -> None:
        if self._crash_in:
            self._crash_in -= 1
            if not self._crash_in:
                raise SimCrash(where)

    def _wait(self, milliseconds: int) -> bool:
        if milliseconds > PAUSE_MAX_MS:
            return False
        self._network.pass_time(milliseconds)
        return True


class _BackDoor:
    """The way to the server on the day on which somebody stands beside the till and pairs it."""

    def __init__(self, server: SimServer) -> None:
        self._server = server

    def send(self, path: str, body: bytes, token: str = "") -> Response:
        reply = self._server.ask(path, token, body)
        return Response(reply.status, reply.media, reply.body)

    def abort(self) -> None:
        """Nobody is in a hurry."""

    def close(self) -> None:
        """There is nothing to close."""


class _Line:
    """Implements :class:`sync.client.transport.Transport`."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk

    def send(self, path: str, body: bytes, token: str = "") -> Response:
        return self._talk.send(path, body, token)

    def abort(self) -> None:
        """Nothing is ever under way when somebody else acts."""

    def close(self) -> None:
        """There is nothing to close."""
