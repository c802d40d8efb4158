"""The members behind a part of an insight page: a count opens their list, a line opens the member."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Final

from app.domain.ids import MemberId
from app.i18n import t
from app.insight.values import Period
from app.service.insight_desk import InsightDesk
from ui.owner.desk import OwnerDesk
from ui.owner.people_sheet import ROWS_MAX, PeopleSheet
from ui.owner.rows import RowData
from ui.widgets.record_table import Column

Files = Mapping[int, MemberId]
ALL: Final = "all"
"""The key of the row that opens everybody."""
DAY: Final = timedelta(days=1)

LAST = Column("owner_insight.column.last")
VISITS = Column("owner.column.visits", is_number=True)
SPENT = Column("owner.column.spent", is_number=True)


def files_of(insight: InsightDesk) -> Files:
    """The members by the numbers that the analyses know them by; erased and merged files are not among them."""
    return {number: one.id for number, one in insight.members().items()}


def open_members(
    desk: OwnerDesk,
    title: str,
    files: Files,
    numbers: Iterable[int],
    cells: Callable[[int], tuple[str, ...]],
    columns: tuple[Column, ...],
) -> None:
    """The list of these members, in this order. Whoever has no file any more is not in it."""
    known = [number for number in numbers if number in files]
    rows = [(files[number], cells(number)) for number in known[:ROWS_MAX]]
    PeopleSheet(desk, title, columns, rows, len(known)).open()


def row_of_all(count: int) -> RowData:
    """The last row of a list that shows only the first ones."""
    return RowData(ALL, t("owner_insight.all"), "", t("owner_insight.people_count", count=f"{count:,}"))


def whole_until(everything: Period, last: date) -> Period | None:
    """Everything until this day; None before the shop's first."""
    return Period(everything.first, min(last, everything.last)) if last >= everything.first else None
