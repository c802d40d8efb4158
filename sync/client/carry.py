"""Carrying facts out on a stick: everything that waits, in one file that only the server can open.

The facts stay in the outbox until the server itself has said that it has them. A file stands whole under its name or not at all.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from app.domain.errors import Refused, Unavailable
from app.i18n import reason_of
from app.service.sync_ports import Carried
from sync.client.identity import Identity
from sync.client.packing import Packer
from sync.protocol import CARRY_MAGIC, RECORDS_MAX, CarryHeader, carry_nonce, carry_secret

SUFFIX: Final = ".regulars"
LENGTH_BYTES: Final = 4


def carry_out(
    folder: Path,
    packer: Packer,
    identity: Identity,
    carry_key: bytes,
    *,
    device: bytes,
    till: str,
    local: datetime,
    seed: bytes,
) -> Carried:
    """``till`` and the shop's time name the file; ``seed`` is 32 random bytes.

    Raises Refused("nothing_waits"), Unavailable("carry_no_key" | "carry_unwritable").
    """
    if not carry_key:
        raise Unavailable("carry_no_key", can_retry=False)
    path = folder / f"{till}-{local:%Y%m%d-%H%M%S}{SUFFIX}"
    unfinished = path.with_suffix(".unfinished")
    header, secret = _sealed_to(carry_key, identity.key.key_id, device, int(local.timestamp() * 1000), seed)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with unfinished.open("wb") as file:
            facts = _write(file, header, secret, packer)
            file.flush()
            os.fsync(file.fileno())
        if not facts:
            raise Refused("nothing_waits")
        os.replace(unfinished, path)
    except OSError as error:
        raise Unavailable("carry_unwritable", path=str(folder), reason=reason_of(error)) from error
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)
    return Carried(path, facts)


def _sealed_to(carry_key: bytes, key_id: str, device: bytes, at: int, seed: bytes) -> tuple[bytes, bytes]:
    """The header, and the secret that it and the server's key agree on."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    own = X25519PrivateKey.from_private_bytes(seed)
    public = own.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    header = msgspec.msgpack.encode(CarryHeader(key_id, device, at, carry_key, public))
    return header, carry_secret(own.exchange(X25519PublicKey.from_public_bytes(carry_key)), header)


def _write(file: BinaryIO, header: bytes, secret: bytes, packer: Packer) -> int:
    """How many facts were written."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    sealing, number, facts = AESGCM(secret), 0, 0
    file.write(CARRY_MAGIC)
    _put(file, header)
    for body, count in _bodies(packer):
        _put(file, sealing.encrypt(carry_nonce(number, is_last=False), body, None))
        number, facts = number + 1, facts + count
    _put(file, sealing.encrypt(carry_nonce(number, is_last=True), b"", None))
    return facts


def _bodies(packer: Packer) -> Iterator[tuple[bytes, int]]:
    after_seq = 0
    while (batch := packer.waiting(RECORDS_MAX, after_seq)) is not None:
        after_seq = batch.last_seq
        if batch.body is not None:
            yield batch.body, len(batch.request.records)


def _put(file: BinaryIO, block: bytes) -> None:
    file.write(len(block).to_bytes(LENGTH_BYTES, "big"))
    file.write(block)
