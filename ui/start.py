"""What is shown before a till is open: that the demo shop is being made, the question for the passphrase, or why the shop cannot be opened
and what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QThread, Signal
from PySide6.QtWidgets import QLineEdit, QProgressBar, QVBoxLayout, QWidget

from app.domain.errors import TillError
from app.i18n import t
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.text_label import TextLabel

if TYPE_CHECKING:
    from app.service.till import Till, TillOpener


class StartWindow(QWidget):
    """Signals:
    opened(Till): the shop is open.
    failed(TillError): it cannot be opened; the window says why and offers to try again.
    """

    opened = Signal(object)
    failed = Signal(object)

    def __init__(self, opener: TillOpener, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._opener = opener
        self._work: _Opening | None = None
        self.setProperty("panel", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle("Regulars 熟客")
        self.resize(720, 420)
        self._title = TextLabel("signon.product", self, type=TypeRole.DISPLAY, tone="accent", is_strong=True)
        self._words = TextLabel(parent=self, type=TypeRole.LEAD, wraps=True)
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._passphrase = QLineEdit(self)
        self._passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self._passphrase.setPlaceholderText(t("signon.passphrase"))
        self._passphrase.returnPressed.connect(self.begin)
        self._again = Button("signon.open", Kind.PRIMARY, self)
        self._again.clicked.connect(self.begin)
        content = QVBoxLayout(self)
        content.setContentsMargins(Space.XXL, Space.XXL, Space.XXL, Space.XXL)
        content.setSpacing(Space.L)
        content.addStretch(1)
        for widget in (self._title, self._words, self._passphrase, self._bar):
            content.addWidget(widget)
        content.addWidget(self._again, 0, Qt.AlignmentFlag.AlignRight)
        content.addStretch(1)
        self._bar.hide()
        self._passphrase.hide()
        self._again.hide()

    def fail(self, error: TillError) -> None:
        """The shop could not be opened: say why, and let them try again."""
        self._show_failure(error)

    def begin(self) -> None:
        """Open it on a thread of its own: the window stays alive meanwhile."""
        if self._work is not None:
            return
        if self._opener.needs_passphrase() and not self._passphrase.text():
            self._ask_passphrase()
            return
        self._again.hide()
        opener, passphrase = self._opener, self._passphrase.text()
        if opener.is_set_up:
            self._words.show_text("signon.opening")
            self._work = _Opening(lambda _: opener.open(passphrase), self)
        else:
            self._words.show_text("signon.starting")
            self._work = _Opening(opener.open_demo, self)
        self._bar.setRange(0, 0)
        self._bar.show()
        self._work.progressed.connect(self._on_progress)
        self._work.finished.connect(self._on_finished)
        self._work.start()

    def _ask_passphrase(self) -> None:
        self._words.show_text("signon.passphrase_hint")
        self._passphrase.show()
        self._again.show()
        self._passphrase.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_progress(self, done: int, total: int, text: str) -> None:
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        if text:
            self._words.show_plain(text)

    def _on_finished(self) -> None:
        work, self._work = self._work, None
        assert work is not None
        self._bar.hide()
        if work.till is not None:
            self.opened.emit(work.till)
        elif work.refusal is not None:
            self._show_failure(work.refusal)
        elif work.crash is not None:
            raise work.crash

    def _show_failure(self, error: TillError) -> None:
        self._words.show_text(error.text_key, **error.fields)
        self._words.set_tone("danger")
        self._passphrase.clear()
        self._passphrase.setVisible(self._opener.needs_passphrase())
        self._again.show_text("ui.retry")
        self._again.show()
        ask = self._passphrase if self._opener.needs_passphrase() else self._again
        ask.setFocus(Qt.FocusReason.OtherFocusReason)
        self._bar.hide()
        self.failed.emit(error)


class _Opening(QThread):
    """Signals:
    progressed(int, int, str): done, total, what is being done.
    """

    progressed = Signal(int, int, str)

    def __init__(self, open_till: Callable[[Callable[[int, int, str], None]], Till], parent: QObject) -> None:
        super().__init__(parent)
        self._open = open_till
        self.till: Till | None = None
        self.refusal: TillError | None = None
        self.crash: Exception | None = None

    def run(self) -> None:
        try:
            self.till = self._open(self.progressed.emit)
        except TillError as error:
            self.refusal = error
        except Exception as error:  # a thread has no caller: it is raised again on the GUI thread
            self.crash = error
