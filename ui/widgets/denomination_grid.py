"""Counts a drawer: pieces of each note and coin, with the total as it grows. Enter and the arrow keys go from one to the next."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.domain.money import Currency, Money, format_money
from app.i18n import t
from ui import theme
from ui.theme import Space, TypeRole
from ui.widgets.entry_line import fold
from ui.widgets.money_label import MoneyLabel
from ui.widgets.text_label import TextLabel

PIECES_MAX: Final = 99_999


class DenominationGrid(QWidget):
    """The count of one currency's denominations.

    Signals:
        changed(): the count is another one.
        finished(): Enter on the last denomination.
    """

    changed = Signal()
    finished = Signal()

    def __init__(self, currency: Currency, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._currency = currency
        self._fields: list[QLineEdit] = []
        self._sums: list[TextLabel] = []
        self._total = MoneyLabel(type=TypeRole.HEADING)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(Space.M)
        self._grid.setVerticalSpacing(Space.S)
        half = (len(currency.denominations) + 1) // 2
        for index, denomination in enumerate(currency.denominations):
            self._add(denomination, index % half, 4 * (index // half))
        self._grid.setColumnStretch(2, 1)
        self._grid.setColumnStretch(6, 1)
        self._grid.setColumnMinimumWidth(3, Space.XL)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.L)
        layout.addLayout(self._grid)
        bottom = QHBoxLayout()
        bottom.addWidget(TextLabel("ui.count.total", type=TypeRole.LEAD, tone="muted"))
        bottom.addWidget(self._total, 1)
        layout.addLayout(bottom)
        self.setFocusProxy(self._fields[0])
        self._fit()
        self.retranslate()
        self._show_sums()

    def counts(self) -> tuple[tuple[int, int], ...]:
        """(denomination in minor units, pieces) of what was counted, largest first; zeros are left out."""
        return tuple(
            (denomination, pieces)
            for denomination, pieces in zip(self._currency.denominations, self._pieces(), strict=True)
            if pieces
        )

    def total(self) -> Money:
        return Money(sum(denomination * pieces for denomination, pieces in self.counts()), self._currency)

    def set_counts(self, counts: tuple[tuple[int, int], ...]) -> None:
        """Show this count; denominations it does not name are empty."""
        pieces = dict(counts)
        for denomination, field in zip(self._currency.denominations, self._fields, strict=True):
            field.setText(str(pieces[denomination]) if pieces.get(denomination) else "")

    def field(self, denomination: int) -> QLineEdit:
        """The field of one denomination."""
        return self._fields[self._currency.denominations.index(denomination)]

    def retranslate(self) -> None:
        for denomination, field in zip(self._currency.denominations, self._fields, strict=True):
            field.setAccessibleName(t("ui.count.pieces_of", denomination=self._label(denomination)))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.StyleChange:
            self._fit()
        super().changeEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or watched not in self._fields:
            return False
        assert isinstance(event, QKeyEvent)
        here = next(index for index, field in enumerate(self._fields) if field is watched)
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                if not event.isAutoRepeat():
                    self._go_on(here)
            case Qt.Key.Key_Down:
                self._go_to(here + 1)
            case Qt.Key.Key_Up:
                self._go_to(here - 1)
            case _:
                return False
        return True

    def _add(self, denomination: int, row: int, column: int) -> None:
        label = TextLabel(type=TypeRole.LEAD)
        label.show_plain(self._label(denomination))
        label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        field = QLineEdit()
        field.setMaxLength(len(str(PIECES_MAX)))
        field.setAlignment(Qt.AlignmentFlag.AlignRight)
        field.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        field.setPlaceholderText("0")
        field.textChanged.connect(lambda text, field=field: self._on_text_changed(field, text))
        field.installEventFilter(self)
        amount = TextLabel(type=TypeRole.BODY, tone="muted")
        amount.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._fields.append(field)
        self._sums.append(amount)
        for place, widget in enumerate((label, field, amount)):
            self._grid.addWidget(widget, row, column + place)

    def _label(self, denomination: int) -> str:
        return format_money(Money(denomination, self._currency), symbol=False)

    def _fit(self) -> None:
        look = theme.current()
        for field in self._fields:
            field.setFixedWidth(look.px(96))
        for amount in self._sums:
            amount.setMinimumWidth(look.px(84))

    def _pieces(self) -> list[int]:
        return [int(field.text() or 0) for field in self._fields]

    def _on_text_changed(self, field: QLineEdit, text: str) -> None:
        digits = "".join(character for character in fold(text) if character in "0123456789")
        if digits != text:
            field.setText(digits)
            return
        self._show_sums()
        self.changed.emit()

    def _show_sums(self) -> None:
        for denomination, pieces, amount in zip(
            self._currency.denominations, self._pieces(), self._sums, strict=True
        ):
            worth = Money(denomination * pieces, self._currency)
            amount.show_plain(format_money(worth, symbol=False) if pieces else "")
        self._total.show_money(self.total())

    def _go_on(self, here: int) -> None:
        if here + 1 < len(self._fields):
            self._go_to(here + 1)
        else:
            self.finished.emit()

    def _go_to(self, index: int) -> None:
        if 0 <= index < len(self._fields):
            self._fields[index].setFocus(Qt.FocusReason.TabFocusReason)
            self._fields[index].selectAll()
