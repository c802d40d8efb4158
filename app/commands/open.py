"""Opening the till: the shop of this data folder, or the demo shop when none is set up yet."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing to choose: the data folder is an option of every command."""


def run(arguments: argparse.Namespace) -> int:
    from app.config import load
    from ui.main import run as run_till

    return run_till(load(arguments.data))
