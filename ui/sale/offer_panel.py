"""An unknown number, shown large so that the customer can check it: one Enter makes the member."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.member import Member
from app.domain.phone import national_number
from ui.sale.customer import member_name
from ui.sale.next_step import spaced_phone
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.text_label import TextLabel


class OfferPanel(QWidget):
    """The offer to make a member, with the members whose number is a slip away.

    Signals:
        declined(): as Esc.
        meant(object): it was this member after all.
    """

    declined = Signal()
    meant = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = TextLabel("member.offer.title", self, type=TypeRole.TITLE)
        self._phone = TextLabel(parent=self, type=TypeRole.DISPLAY, tone="accent", is_strong=True)
        self._consent = TextLabel("member.offer.consent", self, type=TypeRole.BODY, tone="muted", wraps=True)
        self._welcome = TextLabel(parent=self, type=TypeRole.LEAD, tone="good", is_strong=True, wraps=True)
        self._near_word = TextLabel("member.offer.near", self, type=TypeRole.LEAD, tone="warn", wraps=True)
        self._near = QVBoxLayout()
        back = Button("member.offer.back", Kind.GHOST, self)
        back.clicked.connect(self.declined)
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.M)
        buttons.addWidget(back)
        buttons.addStretch(1)
        content = QVBoxLayout(self)
        content.setContentsMargins(0, Space.S, 0, 0)
        content.setSpacing(Space.M)
        for widget in (self._title, self._phone, self._welcome, self._consent):
            content.addWidget(widget)
        content.addWidget(self._near_word)
        content.addLayout(self._near)
        content.addStretch(1)
        content.addLayout(buttons)

    def show_offer(self, phone: str, near: tuple[Member, ...], welcome: str = "") -> None:
        """``welcome`` is what a new member is given, in a sentence."""
        self._phone.show_plain(spaced_phone(phone))
        self._welcome.setVisible(bool(welcome))
        if welcome:
            self._welcome.show_text("member.offer.welcome", gift=welcome)
        self._near_word.setVisible(bool(near))
        while (item := self._near.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for member in near:
            button = Button("", Kind.SECONDARY, self)
            # The whole number: whoever stands at the till must see which digit differs.
            button.show_plain(f"{member_name(member)}　{_marked(phone, member.phone)}")
            button.clicked.connect(lambda _=False, each=member: self.meant.emit(each))
            button.setStyleSheet("text-align: left;")
            self._near.addWidget(button)


def _marked(keyed: str, other: str) -> str:
    """The other number with only the differing digits told: ``09··4·····``. The rest stays private."""
    ours, theirs = national_number(keyed), national_number(other)
    if len(ours) != len(theirs):
        return theirs[-3:]
    return "".join(
        digit if digit != mine or index < 2 else "·"
        for index, (mine, digit) in enumerate(zip(ours, theirs, strict=True))
    )
