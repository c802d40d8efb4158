"""What every page of the owner is: a sentence that says what was found, what it is about, and below it what it was found in."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ui.charts.chart import Chart
from ui.keys import Action
from ui.owner.desk import OwnerDesk
from ui.owner.pictures import keep_picture
from ui.theme import Space, TypeRole
from ui.widgets.form import Card
from ui.widgets.text_label import TextLabel


class OwnerPage(QWidget):
    """One page. ``finding`` is its title: a whole sentence; ``about`` says of when it is and what it is compared with."""

    NAME = ""

    def __init__(self, desk: OwnerDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.finding = TextLabel(parent=self, type=TypeRole.TITLE, wraps=True)
        self.about = TextLabel(parent=self, tone="muted", wraps=True)
        self.tools = QHBoxLayout()
        self.tools.setSpacing(Space.S)
        self.body = QVBoxLayout()
        self.body.setSpacing(Space.L)
        box = QVBoxLayout(self)
        box.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        box.setSpacing(Space.M)
        self.head = QHBoxLayout()
        self.head.setSpacing(Space.M)
        self.head.addWidget(self.finding, 1)
        box.addLayout(self.head)
        box.addWidget(self.about)
        box.addLayout(self.tools)
        box.addLayout(self.body)
        box.addStretch(1)

    def refresh(self) -> None:
        """Show what is known now."""

    def speak(self) -> None:
        """Say what is shown again, in the language in force."""

    def explain(self) -> None:
        """Show what the figures on this page mean."""

    def take_key(self, event: QKeyEvent) -> bool:
        """A key that nothing on the page wanted, also one that was pressed in the list of pages; whether this page has a use for it."""
        return False

    def handle_action(self, action: Action) -> bool:
        """One of the till's keys was pressed; whether it means something here."""
        return False

    def first_stop(self) -> QWidget | None:
        """Where the cursor goes from the list of pages."""
        return None

    def keep_picture(self, chart: Chart, is_svg: bool) -> None:
        """Save a chart of this page, with its sentence and what it is about."""
        keep_picture(self.desk, chart, self.NAME, self.about.text(), is_svg=is_svg)

    def section(self, key: str, *widgets: QWidget) -> Card:
        """A card with a heading over these. A chart among them can be saved as a picture."""
        card = Card(key, self)
        card.body.setSpacing(Space.S)
        for widget in widgets:
            card.body.addWidget(widget)
            if isinstance(widget, Chart):
                widget.save_requested.connect(partial(self.keep_picture, widget))
        return card


def page_by(area: QWidget | None, event: QKeyEvent) -> bool:
    """Page up and page down in a page that scrolls; whether the key was one of them."""
    by = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}.get(Qt.Key(event.key()))
    if by is None or not isinstance(area, QScrollArea):
        return False
    bar = area.verticalScrollBar()
    bar.setValue(bar.value() + by * bar.pageStep())
    event.accept()
    return True
