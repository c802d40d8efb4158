"""The points rules as plain JSON and back."""

from __future__ import annotations

from app.domain.loyalty.points_rules import (
    FACTOR_MAX,
    NO_GOODS,
    POINTS_MAX,
    SHARE_WHOLE,
    Bonus,
    BonusKind,
    Burn,
    Combine,
    GoodsRate,
    Multiplier,
    Per,
    PointsRules,
    Rate,
    Rounding,
)
from app.domain.loyalty.rule_codec import (
    FORMAT,
    Plain,
    Reader,
    damaged,
    days_to_plain,
    goods_from_plain,
    goods_to_plain,
    head,
    possible,
    term_from_plain,
    term_to_plain,
    text_element,
    whole_element,
    without_defaults,
)
from app.domain.loyalty.term import NEVER
from app.domain.tender import TenderKind


def points_rules_to_plain(rules: PointsRules) -> Plain:
    return {
        "v": FORMAT,
        "base": _rate_to_plain(rules.base),
        "burn": _burn_to_plain(rules.burn),
        **without_defaults(
            {
                "rates": [_goods_rate_to_plain(one) for one in rules.rates],
                "excluded": goods_to_plain(rules.excluded),
                "uncounted": sorted(
                    kind._value_ for kind in rules.uncounted if kind is not TenderKind.POINTS
                ),
                "multipliers": [_multiplier_to_plain(one) for one in rules.multipliers],
                "combine": rules.combine is not Combine.BEST and rules.combine._value_,
                "rounding": rules.rounding is not Rounding.FLOOR and rules.rounding._value_,
                "per": rules.per is not Per.TICKET and rules.per._value_,
                "bonuses": [_bonus_to_plain(one) for one in rules.bonuses],
                "pending_days": rules.pending_days or None,
                "expires": rules.expires != NEVER and term_to_plain(rules.expires),
                "never_owes": not rules.may_owe,
            }
        ),
    }


def points_rules_from_plain(plain: object) -> PointsRules:
    """Raises Refused: "rules_damaged" with the place, "record_newer"."""
    reader = Reader(plain)
    head(reader)
    with possible(""):
        rules = PointsRules(
            base=reader.part("base", _rate_from_plain),
            burn=reader.part("burn", _burn_from_plain),
            rates=reader.list("rates", _goods_rate_from_plain),
            excluded=reader.part("excluded", goods_from_plain, NO_GOODS),
            uncounted=frozenset({TenderKind.POINTS, *reader.list("uncounted", _tender_from_plain)}),
            multipliers=reader.list("multipliers", _multiplier_from_plain),
            combine=reader.word("combine", Combine, Combine.BEST),
            rounding=reader.word("rounding", Rounding, Rounding.FLOOR),
            per=reader.word("per", Per, Per.TICKET),
            bonuses=reader.list("bonuses", _bonus_from_plain),
            pending_days=reader.whole("pending_days", 0, most=3660),
            expires=reader.part("expires", term_from_plain, NEVER),
            may_owe=not reader.flag("never_owes"),
        )
    reader.done()
    return rules


def _rate_to_plain(rate: Rate) -> list[int]:
    return [rate.step_minor, rate.points]


def _rate_from_plain(plain: object, place: str) -> Rate:
    if type(plain) is not list or len(plain) != 2 or not all(type(one) is int for one in plain):
        raise damaged(place)
    with possible(place):
        return Rate(*plain)


def _goods_rate_to_plain(one: GoodsRate) -> Plain:
    return {
        "goods": goods_to_plain(one.goods),
        "rate": _rate_to_plain(one.rate),
        **without_defaults({"name": one.name}),
    }


def _goods_rate_from_plain(plain: object, place: str) -> GoodsRate:
    reader = Reader(plain, place)
    rate = GoodsRate(
        reader.part("goods", goods_from_plain), reader.part("rate", _rate_from_plain), reader.text("name")
    )
    reader.done()
    return rate


