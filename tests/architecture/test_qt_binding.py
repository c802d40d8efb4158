"""The Qt binding this project is pinned to must not corrupt Python's own constants."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject


def test_qt_binding_keeps_none_alive() -> None:
    """PySide6 6.12.0 on Python 3.10 and 3.11 drops a reference to None per call, until the process aborts.

    From Python 3.12 None is immortal and its count never moves.
    """
    subject = QObject()
    before = sys.getrefcount(None)
    for _ in range(500):
        subject.setObjectName("x")
    assert sys.getrefcount(None) - before > -100
