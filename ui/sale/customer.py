"""The customer as the counter may see them: masked, with tier, points, and what is worth a word. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from app.domain.loyalty.moves import GiftTaken
from app.domain.member import Member, MemberCard, mask_name
from app.domain.money import format_money
from app.domain.phone import mask_phone
from app.i18n import t
from app.service.counter_desk import shown_fields
from app.service.portrait import say_text, usual_text
from app.service.portrait_values import SayKind
from ui.widgets.member_badge import BadgeData

if TYPE_CHECKING:
    from app.domain.pricing import Priced
    from app.domain.statement import BalanceStatement
    from app.service.portrait_values import Portrait
    from ui.sale.member_watch import BestCoupons, MemberFacts

TIERS = frozenset({"silver", "gold", "platinum"})
ENDING_DAYS: Final = 60
STAMPS_SHOWN_MAX: Final = 2


@dataclass(frozen=True, slots=True)
class FactKeyData:
    """A key of the panel: what it is called, and what it would do."""

    name: str
    what: str


@dataclass(frozen=True, slots=True)
class FactsData:
    """The panel below the badge, every text ready. ``percent`` is the way to the next tier (None: there is none)."""

    progress: str = ""
    percent: int | None = None
    stamps: tuple[tuple[str, int, int], ...] = ()  # name, stamps, needed
    points: str = ""
    usual: FactKeyData | None = None
    coupon: FactKeyData | None = None

    @property
    def has_line(self) -> bool:
        return bool(self.progress or self.stamps)


def member_name(member: Member) -> str:
    """The masked name, or the masked number of somebody without one."""
    return mask_name(member.name) if member.name.strip() else mask_phone(member.phone)


def badge_of(
    card: MemberCard | None, *, is_new: bool, facts: MemberFacts | None = None, has_cue: bool = True
) -> BadgeData | None:
    """The card as soon as it is read; with ``facts`` also what may be spent now and the next best thing to say."""
    if card is None:
        return None
    phone = mask_phone(card.member.phone)
    if is_new:
        return BadgeData(name=t("member.new"), phone=f"{phone}・{t('member.new_hint')}", points="0")
    seen = [phone]
    if card.last_visit_on is None:
        seen.append(t("member.first_visit"))
    else:
        seen.append(t("member.last_visit", date=f"{card.last_visit_on:%m/%d}"))
    name = mask_name(card.member.name) or t("member.unnamed")
    if facts is None:
        return BadgeData(
            name=name, phone="・".join(seen), points=f"{card.points:,}", tier=tier_name(card.member.tier)
        )
    return BadgeData(
        name=name,
        phone="・".join(seen),
        points=f"{facts.statement.spendable:,}",
        tier=facts.tier or tier_name(card.member.tier),
        cue=cue_of(facts.portrait) if has_cue else "",
        mark=birthday_mark(facts.portrait.birthday_on, facts.statement.on),
    )


def facts_of(facts: MemberFacts, best: BestCoupons | None, laid: int = 0, *, age: str = "") -> FactsData:
    """What the panel below the badge shows; ``laid`` of the coupons lie on the counter already. ``age``: from when the points are."""
    portrait = facts.portrait
    tier = portrait.tier
    usual = usual_text(portrait.usual)
    return FactsData(
        progress=t("member.to_tier", left=tier.left_text, tier=tier.next_name)
        if tier and tier.next_name
        else "",
        percent=tier.share_percent if tier and tier.next_name else None,
        stamps=tuple((card.name, card.stamps, card.needed) for card in facts.stamps[:STAMPS_SHOWN_MAX]),
        points="・".join(part for part in (age, points_text(facts.statement)) if part),
        usual=FactKeyData(t("member.key.usual"), usual) if usual else None,
        coupon=_coupon_key(facts, best, laid),
    )


def _coupon_key(facts: MemberFacts, best: BestCoupons | None, laid: int) -> FactKeyData | None:
    if best is not None:
        name = t("membership.separator").join(best.names)
        what = t("member.key.saves", name=name, amount=format_money(best.off)) if best.off.minor else name
        return FactKeyData(t("member.key.coupon"), what)
    if facts.full_cards:
        return FactKeyData(t("member.key.stamp"), facts.full_cards[0].name)
    left = len(facts.portrait.coupons) - laid
    if left > 0:
        count = t("member.key.coupon_count", count=left)
        return FactKeyData(t("member.key.coupons"), count)
    return None


def cue_of(portrait: Portrait) -> str:
    """What is due today before everything else; else the next best thing to say."""
    if portrait.due:
        return due_text(portrait.due[0].words, len(portrait.due) - 1)
    if portrait.say.kind is SayKind.USUAL:
        return ""  # the key below says it
    return say_text(portrait.say)


def due_text(words: str, more: int) -> str:
    shown = " ".join(words.split())
    return t("member.due_more", words=shown, count=more) if more else t("member.due", words=shown)


def birthday_mark(birthday_on: date | None, today: date) -> str:
    """The next birthday is today, or within this month of the calendar on the wall."""
    if birthday_on == today:
        return t("member.birthday_today")
    if birthday_on is not None and (birthday_on.year, birthday_on.month) == (today.year, today.month):
        return t("member.birthday_month")
    return ""


def points_text(statement: BalanceStatement) -> str:
    """What cannot be used yet, and what ends first: ``另有 20 點，12/01 起可用・50 點 12/31 到期``."""
    said = []
    if statement.pending:
        begins = {
            one.lot.usable_on
            for one in statement.lots
            if one.lot.usable_on is not None and one.lot.usable_on > statement.on and one.lot.remaining > 0
        }
        points = f"{statement.pending:,}"
        if len(begins) == 1:
            said.append(t("member.pending", points=points, date=short_day(begins.pop(), statement.on)))
        else:
            said.append(t("member.pending_some", points=points))
    ends = [
        one.lot.expires_on
        for one in statement.lots
        if one.lot.expires_on is not None and one.lot.remaining > 0 and one.lot.is_usable(statement.on)
    ]
    first = min(ends, default=None)
    if first is not None and first <= statement.on + timedelta(days=ENDING_DAYS):
        points = f"{statement.ending_until(first):,}"
        said.append(t("member.ending", points=points, date=short_day(first, statement.on)))
    return "・".join(said)


def short_day(day: date, today: date) -> str:
    """``12/31``; with the year where it is another one."""
    return f"{day:%m/%d}" if day.year == today.year else f"{day:%Y/%m/%d}"


def tier_name(tier: str) -> str:
    """The tier in words; a shop's own code is shown as it is."""
    if not tier:
        return t("member.tier.basic")
    return t(f"member.tier.{tier}") if tier in TIERS else tier


def counter_lines(priced: Priced) -> tuple[tuple[str, bool], ...]:
    """What lies on the counter beside the goods, each with whether it does something: coupons, rewards, gifts."""
    lines = []
    for token, effect in zip(priced.basket.tokens, priced.effects, strict=True):
        if not effect.applies:
            why = t(f"error.{effect.why_not}", None, **shown_fields(effect.fields))
            lines.append((t("coupon.token_waits", name=token.label, why=why), False))
        elif effect.off.minor:
            amount = format_money(effect.off)
            lines.append((t("coupon.token_off", name=token.label, amount=amount), True))
        else:
            lines.append((token.label, True))
    return (*lines, *[(gift_line(gift), True) for gift in priced.basket.gifts])


def gift_line(gift: GiftTaken) -> str:
    return t("coupon.token_gift", name=gift.name, pieces=gift.pieces, points=f"{gift.points:,}")
