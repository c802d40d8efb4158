"""Coupons, what happened to them, stamps, tiers and rules that other tills tell of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.domain.facts import FactKind
from app.domain.loyalty.coupon import Coupon
from app.domain.loyalty.documents import RuleDocument
from db import coupons, rules, stamps, tiers
from db.engine import Cursor
from db.feed_settling import settling
from db.feed_step import Told, read

COUPON: Final = f"SELECT {', '.join(coupons.COUPON_COLUMNS)} FROM coupon WHERE id = ?"
DROP_COUPON: Final = "DELETE FROM coupon WHERE id = ?"
INSERT_EVENT: Final = f"{coupons.INSERT_EVENT} ON CONFLICT (id) DO NOTHING"
DROP_EVENT: Final = "DELETE FROM coupon_event WHERE id = ?"
SET_CLOCK: Final = "UPDATE coupon_event SET hlc = ? WHERE id = ?"
INSERT_STAMP: Final = f"{stamps.INSERT_EVENT} ON CONFLICT (id) DO NOTHING"
DROP_STAMP: Final = "DELETE FROM stamp_event WHERE id = ?"
INSERT_TIER: Final = f"{tiers.INSERT_EVENT} ON CONFLICT (id) DO NOTHING"
DROP_TIER: Final = "DELETE FROM tier_event WHERE id = ?"
# Index tier_event_of_member. A member has what their newest event gave them.
SET_TIER: Final = """
UPDATE member SET tier = coalesce((
  SELECT tier FROM tier_event WHERE member_id = ?1 ORDER BY occurred_at DESC, id DESC LIMIT 1), '')
WHERE id = ?1 AND EXISTS (SELECT 1 FROM tier_event WHERE member_id = ?1)
"""
STANDING: Final = "SELECT fact_id FROM rule_version WHERE area = ? AND version = ?"
# Index rule_told_of_version. The clock that the server gave a fact counts, where it has.
TOLD: Final = """
SELECT t.fact_id, coalesce(i.hlc, f.hlc) AS clock, coalesce(i.hash, f.hash) AS digest,
  CASE WHEN length(i.body) > 0 THEN i.body ELSE f.body END
FROM rule_told t LEFT JOIN inbox i ON i.id = t.fact_id LEFT JOIN fact f ON f.id = t.fact_id
WHERE t.area = ? AND t.version = ? ORDER BY clock, digest
"""
PLACE: Final = "SELECT area, version FROM rule_told WHERE fact_id = ?"
FORGET_TOLD: Final = "DELETE FROM rule_told WHERE fact_id = ?"
DROP_RULE: Final = "DELETE FROM rule_version WHERE area = ? AND version = ?"


def apply_coupons(cursor: Cursor, told: Sequence[Told]) -> None:
    """Many in one fact, or one; of two forms of a coupon the smaller one stands."""
    for one in told:
        for coupon in one.value:
            if coupons.write_coupon(cursor, coupon):
                continue
            stored = coupons.coupon_of(cursor.execute(COUPON, (coupon.id.bytes,)).fetchone())
            if coupon_order(coupon) < coupon_order(stored):
                with settling(cursor):
                    cursor.execute(DROP_COUPON, (coupon.id.bytes,))
                    coupons.write_coupon(cursor, coupon)


def coupon_order(coupon: Coupon) -> tuple[tuple[str, str, str], str]:
    """As the server compares them, then by everything else."""
    member = "None" if coupon.member_id is None else coupon.member_id.hex
    return (member, coupon.template, str(coupon.uses_max)), repr(coupons.coupon_row(coupon))


def take_back_coupons(cursor: Cursor, told: Told) -> None:
    with settling(cursor):
        cursor.executemany(DROP_COUPON, [(coupon.id.bytes,) for coupon in told.value])


def apply_coupon_events(cursor: Cursor, told: Sequence[Told]) -> None:
    cursor.executemany(INSERT_EVENT, [coupons.event_row(one.value) for one in told])


def take_back_coupon_event(cursor: Cursor, told: Told) -> None:
    with settling(cursor):
        cursor.execute(DROP_EVENT, (told.id,))


def set_coupon_clock(cursor: Cursor, event_id: bytes, hlc: int) -> None:
    with settling(cursor):
        cursor.execute(SET_CLOCK, (hlc, event_id))


def apply_stamps(cursor: Cursor, told: Sequence[Told]) -> None:
    cursor.executemany(INSERT_STAMP, [stamps.event_row(one.value) for one in told])


def take_back_stamp(cursor: Cursor, told: Told) -> None:
    with settling(cursor):
        cursor.execute(DROP_STAMP, (told.id,))


def apply_tiers(cursor: Cursor, told: Sequence[Told]) -> None:
    cursor.executemany(INSERT_TIER, [tiers.event_row(one.value) for one in told])
    for member in {one.value.member_id for one in told}:
        cursor.execute(SET_TIER, (member.bytes,))


def take_back_tier(cursor: Cursor, told: Told) -> None:
    with settling(cursor):
        cursor.execute(DROP_TIER, (told.id,))
    cursor.execute(SET_TIER, (told.value.member_id.bytes,))


# --- rules ----------------------------------------------------------------------------------------------------------------


def apply_rules(cursor: Cursor, told: Sequence[Told]) -> list[RuleDocument]:
    """Two tills that were apart may write one version: the one with the smaller (clock, hash) stands. Returns those told of twice."""
    twice = []
    for one in told:
        document: RuleDocument = one.value
        place = (document.area._value_, document.version)
        if cursor.execute(STANDING, place).fetchone() is None:
            rules.write_version(cursor, document, one.id)
            continue
        cursor.execute(rules.INSERT_TOLD, (one.id, *place))
        if cursor.rowcount:
            twice.append(document)
        settle_version(cursor, place)
    return twice


def settle_version(cursor: Cursor, place: tuple[str, int]) -> None:
    """The version as it follows from every fact that tells of it."""
    candidates = cursor.execute(TOLD, place).fetchall()
    stands = cursor.execute(STANDING, place).fetchone()
    first = candidates[0] if candidates else None
    if stands == (None if first is None else (first[0],)):
        return
    with settling(cursor):
        cursor.execute(DROP_RULE, place)
        if first is not None:
            told = read(FactKind.RULES._value_, first[0], first[1], first[2], first[3], b"")
            rules.write_version(cursor, told.value, first[0])


def settle_version_of(cursor: Cursor, fact_id: bytes) -> None:
    """The clock of this fact is another now."""
    row = cursor.execute(PLACE, (fact_id,)).fetchone()
    if row is not None:
        settle_version(cursor, tuple(row))


def take_back_rules(cursor: Cursor, told: Told) -> None:
    document: RuleDocument = told.value
    cursor.execute(FORGET_TOLD, (told.id,))
    settle_version(cursor, (document.area._value_, document.version))
