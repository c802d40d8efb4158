"""The guide's hands and eyes: presses keys, waits for what should happen, takes pictures, and keeps the record.

A step that does not find what it expects ends the tour with :class:`Lost`; nothing is skipped and nothing is assumed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QElapsedTimer, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from app import i18n
from app.domain.money import Money
from app.domain.transaction import ControlTransaction, RetailTransaction, Transaction
from app.service.till import Till
from ui import theme
from ui.context import Screen
from ui.scan_catcher import ScanCatcher
from ui.theme import Mode
from ui.tour.sight import cut_off
from ui.typist import Typist
from ui.widgets.sheet import topmost
from ui.window import TillWindow

WAIT_MS: Final = 20_000
LOOK_EVERY_MS: Final = 5
ESC_MAX: Final = 8


class Lost(Exception):
    """What the guide expected did not happen."""


@dataclass
class Step:
    """One step of the tour and the facts that were checked in it."""

    name: str
    facts: dict[str, Any] = field(default_factory=dict)
    pictures: list[str] = field(default_factory=list)


class Guide:
    """Works the till in ``window``. Pictures go to ``folder``; ``steps`` is the record."""

    def __init__(self, window: TillWindow, scanner: ScanCatcher, folder: Path) -> None:
        self.window = window
        self.folder = folder
        self.steps: list[Step] = []
        self._typist = Typist(window, scanner)
        self._step: Step | None = None
        self._pictures = 0

    @property
    def till(self) -> Till:
        return self.window.till

    @contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """Everything inside belongs to this step; it counts only when it ends well."""
        self._step = Step(name)
        yield self._step
        self.steps.append(self._step)
        self._step = None

    @contextmanager
    def in_window(self, window: TillWindow, scanner: ScanCatcher) -> Iterator[None]:
        """Work in another window, for as long as it lasts."""
        before = (self.window, self._typist)
        self.window, self._typist = window, Typist(window, scanner, started_at=self._typist.now)
        try:
            yield
        finally:
            before[1].now = self._typist.now
            self.window, self._typist = before

    # --- hands -----------------------------------------------------------------------------------------------------

    def type(self, text: str) -> None:
        self._typist.type(text)
        self.settle()

    def press(self, *keys: str) -> None:
        for key in keys:
            self._typist.press(key)
            self.settle()

    def scan(self, code: str) -> None:
        self._typist.scan(code)
        self.settle()

    def tap(self, widget: QWidget) -> None:
        """A finger on this widget."""
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
        self.settle()

    def settle(self) -> None:
        """Let everything happen that is under way: the store's worker, the answers, the painting."""
        QApplication.processEvents()
        if self.window.has_till:
            self.until("the till is idle", lambda: not self.till.checkout.is_completing)
        QApplication.processEvents()

    # --- eyes ------------------------------------------------------------------------------------------------------

    def until(self, what: str, holds: Callable[[], bool]) -> None:
        """Wait until something is so. Raises Lost."""
        waited = QElapsedTimer()
        waited.start()
        while not holds():
            if waited.elapsed() > WAIT_MS:
                raise Lost(f"{self._where()}: never came about: {what}")
            QTest.qWait(LOOK_EVERY_MS)

    def check(self, what: str, found: object, expected: object) -> None:
        """Raises Lost unless both are equal; the fact goes into the record."""
        if found != expected:
            raise Lost(f"{self._where()}: {what}: expected {expected!r}, found {found!r}")
        if self._step is not None:
            self._step.facts[what] = _plain(found)

    def on(self, screen: Screen) -> None:
        self.until(f"the screen {screen.value}", lambda: self.window.current_screen is screen)

    def sheet_opens(self) -> None:
        self.until("a sheet", lambda: topmost(self.window) is not None)

    def sheet_closes(self) -> None:
        self.until("the sheet closes", lambda: topmost(self.window) is None)

    def told(self) -> str:
        """The key of the last sentence that the operator was told."""
        return self.window.messages.history[-1].key

    def back_to_sale(self) -> None:
        """Esc, one step at a time, until the counter is back."""
        for _ in range(ESC_MAX):
            if self.window.current_screen is Screen.SALE and topmost(self.window) is None:
                return
            self.press("Esc")
        self.on(Screen.SALE)

    def words(self) -> list[str]:
        """What the labels on the screen say."""
        return [label.text() for label in self.window.findChildren(QLabel) if label.isVisible()]

    def newest(self) -> Transaction:
        """The newest transaction in the books."""
        return self.till.store.journal.newest(1)[0]

    def newest_sale(self) -> RetailTransaction:
        found = self.newest()
        if not isinstance(found, RetailTransaction):
            raise Lost(f"{self._where()}: the newest transaction is {found.header.kind.value}")
        return found

    def newest_control(self) -> ControlTransaction:
        found = self.newest()
        if not isinstance(found, ControlTransaction):
            raise Lost(f"{self._where()}: the newest transaction is {found.header.kind.value}")
        return found

    # --- pictures --------------------------------------------------------------------------------------------------

    def picture(self, name: str, of: QWidget | None = None) -> None:
        """What the person at the till sees now. Raises Lost where something of it is cut off or lies over something else."""
        self.settle()
        seen = of or self.window
        problems = cut_off(seen)
        if problems:
            raise Lost(f"{self._where()}: {name}: {'; '.join(problems)}")
        self._pictures += 1
        path = self.folder / f"{self._pictures:03d}-{name}.png"
        self.folder.mkdir(parents=True, exist_ok=True)
        if not seen.grab().save(str(path)):
            raise Lost(f"the picture {path.name} could not be written")
        if self._step is not None:
            self._step.pictures.append(path.name)

    @contextmanager
    def looking_like(
        self, *, language: str | None = None, mode: Mode | None = None, size: tuple[int, int] | None = None
    ) -> Iterator[None]:
        """Another language, light or dark, another screen size, for as long as it lasts."""
        before = (i18n.language(), theme.current().mode, self.window.size())
        try:
            if language is not None:
                i18n.set_language(language)
            if mode is not None:
                theme.current().set_mode(mode)
            if size is not None:
                self.window.resize(QSize(*size))
            self.settle()
            yield
        finally:
            i18n.set_language(before[0])
            theme.current().set_mode(before[1])
            self.window.resize(before[2])
            self.settle()

    def _where(self) -> str:
        return self._step.name if self._step is not None else "tour"


def record(steps: list[Step]) -> list[Mapping[str, Any]]:
    """The steps as plain values for demo.json."""
    return [{"step": step.name, "ok": True, "facts": step.facts, "pictures": step.pictures} for step in steps]


def _plain(value: object) -> object:
    if isinstance(value, Money):
        return value.minor
    if isinstance(value, (str, int, bool)) or value is None:
        return value
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return str(value)
