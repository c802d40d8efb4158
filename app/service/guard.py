"""The guard over the points, as the owner uses it: findings of a range of business dates, each in a sentence, and what was dismissed.

Nobody but the owner may see it: not the customer, and not the staff it may be about. Dismissing is a decision, so it has a reason and
leaves an event in the books.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Protocol
from uuid import UUID

from app.domain.authority import Operator, Role
from app.domain.errors import Refused
from app.domain.ids import MemberId, OperatorId
from app.domain.member import mask_name
from app.domain.money import Money, format_money
from app.domain.phone import mask_phone, parse_phone
from app.i18n import t
from app.insight.guard import GuardRows, Severity, Signal, Thresholds, find_signals
from app.service.ports import AuditEvent, Clock, Store, UnitOfWork
from app.service.session import Session

REASON_CHARACTERS_MAX = 200
LOOK_BACK = timedelta(days=7)
STAFF_PHONES = "guard.staff_phones"
THRESHOLDS = "guard.thresholds"

# The kinds of event from which the guard learns what the transactions do not tell.
MEMBER_LATE = "member_late"  # details: basket, the hex id of the basket (= transaction) whose member came after the total
POINTS_BY_HAND = "points_adjusted"  # details: entry, the hex id of the ledger entry
LINK_LOST = "link_lost"
LINK_BACK = "link_back"


@dataclass(frozen=True, slots=True)
class Dismissal:
    """Somebody looked at a finding, and it stays away under this key."""

    signal_key: str
    dismissed_at: int
    operator_id: OperatorId | None
    reason: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One signal, said. ``title`` is the finding as a sentence, ``hint`` what to do about it."""

    signal: Signal
    title: str
    hint: str
    severity_text: str
    dismissal: Dismissal | None = None


class GuardSource(Protocol):
    """What the guard reads, and where dismissals are kept."""

    def rows(self, since: date, until: date, staff_phones: Mapping[OperatorId, str]) -> GuardRows:
        """Everything about these business dates, ``until`` included. Takes a while for a long range."""
        ...

    def dismissals(self) -> Mapping[str, Dismissal]: ...
    def dismiss(self, work: UnitOfWork, dismissal: Dismissal) -> None: ...
    def bring_back(self, work: UnitOfWork, signal_key: str) -> bool:
        """False when it was not dismissed."""
        ...


