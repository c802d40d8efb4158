"""Who works at the till: signing on and off, a second person's approval, and the operators' PINs and badges.

A wrong PIN is counted on disk before it is checked, so that neither a restart nor a pulled plug forgives it. The same work is done for
a staff number that nobody has.
"""

from __future__ import annotations

import threading
from dataclasses import replace

from app.domain.authority import Approval, Operator, Right, Role, is_within
from app.domain.errors import Refused
from app.domain.ids import OperatorId
from app.domain.pin import LOCK_SECONDS_MAX, check_new_pin, is_pin, lock_seconds
from app.service.pin_hash import PinCost, PinHasher
from app.service.ports import AuditEvent, Clock, IdSource, OperatorSecret, Store
from app.service.session import Session

REASON_CHARACTERS_MAX = 200
NUMBER_CHARACTERS_MAX = 8
NAME_CHARACTERS_MAX = 40


class Authority:
    """Proves people and lets them approve. Checking a PIN takes a tenth of a second: the screens call it on the store's worker."""

    def __init__(
        self,
        store: Store,
        session: Session,
        clock: Clock,
        ids: IdSource,
        *,
        pepper: bytes,
        cost: PinCost = PinCost(),  # noqa: B008 (an immutable value)
    ) -> None:
        self._store = store
        self._session = session
        self._clock = clock
        self._ids = ids
        self._hasher = PinHasher(pepper, cost)
        # One attempt at a time: two at once would be counted as one.
        self._attempt = threading.Lock()

    # --- signing on and off ----------------------------------------------------------------------------------------

    def sign_on(self, number: str, pin: str) -> Operator:
        """The person with this staff number and PIN works here from now on; the basket stays as it is.

        Raises Refused: "sign_on_failed", "operator_locked" with the seconds to wait.
        """
        return self._begin_work(self._prove(number, pin, "sign_on_failed"), "pin")

    def sign_on_badge(self, badge: str) -> Operator:
        """The person whose badge was scanned. Raises Refused("badge_unknown")."""
        return self._begin_work(self._prove_badge(badge), "badge")

    def sign_off(self) -> None:
        self._end_work("sign_off")

    def lock(self) -> None:
        """Nobody works here until somebody signs on; what is in the basket waits."""
        self._end_work("lock")

    # --- approval --------------------------------------------------------------------------------------------------

    def require(self, right: Right, amount: int, approval: Approval | None = None) -> None:
        """Pass when the operator's role or a second person's grant covers it. Raises ApprovalNeeded."""
        self._session.permit(right, amount, approval)

    def approve(self, right: Right, amount: int, number: str, pin: str, reason: str) -> Approval:
        """A second person grants this once. Their wrong PINs count against them as at sign-on.

        Raises Refused: "reason_needed", "approval_same_person", "approval_not_allowed", "sign_on_failed", "operator_locked".
        """
        reason = self._reason(reason)
        if self._session.require_operator().number == number.strip():
            raise Refused("approval_same_person")
        return self._grant(right, amount, self._prove(number, pin, "approval_failed"), reason)

    def approve_badge(self, right: Right, amount: int, badge: str, reason: str) -> Approval:
        """The same by badge."""
        return self._grant(right, amount, self._prove_badge(badge), self._reason(reason))

    # --- people ----------------------------------------------------------------------------------------------------

    def new_operator(self, number: str, name: str, role: Role) -> Operator:
        """Somebody who is not stored yet."""
        return Operator(OperatorId(self._ids()), number.strip(), name.strip(), role)

    def add_operator(self, operator: Operator, pin: str, badge: str = "") -> None:
        """A new person. Needs the right to settings, except while the shop is being set up.

        Raises Refused: "pin_format", "pin_too_simple", "operator_number_invalid", "operator_number_taken", "operator_name_needed",
        "role_too_high", "badge_taken".
        """
        self._refuse_changing(operator)
        check_new_pin(pin, operator.number)
        self._save(operator, "operator_added", pin, badge)

    def change_operator(
        self, operator: Operator, *, pin: str | None = None, badge: str | None = None
    ) -> None:
        """Another name, number, role, PIN or badge (an empty one takes it away), or no longer active. A new PIN lifts the lock-out.

        Raises Refused as ``add_operator`` does, and "last_owner".
        """
        self._refuse_changing(operator)
        if pin is not None:
            check_new_pin(pin, operator.number)
        self._refuse_losing_the_owner(operator)
        self._save(operator, "operator_changed", pin, badge)

    def change_own_pin(self, old: str, new: str) -> None:
        """Raises Refused: "sign_on_failed", "operator_locked", "pin_format", "pin_too_simple"."""
        operator = self._session.require_operator()
        check_new_pin(new, operator.number)
        self._prove(operator.number, old, "sign_on_failed")
        with self._store.begin() as work:
            work.save_operator(operator, pin_hash=self._hasher.hash(new))
            work.audit(self._event("pin_changed", operator))
            work.commit()

    # --- proof -----------------------------------------------------------------------------------------------------

    def _prove(self, number: str, pin: str, failure: str) -> Operator:
        with self._attempt:
            secret = self._store.people.by_number(number.strip())
            if secret is None or not secret.operator.is_active or not secret.pin_hash:
                self._hasher.matches("", pin)
                self._record(AuditEvent(failure, None, self._clock.now_ms(), {}))
                raise Refused("sign_on_failed")
            self._refuse_locked(secret)
            failures = self._count(secret)
            if self._hasher.matches(secret.pin_hash if is_pin(pin) else "", pin):
                self._forgive(secret, pin)
                return secret.operator
            event = self._event(failure, secret.operator)
            self._record(replace(event, details={"failures": failures}))
            seconds = lock_seconds(failures)
            if seconds:
                raise Refused("operator_locked", seconds=seconds)
            raise Refused("sign_on_failed")

    def _prove_badge(self, badge: str) -> Operator:
        secret = self._store.people.by_badge(self._hasher.badge(badge.strip())) if badge.strip() else None
        if secret is None or not secret.operator.is_active:
            self._record(AuditEvent("badge_unknown", None, self._clock.now_ms(), {}))
            raise Refused("badge_unknown")
        return secret.operator

    def _refuse_locked(self, secret: OperatorSecret) -> None:
        now = self._clock.now_ms()
        left_ms = secret.locked_until - now
        if left_ms <= 0:
            return
        if left_ms > LOCK_SECONDS_MAX * 1000:
            # The clock went back: the wait begins again, and ends.
            left_ms = lock_seconds(secret.failures) * 1000
            with self._store.begin() as work:
                work.set_failures(secret.operator.id, secret.failures, now + left_ms)
                work.commit()
        raise Refused("operator_locked", seconds=-(-left_ms // 1000))

    def _count(self, secret: OperatorSecret) -> int:
        failures = secret.failures + 1
        locked_until = self._clock.now_ms() + lock_seconds(failures) * 1000 if lock_seconds(failures) else 0
        with self._store.begin() as work:
            work.set_failures(secret.operator.id, failures, locked_until)
            work.commit()
        return failures

    def _forgive(self, secret: OperatorSecret, pin: str) -> None:
        """The right PIN takes the failures away, and is hashed again when the cost has been raised since."""
        with self._store.begin() as work:
            work.set_failures(secret.operator.id, 0, 0)
            if self._hasher.needs_rehash(secret.pin_hash):
                work.save_operator(secret.operator, pin_hash=self._hasher.hash(pin))
            work.commit()

    # --- inside ----------------------------------------------------------------------------------------------------

    def _begin_work(self, operator: Operator, proof: str) -> Operator:
        before = self._session.operator
        events = [replace(self._event("sign_on", operator), details={"by": proof})]
        if before is not None and before.id != operator.id:
            events.insert(0, self._event("sign_off", before))
        self._record(*events)
        self._session.operator = operator
        return operator

    def _end_work(self, kind: str) -> None:
        operator = self._session.operator
        if operator is None:
            return
        self._record(self._event(kind, operator))
        self._session.operator = None

    def _grant(self, right: Right, amount: int, approver: Operator, reason: str) -> Approval:
        operator = self._session.require_operator()
        if approver.id == operator.id:
            raise Refused("approval_same_person")
        event = replace(
            self._event("approval_granted", operator),
            approved_by=approver.id,
            details={"right": right.value, "amount": amount, "reason": reason},
        )
        if not is_within(self._session.limits, approver.role, right, amount):
            self._record(replace(event, kind="approval_denied"))
            raise Refused("approval_not_allowed", name=approver.name)
        self._record(event)
        return Approval(right, amount, operator.id, approver.id, reason, event.occurred_at)

    def _refuse_changing(self, operator: Operator) -> None:
        number, name = operator.number, operator.name
        if not (number.isascii() and number.isalnum() and len(number) <= NUMBER_CHARACTERS_MAX):
            raise Refused("operator_number_invalid", characters_max=NUMBER_CHARACTERS_MAX)
        if not name.strip() or len(name) > NAME_CHARACTERS_MAX:
            raise Refused("operator_name_needed")
        present = self._store.people.by_number(number)
        if present is not None and present.operator.id != operator.id:
            raise Refused("operator_number_taken", number=number)
        if self._is_being_set_up():
            return
        self._session.permit(Right.SETTINGS, 1)
        own = self._session.require_operator().role
        known = {one.id: one.role for one in self._store.people.operators()}
        ranks = list(Role)
        if ranks.index(
            max(operator.role, known.get(operator.id, operator.role), key=ranks.index)
        ) > ranks.index(own):
            raise Refused("role_too_high")

    def _is_being_set_up(self) -> bool:
        """Before the first transaction somebody has to let the first people in."""
        return self._session.operator is None and not self._store.journal.newest(1)

    def _refuse_losing_the_owner(self, changed: Operator) -> None:
        others = (one for one in self._store.people.operators() if one.id != changed.id)
        if not any(_is_owner(one) for one in (changed, *others)):
            raise Refused("last_owner")

    def _save(self, operator: Operator, kind: str, pin: str | None, badge: str | None) -> None:
        badge_hash = None if badge is None else (self._hasher.badge(badge.strip()) if badge.strip() else "")
        if badge_hash:
            present = self._store.people.by_badge(badge_hash)
            if present is not None and present.operator.id != operator.id:
                raise Refused("badge_taken", name=present.operator.name)
        pin_hash = None if pin is None else self._hasher.hash(pin)
        changed_by = self._session.operator
        details = {
            "operator": operator.id.hex,
            "role": operator.role.value,
            "is_active": operator.is_active,
            "has_new_pin": pin is not None,
            "has_new_badge": bool(badge),
        }
        with self._store.begin() as work:
            work.save_operator(operator, pin_hash=pin_hash, badge_hash=badge_hash)
            if pin is not None:
                work.set_failures(operator.id, 0, 0)
            work.audit(replace(self._event(kind, changed_by), details=details))
            work.commit()
        if changed_by is not None and changed_by.id == operator.id:
            self._session.operator = operator

    def _reason(self, reason: str) -> str:
        if not reason.strip():
            raise Refused("reason_needed")
        return reason.strip()[:REASON_CHARACTERS_MAX]

    def _event(self, kind: str, operator: Operator | None) -> AuditEvent:
        return AuditEvent(kind, operator.id if operator else None, self._clock.now_ms(), {})

    def _record(self, *events: AuditEvent) -> None:
        with self._store.begin() as work:
            for event in events:
                work.audit(event)
            work.commit()


def _is_owner(operator: Operator) -> bool:
    return operator.is_active and operator.role is Role.OWNER
