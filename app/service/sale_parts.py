"""How coupons, stamps, stored value, tiers and bonuses take part in a sale without the checkout knowing each of them.

Every part is asked twice, both times inside the sale's one unit of work: what the transaction will say, and then, once the transaction is
appended, to write what follows from it. A part that raises Refused stops the sale with nothing written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from app.domain.basket import Basket
    from app.domain.loyalty.moves import Moves
    from app.domain.member import MemberCard
    from app.domain.pricing import Priced
    from app.domain.returns import Origin
    from app.domain.tendering import Settled
    from app.domain.transaction import RetailTransaction
    from app.service.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class SaleInHand:
    """A sale between its last key and its commit. ``origins`` are the sales of which goods come back."""

    basket: Basket
    priced: Priced
    settled: Settled
    card: MemberCard | None
    origins: Sequence[Origin]


class SalePart(Protocol):
    def moves(self, work: UnitOfWork, sale: SaleInHand, moves: Moves) -> Moves:
        """What the transaction will say of this part, added to what the parts before it said. Raises Refused."""
        ...

    def record(self, work: UnitOfWork, transaction: RetailTransaction, origins: Sequence[Origin]) -> None:
        """Write what follows from a sale, return, exchange or post-void that was just appended."""
        ...
