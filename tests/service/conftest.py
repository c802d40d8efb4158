from __future__ import annotations

from tests.service.small_shop import shop

__all__ = ["shop"]