def _tender_from_plain(plain: object, place: str) -> TenderKind:
    with possible(place):
        return TenderKind(text_element(plain, place))


def _multiplier_to_plain(one: Multiplier) -> Plain:
    return {
        "factor": one.factor,
        **without_defaults(
            {
                "name": one.name,
                "tiers": sorted(one.tiers),
                "weekdays": sorted(one.weekdays),
                "month_days": sorted(one.month_days),
                "nth_weekdays": [list(pair) for pair in sorted(one.nth_weekdays)],
                "birthday_month": one.in_birthday_month,
                "goods": goods_to_plain(one.goods),
                **days_to_plain(one.starts_on, one.ends_on),
            }
        ),
    }


def _multiplier_from_plain(plain: object, place: str) -> Multiplier:
    reader = Reader(plain, place)
    with possible(place):
        one = Multiplier(
            factor=reader.whole("factor", most=FACTOR_MAX),
            name=reader.text("name"),
            tiers=frozenset(reader.list("tiers", text_element)),
            weekdays=frozenset(reader.list("weekdays", whole_element)),
            month_days=frozenset(reader.list("month_days", whole_element)),
            nth_weekdays=frozenset(reader.list("nth_weekdays", _nth_from_plain)),
            in_birthday_month=reader.flag("birthday_month"),
            starts_on=reader.day("from"),
            ends_on=reader.day("to"),
            goods=reader.part("goods", goods_from_plain, NO_GOODS),
        )
    reader.done()
    return one


def _nth_from_plain(plain: object, place: str) -> tuple[int, int]:
    if type(plain) is not list or len(plain) != 2:
        raise damaged(place)
    return whole_element(plain[0], place), whole_element(plain[1], place)


def _bonus_to_plain(one: Bonus) -> Plain:
    return {
        "kind": one.kind._value_,
        "points": one.points,
        **without_defaults(
            {
                "name": one.name,
                "code": one.code,
                "friend": one.friend_points or None,
                "minimum": one.minimum_minor or None,
                "on_the_day": one.is_on_the_day,
                "term": None if one.term is None else term_to_plain(one.term),
                **days_to_plain(one.starts_on, one.ends_on),
            }
        ),
    }


def _bonus_from_plain(plain: object, place: str) -> Bonus:
    reader = Reader(plain, place)
    has_term = type(plain) is dict and "term" in plain
    with possible(place):
        one = Bonus(
            kind=reader.word("kind", BonusKind),
            points=reader.whole("points", most=POINTS_MAX),
            name=reader.text("name"),
            code=reader.text("code"),
            friend_points=reader.whole("friend", 0, most=POINTS_MAX),
            minimum_minor=reader.whole("minimum", 0),
            is_on_the_day=reader.flag("on_the_day"),
            starts_on=reader.day("from"),
            ends_on=reader.day("to"),
            term=reader.part("term", term_from_plain) if has_term else None,
        )
    reader.done()
    return one


def _burn_to_plain(burn: Burn) -> Plain:
    plain: Plain = {"value": burn.value_minor}
    for key, value, default in (
        ("for", burn.value_points, 1),
        ("step", burn.step, 1),
        ("share", burn.share_max, SHARE_WHOLE),
        ("balance_min", burn.balance_min, 0),
        ("per_sale", burn.per_sale_max, None),
        ("offline_day", burn.offline_day_max, None),
    ):
        if value != default:
            plain[key] = value
    return plain


def _burn_from_plain(plain: object, place: str) -> Burn:
    reader = Reader(plain, place)
    with possible(place):
        burn = Burn(
            value_minor=reader.whole("value"),
            value_points=reader.whole("for", 1, least=1),
            step=reader.whole("step", 1, least=1),
            share_max=reader.whole("share", SHARE_WHOLE, most=SHARE_WHOLE),
            balance_min=reader.whole("balance_min", 0),
            per_sale_max=reader.whole_or_none("per_sale"),
            offline_day_max=reader.whole_or_none("offline_day"),
        )
    reader.done()
    return burn
