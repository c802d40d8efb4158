"""The plain form of what a sale did to coupons, stamps, stored value and gifts. What there is none of is left out."""

from __future__ import annotations

from uuid import UUID

from app.domain.codec_parts import Plain, text, whole
from app.domain.loyalty.moves import NO_MOVES, CouponUse, GiftTaken, Moves, StampMove, ValueMove
from app.domain.money import Currency, Money


def moves_to_plain(moves: Moves) -> Plain:
    plain: Plain = {}
    if moves.coupons:
        plain["coupons"] = [
            [use.coupon_id.hex, use.code, use.template, use.amount.minor, use.is_restored]
            for use in moves.coupons
        ]
    if moves.stamps:
        plain["stamps"] = [[move.card, move.earned, move.spent] for move in moves.stamps]
    if moves.value:
        plain["value"] = [
            [move.account_id.hex, move.code, move.paid.minor, move.bonus.minor] for move in moves.value
        ]
    if moves.gifts:
        plain["gifts"] = [[gift.code, gift.name, gift.pieces, gift.points] for gift in moves.gifts]
    if moves.rules:
        plain["rules"] = [[area, version] for area, version in moves.rules]
    return plain


def moves_from_plain(plain: Plain | None, currency: Currency) -> Moves:
    if plain is None:
        return NO_MOVES
    return Moves(
        coupons=tuple(
            CouponUse(UUID(own), text(code), text(template), Money(whole(amount), currency), restored is True)
            for own, code, template, amount, restored in plain.get("coupons", ())
        ),
        stamps=tuple(
            StampMove(text(card), whole(earned), whole(spent))
            for card, earned, spent in plain.get("stamps", ())
        ),
        value=tuple(
            ValueMove(UUID(own), text(code), Money(whole(paid), currency), Money(whole(bonus), currency))
            for own, code, paid, bonus in plain.get("value", ())
        ),
        gifts=tuple(
            GiftTaken(text(code), text(name), whole(pieces), whole(points))
            for code, name, pieces, points in plain.get("gifts", ())
        ),
        rules=tuple((text(area), whole(version)) for area, version in plain.get("rules", ())),
    )
