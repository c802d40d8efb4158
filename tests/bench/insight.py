"""``bench insight``: the owner's analyses over a till's encrypted file with 200,000 members and 1,000,000 sales.

``rfm_vs_pandas``: from the file to the segments of every member, beside the same made plainly with a data frame from the same file, in
turns and with equal answers. ``bgnbd_seconds`` fits the model of visits; ``train_seconds`` reads 1,000,000 lines and learns what is bought
next and together; ``answer_p99_ms`` is what the counter then waits for. The packages come as those of ``bench quality`` do.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from tests.bench.history import past_of
from tests.bench.quality.data import prepared

SALES: Final = 1_000_000
LINES: Final = 1_000_000
ROUNDS: Final = 7
GOALS: Final = {"rfm_vs_pandas": 0.5, "bgnbd_seconds": 10.0, "train_seconds": 30.0, "answer_p99_ms": 5.0}
ROOT: Final = Path(__file__).parents[2]


def run(data_dir: Path, *, quick: bool = False) -> dict[str, Any]:
    sales, lines, rounds = (20_000, 20_000, 3) if quick else (SALES, LINES, ROUNDS)
    path, packages = past_of(data_dir, sales), prepared(data_dir) / "packages"
    # In a process of its own: what the reference needs never enters this one.
    command = [
        sys.executable,
        "-m",
        "tests.bench.plain_insight",
        str(packages),
        str(path),
        str(rounds),
        str(lines),
    ]
    answer = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    figures = json.loads(answer.stdout.splitlines()[-1])
    each = {name: figures[name] <= goal for name, goal in GOALS.items()}
    return {
        "name": "insight",
        "figures": figures,
        "goals": GOALS,
        "met": all(each.values()),
        "met_each": each,
        "reference": "a pandas data frame over the same encrypted file, in turns",
        "n": rounds,
    }
