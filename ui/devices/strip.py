"""The strip below the basket: the one thing about the counter's devices that somebody should know or answer now.

It takes neither the focus nor anybody's time: the sale goes on whether it is read or not. With an empty basket it is answered by a key,
and otherwise by a tap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.i18n import t
from ui import theme
from ui.devices.picture import CounterPicture, Notice, NoticeKind, notice_of, notices_of
from ui.theme import Colours, Radius, Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import connect_click
from ui.widgets.painting import rounded_box
from ui.widgets.text_label import TextLabel

if TYPE_CHECKING:
    from app.service.printing import PrintQuestion

YES_KEY: Final = "Ctrl+1"
NO_KEY: Final = "Ctrl+2"


class CounterStrip(QFrame):
    """Shows one notice of a `CounterPicture`, or nothing.

    Signals:
        answered(PrintQuestion, bool): whether that paper came out.
        opened(): the ask for the list of devices.
    """

    answered = Signal(object, bool)
    opened = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = CounterPicture()
        self._notice: Notice | None = None
        self._has_free_hands = False
        self._put_away: frozenset[tuple[object, ...]] = frozenset()
        self.words = TextLabel(parent=self, type=TypeRole.BODY, wraps=True)
        self.why = TextLabel(parent=self, type=TypeRole.CAPTION, wraps=True)
        self.yes = Button("devices_ui.strip.yes", Kind.SECONDARY, self, size="compact")
        self.no = Button("devices_ui.strip.no", Kind.SECONDARY, self, size="compact")
        self.look = Button("devices_ui.strip.look", Kind.SECONDARY, self, size="compact")
        self.away = Button("devices_ui.strip.away", Kind.GHOST, self, size="compact")
        connect_click(self.yes, lambda: self._answer(did_print=True))
        connect_click(self.no, lambda: self._answer(did_print=False))
        connect_click(self.look, self.opened.emit)
        connect_click(self.away, self._put_this_away)
        said = QVBoxLayout()
        said.setSpacing(0)
        said.addStretch(1)
        said.addWidget(self.words)
        said.addWidget(self.why)
        said.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.L, Space.S, Space.S, Space.S)
        row.setSpacing(Space.S)
        row.addLayout(said, 1)
        for button in (self.yes, self.no, self.look, self.away):
            row.addWidget(button)
        self.hide()

    @property
    def notice(self) -> Notice | None:
        return self._notice

    def show_picture(self, picture: CounterPicture, *, has_free_hands: bool) -> None:
        """Show what matters most of it. ``has_free_hands``: no customer's goods are in the till, so keys may answer."""
        if (picture, has_free_hands) == (self._picture, self._has_free_hands):
            return
        self._picture, self._has_free_hands = picture, has_free_hands
        # What is over may be said again when it comes again.
        self._put_away &= frozenset(one.about for one in notices_of(picture))
        self._render()

    def take_key(self, number: int) -> bool:
        """The first or the second answer by its key; False when no key answers now."""
        if not self._has_free_hands or self._notice is None or self._notice.question is None:
            return False
        if number > 1:
            return False
        self._answer(did_print=number == 0)
        return True

    def ask_again(self, question: PrintQuestion) -> None:
        """The answer was not taken."""
        self._put_away -= {("question", question.job_id)}
        self._render()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._render()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._notice is None:
            return
        ground, edge = _colours(self._notice.kind, theme.current().colours)
        rounded_box(QPainter(self), self.rect(), Radius.M, ground, edge)

    # --- inside ------------------------------------------------------------------------------------------------------

    def _render(self) -> None:
        notice = self._notice = notice_of(self._picture, self._put_away)
        self.setVisible(notice is not None)
        if notice is None:
            return
        self.words.show_plain(notice.words.text)
        more = t("devices_ui.strip.more", None, count=notice.others) if notice.others else ""
        self.why.show_plain("　".join(part for part in (notice.why.text, more) if part))
        self.why.setVisible(bool(self.why.text()))
        is_question = notice.question is not None
        for button, key, cap in (
            (self.yes, "devices_ui.strip.yes", YES_KEY),
            (self.no, "devices_ui.strip.no", NO_KEY),
        ):
            button.setVisible(is_question)
            button.show_plain(f"{t(key)}  {cap}" if self._has_free_hands else t(key))
        self.look.setVisible(notice.kind is NoticeKind.TROUBLE)
        self.away.setVisible(not is_question)
        self.setAccessibleName(notice.words.text)
        self.update()

    def _answer(self, *, did_print: bool) -> None:
        notice = self._notice
        if notice is None or notice.question is None:
            return
        # Gone at once: an answer counts once, and the books will say whether it was right.
        self._put_away |= {notice.about}
        self._render()
        self.answered.emit(notice.question, did_print)

    def _put_this_away(self) -> None:
        if self._notice is not None:
            self._put_away |= {self._notice.about}
            self._render()


def _colours(kind: NoticeKind, colours: Colours) -> tuple[str, str]:
    """Ground and edge."""
    match kind:
        case NoticeKind.QUESTION | NoticeKind.REMINDER:
            return colours.warn_soft, colours.warn_sign
        case NoticeKind.TROUBLE:
            return colours.danger_soft, colours.danger
