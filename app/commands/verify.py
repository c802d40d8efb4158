"""``verify``: prove the books. Exit code 1 and a list when anything is off."""

from __future__ import annotations

import argparse
import json
import sys

from app.bootstrap import open_store_for_reading
from app.config import load
from app.i18n import set_language, t


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--full", action="store_true", help="every page, every link, every row")
    parser.add_argument("--demo", action="store_true", help="the demo shop of this data folder")
    parser.add_argument("--json", action="store_true", help="print the object on the last line")


def run(arguments: argparse.Namespace) -> int:
    from db.verify import verify

    config = load(arguments.data)
    set_language(config.language)
    store = open_store_for_reading(config, is_demo=arguments.demo)
    try:
        found = verify(store.engines, is_full=arguments.full, progress=_progress)
        facts = store.mark.seq
    finally:
        store.close()
    for finding in found:
        print(t(f"verify.{finding.check}", None, place=finding.place, detail=finding.detail))
    print(t("verify.good" if not found else "verify.bad", None, facts=facts, count=len(found)))
    if arguments.json:
        plain = {
            "ok": not found,
            "facts": facts,
            "findings": [{"check": one.check, "place": one.place, "detail": one.detail} for one in found],
        }
        print(json.dumps(plain, ensure_ascii=False))
    return 1 if found else 0


def _progress(step: str, done: int, total: int) -> None:
    """One line that writes over itself, where somebody is watching."""
    if sys.stderr.isatty():
        share = f" {100 * done // total} %" if total > 1 else ""
        print(f"\r{t(f'verify.step_{step}', None)}{share}    ", end="", file=sys.stderr, flush=True)
