"""Rule versions, tiers and bonuses against their facts: each row follows from a fact, each fact left its row, and no bonus was given twice.

That a bonus was given once is proved by its id, which is made from who got it and why: an id that is made from nothing the books know,
or one under a later number while the former still stands, is a second one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import chain
from typing import Any, Final
from uuid import UUID

from app.domain.chain import canonical_bytes
from app.domain.codec_parts import DAMAGE
from app.domain.errors import Refused
from app.domain.facts import FactKind
from app.domain.ids import EntryId, MemberId
from app.domain.loyalty.bonus import ATTEMPTS_MAX, TIER_SOURCE, Grant, reversal_id
from app.domain.loyalty.documents import RuleArea
from app.domain.loyalty.points_rules import BonusKind
from app.domain.loyalty.term import NEVER
from app.domain.loyalty.tiers import tier_event_from_plain
from db import tiers
from db.engine import Cursor
from db.feed_loyalty import STANDING, TOLD
from db.finding import Finding, Progress
from db.types import number_date
from db.verify_feed import OWN_STANDS, elsewhere

SEQS_AT_ONCE: Final = 5_000
ENTRIES_AT_ONCE: Final = 2_000
CHECKS: Final = frozenset(("rules_off", "tier_off", "bonus_twice"))

_NEWEST: Final = "SELECT coalesce(max(seq), 0) FROM fact"
_FACTS: Final = f"""
SELECT seq, kind, body FROM fact f WHERE seq BETWEEN ? AND ? AND kind IN ('rules', 'tier') AND {OWN_STANDS} ORDER BY seq
"""
_RULES: Final = """
SELECT body, valid_from, created_at, created_by, note FROM rule_version WHERE area = ? AND version = ?
"""
_EVENT: Final = """
SELECT id, member_id, kind, tier, from_tier, occurred_at, business_date, protected_until, transaction_id, rule_version
FROM tier_event WHERE id = ?
"""
_COUNTS: Final = {
    FactKind.RULES: ("rules_off", "SELECT count(*) FROM rule_version"),
    FactKind.TIER: ("tier_off", "SELECT count(*) FROM tier_event"),
}
# A member has what their newest event gave them. Index tier_event_of_member.
_TIER_OFF: Final = """
SELECT hex(m.id), m.tier FROM member m
WHERE m.phone NOT LIKE 'erased:%' AND m.id IN (SELECT member_id FROM tier_event) AND m.tier <> (
  SELECT tier FROM tier_event WHERE member_id = m.id ORDER BY occurred_at DESC, id DESC LIMIT 1)
"""
_RULES_UNKNOWN: Final = """
SELECT hex(id), rule_version FROM tier_event e WHERE NOT EXISTS (
  SELECT 1 FROM rule_version r WHERE r.area = 'tiers' AND r.version = e.rule_version)
