"""Finding a member who does not say the whole number: by its last digits, or by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.domain.entry import Carrier, MemberCode
from app.domain.errors import Refused
from app.domain.member import MemberCard
from app.domain.phone import fold_digits, mask_phone, parse_phone
from app.i18n import t
from ui import theme
from ui.keys import Action
from ui.sale.customer import member_name, tier_name
from ui.theme import TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.entry_line import EntryLine
from ui.widgets.result_list import ResultList, ResultRow
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel

if TYPE_CHECKING:
    from app.service.till import Till

DIGITS_MIN: Final = 3


class MemberFindSheet(Sheet):
    """Finishes with the member's card.

    Signals:
        page_asked(MemberCard): show this member's page instead of taking them onto the sale.
    """

    page_asked = Signal(object)

    def __init__(self, window: QWidget, till: Till, page_key: str, text: str = "") -> None:
        super().__init__(window, "member.find.title", width=640)
        self._till = till
        self.entry = EntryLine(self.panel, is_home=False, placeholder="member.find.placeholder")
        self.entry.set_takes_words(True)
        self.list = ResultList(self.panel, empty_key="member.find.none")
        self.list.setMinimumHeight(theme.current().px(320))
        self.entry.changed.connect(self._on_changed)
        self.entry.entered.connect(lambda _: self.list.choose_current())
        self.entry.step_requested.connect(self.list.step)
        self.list.chosen.connect(self.finish)
        self.body.addWidget(self.entry)
        self.body.addWidget(self.list, 1)
        hint = TextLabel("member.find.keys", self.panel, type=TypeRole.CAPTION, wraps=True, page_key=page_key)
        self.body.addWidget(hint)
        self.action_requested.connect(self._on_action)
        back = Button("ui.back", Kind.GHOST, self.panel)
        back.clicked.connect(self.step_back)
        take = Button("member.find.choose", Kind.PRIMARY, self.panel)
        take.clicked.connect(self.list.choose_current)
        self.add_button(back)
        self.add_button(take, is_default=True)
        self.set_first_focus(self.entry)
        self.list.set_empty("member.find.placeholder")
        self.entry.setText(text)

    def take_scan(self, code: str) -> None:
        """A member's QR, card or carrier."""
        recognised = self._till.checkout.recognise(code, is_scan=True)
        read = recognised.code if isinstance(recognised, MemberCode | Carrier) else code
        card = self._till.store.members.by_code(read)
        if card is None:
            raise Refused("member_code_unknown")
        self.finish(card)

    def _on_action(self, action: object) -> None:
        current = self.list.current
        if action is Action.MEMBER and current is not None and isinstance(current.value, MemberCard):
            self.finish(None)
            self.page_asked.emit(current.value)

    def _on_changed(self, text: str) -> None:
        cards = self._find(text.strip())
        self.list.set_empty("member.find.none" if len(text) >= DIGITS_MIN else "member.find.placeholder")
        self.list.set_rows([_row(card) for card in cards])

    def _find(self, text: str) -> tuple[MemberCard, ...]:
        phone = parse_phone(text, self._till.shop.region) if text else None
        if phone is not None:
            card = self._till.store.members.by_phone(phone)
            return (card,) if card is not None else ()
        if not text or (fold_digits(text).isdigit() and len(text) < DIGITS_MIN):
            return ()
        return self._till.store.members.search(text)


def _row(card: MemberCard) -> ResultRow:
    return ResultRow(
        title=member_name(card.member),
        value=card,
        detail=f"{mask_phone(card.member.phone)}　{tier_name(card.member.tier)}",
        trailing=t("member.points_some", points=f"{card.points:,}"),
        trailing_detail=f"{card.last_visit_on:%Y/%m/%d}" if card.last_visit_on else "",
    )
