"""Coupons and what happens to them, as rows and back. Rows are only ever appended; how often one was used is counted from its events.

Reading takes a cursor, so that a reader and a unit of work see with the same eyes; writing is :class:`CouponRows`, within a unit of work.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from app.domain.facts import FactKind
from app.domain.ids import MemberId, OperatorId, TransactionId
from app.domain.loyalty.coupon import (
    Coupon,
    CouponEvent,
    CouponEventKind,
    CouponId,
    CouponSource,
    coupon_to_plain,
    coupons_to_plain,
    event_to_plain,
    uses_of,
)
from app.service.coupon_ports import BatchFigures, CouponFigures, KnownCoupon
from db.engine import Cursor, Engines
from db.ledger import MEMBER_AND_MERGED
from db.statements import insert
from db.types import (
    date_number,
    date_number_or_none,
    id_bytes_or_none,
    id_or_none,
    number_date,
    number_date_or_none,
    uuid_of,
)

if TYPE_CHECKING:
    from db.unit_of_work import SqliteUnitOfWork

# A row's values stand in the order of these columns.
COUPON_COLUMNS: Final = (
    "id",
    "code",
    "template",
    "rule_version",
    "member_id",
    "issued_at",
    "valid_from",
    "valid_to",
    "uses_max",
    "source",
    "batch",
    "transaction_id",
)
EVENT_COLUMNS: Final = (
    "id",
    "coupon_id",
    "kind",
    "member_id",
    "transaction_id",
    "occurred_at",
    "business_date",
    "amount_minor",
    "operator_id",
    "hlc",
)
# The second coupon of an id is the first one, heard of again.
INSERT_COUPON: Final = f"{insert('coupon', *COUPON_COLUMNS)} ON CONFLICT (id) DO NOTHING"
INSERT_EVENT: Final = insert("coupon_event", *EVENT_COLUMNS)
_COUPON: Final = f"SELECT {', '.join(COUPON_COLUMNS)} FROM coupon"
BY_ID: Final = f"{_COUPON} WHERE id = ?"
BY_CODE: Final = f"{_COUPON} WHERE code = ?"
# Index coupon_of_member; a member has dozens of them.
OF_MEMBER: Final = (
    f"{_COUPON} WHERE member_id IN {MEMBER_AND_MERGED} ORDER BY issued_at DESC, id DESC LIMIT ?2"
)
# Asked for by hand, once for each list that coupons were given to; the batch has no index.
OF_BATCH: Final = f"{_COUPON} WHERE batch = ? ORDER BY id"
# Index coupon_event_of_coupon.
EVENTS: Final = f"SELECT {', '.join(EVENT_COLUMNS)} FROM coupon_event WHERE coupon_id = ? ORDER BY hlc, id"
# Indexes coupon_event_by_day and coupon_event_of_coupon.
SUSPECTS: Final = """
SELECT e.coupon_id FROM coupon_event e JOIN coupon c ON c.id = e.coupon_id
WHERE e.business_date BETWEEN ? AND ? AND e.kind = 'redeemed' GROUP BY e.coupon_id
HAVING (SELECT count(*) FROM coupon_event o WHERE o.coupon_id = e.coupon_id AND o.kind = 'redeemed') > max(c.uses_max)
  OR EXISTS (SELECT 1 FROM coupon_event o WHERE o.coupon_id = e.coupon_id AND o.kind IN ('cancelled', 'transferred'))
ORDER BY e.coupon_id
"""
# Asked for by the owner, on a worker: every coupon is looked at once. Index coupon_event_of_coupon.
FIGURES: Final = """
WITH told AS (
    SELECT coupon_id,
        sum(CASE kind WHEN 'redeemed' THEN 1 WHEN 'restored' THEN -1 ELSE 0 END) AS uses,
        sum(CASE kind WHEN 'redeemed' THEN abs(amount_minor) WHEN 'restored' THEN -abs(amount_minor) ELSE 0 END) AS taken,
        max(kind IN ('cancelled', 'transferred')) AS has_ended
    FROM coupon_event GROUP BY coupon_id
), counted AS (
    SELECT c.template AS template, coalesce(t.uses, 0) AS uses, coalesce(t.taken, 0) AS taken,
        coalesce(t.has_ended, 0) AS has_ended, coalesce(t.uses, 0) >= c.uses_max AS is_spent,
        c.valid_to IS NOT NULL AND c.valid_to < ? AS is_over
    FROM coupon c LEFT JOIN told t ON t.coupon_id = c.id
)
SELECT template, count(*), sum(uses > 0), sum(uses), sum(taken),
    sum(NOT has_ended AND NOT is_spent AND NOT is_over), sum(NOT has_ended AND NOT is_spent AND is_over), sum(has_ended)
