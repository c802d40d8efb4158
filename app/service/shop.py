"""The shop's settings as one typed value, kept in the store under one key each.

A setting that is missing or was damaged falls back to its default; nothing here reads a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from app.domain.authority import DEFAULT_LIMITS, Limit, Right, Role
from app.domain.barcode import DEFAULT_LABEL_RULES, LabelKind, LabelRule
from app.domain.money import CURRENCIES, TWD, Currency


@dataclass(frozen=True, slots=True)
class ShopSettings:
    """Everything the owner can set about the shop. ``*_minor`` are minor units of the currency.

    ``day_starts_at_hour``: a sale at 02:00 belongs to yesterday's business date when the shop's day starts at 05:00.
    ``points_*``: NT$100 net paid earns 1 point, 1 point is worth NT$1; a 0 in ``points_earn_step_minor`` switches points off.
    """

    name: str = ""
    tax_id: str = ""
    address: str = ""
    phone: str = ""
    footer: str = ""
    currency_code: str = TWD.code
    language: str = "zh_TW"
    region: str = "TW"
    store_code: str = "01"
    till_code: str = "1"
    day_starts_at_hour: int = 5
    tax_rate: int = 500
    theme: str = "light"
    points_earn_step_minor: int = 100
    points_earn: int = 1
    points_burn_value_minor: int = 1
    points_burn_share_max: int = 10000
    points_expire_after_days: int = 365
    points_rule_version: int = 1
    prints_receipt: bool = True
    is_demo: bool = False

    @property
    def currency(self) -> Currency:
        return CURRENCIES.get(self.currency_code, TWD)


def load_shop(settings: Mapping[str, object]) -> ShopSettings:
    """The typed value from the store's settings (keys ``shop.<field>``)."""
    known: dict[str, Any] = {}
    for field in fields(ShopSettings):
        value = settings.get(f"shop.{field.name}")
        if value is not None and type(value) is type(field.default):
            known[field.name] = value
    return ShopSettings(**known)


def shop_to_settings(shop: ShopSettings) -> dict[str, object]:
    """What to put into the store."""
    return {f"shop.{field.name}": getattr(shop, field.name) for field in fields(ShopSettings)}


def load_limits(settings: Mapping[str, object]) -> dict[Role, dict[Right, Limit]]:
    """The limits table: the defaults with the shop's own rows (``limits``: role -> right -> number or null) laid over."""
    table = {role: dict(row) for role, row in DEFAULT_LIMITS.items()}
    own = settings.get("limits")
    if isinstance(own, Mapping):
        for role in Role:
            row = own.get(role.value)
            if isinstance(row, Mapping):
                table[role].update(
                    {right: row[right.value] for right in Right if _is_limit(row.get(right.value, "missing"))}
                )
    return table


def load_label_rules(settings: Mapping[str, object]) -> tuple[LabelRule, ...]:
    """The patterns of price-embedded barcodes (``label_rules``: list of [pattern, kind, decimals])."""
    own = settings.get("label_rules")
    if not isinstance(own, list):
        return DEFAULT_LABEL_RULES
    return tuple(LabelRule(pattern, LabelKind(kind), decimals) for pattern, kind, decimals in own)


def _is_limit(value: object) -> bool:
    return value is None or (type(value) is int and value >= 0)
