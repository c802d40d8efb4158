"""The real window over a large shop, for benchmarks that end when something was painted.

Keys go the whole way (scan catcher, hotkeys, focused widget); a measurement ends when the widget that shows the answer has been
painted and the window has nothing left to do.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen" if not os.environ.get("DISPLAY") else "xcb")

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

from app import i18n
from app.bootstrap import SystemClock, wire
from app.credentials import KeySource, Secrets
from app.domain.authority import Role
from app.domain.ids import Uuid7Source
from app.domain.money import Money
from app.service.till import Till
from db.store import open_store
from tests.bench.shops import BenchShop, copy_of
from tests.ui.till_fixture import OpenerOfTests
from ui import keys, theme
from ui.context import Screen
from ui.hotkeys import Hotkeys
from ui.messages import Messages
from ui.scan_catcher import ScanCatcher
from ui.tasks import Tasks
from ui.theme import Mode
from ui.typist import Typist, key_event
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


@dataclass
class BenchWindow:
    """The window, its till and fingers."""

    till: Till
    window: TillWindow
    scanner: ScanCatcher
    typist: Typist

    def key(self, name: str, gap_ms: int) -> None:
        """One key, down and up, ``gap_ms`` after the last."""
        handle = self.window.windowHandle()
        assert handle is not None
        self.typist.now += gap_ms
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QCoreApplication.sendEvent(handle, key_event(kind, name, self.typist.now))

    def painted(self, watch: PaintWatch, name: str, gap_ms: int, *, is_typed: bool = False) -> float:
        """Milliseconds from this key to the end of the painting it causes."""
        before = watch.paints
        started = perf_counter()
        self.key(name, gap_ms)
        if is_typed:
            self.scanner.flush()  # a person's key is decided about when the next one is not a scanner's
        while watch.paints == before:
            QApplication.processEvents()
            assert perf_counter() - started < PAINT_WAIT_SECONDS_MAX, "the answer was never painted"
        QApplication.processEvents()
        return (perf_counter() - started) * 1000


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
    for _ in range(10):
        QApplication.processEvents()
    try:
        yield BenchWindow(till, window, scanner, Typist(window, scanner))
        assert not crashes, crashes
    finally:
        hotkeys.stop()
        scanner.stop()
        window.close()
        tasks.close()
        till.close()
