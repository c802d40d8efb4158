"""Stamp cards and what happens on them as plain values and back, strictly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from app.domain.codec_parts import DAMAGE, VERSION, Plain, check_version, day, text, whole
from app.domain.errors import Refused
from app.domain.facts import FactKind
from app.domain.ids import MemberId, TransactionId
from app.domain.loyalty.coupon_benefit import Benefit, Covers
from app.domain.loyalty.coupon_codec import (
    BENEFIT,
    COVERS,
    Reader,
    from_plain,
    iso_date,
    listed,
    number,
    set_of,
    string,
    to_plain,
    truth,
)
from app.domain.loyalty.stamps import (
    StampCard,
    StampEvent,
    StampEventKind,
    StampPer,
    StampReward,
    StampRules,
)

FORMAT: Final = 1


def stamp_rules_to_plain(rules: StampRules) -> Plain:
    return {"format": FORMAT, "cards": [to_plain(card) for card in rules.cards]}


def stamp_rules_from_plain(plain: Mapping[str, Any]) -> StampRules:
    """The rules that ``stamp_rules_to_plain`` wrote. Raises Refused("rules_damaged")."""
    try:
        assert plain.keys() == {"format", "cards"}
        assert plain["format"] == FORMAT
        return StampRules(listed(plain["cards"], CARD, StampCard))
    except DAMAGE as error:
        raise Refused("rules_damaged", place="stamps") from error


def reward_to_plain(reward: StampReward) -> Plain:
    return to_plain(reward)


def reward_from_plain(plain: Any) -> StampReward:
    """Raises one of DAMAGE."""
    return from_plain(plain, REWARD, StampReward)


def stamp_to_plain(event: StampEvent) -> Plain:
    """The body of the fact."""
    plain: Plain = {
        "v": VERSION,
        "kind": FactKind.STAMP._value_,
        "id": event.id.hex,
        "member": event.member_id.hex,
        "card": event.card,
        "event": event.kind._value_,
        "stamps": event.stamps,
        "at": event.occurred_at,
        "date": event.business_date.isoformat(),
        "rules": event.rule_version,
    }
    if event.transaction_id is not None:
        plain["transaction"] = event.transaction_id.hex
    return plain


def stamp_from_plain(plain: Plain) -> StampEvent:
    """The event that ``stamp_to_plain`` wrote. Raises Refused: "record_newer" or "record_damaged"."""
    try:
        check_version(plain)
        assert plain["kind"] == FactKind.STAMP
        transaction = plain.get("transaction")
        business_date = day(plain["date"])
        assert business_date is not None
        return StampEvent(
            id=UUID(plain["id"]),
            member_id=MemberId(UUID(plain["member"])),
            card=text(plain["card"]),
            kind=StampEventKind(plain["event"]),
            stamps=whole(plain["stamps"]),
            occurred_at=whole(plain["at"]),
            business_date=business_date,
            rule_version=whole(plain["rules"]),
            transaction_id=None if transaction is None else TransactionId(UUID(transaction)),
        )
    except DAMAGE as error:
        raise Refused("record_damaged") from error


def _benefit(plain: Any) -> Benefit:
    return from_plain(plain, BENEFIT, Benefit)


CARD: Final[Mapping[str, Reader]] = {
    "reward": _benefit,
    "per": StampPer,
    "covers": lambda plain: from_plain(plain, COVERS, Covers),
    "tiers": set_of(string),
    **dict.fromkeys(("key", "name"), string),
    **dict.fromkeys(("needed", "every", "days_valid"), number),
    **dict.fromkeys(("is_automatic", "goes_alone"), truth),
    **dict.fromkeys(("starts_on", "ends_on"), iso_date),
}
REWARD: Final[Mapping[str, Reader]] = {
    "benefit": _benefit,
    "member_id": lambda plain: UUID(string(plain)),
    **dict.fromkeys(("card", "name"), string),
    **dict.fromkeys(("needed", "rule_version"), number),
    "is_alone": truth,
}
