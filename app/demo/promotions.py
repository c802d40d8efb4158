"""What the demo shop has on offer: plain, JSON-ready dictionaries, one for each kind of promotion the till knows.

Every definition has every key, so that a reader never asks whether one is there. Money is whole dollars.

============== ====================================================================================================
key            meaning
============== ====================================================================================================
code           unique name; a festival's offer carries the year (``MOON-2026``)
name           {"zh-TW", "zh-CN", "en"}
kind           percent | amount | fixed_price | n_for_price | buy_x_get_y | mix_match | basket_threshold
items          SKUs it covers
categories     category paths it covers; a root covers everything below it. A good is covered by either list
value          percent: percent off (15 = 85 折) · amount: dollars off each piece or kilogram · fixed_price: the new price ·
               n_for_price and mix_match: the price of one whole set · otherwise None
quantity       n_for_price: pieces in a set, all of one kind or mixed among the goods covered; otherwise None
buy, free      buy_x_get_y: of every ``buy + free`` pieces covered, the ``free`` cheapest cost nothing; otherwise None
groups         mix_match: a set takes ``quantity`` pieces out of each group {"items", "categories", "quantity"}
thresholds     basket_threshold: [{"from_amount", "off"}], rising; the highest one reached counts, once. The amount is that of
               the goods covered, after their own offers
members_only   True: needs a member on the ticket
tiers          codes of the tiers that may have it; empty: all
weekdays       ISO numbers (Monday is 1); empty: every day
time_from/_to  "HH:MM" local time, from included, to excluded; None: all day
starts, ends   ISO dates, both included; None: no limit
stacking_group offers of one group compete: only the best for the customer applies to a line. None: competes with none
combinable     False: shares a line with no other offer, whatever the group
============== ====================================================================================================
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal, TypedDict

from app.demo.festivals import FestivalName, festivals_between

PromotionKind = Literal[
    "percent", "amount", "fixed_price", "n_for_price", "buy_x_get_y", "mix_match", "basket_threshold"
]


class Group(TypedDict):
    """One shelf of a mix-and-match set."""

    items: list[str]
    categories: list[str]
    quantity: int


class Threshold(TypedDict):
    """One step of a basket threshold: from this amount on, this much off."""

    from_amount: int
    off: int


class PromotionDefinition(TypedDict):
    """See the module's table."""

    code: str
    name: dict[str, str]
    kind: PromotionKind
    items: list[str]
    categories: list[str]
    value: int | None
    quantity: int | None
    buy: int | None
    free: int | None
    groups: list[Group]
    thresholds: list[Threshold]
    members_only: bool
    tiers: list[str]
    weekdays: list[int]
    time_from: str | None
    time_to: str | None
    starts: str | None
    ends: str | None
    stacking_group: str | None
    combinable: bool


def promotions(first_day: date, last_day: date) -> tuple[PromotionDefinition, ...]:
    """The offers that run all year, then those of each festival from ``first_day`` to ``last_day``."""
    return (*_for_everyone(), *_for_members(), *_of_festivals(first_day, last_day))


