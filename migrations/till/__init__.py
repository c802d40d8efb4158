"""The till's schema through time: Alembic's revisions, and the whole schema of each version, frozen."""
