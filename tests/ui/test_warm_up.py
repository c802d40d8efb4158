"""What the till gets ready after its first picture."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication

from tests.ui.till_fixture import TillRig, rig
from ui.warm_up import MODULES, WarmUp, settle_memory

__all__ = ["rig"]


@pytest.fixture
def collector() -> Iterator[None]:
    """Whatever a test does to the collector is undone."""
    threshold = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*threshold)
    gc.enable()


def test_the_catalogue_comes_first_and_nothing_is_left_to_load(rig: TillRig, collector: None) -> None:
    told: list[str] = []
    warm_up = WarmUp(rig.till, rig.tasks)
    warm_up.catalogue_ready.connect(lambda: told.append("catalogue"))
    warm_up.finished.connect(lambda: told.append("finished"))
    warm_up.start()
    while "finished" not in told:
        QCoreApplication.processEvents()
    assert told == ["catalogue", "finished"]
    assert all(module in sys.modules for module in MODULES)


def test_memory_is_settled_with_the_collector_on(collector: None) -> None:
    gc.disable()
    settle_memory()
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0
