"""Taiwan's 統一編號: eight digits with a check.

Rule of the Ministry of Finance: weights 1 2 1 2 1 2 4 1, the digits of every product summed; the sum is divisible by 5 (since April 2023,
before that by 10). Where the seventh digit is 7 its product 28 may count as 10 or as 1 + 0, so the sum may also be one more.
"""

from __future__ import annotations

from typing import Final

from app.domain.errors import Refused

_WEIGHTS: Final = (1, 2, 1, 2, 1, 2, 4, 1)
_DIVISOR: Final = 5


def is_tax_id(text: str) -> bool:
    """Whether this is a possible 統一編號."""
    if len(text) != len(_WEIGHTS) or not (text.isascii() and text.isdigit()):
        return False
    products = (int(digit) * weight for digit, weight in zip(text, _WEIGHTS, strict=True))
    checksum = sum(product // 10 + product % 10 for product in products)
    return checksum % _DIVISOR == 0 or (text[6] == "7" and (checksum + 1) % _DIVISOR == 0)


def check_tax_id(text: str) -> None:
    """Raises Refused("tax_id_wrong")."""
    if not is_tax_id(text):
        raise Refused("tax_id_wrong", number=text)
