"""The tour's first chapters: a shop is set up from nothing, and somebody signs on."""

from __future__ import annotations

from dataclasses import replace

from app.service.till import Till, TillOpener
from ui.context import Screen
from ui.first_run.wizard import FirstRunWizard
from ui.tour.guide import Guide, Lost
from ui.tour.selling import OWNER, OWNER_PIN, sign_on

SHOP_NAME = "巷口雜貨"
OWNER_NAME = "林小店"
NEW_PIN = "739261"
ENTER_MAX = 40


def set_up(guide: Guide, new_shop: TillOpener) -> None:
    """The first-run pages by keys; the demo shop stays as it is."""
    with guide.step("a shop of one's own is set up in four pages"):
        made: list[Till] = []
        window = guide.window
        shown = window.stack.currentWidget()
        assert shown is not None
        context = replace(window.context, opener=new_shop, use_till=made.append)
        wizard = FirstRunWizard(None, context, window)
        window.stack.addWidget(wizard)
        window.stack.setCurrentWidget(wizard)
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
        guide.until("the shop is made", lambda: bool(made))
        shop = made[0]
        guide.check("name", shop.shop.name, SHOP_NAME)
        guide.check("set up", new_shop.is_set_up, True)
        shop.authority.sign_on(OWNER, NEW_PIN)
        guide.check("owner signs on", shop.session.require_operator().name, OWNER_NAME)
        shop.close()
        window.stack.setCurrentWidget(shown)
        window.stack.removeWidget(wizard)
        wizard.deleteLater()
        window.go_to(Screen.SIGN_ON)


def _next_page(guide: Guide, wizard: FirstRunWizard) -> None:
    before = wizard.page
    for _ in range(ENTER_MAX):
        if wizard.page is not before:
            return
        guide.press("Enter")
    raise Lost("the set-up does not go on")


def first_sign_on(guide: Guide) -> None:
    with guide.step("the owner signs on with number and PIN"):
        guide.picture("sign-on")
        sign_on(guide, OWNER, OWNER_PIN)
        operator = guide.till.session.operator
        guide.check("who works here", operator.number if operator else None, OWNER)


def change_operator(guide: Guide) -> None:
    with guide.step("change of operator in one key"):
        guide.press("Ctrl+L")
        guide.picture("locked")
        sign_on(guide, OWNER, OWNER_PIN)
        guide.on(Screen.SALE)
        operator = guide.till.session.operator
        guide.check("who works here", operator.number if operator else None, OWNER)
