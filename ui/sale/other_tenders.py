"""Paying by card, voucher, store credit, gift card or stored value, whole or in part: kind, amount, and the number that proves it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.errors import TillError
from app.domain.money import Currency, Money, format_money
from app.domain.tender import TenderKind
from ui.sale.questions import amount_from
from ui.sale.tender_panel import tender_name
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.entry_line import EntryLine
from ui.widgets.keypad import Keypad
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel

KINDS: Final = (TenderKind.CARD, TenderKind.VOUCHER, TenderKind.STORE_CREDIT)
_PROVED: Final = frozenset({TenderKind.VOUCHER, TenderKind.STORE_CREDIT, TenderKind.GIFT_CARD})


class OtherTendersSheet(Sheet):
    """Keys: 1, 2, 3 … choose, then the number, then Enter. The amount is what is due unless another is keyed.

    ``value`` is what the member's stored value may pay: a way to pay where it is more than nothing. Refunds go back into it by themselves.

    Signals:
        decided(TenderKind, int, str): kind, minor units (positive in both directions), number.
    """

    decided = Signal(object, int, str)

    def __init__(self, window: QWidget, due: Money, text: str = "", value: Money | None = None) -> None:
        super().__init__(window, width=820)
        self._currency: Currency = due.currency
        self._kind = TenderKind.CARD
        key = "tender.other_refund_title" if due.minor < 0 else "tender.other_title"
        owed = due if due.minor >= 0 else -due
        self.set_title(key, due=format_money(owed))
        self._owed, self._value, self._is_typed = owed, value, bool(text)
        self._kinds = _kinds(due, value)
        self._buttons = {kind: self._kind_button(index, kind) for index, kind in enumerate(self._kinds, 1)}
        self.amount = EntryLine(self.panel, is_home=False, placeholder="tender.amount")
        self.reference = EntryLine(self.panel, is_home=False, placeholder="tender.reference_card")
        self.amount.setText(text or _typed(owed))
        self.amount.entered.connect(lambda _: self._on_amount())
        self.reference.entered.connect(lambda _: self._on_confirmed())
        self._refusal = TextLabel(parent=self.panel, type=TypeRole.BODY, tone="danger", wraps=True)
        self._pad = Keypad(self.panel)
        for line in (self.amount, self.reference):
            line.installEventFilter(self)
        self._arrange()
        cancel = Button("ui.cancel", Kind.GHOST, self.panel)
        cancel.clicked.connect(self.step_back)
        take = Button("tender.give" if due.minor < 0 else "tender.take", Kind.PRIMARY, self.panel)
        take.clicked.connect(self._on_confirmed)
        self.add_button(cancel)
        self.add_button(take, is_default=True)
        self.set_first_focus(self)
        self._choose(TenderKind.CARD)
        self._pad.attach(self.reference)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Before a field has the focus: 1, 2, 3 … choose, Enter takes the card."""
        text = event.text()
        if text.isascii() and text.isdigit() and 1 <= int(text) <= len(self._kinds):
            self._on_tapped(self._kinds[int(text) - 1])
            event.accept()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, EntryLine):
            self._pad.attach(watched)
        return super().eventFilter(watched, event)

    def _kind_button(self, index: int, kind: TenderKind) -> Button:
        button = Button(
            "", Kind.SECONDARY, self.panel, size="large" if len(self._kinds) == len(KINDS) else ""
        )
        button.show_plain(f"{index}　{tender_name(kind)}")
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(lambda: self._on_tapped(kind))
        return button

    def _arrange(self) -> None:
        kinds = QHBoxLayout()
        kinds.setSpacing(Space.M)
        for button in self._buttons.values():
            kinds.addWidget(button, 1)
        fields = QVBoxLayout()
        fields.setSpacing(Space.S)
        fields.addWidget(TextLabel("tender.amount", self.panel, type=TypeRole.CAPTION))
        fields.addWidget(self.amount)
        self._reference_word = TextLabel("tender.reference_card", self.panel, type=TypeRole.CAPTION)
        fields.addWidget(self._reference_word)
        fields.addWidget(self.reference)
        fields.addWidget(self._refusal)
        fields.addStretch(1)
        columns = QHBoxLayout()
        columns.setSpacing(Space.XL)
        columns.addLayout(fields, 1)
        columns.addWidget(self._pad)
        self.body.addLayout(kinds)
        self.body.addLayout(columns)

    def _on_tapped(self, kind: TenderKind) -> None:
        self._choose(kind)
        line = self.amount if kind is TenderKind.STORED_VALUE else self.reference
        line.setFocus(Qt.FocusReason.OtherFocusReason)
        line.selectAll()

    def _choose(self, kind: TenderKind) -> None:
        self._kind = kind
        for each, button in self._buttons.items():
            button.setChecked(each is kind)
        has_number = kind is not TenderKind.STORED_VALUE
        self.reference.setVisible(has_number)
        self._reference_word.setVisible(has_number)
        if has_number:
            self._reference_word.show_text(f"tender.reference_{kind.value}")
            self.reference.set_placeholder(f"tender.reference_{kind.value}")
        if not self._is_typed:
            most = self._value if kind is TenderKind.STORED_VALUE and self._value else self._owed
            self.amount.setText(_typed(most))

    def _on_amount(self) -> None:
        if self._kind is TenderKind.STORED_VALUE:
            self._on_confirmed()
        else:
            self.reference.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_confirmed(self) -> None:
        try:
            amount = amount_from(self.amount.text(), self._currency)
        except TillError as error:
            self._refusal.show_text(error.text_key, **error.fields)
            self.amount.refuse()
            self.amount.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        reference = self.reference.text().strip()
        if self._kind in _PROVED and not reference:
            self._refusal.show_text("tender.reference_needed")
            self.reference.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.finish(True)
        self.decided.emit(self._kind, amount, reference)


def _kinds(due: Money, value: Money | None) -> tuple[TenderKind, ...]:
    if due.minor < 0:
        return KINDS
    own = (TenderKind.STORED_VALUE,) if value else ()
    return (*KINDS, TenderKind.GIFT_CARD, *own)


def _typed(amount: Money) -> str:
    return format_money(amount, symbol=False).replace(",", "")
