"""How the till speaks with the central server, as screens and commands see it. Nothing here waits for the network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol


class SyncPhase(StrEnum):
    """In words: ``sync.phase.<phase>``."""

    UNPAIRED = "unpaired"  # this till stands alone
    IDLE = "idle"  # everything is sent
    WAITING = "waiting"  # something waits; the next attempt comes by itself
    SENDING = "sending"
    FILLING = "filling"  # a new till is being given catalogue, members and books
    OFFLINE = "offline"  # the server does not answer
    TROUBLE = "trouble"  # somebody must do something: ``problem`` says what


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """``problem`` is a code with a sentence under ``sync.problem.<code>``: no_network, timeout, portal, tls, clock, revoked …

    ``progress`` counts in thousandths while filling. ``set_aside`` counts facts that the office looks at. ``age_days`` is how
    long the oldest waiting fact waits. ``clock_apart_ms`` is this till's clock less the server's, as the last contact found it (0: not
    known, or together). While the drill cuts this till off, the phase is ``OFFLINE`` and the problem "cut_off".
    """

    phase: SyncPhase
    waiting: int = 0
    last_contact_at: int | None = None
    problem: str = ""
    progress: int = 0
    set_aside: int = 0
    age_days: int = 0
    next_attempt_at: int | None = None
    server_url: str = ""
    is_encrypted: bool = True
    """False: the address is http:// and not this machine; everybody on the way can read along."""
    is_cut_off: bool = False
    """The drill is on."""
    clock_apart_ms: int = 0


@dataclass(frozen=True, slots=True)
class Cycle:
    """What one round with the server did. ``problem`` "" when all went well."""

    sent: int
    received: int
    waiting: int
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Carried:
    """Facts written on a stick, encrypted for the server. They stay in the outbox until the server has said that it has them."""

    path: Path
    facts: int


class SyncAgent(Protocol):
    """Works on a thread of its own from ``start`` to ``stop``. Every other method returns at once or belongs on a worker, as it says."""

    def start(self) -> None: ...
    def stop(self) -> None: ...
    def status(self) -> SyncStatus:
        """At once, from memory."""
        ...

    def on_change(self, listener: Callable[[SyncStatus], None]) -> None:
        """Called on the agent's thread."""
        ...

    def wake(self) -> None:
        """Something was sold, or the network is back: try soon. At once."""
        ...

    def cut_off(self, *, is_cut_off: bool) -> None:
        """The drill: behave as if the plug were pulled, until it is put back. At once."""
        ...

    def run_once(self) -> Cycle:
        """One whole round now; takes as long as the network does. For a worker or the command line."""
        ...

    def pair(self, url: str, code: str) -> None:
        """Make a key, show it with the code, keep what comes back. For a worker. Raises Refused or Unavailable with a code to show."""
        ...

    def unpair(self) -> None:
        """Forget the server. Raises Refused("facts_unsent", count=…) while anything waits."""
        ...

    def carry_out(self, folder: Path) -> Carried:
        """Write everything that waits into one encrypted file in this folder. For a worker.

        Raises Refused("nothing_waits") or Unavailable.
        """
        ...
