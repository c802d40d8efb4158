"""Identities. An id is made on the till before anything is stored or sent, and never derived from a number people see.

Ids are UUIDv7 (RFC 9562): 48 bits of Unix milliseconds, then random bits, so that rows arrive nearly in key order. Never
read a time out of an id and never order money by it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import NewType
from uuid import UUID

TransactionId = NewType("TransactionId", UUID)
ItemId = NewType("ItemId", UUID)
CategoryId = NewType("CategoryId", UUID)
PromotionId = NewType("PromotionId", UUID)
MemberId = NewType("MemberId", UUID)
OperatorId = NewType("OperatorId", UUID)
ShiftId = NewType("ShiftId", UUID)
BasketId = NewType("BasketId", UUID)
EntryId = NewType("EntryId", UUID)
LotId = NewType("LotId", UUID)
DeviceId = NewType("DeviceId", UUID)

_COUNTER_BITS = 12
_RANDOM_BITS = 62


class Uuid7Source:
    """Makes UUIDv7 values that strictly increase within this process, even when the clock stands still or goes back.

    ``now_ms`` gives Unix milliseconds; ``random_bits(n)`` gives n random bits (tests pass a seeded one).
    """

    def __init__(
        self, now_ms: Callable[[], int], random_bits: Callable[[int], int] = secrets.randbits
    ) -> None:
        self._now_ms = now_ms
        self._random_bits = random_bits
        self._last_ms = -1
        self._counter = 0

    def __call__(self) -> UUID:
        now = self._now_ms()
        if now > self._last_ms:
            self._last_ms, self._counter = now, self._random_bits(_COUNTER_BITS - 1)
        else:
            self._counter += 1
            if self._counter >> _COUNTER_BITS:
                self._last_ms, self._counter = self._last_ms + 1, 0
        value = (
            self._last_ms << 80
            | 0x7 << 76
            | self._counter << 64
            | 0b10 << 62
            | self._random_bits(_RANDOM_BITS)
        )
        return UUID(int=value)
