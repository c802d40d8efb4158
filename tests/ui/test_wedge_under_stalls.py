"""A slice of ``bench wedge``: scans by xdotool into a real window that stalls, with a fast typist at the same time.

The whole of it, a thousand scans: ``python3 -m app bench wedge --scans 1000 --json``.
"""

from __future__ import annotations

import shutil
import sys

import pytest

from app.domain.errors import Refused
from tests.bench.wedge import measure

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="Xvfb is for Linux"),
    pytest.mark.skipif(
        not (shutil.which("Xvfb") and shutil.which("xdotool")),
        reason="needs Xvfb and xdotool (apt-get install xvfb xdotool)",
    ),
]


def test_every_scan_arrives_once_and_nothing_of_it_where_a_person_types() -> None:
    try:
        figures = measure(30, typing_share=0.12)
    except Refused as refused:
        pytest.skip(str(refused))
    assert figures["right"] == 30
    assert figures["typed"] > 0
    assert {name: figures[name] for name in ("lost", "invented", "leaked", "typed_wrong")} == {
        "lost": 0,
        "invented": 0,
        "leaked": 0,
        "typed_wrong": 0,
    }
