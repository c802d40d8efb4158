"""The tour's chapters at the counter: from sign-on to the change in the customer's hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from app.domain.member import MemberCard
from app.domain.phone import national_number
from app.domain.tender import TenderKind
from app.domain.transaction import ModifierKind, PriceSource, RetailTransaction, TransactionKind
from app.i18n import t
from app.service.checkout import Stage
from ui.context import Screen
from ui.sale.view import SaleView
from ui.tour.guide import Guide, Lost
from ui.widgets.result_list import ResultList

SHOPPING = ("MI001", "VE002", "VE003", "VE004", "2*BR003", "CO006")
OFFER_SENTENCES_MIN = 4
RECENT_MAX = 400
POINTS_MIN = 50
OWNER, OWNER_PIN = "01", "880101"
CASHIER, CASHIER_PIN = "03", "880303"
NEW_PHONE = "0987650321"
NEW_E164 = "+886987650321"
WRONG = {
    "4710088412349": "error.barcode_damaged",
    "09123a5678": "error.phone_almost",
    "01-1-A999999": "error.receipt_unknown",
    "0*": "error.quantity_out_of_range",
}
WORDS = {"zh_TW": ("烏龍", "wl"), "zh_CN": ("乌龙", "wl"), "en": ("oolong", "ool")}


def sign_on(guide: Guide, number: str, pin: str) -> None:
    guide.on(Screen.SIGN_ON)
    guide.type(number)
    guide.press("Enter")
    guide.type(pin)
    leave_summary(guide)


def leave_summary(guide: Guide) -> None:
    """An owner's day begins with the summary of the days before; Esc goes on to the work."""
    guide.until("somebody is signed on", lambda: guide.window.current_screen is not Screen.SIGN_ON)
    if guide.window.current_screen is Screen.OWNER:
        guide.picture("summary-first")
        guide.press("Esc")
        guide.until("the work", lambda: guide.window.current_screen is not Screen.OWNER)


def chapters(guide: Guide, codes: dict[str, str]) -> Iterator[Callable[[], None]]:
    """Every chapter, in order. ``codes`` are barcodes of goods in the shop by their SKU."""
    first, second, *_ = codes.values()
    yield lambda: _regular(guide)
    yield lambda: _new_member(guide, first, second)
    yield lambda: _same_member_again(guide, first)
    yield lambda: _search(guide)
    yield lambda: _weighed(guide)
    yield lambda: _hold_and_retrieve(guide, first, second)
    yield lambda: _wrong_input(guide)
    yield lambda: _discount_with_approval(guide, second)
    yield lambda: _split_tender(guide, first)
    yield lambda: _points(guide, first)
    yield lambda: _cancel(guide, first)
    yield lambda: _by_finger(guide)


def _regular(guide: Guide) -> None:
    with guide.step("a regular with a full basket: member prices, offers and points"):
        regular = somebody_with_points(guide)
        for sku in SHOPPING:
            guide.type(sku)
            guide.press("Enter")
        guide.type(national_number(regular.member.phone))
        basket = guide.till.checkout.basket
        guide.check("member", basket.member.member.id if basket.member else None, regular.member.id)
        guide.check("lines", len(basket.live_lines), len(SHOPPING))
        guide.picture("regular")
        savings = guide.till.checkout.priced().savings.minor
        guide.check("saves", savings > 0, True)
        guide.press("F5")
        guide.sheet_opens()
        guide.picture("offers")
        guide.check("offers are explained", len(guide.words()) > OFFER_SENTENCES_MIN, True)
        guide.press("Esc")
        guide.press("Enter", "Enter")
        sale = guide.newest_sale()
        kinds = {modifier.kind for line in sale.lines for modifier in line.modifiers}
        guide.check("an offer", ModifierKind.PROMOTION in kinds, True)
        guide.check("points earned", sale.points.earned > 0, True)
        card = guide.till.store.members.by_id(regular.member.id)
        balance = regular.points + sale.points.earned
        guide.check("points before and now", card.points if card else None, balance)


