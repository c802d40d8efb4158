"""Language and colours, live; and how the shop's scale writes its barcodes."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QGridLayout, QWidget

from app import i18n
from app.domain.barcode import LabelKind, LabelRule
from app.domain.errors import Refused
from app.service.shop import load_label_rules
from app.service.till import Till
from ui import theme
from ui.context import ScreenContext
from ui.first_run.pages import LANGUAGES
from ui.settings.page import SettingsPage
from ui.settings.shop import asked
from ui.theme import Mode, Space
from ui.widgets.form import Choice, Field
from ui.widgets.text_label import TextLabel

RULES_MAX = 5
MODES = ((Mode.LIGHT, "settings.look.light"), (Mode.DARK, "settings.look.dark"))
KINDS = ((LabelKind.WEIGHT, "settings.labels.weight"), (LabelKind.PRICE, "settings.labels.price"))


class LookPage(SettingsPage):
    """What is chosen is in force at once and kept."""

    NAME = "look"

    def __init__(self, till: Till, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__(till, context, parent)
        self.language = Choice(LANGUAGES, i18n.language(), self, is_plain=True)
        self.mode = Choice(MODES, theme.current().mode, self)
        self.body.addWidget(asked(self, "firstrun.language", self.language))
        self.body.addWidget(asked(self, "settings.look.mode", self.mode))
        self.language.chosen.connect(self._on_language)
        self.mode.chosen.connect(self._on_mode)

    def refresh(self) -> None:
        self.language.set_value(i18n.language())
        self.mode.set_value(theme.current().mode)

    def _on_language(self, language: str) -> None:
        i18n.set_language(language)
        self.keep_shop(replace(self._till.shop, language=language))

    def _on_mode(self, mode: Mode) -> None:
        theme.current().set_mode(mode)
        self.keep_shop(replace(self._till.shop, theme=mode.value))


class LabelsPage(SettingsPage):
    """Price-embedded barcodes (20 to 29): patterns as the scale writes them."""

    NAME = "labels"
    SETTING = "label_rules"

    def __init__(self, till: Till, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__(till, context, parent)
        self.rows: list[tuple[Field, Choice[LabelKind], Field]] = []
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.L)
        grid.setVerticalSpacing(Space.S)
        for column, key in enumerate(("pattern", "kind", "decimals")):
            grid.addWidget(TextLabel(f"settings.labels.{key}", self, tone="muted"), 0, column)
        for row in range(1, RULES_MAX + 1):
            pattern = Field("", self, characters_max=13, width=260)
            kind = Choice(KINDS, LabelKind.WEIGHT, self)
            decimals = Field("", self, is_number=True, characters_max=1, width=90)
            for column, widget in enumerate((pattern, kind, decimals)):
                grid.addWidget(widget, row, column)
            for field in (pattern, decimals):
                field.label.hide()
            self.rows.append((pattern, kind, decimals))
        grid.setColumnStretch(3, 1)
        self.body.addLayout(grid)
        self.add_save(self.save)

    def refresh(self) -> None:
        rules = load_label_rules(self._till.store.desk.settings())
        for index, (pattern, kind, decimals) in enumerate(self.rows):
            rule = rules[index] if index < len(rules) else None
            pattern.set_text(rule.pattern if rule else "")
            decimals.set_text(str(rule.decimals) if rule else "")
            kind.set_value(rule.kind if rule else LabelKind.WEIGHT)

    def save(self) -> None:
        rules: list[LabelRule] = []
        for pattern, kind, decimals in self.rows:
            if not pattern.text:
                continue
            try:
                rules.append(_rule(pattern.text.upper(), kind.value, decimals.text))
            except Refused as error:
                pattern.refuse(error)
                return
        kept = [[rule.pattern, rule.kind.value, rule.decimals] for rule in rules]
        self.keep_setting(self.SETTING, kept, lambda: self._till.checkout.use_label_rules(tuple(rules)))


def _rule(pattern: str, kind: LabelKind, decimals: str) -> LabelRule:
    is_right = (
        len(pattern) == 13
        and pattern[-1] == "C"
        and pattern[:2] in {str(prefix) for prefix in range(20, 30)}
        and set(pattern[2:-1]) <= set("IVP")
        and {"I", "V"} <= set(pattern)
        and decimals in ("", "0", "1", "2", "3")
    )
    if not is_right:
        raise Refused("label_pattern_wrong")
    return LabelRule(pattern, kind, int(decimals or "0"))
