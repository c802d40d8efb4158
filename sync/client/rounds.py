"""Steps and rounds: what the engine tells of what it does, and what it remembers while it does it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from sync.client.trouble import Problem


class StepKind(StrEnum):
    TOKEN = "token"
    PUSH = "push"
    FILL = "fill"
    PULL = "pull"
    LEASE = "lease"
    ROTATE = "rotate"
    RECONCILE = "reconcile"
    REST = "rest"


@dataclass(frozen=True, slots=True)
class Step:
    """What one step did. ``wait_ms`` is how long the server asks to be left alone; ``is_last``: the round is over."""

    kind: StepKind
    sent: int = 0
    received: int = 0
    problem: Problem | None = None
    wait_ms: int = 0
    is_last: bool = False


@dataclass(slots=True)
class Round:
    """What is known of the present round only."""

    steps: int = 0
    after_seq: int = 0  # facts up to here were tried in this round
    tokens: int = 0
    misses: int = 0
    has_asked: bool = False  # the server said how far it has come
    has_put_back: bool = False
    has_pulled: bool = False
    has_leased: bool = False
    has_compared: bool = False
    has_rotated: bool = False
    is_contact: bool = False
    problem: Problem | None = None


@dataclass(slots=True)
class Memory:
    """What is worth remembering from round to round, and nothing is lost without.

    ``to_ask`` are lives whose watermark must be asked for; when all are, ``restart_with`` is the server's life to fill from.
    """

    token: str = ""
    token_expires_at: int = 0  # by the server's clock
    clock_apart_ms: int = 0
    to_ask: list[int] = field(default_factory=list)
    restart_with: int | None = None
    refilled_at: int | None = None
    compared_at: int | None = None
