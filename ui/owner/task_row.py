"""One thing to do: a box to choose its member, the sentence, when it is due, and what settles it. The row itself opens what it is about."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QHBoxLayout, QSizePolicy, QWidget

from app.service.work_list import Task, TaskKind
from ui import theme
from ui.enter_guard import enter_guard
from ui.theme import Radius, Space, TypeRole
from ui.widgets.buttons import Button
from ui.widgets.form import connect_click
from ui.widgets.painting import focus_ring, rounded_box
from ui.widgets.text_label import TextLabel

ROW_PIXELS: Final = 52
DONE_KEYS: Final = {TaskKind.GUARD: "work.seen", TaskKind.PRINT: "work.answer"}


class TaskRow(QAbstractButton):
    """A task. The keys that are no row's own go on to the list.

    Signals:
        open_asked(): Enter or a tap.
        done_asked(): its button.
        choice_changed(): its box.
    """

    open_asked = Signal()
    done_asked = Signal()
    choice_changed = Signal()

    def __init__(self, task: Task, due: str, parent: QWidget | None = None, *, is_late: bool = False) -> None:
        super().__init__(parent)
        self.task = task
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.box = QCheckBox(self)
        self.box.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.sentence = TextLabel(parent=self, type=TypeRole.BODY, wraps=True)
        self.sentence.show_plain(task.sentence)
        self.due = TextLabel(parent=self, type=TypeRole.CAPTION, tone="warn" if is_late else "")
        self.due.show_plain(due)
        self.due.setVisible(bool(due))
        self.done = Button(DONE_KEYS.get(task.kind, "work.done"), parent=self, size="compact")
        self.done.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.done.setVisible(is_settled_here(task))
        for label in (self.sentence, self.due):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._lay_out()
        self.setAccessibleName(" ".join(part for part in (task.sentence, due) if part))
        self.clicked.connect(self.open_asked)
        self.box.toggled.connect(self._on_toggled)
        connect_click(self.done, self.done_asked.emit)

    @property
    def has_choice(self) -> bool:
        """Whether there is somebody to call."""
        return self.task.member_id is not None and self.task.kind.is_for_calls

    @property
    def is_chosen(self) -> bool:
        return self.box.isChecked()

    def choose(self, *, is_chosen: bool) -> None:
        """Put its member on the list to call, or off it; nothing where it is about nobody."""
        if self.has_choice:
            self.box.setChecked(is_chosen)

    def sizeHint(self) -> QSize:
        return QSize(
            theme.current().px(320), max(theme.current().touch(ROW_PIXELS), super().sizeHint().height())
        )

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.current().px(220), theme.current().touch(ROW_PIXELS))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        box = self.layout()
        assert box is not None
        return max(theme.current().touch(ROW_PIXELS), box.heightForWidth(width))

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        painter = QPainter(self)
        if self.is_chosen or self.underMouse() or self.isDown():
            rounded_box(painter, self.rect(), Radius.S, look.colours.accent_soft)
        pad = look.px(Space.S)
        painter.fillRect(pad, self.height() - 1, self.width() - 2 * pad, 1, QColor(look.colours.line))
        if self.hasFocus():
            focus_ring(painter, self.rect(), Radius.S, look.colours.accent)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if enter_guard.accepts(event):
                self.click()
            event.accept()
        elif event.key() == Qt.Key.Key_Space:
            self.choose(is_chosen=not self.is_chosen)
            event.accept()
        else:
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        # A button would take the space key for a press of its own.
        event.ignore()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()
        super().changeEvent(event)

    def _on_toggled(self) -> None:
        self.setAccessibleDescription("☑" if self.is_chosen else "")
        self.update()
        self.choice_changed.emit()

    def _lay_out(self) -> None:
        look = theme.current()
        row = QHBoxLayout(self)
        row.setContentsMargins(look.px(Space.S), look.px(2), look.px(Space.S), look.px(3))
        row.setSpacing(look.px(Space.M))
        keeps_place = self.box.sizePolicy()
        keeps_place.setRetainSizeWhenHidden(True)
        self.box.setSizePolicy(keeps_place)
        self.box.setVisible(self.has_choice)
        row.addWidget(self.box, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.sentence, 1)
        row.addWidget(self.due, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.done, 0, Qt.AlignmentFlag.AlignVCenter)


def is_settled_here(task: Task) -> bool:
    """Whether somebody can say that it is done; the others settle themselves."""
    return task.kind.is_promise or task.kind in DONE_KEYS
