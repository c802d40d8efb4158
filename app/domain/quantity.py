"""Quantities as integer thousandths: 1,000 is one piece or one kilogram. No float ever holds a quantity."""

from __future__ import annotations

ONE = 1000
QUANTITY_MAX = 9_999 * ONE


def format_quantity(thousandths: int) -> str:
    """``2``, ``0.385``, ``-1``."""
    whole, part = divmod(abs(thousandths), ONE)
    text = str(whole) if part == 0 else f"{whole}.{part:03d}".rstrip("0")
    return ("-" if thousandths < 0 else "") + text


def parse_quantity(text: str) -> int | None:
    """Thousandths from ``2``, ``0.385`` or ``.5``; None when it is not a quantity with at most three decimals."""
    whole, dot, part = text.strip().partition(".")
    if not (whole or part) or len(whole) > 6 or len(part) > 3 or (dot and not part):
        return None
    if not all(piece == "" or (piece.isascii() and piece.isdigit()) for piece in (whole, part)):
        return None
    return int(whole or "0") * ONE + int(part.ljust(3, "0") or "0")
