"""The pages of the set-up, each a few questions on one subject. A page checks its own answers and says beside the field what is wrong."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app import i18n
from app.domain.authority import Role
from app.domain.errors import Refused
from app.domain.money import CNY, HKD, TWD, USD
from app.domain.phone import fold_digits
from app.domain.pin import PIN_DIGITS, check_new_pin
from app.domain.tax_id import check_tax_id
from app.service.shop import ShopSettings
from app.service.till import NewOperator
from ui.theme import Space, TypeRole
from ui.widgets.form import Choice, Field
from ui.widgets.text_label import TextLabel

LANGUAGES: Final = (("zh_TW", "繁體中文"), ("zh_CN", "简体中文"), ("en", "English"))
"""Each in its own words, whatever the screen speaks."""

REGION_OF: Final = {TWD.code: "TW", CNY.code: "CN", HKD.code: "HK", USD.code: "TW"}
PASSPHRASE_MIN: Final = 8
OWNER_NUMBER: Final = "01"


class Page(QWidget):
    """One page.

    Signals:
        next_requested(): Enter in the last field.
    """

    next_requested = Signal()

    def __init__(self, title_key: str, hint_key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields = QGridLayout()
        self.fields.setHorizontalSpacing(Space.XL)
        self.fields.setVerticalSpacing(Space.L)
        self.fields.setColumnStretch(0, 1)
        self.fields.setColumnStretch(1, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(Space.M)
        box.addWidget(TextLabel(title_key, self, type=TypeRole.HEADING))
        box.addWidget(TextLabel(hint_key, self, type=TypeRole.BODY, tone="muted", wraps=True))
        box.addSpacing(Space.S)
        box.addLayout(self.fields)
        box.addStretch(1)
        self._chain: list[Field] = []

    def add(self, widget: QWidget, row: int, column: int, *, span: int = 1) -> None:
        """Place a question; Enter in a field goes on to the next one, from the last one to the next page."""
        self.fields.addWidget(widget, row, column, 1, span)
        if isinstance(widget, Field):
            widget.entered.connect(lambda: self._on_entered(widget))
            self._chain.append(widget)

    def titled(self, key: str, widget: QWidget) -> QWidget:
        """A choice with its question above it."""
        holder = QWidget(self)
        box = QVBoxLayout(holder)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(Space.XS)
        box.addWidget(TextLabel(key, holder, tone="muted"))
        box.addWidget(widget)
        box.addStretch(1)
        return holder

    def start(self) -> None:
        """Put the cursor on the first question."""
        if self._chain:
            self._chain[0].edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def is_complete(self) -> bool:
        """Check the answers; say what is wrong beside the first wrong one."""
        return True

    def _on_entered(self, field: Field) -> None:
        rest = [one for one in self._chain[self._chain.index(field) + 1 :] if one.isVisibleTo(self)]
        if rest:
            rest[0].edit.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.next_requested.emit()


class ShopPage(Page):
    """Language, the shop, its money."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("firstrun.shop.title", "firstrun.shop.hint", parent)
        self.language = Choice(LANGUAGES, i18n.language(), self, is_plain=True)
        self.language.chosen.connect(i18n.set_language)
        self.name = Field("firstrun.shop.name", self, characters_max=40)
        self.tax_id = Field(
            "firstrun.shop.tax_id", self, help_key="firstrun.shop.tax_id_help", characters_max=8
        )
        self.phone = Field("firstrun.shop.phone", self, characters_max=20)
        self.currency = Choice(
            tuple((currency.code, f"firstrun.currency.{currency.code}") for currency in (TWD, CNY, HKD, USD)),
            TWD.code,
            self,
        )
        self.store_code = Field(
            "firstrun.shop.store_code", self, text="01", characters_max=4, help_key="firstrun.shop.code_help"
        )
        self.till_code = Field("firstrun.shop.till_code", self, text="1", characters_max=4)
        self.add(self.titled("firstrun.language", self.language), 0, 0, span=2)
        self.add(self.name, 1, 0)
        self.add(self.tax_id, 1, 1)
        self.add(self.phone, 2, 0)
        self.add(self.titled("firstrun.currency", self.currency), 2, 1)
        self.add(self.store_code, 3, 0)
        self.add(self.till_code, 3, 1)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.language.set_value(i18n.language())

    def is_complete(self) -> bool:
        checks = (
            (self.name, self._check_name),
            (self.tax_id, self._check_tax_id),
            (self.store_code, lambda: check_code(self.store_code.text)),
            (self.till_code, lambda: check_code(self.till_code.text)),
        )
        for field, check in checks:
            try:
                check()
            except Refused as error:
                field.refuse(error)
                return False
        return True

    def shop(self) -> ShopSettings:
        code = str(self.currency.value)
        return ShopSettings(
            name=self.name.text,
            tax_id=fold_digits(self.tax_id.text),
            phone=self.phone.text,
            currency_code=code,
            region=REGION_OF[code],
            language=i18n.language(),
            store_code=self.store_code.text.upper(),
            till_code=self.till_code.text.upper(),
            tax_rate=500 if code == TWD.code else 0,
            points_earn_step_minor=100 if code == TWD.code else 10_00,
            points_burn_value_minor=1 if code == TWD.code else 10,
        )

    def _check_name(self) -> None:
        if not self.name.text:
            raise Refused("shop_name_needed")

    def _check_tax_id(self) -> None:
        if self.tax_id.text:
            check_tax_id(fold_digits(self.tax_id.text))


