"""The key of the till's database: where it is kept, and what to do when the system has no key store.

    keyring      the operating system's key store holds a random key (the rule)
    passphrase   no key store: the key is derived from the owner's passphrase at each start; only salt and parameters are on disk
    file         no key store and nobody to type: the key lies in a file of mode 0600 (the owner's choice, with a warning)
    demo         the demo shop: a throw-away key in the open, labelled as such

``key.json`` in the data folder names the source. Only this module imports keyring. A key is never logged and never written
silently.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from app.domain.errors import Refused, Unavailable

SERVICE = "Regulars"
KEY_BYTES = 32
PASSPHRASE_LENGTH_MIN = 8
SCRYPT = {"n": 2**15, "r": 8, "p": 1}
_SCRYPT_MEMORY_MAX = 64 * 1024 * 1024


class KeySource(StrEnum):
    KEYRING = "keyring"
    PASSPHRASE = "passphrase"
    FILE = "file"
    DEMO = "demo"


@dataclass(frozen=True, slots=True)
class Secrets:
    """``database_key`` opens the file; ``pepper`` strengthens the operators' PINs and is derived from it."""

    source: KeySource
    database_key: bytes

    @property
    def pepper(self) -> bytes:
        return hashlib.sha256(b"regulars.pepper.v1" + self.database_key).digest()


def key_file(data_dir: Path) -> Path:
    return data_dir / "key.json"


def has_key(data_dir: Path) -> bool:
    return key_file(data_dir).exists()


def key_source(data_dir: Path) -> KeySource:
    """Where the key of this data folder is kept. Raises Unavailable("key_missing" | "key_unreadable")."""
    return KeySource(_read_note(data_dir)["source"])


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
    """Make the key of a new till and remember where it is kept.

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
            key = derive(passphrase, salt)
            note |= {"salt": salt.hex(), "scrypt": SCRYPT}
        case KeySource.FILE | KeySource.DEMO:
            key = secrets.token_bytes(KEY_BYTES)
            note |= {
                "key": key.hex(),
                "warning": "This key opens the till's database. Whoever copies both can read everything."
                if source is KeySource.FILE
                else "Key of the demo shop. It protects nothing.",
            }
    _write_private(key_file(data_dir), json.dumps(note, indent=1))
    return Secrets(source, key)


def load_key(data_dir: Path, ask_passphrase: Callable[[], str] | None = None) -> Secrets:
    """The key of an existing till.

    Raises Unavailable: "key_missing" (no key.json), "key_unreadable", "keyring_missing" (the store is gone or locked), "key_lost" (the
    store has no such entry), "passphrase_needed" (nobody to ask).
    """
    note = _read_note(data_dir)
    source = KeySource(note["source"])
    match source:
        case KeySource.KEYRING:
            found = _keyring_get(str(note["account"]))
            if found is None:
                raise Unavailable("key_lost", can_retry=False)
            return Secrets(source, bytes.fromhex(found))
        case KeySource.PASSPHRASE:
            passphrase = os.environ.get("REGULARS_PASSPHRASE") or (ask_passphrase() if ask_passphrase else "")
            if not passphrase:
                raise Unavailable("passphrase_needed")
            return Secrets(source, derive(passphrase, bytes.fromhex(note["salt"]), note["scrypt"]))
        case KeySource.FILE | KeySource.DEMO:
            return Secrets(source, bytes.fromhex(note["key"]))


def derive(passphrase: str, salt: bytes, parameters: dict[str, int] | None = None) -> bytes:
    """scrypt (RFC 7914) with the parameters kept beside the salt."""
    chosen = parameters or SCRYPT
    return hashlib.scrypt(
        passphrase.encode(),
        salt=salt,
        n=chosen["n"],
        r=chosen["r"],
        p=chosen["p"],
        maxmem=_SCRYPT_MEMORY_MAX,
        dklen=KEY_BYTES,
    )


def _read_note(data_dir: Path) -> dict[str, Any]:
    try:
        note: dict[str, Any] = json.loads(key_file(data_dir).read_text("utf-8"))
        KeySource(note["source"])
    except FileNotFoundError:
        raise Unavailable("key_missing", can_retry=False) from None
    except (OSError, ValueError, KeyError, TypeError):
        raise Unavailable("key_unreadable", can_retry=False, file=key_file(data_dir).name) from None
    return note


def _write_private(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_suffix(".new")
    with os.fdopen(
        os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)


def _keyring_set(account: str, value: str) -> None:
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(SERVICE, account, value)
    except (KeyringError, RuntimeError, OSError) as error:
        raise Unavailable("keyring_missing") from error


def _keyring_get(account: str) -> str | None:
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(SERVICE, account)
    except (KeyringError, RuntimeError, OSError) as error:
        raise Unavailable("keyring_missing") from error


def _keyring_delete(account: str) -> None:
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.delete_password(SERVICE, account)
    except (KeyringError, RuntimeError, OSError) as error:
        raise Unavailable("keyring_missing") from error
