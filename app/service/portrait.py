"""The portrait: who stands at the counter, how often they come, what they like, and the one thing to say first.

Read in one go when a member is recognised, so everything in it is found through the member and nothing is ranked over all members. What the
rules know of coupons, stamps and tiers comes through ports that may be absent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from app.domain.birthday import birthday_of, next_occurrence
from app.domain.ids import ItemId, MemberId
from app.domain.quantity import format_quantity
from app.i18n import t
from app.service.portrait_habits import (
    LIKED_MAX,
    REFILL_DAYS_MIN,
    REFILL_LATE_PERCENT,
    REFILL_TIMES_MIN,
    categories_of,
    items_of,
    liked,
    main_part,
    most_liked,
    parts_of,
    refills_of,
    rhythm_of,
    usual_of,
)
from app.service.portrait_values import (
    CouponNote,
    History,
    Liked,
    Portrait,
    Say,
    SayKind,
    StampNote,
    TierNote,
    Usual,
)
from app.service.ports import Clock, Store

if TYPE_CHECKING:
    from app.service.session import Session

TICKETS_LOOKED_AT = 60  # for the usual and the time of day
# For what is liked and what runs out, while somebody waits: each ticket is a page of the disk.
TICKETS_COUNTED = 120
TICKETS_MAX = 1_000_000
BIRTHDAY_SOON_DAYS = 7
ENDS_SOON_DAYS = 14
TIER_CLOSE_PERCENT = 80
LONG_AWAY_PERCENT = 200
NOTES_SHOWN = 3
DAYS_OF_A_MONTH = 30


class Rights(Protocol):
    """What the rules know of a member today; every part of it may be absent."""

    def coupons(self, member_id: MemberId, on: date) -> Sequence[CouponNote]: ...
    def stamps(self, member_id: MemberId) -> Sequence[StampNote]: ...
    def tier(self, member_id: MemberId, on: date) -> TierNote | None: ...


class NoRights:
    """Where nobody has set up tiers, coupons or stamp cards."""

    def coupons(self, member_id: MemberId, on: date) -> Sequence[CouponNote]:
        return ()

    def stamps(self, member_id: MemberId) -> Sequence[StampNote]:
        return ()

    def tier(self, member_id: MemberId, on: date) -> TierNote | None:
        return None


class PortraitDesk:
    def __init__(self, store: Store, session: Session, clock: Clock, rights: Rights | None = None) -> None:
        self._store = store
        self._rows = store.membership
        self._session = session
        self._clock = clock
        self._rights = rights or NoRights()

    def portrait(self, member_id: MemberId, *, is_whole: bool = False) -> Portrait | None:
        """Everything on one page; None when nobody has this id.

        ``is_whole`` counts every ticket there ever was instead of the newest: for a worker, which finds what somebody who comes daily
        buys twice a year.
        """
        file, card = self._rows.profiles.file(member_id), self._store.members.by_id(member_id)
        if file is None or card is None:
            return None
        own, today = card.member.id, self._today()
        tickets = self._rows.portraits.tickets(own, TICKETS_LOOKED_AT)
        offset = self._offset()
        days = [_day(number) for number in self._rows.portraits.visit_days(own)]
        until = today - timedelta(days=REFILL_DAYS_MIN * REFILL_LATE_PERCENT // 100)
        counted = TICKETS_MAX if is_whole else TICKETS_COUNTED
        bought = self._rows.portraits.tallies(own, again=REFILL_TIMES_MIN, until=until, limit=counted)
        bought_on = {ItemId(one.id): one.days for one in bought.again}
        unsaid = Portrait(
            card=card,
            merged=file.merged,
            rhythm=rhythm_of(days, today),
            top_items=most_liked(bought.items)[:LIKED_MAX],
            top_categories=most_liked(bought.categories)[:LIKED_MAX],
            part=main_part(tickets, offset),
            usual=usual_of(tickets, self._clock.now_ms(), offset),
            refills=refills_of(bought_on, today)[:LIKED_MAX],
            notes=file.notes[:NOTES_SHOWN],
            due=self._rows.profiles.due(own, today),
            tags=file.tags,
            birthday_on=_birthday_on(file.fields.get("birthday", card.member.birthday), today),
            points_end=self._rows.portraits.points_end(own, today),
            coupons=tuple(self._rights.coupons(own, today)),
            stamps=tuple(self._rights.stamps(own)),
            tier=self._rights.tier(own, today),
            say=Say(SayKind.NOTHING),
        )
        named = self._named(unsaid)
        return replace(named, say=best_say(named, today))

    def usual(self, member_id: MemberId, at: int | None = None) -> Usual:
        """老樣子 at this moment, or at ``at`` (UTC ms): what one key puts into the basket."""
        own = self._rows.merges.survivor_of(member_id)
        tickets = self._rows.portraits.tickets(own, TICKETS_LOOKED_AT)
        now = self._clock.now_ms() if at is None else at
        return self._named_usual(usual_of(tickets, now, self._offset()))

    def history(self, member_id: MemberId) -> History:
        """Everything they ever bought: by item, by category, by time of day."""
        own = self._rows.merges.survivor_of(member_id)
        tickets = self._rows.portraits.tickets(own, TICKETS_MAX)
        items, categories = liked(tickets, items_of), liked(tickets, categories_of)
        names = self._rows.portraits.names([ItemId(one.id) for one in items])
        kinds = self._rows.portraits.categories([one.id for one in categories])
        return History(
            len(tickets),
            sum(line.net_minor for ticket in tickets for line in ticket.lines),
            _with_names(items, lambda one: names.get(ItemId(one), "")),
            _with_names(categories, lambda one: kinds.get(one, "")),
            parts_of(tickets, self._offset()),
        )

    def _named(self, portrait: Portrait) -> Portrait:
        """Names are looked up once, for what is shown."""
        shown = [ItemId(one.id) for one in portrait.top_items]
        shown += [line.item_id for line in portrait.usual.lines]
        shown += [one.item_id for one in portrait.refills]
        names = self._rows.portraits.names(list(dict.fromkeys(shown)))
        kinds = self._rows.portraits.categories([one.id for one in portrait.top_categories])
        return replace(
            portrait,
            top_items=_with_names(portrait.top_items, lambda one: names.get(ItemId(one), "")),
            top_categories=_with_names(portrait.top_categories, lambda one: kinds.get(one, "")),
            usual=_usual_with(portrait.usual, names.get),
            refills=tuple(replace(one, name=names.get(one.item_id, "")) for one in portrait.refills),
        )

    def _named_usual(self, usual: Usual) -> Usual:
        return _usual_with(usual, self._rows.portraits.names([line.item_id for line in usual.lines]).get)

    def _offset(self) -> int:
        offset = self._clock.local().utcoffset()
        assert offset is not None, "the shop's clock knows its zone"
        return int(offset.total_seconds()) // 60

    def _today(self) -> date:
        shift = self._session.shift
        return shift.business_date if shift is not None else self._clock.local().date()


def best_say(portrait: Portrait, today: date) -> Say:
    """The first of these that there is: what is due, a birthday, what ends, what runs out, the next tier, the usual."""
    for rule in (_say_due, _say_birthday, _say_ending, _say_refill, _say_tier, _say_away, _say_usual):
        said = rule(portrait, today)
        if said is not None:
            return said
    return Say(SayKind.WELCOME) if portrait.card.visits == 0 else Say(SayKind.NOTHING)


def say_text(say: Say, language: str | None = None) -> str:
    """The sentence, in the operator's language. Empty when there is nothing to say."""
    if say.kind is SayKind.NOTHING:
        return ""
    fields = dict(say.fields)
    if say.kind is SayKind.REFILL:
        fields["ago"] = ago_text(int(str(fields.pop("days"))), language)
    return t(f"membership.say.{say.kind.value}", language, **fields)


