"""What can go wrong between the till and its server, as codes with a sentence each (``sync.problem.<code>``).

None of it is ever an answer about a fact: whatever was under way is unknown and is asked again later.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Problem(StrEnum):
    """What the operator is told. Most of them pass by themselves; :data:`NEEDS_SOMEBODY` do not."""

    NO_NETWORK = "no_network"  # nothing leaves this machine
    DNS = "dns"  # nobody knows the server's name
    NO_SERVER = "no_server"  # the machine is there and nothing listens
    TIMEOUT = "timeout"
    PORTAL = "portal"  # something else answers in the server's place: a sign-in page, a proxy
    TRUNCATED = "truncated"  # the answer did not arrive whole
    BUSY = "busy"
    SERVER_ERROR = "server_error"
    TLS = "tls"
    TLS_EXPIRED = "tls_expired"
    TLS_HOST = "tls_host"
    TLS_SELF_SIGNED = "tls_self_signed"
    TLS_CLOCK = "tls_clock"  # the certificate is not valid yet: this machine's date is wrong
    CLOCK = "clock"  # this machine's clock and the server's are apart
    REVOKED = "revoked"
    UNKNOWN_TILL = "unknown_till"
    KEY_LOST = "key_lost"  # the books say paired, and the key store has no such key
    NOT_SERVER = "not_server"
    VERSION = "version"  # the server speaks an older protocol
    REFUSED = "refused"
    TOO_LARGE = "too_large"
    FORKED = "forked"  # a copy of this till goes on elsewhere
    BOOKS_DIFFER = "books_differ"
    STORAGE = "storage"  # this till's own database
    CUT_OFF = "cut_off"  # the drill
    UNPAIRED = "unpaired"
    INTERNAL = "internal"  # our own bug; the log has it
    STOPPED = "stopped"  # the till is closing; never shown


NEEDS_SOMEBODY: Final = frozenset(
    (
        Problem.TLS, Problem.TLS_EXPIRED, Problem.TLS_HOST, Problem.TLS_SELF_SIGNED, Problem.TLS_CLOCK, Problem.CLOCK,
        Problem.REVOKED, Problem.UNKNOWN_TILL, Problem.KEY_LOST, Problem.NOT_SERVER, Problem.VERSION, Problem.REFUSED,
        Problem.TOO_LARGE, Problem.FORKED, Problem.BOOKS_DIFFER, Problem.STORAGE,
        Problem.UNPAIRED, Problem.INTERNAL,
    )
)  # fmt: skip
NO_CONTACT: Final = frozenset(
    (
        Problem.NO_NETWORK, Problem.DNS, Problem.NO_SERVER, Problem.TIMEOUT, Problem.PORTAL, Problem.TRUNCATED, Problem.TLS,
        Problem.TLS_EXPIRED, Problem.TLS_HOST, Problem.TLS_SELF_SIGNED, Problem.TLS_CLOCK, Problem.NOT_SERVER,
        Problem.SERVER_ERROR, Problem.CUT_OFF,
    )
)  # fmt: skip
"""The server itself was not heard."""


class Trouble(Exception):
    """No whole answer, or a whole one that says no. ``retry_after_ms`` is 0 where the server did not say when.

    ``server_code`` and ``server_time`` are what the server's own refusal said; both are empty when it was not the server who spoke.
    """

    def __init__(
        self,
        problem: Problem,
        *,
        retry_after_ms: int = 0,
        status: int = 0,
        server_code: str = "",
        server_time: int = 0,
    ) -> None:
        super().__init__(problem.value, status, server_code)
        self.problem = problem
        self.retry_after_ms = retry_after_ms
        self.status = status
        self.server_code = server_code
        self.server_time = server_time
