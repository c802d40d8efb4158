"""The demo shop 好日子選物店: its profile, its staff, and its goods read from `goods.csv`.

The CSV is the catalogue: a good is added or repriced there and nowhere else. Prices and costs are whole New Taiwan dollars (TWD has
no smaller unit in use) and include 5 % tax where the good is taxable.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from random import Random
from typing import Literal, cast

TaxCode = Literal["taxable", "zero", "exempt"]
UnitCode = Literal["each", "kg"]
RoleCode = Literal["cashier", "supervisor", "manager", "owner"]

TILE_COLOURS = ("amber", "green", "blue", "rose", "violet", "teal", "slate")


@dataclass(frozen=True, slots=True)
class DemoItem:
    """One good. Of a good sold by weight the price is for a kilogram, and ``plu`` is the code inside its 28…/29… labels.

    ``price``, ``member_price`` and ``cost`` are dollars; an open-price good has none until the cashier keys one. ``popularity``
    (1–100) only ranks: `rhythm.py` turns the rank into a weight.
    """

    sku: str
    name_zh_tw: str
    name_zh_cn: str
    name_en: str
    short_name: str
    category: str
    barcodes: tuple[str, ...]
    plu: str | None
    tax: TaxCode
    unit: UnitCode
    price: int | None
    member_price: int | None
    cost: int | None
    is_open_price: bool
    tile_page: int | None
    tile_colour: str | None
    popularity: int

    def __post_init__(self) -> None:
        assert self.sku
        assert self.is_open_price == (self.price is None), self.sku
        assert (self.unit == "kg") == (self.plu is not None), self.sku
        assert self.tile_colour is None or self.tile_colour in TILE_COLOURS, self.sku
        assert 1 <= self.popularity <= 100, self.sku


@dataclass(frozen=True, slots=True)
class DemoCategory:
    """One node of the category tree. ``path`` is its key, as goods name it; the parent of ``飲料/茶飲`` is ``飲料``."""

    path: str
    parent: str | None
    name_zh_tw: str
    name_zh_cn: str
    name_en: str


@dataclass(frozen=True, slots=True)
class DemoOperator:
    """A person at the till. The PIN is public on purpose: the demo's sign-on screen shows it."""

    number: str
    name: str
    title: str
    role: RoleCode
    pin: str


@dataclass(frozen=True, slots=True)
class DemoShop:
    """What a shop enters on its first day. ``tax_id`` is the 統一編號."""

    name_zh_tw: str
    name_zh_cn: str
    name_en: str
    tax_id: str
    address: str
    phone: str
    currency: str
    time_zone: str
    store_code: str
    till_number: int
    operators: tuple[DemoOperator, ...]

    @property
    def name(self) -> str:
        """As it stands over the door."""
        return self.name_zh_tw


OPERATORS = (
    DemoOperator("01", "王美玲", "店長", "owner", "880101"),
    DemoOperator("02", "林志豪", "主任", "supervisor", "880202"),
    DemoOperator("03", "陳怡君", "店員", "cashier", "880303"),
    DemoOperator("04", "張家瑋", "店員", "cashier", "880404"),
)

SHOP = DemoShop(
    name_zh_tw="好日子選物店",
    name_zh_cn="好日子选物店",
    name_en="Good Days Select Shop",
    tax_id="90120327",
    address="臺北市大安區好日里晴光街 12 號",
    phone="02-5555-0188",
    currency="TWD",
    time_zone="Asia/Taipei",
    store_code="01",
    till_number=1,
    operators=OPERATORS,
)

