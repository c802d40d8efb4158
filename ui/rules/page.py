"""One area of the rule desk: its rules as sentences on the left, what they say and what a sample would bring on the right.

A draft is only a draft until it is put in force, and then it is another version: what was sold before keeps the rules it was sold under.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.errors import Refused
from app.domain.loyalty.documents import RuleArea
from app.domain.loyalty.what_if import RuleSet
from app.i18n import t
from ui import theme
from ui.rules.areas import Area
from ui.rules.blanks import Surroundings
from ui.rules.forms import Option, RowRefused, Rows
from ui.rules.keys_of import hint_key, page_key
from ui.rules.pick import GoodsSheet
from ui.rules.previews import PREVIEWS
from ui.rules.save_sheet import SaveSheet, Saving
from ui.rules.section_view import SectionView
from ui.rules.versions_sheet import VersionsSheet
from ui.rules.when import moment_text
from ui.rules.words_list import WordsList
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import connect_click, scrolling
from ui.widgets.text_label import TextLabel

if TYPE_CHECKING:
    from app.domain.loyalty.documents import RuleDocument
    from app.service.till import Till
    from ui.context import ScreenContext

SIDE_PIXELS: Final = 330
KEY_CHARACTERS: Final = 7


class DeskPage(QWidget):
    """What every page of the desk is: a heading, a body, a foot, and whether something is not kept yet.

    Signals:
        state_changed(): it has become a draft, or is none any more.
    """

    NAME = ""
    state_changed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None, *, texts: str = "rules_ui") -> None:
        super().__init__(parent)
        self.name = name
        self.heading = TextLabel(page_key(texts, name), self, type=TypeRole.TITLE)
        self.state = TextLabel(parent=self, type=TypeRole.BODY, tone="muted")
        top = QHBoxLayout()
        top.setSpacing(Space.L)
        top.addWidget(self.heading)
        top.addWidget(self.state, 1)
        self.hint = TextLabel(hint_key(texts, name), self, tone="muted", wraps=True)
        self.body = QVBoxLayout()
        self.body.setSpacing(Space.M)
        self.foot = QHBoxLayout()
        self.foot.setSpacing(Space.S)
        box = QVBoxLayout(self)
        box.setContentsMargins(Space.L, Space.L, Space.L, Space.M)
        box.setSpacing(Space.S)
        box.addLayout(top)
        box.addWidget(self.hint)
        box.addLayout(self.body, 1)
        box.addLayout(self.foot)

    @property
    def is_changed(self) -> bool:
        return False

    def refresh(self) -> None:
        """Show what is in force, unless there is a draft."""

    def save(self) -> None:
        """Put the draft in force."""

    def act_insert(self) -> None:
        """Another rule, where the cursor stands."""

    def act_remove(self) -> None:
        """Take away what the cursor stands in."""


class RulePage(DeskPage):
    """The page of one area."""

    def __init__(self, till: Till, context: ScreenContext, area: Area, parent: QWidget | None = None) -> None:
        super().__init__(area.NAME, parent)
        self._till = till
        self._context = context
        self.area = area
        self.around = Surroundings(
            currency=till.shop.currency,
            today=self._today,
            options=self._options,
            name_of=self._name_of,
            pick_goods=self._pick_goods,
            new_key=self._new_key,
        )
        self.version = 0
        self._base: Any = None
        self.draft: Any = None
        self._told: tuple[str, ...] = ()
        self.sections: dict[str, SectionView] = {}
        for section in area.SECTIONS:
            self.sections[section.name] = SectionView(section, self.around, self)
        for view in self.sections.values():
            view.changed.connect(self._on_changed)
        make = PREVIEWS.get(area.NAME)
        self.preview = None if make is None else make(till, area, self.around, self)
        self.words = WordsList(self)
        self._lay_out()

    # --- what the desk calls ---------------------------------------------------------------------------------------

    @property
    def is_changed(self) -> bool:
        return self._base is not None and self.draft != self._base

    def refresh(self) -> None:
        if not self.is_changed:
            self.show_in_force()

    def show_in_force(self) -> None:
        """The rules in force, whatever the draft was."""
        self.version, self._base = self.area.current()
        self._told = self.area.describe(self._base)
        self.show_rules(self._base)

    def show_rules(self, rules: Any) -> None:
        """These as the draft."""
        rows = self.area.rows(rules)
        for name, view in self.sections.items():
            view.show_rows(rows.get(name, []))
        self._on_changed()

    def save(self) -> None:
        """Ask from when, then write another version."""
        if self.draft is None:
            self._focus_wrong()
            return
        if not self.is_changed:
            self._context.messages.info("error.rules_unchanged")
            return
        sheet = SaveSheet(self.window(), self._till, self._coming())
        sheet.finished.connect(lambda saving: None if saving is None else self._write(self.draft, saving))
        sheet.open()

    def act_insert(self) -> None:
        view = next((one for one in self.sections.values() if one.has_focus()), None)
        if view is None or view.section.is_fixed:
            view = next((one for one in self.sections.values() if not one.section.is_fixed), None)
        if view is not None:
            view.ask_row()

    def act_remove(self) -> None:
        for view in self.sections.values():
            row = view.focused_row()
            if row is not None and not view.section.is_fixed:
                view.remove_row(row)
                return

    def act_move(self, by: int) -> None:
        """Earlier or later, where the order matters."""
        for view in self.sections.values():
            row = view.focused_row()
            if row is not None:
                view.move_row(row, by)
                return

    def ask_versions(self) -> None:
        sheet = VersionsSheet(self.window(), self._till, self.area)
        sheet.finished.connect(self._go_back_to)
        sheet.open()

    def ask_what_if(self) -> None:
        from ui.rules.what_if_sheet import WhatIfSheet

        rules = self._rule_set()
        if rules is None:
            self._focus_wrong()
        else:
            WhatIfSheet(self.window(), self._till, self._context.tasks, rules).open()

    # --- the draft -------------------------------------------------------------------------------------------------

    def _on_changed(self) -> None:
        self.draft = self._read()
        if self.draft is not None:
            self.words.show_sentences(self.area.describe(self.draft), self._told)
        if self.preview is not None:
            self.preview.show_rules(self.draft)
        self._show_state()

    def _read(self) -> Any:
        """The draft, or None with its rows marked."""
        try:
            rows = self._settled({name: view.read() for name, view in self.sections.items()})
            rules = self.area.rules(rows, self._base)
        except RowRefused as wrong:
            self.sections[wrong.section].rows[wrong.index].refuse(wrong.error, wrong.blank)
            self._say("rules_ui.draft_wrong", "danger")
            return None
        except Refused as error:
            # A row has said what is wrong with it; what is wrong with the whole stands below.
            is_told = any(not row.note.isHidden() for view in self.sections.values() for row in view.rows)
            if is_told:
                self._say("rules_ui.draft_wrong", "danger")
            else:
                self._say(error.text_key, "danger", **error.fields)
            return None
        self._say("", "")
        return rules

    def _settled(self, rows: Rows) -> Rows:
        settled = self.area.settle(rows)
        for name, view in self.sections.items():
            if settled[name] != rows[name]:
                view.show_rows(settled[name])
        return settled

    def _write(self, rules: Any, saving: Saving) -> None:
        body = self.area.write(rules)
        assert self.area.read(body) == rules, "what is written reads back the same"
        self._context.tasks.run(
            lambda: self._till.rules.save(
                self.area.AREA, body, valid_from=saving.valid_from, note=saving.note
            ),
            lambda document: self._on_written(document, is_later=saving.valid_from is not None),
            owner=self,
        )

    def _on_written(self, document: RuleDocument, *, is_later: bool) -> None:
        if is_later:
            when = moment_text(self._till, document.valid_from)
            self._context.messages.good("rules_ui.saved_later", version=document.version, when=when)
        else:
            self._context.messages.good("rules_ui.saved_now", version=document.version)
        self.show_in_force()

    def _go_back_to(self, document: RuleDocument | None) -> None:
        """Its rules as the draft: putting it in force is the same step as for any other."""
        if document is None:
            return
        self.show_rules(self.area.read(document.body))
        if self.is_changed:
            sheet = SaveSheet(self.window(), self._till, self._coming())
            sheet.note.set_text(t("rules_ui.versions.back_note", version=document.version))
            sheet.finished.connect(lambda saving: None if saving is None else self._write(self.draft, saving))
            sheet.open()
        else:
            self._context.messages.info("error.rules_unchanged")

    def _coming(self) -> RuleDocument | None:
        """The version that is to begin some time, if there is one."""
        now = self._till.clock.now_ms()
        coming = [one for one in self._till.rules.versions(self.area.AREA) if one.valid_from > now]
        return min(coming, key=lambda one: one.valid_from, default=None)

    def _rule_set(self) -> RuleSet | None:
        if self.draft is None:
            return None
        if self.area.AREA is RuleArea.TIERS:
            return RuleSet(self._till.rules.points.rules, self.draft)
        return RuleSet(self.draft)

    # --- what is shown ---------------------------------------------------------------------------------------------

    def _show_state(self) -> None:
        coming = self._coming()
        if self.is_changed:
            self.state.show_text("rules_ui.state.draft")
            self.state.set_tone("accent")
        elif coming is not None:
            when = moment_text(self._till, coming.valid_from)
            self.state.show_text("rules_ui.state.coming", version=coming.version, when=when)
            self.state.set_tone("warn")
        elif self.version:
            self.state.show_text("rules_ui.state.version", version=self.version)
            self.state.set_tone("muted")
        else:
            self.state.show_text("rules_ui.state.none")
            self.state.set_tone("muted")
        self.undo.setEnabled(self.is_changed)
        self.save_button.setEnabled(self.is_changed)
        self.state_changed.emit()

    def _say(self, key: str, tone: str, **fields: object) -> None:
        if key:
            self.message.show_text(key, **fields)
            self.message.set_tone(tone)
        self.message.setVisible(bool(key))

    def _focus_wrong(self) -> None:
        """The cursor where something must be mended."""
        for view in self.sections.values():
            for row in view.rows:
                if not row.note.isHidden():
                    row.focus_wrong()
                    return

    # --- what blanks ask -------------------------------------------------------------------------------------------

    def _today(self) -> Any:
        return self._till.shifts.business_date()

    def _options(self, name: str) -> Sequence[Option]:
        if name == "sample_tiers":
            return [("", t("rules_ui.sample.no_tier")), *self.area.options("tiers", self._live)]
        return self.area.options(name, self._live)

    def _live(self, section: str) -> list[tuple[str, str]]:
        return [(row.key, row.called) for row in self.sections[section].rows] if self.sections else []

    def _name_of(self, own: object) -> str:
        from app.domain.ids import CategoryId, ItemId

        assert isinstance(own, UUID)
        for category in self._till.store.catalogue.categories():
            if category.id == CategoryId(own):
                return category.name
        item = self._till.store.catalogue.by_id(ItemId(own), self._till.clock.now_ms())
        return t("rules.goods_gone") if item is None else item.name

    def _pick_goods(self, window: QWidget, value: Any, is_one: bool, take: Callable[[Any], None]) -> None:
        sheet = GoodsSheet(window, self._till, value, is_one=is_one)
        sheet.finished.connect(lambda chosen: None if chosen is None else take(chosen))
        sheet.open()

    def _new_key(self, letter: str) -> str:
        """A key that no rule of the shop has, past ones included: random, short, and never seen by a customer unless printed."""
        characters = base64.b32encode(self._till.ids().bytes[-8:]).decode()
        return letter + characters.rstrip("=")[-KEY_CHARACTERS:]

    # --- Qt --------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() == Qt.Key.Key_Insert and not event.modifiers():
            self.act_insert()
        elif is_control and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.act_move(-1 if event.key() == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and self._base is not None:
            self._told = self.area.describe(self._base)
            self._on_changed()
        elif event.type() == QEvent.Type.StyleChange:
            self._fit()

    def _lay_out(self) -> None:
        content = QWidget(self)
        left = QVBoxLayout(content)
        left.setContentsMargins(0, 0, Space.M, Space.M)
        left.setSpacing(Space.L)
        for view in self.sections.values():
            left.addWidget(view)
        left.addStretch(1)
        self.side = QFrame(self)
        self.side.setProperty("panel", "sunken")
        right = QVBoxLayout(self.side)
        right.setContentsMargins(Space.M, Space.M, Space.S, Space.M)
        right.setSpacing(Space.M)
        inner = QWidget(self.side)
        inside = QVBoxLayout(inner)
        inside.setContentsMargins(0, 0, Space.S, 0)
        inside.setSpacing(Space.S)
        if self.preview is not None:
            inside.addWidget(self.preview)
        inside.addWidget(
            TextLabel("rules_ui.in_words", inner, type=TypeRole.BODY, tone="muted", is_strong=True)
        )
        inside.addWidget(self.words)
        if self.preview is not None:
            inside.addWidget(self.preview.supposed)
        inside.addStretch(1)
        right.addWidget(scrolling(inner, self.side))
        row = QHBoxLayout()
        row.setSpacing(Space.M)
        row.addWidget(scrolling(content, self), 1)
        row.addWidget(self.side)
        self.message = TextLabel(parent=self, type=TypeRole.BODY, tone="danger", wraps=True)
        self.message.hide()
        self.body.addLayout(row, 1)
        self.body.addWidget(self.message)
        self.versions = Button("rules_ui.versions.open", parent=self)
        self.what_if = Button("rules_ui.what_if.open", parent=self)
        self.undo = Button("rules_ui.undo", Kind.GHOST, self)
        self.save_button = Button("rules_ui.save.open", Kind.PRIMARY, self)
        self.what_if.setVisible(self.area.AREA in (RuleArea.POINTS, RuleArea.TIERS))
        connect_click(self.versions, self.ask_versions)
        connect_click(self.what_if, self.ask_what_if)
        connect_click(self.undo, self.show_in_force)
        connect_click(self.save_button, self.save)
        self.foot.addWidget(self.versions)
        self.foot.addWidget(self.what_if)
        self.foot.addStretch(1)
        self.foot.addWidget(self.undo)
        self.foot.addWidget(self.save_button)
        self._fit()

    def _fit(self) -> None:
        width = theme.current().px(SIDE_PIXELS)
        if self.side.minimumWidth() != width:
            self.side.setFixedWidth(width)
