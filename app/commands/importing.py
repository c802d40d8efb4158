"""``import products|members FILE``: a dry run first, an error per bad row, all or nothing unless told otherwise."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from app.bootstrap import SystemClock, ask_passphrase, books_config
from app.config import load
from app.credentials import load_key
from app.domain.ids import Uuid7Source
from app.i18n import set_language, t
from app.service.importing import ImportKind, ImportPlan, ImportResult, apply, plan_import

NOTES_SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=[kind.value for kind in ImportKind])
    parser.add_argument("file", type=Path)
    parser.add_argument("--demo", action="store_true", help="into the demo shop of this data folder")
    parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
    parser.add_argument(
        "--skip-bad-rows", action="store_true", help="take the good rows of a file with bad ones"
    )
    parser.add_argument("--encoding", help="read a CSV in this encoding instead of finding it out")
    parser.add_argument("--json", action="store_true", help="print the object on the last line")


def run(arguments: argparse.Namespace) -> int:
    """Exit code 1 when rows were refused and nothing was taken."""
    from db.store import open_store

    config = load(arguments.data)
    set_language(config.language)
    config = books_config(config, is_demo=arguments.demo)
    clock = SystemClock()
    ids = Uuid7Source(clock.now_ms)
    store = open_store(
        config.database, load_key(config.data_dir, ask_passphrase).database_key, clock, ids, is_till=False
    )
    try:
        plan = plan_import(
            ImportKind(arguments.what),
            arguments.file,
            store,
            clock=clock,
            ids=ids,
            encoding=arguments.encoding,
            progress=_progress,
        )
        _show(plan)
        is_refused = bool(plan.refused_rows) and not arguments.skip_bad_rows
        result = None
        if not arguments.dry_run and not is_refused:
            result = apply(
                plan,
                store,
                clock=clock,
                operator_id=None,
                skip_bad_rows=arguments.skip_bad_rows,
                progress=_progress,
            )
    finally:
        store.close()
    if result is not None:
        print(t("data.import_done", None, added=result.added, changed=result.changed, skipped=result.skipped))
    elif is_refused:
        print(t("data.import_refused", None, rows=plan.refused_rows))
    if arguments.json:
        print(json.dumps(_plain(plan, result), ensure_ascii=False))
    return 1 if is_refused else 0


def _show(plan: ImportPlan) -> None:
    for note in (*plan.errors[:NOTES_SHOWN], *plan.warnings[:NOTES_SHOWN]):
        print(t("data.import_row", None, row=note.row, column=note.column_title(), problem=note.sentence()))
    hidden = max(0, len(plan.errors) - NOTES_SHOWN)
    if hidden:
        print(t("data.import_more", None, count=hidden))
    print(
        t(
            "data.import_plan",
            None,
            file=plan.file_name,
            form=plan.form,
            rows=plan.rows,
            added=len(plan.additions),
            changed=len(plan.changes),
            unchanged=plan.unchanged,
            refused=plan.refused_rows,
        )
    )


def _plain(plan: ImportPlan, result: ImportResult | None) -> dict[str, object]:
    return {
        "rows": plan.rows,
        "additions": len(plan.additions),
        "changes": len(plan.changes),
        "unchanged": plan.unchanged,
        "refused": plan.refused_rows,
        "applied": result is not None,
        "errors": [{"row": note.row, "problem": note.sentence()} for note in plan.errors],
    }


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty() and total:
        print(f"\r{100 * done // total} %   ", end="", file=sys.stderr, flush=True)
