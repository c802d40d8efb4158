"""How much is put into one request: less after it got stuck, more while it goes well."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Size:
    """``now`` is between 1 and ``most``."""

    now: int
    most: int

    def __post_init__(self) -> None:
        assert 1 <= self.now <= self.most

    def grow(self) -> None:
        self.now = min(self.most, 2 * self.now)

    def shrink(self, tried: int) -> None:
        """``tried`` was too much for now."""
        self.now = max(1, min(self.now, tried) // 2)

    def settle_below(self, tried: int) -> None:
        """``tried`` is more than this line or this server ever takes."""
        self.shrink(tried)
        self.most = self.now