def somebody_with_points(guide: Guide) -> MemberCard:
    for sale in guide.till.store.journal.newest(RECENT_MAX):
        if isinstance(sale, RetailTransaction) and sale.member_id is not None:
            card = guide.till.store.members.by_id(sale.member_id)
            if card is not None and card.member.name and card.points >= POINTS_MIN:
                return card
    raise Lost("no member with a name and points among the newest sales")


def _new_member(guide: Guide, first: str, second: str) -> None:
    with guide.step("a new member from the number alone, exact cash: thirteen keys"):
        guide.picture("sale-empty")
        guide.scan(first)
        guide.scan(second)
        guide.scan(second)
        guide.picture("sale-basket")
        guide.type(NEW_PHONE)
        guide.check("number offered", guide.till.checkout.offered_phone, NEW_E164)
        guide.picture("new-member-offered")
        guide.press("Enter")
        card = guide.till.checkout.basket.member
        guide.check("member in the basket", card.member.phone if card else None, NEW_E164)
        guide.picture("member-attached")
        guide.press("Enter")
        guide.check("stage", guide.till.checkout.stage, Stage.TENDER)
        guide.picture("total")
        guide.press("Enter")
        guide.picture("sale-done")
        sale = guide.newest_sale()
        guide.check("kind", sale.header.kind, TransactionKind.SALE)
        guide.check("new member", sale.is_new_member, True)
        guide.check("lines", len(sale.lines), 2)
        guide.check("paid in cash", sale.paid_by(TenderKind.CASH), sale.total)
        guide.check("change", sale.change.minor, 0)
        found = guide.till.store.members.by_phone(NEW_E164)
        guide.check("points on the books", found.points if found else None, sale.points.earned)


def _same_member_again(guide: Guide, first: str) -> None:
    with guide.step("the same member again: twelve keys, change from a larger note"):
        guide.scan(first)
        guide.type(NEW_PHONE)
        card = guide.till.checkout.basket.member
        guide.check("found at the tenth digit", card.member.phone if card else None, NEW_E164)
        member_lines = [
            line.price_source is PriceSource.MEMBER for line in guide.till.checkout.priced().lines
        ]
        guide.press("Enter")
        guide.type("2000")
        guide.press("Enter")
        sale = guide.newest_sale()
        guide.check("new member", sale.is_new_member, False)
        guide.check("change", sale.change.minor, 2000 - sale.total.minor)
        guide.check("member price applied", any(member_lines), True)
        guide.picture("change")


def _search(guide: Guide) -> None:
    with guide.step("an item by two characters of its name and by its initials"):
        words = WORDS[guide.till.shop.language]
        guide.type(words[0])
        guide.until("results", lambda: bool(_hits(guide)))
        guide.picture("search-two-characters")
        by_name = _hits(guide)
        guide.press("Enter")
        guide.check("chosen", guide.till.checkout.basket.lines[-1].item.name, by_name[0])
        guide.type(words[1])
        guide.until("results by initials", lambda: bool(_hits(guide)))
        guide.picture("search-initials")
        guide.press("Esc")
        guide.check("all found hold the characters", all(words[0] in name.lower() for name in by_name), True)
        guide.press("Enter", "Enter")
        guide.check("sold", guide.newest_sale().lines[-1].name, by_name[0])


def _weighed(guide: Guide) -> None:
    with guide.step("a label from the scale brings its own weight"):
        item, plu = _weighed_item(guide)
        from app.domain.barcode import check_digit

        payload = f"28{plu:0>5}00385"
        guide.scan(payload + str(check_digit(payload)))
        line = guide.till.checkout.basket.lines[-1]
        guide.check("item", line.item.name, item)
        guide.check("grams", line.quantity, 385)
        guide.picture("weighed")
        guide.press("Enter", "Enter")
        guide.check("sold by weight", guide.newest_sale().lines[0].quantity, 385)


