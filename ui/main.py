"""The till with its window: from a configuration to an event loop.

Nothing heavy is imported before the first paint, and each screen only when it is shown. Without a display the till opens off screen, saves
a picture of what it would show, and ends.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app import i18n, log
from app.config import Config
from app.domain.errors import TillError
from ui import crash, keys, theme
from ui.application import begin
from ui.hotkeys import Hotkeys
from ui.messages import Messages
from ui.scan_calibration import SETTING as WEDGE
from ui.scan_calibration import from_setting
from ui.scan_catcher import ScanCatcher
from ui.tasks import Tasks
from ui.theme import Mode
from ui.warm_up import WarmUp
from ui.window import TillWindow

if TYPE_CHECKING:
    from app.service.till import Till, TillOpener
    from ui.start import StartWindow

SCREENSHOT: Final = "till.png"
OFFSCREEN: Final = frozenset({"offscreen", "minimal"})


def run(
    config: Config,
    opener: TillOpener,
    *,
    version: str = "",
    on_ready: Callable[[str], None] | None = None,
    on_screenshot: Callable[[Path], None] | None = None,
) -> int:
    """Open the shop (or the demo shop, when none is set up) and work until the window is closed.

    ``on_ready`` is called with "ready" once the window has been painted and what a scan is looked up in is in memory, and with "warm" when
    nothing is left to load for a sale; ``on_screenshot`` gets the path of the picture that is saved when there is no display.
    Raises TillError when the shop cannot be opened and there is no window to read it in.
    """
    application = begin()
    i18n.set_language(config.language)
    theme.install(application, mode=_mode(config, application))
    program = Program(application, config, opener, version=version, on_ready=on_ready)
    program.on_screenshot = on_screenshot
    program.start()
    try:
        code = application.exec()
    finally:
        program.close()
    if program.failure is not None:
        raise program.failure
    return code


class Program:
    """What lives as long as the event loop does."""

    def __init__(
        self,
        application: QApplication,
        config: Config,
        opener: TillOpener,
        *,
        version: str = "",
        on_ready: Callable[[str], None] | None = None,
    ) -> None:
        self._application = application
        self._config = config
        self._opener = opener
        self._version = version
        self._on_ready = on_ready
        self.on_screenshot: Callable[[Path], None] | None = None
        self._till: Till | None = None
        self._tasks: Tasks | None = None
        self._start: StartWindow | None = None
        self._warm_up: WarmUp | None = None
        self.window: TillWindow | None = None
        self.failure: TillError | None = None

    @property
    def _is_offscreen(self) -> bool:
        return self._application.platformName() in OFFSCREEN

    def start(self) -> None:
        """Open the shop at once when that needs nothing; else show what is being waited for."""
        # Without a display nobody can key a passphrase into a window: the terminal is asked.
        if self._opener.is_set_up and (self._is_offscreen or not self._opener.needs_passphrase()):
            try:
                till = self._opener.open()
            except TillError as error:
                self._show_start().fail(error)
            else:
                self.show_till(till)
            return
        self._show_start().begin()

    def _show_start(self) -> StartWindow:
        from ui.start import StartWindow

        gc.enable()  # making a demo shop leaves much behind
        self._start = StartWindow(self._opener)
        self._start.opened.connect(self.show_till)
        self._start.failed.connect(self._on_failed)
        self._start.show()
        return self._start

    def show_till(self, till: Till) -> None:
        """The window over this till."""
        self._till = till
        messages = Messages(till.clock)
        crashes = crash.install(clock=till.clock, version=self._version)
        self._tasks = Tasks(on_refused=messages.refused, on_crash=crashes.report)
        hotkeys = Hotkeys(self._application, keys.from_setting(till.store.desk.setting(keys.SETTING)))
        scanner = ScanCatcher(self._application, from_setting(till.store.desk.setting(WEDGE)))
        if not till.shop.is_demo:
            i18n.set_language(till.shop.language)
            if self._config.theme == "system" and till.shop.theme in tuple(Mode):
                theme.current().set_mode(Mode(till.shop.theme))
        window = TillWindow(
            self._opener, tasks=self._tasks, messages=messages, hotkeys=hotkeys, scanner=scanner
        )
        self.window = window
        window.use_till(till)
        if self._is_offscreen:
            window.show()
        else:
            window.showMaximized()
        if self._start is not None:
            self._start.hide()
            self._start.deleteLater()
            self._start = None
        # The first turn of the event loop after the window was shown has painted it.
        QTimer.singleShot(0, self._on_painted)

    def _on_failed(self, error: TillError) -> None:
        """With a display the window says it and waits; without one the program ends, and whoever started it says it."""
        if self._is_offscreen:
            self.failure = error
            # Not at once: the event loop may not run yet.
            QTimer.singleShot(0, lambda: self._application.exit(1))

    def close(self) -> None:
        """End the work under way, then the till."""
        if self._tasks is not None:
            self._tasks.close()
        till = self.window.till if self.window is not None else self._till
        if till is not None:
            till.close()
        crash.uninstall()

    def _on_painted(self) -> None:
        window = self.window
        assert window is not None
        window.repaint()
        assert self._tasks is not None
        self._warm_up = WarmUp(window.till, self._tasks, window)
        if self._on_ready is not None:
            on_ready = self._on_ready
            self._warm_up.catalogue_ready.connect(lambda: on_ready("ready"))
            self._warm_up.finished.connect(lambda: on_ready("warm"))
        self._warm_up.finished.connect(lambda: log.startup.info("the till is ready"))
        self._warm_up.finished.connect(window.refresh_lamps)
        self._warm_up.finished.connect(window.listen_to_devices)
        self._warm_up.finished.connect(window.listen_to_server)
        self._warm_up.start()
        if self._on_ready is None and self._is_offscreen:
            self._save_screenshot(window)

    def _save_screenshot(self, window: TillWindow) -> None:
        folder = self._config.screenshots_dir
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / SCREENSHOT
        window.grab().save(str(path))
        if self.on_screenshot is not None:
            self.on_screenshot(path)
        self._application.quit()


def _mode(config: Config, application: QApplication) -> Mode:
    if config.theme == "system":
        return theme.system_mode(application)
    return Mode(config.theme)
