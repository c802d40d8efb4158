"""Selling stored value: a top-up of the member's account, a gift card, or money paid out, with the shop's amounts one key each.

The line for the amount has the focus; arrow keys choose what is sold, Ctrl+1 to Ctrl+8 are the amounts on the keys, and Enter puts it
on the sale. The sheet decides nothing: it tells what the operator wants.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.errors import TillError
from app.domain.loyalty.value import AccountKind
from app.domain.loyalty.value_code import masked, read_code, shown
from app.domain.money import Currency, Money, format_money
from app.i18n import t
from ui.sale.customer import member_name
from ui.sale.questions import amount_from
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.entry_line import EntryLine
from ui.widgets.keypad import Keypad
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel

if TYPE_CHECKING:
    from app.domain.member import MemberCard
    from app.service.outcomes import GiftCardRead
    from app.service.value_desk import Holding, TopUpKey, ValueDesk

KEYS_MAX: Final = 8
_COLUMNS: Final = 2


class ValueKind(StrEnum):
    TOP_UP = "top_up"
    CARD = "card"
    REFUND = "refund"


@dataclass(frozen=True, slots=True)
class ValueAsk:
    """What the operator wants. ``code``: of the card, ``""`` for a new one; ``holding``: what is paid out."""

    kind: ValueKind
    amount_minor: int
    code: str = ""
    is_bound: bool = False
    holding: Holding | None = None


class ValueSheet(Sheet):
    """Signals:
    decided(ValueAsk): put this on the sale.
    """

    decided = Signal(object)

    def __init__(
        self,
        window: QWidget,
        desk: ValueDesk,
        currency: Currency,
        card: MemberCard | None,
        read: GiftCardRead | None = None,
        *,
        is_new_member: bool = False,
    ) -> None:
        super().__init__(window, "value.title", width=860)
        self._desk = desk
        self._currency = currency
        self._card = card
        self._keys: Sequence[TopUpKey] = desk.top_up_keys(card)
        self._holding = _holding(desk, card, read, is_new_member=is_new_member)
        self._known_card = read.holding if read is not None else None
        self._kind = ValueKind.CARD if read is not None or card is None else ValueKind.TOP_UP
        self._make_widgets("" if read is None else shown(read.code))
        self._arrange()
        cancel = Button("ui.cancel", Kind.GHOST, self.panel)
        cancel.clicked.connect(self.step_back)
        add = Button("value.add", Kind.PRIMARY, self.panel)
        add.clicked.connect(self._on_confirmed)
        self.add_button(cancel)
        self.add_button(add, is_default=True)
        self.set_first_focus(self.amount)
        self._choose(self._kind)

    # --- Qt ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+1 and so on: the amounts on the keys."""
        place = event.key() - Qt.Key.Key_1
        is_chord = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if is_chord and 0 <= place < len(self._amounts) and not event.isAutoRepeat():
            self._take_amount(place)
            event.accept()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, EntryLine):
            self._pad.attach(watched)
        return super().eventFilter(watched, event)

    # --- making ---

    def _make_widgets(self, code: str) -> None:
        self._kinds = {kind: self._kind_button(kind) for kind in self._offered()}
        self._who = TextLabel(parent=self.panel, type=TypeRole.LEAD, wraps=True)
        self._note = TextLabel(parent=self.panel, type=TypeRole.BODY, tone="muted", wraps=True)
        self._buttons = tuple(self._amount_button(place) for place in range(KEYS_MAX))
        self._amounts: tuple[int, ...] = ()
        self.amount = EntryLine(self.panel, is_home=False, placeholder="value.amount")
        self.amount.changed.connect(lambda _: self._preview())
        self.amount.entered.connect(lambda _: self._on_confirmed())
        self.code = EntryLine(self.panel, is_home=False, placeholder="value.code")
        self.code.entered.connect(lambda _: self._on_confirmed())
        self.code.setText(code)
        self._code_word = TextLabel("value.code_new", self.panel, type=TypeRole.CAPTION)
        self.bind = Button("value.bind", Kind.SECONDARY, self.panel, size="compact")
        self.bind.setCheckable(True)
        self._meaning = TextLabel(parent=self.panel, type=TypeRole.TITLE, tone="accent", wraps=True)
        self._meaning.setMinimumHeight(self._meaning.fontMetrics().height())
        self._pad = Keypad(self.panel)
        self._pad.attach(self.amount)
        for line in (self.amount, self.code):
            line.installEventFilter(self)
            line.step_requested.connect(self._on_step)

    def _offered(self) -> tuple[ValueKind, ...]:
        """What makes sense for who stands here."""
        kinds = [ValueKind.CARD] if self._card is None else [ValueKind.TOP_UP, ValueKind.CARD]
        if self._holding is not None and self._holding.payable:
            kinds.append(ValueKind.REFUND)
        return tuple(kinds)

    def _kind_button(self, kind: ValueKind) -> Button:
        button = Button(f"value.kind_{kind.value}", Kind.SECONDARY, self.panel, size="large")
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(lambda: self._choose(kind))
        return button

    def _amount_button(self, place: int) -> Button:
        button = Button("", Kind.SECONDARY, self.panel)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(lambda: self._take_amount(place))
        return button

    def _arrange(self) -> None:
        kinds = QHBoxLayout()
        kinds.setSpacing(Space.M)
        for button in self._kinds.values():
            kinds.addWidget(button, 1)
        grid = QGridLayout()
        grid.setSpacing(Space.S)
        for place, button in enumerate(self._buttons):
            grid.addWidget(button, place // _COLUMNS, place % _COLUMNS)
        fields = QVBoxLayout()
        fields.setSpacing(Space.S)
        fields.addWidget(self.amount)
        fields.addWidget(self.code)
        fields.addWidget(self._code_word)
        fields.addWidget(self.bind, 0, Qt.AlignmentFlag.AlignLeft)
        fields.addWidget(self._meaning)
        fields.addStretch(1)
        columns = QHBoxLayout()
        columns.setSpacing(Space.XL)
        columns.addLayout(fields, 1)
        columns.addWidget(self._pad)
        self.body.addLayout(kinds)
        self.body.addWidget(self._who)
        self.body.addWidget(self._note)
        self.body.addLayout(grid)
        self.body.addLayout(columns)

    # --- what is sold ---

    def _choose(self, kind: ValueKind) -> None:
        self._kind = kind
        for each, button in self._kinds.items():
            button.setChecked(each is kind)
        is_card = kind is ValueKind.CARD
        for widget in (self.code, self._code_word):
            widget.setVisible(is_card)
        self.bind.setVisible(is_card and self._card is not None and not self.code.text())
        self._show_amounts()
        self._show_who()
        if kind is ValueKind.REFUND and self._holding is not None:
            self.amount.setText(self._typed(self._holding.payable))
        elif self.amount.text() and self._kind is not ValueKind.REFUND:
            self.amount.setText("")
        if self.isVisible():
            self.amount.setFocus(Qt.FocusReason.OtherFocusReason)
        self.amount.selectAll()
        self._preview()

    def _show_amounts(self) -> None:
        match self._kind:
            case ValueKind.TOP_UP:
                offered = [(key.amount, key.bonus) for key in self._keys]
            case ValueKind.CARD:
                amounts = self._desk.rules()[1].card_amounts
                offered = [(self._money(amount), self._money(0)) for amount in amounts]
            case ValueKind.REFUND:
                offered = []
        offered = offered[:KEYS_MAX]
        self._amounts = tuple(amount.minor for amount, _ in offered)
        for place, button in enumerate(self._buttons):
            button.setVisible(place < len(offered))
            if place < len(offered):
                amount, bonus = offered[place]
                extra = f"　{t('value.key_bonus', bonus=format_money(bonus))}" if bonus else ""
                button.show_plain(f"{format_money(amount)}{extra}　Ctrl+{place + 1}")

    def _show_who(self) -> None:
        self._who.show()
        self._note.show()
        if self._kind is ValueKind.CARD:
            self._show_card()
            return
        assert self._card is not None or self._holding is not None
        if self._card is not None and self._kind is ValueKind.TOP_UP:
            self._who.show_text("value.top_up_of", who=member_name(self._card.member))
        else:
            self._who.show_plain(f"{self._name_of_holding()}　{self._balance_words()}")
        if self._kind is ValueKind.REFUND:
            self._note.show_text("value.refund_how")
        elif self._holding is not None:
            self._show_balance(self._holding)
        else:
            self._note.hide()

    def _show_card(self) -> None:
        holding, code = self._known_card, self.code.text()
        self._who.setVisible(bool(code))
        if holding is not None:
            balance = format_money(self._money(holding.balance.total))
            self._who.show_text("value.card_known", card=holding.label, balance=balance)
        elif code:
            self._who.show_text("value.card_new", card=masked(read_code(code)))
        self._note.setVisible(self._card is None and not code)
        if self._card is None:
            self._note.show_text("value.needs_member")

    def _show_balance(self, holding: Holding) -> None:
        balance, bonus = holding.balance.total, holding.balance.bonus
        key = "value.balance_bonus" if bonus else "value.balance"
        fields = {"balance": format_money(self._money(balance))}
        if bonus:
            fields["bonus"] = format_money(self._money(bonus))
        self._note.show_text(key, **fields)

    def _balance_words(self) -> str:
        holding = self._holding
        assert holding is not None
        return t("value.balance", balance=format_money(self._money(holding.balance.total)))

    def _name_of_holding(self) -> str:
        holding = self._holding
        assert holding is not None
        if holding.account.kind is AccountKind.GIFT_CARD:
            return t("value.paper_card", card=holding.label)
        return t("value.paper_member")

    # --- asks ---

    def _on_step(self, rows: int) -> None:
        kinds = list(self._kinds)
        self._choose(kinds[(kinds.index(self._kind) + (1 if rows > 0 else -1)) % len(kinds)])

    def _take_amount(self, place: int) -> None:
        self.amount.setText(self._typed(self._amounts[place]))
        self.amount.setFocus(Qt.FocusReason.OtherFocusReason)

    def _preview(self) -> None:
        """What these keys would do."""
        self._meaning.set_tone("accent")
        self._meaning.show_plain("")
        if self._kind is ValueKind.REFUND and self._holding is not None:
            self._meaning.show_text(
                "value.refund_most", most=format_money(self._money(self._holding.payable))
            )
            return
        if not self.amount.text() or self._kind is not ValueKind.TOP_UP or self._card is None:
            return
        try:
            amount = amount_from(self.amount.text(), self._currency)
        except TillError:
            return
        bonus = self._desk.bonus_for(self._card, amount)
        if bonus:
            self._meaning.show_text(
                "value.bonus_preview",
                amount=format_money(self._money(amount)),
                bonus=format_money(self._money(bonus)),
            )

    def _on_confirmed(self) -> None:
        if not self.amount.text().strip():
            self.amount.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        try:
            ask = self._ask()
        except TillError as error:
            self._meaning.set_tone("danger")
            self._meaning.show_text(error.text_key, **error.fields)
            self.amount.refuse()
            return
        self.finish(True)
        self.decided.emit(ask)

    def _ask(self) -> ValueAsk:
        amount = amount_from(self.amount.text(), self._currency)
        if self._kind is ValueKind.REFUND:
            return ValueAsk(self._kind, amount, holding=self._holding)
        amount = self._desk.within(amount)
        if self._kind is ValueKind.TOP_UP:
            return ValueAsk(self._kind, amount)
        code = read_code(self.code.text()) if self.code.text().strip() else ""
        return ValueAsk(self._kind, amount, code, self.bind.isChecked() and not self.bind.isHidden())

    def _typed(self, minor: int) -> str:
        return format_money(self._money(minor), symbol=False).replace(",", "")

    def _money(self, minor: int) -> Money:
        return Money(minor, self._currency)


def _holding(
    desk: ValueDesk, card: MemberCard | None, read: GiftCardRead | None, *, is_new_member: bool
) -> Holding | None:
    """What may be paid out here: the card that was scanned, else the member's own account."""
    if read is not None:
        return read.holding
    if card is None or is_new_member:
        return None
    own = [one for one in desk.holdings(card.member.id) if one.account.kind is AccountKind.MEMBER]
    return max(own, key=lambda one: one.balance.total, default=None)
