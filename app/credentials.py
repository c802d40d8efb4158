"""The key of the till's database: where it is kept, and what to do when the system has no key store.

    keyring      the operating system's key store holds a random key (the rule)
    passphrase   no key store: the key is derived from the owner's passphrase at each start; only salt and parameters are on disk
    file         no key store and nobody to type: the key lies in a file of mode 0600 (the owner's choice, with a warning)
    demo         the demo shop: a throw-away key in the open, labelled as such

``key.json`` in the data folder names the source. Only this module imports keyring. A key is never logged and never written
silently.

The key that this till signs with (for the central server) lies in the same key store; where there is none, in ``device.json``, encrypted
under the database's key.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from app.domain.errors import Refused, Unavailable

SERVICE = "Regulars"
KEY_BYTES = 32
NONCE_BYTES = 12
DEVICE_FILE = "device.json"
PASSPHRASE_LENGTH_MIN = 8
SCRYPT = {"n": 2**15, "r": 8, "p": 1}
# A key.json from elsewhere must not make this machine work for minutes.
SCRYPT_MAX = {"n": 2**17, "r": 16, "p": 4}
_SCRYPT_MEMORY_MAX = 512 * 1024 * 1024


class KeySource(StrEnum):
    KEYRING = "keyring"
    PASSPHRASE = "passphrase"
    FILE = "file"
    DEMO = "demo"


@dataclass(frozen=True, slots=True)
class Secrets:
    """``database_key`` opens the file; ``pepper`` strengthens the operators' PINs and is derived from it."""

    source: KeySource
    database_key: bytes = field(repr=False)

    @property
    def pepper(self) -> bytes:
        return hashlib.sha256(b"regulars.pepper.v1" + self.database_key).digest()


def key_file(data_dir: Path) -> Path:
    return data_dir / "key.json"


def has_key(data_dir: Path) -> bool:
    return key_file(data_dir).exists()


def key_source(data_dir: Path) -> KeySource:
    """Where the key of this data folder is kept. Raises Unavailable("key_missing" | "key_unreadable")."""
    return _read_note(data_dir).source


def keyring_works() -> bool:
    """Whether this machine's key store takes and gives back a value. Costs some tenths of a second."""
    try:
        account = f"probe-{secrets.token_hex(4)}"
        _keyring_set(account, "ok")
        works = _keyring_get(account) == "ok"
        _keyring_delete(account)
    except Unavailable:
        return False
    return works


def create_key(data_dir: Path, source: KeySource, passphrase: str = "") -> Secrets:
    """Make the key of a new till and remember where it is kept. An earlier key.json is set aside, never overwritten.

    Raises Unavailable("keyring_missing") when the key store is asked for and is not there, Refused("passphrase_short").
    """
    note: dict[str, object] = {"source": source.value}
    match source:
        case KeySource.KEYRING:
            key = secrets.token_bytes(KEY_BYTES)
            account = f"till-{secrets.token_hex(8)}"
            _keyring_set(account, key.hex())
            if _keyring_get(account) != key.hex():
                raise Unavailable("keyring_missing")
            note["account"] = account
        case KeySource.PASSPHRASE:
            if len(passphrase) < PASSPHRASE_LENGTH_MIN:
                raise Refused("passphrase_short", length_min=PASSPHRASE_LENGTH_MIN)
            salt = secrets.token_bytes(16)
            key = derive(passphrase, salt, SCRYPT)
            note |= {"salt": salt.hex(), "scrypt": SCRYPT, "check": _check_value(key)}
        case KeySource.FILE | KeySource.DEMO:
            key = secrets.token_bytes(KEY_BYTES)
            note |= {
                "key": key.hex(),
                "warning": "This key opens the till's database. Whoever copies both can read everything."
                if source is KeySource.FILE
                else "Key of the demo shop. It protects nothing.",
            }
    set_aside_key(data_dir)
    _write_private(key_file(data_dir), json.dumps(note, indent=1))
    return Secrets(source, key)


