"""The tour's chapter of one member's life: brought by a friend, a tier, points and a printed coupon spent, goods back, and forgotten.

Everything is done at the till with keys, without a network; each step is held against the books. What the data folder must hold nothing of
afterwards is said by :data:`PERSON`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.domain.consent import Purpose
from app.domain.ids import MemberId, TransactionId
from app.domain.loyalty.coupon_benefit import Benefit, BenefitKind
from app.domain.loyalty.coupon_terms import CouponRules, CouponTerms, NextVisit
from app.domain.loyalty.points_rules import Bonus, BonusKind
from app.domain.loyalty.tiers import Tier, TierRights, TierRules
from app.domain.member import MemberCard
from app.domain.phone import national_number
from app.domain.pricing import StepKind
from app.domain.transaction import RetailTransaction, TransactionKind
from app.i18n import LANGUAGES, t
from ui.context import Screen
from ui.member.consents import ConsentSection
from ui.member.erase_sheet import EraseSheet
from ui.member.page import SECTIONS, MemberPage
from ui.member.points import PointsSection
from ui.member.privacy import PrivacySection
from ui.sale.approval import ApprovalSheet
from ui.theme import Mode
from ui.tour.guide import Guide, Lost
from ui.tour.selling import somebody_with_points
from ui.widgets.member_badge import MemberBadge
from ui.widgets.sheet import topmost

ReadPaper = Callable[[TransactionId], Sequence[str]]
"""What an outside decoder reads in the symbols of the paper that came out for this transaction."""


@dataclass(frozen=True, slots=True)
class Person:
    """Whose life it is: a name that nobody else in the shop has, and a number as it is typed and as it is kept."""

    name: str
    phone: str
    e164: str


PERSON: Final = Person("皇甫曦", "0988654317", "+886988654317")
WELCOME, FRIEND, REFERRER = 50, 20, 30
GOLD_FROM: Final = 1_500
GOLD_OFF: Final = 1_000  # hundredths of a percent
COUPON_OFF: Final = 20
SPENT: Final = 10
DEAR_FROM: Final = 300
BEFORE_ERASING: Final = "consent to be written to is withdrawn in one step"
"""The last step before the person is forgotten: until then the data folder is full of them."""
_NAMES: Final = {
    "zh_TW": ("金卡", "下次折 20"),
    "zh_CN": ("金卡", "下次减 20"),
    "en": ("Gold", "20 off next time"),
}


def chapters(guide: Guide, codes: dict[str, str], read_paper: ReadPaper) -> Iterator[Callable[[], None]]:
    """Every chapter, in order. ``codes`` are barcodes of goods in the shop by their SKU."""
    first, second, *_ = codes.values()
    yield lambda: write_rules(guide)
    yield lambda: rule_desk(guide)
    dear = _dear(guide)
    yield lambda: enrol_by_referral(guide, dear)
    yield lambda: reach_tier(guide, first, second)
    yield lambda: redeem(guide, second)
    yield lambda: printed_coupon(guide, dear, read_paper)
    yield lambda: explained(guide)
    yield lambda: looks(guide)
    yield lambda: withdraw(guide)
    yield lambda: erase(guide)


# --- what the owner promised -------------------------------------------------------------------------------------------


def write_rules(guide: Guide) -> None:
    """As the rule desk keeps them: bonuses, a tier, and a coupon for the next visit on every member's receipt."""
    with guide.step("the owner's rules are in force: bonuses, a tier, a coupon for the next visit"):
        till = guide.till
        gold, off = _NAMES[till.shop.language]
        bonuses = (
            Bonus(BonusKind.WELCOME, WELCOME),
            Bonus(BonusKind.REFERRAL, REFERRER, friend_points=FRIEND),
        )
        till.rules.save_points(replace(till.rules.points.rules, bonuses=bonuses))
        till.rules.save_tiers(
            TierRules(tiers=(Tier("gold", gold, GOLD_FROM, TierRights(percent_off=GOLD_OFF)),))
        )
        terms = CouponTerms("NEXT", off, Benefit(BenefitKind.AMOUNT, COUPON_OFF), days_valid=30)
        till.coupons.write_rules(CouponRules((terms,), next_visits=(NextVisit("NEXT", members_only=True),)))
        guide.check("points rules, version", till.rules.points.version > 0, True)
        guide.check("tiers", [tier.code for tier in till.rules.tiers.rules.tiers], ["gold"])


