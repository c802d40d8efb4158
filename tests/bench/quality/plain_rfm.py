"""Run by itself, with the folder of the benchmark's packages: RFM over columns as a data frame does it plainly, and ours, in turns.

Both start from columns already read and end with scores and segments, which are compared. Prints one JSON object.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, Final

import numpy as np

from app.insight.columns import Tickets
from app.insight.rfm import Cuts, Rfm, rfm
from app.insight.values import Period
from tests.bench.quality.speed import YEAR, many_tickets

ROUNDS: Final = 7
CUTS: Final = Cuts(near_days=60, often_visits=4, high_net=400_000)


def main(packages: Path, members: int, sales: int) -> None:
    sys.path.append(str(packages))
    pandas: Any = import_module("pandas")
    tickets = many_tickets(members, sales)
    ours, plain = [], []
    for _ in range(ROUNDS):
        started = perf_counter()
        answer = rfm(tickets, YEAR, CUTS)
        ours.append(perf_counter() - started)
        started = perf_counter()
        table = by_data_frame(pandas, tickets, YEAR, CUTS)
        plain.append(perf_counter() - started)
    assert isinstance(answer, Rfm)
    assert table["segment"].to_numpy().tolist() == answer.segment.tolist()
    assert table["r"].to_numpy().tolist() == answer.scores.r.tolist()
    assert table["m"].to_numpy().tolist() == answer.scores.m.tolist()
    print(json.dumps({"ours_ms": median(ours) * 1000, "plain_ms": median(plain) * 1000}))


def by_data_frame(pandas: Any, tickets: Tickets, period: Period, cuts: Cuts) -> Any:
    frame = pandas.DataFrame(
        {
            "member": tickets.member,
            "day": tickets.day,
            "net": tickets.net,
            "is_purchase": tickets.is_purchase,
        }
    )
    frame = frame[(frame["day"] >= period.first_day) & (frame["day"] <= period.last_day)]
    bought = frame[frame["is_purchase"]].groupby("member")["day"]
    table = pandas.DataFrame({"recency": period.last_day - bought.max(), "frequency": bought.nunique()})
    table["monetary"] = frame.groupby("member")["net"].sum()
    for name, column in (("r", -table["recency"]), ("f", table["frequency"]), ("m", table["monetary"])):
        table[name] = np.ceil(5 * column.rank(method="average") / len(table)).astype(int)
    is_far, is_seldom = table["recency"] > cuts.near_days, table["frequency"] < cuts.often_visits
    table["segment"] = (table["monetary"] < cuts.high_net) * 4 + is_seldom * 2 + is_far * 1
    figures = table.groupby("segment").agg(
        {"recency": "mean", "frequency": "mean", "monetary": "sum", "r": "size"}
    )
    assert len(figures) <= 8
    return table


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
