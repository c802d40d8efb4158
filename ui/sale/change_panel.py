"""The end of a sale: the change to hand out, large enough to read from the drawer. It stays until the next customer's first key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.money import format_money
from app.domain.money import total as sum_of
from app.i18n import t
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.money_label import MoneyLabel
from ui.widgets.text_label import TextLabel

if TYPE_CHECKING:
    from app.service.completion import CompletedSale

NOTES_MAX: Final = 3
"""As many as are read in a glance; all of them stand on the paper."""


class ChangePanel(QWidget):
    """Shows one completed sale.

    Signals:
        reprint_asked(): a copy of this receipt.
    """

    reprint_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[CompletedSale, str] | None = None
        self._word = TextLabel(parent=self, type=TypeRole.HEADING, tone="good")
        self.amount = MoneyLabel(self, is_right=False)
        self._received = TextLabel(parent=self, type=TypeRole.LEAD, tone="muted")
        self._member = TextLabel(parent=self, type=TypeRole.LEAD, wraps=True)
        self._welcome = TextLabel("tender.welcome", self, type=TypeRole.LEAD, tone="accent")
        self._notes = TextLabel(parent=self, type=TypeRole.BODY, tone="accent", wraps=True)
        self._number = TextLabel(parent=self, type=TypeRole.BODY, tone="muted")
        again = Button("tender.reprint", Kind.GHOST, self)
        again.clicked.connect(self.reprint_asked)
        content = QVBoxLayout(self)
        content.setContentsMargins(Space.S, Space.M, Space.S, 0)
        content.setSpacing(Space.S)
        for widget in (self._word, self.amount, self._received):
            content.addWidget(widget)
        content.addSpacing(Space.M)
        for widget in (self._welcome, self._member, self._notes, self._number):
            content.addWidget(widget)
        content.addStretch(1)
        content.addWidget(again, 0, Qt.AlignmentFlag.AlignLeft)

    def show_sale(self, sale: CompletedSale, who: str) -> None:
        """`who` is the masked member, or ""."""
        self._shown = (sale, who)
        self._render()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._render()
        super().changeEvent(event)

    def _render(self) -> None:
        if self._shown is None:
            return
        sale, who = self._shown
        ticket = sale.transaction
        paid = sum_of((tender.amount for tender in ticket.tenders), ticket.total.currency)
        if ticket.total.minor < 0:
            self._word.show_text("tender.refunded")
            self.amount.show_money(-ticket.total)
        else:
            has_change = ticket.change.minor > 0
            self._word.show_text("tender.change" if has_change else "tender.no_change")
            self.amount.show_money(ticket.change if has_change else ticket.total)
        self._received.show_text("tender.received", paid=format_money(paid), total=format_money(ticket.total))
        self._received.setVisible(ticket.change.minor > 0)
        self._welcome.setVisible(ticket.is_new_member)
        self._member.setVisible(bool(who))
        self._member.show_plain(_points_text(sale, who) if who else "")
        self._notes.setVisible(bool(sale.notes))
        self._notes.show_plain("\n".join(sale.notes[:NOTES_MAX]))
        self._number.show_text("tender.receipt", number=ticket.header.receipt_number)


def _points_text(sale: CompletedSale, who: str) -> str:
    effect = sale.transaction.points
    fields = {"who": who, "earned": effect.earned, "spent": effect.spent, "balance": sale.points_after}
    if effect.earned and effect.spent:
        return t("tender.earned_spent", None, **fields)
    if effect.spent:
        return t("tender.spent", None, **fields)
    return t("tender.earned" if effect.earned > 0 else "tender.balance", None, **fields)
