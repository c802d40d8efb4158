"""Earning: what was paid for goods that count, multiplied as the rules say, and never more than the trace explains."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.ids import CategoryId, ItemId
from app.domain.loyalty.earning import Earned, SaleView, SoldGoods, earned, plain_points, view_of
from app.domain.loyalty.points_rules import (
    NO_GOODS,
    Burn,
    Combine,
    Goods,
    GoodsRate,
    Multiplier,
    Per,
    PointsRules,
    Rate,
    Rounding,
    day_is_nth,
)
from app.domain.money import TWD
from app.domain.points import PointsRule, earn
from app.domain.tender import Tender, TenderKind
from tests.builders import a_line, card, cash, money, points
from tests.domain.loyalty.rule_strategies import points_rules, sale_views

TEA, CARD = ItemId(UUID(int=1)), ItemId(UUID(int=2))
DRINKS, FOOD = CategoryId(UUID(int=101)), CategoryId(UUID(int=102))
WEDNESDAY = date(2026, 11, 18)
RULES = PointsRules(base=Rate(100, 1), burn=Burn(1))


def a_sale(
    *nets: int,
    item: ItemId = TEA,
    path: tuple[CategoryId, ...] = (FOOD, DRINKS),
    on: date = WEDNESDAY,
    uncounted: int = 0,
    tier: str = "",
    tier_factor: int = 100,
    is_birthday_month: bool = False,
) -> SaleView:
    goods = tuple(SoldGoods(number, item, path, net) for number, net in enumerate(nets, 1))
    return SaleView(on, goods, TWD, uncounted, tier, tier_factor, is_birthday_month)


def parts(result: Earned) -> list[tuple[str, int]]:
    return [(part.why.key.removeprefix("rules.trace_"), part.points) for part in result.trace]


def test_the_trace_tells_the_base_and_what_each_multiplier_adds() -> None:
    rules = replace(RULES, multipliers=(Multiplier(200, in_birthday_month=True),))
    result = earned(rules, a_sale(1200, is_birthday_month=True))
    assert (result.points, parts(result)) == (24, [("base", 12), ("multiplier", 12)])


def test_all_lines_of_a_ticket_fill_steps_together() -> None:
    assert earned(RULES, a_sale(60, 60)).points == 1
    assert earned(replace(RULES, per=Per.LINE), a_sale(60, 60)).points == 0
    assert earned(replace(RULES, per=Per.LINE, rounding=Rounding.HALF_UP), a_sale(60, 60)).points == 2


@pytest.mark.parametrize(("net", "floor", "half_up"), [(149, 1, 1), (150, 1, 2), (199, 1, 2), (50, 0, 1)])
def test_a_step_counts_when_full_or_from_its_half_on(net: int, floor: int, half_up: int) -> None:
    assert earned(RULES, a_sale(net)).points == floor
    assert earned(replace(RULES, rounding=Rounding.HALF_UP), a_sale(net)).points == half_up


def test_a_category_has_its_own_rate_and_so_has_everything_below_it() -> None:
    rules = replace(RULES, rates=(GoodsRate(Goods(categories=frozenset({FOOD})), Rate(50, 3)),))
    assert earned(rules, a_sale(100)).points == 6
    assert earned(rules, a_sale(100, path=(DRINKS,))).points == 1


def test_what_is_left_out_earns_nothing_and_its_line_owes_nothing_when_it_comes_back() -> None:
    rules = replace(RULES, excluded=Goods(items=frozenset({CARD})))
    goods = (SoldGoods(1, CARD, (), 1000), SoldGoods(2, TEA, (), 300))
    result = earned(rules, SaleView(WEDNESDAY, goods, TWD))
    assert (result.points, result.by_line) == (3, ((2, 3),))


def test_points_that_pay_never_earn() -> None:
    assert earned(RULES, a_sale(300, uncounted=150)).points == 1
    assert earned(RULES, a_sale(300, uncounted=300)).points == 0


def test_the_best_multiplier_counts_or_all_of_them_multiply() -> None:
    both = (Multiplier(200, weekdays=frozenset({2})), Multiplier(300, tiers=frozenset({"gold"})))
    rules = replace(RULES, multipliers=both)
    assert earned(rules, a_sale(500, tier="gold")).points == 15
    assert earned(replace(rules, combine=Combine.MULTIPLY), a_sale(500, tier="gold")).points == 30
    assert earned(rules, a_sale(500)).points == 10
    assert earned(rules, a_sale(500, on=date(2026, 11, 19))).points == 5


def test_the_factor_of_a_tier_is_a_multiplier_like_the_others() -> None:
    rules = replace(RULES, multipliers=(Multiplier(200, weekdays=frozenset({2})),))
    assert earned(rules, a_sale(500, tier="gold", tier_factor=150)).points == 10
    thursday = a_sale(500, tier="gold", tier_factor=150, on=date(2026, 11, 19))
    assert earned(rules, thursday).points == 7


def test_a_multiplier_for_some_goods_leaves_the_others_alone_and_each_line_keeps_its_own() -> None:
    rules = replace(RULES, multipliers=(Multiplier(300, goods=Goods(items=frozenset({TEA}))),))
    goods = (SoldGoods(1, TEA, (), 300), SoldGoods(2, CARD, (), 400))
    result = earned(rules, SaleView(WEDNESDAY, goods, TWD))
    assert (result.points, result.by_line) == (3 * 3 + 4, ((1, 9), (2, 4)))


@pytest.mark.parametrize(
    ("day", "is_member_day"),
    [
        (date(2026, 11, 15), True),
        (date(2026, 11, 13), True),
        (date(2026, 11, 27), True),
        (date(2026, 11, 20), False),
    ],
)
def test_member_days_are_days_of_the_month_or_weekdays_by_number(day: date, is_member_day: bool) -> None:
    one = Multiplier(200, month_days=frozenset({15}), nth_weekdays=frozenset({(2, 4), (-1, 4)}))
    assert one.is_on(day) is is_member_day


def test_the_last_weekday_of_a_month_may_be_its_fourth_or_fifth() -> None:
    lasts = [day for day in range(1, 31) if day_is_nth(date(2026, 11, day), -1)]
    assert lasts == [24, 25, 26, 27, 28, 29, 30]


def test_a_campaign_runs_on_its_first_and_last_day() -> None:
    rules = replace(
        RULES, multipliers=(Multiplier(200, starts_on=date(2026, 11, 18), ends_on=date(2026, 11, 19)),)
    )
    days = [earned(rules, a_sale(100, on=date(2026, 11, day))).points for day in (17, 18, 19, 20)]
    assert days == [1, 2, 2, 1]


def test_the_view_of_a_ticket_counts_its_sold_lines_and_what_was_not_paid_by_points() -> None:
    lines = [a_line(300), a_line(200, -1000, number=2), a_line(50, number=3, earns_points=False)]
    tenders = [points(100), card(30, 2), cash(20, 3), Tender(4, TenderKind.POINTS, money(-40), points=-40)]
    view = view_of(RULES, lines, tenders, {}, on=WEDNESDAY, currency=TWD)
    assert [(goods.net, goods.earns) for goods in view.goods] == [(300, True), (50, False)]
    assert view.uncounted == 100
    assert earned(RULES, view).points == 2


@given(st.lists(st.tuples(st.integers(0, 3000), st.booleans()), max_size=5), st.integers(0, 2000))
def test_rules_without_extras_earn_what_the_basic_rule_earns(
    goods: list[tuple[int, bool]], by_points: int
) -> None:
    lines = [a_line(net, number=n, earns_points=earns) for n, (net, earns) in enumerate(goods, 1)]
    tenders = [points(max(1, by_points))]
    basic = PointsRule(1, 100, 3, 1)
    view = view_of(RULES, lines, tenders, {}, on=WEDNESDAY, currency=TWD)
    result = earned(replace(RULES, base=Rate(100, 3)), view)
    assert result.points == earn(basic, lines, tenders)
    assert result.by_line == ()


@given(points_rules(), sale_views())
def test_what_is_earned_without_looking_at_each_line_is_what_looking_finds(
    rules: PointsRules, sale: SaleView
) -> None:
    lines = [a_line(one.net, number=one.number, earns_points=one.earns) for one in sale.goods if one.net >= 0]
    tenders = [points(300), cash(20, 2)]
    occasion = replace(sale, goods=(), uncounted=0)
    rules = replace(rules, rates=(), excluded=NO_GOODS) if sale.uncounted % 2 else rules
    found = plain_points(rules, lines, tenders, occasion)
    view = view_of(
        rules,
        lines,
        tenders,
        {},
        on=sale.on,
        currency=sale.currency,
        tier=sale.tier,
        tier_factor=sale.tier_factor,
        is_birthday_month=sale.is_birthday_month,
    )
    wanted = earned(rules, view)
    assert found is None or (found, ()) == (wanted.points, wanted.by_line)


@given(points_rules(), sale_views(), st.integers(0, 4), st.integers(0, 500))
def test_paying_more_never_earns_less(rules: PointsRules, sale: SaleView, index: int, more: int) -> None:
    if not sale.goods:
        return
    at = index % len(sale.goods)
    dearer = replace(sale.goods[at], net=sale.goods[at].net + more)
    goods = (*sale.goods[:at], dearer, *sale.goods[at + 1 :])
    assert earned(rules, replace(sale, goods=goods)).points >= earned(rules, sale).points


@given(points_rules(), sale_views(), st.integers(0, 5000))
def test_paying_by_points_never_earns_more_and_nothing_is_ever_negative(
    rules: PointsRules, sale: SaleView, uncounted: int
) -> None:
    result = earned(rules, replace(sale, uncounted=uncounted))
    assert 0 <= result.points <= earned(rules, sale).points
    assert all(part.points >= 0 for part in result.trace)


@given(points_rules(), sale_views(), st.integers(0, 2000))
def test_the_trace_and_the_lines_add_up_to_the_result(
    rules: PointsRules, sale: SaleView, uncounted: int
) -> None:
    result = earned(rules, replace(sale, uncounted=uncounted))
    assert sum(part.points for part in result.trace) == result.points
    if result.by_line:
        assert sum(part for _, part in result.by_line) == result.points
        paid = {goods.number for goods in sale.goods if goods.earns and goods.net > 0}
        assert {number for number, part in result.by_line if part} <= paid


@given(points_rules(), sale_views())
def test_goods_that_are_left_out_never_matter(rules: PointsRules, sale: SaleView) -> None:
    counted = tuple(
        goods
        for goods in sale.goods
        if goods.earns and not rules.excluded.covers(goods.item_id, goods.categories)
    )
    assert earned(rules, replace(sale, goods=counted)).points == earned(rules, sale).points


@given(points_rules(), sale_views())
def test_line_by_line_two_tickets_earn_what_one_earns(rules: PointsRules, sale: SaleView) -> None:
    rules = replace(rules, per=Per.LINE)
    apart = sum(earned(rules, replace(sale, goods=(goods,))).points for goods in sale.goods)
    assert apart == earned(rules, sale).points


@given(points_rules(), sale_views(), sale_views())
def test_one_ticket_earns_no_less_than_two_where_only_full_steps_count(
    rules: PointsRules, one: SaleView, two: SaleView
) -> None:
    rules = replace(rules, rounding=Rounding.FLOOR, per=Per.TICKET)
    second = tuple(replace(goods, number=goods.number + 10) for goods in two.goods)
    together = earned(rules, replace(one, goods=(*one.goods, *second))).points
    assert together >= earned(rules, one).points + earned(rules, replace(one, goods=second)).points
