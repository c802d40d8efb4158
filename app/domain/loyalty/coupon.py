"""Coupons as issued, what happens to them, and which use stands when two tills used the same one.

A coupon and its events are facts: never changed. How often it was used is counted from its events, whatever the order they came in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NewType
from uuid import UUID

from app.domain.codec_parts import DAMAGE, VERSION, Plain, check_version, day, text, whole
from app.domain.errors import Refused
from app.domain.facts import FactKind
from app.domain.ids import MemberId, OperatorId, TransactionId
from app.domain.loyalty.coupon_benefit import Token
from app.domain.loyalty.coupon_terms import CouponTerms

CouponId = NewType("CouponId", UUID)


class CouponSource(StrEnum):
    """How it came into the world."""

    HAND = "hand"
    RULE = "rule"  # an occasion: welcome, birthday, tier, visit
    PRINT = "print"  # on a receipt, for the next visit
    BULK = "bulk"  # to a list of members
    PASSED_ON = "passed_on"  # in the place of another member's, whose id is its batch
    PAPER = "paper"  # issued by another till, known here from its code alone


@dataclass(frozen=True, slots=True)
class Coupon:
    """One coupon. ``code`` is the typed form of its id; ``transaction_id`` is the sale on whose receipt it was printed.

    ``member_id`` None: it belongs to whoever brings it. ``valid_to`` is its last day, None: no end.
    """

    id: CouponId
    code: str
    template: str
    rule_version: int
    issued_at: int
    valid_from: date
    valid_to: date | None
    uses_max: int
    source: CouponSource
    member_id: MemberId | None = None
    batch: str = ""
    transaction_id: TransactionId | None = None

    def __post_init__(self) -> None:
        assert self.code
        assert self.template
        assert self.rule_version >= 1
        assert self.uses_max >= 1


class CouponEventKind(StrEnum):
    REDEEMED = "redeemed"
    RESTORED = "restored"  # the sale was voided, or all of it came back
    CANCELLED = "cancelled"
    TRANSFERRED = "transferred"  # to ``member_id``, who has a new coupon instead


@dataclass(frozen=True, slots=True)
class CouponEvent:
    """Something that happened to a coupon. A use and its giving back both name the sale in which it was used.

    ``hlc`` is the hybrid logical clock of its fact: with the id it orders the events of all tills, the same everywhere.
    """

    id: UUID
    coupon_id: CouponId
    kind: CouponEventKind
    occurred_at: int
    business_date: date
    amount_minor: int = 0
    member_id: MemberId | None = None
    transaction_id: TransactionId | None = None
    operator_id: OperatorId | None = None
    hlc: int = 0


@dataclass(frozen=True, slots=True)
class BasketCoupon:
    """A coupon laid on the counter, with the terms it was issued under. ``holder``: the only member who may use it, in their present file.

    ``is_foreign``: another till issued it, and this one knows it from its code alone.
    """

    coupon: Coupon
    terms: CouponTerms
    holder: MemberId | None = None
    is_foreign: bool = False

    @property
    def token(self) -> Token:
        coupon = self.coupon
        return self.terms.token(coupon.id.hex, coupon.valid_from, coupon.valid_to, self.holder)


@dataclass(frozen=True, slots=True)
class CouponUses:
    """The uses of one coupon over all tills: those that stand, and those that came too late, each in the order of the clock."""

    standing: tuple[CouponEvent, ...]
    too_many: tuple[CouponEvent, ...]


_ENDINGS = (CouponEventKind.CANCELLED, CouponEventKind.TRANSFERRED)


def uses_of(events: Iterable[CouponEvent], uses_max: int) -> CouponUses:
    """The first ``uses_max`` by (hlc, event id) stand, in whatever order the events came, and none after the coupon's end.

    What was given back was never used.
    """
    told = sorted({event.id: event for event in events}.values(), key=lambda event: (event.hlc, event.id))
    given_back = {event.transaction_id for event in told if event.kind is CouponEventKind.RESTORED}
    standing: list[CouponEvent] = []
    too_many: list[CouponEvent] = []
    has_ended = False
    for event in told:
        has_ended = has_ended or event.kind in _ENDINGS
        if event.kind is CouponEventKind.REDEEMED and event.transaction_id not in given_back:
            stands = not has_ended and len(standing) < uses_max
            (standing if stands else too_many).append(event)
    return CouponUses(tuple(standing), tuple(too_many))


def uses_left(coupon: Coupon, events: Iterable[CouponEvent]) -> int:
    """How often it may still be used, as far as this till knows; 0 after its end."""
    told = tuple(events)
    if any(event.kind in _ENDINGS for event in told):
        return 0
    return max(0, coupon.uses_max - len(uses_of(told, coupon.uses_max).standing))


# --- ids that several tills make alike ------------------------------------------------------------------------------------


def given_id(member_id: MemberId, occasion: str, which: str, template: str) -> CouponId:
    """The id of a coupon that is given once: two tills that were apart give the same one, and it is one coupon."""
    return _derived(b"given", member_id.bytes, occasion.encode(), which.encode(), template.encode())


def passed_on_id(coupon_id: CouponId, member_id: MemberId) -> CouponId:
    """The id of the coupon that a member has in the place of the one that was passed on to them."""
    return _derived(b"passed on", coupon_id.bytes, member_id.bytes)


def printed_id(transaction_id: TransactionId) -> CouponId:
    """The id of the next-visit coupon on this sale's receipt."""
    return _derived(b"printed", transaction_id.bytes)


