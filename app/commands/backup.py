"""``backup FILE``: a whole, checked copy of the till while it may be selling."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from app.commands import passphrase
from app.config import load
from app.credentials import load_key
from app.domain.errors import Unavailable
from app.i18n import set_language, t


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="where the backup goes")
    parser.add_argument("--demo", action="store_true", help="the demo shop of this data folder")
    passphrase.add_argument(
        parser, "encrypt it under a passphrase, so that it opens on another machine as well"
    )


def run(arguments: argparse.Namespace) -> int:
    from app.bootstrap import ask_passphrase, demo_config
    from db.backup import back_up

    config = load(arguments.data)
    set_language(config.language)
    # The demo shop only when it is meant: nobody may believe that their own books lie in that file.
    config = demo_config(config) if arguments.demo else config
    if not config.database.exists():
        raise Unavailable("database_missing", can_retry=False, path=str(config.database))
    secrets = load_key(config.data_dir, ask_passphrase)
    words = passphrase.read(arguments, is_new=True)
    try:
        size = back_up(
            config.database, secrets.database_key, arguments.file, passphrase=words, progress=show_progress
        )
    finally:
        end_progress()
    print(t("data.backup_made", None, file=arguments.file, megabytes=f"{size / 1e6:.1f}"))
    if not words:
        print(t("data.backup_own_key", None))
    return 0


def show_progress(step: str, done: int, total: int) -> None:
    """One line that writes over itself, where somebody is watching."""
    if sys.stderr.isatty():
        share = f" {100 * done // total} %" if total > 1 else ""
        print(f"\r{t(f'data.step_{step}', None)}{share}\033[K", end="", file=sys.stderr, flush=True)


def end_progress() -> None:
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr, flush=True)
