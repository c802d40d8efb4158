"""What a member may use beside the goods, as rows to choose from: coupons, stamp cards, gifts, and what lies on the counter. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.domain.loyalty.gifts import GiftOffer
from app.domain.loyalty.stamps import StampStanding
from app.domain.money import format_money
from app.domain.pricing import Priced
from app.i18n import t
from app.service.counter_desk import shown_fields
from app.service.coupon_desk import CouponOffer
from ui.widgets.result_list import ResultRow


@dataclass(frozen=True, slots=True)
class TakeCoupon:
    coupon_id: UUID


@dataclass(frozen=True, slots=True)
class TakeStamps:
    """A full card."""

    card: str


@dataclass(frozen=True, slots=True)
class TakeGift:
    code: str


@dataclass(frozen=True, slots=True)
class PutBack:
    """A coupon or reward that lies on the counter."""

    source: str
    name: str


@dataclass(frozen=True, slots=True)
class PutGiftBack:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Tell:
    """It cannot be used now; Enter says why."""

    key: str
    fields: tuple[tuple[str, object], ...] = ()


Choice = TakeCoupon | TakeStamps | TakeGift | PutBack | PutGiftBack | Tell


def choice_rows(
    priced: Priced,
    coupons: Sequence[CouponOffer],
    stamps: Sequence[StampStanding],
    gifts: Sequence[GiftOffer],
) -> list[ResultRow]:
    """What helps most comes first, then what lies on the counter, then what would need something more."""
    best = next((offer for offer in coupons if offer.off.minor > 0), None)
    helping = [_coupon_row(offer, is_best=offer is best) for offer in coupons if not offer.why_not]
    waiting = [_coupon_row(offer, is_best=False) for offer in coupons if offer.why_not]
    there = {reward.card for reward in priced.basket.rewards}
    cards = [_stamp_row(card) for card in stamps if card.card not in there]
    full = [row for row in cards if isinstance(row.value, TakeStamps)]
    open_cards = [row for row in cards if not isinstance(row.value, TakeStamps)]
    wanted = {gift.code for gift in priced.basket.gifts}
    rewards = [_gift_row(offer) for offer in gifts if offer.gift.code not in wanted]
    had = [row for row in rewards if isinstance(row.value, TakeGift)]
    missing = [row for row in rewards if not isinstance(row.value, TakeGift)]
    return [*helping, *full, *_counter_rows(priced), *had, *waiting, *open_cards, *missing]


def _counter_rows(priced: Priced) -> list[ResultRow]:
    rows = []
    for token, effect in zip(priced.basket.tokens, priced.effects, strict=True):
        detail = t("coupon.on_counter")
        if not effect.applies:
            why = t(f"error.{effect.why_not}", None, **shown_fields(effect.fields))
            detail = t("coupon.waiting", why=why)
        off = f"−{format_money(effect.off)}" if effect.off.minor else ""
        rows.append(ResultRow(f"✓ {token.label}", PutBack(token.source, token.label), detail, off))
    for gift in priced.basket.gifts:
        if gift.pieces > 0:
            points = t("coupon.gift_points", points=f"{gift.points:,}")
            value = PutGiftBack(gift.code, gift.name)
            rows.append(ResultRow(f"✓ {gift.name} ×{gift.pieces}", value, t("coupon.on_counter"), points))
    return rows


def _coupon_row(offer: CouponOffer, *, is_best: bool) -> ResultRow:
    coupon = offer.coupon.coupon
    detail = _until(coupon.valid_to)
    if offer.why_not:
        detail = t(f"error.{offer.why_not}", None, **shown_fields(offer.fields))
    return ResultRow(
        title=offer.coupon.terms.name,
        value=TakeCoupon(coupon.id),
        detail=detail,
        trailing=f"−{format_money(offer.off)}" if offer.off.minor else "",
        trailing_detail=t("coupon.best") if is_best else "",
    )


def _stamp_row(card: StampStanding) -> ResultRow:
    trailing = t("member.stamps", name="", stamps=card.stamps, needed=card.needed).strip()
    if card.rewards_ready:
        detail = t("coupon.stamp_ready", needed=card.needed)
        return ResultRow(card.name, TakeStamps(card.card), detail, trailing)
    missing = card.needed - card.stamps
    value = Tell("error.stamps_too_few", (("missing", missing),))
    return ResultRow(card.name, value, t("coupon.stamp_left", missing=missing), trailing)


def _gift_row(offer: GiftOffer) -> ResultRow:
    gift = offer.gift
    points = t("coupon.gift_points", points=f"{gift.points:,}")
    left = t("coupon.gift_left", left=offer.left) if offer.left else ""
    if offer.left == 0:
        return ResultRow(gift.name, Tell("coupon.gift_gone"), t("coupon.gift_gone"), points)
    if offer.missing:
        detail = t("coupon.gift_missing", missing=f"{offer.missing:,}")
        value = Tell("coupon.gift_missing", (("missing", f"{offer.missing:,}"),))
        return ResultRow(gift.name, value, detail, points)
    return ResultRow(gift.name, TakeGift(gift.code), t("coupon.gift"), points, left)


def _until(last: date | None) -> str:
    return t("coupon.no_end") if last is None else t("coupon.until", date=f"{last:%Y/%m/%d}")
