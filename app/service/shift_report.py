"""What an X or Z report says, read from the till's own records alone. Nothing here waits for a network."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.authority import Operator, Right, is_within
from app.domain.ids import OperatorId
from app.domain.money import Money
from app.domain.settlement import Settlement, fold
from app.domain.shift import Shift
from app.domain.transaction import ControlTransaction, ShiftTotals
from app.service.ports import HeldSale, Store
from app.service.session import Session

TRAINING_ENDED = "training_ended"


@dataclass(frozen=True, slots=True)
class ShiftReport:
    """One shift in figures. ``closing`` is there on a Z report only.

    ``unsent`` counts the records the central server does not have yet, ``training`` the practice tickets rung during the shift.
    ``shows_expected`` is False for an operator who counts blind: the report then says nothing about the drawer.
    """

    shift: Shift
    settlement: Settlement
    made_at: int
    utc_offset_minutes: int
    operator: Operator
    people: tuple[Operator, ...]
    held: tuple[HeldSale, ...]
    unsent: int
    training: int
    shows_expected: bool
    closing: ControlTransaction | None = None
    head: bytes = b""

    @property
    def totals(self) -> ShiftTotals | None:
        return self.closing.totals if self.closing else None

    def money(self, minor: int) -> Money:
        return Money(minor, self.settlement.currency)

    def name_of(self, operator_id: OperatorId) -> str:
        return next((one.name for one in self.people if one.id == operator_id), "")


def settle_shift(store: Store, shift: Shift) -> Settlement:
    """The totals of everything that was done in this shift so far."""
    return fold(store.journal.of_shift(shift.id), shift.opening_float)


def sees_expected_cash(session: Session) -> bool:
    """Whether the operator may know what should lie in the drawer before they counted it."""
    role = session.require_operator().role
    return is_within(session.limits, role, Right.SEE_EXPECTED_CASH, 1)


def training_tickets(store: Store, shift: Shift, settlement: Settlement) -> int:
    """Practice tickets of this shift: those a practice till reported when it was left."""
    reported = (
        event.details.get("transactions", 0)
        for event in store.journal.audit_of_shift(shift.id)
        if event.kind == TRAINING_ENDED
    )
    return settlement.training + sum(count for count in reported if isinstance(count, int))


def read_report(
    store: Store,
    session: Session,
    shift: Shift,
    settlement: Settlement,
    *,
    made_at: int,
    utc_offset_minutes: int,
    closing: ControlTransaction | None = None,
    head: bytes = b"",
) -> ShiftReport:
    """The report of a shift whose totals are known. A closed shift hides nothing."""
    return ShiftReport(
        shift=shift,
        settlement=settlement,
        made_at=made_at,
        utc_offset_minutes=utc_offset_minutes,
        operator=session.require_operator(),
        people=store.people.operators(),
        held=store.desk.held_sales(),
        unsent=store.desk.unsent_count(),
        training=training_tickets(store, shift, settlement),
        shows_expected=closing is not None or sees_expected_cash(session),
        closing=closing,
        head=head,
    )
