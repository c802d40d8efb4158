"""The tour's chapters around the selling: opening the drawer, cash in and out, the reports, the blind count, practice, settings."""

from __future__ import annotations

from app.domain.transaction import TransactionKind
from app.service.closing import CloseStep
from ui.context import Screen
from ui.shift.close_panel import ClosePanel
from ui.theme import Mode
from ui.tour.guide import Guide, Lost
from ui.widgets.sheet import topmost

FLOAT = "3000"
ESC_MAX = 8
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
        guide.picture("x-report")
        for key, amount, kind in (
            ("2", "500", TransactionKind.PAID_IN),
            ("3", "120", TransactionKind.PAID_OUT),
            ("4", "", TransactionKind.NO_SALE),
        ):
            guide.type(key)
            guide.sheet_opens()
            if amount:
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
        back_to_sale(guide)


def close_shift(guide: Guide) -> int:
    """Returns the Z number."""
    with guide.step("the shift closes: blind count, difference with its reason, Z report"):
        expected = guide.till.shifts.x_report().settlement.expected_cash.minor
        guide.press("F12")
        guide.on(Screen.SHIFT)
        guide.press("Enter")
        panel = _close_panel(guide)
        if panel.flow.step is CloseStep.HELD:
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
    with guide.step("settings, help and history"):
        guide.press("F1")
        guide.sheet_opens()
        guide.picture("help")
        back_to_sale(guide)
        guide.window.go_to(Screen.SETTINGS)
        guide.on(Screen.SETTINGS)
        guide.picture("settings")
        back_to_sale(guide)
        guide.window.go_to(Screen.HISTORY)
        guide.on(Screen.HISTORY)
        guide.picture("history")
        back_to_sale(guide)
        guide.check("back at the counter", guide.window.current_screen is Screen.SALE, True)


def training(guide: Guide) -> None:
    with guide.step("practice in a file of its own: nothing of it reaches the books"):
        live = guide.till
        newest = guide.newest().header.id
        live.shifts.begin_training()
        practice = guide.window.context.opener.open_training(live)
        guide.window.use_till(practice)
        guide.picture("training-sign-on")
        practice.authority.sign_on("01", "880101")
        guide.window.go_to(Screen.SHIFT)
        guide.press("Ctrl+A")
        guide.type("1000")
        guide.press("Enter")
        guide.on(Screen.SALE)
        guide.type("0987650999")
        guide.press("Enter")
        guide.type("TE001")
        guide.press("Enter", "Enter", "Enter")
        sale = guide.newest_sale()
        guide.picture("training-sale")
        guide.check("marked as practice", sale.header.is_training, True)
        guide.window.use_till(live)
        live.shifts.end_training(1)
        practice.close()
        guide.check("books untouched", guide.newest().header.id, newest)
        guide.check("no such member", live.store.members.by_phone("+886987650999"), None)


def looks(guide: Guide) -> None:
    """The sale screen in every language, light and dark, small and large."""
    with guide.step("three languages, light and dark, small and large"):
        count = 0
        for language in ("zh_TW", "zh_CN", "en"):
            for mode in (Mode.LIGHT, Mode.DARK):
                with guide.looking_like(language=language, mode=mode):
                    guide.picture(f"sale-{language}-{mode.value}")
                    count += 1
        for size in ((1024, 768), (1920, 1080)):
            with guide.looking_like(size=size):
                guide.picture(f"sale-{size[0]}x{size[1]}")
                count += 1
        guide.check("pictures", count, 8)


def back_to_sale(guide: Guide) -> None:
    """Esc, one step at a time, until the counter is back."""
    for _ in range(ESC_MAX):
        if guide.window.current_screen is Screen.SALE and topmost(guide.window) is None:
            return
        guide.press("Esc")
    guide.on(Screen.SALE)


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
