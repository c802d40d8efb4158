"""Who may speak: pairing codes, the tills' keys, tokens, and the people of the chain's office.

The tenant comes from the credential and from nowhere else: a key's name and a token begin with it, and what they say is believed only
after the signature. A code is used once, lives for minutes and bears few wrong guesses; a token lives a quarter of an hour. Nothing here
asks a clock or chance: both are handed in.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, text

from sync.protocol import (
    PAIR_HUB,
    PAIR_TILL,
    PROTOCOL,
    PairAnswer,
    PairRequest,
    RotateRequest,
    TokenAnswer,
    TokenRequest,
    pair_claim,
    token_claim,
)
from sync.server.carry_key import carry_public
from sync.server.refusal import Denied, forbidden, malformed, unauthorised
from sync.server.tenants import Device, tenant_of

CODE_ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Nothing that looks like something else on paper."""
CODE_LETTERS: Final = 12
LOCATOR_LETTERS: Final = 4
CODE_LIFE_MS: Final = 10 * 60_000
CODE_ATTEMPTS_MAX: Final = 5
TOKEN_LIFE_MS: Final = 15 * 60_000
CLOCK_APART_MAX_MS: Final = 5 * 60_000
NONCES_KEPT_MS: Final = 4 * CLOCK_APART_MAX_MS
NONCE_BYTES: Final = 16
ID_BYTES: Final = 16
PUBLIC_KEY_BYTES: Final = 32
CODE_TEXT_MAX: Final = 24
TOKEN_TEXT_MAX: Final = 512
INSTANT_MAX: Final = 1 << 53

FIND_CODE: Final = text(
    "SELECT tenant_id, code_hash, expires_at, used_at, attempts FROM pairing WHERE locator = :locator"
)
USE_CODE: Final = text(
    "UPDATE pairing SET used_at = :at WHERE tenant_id = :tenant AND code_hash = :hash AND used_at IS NULL RETURNING store_code, kind"
)
COUNT_ATTEMPT: Final = text(
    "UPDATE pairing SET attempts = attempts + 1 WHERE tenant_id = :tenant AND code_hash = :hash"
)
NEW_CODE: Final = text(
    "INSERT INTO pairing (tenant_id, code_hash, locator, created_at, expires_at, used_at, attempts, store_code, kind)"
    " VALUES (:tenant, :hash, :locator, :at, :expires, NULL, 0, :store, :kind)"
)
DROP_OLD_CODES: Final = text("DELETE FROM pairing WHERE tenant_id = :tenant AND expires_at < :at")
NEW_DEVICE: Final = text(
    "INSERT INTO device (tenant_id, device_id, key_id, public_key, store_code, till_code, name, paired_at, kind, via)"
    " VALUES (:tenant, :device, :key, :public, :store, :till, :name, :at, :kind, :via)"
)
DEVICE: Final = text(
    "SELECT device_id, public_key, store_code, till_code, revoked_at, kind FROM device WHERE tenant_id = :tenant AND key_id = :key"
)
REVOKE_OTHERS: Final = text(
    "UPDATE device SET revoked_at = :at"
    " WHERE tenant_id = :tenant AND device_id = :device AND key_id <> :key AND (revoked_at IS NULL OR revoked_at > :at)"
)
END_OLDER: Final = text(
    "UPDATE device SET revoked_at = :at WHERE tenant_id = :tenant AND revoked_at IS NULL AND key_id <> :key"
    " AND device_id = (SELECT device_id FROM device WHERE tenant_id = :tenant AND key_id = :key)"
    " AND paired_at < (SELECT paired_at FROM device WHERE tenant_id = :tenant AND key_id = :key)"
)
REVOKE: Final = text(
    "UPDATE device SET revoked_at = :at WHERE tenant_id = :tenant AND device_id = :device"
    " AND (revoked_at IS NULL OR revoked_at > :at) RETURNING key_id"
)
USE_NONCE: Final = text(
    "INSERT INTO used_nonce (tenant_id, key_id, nonce, used_at) VALUES (:tenant, :key, :nonce, :at)"
    " ON CONFLICT DO NOTHING RETURNING used_at"
)
DROP_OLD_NONCES: Final = text("DELETE FROM used_nonce WHERE tenant_id = :tenant AND used_at < :before")
NEW_STAFF: Final = text(
    "INSERT INTO staff (tenant_id, name, token_hash, role, created_at) VALUES (:tenant, :name, :hash, :role, :at)"
)
STAFF: Final = text(
    "SELECT name, role FROM staff WHERE tenant_id = :tenant AND token_hash = :hash AND revoked_at IS NULL"
)
KINDS: Final = (PAIR_TILL, PAIR_HUB)
KEY_OVERLAP_MS: Final = 24 * 3_600_000
"""For so long after its successor was first used a key is still good."""
ROLES: Final = ("auditor", "manager", "owner")
"""Each may do what the ones before it may: look; settle and pair; everything."""


