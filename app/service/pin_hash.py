"""PINs and badges as hashes. The pepper lies with the database key and not beside the hashes, so a stolen table alone opens nothing.

A PIN has a million values: Argon2id makes each guess slow, the pepper makes guessing away from the till useless.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argon2 import PasswordHasher


@dataclass(frozen=True, slots=True)
class PinCost:
    """Argon2id's parameters. The defaults are the least that OWASP's Password Storage Cheat Sheet accepts (19 MiB, t=2, p=1)."""

    memory_kib: int = 19 * 1024
    passes: int = 2
    lanes: int = 1


class PinHasher:
    """Hashes and checks. Every check does the same work, whether or not there is anybody to check against."""

    def __init__(self, pepper: bytes, cost: PinCost = PinCost()) -> None:
        assert len(pepper) >= 16, "a pepper that can be guessed is none"
        self._pepper = pepper
        self._cost = cost

    def hash(self, pin: str) -> str:
        """The encoded hash, with its own salt and parameters in it."""
        return self._argon().hash(self._peppered("pin", pin))

    def matches(self, encoded: str, pin: str) -> bool:
        """Whether this PIN made that hash. An empty or damaged hash matches nothing, in the same time."""
        from argon2.exceptions import InvalidHashError, VerificationError

        try:
            return self._argon().verify(encoded or self._nobody(), self._peppered("pin", pin))
        except (VerificationError, InvalidHashError):
            return False

    def needs_rehash(self, encoded: str) -> bool:
        """Whether the hash was made with other parameters than today's."""
        return self._argon().check_needs_rehash(encoded)

    def badge(self, code: str) -> str:
        """What is kept of a badge: it has bits enough, so a keyed hash will do, and can be looked up."""
        return self._peppered("badge", code)

    def _peppered(self, use: str, secret: str) -> str:
        return hmac.new(self._pepper, f"{use}:{secret}".encode(), hashlib.sha256).hexdigest()

    def _nobody(self) -> str:
        """A hash with today's parameters that no PIN is known to make."""
        cost = self._cost
        salt, digest = (base64.b64encode(bytes(size)).decode().rstrip("=") for size in (16, 32))
        return f"$argon2id$v=19$m={cost.memory_kib},t={cost.passes},p={cost.lanes}${salt}${digest}"

    def _argon(self) -> PasswordHasher:
        # Imported when the first person signs on, not when the till starts.
        from argon2 import PasswordHasher

        cost = self._cost
        return PasswordHasher(
            time_cost=cost.passes,
            memory_cost=cost.memory_kib,
            parallelism=cost.lanes,
            hash_len=32,
            salt_len=16,
        )