def rule_desk(guide: Guide) -> None:
    with guide.step("the rule desk says the rules in plain words, in three languages, light and dark"):
        for language, mode, look in _looks():
            with guide.looking_like(language=language, mode=mode):
                for page in ("earning", "tiers"):
                    guide.window.go_to(Screen.RULES, page)
                    guide.on(Screen.RULES)
                    guide.picture(f"rule-desk-{page}-{look}")
                said = guide.till.rules.describe_tiers(guide.till.rules.tiers.rules, language)
                guide.check(f"the tier in words, {look}", any("1,500" in one for one in said), True)
        guide.window.go_to(Screen.SALE, None)
        guide.on(Screen.SALE)


# --- a life ------------------------------------------------------------------------------------------------------------


def enrol_by_referral(guide: Guide, code: str) -> None:
    with guide.step("somebody joins, brought by a friend: both have their bonus with the first purchase"):
        friend = somebody_with_points(guide)
        guide.scan(code)
        guide.type(PERSON.phone)
        guide.press("Enter", "F2")
        guide.sheet_opens()
        guide.type(PERSON.name)
        guide.press("Enter")
        guide.type("0520")
        guide.press("Enter")
        guide.type(national_number(friend.member.phone))
        guide.picture("enrol-by-referral")
        guide.press("Enter", "Right", "Enter")
        guide.sheet_closes()
        guide.check("nothing is saved before the sale", guide.till.store.members.by_phone(PERSON.e164), None)
        guide.press("Enter", "Enter")
        sale, card = guide.newest_sale(), _card(guide)
        guide.check("new member", (sale.is_new_member, card.member.name), (True, PERSON.name))
        guide.check("birthday", card.member.birthday, "--05-20")
        brought = guide.till.store.membership.consents.referrer_of(card.member.id)
        guide.check("brought by", brought == friend.member.id, True)
        guide.check(
            "welcome, friend's bonus and goods", card.points, WELCOME + FRIEND + sale.points.earned_by_goods
        )
        again = guide.till.store.members.by_id(friend.member.id)
        guide.check("earned by the goods", sale.points.earned_by_goods > 0, True)
        guide.check("the friend's bonus", again.points - friend.points if again else None, REFERRER)
        standing = guide.till.consents.standing(card.member.id, Purpose.MARKETING)
        guide.check("may be written to", standing.is_granted if standing else None, True)
        guide.picture("joined")


def reach_tier(guide: Guide, first: str, second: str) -> None:
    with guide.step("the tier is reached within the sale, and the next one costs what the tier makes of it"):
        pieces = 2 * GOLD_FROM // _price(guide, first) + 1
        sale = _sell(guide, f"{pieces}*{first}")
        standing = guide.till.tiers.standing(_card(guide).member.id)
        guide.check("paid as much as the tier asks for", sale.total.minor >= GOLD_FROM, True)
        guide.check("tier reached", standing.tier.code if standing and standing.tier else "", "gold")
        guide.check("spent", standing.amount >= GOLD_FROM if standing else None, True)
        guide.check("proof on the ticket", any(area == "tiers" for area, _ in sale.moves.rules), True)
        guide.scan(second)
        guide.type(PERSON.phone)
        priced = guide.till.checkout.priced()
        line = priced.lines[0]
        steps = [step.kind for step in priced.steps[line.number]]
        cheaper = (StepKind.TIER, StepKind.MEMBER, StepKind.REGULAR)
        guide.check("the cheaper of tier and member price", steps[0] in cheaper, True)
        tier_price = line.list_price.minor * (10_000 - GOLD_OFF) // 10_000
        guide.check("no more than the tier's price", line.net.minor <= tier_price + 1, True)
        guide.press("F5")
        guide.sheet_opens()
        guide.picture("tier-price-explained")
        guide.press("Esc")
        guide.sheet_closes()
        guide.picture("gold-member")
        guide.press("Enter", "Enter")
        guide.check("sold", guide.newest_sale().lines[0].net.minor, line.net.minor)


def redeem(guide: Guide, code: str) -> None:
    with guide.step("a part of the points pays, and what is left is the sum of the ledger"):
        before = _card(guide).points
        guide.scan(code)
        guide.type(PERSON.phone)
        guide.press("Enter", "F4")
        guide.type(str(SPENT))
        guide.press("Enter")
        guide.picture("points-redeemed")
        guide.press("Enter")
        sale, card = guide.newest_sale(), _card(guide)
        guide.check("points spent", sale.points.spent, SPENT)
        guide.check("balance", card.points, before - SPENT + sale.points.earned)
        lots = guide.till.store.members.lots(card.member.id)
        guide.check("the lots make the balance", sum(lot.remaining for lot in lots), card.points)