@dataclass(frozen=True, slots=True)
class Staff:
    """A person of the office, as their token names them."""

    tenant_id: UUID
    name: str
    role: str

    def may(self, role: str) -> bool:
        return ROLES.index(self.role) >= ROLES.index(role)


class _Token(msgspec.Struct, frozen=True, array_like=True):
    key_id: str
    expires_at: int


# --- pairing --------------------------------------------------------------------------------------------------------------


def make_code(random: bytes) -> str:
    """``ABCD-EFGH-JKLM`` from 12 random bytes: the first group may be looked up, the others are only ever compared."""
    assert len(random) == CODE_LETTERS
    letters = "".join(CODE_ALPHABET[byte % len(CODE_ALPHABET)] for byte in random)
    return "-".join(letters[start : start + 4] for start in range(0, CODE_LETTERS, 4))


def put_code(
    db: Connection, tenant_id: UUID, code: str, store_code: str, *, now: int, kind: str = PAIR_TILL
) -> int:
    """Let this code pair one till (or the hub) of this store; returns until when."""
    assert kind in KINDS
    assert kind == PAIR_TILL or store_code, "a hub is of one store"
    letters, expires = normal_code(code), now + CODE_LIFE_MS
    db.execute(DROP_OLD_CODES, {"tenant": tenant_id.hex, "at": now - CODE_LIFE_MS})
    db.execute(
        NEW_CODE,
        {
            "tenant": tenant_id.hex,
            "hash": _code_hash(letters),
            "locator": letters[:LOCATOR_LETTERS],
            "at": now,
            "expires": expires,
            "store": store_code,
            "kind": kind,
        },
    )
    return expires


def normal_code(code: str) -> str:
    """As it was made, however it was typed. Raises Denied."""
    letters = "".join(character for character in code[:CODE_TEXT_MAX].upper() if character not in " -")
    if len(letters) != CODE_LETTERS or any(letter not in CODE_ALPHABET for letter in letters):
        raise forbidden("code_wrong")
    return letters


def find_code(db: Connection, code: str, now: int) -> UUID | None:
    """Whose code this is; None when it is nobody's. The only question asked before the tenant is known, as the server's own work.

    A wrong guess at a code that there is counts against that code. Raises Denied for what can be no code.
    """
    letters = normal_code(code)
    given = _code_hash(letters)
    for row in db.execute(FIND_CODE, {"locator": letters[:LOCATOR_LETTERS]}).all():
        tenant, code_hash, expires, used_at, attempts = row
        if used_at is not None or expires < now or attempts >= CODE_ATTEMPTS_MAX:
            continue
        if hmac.compare_digest(bytes(code_hash), given):
            return UUID(tenant)
        db.execute(COUNT_ATTEMPT, {"tenant": tenant, "hash": code_hash})
    return None


def pair(db: Connection, tenant_id: UUID, request: PairRequest, now: int, key_name: str) -> PairAnswer:
    """Turn the code into a key of this tenant, once. ``key_name`` is random. A till that is paired again keeps only its new key.

    Raises Denied.
    """
    check_pairing(request)
    tenant = tenant_id.hex
    used = db.execute(
        USE_CODE, {"tenant": tenant, "hash": _code_hash(normal_code(request.code)), "at": now}
    ).one_or_none()
    if used is None:
        raise forbidden("code_wrong")
    store, kind = used
    if store and store != request.store_code and (request.store_code or kind != PAIR_HUB):
        raise forbidden("store_other")
    if kind != request.kind:
        raise forbidden("code_other_kind")
    device = device_in(request, tenant_id, f"{tenant}.{key_name}")
    device = replace(device, store_code=store or request.store_code)
    put_key(db, device, now, name=request.name)
    _end_others(db, device, now)
    found = tenant_of(db, tenant_id)
    return PairAnswer(
        found.life,
        found.name,
        device.key_id,
        carry_key=carry_public(found),
        store_code=device.store_code,
        is_whole=True,
    )


