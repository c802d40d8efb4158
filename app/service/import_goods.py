"""Goods from a shop's table: which item a row means, and what it would change.

Nothing here writes. A row means the item with its SKU, else the one with its barcode, else (a row without any code) the one with its name.
Barcodes are only ever added; an empty cell leaves what is there, and ``-`` takes it away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar

from app.domain.ids import CategoryId, ItemId
from app.domain.item import ItemRecord, TaxClass, Unit
from app.domain.money import Currency, Money, format_money
from app.i18n import t
from app.service import import_cells as cells_of
from app.service.import_columns import CLEAR, BadCell, Cells, Column, RowNote, column
from app.service.ports import Category, IdSource

Value = TypeVar("Value")

COLUMNS: Final[tuple[Column, ...]] = (
    column(
        "name",
        "品名 商品名稱 商品名称 產品名稱 产品名称 名稱 名称 商品 產品 产品 品項 品项 貨名 货名 品名規格 品名规格"
        " name itemname productname product item title goods",
        is_required=True,
    ),
    column(
        "price",
        "售價 售价 單價 单价 零售價 零售价 定價 定价 價格 价格 價錢 价钱 門市價 门市价 一般價 一般价"
        " price sellingprice retailprice unitprice saleprice listprice regularprice",
        is_required=True,
    ),
    column(
        "sku",
        "貨號 货号 商品編號 商品编号 商品代號 商品代号 商品代碼 商品代码 商品貨號 品號 品号 料號 料号 產品編號 产品编号 編號 编号 款號 款号"
        " sku itemno itemcode itemnumber itemid productcode productno productid code",
    ),
    column(
        "barcode",
        "條碼 条码 條形碼 条形码 國際條碼 国际条码 商品條碼 商品条码 條碼號 条码号 其他條碼 其他条码"
        " barcode barcodes otherbarcodes ean upc gtin jan eancode upccode",
        may_repeat=True,
    ),
    column(
        "internal",
        "自編條碼 自编条码 店內碼 店内码 內部條碼 内部条码 internal internalbarcode instorecode isinternal",
    ),
    column(
        "member_price", "會員價 会员价 會員售價 会员售价 會員價格 会员价格 vip價 vip价 memberprice vipprice"
    ),
    column(
        "category",
        "分類 分类 類別 类别 商品分類 商品分类 品類 品类 類型 类型 部門 部门 category categorypath productcategory department group",
    ),
    column("category_1", "大分類 大分类 大類 大类 一級分類 一级分类 category1"),
    column("category_2", "中分類 中分类 中類 中类 二級分類 二级分类 次分類 次分类 category2 subcategory"),
    column("category_3", "小分類 小分类 小類 小类 三級分類 三级分类 category3"),
    column("unit", "單位 单位 計量單位 计量单位 銷售單位 销售单位 unit uom"),
    column("tax", "稅別 税别 課稅別 课税别 稅率 税率 稅 税 tax taxclass taxtype taxrate vat gst"),
    column(
        "cost", "成本 成本價 成本价 進價 进价 進貨價 进货价 進貨成本 进货成本 cost costprice purchaseprice"
    ),
    column("plu", "電子秤代碼 电子秤代码 電子秤碼 电子秤码 秤碼 秤码 磅秤碼 磅秤码 plu plucode scalecode"),
    column(
        "open_price",
        "開放價 开放价 開放售價 开放售价 自訂價 自定价 現場輸入價格 现场输入价格 openprice isopenprice",
    ),
    column("discountable", "可折扣 可打折 允許折扣 允许折扣 discountable allowdiscount isdiscountable"),
    column(
        "points", "集點 集点 可集點 可集点 積點 积点 累點 累点 可積分 可积分 積分 积分 points earnspoints"
    ),
    column("active", "啟用 启用 上架 在售 販售中 贩售中 active enabled isactive"),
)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a record that the import would change, as people read it."""

    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """What one row does: a new item (``before`` is None) or a change to one."""

    row: int
    before: ItemRecord | None
    after: ItemRecord
    changes: tuple[FieldChange, ...] = ()

    @property
    def label(self) -> str:
        return f"{self.after.sku} {self.after.name}"


class CategoryTree:
    """The shop's categories by their path of names, with those that the rows ask for added on the way."""

    def __init__(self, categories: Iterable[Category], ids: IdSource) -> None:
        self._ids = ids
        self._known = {category.id: category for category in categories}
        self._children = {
            (category.parent_id, category.name): category.id for category in self._known.values()
        }
        self._added: dict[CategoryId, Category] = {}

    def id_of(self, path: tuple[str, ...]) -> CategoryId | None:
        """The leaf's id (None for an empty path); the categories that are missing are made."""
        parent: CategoryId | None = None
        for name in path:
            found = self._children.get((parent, name))
            parent = found if found is not None else self._add(name, parent)
        return parent

    def path_of(self, category_id: CategoryId | None) -> str:
        names: list[str] = []
        while category_id is not None:
            category = self._known[category_id]
            names.append(category.name)
            category_id = category.parent_id
        return "/".join(reversed(names))

    def _add(self, name: str, parent: CategoryId | None) -> CategoryId:
        category = Category(CategoryId(self._ids()), name, parent, "")
        self._known[category.id] = category
        self._children[parent, name] = category.id
        self._added[category.id] = category
        return category.id

    def added_for(self, category_ids: Iterable[CategoryId | None]) -> tuple[Category, ...]:
        """The new categories that these ids need, parents first. (A row that was refused may have asked for more.)"""
        needed: set[CategoryId] = set()
        for category_id in category_ids:
            while category_id in self._added and category_id not in needed:
                needed.add(category_id)
                category_id = self._added[category_id].parent_id
        return tuple(category for category in self._added.values() if category.id in needed)


