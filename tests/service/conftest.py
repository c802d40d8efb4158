from __future__ import annotations

from tests.service.coupon_shop import coupons
from tests.service.small_shop import shop

__all__ = ["coupons", "shop"]
