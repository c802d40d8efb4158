"""The real window over a large shop, for benchmarks that end when something was painted.

Keys go the whole way (scan catcher, hotkeys, focused widget); a measurement ends when the widget that shows the answer has been
painted and the window has nothing left to do. The till is warm, as it is when somebody has signed on (`ui.warm_up`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import monotonic
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen" if not os.environ.get("DISPLAY") else "xcb")

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QWidget

from app import i18n
from app.bootstrap import SystemClock, wire
from app.credentials import KeySource, Secrets
from app.domain.authority import Role
from app.domain.ids import Uuid7Source
from app.domain.money import Money
from app.service.till import Till
from db.store import SqliteStore, open_store
from tests.bench.shops import BenchShop, copy_of, percentile
from tests.bench.stopwatch import Stopwatch
from tests.ui.till_fixture import OpenerOfTests
from ui import keys, theme
from ui.context import Screen
from ui.hotkeys import Hotkeys
from ui.messages import Messages
from ui.scan_catcher import ScanCatcher
from ui.tasks import Tasks
from ui.theme import Mode
from ui.typist import Typist, key_event
from ui.warm_up import WarmUp
from ui.window import TillWindow

PIN = "739261"
SIZE = (1280, 800)
PAINT_WAIT_SECONDS_MAX = 5.0


class PaintWatch(QObject):
    """Counts how often a widget was painted."""

    def __init__(self, watched: QWidget) -> None:
        super().__init__(watched)
        self.paints = 0
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.paints += 1
        return False


@dataclass(slots=True)
class Latencies:
    """Milliseconds from a key to the end of the painting. ``wall`` has the waiting for a processor in it, ``own`` has not."""

    own: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)

    def add(self, watch: Stopwatch) -> float:
        """What the stopwatch measures, from its start until now."""
        self.own.append(watch.stop() * 1000)
        self.wall.append(watch.elapsed * 1000)
        return self.own[-1]

    def forget(self) -> None:
        self.own.clear()
        self.wall.clear()

    def figures(self) -> dict[str, float]:
        return {
            "median_ms": round(median(self.own), 2),
            "p99_ms": round(percentile(sorted(self.own), 99), 2),
            "wall_median_ms": round(median(self.wall), 2),
            "wall_p99_ms": round(percentile(sorted(self.wall), 99), 2),
        }


@dataclass
class BenchWindow:
    """The window, its till and fingers."""

    till: Till
    store: SqliteStore
    window: TillWindow
    scanner: ScanCatcher
    typist: Typist
    stopwatch: Stopwatch = field(default_factory=Stopwatch)

    @property
    def screen(self) -> Any:
        """The screen that is shown."""
        return self.window.stack.currentWidget()

    def key(self, name: str, gap_ms: int) -> None:
        """One key, down and up, ``gap_ms`` after the last. A character that no key has comes from an input method."""
        self.typist.now += gap_ms
        if len(name) == 1 and not name.isascii():
            event = QInputMethodEvent("", [])
            event.setCommitString(name)
            focus = QApplication.focusWidget()
            assert focus is not None
            QCoreApplication.sendEvent(focus, event)
            return
        handle = self.window.windowHandle()
        assert handle is not None
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QCoreApplication.sendEvent(handle, key_event(kind, name, self.typist.now))

    def painted(
        self, watch: PaintWatch, name: str, gap_ms: int, into: Latencies, *, is_typed: bool = False
    ) -> float:
        """Press this key and note how long it takes to the end of the painting it causes; returns milliseconds."""
        before = watch.paints
        give_up_at = monotonic() + PAINT_WAIT_SECONDS_MAX
        self.stopwatch.start()
        self.key(name, gap_ms)
        if is_typed:
            self.scanner.flush()
        while watch.paints == before:
            QApplication.processEvents()
            assert monotonic() < give_up_at, "the answer was never painted"
        QApplication.processEvents()
        return into.add(self.stopwatch)

    def rest(self) -> None:
        """Let the window finish what it began."""
        for _ in range(5):
            QApplication.processEvents()


@contextmanager
def bench_window(shop: BenchShop, folder: Path) -> Iterator[BenchWindow]:
    """A till at work over a copy of the shop: signed on, shift open, on the sale screen."""
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    i18n.set_language("zh_TW")
    theme.install(application, mode=Mode.LIGHT)
    mine = copy_of(shop, folder / "window")
    clock = SystemClock()
    ids = Uuid7Source(clock.now_ms)
    store = open_store(mine.path, mine.key, clock, ids)
    till = wire(store, Secrets(KeySource.DEMO, mine.key), clock, ids, prints_dir=folder / "prints")
    operator = till.authority.new_operator("B1", "量測", Role.OWNER)
    with store.begin() as work:  # the shop is not being set up any more, so nobody could let this person in
        work.save_operator(operator)
        work.commit()
    till.session.operator = operator
    if till.session.shift is None:
        till.shifts.open_shift(Money(0, till.shop.currency))
    messages = Messages(clock)
    crashes: list[BaseException] = []
    tasks = Tasks(on_refused=messages.refused, on_crash=crashes.append)
    hotkeys = Hotkeys(application, keys.from_setting(None))
    scanner = ScanCatcher(application)
    window = TillWindow(OpenerOfTests(), tasks=tasks, messages=messages, hotkeys=hotkeys, scanner=scanner)
    window.resize(*SIZE)
    window.use_till(till)
    window.show()
    window.activateWindow()
    window.go_to(Screen.SALE)
    bench = BenchWindow(till, store, window, scanner, Typist(window, scanner))
    _warm(bench, tasks)
    try:
        yield bench
        assert not crashes, crashes
    finally:
        hotkeys.stop()
        scanner.stop()
        window.close()
        tasks.close()
        till.close()


def _warm(bench: BenchWindow, tasks: Tasks) -> None:
    """What the program does between its first picture and the first sale."""
    is_warm: list[bool] = []
    warm_up = WarmUp(bench.till, tasks)
    warm_up.finished.connect(lambda: is_warm.append(True))
    warm_up.start()
    while not is_warm:
        QApplication.processEvents()
    bench.rest()
