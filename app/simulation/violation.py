"""A promise that was broken: which one, and where."""

from __future__ import annotations

from functools import partial


class Violation(Exception):
    """``invariant`` is I1 … I22. In words: ``simulate.broken.<code>`` with its fields."""

    def __init__(self, invariant: str, code: str, **fields: object) -> None:
        super().__init__(invariant, code, fields)
        self.invariant = invariant
        self.code = code
        self.fields = fields

    def __reduce__(self) -> tuple[object, ...]:
        """It is told by one process to another."""
        return partial(Violation, self.invariant, self.code, **self.fields), ()
