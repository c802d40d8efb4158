"""Small shops, their promotions and baskets: named ones for examples, and what Hypothesis makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from hypothesis import strategies as st

from app.domain.basket import Basket, BasketLine
from app.domain.ids import BasketId, CategoryId, PromotionId
from app.domain.item import Item
from app.domain.pricing import LocalMoment, PriceContext, Priced, price
from app.domain.promotion import (
    BUNDLE_KINDS,
    UNIT_KINDS,
    MixGroup,
    Promotion,
    PromotionKind,
    RewardKind,
    Threshold,
)
from app.domain.promotion_book import PromotionBook
from app.domain.quantity import ONE
from tests.builders import OCCURRED_AT, a_card, an_item, uuid

SATURDAY_MORNING = LocalMoment(date(2026, 10, 3), 5, 600)
CATEGORIES = (CategoryId(uuid(701)), CategoryId(uuid(702)))


def a_promotion(kind: PromotionKind, code: str = "P", **fields: object) -> Promotion:
    """A promotion with the id of its code; whatever is not named covers everything."""
    number = 10_000 + sum(ord(letter) * 131**place for place, letter in enumerate(code))
    return Promotion(PromotionId(uuid(number)), code, f"優惠 {code}", kind, **fields)  # type: ignore[arg-type]


def context(*promotions: Promotion, moment: LocalMoment = SATURDAY_MORNING) -> PriceContext:
    return PriceContext(PromotionBook(promotions), moment)


def basket_of(*pieces: tuple[Item, int], is_member: bool = False) -> Basket:
    """A line for each item with so many pieces."""
    lines = tuple(BasketLine(number, item, ONE * n) for number, (item, n) in enumerate(pieces, 1))
    return Basket(BasketId(uuid(5)), OCCURRED_AT, lines, a_card() if is_member else None)


def total(basket: Basket, *promotions: Promotion) -> int:
    return price(basket, context(*promotions)).total.minor


def nets(priced: Priced) -> list[int]:
    return [line.net.minor for line in priced.lines]


# --- what Hypothesis makes ---------------------------------------------------------------------------------------------


@st.composite
def shops(draw: st.DrawFn) -> list[Item]:
    """One to four goods in two categories; some have a member price."""
    goods = []
    for number in range(draw(st.integers(1, 4))):
        regular = draw(st.integers(1, 120))
        member = draw(st.none() | st.integers(0, 120))
        goods.append(
            an_item(
                regular,
                member_price=member,
                category=draw(st.sampled_from(CATEGORIES)),
                item_id=uuid(800 + number),
                is_discountable=draw(st.integers(0, 9)) > 0,
            )
        )
    return goods


@st.composite
def promotions_on(
    draw: st.DrawFn, goods: Sequence[Item], code: str, kinds: Sequence[PromotionKind], *, is_limited: bool
) -> Promotion:
    """Any promotion of these kinds on these goods."""
    kind = draw(st.sampled_from(kinds))
    fields: dict[str, object] = {}
    if kind is not PromotionKind.MIX_MATCH:
        fields |= draw(targets(goods))
    fields["is_combinable"] = draw(st.booleans())
    fields["stacking_group"] = draw(st.sampled_from(["", "", "a", "b"]))
    fields["stacks_on_member_price"] = draw(st.booleans())
    fields["priority"] = draw(st.sampled_from([100, 100, 50]))
    may_be_limited = is_limited and (
        kind in BUNDLE_KINDS or (kind in UNIT_KINDS and not fields["is_combinable"])
    )
    fields["times_max"] = draw(st.none() | st.integers(1, 2)) if may_be_limited else None
    match kind:
        case PromotionKind.PERCENT:
            fields["value"] = draw(st.integers(1, 100)) * 100
        case PromotionKind.AMOUNT:
            fields["value"] = draw(st.integers(1, 60))
        case PromotionKind.FIXED_PRICE:
            fields["value"] = draw(st.integers(0, 100))
        case PromotionKind.N_FOR_PRICE:
            fields |= {"n": draw(st.integers(1, 4)), "price": draw(st.integers(0, 250))}
        case PromotionKind.BUY_X_GET_Y:
            off = draw(st.sampled_from([10_000, 10_000, 5_000, 3_333]))
            fields |= {"x": draw(st.integers(1, 3)), "y": draw(st.integers(1, 2)), "y_percent_off": off}
        case PromotionKind.MIX_MATCH:
            reward = draw(st.sampled_from(RewardKind))
            value = (
                draw(st.integers(1, 100)) * 100 if reward is RewardKind.PERCENT else draw(st.integers(0, 150))
            )
            count = draw(st.integers(1, 2))
            groups = tuple(MixGroup(draw(st.integers(1, 2)), **draw(named(goods))) for _ in range(count))
            fields |= {"reward": reward, "value": value, "groups": groups}
        case PromotionKind.BASKET_THRESHOLD:
            limits = sorted(draw(st.sets(st.integers(1, 400), min_size=1, max_size=2)))
            fields["thresholds"] = tuple(draw(thresholds(limit)) for limit in limits)
    return a_promotion(kind, code, **fields)


@st.composite
def thresholds(draw: st.DrawFn, limit: int) -> Threshold:
    if draw(st.booleans()):
        return Threshold(limit, RewardKind.PERCENT, draw(st.integers(1, 40)) * 100)
    return Threshold(limit, RewardKind.AMOUNT, draw(st.integers(1, 80)))


@st.composite
def targets(draw: st.DrawFn, goods: Sequence[Item]) -> dict[str, frozenset[object]]:
    """Everything, or some goods and categories, now and then without one good."""
    covered = draw(st.one_of(st.just({}), named(goods)))
    excluded = draw(st.sets(st.sampled_from([good.id for good in goods]), max_size=1))
    return {**covered, "excluded_item_ids": frozenset(excluded if draw(st.integers(0, 3)) == 0 else ())}


@st.composite
def named(draw: st.DrawFn, goods: Sequence[Item]) -> dict[str, frozenset[object]]:
    if draw(st.booleans()):
        return {"category_ids": frozenset({draw(st.sampled_from(CATEGORIES))})}
    return {"item_ids": frozenset(draw(st.sets(st.sampled_from([good.id for good in goods]), min_size=1)))}


@st.composite
def baskets_of(draw: st.DrawFn, goods: Sequence[Item], *, units_max: int = 6) -> list[tuple[Item, int]]:
    """Goods with pieces, ``units_max`` together at most; a good may stand on several lines."""
    pieces: list[tuple[Item, int]] = []
    left = draw(st.integers(1, units_max))
    while left:
        count = draw(st.integers(1, left))
        pieces.append((draw(st.sampled_from(goods)), count))
        left -= count
    return pieces


ITEM_KINDS = tuple(kind for kind in PromotionKind if kind is not PromotionKind.BASKET_THRESHOLD)


@st.composite
def cases(
    draw: st.DrawFn,
    *,
    kinds: Sequence[PromotionKind] = ITEM_KINDS,
    units_max: int = 6,
    promotions_max: int = 4,
    are_limited: bool = True,
) -> tuple[list[tuple[Item, int]], list[Promotion]]:
    """Pieces of some goods, and promotions on them."""
    goods = draw(shops())
    promotions = [
        draw(promotions_on(goods, f"P{number}", kinds, is_limited=are_limited))
        for number in range(draw(st.integers(0, promotions_max)))
    ]
    return draw(baskets_of(goods, units_max=units_max)), promotions


@st.composite
def basket_promotions(draw: st.DrawFn) -> Promotion:
    """A promotion on whatever is in the basket."""
    limits = sorted(draw(st.sets(st.integers(1, 400), min_size=1, max_size=2)))
    return a_promotion(
        PromotionKind.BASKET_THRESHOLD,
        draw(st.sampled_from(["T1", "T2"])),
        thresholds=tuple(draw(thresholds(limit)) for limit in limits),
        is_combinable=draw(st.booleans()),
    )
