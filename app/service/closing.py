"""Closing a shift, step by step: held sales, the count, the difference, what stays in the drawer, the Z report.

Nothing is written before ``complete()``. Who counts blind learns what was expected only after the count is finished, and a count that
is taken up again after that is kept in the audit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.domain.errors import Refused
from app.domain.money import Money
from app.domain.receipt import ReceiptDocument
from app.domain.settlement import Settlement
from app.domain.shift import Shift
from app.domain.transaction import ShiftTotals
from app.service.control import check_cash
from app.service.ports import AuditEvent, Clock, HeldSale, Store
from app.service.session import Session
from app.service.shift_report import ShiftReport, sees_expected_cash, settle_shift

PIECES_MAX: Final = 99_999
REASON_CHARACTERS_MAX: Final = 200


class CloseStep(StrEnum):
    """In their order. ``HELD`` and ``DIFFERENCE`` are passed over when there is nothing to show."""

    HELD = "held"
    COUNT = "count"
    DIFFERENCE = "difference"
    FLOAT = "float"
    READY = "ready"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class ShiftClosed:
    report: ShiftReport
    document: ReceiptDocument


class CloseFlow:
    """One closing. A screen shows ``step`` and calls what belongs to it; calling out of turn is a bug of the screen."""

    def __init__(
        self,
        store: Store,
        session: Session,
        clock: Clock,
        shift: Shift,
        close: Callable[[CloseFlow], ShiftClosed],
    ) -> None:
        self._store = store
        self._session = session
        self._clock = clock
        self._close = close
        self.shift = shift
        self.currency = shift.opening_float.currency
        self.held: tuple[HeldSale, ...] = store.desk.held_sales()
        self.is_blind = not sees_expected_cash(session)
        self.settlement: Settlement = settle_shift(store, shift)
        self.reason = ""
        self.kept: Money | None = None
        self._pieces: dict[int, int] = {}
        self._total: Money | None = None
        self._has_acknowledged_held = not self.held
        self._is_counted = False
        self._is_done = False

    @property
    def step(self) -> CloseStep:
        """What has to be done now."""
        if self._is_done:
            return CloseStep.DONE
        if not self._has_acknowledged_held:
            return CloseStep.HELD
        if not self._is_counted:
            return CloseStep.COUNT
        if self.difference and not self.reason:
            return CloseStep.DIFFERENCE
        return CloseStep.FLOAT if self.kept is None else CloseStep.READY

    # --- held sales ------------------------------------------------------------------------------------------------

    def acknowledge_held(self) -> None:
        """The operator has seen the sales that stay suspended over night."""
        self._has_acknowledged_held = True

    # --- the count -------------------------------------------------------------------------------------------------

    @property
    def denominations(self) -> tuple[int, ...]:
        return self.currency.denominations

    @property
    def counts(self) -> tuple[tuple[int, int], ...]:
        """(denomination, pieces), largest first, without the empty ones."""
        return tuple((worth, self._pieces[worth]) for worth in self.denominations if self._pieces.get(worth))

    @property
    def counted(self) -> Money:
        if self._total is not None:
            return self._total
        return Money(sum(worth * pieces for worth, pieces in self._pieces.items()), self.currency)

    @property
    def expected(self) -> Money | None:
        """What should lie in the drawer; None while a blind count is under way."""
        if self.is_blind and not self._is_counted:
            return None
        return self.settlement.expected_cash

    @property
    def difference(self) -> Money | None:
        """Over (positive) or short, once it may be known."""
        expected = self.expected
        return None if expected is None else self.counted - expected

    def count(self, denomination: int, pieces: int) -> None:
        """This many of one note or coin. Raises Refused("pieces_out_of_range")."""
        assert self.step is CloseStep.COUNT
        assert denomination in self.denominations
        if not 0 <= pieces <= PIECES_MAX:
            raise Refused("pieces_out_of_range", pieces_max=PIECES_MAX)
        self._total = None
        self._pieces[denomination] = pieces

    def count_total(self, amount: Money) -> None:
        """The whole drawer as one amount, for a shop that does not count by note and coin."""
        assert self.step is CloseStep.COUNT
        check_cash(amount)
        self._pieces.clear()
        self._total = amount

    def finish_count(self) -> None:
        """The count stands. From here on the difference shows."""
        assert self.step is CloseStep.COUNT
        self.settlement = settle_shift(self._store, self.shift)
        self._is_counted = True

    def recount(self) -> None:
        """Count again. After a blind count the first one has been seen against the books, so it is kept in the audit."""
        assert self._is_counted
        assert not self._is_done
        difference = self.difference
        assert difference is not None
        if self.is_blind and difference:
            details = {"counted": self.counted.minor, "difference": difference.minor}
            event = AuditEvent("recount", self._session.operator_id, self._clock.now_ms(), details)
            with self._store.begin() as work:
                work.audit(event)
                work.commit()
        self._is_counted = False
        self.reason = ""
        self.kept = None

    def explain(self, reason: str) -> None:
        """Why the drawer is over or short. Raises Refused("reason_needed")."""
        assert self._is_counted
        if not reason.strip():
            raise Refused("reason_needed")
        self.reason = reason.strip()[:REASON_CHARACTERS_MAX]

    # --- the float -------------------------------------------------------------------------------------------------

    @property
    def suggested_float(self) -> Money:
        """As much as the shift began with, or all there is."""
        return min(self.shift.opening_float, self.counted)

    @property
    def to_bank(self) -> Money:
        """What leaves the drawer."""
        return self.counted - (self.kept if self.kept is not None else self.suggested_float)

    def keep(self, amount: Money) -> None:
        """This much stays for tomorrow. Raises Refused: "float_exceeds_count", "amount_negative" …"""
        assert self.step in (CloseStep.FLOAT, CloseStep.READY)
        check_cash(amount)
        if amount > self.counted:
            raise Refused("float_exceeds_count")
        self.kept = amount

    # --- the end ---------------------------------------------------------------------------------------------------

    def totals(self, z_number: int) -> ShiftTotals:
        """What the closing found, for its transaction."""
        assert self.step is CloseStep.READY
        return ShiftTotals(
            z_number=z_number,
            opening_float=self.shift.opening_float,
            expected=self.settlement.expected_cash,
            counted=self.counted,
            counts=self.counts,
            reason=self.reason,
            kept=self.kept,
        )

    def complete(self) -> ShiftClosed:
        """Close the shift and queue its Z report.

        Raises Refused("shift_changed") when something was rung since the count: it has to be counted again. Raises Unavailable with
        nothing written.
        """
        assert self.step is CloseStep.READY
        if settle_shift(self._store, self.shift) != self.settlement:
            self._is_counted = False
            raise Refused("shift_changed")
        closed = self._close(self)
        self._is_done = True
        return closed
