"""Who works here, as rows and back. What a change does not name stays as it is: a new name never resets a PIN or a lock-out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from app.domain.authority import Operator, Role
from app.domain.ids import OperatorId
from db.engine import Cursor, Engines
from db.statements import upsert

if TYPE_CHECKING:
    from app.service.ports import OperatorSecret

PUT_OPERATOR: Final = upsert("operator", "id", "number", "name", "role", "is_active")
SET_PIN: Final = "UPDATE operator SET pin_hash = ? WHERE id = ?"
SET_BADGE: Final = "UPDATE operator SET badge_hash = ? WHERE id = ?"
SET_FAILURES: Final = "UPDATE operator SET failures = ?, locked_until = ? WHERE id = ?"
OPERATORS: Final = "SELECT id, number, name, role, is_active FROM operator ORDER BY number"
_SECRET: Final = """
SELECT id, number, name, role, is_active, pin_hash, badge_hash, failures, locked_until FROM operator
"""
BY_NUMBER: Final = f"{_SECRET} WHERE number = ?"
# The words of the partial index operator_by_badge.
BY_BADGE: Final = f"{_SECRET} WHERE badge_hash = ? AND badge_hash <> ''"


def save_operator(cursor: Cursor, operator: Operator, pin_hash: str | None, badge_hash: str | None) -> None:
    """Add or change; a hash of None stays as it is."""
    row = (
        operator.id.bytes,
        operator.number,
        operator.name,
        operator.role._value_,
        int(operator.is_active),
    )
    cursor.execute(PUT_OPERATOR, row)
    if pin_hash is not None:
        cursor.execute(SET_PIN, (pin_hash, operator.id.bytes))
    if badge_hash is not None:
        cursor.execute(SET_BADGE, (badge_hash, operator.id.bytes))


def set_failures(cursor: Cursor, operator_id: OperatorId, failures: int, locked_until: int) -> None:
    cursor.execute(SET_FAILURES, (failures, locked_until, operator_id.bytes))
    assert cursor.rowcount == 1, "only somebody who exists can fail"


class SqlitePeople:
    """The reader. May be used from any thread."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    def operators(self) -> tuple[Operator, ...]:
        with self._engines.reading() as cursor:
            return tuple(_operator(row) for row in cursor.execute(OPERATORS).fetchall())

    def by_number(self, number: str) -> OperatorSecret | None:
        return self._secret(BY_NUMBER, number)

    def by_badge(self, badge_hash: str) -> OperatorSecret | None:
        return self._secret(BY_BADGE, badge_hash)

    def _secret(self, statement: str, parameter: str) -> OperatorSecret | None:
        with self._engines.reading() as cursor:
            row = cursor.execute(statement, (parameter,)).fetchone()
        from app.service.ports import OperatorSecret

        return None if row is None else OperatorSecret(_operator(row[:5]), *row[5:])


def _operator(row: Any) -> Operator:
    operator_id, number, name, role, is_active = row
    return Operator(OperatorId(UUID(bytes=operator_id)), number, name, Role(role), bool(is_active))
