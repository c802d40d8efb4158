"""``python3 -m migrations.server.freeze``: write down the schema as the code has it, for the revision that is being made.

A revision that has shipped is never frozen again.
"""

from __future__ import annotations

from sync.server.migrate import DIALECTS, MIGRATIONS, SCHEMA_VERSION, present_schema


def main() -> None:
    for dialect in DIALECTS:
        path = MIGRATIONS / "frozen" / f"{SCHEMA_VERSION:04d}.{dialect}.sql"
        path.write_text(present_schema(dialect), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
