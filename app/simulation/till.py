"""A till of this universe: the real services over a real file, and the ways in which it goes down and comes up again.

Whatever is thrown at it, it is opened again by the product's own recovery and by nothing else.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final

from app.domain.barcode import DEFAULT_LABEL_RULES
from app.domain.ids import Uuid7Source
from app.service.late_till import LateTill
from app.service.session import Session
from app.service.shop import load_limits, load_shop
from app.simulation.clock import SimClock
from db.engine import Connection, Cursor
from db.store import SqliteStore, open_store

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.simulation.talk import Talk

KEY: Final = bytes(range(32))
PEPPER: Final = bytes(32)
KEY_BYTES: Final = 32
CHECKPOINT_EVERY_STEPS: Final = 8
BESIDE: Final = (".mark", ".erased")
"""What says something of a file, and is copied with it."""
RESERVE: Final = ".ballast"


class SimCrash(BaseException):
    """The power went. Nothing but the world may catch it."""

    def __init__(self, where: str) -> None:
        super().__init__(where)
        self.where = where


class QuietSpool:
    """Nobody prints here."""

    def wake(self) -> None:
        """Nothing waits for it."""


class SimTill:
    """``number`` counts from 0. ``name`` tells a clone from the till it was made of."""

    def __init__(self, number: int, name: str, path: Path, seed: int, true_ms: Callable[[], int]) -> None:
        self.number = number
        self.name = name
        self.path = path
        self.clock = SimClock(true_ms)
        self.random = Random(f"till {seed} {name}")
        self.ids = Uuid7Source(self.clock.now_ms, self.random.getrandbits)
        self.image: Path | None = None
        self.image_has: int = 0
        self.is_cut_off = False
        self.talk: Talk
        self._steps = 0
        self.open()

    def open(self) -> None:
        """Come up as the product does, with the owner at the counter."""
        self.store: SqliteStore = open_store(self.path, KEY, self.clock, self.ids)
        self.store.member_keys = lambda: self.random.randbytes(KEY_BYTES)
        settings = self.store.desk.settings()
        self.session = Session(
            shop=load_shop(settings),
            operator=self.store.people.operators()[0],
            shift=self.store.desk.current_shift(),
            limits=load_limits(settings),
            is_training=self.store.is_training,
        )
        self.shop = LateTill(
            store=self.store,
            clock=self.clock,
            ids=self.ids,
            session=self.session,
            spool=QuietSpool(),
            pepper=PEPPER,
            label_rules=DEFAULT_LABEL_RULES,
            make_keeper=None,
            close=lambda: None,
        )

    def close(self) -> None:
        """Go down in good order."""
        self.store.close()

    def die(self) -> None:
        """What is left is what was committed: nothing is written down on the way out."""
        self.store.engines.close()

    def restart(self) -> None:
        self.close()
        self.open()

    def rest(self) -> None:
        """Now and then nobody waits, and the store does what it does then."""
        self._steps += 1
        if self._steps % CHECKPOINT_EVERY_STEPS == 0:
            self.store.idle()

    def take_image(self) -> None:
        """A copy of the disk as it is now."""
        self.image = self.path.with_name(self.path.name + ".image")
        self.image_has = self.store.mark.seq
        self.close()
        copy_till(self.path, self.image)
        self.open()

    def put_image_back(self, *, is_whole: bool) -> None:
        """The older disk is in the till again: all of it, or the database alone, beside what was written down since."""
        assert self.image is not None
        self.close()
        copy_till(self.image, self.path, is_whole=is_whole)
        self.open()

    # --- crash points ---------------------------------------------------------------------------------------------------------

    def crash_at_commit(self, ordinal: int, *, after: bool) -> None:
        """The power goes at the ``ordinal``-th commit from now: just before it, or just after."""
        self.store.engines.writer = CrashingConnection(self.store.engines.writer, ordinal, after)

    def survive(self) -> None:
        """No crash any more: none came."""
        writer = self.store.engines.writer
        if isinstance(writer, CrashingConnection):
            self.store.engines.writer = writer.real


class CrashingConnection:
    """The writer's connection, which loses its power at one commit."""

    def __init__(self, real: Connection, ordinal: int, after: bool) -> None:
        self.real = real
        self._left = ordinal
        self._after = after

    @property
    def in_transaction(self) -> bool:
        return self.real.in_transaction

    def cursor(self) -> Cursor:
        return _CrashingCursor(self.real.cursor(), self._commits)

    def execute(self, statement: str, parameters: Sequence[object] = ()) -> Cursor:
        return self.real.execute(statement, parameters)

    def set_progress_handler(self, handler: Callable[[], int], steps: int, /) -> None:
        self.real.set_progress_handler(handler, steps)

    def close(self) -> None:
        self.real.close()

    def _commits(self, commit: Callable[[], Cursor]) -> Cursor:
        self._left -= 1
        if self._left == 0 and not self._after:
            raise SimCrash("before_commit")
        done = commit()
        if self._left == 0:
            raise SimCrash("after_commit")
        return done


class _CrashingCursor:
    def __init__(self, real: Cursor, commits: Callable[[Callable[[], Cursor]], Cursor]) -> None:
        self._real = real
        self._commits = commits

    def execute(self, statement: str, parameters: Sequence[object] | dict[str, object] = ()) -> Cursor:
        if statement == "COMMIT":
            return self._commits(lambda: self._real.execute(statement))
        return self._real.execute(statement, parameters)

    def executemany(self, statement: str, rows: Iterable[Sequence[object]]) -> Cursor:
        return self._real.executemany(statement, rows)

    @property
    def rowcount(self) -> int:
        return self._real.rowcount

    @property
    def lastrowid(self) -> int | None:
        return self._real.lastrowid

    def fetchone(self) -> object:
        return self._real.fetchone()

    def fetchall(self) -> list[object]:
        return self._real.fetchall()

    def close(self) -> None:
        self._real.close()


def copy_till(source: Path, target: Path, *, is_whole: bool = True) -> None:
    """A closed till's file and, with ``is_whole``, what lies beside it. The reserve holds nothing: one serves all copies."""
    shutil.copyfile(source, target)
    reserve, copied = (path.with_name(path.name + RESERVE) for path in (source, target))
    if reserve.exists() and not copied.exists():
        os.link(reserve, copied)
    for suffix in BESIDE if is_whole else ():
        beside, there = source.with_name(source.name + suffix), target.with_name(target.name + suffix)
        if beside.exists():
            shutil.copyfile(beside, there)
        else:
            there.unlink(missing_ok=True)
