"""The plain forms that transactions and baskets share, and the readers that trust nothing.

A field that holds its default is left out; the defaults are part of the stored format and never change.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID

from app.domain.authority import Approval, Right
from app.domain.errors import Refused
from app.domain.ids import OperatorId, TransactionId
from app.domain.money import Currency, Money
from app.domain.tender import Tender, TenderKind
from app.domain.transaction import ReturnOf

VERSION: Final = 1

Plain = dict[str, Any]
# What reading a value that somebody else wrote, or that a disk changed, can raise.
DAMAGE: Final = (KeyError, ValueError, TypeError, IndexError, AttributeError, AssertionError, RecursionError)


def return_of_to_plain(of: ReturnOf) -> list[object]:
    return [of.transaction_id.hex, of.line_number, of.receipt_number]


def return_of_from_plain(plain: list[Any]) -> ReturnOf:
    transaction_id, line_number, receipt_number = plain
    return ReturnOf(TransactionId(UUID(transaction_id)), whole(line_number), text(receipt_number))


def tenders_to_plain(tenders: tuple[Tender, ...]) -> list[Plain]:
    result = []
    for index, tender in enumerate(tenders, 1):
        plain = {"kind": tender.kind._value_, "amount": tender.amount.minor}
        if tender.number != index:
            plain["n"] = tender.number
        if tender.reference:
            plain["ref"] = tender.reference
        if tender.points:
            plain["points"] = tender.points
        result.append(plain)
    return result


def tenders_from_plain(plain: list[Plain] | tuple[()], currency: Currency) -> tuple[Tender, ...]:
    return tuple(
        Tender(
            number=whole(tender.get("n", index)),
            kind=TenderKind(tender["kind"]),
            amount=Money(tender["amount"], currency),
            reference=text(tender.get("ref", "")),
            points=whole(tender.get("points", 0)),
        )
        for index, tender in enumerate(plain, 1)
    )


def approval_to_plain(approval: Approval) -> Plain:
    return {
        "right": approval.right._value_,
        "amount": approval.amount,
        "operator": approval.operator_id.hex,
        "by": approval.approved_by.hex,
        "reason": approval.reason,
        "at": approval.granted_at,
    }


def approval_from_plain(plain: Plain) -> Approval:
    return Approval(
        right=Right(plain["right"]),
        amount=whole(plain["amount"]),
        operator_id=OperatorId(UUID(plain["operator"])),
        approved_by=OperatorId(UUID(plain["by"])),
        reason=text(plain["reason"]),
        granted_at=whole(plain["at"]),
    )


def check_version(plain: Plain) -> None:
    if whole(plain["v"]) > VERSION:
        raise Refused("record_newer")


def whole(value: object) -> int:
    assert type(value) is int
    return value


def text(value: object) -> str:
    assert type(value) is str
    return value


def day(value: object) -> date | None:
    return None if value is None else date.fromisoformat(text(value))
