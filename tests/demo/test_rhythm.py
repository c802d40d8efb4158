"""A year of invented sales behaves like a shop: by the hour, the weekday, the season, and the habits behind it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from hashlib import sha256
from itertools import islice, pairwise
from pathlib import Path
from statistics import mean, median

import pytest

from app.demo.festivals import festivals_between, opening_hours
from app.demo.habits import habits
from app.demo.people import members
from app.demo.promotions import promotions
from app.demo.rhythm import DemoSale, sales
from app.demo.shop import enlarged, items

START, DAYS, PER_DAY = date(2025, 11, 21), 365, 60
LAST = START + timedelta(days=DAYS - 1)
OFFERS = promotions(START, LAST)
PEOPLE = list(members(7, 1300, last_joined=LAST))
HABITS = habits(7, PEOPLE, START, DAYS, PER_DAY)
YEAR = list(sales(7, items(), PEOPLE, START, DAYS, PER_DAY, promotions=OFFERS))
BOUGHT = [sale for sale in YEAR if sale.return_of is None]
CATEGORY = {item.sku: item.category for item in items()}
SKU = {item.name_zh_tw: item.sku for item in items()}


def _digest(tickets: Iterable[DemoSale]) -> str:
    return sha256(repr(list(tickets)).encode()).hexdigest()


def _visits_by_member() -> dict[int, list[date]]:
    days: dict[int, list[date]] = defaultdict(list)
    for sale in BOUGHT:
        if sale.member is not None:
            days[sale.member].append(sale.at.date())
    return days


def test_the_same_seed_gives_the_same_sales_and_another_seed_others() -> None:
    def first(seed: int) -> str:
        return _digest(islice(sales(seed, items(), PEOPLE, START, DAYS, PER_DAY, promotions=OFFERS), 800))

    assert first(7) == first(7) == _digest(YEAR[:800])
    assert first(7) != first(8)


def test_the_sales_do_not_hang_on_the_order_of_sets() -> None:
    program = (
        "from hashlib import sha256; from itertools import islice; from datetime import date\n"
        "from app.demo import people, rhythm, shop\n"
        "crowd = list(people.members(7, 200))\n"
        "some = list(islice(rhythm.sales(7, shop.items(), crowd, date(2026, 1, 1), 60, 40), 300))\n"
        "print(sha256(repr(some).encode()).hexdigest())"
    )
    root = Path(__file__).resolve().parents[2]
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            check=True,
            capture_output=True,
            text=True,
            cwd=root,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


def test_tickets_are_numbered_in_time_order_and_only_while_the_shop_is_open() -> None:
    assert [sale.index for sale in YEAR] == list(range(len(YEAR)))
    assert all(earlier.at <= later.at for earlier, later in pairwise(YEAR))
    for sale in YEAR:
        hours = opening_hours(sale.at.date())
        assert hours is not None
        second = (sale.at - datetime.combine(sale.at.date(), datetime.min.time())).total_seconds()
        assert hours[0] <= second < hours[1]


def test_the_year_holds_as_many_tickets_as_were_asked_for() -> None:
    assert len(BOUGHT) == pytest.approx(PER_DAY * DAYS, rel=0.02)


def test_saturday_is_the_busiest_day_and_tuesday_among_the_quietest() -> None:
    by_weekday = Counter(sale.at.weekday() for sale in BOUGHT)
    assert max(by_weekday, key=lambda day: by_weekday[day]) == 5
    assert by_weekday[5] > 1.2 * by_weekday[1]
    assert by_weekday[6] > 1.1 * by_weekday[1]


def test_on_weekdays_lunch_and_the_way_home_stand_out() -> None:
    by_hour = Counter(sale.at.hour for sale in BOUGHT if sale.at.weekday() < 5)
    assert by_hour[12] > 1.8 * by_hour[10]
    assert by_hour[12] > 2 * by_hour[14]
    assert by_hour[18] > 2 * by_hour[15]
    assert by_hour[21] < 0.4 * by_hour[18]


def test_passers_by_are_about_45_percent_of_the_tickets() -> None:
    assert sum(sale.member is None for sale in BOUGHT) / len(BOUGHT) == pytest.approx(0.45, abs=0.04)


def test_a_basket_holds_three_to_five_goods_at_the_median_and_none_twice() -> None:
    assert 3 <= median(len(sale.lines) for sale in BOUGHT) <= 5
    for sale in YEAR:
        skus = [sku for sku, _ in sale.lines]
        assert skus
        assert len(skus) == len(set(skus))


def test_pieces_are_whole_and_only_weighed_goods_come_in_grams() -> None:
    unit = {item.sku: item.unit for item in items()}
    quantities: dict[str, set[bool]] = {"each": set(), "kg": set()}
    for sale in YEAR:
        for sku, quantity in sale.lines:
            assert 0 < quantity <= 12_000
            quantities[unit[sku]].add(quantity % 1000 == 0)
    assert quantities["each"] == {True}
    assert False in quantities["kg"]


def test_an_open_price_good_is_never_sold_because_nobody_keyed_its_price() -> None:
    open_price = {item.sku for item in items() if item.is_open_price}
    sold = {sku for sale in YEAR for sku, _ in sale.lines}
    assert not open_price & sold
    assert len(sold) == len(items()) - len(open_price)


def test_a_fifth_of_the_goods_makes_over_half_of_the_lines() -> None:
    lines = sorted(Counter(sku for sale in BOUGHT for sku, _ in sale.lines).values(), reverse=True)
    assert 0.5 < sum(lines[: len(lines) // 5]) / sum(lines) < 0.8


def test_cash_is_55_percent_and_the_rest_is_card_and_voucher() -> None:
    tenders = Counter(sale.tender for sale in BOUGHT)
    assert tenders["cash"] / len(BOUGHT) == pytest.approx(0.55, abs=0.02)
    assert tenders["card"] > 5 * tenders["voucher"] > 0


def test_regulars_come_at_their_own_interval() -> None:
    days = _visits_by_member()
    off = []
    for habit in HABITS:
        if habit.kind == "regular" and not habit.lapses and len(days[habit.member]) >= 10:
            gaps = [(later - earlier).days for earlier, later in pairwise(days[habit.member])]
            off.append(mean(gaps) / habit.interval_days)
    assert len(off) > 100
    assert 0.95 <= mean(off) <= 1.06
    assert all(0.75 <= ratio <= 1.3 for ratio in off)


def test_a_lapsed_member_never_comes_again() -> None:
    days = _visits_by_member()
    lapsed = [habit for habit in HABITS if habit.lapses]
    assert len(lapsed) > 50
    for habit in lapsed:
        assert all((day - START).days < habit.last_day for day in days[habit.member])
    asleep = {habit.member for habit in HABITS if habit.kind == "asleep"}
    assert asleep
    assert not asleep & days.keys()


def test_a_regular_who_slips_away_comes_at_growing_gaps_first() -> None:
    days = _visits_by_member()
    grown = []
    for habit in HABITS:
        if habit.slows_from < DAYS and len(days[habit.member]) >= 8:
            gaps = [(later - earlier).days for earlier, later in pairwise(days[habit.member])]
            grown.append(mean(gaps[-2:]) / mean(gaps[:3]))
    assert len(grown) >= 10
    assert median(grown) > 1.5


def test_nobody_buys_before_joining_and_a_newcomer_buys_on_that_very_day() -> None:
    days = _visits_by_member()
    newcomers = 0
    for number, member in enumerate(PEOPLE):
        assert all(day >= member.joined for day in days.get(number, []))
        if member.joined >= START:
            first = member.joined
            while opening_hours(first) is None:
                first += timedelta(days=1)
            assert days[number][0] == first
            newcomers += 1
    assert newcomers > 200


def test_a_regular_takes_the_usual_things_home_most_times() -> None:
    baskets: dict[int, list[set[str]]] = defaultdict(list)
    for sale in BOUGHT:
        if sale.member is not None:
            baskets[sale.member].append({sku for sku, _ in sale.lines})
    regulars = [these for these in baskets.values() if len(these) >= 20]
    assert len(regulars) > 50
    shares = []
    for these in regulars:
        _, times = Counter(sku for basket in these for sku in basket).most_common(1)[0]
        shares.append(times / len(these))
    assert mean(shares) > 0.7


def test_one_or_two_tickets_in_a_hundred_are_returns_of_goods_that_keep() -> None:
    returns = [sale for sale in YEAR if sale.return_of is not None]
    assert 0.01 <= len(returns) / len(YEAR) <= 0.02
    for back in returns:
        assert back.return_of is not None
        sold = YEAR[back.return_of]
        assert sold.return_of is None
        assert 1 <= (back.at.date() - sold.at.date()).days <= 14
        assert (back.member, back.tender) == (sold.member, sold.tender)
        bought = dict(sold.lines)
        for sku, quantity in back.lines:
            assert 0 < quantity <= bought[sku]
            assert not CATEGORY[sku].startswith(("生鮮", "鮮食", "冷凍食品", "服務"))


def test_mooncakes_sell_before_mid_autumn_and_ices_in_summer() -> None:
    mooncakes = [sale.at.date() for sale in BOUGHT for sku, _ in sale.lines if sku == SKU["廣式月餅禮盒 8入"]]
    festival = next(festivals_between("mid_autumn", START, LAST))
    assert mooncakes
    assert all(timedelta(0) <= festival - day <= timedelta(days=38) for day in mooncakes)
    ices = Counter(
        sale.at.month for sale in BOUGHT for sku, _ in sale.lines if CATEGORY[sku] == "冷凍食品/冰品"
    )
    assert ices[7] > 1.6 * ices[1]


def test_the_week_before_the_new_year_is_busier_than_any_plain_week() -> None:
    per_day = Counter(sale.at.date() for sale in BOUGHT)
    eve = next(festivals_between("lunar_new_year", START, LAST)) - timedelta(days=1)
    rush = sum(per_day[eve - timedelta(days=day)] for day in range(1, 8))
    plain = sum(per_day[date(2026, 3, 16) + timedelta(days=day)] for day in range(7))
    assert rush > 1.25 * plain


def test_an_offer_sells_more_of_what_it_covers() -> None:
    def share_of_bread_in_the_evening(tickets: Iterable[DemoSale]) -> float:
        skus = [sku for sale in tickets if 20 <= sale.at.hour < 22 for sku, _ in sale.lines]
        return sum(CATEGORY[sku] == "手作烘焙/麵包" for sku in skus) / len(skus)

    without = list(sales(7, items(), PEOPLE, START, 120, 200))
    offered = list(sales(7, items(), PEOPLE, START, 120, 200, promotions=OFFERS))
    assert share_of_bread_in_the_evening(offered) > 1.25 * share_of_bread_in_the_evening(without)


def test_members_come_on_member_thursday() -> None:
    share = {
        weekday: sum(sale.member is not None for sale in BOUGHT if sale.at.weekday() == weekday)
        / sum(sale.at.weekday() == weekday for sale in BOUGHT)
        for weekday in (1, 3)
    }
    assert share[3] > share[1] + 0.02


def test_every_one_of_the_staff_works_at_the_till_but_only_one_at_a_time() -> None:
    assert {sale.operator for sale in YEAR} == {"01", "02", "03", "04"}
    shifts: dict[tuple[date, bool], set[str]] = defaultdict(set)
    for sale in YEAR:
        shifts[sale.at.date(), sale.at.hour >= 15].add(sale.operator)
    assert all(len(people) == 1 for people in shifts.values())


def test_a_shop_without_members_or_with_too_few_lives_on_passers_by() -> None:
    alone = list(sales(1, items(), [], START, 20, 30))
    assert len(alone) == pytest.approx(600, rel=0.05)
    assert all(sale.member is None for sale in alone)


def test_no_days_make_no_sales() -> None:
    assert list(sales(1, items(), PEOPLE, START, 0, 50)) == []


def test_a_shop_of_many_more_goods_sells_the_new_ones_too() -> None:
    goods = list(enlarged(2000, seed=1))
    sold = {sku for sale in sales(1, goods, PEOPLE[:100], START, 30, 100) for sku, _ in sale.lines}
    assert sum(sku.startswith("X") for sku in sold) > 200
