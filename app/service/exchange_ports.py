"""What the till's database gives to and takes from whoever speaks with the central server.

Facts go out in the order of their places and leave the outbox only when the server has said so; what others say comes in as pages, each
applied together with the cursor that covers it. Everything here may be done again: a fact that is known already changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from app.domain.ids import DeviceId, MemberId

FILLING: Final = ("catalogue", "members", "books", "visits")
"""The stages of a first filling, in their order; after the first one a till can sell."""


@dataclass(frozen=True, slots=True)
class OutgoingFact:
    """A fact of this till as it stands in its chain; the body is the very bytes that were hashed."""

    seq: int
    id: bytes
    kind: str
    occurred_at: int
    hlc: int
    prev: bytes
    hash: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Facts of one life of this till, oldest first, and the keys that open what they seal."""

    incarnation: int
    facts: tuple[OutgoingFact, ...]
    keys: tuple[tuple[MemberId, bytes], ...] = ()


class Verdict(StrEnum):
    """What became of one fact at the server; see ``sync.protocol.Status``."""

    APPLIED = "applied"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    FORK = "fork"
    QUARANTINED = "quarantined"
    RETRY = "retry"


@dataclass(frozen=True, slots=True)
class Answer:
    id: bytes
    hash: bytes
    verdict: Verdict
    code: str = ""


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """A whole, checked answer to one batch. ``server`` is the server's life; the watermark is of ``incarnation``."""

    server: int
    incarnation: int
    watermark_seq: int
    watermark_hash: bytes
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Settled:
    """What an acknowledgement changed here. ``put_back``: facts the server had lost, in the outbox again.

    ``is_forked``: a copy of this till goes on elsewhere; another life has begun here.
    """

    acknowledged: int
    set_aside: int = 0
    put_back: int = 0
    is_forked: bool = False


@dataclass(frozen=True, slots=True)
class Incoming:
    """One step of the feed. ``entity`` is a fact's kind, or ``doc:NAME`` with canonical JSON as its body (``seq`` is its version)."""

    feed_seq: int
    entity: str
    id: bytes
    device: bytes
    incarnation: int
    seq: int
    hlc: int
    hash: bytes
    body: bytes
    key: bytes = b""


@dataclass(frozen=True, slots=True)
class Applied:
    """``known``: steps that were here already. ``problems``: steps that are kept and could not be applied yet."""

    taken: int
    known: int = 0
    problems: int = 0


@dataclass(frozen=True, slots=True)
class ExchangeState:
    """Where this till stands with its server. ``server`` 0: never heard of it. ``filling``: the stage of a first filling, "" when done.

    ``acknowledged_seq``: the highest place that the server ever said it has; whatever lies beyond it waits.
    """

    server: int
    pulled: int
    acknowledged_seq: int
    waiting: int
    oldest_waiting_at: int | None
    last_contact_at: int | None
    last_push_at: int | None
    last_pull_at: int | None
    last_problem: str
    set_aside: int
    inbox_problems: int
    filling: str
    filling_as_of: int
    filling_after: int


@dataclass(frozen=True, slots=True)
class SetAside:
    """A fact of this till that a person at the office looks at."""

    seq: int
    kind: str
    verdict: Verdict
    code: str
    occurred_at: int
    settled_at: int | None


class Exchange(Protocol):
    """The till's side of the talk, over its own database. Used by one thread at a time; no method holds the writer for long."""

    @property
    def device_id(self) -> DeviceId: ...

    def state(self) -> ExchangeState: ...

    def lives(self) -> tuple[int, ...]:
        """The incarnations whose facts are kept here, the present one last: what the server is asked about after it lost something."""
        ...

    def outgoing(self, *, facts_max: int, bytes_max: int, after_seq: int = 0) -> Outgoing | None:
        """The oldest facts that wait (beyond ``after_seq``), of one life; None when nothing waits. Bodies are whole.

        At least one fact, however large it is.
        """
        ...

    def settle(self, said: Acknowledgement, *, at: int) -> Settled:
        """One commit: what is received leaves the outbox, what was set aside is noted, what the server lost is put back.

        Without answers it is a question about the watermark alone. The cursor and the server's life stay as they are: what to do about
        another life of the server is decided by who speaks with it.
        """
        ...

    def take_in(self, server: int, page: Sequence[Incoming], *, last: int, at: int) -> Applied:
        """A page of the feed with its cursor. A long page is applied in several commits, each with the cursor of what it covers."""
        ...

    def fill(
        self, server: int, stage: str, as_of: int, page: Sequence[Incoming], *, after: int, at: int
    ) -> Applied:
        """A page of a first filling. ``after`` 0: this stage is finished, and ``filling`` is the next of :data:`FILLING` from then on.

        When ``stage`` is "" the whole filling is, and pulling goes on from ``as_of``; until then the last stage stays, however often it
        was finished.
        """
        ...

    def start_over(self, server: int, *, at: int) -> None:
        """The cursor is worth nothing any more: fill again from the first of :data:`FILLING`.

        What is here stays; knowing it twice changes nothing.
        """
        ...

    def sums(self) -> tuple[tuple[str, int, int], ...]:
        """(entity, count, xor of the first eight bytes of every hash) of all steps up to the cursor."""
        ...

    def note(self, *, at: int, problem: str, is_contact: bool) -> None:
        """What the last attempt was. The problem is a code, "" for none; a contact is any whole answer of the server."""
        ...

    def set_aside(self, limit: int = 100) -> tuple[SetAside, ...]:
        """Newest first, those that nobody settled."""
        ...

    def settle_set_aside(self, seq: int, *, at: int) -> None:
        """Somebody looked at it."""
        ...
