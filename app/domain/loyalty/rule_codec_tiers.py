"""The rules of tiers and the reward catalogue as plain JSON and back."""

from __future__ import annotations

from app.domain.ids import ItemId
from app.domain.loyalty.gifts import Gift, GiftRules
from app.domain.loyalty.points_rules import POINTS_MAX
from app.domain.loyalty.rule_codec import (
    FORMAT,
    Plain,
    Reader,
    damaged,
    days_to_plain,
    head,
    id_element,
    possible,
    term_from_plain,
    term_to_plain,
    text_element,
    without_defaults,
)
from app.domain.loyalty.tiers import (
    FACTOR_ONE,
    EntryGift,
    Lowering,
    Tier,
    TierBasis,
    TierRights,
    TierRules,
    Window,
    WindowKind,
)

NO_RIGHTS = TierRights()
NO_GIFT = EntryGift()


def tier_rules_to_plain(rules: TierRules) -> Plain:
    return {
        "v": FORMAT,
        "basis": rules.basis._value_,
        "window": [rules.window.kind._value_, rules.window.count],
        "tiers": [_tier_to_plain(tier) for tier in rules.tiers],
        "keeps": term_to_plain(rules.keeps),
        **without_defaults(
            {
                "grace_days": rules.grace_days or None,
                "lowering": rules.lowering is not Lowering.ONE_STEP and rules.lowering._value_,
                "stays_on_return": not rules.lowers_on_return,
            }
        ),
    }


def tier_rules_from_plain(plain: object) -> TierRules:
    """Raises Refused: "rules_damaged" with the place, "record_newer"."""
    reader = Reader(plain)
    head(reader)
    with possible(""):
        rules = TierRules(
            basis=reader.word("basis", TierBasis),
            window=reader.part("window", _window_from_plain),
            tiers=reader.list("tiers", _tier_from_plain),
            keeps=reader.part("keeps", term_from_plain),
            grace_days=reader.whole("grace_days", 0, most=3660),
            lowering=reader.word("lowering", Lowering, Lowering.ONE_STEP),
            lowers_on_return=not reader.flag("stays_on_return"),
        )
    reader.done()
    return rules


def _window_from_plain(plain: object, place: str) -> Window:
    if type(plain) is not list or len(plain) != 2 or type(plain[1]) is not int:
        raise damaged(place)
    with possible(place):
        return Window(WindowKind(plain[0]), plain[1])


def _tier_to_plain(tier: Tier) -> Plain:
    rights, gift = tier.rights, tier.gift
    return {
        "code": tier.code,
        "name": tier.name,
        "threshold": tier.threshold,
        **without_defaults(
            {
                "no_member_price": not rights.has_member_price,
                "percent_off": rights.percent_off or None,
                "factor": rights.points_factor if rights.points_factor != FACTOR_ONE else None,
                "first": rights.is_served_first,
                "coupons": list(rights.coupons),
                "gift_points": gift.points or None,
                "gift_coupons": list(gift.coupons),
            }
        ),
    }


def _tier_from_plain(plain: object, place: str) -> Tier:
    reader = Reader(plain, place)
    with possible(place):
        tier = Tier(
            code=reader.text("code", None),
            name=reader.text("name", None),
            threshold=reader.whole("threshold", least=1),
            rights=TierRights(
                has_member_price=not reader.flag("no_member_price"),
                percent_off=reader.whole("percent_off", 0, most=10_000),
                points_factor=reader.whole("factor", FACTOR_ONE, most=10_000),
                is_served_first=reader.flag("first"),
                coupons=reader.list("coupons", text_element),
            ),
            gift=EntryGift(
                points=reader.whole("gift_points", 0, most=POINTS_MAX),
                coupons=reader.list("gift_coupons", text_element),
            ),
        )
    reader.done()
    return tier


def gift_rules_to_plain(rules: GiftRules) -> Plain:
    return {"v": FORMAT, "gifts": [_gift_to_plain(gift) for gift in rules.gifts]}


def gift_rules_from_plain(plain: object) -> GiftRules:
    """Raises Refused: "rules_damaged" with the place, "record_newer"."""
    reader = Reader(plain)
    head(reader)
    with possible(""):
        rules = GiftRules(reader.list("gifts", _gift_from_plain))
    reader.done()
    return rules


def _gift_to_plain(gift: Gift) -> Plain:
    plain: Plain = {"code": gift.code, "name": gift.name, "points": gift.points}
    if gift.item_id is not None:
        plain["item"] = gift.item_id.hex
    if gift.stock is not None:
        plain["stock"] = gift.stock
    if gift.tiers:
        plain["tiers"] = sorted(gift.tiers)
    return {**plain, **days_to_plain(gift.starts_on, gift.ends_on)}


def _gift_from_plain(plain: object, place: str) -> Gift:
    reader = Reader(plain, place)
    item = reader.text("item")
    with possible(place):
        gift = Gift(
            code=reader.text("code", None),
            name=reader.text("name", None),
            points=reader.whole("points", least=1, most=POINTS_MAX),
            item_id=ItemId(id_element(item, place)) if item else None,
            stock=reader.whole_or_none("stock"),
            tiers=frozenset(reader.list("tiers", text_element)),
            starts_on=reader.day("from"),
            ends_on=reader.day("to"),
        )
    reader.done()
    return gift
