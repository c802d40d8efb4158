"""The one way in which a row that is otherwise never changed gives way: two tills told the same thing in two ways, and one of them stands.

Within a unit of work, for as long as the ``with`` block lasts. Facts and transactions never give way.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from db.engine import Cursor

BEGIN: Final = (
    "INSERT INTO sync_state (one, settling) VALUES (1, 1) ON CONFLICT (one) DO UPDATE SET settling = 1"
)
END: Final = "UPDATE sync_state SET settling = 0"


@contextmanager
def settling(cursor: Cursor) -> Iterator[None]:
    """An error leaves the flag to the roll-back, which takes it back with everything else."""
    cursor.execute(BEGIN)
    yield
    cursor.execute(END)
