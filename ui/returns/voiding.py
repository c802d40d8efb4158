"""Taking a whole sale back, from wherever a sale is on the screen: check, reason, second person where needed, then the commit.

The sale is voided once: while it is under way the asker's button is off, and the service refuses a second one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtWidgets import QWidget

from app.domain.authority import Approval
from app.domain.errors import ApprovalNeeded, TillError
from app.domain.money import Money, format_money
from app.domain.tender import TenderKind
from app.domain.transaction import RetailTransaction
from app.i18n import t
from app.service.completion import CompletedSale
from app.service.till import Till
from ui.context import ScreenContext
from ui.returns.flow import approval_asked
from ui.returns.reason import ReasonSheet

REASONS: Final = (
    "returns.void_reason.wrong_goods",
    "returns.void_reason.wrong_payment",
    "returns.void_reason.wrong_member",
    "returns.void_reason.customer",
)


def ask_to_void(
    view: QWidget,
    till: Till,
    context: ScreenContext,
    sale: RetailTransaction,
    on_done: Callable[[CompletedSale], None],
) -> None:
    """Ask for the reason (and for a second person), void the sale, say how the money goes back."""

    def with_reason(approval: Approval | None) -> None:
        if approval is not None and approval.reason:
            _void(view, till, context, sale, approval.reason, approval, on_done)
            return
        ReasonSheet(
            view.window(),
            "returns.void_title",
            REASONS,
            lambda reason: _void(view, till, context, sale, reason, approval, on_done),
            hint_key="returns.void_hint",
            number=sale.header.receipt_number,
            amount=format_money(sale.total),
        ).open()

    try:
        till.post_void.check(sale)
    except ApprovalNeeded as needed:
        right, amount = approval_asked(needed)
        context.ask_approval(right, amount, with_reason)
    except TillError as error:
        context.messages.refused(error)
    else:
        with_reason(None)


def _void(
    view: QWidget,
    till: Till,
    context: ScreenContext,
    sale: RetailTransaction,
    reason: str,
    approval: Approval | None,
    on_done: Callable[[CompletedSale], None],
) -> None:
    def done(voided: CompletedSale) -> None:
        context.messages.good(
            "returns.voided",
            number=sale.header.receipt_number,
            money=money_back(voided.transaction),
        )
        on_done(voided)

    context.tasks.run(lambda: till.post_void.void(sale.header.id, reason, approval), done, owner=view)


def money_back(ticket: RetailTransaction) -> str:
    """``現金 NT$335、信用卡 NT$100``: what goes back, and how."""
    parts = [
        f"{t(f'returns.tender.{tender.kind}')} {format_money(-tender.amount)}"
        for tender in ticket.tenders
        if tender.amount.minor < 0
    ]
    return t("returns.list_separator").join(parts) or format_money(Money(0, ticket.total.currency))


def paid_with(ticket: RetailTransaction) -> str:
    """``現金、點數``: how a sale was paid."""
    kinds = dict.fromkeys(tender.kind for tender in ticket.tenders)
    return t("returns.list_separator").join(t(f"returns.tender.{TenderKind(kind)}") for kind in kinds)
