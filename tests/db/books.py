"""What the tests of the books do over and over: ask for findings, edit the file as somebody with the key could, open it again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random
from uuid import UUID

import pytest

from app.domain.authority import Operator, Role
from app.domain.chain import GENESIS, link
from app.domain.errors import TillError
from app.domain.ids import OperatorId, Uuid7Source
from app.service.session import Session
from app.service.shop import ShopSettings
from db.engine import Connection, connect, open_engines
from db.finding import Finding
from db.store import open_store
from db.verify import verify
from tests.db.tills import KEY
from tests.service.small_shop import SmallShop, SteppingClock, wire_small_shop


def findings(path: Path, *, is_full: bool = True) -> tuple[Finding, ...]:
    engines = open_engines(path, KEY)
    try:
        return verify(engines, is_full=is_full)
    finally:
        engines.close()


def checks(path: Path, *, is_full: bool = True) -> set[str]:
    return {finding.check for finding in findings(path, is_full=is_full)}


def edit(path: Path, *statements: str) -> None:
    """Somebody with the key and without the triggers."""
    connection = without_guards(path)
    for statement in statements:
        connection.execute(statement)
    connection.close()


def without_guards(path: Path) -> Connection:
    connection = connect(path, KEY)
    connection.execute("PRAGMA foreign_keys = OFF")
    triggers = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    for (name,) in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    return connection


def forge(path: Path) -> None:
    """Make the chain whole again after an edit: every hash anew, the head as well."""
    connection = without_guards(path)
    (device,) = connection.execute("SELECT device_id FROM device").fetchone()
    facts = connection.execute("SELECT seq, incarnation, body FROM fact ORDER BY seq").fetchall()
    previous, seq = GENESIS, 0
    for seq, incarnation, body in facts:
        digest = link(previous, UUID(bytes=device), incarnation, seq, body)
        connection.execute("UPDATE fact SET prev_hash = ?, hash = ? WHERE seq = ?", (previous, digest, seq))
        previous = digest
    connection.execute("UPDATE chain_head SET seq = ?, hash = ?", (seq, previous))
    connection.close()


def reopened(path: Path, like: SmallShop | None = None) -> SmallShop:
    """The same people at a till that was opened afresh."""
    clock = like.clock if like else SteppingClock()
    clock.forward(days=2)
    ids = like.ids if like else Uuid7Source(clock.now_ms, Random(str(path.stat().st_size)).getrandbits)
    store = open_store(path, KEY, clock, ids)
    people = {one.number: one for one in store.people.operators()}
    owner = people.get("01") or Operator(OperatorId(ids()), "01", "王美玲", Role.OWNER)
    session = Session(
        ShopSettings(name="好日子選物店"),
        operator=owner,
        shift=store.desk.current_shift(),
        is_training=store.is_training,
    )
    return wire_small_shop(path, store, session, clock, ids, owner, owner)


def is_whole(path: Path, key: bytes = KEY) -> bool:
    engines = open_engines(path, key)
    try:
        return verify(engines, is_full=True) == ()
    finally:
        engines.close()


def numbers_in(path: Path, key: bytes = KEY) -> list[str]:
    connection = connect(path, key)
    found = connection.execute("SELECT receipt_number FROM transaction_header ORDER BY seq").fetchall()
    connection.close()
    return [number for (number,) in found]


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(TillError) as caught:
        call()
    return caught.value.code


def everything_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
