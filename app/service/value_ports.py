"""What stored value needs from the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from app.domain.ids import MemberId, TransactionId
    from app.domain.loyalty.value import Amounts, Liability, ValueAccount, ValueAccountId, ValueEntry
    from app.service.lease_ports import LeaseBook


class ValueReader(Protocol):
    """Accounts as they stand. A unit of work's sees what it wrote itself."""

    def account(self, account_id: ValueAccountId) -> ValueAccount | None: ...
    def by_code(self, code: str) -> ValueAccount | None:
        """A gift card by the whole of its code."""
        ...

    def of_member(self, member_id: MemberId) -> tuple[ValueAccount, ...]:
        """The member's own account and the cards that belong to them, those of merged files included; oldest first."""
        ...

    def balance(self, account_id: ValueAccountId) -> Amounts: ...
    def entries(self, account_id: ValueAccountId) -> tuple[ValueEntry, ...]:
        """Oldest first."""
        ...

    def of_transaction(self, transaction_id: TransactionId) -> tuple[ValueEntry, ...]:
        """What a ticket posted, in its order."""
        ...


class ValueDirectory(ValueReader, Protocol):
    @property
    def leases(self) -> LeaseBook:
        """What this till may spend while nobody can be asked."""
        ...

    def liability(self) -> Liability:
        """What the shop owes the holders of all accounts this till knows."""
        ...

    def with_bonus(self, after: ValueAccountId | None, limit: int) -> tuple[ValueAccountId, ...]:
        """Accounts that hold a bonus, in the order of their ids."""
        ...


class ValueBook(ValueReader, Protocol):
    """Stored value within a unit of work."""

    def open(self, account: ValueAccount) -> bool:
        """False when it stands there already."""
        ...

    def post(self, entry: ValueEntry) -> bool:
        """False when it was posted before: the same fact counts once, however often it is told."""
        ...
