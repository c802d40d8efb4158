"""``restore FILE``: bring a backup back. The till begins a new life before its first sale; what was there is kept beside it.

Where the key of the data folder is lost, a new one is made; where the restore then fails, that key is forgotten again.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.commands import passphrase
from app.commands.backup import end_progress, show_progress
from app.config import Config, create_folders, load
from app.credentials import (
    KeySource,
    Secrets,
    create_key,
    forget_key,
    keyring_works,
    load_key,
    set_aside_key,
)
from app.domain.errors import Refused, Unavailable
from app.i18n import set_language, t

LOST = ("key_missing", "key_lost", "key_unreadable")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the backup")
    passphrase.add_argument(parser, "the passphrase of the backup, if it has one")
    parser.add_argument(
        "--yes", action="store_true", help="do not ask before the present books are set aside"
    )


def run(arguments: argparse.Namespace) -> int:
    from app.bootstrap import SystemClock
    from app.domain.ids import Uuid7Source
    from db.backup import restore

    config = load(arguments.data)
    set_language(config.language)
    if config.database.exists() and not arguments.yes:
        raise Refused("restore_needs_yes")
    words = passphrase.read(arguments, is_new=False)
    create_folders(config)
    clock = SystemClock()
    try:
        with _key(config) as secrets:
            replaced = restore(
                arguments.file,
                config.database,
                secrets.database_key,
                clock,
                Uuid7Source(clock.now_ms),
                passphrase=words,
                progress=show_progress,
            )
    finally:
        end_progress()
    print(t("data.restored", None))
    if replaced is not None:
        print(t("data.replaced_kept", None, file=replaced))
    if secrets.source is KeySource.FILE:
        print(t("data.key_in_file", None))
    return 0


@contextmanager
def _key(config: Config) -> Iterator[Secrets]:
    """The till's key, or a new one where it is lost: nothing that is here opens then, but a backup with a passphrase does."""
    from app.bootstrap import ask_passphrase

    try:
        known = load_key(config.data_dir, ask_passphrase)
    except Unavailable as missing:
        if missing.code not in LOST:
            raise
    else:
        yield known
        return
    source = KeySource.KEYRING if keyring_works() else KeySource.FILE
    earlier = set_aside_key(config.data_dir)
    made = create_key(config.data_dir, source)
    try:
        yield made
    except BaseException:
        forget_key(config.data_dir, earlier)
        raise
