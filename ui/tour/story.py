"""The whole tour, from an empty data folder to the closed day, in the order in which a new shop would live it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication

from app.service.till import Till, TillOpener
from ui import keys, theme
from ui.hotkeys import Hotkeys
from ui.messages import Messages
from ui.scan_catcher import ScanCatcher, ScannerSettings
from ui.tasks import Tasks
from ui.theme import Mode
from ui.tour import afterwards, beginning, day, selling
from ui.tour.guide import Guide, record
from ui.window import TillWindow

GOODS = 6


def tell(
    opener: TillOpener, new_shop: TillOpener, till: Till, folder: Path, *, size: tuple[int, int]
) -> Iterator[Mapping[str, Any]]:
    """Work through every chapter in a real window over ``till``; yields the record of each step as it ends.

    ``new_shop`` opens an empty data folder, for the chapter in which a shop is set up. Raises Lost.
    """
    application = QApplication.instance() or QApplication(["regulars"])
    assert isinstance(application, QApplication)
    theme.install(application, mode=Mode.LIGHT)
    told = 0
    crashes: list[BaseException] = []
    messages = Messages(till.clock)
    tasks = Tasks(on_refused=messages.refused, on_crash=crashes.append)
    hotkeys = Hotkeys(application, keys.from_setting(till.store.desk.setting(keys.SETTING)))
    scanner = ScanCatcher(application, ScannerSettings())
    window = TillWindow(opener, tasks=tasks, messages=messages, hotkeys=hotkeys, scanner=scanner)
    window.resize(*size)
    window.use_till(till)
    window.show()
    window.activateWindow()
    guide = Guide(window, scanner, folder)
    try:
        for chapter in _chapters(guide, new_shop):
            chapter()
            if crashes:
                raise crashes[0]
            yield from record(guide.steps[told:])
            told = len(guide.steps)
    finally:
        hotkeys.stop()
        scanner.stop()
        window.close()
        tasks.close()


def _chapters(guide: Guide, new_shop: TillOpener) -> Iterator[Any]:
    codes = _codes(guide.till)
    yield lambda: beginning.set_up(guide, new_shop)
    yield lambda: beginning.first_sign_on(guide)
    yield lambda: day.open_shift(guide)
    yield from selling.chapters(guide, codes)
    yield lambda: beginning.change_operator(guide)
    yield from afterwards.chapters(guide, codes)
    yield lambda: day.cash_movements(guide)
    yield lambda: day.settings(guide)
    yield lambda: day.training(guide)
    yield lambda: day.looks(guide)
    yield lambda: day.close_shift(guide)


def _codes(till: Till) -> dict[str, str]:
    """Barcodes of some goods with a member price, by SKU."""
    found: dict[str, str] = {}
    for item in till.store.catalogue.records(till.clock.now_ms()):
        if item.barcodes and item.member_price and item.is_active:
            found[item.sku] = item.barcodes[0]
        if len(found) == GOODS:
            break
    return found
