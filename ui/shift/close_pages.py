"""The pages of closing. Each shows what it is given and says what was keyed; the steps themselves are the panel's and the flow's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.money import Currency, Money, format_money, parse_amount
from app.i18n import t
from app.service.closing import CloseFlow
from app.service.ports import HeldSale
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button
from ui.widgets.denomination_grid import DenominationGrid
from ui.widgets.form import Facts, Field, connect_click, row_of, scrolling
from ui.widgets.record_table import Column, RecordTable
from ui.widgets.text_label import TextLabel

REASONS: Final = (
    "shiftview.reason.wrong_change",
    "shiftview.reason.unrecorded",
    "shiftview.reason.float_wrong",
    "shiftview.reason.unknown",
)


class HeldPage(QWidget):
    """The sales that stay suspended over night: seen, not silently dropped."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = RecordTable(
            (
                Column("shiftview.held.time", 120),
                Column("shiftview.held.label", is_wide=True),
                Column("shiftview.held.lines", 100, is_number=True),
            ),
            self,
        )
        box = _column(self)
        box.addWidget(TextLabel("shiftview.held.hint", self, tone="muted", wraps=True))
        box.addWidget(self.table, 1)

    def show_held(self, held: Sequence[HeldSale], zone: tzinfo | None) -> None:
        rows = [
            (
                f"{datetime.fromtimestamp(sale.held_at / 1000, UTC).astimezone(zone):%H:%M}",
                sale.label or t("shiftview.held.walk_in"),
                str(sale.line_count),
            )
            for sale in held
        ]
        self.table.set_records(rows, selected=-1)


