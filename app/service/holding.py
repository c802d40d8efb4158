"""Held sales and the draft: a basket as canonical bytes and back. A held sale reserves nothing and spends nothing."""

from __future__ import annotations

import json

from app.domain.basket import Basket
from app.domain.chain import canonical_bytes
from app.domain.codec import basket_from_plain, basket_to_plain
from app.domain.ids import OperatorId
from app.domain.member import mask_name
from app.domain.phone import mask_phone
from app.service.ports import HeldSale


def body_of(basket: Basket) -> bytes:
    """What the store keeps of a basket."""
    return canonical_bytes(basket_to_plain(basket))


def basket_of(body: bytes) -> Basket:
    return basket_from_plain(json.loads(body))


def held_sale(basket: Basket, total_minor: int, held_at: int, operator_id: OperatorId) -> HeldSale:
    """The basket as it goes into the list of held sales; the member shows masked."""
    return HeldSale(
        id=basket.id,
        held_at=held_at,
        operator_id=operator_id,
        label=member_label(basket),
        line_count=len(basket.live_lines),
        total_minor=total_minor,
        body=body_of(basket),
    )


def member_label(basket: Basket) -> str:
    """``王○明 0912-***-678``, or nothing for a walk-in."""
    if basket.member is None:
        return ""
    member = basket.member.member
    return f"{mask_name(member.name)} {mask_phone(member.phone)}".strip()
