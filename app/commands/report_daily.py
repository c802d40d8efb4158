"""``report daily``: the daily member summary as text, JSON, PDF or XLSX: the very figures that the screen shows.

``--date D`` is one business date, ``--from D --to D`` a range; without either it is the newest business date.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from uuid import UUID

from app.bootstrap import SystemClock, open_store_for_reading
from app.config import load
from app.domain.authority import Operator, Role
from app.domain.errors import Refused
from app.domain.ids import OperatorId
from app.i18n import set_language, t
from app.service.control import utc_offset_minutes
from app.service.rulebook import Rulebook
from app.service.session import Session
from app.service.shop import load_shop
from app.service.summary import SummaryDesk
from app.service.summary_values import Summary
from db.store import SqliteStore

FORMATS = ("text", "json", "pdf", "xlsx")
NOBODY = OperatorId(UUID(int=0))


def run(arguments: argparse.Namespace) -> int:
    config = load(arguments.data)
    set_language(config.language)
    store = open_store_for_reading(config, is_demo=arguments.demo)
    try:
        session = session_of(store)
        clock = SystemClock()
        desk = SummaryDesk(store, session, clock, store.days, Rulebook(store, session, clock))
        if desk.needs_time():
            desk.prepare(_progress)
        since, until = _dates(arguments, desk)
        summary = desk.summary(since, until)
        _put(_written(summary, arguments.format, store, session), arguments.format, arguments.out)
        if arguments.json and arguments.format != "json":
            print(_json(summary))
    finally:
        store.close()
    return 0


def session_of(store: SqliteStore) -> Session:
    """Whoever can open the file is its owner."""
    shift = store.desk.current_shift()
    return Session(load_shop(store.desk.settings()), Operator(NOBODY, "", "", Role.OWNER), shift)


def date_of(text: str) -> date:
    """Raises Refused("report_date")."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refused("report_date", text=text) from error


def _dates(arguments: argparse.Namespace, desk: SummaryDesk) -> tuple[date, date]:
    if arguments.date:
        day = date_of(arguments.date)
        return day, day
    if arguments.since:
        since = date_of(arguments.since)
        return since, date_of(arguments.until) if arguments.until else max(since, desk.today())
    if arguments.until:
        raise Refused("report_from_missing")
    return desk.today(), desk.today()


def _written(summary: Summary, wanted: str, store: SqliteStore, session: Session) -> bytes:
    language, shop = session.shop.language, session.shop
    clock = SystemClock()
    match wanted:
        case "json":
            return _json(summary).encode()
        case "pdf":
            from app.service.exports.summary_pdf import summary_pdf

            return summary_pdf(summary, shop.name, utc_offset_minutes(clock), language)
        case "xlsx":
            from app.service.exports.summary_xlsx import summary_workbook

            return summary_workbook(summary, language)
        case _:
            from app.service.summary_paper import SummaryPaper
            from devices.render.text import render_text

            return render_text(SummaryPaper(store, session, clock, _NoSpool()).document(summary)).encode()


class _NoSpool:
    """Nothing is printed from here."""

    def wake(self) -> None:
        pass


def _json(summary: Summary) -> str:
    from app.service.exports.summary_plain import summary_to_plain

    return json.dumps(summary_to_plain(summary), ensure_ascii=False)


def _put(data: bytes, wanted: str, out: Path | None) -> None:
    if out is not None:
        out.write_bytes(data)
        print(t("summary.saved", path=out))
    elif wanted in ("text", "json"):
        print(data.decode())
    else:
        raise Refused("report_out_missing", format=wanted.upper())


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty() and total:
        end = "\n" if done >= total else ""
        print(f"\r{t('summary.preparing')} {100 * done // total} %", end=end, file=sys.stderr, flush=True)
