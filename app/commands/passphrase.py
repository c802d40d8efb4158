"""How a backup's passphrase reaches a command: asked for at the terminal, or from the environment; never kept and never shown."""

from __future__ import annotations

import argparse
import getpass
import os
import sys

from app.domain.errors import Refused, Unavailable
from app.i18n import t

VARIABLE = "REGULARS_BACKUP_PASSPHRASE"
_ASK = object()


def add_argument(parser: argparse.ArgumentParser, summary: str) -> None:
    """``--passphrase`` alone asks; a value on the command line would stand in the shell's history, so it is the last resort."""
    parser.add_argument(
        "--passphrase",
        nargs="?",
        const=_ASK,
        default="",
        metavar="WORDS",
        help=f"{summary}; without WORDS it is asked for, or taken from ${VARIABLE}",
    )


def read(arguments: argparse.Namespace, *, is_new: bool) -> str:
    """The passphrase, or nothing when none is wanted. A new one is typed twice. Raises Refused("passphrases_differ")."""
    if arguments.passphrase is not _ASK:
        return str(arguments.passphrase)
    from_environment = os.environ.get(VARIABLE, "")
    if from_environment:
        return from_environment
    if not sys.stdin or not sys.stdin.isatty():
        raise Unavailable("passphrase_needed")
    typed = getpass.getpass(t("data.backup_passphrase"))
    if is_new and getpass.getpass(t("data.backup_passphrase_again")) != typed:
        raise Refused("passphrases_differ")
    return typed
