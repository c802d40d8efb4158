"""The tour's chapters around the selling: opening the drawer, cash in and out, the reports, the blind count, practice, settings."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.domain.money import format_money
from app.domain.transaction import TransactionKind
from app.service.closing import CloseStep
from ui import crash
from ui.context import Screen
from ui.keys import Action
from ui.settings.training import TrainingPage
from ui.settings.view import PAGES, SettingsView
from ui.shift.close_panel import ClosePanel
from ui.tour.guide import Guide, Lost
from ui.widgets.key_help import KeyCap
from ui.widgets.sheet import topmost

FLOAT = "3000"
PRACTICE_PHONE = "0987650999"
PRACTICE_E164 = "+886987650999"
ENTER_MAX = 10


def open_shift(guide: Guide) -> None:
    with guide.step("the shift opens with a float"):
        guide.on(Screen.SHIFT)
        guide.press("Ctrl+A")
        guide.type(FLOAT)
        guide.picture("shift-open")
        guide.press("Enter")
        guide.on(Screen.SALE)
        shift = guide.till.session.shift
        guide.check("float", shift.opening_float.minor if shift else None, int(FLOAT))
        guide.check("recorded", guide.newest_control().header.kind, TransactionKind.SHIFT_OPEN)


def cash_movements(guide: Guide) -> None:
    with guide.step("the drawer without goods: no-sale, paid in, paid out"):
        guide.press("F12")
        guide.on(Screen.SHIFT)
        report = guide.till.shifts.x_report().settlement
        net = format_money(report.net)
        guide.until("the net sales are on the screen", lambda: net in guide.words())
        guide.check("net sales on the screen", net in guide.words(), True)
        guide.picture("x-report")
        guide.type("1")
        guide.until("the X report prints", lambda: guide.told() == "shiftview.x_printed")
        for key, amount, kind in (
            ("2", "500", TransactionKind.PAID_IN),
            ("3", "120", TransactionKind.PAID_OUT),
            ("4", "", TransactionKind.NO_SALE),
        ):
            guide.type(key)
            guide.sheet_opens()
            guide.type(amount)
            guide.picture(kind.value)
            for _ in range(ENTER_MAX):
                guide.press("Enter")
                if topmost(guide.window) is None:
                    break
            guide.sheet_closes()
            found = guide.newest_control()
            guide.check(f"recorded {kind.value}", found.header.kind, kind)
            if amount:
                guide.check(f"amount {kind.value}", abs(found.amount.minor), int(amount))
        guide.back_to_sale()


def close_shift(guide: Guide, codes: Mapping[str, str]) -> int:
    """Returns the Z number."""
    with guide.step("the shift closes: held sales, blind count, difference with its reason, Z report"):
        guide.scan(next(iter(codes.values())))
        guide.press("F7")
        expected = guide.till.shifts.x_report().settlement.expected_cash.minor
        guide.press("F12")
        guide.on(Screen.SHIFT)
        guide.press("Enter")
        panel = _close_panel(guide)
        guide.check("the held sale is told", panel.flow.step, CloseStep.HELD)
        guide.picture("close-held")
        guide.press("Enter")
        guide.picture("close-count")
        _count(guide, expected - 7)
        _to_step(guide, CloseStep.DIFFERENCE)
        if panel.page == "non_cash":
            guide.picture("close-non-cash")
            guide.press("Enter")
        guide.picture("close-difference")
        guide.type("1")
        _to_step(guide, CloseStep.FLOAT)
        guide.picture("close-float")
        _to_step(guide, CloseStep.DONE)
        guide.picture("z-report")
        closed = panel.closed
        totals = closed.report.totals if closed else None
        if totals is None:
            raise Lost("the shift did not close")
        guide.check("expected", totals.expected.minor, expected)
        guide.check("over/short", totals.over_short.minor, -7)
        guide.check("a reason was given", bool(totals.reason), True)
        guide.check("recorded", guide.newest_control().header.kind, TransactionKind.SHIFT_CLOSE)
        guide.press("Enter")
        guide.on(Screen.SIGN_ON)
        return totals.z_number


def settings(guide: Guide) -> None:
    with guide.step("the keys, and every page of the settings"):
        guide.press("F1")
        guide.sheet_opens()
        guide.picture("help")
        keys = guide.window.context.hotkeys.keys
        shown = [cap.accessibleName() for cap in guide.window.findChildren(KeyCap)]
        guide.check("keys on the page", len(shown), len(Action))
        guide.check("the key of the settings is one of them", keys.key(Action.SETTINGS) in shown, True)
        guide.back_to_sale()
        guide.press("Ctrl+S")
        guide.on(Screen.SETTINGS)
        view = _settings(guide)
        for number, page in enumerate(PAGES):
            if number:
                guide.press("Down")
            guide.check(f"page {number + 1}", view.page.NAME, page.NAME)
            guide.picture(f"settings-{page.NAME}")
        guide.back_to_sale()


def training(guide: Guide) -> None:
    with guide.step("practice in a file of its own: nothing of it reaches the books"):
        live = guide.till
        newest = guide.newest().header.id
        _open_training_page(guide)
        guide.tap(_training(guide).begin)
        guide.until("practice has begun", lambda: guide.till.session.is_training)
        guide.check("another till", guide.till is live, False)
        guide.press("F12")
        guide.on(Screen.SHIFT)
        guide.press("Ctrl+A")
        guide.type("1000")
        guide.press("Enter")
        guide.on(Screen.SALE)
        guide.type(PRACTICE_PHONE)
        guide.press("Enter")
        guide.type("TE001")
        guide.press("Enter", "Enter", "Enter")
        sale = guide.newest_sale()
        guide.picture("training-sale")
        guide.check("marked as practice", sale.header.is_training, True)
        _open_training_page(guide)
        guide.picture("training-end")
        guide.tap(_training(guide).end)
        guide.until("the real till is back", lambda: guide.till is live)
        guide.back_to_sale()
        guide.check("books untouched", guide.newest().header.id, newest)
        guide.check("no such member", live.store.members.by_phone(PRACTICE_E164), None)


def crash_dialog(guide: Guide, codes: Mapping[str, str]) -> None:
    with guide.step("a bug of ours: the dialog says what to do, tells nobody's number, and the basket stays"):
        for code in list(codes.values())[:2]:
            guide.scan(code)
        crash.install(clock=guide.till.clock, version="demo")

        def boom() -> None:
            raise AssertionError(f"for the demonstration, with the number {PRACTICE_PHONE}")

        try:
            thread = threading.Thread(target=boom)
            thread.start()
            thread.join()
            guide.until("the dialog", lambda: bool(_crash_dialogs()))
            dialog = _crash_dialogs()[0]
            guide.picture("crash", of=dialog)
            guide.check("the traceback is in the report", "AssertionError" in dialog.report_text, True)
            guide.check("the number is in the report", PRACTICE_PHONE in dialog.report_text, False)
            QTest.keyClick(dialog, Qt.Key.Key_Return)
            guide.check("Enter puts it away", dialog.isVisible(), False)
        finally:
            crash.uninstall()
        guide.window.activateWindow()
        guide.check("lines in the basket", len(guide.till.checkout.basket.live_lines), 2)
        guide.press("Enter", "Enter")
        guide.check("and they are sold", len(guide.newest_sale().lines), 2)


def _crash_dialogs() -> list[crash.CrashDialog]:
    return [
        each
        for each in QApplication.topLevelWidgets()
        if isinstance(each, crash.CrashDialog) and each.isVisible()
    ]


def _settings(guide: Guide) -> SettingsView:
    view = guide.window.stack.currentWidget()
    assert isinstance(view, SettingsView)
    return view


def _open_training_page(guide: Guide) -> None:
    guide.press("Ctrl+S")
    guide.on(Screen.SETTINGS)
    for _ in PAGES:
        if _settings(guide).page.NAME == TrainingPage.NAME:
            return
        guide.press("Down")
    raise Lost("the settings have no page of practice")


def _training(guide: Guide) -> TrainingPage:
    page = _settings(guide).page
    assert isinstance(page, TrainingPage)
    return page


def _close_panel(guide: Guide) -> ClosePanel:
    from ui.shift.view import ShiftView

    view = guide.window.stack.currentWidget()
    assert isinstance(view, ShiftView)
    return view.close_panel


def _to_step(guide: Guide, step: CloseStep) -> None:
    panel = _close_panel(guide)
    for _ in range(ENTER_MAX):
        if panel.flow.step is step:
            guide.settle()
            return
        guide.press("Enter")
        guide.until("the close goes on", lambda: not panel.is_working)
    raise Lost(f"closing: never reached {step}")


def _count(guide: Guide, minor: int) -> None:
    """The drawer, note by note: pieces and Enter for each denomination, the last Enter ends the count."""
    for denomination in _close_panel(guide).flow.denominations:
        pieces, minor = divmod(minor, denomination)
        guide.type(str(pieces))
        guide.press("Enter")