def device_in(request: PairRequest, tenant_id: UUID, key_id: str) -> Device:
    """The till as its request to be paired describes it."""
    return Device(
        tenant_id,
        UUID(bytes=request.device),
        key_id,
        request.public_key,
        request.store_code,
        request.till_code,
        kind=request.kind,
    )


def check_pairing(request: PairRequest) -> None:
    """Raises Denied: out of bounds, or the till does not hold the key it brings."""
    if request.protocol > PROTOCOL:
        raise malformed("protocol_newer")
    if len(request.device) != ID_BYTES or len(request.public_key) != PUBLIC_KEY_BYTES:
        raise malformed("device_or_key")
    words = (request.store_code, request.till_code, request.name)
    needed = words[1:2] if request.kind == PAIR_HUB else words[:2]
    if any(len(word) > 60 or not word.isprintable() for word in words) or not all(needed):
        raise malformed("names")
    claim = pair_claim(request.code, request.device, request.public_key)
    if not is_signed(request.public_key, request.proof, claim):
        raise forbidden("proof")


# --- keys and tokens ------------------------------------------------------------------------------------------------------


def tenant_in(credential: str) -> UUID:
    """The tenant that the name of a key or a token begins with; nothing is believed yet. Raises Denied."""
    try:
        return UUID(hex=credential.partition(".")[0])
    except ValueError as error:
        raise unauthorised("credential") from error


def token(db: Connection, request: TokenRequest, now: int) -> TokenAnswer:
    """A token for a till that proves its key. The transaction is of :func:`tenant_in` (the key's name). Raises Denied.

    A till whose key was taken away gets one too: what it sold is still taken in, for a person to look at.
    """
    if len(request.nonce) != NONCE_BYTES or not 0 <= request.at < INSTANT_MAX:
        raise malformed("nonce_or_at")
    tenant_id = tenant_in(request.key_id)
    device = device_of(db, tenant_id, request.key_id, now)
    claim = token_claim(request.key_id, request.at, request.nonce)
    if not is_signed(device.public_key, request.signature, claim):
        raise unauthorised("signature")
    if abs(request.at - now) > CLOCK_APART_MAX_MS:
        raise unauthorised("clock_apart")
    tenant = tenant_id.hex
    db.execute(DROP_OLD_NONCES, {"tenant": tenant, "before": now - NONCES_KEPT_MS})
    is_new = db.execute(
        USE_NONCE, {"tenant": tenant, "key": request.key_id, "nonce": request.nonce, "at": now}
    ).first()
    if is_new is None:
        raise unauthorised("nonce_used")
    db.execute(END_OLDER, {"tenant": tenant, "key": request.key_id, "at": now + KEY_OVERLAP_MS})
    expires = now + TOKEN_LIFE_MS
    signed = _sign_token(tenant_of(db, tenant_id).token_key, request.key_id, expires)
    return TokenAnswer(token=signed, expires_at=expires, server_time=now, is_whole=True)


def authenticate(db: Connection, credential: str, now: int) -> Device:
    """The till that a token names. The transaction is of :func:`tenant_in` (the token). Raises Denied."""
    if len(credential) > TOKEN_TEXT_MAX:
        raise unauthorised("token")
    tenant_id = tenant_in(credential)
    try:
        body, mac = (urlsafe_b64decode(part) for part in credential.split(".")[1:])
        claim = msgspec.msgpack.decode(body, type=_Token)
    except (ValueError, msgspec.DecodeError, msgspec.ValidationError) as error:
        raise unauthorised("token") from error
    try:
        key = tenant_of(db, tenant_id).token_key
    except Denied as error:
        raise unauthorised("token") from error
    if not hmac.compare_digest(_mac(key, tenant_id.hex, body), mac) or tenant_in(claim.key_id) != tenant_id:
        raise unauthorised("token")
    if claim.expires_at <= now:
        raise unauthorised("token_expired")
    return device_of(db, tenant_id, claim.key_id, now)


def device_of(db: Connection, tenant_id: UUID, key_id: str, now: int) -> Device:
    """Raises Denied(401) where there is no such key."""
    row = db.execute(DEVICE, {"tenant": tenant_id.hex, "key": key_id}).one_or_none()
    if row is None:
        raise unauthorised("key_unknown")
    device, public_key, store, till, revoked_at, kind = row
    is_revoked = revoked_at is not None and revoked_at <= now
    return Device(tenant_id, UUID(device), key_id, bytes(public_key), store, till, is_revoked, kind)


