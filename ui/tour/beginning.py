"""The tour's first chapters: a shop is set up from nothing, and somebody signs on."""

from __future__ import annotations

from app.i18n import t
from ui.context import Screen
from ui.first_run.wizard import FirstRunWizard
from ui.tour.guide import Guide, Lost
from ui.tour.selling import OWNER, OWNER_PIN, leave_summary, sign_on

SHOP_NAME = "巷口雜貨"
OWNER_NAME = "林小店"
NEW_PIN = "739261"
NEW_FLOAT = "2000"
ENTER_MAX = 40


def set_up(guide: Guide) -> None:
    """The first-run pages by keys, in a window that has no shop yet; then the first sale of the new shop."""
    with guide.step("a shop of one's own is set up in four pages, and sells"):
        window = guide.window
        window.go_to(Screen.FIRST_RUN)
        wizard = window.stack.currentWidget()
        assert isinstance(wizard, FirstRunWizard)
        guide.type(SHOP_NAME)
        guide.picture("first-run-shop")
        _next_page(guide, wizard)
        while wizard.key_page.source.value != "file":
            guide.press("Down")
        guide.picture("first-run-key")
        _next_page(guide, wizard)
        guide.type(OWNER_NAME)
        guide.press("Enter", "Enter")
        guide.type(NEW_PIN)
        guide.press("Enter")
        guide.type(NEW_PIN)
        guide.picture("first-run-owner")
        _next_page(guide, wizard)
        while wizard.goods_page.source.value != "demo":
            guide.press("Right")
        guide.picture("first-run-goods")
        guide.press("Enter")
        guide.until("the shop is made", lambda: window.has_till)
        guide.check("name", guide.till.shop.name, SHOP_NAME)
        guide.check("set up", window.context.opener.is_set_up, True)
        _first_sale(guide)
        guide.till.close()


def _first_sale(guide: Guide) -> None:
    sign_on(guide, OWNER, NEW_PIN)
    guide.check("owner signs on", guide.till.session.require_operator().name, OWNER_NAME)
    guide.on(Screen.SHIFT)
    guide.press("Ctrl+A")
    guide.type(NEW_FLOAT)
    guide.press("Enter")
    guide.on(Screen.SALE)
    guide.type("TE001")
    guide.press("Enter", "Enter", "Enter")
    sale = guide.newest_sale()
    guide.check("receipt after the opening", sale.header.receipt_number, "01-1-A000002")
    guide.check("paid", sale.total.minor > 0, True)
    guide.picture("first-sale-of-the-new-shop")


def _next_page(guide: Guide, wizard: FirstRunWizard) -> None:
    before = wizard.page
    for _ in range(ENTER_MAX):
        if wizard.page is not before:
            return
        guide.press("Enter")
    raise Lost("the set-up does not go on")


def first_sign_on(guide: Guide) -> None:
    with guide.step("the owner signs on with number and PIN; a wrong PIN is refused"):
        guide.picture("sign-on")
        guide.type(OWNER)
        guide.press("Enter")
        guide.type("111222")
        guide.until("the PIN is refused", lambda: bool(guide.window.messages.history))
        guide.check("told", guide.told(), "error.sign_on_failed")
        guide.check("nobody works here", guide.till.session.operator, None)
        guide.picture("sign-on-refused")
        guide.press("Ctrl+A")
        guide.type(OWNER_PIN)
        guide.until("somebody is signed on", lambda: guide.till.session.operator is not None)
        guide.check("who works here", guide.till.session.require_operator().number, OWNER)
        leave_summary(guide)


def change_operator(guide: Guide) -> None:
    with guide.step("change of operator in one key"):
        guide.press("Ctrl+L")
        guide.check("locked", guide.till.session.operator, None)
        guide.check("title", t("signon.locked_title") in guide.words(), True)
        guide.picture("locked")
        sign_on(guide, OWNER, OWNER_PIN)
        guide.on(Screen.SALE)
        guide.check("who works here", guide.till.session.require_operator().number, OWNER)
