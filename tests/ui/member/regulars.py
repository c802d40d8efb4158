"""A till with everything a regular may have: tiers, stamp cards, coupons, gifts, bonuses; and a member who comes for tea and soap."""

from __future__ import annotations

from dataclasses import replace

from app.domain.ids import MemberId
from app.domain.loyalty.coupon import Coupon
from app.domain.loyalty.coupon_benefit import Benefit, BenefitKind
from app.domain.loyalty.coupon_terms import CouponRules, CouponTerms
from app.domain.loyalty.gifts import Gift, GiftRules
from app.domain.loyalty.points_rules import Bonus, BonusKind
from app.domain.loyalty.stamps import StampCard, StampPer, StampRules
from app.domain.loyalty.tiers import Tier, TierRules
from app.domain.member import MemberCard
from app.service.outcomes import ReadyToComplete
from tests.ui.till_fixture import E164, OWNER_NUMBER, PHONE, PIN, SOAP, TEA, TillRig
from ui.sale.view import SaleView

OTHER_PHONE = "0912345687"
FIFTY = CouponTerms("FIFTY", "折五十", Benefit(BenefitKind.AMOUNT, 50, minimum=600))
TENTH = CouponTerms("TENTH", "九折券", Benefit(BenefitKind.PERCENT, 1_000), is_alone=False)
MINE = CouponTerms(
    "MINE", "生日禮", Benefit(BenefitKind.AMOUNT, 30), is_personal=True, days_valid=30, is_alone=False
)
STAMPS = StampCard("CARD", "來店集點", 4, Benefit(BenefitKind.AMOUNT, 20), per=StampPer.VISIT, every=0)
MUG = Gift("MUG", "馬克杯", 5)
VASE = Gift("VASE", "花瓶", 5_000)
GOLD = Tier("gold", "金卡", 2_500)
PLATINUM = Tier("platinum", "白金卡", 10_000)


def set_up_shop(rig: TillRig) -> None:
    """The rules, in force from now on; the owner signs off again."""
    till = rig.till
    till.authority.sign_on(OWNER_NUMBER, PIN)
    till.coupons.write_rules(CouponRules(templates=(FIFTY, TENTH, MINE)))
    till.stamps.write_rules(StampRules((STAMPS,)))
    till.rules.save_tiers(TierRules(tiers=(GOLD, PLATINUM)))
    till.rules.save_gifts(GiftRules((MUG, VASE)))
    bonuses = (
        Bonus(BonusKind.WELCOME, 50),
        Bonus(BonusKind.REFERRAL, 30, friend_points=20),
    )
    till.rules.save_points(replace(till.rules.points.rules, bonuses=bonuses))
    till.authority.sign_off()


def buys(rig: TillRig, *entries: str, phone: str = PHONE, days: int = 1) -> None:
    """One sale in cash, some days after the one before."""
    till = rig.till
    rig.clock.forward(days=days)
    signs_on = till.session.operator is None
    if signs_on:
        till.authority.sign_on(OWNER_NUMBER, PIN)
    for entry in (*entries, phone):
        till.checkout.enter(entry)
    outcome = till.checkout.enter("")
    while not isinstance(outcome, ReadyToComplete):
        outcome = till.checkout.enter("")
    till.completion.commit(till.completion.prepare(till.checkout))
    till.checkout.start_new()
    if signs_on:
        till.authority.sign_off()


def a_regular(rig: TillRig, visits: int = 4) -> MemberCard:
    """王大明, who takes tea and two soaps each time."""
    for _ in range(visits):
        buys(rig, TEA, f"2*{SOAP}")
    return card_of(rig)


def card_of(rig: TillRig, phone: str = E164) -> MemberCard:
    card = rig.store.members.by_phone(phone)
    assert card is not None
    return card


def give(rig: TillRig, template: str, member_id: MemberId | None = None) -> Coupon:
    """The owner gives it, whoever works at the till."""
    session = rig.till.session
    before = session.operator
    session.operator = next(one for one in rig.store.people.operators() if one.number == OWNER_NUMBER)
    coupon = rig.till.coupon_office.issue(template, member_id)
    session.operator = before
    return coupon


def view(rig: TillRig) -> SaleView:
    shown = rig.window.stack.currentWidget()
    assert isinstance(shown, SaleView)
    return shown


def is_asked(rig: TillRig) -> bool:
    """Whether a sheet waits for an answer."""
    return rig.sheet is not None