class GuardDesk:
    """Every method but ``refresh`` raises Refused("guard_owner_only") for anybody else. Reading takes long: call it on a worker."""

    def __init__(self, store: Store, source: GuardSource, session: Session, clock: Clock) -> None:
        self._store = store
        self._source = source
        self._session = session
        self._clock = clock

    def findings(
        self, since: date, until: date, *, with_dismissed: bool = False, language: str | None = None
    ) -> tuple[Finding, ...]:
        """What was noticed on these business dates, the gravest first."""
        self._require_owner()
        rows = self._source.rows(since, until, self.staff_phones())
        dismissals = self._source.dismissals()
        said = []
        names = {one.id: one.name for one in self._store.people.operators()}
        for signal in find_signals(rows, self.thresholds()):
            dismissal = dismissals.get(signal.key)
            if dismissal is None or with_dismissed:
                said.append(self._said(signal, names, dismissal, language))
        return tuple(said)

    def dismiss(self, signal: Signal, reason: str) -> None:
        """Looked at and explained: it stays away until it happens again. Raises Refused("guard_reason_needed")."""
        owner = self._require_owner()
        reason = reason.strip()[:REASON_CHARACTERS_MAX]
        if not reason:
            raise Refused("guard_reason_needed")
        now = self._clock.now_ms()
        details = {"signal": signal.key, "reason": reason, "count": signal.count}
        with self._store.begin() as work:
            self._source.dismiss(work, Dismissal(signal.key, now, owner.id, reason))
            work.audit(AuditEvent("guard_dismissed", owner.id, now, details))
            work.commit()

    def bring_back(self, signal: Signal) -> None:
        """Show it again."""
        owner = self._require_owner()
        with self._store.begin() as work:
            if self._source.bring_back(work, signal.key):
                now = self._clock.now_ms()
                work.audit(AuditEvent("guard_brought_back", owner.id, now, {"signal": signal.key}))
                work.commit()

    def refresh(self, on: date) -> int:
        """How many findings of the last days nobody has dismissed: a number only, for whoever tells the owner to look."""
        rows = self._source.rows(on - LOOK_BACK, on, self.staff_phones())
        dismissed = self._source.dismissals()
        return sum(1 for one in find_signals(rows, self.thresholds()) if one.key not in dismissed)

    # --- settings -----------------------------------------------------------------------------------------------------

    def staff_phones(self) -> dict[OperatorId, str]:
        """The numbers that are the staff's own."""
        kept = self._store.desk.setting(STAFF_PHONES)
        if not isinstance(kept, Mapping):
            return {}
        return {OperatorId(UUID(hex=str(key))): str(phone) for key, phone in kept.items()}

    def set_staff_phone(self, operator_id: OperatorId, text: str) -> None:
        """An empty text takes it away. Raises Refused("guard_phone_unreadable")."""
        owner = self._require_owner()
        phones = self.staff_phones()
        phones.pop(operator_id, None)
        if text.strip():
            phone = parse_phone(text, self._session.shop.region)
            if phone is None:
                raise Refused("guard_phone_unreadable", text=text.strip()[:30])
            phones[operator_id] = phone
        now = self._clock.now_ms()
        with self._store.begin() as work:
            work.put_setting(STAFF_PHONES, {one.hex: phone for one, phone in phones.items()})
            work.audit(AuditEvent("guard_staff_phone", owner.id, now, {"operator": operator_id.hex}))
            work.commit()

    def thresholds(self) -> Thresholds:
        """The owner's, where they set one; a damaged one is the default."""
        kept = self._store.desk.setting(THRESHOLDS)
        if not isinstance(kept, Mapping):
            return Thresholds()
        known = {one.name: kept[one.name] for one in fields(Thresholds) if type(kept.get(one.name)) is int}
        return Thresholds(**{name: value for name, value in known.items() if value > 0})

    def set_thresholds(self, thresholds: Thresholds) -> None:
        owner = self._require_owner()
        values = {one.name: getattr(thresholds, one.name) for one in fields(Thresholds)}
        with self._store.begin() as work:
            work.put_setting(THRESHOLDS, values)
            work.audit(AuditEvent("guard_thresholds", owner.id, self._clock.now_ms(), dict(values)))
            work.commit()

    # --- inside -------------------------------------------------------------------------------------------------------

    def _require_owner(self) -> Operator:
        operator = self._session.require_operator()
        if operator.role is not Role.OWNER:
            raise Refused("guard_owner_only")
        return operator

    def _said(
        self,
        signal: Signal,
        names: Mapping[OperatorId, str],
        dismissal: Dismissal | None,
        language: str | None,
    ) -> Finding:
        values: dict[str, object] = dict(signal.fields)
        values["member"] = self._member_name(signal.member_id, language)
        values["operator"] = self._operator_name(signal.operator_id, names, language)
        values["day"] = signal.last_on.isoformat()
        currency = self._session.shop.currency
        values["amount"] = format_money(Money(signal.fields.get("amount_minor", 0), currency))
        return Finding(
            signal=signal,
            title=t(f"guard.title.{signal.kind}", language, **values),
            hint=t(f"guard.hint.{signal.kind}", language),
            severity_text=severity_text(signal.severity, language),
            dismissal=dismissal,
        )

    def _member_name(self, member_id: MemberId | None, language: str | None) -> str:
        card = None if member_id is None else self._store.members.by_id(member_id)
        if card is None:
            return t("guard.no_member", language)
        name, phone = mask_name(card.member.name), mask_phone(card.member.phone)
        return f"{name} {phone}" if name else phone

    def _operator_name(
        self, operator_id: OperatorId | None, names: Mapping[OperatorId, str], language: str | None
    ) -> str:
        return (names.get(operator_id, "") if operator_id else "") or t("guard.nobody", language)


def severity_text(severity: Severity, language: str | None = None) -> str:
    return t(f"guard.severity.{severity.name.lower()}", language)
