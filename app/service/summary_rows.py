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
from app.service.summary_members import Visitors, visitors, visits_among
from app.service.summary_ports import BACK, NEVER, SERVED, SIGN_UP, VOID, DaySource, TicketWish
from app.service.summary_values import Behind, Key, LapsedRule, MemberRow, RowKind, Rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

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
        return _members(source, rule, since, until, behind.key, limit, offset)
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
    source: DaySource,
    rule: LapsedRule,
    since: date,
    until: date,
    key: Key,
    limit: int,
    offset: int,
) -> Rows:
    tickets = source.read([(since, until)]).tickets
    found = visitors(tickets, visits_among(tickets, rule), day_number(since), day_number(until))
    order = found.best(len(found.member))
    chosen = _MEMBERS[key](found)
    places = (order if chosen is None else order[chosen[order]])[offset:]
    page = places[:limit].tolist()
    names = source.members([int(found.member[place]) for place in page])
    rows = []
    for place in page:
        who, previous = names[int(found.member[place])], int(found.previous[place])
        rows.append(
            MemberRow(
                who.id,
                mask_name(who.name),
                mask_phone(who.phone) if who.phone else "",
                int(found.visits[place]),
                int(found.net[place]),
                None if previous == NEVER else date_of(previous),
                int(found.habit[place]),
            )
        )
    return Rows(RowKind.MEMBERS, members=tuple(rows), has_more=len(places) > limit)
