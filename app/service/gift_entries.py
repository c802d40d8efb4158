"""Gifts of the reward catalogue in the ledger: points go when a gift is taken, and come back with it, with their old end."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.ledger import EntryKind, LedgerEntry
from app.domain.points_book import PointsBook
from app.domain.returns import Origin
from app.domain.transaction import RetailTransaction, TransactionKind


def spend_on_gifts(book: PointsBook, transaction: RetailTransaction) -> None:
    """What the ticket says was taken. Raises Refused("points_not_enough")."""
    if transaction.member_id is None or transaction.header.kind is TransactionKind.POST_VOID:
        return
    for gift in transaction.moves.gifts:
        if gift.points > 0:
            book.take(EntryKind.GIFT, transaction.member_id, gift.points, source=gift.code, note=gift.name)


def give_back_gifts(book: PointsBook, transaction: RetailTransaction, origins: Iterable[Origin]) -> None:
    """A void gives back every gift of its sale; a return those that it names."""
    named = {gift.code: -gift.points for gift in transaction.moves.gifts if gift.points < 0}
    is_void = transaction.header.kind is TransactionKind.POST_VOID
    for origin in origins:
        member_id = origin.original.member_id
        if member_id is None:
            continue
        for code, entries in _taken(origin).items():
            before = _given_back(origin, code)
            room = -sum(entry.member_points for entry in entries) - before
            points = room if is_void else min(room, named.get(code, 0))
            if points > 0:
                named[code] = named.get(code, 0) - points
                book.give_back(member_id, points, entries, before, source=code)


def _taken(origin: Origin) -> dict[str, list[LedgerEntry]]:
    taken: dict[str, list[LedgerEntry]] = {}
    for entry in origin.entries:
        if entry.kind is EntryKind.GIFT:
            taken.setdefault(entry.source, []).append(entry)
    return taken


def _given_back(origin: Origin, code: str) -> int:
    """Points of this gift that came back with earlier returns."""
    return -sum(
        gift.points
        for ticket in origin.earlier
        for gift in ticket.moves.gifts
        if gift.code == code and gift.points < 0
    )
