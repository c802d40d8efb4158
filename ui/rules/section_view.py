"""A heading with its rules below it, and one key to add another."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from app.domain.errors import Refused
from app.i18n import t
from ui.rules.blanks import Surroundings
from ui.rules.forms import Row, Section
from ui.rules.pick import pick_one
from ui.rules.rule_row import RuleRow
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import connect_click
from ui.widgets.text_label import TextLabel


class SectionView(QWidget):
    """The rules of one section.

    Signals:
        changed(): something is another one.
    """

    changed = Signal()

    def __init__(self, section: Section, around: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.section = section
        self._around = around
        self.rows: list[RuleRow] = []
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(Space.S)
        self._box.addWidget(
            TextLabel(f"rules_ui.section.{section.name}", self, type=TypeRole.LEAD, is_strong=True)
        )
        self._list = QVBoxLayout()
        self._list.setSpacing(Space.S)
        self._box.addLayout(self._list)
        self.add_button = Button(
            "" if section.is_fixed else f"rules_ui.new.{section.name}", Kind.GHOST, self, size="compact"
        )
        connect_click(self.add_button, self.ask_row)
        self._box.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._show_state()

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these and no others."""
        for widget in self.rows:
            self._take_out(widget)
        self.rows = []
        for row in rows:
            self._put_in(row)
        self._show_state()

    def read(self) -> list[Row]:
        """Every row. Raises Refused after all of them were looked at, so that each says what is wrong with it."""
        found: list[Row] = []
        refusal: Refused | None = None
        for widget in self.rows:
            try:
                found.append(widget.read())
            except Refused as error:
                refusal = refusal or error
        if refusal is not None:
            raise refusal
        return found

    def ask_row(self) -> None:
        """Which kind of rule to add; the only kind, at once."""
        if self.section.is_fixed or len(self.rows) >= self.section.rows_max:
            return
        adds = self.section.adds
        if len(adds) == 1:
            self.add_row(adds[0].name)
        else:
            options = [(one.name, t(f"rules_ui.form.{one.name}")) for one in adds]
            pick_one(self.window(), f"rules_ui.new.{self.section.name}", options, None, self.add_row)

    def add_row(self, name: str) -> RuleRow:
        """A fresh rule of this kind, the cursor in its first blank."""
        preset = next(one for one in self.section.adds if one.name == name)
        filled = self.section.form(preset.form).fresh(self._around.today(), preset.clauses)
        letter = self.section.key_letter
        widget = self._put_in(Row(preset.form, filled, self._around.new_key(letter) if letter else ""))
        self._show_state()
        widget.focus_first()
        self.changed.emit()
        return widget

    def move_row(self, widget: RuleRow, by: int) -> None:
        """Earlier or later, where the order matters."""
        here = self.rows.index(widget)
        there = here + by
        if self.section.is_ordered and 0 <= there < len(self.rows):
            self.rows.insert(there, self.rows.pop(here))
            self._list.removeWidget(widget)
            self._list.insertWidget(there, widget)
            self.changed.emit()

    def remove_row(self, widget: RuleRow) -> None:
        index = self.rows.index(widget)
        self.rows.remove(widget)
        self._take_out(widget)
        self._show_state()
        if self.rows:
            self.rows[min(index, len(self.rows) - 1)].focus_first()
        else:
            self.add_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def focused_row(self) -> RuleRow | None:
        """The rule that the cursor stands in."""
        focus = QApplication.focusWidget()
        return next(
            (row for row in self.rows if focus is not None and (row is focus or row.isAncestorOf(focus))),
            None,
        )

    def has_focus(self) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and self.isAncestorOf(focus)

    def _put_in(self, row: Row) -> RuleRow:
        widget = RuleRow(self.section, row, self._around, self)
        widget.changed.connect(self.changed)
        widget.remove_asked.connect(lambda: self.remove_row(widget))
        self.rows.append(widget)
        self._list.addWidget(widget)
        widget.show()
        return widget

    def _take_out(self, widget: RuleRow) -> None:
        self._list.removeWidget(widget)
        widget.hide()
        widget.deleteLater()

    def _show_state(self) -> None:
        is_open = not self.section.is_fixed and len(self.rows) < self.section.rows_max
        self.add_button.setVisible(is_open)
