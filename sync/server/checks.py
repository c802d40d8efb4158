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

# Indexes member_by_canonical and ledger_posting_by_member.
BALANCE: Final = text(
    "SELECT COALESCE(SUM(points), 0) FROM ledger_posting WHERE tenant_id = :tenant AND account = 'member' AND member_id IN"
    " (SELECT member_id FROM member WHERE tenant_id = :tenant AND canonical_id = :member)"
)
OWN_BALANCE: Final = text(
    "SELECT COALESCE(SUM(points), 0) FROM ledger_posting"
    " WHERE tenant_id = :tenant AND account = 'member' AND member_id = :member"
)
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
    for member, its_canonical in canonical.items():
        if member != its_canonical:
            withdraw(db, tenant, ExceptionKind.NEGATIVE_BALANCE, member)
    for member in sorted(set(canonical.values())):
        _find(db, tenant, ExceptionKind.NEGATIVE_BALANCE, member, balance_of(db, tenant, member) < 0, now)


def balance_of(db: Connection, tenant: str, canonical: str) -> int:
    """The points of a canonical member: the sum over everyone who is one with them."""
    values = {"tenant": tenant, "member": canonical}
    is_known = db.execute(
        text("SELECT 1 FROM member WHERE tenant_id = :tenant AND member_id = :member"), values
    ).first()
    return int(db.execute(OWN_BALANCE if is_known is None else BALANCE, values).scalar_one())


def open_subjects(db: Connection, tenant: str, kind: ExceptionKind) -> frozenset[str]:
    """What is on the list of this kind now."""
    return frozenset(row[0] for row in db.execute(OPEN, {"tenant": tenant, "kind": kind.value}))


def check_value(db: Connection, tenant: str, accounts: Iterable[str], *, now: int) -> None:
    """The money in these accounts of stored value."""
    for account in sorted(set(accounts)):
        held = int(db.execute(VALUE, {"tenant": tenant, "account": account}).scalar_one())
        _find(db, tenant, ExceptionKind.NEGATIVE_VALUE, account, held < 0, now)


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
    for coupon, told in events.items():
        too_many = {event.id for event in uses_of(told, max(1, allowed.get(coupon, 1))).too_many}
        for event in told:
            _find(db, tenant, ExceptionKind.DOUBLE_REDEMPTION, event.id.hex, event.id in too_many, now)


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


def _find(db: Connection, tenant: str, kind: ExceptionKind, subject: str, is_so: bool, now: int) -> None:
    if is_so:
        note_finding(db, tenant, kind, kind.value, subject=subject, device=None, found_at=now)
    else:
        withdraw(db, tenant, kind, subject)
