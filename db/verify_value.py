"""Stored value proved: every entry balances, nobody has less than nothing, rows say what facts say, and tickets what entries say.

The sums are cheap and belong to every check; facts are read one by one only by the full one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from app.domain.codec_parts import DAMAGE
from app.domain.errors import Refused
from app.domain.facts import FactKind
from app.domain.loyalty.value_codec import account_from_plain, entry_from_plain
from app.domain.loyalty.value_items import VALUE_ITEMS
from db import value
from db.engine import Cursor
from db.finding import Finding, Progress
from db.statements import placeholders
from db.verify_feed import OWN_STANDS, elsewhere

FACTS_AT_ONCE: Final = 1_000
CHECKS: Final = frozenset(
    (
        "value_unbalanced",
        "value_negative",
        "value_account_off",
        "value_entry_off",
        "value_tender_off",
        "value_sold_off",
    )
)

_UNBALANCED: Final = """
SELECT hex(entry_id), part || ' ' || sum(amount_minor) FROM value_posting GROUP BY entry_id, part HAVING sum(amount_minor) <> 0
UNION ALL
SELECT hex(id), '' FROM value_entry e WHERE NOT EXISTS (SELECT 1 FROM value_posting p WHERE p.entry_id = e.id)
"""
# Index value_posting_of_holder. What two tills spent while they were apart is for the office to settle, and no damage.
_NEGATIVE: Final = """
SELECT hex(holder_id), part || ' ' || sum(amount_minor) FROM value_posting WHERE holder_id IS NOT NULL
GROUP BY holder_id, part HAVING sum(amount_minor) < 0 AND NOT EXISTS (
  SELECT 1 FROM value_entry e JOIN inbox i ON i.id = e.id AND length(i.body) > 0 WHERE e.account_id = holder_id)
