"""``report rfm|churn|value|cohort|pairs|forecast|abc …``: an analysis as text, JSON or XLSX, with the figures that its page shows.

``--from D --to D`` sets the range; without it each analysis takes its own (the last year, or everything there is).
"""

from __future__ import annotations

import argparse
import json
from datetime import date, timedelta
from typing import Any, Final

from app.bootstrap import SystemClock, open_store_for_reading
from app.commands.report_daily import date_of, session_of
from app.config import load
from app.domain.errors import Refused
from app.i18n import set_language, t
from app.insight.values import Period
from app.service.exports.insight_out import to_plain, to_text, to_workbook
from app.service.insight_desk import Answer, InsightDesk, Kind
from app.service.insight_tables import table_of

MOVES_DAYS: Final = 91  # a quarter, as the page begins with


def run(arguments: argparse.Namespace) -> int:
    config = load(arguments.data)
    set_language(config.language)
    store = open_store_for_reading(config, is_demo=arguments.demo)
    try:
        session = session_of(store)
        desk = InsightDesk(store, session, SystemClock(), store.insight, store.days)
        table = table_of(desk, answer_of(desk, Kind(arguments.kind), _period(arguments)))
    finally:
        store.close()
    currency = session.shop.currency
    plain = json.dumps(to_plain(table, currency), ensure_ascii=False)
    match arguments.format:
        case "json":
            _put(plain.encode(), arguments)
        case "xlsx":
            if arguments.out is None:
                raise Refused("report_out_missing", format="XLSX")
            _put(to_workbook(table, currency), arguments)
        case "pdf":
            raise Refused("report_no_pdf")
        case _:
            _put(to_text(table, currency).encode(), arguments)
    if arguments.json and arguments.format != "json":
        print(plain)
    return 0


def answer_of(desk: InsightDesk, kind: Kind, period: Period | None) -> Answer[Any]:
    """The same answer that the screen's page gets."""
    if kind is Kind.MOVES:
        last = desk.year().last
        span = period or Period(last - timedelta(days=MOVES_DAYS - 1), last)
        return desk.moves(span.first - timedelta(days=1), span.last)
    answer: Answer[Any] = getattr(desk, kind.value)(period)
    return answer


def _period(arguments: argparse.Namespace) -> Period | None:
    if arguments.date:
        day = date_of(arguments.date)
        return Period(day, day)
    if not arguments.since and not arguments.until:
        return None
    if not arguments.since:
        raise Refused("report_from_missing")
    since = date_of(arguments.since)
    until = date_of(arguments.until) if arguments.until else max(since, _today())
    if until < since:
        raise Refused("summary_range", days=(until - since).days)
    return Period(since, until)


def _today() -> date:
    return SystemClock().local().date()


def _put(data: bytes, arguments: argparse.Namespace) -> None:
    if arguments.out is None:
        print(data.decode())
        return
    arguments.out.write_bytes(data)
    print(t("summary.saved", path=arguments.out))
