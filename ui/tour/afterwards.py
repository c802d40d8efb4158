"""The tour's chapters after the sale: goods that come back, exchanges, voids, copies, and the drawer without goods."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from app.domain.tender import TenderKind
from app.domain.transaction import RetailTransaction, TransactionKind
from ui.context import Screen
from ui.tour.guide import Guide

ESC_MAX = 6


def chapters(guide: Guide, codes: dict[str, str]) -> Iterator[Callable[[], None]]:
    """Every chapter, in order. ``codes`` are barcodes of goods in the shop by their SKU."""
    first, second, *_ = codes.values()
    yield lambda: _partial_returns(guide, first)
    yield lambda: _exchange(guide, first, second)
    yield lambda: _post_void(guide, second)
    yield lambda: _reprint(guide)


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
        told = guide.window.messages.history[-1]
        guide.check("a fourth is refused", told.key, "error.nothing_left_to_return")
        _leave(guide)


def _leave(guide: Guide) -> None:
    """Esc, one step at a time, until the sale screen is back."""
    for _ in range(ESC_MAX):
        if guide.window.current_screen is Screen.SALE:
            return
        guide.press("Esc")
    guide.on(Screen.SALE)


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
        guide.window.go_to(Screen.HISTORY)
        guide.on(Screen.HISTORY)
        guide.picture("history")
        guide.window.go_to(Screen.SALE)
        approval = None
        done = guide.till.post_void.void(sold.header.id, "刷錯", approval)
        guide.check("takes back", done.transaction.total.minor, -sold.total.minor)
        guide.check("cash goes back", done.transaction.paid_by(TenderKind.CASH).minor, -sold.total.minor)


def _reprint(guide: Guide) -> None:
    with guide.step("a copy is marked and opens no drawer"):
        sale = guide.newest_sale()
        document = guide.till.printing.reprint(sale.header.id)
        guide.check("marked", "補印" in str(document) or "COPY" in str(document), True)
