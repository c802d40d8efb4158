"""A promise that was broken: which one, and where."""

from __future__ import annotations


class Violation(Exception):
    """``invariant`` is I1 … I22. In words: ``simulate.broken.<code>`` with its fields."""

    def __init__(self, invariant: str, code: str, **fields: object) -> None:
        super().__init__(invariant, code, fields)
        self.invariant = invariant
        self.code = code
        self.fields = fields
