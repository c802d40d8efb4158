"""Writes the frozen schema of the version under work, from the tables in ``db/schema``.

    python -m migrations.till.freeze

Run it after changing the schema. A version that was released is never frozen again: a change to it is a new version with a revision.
"""

from __future__ import annotations

from db.migrate import MIGRATIONS, SCHEMA_VERSION, freeze, revision_of
from db.schema import schema_statements


def main() -> None:
    folder = MIGRATIONS / "frozen"
    folder.mkdir(exist_ok=True)
    (folder / f"{revision_of(SCHEMA_VERSION)}.sql").write_text(freeze(schema_statements()), encoding="utf-8")


if __name__ == "__main__":
    main()