def _derived(*parts: bytes) -> CouponId:
    digest = hashlib.sha256(b"".join(len(part).to_bytes(2, "big") + part for part in (b"coupon", *parts)))
    value = int.from_bytes(digest.digest()[:16], "big")
    # RFC 9562, version 8: an id of the maker's own design.
    value = value & ~(0xF << 76) | 0x8 << 76
    return CouponId(UUID(int=value & ~(0x3 << 62) | 0x2 << 62))


# --- facts -----------------------------------------------------------------------------------------------------------------


def coupon_to_plain(coupon: Coupon) -> Plain:
    """The body of the fact that a coupon was issued."""
    return {"v": VERSION, "kind": FactKind.COUPON._value_, "at": coupon.issued_at, **coupon_fields(coupon)}


def coupons_to_plain(fact_id: UUID, at: int, coupons: Sequence[Coupon]) -> Plain:
    """The body of the fact that all of these were issued, at the same instant."""
    assert all(coupon.issued_at == at for coupon in coupons)
    return {
        "v": VERSION,
        "kind": FactKind.COUPON._value_,
        "id": fact_id.hex,
        "at": at,
        "coupons": [coupon_fields(coupon) for coupon in coupons],
    }


def coupon_fields(coupon: Coupon) -> Plain:
    plain: Plain = {
        "id": coupon.id.hex,
        "code": coupon.code,
        "template": coupon.template,
        "rules": coupon.rule_version,
        "from": coupon.valid_from.isoformat(),
        "source": coupon.source._value_,
    }
    if coupon.valid_to is not None:
        plain["to"] = coupon.valid_to.isoformat()
    if coupon.uses_max != 1:
        plain["uses"] = coupon.uses_max
    if coupon.member_id is not None:
        plain["member"] = coupon.member_id.hex
    if coupon.batch:
        plain["batch"] = coupon.batch
    if coupon.transaction_id is not None:
        plain["transaction"] = coupon.transaction_id.hex
    return plain


def coupons_from_plain(plain: Plain) -> tuple[Coupon, ...]:
    """The coupons that ``coupon_to_plain`` or ``coupons_to_plain`` wrote. Raises Refused: "record_newer" or "record_damaged"."""
    try:
        check_version(plain)
        assert plain["kind"] == FactKind.COUPON
        at = whole(plain["at"])
        if "coupons" in plain:
            return tuple(coupon_of_fields(one, at) for one in plain["coupons"])
        return (coupon_of_fields(plain, at),)
    except DAMAGE as error:
        raise Refused("record_damaged") from error


def coupon_of_fields(plain: Plain, issued_at: int) -> Coupon:
    """Raises one of DAMAGE."""
    valid_from = day(plain["from"])
    assert valid_from is not None
    return Coupon(
        id=CouponId(UUID(plain["id"])),
        code=text(plain["code"]),
        template=text(plain["template"]),
        rule_version=whole(plain["rules"]),
        issued_at=issued_at,
        valid_from=valid_from,
        valid_to=day(plain.get("to")),
        uses_max=whole(plain.get("uses", 1)),
        source=CouponSource(plain["source"]),
        member_id=_member(plain.get("member")),
        batch=text(plain.get("batch", "")),
        transaction_id=_transaction(plain.get("transaction")),
    )


def event_to_plain(event: CouponEvent) -> Plain:
    """The body of the fact."""
    plain: Plain = {
        "v": VERSION,
        "kind": FactKind.COUPON_EVENT._value_,
        "id": event.id.hex,
        "coupon": event.coupon_id.hex,
        "event": event.kind._value_,
        "at": event.occurred_at,
        "date": event.business_date.isoformat(),
    }
    if event.amount_minor:
        plain["amount"] = event.amount_minor
    if event.member_id is not None:
        plain["member"] = event.member_id.hex
    if event.transaction_id is not None:
        plain["transaction"] = event.transaction_id.hex
    if event.operator_id is not None:
        plain["operator"] = event.operator_id.hex
    return plain


def event_from_plain(plain: Plain, hlc: int) -> CouponEvent:
    """The event that ``event_to_plain`` wrote, at its fact's clock. Raises Refused: "record_newer" or "record_damaged"."""
    try:
        check_version(plain)
        assert plain["kind"] == FactKind.COUPON_EVENT
        business_date = day(plain["date"])
        assert business_date is not None
        operator = plain.get("operator")
        return CouponEvent(
            id=UUID(plain["id"]),
            coupon_id=CouponId(UUID(plain["coupon"])),
            kind=CouponEventKind(plain["event"]),
            occurred_at=whole(plain["at"]),
            business_date=business_date,
            amount_minor=whole(plain.get("amount", 0)),
            member_id=_member(plain.get("member")),
            transaction_id=_transaction(plain.get("transaction")),
            operator_id=None if operator is None else OperatorId(UUID(operator)),
            hlc=hlc,
        )
    except DAMAGE as error:
        raise Refused("record_damaged") from error


def _member(plain: Any) -> MemberId | None:
    return None if plain is None else MemberId(UUID(plain))


def _transaction(plain: Any) -> TransactionId | None:
    return None if plain is None else TransactionId(UUID(plain))


def why_spent(coupon: Coupon, events: Sequence[CouponEvent]) -> str:
    """The code of the reason why nothing is left of it, as far as this till knows, or ``""``."""
    kinds = {event.kind for event in events}
    if CouponEventKind.CANCELLED in kinds:
        return "coupon_cancelled"
    if CouponEventKind.TRANSFERRED in kinds:
        return "coupon_passed_on"
    return "" if uses_left(coupon, events) else "coupon_used"
