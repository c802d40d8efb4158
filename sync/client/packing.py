"""What waits, as batches that fit: signed, compressed, and never larger than the server takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from app.service.exchange_ports import Exchange, Outgoing
from app.service.ports import Clock
from sync.client.identity import Identity
from sync.client.messages import ID_BYTES, push_of
from sync.protocol import BATCH_BYTES_MAX, INFLATED_BYTES_MAX, RECORDS_MAX, PushRequest, pack

BODIES_BYTES_MAX: Final = INFLATED_BYTES_MAX // 2


@dataclass(frozen=True, slots=True)
class Batch:
    """``body`` is None for a single fact that fits into no batch."""

    request: PushRequest
    body: bytes | None

    @property
    def last_seq(self) -> int:
        return self.request.records[-1].seq


class Packer:
    """``random(n)`` gives n bytes."""

    def __init__(
        self, exchange: Exchange, identity: Identity, clock: Clock, random: Callable[[int], bytes]
    ) -> None:
        self._exchange = exchange
        self._identity = identity
        self._clock = clock
        self._random = random
        self._device = exchange.device_id.bytes

    def waiting(self, facts_max: int, after_seq: int) -> Batch | None:
        """As many of the oldest facts beyond ``after_seq`` as fit into one batch; None when nothing waits there."""
        while True:
            outgoing = self._exchange.outgoing(
                facts_max=facts_max, bytes_max=BODIES_BYTES_MAX, after_seq=after_seq
            )
            if outgoing is None:
                return None
            batch = self._packed(outgoing)
            if len(batch.body or b"") <= BATCH_BYTES_MAX and len(outgoing.keys) <= RECORDS_MAX:
                return batch
            if len(outgoing.facts) == 1:
                return Batch(batch.request, None)
            facts_max = len(outgoing.facts) // 2

    def question(self, life: int) -> Batch:
        """A batch without facts: how far has the server come in this life?"""
        return self._packed(Outgoing(life, ()))

    def _packed(self, outgoing: Outgoing) -> Batch:
        request = push_of(
            self._identity.key,
            self._device,
            outgoing,
            batch=self._random(ID_BYTES),
            nonce=self._random(ID_BYTES),
            at=self._clock.now_ms(),
        )
        return Batch(request, pack(request))
