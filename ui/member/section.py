"""A section of the member's page. It shows what its member's file says when it is asked to, and tells when it has written something."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLayout, QVBoxLayout, QWidget

from ui.member.desk import MemberDesk
from ui.theme import Space, TypeRole
from ui.widgets.text_label import TextLabel


class Section(QWidget):
    """One subject.

    Signals:
        written(): the file is another one now; the page shows all of it anew.
        moved(MemberId): the page is another file's now (merged, taken apart).
        closed(object): the page has nothing more to show; its result.
    """

    NAME = ""
    SCROLLS_ITSELF = False
    written = Signal()
    moved = Signal(object)
    closed = Signal(object)

    def __init__(self, desk: MemberDesk, parent: QWidget) -> None:
        super().__init__(parent)
        self.desk = desk
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(0, Space.S, Space.S, 0)
        self.body.setSpacing(Space.M)

    def refresh(self) -> None:
        """Show what is known now."""

    def page_by(self, rows: int) -> None:
        """Page up and page down."""

    def take_scan(self, code: str) -> bool:
        """Whether this section had use for a scanned code."""
        return False

    def first_stop(self) -> QWidget | None:
        """What should have the focus when the section opens, if anything should."""
        return None

    def heading(self, key: str) -> TextLabel:
        """The title of a part."""
        return TextLabel(key, self, type=TypeRole.LEAD, is_strong=True)


def emptied(layout: QLayout) -> None:
    """Take everything out of a layout, for good."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            widget.setParent(None)
            widget.deleteLater()
        elif inner is not None:
            emptied(inner)
