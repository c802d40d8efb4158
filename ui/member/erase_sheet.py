"""The last question before a person is forgotten: what goes, what stays, and the last four digits of their number."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QWidget

from app.domain.errors import Refused
from app.domain.member import MemberCard, mask_name
from app.domain.phone import fold_digits, mask_phone
from ui.theme import TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import Field, connect_click
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel

DIGITS: Final = 4


class EraseSheet(Sheet):
    """Finishes with True once the right four digits were typed."""

    def __init__(self, window: QWidget, card: MemberCard) -> None:
        super().__init__(window, width=720)
        member = card.member
        who = f"{mask_name(member.name)} {mask_phone(member.phone)}".strip()
        self.set_title("member_page.erase_sure", who=who)
        self._digits = member.phone[-DIGITS:]
        for key, tone in (
            ("member_page.erase_goes", "danger"),
            ("member_page.erase_stays", ""),
            ("member_page.erase_final", ""),
        ):
            self.body.addWidget(
                TextLabel(
                    key, self.panel, type=TypeRole.LEAD, tone=tone, wraps=True, points=f"{card.points:,}"
                )
            )
        self.field = Field(
            "member_page.erase_digits", self.panel, is_number=True, characters_max=DIGITS, width=160
        )
        self.field.entered.connect(self._decide)
        self.body.addWidget(self.field)
        no = Button("ui.cancel", Kind.GHOST, self.panel)
        no.clicked.connect(self.step_back)
        yes = Button("member_page.erase", Kind.DANGER, self.panel)
        connect_click(yes, self._decide)
        self.add_button(no)
        self.add_button(yes, is_default=True)
        self.set_first_focus(self.field.edit)

    def _decide(self) -> None:
        if fold_digits(self.field.text) == self._digits:
            self.finish(True)
        else:
            self.field.refuse(Refused("erase_digits_wrong"))
