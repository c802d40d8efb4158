"""A developer's window with every widget in every state, for looking. No shop ever sees it.

python -m ui.gallery                 look around; buttons switch light and dark, language and size
python -m ui.gallery --out FOLDER    save a picture of every page in every look
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLayout,
    QLineEdit,
    QProgressBar,
    QRadioButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app import i18n
from app.domain.errors import Refused
from app.domain.money import TWD, Money
from ui import keys, theme
from ui.crash import CrashDialog, make_report
from ui.keys import Action
from ui.messages import Level, Message, Messages
from ui.tasks import Progress
from ui.theme import Mode, Space, TypeRole
from ui.tokens import TILE_NAMES
from ui.widgets.alert_sheet import AlertSheet, ConfirmSheet
from ui.widgets.banner import Banners
from ui.widgets.basket_view import BasketView, RowData
from ui.widgets.buttons import Button, FunctionKey, Kind
from ui.widgets.denomination_grid import DenominationGrid
from ui.widgets.entry_line import EntryLine
from ui.widgets.key_help import KeyHelpSheet
from ui.widgets.keypad import Keypad
from ui.widgets.member_badge import BadgeData, MemberBadge
from ui.widgets.money_label import MoneyLabel
from ui.widgets.pin_pad import PinPad
from ui.widgets.progress_sheet import ProgressSheet
from ui.widgets.result_list import ResultList, ResultRow
from ui.widgets.seal import Seal
from ui.widgets.sheet import Sheet
from ui.widgets.status_lamp import Lamp, StatusLamp
from ui.widgets.text_label import TextLabel
from ui.widgets.tile_grid import TileData, TileGrid

SIZES: Final = (QSize(1024, 768), QSize(1280, 800), QSize(1920, 1080))

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


class Noon:
    """A clock that stands at noon, so that pictures are comparable."""

    def now_ms(self) -> int:
        return int(self.local().timestamp() * 1000)

    def local(self) -> datetime:
        return datetime(2026, 11, 21, 12, tzinfo=UTC)


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


def sheets(window: QWidget) -> dict[str, Callable[[], Sheet]]:
    """Every sheet, ready to open over the window."""

    def progress() -> Sheet:
        sheet = ProgressSheet(window, "keys.shift")
        sheet.show_progress(Progress(620, 1000, "620 / 1,000"))
        return sheet

    alert = Message(Level.ERROR, "error.basket_empty", {}, 0)
    return {
        "help": lambda: KeyHelpSheet(window, keys.DEFAULT),
        "alert": lambda: AlertSheet(window, alert),
        "confirm": lambda: ConfirmSheet(
            window, "keys.cancel_sale.short", "error.basket_empty", lambda: None, is_dangerous=True
        ),
        "progress": progress,
    }


class Gallery(QWidget):
    """The window."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("panel", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.tabs = QTabWidget()
        for name, page in PAGES.items():
            self.tabs.addTab(page(), name)
        self.messages = Messages(Noon(), self)
        self.banners = Banners(self, self.messages, anchor=self.tabs, is_audible=False)
        layout = QVBoxLayout(self)
        layout.addWidget(self.tabs, 1)
        layout.addLayout(self._switches())

    def tell(self) -> None:
        self.messages.good("ui.alert.good")
        self.messages.refused(Refused("barcode_unknown", code="4710088412348"))
        self.messages.error("error.basket_empty", retry=lambda: None)

    def _switches(self) -> QHBoxLayout:
        row = QHBoxLayout()
        deeds: list[tuple[str, Callable[[], object]]] = [
            ("light / dark", lambda: theme.current().set_mode(_other_mode())),
            *((language, lambda to=language: i18n.set_language(to)) for language in i18n.LANGUAGES),
            *((f"{size.width()}×{size.height()}", lambda to=size: _fit(self, to)) for size in SIZES),
            ("banners", self.tell),
            *((name, lambda make=make: make().open()) for name, make in sheets(self).items()),
        ]
        for name, deed in deeds:
            button = Button(kind=Kind.GHOST, size="compact")
            button.show_plain(name)
            button.clicked.connect(lambda _=False, deed=deed: deed())
            row.addWidget(button)
        return row


def _other_mode() -> Mode:
    return Mode.LIGHT if theme.current().mode is Mode.DARK else Mode.DARK


def _fit(window: QWidget, size: QSize) -> None:
    theme.current().fit(size)
    window.resize(size)


def save_pictures(folder: Path) -> list[Path]:
    """Every page and sheet in light and dark, in every language, at the smallest and the largest size."""
    folder.mkdir(parents=True, exist_ok=True)
    saved: list[Path] = []

    def save(widget: QWidget, name: str) -> None:
        QApplication.processEvents()
        path = folder / f"{name}.png"
        assert widget.grab().save(str(path))
        saved.append(path)

    for mode, language, size in (
        (Mode.LIGHT, "zh_TW", SIZES[1]),
        (Mode.DARK, "zh_TW", SIZES[1]),
        (Mode.LIGHT, "en", SIZES[0]),
        (Mode.DARK, "zh_CN", SIZES[2]),
    ):
        theme.current().set_mode(mode)
        i18n.set_language(language)
        look = f"{mode}_{language}_{size.width()}"
        gallery = Gallery()
        _fit(gallery, size)
        gallery.show()
        for index, page in enumerate(PAGES):
            gallery.tabs.setCurrentIndex(index)
            save(gallery, f"{page}_{look}")
        gallery.tabs.setCurrentIndex(0)
        for name, make in sheets(gallery).items():
            sheet = make()
            sheet.open()
            save(gallery, f"sheet_{name}_{look}")
            sheet.finish()
        gallery.tell()
        save(gallery, f"banners_{look}")
        report = make_report(
            ZeroDivisionError("division by zero"), version="0.1.0", at=Noon().local().isoformat()
        )
        dialog = CrashDialog(report)
        dialog.show()
        save(dialog, f"crash_{look}")
        dialog.close()
        gallery.close()
    return saved


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m ui.gallery", description=__doc__)
    parser.add_argument("--out", type=Path, help="save pictures in this folder instead of opening a window")
    chosen = parser.parse_args(arguments)
    if chosen.out is not None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    theme.install(application)
    if chosen.out is not None:
        save_pictures(chosen.out)
        return 0
    gallery = Gallery()
    _fit(gallery, SIZES[1])
    gallery.show()
    return application.exec()


if __name__ == "__main__":
    raise SystemExit(main())
