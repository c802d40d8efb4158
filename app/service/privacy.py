"""One person's data, given to them or forgotten: the export of everything, and the erasure that survives backups.

Erasing keeps the books: sales and points stay under an id that names nobody, and whatever points were left lapse on that day, debts with
them. Stored value is money that the shop owes, so it is refunded before anybody is forgotten.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.domain.authority import Approval, Right
from app.domain.errors import Refused, Unavailable
from app.domain.ids import EntryId, MemberId
from app.domain.ledger import Account, EntryKind, LedgerEntry, Lot, Posting
from app.domain.money import Money, format_money
from app.service.ports import AuditEvent, Clock, IdSource, Store, UnitOfWork

if TYPE_CHECKING:
    from datetime import date

    from app.domain.member import Member
    from app.service.session import Session

REASONS: Final = ("asked", "shop_ends", "inactive", "mistake")
"""Why somebody is forgotten, as codes: no sentence about a person enters the chain."""
ERASED_SOURCE: Final = "erased"


@dataclass(frozen=True, slots=True)
class Erased:
    """``points`` lapsed; ``members`` were the files of this one person."""

    members: tuple[MemberId, ...]
    points: int


class PrivacyDesk:
    """``in_hand(member_id)`` says whether the till's basket is this member's; ``exports`` is where exports are put by default."""

    def __init__(
        self,
        store: Store,
        session: Session,
        clock: Clock,
        ids: IdSource,
        *,
        in_hand: Callable[[MemberId], bool] = lambda _: False,
    ) -> None:
        self._store = store
        self._rows = store.membership
        self._session = session
        self._clock = clock
        self._ids = ids
        self._in_hand = in_hand

    def export(self, member_id: MemberId, folder: Path, approval: Approval | None = None) -> Path:
        """Everything about one person as a ZIP (JSON, a readable text, CSV); returns the file. That it was made is an event.

        Raises Refused("member_gone"), Unavailable("export_target"), ApprovalNeeded.
        """
        from app.service.privacy_export import write_export

        self._session.permit(Right.SETTINGS, 1, approval)
        person = self._person(member_id)
        now = self._clock.local()
        target = folder / f"{export_stem(person.id)}-{now:%Y%m%d-%H%M%S}.zip"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            write_export(self._store, self._session.shop, person.id, target, now)
        except OSError as error:
            raise Unavailable("export_target", path=str(target)) from error
        with self._store.begin() as work:
            work.audit(self._event("member_exported", person.id))
            work.commit()
        return target

    def erase(
        self,
        member_id: MemberId,
        reason: str = "asked",
        approval: Approval | None = None,
        *,
        exports: Path | None = None,
    ) -> Erased:
        """Forget this person, merged files included. Takes as long as writing the file anew, and the till waits: not while somebody pays.

        Raises Refused: "member_gone", "erasure_value_left", "erasure_in_basket"; ApprovalNeeded.
        """
        self._session.permit(Right.SETTINGS, 1, approval)
        assert reason in REASONS
        person = self._person(member_id)
        self._refuse_owing(person.id)
        family = (person.id, *self._rows.merges.merged_into(person.id))
        if any(self._in_hand(one) for one in family):
            raise Refused("erasure_in_basket")
        now, today = self._clock.now_ms(), self._today()
        operator_id = None if self._session.operator is None else self._session.operator.id
        with self._store.begin() as work:
            points = self._lapse(work, person.id, now, today)
            for one in family:
                self._rows.erasures.erase(work, one, at=now, operator_id=operator_id, reason=reason)
            work.commit()
        self._rows.erasures.sweep()
        if exports is not None:
            remove_exports(exports, family)
        return Erased(family, points)

    def _lapse(self, work: UnitOfWork, member_id: MemberId, now: int, today: date) -> int:
        """Points that are left end today; what the member still owed is written off."""
        lots = [lot for lot in work.lots(member_id) if lot.remaining]
        kinds = ((EntryKind.EXPIRY, Account.EXPIRED, 1), (EntryKind.ADJUSTMENT, Account.ADJUSTED, -1))
        for kind, account, sign in kinds:
            some = [lot for lot in lots if lot.remaining * sign > 0]
            if some:
                work.post(self._ending(member_id, some, kind, account, now, today))
        return sum(lot.remaining for lot in lots if lot.remaining > 0)

    def _ending(
        self, member_id: MemberId, lots: list[Lot], kind: EntryKind, account: Account, now: int, today: date
    ) -> LedgerEntry:
        postings = [Posting(Account.MEMBER, -lot.remaining, lot.id, lot.owner) for lot in lots]
        total = sum(lot.remaining for lot in lots)
        return LedgerEntry(
            id=EntryId(self._ids()),
            kind=kind,
            member_id=member_id,
            transaction_id=None,
            occurred_at=now,
            business_date=today,
            postings=(*postings, Posting(account, total)),
            source=ERASED_SOURCE,
        )

    def _refuse_owing(self, member_id: MemberId) -> None:
        left = self._rows.erasures.value_left(member_id)
        if left > 0:
            money = Money(left, self._session.shop.currency)
            raise Refused("erasure_value_left", amount=format_money(money))

    def _person(self, member_id: MemberId) -> Member:
        file = self._rows.profiles.file(member_id)
        if file is None or file.member.is_erased:
            raise Refused("member_gone")
        return file.member

    def _today(self) -> date:
        shift = self._session.shift
        return shift.business_date if shift is not None else self._clock.local().date()

    def _event(self, kind: str, member_id: MemberId) -> AuditEvent:
        operator_id = None if self._session.operator is None else self._session.operator.id
        return AuditEvent(kind, operator_id, self._clock.now_ms(), {"member": member_id.hex})


def export_stem(member_id: MemberId) -> str:
    """How the exports of one person begin: by the id, so that they are found again when the person is forgotten."""
    return f"member-{member_id.hex}"


def remove_exports(folder: Path, family: tuple[MemberId, ...]) -> None:
    """What was exported of these and still lies in the folder."""
    for member_id in family:
        for path in folder.glob(f"{export_stem(member_id)}-*.zip"):
            with contextlib.suppress(OSError):
                path.unlink()
