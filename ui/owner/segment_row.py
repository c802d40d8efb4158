"""One condition of a segment: a sentence whose parts are chosen and keyed. What is wrong with it stands below, and what was keyed stays.

A row shows a `Condition` and gives one back; it computes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.domain.errors import Refused
from app.i18n import t
from app.service.segment_values import Condition, Field
from app.service.segment_words import SPANS
from ui import theme
from ui.owner.segment_blanks import blanks_of, condition_from, filled_from, fresh, place_of
from ui.rules.blanks import ChosenBlank, Surroundings, TypedBlank, blank_widget
from ui.rules.flow import FlowPanel
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import connect_click
from ui.widgets.text_label import TextLabel

MARK: Final = "\x00"
_PIECES: Final = re.compile(r"[^ ，、,：]+[，、,：]?|[，、,：]")


class DropButton(Button):
    """Takes something away."""

    def __init__(self, key: str, parent: QWidget) -> None:
        self._words = key
        super().__init__("", Kind.GHOST, parent, size="compact")
        self.show_plain("✕")
        self.setProperty("drop", True)

    def retranslate(self) -> None:
        self.setAccessibleName(t(self._words))
        self.setToolTip(t(self._words))

    def sizeHint(self) -> QSize:
        side = theme.current().touch(36)
        return QSize(side, side)


class ConditionRow(QWidget):
    """Signals:
    changed(): another value, readable or not.
    remove_asked(): it shall go.
    """

    changed = Signal()
    remove_asked = Signal()

    def __init__(
        self,
        asked: Field | Condition,
        around: Surroundings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._around = around
        self._blanks: dict[str, TypedBlank | ChosenBlank] = {}
        self.field = asked.field if isinstance(asked, Condition) else asked
        self.setProperty("panel", "raised")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.sentence = FlowPanel(self)
        self.note = TextLabel(parent=self, type=TypeRole.CAPTION, tone="danger", wraps=True)
        self.note.hide()
        self.remove = DropButton("segments.drop", self.sentence)
        connect_click(self.remove, self.remove_asked.emit)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        box = QVBoxLayout(self)
        box.setContentsMargins(Space.M, Space.XS, Space.S, Space.XS)
        box.setSpacing(Space.XS)
        box.addWidget(self.sentence)
        box.addWidget(self.note)
        scale = 10**around.currency.digits
        self._filled = filled_from(asked) if isinstance(asked, Condition) else fresh(asked, scale)
        self._lay_sentence()

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """What Tab visits, in the order of the sentence."""
        return (*self._blanks.values(), self.remove)

    def blank(self, place: str) -> TypedBlank | ChosenBlank:
        """The widget at this place of the sentence: how, days, words, low, high."""
        return self._blanks[place]

    def read(self) -> Condition:
        """What is asked. Raises Refused, with the blank marked and the reason below the sentence."""
        self.note.hide()
        filled: dict[str, Any] = {}
        for place, widget in self._blanks.items():
            widget.show_refused(False)
            try:
                filled[place] = widget.value
            except Refused as error:
                self._refuse(error, place)
                raise
        try:
            return condition_from(self.field, filled)
        except Refused as error:
            self._refuse(error, "high")
            raise

    def focus_first(self) -> None:
        """The cursor into the first blank that wants an answer."""
        wanted = self._blanks.get("words") or self._blanks.get("low") or self.remove
        wanted.setFocus(Qt.FocusReason.OtherFocusReason)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._lay_sentence()

    # --- inside -------------------------------------------------------------------------------------------------------

    def _refuse(self, error: Refused, place: str) -> None:
        if place in self._blanks:
            self._blanks[place].show_refused(True)
        self.note.show_text(error.text_key, **error.fields)
        self.note.show()

    @property
    def _how(self) -> str:
        return str(self._filled.get("how", ""))

    def _on_changed(self, place: str) -> None:
        if place == "how":
            before, self._filled["how"] = self._how, self._blanks["how"].value
            if (before in SPANS) is not (self._how in SPANS):
                self._lay_sentence()
                self._blanks["how"].setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def _remember(self) -> None:
        """Keep what stands in the blanks, so that a sentence laid anew still says it."""
        for place, widget in self._blanks.items():
            try:
                self._filled[place] = widget.value
            except Refused:
                continue

    def _lay_sentence(self) -> None:
        """Set words and blanks anew, in the order of the present language."""
        self._remember()
        flow = self.sentence.flow
        while (item := flow.takeAt(0)) is not None:
            old = item.widget()
            if old is not None and old is not self.remove:
                old.hide()
                old.deleteLater()
        self._blanks.clear()
        for piece in self._pieces():
            flow.addWidget(piece)
            piece.show()
        flow.addWidget(self.remove)
        for before, after in pairwise(self.stops):
            QWidget.setTabOrder(before, after)
        flow.invalidate()
        self.sentence.updateGeometry()
        self.updateGeometry()

    def _pieces(self) -> Iterator[QWidget]:
        blanks = {place_of(blank): blank for blank in blanks_of(self.field, self._how)}
        marked = {place: f"{MARK}{place}{MARK}" for place in blanks}
        kind = "span" if self._how in SPANS else "clause"
        text = t(f"segments.{kind}.{self.field}", None, **marked)
        for index, part in enumerate(text.split(MARK)):
            if index % 2:
                widget = blank_widget(blanks[part], self._around, self.sentence)
                widget.show_value(self._filled.get(part))
                widget.changed.connect(lambda place=part: self._on_changed(place))
                self._blanks[part] = widget
                yield widget
            else:
                for piece in _PIECES.findall(part):
                    label = TextLabel(parent=self.sentence, type=TypeRole.LEAD)
                    label.show_plain(piece)
                    yield label
