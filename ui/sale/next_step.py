"""The sentence that says what the next key does, and the words on the big button. Pure: it reads the flow and changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.money import Money, format_money
from app.domain.phone import national_number
from app.domain.quantity import format_quantity
from app.service.checkout import Stage
from ui.sale.entry_flow import SaleFlow
from ui.sale.questions import AskOpenPrice, AskPoints, AskQuantity, AskWeight, Question


@dataclass(frozen=True, slots=True)
class NextStep:
    """`key` is the sentence, `button` what the big button says ("" hides it)."""

    key: str
    fields: Mapping[str, object] = field(default_factory=dict)
    button: str = ""


def next_step(flow: SaleFlow) -> NextStep:
    checkout = flow.checkout
    if checkout.is_completing:
        return NextStep("sale.next.saving", button="sale.go.saving")
    if flow.question is not None:
        return _asked(flow.question)
    if flow.hits:
        return NextStep("sale.next.pick", {"name": flow.hits[flow.picked].name}, "sale.go.pick")
    if checkout.offered_phone is not None:
        phone = spaced_phone(checkout.offered_phone)
        return NextStep("sale.next.new_member", {"phone": phone}, "sale.go.new_member")
    if flow.is_searching:
        return NextStep("sale.next.search")
    if checkout.pending_quantity is not None:
        return NextStep("sale.next.quantity", {"quantity": format_quantity(checkout.pending_quantity)})
    if checkout.basket.is_empty:
        return _empty(flow)
    if checkout.stage is Stage.TENDER:
        return _paying(flow)
    if flow.selected is not None:
        return NextStep("sale.next.selected", {"number": flow.selected}, "sale.go.total")
    return NextStep("sale.next.total", button="sale.go.total")


def spaced_phone(e164: str) -> str:
    """``0912-345-678``, as people read it out."""
    number = national_number(e164)
    return f"{number[:4]}-{number[4:7]}-{number[7:]}" if len(number) == 10 else number


def _asked(question: Question) -> NextStep:
    match question:
        case AskOpenPrice(item=item):
            return NextStep("sale.next.open_price", {"name": item.name}, "sale.go.confirm")
        case AskWeight(item=item):
            return NextStep("sale.next.weight", {"name": item.name}, "sale.go.confirm")
        case AskQuantity(name=name):
            return NextStep("sale.next.line_quantity", {"name": name}, "sale.go.confirm")
        case AskPoints(offer):
            fields = {"points": offer.points, "amount": format_money(offer.amount)}
            return NextStep("sale.next.points", fields, "sale.go.confirm")


def _empty(flow: SaleFlow) -> NextStep:
    if flow.finished is None:
        return NextStep("sale.next.scan")
    has_change = flow.finished.transaction.change.minor > 0
    return NextStep("sale.next.change" if has_change else "sale.next.done", button="sale.go.next")


def _paying(flow: SaleFlow) -> NextStep:
    due = flow.checkout.due()
    if due.minor < 0:
        fields = {"amount": format_money(-due)}
        return NextStep("sale.next.refund", fields, "sale.go.refund")
    if due.minor == 0:
        return NextStep("sale.next.finish", button="sale.go.finish")
    amount = due
    if flow.suggested:
        amount = Money(flow.suggestions()[flow.suggested], due.currency)
    key = "sale.next.cash_rest" if flow.checkout.basket.tenders else "sale.next.cash"
    return NextStep(key, {"amount": format_money(amount)}, "sale.go.cash")
