"""One rule on the desk: its sentence with blanks, conditions to be added and taken away, and what is wrong with it below.

A row shows a `Row` and gives one back; what it means is its area's to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.domain.errors import Refused
from app.i18n import t
from ui import theme
from ui.rules.blanks import ChosenBlank, Surroundings, TypedBlank, blank_widget
from ui.rules.flow import FlowPanel
from ui.rules.forms import Clause, Filled, Row, Section, default_of
from ui.rules.pick import pick_one
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import connect_click
from ui.widgets.text_label import TextLabel

MARK: Final = "\x00"
PAUSES: Final = "，；、。,;. "
_PIECES: Final = re.compile(r"[^ ，、,：]+[，、,：]?|[，、,：]")


class RuleRow(QWidget):
    """A rule of a section.

    Signals:
        changed(): another value, readable or not.
        remove_asked(): it shall go.
    """

    changed = Signal()
    remove_asked = Signal()

    def __init__(
        self, section: Section, row: Row, around: Surroundings, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._section = section
        self._around = around
        self._form = section.form(row.form)
        self.key = row.key
        self._blanks: dict[str, TypedBlank | ChosenBlank] = {}
        self._clauses: list[str] = []
        self.setProperty("panel", "raised")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.sentence = FlowPanel(self)
        self.note = TextLabel(parent=self, type=TypeRole.CAPTION, tone="danger", wraps=True)
        self.note.hide()
        self.add_condition = Button("rules_ui.add_condition", Kind.GHOST, self.sentence, size="compact")
        self.switch = Button("rules_ui.switch_form", Kind.GHOST, self.sentence, size="compact")
        self.remove = Button("rules_ui.remove", Kind.GHOST, self.sentence, size="compact")
        connect_click(self.add_condition, self.ask_condition)
        connect_click(self.switch, self.ask_form)
        connect_click(self.remove, self.remove_asked.emit)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(Space.M, Space.S, Space.S, Space.S)
        self._box.setSpacing(Space.XS)
        for widget in (self.sentence, self.note):
            self._box.addWidget(widget)
        self.show_row(row)

    # --- the value -------------------------------------------------------------------------------------------------

    def show_row(self, row: Row) -> None:
        """Show this rule instead."""
        self.key = row.key
        self._form = self._section.form(row.form)
        for widget in self._blanks.values():
            widget.hide()
            widget.deleteLater()
        self._blanks.clear()
        self._clauses = [clause.name for clause in self._form.clauses if clause.is_in(row.filled)]
        for clause in self._present():
            self._make_blanks(clause, row.filled)
        self._lay_sentence()

    @property
    def form(self) -> str:
        return self._form.name

    @property
    def called(self) -> str:
        """What the rule is called now, for lists that it is chosen from."""
        widget = self._blanks.get("name")
        return widget.text() if isinstance(widget, TypedBlank) else ""

    def blank(self, name: str) -> TypedBlank | ChosenBlank:
        """The widget of this blank."""
        return self._blanks[name]

    def read(self) -> Row:
        """What is filled in. Raises Refused, with the blank marked and the reason below the sentence."""
        self.clear_refusal()
        filled: Filled = {}
        for clause in self._present():
            if not clause.blanks:
                filled[clause.name] = True
            for blank in clause.blanks:
                try:
                    filled[blank.name] = self._blanks[blank.name].value
                except Refused as error:
                    self.refuse(error, blank.name)
                    raise
        return Row(self._form.name, filled, self.key)

    def refuse(self, error: Refused, blank: str = "") -> None:
        """Say below the sentence what is wrong."""
        if blank in self._blanks:
            self._blanks[blank].show_refused(True)
        self.note.show_text(error.text_key, **error.fields)
        self.note.show()

    def clear_refusal(self) -> None:
        self.note.hide()
        for widget in self._blanks.values():
            widget.show_refused(False)

    # --- clauses ---------------------------------------------------------------------------------------------------

    def ask_condition(self) -> None:
        """Which clause to add; the only one there is, at once."""
        missing = self._missing()
        if len(missing) == 1:
            self.add_clause(missing[0].name)
        elif missing:
            options = [(clause.name, t(f"rules_ui.add.{clause.name}")) for clause in missing]
            pick_one(self.window(), "rules_ui.add_condition", options, None, self.add_clause)

    def add_clause(self, name: str) -> None:
        """Add this clause, the cursor in its first blank."""
        clause = next(clause for clause in self._form.clauses if clause.name == name)
        self._clauses.append(name)
        today = self._around.today()
        self._make_blanks(clause, {blank.name: default_of(blank, today) for blank in clause.blanks})
        self._lay_sentence()
        if clause.blanks:
            self._blanks[clause.blanks[0].name].setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def drop_clause(self, name: str) -> None:
        """Take this clause away."""
        clause = next(clause for clause in self._form.clauses if clause.name == name)
        self._clauses.remove(name)
        for blank in clause.blanks:
            widget = self._blanks.pop(blank.name)
            widget.hide()
            widget.deleteLater()
        self._lay_sentence()
        self.focus_first()
        self.changed.emit()

    def ask_form(self) -> None:
        options = [(form.name, t(f"rules_ui.form.{form.name}")) for form in self._section.forms]
        pick_one(self.window(), "rules_ui.switch_form", options, self._form.name, self.use_form)

    def use_form(self, name: str) -> None:
        """Another kind of the same rule; what both have in common stays."""
        if name == self._form.name:
            return
        kept = dict(self._blanks)
        form = self._section.form(name)
        filled = form.fresh(self._around.today())
        for blank in filled:
            if blank in kept:
                try:
                    filled[blank] = kept[blank].value
                except Refused:
                    continue
        self.show_row(Row(name, filled, self.key))
        self.focus_first()
        self.changed.emit()

    def focus_wrong(self) -> None:
        """The cursor into the first blank that is marked."""
        wrong = next((one for one in self._blanks.values() if one.property("refused")), None)
        if wrong is None:
            self.focus_first()
        else:
            wrong.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_first(self) -> None:
        """The cursor into the first blank."""
        first: QWidget = next(iter(self._blanks.values()), self.add_condition)
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- Qt --------------------------------------------------------------------------------------------------------

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._lay_sentence()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Insert and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.ask_condition()
            event.accept()
            return
        super().keyPressEvent(event)

    # --- inside ----------------------------------------------------------------------------------------------------

    def _present(self) -> list[Clause]:
        return [clause for clause in self._form.clauses if clause.name in self._clauses]

    def _missing(self) -> list[Clause]:
        return [clause for clause in self._form.clauses if clause.name not in self._clauses]

    def _make_blanks(self, clause: Clause, filled: Filled) -> None:
        for blank in clause.blanks:
            widget = blank_widget(blank, self._around, self.sentence)
            widget.show_value(filled.get(blank.name))
            widget.changed.connect(self.changed)
            self._blanks[blank.name] = widget

    def _lay_sentence(self) -> None:
        """Set words and blanks anew, in the order of the present language."""
        flow = self.sentence.flow
        controls = (self.add_condition, self.switch, self.remove)
        kept: set[QWidget] = {*self._blanks.values(), *controls}
        for widget in kept:
            widget.setParent(self.sentence)
        while (item := flow.takeAt(0)) is not None:
            old = item.widget()
            if old is not None and old not in kept:
                old.hide()
                old.deleteLater()
        stops: list[QWidget] = []
        for clause in self._present():
            for piece in self._chip(clause, stops) if clause.is_optional else self._words(clause, stops):
                flow.addWidget(piece)
                piece.show()
        for button in controls:
            flow.addWidget(button)
            stops.append(button)
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)
        self.add_condition.setVisible(bool(self._missing()))
        self.switch.setVisible(len(self._section.forms) > 1 and self._section.is_fixed)
        self.remove.setVisible(not self._section.is_fixed)
        flow.invalidate()
        self.sentence.updateGeometry()
        self.updateGeometry()

    def _chip(self, clause: Clause, stops: list[QWidget]) -> Iterator[QWidget]:
        """A condition: it stays together, and can be taken away."""
        chip = FlowPanel(self.sentence)
        chip.setProperty("panel", "sunken")
        chip.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        chip.flow.setContentsMargins(Space.S, 2, 2, 2)
        for piece in self._words(clause, stops, chip):
            chip.flow.addWidget(piece)
            piece.show()
        drop = _Drop(clause.name, chip)
        connect_click(drop, partial(self.drop_clause, clause.name))
        chip.flow.addWidget(drop)
        stops.append(drop)
        yield chip

    def _words(
        self, clause: Clause, stops: list[QWidget], parent: FlowPanel | None = None
    ) -> Iterator[QWidget]:
        marked = {blank.name: f"{MARK}{blank.name}{MARK}" for blank in clause.blanks}
        text = t(f"rules_ui.clause.{clause.name}", None, **marked)
        holder = parent or self.sentence
        if parent is not None:
            text = text.strip(PAUSES)
        for index, part in enumerate(text.split(MARK)):
            if index % 2:
                widget = self._blanks[part]
                widget.setParent(holder)
                stops.append(widget)
                yield widget
            else:
                for piece in _PIECES.findall(part):
                    label = TextLabel(parent=holder, type=TypeRole.LEAD)
                    label.show_plain(piece)
                    yield label


class _Drop(Button):
    """Takes a condition away."""

    def __init__(self, clause: str, parent: QWidget) -> None:
        super().__init__("", Kind.GHOST, parent, size="compact")
        self.show_plain("✕")
        self.setProperty("drop", True)
        words = t("rules_ui.drop", what=t(f"rules_ui.add.{clause}"))
        self.setAccessibleName(words)
        self.setToolTip(words)

    def sizeHint(self) -> QSize:
        side = theme.current().touch(36)
        return QSize(side, side)
