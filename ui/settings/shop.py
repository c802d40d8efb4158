"""The shop's own data, its receipt, and its tax and points."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.domain.errors import Refused
from app.domain.loyalty.documents import RuleArea
from app.domain.money import CNY, HKD, TWD, USD, Money, format_money, parse_amount
from app.domain.phone import fold_digits
from app.domain.tax_id import check_tax_id
from app.service.till import Till
from ui.context import Screen, ScreenContext
from ui.settings.page import SettingsPage, whole_number
from ui.theme import Space
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import Choice, Field
from ui.widgets.text_label import TextLabel

YES_NO = ((True, "settings.yes"), (False, "settings.no"))
CURRENCY_CHOICES = tuple((one.code, f"firstrun.currency.{one.code}") for one in (TWD, CNY, HKD, USD))
PERCENT = 100  # hundredths of a percent


class ShopPage(SettingsPage):
    """Name, tax ID, address, what the receipt says."""

    NAME = "shop"

    def __init__(self, till: Till, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__(till, context, parent)
        self.name = Field("firstrun.shop.name", self, characters_max=40)
        self.tax_id = Field("firstrun.shop.tax_id", self, characters_max=8)
        self.phone = Field("firstrun.shop.phone", self, characters_max=20)
        self.address = Field("settings.shop.address", self, characters_max=80)
        self.footer = Field(
            "settings.shop.footer",
            self,
            characters_max=200,
            width=2_000,
            help_key="settings.shop.footer_help",
        )
        self.day_start = Field(
            "settings.shop.day_start",
            self,
            is_number=True,
            characters_max=2,
            help_key="settings.shop.day_start_help",
        )
        self.prints = Choice(YES_NO, True, self)
        grid = two_columns(self, self.name, self.tax_id, self.phone, self.address)
        grid.addWidget(self.footer, 2, 0, 1, 2)
        grid.addWidget(self.day_start, 3, 0)
        grid.addWidget(asked(self, "settings.shop.prints", self.prints), 3, 1)
        self.body.addLayout(grid)
        self.add_save(self.save)

    def refresh(self) -> None:
        shop = self._till.shop
        self.name.set_text(shop.name)
        self.tax_id.set_text(shop.tax_id)
        self.phone.set_text(shop.phone)
        self.address.set_text(shop.address)
        self.footer.set_text(shop.footer)
        self.day_start.set_text(str(shop.day_starts_at_hour))
        self.prints.set_value(shop.prints_receipt)

    def save(self) -> None:
        field = self.name
        try:
            if not self.name.text:
                raise Refused("shop_name_needed")
            field = self.tax_id
            if self.tax_id.text:
                check_tax_id(fold_digits(self.tax_id.text))
            field = self.day_start
            hour = whole_number(self.day_start, 0, 12)
        except Refused as error:
            field.refuse(error)
            return
        self.keep_shop(
            replace(
                self._till.shop,
                name=self.name.text,
                tax_id=fold_digits(self.tax_id.text),
                phone=self.phone.text,
                address=self.address.text,
                footer=self.footer.text,
                day_starts_at_hour=hour,
                prints_receipt=self.prints.value,
            )
        )


class MoneyPage(SettingsPage):
    """Currency, tax, and the basic points rule for as long as the rule desk holds no other."""

    NAME = "money"

    def __init__(self, till: Till, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__(till, context, parent)
        self.currency = Choice(CURRENCY_CHOICES, TWD.code, self)
        self.tax_rate = Field("settings.money.tax_rate", self, is_number=True, characters_max=5)
        self.step = Field(
            "settings.money.earn_step",
            self,
            is_number=True,
            characters_max=9,
            help_key="settings.money.earn_help",
        )
        self.earn = Field("settings.money.earn", self, is_number=True, characters_max=5)
        self.burn = Field("settings.money.burn", self, is_number=True, characters_max=9)
        self.share = Field("settings.money.share", self, is_number=True, characters_max=3)
        self.expire = Field(
            "settings.money.expire",
            self,
            is_number=True,
            characters_max=5,
            help_key="settings.money.expire_help",
        )
        self._fixed = TextLabel("settings.money.currency_fixed", self, tone="muted", wraps=True)
        self.body.addWidget(asked(self, "firstrun.currency", self.currency))
        self.body.addWidget(self._fixed)
        self.body.addLayout(
            two_columns(self, self.tax_rate, self.step, self.earn, self.burn, self.share, self.expire)
        )
        self.elsewhere = TextLabel("settings.money.points_elsewhere", self, tone="muted", wraps=True)
        self.to_rules = Button("settings.money.to_rules", Kind.SECONDARY, self, size="compact")
        self.to_rules.clicked.connect(lambda: context.go_to(Screen.RULES, "earning"))
        self.body.addWidget(self.elsewhere)
        self.body.addWidget(self.to_rules)
        self.add_save(self.save)

    def refresh(self) -> None:
        shop = self._till.shop
        is_fixed = bool(self._till.store.journal.newest(1))
        self.currency.set_value(shop.currency_code)
        self.currency.setEnabled(not is_fixed)
        self._fixed.setVisible(is_fixed)
        now = self._till.clock.now_ms()
        has_rules = self._till.store.rules.current(RuleArea.POINTS, now) is not None
        for field in (self.step, self.earn, self.burn, self.share, self.expire):
            field.setVisible(not has_rules)
        for widget in (self.elsewhere, self.to_rules):
            widget.setVisible(has_rules)
        self.tax_rate.set_text(f"{shop.tax_rate / PERCENT:g}")
        self.step.set_text(self._amount(shop.points_earn_step_minor))
        self.earn.set_text(str(shop.points_earn))
        self.burn.set_text(self._amount(shop.points_burn_value_minor))
        self.share.set_text(str(shop.points_burn_share_max // PERCENT))
        self.expire.set_text(str(shop.points_expire_after_days))

    def save(self) -> None:
        field = self.tax_rate
        try:
            rate = parse_amount(self.tax_rate.text, USD)
            if rate is None or rate > 100 * PERCENT:
                raise Refused("number_needed", minimum=0, maximum=100)
            field = self.step
            step = self._minor(self.step)
            field = self.earn
            earn = whole_number(self.earn, 0, 9999)
            field = self.burn
            burn = self._minor(self.burn)
            field = self.share
            share = whole_number(self.share, 0, 100)
            field = self.expire
            days = whole_number(self.expire, 0, 36500)
        except Refused as error:
            field.refuse(error)
            return
        before = self._till.shop
        after = replace(
            before,
            currency_code=self.currency.value,
            tax_rate=rate,
            points_earn_step_minor=step,
            points_earn=earn,
            points_burn_value_minor=burn,
            points_burn_share_max=share * PERCENT,
            points_expire_after_days=days,
        )
        if _points_of(after) != _points_of(before):
            # A sale keeps the version of the rule it earned by.
            after = replace(after, points_rule_version=before.points_rule_version + 1)
        self.keep_shop(after)

    def _amount(self, minor: int) -> str:
        return format_money(Money(minor, self._till.shop.currency), symbol=False)

    def _minor(self, field: Field) -> int:
        minor = parse_amount(field.text or "0", self._till.shop.currency)
        if minor is None:
            raise Refused("amount_unreadable", text=field.text)
        return minor


def _points_of(shop: object) -> tuple[object, ...]:
    names = ("earn_step_minor", "earn", "burn_value_minor", "burn_share_max", "expire_after_days")
    return tuple(getattr(shop, f"points_{name}") for name in names)


def two_columns(parent: QWidget, *fields: QWidget) -> QGridLayout:
    """Questions in two columns, row by row."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(Space.XL)
    grid.setVerticalSpacing(Space.L)
    for index, field in enumerate(fields):
        grid.addWidget(field, index // 2, index % 2)
    grid.setColumnStretch(0, 1)
    grid.setColumnStretch(1, 1)
    return grid


def asked(parent: QWidget, key: str, choice: QWidget) -> QWidget:
    """A choice with its question above it."""
    holder = QWidget(parent)
    box = QVBoxLayout(holder)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(Space.XS)
    box.addWidget(TextLabel(key, holder, tone="muted"))
    box.addWidget(choice)
    box.addStretch(1)
    return holder
