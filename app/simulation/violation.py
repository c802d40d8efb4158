"""A promise that was broken: which one, and where."""

from __future__ import annotations

from typing import Any


class Violation(Exception):
    """``invariant`` is I1 … I22. In words: ``simulate.broken.<code>`` with its fields."""

    def __init__(self, invariant: str, code: str, **fields: object) -> None:
        super().__init__(invariant, code, fields)
        self.invariant = invariant
        self.code = code
        self.fields = fields

    def __reduce__(self) -> Any:
        """From one process to another with all that it says."""
        return _again, (self.invariant, self.code, self.fields)


def _again(invariant: str, code: str, fields: dict[str, object]) -> Violation:
    return Violation(invariant, code, **fields)
