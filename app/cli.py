"""The command line. Every command can be driven without a screen; each one lives in ``app/commands`` and is imported only when it runs."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.domain.errors import Cancelled, TillError


@dataclass(frozen=True, slots=True)
class Command:
    """``module`` is the file in app/commands that has ``add_arguments(parser)`` and ``run(arguments) -> int``."""

    name: str
    module: str
    summary: str


COMMANDS = (
    Command("open", "open", "open the till (what happens without a command)"),
    Command(
        "demo", "demo", "sell without a screen and prove each step; leaves pictures and demo.json in --out"
    ),
    Command("import", "importing", "take in products or members from CSV or XLSX"),
    Command("report", "report", "x, z: the totals of the shift"),
    Command("verify", "verify", "prove the books; exit 1 and a list if anything is off"),
    Command("backup", "backup", "make an online backup of this till"),
    Command("restore", "restore", "bring a backup back; the till starts a new incarnation"),
    Command("bench", "bench", "measure us beside a stated reference, and print the ratio"),
    Command("prove", "prove", "kill selling processes at random and check what is left"),
)


def main(argv: list[str]) -> int:
    """Run one command; the exit code is 0 when everything it promises held."""
    parser = _parser(argv)
    arguments = parser.parse_args(argv or ["open"])
    run: Callable[[argparse.Namespace], int] = arguments.run
    try:
        return run(arguments)
    except Cancelled:
        return 130
    except TillError as error:
        from app.i18n import t

        print(t(error.text_key, None, **error.fields), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser(argv: list[str]) -> argparse.ArgumentParser:
    """Only the chosen command's module is imported: opening the till must not load the demo."""
    parser = argparse.ArgumentParser(
        prog="python3 -m app", description="Regulars 熟客: the till that knows your regulars."
    )
    parser.add_argument("--data", type=Path, metavar="DIR", help="the data folder (default: the platform's)")
    parser.set_defaults(run=lambda arguments: _module("open").run(arguments), command="open")
    chosen = next((word for word in argv if any(word == command.name for command in COMMANDS)), None)
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND")
    for command in COMMANDS:
        sub = subparsers.add_parser(command.name, help=command.summary, description=command.summary)
        sub.add_argument(
            "--data", type=Path, metavar="DIR", default=argparse.SUPPRESS, help=argparse.SUPPRESS
        )
        if command.name == chosen:
            module = _module(command.module)
            module.add_arguments(sub)
            sub.set_defaults(run=module.run)
    return parser


def _module(name: str):  # type: ignore[no-untyped-def]
    return importlib.import_module(f"app.commands.{name}")