FROM counted GROUP BY template ORDER BY template
"""
# The batch has no index; each coupon's events have (coupon_event_of_coupon).
BATCH_FIGURES: Final = """
SELECT count(*), coalesce(sum(uses > 0), 0), coalesce(sum(uses), 0), coalesce(sum(taken), 0) FROM (
    SELECT coalesce(sum(CASE e.kind WHEN 'redeemed' THEN 1 WHEN 'restored' THEN -1 ELSE 0 END), 0) AS uses,
        coalesce(sum(CASE e.kind WHEN 'redeemed' THEN abs(e.amount_minor) WHEN 'restored' THEN -abs(e.amount_minor) ELSE 0 END), 0)
            AS taken
    FROM coupon LEFT JOIN coupon_event e ON e.coupon_id = coupon.id WHERE coupon.batch = ? GROUP BY coupon.id
)
"""
OF_TEMPLATE: Final = f"{_COUPON} WHERE template = ? ORDER BY issued_at DESC, id DESC LIMIT ?"
PRESENT_FILE: Final = "SELECT survivor_id FROM member_alias WHERE member_id = ?"
# Indexes transaction_header_by_member, member_visit_of_member.
VISITS: Final = f"""
SELECT count(*) FILTER (WHERE kind = 'sale') - count(*) FILTER (WHERE kind = 'post_void') + (
  SELECT count(*) FILTER (WHERE kind = 'sale') - count(*) FILTER (WHERE kind = 'post_void')
  FROM member_visit WHERE member_id IN {MEMBER_AND_MERGED})
FROM transaction_header WHERE member_id IN {MEMBER_AND_MERGED}
"""


class SqliteCoupons:
    """Implements :class:`app.service.coupon_ports.CouponDirectory`. May be used from any thread."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    def by_id(self, coupon_id: UUID) -> KnownCoupon | None:
        with self._reading() as cursor:
            return _by_id(cursor, coupon_id)

    def by_code(self, code: str) -> KnownCoupon | None:
        with self._reading() as cursor:
            return _by_code(cursor, code)

    def of_member(self, member_id: MemberId, limit: int = 200) -> tuple[KnownCoupon, ...]:
        with self._reading() as cursor:
            return _of_member(cursor, member_id, limit)

    def present_file(self, member_id: MemberId) -> MemberId:
        with self._reading() as cursor:
            return _present_file(cursor, member_id)

    def of_batch(self, batch: str) -> Iterator[Coupon]:
        with self._reading() as cursor:
            rows = cursor.execute(OF_BATCH, (batch,)).fetchall()
        return (coupon_of(row) for row in rows)

    def batch_figures(self, batch: str) -> BatchFigures:
        with self._reading() as cursor:
            return BatchFigures(*cursor.execute(BATCH_FIGURES, (batch,)).fetchone())

    def figures(self, on: date) -> tuple[CouponFigures, ...]:
        with self._reading() as cursor:
            rows = cursor.execute(FIGURES, (date_number(on),)).fetchall()
        return tuple(CouponFigures(*row) for row in rows)

    def of_template(self, template: str, limit: int = 200) -> tuple[KnownCoupon, ...]:
        with self._reading() as cursor:
            rows = cursor.execute(OF_TEMPLATE, (template, limit)).fetchall()
            return tuple(_known(cursor, row) for row in rows)

    def used_too_often(self, since: date, until: date) -> tuple[KnownCoupon, ...]:
        """Which use stands and which came too late is :func:`app.domain.loyalty.coupon.uses_of`'s answer."""
        with self._reading() as cursor:
            days = (date_number(since), date_number(until))
            suspects = [own for (own,) in cursor.execute(SUSPECTS, days).fetchall()]
            found = [_known(cursor, cursor.execute(BY_ID, (own,)).fetchone()) for own in suspects]
        return tuple(one for one in found if uses_of(one.events, one.coupon.uses_max).too_many)

    def _reading(self) -> AbstractContextManager[Cursor]:
        return self._engines.reading(snapshot=True)


