"""Looks for what is left of a person: every byte of every file of a folder, databases decrypted page by page, and every value in them.

A file that is a database under one of the keys is opened with it; everything else is read as it lies. What is looked for is long enough
that no key and no hash holds it by chance.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from db.engine import PAGE_BYTES, connect

RESERVE_BYTES: Final = 80  # SQLCipher 4: the page's IV (16) and HMAC (64) at its end
SALT_BYTES: Final = 16
WAL_HEADER_BYTES: Final = 32
FRAME_HEADER_BYTES: Final = 24
HEADER: Final = bytes((RESERVE_BYTES, 64, 32, 32))
_ENCODINGS: Final = ("utf-8", "utf-16-le", "utf-16-be", "big5")


@dataclass(frozen=True, slots=True)
class Searched:
    """What was read, and where something was found: the file, and where in it."""

    files: int
    databases: int
    bytes_read: int
    found: tuple[str, ...]


def needles_of(name: str, phone: str) -> tuple[bytes, ...]:
    """The person's name and number in every way in which they may be written. ``phone`` is the ten digits."""
    numbers = (
        phone,
        phone[1:],
        phone[::-1],
        f"{phone[:4]}-{phone[4:7]}-{phone[7:]}",
        f"{phone[:4]} {phone[4:7]} {phone[7:]}",
    )
    found = [number.encode() for number in numbers]
    for encoding in _ENCODINGS:
        try:
            found.append(name.encode(encoding))
        except UnicodeEncodeError:
            continue  # what cannot be written in it cannot stand in it
    return tuple(found)


def search(folders: Iterable[Path], keys: Sequence[bytes], needles: Sequence[bytes]) -> Searched:
    """Every file in these folders."""
    files = databases = read = 0
    found: list[str] = []
    paths = sorted(path for folder in folders for path in _files(folder))
    for path in paths:
        data = path.read_bytes()
        files, read = files + 1, read + len(data)
        places = [("raw", data)]
        key = _key_of(path, keys)
        if path.name.endswith("-wal"):
            key = _key_of(path.with_name(path.name.removesuffix("-wal")), keys)
            if key is not None:
                places.append(("log", _decrypted_log(data, key)))
        elif key is not None:
            databases += 1
            places += [("page", _decrypted(data, key)), *_values(path, key)]
        found += [f"{path.name} {place}" for place, text in places if any(one in text for one in needles)]
    return Searched(files, databases, read, tuple(found))


def _files(folder: Path) -> Iterator[Path]:
    if folder.is_file():
        yield folder
    else:
        yield from (path for path in folder.rglob("*") if path.is_file())


def _key_of(path: Path, keys: Sequence[bytes]) -> bytes | None:
    """The key that opens this file; None where it is no database of ours."""
    if not path.exists() or not path.stat().st_size or path.stat().st_size % PAGE_BYTES:
        return None
    with path.open("rb") as file:
        first = file.read(PAGE_BYTES)
    for key in keys:
        # What follows the salt is SQLite's header: the page size, and how much each page keeps free (sqlite.org/fileformat2.html, 1.3).
        header = _page(first, key, SALT_BYTES)
        if header[:2] == PAGE_BYTES.to_bytes(2, "big") and header[4:8] == HEADER:
            return key
    return None


def _decrypted(data: bytes, key: bytes) -> bytes:
    """Every page as it lies in the file, used or free, slack included."""
    pages = (data[start : start + PAGE_BYTES] for start in range(0, len(data), PAGE_BYTES))
    return b"".join(_page(page, key, SALT_BYTES if number == 0 else 0) for number, page in enumerate(pages))


def _decrypted_log(data: bytes, key: bytes) -> bytes:
    """The pages of the newest commits, frame by frame (sqlite.org/fileformat2.html, section 4)."""
    pages = []
    for start in range(WAL_HEADER_BYTES, len(data) - PAGE_BYTES + 1, FRAME_HEADER_BYTES + PAGE_BYTES):
        page = data[start + FRAME_HEADER_BYTES : start + FRAME_HEADER_BYTES + PAGE_BYTES]
        if len(page) == PAGE_BYTES:
            pages.append(_page(page, key, SALT_BYTES if data[start : start + 4] == b"\0\0\0\1" else 0))
    return b"".join(pages)


def _page(page: bytes, key: bytes, skipped: int) -> bytes:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    body, iv = page[skipped : PAGE_BYTES - RESERVE_BYTES], page[PAGE_BYTES - RESERVE_BYTES :][:16]
    opened = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
    return opened.update(body) + opened.finalize()


def _values(path: Path, key: bytes) -> Iterator[tuple[str, bytes]]:
    """Every value of every table, what was compressed made readable."""
    connection = connect(path, key)
    try:
        tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        for (table,) in tables:
            for row in connection.execute(f'SELECT * FROM "{table}"').fetchall():
                for value in row:
                    if isinstance(value, bytes):
                        yield table, _inflated(value)
                    elif isinstance(value, str):
                        yield table, value.encode()
    finally:
        connection.close()


def _inflated(data: bytes) -> bytes:
    try:
        return zlib.decompress(data)
    except zlib.error:
        return data