@dataclass(slots=True)
class GoodsReader:
    """Reads row after row against the shop's list and the rows before. ``existing`` is the list as it stands."""

    existing: Iterable[ItemRecord]
    categories: CategoryTree
    currency: Currency
    ids: IdSource
    warnings: list[RowNote] = field(default_factory=list)
    _by_sku: dict[str, ItemRecord] = field(default_factory=dict)
    _by_barcode: dict[str, ItemRecord] = field(default_factory=dict)
    _by_plu: dict[str, ItemRecord] = field(default_factory=dict)
    _by_name: dict[str, list[ItemRecord]] = field(default_factory=dict)
    _row_of: dict[ItemId, int] = field(default_factory=dict)
    _free_number: int = 1

    def __post_init__(self) -> None:
        for record in self.existing:
            self._remember(record)

    def read(self, row: Cells) -> PlannedItem | None:
        """What the row does, None when it changes nothing. Raises BadCell; the row is then as if it were not there."""
        name = cells_of.read_name(row.text("name"))
        codes = self._barcodes(row)
        before = self._item_of(row, name, codes)
        if before is not None and before.id in self._row_of:
            raise self._repeated(before, row, codes)
        after = self._filled(before or self._new_item(row, name, codes), row, name, codes)
        self._check_codes_are_free(after)
        self._remember(after)
        self._row_of[after.id] = row.row.number
        self._warn(after, row)
        if after == before:
            return None
        return PlannedItem(
            row.row.number, before, after, tuple(self._changes(before, after)) if before else ()
        )

    def _barcodes(self, row: Cells) -> tuple[str, ...]:
        texts = tuple(text for text in row.all("barcode") if text not in CLEAR)
        is_internal = bool(text := row.text("internal")) and cells_of.read_truth("internal", text)
        return cells_of.read_barcodes(texts, is_internal=is_internal)

    def _item_of(self, row: Cells, name: str, codes: tuple[str, ...]) -> ItemRecord | None:
        if text := row.text("sku"):
            return self._by_sku.get(cells_of.read_sku(text))
        if codes:
            return next((self._by_barcode[code] for code in codes if code in self._by_barcode), None)
        if not name:
            raise BadCell("name", "name_missing")
        same_name = self._by_name.get(name, [])
        if len(same_name) > 1:
            raise BadCell("name", "name_ambiguous", name=name, count=len(same_name))
        return same_name[0] if same_name else None

    def _new_item(self, row: Cells, name: str, codes: tuple[str, ...]) -> ItemRecord:
        if not name:
            raise BadCell("name", "name_missing")
        if not row.text("price") and not self._truth(row, "open_price", default=False):
            raise BadCell("price", "price_missing")
        sku = (
            cells_of.read_sku(row.text("sku")) if row.text("sku") else codes[0] if codes else self._free_sku()
        )
        return ItemRecord(ItemId(self.ids()), sku, name, 0)

    def _free_sku(self) -> str:
        """A number for an item whose table gives none: the next one free."""
        while (sku := f"N{self._free_number:05d}") in self._by_sku:
            self._free_number += 1
        return sku

    def _filled(self, record: ItemRecord, row: Cells, name: str, codes: tuple[str, ...]) -> ItemRecord:
        """The record with every cell of the row that says something laid over it."""
        is_open_price = self._truth(row, "open_price", default=record.is_open_price)
        price = self._price(row, record, is_open_price)
        member_price = self._optional(row, "member_price", record.member_price, self._amount)
        if member_price is not None and member_price > price and not is_open_price:
            raise BadCell(
                "member_price",
                "member_price_higher",
                member_price=self._money(member_price),
                price=self._money(price),
            )
        return replace(
            record,
            name=name or record.name,
            price=price,
            member_price=member_price,
            unit=cells_of.read_unit(text) if (text := row.text("unit")) else record.unit,
            tax_class=cells_of.read_tax(text) if (text := row.text("tax")) else record.tax_class,
            category_id=self._category(row, record.category_id),
            barcodes=(*record.barcodes, *(code for code in codes if code not in record.barcodes)),
            plu=self._optional(row, "plu", record.plu, lambda _column, text: cells_of.read_plu(text)) or "",
            cost=self._optional(row, "cost", record.cost, self._amount),
            is_open_price=is_open_price,
            is_discountable=self._truth(row, "discountable", default=record.is_discountable),
            earns_points=self._truth(row, "points", default=record.earns_points),
            is_active=self._truth(row, "active", default=record.is_active),
        )

    def _price(self, row: Cells, record: ItemRecord, is_open_price: bool) -> int:
        text = row.text("price")
        price = self._amount("price", text) if text else record.price
        if price == 0 and not is_open_price:
            raise BadCell("price", "price_zero")
        return price

    def _category(self, row: Cells, before: CategoryId | None) -> CategoryId | None:
        whole = row.text("category")
        if whole in CLEAR:
            return None
        levels = [
            text for level in (1, 2, 3) if (text := row.text(f"category_{level}")) and text not in CLEAR
        ]
        path = (*cells_of.read_category(whole), *(cells_of.read_name(level) for level in levels))
        return self.categories.id_of(path) if path else before

    def _optional(
        self, row: Cells, key: str, before: Value | None, read: Callable[[str, str], Value]
    ) -> Value | None:
        text = row.text(key)
        if text in CLEAR:
            return None
        return read(key, text) if text else before

    def _truth(self, row: Cells, key: str, *, default: bool) -> bool:
        return cells_of.read_truth(key, text) if (text := row.text(key)) else default

    def _amount(self, key: str, text: str) -> int:
        return cells_of.read_amount(key, text, self.currency)

    def _money(self, minor: int) -> str:
        return format_money(Money(minor, self.currency))

    def _check_codes_are_free(self, record: ItemRecord) -> None:
        for code in record.barcodes:
            owner = self._by_barcode.get(code)
            if owner is not None and owner.id != record.id:
                raise self._taken("barcode", code, owner)
        owner = self._by_plu.get(record.plu) if record.plu else None
        if owner is not None and owner.id != record.id:
            raise self._taken("plu", record.plu, owner)

    def _taken(self, key: str, code: str, owner: ItemRecord) -> BadCell:
        if row := self._row_of.get(owner.id):
            return BadCell(key, f"{key}_repeated", code=code, first_row=row)
        return BadCell(key, f"{key}_taken", code=code, sku=owner.sku, name=owner.name)

    def _repeated(self, before: ItemRecord, row: Cells, codes: tuple[str, ...]) -> BadCell:
        """The row means an item that an earlier row of the file has named already."""
        key = "sku" if row.text("sku") else "barcode" if codes else "name"
        shared = [code for code in codes if code in before.barcodes]
        code = {"sku": before.sku, "barcode": (shared or [""])[0], "name": before.name}[key]
        return BadCell(key, f"{key}_repeated", code=code, first_row=self._row_of[before.id])

    def _remember(self, record: ItemRecord) -> None:
        self._by_sku[record.sku] = record
        for code in record.barcodes:
            self._by_barcode[code] = record
        if record.plu:
            self._by_plu[record.plu] = record
        others = [other for other in self._by_name.get(record.name, []) if other.id != record.id]
        self._by_name[record.name] = [*others, record]

    def _warn(self, after: ItemRecord, row: Cells) -> None:
        number = row.row.number
        if after.cost is not None and after.cost > after.price and not after.is_open_price:
            fields = {"cost": self._money(after.cost), "price": self._money(after.price)}
            self.warnings.append(RowNote(number, "cost", "price_below_cost", fields))
        self.warnings.extend(
            RowNote(number, "barcode", "barcode_odd_length", {"barcode": code, "digits": len(code)})
            for code in after.barcodes
            if code.isdigit() and len(code) in (10, 11, 15, 16) and not row.text("internal")
        )

    def _changes(self, before: ItemRecord, after: ItemRecord) -> Iterator[FieldChange]:
        for key, show in self._shown().items():
            old, new = show(before), show(after)
            if old != new:
                yield FieldChange(key, old, new)

    def _shown(self) -> Mapping[str, Callable[[ItemRecord], str]]:
        """How each field of a record reads, by its column."""
        return {
            "name": lambda record: record.name,
            "price": lambda record: self._money(record.price),
            "member_price": lambda record: (
                "" if record.member_price is None else self._money(record.member_price)
            ),
            "category": lambda record: self.categories.path_of(record.category_id),
            "unit": lambda record: _unit_text(record.unit),
            "tax": lambda record: _tax_text(record.tax_class),
            "barcode": lambda record: " ".join(record.barcodes),
            "plu": lambda record: record.plu,
            "cost": lambda record: "" if record.cost is None else self._money(record.cost),
            "open_price": lambda record: _truth_text(record.is_open_price),
            "discountable": lambda record: _truth_text(record.is_discountable),
            "points": lambda record: _truth_text(record.earns_points),
            "active": lambda record: _truth_text(record.is_active),
        }


def _unit_text(unit: Unit) -> str:
    return t(f"importing.unit.{unit.value}")


def _tax_text(tax_class: TaxClass) -> str:
    return t(f"importing.tax.{tax_class.value}")


def _truth_text(is_true: bool) -> str:
    return t("importing.yes") if is_true else t("importing.no")