class CouponRows:
    """Implements :class:`app.service.coupon_ports.CouponBook` within one unit of work."""

    def __init__(self, work: SqliteUnitOfWork) -> None:
        self._work = work
        self.issued: list[Coupon] = []

    def by_id(self, coupon_id: UUID) -> KnownCoupon | None:
        return _by_id(self._work.cursor, coupon_id)

    def by_code(self, code: str) -> KnownCoupon | None:
        return _by_code(self._work.cursor, code)

    def of_member(self, member_id: MemberId, limit: int = 200) -> tuple[KnownCoupon, ...]:
        return _of_member(self._work.cursor, member_id, limit)

    def present_file(self, member_id: MemberId) -> MemberId:
        return _present_file(self._work.cursor, member_id)

    def visits_of(self, member_id: MemberId) -> int:
        visits: int = self._work.cursor.execute(VISITS, (member_id.bytes,)).fetchone()[0]
        return visits

    def issue(self, coupon: Coupon) -> bool:
        if not write_coupon(self._work.cursor, coupon):
            return False
        self._work.record(FactKind.COUPON, coupon.id, coupon.issued_at, coupon_to_plain(coupon))
        self.issued.append(coupon)
        return True

    def issue_all(self, fact_id: UUID, coupons: Sequence[Coupon]) -> int:
        new = [coupon for coupon in coupons if write_coupon(self._work.cursor, coupon)]
        if new:
            at = new[0].issued_at
            self._work.record(FactKind.COUPON, fact_id, at, coupons_to_plain(fact_id, at, new))
        return len(new)

    def record(self, event: CouponEvent) -> None:
        self._work.record(FactKind.COUPON_EVENT, event.id, event.occurred_at, event_to_plain(event))
        self._work.cursor.execute(INSERT_EVENT, event_row(replace(event, hlc=self._work.hlc)))


def write_coupon(cursor: Cursor, coupon: Coupon) -> bool:
    """False when it stands there already."""
    cursor.execute(INSERT_COUPON, coupon_row(coupon))
    return cursor.rowcount == 1


def coupon_row(coupon: Coupon) -> tuple[object, ...]:
    return (
        coupon.id.bytes,
        coupon.code,
        coupon.template,
        coupon.rule_version,
        id_bytes_or_none(coupon.member_id),
        coupon.issued_at,
        date_number(coupon.valid_from),
        date_number_or_none(coupon.valid_to),
        coupon.uses_max,
        coupon.source._value_,
        coupon.batch,
        id_bytes_or_none(coupon.transaction_id),
    )


def event_row(event: CouponEvent) -> tuple[object, ...]:
    return (
        event.id.bytes,
        event.coupon_id.bytes,
        event.kind._value_,
        id_bytes_or_none(event.member_id),
        id_bytes_or_none(event.transaction_id),
        event.occurred_at,
        date_number(event.business_date),
        event.amount_minor,
        id_bytes_or_none(event.operator_id),
        event.hlc,
    )


def _by_id(cursor: Cursor, coupon_id: UUID) -> KnownCoupon | None:
    row = cursor.execute(BY_ID, (coupon_id.bytes,)).fetchone()
    return None if row is None else _known(cursor, row)


def _by_code(cursor: Cursor, code: str) -> KnownCoupon | None:
    row = cursor.execute(BY_CODE, (code,)).fetchone()
    return None if row is None else _known(cursor, row)


def _of_member(cursor: Cursor, member_id: MemberId, limit: int) -> tuple[KnownCoupon, ...]:
    rows = cursor.execute(OF_MEMBER, (member_id.bytes, limit)).fetchall()
    return tuple(_known(cursor, row) for row in rows)


def _present_file(cursor: Cursor, member_id: MemberId) -> MemberId:
    row = cursor.execute(PRESENT_FILE, (member_id.bytes,)).fetchone()
    return member_id if row is None else MemberId(UUID(bytes=row[0]))


def _known(cursor: Cursor, row: Any) -> KnownCoupon:
    coupon = coupon_of(row)
    events = tuple(_event(one) for one in cursor.execute(EVENTS, (coupon.id.bytes,)).fetchall())
    owner = None if coupon.member_id is None else _present_file(cursor, coupon.member_id)
    return KnownCoupon(coupon, events, owner)


def coupon_of(row: Any) -> Coupon:
    (own, code, template, version, member, issued_at, first, last, uses_max, source, batch, transaction) = row
    return Coupon(
        id=CouponId(uuid_of(own)),
        code=code,
        template=template,
        rule_version=version,
        issued_at=issued_at,
        valid_from=number_date(first),
        valid_to=number_date_or_none(last),
        uses_max=uses_max,
        source=CouponSource(source),
        member_id=id_or_none(MemberId, member),
        batch=batch,
        transaction_id=id_or_none(TransactionId, transaction),
    )


def _event(row: Any) -> CouponEvent:
    own, coupon, kind, member, transaction, occurred_at, business_date, amount, operator, hlc = row
    return CouponEvent(
        id=uuid_of(own),
        coupon_id=CouponId(uuid_of(coupon)),
        kind=CouponEventKind(kind),
        occurred_at=occurred_at,
        business_date=number_date(business_date),
        amount_minor=amount,
        member_id=id_or_none(MemberId, member),
        transaction_id=id_or_none(TransactionId, transaction),
        operator_id=id_or_none(OperatorId, operator),
        hlc=hlc,
    )
