"""The demo shop's goods, staff and profile hold what a shop owner and a till would check."""

from __future__ import annotations

from collections import Counter
from itertools import islice

import pytest

from app.demo.shop import OPERATORS, SHOP, TILE_COLOURS, categories, enlarged, items
from app.domain.barcode import has_valid_check_digit, normalised_gtin


def test_there_are_at_least_230_goods_and_no_two_share_a_sku_a_name_or_a_code() -> None:
    goods = items()
    assert len(goods) >= 230
    for key in ("sku", "name_zh_tw", "name_en", "short_name"):
        assert [value for value, n in Counter(getattr(item, key) for item in goods).items() if n > 1] == []
    codes = [normalised_gtin(code) for item in goods for code in item.barcodes]
    assert len(codes) == len(set(codes))
    plus = [item.plu for item in goods if item.plu]
    assert len(plus) == len(set(plus))


def test_every_barcode_has_the_right_check_digit_and_nearly_all_are_taiwanese() -> None:
    codes = [code for item in items() for code in item.barcodes]
    assert [code for code in codes if not has_valid_check_digit(code)] == []
    assert sum(code.startswith("471") and len(code) == 13 for code in codes) > 0.9 * len(codes)
    assert {len(code) for code in codes} == {8, 12, 13}
    assert sum(len(item.barcodes) == 2 for item in items()) >= 10


def test_a_weighed_good_has_a_five_digit_plu_and_no_printed_barcode() -> None:
    weighed = [item for item in items() if item.unit == "kg"]
    assert len(weighed) >= 12
    for item in weighed:
        assert item.plu is not None
        assert len(item.plu) == 5
        assert item.plu.isdigit()
        assert item.barcodes == ()


def test_a_member_pays_three_to_twelve_percent_less_and_about_half_the_goods_have_such_a_price() -> None:
    priced = [item for item in items() if item.member_price is not None]
    assert 0.4 <= len(priced) / len(items()) <= 0.6
    for item in priced:
        assert item.price is not None
        assert item.member_price is not None
        assert 3 <= (item.price - item.member_price) * 100 / item.price <= 12, item.name_zh_tw


def test_no_good_is_sold_below_its_cost_even_to_a_member() -> None:
    for item in items():
        if item.price is not None:
            assert item.cost is not None
            assert item.cost < (item.member_price or item.price), item.name_zh_tw


def test_raw_farm_goods_rice_and_flour_are_exempt_and_what_was_made_of_them_is_taxed() -> None:
    # 營業稅法 §8-1-19 (unprocessed farm and sea produce) and §8-1-21 (rice and flour).
    tax = {item.name_zh_tw: item.tax for item in items()}
    for name in (
        "香蕉 秤重",
        "宜蘭青蔥 1把",
        "洗選白蛋 10入",
        "花東縱谷香米 2kg",
        "中筋麵粉 1kg",
        "急凍白蝦 300g",
    ):
        assert tax[name] == "exempt", name
    for name in ("烤地瓜 秤重", "皮蛋 6入", "傳統板豆腐 400g", "蒜味香腸 300g", "大燕麥片 800g", "鮮奶吐司"):
        assert tax[name] == "taxable", name
    assert {item.category.split("/")[0] for item in items() if item.tax == "exempt"} == {"生鮮", "米麵雜糧"}


def test_there_are_two_open_price_goods_and_only_they_lack_a_price() -> None:
    assert [item.name_zh_tw for item in items() if item.is_open_price] == ["手作代工費", "其他"]


def test_three_pages_of_twelve_quick_keys_use_the_whole_palette() -> None:
    tiles = [item for item in items() if item.tile_page is not None]
    assert Counter(item.tile_page for item in tiles) == {1: 12, 2: 12, 3: 12}
    assert {item.tile_colour for item in tiles} == set(TILE_COLOURS)
    # A tile is for what cannot be scanned, or is bought all day.
    assert all(len(item.short_name) <= 6 for item in items())


def test_the_category_tree_has_two_levels_and_names_in_three_languages() -> None:
    tree = categories()
    assert sum(node.parent is None for node in tree) >= 10
    seen: set[str] = set()
    for node in tree:
        assert node.parent is None or node.parent in seen
        assert node.path == (f"{node.parent}/{node.name_zh_tw}" if node.parent else node.name_zh_tw)
        assert node.name_zh_cn
        assert node.name_en.isascii()
        seen.add(node.path)


def test_every_name_is_in_its_own_script() -> None:
    for item in items():
        assert item.name_en.isascii(), item.sku
        item.name_zh_cn.encode("gb2312")
        item.name_zh_tw.encode("big5")
        item.short_name.encode("big5")


def test_the_tax_id_passes_the_check_in_force_since_2023() -> None:
    weighted = [
        int(digit) * weight for digit, weight in zip(SHOP.tax_id, (1, 2, 1, 2, 1, 2, 4, 1), strict=True)
    ]
    assert sum(sum(divmod(value, 10)) for value in weighted) % 5 == 0
    assert SHOP.tax_id[6] != "7"


def test_four_people_work_there_each_with_a_six_digit_pin_of_their_own() -> None:
    assert [operator.number for operator in OPERATORS] == ["01", "02", "03", "04"]
    assert {operator.role for operator in OPERATORS} == {"owner", "supervisor", "cashier"}
    assert len({operator.pin for operator in OPERATORS}) == 4
    assert all(len(operator.pin) == 6 and operator.pin.isdigit() for operator in OPERATORS)


def test_the_shop_grows_to_any_number_of_goods_without_repeating_a_name_or_a_code() -> None:
    goods = list(enlarged(3000, seed=5))
    assert goods[: len(items())] == list(items())
    assert len({item.name_zh_tw for item in goods}) == len({item.sku for item in goods}) == 3000
    codes = [code for item in goods for code in item.barcodes]
    assert len(codes) == len(set(codes))
    assert all(has_valid_check_digit(code) for code in codes)
    assert goods == list(enlarged(3000, seed=5))
    assert goods != list(enlarged(3000, seed=6))


@pytest.mark.parametrize("count", [0, 1, 309])
def test_a_small_shop_is_the_first_goods_of_the_list(count: int) -> None:
    assert list(enlarged(count)) == list(islice(items(), count))
