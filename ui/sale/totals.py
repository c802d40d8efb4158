"""What is owed, large; above it how it came about."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.item import Unit
from app.domain.money import Money, format_money
from app.domain.money import total as sum_of
from app.domain.pricing import Priced
from app.domain.quantity import ONE
from app.domain.tender import Tender
from app.i18n import t
from ui.sale.discounts import discount_text
from ui.theme import Space, TypeRole
from ui.widgets.money_label import MoneyLabel
from ui.widgets.text_label import TextLabel


class Totals(QFrame):
    """The totals of a basket. It adds up what it is shown and decides nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[Priced, tuple[Tender, ...], Money] | None = None
        self.setProperty("panel", "surface")
        self._count = TextLabel(parent=self, type=TypeRole.BODY, tone="muted")
        self._tax = TextLabel(parent=self, type=TypeRole.CAPTION)
        self._savings_word = TextLabel("sale.total.savings", self, type=TypeRole.BODY, tone="accent")
        self._savings = TextLabel(parent=self, type=TypeRole.LEAD, tone="accent", is_strong=True)
        self._discount = TextLabel(parent=self, type=TypeRole.BODY, tone="accent", wraps=True)
        self._paid_word = TextLabel("sale.total.paid", self, type=TypeRole.BODY, tone="muted")
        self._paid = TextLabel(parent=self, type=TypeRole.LEAD, is_strong=True)
        self._due_word = TextLabel("sale.total.due", self, type=TypeRole.TITLE)
        self.due = MoneyLabel(self)
        self._lay_out()

    def show_totals(self, priced: Priced, tenders: tuple[Tender, ...], due: Money) -> None:
        """The prices, what was paid so far, and what is left."""
        self._shown = (priced, tenders, due)
        self._render()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._render()
        super().changeEvent(event)

    def _lay_out(self) -> None:
        rows = QGridLayout()
        rows.setHorizontalSpacing(Space.L)
        rows.setVerticalSpacing(Space.XS)
        rows.setColumnStretch(0, 1)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for label in (self._savings, self._paid, self._tax):
            label.setAlignment(right)
        rows.addWidget(self._count, 0, 0)
        rows.addWidget(self._tax, 0, 1)
        rows.addWidget(self._savings_word, 1, 0)
        rows.addWidget(self._savings, 1, 1)
        rows.addWidget(self._discount, 2, 0, 1, 2)
        rows.addWidget(self._paid_word, 3, 0)
        rows.addWidget(self._paid, 3, 1)
        big = QHBoxLayout()
        big.addWidget(self._due_word, 0, Qt.AlignmentFlag.AlignBottom)
        big.addWidget(self.due, 1)
        content = QVBoxLayout(self)
        content.setContentsMargins(Space.L, Space.M, Space.L, Space.S)
        content.setSpacing(Space.XS)
        content.addLayout(rows)
        content.addLayout(big)

    def _render(self) -> None:
        if self._shown is None:
            return
        priced, tenders, due = self._shown
        self._count.show_text("sale.total.count", lines=len(priced.lines), pieces=f"{_pieces(priced):,}")
        tax = sum(each.tax.minor for each in priced.taxes)
        self._tax.show_text("sale.total.tax", amount=format_money(Money(tax, priced.total.currency)))
        self._tax.setVisible(bool(tax))
        has_savings = priced.savings.minor > 0
        self._savings_word.setVisible(has_savings)
        self._savings.setVisible(has_savings)
        self._savings.show_plain(format_money(priced.savings))
        given = priced.basket.discount
        self._discount.setVisible(given is not None)
        if given is not None:
            what = discount_text(given, due.currency)
            self._discount.show_text("sale.total.basket_discount", what=f"{what}　{given.reason}".strip())
        self._paid_word.setVisible(bool(tenders))
        self._paid.setVisible(bool(tenders))
        self._paid.show_plain(format_money(_paid(tenders, due)))
        self._due_word.show_text(_due_key(tenders, due))
        self._due_word.setAccessibleName(f"{t(_due_key(tenders, due))} {format_money(due)}")
        # What goes back is said in words, so the figure needs no minus.
        self.due.show_money(due if due.minor >= 0 else -due)
        self.due.set_tone("accent" if due.minor < 0 else "")


def _due_key(tenders: tuple[Tender, ...], due: Money) -> str:
    if due.minor < 0:
        return "sale.total.due_back"
    return "sale.total.rest" if tenders else "sale.total.due"


def _paid(tenders: tuple[Tender, ...], due: Money) -> Money:
    return sum_of((tender.amount for tender in tenders), due.currency)


def _pieces(priced: Priced) -> int:
    """Pieces that change hands; a weighed line is one."""
    return sum(1 if line.unit is Unit.KILOGRAM else abs(line.quantity) // ONE for line in priced.lines)
