"""The demo's offers cover every kind of promotion, name only goods that exist, and would not ruin the shop."""

from __future__ import annotations

import json
from datetime import date, timedelta

from app.demo.promotions import PromotionDefinition, promotions
from app.demo.shop import categories, items

YEAR = (date(2025, 11, 1), date(2026, 10, 31))


def test_every_kind_and_every_condition_occurs() -> None:
    offers = promotions(*YEAR)
    assert {offer["kind"] for offer in offers} == {
        "percent", "amount", "fixed_price", "n_for_price", "buy_x_get_y", "mix_match", "basket_threshold",
    }  # fmt: skip
    for condition in ("members_only", "tiers", "weekdays", "time_from", "starts", "stacking_group"):
        assert any(offer[condition] for offer in offers), condition
    assert any(not offer["combinable"] for offer in offers)
    assert any(len(offer["thresholds"]) == 3 for offer in offers)
    assert any(group["categories"] for offer in offers for group in offer["groups"])


def test_every_offer_names_goods_and_categories_of_the_shop() -> None:
    skus = {item.sku for item in items()}
    paths = {node.path for node in categories()}
    for offer in promotions(*YEAR):
        for covered in (offer, *offer["groups"]):
            assert set(covered["items"]) <= skus, offer["code"]
            assert set(covered["categories"]) <= paths, offer["code"]
        assert offer["items"] or offer["categories"] or offer["groups"], offer["code"]
        assert set(offer["name"]) == {"zh-TW", "zh-CN", "en"}
        offer["name"]["zh-TW"].encode("big5")
        offer["name"]["zh-CN"].encode("gb2312")
        assert offer["name"]["en"].isascii()
    assert json.loads(json.dumps(promotions(*YEAR))) == list(promotions(*YEAR))


def test_each_kind_carries_the_figures_it_needs() -> None:
    needs: dict[str, set[str]] = {
        "percent": {"value"},
        "amount": {"value"},
        "fixed_price": {"value"},
        "n_for_price": {"value", "quantity"},
        "buy_x_get_y": {"buy", "free"},
        "mix_match": {"value", "groups"},
        "basket_threshold": {"thresholds"},
    }
    for offer in promotions(*YEAR):
        given = {key for key in ("value", "quantity", "buy", "free", "groups", "thresholds") if offer[key]}
        assert given == needs[offer["kind"]], offer["code"]
    for offer in promotions(*YEAR):
        steps = [(step["from_amount"], step["off"]) for step in offer["thresholds"]]
        assert steps == sorted(steps)


def test_codes_are_unique_and_a_festival_brings_its_offer_back_each_year() -> None:
    offers = promotions(date(2025, 1, 1), date(2027, 12, 31))
    codes = [offer["code"] for offer in offers]
    assert len(codes) == len(set(codes))
    assert {"MOON-2025", "MOON-2026", "MOON-2027"} <= set(codes)
    moon = next(offer for offer in offers if offer["code"] == "MOON-2026")
    assert (moon["starts"], moon["ends"]) == ("2026-09-04", "2026-09-25")


def test_an_offer_whose_festival_lies_just_past_the_last_day_is_already_there() -> None:
    eve = date(2026, 9, 25) - timedelta(days=5)
    assert "MOON-2026" in {offer["code"] for offer in promotions(eve, eve)}


def _covers(offer: PromotionDefinition, sku: str, category: str) -> bool:
    return sku in offer["items"] or any(
        category == path or category.startswith(path + "/") for path in offer["categories"]
    )


def test_no_offer_on_single_goods_sells_below_cost() -> None:
    for offer in promotions(*YEAR):
        for item in items():
            if item.price is None or item.cost is None or not _covers(offer, item.sku, item.category):
                continue
            value = offer["value"] or 0
            match offer["kind"]:
                case "percent":
                    price = item.price * (100 - value) // 100
                case "amount":
                    price = item.price - value
                case "fixed_price":
                    price = value
                case "n_for_price":
                    assert offer["quantity"]
                    price = value // offer["quantity"]
                case _:
                    continue
            assert price >= item.cost, (offer["code"], item.name_zh_tw)


def test_no_set_is_sold_below_what_its_dearest_pieces_cost() -> None:
    for offer in promotions(*YEAR):
        if offer["kind"] != "mix_match":
            continue
        cost = 0
        for group in offer["groups"]:
            fitting = [
                item.cost
                for item in items()
                if item.cost is not None
                and (item.sku in group["items"] or item.category in group["categories"])
            ]
            cost += max(fitting) * group["quantity"]
        assert offer["value"] is not None
        assert offer["value"] >= cost, offer["code"]
