"""Sentences below each other, each with a mark in front; those that are new since the last look stand out."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from ui.theme import Space, TypeRole
from ui.widgets.text_label import TextLabel


class WordsList(QWidget):
    """Read, never typed in."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, Space.S, 0)
        self._grid.setHorizontalSpacing(Space.S)
        self._grid.setVerticalSpacing(Space.S)
        self._grid.setColumnStretch(1, 1)
        self._lines: list[tuple[TextLabel, TextLabel]] = []
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def sentences(self) -> tuple[str, ...]:
        return tuple(words.text() for _, words in self._lines if not words.isHidden())

    def show_sentences(self, sentences: Sequence[str], known: Collection[str] | None = None) -> None:
        """Show these. With ``known``, the ones that are not among them are marked as new."""
        for index, sentence in enumerate(sentences):
            mark, words = self._line(index)
            is_new = known is not None and sentence not in known
            mark.show_plain("●" if is_new else "·")
            mark.set_tone("accent" if is_new else "faint")
            words.show_plain(sentence)
            words.set_tone("accent" if is_new else "")
            mark.show()
            words.show()
        for mark, words in self._lines[len(sentences) :]:
            mark.hide()
            words.hide()

    def _line(self, index: int) -> tuple[TextLabel, TextLabel]:
        while len(self._lines) <= index:
            row = len(self._lines)
            mark = TextLabel(parent=self, type=TypeRole.BODY)
            words = TextLabel(parent=self, type=TypeRole.BODY, wraps=True)
            self._grid.addWidget(mark, row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(words, row, 1)
            self._lines.append((mark, words))
        return self._lines[index]