def _hold_and_retrieve(guide: Guide, first: str, second: str) -> None:
    with guide.step("a sale is held, another served, the first brought back"):
        guide.scan(first)
        guide.type(NEW_PHONE)
        guide.press("F7")
        guide.check("basket is free", guide.till.checkout.basket.is_empty, True)
        guide.check("held", len(guide.till.store.desk.held_sales()), 1)
        guide.picture("held")
        guide.scan(second)
        guide.press("Enter", "Enter")
        guide.scan(second)
        guide.scan(second)
        guide.press("F7")
        guide.check("two are held", len(guide.till.store.desk.held_sales()), 2)
        guide.press("F7")
        guide.sheet_opens()
        guide.picture("held-list")
        guide.press("Enter")
        guide.sheet_closes()
        guide.check("the newest first", guide.till.checkout.basket.member, None)
        guide.press("Enter", "Enter")
        guide.press("F7")
        guide.check("held after retrieving", len(guide.till.store.desk.held_sales()), 0)
        guide.check("lines back", len(guide.till.checkout.basket.live_lines), 1)
        guide.picture("retrieved")
        guide.press("Enter", "Enter")
        guide.check("its member", guide.newest_sale().member_id is not None, True)


def _wrong_input(guide: Guide) -> None:
    with guide.step("wrong input is told and changes nothing"):
        sales = guide.newest().header.id
        for text, sentence in WRONG.items():
            guide.type(text)
            guide.press("Enter")
            guide.check(f"told about {text}", guide.told(), sentence)
            if text.startswith("4710"):
                guide.picture("wrong-barcode")
            guide.press("Esc")
            _clear_line(guide)
        guide.check("basket", guide.till.checkout.basket.is_empty, True)
        guide.check("nothing was sold", guide.newest().header.id, sales)


def _discount_with_approval(guide: Guide, code: str) -> None:
    with guide.step("a discount above the cashier's limit: a second person grants it once"):
        guide.press("Ctrl+L")
        sign_on(guide, CASHIER, CASHIER_PIN)
        guide.on(Screen.SALE)
        guide.scan(code)
        guide.press("F6")
        guide.sheet_opens()
        guide.picture("discount")
        guide.type("30")
        guide.press("Enter")
        guide.settle()
        guide.picture("approval")
        guide.check("nothing is given yet", guide.till.checkout.basket.lines[-1].discount, None)
        _approve(guide)
        guide.check("discounts on the line", guide.till.checkout.basket.lines[-1].discount is not None, True)
        guide.picture("discounted")
        guide.press("Enter", "Enter")
        sale = guide.newest_sale()
        kinds = [modifier.kind for line in sale.lines for modifier in line.modifiers]
        guide.check("a line discount", ModifierKind.LINE_DISCOUNT in kinds, True)
        guide.check("approvals kept", len(sale.approvals), 1)
        approver = next(
            one for one in guide.till.store.people.operators() if one.id == sale.approvals[0].approved_by
        )
        guide.check("approved by", approver.number, OWNER)


def _approve(guide: Guide) -> None:
    guide.sheet_opens()
    guide.type(OWNER)
    guide.press("Enter")
    guide.type(OWNER_PIN)
    guide.sheet_closes()


def _split_tender(guide: Guide, code: str) -> None:
    with guide.step("part by card, the rest in cash"):
        guide.scan(code)
        guide.scan(code)
        guide.press("Enter")
        total = guide.till.checkout.priced().total.minor
        guide.type("10")
        guide.press("F9")
        guide.sheet_opens()
        guide.type("1")
        guide.picture("other-tenders")
        guide.type("A1B2C3")
        guide.press("Enter")
        guide.sheet_closes()
        guide.check("left to pay", guide.till.checkout.due().minor, total - 10)
        guide.picture("split")
        guide.press("Enter")
        sale = guide.newest_sale()
        guide.check("by card", sale.paid_by(TenderKind.CARD).minor, 10)
        guide.check("in cash", sale.paid_by(TenderKind.CASH).minor, total - 10)
        guide.check("approval code kept", sale.tenders[0].reference, "A1B2C3")


