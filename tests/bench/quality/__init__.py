"""``bench quality``: how right the analyses of app/insight are, on data nobody here made, and how long they take.

One figure for each bar: published tables cell by cell, the next months of a CD log and of a grocery panel (the modules beside this say
each split), and effects that were planted on real members. What a figure is compared with stands beside it without a goal. The data
come with packages of their own lock, into the benchmark's data folder alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.bench.quality import data, goods, members, planted, speed


def run(data_dir: Path, *, quick: bool = False) -> dict[str, Any]:
    """``quick`` takes a tenth of the sizes where time is measured."""
    folder = data.prepared(data_dir)
    panel = data.panel(folder)
    found = [
        *members.figures(folder, panel),
        *goods.figures(panel),
        *planted.figures(panel),
        *speed.figures(folder, scale=0.1 if quick else 1.0),
    ]
    assert len({figure.name for figure in found}) == len(found)
    judged = [figure for figure in found if figure.goal is not None]
    return {
        "name": "quality",
        "figures": {figure.name: figure.value for figure in found},
        "goals": {figure.name: figure.goal for figure in judged},
        "met_each": {figure.name: figure.is_met for figure in judged},
        "met": all(figure.is_met for figure in judged),
        "reference": "published tables, later months, planted effects; plain methods on the same split stand beside",
        "n": len(judged),
    }
