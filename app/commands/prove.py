"""``prove``: selling processes are killed at random and reopened, and the books say what is left. Exit code 1 when a promise broke."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

KILLS_MAX = 100_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--kills", type=_kills, default=300, help="how many processes are killed")
    parser.add_argument("--seed", type=int, default=1, help="decides when each is killed and what it sells")
    parser.add_argument("--json", action="store_true", help="print the object on the last line")


def run(arguments: argparse.Namespace) -> int:
    from tests.crash.kill_loop import run as kill_loop

    with tempfile.TemporaryDirectory(prefix="regulars-prove-", dir=_parent(arguments)) as folder:
        result = kill_loop(arguments.kills, arguments.seed, Path(folder) / "till", _progress)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    _print(result)
    if arguments.json:
        print(json.dumps(result, ensure_ascii=False))
    return 0 if result["met"] else 1


def _kills(text: str) -> int:
    kills = int(text)
    if not 0 < kills <= KILLS_MAX:
        raise argparse.ArgumentTypeError(f"1 to {KILLS_MAX}")
    return kills


def _parent(arguments: argparse.Namespace) -> Path | None:
    """On the disk that is to be proved, when a data folder is named; the shop that is sold to death is always a new one."""
    if arguments.data is None:
        return None
    folder = Path(arguments.data)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done} / {total}", end="", file=sys.stderr, flush=True)


def _print(result: dict[str, Any]) -> None:
    for name, value in result.items():
        if name not in ("name", "details"):
            print(f"  {name:<22} {value}")
    for detail in result["details"]:
        print(f"  ! {detail}")
