"""The demo shop's goods as the till keeps them: categories, items, quick keys and promotions in the language of the screen.

Nothing here writes. Ids are made by the caller's source, so that the same seed makes the same shop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.demo.promotions import Group, PromotionDefinition
from app.demo.shop import DemoCategory, DemoItem
from app.domain.barcode import normalised_gtin
from app.domain.ids import CategoryId, ItemId, PromotionId
from app.domain.item import ItemRecord, TaxClass, Tile, Unit
from app.domain.promotion import MixGroup, Promotion, PromotionKind, RewardKind, Threshold
from app.service.ports import Category, IdSource

ItemName = Callable[[DemoItem], str]


@dataclass(frozen=True, slots=True)
class Words:
    """Which of the names written down for each thing the till shows."""

    item: ItemName
    category: Callable[[DemoCategory], str]
    promotion: str  # the key in a promotion's names


WORDS: Final[Mapping[str, Words]] = {
    "zh_TW": Words(lambda item: item.name_zh_tw, lambda category: category.name_zh_tw, "zh-TW"),
    "zh_CN": Words(lambda item: item.name_zh_cn, lambda category: category.name_zh_cn, "zh-CN"),
    "en": Words(lambda item: item.name_en, lambda category: category.name_en, "en"),
}


def category_rows(categories: Iterable[DemoCategory], words: Words, ids: IdSource) -> dict[str, Category]:
    """Categories by their path in ``goods.csv``, parents before their children."""
    made: dict[str, Category] = {}
    for category in categories:
        parent = None if category.parent is None else made[category.parent].id
        made[category.path] = Category(CategoryId(ids()), words.category(category), parent, "")
    return made


def item_record(item: DemoItem, words: Words, category_id: CategoryId | None, item_id: ItemId) -> ItemRecord:
    return ItemRecord(
        id=item_id,
        sku=item.sku,
        name=words.item(item),
        price=item.price or 0,
        member_price=item.member_price,
        unit=Unit(item.unit),
        tax_class=TaxClass(item.tax),
        category_id=category_id,
        barcodes=tuple(normalised_gtin(code) for code in item.barcodes),
        plu=(item.plu or "").lstrip("0"),
        cost=item.cost,
        is_open_price=item.is_open_price,
    )


def tiles(items: Sequence[DemoItem], item_ids: Mapping[str, ItemId], words: Words) -> tuple[Tile, ...]:
    """The quick keys, page by page in the order of the goods."""
    placed: dict[int, int] = {}
    made = []
    for item in items:
        if item.tile_page is None or item.tile_colour is None:
            continue
        position = placed.get(item.tile_page, 0)
        placed[item.tile_page] = position + 1
        label = item.short_name if words.promotion == "zh-TW" else words.item(item)
        made.append(Tile(item.tile_page, position, item_ids[item.sku], label, item.tile_colour))
    return tuple(made)


@dataclass(frozen=True, slots=True)
class PromotionMaker:
    """Turns the demo's definitions into promotions of the till. Prices are whole dollars: the minor unit of TWD."""

    item_ids: Mapping[str, ItemId]
    category_ids: Mapping[str, CategoryId]
    words: Words
    ids: IdSource

    def make(self, definition: PromotionDefinition) -> Promotion:
        kind = PromotionKind(definition["kind"])
        value, quantity = definition["value"] or 0, definition["quantity"] or 0
        is_bundle_price = kind is PromotionKind.N_FOR_PRICE
        return Promotion(
            id=PromotionId(self.ids()),
            code=definition["code"],
            name=definition["name"][self.words.promotion],
            kind=kind,
            item_ids=self._items(definition["items"]),
            category_ids=self._categories(definition["categories"]),
            value=_value(kind, value),
            n=quantity if is_bundle_price else 0,
            price=value if is_bundle_price else 0,
            x=definition["buy"] or 0,
            y=definition["free"] or 0,
            groups=tuple(self._group(group) for group in definition["groups"]),
            reward=RewardKind.PRICE,
            thresholds=tuple(
                Threshold(step["from_amount"], RewardKind.AMOUNT, step["off"])
                for step in definition["thresholds"]
            ),
            members_only=definition["members_only"],
            tiers=frozenset(definition["tiers"]),
            weekdays=frozenset(number - 1 for number in definition["weekdays"]),
            time_from=_minutes(definition["time_from"]),
            time_to=_minutes(definition["time_to"]),
            starts_on=_date(definition["starts"]),
            ends_on=_date(definition["ends"]),
            stacking_group=definition["stacking_group"] or "",
            is_combinable=definition["combinable"],
        )

    def _items(self, skus: Iterable[str]) -> frozenset[ItemId]:
        return frozenset(self.item_ids[sku] for sku in skus)

    def _categories(self, paths: Iterable[str]) -> frozenset[CategoryId]:
        return frozenset(self.category_ids[path] for path in paths)

    def _group(self, group: Group) -> MixGroup:
        return MixGroup(group["quantity"], self._items(group["items"]), self._categories(group["categories"]))


def _value(kind: PromotionKind, value: int) -> int:
    """Percents are written as whole percents and kept as hundredths of one."""
    match kind:
        case PromotionKind.PERCENT:
            return value * 100
        case PromotionKind.AMOUNT | PromotionKind.FIXED_PRICE | PromotionKind.MIX_MATCH:
            return value
        case _:
            return 0


def _minutes(time: str | None) -> int | None:
    if time is None:
        return None
    hours, _, minutes = time.partition(":")
    return int(hours) * 60 + int(minutes)


def _date(day: str | None) -> date | None:
    return None if day is None else date.fromisoformat(day)