def _points(guide: Guide, code: str) -> None:
    with guide.step("points are earned, and pay a part of the next purchase"):
        guide.type(f"40*{code}")
        guide.press("Enter")
        guide.type(NEW_PHONE)
        guide.press("Enter", "Enter")
        earned = guide.newest_sale().points.earned
        guide.check("points earned", earned > 0, True)
        guide.scan(code)
        guide.type(NEW_PHONE)
        card = guide.till.checkout.basket.member
        balance = card.points if card else 0
        guide.press("F2")
        guide.sheet_opens()
        guide.picture("member-page")
        guide.press("F2")
        guide.picture("balance-explained")
        lots = guide.till.store.members.lots(card.member.id) if card else ()
        guide.check("the lots make the balance", sum(lot.remaining for lot in lots), balance)
        told = t("member.points_some", points=f"{balance:,}")
        rows = [row.title for each in guide.window.findChildren(ResultList) for row in each.rows]
        guide.check("explained", told in rows, True)
        guide.press("Esc")
        guide.sheet_closes()
        guide.press("Enter")
        guide.press("F4")
        guide.picture("points-asked")
        guide.type("5")
        guide.press("Enter")
        guide.picture("points-taken")
        guide.press("Enter")
        sale = guide.newest_sale()
        guide.check("points spent", sale.points.spent, 5)
        guide.check("paid by points", sale.paid_by(TenderKind.POINTS).minor, 5)
        found = guide.till.store.members.by_phone(NEW_E164)
        guide.check(
            "balance is the sum of the ledger",
            found.points if found else None,
            balance - 5 + sale.points.earned,
        )


def _cancel(guide: Guide, code: str) -> None:
    with guide.step("a member by the last digits; then the whole sale is cancelled, with a reason"):
        newest = guide.newest().header.id
        guide.scan(code)
        guide.press("F2")
        guide.sheet_opens()
        guide.type(NEW_PHONE[-4:])
        guide.picture("find-member")
        guide.press("Enter")
        guide.sheet_closes()
        card = guide.till.checkout.basket.member
        guide.check("found", card.member.phone if card else None, NEW_E164)
        guide.press("Ctrl+Del")
        guide.sheet_opens()
        guide.picture("cancel")
        guide.press("Enter")
        guide.sheet_closes()
        guide.check("basket", guide.till.checkout.basket.is_empty, True)
        guide.check("member", guide.till.checkout.basket.member, None)
        guide.check("nothing was sold", guide.newest().header.id, newest)


def _by_finger(guide: Guide) -> None:
    with guide.step("a sale by finger alone: two tiles, the keypad, the big button"):
        view = _sale_view(guide)
        one, two, *_ = view.tiles.tiles
        names = [one.data.label, two.data.label]
        for tile in (one, two):
            guide.tap(tile)
        guide.check("lines", len(guide.till.checkout.basket.live_lines), len(names))
        guide.tap(view.go)
        guide.tap(view.pad_toggle)
        guide.picture("keypad")
        for digit in "1000":
            guide.tap(view.pad.key(digit))
        guide.check("keyed", view.entry.text(), "1000")
        guide.tap(view.go)
        sale = guide.newest_sale()
        guide.check("change", sale.change.minor, 1000 - sale.total.minor)
        guide.tap(view.pad_toggle)
        guide.picture("change-by-finger")


def _clear_line(guide: Guide) -> None:
    guide.press("Ctrl+A", "Backspace")


def _hits(guide: Guide) -> list[str]:
    return [hit.name for hit in _sale_view(guide).flow.hits]


def _sale_view(guide: Guide) -> SaleView:
    view = guide.window.stack.currentWidget()
    assert isinstance(view, SaleView)
    return view


def _weighed_item(guide: Guide) -> tuple[str, str]:
    for record in guide.till.store.catalogue.records(guide.till.clock.now_ms()):
        if record.plu and record.is_active:
            return record.name, record.plu
    raise Lost("no weighed item in the shop")
