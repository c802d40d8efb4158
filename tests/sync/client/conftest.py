"""The server's databases and its shell, for the till's side too."""

from __future__ import annotations

from tests.sync.server.conftest import database, new_database, up

__all__ = ["database", "new_database", "up"]
