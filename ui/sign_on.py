"""Signing on: staff number and PIN, or a badge. The basket of whoever was here before waits.

Checking a PIN takes a tenth of a second, so it runs on the store's worker; what was typed stays until it is known to be right.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.domain.authority import Operator
from app.domain.errors import TillError
from app.i18n import t
from ui import theme
from ui.context import ScreenContext
from ui.enter_guard import enter_guard
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.keypad import Keypad
from ui.widgets.text_label import TextLabel

if TYPE_CHECKING:
    from app.service.till import Till

PIN_DIGITS = 6


class PinPair(QWidget):
    """A staff number and a PIN, one after the other. Enter goes on; the sixth digit of the PIN needs no Enter.

    Signals:
        completed(str, str): number and PIN.
    """

    completed = Signal(str, str)

    def __init__(self, number_key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number_key = number_key
        self.number = _Field(self)
        self.number.setMaxLength(8)
        self.pin = _Field(self)
        self.pin.setMaxLength(PIN_DIGITS)
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.number.entered.connect(self._on_number)
        self.pin.entered.connect(self._on_pin)
        self.pin.textEdited.connect(self._on_pin_edited)
        self.number.setMinimumWidth(theme.current().px(240))
        self._pad = Keypad(self)
        self._pad.attach(self.number)
        for field in (self.number, self.pin):
            field.focused.connect(self._pad.attach)
        fields = QVBoxLayout()
        fields.setSpacing(Space.M)
        fields.addWidget(self.number)
        fields.addWidget(self.pin)
        fields.addStretch(1)
        content = QHBoxLayout(self)
        content.setContentsMargins(0, 0, 0, 0)
        content.setSpacing(Space.XL)
        content.addLayout(fields, 1)
        content.addWidget(self._pad)
        self.retranslate()

    def clear(self) -> None:
        self.number.clear()
        self.pin.clear()

    def retranslate(self) -> None:
        self.number.setPlaceholderText(t(self._number_key))
        self.number.setAccessibleName(t(self._number_key))
        self.pin.setPlaceholderText(t("signon.pin"))
        self.pin.setAccessibleName(t("signon.pin"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def submit(self) -> None:
        """What Enter does: on to the PIN, or done."""
        if self.pin.text():
            self._on_pin()
        else:
            self._on_number()

    def refuse(self) -> None:
        """It was wrong: the PIN is keyed again, or, after a badge that nobody has, the number first."""
        self.pin.clear()
        again = self.pin if self.number.text() else self.number
        again.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_number(self) -> None:
        if self.number.text().strip():
            self.pin.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_pin_edited(self, text: str) -> None:
        if len(text) == PIN_DIGITS:
            self._on_pin()

    def _on_pin(self) -> None:
        if not self.number.text().strip():
            self.number.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.pin.text():
            self.completed.emit(self.number.text().strip(), self.pin.text())


class _Field(QLineEdit):
    """Signals:
    entered(): Enter, once.
    focused(object): the cursor is here now.
    """

    entered = Signal()
    focused = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if enter_guard.accepts(event):
                self.entered.emit()
            event.accept()
        else:
            super().keyPressEvent(event)


class SignOnView(QWidget):
    """The screen that stands between two people.

    Signals:
        signed_on(Operator): this person works here now.
    """

    signed_on = Signal(object)

    def __init__(
        self,
        till: Till,
        context: ScreenContext,
        parent: QWidget | None = None,
        *,
        demo_people: Sequence[tuple[str, str, str]] = (),
    ) -> None:
        super().__init__(parent)
        self._till = till
        self._context = context
        self._is_checking = False
        self._title = TextLabel("signon.title", self, type=TypeRole.HEADING)
        self._shop = TextLabel(parent=self, type=TypeRole.LEAD, tone="muted")
        self._waits = TextLabel("signon.basket_waits", self, type=TypeRole.BODY, tone="warn", wraps=True)
        self.pair = PinPair("signon.number", self)
        self.pair.completed.connect(self._on_pair)
        self._badge = TextLabel("signon.badge", self, type=TypeRole.CAPTION)
        self._go = Button("signon.go", Kind.PRIMARY, self, size="large")
        self._go.clicked.connect(self.pair.submit)
        self._lay_out(demo_people)

    # --- what the window calls ---

    def begin(self, argument: object) -> None:
        """`argument` is True when the till was locked, and not just opened."""
        self._shop.show_plain(self._till.shop.name)
        self._title.show_text("signon.locked_title" if argument is True else "signon.title")
        self._waits.setVisible(self._till.has_basket)
        self.pair.clear()
        self.pair.number.setFocus(Qt.FocusReason.OtherFocusReason)

    def take_scan(self, code: str) -> None:
        """A badge."""
        self._prove(lambda: self._till.authority.sign_on_badge(code))

    # --- inside ---

    def _lay_out(self, demo_people: Sequence[tuple[str, str, str]]) -> None:
        card, inside = _card(self)
        inside.setSpacing(Space.M)
        for widget in (self._shop, self._title, self._waits, self.pair, self._go, self._badge):
            inside.addWidget(widget)
        self._badge.setAlignment(Qt.AlignmentFlag.AlignCenter)
        middle = QHBoxLayout()
        middle.setSpacing(Space.L)
        middle.addStretch(1)
        middle.addWidget(card)
        if demo_people:
            middle.addWidget(self._demo_card(demo_people))
        middle.addStretch(1)
        around = QVBoxLayout(self)
        around.addStretch(1)
        around.addLayout(middle)
        around.addStretch(1)

    def _demo_card(self, people: Sequence[tuple[str, str, str]]) -> QFrame:
        """Who works in the demo shop: a tap signs them on."""
        card, inside = _card(self)
        inside.addWidget(TextLabel("signon.demo", card, type=TypeRole.BODY, tone="muted", wraps=True))
        for number, name, pin in people:
            button = Button(
                "signon.demo_row", Kind.SECONDARY, card, size="compact", number=number, name=name, pin=pin
            )
            button.clicked.connect(lambda _=False, n=number, p=pin: self._on_pair(n, p))
            inside.addWidget(button)
        inside.addStretch(1)
        return card

    def _on_pair(self, number: str, pin: str) -> None:
        self._prove(lambda: self._till.authority.sign_on(number, pin))

    def _prove(self, proof: Callable[[], Operator]) -> None:
        if self._is_checking:
            return
        self._is_checking = True
        self._context.messages.withdraw()
        self._go.show_text("signon.checking")
        self._context.tasks.run(
            proof, on_done=self._on_proved, on_error=self._on_refused, on_end=self._on_end, owner=self
        )

    def _on_proved(self, operator: Operator) -> None:
        self.pair.clear()
        self.signed_on.emit(operator)

    def _on_refused(self, error: TillError) -> None:
        self._context.messages.refused(error)
        self.pair.refuse()

    def _on_end(self) -> None:
        self._is_checking = False
        self._go.show_text("signon.go")


def _card(parent: QWidget) -> tuple[QFrame, QVBoxLayout]:
    card = QFrame(parent)
    card.setProperty("panel", "surface")
    inside = QVBoxLayout(card)
    inside.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
    inside.setSpacing(Space.M)
    return card, inside