# zh-TW name of a category -> (zh-CN, English). Roots and leaves share one table because no two categories share a name.
_CATEGORY_NAMES = {
    "飲料": ("饮料", "Drinks"),
    "茶飲": ("茶饮", "Tea Drinks"),
    "茶葉": ("茶叶", "Tea Leaves"),
    "咖啡": ("咖啡", "Coffee"),
    "果汁汽水": ("果汁汽水", "Juice & Soda"),
    "乳品豆漿": ("乳品豆浆", "Dairy & Soy Milk"),
    "礦泉水": ("矿泉水", "Mineral Water"),
    "零食": ("零食", "Snacks"),
    "餅乾": ("饼干", "Biscuits"),
    "糖果巧克力": ("糖果巧克力", "Sweets & Chocolate"),
    "堅果果乾": ("坚果果干", "Nuts & Dried Fruit"),
    "洋芋片鹹點": ("薯片咸点", "Crisps & Savouries"),
    "生鮮": ("生鲜", "Fresh"),
    "水果": ("水果", "Fruit"),
    "蔬菜": ("蔬菜", "Vegetables"),
    "蛋豆": ("蛋类豆制品", "Eggs & Tofu"),
    "肉品": ("肉类", "Meat"),
    "海鮮": ("海鲜", "Seafood"),
    "鮮食": ("即食", "Ready to Eat"),
    "熟食": ("熟食", "Prepared Food"),
    "手作烘焙": ("手工烘焙", "Bakery"),
    "麵包": ("面包", "Bread"),
    "蛋糕": ("蛋糕", "Cakes"),
    "伴手禮": ("伴手礼", "Gifts"),
    "冷凍食品": ("冷冻食品", "Frozen"),
    "水餃點心": ("水饺点心", "Dumplings & Dim Sum"),
    "冰品": ("冰品", "Ices"),
    "米麵雜糧": ("米面杂粮", "Rice, Noodles & Grains"),
    "米": ("米", "Rice"),
    "麵條": ("面条", "Noodles"),
    "雜糧": ("杂粮", "Grains"),
    "調味醬料": ("调味酱料", "Seasonings"),
    "醬油": ("酱油", "Soy Sauce"),
    "食用油": ("食用油", "Cooking Oil"),
    "醬料果醬": ("酱料果酱", "Sauces & Jams"),
    "鹽糖香料": ("盐糖香料", "Salt, Sugar & Spices"),
    "日用": ("日用", "Household"),
    "清潔": ("清洁", "Cleaning"),
    "衛生紙": ("卫生纸", "Tissue"),
    "個人清潔": ("个人清洁", "Personal Care"),
    "廚房雜貨": ("厨房杂货", "Kitchen & Sundries"),
    "祭祀用品": ("祭祀用品", "Worship Supplies"),
    "文具": ("文具", "Stationery"),
    "筆": ("笔", "Pens"),
    "紙品": ("纸品", "Paper"),
    "寵物": ("宠物", "Pets"),
    "主食零食": ("主粮零食", "Pet Food & Treats"),
    "用品": ("用品", "Pet Supplies"),
    "服務": ("服务", "Services"),
    "其他": ("其他", "Other"),
}


def shop() -> DemoShop:
    """The shop's profile and its people."""
    return SHOP


@cache
def items() -> tuple[DemoItem, ...]:
    """Every good of the shop, in the order of the file, which is also the order of the tiles on a page."""
    text = resources.files("app.demo").joinpath("goods.csv").read_text(encoding="utf-8")
    return tuple(_item(row) for row in csv.DictReader(text.splitlines()))


@cache
def categories() -> tuple[DemoCategory, ...]:
    """The category tree, parents before their children, in the order in which the goods use them."""
    nodes: dict[str, DemoCategory] = {}
    for item in items():
        root, _, leaf = item.category.partition("/")
        nodes.setdefault(root, _category(root, None, root))
        nodes.setdefault(item.category, _category(item.category, root, leaf))
    return tuple(nodes.values())


def enlarged(count: int, seed: int = 1) -> Iterator[DemoItem]:
    """``count`` goods for a load test: first the shop's own, then made variants of them under other brands and in other sizes.

    The variants have names of their own, unique SKUs (``X0000001``…) and valid EAN-13 codes; they are no tiles, and weighed and
    open-price goods are not varied.
    """
    own = items()
    yield from own[:count]
    models = [item for item in own if item.price is not None and item.unit == "each"]
    random = Random(f"{seed}:enlarged")
    for number in range(count - len(own)):
        yield _variant(models[number % len(models)], number, number // len(models), random)


def ean13(payload: str) -> str:
    """The twelve digits with GS1's check digit: weights 1, 3, 1, 3… from the left."""
    assert len(payload) == 12
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(payload))
    return payload + str(-total % 10)


