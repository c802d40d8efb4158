"""What sells well, counted when a shift closes, so that a search finds first what people look for.

Every line sold adds ``LINE``, and every closing takes a thirtieth off all: what sold three weeks ago counts half. It is a projection that
orders search results and nothing else.
"""

from __future__ import annotations

from typing import Final

from app.domain.ids import ShiftId
from db.bulk import DELETE_HOT, HOT_ITEMS, HOT_ITEMS_MAX, INSERT_HOT, search_row_of, touch
from db.engine import Cursor

LINE: Final = 1_000
CLOSINGS_KEPT: Final = 30

FADE: Final = "UPDATE item SET popularity = popularity - (popularity + ?1 - 1) / ?1 WHERE popularity > 0"
# From the shift's first fact on; nothing is later while it closes.
SOLD: Final = """
    SELECT item_id, count(*) FROM sale_line
    WHERE seq >= (SELECT first_seq FROM shift WHERE id = ?) AND is_return = 0 GROUP BY item_id
"""
ADD: Final = "UPDATE item SET popularity = popularity + ? WHERE id = ?"


def count_shift(cursor: Cursor, shift_id: ShiftId) -> None:
    """Let what sold before fade, and add what this shift sold."""
    before = _hot(cursor)
    cursor.execute(FADE, (CLOSINGS_KEPT,))
    sold = cursor.execute(SOLD, (shift_id.bytes,)).fetchall()
    cursor.executemany(ADD, ((lines * LINE, item_id) for item_id, lines in sold))
    after = _hot(cursor)
    cursor.executemany(DELETE_HOT, ((number,) for number in before - after))
    cursor.executemany(INSERT_HOT, [search_row_of(cursor, number) for number in sorted(after - before)])
    touch(cursor)


def _hot(cursor: Cursor) -> frozenset[int]:
    return frozenset(number for number, _ in cursor.execute(HOT_ITEMS, (HOT_ITEMS_MAX,)).fetchall())
