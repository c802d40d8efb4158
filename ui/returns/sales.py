"""Past sales as rows of a list: time, number, what it was, amount, and what became of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from PySide6.QtWidgets import QWidget

from app.domain.money import format_money
from app.domain.transaction import RetailTransaction
from app.i18n import t
from app.service.till import Till
from ui.widgets.record_table import Column, RecordTable


def sale_table(parent: QWidget) -> RecordTable:
    """A table for :func:`sale_record`."""
    return RecordTable(
        (
            Column("returns.column.time", 130),
            Column("returns.column.number", 150),
            Column("returns.column.goods", is_wide=True),
            Column("returns.column.amount", 120, is_number=True),
        ),
        parent,
    )


def sale_record(sale: RetailTransaction, till: Till) -> tuple[str, ...]:
    """The row of one sale; the first goods stand for the rest."""
    names = [line.name for line in sale.lines]
    more = len(names) - 1
    goods = names[0] if more < 1 else t("returns.goods_more", name=names[0], count=len(names))
    if till.store.journal.void_of(sale.header.id) is not None:
        goods = t("returns.state_voided") + " " + goods
    return (local_time(sale), sale.header.receipt_number, goods, format_money(sale.total))


def local_time(sale: RetailTransaction, form: str = "%m/%d %H:%M") -> str:
    """When it was, on the shop's clock of that day."""
    zone = timezone(timedelta(minutes=sale.header.utc_offset_minutes))
    return datetime.fromtimestamp(sale.header.occurred_at / 1000, UTC).astimezone(zone).strftime(form)
