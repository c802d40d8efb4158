"""Taking in what a till carried out on a stick: each frame is a push like any other, signed by the till and answered record by record.

Nothing is believed because it lies in a file: the tenant comes from the key that opens it, the till from the signature. Taking a file in
twice changes nothing, and neither does the till sending the same facts again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection

from app.domain.errors import Refused, Unavailable
from sync.protocol import (
    CARRY_FRAME_MAX,
    CARRY_HEADER_MAX,
    CARRY_MAGIC,
    CarryHeader,
    Malformed,
    PushAnswer,
    PushRequest,
    carry_nonce,
    carry_secret,
    unpack,
)
from sync.server.carry_key import carry_private, carry_public
from sync.server.database import Database
from sync.server.hub import push_through, upstream_of
from sync.server.push import push
from sync.server.refusal import Denied
from sync.server.tenants import tenant_of
from sync.server.trust import device_of, tenant_in

LENGTH_BYTES: Final = 4


@dataclass(frozen=True, slots=True)
class TakenIn:
    """``statuses`` counts records by what became of them."""

    device: str
    batches: int
    statuses: Mapping[str, int]


def take_in(database: Database, path: Path, *, now: int) -> TakenIn:
    """Raises Refused: "carry_not_one", "carry_other_server", "carry_unknown_till", "carry_damaged"; Unavailable("server_busy"); OSError."""
    with path.open("rb") as file:
        header, opened = _open(database, file, path.name)
        tenant_id = tenant_in(header.key_id)
        is_hub = database.run_house(lambda db: upstream_of(db, tenant_id) is not None, is_reading=True)
        take = push_through if is_hub else push
        statuses: Counter[str] = Counter()
        number = 0
        for request in _requests(file, opened, path.name):

            def work(db: Connection, request: PushRequest = request) -> PushAnswer:
                return take(db, device_of(db, tenant_id, header.key_id, now), request, now)

            statuses += _counted(database, tenant_id, work, path.name)
            number += 1
    return TakenIn(header.device.hex(), number, dict(statuses))


def _open(database: Database, file: BinaryIO, name: str) -> tuple[CarryHeader, AESGCM]:
    """The header, and what opens the frames."""
    if file.read(len(CARRY_MAGIC)) != CARRY_MAGIC:
        raise Refused("carry_not_one", file=name)
    written = _block(file, CARRY_HEADER_MAX)
    try:
        header = msgspec.msgpack.decode(written or b"", type=CarryHeader)
        tenant_id = tenant_in(header.key_id)
        made_with = X25519PublicKey.from_public_bytes(header.public_key)
    except (msgspec.DecodeError, msgspec.ValidationError, Denied, ValueError) as error:
        raise Refused("carry_not_one", file=name) from error
    try:
        tenant = database.run(tenant_id, lambda db: tenant_of(db, tenant_id), is_reading=True)
    except Denied as error:
        raise Refused("carry_other_server", file=name) from error
    if header.carry_key != carry_public(tenant):
        raise Refused("carry_other_server", file=name)
    try:
        shared = carry_private(tenant).exchange(made_with)
    except ValueError as error:  # a public key that no honest file has
        raise Refused("carry_not_one", file=name) from error
    return header, AESGCM(carry_secret(shared, written or b""))


def _requests(file: BinaryIO, opened: AESGCM, name: str) -> Iterator[PushRequest]:
    """The pushes of the file, one at a time; a file without its last frame is damaged, however far it was good."""
    number = 0
    while True:
        frame = _block(file, CARRY_FRAME_MAX)
        if frame is None:
            raise Refused("carry_damaged", file=name, batches=number)
        try:
            plain = opened.decrypt(carry_nonce(number, is_last=False), frame, None)
            yield unpack(plain, PushRequest)
        except InvalidTag as error:
            if _is_end(opened, number, frame) and not file.read(1):
                return
            raise Refused("carry_damaged", file=name, batches=number) from error
        except Malformed as error:
            raise Refused("carry_damaged", file=name, batches=number) from error
        number += 1


def _is_end(opened: AESGCM, number: int, frame: bytes) -> bool:
    try:
        return opened.decrypt(carry_nonce(number, is_last=True), frame, None) == b""
    except InvalidTag:
        return False


def _block(file: BinaryIO, bytes_max: int) -> bytes | None:
    """The next length and its bytes; None where the file ends before them, or names more than there may be."""
    length = int.from_bytes(file.read(LENGTH_BYTES), "big")
    if not 0 < length <= bytes_max:
        return None
    block = file.read(length)
    return block if len(block) == length else None


def _counted(
    database: Database, tenant_id: UUID, work: Callable[[Connection], PushAnswer], name: str
) -> Counter[str]:
    """One frame in a transaction of its own."""
    try:
        answer = database.run(tenant_id, work)
    except Denied as error:
        if error.status >= 500:
            raise Unavailable("server_busy") from error
        raise Refused("carry_unknown_till", file=name) from error
    return Counter(result.status.value for result in answer.results)
