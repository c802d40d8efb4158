"""``report x`` and ``report z``: the totals of the open shift, and the paper of a closing. ``report daily`` and the analyses lie beside.

Whoever can type this has not shown a PIN, so the X report says nothing about the drawer: the count stays blind.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

from app.bootstrap import SystemClock, open_store_for_reading
from app.config import load
from app.domain.authority import Operator, Role
from app.domain.errors import Refused
from app.domain.ids import OperatorId
from app.domain.receipt import ReceiptDocument
from app.domain.settlement import Settlement
from app.domain.shift import Shift
from app.domain.transaction import ControlTransaction
from app.i18n import set_language
from app.service.control import utc_offset_minutes
from app.service.session import Session
from app.service.shift_report import read_report, settle_shift
from app.service.shop import load_shop
from app.service.slips import SlipBuilder
from db.store import SqliteStore

INSIGHTS = (
    "rfm",
    "moves",
    "lifecycle",
    "rhythm",
    "churn",
    "value",
    "cohort",
    "repurchase",
    "second_visits",
    "concentration",
    "peaks",
    "pairs",
    "forecast",
    "abc",
    "staff",
    "next",
)
KINDS = ("x", "z", "daily", *INSIGHTS)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", choices=("x", "z", "daily", *INSIGHTS), metavar="KIND", help=", ".join(KINDS))
    parser.add_argument("--number", type=int, help="z: which report (default: the last one)")
    parser.add_argument(
        "--format", choices=("text", "json", "pdf", "xlsx"), default="text", help="not of x and z"
    )
    parser.add_argument("--date", help="daily: the business date (default: the newest)")
    parser.add_argument("--from", dest="since", metavar="DATE", help="the first business date of a range")
    parser.add_argument("--to", dest="until", metavar="DATE", help="the last business date of a range")
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="where to write it (a PDF or a workbook needs this)"
    )
    parser.add_argument("--demo", action="store_true", help="of the demo shop of this data folder")
    parser.add_argument("--json", action="store_true", help="print the object on the last line")


def run(arguments: argparse.Namespace) -> int:
    if arguments.kind == "daily":
        from app.commands import report_daily

        return report_daily.run(arguments)
    if arguments.kind in INSIGHTS:
        from app.commands import report_insight

        return report_insight.run(arguments)
    return _shift(arguments)


def _shift(arguments: argparse.Namespace) -> int:
    from devices.render.text import render_text

    config = load(arguments.data)
    set_language(config.language)
    store = open_store_for_reading(config, is_demo=arguments.demo)
    try:
        shift, document = _x(store) if arguments.kind == "x" else _z(store, arguments.number)
        settlement = settle_shift(store, shift)
    finally:
        store.close()
    print(render_text(document))
    if arguments.json:
        print(json.dumps(_plain(shift, settlement), ensure_ascii=False))
    return 0


def _x(store: SqliteStore) -> tuple[Shift, ReceiptDocument]:
    shift = store.desk.current_shift()
    if shift is None:
        raise Refused("no_open_shift")
    operator = replace(_operator(store, shift.opened_by), role=Role.CASHIER)
    clock = SystemClock()
    return shift, _paper(store, shift, operator, clock.now_ms(), utc_offset_minutes(clock))


def _z(store: SqliteStore, number: int | None) -> tuple[Shift, ReceiptDocument]:
    """The paper as it was printed; made anew from the books where none was kept."""
    shift = store.desk.closed_shift(number)
    if shift is None:
        raise Refused("z_report_missing")
    closing = next(
        one
        for one in store.journal.of_shift(shift.id)
        if isinstance(one, ControlTransaction) and one.totals is not None
    )
    header = closing.header
    document = store.journal.document_of(header.id)
    if document is None:
        operator = _operator(store, header.operator_id)
        document = _paper(store, shift, operator, header.occurred_at, header.utc_offset_minutes, closing)
    return shift, document


def _paper(
    store: SqliteStore,
    shift: Shift,
    operator: Operator,
    made_at: int,
    offset: int,
    closing: ControlTransaction | None = None,
) -> ReceiptDocument:
    session = Session(load_shop(store.desk.settings()), operator=operator, shift=shift)
    stamp = store.journal.stamp_of(closing.header.id) if closing else None
    report = read_report(
        store,
        session,
        shift,
        settle_shift(store, shift),
        made_at=made_at,
        utc_offset_minutes=offset,
        closing=closing,
        head=stamp.hash if stamp else b"",
    )
    return SlipBuilder(session, store).report(report)


def _operator(store: SqliteStore, operator_id: OperatorId) -> Operator:
    return next(one for one in store.people.operators() if one.id == operator_id)


def _plain(shift: Shift, settlement: Settlement) -> dict[str, object]:
    return {
        "business_date": shift.business_date.isoformat(),
        "z_number": shift.z_number,
        "currency": settlement.currency.code,
        "net": settlement.net_minor,
        "tickets": settlement.tickets.count,
        "returns": settlement.returns.minor,
        "voids": settlement.voids.minor,
        "tenders": {kind.value: one.net_minor for kind, one in settlement.tenders.items()},
        "taxes": {f"{tax_class.value}": one.tax_minor for (tax_class, _), one in settlement.taxes.items()},
        "new_members": settlement.new_members,
        "member_tickets": settlement.member_tickets.count,
        "points_issued": settlement.points_issued,
        "points_used": settlement.points_used,
    }
