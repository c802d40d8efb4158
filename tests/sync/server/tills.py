"""Tills as the server sees them: a key, a chain, facts as the real till writes them, and batches in any order.

Everything is made from numbers; the same seed makes the same facts, byte for byte.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.domain.chain import GENESIS, canonical_bytes, link
from app.domain.facts import FactKind
from app.domain.ids import MemberId
from app.domain.profile import ProfileChange
from app.domain.profile_facts import change_to_bytes
from db.profile_seal import seal
from sync.protocol import NO_HEAD, MemberKey, PushRequest, Record, push_claim
from sync.server.tenants import Device
from tests.builders import OCCURRED_AT

TENANT = UUID(int=0x7E57 << 96 | 0x4000 << 64 | 1)
OTHER_TENANT = UUID(int=0x7E57 << 96 | 0x4000 << 64 | 2)
NOW = OCCURRED_AT + 3_600_000
DAY = "2026-10-03"


def derived_id(*numbers: int) -> UUID:
    """An id that several tills make alike: version 8."""
    return UUID(int=fact_id(*numbers).int & ~(0xF << 76) | 0x8 << 76)


def fact_id(*numbers: int) -> UUID:
    """A random-looking UUIDv7 of these numbers."""
    return UUID(int=Random(repr(numbers)).getrandbits(128) & ~(0xF << 76) | 0x7 << 76)


class Till:
    """One life of one till. What it says is recorded in ``records``; nothing is sent by itself."""

    def __init__(
        self, number: int, *, tenant: UUID = TENANT, store: str = "S01", incarnation: int | None = None
    ) -> None:
        self.number = number
        self.private = Ed25519PrivateKey.from_private_bytes(Random(f"till {tenant} {number}").randbytes(32))
        public = self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.device = Device(
            tenant, fact_id(1, number, tenant.int), f"{tenant.hex}.{number:08x}", public, store, f"T{number}"
        )
        self.incarnation = incarnation or 1_000 + number
        self.records: list[Record] = []
        self.keys: dict[UUID, bytes] = {}
        self.head, self.seq, self.hlc = GENESIS, 0, 0
        self._count = 0

    def tell(self, plain: dict[str, object], *, at: int | None = None, hlc: int | None = None) -> Record:
        """Append a fact with this body; ``at`` moves its clock."""
        body = canonical_bytes(plain)
        self.seq += 1
        occurred_at = int(str(plain["at"]))
        self.hlc = hlc if hlc is not None else max(self.hlc + 1, (at or occurred_at) << 16)
        digest = link(self.head, self.device.device_id, self.incarnation, self.seq, body)
        own = UUID(str(plain["id"])).bytes
        record = Record(self.seq, own, str(plain["kind"]), occurred_at, self.hlc, self.head, digest, body)
        self.head = digest
        self.records.append(record)
        return record

    def new_id(self) -> UUID:
        self._count += 1
        return fact_id(2, self.number, self.incarnation, self._count)

    def push_of(
        self,
        records: Sequence[Record] | None = None,
        *,
        batch: int = 1,
        keys: Sequence[MemberKey] | None = None,
    ) -> PushRequest:
        """A signed request with these records (all there are)."""
        sent = tuple(self.records if records is None else records)
        head = sent[-1].hash if sent else NO_HEAD
        own = fact_id(3, self.number, batch).bytes
        claim = push_claim(own, self.device.device_id.bytes, self.incarnation, head)
        known = tuple(MemberKey(member.bytes, key) for member, key in self.keys.items())
        return PushRequest(
            device=self.device.device_id.bytes,
            incarnation=self.incarnation,
            batch=own,
            nonce=fact_id(4, batch).bytes,
            sent_at=NOW,
            head=head,
            signature=self.private.sign(claim),
            records=sent,
            keys=known if keys is None else tuple(keys),
        )

    def next_life(self, incarnation: int) -> Till:
        """The same till after a restore: another life that goes on from where this file ended."""
        after = Till(
            self.number, tenant=self.device.tenant_id, store=self.device.store_code, incarnation=incarnation
        )
        after.head, after.seq, after.hlc = self.head, self.seq, self.hlc
        return after

    # --- what happens at a counter ----------------------------------------------------------------------------------------

    def sells(
        self, prices: Sequence[int] = (100,), *, member: UUID | None = None, earned: int = 0, spent: int = 0,
        kind: str = "sale", day: str = DAY,
    ) -> Record:  # fmt: skip
        total = sum(prices)
        plain: dict[str, object] = {
            "v": 1, "id": self.new_id().hex, "kind": kind, "receipt": f"{self.device.store_code}-T{self.number}-A{self.seq + 1:06d}",
            "counter": self.seq + 1, "shift": fact_id(5, self.number).hex, "operator": fact_id(6).hex, "date": day,
            "at": OCCURRED_AT + self.seq * 1000, "offset": 480, "currency": "TWD", "total": total,
            "lines": [
                {"item": fact_id(7, price).hex, "sku": f"A{price:04d}", "name": "烏龍茶 600ml", "price": price, "pv": 1}
                for price in prices
            ],
            "tenders": [{"kind": "cash", "amount": total + 50}], "change": 50,
            "taxes": [["taxable", 500, total, total // 21]],
        }  # fmt: skip
        if member is not None:
            plain |= {"member": member.hex, "points": [earned, spent, 1, 0]}
            lot = fact_id(8, member.int).hex
            moves = (("accrual", earned, "issued"), ("redemption", -spent, "redeemed"))
            plain["entries"] = [
                {
                    "id": self.new_id().hex,
                    "entry": name,
                    "postings": [["member", points, lot], [other, -points]],
                }
                for name, points, other in moves
                if points
            ]
        return self.tell(plain)

    def enrols(self, member: UUID, phone: str, *, at: int | None = None) -> Record:
        key = Random(member.int ^ self.number).randbytes(32)
        self.keys[member] = key
        return self._sealed(FactKind.ENROLMENT, member, {"phone": phone, "name": "王大明"}, at)

    def changes(self, member: UUID, fields: dict[str, str], *, at: int | None = None) -> Record:
        self.keys.setdefault(member, Random(member.int ^ self.number).randbytes(32))
        return self._sealed(FactKind.PROFILE, member, fields, at)

    def _sealed(self, kind: FactKind, member: UUID, fields: dict[str, str], at: int | None) -> Record:
        own = self.new_id()
        sealed = seal(self.keys[member], own, member, change_to_bytes(ProfileChange(fields)))
        plain = self._about(kind, member, own=own) | {"sealed": sealed}
        return self.tell(plain, at=at)

    def answers(self, member: UUID, *, granted: bool, at: int | None = None) -> Record:
        more: dict[str, object] = {"purpose": "marketing", "channel": "spoken"}
        return self.tell(
            self._about(FactKind.CONSENT, member) | more | ({"granted": True} if granted else {}), at=at
        )

    def merges(self, member: UUID, into: UUID | None, *, at: int | None = None) -> Record:
        more = {} if into is None else {"into": into.hex}
        return self.tell(self._about(FactKind.MERGE, member) | more, at=at)

    def erases(self, member: UUID) -> Record:
        self.keys.pop(member, None)
        return self.tell(self._about(FactKind.ERASURE, member) | {"reason": "asked"})

    def points(self, member: UUID, points: int, *, entry: UUID | None = None) -> Record:
        """An accrual, or a redemption when negative."""
        other = "issued" if points > 0 else "redeemed"
        return self.tell(
            self._about(FactKind.POINTS_ENTRY, member, own=entry)
            | {
                "entry": "accrual" if points > 0 else "redemption",
                "date": DAY,
                "postings": [["member", points, fact_id(8, member.int).hex], [other, -points]],
            }
        )

    def issues(self, coupon: UUID, *, uses: int = 1) -> Record:
        return self.tell(
            {
                "v": 1, "kind": FactKind.COUPON.value, "id": coupon.hex, "at": OCCURRED_AT + self.seq, "code": coupon.hex[:8],
                "template": "welcome", "rules": 1, "from": DAY, "source": "rule", "uses": uses,
            }
        )  # fmt: skip

    def redeems(
        self, coupon: UUID, *, event: str = "redeemed", sale: UUID | None = None, at: int | None = None
    ) -> Record:
        plain: dict[str, object] = {
            "v": 1, "kind": FactKind.COUPON_EVENT.value, "id": self.new_id().hex, "coupon": coupon.hex, "event": event,
            "at": OCCURRED_AT + self.seq, "date": DAY, "transaction": (sale or self.new_id()).hex,
        }  # fmt: skip
        return self.tell(plain, at=at)

    def moves_value(self, account: UUID, minor: int) -> Record:
        return self.tell(
            {
                "v": 1, "kind": FactKind.VALUE_ENTRY.value, "id": self.new_id().hex, "entry": "spend", "account": account.hex,
                "at": OCCURRED_AT + self.seq, "date": DAY,
                "postings": [["holder", "paid", minor], ["received", "paid", -minor]],
            }
        )  # fmt: skip

    def _about(self, kind: FactKind, member: UUID, *, own: UUID | None = None) -> dict[str, object]:
        return {
            "v": 1, "kind": kind.value, "id": (own or self.new_id()).hex, "member": member.hex, "at": OCCURRED_AT + self.seq,
        }  # fmt: skip


def a_busy_week(seed: int, *, tills: int = 3, facts: int = 120) -> list[Till]:
    """Tills that were apart: the same numbers enrolled twice, the same coupon used twice, points spent twice, people erased and merged."""
    random = Random(seed)
    all_tills = [Till(number + 1) for number in range(tills)]
    members: list[UUID] = []
    coupons = [derived_id(20, seed, number) for number in range(6)]
    accounts = [fact_id(21, seed, number) for number in range(3)]
    for step in range(facts):
        till, at = random.choice(all_tills), OCCURRED_AT + random.randrange(3_000_000)
        if not members or random.random() < 0.1:
            members.append(fact_id(22, seed, step))
            till.enrols(members[-1], f"+8869120000{random.randrange(12):02d}", at=at)
            continue
        member, other = random.choice(members), random.choice(members)
        match random.randrange(12):
            case 0 | 1 | 2:
                till.sells(
                    [random.randrange(10, 500) for _ in range(random.randrange(1, 5))],
                    member=member,
                    earned=3,
                )
            case 3 | 4:
                till.points(member, random.randrange(1, 60))
            case 5:
                till.points(member, -random.randrange(1, 90))
            case 6:
                till.redeems(
                    random.choice(coupons), at=at, event=random.choice(("redeemed", "redeemed", "restored"))
                )
            case 7:
                till.issues(random.choice(coupons))
            case 8:
                till.answers(member, granted=random.random() < 0.5, at=at)
            case 9:
                till.changes(member, {"phone": f"+8869120000{random.randrange(12):02d}"}, at=at)
            case 10:
                till.moves_value(random.choice(accounts), random.randrange(-80, 100) or 1)
            case _:
                rare = random.random()
                if rare < 0.3:
                    till.erases(member)
                elif rare < 0.7 and member != other:
                    till.merges(member, other, at=at)
                else:
                    till.merges(member, None, at=at)
    return all_tills


__all__ = ["DAY", "NOW", "OTHER_TENANT", "TENANT", "MemberId", "Till", "a_busy_week", "fact_id"]
