"""A label that holds the key of its words, so that it says the same in a new language by itself.

What people wrote themselves (names, notes) is shown with `show_plain`; everything else is a key.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QLabel, QWidget

from app.i18n import t
from ui.theme import TypeRole
from ui.widgets.painting import restyle


class TextLabel(QLabel):
    """Words of one step of the type scale. `tone`: "", muted, faint, accent, danger, warn or good."""

    def __init__(
        self,
        key: str = "",
        parent: QWidget | None = None,
        *,
        type: TypeRole = TypeRole.BODY,  # the property of the same name in the stylesheet
        tone: str = "",
        is_strong: bool = False,
        wraps: bool = False,
        **fields: object,
    ) -> None:
        super().__init__(parent)
        self._key = key
        self._fields = fields
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wraps)
        self.setProperty("type", type.value)
        self.setProperty("tone", tone)
        self.setProperty("strong", is_strong)
        self.retranslate()

    def show_text(self, key: str, /, **fields: object) -> None:
        """Say this, in every language from now on."""
        self._key, self._fields = key, fields
        self.retranslate()

    def show_plain(self, text: str) -> None:
        """Show these words as they are."""
        self._key, self._fields = "", {}
        self.setText(text)

    def set_tone(self, tone: str) -> None:
        if tone != self.property("tone"):
            self.setProperty("tone", tone)
            restyle(self)

    def retranslate(self) -> None:
        if self._key:
            self.setText(t(self._key, None, **self._fields))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
