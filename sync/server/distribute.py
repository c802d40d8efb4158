"""How Citus spreads the tables over its nodes: by tenant, all of a tenant's rows on one node, and what is copied to every node.

The statements follow from the schema; the README shows them, and a test compares.
"""

from __future__ import annotations

from typing import Final

from sync.server.schema import REFERENCE_TABLES, metadata

BY: Final = "tenant_id"
FIRST: Final = "tenant"


def citus_statements() -> tuple[str, ...]:
    """To be run once, as the owner of the tables, after the first start has made them and before the first tenant."""
    tables = sorted(metadata.tables)
    others = [name for name in tables if name not in (*REFERENCE_TABLES, FIRST)]
    return (
        *(f"SELECT create_reference_table('{name}');" for name in REFERENCE_TABLES),
        f"SELECT create_distributed_table('{FIRST}', '{BY}');",
        *(
            f"SELECT create_distributed_table('{name}', '{BY}', colocate_with => '{FIRST}');"
            for name in others
        ),
    )
