"""What coupons and stamp cards need from the store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

if TYPE_CHECKING:
    from app.domain.ids import MemberId, TransactionId
    from app.domain.loyalty.coupon import Coupon, CouponEvent
    from app.domain.loyalty.stamps import StampEvent


@dataclass(frozen=True, slots=True)
class KnownCoupon:
    """A coupon and everything this till knows to have happened to it, by (hlc, id). ``owner`` is its member's present file."""

    coupon: Coupon
    events: tuple[CouponEvent, ...] = ()
    owner: MemberId | None = None


@dataclass(frozen=True, slots=True)
class CouponFigures:
    """How one template stands. ``used`` coupons were used at least once, ``uses`` times in all, and took ``off_minor`` off.

    ``open`` ones can be used now or later; those that ended (``expired``, ``cancelled``) may have been used before.
    """

    template: str
    issued: int
    used: int
    uses: int
    off_minor: int
    open: int
    expired: int
    cancelled: int


@dataclass(frozen=True, slots=True)
class BatchFigures:
    """Of ``issued`` coupons ``used`` were used at least once, ``uses`` times in all, and took ``off_minor`` off."""

    issued: int
    used: int
    uses: int
    off_minor: int


class CouponReader(Protocol):
    """Coupons as they stand. A unit of work's sees what it wrote itself."""

    def by_id(self, coupon_id: UUID) -> KnownCoupon | None: ...
    def by_code(self, code: str) -> KnownCoupon | None:
        """By the ten characters that are typed."""
        ...

    def of_member(self, member_id: MemberId, limit: int = 200) -> tuple[KnownCoupon, ...]:
        """Newest first, those of files that were merged into this one included."""
        ...

    def present_file(self, member_id: MemberId) -> MemberId:
        """The member whose file this one was merged into, or itself."""
        ...


class CouponDirectory(CouponReader, Protocol):
    def used_too_often(self, since: date, until: date) -> tuple[KnownCoupon, ...]:
        """Coupons used in these days more often than they allow, or after their end: two tills that were apart, for the owner."""
        ...

    def of_batch(self, batch: str) -> Iterator[Coupon]: ...
    def batch_figures(self, batch: str) -> BatchFigures:
        """How the coupons of one batch stand. Takes long where there are many: for a worker."""
        ...

    def figures(self, on: date) -> tuple[CouponFigures, ...]:
        """Every template that coupons were ever issued of. Takes long where there are many: for a worker."""
        ...

    def of_template(self, template: str, limit: int = 200) -> tuple[KnownCoupon, ...]:
        """Newest first. Takes long where there are many: for a worker."""
        ...


class CouponBook(CouponReader, Protocol):
    """Coupons within a unit of work."""

    @property
    def issued(self) -> Sequence[Coupon]:
        """Those that this unit issued one by one."""
        ...

    def issue(self, coupon: Coupon) -> bool:
        """False when it was issued before: a coupon that is given once is one, however often it is given."""
        ...

    def issue_all(self, fact_id: UUID, coupons: Sequence[Coupon]) -> int:
        """Many at once, as one fact. Returns how many of them were new."""
        ...

    def record(self, event: CouponEvent) -> None: ...

    def visits_of(self, member_id: MemberId) -> int:
        """Sales that stand, this unit's included."""
        ...


class StampDirectory(Protocol):
    def of_member(self, member_id: MemberId) -> tuple[StampEvent, ...]:
        """Every event of every card, those of merged files included."""
        ...


class StampBook(StampDirectory, Protocol):
    """Stamps within a unit of work."""

    def record(self, event: StampEvent) -> None: ...
    def of_sale(self, transaction_id: TransactionId) -> tuple[StampEvent, ...]: ...
