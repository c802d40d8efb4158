"""What a receipt says that its transaction does not: the shop's heading, names, and the member's balance, as they were at that moment.

A transaction and these facts make the paper, always the same one. They are small and quickly written, so they go into the sale's own
commit; the whole document is written out when the paper is first sent to a printer.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from app.domain.errors import Refused

FORMAT = 1
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class PaperStamps:
    """One stamp card of the member after the sale: ``咖啡 7/10``. ``ready`` is how many full cards that makes."""

    name: str
    stamps: int
    needed: int
    ready: int = 0


@dataclass(frozen=True, slots=True)
class PaperCoupon:
    """A coupon that is printed with the receipt: its terms in words, the code that is typed, and what its QR carries."""

    name: str
    lines: tuple[str, ...]
    code: str
    symbol: str


@dataclass(frozen=True, slots=True)
class PaperValue:
    """An account of stored value that the ticket moved, in minor units. ``card`` is masked, ``""`` of a member's own account.

    ``code`` is whole, and stands only on the receipt of a card that was made with it.
    """

    card: str
    moved: int
    bonus: int
    after: int
    code: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """``operator`` and ``approvers`` are names, the approvers in the order of the approvals; ``member`` is masked, ``""`` for a walk-in.

    ``bonuses`` are points given beside what the goods earned, each with its name; ``notes`` are sentences to the member.
    """

    language: str
    shop_name: str
    till_code: str
    operator: str
    address: str = ""
    phone: str = ""
    tax_id: str = ""
    footer: str = ""
    approvers: tuple[str, ...] = ()
    member: str = ""
    points_before: int = 0
    points_after: int = 0
    stamps: tuple[PaperStamps, ...] = ()
    coupon: PaperCoupon | None = None
    value: tuple[PaperValue, ...] = ()
    bonuses: tuple[tuple[str, int], ...] = ()
    notes: tuple[str, ...] = ()


def to_json(facts: ReceiptFacts) -> bytes:
    """One JSON object; it begins with ``{``."""
    plain: dict[str, Any] = {
        "format": FORMAT,
        "language": facts.language,
        "shop_name": facts.shop_name,
        "till_code": facts.till_code,
        "operator": facts.operator,
        "address": facts.address,
        "phone": facts.phone,
        "tax_id": facts.tax_id,
        "footer": facts.footer,
        "approvers": facts.approvers,
        "member": facts.member,
        "points_before": facts.points_before,
        "points_after": facts.points_after,
    }
    if facts.stamps:
        plain["stamps"] = [[one.name, one.stamps, one.needed, one.ready] for one in facts.stamps]
    if facts.coupon is not None:
        coupon = facts.coupon
        plain["coupon"] = [coupon.name, coupon.lines, coupon.code, coupon.symbol]
    if facts.value:
        plain["value"] = [[one.card, one.moved, one.bonus, one.after, one.code] for one in facts.value]
    if facts.bonuses:
        plain["bonuses"] = facts.bonuses
    if facts.notes:
        plain["notes"] = facts.notes
    return _ENCODER.encode(plain).encode()


def from_json(data: bytes) -> ReceiptFacts:
    """Raises Refused("receipt_damaged")."""
    try:
        plain: dict[str, Any] = json.loads(data)
        if plain.pop("format") != FORMAT:
            raise Refused("receipt_damaged")
        stamps = tuple(PaperStamps(*one) for one in plain.pop("stamps", ()))
        value = tuple(PaperValue(*one) for one in plain.pop("value", ()))
        plain["bonuses"] = tuple((name, points) for name, points in plain.get("bonuses", ()))
        plain["notes"] = tuple(plain.get("notes", ()))
        coupon = plain.pop("coupon", None)
        if coupon is not None:
            name, lines, code, symbol = coupon
            coupon = PaperCoupon(name, tuple(lines), code, symbol)
        plain["approvers"] = tuple(plain["approvers"])
        return ReceiptFacts(**plain, stamps=stamps, coupon=coupon, value=value)
    except (ValueError, KeyError, TypeError) as error:
        raise Refused("receipt_damaged") from error
