"""Opening the till: the shop of this data folder, or the demo shop when none is set up yet."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

READY_FILE_VARIABLE = "REGULARS_READY_FILE"
READY_AT_VARIABLE = "REGULARS_READY_AT"
HANDS_OVER_WITHIN_SECONDS = 0.0005
"""A thread that computes lets a sale go first within this time: after each statement it would else wait ten times as long."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing to choose: the data folder is an option of every command."""


def run(arguments: argparse.Namespace) -> int:
    data: Path | None = arguments.data
    return open_till(data)


def open_till(data_dir: Path | None) -> int:
    """Work until the window is closed; returns the exit code."""
    # Nothing that is loaded now is ever given back; the window turns the collector on again when it stands.
    gc.disable()
    sys.setswitchinterval(HANDS_OVER_WITHIN_SECONDS)
    from ui.application import begin

    begin()
    from app import log
    from app.bootstrap import Opener
    from app.config import create_folders, load
    from ui.main import run as run_till

    config = load(data_dir)
    create_folders(config)
    log.install(config.logs_dir)
    return run_till(config, Opener(config), on_ready=_ready_signal(), on_screenshot=_tell)


def _ready_signal() -> Callable[[str], None] | None:
    """The start-up benchmark names a file and a moment; the file is written when the till has come so far, and the till ends."""
    path = os.environ.get(READY_FILE_VARIABLE)
    if path is None:
        return None
    wanted = os.environ.get(READY_AT_VARIABLE, "ready")

    def ready(moment: str) -> None:
        if moment == wanted:
            Path(path).write_text(moment, "utf-8")
            os._exit(0)

    return ready


def _tell(path: Path) -> None:
    from app.i18n import t

    print(t("data.screenshot", None, file=path))
