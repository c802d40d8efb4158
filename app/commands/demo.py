"""``demo --out DIR``: the whole work of a shop in the real window with real keys; exit 0 only when every step was checked.

Leaves in DIR: ``screens/`` (a picture of every screen), ``receipts/`` (every paper as a picture), ``receipt.escpos`` (the bytes that a
printer gets), ``data/`` (the books, on which ``verify --full`` passes) and ``demo.json`` (every step with the facts that were checked).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.bootstrap import Opener, SystemClock, demo_config
from app.config import Config, create_folders, load
from app.domain.errors import Unavailable
from app.domain.ids import Uuid7Source
from app.i18n import LANGUAGES, set_language

if TYPE_CHECKING:
    from app.commands.demo_sync import DemoServer

PRINT_WAIT_SECONDS_MAX = 60.0
WINDOW = (1280, 800)
PASSPHRASE = "熟客示範店的備份"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="an empty or new folder")
    parser.add_argument(
        "--size", default=WINDOW, type=_size, metavar="WxH", help="the screen's size (default: 1280x800)"
    )
    parser.add_argument("--look", default="light", choices=("light", "dark"))
    parser.add_argument("--lang", default="zh-TW", choices=[name.replace("_", "-") for name in LANGUAGES])


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    return int(width), int(height)


def run(arguments: argparse.Namespace) -> int:
    out: Path = arguments.out
    out.mkdir(parents=True, exist_ok=True)
    if any(out.iterdir()):
        raise Unavailable("demo_folder_not_empty", can_retry=False, path=str(out))
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen" if not os.environ.get("DISPLAY") else "xcb")
    language = arguments.lang.replace("-", "_")
    set_language(language)
    config = replace(load(out / "data"), language=language)
    create_folders(config)
    started = time.monotonic()
    record: dict[str, Any] = {"language": language, "ok": False, "steps": []}
    from app.commands.demo_sync import demo_server
    from ui.tour.guide import Lost

    try:
        with demo_server(out) as server:
            _work(config, out, record, server, size=arguments.size, look=arguments.look)
        record["ok"] = True
    except Lost as lost:
        record["failed"] = str(lost)
        print(f"  ✗ {lost}", file=sys.stderr)
    finally:
        record["seconds"] = round(time.monotonic() - started, 1)
        (out / "demo.json").write_text(json.dumps(record, ensure_ascii=False, indent=1), "utf-8")
    summary = {"ok": record["ok"], "steps": len(record["steps"]), "out": str(out)}
    print(json.dumps(summary, ensure_ascii=False))
    return 0 if record["ok"] else 1


def _work(
    config: Config,
    out: Path,
    record: dict[str, Any],
    server: DemoServer,
    *,
    size: tuple[int, int],
    look: str,
) -> None:
    from ui.theme import Mode
    from ui.tour.member_life import BEFORE_ERASING
    from ui.tour.office import Office
    from ui.tour.story import tell

    steps: list[Any] = record["steps"]

    def done(name: str, facts: dict[str, Any]) -> None:
        steps.append({"step": name, "ok": True, "facts": facts})
        print(f"  ✓ {name}", file=sys.stderr, flush=True)

    _say("making the demo shop")
    opener = Opener(config)
    new_shop = Opener(replace(config, data_dir=out / "data-new-shop"))
    till = opener.open_demo(lambda number, total, _: None)
    try:
        read_paper = partial(_read_paper, till, demo_config(config).prints_dir)
        told = tell(
            opener,
            new_shop,
            till,
            out / "screens",
            size=size,
            mode=Mode(look),
            read_paper=read_paper,
            server=Office(server.url, server.new_code),
        )
        for step in told:
            steps.append(step)
            print(f"  ✓ {step['step']}", file=sys.stderr, flush=True)
            if step["step"] == BEFORE_ERASING:
                done(
                    "before they are forgotten the books are full of them", _traces_there(demo_config(config))
                )
        _wait_for_the_papers(till)
    finally:
        till.close()
    books = demo_config(config)
    done("papers", _papers(books, out))
    done("the books are proved", _verify(books))
    done("a backup is restored into another folder", _restore(books, out))
    from app.commands.demo_sync import send_to_a_server

    done("everything is sent to a server, and both sides say the same", send_to_a_server(books, server))
    done(
        "the member who was forgotten is found nowhere, backups and server included", _traces_gone(books, out)
    )


def _say(text: str) -> None:
    print(f"  … {text}", file=sys.stderr, flush=True)


def _wait_for_the_papers(till: Any) -> None:
    deadline = time.monotonic() + PRINT_WAIT_SECONDS_MAX
    while till.store.desk.print_jobs(("queued", "sending"), 1):
        if time.monotonic() > deadline:
            raise Unavailable("demo_papers_late")
        till.spool.wake()
        time.sleep(0.05)


def _read_paper(till: Any, prints: Path, transaction_id: Any) -> tuple[str, ...]:
    """What an outside decoder reads on the paper that came out for this transaction."""
    _wait_for_the_papers(till)
    number = till.store.journal.get(transaction_id).header.receipt_number
    for picture in sorted(prints.glob("*-receipt.png"), reverse=True):
        codes = _codes_on(picture)
        if any(number in code for code in codes):
            return codes
    raise Unavailable("demo_code_unread", file=number)


def _codes_on(picture: Path) -> tuple[str, ...]:
    import zxingcpp
    from PIL import Image

    with Image.open(picture) as image:
        return tuple(found.text for found in zxingcpp.read_barcodes(image.convert("L")))


def _papers(books: Config, out: Path) -> dict[str, Any]:
    """Every paper as a picture; an outside decoder reads the code of each receipt."""
    folder = out / "receipts"
    folder.mkdir()
    read = coupons = 0
    for picture in sorted(books.prints_dir.glob("*.png")):
        shutil.copy(picture, folder / picture.name)
        if not picture.stem.endswith("-receipt"):
            continue
        codes = _codes_on(picture)
        if sum(code.startswith("R1:") for code in codes) != 1:
            raise Unavailable("demo_code_unread", file=picture.name)
        read, coupons = read + 1, coupons + len(codes) - 1
    newest = max(books.prints_dir.glob("*-receipt.escpos"))
    shutil.copy(newest, out / "receipt.escpos")
    return {
        "papers": len(list(folder.iterdir())),
        "codes read back": read,
        "coupons read back": coupons,
        "escpos bytes": (out / "receipt.escpos").stat().st_size,
    }


def _verify(books: Config) -> dict[str, Any]:
    from app.credentials import load_key
    from db.store import open_store
    from db.verify import verify

    clock = SystemClock()
    key = load_key(books.data_dir).database_key
    store = open_store(books.database, key, clock, Uuid7Source(clock.now_ms), is_till=False)
    try:
        found = verify(store.engines, is_full=True)
        facts = store.mark.seq
    finally:
        store.close()
    if found:
        raise Unavailable("demo_books_off", detail=f"{found[0].check} {found[0].place}")
    return {"facts": facts, "findings": 0}


def _traces_there(books: Config) -> dict[str, Any]:
    """The search finds a member while there is one: so it would find what is left of them."""
    from app.credentials import load_key
    from app.demo.traces import needles_of, search
    from ui.tour.member_life import PERSON

    key = load_key(books.data_dir).database_key
    found = search([books.data_dir], [key], needles_of(PERSON.name, PERSON.phone))
    if not found.found:
        raise Unavailable("demo_books_off", detail="the search finds nobody")
    return {"files": found.files, "places": len(found.found)}


def _traces_gone(books: Config, out: Path) -> dict[str, Any]:
    from app.credentials import load_key
    from app.demo.traces import needles_of, search
    from db.backup import back_up
    from ui.tour.member_life import PERSON

    key = load_key(books.data_dir).database_key
    back_up(books.database, key, books.backups_dir / "afterwards.regulars")
    keys = [
        load_key(folder).database_key
        for folder in (books.data_dir, out / "data-restored", out / "server" / "server")
    ]
    folders = [out / "data", out / "data-restored", out / "server", out / "backup.regulars", out / "receipts"]
    found = search(folders, keys, needles_of(PERSON.name, PERSON.phone))
    if found.found:
        raise Unavailable("demo_books_off", detail="; ".join(found.found[:4]))
    return {"files": found.files, "databases": found.databases, "bytes": found.bytes_read, "found": 0}


def _restore(books: Config, out: Path) -> dict[str, Any]:
    from app.credentials import KeySource, create_key, load_key
    from db.backup import back_up, restore
    from db.store import open_store
    from db.verify import verify

    clock = SystemClock()
    ids = Uuid7Source(clock.now_ms)
    backup = out / "backup.regulars"
    size = back_up(books.database, load_key(books.data_dir).database_key, backup, passphrase=PASSPHRASE)
    folder = out / "data-restored"
    key = create_key(folder, KeySource.DEMO).database_key
    restore(backup, folder / "till.db", key, clock, ids, passphrase=PASSPHRASE)
    store = open_store(folder / "till.db", key, clock, ids)
    try:
        found = verify(store.engines, is_full=True)
        letter = store.mark.letter
    finally:
        store.close()
    if found or letter == "A":
        raise Unavailable("demo_books_off", detail=f"restored: {len(found)} findings, series {letter}")
    return {"bytes": size, "findings": 0, "new series of numbers": letter}
