"""Setting up the receipt printer: find it, ask it what it can, look at what it prints, keep it.

Nothing is assumed from a model's name. Every step waits on a worker and can be left with Esc; however it ends, the printer is let go of.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QStackedWidget, QWidget

from app.domain.errors import TillError
from app.service.printer_setup import PrinterSetup
from ui.devices.printer_pages import CutPage, DrawerPage, FindPage, FoundPage, LinesPage, NamePage, Page
from ui.tasks import Worker
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import connect_click
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel

if TYPE_CHECKING:
    from app.domain.authority import Approval
    from app.service.devices import DeviceDesk, Findings
    from ui.context import ScreenContext

Result = TypeVar("Result")
WIDTH: Final = 760


class PrinterSheet(Sheet):
    """The wizard. Its result is True once a printer was kept."""

    def __init__(
        self, window: QWidget, context: ScreenContext, desk: DeviceDesk, approval: Approval | None
    ) -> None:
        super().__init__(window, width=WIDTH)
        self._context = context
        self._desk = desk
        self.setup = PrinterSetup(desk, approval)
        self.is_busy = False
        self.finder = FindPage(context, desk, self.panel)
        self.found = FoundPage(self.panel)
        self.lines = LinesPage(self.panel)
        self.cut = CutPage(self.panel)
        self.drawer = DrawerPage(self.panel)
        self.name = NamePage(self.panel)
        self._pages: tuple[Page, ...] = (
            self.finder,
            self.found,
            self.lines,
            self.cut,
            self.drawer,
            self.name,
        )
        self._stack = QStackedWidget(self.panel)
        self.bar = QProgressBar(self.panel)
        self.bar.setRange(0, 0)
        self.words = TextLabel(parent=self.panel, wraps=True)
        self.back = Button("ui.cancel", Kind.GHOST, self.panel)
        self.go = Button("devices_ui.wizard.next", Kind.PRIMARY, self.panel)
        self._connect()
        for page in self._pages:
            self._stack.addWidget(page)
        for widget in (self._stack, self.bar, self.words):
            self.body.addWidget(widget)
        self.add_button(self.back)
        self.add_button(self.go, is_default=True)
        self.bar.hide()
        self.show_page(self.finder)
        self.set_first_focus(self.finder.ports.address.edit)
        self.finder.ports.look()

    @property
    def page(self) -> Page:
        return self._pages[self._stack.currentIndex()]

    def show_page(self, page: Page) -> None:
        self._stack.setCurrentWidget(page)
        number = self._pages.index(page) + 1
        self.set_title("devices_ui.wizard.title", step=number, steps=len(self._pages))
        self.back.show_text("ui.cancel" if page is self.finder else "ui.back")
        self._say("")
        self._show_go()
        focus = page.first_focus()
        if self.isVisible():
            (focus or self.go).setFocus(Qt.FocusReason.OtherFocusReason)

    def step_back(self) -> None:
        """One page back; from the first one, and while a step is under way, out of the wizard."""
        if self.is_busy or self.page is self.finder:
            self.finish(None)
        else:
            self.show_page(self._pages[self._stack.currentIndex() - 1])

    # --- the steps ---------------------------------------------------------------------------------------------------

    def next_step(self) -> None:
        """What the primary button does on this page."""
        if self.is_busy:
            return
        setup = self.setup
        match self.page:
            case FindPage() as page:
                address = page.ports.text
                self._run("devices_ui.wizard.asking", lambda: setup.connect(address), self._on_found)
            case FoundPage():
                self.print_lines()
            case LinesPage() as page:
                read = page.read
                self._run("form.working", lambda: setup.take_lines(read), lambda _: self.show_page(self.cut))
            case CutPage() as page:
                did_cut = page.did_cut
                self._run("form.working", lambda: setup.take_cut(did_cut), lambda _: self._show_drawer())
            case DrawerPage() as page:
                self._take_drawer(page.opened_by)
            case _:
                self._save()

    def print_lines(self) -> None:
        def done(number: str) -> None:
            self.lines.show_number(number)
            self.show_page(self.lines)

        self._run("devices_ui.wizard.printing", self.setup.print_lines, done)

    def _on_found(self, found: Findings) -> None:
        self.found.show_findings(found)
        self.show_page(self.found)

    def _try_cut(self) -> None:
        def done(_: None) -> None:
            self.cut.show_tried(is_tried=True)
            self.cut.yes.setFocus(Qt.FocusReason.OtherFocusReason)

        self._run("devices_ui.wizard.printing", self.setup.cut, done)

    def _show_drawer(self) -> None:
        self.drawer.begin()
        self.show_page(self.drawer)

    def _try_drawer(self) -> None:
        setup, attempt = self.setup, self.drawer.next_attempt()

        def done(_: None) -> None:
            self.drawer.show_tried()
            self.drawer.yes.setFocus(Qt.FocusReason.OtherFocusReason)

        self._run("devices_ui.wizard.opening", lambda: setup.open_drawer(attempt), done)

    def _take_drawer(self, attempt: int | None) -> None:
        if attempt is None:
            self.show_page(self.name)
            return
        setup = self.setup
        self._run("form.working", lambda: setup.take_drawer(attempt), lambda _: self.show_page(self.name))

    def _save(self) -> None:
        setup, desk, prefers_text = self.setup, self._desk, self.lines.prefers_text
        name = self.name.name.text or self.name.name.edit.placeholderText()

        def keep() -> None:
            setup.save(name, prefers_text=prefers_text)
            desk.print_test()

        def done(_: None) -> None:
            self._context.messages.good("devices_ui.wizard.saved")
            self.finish(True)

        self._run("form.working", keep, done)

    # --- inside ------------------------------------------------------------------------------------------------------

    def _run(self, key: str, step: Callable[[], Result], on_done: Callable[[Result], None]) -> None:
        """Do a step on a worker. What goes wrong is said here, and the step may be done again."""
        self.is_busy = True
        self._say(key)
        self.bar.show()
        self._stack.setEnabled(False)
        self._show_go()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

        def done(result: Result) -> None:
            self._rest()
            on_done(result)

        def failed(error: TillError) -> None:
            self._rest()
            self.words.show_text(error.text_key, **error.fields)
            self.words.set_tone("danger")
            self.words.show()
            (self.page.first_focus() or self.go).setFocus(Qt.FocusReason.OtherFocusReason)

        self._context.tasks.run(
            step, done, failed, on_end=self._on_step_ended, worker=Worker.POOL, owner=self
        )

    def _on_step_ended(self) -> None:
        # Also after a crash of ours: the wizard must never stay locked.
        if self.is_busy:
            self._rest()

    def _rest(self) -> None:
        self.is_busy = False
        self.bar.hide()
        self._stack.setEnabled(True)
        self._say("")
        self._show_go()

    def _say(self, key: str) -> None:
        self.words.set_tone("muted")
        self.words.setVisible(bool(key))
        if key:
            self.words.show_text(key)

    def _show_go(self) -> None:
        key = self.page.next_key
        self.go.setVisible(bool(key))
        self.go.setEnabled(not self.is_busy)
        if key:
            self.go.show_text(key)

    def _on_finished(self) -> None:
        self._context.tasks.run(self.setup.give_up, worker=Worker.POOL)

    def _connect(self) -> None:
        connect_click(self.back, self.step_back)
        connect_click(self.go, self.next_step)
        connect_click(self.lines.again, self.print_lines)
        connect_click(self.cut.try_it, self._try_cut)
        connect_click(self.drawer.try_it, self._try_drawer)
        for page in self._pages:
            page.decided.connect(self.next_step)
        self.finished.connect(lambda _: self._on_finished())
