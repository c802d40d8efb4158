"""Opening what tills have sealed with a member's key: only to learn under which number a member is found, which is not kept either.

A number is compared under the tenant's own key; what is stored tells nobody the number and differs from tenant to tenant.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64decode
from collections.abc import Iterable
from typing import Final
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES: Final = 12
_DOMAIN: Final = b"regulars.member.v1"


class Opened(msgspec.Struct, frozen=True):
    """The fields of a change, as the till wrote them."""

    fields: dict[str, str] = {}


_DECODER: Final = msgspec.json.Decoder(Opened)


def open_sealed(keys: Iterable[bytes], fact_id: str, member_id: str, sealed: str) -> Opened | None:
    """What the first key that fits opens; None when none fits. Raises ValueError for what fits and cannot be read."""
    fact, member = UUID(fact_id).bytes, UUID(member_id).bytes
    nonce = hashlib.sha256(_DOMAIN + fact).digest()[:NONCE_BYTES]
    data = b64decode(sealed, validate=True)
    for key in keys:
        try:
            plain = AESGCM(key).decrypt(nonce, data, fact + member)
        except InvalidTag:
            continue
        return _DECODER.decode(plain)
    return None


def phone_hash(phone_key: bytes, phone: str) -> bytes | None:
    """None for a number that was taken away."""
    return hmac.digest(phone_key, phone.encode(), "sha256") if phone else None
