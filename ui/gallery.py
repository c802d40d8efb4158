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
    QHBoxLayout,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app import i18n
from app.domain.errors import Refused
from ui import keys, theme
from ui.crash import CrashDialog, make_report
from ui.gallery_pages import PAGES
from ui.messages import Level, Message, Messages
from ui.tasks import Progress
from ui.theme import Mode
from ui.widgets.alert_sheet import AlertSheet, ConfirmSheet
from ui.widgets.banner import Banners
from ui.widgets.buttons import Button, Kind
from ui.widgets.key_help import KeyHelpSheet
from ui.widgets.progress_sheet import ProgressSheet
from ui.widgets.sheet import Sheet

SIZES: Final = (QSize(1024, 768), QSize(1280, 800), QSize(1920, 1080))


class Noon:
    """A clock that stands at noon, so that pictures are comparable."""

    def now_ms(self) -> int:
        return int(self.local().timestamp() * 1000)

    def local(self) -> datetime:
        return datetime(2026, 11, 21, 12, tzinfo=UTC)


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
