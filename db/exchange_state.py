"""What a till knows beside its own sales, as one hash a family of rows: equal on all tills of a shop that have heard of everything.

Only what follows from facts and documents is in it; never when or by whom something arrived, nor which till this is. Rows are read in the
order of their keys and hashed as text.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from db.engine import Engines

if TYPE_CHECKING:
    from db.store import SqliteStore

_NOT_ERASED: Final = "member_id NOT IN (SELECT member_id FROM erasure)"
# Everyone is asked for as whom they count now: the survivor of a merge, or whoever was enrolled first under a number.
_CANONICAL: Final = "coalesce((SELECT survivor_id FROM member_alias a WHERE a.member_id = {0}), {0})"

TABLES: Final[dict[str, str]] = {
    "member": """
        SELECT id, phone, name, birthday, gender, note, code, joined_on, has_marketing_consent FROM member
        WHERE id NOT IN (SELECT member_id FROM erasure)
          AND id IN (SELECT member_id FROM member_number WHERE enrolled_hlc IS NOT NULL) ORDER BY id""",
    "number": f"""
        SELECT member_id, phone, phone_hlc, enrolled_hlc FROM member_number WHERE {_NOT_ERASED} ORDER BY member_id""",
    "field": f"""
        SELECT member_id, field, value, hlc FROM member_field WHERE field = 'merged_into' OR {_NOT_ERASED}
        ORDER BY member_id, field""",
    "note": "SELECT id, member_id, kind, words, written_at, due_on, done_at, done_by FROM member_note ORDER BY id",
    "tag": "SELECT member_id, tag FROM member_tag WHERE source = 'hand' ORDER BY member_id, tag",
    "code": "SELECT code, member_id, kind FROM member_code ORDER BY code",
    "alias": "SELECT member_id, survivor_id FROM member_alias ORDER BY member_id",
    "consent": "SELECT id, member_id, purpose, is_granted, occurred_at, hlc FROM consent ORDER BY id",
    "erasure": "SELECT member_id, erased_at, reason FROM erasure ORDER BY member_id",
    "referral": "SELECT member_id, referrer_id, occurred_at FROM referral ORDER BY member_id",
    "balance": f"""
        SELECT {_CANONICAL.format("p.member_id")} AS owner, sum(points) FROM ledger_posting p WHERE member_id IS NOT NULL
        GROUP BY owner HAVING sum(points) <> 0 ORDER BY owner""",
    "entry": """
        SELECT id, kind, member_id, transaction_id, occurred_at, business_date, expires_on, note, source FROM ledger_entry
        ORDER BY id""",
    "posting": """
        SELECT entry_id, number, account, points, member_id, lot_id, expires_on, usable_on FROM ledger_posting
        ORDER BY entry_id, number""",
    "visit": """
        SELECT id, member_id, kind, occurred_at, business_date, total_minor FROM member_visit UNION
        SELECT id, member_id, kind, occurred_at, business_date, total_minor FROM transaction_header
        WHERE member_id IS NOT NULL ORDER BY 1""",
    "coupon": """
        SELECT id, code, template, rule_version, member_id, issued_at, valid_from, valid_to, uses_max, source, batch
        FROM coupon ORDER BY id""",
    "coupon_event": """
        SELECT id, coupon_id, kind, member_id, transaction_id, business_date, amount_minor, hlc FROM coupon_event ORDER BY id""",
    "stamp": "SELECT id, member_id, card, kind, stamps, transaction_id, business_date FROM stamp_event ORDER BY id",
    "tier": "SELECT id, member_id, kind, tier, from_tier, occurred_at, protected_until FROM tier_event ORDER BY id",
    "value_account": "SELECT id, kind, code, member_id, currency, opened_at FROM value_account ORDER BY id",
    "value": """
        SELECT holder_id, part, sum(amount_minor) FROM value_posting WHERE holder_id IS NOT NULL GROUP BY holder_id, part
        ORDER BY holder_id, part""",
    "value_entry": "SELECT id, kind, account_id, transaction_id, business_date FROM value_entry ORDER BY id",
    "rules": "SELECT area, version, body, valid_from, created_at, note FROM rule_version ORDER BY area, version",
    "document": "SELECT name, version, hash, problem FROM server_document ORDER BY name",
}


def till_state_hash(store: SqliteStore) -> str:
    """Hexadecimal SHA-256 of all families."""
    told = "".join(f"{name}={one}\n" for name, one in table_hashes(store.engines))
    return hashlib.sha256(told.encode()).hexdigest()


def table_hashes(engines: Engines) -> tuple[tuple[str, str], ...]:
    """The hash of each family, so that two tills that differ say where."""
    with engines.reading(snapshot=True) as cursor:
        return tuple((name, _digest(cursor.execute(statement))) for name, statement in TABLES.items())


def _digest(rows: Any) -> str:
    digest = hashlib.sha256()
    while (row := rows.fetchone()) is not None:
        digest.update(repr([one.hex() if isinstance(one, bytes) else one for one in row]).encode())
    return digest.hexdigest()
