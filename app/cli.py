"""The command line. Every command can be driven without a screen; each one lives in ``app/commands`` and is imported only when it runs."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.errors import Cancelled, TillError

if TYPE_CHECKING:
    import argparse


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
    Command("member", "member", "export or erase everything about one member"),
    Command("report", "report", "x, z: the totals of the shift"),
    Command("verify", "verify", "prove the books; exit 1 and a list if anything is off"),
    Command("backup", "backup", "make an online backup of this till"),
    Command("restore", "restore", "bring a backup back; the till starts a new incarnation"),
    Command(
        "serve", "serve", "the central server of a shop or chain (embedded SQLite, or PostgreSQL by URL)"
    ),
    Command("publish", "publish", "this till's goods, prices and promotions to the central server"),
    Command("pair", "pair", "pair this till with a central server, by a code from its office"),
    Command("sync", "sync", "one round with the central server; how it stands; carry out; unpair"),
    Command("devices", "devices", "what is connected and what it does: list, watch, print-test --to ADDRESS"),
    Command("bench", "bench", "measure us beside a stated reference, and print the ratio"),
    Command("prove", "prove", "kill selling processes at random and check what is left"),
    Command(
        "simulate",
        "simulate",
        "many tills, one server, every fault: universes from seeds, and their promises",
    ),
)


def main(argv: list[str]) -> int:
    """Run one command; the exit code is 0 when everything it promises held."""
    run = _opening(argv) or _chosen(argv)
    try:
        return run()
    except Cancelled:
        return 130
    except TillError as error:
        from app.i18n import t

        print(t(error.text_key, None, **error.fields), file=sys.stderr)
        return 1
    except OSError as error:
        from app import log
        from app.i18n import reason_of, t

        log.startup.info("the system refused", exc_info=error)
        path = error.filename or "—"
        print(t("data.os_refused", None, reason=reason_of(error), path=path), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        from app.i18n import t

        print("\n" + t("data.interrupted"), file=sys.stderr)
        return 130


def _opening(argv: list[str]) -> Callable[[], int] | None:
    """What a shop does every morning: no command, perhaps a data folder. Reading that needs no parser."""
    match argv:
        case []:
            folder = None
        case ["--data", name] if not name.startswith("-"):
            folder = Path(name)
        case _:
            return None
    open_till: Callable[[Path | None], int] = _module("open").open_till
    return lambda: open_till(folder)


def _chosen(argv: list[str]) -> Callable[[], int]:
    """The command that was named, with its arguments."""
    arguments = _parser(argv).parse_args(argv)
    run: Callable[[argparse.Namespace], int] = arguments.run
    return lambda: run(arguments)


def _parser(argv: list[str]) -> argparse.ArgumentParser:
    """Only the chosen command's module is imported: opening the till must not load the demo."""
    import argparse

    from app.commands.parser import Parser

    parser = Parser(prog="python3 -m app", description="Regulars 熟客: the till that knows your regulars.")
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
