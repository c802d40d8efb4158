"""What only all facts together can tell: a balance below zero, a coupon used too often. Findings come and go with what is known.

Each is looked at again whenever a fact came that can change it, so that the list is the same in whatever order the facts came.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from app.domain.ids import TransactionId
from app.domain.loyalty.coupon import CouponEvent, CouponEventKind, CouponId, uses_of
from sync.server.database import among, listed
from sync.server.exceptions import ExceptionKind, note_finding, withdraw
from sync.server.members import canonical_of

EVENT_KINDS: Final = frozenset(kind.value for kind in CouponEventKind)

VALUE: Final = text(
    "SELECT COALESCE(SUM(minor), 0) FROM value_posting"
    " WHERE tenant_id = :tenant AND account_id = :account AND book = 'holder'"
)
OPEN: Final = text(
    "SELECT subject_id FROM exception WHERE tenant_id = :tenant AND kind = :kind AND settled_at IS NULL"
)


def check_balances(db: Connection, tenant: str, members: Iterable[str], *, now: int) -> None:
    """The points of these members, each together with everyone they are one with."""
    canonical = canonical_of(db, tenant, members)
    balances = balances_of(db, tenant, canonical.values())
    below = {member for member, points in balances.items() if points < 0}
    _list(db, tenant, ExceptionKind.NEGATIVE_BALANCE, canonical.keys() | balances.keys(), below, now)


def balances_of(db: Connection, tenant: str, canonical: Iterable[str]) -> dict[str, int]:
    """The points of canonical members: the sum over everyone who is one with them."""
    balances = dict.fromkeys(canonical, 0)
    if not balances:
        return balances
    # Indexes member_by_canonical and ledger_posting_by_member.
    family = text(
        f"SELECT member_id, canonical_id FROM member WHERE tenant_id = :tenant AND {among(db, 'canonical_id', 'ids')}"
    )
    values = {"tenant": tenant, "ids": listed(db, sorted(balances))}
    whose = {one: one for one in balances} | {row[0]: row[1] for row in db.execute(family, values)}
    sums = text(
        "SELECT member_id, SUM(points) FROM ledger_posting"
        f" WHERE tenant_id = :tenant AND {among(db, 'member_id', 'ids')} GROUP BY member_id"
    )
    for member, points in db.execute(sums, values | {"ids": listed(db, sorted(whose))}):
        balances[whose[member]] += int(points)
    return balances


def open_subjects(db: Connection, tenant: str, kind: ExceptionKind) -> frozenset[str]:
    """What is on the list of this kind now."""
    return frozenset(row[0] for row in db.execute(OPEN, {"tenant": tenant, "kind": kind.value}))


def check_value(db: Connection, tenant: str, accounts: Iterable[str], *, now: int) -> None:
    """The money in these accounts of stored value."""
    wanted = set(accounts)
    if not wanted:
        return
    held = text(
        f"SELECT account_id FROM value_posting WHERE tenant_id = :tenant AND {among(db, 'account_id', 'ids')}"
        " AND book = 'holder' GROUP BY account_id HAVING SUM(minor) < 0"
    )
    found = db.execute(held, {"tenant": tenant, "ids": listed(db, sorted(wanted))})
    _list(db, tenant, ExceptionKind.NEGATIVE_VALUE, wanted, {row[0] for row in found}, now)


def check_coupons(db: Connection, tenant: str, coupons: Iterable[str], *, now: int) -> None:
    """The uses of these coupons: those beyond what the coupon allows, by the clock and never by who came first, are on the list."""
    wanted = sorted(set(coupons))
    if not wanted:
        return
    values = {"tenant": tenant, "ids": listed(db, wanted)}
    sizes = f"SELECT coupon_id, uses_max FROM coupon WHERE tenant_id = :tenant AND {among(db, 'coupon_id', 'ids')}"
    allowed = {row[0]: int(row[1]) for row in db.execute(text(sizes), values)}
    events: dict[str, list[CouponEvent]] = {}
    statement = (
        "SELECT coupon_id, id, kind, transaction_id, hlc, occurred_at, business_date FROM coupon_use"
        f" WHERE tenant_id = :tenant AND {among(db, 'coupon_id', 'ids')}"
    )
    for row in db.execute(text(statement), values):
        if row[2] in EVENT_KINDS:
            events.setdefault(row[0], []).append(_event(*row))
    too_many = {
        event.id.hex
        for coupon, told in events.items()
        for event in uses_of(told, max(1, allowed.get(coupon, 1))).too_many
    }
    everyone = {event.id.hex for told in events.values() for event in told}
    _list(db, tenant, ExceptionKind.DOUBLE_REDEMPTION, everyone, too_many, now)


def _event(
    coupon: str, event: str, kind: str, transaction: str | None, hlc: int, at: int, business_date: int
) -> CouponEvent:
    return CouponEvent(
        id=UUID(event),
        coupon_id=CouponId(UUID(coupon)),
        kind=CouponEventKind(kind),
        occurred_at=at,
        business_date=date(business_date // 10_000, business_date // 100 % 100, business_date % 100),
        transaction_id=None if transaction is None else TransactionId(UUID(transaction)),
        hlc=hlc,
    )


def _list(
    db: Connection, tenant: str, kind: ExceptionKind, looked_at: Iterable[str], found: set[str], now: int
) -> None:
    """Of everything that was looked at, exactly what was found is on the list."""
    listed_now = open_subjects(db, tenant, kind)
    for subject in sorted(found - listed_now):
        note_finding(db, tenant, kind, kind.value, subject=subject, device=None, found_at=now)
    for subject in sorted(listed_now & set(looked_at) - found):
        withdraw(db, tenant, kind, subject)
