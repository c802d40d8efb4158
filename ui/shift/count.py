"""Counting the drawer: so many of each note and coin, or the whole as one amount. It says nothing about what is expected."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.domain.errors import Refused
from app.domain.money import Currency, Money, format_money, parse_amount
from ui import theme
from ui.theme import Space, TypeRole
from ui.widgets.form import Field
from ui.widgets.text_label import TextLabel

_COLUMN_ROWS = 6


class CountGrid(QWidget):
    """A line for each denomination, the largest first; Enter goes to the next one.

    Signals:
        counted(int, int): this many pieces of this denomination; 0 when the line is empty.
        total_keyed(Money): the whole drawer was keyed as one amount.
        finished(): Enter in the last line.
    """

    counted = Signal(int, int)
    total_keyed = Signal(object)
    finished = Signal()

    def __init__(self, currency: Currency, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._currency = currency
        self._fields: dict[int, Field] = {}
        self._amounts: dict[int, TextLabel] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.M)
        grid.setVerticalSpacing(Space.S)
        for index, worth in enumerate(currency.denominations):
            self._add_line(grid, index, worth)
        for column in (2, 6):
            grid.setColumnStretch(column, 1)
        grid.setColumnMinimumWidth(3, Space.XL)
        self.total = Field("shiftview.count.total", self, is_number=True, characters_max=12)
        self.total.entered.connect(self.finished)
        self.total.changed.connect(self._on_total)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(Space.M)
        box.addLayout(grid)
        box.addWidget(self.total, 0, Qt.AlignmentFlag.AlignLeft)
        self._fit()

    def start(self) -> None:
        """Put the cursor on the largest note."""
        first = next(iter(self._fields.values()))
        first.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        first.edit.selectAll()

    def field(self, worth: int) -> Field:
        return self._fields[worth]

    def refuse(self, worth: int, error: Refused) -> None:
        """This line cannot be: its text stays, selected."""
        self._fields[worth].edit.selectAll()
        self.total.say(error.text_key, tone="danger", **error.fields)

    def clear(self) -> None:
        for field in (*self._fields.values(), self.total):
            field.edit.blockSignals(True)
            field.set_text("")
            field.edit.blockSignals(False)
        for label in self._amounts.values():
            label.show_plain("")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit()

    def _add_line(self, grid: QGridLayout, index: int, worth: int) -> None:
        row, left = index % _COLUMN_ROWS, 4 * (index // _COLUMN_ROWS)
        name = TextLabel(parent=self, type=TypeRole.LEAD)
        name.show_plain(f"{format_money(Money(worth, self._currency))} ×")
        name.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        field = Field("", self, is_number=True, characters_max=5)
        field.label.hide()
        field.edit.setAccessibleName(format_money(Money(worth, self._currency)))
        field.changed.connect(partial(self._on_pieces, worth))
        field.entered.connect(partial(self._on_entered, worth))
        amount = TextLabel(parent=self, type=TypeRole.LEAD, tone="muted")
        amount.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for offset, widget in enumerate((name, field, amount)):
            grid.addWidget(widget, row, left + offset)
        self._fields[worth], self._amounts[worth] = field, amount

    def _on_pieces(self, worth: int, text: str) -> None:
        text = text.strip()
        if text and not (text.isascii() and text.isdigit()):
            self._fields[worth].edit.setText("".join(sign for sign in text if sign in "0123456789"))
            return
        pieces = int(text or "0")
        self._amounts[worth].show_plain(format_money(Money(worth * pieces, self._currency)) if pieces else "")
        if self.total.text:
            self.total.edit.blockSignals(True)
            self.total.set_text("")
            self.total.edit.blockSignals(False)
        self.counted.emit(worth, pieces)

    def _on_entered(self, worth: int) -> None:
        following = list(self._fields)[list(self._fields).index(worth) + 1 :]
        if following:
            self._fields[following[0]].edit.setFocus(Qt.FocusReason.TabFocusReason)
            self._fields[following[0]].edit.selectAll()
        else:
            self.finished.emit()

    def _on_total(self, text: str) -> None:
        if not text.strip():
            return
        amount = parse_amount(text, self._currency)
        if amount is None:
            self.total.say("error.amount_unreadable", tone="danger", text=text)
            return
        for field in self._fields.values():
            field.edit.blockSignals(True)
            field.set_text("")
            field.edit.blockSignals(False)
        for label in self._amounts.values():
            label.show_plain("")
        self.total_keyed.emit(Money(amount, self._currency))

    def _fit(self) -> None:
        look = theme.current()
        for field in self._fields.values():
            field.setFixedWidth(look.px(104))
        for label in self._amounts.values():
            label.setMinimumWidth(look.px(96))