def _item(row: dict[str, str]) -> DemoItem:
    codes = tuple(code for code in row["barcodes"].split(";") if code)
    is_weighed = row["unit"] == "kg"
    return DemoItem(
        sku=row["sku"],
        name_zh_tw=row["name_zh_tw"],
        name_zh_cn=row["name_zh_cn"],
        name_en=row["name_en"],
        short_name=row["short_name"],
        category=row["category"],
        barcodes=() if is_weighed else codes,
        plu=codes[0] if is_weighed else None,
        tax=cast(TaxCode, row["tax"]),
        unit=cast(UnitCode, row["unit"]),
        price=_number(row["price"]),
        member_price=_number(row["member_price"]),
        cost=_number(row["cost"]),
        is_open_price=row["open_price"] == "1",
        tile_page=_number(row["tile_page"]),
        tile_colour=row["tile_color"] or None,
        popularity=int(row["popularity"]),
    )


def _number(text: str) -> int | None:
    return int(text) if text else None


def _category(path: str, parent: str | None, name: str) -> DemoCategory:
    name_zh_cn, name_en = _CATEGORY_NAMES[name]
    return DemoCategory(path, parent, name, name_zh_cn, name_en)


# The brands and sizes under which a good is repeated for load tests: (zh-TW, zh-CN, English).
_BRANDS = (
    ("山腳下", "山脚下", "Foothill"),
    ("阿公家", "阿公家", "Grandpa's"),
    ("晴天", "晴天", "Sunny Day"),
    ("小巷", "小巷", "Little Lane"),
    ("慢慢", "慢慢", "Slowly"),
    ("南風", "南风", "South Wind"),
    ("稻香", "稻香", "Rice Field"),
    ("老街", "老街", "Old Street"),
    ("海岸線", "海岸线", "Coastline"),
    ("月光", "月光", "Moonlight"),
    ("厝邊", "厝边", "Neighbour"),
    ("三合院", "三合院", "Courtyard"),
    ("溪畔", "溪畔", "Creekside"),
    ("暖暖", "暖暖", "Warmly"),
    ("花見", "花见", "Blossom"),
    ("木棉", "木棉", "Kapok"),
    ("榕樹下", "榕树下", "Under the Banyan"),
    ("雨後", "雨后", "After Rain"),
)
_SIZES = (
    ("隨手包", "便携装", "Snack Size"),
    ("家庭號", "家庭装", "Family Size"),
    ("經濟包", "实惠装", "Value Pack"),
    ("迷你", "迷你", "Mini"),
    ("雙入組", "两件装", "Twin Pack"),
    ("三入組", "三件装", "Triple Pack"),
    ("六入組", "六件装", "Six Pack"),
    ("箱購", "整箱", "Case"),
    ("禮盒裝", "礼盒装", "Gift Box"),
    ("限量版", "限量版", "Limited Edition"),
    ("經典款", "经典款", "Classic"),
    ("特濃", "特浓", "Extra Rich"),
    ("清爽版", "清爽版", "Light"),
    ("加量包", "加量装", "Bonus Pack"),
    ("補充包", "补充装", "Refill"),
    ("旅行組", "旅行装", "Travel Set"),
    ("職人款", "匠人款", "Artisan"),
    ("復刻版", "复刻版", "Retro Edition"),
    ("季節限定", "季节限定", "Seasonal"),
    ("分享包", "分享装", "Sharing Pack"),
)


def _variant(model: DemoItem, number: int, turn: int, random: Random) -> DemoItem:
    """The model good once more. Each ``turn`` over the models takes the next brand and size; after 360 turns a series begins."""
    brand = _BRANDS[turn % len(_BRANDS)]
    size = _SIZES[turn // len(_BRANDS) % len(_SIZES)]
    series = turn // (len(_BRANDS) * len(_SIZES))
    suffix = f" {series + 1}" if series else ""
    assert model.price is not None
    assert model.cost is not None
    price = max(5, model.price * (60 + int(random.random() * 90)) // 100)
    return replace(
        model,
        sku=f"X{number + 1:07d}",
        name_zh_tw=f"{brand[0]} {model.name_zh_tw} {size[0]}{suffix}",
        name_zh_cn=f"{brand[1]} {model.name_zh_cn} {size[1]}{suffix}",
        name_en=f"{brand[2]} {model.name_en} {size[2]}{suffix}",
        barcodes=(ean13(f"47190{number:07d}"),),
        price=price,
        member_price=price * 94 // 100 if number % 2 and price >= 20 else None,
        cost=price * 62 // 100,
        tile_page=None,
        tile_colour=None,
        popularity=1 + int(random.random() * 60),
    )