def rotate(db: Connection, device: Device, request: RotateRequest, now: int, key_name: str) -> PairAnswer:
    """Another key for this till; the one it asks with is good until a day after the new one is first used. Raises Denied.

    A till that never hears the answer goes on with the key it has.
    """
    if device.is_revoked:
        raise forbidden("device_revoked")
    if len(request.public_key) != PUBLIC_KEY_BYTES:
        raise malformed("device_or_key")
    claim = pair_claim(device.key_id, device.device_id.bytes, request.public_key)
    if not is_signed(request.public_key, request.proof, claim):
        raise forbidden("proof")
    key_id = f"{device.tenant_id.hex}.{key_name}"
    renewed = replace(device, key_id=key_id, public_key=request.public_key)
    put_key(db, renewed, now)
    found = tenant_of(db, device.tenant_id)
    return PairAnswer(
        server=found.life, tenant=found.name, key_id=key_id, carry_key=carry_public(found), is_whole=True
    )


def revoke(db: Connection, tenant_id: UUID, device_id: UUID, now: int) -> int:
    """Take away every key of this till; how many there were."""
    values = {"tenant": tenant_id.hex, "device": device_id.hex, "at": now}
    return len(db.execute(REVOKE, values).all())


def put_key(db: Connection, device: Device, now: int, *, name: str = "", via: UUID | None = None) -> None:
    """Let this key speak for this till from now on; ``via`` is the hub that introduced it."""
    db.execute(
        NEW_DEVICE,
        {
            "tenant": device.tenant_id.hex,
            "device": device.device_id.hex,
            "key": device.key_id,
            "public": device.public_key,
            "store": device.store_code,
            "till": device.till_code,
            "name": name,
            "at": now,
            "kind": device.kind,
            "via": None if via is None else via.hex,
        },
    )


def _end_others(db: Connection, device: Device, at: int) -> None:
    """Every other key of this till is good until then."""
    own = {"tenant": device.tenant_id.hex, "device": device.device_id.hex}
    db.execute(REVOKE_OTHERS, own | {"key": device.key_id, "at": at})


# --- people ---------------------------------------------------------------------------------------------------------------


def put_staff(db: Connection, tenant_id: UUID, name: str, role: str, *, now: int, secret: bytes) -> str:
    """The token of a new person of the office; only its hash is kept. ``secret`` is 32 random bytes."""
    assert role in ROLES
    assert len(secret) == 32
    own = f"{tenant_id.hex}.{urlsafe_b64encode(secret).decode().rstrip('=')}"
    values = {"tenant": tenant_id.hex, "name": name, "hash": _staff_hash(own), "role": role, "at": now}
    db.execute(NEW_STAFF, values)
    return own


def staff_of(db: Connection, credential: str) -> Staff:
    """The person whose token this is. The transaction is of :func:`tenant_in` (the token). Raises Denied."""
    if len(credential) > TOKEN_TEXT_MAX:
        raise unauthorised("token")
    tenant_id = tenant_in(credential)
    row = db.execute(STAFF, {"tenant": tenant_id.hex, "hash": _staff_hash(credential)}).one_or_none()
    if row is None:
        raise unauthorised("token")
    return Staff(tenant_id, *row)


def _staff_hash(credential: str) -> str:
    return hashlib.sha256(b"regulars.staff.v1" + credential.encode()).hexdigest()


def _code_hash(letters: str) -> bytes:
    return hashlib.sha256(b"regulars.code.v1" + letters.encode()).digest()


def _sign_token(key: bytes, key_id: str, expires_at: int) -> str:
    tenant = tenant_in(key_id).hex
    body = msgspec.msgpack.encode(_Token(key_id, expires_at))
    return ".".join(
        (tenant, urlsafe_b64encode(body).decode(), urlsafe_b64encode(_mac(key, tenant, body)).decode())
    )


def _mac(key: bytes, tenant: str, body: bytes) -> bytes:
    return hmac.digest(key, b"regulars.token.v1" + tenant.encode() + body, "sha256")


def is_signed(public_key: bytes, signature: bytes, claim: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, claim)
    except (InvalidSignature, ValueError):
        return False
    return True
