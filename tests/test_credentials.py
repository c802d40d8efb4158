"""The key of the database: kept where the owner chose, never overwritten, never logged; every way of missing it has its own sentence."""

from __future__ import annotations

import json
import logging
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring
from keyring.backends.null import Keyring as ForgetfulKeyring
from keyring.errors import InitError, KeyringLocked, PasswordDeleteError

from app import credentials, log
from app.config import Config
from app.credentials import (
    DEVICE_FILE,
    KEY_BYTES,
    KeySource,
    Secrets,
    create_key,
    derive,
    forget_device_key,
    forget_key,
    has_key,
    keep_device_key,
    key_file,
    key_source,
    keyring_works,
    load_device_key,
    load_key,
    set_aside_key,
)
from app.domain.errors import TillError, Unavailable

PASSPHRASE = "correct horse 電池"


class MemoryKeyring(KeyringBackend):
    """Keeps what it is given, as the system's store does. ``trouble`` is raised instead of an answer."""

    priority = 1

    def __init__(self, trouble: Exception | None = None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}
        self.trouble = trouble

    def get_password(self, service: str, username: str) -> str | None:
        self._may_fail()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._may_fail()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._may_fail()
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError(username)

    def _may_fail(self) -> None:
        if self.trouble is not None:
            raise self.trouble


@pytest.fixture
def use() -> Iterator[Callable[[KeyringBackend], None]]:
    before = keyring.get_keyring()
    yield keyring.set_keyring
    keyring.set_keyring(before)


@pytest.fixture
def store(use: Callable[[KeyringBackend], None]) -> MemoryKeyring:
    """A machine whose key store works."""
    backend = MemoryKeyring()
    use(backend)
    return backend


@pytest.fixture(autouse=True)
def _no_passphrase_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REGULARS_PASSPHRASE", raising=False)


@pytest.fixture(autouse=True)
def _quick_scrypt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Weak on purpose: what is tested is what is kept, not how slow it is."""
    monkeypatch.setattr(credentials, "SCRYPT", {"n": 2**4, "r": 8, "p": 1})


def code_of(call: Callable[[], object]) -> str:
    with pytest.raises(TillError) as caught:
        call()
    return caught.value.code


def note_of(folder: Path) -> dict[str, object]:
    note: dict[str, object] = json.loads(key_file(folder).read_text("utf-8"))
    return note


# --- the system's key store -----------------------------------------------------------------------------------------------


def test_the_key_lies_in_the_key_store_and_not_on_the_disk(tmp_path: Path, store: MemoryKeyring) -> None:
    made = create_key(tmp_path, KeySource.KEYRING)
    assert len(made.database_key) == KEY_BYTES
    assert load_key(tmp_path) == made
    assert key_source(tmp_path) is KeySource.KEYRING
    assert list(store.kept.values()) == [made.database_key.hex()]
    assert made.database_key.hex() not in key_file(tmp_path).read_text("utf-8")
    assert key_file(tmp_path).stat().st_size < 200


def test_two_tills_on_one_machine_have_keys_of_their_own(tmp_path: Path, store: MemoryKeyring) -> None:
    first, second = (create_key(tmp_path / name, KeySource.KEYRING) for name in ("a", "b"))
    assert first.database_key != second.database_key
    assert load_key(tmp_path / "a") == first
    assert load_key(tmp_path / "b") == second


def test_a_working_key_store_is_recognised_and_left_as_it_was(store: MemoryKeyring) -> None:
    assert keyring_works()
    assert store.kept == {}


@pytest.mark.parametrize(
    "backend",
    [
        NoKeyring(),  # type: ignore[no-untyped-call]
        ForgetfulKeyring(),  # type: ignore[no-untyped-call]
        MemoryKeyring(InitError("Prompt dismissed..")),
        MemoryKeyring(KeyringLocked("locked")),
        MemoryKeyring(RuntimeError("a plug-in that is not ours")),
        MemoryKeyring(OSError("no bus")),
    ],
    ids=["none", "forgets at once", "locked, nobody to ask", "locked", "broken", "no bus"],
)
def test_a_key_store_that_does_not_work_is_never_trusted(
    tmp_path: Path, use: Callable[[KeyringBackend], None], backend: KeyringBackend
) -> None:
    use(backend)
    assert not keyring_works()
    assert code_of(lambda: create_key(tmp_path, KeySource.KEYRING)) == "keyring_missing"
    assert not has_key(tmp_path), "a till without a key was not set up"


def test_a_key_store_that_is_locked_today_still_has_the_key_tomorrow(
    tmp_path: Path, store: MemoryKeyring
) -> None:
    made = create_key(tmp_path, KeySource.KEYRING)
    store.trouble = InitError("Prompt dismissed..")
    with pytest.raises(Unavailable) as caught:
        load_key(tmp_path)
    assert caught.value.code == "keyring_missing"
    assert caught.value.can_retry, "unlock it and try again"
    store.trouble = None
    assert load_key(tmp_path) == made


@pytest.mark.parametrize("entry", [None, "not hexadecimal", "abcd"])
def test_a_key_that_the_store_lost_is_called_lost(
    tmp_path: Path, store: MemoryKeyring, entry: str | None
) -> None:
    create_key(tmp_path, KeySource.KEYRING)
    (place,) = store.kept
    store.kept = {} if entry is None else {place: entry}
    with pytest.raises(Unavailable) as caught:
        load_key(tmp_path)
    assert caught.value.code == "key_lost"
    assert not caught.value.can_retry


# --- a passphrase ---------------------------------------------------------------------------------------------------------


def test_the_same_passphrase_gives_the_same_key(tmp_path: Path) -> None:
    made = create_key(tmp_path, KeySource.PASSPHRASE, PASSPHRASE)
    assert load_key(tmp_path, lambda: PASSPHRASE) == made
    assert set(note_of(tmp_path)) == {"source", "salt", "scrypt", "check"}
    for secret in (made.database_key.hex(), PASSPHRASE):
        assert secret not in key_file(tmp_path).read_text("utf-8")


def test_a_wrong_passphrase_is_told_at_once(tmp_path: Path) -> None:
    """Not later, as a database that is somebody else's."""
    create_key(tmp_path, KeySource.PASSPHRASE, PASSPHRASE)
    assert code_of(lambda: load_key(tmp_path, lambda: PASSPHRASE.upper())) == "passphrase_wrong"


