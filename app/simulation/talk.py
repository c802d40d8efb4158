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
from app.simulation.plan import DAY
from app.simulation.till import SimCrash
from sync.client.engine import Engine
from sync.client.identity import DeviceKey
from sync.client.messages import ID_BYTES, challenge_of, proof_of, push_of
from sync.client.transport import Response
from sync.client.trouble import Problem, Trouble
from sync.protocol import NO_HEAD, PairAnswer, PairRequest, TokenAnswer, pack, unpack

if TYPE_CHECKING:
    from app.simulation.books import Book
    from app.simulation.till import SimTill

SEED_BYTES: Final = 32
AGED_MS: Final = 91 * DAY
PAUSE_MAX_MS: Final = 60_000


class SimIdentity:
    """Implements :class:`sync.client.identity.Identity`."""

    def __init__(self, key: DeviceKey) -> None:
        self.key = key

    def can_replace(self) -> bool:
        return True

    def replace(self, key: DeviceKey) -> None:
        self.key = key


class Talk:
    """``network`` knows the server; what the server's people do (codes) goes by its back door."""

    def __init__(self, network: SimNetwork, till: SimTill, identity: SimIdentity | None = None) -> None:
        self._network = network
        self._till = till
        self._random = Random(f"talk {till.name}")
        self._chance = self._random
        self._crash_in = 0
        self.identity = identity or SimIdentity(self._pair())
        self.begin_again()

    def begin_again(self) -> None:
        """The program starts: what the engine remembered is gone."""
        self.engine = Engine(
            self._till.store.exchange,
            self.identity,
            _Line(self),
            self._till.clock,
            self._random.randbytes,
        )

    def cycle(self, chance: Random) -> str:
        """One round; what it did in a few words."""
        self._chance = chance
        done = self.engine.round(wait=self._wait)
        return f"{done.problem or 'ok'} {done.sent} {done.received} {done.waiting}"

    def is_at_rest(self) -> bool:
        """Nothing waits, and everything that the server told of is here."""
        state = self._till.store.exchange.state()
        return not state.waiting and not state.filling and state.last_problem in ("", Problem.FORKED)

    def let_in(self) -> None:
        """Somebody pairs it again, where the server knows its key no more."""
        self.identity.replace(self._pair())
        self.begin_again()

    def rotate(self, chance: Random) -> str:
        """The key has come to the age at which the till asks for another."""
        key = self.identity.key
        self.identity.replace(DeviceKey(key.key_id, key.made_at - AGED_MS, key.seed))
        return self.cycle(chance)

    def crash_at(self, ordinal: int) -> None:
        """The power goes before or after one of the next requests."""
        self._crash_in = ordinal

    def survive(self) -> None:
        self._crash_in = 0

    def forge(self, other: SimTill, book: Book, random: Random) -> int:
        """Tell of a fact of another till's, under one's own credential; the status that came back."""
        key, device = self.identity.key, other.store.device_id
        own, at = UUID(bytes=random.randbytes(ID_BYTES)), other.clock.now_ms()
        plain = {"v": 1, "kind": "event", "id": own.hex, "at": at, "event": "forged"}
        body, seq, life = canonical_bytes(plain), book.last_seq + 1_000, other.store.mark.incarnation
        prev = random.randbytes(len(NO_HEAD))
        digest = link(prev, device, life, seq, body)
        record = OutgoingFact(seq, own.bytes, "event", at, max(1, at) << 16, prev, digest, body)
        batch, nonce = random.randbytes(ID_BYTES), random.randbytes(ID_BYTES)
        request = push_of(key, device.bytes, Outgoing(life, (record,)), batch=batch, nonce=nonce, at=at)
        return self._network.server.ask("push", self._token(random), pack(request)).status

    def _token(self, random: Random) -> str:
        """A fresh one, by the server's own clock; none for a key that it does not know."""
        server = self._network.server
        asked = challenge_of(self.identity.key, at=server.true_ms(), nonce=random.randbytes(ID_BYTES))
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

    def _pair(self) -> DeviceKey:
        """A code from the office becomes a key of this till."""
        store, now = self._till.store, self._till.clock.now_ms()
        key = DeviceKey("", now, self._random.randbytes(SEED_BYTES))
        code, device = self._network.server.pairing_code(), store.device_id.bytes
        shop = self._till.session.shop
        request = PairRequest(
            code, device, key.public, proof_of(key, code, device), shop.store_code, shop.till_code, shop.name
        )
        reply = self._network.server.ask("pair", "", pack(request))
        assert reply.status == 200, reply
        return DeviceKey(unpack(reply.body, PairAnswer).key_id, now, key.seed)


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
