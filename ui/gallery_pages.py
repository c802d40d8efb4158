"""The pages of the gallery: made-up goods and customers in every widget that a screen is built of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLayout,
    QLineEdit,
    QProgressBar,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.money import TWD, Money
from ui import keys
from ui.keys import Action
from ui.theme import Space, TypeRole
from ui.tokens import TILE_NAMES
from ui.widgets.basket_view import BasketView, RowData
from ui.widgets.buttons import Button, FunctionKey, Kind
from ui.widgets.denomination_grid import DenominationGrid
from ui.widgets.entry_line import EntryLine
from ui.widgets.keypad import Keypad
from ui.widgets.member_badge import BadgeData, MemberBadge
from ui.widgets.money_label import MoneyLabel
from ui.widgets.pin_pad import PinPad
from ui.widgets.result_list import ResultList, ResultRow
from ui.widgets.seal import Seal
from ui.widgets.status_lamp import Lamp, StatusLamp
from ui.widgets.text_label import TextLabel
from ui.widgets.tile_grid import TileData, TileGrid

ROWS: Final = (
    RowData(1, "御茶園 特撰日式綠茶 550ml", "2", "25", "50"),
    RowData(2, "義美 小泡芙 巧克力 65g", "3", "32", "89", ("任選三件 −$7",), is_discounted=True),
    RowData(3, "香蕉（秤重）", "0.385", "58", "22"),
    RowData(
        4,
        "濾掛咖啡 耶加雪菲 10 入",
        "1",
        "320",
        "288",
        ("會員價", "備註：送禮，另外包裝"),
        is_discounted=True,
    ),
    RowData(5, "統一 布丁 100g", "1", "20", "20", is_void=True),
    RowData(
        6, "不鏽鋼保溫瓶 500ml 霧黑限定款附背帶", "-1", "890", "-890", ("原單 01-1-A000123",), is_return=True
    ),
    RowData(7, "衛生紙 抽取式 100 抽 × 10 包", "1", "199", "199"),
)
MEMBER: Final = BadgeData("王○明", "0912-***-678", "1,280", "金卡", "", "濾心上次買是 5 個月前")
RESULTS: Final = tuple(
    ResultRow(name, name, code, price, member)
    for name, code, price, member in (
        ("御茶園 特撰日式綠茶 550ml", "4710088412348 · A0123", "25", ""),
        ("光泉 茉莉綠茶 585ml", "4710105046488 · A0124", "22", "會員 20"),
        ("原萃 日式綠茶 580ml", "4710018180507 · A0125", "29", ""),
        ("綠茶粉 100g", "2900123001589 · A0311", "180", "會員 162"),
    )
)


def _panel(layout: QLayout, kind: str = "surface") -> QFrame:
    frame = QFrame()
    frame.setProperty("panel", kind)
    frame.setLayout(layout)
    return frame


def _column(*widgets: QWidget | QLayout, stretch: bool = True) -> QVBoxLayout:
    layout = QVBoxLayout()
    layout.setSpacing(Space.M)
    for widget in widgets:
        if isinstance(widget, QWidget):
            layout.addWidget(widget)
        else:
            layout.addLayout(widget)
    if stretch:
        layout.addStretch(1)
    return layout


def _row(*widgets: QWidget) -> QHBoxLayout:
    layout = QHBoxLayout()
    layout.setSpacing(Space.S)
    for widget in widgets:
        layout.addWidget(widget)
    return layout


def counter_page() -> QWidget:
    """What the cashier looks at all day: the line, the basket, the customer, what is owed, the keys."""
    entry, basket = EntryLine(), BasketView()
    entry.setText("0912345678")
    entry.show_hint("keys.member.short")
    basket.set_rows(ROWS)
    basket.select(4)
    badge, total = MemberBadge(), MoneyLabel()
    badge.show_member(MEMBER)
    total.show_money(Money(1348, TWD))
    owed = _column(TextLabel("ui.count.total", type=TypeRole.LEAD, tone="muted"), total, stretch=False)
    owed.setContentsMargins(Space.L, Space.L, Space.L, Space.L)
    caps = [FunctionKey(action, keys.DEFAULT) for action in list(Action)[1:10]]
    caps[6].set_badge("2")
    left = QVBoxLayout()
    left.setSpacing(Space.M)
    left.addWidget(entry)
    around = QVBoxLayout()
    around.setContentsMargins(2, Space.S, 2, Space.S)
    around.addWidget(basket)
    left.addWidget(_panel(around), 1)
    lamps = _row(*(StatusLamp("ui.ok", state=lamp) for lamp in Lamp))
    right = _column(badge, _panel(owed), Keypad(), Button("ui.confirm", Kind.PRIMARY, size="large"), lamps)
    page = QWidget()
    both = QHBoxLayout()
    both.setSpacing(Space.L)
    both.addLayout(left, 5)
    both.addLayout(right, 3)
    layout = QVBoxLayout(page)
    layout.setSpacing(Space.M)
    layout.addLayout(both, 1)
    layout.addLayout(_row(*caps))
    return page


def empty_page() -> QWidget:
    """Before the first item: nothing is there, and everything says what to do."""
    around = QVBoxLayout()
    around.setContentsMargins(2, Space.S, 2, Space.S)
    around.addWidget(BasketView())
    total, new, named = MoneyLabel(), MemberBadge(), MemberBadge()
    total.show_money(Money(-890, TWD))
    new.show_member(BadgeData("", "0987-***-321", "0", is_new=True))
    named.show_member(BadgeData("陳○", "0922-***-108", "24,860", "一般", "餘額 09:12 同步"))
    left = _column(EntryLine(), stretch=False)
    left.addWidget(_panel(around), 1)
    right = _column(MemberBadge(), new, named, total, ResultList())
    page = QWidget()
    layout = QHBoxLayout(page)
    layout.setSpacing(Space.L)
    layout.addLayout(left, 5)
    layout.addLayout(right, 3)
    return page


def finding_page() -> QWidget:
    """Search results and quick keys."""
    results, tiles = ResultList(), TileGrid()
    results.set_rows(RESULTS)
    results.step(1)
    names = ("有機香蕉", "雞蛋 一盒", "塑膠袋 中", "現煮美式咖啡 大杯", "茶葉蛋", "包裝費", "報紙", "烤地瓜")
    tiles.set_tiles(
        [
            TileData(0, place, names[place % 8], TILE_NAMES[place % 8], place, f"{15 + 5 * place}")
            for place in range(18)
        ]
        + [TileData(1, 0, "x", "amber", 0), TileData(2, 0, "y", "rose", 0)]
    )
    around = QVBoxLayout()
    around.setContentsMargins(2, Space.S, 2, Space.S)
    around.addWidget(results)
    page = QWidget()
    layout = QHBoxLayout(page)
    layout.setSpacing(Space.L)
    layout.addWidget(_panel(around), 1)
    layout.addWidget(tiles, 1)
    return page


def counting_page() -> QWidget:
    """PIN and drawer count."""
    pin, refused, count = PinPad(), PinPad(), DenominationGrid(TWD)
    for _ in range(4):
        pin._on_digit("1")
    refused.refuse("error.key_fixed", key="PIN")
    count.set_counts(((1000, 12), (500, 3), (100, 27), (10, 41), (1, 8)))
    page = QWidget()
    layout = QHBoxLayout(page)
    layout.setSpacing(Space.L)
    for widget in (_column(Seal(), pin), _column(Seal(), refused), _column(count)):
        widget.setContentsMargins(Space.L, Space.L, Space.L, Space.L)
        layout.addWidget(_panel(widget))
    return page


def controls_page() -> QWidget:
    """Buttons, fields, words: each in every state."""
    grid = QGridLayout()
    grid.setSpacing(Space.M)
    for row, kind in enumerate(Kind):
        states = (
            Button("ui.confirm", kind),
            Button("ui.confirm", kind),
            Button("ui.confirm", kind, size="compact"),
        )
        states[1].setEnabled(False)
        for column, button in enumerate((*states, Button("ui.confirm", kind, size="large"))):
            grid.addWidget(button, row, column)
    field, box, checked, choice, bar = (
        QLineEdit("王小明"),
        QComboBox(),
        QCheckBox("開啟"),
        QRadioButton("公斤"),
        QProgressBar(),
    )
    box.addItems(["現金", "刷卡"])
    checked.setChecked(True)
    choice.setChecked(True)
    bar.setValue(62)
    refused = EntryLine(is_home=False)
    refused.setText("471008841234")
    refused.refuse()
    off = QLineEdit("不能改")
    off.setEnabled(False)
    fields = _column(
        refused, _row(field, off, box), _row(checked, QCheckBox("關閉"), choice, QRadioButton("件")), bar
    )
    steps = []
    for role in TypeRole:
        step = TextLabel(type=role)
        step.show_plain("熟客 Regulars 1,280")
        steps.append(step)
    tones = _row(
        *(
            TextLabel("ui.confirm", tone=tone)
            for tone in ("", "muted", "faint", "accent", "danger", "warn", "good")
        )
    )
    page = QWidget()
    layout = QHBoxLayout(page)
    layout.setSpacing(Space.XL)
    layout.addLayout(_column(_column(*steps, stretch=False), tones))
    right = QVBoxLayout()
    right.addLayout(grid)
    right.addLayout(fields)
    layout.addLayout(right)
    return page


PAGES: Final[dict[str, Callable[[], QWidget]]] = {
    "counter": counter_page,
    "empty": empty_page,
    "finding": finding_page,
    "counting": counting_page,
    "controls": controls_page,
}
