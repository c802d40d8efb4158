"""How far each role may go before a second person is asked. The owner has no limits."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from app.domain.authority import Limit, Right, Role
from app.domain.errors import Refused
from app.domain.money import USD, Money, format_money, parse_amount
from app.service.till import Till
from ui.context import ScreenContext
from ui.settings.page import SettingsPage
from ui.theme import Space, TypeRole
from ui.widgets.form import Choice, Field, scrolling
from ui.widgets.text_label import TextLabel

SETTING: Final = "limits"
ROLES: Final = (Role.CASHIER, Role.SUPERVISOR, Role.MANAGER)
PERCENTS: Final = frozenset({Right.LINE_DISCOUNT, Right.BASKET_DISCOUNT, Right.PRICE_OVERRIDE})
SWITCHES: Final = frozenset(
    {Right.NO_SALE, Right.SEE_EXPECTED_CASH, Right.TRAINING, Right.SETTINGS, Right.REPORTS}
)
_SWITCH: Final = ((True, "settings.limits.may"), (False, "settings.limits.asks"))


class LimitsPage(SettingsPage):
    """A table of rights by role. An empty line means without limit, 0 means that a second person is always asked."""

    NAME = "limits"
    SCROLLS_ITSELF = True

    def __init__(self, till: Till, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__(till, context, parent)
        self.fields: dict[tuple[Role, Right], Field] = {}
        self.switches: dict[tuple[Role, Right], Choice[bool]] = {}
        content = QWidget(self)
        grid = QGridLayout(content)
        grid.setContentsMargins(0, 0, Space.M, 0)
        grid.setHorizontalSpacing(Space.M)
        grid.setVerticalSpacing(Space.S)
        for column, role in enumerate(ROLES, 1):
            head = TextLabel(f"settings.role.{role.value}", content, type=TypeRole.BODY, is_strong=True)
            grid.addWidget(head, 0, column)
        for row, right in enumerate(Right, 1):
            grid.addWidget(TextLabel(f"settings.right.{right.value}", content, wraps=True), row, 0)
            for column, role in enumerate(ROLES, 1):
                grid.addWidget(self._editor(role, right, content), row, column, Qt.AlignmentFlag.AlignVCenter)
        grid.setColumnStretch(0, 1)
        area = scrolling(content, self)
        area.setMinimumHeight(240)
        self.body.addWidget(area, 1)
        self.add_save(self.save)

    def refresh(self) -> None:
        limits = self._till.session.limits
        for (role, right), field in self.fields.items():
            field.set_text(self._text(right, limits.get(role, {}).get(right, 0)))
        for (role, right), switch in self.switches.items():
            switch.set_value(limits.get(role, {}).get(right, 0) != 0)

    def save(self) -> None:
        table: dict[str, dict[str, Limit]] = {role.value: {} for role in ROLES}
        for (role, right), field in self.fields.items():
            try:
                table[role.value][right.value] = self._limit(right, field.text)
            except Refused as error:
                field.refuse(error)
                return
        for (role, right), switch in self.switches.items():
            table[role.value][right.value] = 1 if switch.value else 0
        self.keep_setting(SETTING, table, self._till.reload)

    def _editor(self, role: Role, right: Right, parent: QWidget) -> QWidget:
        if right in SWITCHES:
            switch = Choice(_SWITCH, True, parent)
            self.switches[role, right] = switch
            return switch
        field = Field("", parent, is_number=True, characters_max=9, width=150)
        field.label.hide()
        field.edit.setPlaceholderText("∞")
        self.fields[role, right] = field
        return field

    def _text(self, right: Right, limit: Limit) -> str:
        if limit is None:
            return ""
        if right in PERCENTS:
            return f"{limit / 100:g}%"
        return format_money(Money(limit, self._till.shop.currency), symbol=False)

    def _limit(self, right: Right, text: str) -> Limit:
        if not text or text == "∞":
            return None
        if right in PERCENTS:
            hundredths = parse_amount(text.rstrip("%％ "), USD)
            if hundredths is None or hundredths > 10_000:
                raise Refused("number_needed", minimum=0, maximum=100)
            return hundredths
        minor = parse_amount(text, self._till.shop.currency)
        if minor is None:
            raise Refused("amount_unreadable", text=text)
        return minor