def _for_everyone() -> Iterator[PromotionDefinition]:
    """Offers that run all year; between these and the members' every kind and every condition occurs."""
    yield _offer(
        "VEG-WED", "percent", "週三蔬菜日 85 折", "周三蔬菜日 85 折", "Vegetable Wednesday 15% off",
        categories=["生鮮/蔬菜"], value=15, weekdays=[3], stacking_group="greens",
    )  # fmt: skip
    yield _offer(
        "GREENS-3", "n_for_price", "葉菜任選 3 包 80 元", "叶菜任选 3 包 80 元", "Any 3 bags of greens for NT$80",
        items=["VE002", "VE003", "VE004", "VE005"], quantity=3, value=80, stacking_group="greens",
    )  # fmt: skip
    yield _offer(
        "OIL-30", "amount", "好油折 30 元", "好油减 30 元", "NT$30 off good oils",
        items=["OI001", "OI003"], value=30,
    )  # fmt: skip
    yield _offer(
        "TOFU-25", "fixed_price", "板豆腐特價 25 元", "老豆腐特价 25 元", "Firm tofu NT$25",
        items=["EG005"], value=25,
    )  # fmt: skip
    yield _offer(
        "WATER-3", "n_for_price", "礦泉水 3 瓶 39 元", "矿泉水 3 瓶 39 元", "3 mineral waters for NT$39",
        items=["WA001"], quantity=3, value=39,
    )  # fmt: skip
    yield _offer(
        "ICE-3-1", "buy_x_get_y", "冰棒、冰淇淋杯買三送一", "冰棒、冰淇淋杯买三送一", "Ices: buy 3, cheapest 1 free",
        items=["IC001", "IC002", "IC003", "IC004"], buy=3, free=1,
    )  # fmt: skip
    yield _offer(
        "DRINK-4", "mix_match", "茶飲、汽水任選 4 件 99 元", "茶饮、汽水任选 4 件 99 元", "Any 4 teas or sodas for NT$99",
        groups=[{"items": ["JU006", "JU007", "JU008", "JU009"], "categories": ["飲料/茶飲"], "quantity": 4}], value=99,
        stacking_group="drinks",
    )  # fmt: skip
    yield _offer(
        "BREAKFAST", "mix_match", "早餐組合：麵包加美式 69 元", "早餐组合：面包加美式 69 元", "Breakfast: bun and Americano NT$69",
        groups=[
            {"items": ["BR003", "BR004", "BR005", "BR006"], "categories": [], "quantity": 1},
            {"items": ["CO001"], "categories": [], "quantity": 1},
        ],
        value=69, time_from="07:30", time_to="11:00", stacking_group="bakery",
    )  # fmt: skip
    yield _offer(
        "BREAD-NIGHT", "percent", "晚間麵包 7 折", "晚间面包 7 折", "Evening bread 30% off",
        categories=["手作烘焙/麵包"], value=30, time_from="20:00", time_to="22:00", stacking_group="bakery",
    )  # fmt: skip
    yield _offer(
        "COFFEE-PM", "amount", "午後咖啡折 10 元", "午后咖啡减 10 元", "Afternoon coffee NT$10 off",
        items=["CO001", "CO002", "CO003"], value=10, weekdays=[1, 2, 3, 4, 5], time_from="14:00", time_to="17:00",
        stacking_group="bakery",
    )  # fmt: skip
    yield _offer(
        "BASKET", "basket_threshold", "滿 600 折 30、滿 1,200 折 80、滿 2,500 折 200",
        "满 600 减 30、满 1,200 减 80、满 2,500 减 200", "NT$30 off 600, NT$80 off 1,200, NT$200 off 2,500",
        categories=["飲料", "零食", "生鮮", "冷凍食品", "米麵雜糧", "調味醬料", "手作烘焙", "日用", "文具", "寵物"],
        thresholds=[
            {"from_amount": 600, "off": 30},
            {"from_amount": 1200, "off": 80},
            {"from_amount": 2500, "off": 200},
        ],
    )  # fmt: skip


def _for_members() -> Iterator[PromotionDefinition]:
    """Offers that run all year for those with a member on the ticket."""
    yield _offer(
        "CAT-6", "n_for_price", "會員貓罐 6 罐 168 元", "会员猫罐 6 罐 168 元", "Members: 6 cat cans for NT$168",
        items=["PT002"], quantity=6, value=168, members_only=True,
    )  # fmt: skip
    yield _offer(
        "MEMBER-THU", "percent", "週四會員日 95 折", "周四会员日 95 折", "Member Thursday 5% off",
        categories=["飲料", "零食", "生鮮", "冷凍食品", "米麵雜糧", "調味醬料", "日用", "文具", "寵物"], value=5,
        members_only=True, weekdays=[4], combinable=False,
    )  # fmt: skip
    yield _offer(
        "GOLD-TEA", "percent", "金卡會員茶葉 88 折", "金卡会员茶叶 88 折", "Gold members: tea leaves 12% off",
        categories=["飲料/茶葉"], value=12, members_only=True, tiers=["gold"], stacking_group="tea",
    )  # fmt: skip


