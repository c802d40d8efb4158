"""One planted mistake: a right function whose place a wrong one takes for a while."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from app.simulation.plan import Deed, Fault


@dataclass(frozen=True, slots=True)
class Mutant:
    """``wrong(right)`` makes the function that stands in ``owner.attribute`` meanwhile. ``wanted`` must happen for it to matter."""

    name: str
    owner: Any
    attribute: str
    wrong: Callable[[Any], Any]
    wanted: tuple[Deed | Fault, ...] = ()

    @contextmanager
    def plant(self) -> Iterator[None]:
        right = self.owner.__dict__[self.attribute]
        setattr(self.owner, self.attribute, self.wrong(right))
        try:
            yield
        finally:
            setattr(self.owner, self.attribute, right)
