"""Pairing with an office: where it is, the code it gave, the answer, done. What goes wrong says what to do; what was typed stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QWidget

from app.domain.errors import Refused, TillError
from ui.tasks import Worker
from ui.theme import TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import Field, connect_click
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel

if TYPE_CHECKING:
    from app.service.sync_ports import SyncAgent
    from app.service.till import Till
    from ui.context import ScreenContext

CODE_CHARACTERS_MAX: Final = 40
ADDRESS_CHARACTERS_MAX: Final = 200


class PairSheet(Sheet):
    """Finishes with True once the till is paired."""

    def __init__(self, window: QWidget, till: Till, context: ScreenContext, agent: SyncAgent) -> None:
        super().__init__(window, "sync_ui.pair.title", width=620)
        self._context = context
        self._agent = agent
        self.is_busy = False
        self.is_done = False
        shop = till.shop
        self.this = TextLabel(
            "sync_ui.pair.this",
            self.panel,
            tone="muted",
            wraps=True,
            shop=shop.name,
            code=f"{shop.store_code}-{shop.till_code}",
        )
        self.address = Field(
            "sync_ui.pair.address",
            self.panel,
            help_key="sync_ui.pair.address_help",
            text=agent.status().server_url,
            characters_max=ADDRESS_CHARACTERS_MAX,
            width=2_000,
        )
        self.code = Field(
            "sync_ui.pair.code",
            self.panel,
            help_key="sync_ui.pair.code_help",
            characters_max=CODE_CHARACTERS_MAX,
            width=320,
        )
        for field in (self.address, self.code):
            field.edit.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self._at_fault = self.code
        self.bar = QProgressBar(self.panel)
        self.bar.setRange(0, 0)
        self.words = TextLabel(parent=self.panel, wraps=True)
        self.done_words = TextLabel("sync_ui.pair.done", self.panel, type=TypeRole.LEAD, wraps=True)
        self.back = Button("ui.cancel", Kind.GHOST, self.panel)
        self.go = Button("sync_ui.pair.go", Kind.PRIMARY, self.panel)
        for widget in (self.this, self.address, self.code, self.bar, self.words, self.done_words):
            self.body.addWidget(widget)
        for hidden in (self.bar, self.words, self.done_words):
            hidden.hide()
        self.add_button(self.back)
        self.add_button(self.go, is_default=True)
        connect_click(self.back, self.step_back)
        connect_click(self.go, self.pair)
        self.address.entered.connect(self._on_address)
        self.address.changed.connect(lambda _: self._show_safety())
        self.code.entered.connect(self.pair)
        self._show_safety()
        self.set_first_focus(self.code.edit if self.address.text else self.address.edit)

    def step_back(self) -> None:
        """While the office is asked nothing is broken off: the code may have been taken already."""
        if not self.is_busy:
            self.finish(self.is_done or None)

    def take_scan(self, code: str) -> None:
        """The office's page may show its code to a scanner."""
        if not self.is_busy and not self.is_done:
            self.code.set_text(code[:CODE_CHARACTERS_MAX])
            self.code.setFocus(Qt.FocusReason.OtherFocusReason)

    def pair(self) -> None:
        """Ask the office about this code; once paired, the same key closes the sheet."""
        if self.is_done:
            self.finish(True)
            return
        if self.is_busy:
            return
        url, code = self.address.text, self.code.text
        if not url:
            self.address.refuse(Refused("sync_address"))
            return
        if not code:
            self.code.refuse(Refused("sync_code_empty"))
            return
        self._set_busy(is_busy=True)
        self.words.show_text("sync_ui.pair.checking")
        self.words.set_tone("muted")
        self.words.show()
        agent = self._agent
        self._context.tasks.run(
            lambda: agent.pair(url, code),
            lambda _: self._on_paired(),
            self._on_failed,
            on_end=lambda: self._set_busy(is_busy=False),
            worker=Worker.POOL,
            owner=self,
        )

    def _on_address(self) -> None:
        self.code.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_paired(self) -> None:
        self.is_done = True
        self.set_title("sync_ui.pair.done_title")
        for widget in (self.this, self.address, self.code, self.words, self.back):
            widget.hide()
        self.done_words.show()
        self.go.show_text("ui.ok")

    def _on_failed(self, error: TillError) -> None:
        self.words.hide()
        at_fault = self.address if error.code == "server_url" else self.code
        at_fault.say(error.text_key, tone="danger", **error.fields)
        at_fault.edit.selectAll()
        self._at_fault = at_fault

    def _set_busy(self, *, is_busy: bool) -> None:
        self.is_busy = is_busy
        self.bar.setVisible(is_busy)
        for widget in (self.address, self.code, self.back, self.go):
            widget.setEnabled(not is_busy)
        if is_busy:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.is_done:
            self.go.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._at_fault.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_safety(self) -> None:
        """Said while it is typed, so that nobody learns of it from somebody who listened in."""
        url = self.address.text.lower()
        is_here = url.startswith(("http://localhost", "http://127.", "http://[::1]"))
        if url.startswith("http://") and not is_here:
            self.address.say("sync_ui.pair.not_encrypted", tone="warn")