def ago_text(days: int, language: str | None = None) -> str:
    """``12 天``, ``5 個月``."""
    if days < 2 * DAYS_OF_A_MONTH:
        return t("membership.ago_days", language, count=days)
    return t("membership.ago_months", language, count=days // DAYS_OF_A_MONTH)


def _say_due(portrait: Portrait, today: date) -> Say | None:
    return Say(SayKind.DUE, (("words", portrait.due[0].words),)) if portrait.due else None


def _say_birthday(portrait: Portrait, today: date) -> Say | None:
    if portrait.birthday_on is None or portrait.birthday_on > today + timedelta(days=BIRTHDAY_SOON_DAYS):
        return None
    days = (portrait.birthday_on - today).days
    return Say(SayKind.BIRTHDAY_SOON, (("days", days),)) if days else Say(SayKind.BIRTHDAY_TODAY)


def _say_ending(portrait: Portrait, today: date) -> Say | None:
    """Of a coupon and points that both end soon, what ends first."""
    soon = today + timedelta(days=ENDS_SOON_DAYS)
    coupons = [
        (one.ends_on, one) for one in portrait.coupons if one.ends_on is not None and one.ends_on <= soon
    ]
    points = portrait.points_end if portrait.points_end and portrait.points_end.on <= soon else None
    first = min(coupons, key=lambda one: (one[0], one[1].name), default=None)
    if first is not None and (points is None or first[0] <= points.on):
        return Say(SayKind.COUPON_ENDS, (("name", first[1].name), ("date", first[0].isoformat())))
    if points is not None:
        return Say(SayKind.POINTS_END, (("points", points.points), ("date", points.on.isoformat())))
    return None


def _say_refill(portrait: Portrait, today: date) -> Say | None:
    named = next((one for one in portrait.refills if one.name), None)
    return None if named is None else Say(SayKind.REFILL, (("name", named.name), ("days", named.days)))


def _say_tier(portrait: Portrait, today: date) -> Say | None:
    tier = portrait.tier
    if tier is None or not tier.next_name or not tier.left_text or tier.share_percent < TIER_CLOSE_PERCENT:
        return None
    return Say(SayKind.TIER_CLOSE, (("left", tier.left_text), ("tier", tier.next_name)))


def _say_away(portrait: Portrait, today: date) -> Say | None:
    late = portrait.rhythm.lateness
    if late is None or late < LONG_AWAY_PERCENT or (portrait.rhythm.days_since or 0) < DAYS_OF_A_MONTH:
        return None
    return Say(SayKind.LONG_AWAY, (("days", portrait.rhythm.days_since),))


def _say_usual(portrait: Portrait, today: date) -> Say | None:
    items = usual_text(portrait.usual)
    return Say(SayKind.USUAL, (("items", items),)) if items else None


def usual_text(usual: Usual, language: str | None = None) -> str:
    """``拿鐵、可頌 ×2``."""
    said = [
        line.name
        if line.quantity == 1000
        else t("membership.piece", language, name=line.name, quantity=format_quantity(line.quantity))
        for line in usual.lines
        if line.name
    ]
    return t("membership.separator", language).join(said)


def _birthday_on(text: str, today: date) -> date | None:
    """The next day on which it is celebrated; the moon's calendar is loaded for a lunar one alone."""
    birthday = birthday_of(text)
    if birthday is None:
        return None
    if not birthday.is_lunar:
        return next_occurrence(birthday, today, _no_moon)
    from app.service.calendar_moon import lunar_to_solar

    return next_occurrence(birthday, today, lunar_to_solar)


def _no_moon(year: int, month: int, day: int, is_leap: bool) -> date:
    raise ValueError("a solar birthday asks no moon")


def _with_names(found: Sequence[Liked], name_of: Callable[[UUID], str]) -> tuple[Liked, ...]:
    return tuple(replace(one, name=name_of(one.id)) for one in found)


def _usual_with(usual: Usual, name_of: Callable[[ItemId], str | None]) -> Usual:
    return replace(
        usual, lines=tuple(replace(line, name=name_of(line.item_id) or "") for line in usual.lines)
    )


def _day(number: int) -> date:
    return date(number // 10_000, number // 100 % 100, number % 100)
