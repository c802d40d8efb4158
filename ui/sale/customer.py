"""The customer as the counter may see them: masked, with tier, points and the last visit. Pure."""

from __future__ import annotations

from app.domain.member import Member, MemberCard, mask_name
from app.domain.phone import mask_phone
from app.i18n import t
from ui.widgets.member_badge import BadgeData

TIERS = frozenset({"silver", "gold", "platinum"})


def member_name(member: Member) -> str:
    """The masked name, or the masked number of somebody without one."""
    return mask_name(member.name) if member.name.strip() else mask_phone(member.phone)


def badge_of(card: MemberCard | None, *, is_new: bool) -> BadgeData | None:
    if card is None:
        return None
    phone = mask_phone(card.member.phone)
    if is_new:
        return BadgeData(name=t("member.new"), phone=f"{phone}・{t('member.new_hint')}", points="0")
    facts = [phone]
    if card.last_visit_on is None:
        facts.append(t("member.first_visit"))
    else:
        facts.append(t("member.last_visit", date=f"{card.last_visit_on:%m/%d}"))
    return BadgeData(
        name=mask_name(card.member.name) or t("member.unnamed"),
        phone="・".join(facts),
        points=f"{card.points:,}",
        tier=tier_name(card.member.tier),
    )


def tier_name(tier: str) -> str:
    """The tier in words; a shop's own code is shown as it is."""
    if not tier:
        return t("member.tier.basic")
    return t(f"member.tier.{tier}") if tier in TIERS else tier