def load_key(data_dir: Path, ask_passphrase: Callable[[], str] | None = None) -> Secrets:
    """The key of an existing till.

    Raises Unavailable: "key_missing" (no key.json), "key_unreadable", "keyring_missing" (the store is gone or locked), "key_lost" (the
    store has no such entry), "passphrase_needed" (nobody to ask); Refused("passphrase_wrong").
    """
    note = _read_note(data_dir)
    match note.source:
        case KeySource.KEYRING:
            found = _keyring_get(note.account)
            if found is None or len(key := _bytes(found)) != KEY_BYTES:
                raise Unavailable("key_lost", can_retry=False)
            return Secrets(note.source, key)
        case KeySource.PASSPHRASE:
            passphrase = os.environ.get("REGULARS_PASSPHRASE") or (ask_passphrase() if ask_passphrase else "")
            if not passphrase:
                raise Unavailable("passphrase_needed")
            key = derive(passphrase, note.salt, note.scrypt)
            if _check_value(key) != note.check:
                raise Refused("passphrase_wrong")
            return Secrets(note.source, key)
        case KeySource.FILE | KeySource.DEMO:
            return Secrets(note.source, note.key)


def set_aside_key(data_dir: Path) -> Path | None:
    """Keep an earlier key.json under another name, which is returned; None when there is none. A key is never thrown away."""
    if not has_key(data_dir):
        return None
    kept = key_file(data_dir).with_name(f"key.json.replaced-{secrets.token_hex(4)}")
    os.replace(key_file(data_dir), kept)
    return kept


def forget_key(data_dir: Path, earlier: Path | None) -> None:
    """Undo :func:`create_key` where nothing was encrypted with the new key after all; ``earlier`` is what was set aside for it."""
    note = _read_note(data_dir)
    if note.source is KeySource.KEYRING:
        _keyring_delete(note.account)
    if earlier is None:
        key_file(data_dir).unlink()
    else:
        os.replace(earlier, key_file(data_dir))


def keep_device_key(data_dir: Path, secrets: Secrets, key_id: str, seed: bytes) -> None:
    """Keep a key of this till under the server's name for it. Raises Unavailable("keyring_missing")."""
    if secrets.source is KeySource.KEYRING:
        _keyring_set(_device_account(key_id), seed.hex())
    else:
        kept = _read_device_file(data_dir)
        kept[key_id] = _wrapped(secrets, key_id, seed).hex()
        _write_private(data_dir / DEVICE_FILE, json.dumps(kept, indent=1))


def load_device_key(data_dir: Path, secrets: Secrets, key_id: str) -> bytes | None:
    """None for one that is not here, or that another database's key has wrapped. Raises Unavailable("keyring_missing")."""
    if secrets.source is KeySource.KEYRING:
        found = _keyring_get(_device_account(key_id))
        seed = None if found is None else _bytes(found)
    else:
        wrapped = _bytes(str(_read_device_file(data_dir).get(key_id, "")))
        seed = _unwrapped(secrets, key_id, wrapped) if wrapped else None
    return seed if seed is not None and len(seed) == KEY_BYTES else None


def forget_device_key(data_dir: Path, secrets: Secrets, key_id: str) -> None:
    """One that is not there is forgotten already. Raises Unavailable("keyring_missing")."""
    if secrets.source is KeySource.KEYRING:
        if _keyring_get(_device_account(key_id)) is not None:
            _keyring_delete(_device_account(key_id))
        return
    kept = _read_device_file(data_dir)
    if kept.pop(key_id, None) is not None:
        _write_private(data_dir / DEVICE_FILE, json.dumps(kept, indent=1))


def derive(passphrase: str, salt: bytes, parameters: Mapping[str, int] = SCRYPT) -> bytes:
    """scrypt (RFC 7914) with the parameters kept beside the salt. The same keys give the same passphrase on every system."""
    return hashlib.scrypt(
        unicodedata.normalize("NFC", passphrase).encode(),
        salt=salt,
        n=parameters["n"],
        r=parameters["r"],
        p=parameters["p"],
        maxmem=_SCRYPT_MEMORY_MAX,
        dklen=KEY_BYTES,
    )