def _of_festivals(first_day: date, last_day: date) -> Iterator[PromotionDefinition]:
    """Offers that come back each year, with the days they run before the festival."""
    for starts, ends, year in _runs("lunar_new_year", 14, 1, first_day, last_day):
        yield _offer(
            f"NEWYEAR-{year}", "amount", "新春禮盒折 100 元", "新春礼盒减 100 元", "New Year gift boxes NT$100 off",
            items=["GI008", "GI009"], value=100, starts=starts, ends=ends, stacking_group="gifts",
        )  # fmt: skip
    for starts, ends, year in _runs("dragon_boat", 14, 0, first_day, last_day):
        yield _offer(
            f"ZONGZI-{year}", "n_for_price", "端午粽子任選 2 包 330 元", "端午粽子任选 2 包 330 元", "Any 2 packs of zongzi NT$330",
            items=["FZ009", "FZ010"], quantity=2, value=330, starts=starts, ends=ends,
        )  # fmt: skip
    for starts, ends, year in _runs("ghost", 12, 0, first_day, last_day):
        yield _offer(
            f"GHOST-{year}", "basket_threshold", "普渡零食飲料滿 500 折 50", "中元零食饮料满 500 减 50",
            "Ghost month: NT$50 off 500 of snacks and drinks",
            categories=["零食", "飲料/茶飲", "飲料/果汁汽水", "日用/祭祀用品"],
            thresholds=[{"from_amount": 500, "off": 50}], starts=starts, ends=ends,
        )  # fmt: skip
    for starts, ends, year in _runs("mid_autumn", 21, 0, first_day, last_day):
        yield _offer(
            f"MOON-{year}", "percent", "中秋月餅、蛋黃酥 9 折", "中秋月饼、蛋黄酥 9 折", "Mid-Autumn mooncakes 10% off",
            items=["GI003", "GI004", "GI005", "GI006"], value=10, starts=starts, ends=ends, stacking_group="gifts",
        )  # fmt: skip
    for starts, ends, year in _runs("double_eleven", 10, 0, first_day, last_day):
        yield _offer(
            f"ELEVEN-{year}", "percent", "雙 11 日用品 89 折", "双 11 日用品 89 折", "Double 11: household 11% off",
            categories=["日用/清潔", "日用/衛生紙", "日用/個人清潔"], value=11, starts=starts, ends=ends,
        )  # fmt: skip


def _runs(
    name: FestivalName, days_before: int, lasts_until: int, first_day: date, last_day: date
) -> Iterator[tuple[str, str, int]]:
    """First and last day of the offer and the festival's year. ``lasts_until`` days before the festival it ends."""
    for on in festivals_between(name, first_day, last_day + timedelta(days=days_before)):
        yield (
            (on - timedelta(days=days_before)).isoformat(),
            (on - timedelta(days=lasts_until)).isoformat(),
            on.year,
        )


def _offer(
    code: str,
    kind: PromotionKind,
    name_zh_tw: str,
    name_zh_cn: str,
    name_en: str,
    *,
    items: list[str] | None = None,
    categories: list[str] | None = None,
    value: int | None = None,
    quantity: int | None = None,
    buy: int | None = None,
    free: int | None = None,
    groups: list[Group] | None = None,
    thresholds: list[Threshold] | None = None,
    members_only: bool = False,
    tiers: list[str] | None = None,
    weekdays: list[int] | None = None,
    time_from: str | None = None,
    time_to: str | None = None,
    starts: str | None = None,
    ends: str | None = None,
    stacking_group: str | None = None,
    combinable: bool = True,
) -> PromotionDefinition:
    return {
        "code": code,
        "name": {"zh-TW": name_zh_tw, "zh-CN": name_zh_cn, "en": name_en},
        "kind": kind,
        "items": items or [],
        "categories": categories or [],
        "value": value,
        "quantity": quantity,
        "buy": buy,
        "free": free,
        "groups": groups or [],
        "thresholds": thresholds or [],
        "members_only": members_only,
        "tiers": tiers or [],
        "weekdays": weekdays or [],
        "time_from": time_from,
        "time_to": time_to,
        "starts": starts,
        "ends": ends,
        "stacking_group": stacking_group,
        "combinable": combinable,
    }
