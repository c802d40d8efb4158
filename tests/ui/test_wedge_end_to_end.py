"""A scan and a typing hand through a real display server: Xvfb holds the screen, xdotool is the keyboard."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="Xvfb is for Linux"),
    pytest.mark.skipif(
        not (shutil.which("Xvfb") and shutil.which("xdotool")),
        reason="needs Xvfb and xdotool (apt-get install xvfb xdotool)",
    ),
]


@pytest.fixture
def display() -> Iterator[str]:
    """The name of a display of our own."""
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", "800x600x24", "-nolisten", "tcp"],
        pass_fds=[writer],
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    with os.fdopen(reader) as numbers:
        name = numbers.readline().strip()
    yield f":{name}"
    server.terminate()
    server.wait()


@pytest.fixture
def till(display: str) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.ui.keyboard_till"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield process
    process.terminate()
    process.communicate()


def heard(till: subprocess.Popen[str]) -> str:
    assert till.stdout is not None
    line = till.stdout.readline().strip()
    if not line and till.poll() is not None and till.stderr is not None:
        pytest.skip("Qt cannot open a window here: " + till.stderr.read().strip()[-200:])
    return line


def test_a_real_keyboard_types_and_a_real_scanner_scans(till: subprocess.Popen[str], display: str) -> None:
    assert heard(till).startswith("ready")

    def keyboard(*arguments: str) -> None:
        subprocess.run(["xdotool", *arguments], env={**os.environ, "DISPLAY": display}, check=True)

    # Without a window manager a window gets the keyboard by being clicked.
    keyboard("mousemove", "200", "60", "click", "1")
    keyboard("type", "--delay", "90", "0912345678")
    keyboard("key", "Return")
    assert heard(till) == "entered 0912345678"
    # No pause at all between the keys, and the Enter right behind them.
    keyboard("key", "--delay", "4", *"4710088412348", "Return")
    assert heard(till) == "scanned 4710088412348"
    # The line is as empty as before the scan. The pause is a person's: an Enter right after an Enter is an echo.
    keyboard("type", "--delay", "250", "12")
    keyboard("key", "Return")
    assert heard(till) == "entered 12"