"""
_MISPLACED: Final = """
SELECT hex(p.entry_id) FROM value_posting p JOIN value_entry e ON e.id = p.entry_id
WHERE p.holder_id IS NOT NULL AND p.holder_id <> e.account_id
"""
_PAID: Final = """
SELECT h.id, t.reference, h.receipt_number, sum(t.amount_minor) FROM tender t JOIN transaction_header h ON h.seq = t.seq
WHERE t.kind IN ('stored_value', 'gift_card') GROUP BY h.id, t.reference
"""
_SPENT: Final = """
SELECT e.transaction_id, lower(hex(e.account_id)), '', -sum(p.amount_minor)
FROM value_entry e JOIN value_posting p ON p.entry_id = e.id JOIN fact f ON f.id = e.transaction_id
WHERE e.kind IN ('spend', 'spend_reversal') AND p.account = 'holder' GROUP BY e.transaction_id, e.account_id
"""
_LINES: Final = f"""
SELECT h.id, '', h.receipt_number, sum(l.net_minor) FROM sale_line l JOIN transaction_header h ON h.seq = l.seq
WHERE l.item_id IN ({placeholders(len(VALUE_ITEMS))}) GROUP BY h.id
"""
_SOLD: Final = """
SELECT e.transaction_id, '', '', -sum(p.amount_minor)
FROM value_entry e JOIN value_posting p ON p.entry_id = e.id JOIN fact f ON f.id = e.transaction_id
WHERE p.account IN ('received', 'refunded') GROUP BY e.transaction_id
"""
_FACTS: Final = f"""
SELECT seq, kind, body FROM fact f WHERE seq > ? AND kind IN ('value_account', 'value_entry') AND {OWN_STANDS}
ORDER BY seq LIMIT ?
"""
_KINDS: Final = (FactKind.VALUE_ACCOUNT._value_, FactKind.VALUE_ENTRY._value_)
_ACCOUNT: Final = f"SELECT {', '.join(value.ACCOUNT_COLUMNS)} FROM value_account WHERE id = ?"
_ENTRY: Final = f"SELECT {', '.join(value.ENTRY_COLUMNS)} FROM value_entry WHERE id = ?"
_POSTINGS: Final = (
    f"SELECT {', '.join(value.POSTING_COLUMNS)} FROM value_posting WHERE entry_id = ? ORDER BY number"
)
_COUNTS: Final = {
    "value_account_off": "SELECT count(*) FROM value_account",
    "value_entry_off": "SELECT count(*) FROM value_entry",
}


def check_value(cursor: Cursor, progress: Progress) -> Iterator[Finding]:
    """The sums: within each entry, of each account, and between tickets and entries."""
    progress("value", 0, 1)
    for place, detail in cursor.execute(_UNBALANCED).fetchall():
        yield Finding("value_unbalanced", place, detail)
    for place, detail in cursor.execute(_NEGATIVE).fetchall():
        yield Finding("value_negative", place, detail)
    for (place,) in cursor.execute(_MISPLACED).fetchall():
        yield Finding("value_entry_off", place, "holder")
    yield from _compare("value_tender_off", _sums(cursor, _PAID), _sums(cursor, _SPENT))
    items = [one.bytes for one in VALUE_ITEMS]
    yield from _compare("value_sold_off", _sums(cursor, _LINES, *items), _sums(cursor, _SOLD))


def check_value_facts(cursor: Cursor, progress: Progress) -> Iterator[Finding]:
    """Every account and entry in the chain stands in the books, alike, and nothing stands there beside them."""
    seen = dict.fromkeys(_COUNTS, 0)
    seq = 0
    while rows := cursor.execute(_FACTS, (seq, FACTS_AT_ONCE)).fetchall():
        progress("value", rows[0][0], rows[-1][0])
        for seq, kind, body in rows:
            try:
                check, is_whole = _stands(cursor, kind, json.loads(body))
            except (Refused, *DAMAGE):
                yield Finding("fact_unreadable", f"fact seq {seq}")
                continue
            seen[check] += 1
            if not is_whole:
                yield Finding(check, f"seq {seq}")
    for told in elsewhere(cursor, _KINDS):
        try:
            check, is_whole = _stands(cursor, told.kind, told.plain)
        except (Refused, *DAMAGE):
            yield Finding("fact_unreadable", told.id.hex().upper())
            continue
        seen[check] += 1
        if not is_whole:
            yield Finding(check, told.id.hex().upper())
    for check, statement in _COUNTS.items():
        (count,) = cursor.execute(statement).fetchone()
        if count != seen[check]:
            yield Finding(check, "", f"{count} / {seen[check]}")


def _stands(cursor: Cursor, kind: str, plain: dict[str, Any]) -> tuple[str, bool]:
    """The check of this kind of fact, and whether its rows are what it says."""
    if kind == FactKind.VALUE_ACCOUNT:
        account = value.account_row(account_from_plain(plain))
        return "value_account_off", cursor.execute(_ACCOUNT, (account[0],)).fetchone() == account
    told = entry_from_plain(plain)
    own = told.head.id.bytes
    is_whole = cursor.execute(_ENTRY, (own,)).fetchone() == value.entry_row(told)
    postings = cursor.execute(_POSTINGS, (own,)).fetchall()
    return "value_entry_off", is_whole and postings == value.posting_rows(told)


def _sums(cursor: Cursor, statement: str, *parameters: object) -> dict[tuple[bytes, str], tuple[str, int]]:
    rows = cursor.execute(statement, parameters).fetchall()
    return {(own, account): (number, minor) for own, account, number, minor in rows if minor}


def _compare(
    check: str,
    told: dict[tuple[bytes, str], tuple[str, int]],
    posted: dict[tuple[bytes, str], tuple[str, int]],
) -> Iterator[Finding]:
    for key in sorted(told.keys() | posted.keys()):
        number, minor = told.get(key, ("", 0))
        _, other = posted.get(key, ("", 0))
        if minor != other:
            yield Finding(check, number or key[0].hex().upper(), f"{minor} / {other}")
