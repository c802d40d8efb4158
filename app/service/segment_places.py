"""Which of the eight RFM segments each member is in, held in memory for the counter: a look costs microseconds and reads nothing.

The table is made beside the sales, by the till's daily work, and replaced whole. Until it was made, nobody is in a segment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from app.domain.ids import MemberId


class SegmentPlaces:
    """May be asked from any thread while another one puts a new table in its place."""

    def __init__(self) -> None:
        self._table: tuple[NDArray[Any], NDArray[Any], tuple[str, ...]] | None = None

    def __len__(self) -> int:
        return 0 if self._table is None else len(self._table[0])

    def of(self, member_id: MemberId) -> str:
        """The name of the segment, as :class:`app.insight.rfm.Segment` in lower case; ``""`` where none is known."""
        table = self._table
        if table is None:
            return ""
        owners, codes, names = table
        # A column of bytes leaves out the zeros at the end of each; two ids are different without them, too.
        wanted = member_id.bytes.rstrip(b"\0")
        place = int(owners.searchsorted(wanted))
        if place == len(owners) or owners[place] != wanted:
            return ""
        return names[int(codes[place])]

    def replace(self, members: Sequence[MemberId], codes: Sequence[int], names: tuple[str, ...]) -> None:
        """Each member with the number of their name."""
        import numpy as np

        assert len(members) == len(codes)
        owners = np.array([one.bytes for one in members], dtype="S16")
        order = np.argsort(owners, kind="stable")
        self._table = (owners[order], np.array(codes, dtype=np.int8)[order], names)
