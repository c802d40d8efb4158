"""The tour's chapters after the sale: goods that come back, exchanges, voids, copies, and the drawer without goods."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from app.domain.receipt import Band, DrawerPulse
from app.domain.tender import TenderKind
from app.domain.transaction import RetailTransaction, TransactionKind
from app.i18n import t
from ui.context import Screen
from ui.history import HistoryView
from ui.tour.guide import Guide
from ui.widgets.sheet import topmost


def chapters(guide: Guide, codes: dict[str, str]) -> Iterator[Callable[[], None]]:
    """Every chapter, in order. ``codes`` are barcodes of goods in the shop by their SKU."""
    first, second, *_ = codes.values()
    yield lambda: _partial_returns(guide, first)
    yield lambda: _exchange(guide, first, second)
    yield lambda: _post_void(guide, second)
    yield lambda: _reprint(guide, second)


def _sell(guide: Guide, entry: str) -> RetailTransaction:
    guide.type(entry)
    guide.press("Enter", "Enter", "Enter")
    return guide.newest_sale()


def _open_return(guide: Guide, number: str) -> None:
    guide.press("F8")
    guide.on(Screen.RETURN)
    guide.type(number)
    guide.press("Enter")


def _partial_returns(guide: Guide, code: str) -> None:
    with guide.step("three pieces come back one by one; together exactly what was paid"):
        sold = _sell(guide, f"3*{code}")
        refunds = 0
        for piece in range(3):
            _open_return(guide, sold.header.receipt_number)
            guide.press("Right")
            if piece == 0:
                guide.picture("return")
            guide.press("Enter")
            guide.on(Screen.SALE)
            if piece == 0:
                guide.picture("return-in-basket")
            guide.press("Enter", "Enter")
            back = guide.newest_sale()
            guide.check(f"kind of return {piece + 1}", back.header.kind, TransactionKind.RETURN)
            refunds += back.total.minor
        guide.picture("refund")
        guide.check("given back", -refunds, sold.total.minor)
        _open_return(guide, sold.header.receipt_number)
        guide.check("a fourth is refused", guide.told(), "error.nothing_left_to_return")
        guide.picture("return-refused")
        guide.back_to_sale()


def _exchange(guide: Guide, first: str, second: str) -> None:
    with guide.step("an exchange on one ticket: net money"):
        sold = _sell(guide, first)
        _open_return(guide, sold.header.receipt_number)
        guide.press("Right", "Enter")
        guide.on(Screen.SALE)
        guide.scan(second)
        guide.scan(second)
        due = guide.till.checkout.due().minor
        guide.picture("exchange")
        guide.press("Enter", "Enter")
        done = guide.newest_sale()
        guide.check("one ticket with both", [line.is_return for line in done.lines], [True, False])
        guide.check("net", done.total.minor, due)


def _post_void(guide: Guide, code: str) -> None:
    with guide.step("a whole sale is voided after it was completed"):
        sold = _sell(guide, code)
        view = _open_history(guide, sold)
        guide.press("Ctrl+Del")
        guide.sheet_opens()
        guide.picture("void-reason")
        guide.type("1")
        guide.sheet_closes()
        # The books know it a moment before the screen does.
        guide.until("the sale is voided", lambda: guide.told() == "returns.voided")
        void = guide.newest_sale()
        guide.check("kind", void.header.kind, TransactionKind.POST_VOID)
        guide.check("takes back", void.total.minor, -sold.total.minor)
        guide.check("cash goes back", void.paid_by(TenderKind.CASH).minor, -sold.total.minor)
        guide.picture("voided")
        guide.press("Down")
        guide.check("the sale itself", view.selected.header.id if view.selected else None, sold.header.id)
        guide.press("Ctrl+Del")
        guide.check("is not voided twice", topmost(guide.window), None)
        guide.back_to_sale()


def _reprint(guide: Guide, code: str) -> None:
    with guide.step("a copy is marked and opens no drawer"):
        sold = _sell(guide, code)
        view = _open_history(guide, sold)
        guide.picture("history")
        guide.press("Enter")
        guide.until("the copy is printed", lambda: guide.told() == "history.reprinted")
        guide.check("copies", guide.till.store.journal.copies_of(sold.header.id), 1)
        document = view.preview.document
        assert document is not None
        bands = [node.text for node in document.nodes if isinstance(node, Band)]
        mark = t("receipt.copy", guide.till.shop.language)
        guide.check("marked", any(mark in band for band in bands), True)
        opens = [node for node in document.nodes if isinstance(node, DrawerPulse)]
        guide.check("opens the drawer", len(opens), 0)
        guide.picture("reprinted")
        guide.back_to_sale()


def _open_history(guide: Guide, sold: RetailTransaction) -> HistoryView:
    """The past sales by key; the newest is selected."""
    guide.press("Ctrl+H")
    guide.on(Screen.HISTORY)
    view = guide.window.stack.currentWidget()
    assert isinstance(view, HistoryView)
    guide.check("selected", view.selected.header.id if view.selected else None, sold.header.id)
    return view
