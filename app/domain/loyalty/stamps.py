"""Stamp cards: buy so many, get something. The cards the shop offers, what a sale earns, and what a member's events add up to.

What a member has is the fold of their events, the same in whatever order those came. It is below zero only when a reward was used before
the goods that paid for it came back: then stamps are owed, and the next ones pay for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.domain.ids import CategoryId, ItemId, MemberId, TransactionId
from app.domain.item import Unit
from app.domain.loyalty.coupon_benefit import EVERYTHING, Benefit, BenefitKind, Covers, Token, Window
from app.domain.loyalty.coupon_terms import KEY
from app.domain.quantity import ONE
from app.domain.transaction import ModifierKind, SaleLine

AREA: Final = "stamps"
SOURCE_PREFIX: Final = "stamp:"
NEEDED_MAX: Final = 1_000
CARDS_MAX: Final = 50


class StampPer(StrEnum):
    """What a stamp is given for; the value beside it is ``every``."""

    PIECE = "piece"  # every so many covered pieces
    VISIT = "visit"  # a day on which covered goods are bought for at least so much
    AMOUNT = "amount"  # every so many minor units paid for covered goods


@dataclass(frozen=True, slots=True)
class StampCard:
    """One card. ``needed`` stamps are one ``reward``. ``covers`` says which goods give stamps; one lives ``days_valid`` days (None: ever).

    Stamps are given from ``starts_on`` to ``ends_on``; rewards can be used afterwards as well. What a reward paid for gives no stamp.
    An automatic reward is used by itself as soon as it takes something off.
    """

    key: str
    name: str
    needed: int
    reward: Benefit
    per: StampPer = StampPer.PIECE
    every: int = 1
    covers: Covers = EVERYTHING
    days_valid: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    tiers: frozenset[str] = frozenset()
    is_automatic: bool = False
    goes_alone: bool = False

    def __post_init__(self) -> None:
        assert KEY.fullmatch(self.key)
        assert self.name.strip()
        assert 1 <= self.needed <= NEEDED_MAX
        assert self.every >= 1 or (self.per is StampPer.VISIT and self.every == 0)
        assert self.days_valid is None or 1 <= self.days_valid <= 3650
        assert self.reward.kind is not BenefitKind.TEXT, "a reward takes something off"

    def gives_on(self, day: date, tier: str) -> bool:
        """Whether this member's purchases give stamps on this business date."""
        is_running = (self.starts_on is None or self.starts_on <= day) and (
            self.ends_on is None or day <= self.ends_on
        )
        return is_running and (not self.tiers or tier in self.tiers)


@dataclass(frozen=True, slots=True)
class StampRules:
    cards: tuple[StampCard, ...] = ()

    def __post_init__(self) -> None:
        assert len({card.key for card in self.cards}) == len(self.cards) <= CARDS_MAX

    def card(self, key: str) -> StampCard | None:
        return next((card for card in self.cards if card.key == key), None)


NO_CARDS: Final = StampRules()


@dataclass(frozen=True, slots=True)
class StampReward:
    """A full card laid on the counter: ``needed`` stamps pay for it when the sale is completed."""

    card: str
    name: str
    needed: int
    benefit: Benefit
    member_id: MemberId
    rule_version: int
    is_alone: bool = False

    @property
    def source(self) -> str:
        return f"{SOURCE_PREFIX}{self.card}"

    @property
    def token(self) -> Token:
        return Token(self.source, self.name, self.benefit, Window(), self.member_id, is_alone=self.is_alone)


# --- what goods give --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bought:
    """Goods of one line as a card sees them: the pieces that were paid for, and what was paid. ``categories`` are all they lie in."""

    item_id: ItemId
    categories: tuple[CategoryId, ...]
    pieces: int
    paid: int


Parents = Mapping[CategoryId, tuple[CategoryId, ...]]
"""For a category all that it lies in, itself included."""


