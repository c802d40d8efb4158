"""All keys on one page, as they are set now."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui import theme
from ui.keys import Action, HelpGroup, KeyMap
from ui.theme import Radius, Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.painting import rounded_box, words
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel


class KeyCap(QWidget):
    """A key as it looks on a keyboard."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = key
        self.setAccessibleName(key)

    def sizeHint(self) -> QSize:
        look = theme.current()
        width = QFontMetrics(look.font(TypeRole.BODY, is_bold=True)).horizontalAdvance(self._key)
        return QSize(max(look.px(44), width + look.px(Space.L)), look.px(32))

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        painter = QPainter(self)
        size = self.sizeHint()
        box = QRect(0, (self.height() - size.height()) // 2, min(size.width(), self.width()), size.height())
        rounded_box(painter, box, Radius.S, look.colours.raised, look.colours.edge)
        words(
            painter,
            box,
            self._key,
            font=look.font(TypeRole.BODY, is_bold=True),
            colour=look.colours.accent_text,
            align=Qt.AlignmentFlag.AlignHCenter,
        )


class KeyHelpSheet(Sheet):
    """The page. Enter, Esc or the help key puts it away."""

    def __init__(self, window: QWidget, keys: KeyMap) -> None:
        super().__init__(window, "keys.title", width=940)
        self._keys = keys
        self._columns = QHBoxLayout()
        self._columns.setSpacing(Space.XXL)
        self.body.addLayout(self._columns)
        self.body.addWidget(TextLabel("keys.hint", self.panel, type=TypeRole.CAPTION))
        self.keys_hint.hide()
        close = Button("ui.close", Kind.PRIMARY, self.panel)
        close.clicked.connect(self.step_back)
        self.add_button(close, is_default=True)
        self.set_first_focus(self)
        self.action_requested.connect(self._on_action)
        self._fill()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._fill()

    def _on_action(self, action: Action) -> None:
        if action is Action.HELP:
            self.step_back()

    def _fill(self) -> None:
        while (item := self._columns.takeAt(0)) is not None:
            column = item.widget()
            if column is not None:
                column.deleteLater()
        groups = self._keys.help()
        for some in (groups[:2], groups[2:]):
            self._columns.addWidget(_column(some), 1, Qt.AlignmentFlag.AlignTop)


def _column(groups: tuple[HelpGroup, ...]) -> QWidget:
    column = QWidget()
    layout = QVBoxLayout(column)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(Space.L)
    for group in groups:
        title = TextLabel(type=TypeRole.BODY, tone="accent", is_strong=True)
        title.show_plain(group.title)
        layout.addWidget(title)
        rows = QGridLayout()
        rows.setHorizontalSpacing(Space.M)
        rows.setVerticalSpacing(Space.XS)
        rows.setColumnStretch(1, 1)
        rows.setColumnMinimumWidth(0, theme.current().px(92))
        for place, entry in enumerate(group.entries):
            text = TextLabel(type=TypeRole.BODY, wraps=True)
            text.show_plain(entry.text)
            rows.addWidget(KeyCap(entry.key), place, 0)
            rows.addWidget(text, place, 1)
        layout.addLayout(rows)
    return column
