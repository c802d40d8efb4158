"""Leases of stored value: money of an account that this till alone may spend until a day, whether anybody can be asked or not.

The server gives them and never takes one back by itself; what a till has returned it never spends from again. A lease belongs to the
life of the till it was given to: a restored till holds none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from app.domain.loyalty.value import ValueAccountId


@dataclass(frozen=True, slots=True)
class HeldLease:
    """What became of one lease here; see ``sync.protocol.LeaseHeld``."""

    id: UUID
    spent_minor: int
    is_returned: bool
    account_id: ValueAccountId
    minor: int
    expires_at: int


@dataclass(frozen=True, slots=True)
class WantedLease:
    """``is_here``: the holder stands at the counter now."""

    account_id: ValueAccountId
    is_here: bool


@dataclass(frozen=True, slots=True)
class LeaseAsk:
    """What to tell the server in this round; see ``sync.protocol.LeaseRequest``."""

    incarnation: int
    seq: int
    held: tuple[HeldLease, ...]
    wanted: tuple[WantedLease, ...]


@dataclass(frozen=True, slots=True)
class GrantedLease:
    """One lease as the server gave it; see ``sync.protocol.Lease``."""

    id: UUID
    account_id: ValueAccountId
    minor: int
    expires_at: int


class LeaseBook(Protocol):
    """The leases of this till (``store.value.leases``). ``wanted`` and ``granted`` are for whoever speaks with the server, once a round.

    Ask after facts were pushed and pages were pulled: what is pushed already frees more.
    """

    def wanted(self, at: int) -> LeaseAsk | None:
        """What to ask for; None when there is nothing to say. ``at`` is this till's clock, here and below."""
        ...

    def granted(self, incarnation: int, leases: Sequence[GrantedLease], *, at: int) -> None:
        """A whole answer. Taking it in twice, late, or after another one does no harm."""
        ...

    def spendable(self, account_id: ValueAccountId, at: int) -> int:
        """What this till may spend of this account now without asking anybody, in minor units."""
        ...

    def is_paired(self) -> bool:
        """Whether this till belongs to a server at all: alone it may spend from every account there is."""
        ...

    def is_here(self, accounts: Iterable[ValueAccountId], at: int) -> None:
        """The holder of these stands at the counter. At once; wakes whoever speaks with the server."""
        ...

    def on_need(self, wake: Callable[[], None]) -> None:
        """``wake`` is called when a customer at the counter waits for a lease. It must return at once."""
        ...