"""
_BONUSES: Final = """
SELECT id, member_id, source, business_date FROM ledger_entry WHERE kind = 'bonus' AND id > ? ORDER BY id LIMIT ?
"""
_IS_THERE: Final = "SELECT 1 FROM ledger_entry WHERE id = ?"
_FRIENDS: Final = "SELECT member_id FROM referral WHERE referrer_id = ?"
_TIERS_REACHED: Final = "SELECT DISTINCT tier FROM tier_event WHERE member_id = ?"
_POINTS_RULES: Final = "SELECT body FROM rule_version WHERE area = ?"


def check_rules(cursor: Cursor, progress: Progress) -> Iterator[Finding]:
    """All of them."""
    seen: dict[FactKind, set[object]] = {kind: set() for kind in _COUNTS}
    newest: int = cursor.execute(_NEWEST).fetchone()[0]
    for first in range(1, newest + 1, SEQS_AT_ONCE):
        progress("rules", first, newest)
        for seq, kind, body in cursor.execute(_FACTS, (first, first + SEQS_AT_ONCE - 1)).fetchall():
            seen[FactKind(kind)].add(_key(FactKind(kind), body))
            yield from _follow(cursor, f"seq {seq}", FactKind(kind), body)
    for told in elsewhere(cursor, (FactKind.RULES._value_, FactKind.TIER._value_)):
        seen[FactKind(told.kind)].add(_key(FactKind(told.kind), told.body))
        yield from _follow(cursor, told.id.hex().upper(), FactKind(told.kind), told.body)
    for kind, (check, statement) in _COUNTS.items():
        (stored,) = cursor.execute(statement).fetchone()
        if stored != len(seen[kind]):
            yield Finding(check, f"{stored} / {len(seen[kind])}")
    for statement in (_TIER_OFF, _RULES_UNKNOWN):
        for place, detail in cursor.execute(statement).fetchall():
            yield Finding("tier_off", place, str(detail))
    yield from _Bonuses(cursor).check(progress)


def _key(kind: FactKind, body: bytes) -> object:
    """What a row is counted by: two tills may have written one version of the rules."""
    with suppress(*DAMAGE):
        plain = json.loads(body)
        return (plain["area"], plain["version"]) if kind is FactKind.RULES else plain["id"]
    return body


def _follow(cursor: Cursor, place: str, kind: FactKind, body: bytes) -> Iterator[Finding]:
    try:
        plain = json.loads(body)
        is_there = _is_rule_there(cursor, plain) if kind is FactKind.RULES else _is_event_there(cursor, plain)
    except (Refused, *DAMAGE):
        yield Finding("fact_unreadable", f"fact {place}")
        return
    if not is_there:
        yield Finding(_COUNTS[kind][0], place)


def _is_rule_there(cursor: Cursor, plain: dict[str, Any]) -> bool:
    operator = plain.get("operator")
    wanted = (
        canonical_bytes(plain["rules"]),
        plain["from"],
        plain["at"],
        None if operator is None else UUID(operator).bytes,
        plain.get("note", ""),
    )
    place = (RuleArea(plain["area"])._value_, plain["version"])
    row = cursor.execute(_RULES, place).fetchone()
    if row is not None and tuple(row) == wanted:
        return True
    # Another till wrote the same version, and that one stands.
    first = next(iter(cursor.execute(TOLD, place).fetchall()), None)
    stands = cursor.execute(STANDING, place).fetchone()
    return first is not None and stands == (first[0],) and first[0].hex() != plain["id"]


def _is_event_there(cursor: Cursor, plain: dict[str, Any]) -> bool:
    wanted = tiers.event_row(tier_event_from_plain(plain))
    row = cursor.execute(_EVENT, (wanted[0],)).fetchone()
    return row is not None and tuple(row) == wanted


class _Bonuses:
    """Every bonus in the ledger, by its id."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self._campaigns = frozenset(self._campaign_codes())
        self._keys: dict[str, Callable[[bytes, int], Iterable[str]]] = {
            BonusKind.WELCOME._value_: lambda member, on: ("",),
            BonusKind.BIRTHDAY._value_: lambda member, on: (str(number_date(on).year),),
            BonusKind.VISIT._value_: lambda member, on: (number_date(on).isoformat(),),
            BonusKind.REFERRAL._value_: self._friends,
            BonusKind.CAMPAIGN._value_: lambda member, on: self._campaigns,
            TIER_SOURCE: self._tiers,
        }

    def check(self, progress: Progress) -> Iterator[Finding]:
        last, done = b"", 0
        progress("bonuses", 0, 1)
        while rows := self._cursor.execute(_BONUSES, (last, ENTRIES_AT_ONCE)).fetchall():
            done += len(rows)
            progress("bonuses", done, done)
            for own, member, source, on in rows:
                # What a review is about is written down nowhere else: its id alone knows.
                keys = self._keys.get(source)
                if keys is not None and not self._is_due(own, member, source, keys(member, on)):
                    yield Finding("bonus_twice", own.hex(), source)
            last = rows[-1][0]

    def _is_due(self, own: bytes, member: bytes, source: str, keys: Iterable[str]) -> bool:
        """Whether the id comes from one of these occasions, and each one before it was taken back."""
        member_id = MemberId(UUID(bytes=member))
        for key in keys:
            grant = Grant(member_id, source, key, 0, NEVER)
            for attempt in range(ATTEMPTS_MAX):
                if grant.entry_id(attempt).bytes == own:
                    return all(self._was_taken_back(grant.entry_id(before)) for before in range(attempt))
        return False

    def _was_taken_back(self, entry_id: EntryId) -> bool:
        return all(
            self._cursor.execute(_IS_THERE, (one.bytes,)).fetchone() is not None
            for one in (entry_id, reversal_id(entry_id))
        )

    def _friends(self, member: bytes, _on: int) -> Iterator[str]:
        """Who brought somebody has it for each of them; who was brought, once."""
        return chain(("",), (own.hex() for (own,) in self._cursor.execute(_FRIENDS, (member,)).fetchall()))

    def _tiers(self, member: bytes, on: int) -> Iterator[str]:
        year = number_date(on).year
        return (f"{tier}:{year}" for (tier,) in self._cursor.execute(_TIERS_REACHED, (member,)).fetchall())

    def _campaign_codes(self) -> Iterator[str]:
        for (body,) in self._cursor.execute(_POINTS_RULES, (RuleArea.POINTS._value_,)).fetchall():
            with suppress(*DAMAGE):  # a rule that cannot be read differs from its fact, which is told
                yield from [
                    bonus["code"]
                    for bonus in json.loads(body).get("bonuses", ())
                    if bonus["kind"] == BonusKind.CAMPAIGN._value_
                ]