def bought(
    line: SaleLine, parents: Parents, *, quantity: int | None = None, paid: int | None = None
) -> Bought:
    """A sold line, or what is left of it: this quantity, for which so much was paid."""
    path = () if line.category_id is None else parents.get(line.category_id, (line.category_id,))
    left = line.quantity if quantity is None else quantity
    pieces = min(_paid_pieces(line), left // ONE if line.unit is Unit.EACH else int(left > 0))
    return Bought(line.item_id, path, pieces, line.net.minor if paid is None else paid)


def earned(card: StampCard, goods: Iterable[Bought]) -> int:
    """The stamps that these goods give."""
    covered = [one for one in goods if one.paid > 0 and card.covers.has(one.item_id, one.categories)]
    paid = sum(one.paid for one in covered)
    match card.per:
        case StampPer.PIECE:
            return sum(one.pieces for one in covered) // card.every
        case StampPer.VISIT:
            return int(bool(covered) and paid >= card.every)
        case StampPer.AMOUNT:
            return paid // card.every


def _paid_pieces(line: SaleLine) -> int:
    """Pieces of the line without those that a reward paid for; goods sold by weight are one piece."""
    if line.unit is not Unit.EACH:
        return 1
    pieces = line.quantity // ONE
    by_reward = -sum(m.amount.minor for m in line.modifiers if _is_reward(m.kind, m.source))
    return pieces - pieces * by_reward // (line.net.minor + by_reward) if by_reward else pieces


def _is_reward(kind: ModifierKind, source: str) -> bool:
    return kind is ModifierKind.COUPON and source.startswith(SOURCE_PREFIX)


# --- what a member has --------------------------------------------------------------------------------------------------------


class StampEventKind(StrEnum):
    EARNED = "earned"
    TAKEN_BACK = "taken_back"  # goods came back
    REDEEMED = "redeemed"
    RESTORED = "restored"  # the sale in which it was redeemed came back whole
    EXPIRED = "expired"  # only of cards that another program kept; ours end by their date
    ADJUSTED = "adjusted"  # by hand, either way


@dataclass(frozen=True, slots=True)
class StampEvent:
    """Stamps gained (positive) or lost. Whatever undoes something names the sale that it undoes, not the ticket that brought it back."""

    id: UUID
    member_id: MemberId
    card: str
    kind: StampEventKind
    stamps: int
    occurred_at: int
    business_date: date
    rule_version: int
    transaction_id: TransactionId | None = None

    def __post_init__(self) -> None:
        gains = (StampEventKind.EARNED, StampEventKind.RESTORED)
        assert self.stamps != 0
        assert self.kind is StampEventKind.ADJUSTED or (self.stamps > 0) == (self.kind in gains)


@dataclass(frozen=True, slots=True)
class StampLot:
    """Stamps that came together and end together."""

    stamps: int
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class StampStanding:
    """One card of a member, as the panel shows it. ``stamps`` is below zero while some are owed; ``lots`` end in their order."""

    card: str
    name: str
    stamps: int
    needed: int
    rewards_ready: int
    lots: tuple[StampLot, ...] = ()


@dataclass(slots=True)
class _Lot:
    left: int
    expires_on: date | None
    transaction_id: TransactionId | None


@dataclass(slots=True)
class _Fold:
    """The lots of one card while its events are told in their order."""

    card: StampCard
    lots: list[_Lot] = field(default_factory=list)
    owed: int = 0
    taken: dict[TransactionId | None, list[tuple[_Lot, int]]] = field(default_factory=dict)

    def tell(self, event: StampEvent) -> None:
        match event.kind:
            case StampEventKind.EARNED | StampEventKind.ADJUSTED if event.stamps > 0:
                self._gain(event)
            case StampEventKind.RESTORED:
                self._restore(event)
            case StampEventKind.TAKEN_BACK:
                self._lose(-event.stamps, event, own_first=True)
            case _:
                self._lose(-event.stamps, event)

    def _gain(self, event: StampEvent) -> None:
        lot = _Lot(0, self._end(event.business_date), event.transaction_id)
        self.lots.append(lot)
        paid = min(self.owed, event.stamps)
        self.owed -= paid
        lot.left = event.stamps - paid

    def _lose(self, stamps: int, event: StampEvent, *, own_first: bool = False) -> None:
        """Take them from the lots that end first; goods that come back take theirs from the lot they gave."""
        day, taken = event.business_date, self.taken.setdefault(event.transaction_id, [])
        usable = [lot for lot in self.lots if lot.expires_on is None or lot.expires_on >= day]
        usable.sort(key=lambda lot: lot.expires_on or date.max)
        if own_first:
            own = [lot for lot in self.lots if lot.transaction_id == event.transaction_id]
            usable = own + [lot for lot in usable if lot not in own]
        for lot in usable:
            part = min(lot.left, stamps)
            lot.left -= part
            stamps -= part
            if part and event.kind is StampEventKind.REDEEMED:
                taken.append((lot, part))
        self.owed += stamps

    def _restore(self, event: StampEvent) -> None:
        """Back into the lots they were taken from, with their old end."""
        left = event.stamps
        taken = self.taken.get(event.transaction_id, [])
        while taken and left:
            lot, part = taken.pop()
            back = min(part, left)
            lot.left += back
            left -= back
        paid = min(self.owed, left)
        self.owed -= paid
        if left > paid:
            self.lots.append(_Lot(left - paid, self._end(event.business_date), None))

    def _end(self, day: date) -> date | None:
        return None if self.card.days_valid is None else day + timedelta(days=self.card.days_valid - 1)


def standing(card: StampCard, events: Iterable[StampEvent], on: date) -> StampStanding:
    """What the member has on this card on this day."""
    fold = _Fold(card)
    told = {event.id: event for event in events}
    for event in sorted(told.values(), key=lambda one: (one.occurred_at, one.id)):
        if event.card == card.key:
            fold.tell(event)
    live = [lot for lot in fold.lots if lot.left and (lot.expires_on is None or lot.expires_on >= on)]
    live.sort(key=lambda lot: lot.expires_on or date.max)
    stamps = sum(lot.left for lot in live) - fold.owed
    return StampStanding(
        card=card.key,
        name=card.name,
        stamps=stamps,
        needed=card.needed,
        rewards_ready=max(0, stamps) // card.needed,
        lots=tuple(StampLot(lot.left, lot.expires_on) for lot in live),
    )


def standings(
    rules: StampRules, events: Sequence[StampEvent], on: date, tier: str = ""
) -> tuple[StampStanding, ...]:
    """Every card that the shop offers this member now, and every other one on which something is left."""
    found = [(card, standing(card, events, on)) for card in rules.cards]
    return tuple(one for card, one in found if one.stamps or card.gives_on(on, tier))
