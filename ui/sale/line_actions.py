"""Sheets about a line or the whole basket: discount or price, note, what a finger may do with a line, cancelling the sale.

A sheet decides nothing: it tells what the operator wants, and the flow asks the checkout.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from app.domain.basket import BasketLine, Discount
from app.domain.errors import TillError
from app.domain.money import Currency
from app.domain.quantity import ONE
from app.i18n import t
from ui.keys import Action, KeyMap
from ui.sale.discounts import discount_from, discount_text
from ui.sale.reasons import ReasonList
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.entry_line import EntryLine
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel

DISCOUNT_REASONS = ("regular", "damaged", "near_expiry", "price_tag", "bulk", "staff")
CANCEL_REASONS = ("left", "no_money", "mistake", "test")


class DiscountSheet(Sheet):
    """Asks for a discount with its reason.

    Signals:
        decided(Discount | None): give this one, or take the present one off.
    """

    decided = Signal(object)

    def __init__(self, window: QWidget, currency: Currency, line: BasketLine | None, text: str = "") -> None:
        super().__init__(window)
        self._currency = currency
        self._is_line = line is not None
        if line is not None:
            self.set_title("sale.discount.line_title", name=line.item.name)
        else:
            self.set_title("sale.discount.basket_title")
        how = "sale.discount.how_line" if line is not None else "sale.discount.how_basket"
        example = "sale.discount.placeholder" if line is not None else "sale.discount.placeholder_basket"
        self.entry = EntryLine(self.panel, is_home=False, placeholder=example)
        self.entry.changed.connect(self._on_changed)
        self.entry.entered.connect(self._on_entered)
        self._meaning = TextLabel(parent=self.panel, type=TypeRole.TITLE, tone="accent", wraps=True)
        self._meaning.setMinimumHeight(self._meaning.fontMetrics().height() * 2)
        self.reasons = ReasonList(DISCOUNT_REASONS, self.panel)
        self.reasons.follow(self.entry)
        self.body.addWidget(TextLabel(how, self.panel, type=TypeRole.BODY, tone="muted", wraps=True))
        self.body.addWidget(self.entry)
        self.body.addWidget(self._meaning)
        self.body.addWidget(TextLabel("sale.discount.reason", self.panel, type=TypeRole.CAPTION))
        self.body.addWidget(self.reasons)
        remove = Button("sale.discount.remove", Kind.GHOST, self.panel)
        remove.clicked.connect(lambda: self._decide(None))
        give = Button("ui.confirm", Kind.PRIMARY, self.panel)
        give.clicked.connect(lambda: self._on_entered(self.entry.text()))
        self.add_button(remove)
        self.add_button(give, is_default=True)
        self.set_first_focus(self.entry)
        self.entry.setText(text)

    def _on_changed(self, text: str) -> None:
        self._meaning.set_tone("accent")
        if not text.strip():
            self._meaning.show_plain("")
            return
        try:
            discount = discount_from(text.strip(), self._currency, is_line=self._is_line)
        except TillError:
            self._meaning.show_plain("")
        else:
            self._meaning.show_plain(discount_text(discount, self._currency))

    def _on_entered(self, text: str) -> None:
        if not text.strip():
            return
        try:
            discount = discount_from(text.strip(), self._currency, is_line=self._is_line)
        except TillError as error:
            self.entry.refuse()
            self._meaning.set_tone("danger")
            self._meaning.show_text(error.text_key, **error.fields)
            return
        self._decide(replace(discount, reason=self.reasons.reason()))

    def _decide(self, discount: Discount | None) -> None:
        self.finish(True)
        self.decided.emit(discount)


class NoteSheet(Sheet):
    """Signals:
    decided(str): the note, empty to take it off.
    """

    decided = Signal(str)

    def __init__(self, window: QWidget, name: str, note: str) -> None:
        super().__init__(window)
        self.set_title("sale.note.title", name=name)
        self.field = QLineEdit(note, self.panel)
        self.field.setMaxLength(200)
        self.field.setPlaceholderText(t("sale.note.placeholder"))
        self.body.addWidget(self.field)
        cancel = Button("ui.cancel", Kind.GHOST, self.panel)
        cancel.clicked.connect(self.step_back)
        save = Button("ui.confirm", Kind.PRIMARY, self.panel)
        save.clicked.connect(self._decide)
        self.add_button(cancel)
        self.add_button(save, is_default=True)
        self.set_first_focus(self.field)

    def _decide(self) -> None:
        note = self.field.text()
        self.finish(True)
        self.decided.emit(note)


class LineSheet(Sheet):
    """What a finger may do with a line. Finishes with an Action, "note", "more" or "less"."""

    def __init__(self, window: QWidget, line: BasketLine, keys: KeyMap) -> None:
        super().__init__(window)
        self.set_title("sale.actions.title", number=line.number, name=line.item.name)
        grid = QGridLayout()
        grid.setSpacing(Space.M)
        choices: tuple[tuple[str, object, Kind], ...] = (
            ("sale.actions.one_less", "less", Kind.SECONDARY),
            ("sale.actions.one_more", "more", Kind.SECONDARY),
            ("sale.actions.quantity", Action.QUANTITY, Kind.SECONDARY),
            ("sale.actions.discount", Action.LINE_DISCOUNT, Kind.SECONDARY),
            ("sale.actions.note", "note", Kind.SECONDARY),
            ("sale.actions.void", Action.VOID_LINE, Kind.DANGER),
        )
        for index, (key, result, kind) in enumerate(choices):
            button = Button(key, kind, self.panel, size="large", cap=keys.key(Action.LINE_DISCOUNT))
            button.clicked.connect(lambda _=False, each=result: self.finish(each))
            button.setEnabled(result != "less" or line.quantity > ONE)
            grid.addWidget(button, index // 2, index % 2)
        self.body.addLayout(grid)
        close = Button("ui.close", Kind.GHOST, self.panel)
        close.clicked.connect(self.step_back)
        self.add_button(close)
        self.set_first_focus(self)


class CancelSheet(Sheet):
    """Signals:
    decided(str): cancel the sale, for this reason.
    """

    decided = Signal(str)

    def __init__(self, window: QWidget, lines: int, amount: str) -> None:
        super().__init__(window, "sale.cancel.title", width=660)
        body = TextLabel(parent=self.panel, type=TypeRole.LEAD, wraps=True)
        body.show_text("sale.cancel.body", lines=lines, amount=amount)
        self.body.addWidget(body)
        self.body.addWidget(TextLabel("sale.discount.reason", self.panel, type=TypeRole.CAPTION))
        self.reasons = ReasonList(CANCEL_REASONS, self.panel, columns=2)
        self.reasons.follow(self)
        self.body.addWidget(self.reasons)
        keep = Button("sale.cancel.no", Kind.GHOST, self.panel)
        keep.clicked.connect(self.step_back)
        cancel = Button("sale.cancel.yes", Kind.DANGER, self.panel)
        cancel.clicked.connect(self._decide)
        self.add_button(keep)
        self.add_button(cancel, is_default=True)
        self.set_first_focus(self)

    def _decide(self) -> None:
        reason = self.reasons.reason()
        self.finish(True)
        self.decided.emit(reason)
