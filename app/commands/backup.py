"""``backup FILE``: a whole, checked copy of the till while it may be selling."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.config import load
from app.credentials import load_key
from app.i18n import set_language, t


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="where the backup goes")
    parser.add_argument(
        "--passphrase",
        default="",
        help="encrypt it under this passphrase, so that it opens on another machine",
    )


def run(arguments: argparse.Namespace) -> int:
    from app.bootstrap import ask_passphrase
    from db.backup import back_up

    config = load(arguments.data)
    set_language(config.language)
    secrets = load_key(config.data_dir, ask_passphrase)
    size = back_up(config.database, secrets.database_key, arguments.file, passphrase=arguments.passphrase)
    print(t("data.backup_made", None, file=arguments.file, megabytes=f"{size / 1e6:.1f}"))
    return 0
