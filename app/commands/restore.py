"""``restore FILE``: bring a backup back. The till begins a new life before its first sale; what was there is kept beside it."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.config import create_folders, load
from app.credentials import KeySource, create_key, has_key, keyring_works, load_key
from app.domain.errors import Refused
from app.i18n import set_language, t


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the backup")
    parser.add_argument("--passphrase", default="", help="the passphrase of the backup, if it has one")
    parser.add_argument(
        "--yes", action="store_true", help="do not ask before the present books are set aside"
    )


def run(arguments: argparse.Namespace) -> int:
    from app.bootstrap import SystemClock, ask_passphrase
    from app.domain.ids import Uuid7Source
    from db.backup import restore

    config = load(arguments.data)
    set_language(config.language)
    if config.database.exists() and not arguments.yes:
        raise Refused("restore_needs_yes")
    create_folders(config)
    if has_key(config.data_dir):
        secrets = load_key(config.data_dir, ask_passphrase)
    else:
        source = KeySource.KEYRING if keyring_works() else KeySource.FILE
        secrets = create_key(config.data_dir, source)
    clock = SystemClock()
    replaced = restore(
        arguments.file,
        config.database,
        secrets.database_key,
        clock,
        Uuid7Source(clock.now_ms),
        passphrase=arguments.passphrase,
    )
    print(t("data.restored", None))
    if replaced is not None:
        print(t("data.replaced_kept", None, file=replaced))
    if secrets.source is KeySource.FILE:
        print(t("data.key_in_file", None))
    return 0
