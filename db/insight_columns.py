"""Columns for the insight, read once: tickets from the days' packed columns, lines by their place in the chain, goods and members whole.

Nothing here is an analysis. A row of SQL becomes a row of an array, in chunks, so that a long reading tells how far it is and can be
stopped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import numpy as np

from app.domain.ids import ItemId, MemberId, OperatorId
from app.domain.loyalty.value_items import VALUE_ITEMS
from app.domain.member import ERASED_PREFIX
from app.service.insight_ports import ItemFacts, LineColumns, MemberFacts
from app.service.summary_ports import Progress, TicketColumns
from db.types import date_number, number_date_or_none, uuid_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from db.store import SqliteStore

SEQS_AT_ONCE: Final = 50_000
_NO_GOODS: Final = ", ".join(f"X'{one.bytes.hex()}'" for one in sorted(VALUE_ITEMS))
FIRST_DAY: Final = date(2000, 1, 1)
LAST_DAY: Final = date(9999, 12, 31)

# Any change of what an analysis rests on moves one of these.
VERSION: Final = """
SELECT (SELECT coalesce(max(seq), 0) FROM fact), (SELECT coalesce(max(feed_seq), 0) FROM inbox),
  (SELECT count(*) FROM member_alias), (SELECT coalesce(max(hlc), 0) FROM member_alias),
  (SELECT coalesce(max(version), 0) FROM catalogue_state)
"""
RANGE: Final = """
SELECT min(seq), max(seq) FROM transaction_header WHERE seq >= coalesce(
  (SELECT min(first_seq) FROM shift WHERE business_date BETWEEN ?1 AND ?2), 1)
"""
# By seq. A line that came back in part still tells that somebody bought it. Stored value and gift cards are no goods.
LINES: Final = f"""
SELECT l.seq, i.number, l.quantity, l.net_minor
FROM transaction_header h JOIN sale_line l ON l.seq = h.seq JOIN item i ON i.id = l.item_id
WHERE h.seq BETWEEN ?1 AND ?2 AND h.kind = 'sale' AND h.is_training = 0 AND h.business_date BETWEEN ?3 AND ?4
  AND l.is_return = 0 AND l.item_id NOT IN ({_NO_GOODS}) AND NOT EXISTS (SELECT 1 FROM transaction_header v WHERE v.voids_id = h.id)
ORDER BY l.seq, l.number
"""
OPERATORS: Final = """
SELECT seq, operator_id FROM transaction_header
WHERE seq BETWEEN ?1 AND ?2 AND kind = 'sale' AND is_training = 0 AND business_date BETWEEN ?3 AND ?4 ORDER BY seq
"""
ITEMS: Final = "SELECT number, id, sku, name, category_id, cost_minor FROM item"
CATEGORIES: Final = "SELECT id, name, parent_id FROM category"
MEMBERS: Final = f"""
SELECT number, id, tier, gender, birthday, joined_on, has_marketing_consent FROM member
WHERE id NOT IN (SELECT member_id FROM member_alias) AND substr(phone, 1, {len(ERASED_PREFIX)}) <> '{ERASED_PREFIX}'
"""
TAGS: Final = "SELECT m.number, t.tag FROM member_tag t JOIN member m ON m.id = t.member_id"


class SqliteInsightColumns:
    """Implements :class:`app.service.insight_ports.InsightSource`."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store
        self._engines = store.engines

    def version(self) -> tuple[int, ...]:
        with self._engines.reading() as cursor:
            return tuple(cursor.execute(VERSION).fetchone())

    def tickets(self) -> TicketColumns:
        return self._store.days.read([(FIRST_DAY, LAST_DAY)]).tickets

    def lines(self, since: date, until: date, progress: Progress) -> LineColumns:
        found = [
            np.array(rows, dtype=np.int64).reshape(-1, 4)
            for rows in self._walk(LINES, since, until, progress)
        ]
        table = np.concatenate(found) if found else np.empty((0, 4), dtype=np.int64)
        columns = [np.ascontiguousarray(table[:, place]) for place in range(4)]
        for column in columns:
            column.flags.writeable = False
        return LineColumns(*columns)

    def operators(self, since: date, until: date) -> tuple[NDArray[Any], NDArray[Any], Sequence[OperatorId]]:
        codes: dict[bytes, int] = {}
        seqs: list[int] = []
        who: list[int] = []
        for rows in self._walk(OPERATORS, since, until, lambda _done, _total: None):
            for seq, operator_id in rows:
                seqs.append(seq)
                who.append(codes.setdefault(operator_id, len(codes)))
        return (
            np.array(seqs, dtype=np.int64),
            np.array(who, dtype=np.int64),
            [OperatorId(uuid_of(one)) for one in codes],
        )

    def items(self) -> Mapping[int, ItemFacts]:
        with self._engines.reading() as cursor:
            rows = cursor.execute(ITEMS).fetchall()
        return {
            number: ItemFacts(
                ItemId(uuid_of(own)), sku, name, None if category is None else uuid_of(category), cost
            )
            for number, own, sku, name, category, cost in rows
            if uuid_of(own) not in VALUE_ITEMS
        }

    def categories(self) -> Mapping[UUID, str]:
        with self._engines.reading() as cursor:
            rows = {own: (name, parent) for own, name, parent in cursor.execute(CATEGORIES).fetchall()}
        names = {}
        for own in rows:
            top, seen = own, {own}
            while (parent := rows[top][1]) in rows and parent not in seen:
                top = parent
                seen.add(parent)
            names[UUID(bytes=own)] = rows[top][0]
        return names

    def members(self) -> Mapping[int, MemberFacts]:
        tags: dict[int, set[str]] = {}
        with self._engines.reading(snapshot=True) as cursor:
            for number, tag in cursor.execute(TAGS).fetchall():
                tags.setdefault(number, set()).add(tag)
            rows = cursor.execute(MEMBERS).fetchall()
        return {
            number: MemberFacts(
                MemberId(uuid_of(own)),
                tier,
                gender,
                birthday,
                number_date_or_none(joined_on),
                bool(consent),
                frozenset(tags.get(number, ())),
            )
            for number, own, tier, gender, birthday, joined_on, consent in rows
        }

    def _walk(self, statement: str, since: date, until: date, progress: Progress) -> Any:
        """The rows of a range of dates, a stretch of the chain at a time; each is one short reading."""
        between = (date_number(since), date_number(until))
        with self._engines.reading() as cursor:
            first, last = cursor.execute(RANGE, between).fetchone()
        if first is None:
            return
        for start in range(first, last + 1, SEQS_AT_ONCE):
            progress(start - first, last - first + 1)
            stretch = (start, min(start + SEQS_AT_ONCE - 1, last))
            with self._engines.reading() as cursor:
                rows = cursor.execute(statement, (*stretch, *between)).fetchall()
            if rows:
                yield rows
