"""``verify``: prove the books. Exit code 0 when every promise holds, 1 with a list when anything is off or the file does not open."""

from __future__ import annotations

import argparse
import json
import sys

from app.bootstrap import open_store_for_reading
from app.config import Config, load
from app.domain.errors import TillError
from app.i18n import set_language, t


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--full", action="store_true", help="every page, every link, every row")
    parser.add_argument("--demo", action="store_true", help="the demo shop of this data folder")
    parser.add_argument("--json", action="store_true", help="print the object on the last line")


def run(arguments: argparse.Namespace) -> int:
    config = load(arguments.data)
    set_language(config.language)
    try:
        plain = _verify(config, is_demo=arguments.demo, is_full=arguments.full)
    except TillError as error:
        if arguments.json:
            print(json.dumps({"ok": False, "error": error.code}))
        raise
    if arguments.json:
        print(json.dumps(plain, ensure_ascii=False))
    return 0 if plain["ok"] else 1


def _verify(config: Config, *, is_demo: bool, is_full: bool) -> dict[str, object]:
    from db.verify import verify

    store = open_store_for_reading(config, is_demo=is_demo)
    try:
        found = verify(store.engines, is_full=is_full, progress=_progress)
        facts = store.mark.seq
    finally:
        store.close()
        _end_progress()
    for finding in found:
        print(t(f"verify.{finding.check}", None, place=finding.place, detail=finding.detail))
    print(t("verify.good" if not found else "verify.bad", None, facts=facts, count=len(found)))
    return {
        "ok": not found,
        "facts": facts,
        "findings": [{"check": one.check, "place": one.place, "detail": one.detail} for one in found],
    }


def _progress(step: str, done: int, total: int) -> None:
    """One line that writes over itself, where somebody is watching."""
    if sys.stderr.isatty():
        share = f" {100 * done // total} %" if total > 1 else ""
        print(f"\r{t(f'verify.step_{step}', None)}{share}\033[K", end="", file=sys.stderr, flush=True)


def _end_progress() -> None:
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr, flush=True)
