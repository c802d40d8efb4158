"""Goods that come back: found by receipt or by member, or taken without a receipt."""
