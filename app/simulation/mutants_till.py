"""Mistakes of a till that writes its own books carelessly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from app.service.points_desk import PointsDesk
from app.simulation.mutant import Mutant
from app.simulation.plan import Deed
from db import store, unit_of_work
from db.unit_of_work import SqliteUnitOfWork


def _wall_clock_only(right: Callable[[int, int], int]) -> Callable[[int, int], int]:
    def tick(last_hlc: int, now_ms: int) -> int:
        return now_ms << 16

    return tick


def _no_new_life(right: Callable[..., Any]) -> Callable[..., Any]:
    def why_new(*arguments: Any) -> None:
        return None

    return why_new


def _recycled_number(right: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A ticket that takes another back frees its number (Odoo #287667)."""

    def next_receipt_number(work: Any) -> Any:
        head = work._load_head()
        last = work._cursor.execute("SELECT kind FROM fact WHERE seq = ?", (head.seq,)).fetchone()
        if last is not None and last[0] == "post_void":
            head.counter -= 1
        return right(work)

    return next_receipt_number


def _float_money(right: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def to_plain(transaction: Any) -> Any:
        plain = right(transaction)
        for line in plain.get("lines", ()):
            if "net" in line:
                line["net"] = line["net"] / 1
        return plain

    return to_plain


def _void_keeps_points(right: Callable[..., Any]) -> Callable[..., Any]:
    """What comes back leaves what was earned with it (Odoo #257854)."""

    def entries(desk: Any, work: Any, transaction: Any, *more: Any) -> Any:
        found = right(desk, work, transaction, *more)
        return () if transaction.header.kind.value == "post_void" else found

    return entries


TILL: Final = (
    Mutant("hlc_from_wall_clock", unit_of_work, "tick", _wall_clock_only, (Deed.CLOCK,)),
    Mutant("no_incarnation_on_restore", store, "why_new", _no_new_life, (Deed.RESTORE, Deed.IMAGE)),
    Mutant("number_recycled", SqliteUnitOfWork, "next_receipt_number", _recycled_number),
    Mutant("refund_keeps_points", PointsDesk, "entries", _void_keeps_points),
    Mutant("float_money", unit_of_work, "to_plain", _float_money),
)
