"""Whether Qt can open windows here and, if not, which system libraries to install with which command.

The trial decides; the list of libraries only names what a failed trial lacks.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from typing import Final

from app.setup.environment import Environment
from app.setup.progress import say

# Debian's names; every other distribution is told the file names.
LIBRARIES: Final = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
}
X_LIBRARIES: Final = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libX11-xcb.so.1": "libx11-xcb1",
}

_TRIAL_SECONDS_MAX: Final = 60
_TRIAL: Final = """
import importlib.util
if importlib.util.find_spec("PySide6"):
    from PySide6.QtWidgets import QApplication
    QApplication([])
"""


def check(environment: Environment, platform: str) -> bool:
    """Try to start Qt once; say what to install when it cannot. A success is remembered until the next set-up."""
    reason = _trial(environment, platform)
    if reason is None:
        environment.prove(platform)
        return True
    missing = missing_libraries(os.environ if platform != "offscreen" else {})
    if missing:
        say("setup.libraries_missing", libraries=" ".join(missing))
        command = apt_command([package for package in missing.values() if package])
        say("setup.libraries_install", command=command) if command else say("setup.libraries_find")
    else:
        say("setup.screen_failed", reason=reason)
    return False


def missing_libraries(
    environment: Mapping[str, str], *, load: Callable[[str], object] = ctypes.CDLL
) -> dict[str, str]:
    """Library file -> Debian package, of those Qt needs and this system lacks; X's only where there is a DISPLAY."""
    wanted = {**LIBRARIES, **(X_LIBRARIES if environment.get("DISPLAY") else {})}
    return {library: package for library, package in wanted.items() if not _loads(library, load)}


def apt_command(packages: list[str]) -> str | None:
    """The one line that installs them, or None where there is no apt-get."""
    if shutil.which("apt-get") is None:
        return None
    sudo = "" if os.geteuid() == 0 else "sudo "
    return f"{sudo}apt-get install -y {' '.join(packages)}"


def _loads(library: str, load: Callable[[str], object]) -> bool:
    try:
        load(library)
    except OSError:
        return False
    return True


def _trial(environment: Environment, platform: str) -> str | None:
    """None when Qt started, else the last thing it said."""
    variables = {**os.environ, **({"QT_QPA_PLATFORM": platform} if platform == "offscreen" else {})}
    try:
        trial = subprocess.run(
            [environment.python, "-I", "-c", _TRIAL], env=variables, capture_output=True, text=True,
            errors="replace", timeout=_TRIAL_SECONDS_MAX, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return "timeout"
    if trial.returncode == 0:
        return None
    said = [line for line in trial.stderr.splitlines() if line.strip()]
    return said[-1].strip() if said else f"exit {trial.returncode}"
