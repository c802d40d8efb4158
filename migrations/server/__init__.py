"""Revisions of the central server's database."""
