"""A paired till for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.sync.office import OfficeRig, close_office, open_office


@pytest.fixture
def office(qtbot: QtBot, tmp_path: Path) -> Iterator[OfficeRig]:
    """Paired, and everything is sent."""
    opened = open_office(qtbot, tmp_path)
    yield opened
    close_office(opened)
