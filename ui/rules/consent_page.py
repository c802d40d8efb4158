"""The words that customers agree to, in every language of the till. Other words are another version; an answer keeps its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from app.domain.consent import Purpose
from app.domain.errors import Refused
from app.domain.loyalty.documents import RuleArea
from app.i18n import LANGUAGES
from app.service.membership_consent import WORDS_CHARACTERS_MAX
from ui import theme
from ui.rules.page import DeskPage
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import Choice, connect_click
from ui.widgets.text_label import TextLabel

if TYPE_CHECKING:
    from app.service.till import Till
    from ui.context import ScreenContext

NAMES = {"zh_TW": "繁體中文", "zh_CN": "简体中文", "en": "English"}
PURPOSES = tuple((one, f"rules_ui.consent.{one}") for one in Purpose)


class ConsentPage(DeskPage):
    """Two questions, three languages; all of them are kept together."""

    NAME = "consent"

    def __init__(self, till: Till, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__(self.NAME, parent)
        self._till = till
        self._context = context
        self._kept: dict[Purpose, dict[str, str]] = {}
        self.purpose = Choice(PURPOSES, Purpose.MARKETING, self)
        self.body.addWidget(self.purpose, 0, Qt.AlignmentFlag.AlignLeft)
        self.boxes: dict[tuple[Purpose, str], QPlainTextEdit] = {}
        self._holders: dict[Purpose, QWidget] = {}
        for purpose in Purpose:
            self.body.addWidget(self._make(purpose), 1)
        self.message = TextLabel(parent=self, tone="danger", wraps=True)
        self.message.hide()
        self.body.addWidget(self.message)
        self.undo = Button("rules_ui.undo", Kind.GHOST, self)
        self.save_button = Button("rules_ui.consent.save", Kind.PRIMARY, self)
        connect_click(self.undo, self._show_kept)
        connect_click(self.save_button, self.save)
        self.foot.addStretch(1)
        self.foot.addWidget(self.undo)
        self.foot.addWidget(self.save_button)
        self.purpose.chosen.connect(lambda _: self._show_purpose())
        self._show_purpose()

    @property
    def is_changed(self) -> bool:
        return bool(self._kept) and self._typed() != self._kept

    def refresh(self) -> None:
        if not self.is_changed:
            consents = self._till.consents
            self._kept = {
                purpose: {one: consents.text(purpose, one).words for one in LANGUAGES} for purpose in Purpose
            }
            self._show_kept()

    def save(self) -> None:
        """Another version of all of them."""
        typed = self._typed()
        if not all(words for of in typed.values() for words in of.values()):
            error = Refused("consent_text_missing")
            self.message.show_text(error.text_key)
            self.message.show()
            return
        if typed == self._kept:
            self._context.messages.info("error.rules_unchanged")
            return

        def done(_: None) -> None:
            self._kept = typed
            self._show_state()
            self._context.messages.good("rules_ui.consent.saved")

        self._context.tasks.run(lambda: self._till.consents.put_texts(typed), done, owner=self)

    def _typed(self) -> dict[Purpose, dict[str, str]]:
        return {
            purpose: {one: self.boxes[purpose, one].toPlainText().strip() for one in LANGUAGES}
            for purpose in Purpose
        }

    def _show_kept(self) -> None:
        for (purpose, one), box in self.boxes.items():
            box.setPlainText(self._kept.get(purpose, {}).get(one, ""))
        self._show_state()

    def _show_state(self) -> None:
        self.message.hide()
        is_changed = self.is_changed
        document = self._till.store.rules.current(RuleArea.CONSENT, self._till.clock.now_ms())
        if is_changed:
            self.state.show_text("rules_ui.state.draft")
        elif document is None:
            self.state.show_text("rules_ui.consent.ours")
        else:
            self.state.show_text("rules_ui.state.version", version=document.version)
        self.state.set_tone("accent" if is_changed else "muted")
        self.undo.setEnabled(is_changed)
        self.save_button.setEnabled(is_changed)
        self.state_changed.emit()

    def _show_purpose(self) -> None:
        for purpose, holder in self._holders.items():
            holder.setVisible(purpose is self.purpose.value)

    def _make(self, purpose: Purpose) -> QWidget:
        holder = QWidget(self)
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.M)
        for one in LANGUAGES:
            column = QVBoxLayout()
            column.setSpacing(Space.XS)
            label = TextLabel(parent=holder, type=TypeRole.BODY, tone="muted")
            label.show_plain(NAMES[one])
            box = _WordsBox(holder)
            box.setAccessibleName(NAMES[one])
            box.setMinimumHeight(theme.current().px(160))
            box.textChanged.connect(lambda each=box: self._on_typed(each))
            column.addWidget(label)
            column.addWidget(box, 1)
            row.addLayout(column, 1)
            self.boxes[purpose, one] = box
        self._holders[purpose] = holder
        return holder

    def _on_typed(self, box: QPlainTextEdit) -> None:
        if len(box.toPlainText()) > WORDS_CHARACTERS_MAX:
            box.setPlainText(box.toPlainText()[:WORDS_CHARACTERS_MAX])
        self._show_state()


class _WordsBox(QPlainTextEdit):
    """Several lines; Tab leaves it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
