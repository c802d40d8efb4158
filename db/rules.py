"""The shop's rules in their versions, as rows and back. All of them are kept in memory: a sale asks for them and never waits.

Writing takes the cursor of an open unit of work; the store forgets what it keeps when one was committed.
"""

from __future__ import annotations

import json
import threading
from typing import Any, Final

from app.domain.chain import canonical_bytes
from app.domain.ids import OperatorId
from app.domain.loyalty.documents import RuleArea, RuleDocument, in_force
from db.engine import Cursor, Engines
from db.statements import insert
from db.types import id_bytes_or_none, id_or_none

INSERT_VERSION: Final = insert(
    "rule_version", "area", "version", "body", "valid_from", "created_at", "created_by", "note", "fact_id"
)
INSERT_TOLD: Final = f"{insert('rule_told', 'fact_id', 'area', 'version')} ON CONFLICT DO NOTHING"
# Every version there is: an owner writes a few a year.
VERSIONS: Final = """
SELECT area, version, body, valid_from, created_at, created_by, note FROM rule_version ORDER BY area, version DESC
"""
NEWEST: Final = "SELECT coalesce(max(version), 0) FROM rule_version WHERE area = ?"


class SqliteRules:
    """Implements :class:`app.service.ports.Rules`. May be used from any thread."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines
        self._lock = threading.Lock()
        self._known: dict[RuleArea, tuple[RuleDocument, ...]] | None = None

    def current(self, area: RuleArea, at: int) -> RuleDocument | None:
        return in_force(self.versions(area), at)

    def versions(self, area: RuleArea) -> tuple[RuleDocument, ...]:
        """Newest first."""
        return self._load().get(area, ())

    def version(self, area: RuleArea, version: int) -> RuleDocument | None:
        return next((one for one in self.versions(area) if one.version == version), None)

    def forget(self) -> None:
        """Another version was committed."""
        with self._lock:
            self._known = None

    def _load(self) -> dict[RuleArea, tuple[RuleDocument, ...]]:
        known = self._known
        if known is not None:
            return known
        with self._lock:
            with self._engines.reading() as cursor:
                documents = [_document(row) for row in cursor.execute(VERSIONS).fetchall()]
            self._known = {area: tuple(one for one in documents if one.area is area) for area in RuleArea}
            return self._known


def write_version(cursor: Cursor, document: RuleDocument, fact_id: bytes) -> None:
    """``fact_id``: the fact that tells of it."""
    cursor.execute(INSERT_TOLD, (fact_id, document.area._value_, document.version))
    cursor.execute(
        INSERT_VERSION,
        (
            document.area._value_,
            document.version,
            canonical_bytes(document.body),
            document.valid_from,
            document.created_at,
            id_bytes_or_none(document.created_by),
            document.note,
            fact_id,
        ),
    )


def newest_version(cursor: Cursor, area: RuleArea) -> int:
    """0 when the area has none."""
    newest: int = cursor.execute(NEWEST, (area._value_,)).fetchone()[0]
    return newest


def _document(row: Any) -> RuleDocument:
    area, version, body, valid_from, created_at, created_by, note = row
    return RuleDocument(
        RuleArea(area),
        version,
        json.loads(body),
        valid_from,
        created_at,
        id_or_none(OperatorId, created_by),
        note,
    )
