"""The key that tills encrypt to when they carry facts out on a stick: derived from the tenant's own secret, kept nowhere."""

from __future__ import annotations

import hashlib

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sync.server.tenants import Tenant


def carry_private(tenant: Tenant) -> X25519PrivateKey:
    return X25519PrivateKey.from_private_bytes(
        hashlib.sha256(b"regulars.carry.v1" + tenant.token_key).digest()
    )


def carry_public(tenant: Tenant) -> bytes:
    return carry_private(tenant).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
