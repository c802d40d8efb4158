"""Sheets that a blank opens: one of a list, several of a list, goods by name or category."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QWidget

from app.i18n import t
from ui import theme
from ui.enter_guard import enter_guard
from ui.rules.flow import FlowPanel
from ui.rules.forms import Option
from ui.sale.list_sheet import ListSheet
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.entry_line import EntryLine
from ui.widgets.form import connect_click
from ui.widgets.result_list import ResultList, ResultRow
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel

if TYPE_CHECKING:
    from uuid import UUID

    from app.domain.ids import CategoryId, ItemId
    from app.service.ports import Category
    from app.service.till import Till

GOODS_SHOWN_MAX: Final = 60
GoodsValue = tuple[frozenset["ItemId"], frozenset["CategoryId"]]


def pick_one(
    window: QWidget, title_key: str, options: Sequence[Option], value: object, take: Callable[[Any], object]
) -> None:
    """Show the list with the present value selected; ``take`` gets what is chosen."""
    rows = [ResultRow(title=word, value=index) for index, (_, word) in enumerate(options)]
    sheet = ListSheet(window, title_key, rows, take_key="rules_ui.take", empty_key="rules_ui.none_yet")
    here = next((index for index, (one, _) in enumerate(options) if one == value), 0)
    sheet.list.step(here)
    sheet.finished.connect(lambda index: None if index is None else take(options[index][0]))
    sheet.open()


class PickManySheet(Sheet):
    """Several of a list: Space ticks, Enter is done. Finishes with a frozenset of the values."""

    def __init__(
        self, window: QWidget, title_key: str, options: Sequence[Option], chosen: frozenset[Any]
    ) -> None:
        super().__init__(window, title_key, width=680)
        self.boxes: list[tuple[object, QCheckBox]] = []
        panel = FlowPanel(self.panel, gap=Space.XL)
        for value, word in options:
            box = _Tick(word, panel)
            box.setChecked(value in chosen)
            panel.flow.addWidget(box)
            self.boxes.append((value, box))
        if not options:
            self.body.addWidget(
                TextLabel("rules_ui.none_yet", self.panel, type=TypeRole.LEAD, tone="muted", wraps=True)
            )
        self.body.addWidget(panel)
        back = Button("ui.back", Kind.GHOST, self.panel)
        connect_click(back, self.step_back)
        self.done = Button("rules_ui.take", Kind.PRIMARY, self.panel)
        connect_click(self.done, self._finish)
        self.add_button(back)
        self.add_button(self.done, is_default=True)
        if self.boxes:
            self.set_first_focus(self.boxes[0][1])

    def _finish(self) -> None:
        self.finish(frozenset(value for value, box in self.boxes if box.isChecked()))


class _Tick(QCheckBox):
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Right):
            self.focusNextChild()
            event.accept()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Left):
            self.focusPreviousChild()
            event.accept()
        else:
            super().keyPressEvent(event)


class GoodsSheet(Sheet):
    """Categories and items by name. Enter adds or takes away what is selected, an empty line and Enter is done.

    With ``is_one`` it finishes with one item's id; else with (items, categories).
    """

    def __init__(self, window: QWidget, till: Till, value: Any, *, is_one: bool) -> None:
        super().__init__(window, "rules_ui.goods.title_one" if is_one else "rules_ui.goods.title", width=700)
        self._till = till
        self._is_one = is_one
        items, categories = ((), ()) if is_one or value is None else value
        self._items: set[UUID] = set(items)
        self._categories: set[UUID] = set(categories)
        self._names: dict[UUID, str] = {}
        self._all: dict[UUID, Category] = {one.id: one for one in till.store.catalogue.categories()}
        self.entry = EntryLine(self.panel, is_home=False, placeholder="rules_ui.goods.placeholder")
        self.entry.set_takes_words(True)
        self.list = ResultList(self.panel, empty_key="rules_ui.goods.none")
        self.list.setMinimumHeight(theme.current().px(340))
        self.chosen = TextLabel(parent=self.panel, type=TypeRole.BODY, tone="accent", wraps=True)
        self.entry.changed.connect(lambda _: self._search())
        self.entry.entered.connect(self._on_entered)
        self.entry.step_requested.connect(self.list.step)
        self.list.chosen.connect(self._toggle)
        self.body.addWidget(self.entry)
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self.chosen)
        back = Button("ui.back", Kind.GHOST, self.panel)
        connect_click(back, self.step_back)
        self.add_button(back)
        self.done = Button("rules_ui.take", Kind.PRIMARY, self.panel)
        connect_click(self.done, self._finish)
        self.done.setVisible(not is_one)
        self.add_button(self.done, is_default=not is_one)
        self.set_first_focus(self.entry)
        self._search()
        self._show_chosen()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -5, Qt.Key.Key_PageDown: 5}
        step = steps.get(Qt.Key(event.key()))
        if step is not None:
            self.list.step(step)
            event.accept()
        elif self._is_one and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if enter_guard.accepts(event):
                self.list.choose_current()
            event.accept()
        else:
            super().keyPressEvent(event)

    def take_scan(self, code: str) -> None:
        """An item held under the scanner."""
        item = self._till.store.catalogue.by_barcode(code, self._till.clock.now_ms())
        if item is not None:
            self._names[item.id] = item.name
            self._toggle(("item", item.id))

    def _on_entered(self, text: str) -> None:
        if text or self._is_one:
            self.list.choose_current()
            self.entry.clear()
        else:
            self._finish()

    def _search(self) -> None:
        text = self.entry.text().strip()
        rows = [] if self._is_one else self._category_rows(text)
        now = self._till.clock.now_ms()
        if text:
            for hit in self._till.store.catalogue.search(text, now, GOODS_SHOWN_MAX):
                self._names[hit.id] = hit.name
                rows.append(self._row("item", hit.id, hit.name, hit.sku))
        self.list.set_rows(rows[:GOODS_SHOWN_MAX])

    def _category_rows(self, text: str) -> list[ResultRow]:
        found = [one for one in self._all.values() if text.casefold() in one.name.casefold()]
        return [self._row("category", one.id, one.name, t("rules_ui.goods.category")) for one in found]

    def _row(self, kind: str, own: UUID, name: str, detail: str) -> ResultRow:
        is_chosen = own in (self._items if kind == "item" else self._categories)
        return ResultRow(title=name, value=(kind, own), detail=detail, trailing="✓" if is_chosen else "")

    def _toggle(self, value: tuple[str, UUID]) -> None:
        kind, own = value
        if self._is_one:
            self.finish(own)
            return
        (self._items if kind == "item" else self._categories).symmetric_difference_update({own})
        here = self.list.current
        self._search()
        if here is not None:
            self.list.step(next((i for i, row in enumerate(self.list.rows) if row.value == here.value), 0))
        self._show_chosen()

    def _show_chosen(self) -> None:
        names = [self._all[own].name for own in self._categories if own in self._all]
        names += [self._name(own) for own in self._items]
        self.chosen.setVisible(not self._is_one)
        if names:
            listed = t("rules.list_mark").join(sorted(filter(None, names)))
            self.chosen.show_text("rules_ui.goods.chosen", names=listed)
        else:
            self.chosen.show_text("rules_ui.goods.nothing")

    def _name(self, own: UUID) -> str:
        from app.domain.ids import ItemId

        if own not in self._names:
            item = self._till.store.catalogue.by_id(ItemId(own), self._till.clock.now_ms())
            self._names[own] = "" if item is None else item.name
        return self._names[own]

    def _finish(self) -> None:
        self.finish((frozenset(self._items), frozenset(self._categories)))
