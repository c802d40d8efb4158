"""The sales on hold, newest first, to bring one back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtWidgets import QWidget

from app.domain.money import Currency, Money, format_money
from app.i18n import t
from app.service.ports import Clock, HeldSale
from ui.sale.list_sheet import ListSheet
from ui.widgets.result_list import ResultRow


class HeldSheet(ListSheet):
    """Finishes with the basket's id."""

    def __init__(self, window: QWidget, held: Sequence[HeldSale], currency: Currency, clock: Clock) -> None:
        rows = [
            ResultRow(
                title=each.label or t("sale.held.walk_in"),
                value=each.id,
                detail=t("sale.held.row", lines=each.line_count),
                trailing=format_money(Money(each.total_minor, currency)),
                trailing_detail=f"{local_time(each.held_at, clock):%m/%d %H:%M}",
            )
            for each in sorted(held, key=lambda one: one.held_at, reverse=True)
        ]
        super().__init__(window, "sale.held.title", rows, take_key="sale.held.take")


def local_time(at: int, clock: Clock) -> datetime:
    """An instant as the shop's wall clock showed it."""
    return datetime.fromtimestamp(at / 1000, clock.local().tzinfo)
