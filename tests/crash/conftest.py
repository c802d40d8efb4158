"""The disks that fill up and fail, as the tests of the store make them."""

from __future__ import annotations

from tests.db.test_disk import journalled_disk, light_ballast, small_disk

__all__ = ["journalled_disk", "light_ballast", "small_disk"]
