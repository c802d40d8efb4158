"""Who this till is to its server: the key that signs what it says, and where that key is kept.

The private key is made here, lives in the system's key store and never travels. What the books say beside it (address, name of the key,
since when) is nobody's secret.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final, Protocol

from app import log
from app.domain.errors import Refused, Unavailable
from app.service.ports import Store
from sync.client.address import parse_address

SETTING: Final = "sync.server"
SEED_BYTES: Final = 32
PROBE: Final = "probe"


@dataclass(frozen=True, slots=True)
class DeviceKey:
    """An Ed25519 key of this till. ``key_id`` is the server's name for it, "" before the server has given one."""

    key_id: str
    made_at: int
    seed: bytes = field(repr=False)

    @property
    def public(self) -> bytes:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        key = Ed25519PrivateKey.from_private_bytes(self.seed).public_key()
        return key.public_bytes(Encoding.Raw, PublicFormat.Raw)

    def sign(self, claim: bytes) -> bytes:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(claim)


class Identity(Protocol):
    """The present key, and where the next one is put."""

    @property
    def key(self) -> DeviceKey: ...
    def can_replace(self) -> bool:
        """Whether another key could be kept now."""
        ...

    def replace(self, key: DeviceKey) -> None:
        """From now on this one, durably. The one before is kept until then."""
        ...


@dataclass(frozen=True, slots=True)
class Pairing:
    """What the books know of the server. ``tenant`` is its name for this shop; ``carry_key`` is public."""

    url: str
    tenant: str
    key_id: str
    made_at: int
    carry_key: bytes = b""


@dataclass(frozen=True, slots=True)
class Vault:
    """Where seeds lie, by the name of their key; ``load`` gives None for one that is not there. All raise Unavailable."""

    keep: Callable[[str, bytes], None]
    load: Callable[[str], bytes | None]
    forget: Callable[[str], None]


def read_pairing(store: Store) -> Pairing | None:
    """None for a till that stands alone; so does one whose books say nothing that can be understood."""
    plain: Any = store.desk.setting(SETTING)
    if not isinstance(plain, dict) or not plain.get("key_id"):
        return None
    try:
        return Pairing(
            url=parse_address(str(plain["url"])).url,
            tenant=str(plain["tenant"]),
            key_id=str(plain["key_id"]),
            made_at=int(plain["made_at"]),
            carry_key=bytes.fromhex(str(plain.get("carry_key", ""))),
        )
    except (KeyError, TypeError, ValueError, Refused):
        log.sync.info("what the books say of the server cannot be understood")
        return None


def write_pairing(store: Store, pairing: Pairing | None) -> None:
    plain = {} if pairing is None else {
        "url": pairing.url,
        "tenant": pairing.tenant,
        "key_id": pairing.key_id,
        "made_at": pairing.made_at,
        "carry_key": pairing.carry_key.hex(),
    }  # fmt: skip
    with store.begin() as work:
        work.put_setting(SETTING, plain)
        work.commit()


class KeptIdentity:
    """Implements :class:`Identity` over the books and the key store."""

    def __init__(self, store: Store, vault: Vault, pairing: Pairing, seed: bytes) -> None:
        self._store = store
        self._vault = vault
        self._pairing = pairing
        self._key = DeviceKey(pairing.key_id, pairing.made_at, seed)

    @property
    def key(self) -> DeviceKey:
        return self._key

    def can_replace(self) -> bool:
        return vault_works(self._vault)

    def replace(self, key: DeviceKey) -> None:
        """Into the key store first: the books never name a key that is nowhere."""
        before = self._key
        self._vault.keep(key.key_id, key.seed)
        self._pairing = replace(self._pairing, key_id=key.key_id, made_at=key.made_at)
        write_pairing(self._store, self._pairing)
        self._key = key
        self._vault.forget(before.key_id)


def vault_works(vault: Vault) -> bool:
    """Whether what is kept there comes back."""
    try:
        vault.keep(PROBE, bytes(SEED_BYTES))
        works = vault.load(PROBE) == bytes(SEED_BYTES)
        vault.forget(PROBE)
    except Unavailable:
        return False
    return works