class CountPage(QWidget):
    """The count: so many of each note and coin, or the whole as one amount. What is expected shows only to who may know.

    Signals:
        counted(int, int): this many pieces of this denomination.
        total_keyed(Money): the whole drawer as one amount.
        finished(): Enter in the last line.
    """

    counted = Signal(int, int)
    total_keyed = Signal(object)
    finished = Signal()

    def __init__(self, currency: Currency, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._currency = currency
        self._is_clearing = False
        self.grid = DenominationGrid(currency, self)
        self.total = Field("shiftview.count.total", self, is_number=True, characters_max=12, width=260)
        self._expected = TextLabel(parent=self, tone="muted", wraps=True)
        self._blind = TextLabel("shiftview.count.blind", self, tone="muted", wraps=True)
        self.grid.changed.connect(self._on_grid)
        self.grid.finished.connect(self.finished)
        self.total.changed.connect(self._on_total)
        self.total.entered.connect(self.finished)
        side = QVBoxLayout()
        side.setSpacing(Space.L)
        side.addWidget(self.total)
        side.addWidget(self._expected)
        side.addWidget(self._blind)
        side.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(Space.XXL)
        content = QWidget(self)
        inside = _column(content)
        inside.addWidget(self.grid)
        inside.addStretch(1)
        row.addWidget(scrolling(content, self), 3)
        row.addLayout(side, 1)
        _column(self).addLayout(row, 1)

    def start(self) -> None:
        """Put the cursor on the largest note."""
        field = self.grid.field(self._currency.denominations[0])
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        field.selectAll()

    def clear(self) -> None:
        self._is_clearing = True
        self.grid.set_counts(())
        self.total.set_text("")
        self._is_clearing = False

    def show_expected(self, counted: Money, expected: Money | None) -> None:
        self._blind.setVisible(expected is None)
        self._expected.setVisible(expected is not None)
        if expected is not None:
            self._expected.show_text(
                "shiftview.count.expected",
                expected=format_money(expected),
                difference=signed(counted - expected),
            )

    def _on_grid(self) -> None:
        if self._is_clearing:
            return
        self._is_clearing = True
        self.total.set_text("")
        self._is_clearing = False
        pieces = dict(self.grid.counts())
        for worth in self._currency.denominations:
            self.counted.emit(worth, pieces.get(worth, 0))

    def _on_total(self, text: str) -> None:
        if self._is_clearing or not text.strip():
            return
        amount = parse_amount(text, self._currency)
        if amount is None:
            self.total.say("error.amount_unreadable", tone="danger", text=text)
            return
        self._is_clearing = True
        self.grid.set_counts(())
        self._is_clearing = False
        self.total_keyed.emit(Money(amount, self._currency))


class NonCashPage(QWidget):
    """Everything that is no cash, confirmed on one page against the terminal's slip and the vouchers in the drawer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.facts = Facts(self)
        box = _column(self)
        box.addWidget(TextLabel("shiftview.non_cash.hint", self, tone="muted", wraps=True))
        box.addWidget(self.facts)
        box.addStretch(1)

    def show_tenders(self, tenders: Sequence[tuple[str, str]]) -> None:
        self.facts.clear()
        for key, amount in tenders:
            self.facts.show_fact(key, amount, type=TypeRole.TITLE)


class DifferencePage(QWidget):
    """Over or short, and why.

    Signals:
        reason_chosen(str): one of the usual reasons.
        recount_requested(): count again.
    """

    reason_chosen = Signal(str)
    recount_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._difference = TextLabel(parent=self, type=TypeRole.TOTAL, is_strong=True)
        self._detail = TextLabel(parent=self, type=TypeRole.LEAD, tone="muted")
        self._word = TextLabel(parent=self, type=TypeRole.LEAD)
        self.own = Field("shiftview.reason.own", self, characters_max=200, width=640)
        self.own.entered.connect(lambda: self.reason_chosen.emit(self.own.text) if self.own.text else None)
        self.recount = Button("shiftview.recount", parent=self, size="compact")
        connect_click(self.recount, self.recount_requested.emit)
        box = _column(self)
        box.addWidget(self._word)
        box.addWidget(self._difference)
        box.addWidget(self._detail)
        box.addSpacing(Space.M)
        box.addWidget(TextLabel("shiftview.reason.ask", self, tone="muted"))
        buttons = []
        for number, key in enumerate(REASONS, 1):
            button = Button("shiftview.reason.key", parent=self, size="compact", number=number, reason=t(key))
            connect_click(button, partial(self.choose, number - 1))
            buttons.append(button)
        self._buttons = buttons
        box.addLayout(row_of(*buttons))
        box.addWidget(self.own)
        box.addStretch(1)
        box.addLayout(row_of(self.recount))

    def choose(self, index: int) -> None:
        """The usual reason at this place."""
        if 0 <= index < len(REASONS):
            self.reason_chosen.emit(t(REASONS[index]))

    def show_difference(self, counted: Money, expected: Money, difference: Money) -> None:
        self._difference.show_plain(signed(difference))
        self._difference.set_tone("danger" if difference.minor < 0 else "warn")
        self._word.show_text("shiftview.short" if difference.minor < 0 else "shiftview.over")
        self._detail.show_text(
            "shiftview.difference_detail", counted=format_money(counted), expected=format_money(expected)
        )
        for number, (button, key) in enumerate(zip(self._buttons, REASONS, strict=True), 1):
            button.show_text("shiftview.reason.key", number=number, reason=t(key))
        self.own.set_text("")


class FloatPage(QWidget):
    """What stays in the drawer; the rest goes to the bank.

    Signals:
        kept(Money): another amount was keyed.
        entered(): Enter.
    """

    kept = Signal(object)
    entered = Signal()

    def __init__(self, currency: Currency, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._currency = currency
        self.field = Field("shiftview.float.keep", self, is_number=True, characters_max=12)
        self.field.changed.connect(self._on_changed)
        self.field.entered.connect(self.entered)
        self.facts = Facts(self)
        self.facts.setMaximumWidth(560)
        box = _column(self)
        box.addWidget(TextLabel("shiftview.float.hint", self, tone="muted", wraps=True))
        box.addWidget(self.field)
        box.addWidget(self.facts)
        box.addStretch(1)

    @property
    def amount(self) -> Money | None:
        """What is to stay, or None when the line cannot be read."""
        minor = parse_amount(self.field.text or "0", self._currency)
        if minor is None:
            self.field.say("error.amount_unreadable", tone="danger", text=self.field.text)
            return None
        return Money(minor, self._currency)

    def start(self) -> None:
        self.field.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.edit.selectAll()

    def show_flow(self, flow: CloseFlow) -> None:
        self.facts.clear()
        self.facts.show_fact("shiftview.float.counted", format_money(flow.counted), type=TypeRole.LEAD)
        difference = flow.difference
        if difference is not None:
            tone = "danger" if difference.minor < 0 else ("warn" if difference.minor else "good")
            self.facts.show_fact(
                "shiftview.float.difference", signed(difference), tone=tone, type=TypeRole.LEAD
            )
        self.field.set_text(format_money(flow.suggested_float, symbol=False))
        self.show_bank(flow.counted - flow.suggested_float)

    def show_bank(self, to_bank: Money | None) -> None:
        text = format_money(to_bank) if to_bank is not None else "—"
        self.facts.show_fact("shiftview.float.to_bank", text, is_strong=True, type=TypeRole.TITLE)

    def _on_changed(self, text: str) -> None:
        minor = parse_amount(text or "0", self._currency)
        if minor is not None:
            self.kept.emit(Money(minor, self._currency))


def signed(amount: Money) -> str:
    """With its sign: ``+NT$20``, ``-NT$5``, ``NT$0``."""
    return ("+" if amount.minor > 0 else "") + format_money(amount)


def _column(page: QWidget) -> QVBoxLayout:
    box = QVBoxLayout(page)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(Space.M)
    return box
