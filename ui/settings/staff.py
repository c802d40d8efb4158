"""Who works here: adding people, their role, a new PIN, a badge, and leaving."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from app.domain.authority import Operator, Role
from app.domain.errors import Refused, TillError
from app.domain.pin import PIN_DIGITS
from app.i18n import t
from app.service.till import Till
from ui.context import ScreenContext
from ui.settings.page import SettingsPage
from ui.settings.shop import asked, two_columns
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import Choice, Field, connect_click
from ui.widgets.record_table import Column, RecordTable
from ui.widgets.sheet import Sheet

ROLES: Final = tuple((role, f"settings.role.{role.value}") for role in Role)


class StaffPage(SettingsPage):
    """The list of people."""

    NAME = "staff"

    def __init__(self, till: Till, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__(till, context, parent)
        self._people: tuple[Operator, ...] = ()
        self.table = RecordTable(
            (
                Column("settings.staff.number", 110),
                Column("settings.staff.name", is_wide=True),
                Column("settings.staff.role", 140),
                Column("settings.staff.state", 120),
            ),
            self,
        )
        self.table.setMinimumHeight(320)
        self.table.chosen.connect(lambda _: self.edit_selected())
        self.body.addWidget(self.table, 1)
        self.edit = Button("settings.staff.edit", parent=self)
        self.new = Button("settings.staff.new", Kind.PRIMARY, self)
        connect_click(self.edit, self.edit_selected)
        connect_click(self.new, self.add)
        self.foot.addStretch(1)
        self.foot.addWidget(self.edit)
        self.foot.addWidget(self.new)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def refresh(self) -> None:
        self._people = self._till.store.people.operators()
        rows = [
            (
                one.number,
                one.name,
                t(f"settings.role.{one.role.value}"),
                t("settings.staff.active" if one.is_active else "settings.staff.inactive"),
            )
            for one in self._people
        ]
        self.table.set_records(rows, selected=max(0, self.table.selected))
        for row, one in enumerate(self._people):
            self.table.set_faint(row, is_faint=not one.is_active)

    def add(self) -> None:
        self._open(None)

    def edit_selected(self) -> None:
        row = self.table.selected
        if 0 <= row < len(self._people):
            self._open(self._people[row])

    def _open(self, operator: Operator | None) -> None:
        sheet = StaffSheet(self.window(), self._till, self._context, operator)
        sheet.finished.connect(lambda _: self.refresh())
        sheet.open()


class StaffSheet(Sheet):
    """One person, new or known. Its result is the Operator as saved."""

    def __init__(
        self, window: QWidget, till: Till, context: ScreenContext, operator: Operator | None
    ) -> None:
        super().__init__(
            window, "settings.staff.new" if operator is None else "settings.staff.edit", width=760
        )
        self._till = till
        self._context = context
        self._operator = operator
        self.number = Field("firstrun.owner.number", self.panel, characters_max=8)
        self.name = Field("firstrun.owner.name", self.panel, characters_max=40)
        self.pin = Field(
            "firstrun.owner.pin" if operator is None else "settings.staff.new_pin",
            self.panel,
            is_secret=True,
            characters_max=PIN_DIGITS,
            help_key="firstrun.owner.pin_help" if operator is None else "settings.staff.pin_help",
        )
        self.again = Field("firstrun.owner.pin_again", self.panel, is_secret=True, characters_max=PIN_DIGITS)
        self.badge = Field(
            "settings.staff.badge",
            self.panel,
            is_secret=True,
            characters_max=64,
            help_key="settings.staff.badge_help",
        )
        self.role = Choice(ROLES, operator.role if operator else Role.CASHIER, self.panel)
        self.active = Choice(
            ((True, "settings.staff.active"), (False, "settings.staff.inactive")),
            operator.is_active if operator else True,
            self.panel,
        )
        if operator is not None:
            self.number.set_text(operator.number)
            self.name.set_text(operator.name)
        self.body.addLayout(two_columns(self.panel, self.number, self.name, self.pin, self.again, self.badge))
        self.body.addWidget(asked(self.panel, "settings.staff.role", self.role))
        active = asked(self.panel, "settings.staff.state", self.active)
        active.setVisible(operator is not None)
        self.body.addWidget(active)
        for field in (self.number, self.name, self.pin, self.again, self.badge):
            field.entered.connect(self.confirm)
        no = Button("ui.cancel", Kind.GHOST, self.panel)
        self.yes = Button("form.save", Kind.PRIMARY, self.panel)
        connect_click(no, self.step_back)
        connect_click(self.yes, self.save)
        self.add_button(no)
        self.add_button(self.yes, is_default=True)
        self.set_first_focus(self.number.edit if operator is None else self.name.edit)

    def take_scan(self, code: str) -> None:
        """A badge that was scanned."""
        self.badge.set_text(code)

    def save(self) -> None:
        if self.pin.text != self.again.text:
            self.again.refuse(Refused("pins_differ"))
            return
        authority = self._till.authority
        if self._operator is None:
            operator = authority.new_operator(self.number.text, self.name.text, self.role.value)
        else:
            operator = replace(
                self._operator,
                number=self.number.text,
                name=self.name.text,
                role=self.role.value,
                is_active=self.active.value,
            )
        pin, badge, is_new = self.pin.text, self.badge.text, self._operator is None

        def write() -> None:
            if is_new:
                authority.add_operator(operator, pin, badge)
            else:
                authority.change_operator(operator, pin=pin or None, badge=badge or None)

        self.yes.setEnabled(False)
        self._context.tasks.run(
            write,
            lambda _: self._on_saved(operator),
            self._on_failed,
            on_end=lambda: self.yes.setEnabled(True),
            owner=self,
        )

    def _on_saved(self, operator: Operator) -> None:
        self._context.messages.good("form.saved")
        self.finish(operator)

    def _on_failed(self, error: TillError) -> None:
        self.yes.setEnabled(True)
        field = {
            "pin_format": self.pin,
            "pin_too_simple": self.pin,
            "operator_number_invalid": self.number,
            "operator_number_taken": self.number,
            "operator_name_needed": self.name,
            "badge_taken": self.badge,
        }.get(error.code)
        if field is not None and isinstance(error, Refused):
            field.refuse(error)
        else:
            self._context.messages.refused(error)