def printed_coupon(guide: Guide, code: str, read_paper: ReadPaper) -> None:
    with guide.step(
        "the coupon on an earlier receipt is scanned from its paper; half of the goods come back"
    ):
        first = guide.till.store.journal.of_member(_card(guide).member.id)[-1]
        symbols = [text for text in read_paper(first.header.id) if not text.startswith("R1:")]
        guide.check("symbols of the coupon on the paper", len(symbols), 1)
        guide.scan(code)
        guide.scan(code)
        guide.type(PERSON.phone)
        plain = guide.till.checkout.priced().total.minor
        guide.scan(symbols[0])
        guide.check("on the counter", len(guide.till.checkout.basket.coupons), 1)
        guide.check("taken off", plain - guide.till.checkout.priced().total.minor, COUPON_OFF)
        guide.picture("printed-coupon")
        guide.press("Enter", "Enter")
        sold = guide.newest_sale()
        guide.check("used with this sale", [use.amount.minor for use in sold.moves.coupons], [COUPON_OFF])
        guide.check("nothing was asked of a server", guide.till.store.desk.unsent_count() > 0, True)
        guide.scan(code)
        guide.scan(symbols[0])
        guide.check("a second time", guide.told(), "error.coupon_used")
        guide.check("does nothing", len(guide.till.checkout.basket.coupons), 0)
        _empty(guide)
        _return_half(guide, sold)


def _return_half(guide: Guide, sold: RetailTransaction) -> None:
    before = _card(guide).points
    guide.press("F8")
    guide.on(Screen.RETURN)
    guide.type(sold.header.receipt_number)
    guide.press("Enter", "Right", "Enter")
    guide.on(Screen.SALE)
    guide.press("Enter", "Enter")
    back = guide.newest_sale()
    guide.check("kind", back.header.kind, TransactionKind.RETURN)
    left = guide.till.returns.by_receipt(sold.header.receipt_number)
    guide.check("pieces still to come back", [one.remaining_quantity for one in left.lines], [1000])
    guide.check("half of what was paid", abs(-back.total.minor * 2 - sold.total.minor) <= 1, True)
    guide.check("points come off again", back.points.taken_back > 0, True)
    guide.check("points taken back", before - _card(guide).points, back.points.taken_back)
    guide.picture("half-returned")


def explained(guide: Guide) -> None:
    with guide.step("the member key twice explains the balance: each lot, where from, when it dies"):
        guide.type(PERSON.phone)
        guide.press("F2")
        page = _page(guide)
        guide.picture("member-portrait")
        guide.press("F2")
        guide.settle()
        section = page.section
        if not isinstance(section, PointsSection):
            raise Lost("the member key twice does not show the points")
        card = _card(guide)
        lots = [lot for lot in guide.till.store.members.lots(card.member.id) if lot.remaining]
        guide.check("lots on the page", len(section.lots.rows), len(lots))
        guide.check("their sum is the balance", sum(lot.remaining for lot in lots), card.points)
        guide.check("the balance is on the page", f"{card.points:,}" in section.sum.text(), True)
        guide.check("every lot has an end", all(lot.expires_on is not None for lot in lots), True)
        own = {sale.header.receipt_number for sale in guide.till.store.journal.of_member(card.member.id)}
        named = [row for row in section.lots.rows if any(number in row.detail for number in own)]
        guide.check("every lot names its receipt", len(named), len(lots))
        guide.picture("balance-explained")
        guide.press("Esc")
        guide.sheet_closes()


def looks(guide: Guide) -> None:
    with guide.step("the member panel, the portrait and the points in three languages, light and dark"):
        for language, mode, look in _looks():
            with guide.looking_like(language=language, mode=mode):
                guide.picture(f"member-panel-{look}")
                guide.press("F2")
                guide.sheet_opens()
                guide.picture(f"portrait-{look}")
                guide.press("F2")
                guide.picture(f"points-explained-{look}")
                guide.check(look, t("member_page.section.points", language) in _buttons(guide), True)
                guide.press("Esc")
                guide.sheet_closes()


