"""The whole tour, from an empty data folder to the closed day, in the order in which a new shop would live it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication

from app.service.ports import Clock
from app.service.till import Till, TillOpener
from ui import keys, theme
from ui.hotkeys import Hotkeys
from ui.messages import Messages
from ui.scan_catcher import ScanCatcher, ScannerSettings
from ui.tasks import Tasks
from ui.theme import Mode
from ui.tour import afterwards, beginning, day, looks, member_life, office, owner_day, selling
from ui.tour.guide import Guide, record
from ui.window import TillWindow

GOODS = 6


def tell(
    opener: TillOpener,
    new_shop: TillOpener,
    till: Till,
    folder: Path,
    *,
    size: tuple[int, int],
    mode: Mode = Mode.LIGHT,
    read_paper: member_life.ReadPaper,
    server: office.Office,
) -> Iterator[Mapping[str, Any]]:
    """Work through every chapter in a real window over ``till``; yields the record of each step as it ends.

    ``new_shop`` opens an empty data folder, for the chapter in which a shop is set up; ``read_paper`` reads the symbols of a paper that
    was printed; ``server`` is the office that the till is paired with. Raises Lost.
    """
    application = QApplication.instance() or QApplication(["regulars"])
    assert isinstance(application, QApplication)
    theme.install(application, mode=mode)
    told = 0
    crashes: list[BaseException] = []
    with _stage(application, new_shop, None, till.clock, size, crashes) as (window, scanner):
        guide = Guide(window, scanner, folder)
        beginning.set_up(guide)
    with (
        _stage(application, opener, till, till.clock, size, crashes) as (window, scanner),
        guide.in_window(window, scanner),
    ):
        for chapter in _chapters(guide, read_paper, server):
            yield from record(guide.steps[told:])
            told = len(guide.steps)
            chapter()
            if crashes:
                raise crashes[0]
        yield from record(guide.steps[told:])


@contextmanager
def _stage(
    application: QApplication,
    opener: TillOpener,
    till: Till | None,
    clock: Clock,
    size: tuple[int, int],
    crashes: list[BaseException],
) -> Iterator[tuple[TillWindow, ScanCatcher]]:
    """A window with everything around it, as the program makes it; without a till nothing is shown yet."""
    messages = Messages(clock)
    tasks = Tasks(on_refused=messages.refused, on_crash=crashes.append)
    stored = till.store.desk.setting(keys.SETTING) if till is not None else None
    hotkeys = Hotkeys(application, keys.from_setting(stored))
    scanner = ScanCatcher(application, ScannerSettings())
    window = TillWindow(opener, tasks=tasks, messages=messages, hotkeys=hotkeys, scanner=scanner)
    window.resize(*size)
    if till is not None:
        window.use_till(till)
    window.show()
    window.activateWindow()
    try:
        yield window, scanner
    finally:
        hotkeys.stop()
        scanner.stop()
        window.close()
        tasks.close()


def _chapters(guide: Guide, read_paper: member_life.ReadPaper, server: office.Office) -> Iterator[Any]:
    codes = _codes(guide.till)
    yield lambda: beginning.first_sign_on(guide)
    yield lambda: day.open_shift(guide)
    yield from selling.chapters(guide, codes)
    yield lambda: beginning.change_operator(guide)
    yield from afterwards.chapters(guide, codes)
    yield lambda: day.cash_movements(guide)
    yield lambda: day.settings(guide)
    yield from member_life.chapters(guide, codes, read_paper)
    yield from owner_day.chapters(guide)
    yield lambda: day.training(guide)
    yield lambda: day.crash_dialog(guide, codes)
    yield from office.chapters(guide, codes, server)
    yield lambda: looks.languages(guide, codes)
    yield lambda: looks.sizes(guide, codes)
    yield lambda: office.unpair(guide)
    yield lambda: day.close_shift(guide, codes)


def _codes(till: Till) -> dict[str, str]:
    """Barcodes of some goods with a member price, by SKU."""
    found: dict[str, str] = {}
    for item in till.store.catalogue.records(till.clock.now_ms()):
        if item.barcodes and item.member_price and item.is_active:
            found[item.sku] = item.barcodes[0]
        if len(found) == GOODS:
            break
    return found
