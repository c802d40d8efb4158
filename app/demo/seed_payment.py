"""How a customer of the demo shop pays: exact cash or a round note, a card, a voucher and the rest in cash, now and then with points."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from random import Random
from typing import Final

from app.demo.rhythm import Tender as Habit
from app.domain.ledger import Lot, spendable
from app.domain.money import Money
from app.domain.points import PointsRule, burn_amount, burn_limit
from app.domain.tender import Tender, TenderKind
from app.domain.tendering import balance_due, cash_suggestions, with_tender

BURN_CHANCE: Final = 0.15
BURN_POINTS_MIN: Final = 10
VOUCHER_STEP_MINOR: Final = 50


class Payment:
    """Settles totals by the till's own rules, the same way for the same seed."""

    def __init__(self, rule: PointsRule, random: Random) -> None:
        self._rule = rule
        self._random = random

    def tenders(self, total: Money, habit: Habit, lots: Sequence[Lot], day: date) -> tuple[Tender, ...]:
        """What is handed over; nothing for a total that asks for nothing. ``lots`` are the member's, none for a passer-by."""
        tenders: tuple[Tender, ...] = ()
        if total.minor > 0 and lots and self._random.random() < BURN_CHANCE:
            tenders = self._points(total, lots, day)
        if total.minor > 0 and habit == "voucher":
            tenders = self._voucher(total, tenders)
        due = balance_due(total, tenders)
        if due.minor <= 0:
            return tenders
        if habit == "card":
            reference = f"{self._random.randrange(1_000_000):06d}"
            return with_tender(total, tenders, TenderKind.CARD, due, reference=reference)
        handed_over = self._random.choice(cash_suggestions(due))
        return with_tender(total, tenders, TenderKind.CASH, Money(handed_over, due.currency))

    def _points(self, total: Money, lots: Sequence[Lot], day: date) -> tuple[Tender, ...]:
        available = spendable(lots, day)
        points = burn_limit(self._rule, total, available)
        if points < BURN_POINTS_MIN:
            return ()
        amount = burn_amount(self._rule, points, total, available)
        return with_tender(total, (), TenderKind.POINTS, amount, points=points)

    def _voucher(self, total: Money, tenders: tuple[Tender, ...]) -> tuple[Tender, ...]:
        worth = balance_due(total, tenders).minor // VOUCHER_STEP_MINOR * VOUCHER_STEP_MINOR
        if worth == 0:
            return tenders
        reference = f"V{self._random.randrange(10**8):08d}"
        return with_tender(
            total, tenders, TenderKind.VOUCHER, Money(worth, total.currency), reference=reference
        )
