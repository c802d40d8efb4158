"""Tags that the shop's daily work writes by rule: a projection of segments, beside those that people gave by hand, which it never touches.

No fact stands behind them. They are worked out again every day, and go with the person they are about.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final
from uuid import UUID

from app.domain.ids import MemberId
from db.engine import Engines
from db.profile_store import unit

if TYPE_CHECKING:
    from app.service.ports import UnitOfWork

# Read once a day, on a worker: every tag is looked at.
RULE_TAGS: Final = "SELECT DISTINCT tag FROM member_tag WHERE source = 'rule' ORDER BY tag"
# Index member_tag_by_tag.
RULE_TAGGED: Final = "SELECT member_id FROM member_tag WHERE tag = ? AND source = 'rule'"
# Who was forgotten meanwhile is left alone, and what somebody gave by hand stays theirs.
PUT_RULE_TAG: Final = """
INSERT INTO member_tag (member_id, tag, source, added_at)
SELECT id, ?2, 'rule', ?3 FROM member WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM erasure WHERE member_id = ?1)
ON CONFLICT (member_id, tag) DO NOTHING
"""
DROP_RULE_TAG: Final = "DELETE FROM member_tag WHERE member_id = ? AND tag = ? AND source = 'rule'"


class SqliteRuleTags:
    """Implements :class:`app.service.membership_ports.RuleTags`."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    def all(self) -> tuple[str, ...]:
        with self._engines.reading() as cursor:
            return tuple(tag for (tag,) in cursor.execute(RULE_TAGS).fetchall())

    def tagged(self, tag: str) -> frozenset[MemberId]:
        with self._engines.reading() as cursor:
            rows = cursor.execute(RULE_TAGGED, (tag,)).fetchall()
        return frozenset(MemberId(UUID(bytes=own)) for (own,) in rows)

    def put(self, work: UnitOfWork, tag: str, members: Sequence[MemberId], *, at: int) -> None:
        cursor = unit(work).cursor
        for one in members:
            cursor.execute(PUT_RULE_TAG, (one.bytes, tag, at))

    def drop(self, work: UnitOfWork, tag: str, members: Sequence[MemberId]) -> None:
        cursor = unit(work).cursor
        for one in members:
            cursor.execute(DROP_RULE_TAG, (one.bytes, tag))