def test_nobody_to_ask_for_the_passphrase_is_no_wrong_passphrase(tmp_path: Path) -> None:
    create_key(tmp_path, KeySource.PASSPHRASE, PASSPHRASE)
    assert code_of(lambda: load_key(tmp_path)) == "passphrase_needed"
    assert code_of(lambda: load_key(tmp_path, lambda: "")) == "passphrase_needed"


def test_the_passphrase_may_come_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = create_key(tmp_path, KeySource.PASSPHRASE, PASSPHRASE)
    monkeypatch.setenv("REGULARS_PASSPHRASE", PASSPHRASE)
    assert load_key(tmp_path) == made


def test_a_short_passphrase_makes_no_key(tmp_path: Path) -> None:
    assert code_of(lambda: create_key(tmp_path, KeySource.PASSPHRASE, "seven 7")) == "passphrase_short"
    assert not has_key(tmp_path)


def test_a_passphrase_is_the_same_however_its_letters_are_put_together() -> None:
    assert derive("cafe\u0301 noir", b"salt") == derive("caf\u00e9 noir", b"salt")


def test_the_parameters_of_the_derivation_stand_beside_the_salt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that a later version may be slower without locking anybody out."""
    made = create_key(tmp_path, KeySource.PASSPHRASE, PASSPHRASE)
    monkeypatch.setattr(credentials, "SCRYPT", {"n": 2**5, "r": 8, "p": 1})
    assert load_key(tmp_path, lambda: PASSPHRASE) == made


# --- a file ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("source", [KeySource.FILE, KeySource.DEMO])
def test_a_key_in_a_file_is_its_owners_alone_and_says_what_it_is(tmp_path: Path, source: KeySource) -> None:
    made = create_key(tmp_path / "till", source)
    assert load_key(tmp_path / "till") == made
    assert note_of(tmp_path / "till")["warning"]
    assert stat.S_IMODE(key_file(tmp_path / "till").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "till").stat().st_mode) == 0o700


def test_a_leftover_that_everybody_could_read_is_not_written_into(tmp_path: Path) -> None:
    leftover = tmp_path / "key.json.new"
    leftover.touch(mode=0o666)
    leftover.chmod(0o666)
    with leftover.open("rb") as somebody_has_it_open:
        create_key(tmp_path, KeySource.FILE)
        assert somebody_has_it_open.read() == b""
    assert stat.S_IMODE(key_file(tmp_path).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["key.json"]


def test_an_interrupted_writing_leaves_no_half_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_handle: int) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fail)
        with pytest.raises(OSError, match="full"):
            create_key(tmp_path, KeySource.FILE)
    assert not has_key(tmp_path)
    assert create_key(tmp_path, KeySource.FILE) == load_key(tmp_path)


# --- what is missing or damaged -------------------------------------------------------------------------------------------


def test_no_key_file_is_a_missing_key(tmp_path: Path) -> None:
    assert code_of(lambda: load_key(tmp_path)) == "key_missing"
    assert code_of(lambda: key_source(tmp_path)) == "key_missing"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"source": "elsewhere"}',
        b'{"source": "keyring"}',
        b'{"source": "keyring", "account": 7}',
        b'{"source": "file"}',
        b'{"source": "file", "key": "abcd"}',
        b'{"source": "file", "key": "zz"}',
        b'{"source": "file", "key": null}',
        b'{"source": "passphrase", "salt": "00"}',
        b'{"source": "passphrase", "salt": "00", "check": "", "scrypt": {"n": 16}}',
        b'{"source": "passphrase", "salt": "00", "check": "", "scrypt": {"n": 15, "r": 8, "p": 1}}',
        b'{"source": "passphrase", "salt": "00", "check": "", "scrypt": {"n": 1, "r": 8, "p": 1}}',
        b'{"source": "passphrase", "salt": "00", "check": "", "scrypt": {"n": 1073741824, "r": 8, "p": 1}}',
        b'{"source": "passphrase", "salt": "00", "check": "", "scrypt": {"n": 16, "r": 0, "p": 1}}',
        b'{"source": "passphrase", "salt": "zz", "check": "", "scrypt": {"n": 16, "r": 8, "p": 1}}',
    ],
)
def test_a_damaged_key_file_is_called_damaged(tmp_path: Path, store: MemoryKeyring, content: bytes) -> None:
    key_file(tmp_path).write_bytes(content)
    assert code_of(lambda: load_key(tmp_path, lambda: PASSPHRASE)) == "key_unreadable"


def test_an_earlier_key_is_never_overwritten(tmp_path: Path, store: MemoryKeyring) -> None:
    first = create_key(tmp_path, KeySource.FILE)
    second = create_key(tmp_path, KeySource.KEYRING)
    assert load_key(tmp_path) == second
    (kept,) = tmp_path.glob("key.json.replaced-*")
    os.replace(kept, key_file(tmp_path))
    assert load_key(tmp_path) == first


@pytest.mark.parametrize("source", [KeySource.FILE, KeySource.KEYRING])
def test_a_key_that_was_not_needed_after_all_is_forgotten(
    tmp_path: Path, store: MemoryKeyring, source: KeySource
) -> None:
    create_key(tmp_path, source)
    forget_key(tmp_path, None)
    assert list(tmp_path.iterdir()) == []
    assert store.kept == {}
    key_file(tmp_path).write_bytes(b"damaged")
    earlier = set_aside_key(tmp_path)
    create_key(tmp_path, source)
    forget_key(tmp_path, earlier)
    assert key_file(tmp_path).read_bytes() == b"damaged"
    assert [path.name for path in tmp_path.iterdir()] == ["key.json"]
    assert set_aside_key(tmp_path / "nowhere") is None


# --- secrets stay secret --------------------------------------------------------------------------------------------------


def test_nothing_of_the_key_reaches_a_log_an_error_or_a_traceback(
    tmp_path: Path, store: MemoryKeyring, caplog: pytest.LogCaptureFixture
) -> None:
    """Everything is logged, from every library, while keys are made, used, lost and asked for wrongly."""
    from app.domain.ids import Uuid7Source
    from db.store import create_store, open_store
    from tests.fakes import FakeClock

    caplog.set_level(logging.DEBUG)
    said: list[str] = []
    clock = FakeClock()
    ids = Uuid7Source(clock.now_ms)
    config = Config(tmp_path)
    keys = []
    for source in KeySource:
        made = create_key(tmp_path, source, PASSPHRASE)
        keys.append(made)
        path = config.database.with_name(f"{source}.db")
        create_store(path, made.database_key, store_code="01", till_code="1", clock=clock, ids=ids).close()
        open_store(path, load_key(tmp_path, lambda: PASSPHRASE).database_key, clock, ids).close()
        said.append(repr(made) + str(made))
    create_key(tmp_path, KeySource.PASSPHRASE, PASSPHRASE)
    for answer in ("wrong passphrase", ""):
        with pytest.raises(TillError) as caught:
            load_key(tmp_path, lambda said=answer: said)  # type: ignore[misc]
        said += [repr(caught.value), str(caught.value), str(caught.getrepr())]
    said += [record.getMessage() for record in caplog.records] + list(log.tail())
    everything = "\n".join(said)
    for one in keys:
        for secret in (one.database_key.hex(), repr(one.database_key), one.pepper.hex(), PASSPHRASE):
            assert secret.lower() not in everything.lower()


def test_the_pepper_is_another_secret_than_the_key() -> None:
    one, other = Secrets(KeySource.FILE, bytes(32)), Secrets(KeySource.FILE, bytes([1]) * 32)
    assert one.pepper != one.database_key
    assert one.pepper != other.pepper


# --- the key that this till signs with ------------------------------------------------------------------------------------


def test_the_device_key_lies_in_the_key_store(tmp_path: Path, store: MemoryKeyring) -> None:
    made = create_key(tmp_path, KeySource.KEYRING)
    keep_device_key(tmp_path, made, "shop.1", b"1" * 32)
    keep_device_key(tmp_path, made, "shop.2", b"2" * 32)
    assert load_device_key(tmp_path, made, "shop.1") == b"1" * 32
    assert not (tmp_path / DEVICE_FILE).exists()
    forget_device_key(tmp_path, made, "shop.1")
    forget_device_key(tmp_path, made, "shop.1")
    assert load_device_key(tmp_path, made, "shop.1") is None
    assert load_device_key(tmp_path, made, "shop.2") == b"2" * 32


@pytest.mark.parametrize("source", [KeySource.FILE, KeySource.DEMO, KeySource.PASSPHRASE])
def test_without_a_key_store_the_device_key_lies_encrypted_in_a_file(
    tmp_path: Path, source: KeySource
) -> None:
    made = create_key(tmp_path, source, PASSPHRASE if source is KeySource.PASSPHRASE else "")
    keep_device_key(tmp_path, made, "shop.1", b"1" * 32)
    assert (b"1" * 32).hex() not in (tmp_path / DEVICE_FILE).read_text("utf-8")
    assert os.name == "nt" or (tmp_path / DEVICE_FILE).stat().st_mode & 0o077 == 0
    assert load_device_key(tmp_path, made, "shop.1") == b"1" * 32
    assert load_device_key(tmp_path, Secrets(source, bytes(32)), "shop.1") is None, "another database's key"
    assert load_device_key(tmp_path, made, "shop.2") is None
    forget_device_key(tmp_path, made, "shop.1")
    assert load_device_key(tmp_path, made, "shop.1") is None


@pytest.mark.parametrize("written", ["", "[]", "{", '{"shop.1": "zz"}', '{"shop.1": "00"}', '{"shop.1": 7}'])
def test_a_damaged_device_file_holds_no_key(tmp_path: Path, written: str) -> None:
    made = create_key(tmp_path, KeySource.FILE)
    (tmp_path / DEVICE_FILE).write_text(written, "utf-8")
    assert load_device_key(tmp_path, made, "shop.1") is None
    keep_device_key(tmp_path, made, "shop.1", b"1" * 32)
    assert load_device_key(tmp_path, made, "shop.1") == b"1" * 32


def test_a_key_store_that_is_locked_says_so(tmp_path: Path, use: Callable[[KeyringBackend], None]) -> None:
    use(MemoryKeyring(KeyringLocked("locked")))
    made = Secrets(KeySource.KEYRING, bytes(32))
    asks: tuple[Callable[[], object], ...] = (
        lambda: keep_device_key(tmp_path, made, "shop.1", bytes(32)),
        lambda: load_device_key(tmp_path, made, "shop.1"),
        lambda: forget_device_key(tmp_path, made, "shop.1"),
    )
    for ask in asks:
        with pytest.raises(Unavailable) as missing:
            ask()
        assert missing.value.code == "keyring_missing"
