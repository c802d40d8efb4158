"""Leases of stored value: what one life of one till alone may spend of an account, so that money is never spent twice while nobody can ask.

What is open and not spent, of all tills together, is never more than the account holds. A lease never changes; what a till says it spent or
returned counts only when the facts it speaks of are here, so that an answer that came late, twice or never does no harm. One that its
till never spoke of again is free only after the longest time that a till may stay away. A server that was put back to an earlier day
gives nothing until its tills have told it what they hold.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from app.domain.facts import FactKind
from sync.protocol import PROTOCOL, Lease, LeaseAnswer, LeaseHeld, LeaseRequest
from sync.server.bodies import DAMAGE, value_rows
from sync.server.database import among, listed
from sync.server.envelope import ID_BYTES, NUMBER_MAX
from sync.server.refusal import Denied, busy, forbidden, malformed
from sync.server.tenants import ARRIVAL, SPREAD, Device, counter, life_of, stop_spreading

DAY_MS: Final = 86_400_000
LEASE_LIFE_MS: Final = 7 * DAY_MS
GRACE_MS: Final = 24 * DAY_MS
"""After its end, for a till that spent from it and could not say so: 31 days in all, one more than a till may stay away."""
AWAY_MAX_MS: Final = LEASE_LIFE_MS + GRACE_MS
HELD_MAX: Final = 2_000
WANTED_MAX: Final = 500
WAITING_RUNS_MAX: Final = 500
OF_ACCOUNT_MAX: Final = 40
"""Open leases of one account at one till: more are given when some were returned."""

WATERMARK: Final = text(
    "SELECT seq FROM chain WHERE tenant_id = :tenant AND device_id = :device AND incarnation = :incarnation"
    " AND first_seq IS NOT NULL"
)
SAID: Final = text(
    "UPDATE lease SET spent_minor = CASE WHEN :spent > minor THEN minor WHEN :spent > spent_minor THEN :spent ELSE spent_minor END,"
    " closed_at = COALESCE(closed_at, :closed)"
    " WHERE tenant_id = :tenant AND lease_id = :lease AND device_id = :device AND incarnation = :incarnation"
)
# What a server that was put back to an earlier day does not know of, as its till does.
LEARN: Final = text(
    "INSERT INTO lease (tenant_id, lease_id, account_id, device_id, incarnation, minor, spent_minor, granted_at, expires_at)"
    " VALUES (:tenant, :lease, :account, :device, :incarnation, :minor, 0, :granted, :expires) ON CONFLICT DO NOTHING"
)
TALKED: Final = text(
    "INSERT INTO lease_talk (tenant_id, device_id, asked, asked_at) VALUES (:tenant, :device, :nothing, :now)"
    " ON CONFLICT (tenant_id, device_id) DO UPDATE SET asked_at = excluded.asked_at"
)
LIFE: Final = text("SELECT life, created_at FROM tenant WHERE tenant_id = :tenant")
# A till that was here lately and has not spoken of its leases since the server was put back.
SILENT: Final = text(
    "SELECT 1 FROM device d WHERE d.tenant_id = :tenant AND d.kind = 'till' AND (d.revoked_at IS NULL OR d.revoked_at > :now)"
    " AND d.paired_at < :life AND COALESCE(d.last_contact_at, d.paired_at) > :since"
    " AND NOT EXISTS (SELECT 1 FROM lease_talk t WHERE t.tenant_id = d.tenant_id AND t.device_id = d.device_id"
    " AND t.asked_at >= :life) LIMIT 1"
)
END: Final = text(
    "UPDATE lease SET closed_at = :now WHERE tenant_id = :tenant AND closed_at IS NULL AND expires_at < :before"
)
RELEASE: Final = text(
    "UPDATE lease SET closed_at = :now WHERE tenant_id = :tenant AND device_id = :device AND closed_at IS NULL"
)
# Index lease_of_account.
OPEN: Final = (
    "SELECT account_id, device_id, incarnation, minor - spent_minor FROM lease"
    " WHERE tenant_id = :tenant AND closed_at IS NULL AND "
)
# Index value_posting_of_account.
BALANCES: Final = (
    "SELECT account_id, SUM(minor) FROM value_posting WHERE tenant_id = :tenant AND book = 'holder' AND {among}"
    " GROUP BY account_id"
)
UNSPREAD: Final = text(
    "SELECT f.body FROM arrival a JOIN fact f ON f.tenant_id = a.tenant_id AND f.device_id = a.device_id"
    " AND f.incarnation = a.incarnation AND f.seq BETWEEN a.first_seq AND a.last_seq"
    " WHERE a.tenant_id = :tenant AND a.number > :after AND f.kind = :kind"
)
GRANT: Final = text(
    "INSERT INTO lease (tenant_id, lease_id, account_id, device_id, incarnation, minor, spent_minor, granted_at, expires_at)"
    " VALUES (:tenant, :lease, :account, :device, :incarnation, :minor, 0, :now, :expires)"
)
GIVEN: Final = text(
    "SELECT COUNT(*) FROM lease WHERE tenant_id = :tenant AND account_id = :account AND device_id = :device"
    " AND incarnation = :incarnation"
)
# Index lease_of_device.
OF_DEVICE: Final = text(
    "SELECT lease_id, account_id, minor, expires_at FROM lease WHERE tenant_id = :tenant AND device_id = :device"
    " AND incarnation = :incarnation AND closed_at IS NULL AND expires_at > :now ORDER BY expires_at, lease_id LIMIT :limit"
)


def lease(db: Connection, device: Device, request: LeaseRequest, now: int) -> LeaseAnswer:
    """Note what the till says of its leases, give what can be given, and name all that are open. Raises Denied."""
    check_request(device, request)
    tenant = device.tenant_id.hex
    # Facts that arrive from here on were spent from leases that still count; leases are given one request after the other.
    stop_spreading(db, tenant)
    own: dict[str, object] = {
        "tenant": tenant,
        "device": device.device_id.hex,
        "incarnation": request.incarnation,
    }
    db.execute(END, {"tenant": tenant, "now": now, "before": now - GRACE_MS})
    _learn(db, own, request.held, now)
    if request.seq <= int(db.execute(WATERMARK, own).scalar_one_or_none() or 0):
        _note(db, own, request.held, now)
    db.execute(TALKED, {"tenant": tenant, "device": own["device"], "nothing": b"", "now": now})
    accounts = {one.account_id.hex(): one.is_here for one in request.wanted}
    if accounts and not _must_wait(db, tenant, now):
        _give(db, device, request.incarnation, accounts, now)
    rows = db.execute(OF_DEVICE, own | {"now": now, "limit": HELD_MAX})
    open_ones = tuple(
        Lease(bytes.fromhex(row[0]), bytes.fromhex(row[1]), int(row[2]), int(row[3])) for row in rows
    )
    return LeaseAnswer(life_of(db, device.tenant_id), request.incarnation, open_ones, is_whole=True)


def release(db: Connection, tenant_id: UUID, device_id: UUID, now: int) -> None:
    """Nothing is kept for this till any more: its key was taken away."""
    db.execute(RELEASE, {"tenant": tenant_id.hex, "device": device_id.hex, "now": now})


def value_balances(db: Connection, tenant: str, accounts: Iterable[str]) -> dict[str, int]:
    """What is in these accounts by all the facts that are here, spread over the tables or not. Raises Denied(503) when too many wait."""
    wanted = sorted(set(accounts))
    ids = {"tenant": tenant, "ids": listed(db, wanted)}
    found = dict.fromkeys(wanted, 0)
    statement = text(BALANCES.format(among=among(db, "account_id", "ids")))
    for account, minor in db.execute(statement, ids):
        found[account] = int(minor)
    done = counter(db, tenant, SPREAD)
    if counter(db, tenant, ARRIVAL) - done > WAITING_RUNS_MAX:
        raise busy("still_spreading", 5)
    waiting = {"tenant": tenant, "after": done, "kind": FactKind.VALUE_ENTRY.value}
    for (body,) in db.execute(UNSPREAD, waiting):
        for account, minor in _holders(tenant, bytes(body)):
            if account in found:
                found[account] += minor
    return found


def _holders(tenant: str, body: bytes) -> Iterable[tuple[str, int]]:
    try:
        return [(row[3], row[7]) for row in value_rows(tenant, body) if row[5] == "holder"]
    except DAMAGE:
        return ()


def check_request(device: Device, request: LeaseRequest) -> None:
    """Raises Denied."""
    if device.is_revoked:
        raise forbidden("device_revoked")
    if request.protocol > PROTOCOL:
        raise malformed("protocol_newer")
    if not 0 < request.incarnation <= NUMBER_MAX or not 0 <= request.seq <= NUMBER_MAX:
        raise malformed("incarnation")
    if len(request.held) > HELD_MAX or len(request.wanted) > WANTED_MAX:
        raise Denied(413, "leases_max")
    ids = [one.id for one in request.held] + [one.account_id for one in request.wanted]
    ids += [one.account_id for one in request.held if one.account_id]
    if any(len(one) != ID_BYTES for one in ids):
        raise malformed("id")
    numbers = [number for one in request.held for number in (one.spent_minor, one.minor, one.expires_at)]
    if any(not 0 <= number <= NUMBER_MAX >> 8 for number in numbers):
        raise malformed("number")


def _note(db: Connection, own: dict[str, object], held: Sequence[LeaseHeld], now: int) -> None:
    said = [
        own | {"lease": one.id.hex(), "spent": one.spent_minor, "closed": now if one.is_returned else None}
        for one in held
    ]
    if said:
        db.execute(SAID, said)


def _learn(db: Connection, own: dict[str, object], held: Sequence[LeaseHeld], now: int) -> None:
    """Leases that this server gave before it was put back to an earlier day. Its till cannot make them longer than they may be."""
    lives = int(str(own["incarnation"])).to_bytes(8, "big")
    unknown = [
        own
        | {
            "lease": one.id.hex(),
            "account": one.account_id.hex(),
            "minor": one.minor,
            "expires": min(one.expires_at, now + LEASE_LIFE_MS),
            "granted": min(one.expires_at, now + LEASE_LIFE_MS) - LEASE_LIFE_MS,
        }
        for one in held
        if one.id[8:] == lives
        and len(one.account_id) == ID_BYTES
        and one.minor > 0
        # What has ended long ago is free.
        and one.expires_at > now - GRACE_MS
    ]
    if unknown:
        db.execute(LEARN, unknown)


def _must_wait(db: Connection, tenant: str, now: int) -> bool:
    """After this server was put back nothing is given until every till has said what it holds, or has stayed away too long."""
    life, created_at = db.execute(LIFE, {"tenant": tenant}).one()
    if life == created_at or now > life + AWAY_MAX_MS:
        return False
    values = {"tenant": tenant, "now": now, "life": life, "since": life - AWAY_MAX_MS}
    return db.execute(SILENT, values).first() is not None


def _give(db: Connection, device: Device, incarnation: int, accounts: dict[str, bool], now: int) -> None:
    """All that is free where the holder stands at the counter; elsewhere up to half, so that other tills find something too."""
    tenant, me = device.tenant_id.hex, (device.device_id.hex, incarnation)
    balances = value_balances(db, tenant, accounts)
    mine: defaultdict[str, list[int]] = defaultdict(list)
    others: defaultdict[str, int] = defaultdict(int)
    ids = {"tenant": tenant, "ids": listed(db, sorted(accounts))}
    for account, whose, life, left in db.execute(text(OPEN + among(db, "account_id", "ids")), ids):
        if (whose, life) == me:
            mine[account].append(int(left))
        else:
            others[account] += int(left)
    for account, is_here in sorted(accounts.items()):
        has = sum(mine[account])
        room = balances[account] - others[account]
        extra = room - has if is_here else room // 2 - has
        # Crumbs are not worth a lease: half as much again as it has, or it stays as it is.
        if extra <= 0 or (not is_here and 2 * extra < has) or len(mine[account]) >= OF_ACCOUNT_MAX:
            continue
        own: dict[str, object] = {
            "tenant": tenant,
            "account": account,
            "device": me[0],
            "incarnation": incarnation,
        }
        given = int(db.execute(GIVEN, own).scalar_one())
        lease_id = _lease_id(device, incarnation, account, now, given).hex()
        amount: dict[str, object] = {"minor": extra, "now": now, "expires": now + LEASE_LIFE_MS}
        db.execute(GRANT, own | amount | {"lease": lease_id})


def _lease_id(device: Device, incarnation: int, account: str, now: int, number: int) -> bytes:
    """The same for the same request, and never for another; its second half is the life it is given to."""
    digest = hashlib.sha256(b"regulars.lease.v1" + device.device_id.bytes + bytes.fromhex(account))
    digest.update(now.to_bytes(8, "big") + number.to_bytes(4, "big"))
    return digest.digest()[:8] + incarnation.to_bytes(8, "big")
