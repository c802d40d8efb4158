"""The hub's talk with the server above, step by step: introduce the tills, relay what they signed, pass on leases, read the feed.

Nothing is forgotten before it is answered, whole and for what was sent; nothing that is stuck stops what comes behind it. There is no
thread, clock or network in here: a step is given who sends, and whoever calls it decides when the next one comes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, text

from sync.protocol import (
    Failure,
    LeaseAnswer,
    LeaseRequest,
    Malformed,
    PairAnswer,
    PullAnswer,
    PullRequest,
    PushAnswer,
    PushRequest,
    Status,
    TokenAnswer,
    TokenRequest,
    pack,
    token_claim,
    unpack,
)
from sync.server import trust
from sync.server.database import Database
from sync.server.foreign import take_down
from sync.server.hub import KEPT_MS, Upstream, tell_again, upstream_of
from sync.server.wire import Shell

T = TypeVar("T")
Answer = TypeVar("Answer", TokenAnswer, PairAnswer, PushAnswer, LeaseAnswer, PullAnswer)

RELAYS_AT_ONCE: Final = 40
PAGES_AT_ONCE: Final = 20
LEASES_AT_ONCE: Final = 50
TOKEN_SPARE_MS: Final = 60_000
LATER_MS: Final = 60_000
LATER_MAX_MS: Final = 3_600_000
SWEEP_EVERY_MS: Final = 3_600_000
NONCE_BYTES: Final = 16
LOOKED_AT_MAX: Final = 2_000

INTRODUCTIONS: Final = text(
    "SELECT key_id, body FROM introduction WHERE tenant_id = :tenant AND told_at IS NULL ORDER BY paired_at, key_id"
)
INTRODUCED: Final = text(
    "UPDATE introduction SET told_at = :at, problem = :problem WHERE tenant_id = :tenant AND key_id = :key"
)
# Index relayed_waiting. What got stuck comes last, and of tills that are not known above nothing.
WAITING: Final = text(
    "SELECT r.number, r.device_id FROM relayed r WHERE r.tenant_id = :tenant AND r.told_at IS NULL AND EXISTS"
    " (SELECT 1 FROM introduction i WHERE i.tenant_id = r.tenant_id AND i.device_id = r.device_id AND i.told_at IS NOT NULL)"
    " ORDER BY CASE WHEN r.problem = '' THEN 0 ELSE 1 END, r.number LIMIT :limit"
)
WAITING_COUNT: Final = text("SELECT COUNT(*) FROM relayed WHERE tenant_id = :tenant AND told_at IS NULL")
BATCH: Final = text("SELECT body FROM relayed WHERE tenant_id = :tenant AND number = :number")
RELAYED: Final = text(
    "UPDATE relayed SET told_at = :at, problem = :problem WHERE tenant_id = :tenant AND number = :number"
)
DROP_OLD: Final = text("DELETE FROM relayed WHERE tenant_id = :tenant AND told_at < :before")
INTRODUCE_AGAIN: Final = text(
    "UPDATE introduction SET told_at = NULL WHERE tenant_id = :tenant AND device_id = :device"
)
TALKS: Final = text(
    "SELECT device_id, asked FROM lease_talk WHERE tenant_id = :tenant AND told_at IS NULL"
    " ORDER BY asked_at, device_id LIMIT :limit"
)
# Another question may have come meanwhile: it still waits.
ANSWERED: Final = text(
    "UPDATE lease_talk SET told = :told, told_at = CASE WHEN asked = :asked THEN :at END"
    " WHERE tenant_id = :tenant AND device_id = :device"
)
STAND: Final = text("UPDATE upstream SET server = :server, pulled = :pulled WHERE tenant_id = :tenant")
CONTACT: Final = text(
    "UPDATE upstream SET last_contact_at = COALESCE(:at, last_contact_at), last_problem = :problem WHERE tenant_id = :tenant"
)


class Unreachable(Exception):
    """No answer. ``code`` is short: no_network, timeout, tls …"""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Send(Protocol):
    """Post ``body`` to ``/sync/v1/<what>`` with this token ("" for none); the status and the body of the answer.

    Raises Unreachable.
    """

    def __call__(self, what: str, body: bytes, token: str) -> tuple[int, bytes]: ...


@dataclass(frozen=True, slots=True)
class Stepped:
    """What one step did. ``is_more``: another one at once would do more."""

    relayed: int = 0
    taken: int = 0
    waiting: int = 0
    is_more: bool = False
    problem: str = ""


class _Trouble(Exception):
    """This step goes no further."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _Refused(Exception):
    """This one request is not done, for a reason that lies in it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Upward:
    """One hub's talk. What must outlive the process lies in the database."""

    def __init__(self, database: Database, shell: Shell, tenant_id: UUID) -> None:
        self._database = database
        self._shell = shell
        self._tenant_id = tenant_id
        self._token, self._token_ends_at = "", 0
        self._clock_apart = 0
        # Batches (by number) and introductions (by key) that cannot be told now: when to try again, and how long after that.
        self._later: dict[int | str, tuple[int, int]] = {}
        self._swept_at = 0
        self._is_told_again = False

    def step(self, send: Send) -> Stepped:
        """One round. Never raises for what the network or the server above does."""
        relayed = taken = 0
        is_more, problem, is_contact = False, "", False
        self._is_told_again = False
        try:
            up = self._up()
            self._sign_in(send, up)
            is_contact = True
            self._introduce(send)
            relayed, is_more = self._relay(send)
            self._talk(send)
            taken, has_pages = self._pull(send)
            is_more = is_more or has_pages or self._is_told_again
        except Unreachable as error:
            problem = error.code
        except (_Trouble, _Refused) as error:
            problem = error.code
        waiting = self._run(lambda db: self._finish(db, problem, is_contact=is_contact))
        return Stepped(relayed, taken, waiting, is_more and not problem, problem)

    # --- asking -----------------------------------------------------------------------------------------------------------

    def _sign_in(self, send: Send, up: Upstream) -> None:
        now = self._shell.now_ms()
        if self._token and now < self._token_ends_at - TOKEN_SPARE_MS:
            return
        for is_last in (False, True):
            status, body = send("token", pack(self._challenge(up)), "")
            if status == 200:
                answer = _whole(body, TokenAnswer)
                self._token = answer.token
                self._token_ends_at = self._shell.now_ms() + answer.expires_at - answer.server_time
                return
            failure = _failure(status, body)
            if failure.code != "clock_apart" or is_last:
                raise _Trouble(failure.code)
            self._clock_apart = failure.server_time - self._shell.now_ms()

    def _challenge(self, up: Upstream) -> TokenRequest:
        at, nonce = self._shell.now_ms() + self._clock_apart, self._shell.random(NONCE_BYTES)
        key = Ed25519PrivateKey.from_private_bytes(up.private_key)
        return TokenRequest(up.key_id, at, nonce, key.sign(token_claim(up.key_id, at, nonce)))

    def _ask(self, send: Send, what: str, body: bytes, kind: type[Answer]) -> Answer:
        """Raises Unreachable, _Trouble (nothing more in this step), _Refused (not this one)."""
        status, said = send(what, body, self._token)
        if status == 200:
            return _whole(said, kind)
        failure = _failure(status, said)
        if status == 401:
            self._token = ""
            raise _Trouble(failure.code)
        if status in (429, 503) or status >= 500 or failure.code in ("device_revoked", "no_hub"):
            raise _Trouble(failure.code)
        raise _Refused(failure.code)

    # --- up ---------------------------------------------------------------------------------------------------------------

    def _introduce(self, send: Send) -> None:
        for key_id, body in self._run(lambda db: db.execute(INTRODUCTIONS, self._own).all()):
            problem, told_at = "", self._shell.now_ms()
            if not self._is_due(key_id, told_at):
                continue
            try:
                answer = self._ask(send, "introduce", bytes(body), PairAnswer)
                self._notice(answer.server)
            except _Refused as error:
                problem = error.code
                self._try_later(key_id, told_at)
            values = self._own | {"key": key_id, "at": None if problem else told_at, "problem": problem}
            self._run(lambda db, values=values: db.execute(INTRODUCED, values))  # type: ignore[misc]

    def _relay(self, send: Send) -> tuple[int, bool]:
        """How many batches were told, and whether more can be told at once."""
        now, told = self._shell.now_ms(), 0
        limit = self._own | {"limit": LOOKED_AT_MAX}
        rows = self._run(lambda db: db.execute(WAITING, limit).all())
        ready = [(number, device) for number, device in rows if self._is_due(number, now)]
        for number, device in ready[:RELAYS_AT_ONCE]:
            told += self._relay_one(send, number, device)
        return told, told > 0 and len(ready) > RELAYS_AT_ONCE

    def _relay_one(self, send: Send, number: int, device: str) -> bool:
        body = bytes(self._run(lambda db: db.execute(BATCH, self._own | {"number": number}).scalar_one()))
        try:
            asked = unpack(body, PushRequest)
            answer = self._ask(send, "relay", body, PushAnswer)
            _check_echo(asked, answer)
            self._notice(answer.server)
            problem = next((one.code for one in answer.results if one.status is Status.RETRY), "")
            is_revoked = any(one.code == "device_revoked" for one in answer.results)
        except _Refused as error:
            problem, is_revoked = error.code, False
        now = self._shell.now_ms()
        self._run(lambda db: self._settle(db, number, device, problem, is_revoked=is_revoked, now=now))
        if problem:
            self._try_later(number, now)
        else:
            # What vouches for facts in earlier batches may have come with this one.
            self._later.clear()
        return not problem

    def _is_due(self, what: int | str, now: int) -> bool:
        return self._later.get(what, (0, 0))[0] <= now

    def _try_later(self, what: int | str, now: int) -> None:
        _, pause = self._later.get(what, (0, LATER_MS // 2))
        pause = min(2 * pause, LATER_MAX_MS)
        self._later[what] = (now + pause, pause)

    def _settle(
        self, db: Connection, number: int, device: str, problem: str, *, is_revoked: bool, now: int
    ) -> None:
        own = self._own | {"number": number, "at": None if problem else now, "problem": problem}
        db.execute(RELAYED, own)
        if problem == "till_unknown":
            db.execute(INTRODUCE_AGAIN, self._own | {"device": device})
        if is_revoked:
            trust.revoke(db, self._tenant_id, UUID(device), now)

    def _talk(self, send: Send) -> None:
        """What tills asked about leases."""
        limit = self._own | {"limit": LEASES_AT_ONCE}
        for device, asked in self._run(lambda db: db.execute(TALKS, limit).all()):
            question = bytes(asked)
            request = msgspec.structs.replace(unpack(question, LeaseRequest), device=UUID(device).bytes)
            try:
                answer = self._ask(send, "lease", pack(request), LeaseAnswer)
            except _Refused:
                answer = LeaseAnswer(0, request.incarnation, (), is_whole=True)
            values = self._own | {"device": device, "told": pack(answer)}
            values |= {"asked": question, "at": self._shell.now_ms()}
            self._run(lambda db, values=values: db.execute(ANSWERED, values))  # type: ignore[misc]

    # --- down -------------------------------------------------------------------------------------------------------------

    def _pull(self, send: Send) -> tuple[int, bool]:
        """How many steps of the feed were new, and whether there are more."""
        taken = 0
        for _ in range(PAGES_AT_ONCE):
            up = self._up()
            asked = PullRequest(up.server if up.pulled else 0, up.pulled)
            answer = self._ask(send, "pull", pack(asked), PullAnswer)
            self._notice(answer.server)
            if answer.must_restart:
                self._run(lambda db, life=answer.server: self._stand(db, life, 0))  # type: ignore[misc]
                continue
            taken += self._run(lambda db, page=answer: self._take(db, page))  # type: ignore[misc]
            if answer.last >= answer.newest:
                return taken, False
        return taken, True

    def _take(self, db: Connection, page: PullAnswer) -> int:
        """A page together with the cursor that covers it."""
        up = upstream_of(db, self._tenant_id)
        assert up is not None
        new = take_down(db, up.device, page.changes, self._shell.now_ms()) if page.changes else 0
        self._stand(db, page.server, page.last)
        return new

    def _notice(self, life: int) -> None:
        """Another life of the server above: it lost something, and is told everything that is still kept."""

        def work(db: Connection) -> None:
            up = upstream_of(db, self._tenant_id)
            assert up is not None
            if up.server == life:
                return
            if up.server:
                self._is_told_again = True
                tell_again(db, self._tenant_id)
            self._stand(db, life, 0)

        if self._up().server != life:
            self._run(work)
            self._later.clear()

    def _stand(self, db: Connection, life: int, pulled: int) -> None:
        db.execute(STAND, self._own | {"server": life, "pulled": pulled})

    # --- its own books ----------------------------------------------------------------------------------------------------

    @property
    def _own(self) -> dict[str, Any]:
        return {"tenant": self._tenant_id.hex}

    def _run(self, work: Callable[[Connection], T]) -> T:
        return self._database.run_house(work)

    def _up(self) -> Upstream:
        up = self._database.run_house(lambda db: upstream_of(db, self._tenant_id), is_reading=True)
        assert up is not None, "a hub belongs somewhere"
        return up

    def _finish(self, db: Connection, problem: str, *, is_contact: bool) -> int:
        now = self._shell.now_ms()
        db.execute(CONTACT, self._own | {"at": now if is_contact else None, "problem": problem})
        if not self._swept_at <= now < self._swept_at + SWEEP_EVERY_MS:
            self._swept_at = now
            db.execute(DROP_OLD, self._own | {"before": now - KEPT_MS})
        return int(db.execute(WAITING_COUNT, self._own).scalar_one())


def _whole(body: bytes, kind: type[Answer]) -> Answer:
    """Raises _Trouble for what is no whole answer: a captive portal, a proxy's page, a line that broke."""
    try:
        answer = unpack(body, kind)
    except Malformed as error:
        raise _Trouble("not_the_server") from error
    if not answer.is_whole:
        raise _Trouble("cut_off")
    return answer


def _failure(status: int, body: bytes) -> Failure:
    try:
        return msgspec.json.decode(body, type=Failure)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise _Trouble("not_the_server" if status < 500 else "server_busy") from error


def _check_echo(asked: PushRequest, answer: PushAnswer) -> None:
    """Raises _Trouble for an answer to something else."""
    sent = [(one.id, one.hash) for one in asked.records]
    echoed = [(one.id, one.hash) for one in answer.results]
    if (answer.batch, answer.nonce) != (asked.batch, asked.nonce) or sent != echoed:
        raise _Trouble("another_answer")
