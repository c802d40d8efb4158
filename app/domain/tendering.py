"""The rules of tender: what is still due, what may be paid, what comes back as change.

Only cash gives change, and only cash is rounded to the smallest coin: tenders − change = total + rounding, always. When money goes back
the tenders are negative and may not give more than the total says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.errors import Refused
from app.domain.money import Currency, Money, format_money, round_to_cash
from app.domain.tender import Tender, TenderKind

TENDERS_MAX: Final = 20
SUGGESTIONS_MAX: Final = 5
# More change than this many of the largest note is a barcode keyed as an amount.
CHANGE_NOTES_MAX: Final = 5
# What people round up to when they pay in cash: not every coin, and not the notes that nobody carries.
ROUND_UP_STEPS: Final = {
    "TWD": (10, 50, 100, 500, 1000),
    "CNY": (100, 500, 1000, 2000, 5000, 10000),
    "HKD": (100, 500, 1000, 2000, 5000, 10000, 50000),
    "USD": (100, 500, 1000, 2000, 5000, 10000),
}


@dataclass(frozen=True, slots=True)
class Settled:
    """How a total was settled. ``rounding`` is what cash could not settle to the coin (zero in Taiwan)."""

    tenders: tuple[Tender, ...]
    change: Money
    rounding: Money


def balance_due(total: Money, tenders: Sequence[Tender]) -> Money:
    """What the customer still owes; negative: what they still get back. Change is not owed: it leaves zero.

    Once cash took part, the rest is what cash can settle; before that it is exact.
    """
    paid = _paid(tenders)
    rest = Money(total.minor + _rounding(total, tenders) - paid, total.currency)
    if rest.minor < 0 and _change(total, tenders):
        return Money(0, total.currency)
    return rest


def change_due(total: Money, tenders: Sequence[Tender]) -> Money:
    """What goes back to the customer out of the cash they handed over."""
    return Money(_change(total, tenders), total.currency)


def is_settled(total: Money, tenders: Sequence[Tender]) -> bool:
    """Whether the tenders cover the total exactly, but for change out of cash."""
    return balance_due(total, tenders).minor == 0


def with_tender(
    total: Money,
    tenders: Sequence[Tender],
    kind: TenderKind,
    amount: Money,
    *,
    reference: str = "",
    points: int = 0,
) -> tuple[Tender, ...]:
    """The tenders with one more. ``amount`` and ``points`` are positive in both directions: what is due says who pays.

    Cash of exactly what is due becomes what coins can settle. Raises Refused: "tender_amount_invalid", "already_settled",
    "tender_exceeds_due", "cash_not_payable", "cash_too_much", "tenders_too_many".
    """
    exact = total.minor - _paid(tenders)
    if is_settled(total, tenders):
        raise Refused("already_settled")
    if amount.minor < 0 or points < 0 or (amount.minor == 0 and kind is not TenderKind.CASH):
        raise Refused("tender_amount_invalid")
    if len(tenders) >= TENDERS_MAX:
        raise Refused("tenders_too_many", tenders_max=TENDERS_MAX)
    if kind is TenderKind.CASH:
        minor = _cash_amount(exact, amount)
    elif amount.minor > abs(exact):
        raise _exceeds(abs(exact), total.currency)
    else:
        minor = amount.minor
    sign = -1 if exact < 0 else 1
    number = max((tender.number for tender in tenders), default=0) + 1
    added = Tender(number, kind, Money(sign * minor, total.currency), reference, sign * points)
    return (*tenders, added)


def settle(total: Money, tenders: Sequence[Tender]) -> Settled:
    """The tenders with their change and rounding. Raises Refused: "tender_too_small", "refund_incomplete", "tender_exceeds_due"."""
    paid, rounding = _paid(tenders), _rounding(total, tenders)
    change = _change(total, tenders) if paid > total.minor + rounding else 0
    if paid - change != total.minor + rounding:
        raise _unsettled(total, balance_due(total, tenders))
    return Settled(tuple(tenders), Money(change, total.currency), Money(rounding, total.currency))


def _unsettled(total: Money, due: Money) -> Refused:
    assert due.minor != 0, "what is settled adds up"
    if due.minor > 0:
        return Refused("tender_too_small", due=format_money(due))
    if total.minor < 0:
        return Refused("refund_incomplete", due=format_money(-due))
    # The basket became cheaper after a card or voucher was taken: no change comes out of those.
    return _exceeds(max(0, total.minor), total.currency)


def cash_suggestions(due: Money) -> tuple[int, ...]:
    """Amounts in minor units that a customer may hand over, rising: exact first, then the next coin and note steps.

    137 in Taiwan: 137, 140, 150, 200, 500.
    """
    exact = round_to_cash(due).minor
    if exact <= 0:
        return ()
    steps = ROUND_UP_STEPS.get(due.currency.code, tuple(sorted(due.currency.denominations)))
    # A step far below the amount is not how people round: nobody pays 4,330 for 4,321.
    likely = [step for step in steps if step * 100 >= exact]
    amounts = {exact, *(-(-exact // step) * step for step in likely)}
    return tuple(sorted(amounts)[:SUGGESTIONS_MAX])


def _paid(tenders: Sequence[Tender]) -> int:
    return sum(tender.amount.minor for tender in tenders)


def _cash_part(total: Money, tenders: Sequence[Tender]) -> int | None:
    """What is left for cash to settle; None when no cash took part."""
    if all(tender.kind is not TenderKind.CASH for tender in tenders):
        return None
    return total.minor - sum(tender.amount.minor for tender in tenders if tender.kind is not TenderKind.CASH)


def _rounding(total: Money, tenders: Sequence[Tender]) -> int:
    part = _cash_part(total, tenders)
    if part is None:
        return 0
    left = total.minor - _paid(tenders)
    if part < 0 and total.minor < 0 and abs(left) < total.currency.cash_step:
        # A refund in parts is rounded over all its parts, so one part may go either way by less than a coin.
        return -left
    return round_to_cash(Money(part, total.currency)).minor - part


def _change(total: Money, tenders: Sequence[Tender]) -> int:
    """The cash handed over beyond what cash had to settle; nothing when the rest was overpaid as well."""
    part = _cash_part(total, tenders)
    if part is None or part < 0:
        return 0
    cash = sum(tender.amount.minor for tender in tenders if tender.kind is TenderKind.CASH)
    return max(0, cash - part - _rounding(total, tenders))


def _cash_amount(exact: int, amount: Money) -> int:
    """Checked and rounded to what coins can pay."""
    currency = amount.currency
    due = abs(round_to_cash(Money(exact, currency)).minor)
    if amount.minor in (abs(exact), due):
        return due
    if amount.minor == 0:
        raise Refused("tender_amount_invalid")
    if amount.minor % currency.cash_step:
        raise Refused("cash_not_payable", step=format_money(Money(currency.cash_step, currency)))
    if exact < 0 and amount.minor > due:
        raise _exceeds(due, currency)
    if exact > 0 and amount.minor - due > CHANGE_NOTES_MAX * currency.denominations[0]:
        raise Refused("cash_too_much", due=format_money(Money(due, currency)))
    return amount.minor


def _exceeds(due_minor: int, currency: Currency) -> Refused:
    return Refused("tender_exceeds_due", due=format_money(Money(due_minor, currency)))