@dataclass(frozen=True, slots=True)
class _Note:
    """What key.json says, checked: of every field only what the source needs is filled."""

    source: KeySource
    account: str = ""
    salt: bytes = b""
    scrypt: Mapping[str, int] = field(default_factory=dict)
    check: str = ""
    key: bytes = field(default=b"", repr=False)


def _read_note(data_dir: Path) -> _Note:
    try:
        return _parse_note(json.loads(key_file(data_dir).read_text("utf-8")))
    except FileNotFoundError:
        raise Unavailable("key_missing", can_retry=False) from None
    except (OSError, ValueError, KeyError, TypeError):
        raise Unavailable("key_unreadable", can_retry=False, file=key_file(data_dir).name) from None


def _parse_note(plain: Any) -> _Note:
    """Raises ValueError, KeyError or TypeError for anything that :func:`create_key` does not write."""
    source = KeySource(plain["source"])
    match source:
        case KeySource.KEYRING:
            if not isinstance(plain["account"], str):
                raise TypeError("account")
            return _Note(source, account=plain["account"])
        case KeySource.PASSPHRASE:
            scrypt = {name: int(plain["scrypt"][name]) for name in SCRYPT}
            if (
                scrypt["n"] < 2
                or scrypt["n"].bit_count() != 1
                or not all(0 < scrypt[name] <= most for name, most in SCRYPT_MAX.items())
            ):
                raise ValueError("scrypt")
            return _Note(source, salt=bytes.fromhex(plain["salt"]), scrypt=scrypt, check=str(plain["check"]))
        case KeySource.FILE | KeySource.DEMO:
            key = bytes.fromhex(plain["key"])
            if len(key) != KEY_BYTES:
                raise ValueError("key")
            return _Note(source, key=key)


def _device_account(key_id: str) -> str:
    return f"device-{key_id}"


def _read_device_file(data_dir: Path) -> dict[str, object]:
    """What is damaged holds no key: the till is paired again."""
    try:
        plain = json.loads((data_dir / DEVICE_FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return plain if isinstance(plain, dict) else {}


def _device_wrap(secrets: Secrets) -> bytes:
    return hashlib.sha256(b"regulars.device.v1" + secrets.database_key).digest()


def _wrapped(secrets: Secrets, key_id: str, seed: bytes) -> bytes:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(_device_wrap(secrets)).encrypt(nonce, seed, key_id.encode())


def _unwrapped(secrets: Secrets, key_id: str, wrapped: bytes) -> bytes | None:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce, sealed = wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:]
    try:
        return AESGCM(_device_wrap(secrets)).decrypt(nonce, sealed, key_id.encode())
    except (InvalidTag, ValueError):
        return None


def _bytes(text: str) -> bytes:
    """What the key store gave back, or nothing when that is no key."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


def _check_value(key: bytes) -> str:
    """Tells a wrong passphrase at once. It helps a guesser no more than the database does, which tells the same."""
    return hashlib.sha256(b"regulars.check.v1" + key).hexdigest()[:16]


def _write_private(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_name(path.name + ".new")
    temporary.unlink(missing_ok=True)  # with whatever rights an interrupted run or somebody else gave it
    with os.fdopen(
        os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)


def _keyring_set(account: str, value: str) -> None:
    try:
        import keyring

        keyring.set_password(SERVICE, account, value)
    except Exception as error:  # a plug-in of the system: whatever it raises, it cannot be used
        raise Unavailable("keyring_missing") from error


def _keyring_get(account: str) -> str | None:
    try:
        import keyring

        return keyring.get_password(SERVICE, account)
    except Exception as error:  # as above
        raise Unavailable("keyring_missing") from error


def _keyring_delete(account: str) -> None:
    try:
        import keyring

        keyring.delete_password(SERVICE, account)
    except Exception as error:  # as above
        raise Unavailable("keyring_missing") from error
