"""老樣子: a member's usual goods put into the basket in hand, as if each had been scanned.

What is no longer sold, or asks for something first, is left out and named; what went in is voided line by line, like anything else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.errors import Refused
from app.service.outcomes import LineAdded

if TYPE_CHECKING:
    from app.service.checkout import Checkout
    from app.service.portrait_values import Usual

LEAVES_OUT = frozenset({"item_gone", "quantity_not_whole", "quantity_out_of_range"})
"""Refusals of one item; any other one is about the basket, and stops."""


@dataclass(frozen=True, slots=True)
class UsualPut:
    """Lines that were added or raised, and the names of what was left out."""

    added: int
    left_out: tuple[str, ...]


def put_usual(checkout: Checkout, usual: Usual) -> UsualPut:
    """Raises Refused when the basket takes nothing now (a payment was taken, the sale is being completed)."""
    pending = checkout.pending_quantity
    added, left_out = 0, []
    for line in usual.lines:
        try:
            checkout.set_pending_quantity(line.quantity)
            outcome = checkout.add_item_by_id(line.item_id)
        except Refused as refused:
            checkout.pending_quantity = pending
            if refused.code not in LEAVES_OUT:
                raise
            left_out.append(line.name)
            continue
        checkout.pending_quantity = pending
        if isinstance(outcome, LineAdded):
            added += 1
        else:
            left_out.append(line.name)
    return UsualPut(added, tuple(name for name in left_out if name))
