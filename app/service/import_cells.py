"""How people write a price, a yes, a unit or a barcode in a cell, read strictly: what is not understood is said, never guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from app.domain.barcode import GTIN_LENGTHS, check_digit, has_valid_check_digit, is_digits, normalised_gtin
from app.domain.item import TaxClass, Unit
from app.domain.money import Currency, Money, format_money, parse_amount
from app.domain.phone import fold_digits
from app.service.import_columns import BadCell, words

PRICE_MAJOR_MAX: Final = 9_999_999
CODE_CHARACTERS_MAX: Final = 48
NAME_CHARACTERS_MAX: Final = 120
CATEGORY_DEPTH_MAX: Final = 6

_CURRENCY_MARKS: Final = re.compile(r"NT\$|HK\$|US\$|TWD|NTD|CNY|HKD|USD|RMB|\$|¥|元|圓|圆|整", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\d[\d,]*(\.\d+)?")
_SCIENTIFIC: Final = re.compile(r"\d(\.\d+)?E\+?\d+", re.IGNORECASE)
_BARCODE_SEPARATORS: Final = re.compile(r"[\s,;、|/]+")
_CODE: Final = re.compile(r"[!-~]+")
_CATEGORY_SEPARATORS: Final = re.compile(r"\s*[/>|\\→»]\s*")


def read_amount(column: str, text: str, currency: Currency) -> int:
    """Minor units from ``1,250``, ``NT$25``, ``25.00``. Raises BadCell."""
    plain = _CURRENCY_MARKS.sub("", fold_digits(text)).replace(" ", "")
    if plain.startswith(("-", "(", "−", "△")) and _NUMBER.fullmatch(plain.strip("-()−△")):
        raise BadCell(column, "amount_negative", text=text)
    if not _NUMBER.fullmatch(plain):
        raise BadCell(column, "amount_unreadable", text=text[:30])
    whole, _, part = plain.partition(".")
    kept, lost = part[: currency.digits], part[currency.digits :]
    if lost.strip("0"):
        raise BadCell(
            column, "amount_has_decimals", text=text, currency=currency.code, digits=currency.digits
        )
    minor = parse_amount(f"{whole}.{kept}" if kept else whole, currency)
    most = PRICE_MAJOR_MAX * 10**currency.digits
    if minor is None or minor > most:
        raise BadCell(column, "amount_too_large", text=text[:30], most=format_money(Money(most, currency)))
    return minor


_YES: Final = words("是 有 可 要 真 啟用 启用 上架 在售 y yes true t 1 v ✓ ✔ ○ on active")
_NO: Final = words("否 無 无 不 不可 不要 假 停用 下架 停售 n no false f 0 x ✗ ✕ × off inactive")


def read_truth(column: str, text: str) -> bool:
    """Raises BadCell."""
    word = fold_digits(text).casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise BadCell(column, "not_yes_or_no", text=text[:30])


_UNITS: Final[Mapping[str, Unit]] = {
    **dict.fromkeys(words("kg kgs kilogram kilograms 公斤 千克"), Unit.KILOGRAM),
    **dict.fromkeys(
        words(
            "個 个 件 包 瓶 罐 盒 支 枝 條 条 入 組 组 袋 箱 片 張 张 本 雙 双 套 顆 颗 粒 杯 份 台 臺 隻 只 塊 块 束"
            " 盆 株 把 根 頂 顶 副 對 对 碗 盤 盘 座 輛 辆 部 枚 封 冊 册 帖 劑 剂 管 朵 提 尾 次 件裝 pc pcs piece pieces each ea unit"
            " units item pack box bottle can bag set pair dozen cup bunch roll"
        ),
        Unit.EACH,
    ),
}


def read_unit(text: str) -> Unit:
    """Raises BadCell: a catty or a pound is neither a piece nor a kilogram, and a wrong guess would misprice every sale."""
    unit = _UNITS.get(fold_digits(text).casefold().rstrip("."))
    if unit is None:
        raise BadCell("unit", "unit_unknown", text=text[:30])
    return unit


# 1, 2 and 3 are the tax types (課稅別) of Taiwan's electronic invoice.
_TAX_WORDS: Final[Mapping[str, TaxClass]] = {
    **dict.fromkeys(
        words("應稅 应税 應税 課稅 课税 含稅 含税 taxable taxed standard tx 5 5% 0.05 5.0% 1"),
        TaxClass.TAXABLE,
    ),
    **dict.fromkeys(words("零稅率 零税率 零稅 零税 zero zero-rated zerorated 0% 2"), TaxClass.ZERO_RATED),
    **dict.fromkeys(words("免稅 免税 exempt taxfree tax-free taxexempt tax-exempt 3"), TaxClass.EXEMPT),
}


def read_tax(text: str) -> TaxClass:
    """Raises BadCell."""
    tax = _TAX_WORDS.get(fold_digits(text).casefold().replace(" ", ""))
    if tax is None:
        raise BadCell("tax", "tax_unknown", text=text[:30])
    return tax


def read_barcodes(texts: tuple[str, ...], *, is_internal: bool) -> tuple[str, ...]:
    """Every barcode of the cells, in the spelling that the scanner looks up. Raises BadCell.

    Digits of a GTIN's length must have the right check digit, unless the shop says that the code is its own.
    """
    codes = [code for text in texts for code in _BARCODE_SEPARATORS.split(fold_digits(text)) if code]
    return tuple(dict.fromkeys(_read_barcode(code, is_internal) for code in codes))


def _read_barcode(text: str, is_internal: bool) -> str:
    if _SCIENTIFIC.fullmatch(text):
        raise BadCell("barcode", "barcode_scientific", text=text)
    code = text.removesuffix(".0")
    if is_digits(code.replace("-", "")):
        code = code.replace("-", "")
    if not _CODE.fullmatch(code) or len(code) > CODE_CHARACTERS_MAX:
        raise BadCell("barcode", "barcode_unreadable", text=text[:30])
    if not is_internal and is_digits(code) and len(code) in GTIN_LENGTHS and not has_valid_check_digit(code):
        raise BadCell(
            "barcode", "barcode_check_digit", barcode=code, expected=code[:-1] + str(check_digit(code[:-1]))
        )
    return normalised_gtin(code)


def read_plu(text: str) -> str:
    """The scale's code without leading zeros. Raises BadCell."""
    plu = fold_digits(text).removesuffix(".0")
    if not is_digits(plu) or len(plu) > 8 or not plu.strip("0"):
        raise BadCell("plu", "plu_unreadable", text=text[:30])
    return plu.lstrip("0")


def read_sku(text: str) -> str:
    """Raises BadCell. A SKU may hold letters of any script, but no spaces and no control characters."""
    sku = fold_digits(text)
    if len(sku) > CODE_CHARACTERS_MAX or not sku.isprintable() or " " in sku:
        raise BadCell("sku", "sku_unreadable", text=text[:30])
    return sku


def read_name(text: str) -> str:
    """One line of printable text. Raises BadCell."""
    name = " ".join(text.split())
    if len(name) > NAME_CHARACTERS_MAX:
        raise BadCell("name", "name_too_long", characters_max=NAME_CHARACTERS_MAX)
    if not name.isprintable() or "\N{REPLACEMENT CHARACTER}" in name:
        raise BadCell("name", "name_unreadable", text="".join(filter(str.isprintable, name))[:30])
    return name


def read_category(text: str) -> tuple[str, ...]:
    """The path from ``飲料/茶`` or ``飲料 > 茶``. Raises BadCell."""
    path = tuple(read_name(part) for part in _CATEGORY_SEPARATORS.split(text) if part)
    if len(path) > CATEGORY_DEPTH_MAX:
        raise BadCell("category", "category_too_deep", depth_max=CATEGORY_DEPTH_MAX)
    return path
