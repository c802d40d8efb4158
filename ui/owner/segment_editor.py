"""A segment composed as a sentence: conditions, groups of conditions one level down, and how they count together.

It gives back the parts of a segment, or nothing while one of them cannot be read.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from app.domain.errors import Refused
from app.i18n import t
from app.service.segment_values import PARTS_MAX, Condition, Field, Group, Part
from ui.owner.segment_blanks import ORDER
from ui.owner.segment_row import ConditionRow, DropButton
from ui.rules.blanks import ChosenBlank, Surroundings
from ui.rules.flow import FlowPanel
from ui.rules.forms import Blank, BlankKind
from ui.rules.pick import pick_one
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import connect_click, row_of
from ui.widgets.text_label import TextLabel

GROUP_JOINS: Final = {
    "group_all": (False, False),
    "group_any": (True, False),
    "group_none": (True, True),
    "group_not_all": (False, True),
}
"""(any, turned round) of each way a group counts."""


class _Joined(QWidget):
    """Rows below each other, with the way they count together above them.

    Signals:
        changed(): something is another one.
    """

    changed = Signal()

    def __init__(self, kind: str, around: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.around = around
        self.rows: list[ConditionRow | GroupBox] = []
        self.lead = FlowPanel(self)
        lead_key = "segments.join.lead" if kind == "segment" else "segments.join.group_lead"
        before = TextLabel(lead_key, self.lead, type=TypeRole.LEAD)
        self.join = ChosenBlank(
            Blank("segment_join", BlankKind.ONE_OF, options=f"join.{kind}"), around, self.lead
        )
        self.lead.flow.addWidget(before)
        self.lead.flow.addWidget(self.join)
        self.list = QVBoxLayout()
        self.list.setSpacing(Space.S)
        self.add_button = Button("segments.add", Kind.GHOST, self, size="compact")
        connect_click(self.add_button, self.ask_condition)
        self.join.changed.connect(self.changed)

    def ask_condition(self) -> None:
        """What to ask of the members."""
        options = [(field, t(f"segments.field.{field}")) for field in ORDER]
        pick_one(self.window(), "segments.add_title", options, None, self.add)

    def add(self, asked: Field | Condition) -> ConditionRow:
        """A condition at the end; a fresh one takes the cursor."""
        row = ConditionRow(asked, self.around, self)
        self.put(row)
        if isinstance(asked, Field):
            row.focus_first()
            self.changed.emit()
        return row

    def put(self, row: ConditionRow | GroupBox) -> None:
        row.changed.connect(self.changed)
        row.remove_asked.connect(lambda: self.remove(row))
        self.rows.append(row)
        self.list.addWidget(row)
        row.show()
        self.show_state()

    def remove(self, row: ConditionRow | GroupBox) -> None:
        index = self.rows.index(row)
        self.take_out(row)
        self.show_state()
        left = self.rows[min(index, len(self.rows) - 1)] if self.rows else None
        if left is None:
            self.add_button.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            left.focus_first()
        self.changed.emit()

    def take_out(self, row: ConditionRow | GroupBox) -> None:
        self.rows.remove(row)
        self.list.removeWidget(row)
        row.hide()
        row.deleteLater()

    def show_state(self) -> None:
        self.add_button.setEnabled(len(self.rows) < PARTS_MAX)

    def focused_row(self) -> ConditionRow | GroupBox | None:
        focus = QApplication.focusWidget()
        return next((row for row in self.rows if focus is not None and row.isAncestorOf(focus)), None)


class GroupBox(_Joined):
    """Conditions that count as one.

    Signals:
        remove_asked(): it shall go.
    """

    remove_asked = Signal()

    def __init__(
        self, around: Surroundings, parent: QWidget | None = None, group: Group | None = None
    ) -> None:
        super().__init__("group", around, parent)
        self.setProperty("panel", "sunken")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        joins = (group.is_any, group.is_not) if group is not None else (True, False)
        self.join.show_value(next(name for name, way in GROUP_JOINS.items() if way == joins))
        self.remove_button = DropButton("segments.drop_group", self.lead)
        connect_click(self.remove_button, self.remove_asked.emit)
        self.lead.flow.addWidget(self.remove_button)
        box = QVBoxLayout(self)
        box.setContentsMargins(Space.M, Space.S, Space.S, Space.S)
        box.setSpacing(Space.S)
        box.addWidget(self.lead)
        box.addLayout(self.list)
        box.addLayout(row_of(self.add_button))
        for condition in group.conditions if group is not None else ():
            self.add(condition)

    def read(self) -> Group | None:
        """None while it is empty. Raises Refused after every row was read."""
        found = read_all(self.rows)
        if not found:
            return None
        is_any, is_not = GROUP_JOINS[str(self.join.value)]
        conditions = tuple(one for one in found if isinstance(one, Condition))
        return Group(conditions, is_any, is_not)

    def focus_first(self) -> None:
        first = self.rows[0] if self.rows else None
        if first is None:
            self.add_button.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            first.focus_first()


class SegmentEditor(_Joined):
    """The whole of it. Insert adds a condition, Shift+Insert a group, Ctrl+Del takes away what the cursor stands in."""

    def __init__(self, around: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__("segment", around, parent)
        self.join.show_value("all")
        self.lead.flow.addWidget(TextLabel("segments.join.tail", self.lead, type=TypeRole.LEAD))
        self.add_group_button = Button("segments.add_group", Kind.GHOST, self, size="compact")
        connect_click(self.add_group_button, self.add_group)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(Space.S)
        box.addWidget(self.lead)
        box.addLayout(self.list)
        # The count stands where the next condition is added, too: the title may be out of sight.
        self.tally = TextLabel(parent=self, type=TypeRole.LEAD, is_strong=True)
        foot = row_of(self.add_button, self.add_group_button)
        foot.addWidget(self.tally)
        box.addLayout(foot)

    def show_parts(self, parts: Sequence[Part], *, is_any: bool) -> None:
        """Show these and no others."""
        for row in tuple(self.rows):
            self.take_out(row)
        self.join.show_value("any" if is_any else "all")
        for part in parts:
            if isinstance(part, Group):
                self.put(GroupBox(self.around, self, part))
            else:
                self.add(part)
        self.show_state()

    @property
    def is_any(self) -> bool:
        return bool(self.join.value == "any")

    def read(self) -> tuple[Part, ...]:
        """Every part; an empty group is none. Raises Refused after every row was read, so that each says what is wrong with it."""
        return read_all(self.rows)

    def add_group(self) -> GroupBox:
        """A group at the end, asking for its first condition."""
        group = GroupBox(self.around, self)
        self.put(group)
        group.add_button.setFocus(Qt.FocusReason.OtherFocusReason)
        group.ask_condition()
        self.changed.emit()
        return group

    def show_state(self) -> None:
        super().show_state()
        self.add_group_button.setEnabled(len(self.rows) < PARTS_MAX)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, modifiers = event.key(), event.modifiers()
        if key == Qt.Key.Key_Insert:
            if modifiers & Qt.KeyboardModifier.ShiftModifier:
                self.add_group()
            else:
                self._inner().ask_condition()
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def remove_focused(self) -> bool:
        """Take away what the cursor stands in; False where it stands in none."""
        inner = self._inner()
        row = inner.focused_row() or self.focused_row()
        if row is None:
            return False
        (inner if row in inner.rows else self).remove(row)
        return True

    def _inner(self) -> _Joined:
        """The group that the cursor stands in, else the whole."""
        row = self.focused_row()
        return row if isinstance(row, GroupBox) else self


def read_all(rows: Sequence[ConditionRow | GroupBox]) -> tuple[Part, ...]:
    found: list[Part] = []
    refusal: Refused | None = None
    for row in rows:
        try:
            part = row.read()
        except Refused as error:
            refusal = refusal or error
            continue
        if part is not None:
            found.append(part)
    if refusal is not None:
        raise refusal
    return tuple(found)
