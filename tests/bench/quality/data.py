"""The two public sets on which the analyses are judged: one log of CDs sold in 1997-98, one year of a grocery panel.

They come inside packages of their own lock (`requirements.lock`), which the benchmark installs into a folder of its data folder and
nowhere else: never into the till's environment, never shipped. What is read from them is cached there as plain columns.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from app.insight.columns import Lines, Tickets
from app.insight.values import day_number

LOCK: Final = Path(__file__).with_name("requirements.lock")
_DONE: Final = "installed.txt"

Column = NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """A year of a grocery panel, a row for each line; a member is a household. ``net`` is in cents.

    The tables below give each product its department, category and type as codes; -1 where the panel has none.
    """

    member: Column
    basket: Column
    item: Column
    store: Column
    day: Column
    hour: Column
    quantity: Column
    net: Column
    department_of: Column
    department_names: Column
    category_of: Column
    type_of: Column

    def tickets(self) -> Tickets:
        """One row for each basket."""
        _, first, basket = np.unique(self.basket, return_index=True, return_inverse=True)
        net = np.bincount(basket, weights=self.net).astype(np.int64)
        return Tickets(self.member[first], self.day[first], net, np.ones(len(first), dtype=np.bool_))

    def lines(self, item: Column) -> Lines:
        """The lines under another code of the goods (product, type ...), without those that have none."""
        chosen = (item >= 0) & (self.quantity > 0)
        return Lines(self.member[chosen], self.basket[chosen], item[chosen], self.day[chosen])


def cd_log(folder: Path) -> Tickets:
    """All 69,659 rows of the log; members are numbered from 0."""
    rows = _text_rows(folder / "packages" / "lifetimes" / "datasets" / "CDNOW_master.txt", skip=1)
    return _cd_tickets((row[0], row[1], row[3]) for row in rows)


def cd_sample(folder: Path) -> Tickets:
    """The published sample of 2,357 members, numbered as its summary numbers them, from 0."""
    rows = _text_rows(folder / "packages" / "lifetimes" / "datasets" / "CDNOW_sample.txt", skip=0)
    return _cd_tickets((row[1], row[2], row[4]) for row in rows)


def cd_summary(folder: Path) -> tuple[Column, Column, Column]:
    """The published x, t_x and T of the sample, in weeks."""
    path = folder / "packages" / "lifetimes" / "datasets" / "cdnow_customers_summary.csv"
    rows = [line.split(",") for line in path.read_text(encoding="utf-8").split()[1:]]
    table = np.array([[float(cell) for cell in row] for row in rows])
    return table[:, 1], table[:, 2], table[:, 3]


def panel(folder: Path) -> Panel:
    with np.load(folder / "panel.npz") as columns:
        return Panel(**{name: columns[name] for name in Panel.__dataclass_fields__})


def prepared(data_dir: Path) -> Path:
    """The folder with both sets in it, installed and converted when they are not there yet."""
    folder = data_dir / "quality"
    done = folder / _DONE
    lock = LOCK.read_text(encoding="utf-8")
    if not done.exists() or done.read_text(encoding="utf-8") != lock:
        folder.mkdir(parents=True, exist_ok=True)
        done.unlink(missing_ok=True)
        packages = folder / "packages"
        install = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
        ]
        target = ["--upgrade", "--target", str(packages), "--require-hashes", "-r", str(LOCK)]
        subprocess.run([*install, *target], check=True)
        # In a process of its own: what reads the panel's format never enters this one.
        script = Path(__file__).with_name("convert.py")
        subprocess.run([sys.executable, str(script), str(packages), str(folder / "panel.npz")], check=True)
        done.write_text(lock, encoding="utf-8")
    return folder


def _text_rows(path: Path, skip: int) -> list[list[str]]:
    return [line.split() for line in path.read_text(encoding="utf-8").splitlines()[skip:] if line.strip()]


def _cd_tickets(rows: Any) -> Tickets:
    members, days, cents = zip(
        *((int(member) - 1, _day(text), round(float(amount) * 100)) for member, text, amount in rows),
        strict=True,
    )
    return Tickets(
        np.array(members, dtype=np.int32),
        np.array(days, dtype=np.int32),
        np.array(cents, dtype=np.int64),
        np.ones(len(members), dtype=np.bool_),
    )


def _day(text: str) -> int:
    return day_number(date(int(text[:4]), int(text[4:6]), int(text[6:8])))
