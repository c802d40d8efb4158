"""What a chart shows, before anything is painted. Numbers are what they are; their words come ready from whoever asks for the chart."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Point:
    """One mark. ``amount`` gives its size, ``value`` is what is written, ``words`` the whole sentence for hover and screen readers.

    ``key`` is handed back when somebody chooses the mark (``""``: nothing lies behind it).
    """

    label: str
    amount: float
    value: str
    words: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """Marks of one kind, left to right. ``before`` are the same marks of the period compared with (may be empty)."""

    name: str
    points: tuple[Point, ...]
    before: tuple[Point, ...] = ()
    before_name: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """A line with how sure it is: ``low`` and ``high`` beside each point. ``from_index`` on, the line is a forecast.

    ``guide`` is a thin line to look along: what it would be if nothing special were the case.
    """

    series: Series
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    from_index: int | None = None
    guide: tuple[float, ...] = ()
    guide_name: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a map. ``heat`` is 0 to 1; None: there is no such cell (the other half of a triangle)."""

    heat: float | None
    value: str
    words: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of cells with their headings. ``corner`` names what runs down and across."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[Cell, ...], ...]
    corner: str = ""

    def __post_init__(self) -> None:
        assert len(self.cells) == len(self.rows)
        assert all(len(row) == len(self.columns) for row in self.cells)


def ticks(top: float, wanted: int = 4) -> tuple[float, ...]:
    """Round steps from 0 that reach ``top``: 1, 2 or 5 times a power of ten apart; whole numbers where the top is one."""
    if top <= 0:
        return (0.0, 1.0)
    step = 1.0
    rough = top / wanted
    while step < rough:
        step *= 10
    while step / 10 >= rough and step > 1:
        step /= 10
    for part in (0.1, 0.2, 0.5, 1.0):
        if step * part >= rough and (step * part >= 1 or top < 1):
            step *= part
            break
    count = int(-(-top // step))
    return tuple(index * step for index in range(count + 1))
