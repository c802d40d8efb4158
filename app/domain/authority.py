"""Who may do what. Rights have limits per role; over the limit a second person grants it once, and both names are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.ids import OperatorId


class Role(StrEnum):
    """In rising order of trust."""

    CASHIER = "cashier"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"
    OWNER = "owner"


class Right(StrEnum):
    """What can be limited. The unit of each limit stands beside it."""

    LINE_DISCOUNT = "line_discount"  # percent in hundredths of the line's price
    BASKET_DISCOUNT = "basket_discount"  # percent in hundredths of the basket
    PRICE_OVERRIDE = "price_override"  # percent in hundredths below the list price
    RETURN = "return"  # minor units given back with a receipt
    RETURN_WITHOUT_RECEIPT = "return_without_receipt"  # minor units given back
    POST_VOID = "post_void"  # minor units voided
    PAID_OUT = "paid_out"  # minor units taken out
    PAID_IN = "paid_in"  # minor units put in
    NO_SALE = "no_sale"  # 1 = may open the drawer
    CANCEL_BASKET = "cancel_basket"  # minor units cancelled
    SEE_EXPECTED_CASH = "see_expected_cash"  # 1 = the count is not blind
    TRAINING = "training"  # 1 = may start training mode
    SETTINGS = "settings"  # 1 = may change settings and staff
    REPORTS = "reports"  # 1 = may see the shop's figures


UNLIMITED = None
Limit = int | None


@dataclass(frozen=True, slots=True)
class Operator:
    """A person who works at the till. ``number`` is the staff number they sign on with."""

    id: OperatorId
    number: str
    name: str
    role: Role
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Approval:
    """One grant: who asked, who granted, for what, how much (in the right's unit) and why."""

    right: Right
    amount: int
    operator_id: OperatorId
    approved_by: OperatorId
    reason: str
    granted_at: int


LimitsTable = Mapping[Role, Mapping[Right, Limit]]

DEFAULT_LIMITS: dict[Role, dict[Right, Limit]] = {
    Role.CASHIER: {
        Right.LINE_DISCOUNT: 1000,
        Right.BASKET_DISCOUNT: 500,
        Right.PRICE_OVERRIDE: 0,
        Right.RETURN: 1000,
        Right.RETURN_WITHOUT_RECEIPT: 0,
        Right.POST_VOID: 0,
        Right.PAID_OUT: 500,
        Right.PAID_IN: UNLIMITED,
        Right.NO_SALE: 1,
        Right.CANCEL_BASKET: 3000,
        Right.SEE_EXPECTED_CASH: 0,
        Right.TRAINING: 0,
        Right.SETTINGS: 0,
        Right.REPORTS: 0,
    },
    Role.SUPERVISOR: {
        Right.LINE_DISCOUNT: 3000,
        Right.BASKET_DISCOUNT: 2000,
        Right.PRICE_OVERRIDE: 3000,
        Right.RETURN: 5000,
        Right.RETURN_WITHOUT_RECEIPT: 1000,
        Right.POST_VOID: 5000,
        Right.PAID_OUT: 3000,
        Right.PAID_IN: UNLIMITED,
        Right.NO_SALE: 1,
        Right.CANCEL_BASKET: UNLIMITED,
        Right.SEE_EXPECTED_CASH: 0,
        Right.TRAINING: 1,
        Right.SETTINGS: 0,
        Right.REPORTS: 0,
    },
    Role.MANAGER: {
        **dict.fromkeys(Right, UNLIMITED),
        Right.LINE_DISCOUNT: 5000,
        Right.BASKET_DISCOUNT: 5000,
        Right.PRICE_OVERRIDE: 5000,
    },
    Role.OWNER: dict.fromkeys(Right, UNLIMITED),
}


def is_within(limits: LimitsTable, role: Role, right: Right, amount: int) -> bool:
    """Whether this role may do this much. A right that the table does not name is denied."""
    row = limits.get(role, {})
    if right not in row:
        return False
    limit = row[right]
    return limit is UNLIMITED or amount <= limit
