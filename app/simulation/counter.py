"""What people do at the counter of one till: through the services of the product, with nothing of its own.

Each deed takes the till and its chance and says in a word what came of it. What the shop's rules refuse is no failure of anything.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

from app.domain.consent import ConsentChannel, Purpose
from app.domain.errors import Refused
from app.domain.ids import MemberId
from app.domain.loyalty.points_rules import Bonus, BonusKind, Burn, Per, PointsRules, Rate, Rounding
from app.domain.loyalty.term import NEVER, Term, TermKind
from app.domain.money import Money
from app.domain.tender import TenderKind
from app.domain.transaction import RetailTransaction, TransactionKind
from app.service.late_till import LateTill
from app.service.outcomes import MemberOffered, ReadyToComplete
from app.simulation.goods import COUPONS, GIFT, SKUS
from app.simulation.plan import Deed
from app.simulation.till import SimTill

PHONES: Final = tuple(f"09{12_345_600 + number:08d}" for number in range(14))
NAMES: Final = ("王大明", "林小美", "陳志明", "黃淑芬", "李小龍")
WORK: Final = ("老師", "護理師", "工程師", "學生")
LATELY: Final = 20
FLOAT: Final = 3_000
STEPS_TO_PAY_MAX: Final = 8


def sale(till: SimTill, random: Random) -> str:
    """Somebody nobody knows."""
    _scan(till.shop, random)
    return _pay(till.shop)


def member_sale(till: SimTill, random: Random) -> str:
    """A member, known or new, with coupons, points and stored value as they have them."""
    _scan(till.shop, random)
    _identify(till.shop, random)
    _lay_coupons(till.shop, random)
    if till.shop.checkout.due().minor > 0:
        till.shop.checkout.enter("")
        _spend(till.shop, random)
    return _pay(till.shop)


def give_back(till: SimTill, random: Random) -> str:
    """Some of what was sold lately comes back."""
    found = till.shop.returns.by_receipt(_lately(till.shop, random).header.receipt_number)
    left = [line for line in found.lines if line.remaining_quantity >= 1_000]
    if not left:
        raise Refused("line_gone")
    line = random.choice(left)
    checkout = till.shop.checkout
    checkout.add_return(till.shop.returns.line(found, line.line.number, 1_000, basket=checkout.basket))
    if random.random() < 0.2:
        _scan(till.shop, random)
    return _pay(till.shop)


def void(till: SimTill, random: Random) -> str:
    done = till.shop.post_void.void(_lately(till.shop, random).header.id, "打錯")
    return done.transaction.header.receipt_number


def enrol(till: SimTill, random: Random) -> str:
    """By the number alone, at any till that does not know it yet."""
    known = {one.phone for one in till.store.members.everyone()}
    free = [phone for phone in PHONES if f"+886{phone[1:]}" not in known]
    if not free:
        raise Refused("phone_taken", phone="")
    member = till.shop.membership.enrol(random.choice(free), {"name": random.choice(NAMES)})
    return member.id.hex[-6:]


def profile(till: SimTill, random: Random) -> str:
    field, words = random.choice((("name", NAMES), ("occupation", WORK)))
    till.shop.membership.set_fields(_member(till.shop, random), {field: random.choice(words)})
    return field


def phone(till: SimTill, random: Random) -> str:
    till.shop.membership.set_phone(_member(till.shop, random), random.choice(PHONES))
    return "done"


def consent(till: SimTill, random: Random) -> str:
    is_granted = random.random() < 0.5
    till.shop.consents.answer(
        _member(till.shop, random), Purpose.MARKETING, is_granted=is_granted, channel=ConsentChannel.SPOKEN
    )
    return "granted" if is_granted else "withdrawn"


def merge(till: SimTill, random: Random) -> str:
    everyone = _members(till.shop)
    if len(everyone) < 2:
        raise Refused("member_gone")
    loser, survivor = random.sample(everyone, 2)
    till.shop.merges.merge(loser, survivor)
    return f"{loser.hex[-6:]} {survivor.hex[-6:]}"


def unmerge(till: SimTill, random: Random) -> str:
    merged = sorted(till.store.membership.merges.everyone_merged())
    if not merged:
        raise Refused("merge_none")
    gone = random.choice(merged)
    till.shop.merges.unmerge(gone)
    return gone.hex[-6:]


def erase(till: SimTill, random: Random) -> str:
    gone = _member(till.shop, random)
    till.shop.privacy.erase(gone)
    return gone.hex[-6:]


def coupon(till: SimTill, random: Random) -> str:
    """One is given by hand, to a member or to whoever asks; now and then one is taken back."""
    office = till.shop.coupon_office
    member = _member(till.shop, random) if random.random() < 0.8 else None
    if member is not None and random.random() < 0.2:
        known = till.store.coupons.of_member(member)
        if known:
            office.cancel(random.choice(known).coupon.id, "打錯")
            return "cancelled"
    return office.issue(random.choice(COUPONS), member).id.hex[-6:]


def top_up(till: SimTill, random: Random) -> str:
    _identify(till.shop, random)
    till.shop.checkout.top_up(random.choice((300, 1_000)))
    return _pay(till.shop)


def gift(till: SimTill, random: Random) -> str:
    return till.shop.gifts.redeem(_member(till.shop, random), GIFT).id.hex[-6:]


def rules(till: SimTill, random: Random) -> str:
    """The owner changes what is earned, at whichever till they stand."""
    document = till.shop.rules.save_points(points_rules(random))
    return f"version {document.version}"


def shift(till: SimTill, random: Random) -> str:
    """The drawer is counted and closed, and the next shift begins."""
    if till.session.shift is not None:
        flow = till.shop.shifts.begin_close()
        flow.acknowledge_held()
        flow.count_total(flow.settlement.expected_cash)
        flow.finish_count()
        flow.keep(min(flow.counted, Money(FLOAT, till.session.shop.currency)))
        flow.complete()
    opened = till.shop.shifts.open_shift(Money(FLOAT, till.session.shop.currency))
    return opened.shift.business_date.isoformat()


DEEDS: Final[dict[Deed, Callable[[SimTill, Random], str]]] = {
    Deed.SALE: sale, Deed.MEMBER_SALE: member_sale, Deed.RETURN: give_back, Deed.VOID: void, Deed.ENROL: enrol,
    Deed.PROFILE: profile, Deed.PHONE: phone, Deed.CONSENT: consent, Deed.MERGE: merge, Deed.UNMERGE: unmerge,
    Deed.ERASE: erase, Deed.COUPON: coupon, Deed.TOP_UP: top_up, Deed.GIFT: gift, Deed.RULES: rules, Deed.SHIFT: shift,
}  # fmt: skip
SELLING: Final = (
    Deed.SALE,
    Deed.MEMBER_SALE,
    Deed.MEMBER_SALE,
    Deed.RETURN,
    Deed.ENROL,
    Deed.TOP_UP,
    Deed.SHIFT,
)
"""What is under way when the power goes."""


def leave(till: SimTill) -> None:
    """The customer goes without having bought: the next one finds an empty basket."""
    checkout = till.shop.checkout
    checkout.is_completing = False
    checkout.start_new()


def points_rules(random: Random) -> PointsRules:
    bonuses = (Bonus(BonusKind.WELCOME, 30), Bonus(BonusKind.VISIT, 5, minimum_minor=200))
    return PointsRules(
        base=Rate(random.choice((1, 30, 100)), random.choice((1, 2))),
        burn=Burn(1),
        rounding=random.choice(tuple(Rounding)),
        per=random.choice(tuple(Per)),
        bonuses=tuple(random.sample(bonuses, random.randint(0, 2))),
        expires=random.choice((NEVER, Term(TermKind.DAYS, 40))),
        may_owe=random.random() < 0.7,
    )


# --- parts of a sale ------------------------------------------------------------------------------------------------------


def _scan(shop: LateTill, random: Random) -> None:
    for code in random.choices(SKUS, k=random.randint(1, 4)):
        shop.checkout.enter(code if random.random() < 0.7 else f"{random.randint(2, 3)}*{code}")


def _identify(shop: LateTill, random: Random) -> None:
    if isinstance(shop.checkout.enter(random.choice(PHONES)), MemberOffered):
        shop.checkout.confirm_new_member()


def _lay_coupons(shop: LateTill, random: Random) -> None:
    card = shop.checkout.basket.member
    if card is None or shop.checkout.basket.is_new_member or random.random() < 0.4:
        return
    on = shop.session.require_shift().business_date
    for laid in shop.coupons.of_member(card.member.id, on)[:1]:
        shop.checkout.scan(shop.coupons.symbol(laid.coupon))


def _spend(shop: LateTill, random: Random) -> None:
    checkout = shop.checkout
    card = checkout.basket.member
    if card is None or checkout.basket.is_new_member:
        return
    on = shop.session.require_shift().business_date
    offer = shop.points.offer(checkout.basket, checkout.due(), checkout.priced().total, on)
    if offer is not None and offer.points and random.random() < 0.5:
        points = random.randint(1, offer.points)
        checkout.tender(
            TenderKind.POINTS,
            shop.points.amount_of(checkout.basket, points, checkout.due(), checkout.priced().total, on).minor,
            points=points,
        )
    for one in checkout.value_offers()[:1]:
        amount = random.randint(1, one.amount.minor) if one.amount.minor else 0
        if amount and shop.value.may_spend_offline(one.holding.account, amount):
            checkout.pay_from(one.holding.account, amount)


def _pay(shop: LateTill) -> str:
    checkout = shop.checkout
    outcome = checkout.enter("")
    for _ in range(STEPS_TO_PAY_MAX):
        if isinstance(outcome, ReadyToComplete):
            break
        outcome = checkout.enter("")
    done = shop.completion.commit(shop.completion.prepare(checkout))
    checkout.start_new()
    return done.transaction.header.receipt_number


def _lately(shop: LateTill, random: Random) -> RetailTransaction:
    sold = [
        one
        for one in shop.store.journal.newest(LATELY)
        if isinstance(one, RetailTransaction) and one.header.kind is TransactionKind.SALE
    ]
    if not sold:
        raise Refused("receipt_unknown", number="")
    return random.choice(sold)


def _members(shop: LateTill) -> list[MemberId]:
    return sorted(MemberId(one.id) for one in shop.store.members.everyone() if not one.is_erased)


def _member(shop: LateTill, random: Random) -> MemberId:
    everyone = _members(shop)
    if not everyone:
        raise Refused("member_gone")
    return random.choice(everyone)
