"""The frozen schema is the schema, on both databases, and every key begins with its tenant."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import UniqueConstraint, inspect

from app.domain.errors import Refused
from sync.server.database import Database, open_database
from sync.server.migrate import DIALECTS, SCHEMA_VERSION, frozen_schema, present_schema, upgrade
from sync.server.schema import REFERENCE_TABLES, metadata
from sync.server.tenants import create_tenant
from sync.server.trust import device_of
from tests.sync.server.driver import rows
from tests.sync.server.tills import TENANT, Till


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_is_frozen_is_what_the_code_says(dialect: str) -> None:
    assert ";\n\n".join(frozen_schema(SCHEMA_VERSION, dialect)) + ";\n\n" == present_schema(dialect)


def test_every_key_begins_with_the_tenant() -> None:
    """Else Citus could neither distribute the tables nor enforce the keys."""
    for table in metadata.sorted_tables:
        if table.name in REFERENCE_TABLES:
            continue
        assert next(iter(table.primary_key.columns)).name == "tenant_id", table.name
        for constraint in table.constraints:
            if isinstance(constraint, UniqueConstraint):
                assert next(iter(constraint.columns)).name == "tenant_id", table.name
        for index in table.indexes:
            assert next(iter(index.columns)).name == "tenant_id", index.name


def test_bringing_a_database_up_twice_changes_nothing(database: Database) -> None:
    upgrade(database)
    assert rows(database, "SELECT version_num FROM schema_version") == [(f"{SCHEMA_VERSION:04d}",)]


def test_postgresql_has_the_same_tables(postgresql_database: Database, database: Database) -> None:
    def tables(one: Database) -> dict[str, set[str]]:
        seen = inspect(one.engine)
        return {
            table: {column["name"] for column in seen.get_columns(table)} for table in seen.get_table_names()
        }

    assert tables(postgresql_database) == tables(database)


def test_a_server_of_the_first_version_is_brought_up_with_what_it_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = open_database(str(tmp_path / "server.db"))
    monkeypatch.setattr("sync.server.migrate.SCHEMA_VERSION", 1)
    upgrade(made)
    till = Till(1).device
    old = (
        "INSERT INTO device (tenant_id, device_id, key_id, public_key, store_code, till_code, name, paired_at)"
        " VALUES (?, ?, ?, ?, 'S01', 'T1', '', 1)"
    )
    values = (TENANT.hex, till.device_id.hex, till.key_id, till.public_key)
    made.run_house(lambda db: db.exec_driver_sql(old, values))
    monkeypatch.undo()
    upgrade(made)
    made.run_house(lambda db: create_tenant(db, TENANT, "小熊書店", at=1, secrets=bytes(64)))
    found = made.run(TENANT, lambda db: device_of(db, TENANT, till.key_id, 2))
    assert (found.kind, found.store_code, found.is_revoked) == ("till", "S01", False)
    seen = inspect(made.engine)
    for table in metadata.sorted_tables:
        columns = {column["name"]: column["nullable"] for column in seen.get_columns(table.name)}
        assert columns == {column.name: column.nullable for column in table.columns}, table.name
        indexes = {index["name"] for index in seen.get_indexes(table.name)}
        assert {str(index.name) for index in table.indexes} <= indexes
    made.close()


def test_another_kind_of_database_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        open_database("mysql://root@localhost/x")
    assert refused.value.code == "server_database_url"


def test_the_embedded_file_opens_with_its_key_alone(tmp_path: Path) -> None:
    path, key = tmp_path / "server.db", bytes(range(32))
    made = open_database(str(path), key=key)
    upgrade(made)
    made.close()
    assert not path.read_bytes().startswith(b"SQLite format 3")
    again = open_database(f"sqlite:///{path}", key=key)
    assert rows(again, "SELECT COUNT(*) FROM fact") == [(0,)]
    again.close()
