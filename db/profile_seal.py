"""Sealing what names a person: AES-256-GCM under a key of the member's own. This module alone imports cryptography for it.

A fact is sealed once and its id is never given out again, so the nonce is made from the id and never repeats under a key. The member's and
the fact's ids are authenticated with it: a sealed body cannot be moved to another member or another fact.
"""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from functools import cache
from typing import Any, Final
from uuid import UUID

from app.domain.errors import Refused

KEY_BITS: Final = 256
NONCE_BYTES: Final = 12
_DOMAIN: Final = b"regulars.member.v1"


def new_key() -> bytes:
    """Random bytes from the system; nothing else ever makes them again."""
    key: bytes = _cipher().generate_key(KEY_BITS)
    return key


def seal(key: bytes, fact_id: UUID, member_id: UUID, data: bytes) -> str:
    """Text for the body of the fact."""
    sealed: bytes = _cipher()(key).encrypt(_nonce(fact_id), data, _about(fact_id, member_id))
    return b64encode(sealed).decode()


def unseal(key: bytes, fact_id: UUID, member_id: UUID, sealed: str) -> bytes:
    """Raises Refused("record_damaged") where it was changed, or belongs to another fact, member or key."""
    from cryptography.exceptions import InvalidTag

    try:
        data: bytes = _cipher()(key).decrypt(
            _nonce(fact_id), b64decode(sealed, validate=True), _about(fact_id, member_id)
        )
    except (InvalidTag, ValueError) as error:
        raise Refused("record_damaged") from error
    return data


def warm() -> None:
    """Load the cipher now: it takes as long as a sale, and the first enrolment should not wait for it."""
    _cipher()


@cache
def _cipher() -> Any:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM


def _nonce(fact_id: UUID) -> bytes:
    return hashlib.sha256(_DOMAIN + fact_id.bytes).digest()[:NONCE_BYTES]


def _about(fact_id: UUID, member_id: UUID) -> bytes:
    return fact_id.bytes + member_id.bytes
