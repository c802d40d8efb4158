"""How far each life of each till has come at the server, and the watermark that says so.

A life goes on where the one before it ended, so its first seq is known only when the fact before it is here. The watermark is the highest
seq up to which everything was received: applied or set aside. Facts of a branch that a copied disk grew are kept beside the chain and are
not counted: a watermark never speaks for a till that did not send.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, text

from app.domain.chain import GENESIS

ROWS_MAX: Final = 4_000

ENTER: Final = text(
    "INSERT INTO chain (tenant_id, device_id, incarnation, first_seq, seq, hash)"
    " VALUES (:tenant, :device, :incarnation, NULL, 0, :hash) ON CONFLICT DO NOTHING"
)
# SQLite has one writer at a time and needs no row lock.
CHAIN: Final = "SELECT first_seq, seq, hash FROM chain WHERE tenant_id = :tenant AND device_id = :device AND incarnation = :incarnation"
MOVE: Final = text(
    "UPDATE chain SET first_seq = :first, seq = :seq, hash = :hash"
    " WHERE tenant_id = :tenant AND device_id = :device AND incarnation = :incarnation"
)
FIRST: Final = text(
    "SELECT seq, prev FROM fact WHERE tenant_id = :tenant AND device_id = :device AND incarnation = :incarnation"
    " UNION ALL"
    " SELECT seq, prev FROM set_aside WHERE tenant_id = :tenant AND device_id = :device AND incarnation = :incarnation"
    " ORDER BY seq LIMIT 1"
)
# Index fact_place: the facts of one till. Asked once in each of its lives.
IS_KNOWN: Final = text(
    "SELECT 1 FROM fact WHERE tenant_id = :tenant AND device_id = :device AND hash = :hash"
    " UNION ALL SELECT 1 FROM set_aside WHERE tenant_id = :tenant AND device_id = :device AND hash = :hash LIMIT 1"
)
BEYOND: Final = text(
    "SELECT seq, hash FROM fact WHERE tenant_id = :tenant AND device_id = :device AND incarnation = :incarnation AND seq > :seq"
    " UNION ALL"
    " SELECT seq, hash FROM set_aside"
    " WHERE tenant_id = :tenant AND device_id = :device AND incarnation = :incarnation AND seq > :seq"
    " ORDER BY seq LIMIT :limit"
)


@dataclass(frozen=True, slots=True)
class Chain:
    """``first_seq`` None: where this life begins is not known yet, and neither is its watermark."""

    tenant: str
    device: str
    incarnation: int
    first_seq: int | None
    seq: int
    hash: bytes

    @property
    def _place(self) -> dict[str, object]:
        return {"tenant": self.tenant, "device": self.device, "incarnation": self.incarnation}


def lock_chain(db: Connection, tenant: str, device: str, incarnation: int) -> Chain:
    """The chain's row, held until the commit: one batch of one life at a time."""
    place: dict[str, object] = {"tenant": tenant, "device": device, "incarnation": incarnation}
    statement = text(CHAIN + (" FOR UPDATE" if db.dialect.name == "postgresql" else ""))
    row = db.execute(statement, place).one_or_none()
    if row is None:
        db.execute(ENTER, place | {"hash": GENESIS})
        row = db.execute(statement, place).one()
    return Chain(tenant, device, incarnation, *row)


def move_watermark(db: Connection, chain: Chain) -> Chain:
    """The chain after what was just written."""
    first_seq = chain.first_seq if chain.first_seq is not None else _find_first(db, chain)
    if first_seq is None:
        return chain
    seq, digest = (chain.seq, chain.hash) if chain.first_seq is not None else (first_seq - 1, GENESIS)
    start = seq
    while True:
        rows = db.execute(BEYOND, chain._place | {"seq": seq, "limit": ROWS_MAX}).all()
        before = seq
        for here, its_hash in rows:
            if here > seq + 1:
                break
            if here == seq + 1:
                seq, digest = here, its_hash
        if len(rows) < ROWS_MAX or seq == before:
            break
    if (first_seq, seq) == (chain.first_seq, start):
        return chain
    moved = Chain(chain.tenant, chain.device, chain.incarnation, first_seq, seq, bytes(digest))
    db.execute(MOVE, moved._place | {"first": first_seq, "seq": seq, "hash": moved.hash})
    return moved


def _find_first(db: Connection, chain: Chain) -> int | None:
    """Where this life begins, if the fact before its first one is here."""
    row = db.execute(FIRST, chain._place).one_or_none()
    if row is None:
        return None
    seq, prev = row
    if seq == 1 or bytes(prev) == GENESIS:
        return int(seq)
    known = db.execute(IS_KNOWN, {"tenant": chain.tenant, "device": chain.device, "hash": prev}).first()
    return None if known is None else int(seq)
