"""What is done in a process that dies on the way. Each act opens everything itself: nothing crosses a fork."""

from __future__ import annotations

from pathlib import Path

from app.bootstrap import SystemClock
from app.domain.ids import Uuid7Source
from db import migrate
from db.backup import back_up, restore
from db.store import create_store, open_store
from tests.db.tills import KEY


def make(database: Path) -> None:
    """A new till."""
    clock = SystemClock()
    ids = Uuid7Source(clock.now_ms)
    create_store(database, KEY, store_code="01", till_code="1", clock=clock, ids=ids).close()


def save(database: Path, target: Path) -> None:
    back_up(database, KEY, target)


def bring_back(backup: Path, database: Path) -> None:
    clock = SystemClock()
    restore(backup, database, KEY, clock, Uuid7Source(clock.now_ms))


def start_newer_program(database: Path, revisions: Path) -> None:
    """One that knows one version of the schema more."""
    migrate.MIGRATIONS = revisions  # type: ignore[misc]
    migrate.SCHEMA_VERSION += 1  # type: ignore[misc]
    start(database)


def start(database: Path) -> None:
    """The till comes up, with its own recovery, and goes down."""
    clock = SystemClock()
    open_store(database, KEY, clock, Uuid7Source(clock.now_ms)).close()