def withdraw(guide: Guide) -> None:
    with guide.step(BEFORE_ERASING):
        member_id = _card(guide).member.id
        _section(guide, ConsentSection.NAME)
        guide.press("Tab", "Enter")
        guide.until("the consent is withdrawn", lambda: guide.told() == "member_page.consent_withdrawn")
        standing = guide.till.consents.standing(member_id)
        guide.check("stands", standing.is_granted if standing else None, False)
        said = [
            one.is_granted
            for one in guide.till.consents.history(member_id)
            if one.purpose is Purpose.MARKETING
        ]
        guide.check("both are kept", said, [True, False])
        guide.check("on the card", _card(guide).member.has_marketing_consent, False)
        guide.picture("consent-withdrawn")
        guide.press("Esc")
        guide.sheet_closes()


def erase(guide: Guide) -> None:
    with guide.step("the member is forgotten; the sales stay under an id that names nobody"):
        card = _card(guide)
        sales = len(guide.till.store.journal.of_member(card.member.id))
        section = _section(guide, PrivacySection.NAME)
        assert isinstance(section, PrivacySection)
        guide.picture("before-erasing")
        section.erase.setFocus()
        guide.press("Enter")
        if not isinstance(topmost(guide.window), EraseSheet):
            raise Lost("nobody is asked before a member is erased")
        guide.type(PERSON.phone[-4:])
        guide.picture("erase-asked")
        guide.press("Enter")
        assert not isinstance(topmost(guide.window), ApprovalSheet)
        guide.until("they are forgotten", lambda: guide.told() == "member_page.erased")
        guide.back_to_sale()
        members = guide.till.store.members
        guide.check("by number", members.by_phone(PERSON.e164), None)
        guide.check("by name", len(members.search(PERSON.name)), 0)
        guide.check("by the last digits", len(members.search(PERSON.phone[-6:])), 0)
        shown = [badge.data for badge in guide.window.findChildren(MemberBadge) if badge.isVisible()]
        guide.check("on the screen", shown, [None])
        guide.check("at the counter", guide.till.checkout.basket.member, None)
        guide.check("sales stay", len(guide.till.store.journal.of_member(card.member.id)), sales)
        guide.check("points that were left have ended", _points_of(guide, card.member.id), 0)
        guide.picture("erased")


# --- hands and eyes ----------------------------------------------------------------------------------------------------


def _looks() -> Iterator[tuple[str, Mode, str]]:
    for language in LANGUAGES:
        for mode in Mode:
            yield language, mode, f"{language}-{mode.value}"


def _card(guide: Guide) -> MemberCard:
    card = guide.till.store.members.by_phone(PERSON.e164)
    if card is None:
        raise Lost("the member is not in the books")
    return card


def _points_of(guide: Guide, member_id: MemberId) -> int:
    return sum(lot.remaining for lot in guide.till.store.members.lots(member_id))


def _price(guide: Guide, code: str) -> int:
    item = guide.till.store.catalogue.by_barcode(code, guide.till.clock.now_ms())
    if item is None:
        raise Lost(f"no item {code}")
    return (item.member_price or item.price).minor


def _dear(guide: Guide) -> str:
    """The barcode of something that earns points by the piece."""
    for item in guide.till.store.catalogue.records(guide.till.clock.now_ms()):
        if (
            item.barcodes
            and item.is_active
            and item.is_discountable
            and item.earns_points
            and item.price >= DEAR_FROM
        ):
            return item.barcodes[0]
    raise Lost("nothing in the shop is dear")


def _sell(guide: Guide, entry: str) -> RetailTransaction:
    guide.type(entry)
    guide.press("Enter")
    guide.type(PERSON.phone)
    guide.press("Enter", "Enter")
    return guide.newest_sale()


def _page(guide: Guide) -> MemberPage:
    guide.sheet_opens()
    page = topmost(guide.window)
    if not isinstance(page, MemberPage):
        raise Lost("the member key does not show the member")
    return page


def _section(guide: Guide, name: str) -> object:
    """The member's page with this subject in sight, by arrow key."""
    guide.press("F2")
    page = _page(guide)
    page.subjects.focus()
    for _ in SECTIONS:
        if page.subjects.value == name:
            return page.section
        guide.press("Right")
    raise Lost(f"the member's page has no {name}")


def _buttons(guide: Guide) -> list[str]:
    page = _page(guide)
    return [page.subjects.button(kind.NAME).text() for kind in SECTIONS]


def _empty(guide: Guide) -> None:
    """Throw the basket away, by key."""
    guide.press("Ctrl+Del")
    guide.sheet_opens()
    guide.press("Enter")
    guide.sheet_closes()
