"""What a member put into their own stored value, as a part of other statements: money that is spent only when it pays.

Tickets add up to what a member paid; with this beside them, to what they bought. Indexes value_account_of_member, value_entry_of_account.
"""

from __future__ import annotations

from typing import Final

# ``SELECT sum(p.amount_minor)`` of these is below nothing by what was topped up, less what was paid out again.
TOPPED_UP: Final = """
FROM value_account a JOIN value_entry e ON e.account_id = a.id JOIN value_posting p ON p.entry_id = e.id
"""
OWN: Final = "AND a.kind = 'member' AND p.account IN ('received', 'refunded')"
