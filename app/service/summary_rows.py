"""The rows behind each figure of a summary: which tickets, members or movements it was added up from.

One table says it for every figure; a figure that has no entry here is a sum of tickets.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from app.domain.ledger import EntryKind
from app.domain.loyalty.coupon import CouponEventKind
from app.domain.loyalty.stamps import StampEventKind
from app.domain.loyalty.value import ValueEntryKind
from app.domain.member import mask_name
from app.domain.phone import mask_phone
from app.insight.values import date_of, day_number
from app.service.summary_members import Visitors, visitors
from app.service.summary_ports import BACK, NEVER, SERVED, SIGN_UP, VOID, DaySource, TicketWish
from app.service.summary_values import Behind, Key, LapsedRule, MemberRow, RowKind, Rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from app.service.ports import Store

_MEMBERS: Final[dict[Key, Callable[[Visitors], NDArray[Any] | None]]] = {
    Key.MEMBERS: lambda found: None,
    Key.MEMBERS_NEW: lambda found: found.is_new,
    Key.MEMBERS_RETURNING: lambda found: ~(found.is_new | found.is_back),
    Key.MEMBERS_BACK: lambda found: found.is_back,
}
_ENTRIES: Final[dict[Key, tuple[str, tuple[str, ...]]]] = {
    Key.POINTS_ISSUED: ("points", (EntryKind.ACCRUAL, EntryKind.ACCRUAL_REVERSAL, EntryKind.BONUS)),
    Key.POINTS_USED: ("points", (EntryKind.REDEMPTION, EntryKind.REDEMPTION_REVERSAL, EntryKind.GIFT)),
    Key.POINTS_EXPIRED: ("points", (EntryKind.EXPIRY,)),
    Key.POINTS_ADJUSTED: ("points", (EntryKind.ADJUSTMENT,)),
    Key.POINTS_OWED: ("points", ()),
    Key.POINTS_OWED_MONEY: ("points", ()),
    Key.COUPONS_USED: ("coupon", (CouponEventKind.REDEEMED, CouponEventKind.RESTORED)),
    Key.COUPONS_MONEY: ("coupon", (CouponEventKind.REDEEMED, CouponEventKind.RESTORED)),
    Key.COUPONS_ISSUED: ("coupon_issued", ()),
    Key.STAMPS_GIVEN: ("stamp", (StampEventKind.EARNED, StampEventKind.TAKEN_BACK)),
    Key.STAMPS_USED: ("stamp", (StampEventKind.REDEEMED, StampEventKind.RESTORED)),
    Key.VALUE_SOLD: ("value", (ValueEntryKind.TOP_UP, ValueEntryKind.TOP_UP_REVERSAL)),
    Key.VALUE_SPENT: ("value", (ValueEntryKind.SPEND, ValueEntryKind.SPEND_REVERSAL)),
    Key.VALUE_REFUNDED: ("value", (ValueEntryKind.REFUND,)),
    Key.VALUE_OWED: ("value", ()),
}
_TICKETS: Final[dict[Key, TicketWish]] = {
    Key.TICKETS: TicketWish(kinds=SERVED),
    Key.AVERAGE_TICKET: TicketWish(kinds=SERVED),
    Key.MEMBER_NET: TicketWish(kinds=SERVED, is_members=True),
    Key.MEMBER_SHARE: TicketWish(kinds=SERVED, is_members=True),
    Key.MEMBER_TICKETS: TicketWish(kinds=SERVED, is_members=True),
    Key.MEMBER_AVERAGE: TicketWish(kinds=SERVED, is_members=True),
    Key.WALK_IN_NET: TicketWish(kinds=SERVED, is_members=False),
    Key.WALK_IN_TICKETS: TicketWish(kinds=SERVED, is_members=False),
    Key.WALK_IN_AVERAGE: TicketWish(kinds=SERVED, is_members=False),
    Key.SIGN_UPS: TicketWish(kinds=SIGN_UP),
    Key.SIGN_UP_RATE: TicketWish(kinds=SIGN_UP),
    Key.RETURNS: TicketWish(kinds=BACK),
    Key.VOIDS: TicketWish(kinds=VOID),
}


def rows_behind(
    store: Store,
    source: DaySource,
    rule: LapsedRule,
    since: date,
    until: date,
    behind: Behind,
    limit: int,
    offset: int,
) -> Rows:
    """A page of them."""
    if behind.key in _MEMBERS:
        return _members(store, source, rule, since, until, behind.key, limit, offset)
    if behind.key in _ENTRIES:
        figure, kinds = _ENTRIES[behind.key]
        entries = source.entry_rows(since, until, figure, kinds, limit + 1, offset)
        return Rows(RowKind.ENTRIES, entries=entries[:limit], has_more=len(entries) > limit)
    wish = _wish(source, behind)
    tickets = source.ticket_rows(since, until, wish, limit + 1, offset)
    return Rows(RowKind.TICKETS, tickets=tickets[:limit], has_more=len(tickets) > limit)


def _wish(source: DaySource, behind: Behind) -> TicketWish:
    known = _TICKETS.get(behind.key, TicketWish())
    is_part = behind.hour is not None or behind.operator_id is not None
    return TicketWish(
        # A part of the hours or of the people is made of tickets with goods, as its figure is.
        kinds=known.kinds or (SERVED if is_part else 0),
        is_members=known.is_members,
        hour=behind.hour,
        operator_id=behind.operator_id,
        item_id=behind.item_id,
    )


def _members(
    store: Store,
    source: DaySource,
    rule: LapsedRule,
    since: date,
    until: date,
    key: Key,
    limit: int,
    offset: int,
) -> Rows:
    found = visitors(source.read(since, until).tickets, day_number(since), day_number(until), rule)
    chosen = _MEMBERS[key](found)
    places = (range(len(found.member)) if chosen is None else chosen.nonzero()[0].tolist())[offset:]
    page = list(places[:limit])
    ids = source.member_ids([int(found.member[place]) for place in page])
    rows = []
    for place in page:
        member_id = ids[int(found.member[place])]
        card = store.members.by_id(member_id)
        is_known = card is not None and not card.member.is_erased
        previous = int(found.previous[place])
        rows.append(
            MemberRow(
                member_id,
                mask_name(card.member.name) if card is not None and is_known else "",
                mask_phone(card.member.phone) if card is not None and is_known else "",
                int(found.visits[place]),
                int(found.net[place]),
                None if previous == NEVER else date_of(previous),
                int(found.habit[place]),
            )
        )
    return Rows(RowKind.MEMBERS, members=tuple(rows), has_more=len(places) > limit)