class KeyPage(Page):
    """Where the key of the database is kept: each way in one sentence, and nothing chosen silently."""

    def __init__(self, has_keyring: bool, parent: QWidget | None = None) -> None:
        super().__init__(
            "firstrun.key.title",
            "firstrun.key.hint" if has_keyring else "firstrun.key.hint_no_keyring",
            parent,
        )
        options = [("passphrase", "firstrun.key.passphrase"), ("file", "firstrun.key.file")]
        if has_keyring:
            options.insert(0, ("keyring", "firstrun.key.keyring"))
        self.source = Choice(options, options[0][0], self)
        self.explanation = TextLabel(parent=self, type=TypeRole.LEAD, wraps=True)
        self.passphrase = Field("firstrun.key.passphrase_first", self, is_secret=True, characters_max=200)
        self.again = Field("firstrun.key.passphrase_again", self, is_secret=True, characters_max=200)
        self.add(self.source, 0, 0, span=2)
        self.add(self.explanation, 1, 0, span=2)
        self.add(self.passphrase, 2, 0)
        self.add(self.again, 2, 1)
        self.source.chosen.connect(lambda _: self._show_choice())
        self._show_choice()

    def start(self) -> None:
        self.source.focus()

    def is_complete(self) -> bool:
        if self.source.value != "passphrase":
            return True
        if len(self.passphrase.text) < PASSPHRASE_MIN:
            self.passphrase.refuse(Refused("passphrase_short", length_min=PASSPHRASE_MIN))
            return False
        if self.passphrase.text != self.again.text:
            self.again.refuse(Refused("passphrases_differ"))
            return False
        return True

    def _show_choice(self) -> None:
        self.explanation.show_text(f"firstrun.key.{self.source.value}_means")
        self.explanation.set_tone("warn" if self.source.value == "file" else "muted")
        for field in (self.passphrase, self.again):
            field.setVisible(self.source.value == "passphrase")


class OwnerPage(Page):
    """The owner signs on first; everybody else can be added later."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("firstrun.owner.title", "firstrun.owner.hint", parent)
        self.name = Field("firstrun.owner.name", self, characters_max=40)
        self.number = Field(
            "firstrun.owner.number",
            self,
            text=OWNER_NUMBER,
            characters_max=8,
            help_key="firstrun.owner.number_help",
        )
        self.pin = Field(
            "firstrun.owner.pin",
            self,
            is_secret=True,
            characters_max=PIN_DIGITS,
            help_key="firstrun.owner.pin_help",
        )
        self.again = Field("firstrun.owner.pin_again", self, is_secret=True, characters_max=PIN_DIGITS)
        self.add(self.name, 0, 0)
        self.add(self.number, 0, 1)
        self.add(self.pin, 1, 0)
        self.add(self.again, 1, 1)

    def is_complete(self) -> bool:
        if not self.name.text:
            self.name.refuse(Refused("operator_name_needed"))
            return False
        number = self.number.text
        if not (number.isascii() and number.isalnum()):
            self.number.refuse(Refused("operator_number_invalid", characters_max=8))
            return False
        try:
            check_new_pin(self.pin.text, number)
        except Refused as error:
            self.pin.refuse(error)
            return False
        if self.pin.text != self.again.text:
            self.again.refuse(Refused("pins_differ"))
            return False
        return True

    def operator(self) -> NewOperator:
        return NewOperator(self.number.text, self.name.text, Role.OWNER, self.pin.text)


class GoodsPage(Page):
    """What the shop sells on its first day."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("firstrun.goods.title", "firstrun.goods.hint", parent)
        self.source = Choice(
            (
                ("file", "firstrun.goods.file"),
                ("demo", "firstrun.goods.demo"),
                ("later", "firstrun.goods.later"),
            ),
            "file",
            self,
        )
        self.explanation = TextLabel(parent=self, type=TypeRole.LEAD, tone="muted", wraps=True)
        self.add(self.source, 0, 0, span=2)
        self.add(self.explanation, 1, 0, span=2)
        self.source.chosen.connect(lambda _: self._show_choice())
        self._show_choice()

    def start(self) -> None:
        self.source.focus()

    def _show_choice(self) -> None:
        self.explanation.show_text(f"firstrun.goods.{self.source.value}_means")


def check_code(code: str) -> None:
    """Store and till codes stand in receipt numbers: 1 to 4 letters or digits. Raises Refused("code_unusable")."""
    if not (0 < len(code) <= 4 and code.isascii() and code.isalnum()):
        raise Refused("code_unusable")
