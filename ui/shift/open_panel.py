"""No shift is open: the date it would have, and the float that lies in the drawer."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.errors import Refused, TillError
from app.domain.money import Money, format_money, parse_amount
from app.service.till import Till
from app.service.till_session import ShiftOpened
from ui import theme
from ui.context import ScreenContext
from ui.shift.words import date_text
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import Card, Field, connect_click
from ui.widgets.text_label import TextLabel


class OpenPanel(QWidget):
    """Signals:
    opened(): the shift is open.
    """

    opened = Signal()

    def __init__(self, till: Till, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._till = till
        self._context = context
        self._is_working = False
        card = Card(parent=self)
        card.body.setContentsMargins(Space.XXL, Space.XXL, Space.XXL, Space.XXL)
        card.setFixedWidth(theme.current().px(560))
        self._date = TextLabel(parent=card, type=TypeRole.HEADING)
        self._warning = TextLabel(parent=card, tone="warn", wraps=True)
        self.opening_float = Field(
            "shiftview.open.float",
            card,
            help_key="shiftview.open.float_help",
            is_number=True,
            characters_max=12,
            width=2_000,
        )
        self.button = Button("shiftview.open.button", Kind.PRIMARY, card, size="large")
        connect_click(self.button, self.open_shift)
        self.opening_float.entered.connect(self.open_shift)
        card.body.addWidget(TextLabel("shiftview.open.hint", card, tone="muted", wraps=True))
        for widget in (self._date, self._warning, self.opening_float, self.button):
            card.body.addWidget(widget)
        box = QVBoxLayout(self)
        box.addStretch(1)
        box.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addStretch(2)

    def refresh(self) -> None:
        """Show today as it is now."""
        self._date.show_text("shiftview.business_date", date=date_text(self._till.shifts.business_date()))
        warning = self._till.shifts.clock_warning()
        self._warning.setVisible(warning is not None)
        if warning is not None:
            zone = self._till.clock.local().tzinfo
            last = datetime.fromtimestamp(warning.last_at / 1000, UTC).astimezone(zone)
            now = datetime.fromtimestamp(warning.now / 1000, UTC).astimezone(zone)
            self._warning.show_text(
                f"shiftview.clock.{warning.doubt.value}",
                last=f"{last:%Y/%m/%d %H:%M}",
                now=f"{now:%Y/%m/%d %H:%M}",
            )
        suggested = self._till.shifts.suggested_float()
        self.opening_float.set_text(format_money(suggested, symbol=False))

    def start(self) -> None:
        self.opening_float.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.opening_float.edit.selectAll()

    def open_shift(self) -> None:
        """Enter: open it with the float that was counted."""
        if self._is_working:
            return
        currency = self._till.shop.currency
        minor = parse_amount(self.opening_float.text or "0", currency)
        if minor is None:
            self.opening_float.refuse(Refused("amount_unreadable", text=self.opening_float.text))
            return
        self._is_working = True
        self._context.tasks.run(
            lambda: self._till.shifts.open_shift(Money(minor, currency)),
            self._on_opened,
            self._on_failed,
            on_end=self._on_end,
            owner=self,
        )

    def _on_opened(self, opened: ShiftOpened) -> None:
        self._context.messages.good(
            "shiftview.opened",
            date=date_text(opened.shift.business_date),
            amount=format_money(opened.shift.opening_float),
        )
        self.opened.emit()

    def _on_failed(self, error: TillError) -> None:
        if isinstance(error, Refused):
            self.opening_float.refuse(error)
        else:
            self._context.messages.refused(error, retry=self.open_shift)

    def _on_end(self) -> None:
        self._is_working = False
