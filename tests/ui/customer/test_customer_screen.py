"""The customer's screen: what they may know, in step with the sale; their own number typed by themselves and seen by nobody else."""

from __future__ import annotations

from dataclasses import fields
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.domain.ids import PromotionId
from app.domain.promotion import Promotion, PromotionKind
from app.i18n import LANGUAGES
from tests.ui.till_fixture import (
    E164,
    NEW_PHONE,
    OWNER_NUMBER,
    PHONE,
    SOAP,
    TEA,
    TillRig,
    close_rig,
    open_rig,
    rig,
)
from ui.context import Screen
from ui.customer.content import Figure, Phase, Shown
from ui.customer.drawing import places_of
from ui.customer.settings import SETTING, CustomerSettings, from_setting, to_setting
from ui.customer.window import CustomerWindow
from ui.devices.page import DevicesPage
from ui.keys import Action
from ui.sale.view import SaleView

__all__ = ["rig"]


@pytest.fixture
def till(rig: TillRig) -> TillRig:
    """A cashier at work, with a screen turned to the customer."""
    rig.sign_on()
    rig.window.listen_to_devices()
    rig.window.customer_screen.apply(CustomerSettings(is_on=True))
    settle()
    return rig


def settle() -> None:
    for _ in range(3):
        QApplication.processEvents()


def window(rig: TillRig) -> CustomerWindow:
    found = rig.window.customer_screen.window
    assert found is not None
    return found


def shown(rig: TillRig) -> Shown:
    settle()
    found = window(rig).shown
    assert found is not None
    return found


def tap(*keys: str, on: CustomerWindow) -> None:
    for key in keys:
        QTest.mouseClick(on.pad.keys[key], Qt.MouseButton.LeftButton)


def everything_said(found: Shown) -> str:
    return " ".join(str(getattr(found, one.name)) for one in fields(found))


# --- in step with the sale -----------------------------------------------------------------------------------------------


def test_the_customer_follows_the_sale_from_welcome_to_thanks(till: TillRig) -> None:
    assert shown(till).phase is Phase.WELCOME
    assert shown(till).shop == "好日子選物店"
    till.typist.scan(TEA)
    till.typist.scan(SOAP)
    found = shown(till)
    assert found.phase is Phase.GOODS
    assert [line.name for line in found.lines] == ["阿里山高山烏龍茶 150g", "手工皂"]
    assert (found.newest, found.main) == (1, Figure("合計", "NT$479"))
    till.typist.type(PHONE)
    found = shown(till)
    assert found.member == "王○明　0912-***-678"
    assert found.points.startswith("現有")
    assert found.main == Figure("合計", "NT$449"), "the member price shows at once"
    till.typist.press("Enter")
    assert shown(till).main == Figure("應付", "NT$449")
    till.typist.type("500")
    till.typist.press("Enter")
    found = shown(till)
    assert found.phase is Phase.THANKS
    assert found.main == Figure("找您", "NT$51")
    assert found.figures == (Figure("合計", "NT$449"), Figure("收您", "NT$500"))
    assert found.points == "這次得到 4 點，共 4 點"
    assert found.qr.startswith("R1:01-1-")
    till.typist.scan(SOAP)
    assert shown(till).phase is Phase.GOODS


def test_what_was_saved_stands_beside_each_line_and_above_the_total(till: TillRig) -> None:
    till.typist.type(PHONE)
    till.typist.scan(TEA)
    till.typist.scan(TEA)
    found = shown(till)
    assert (found.lines[0].quantity, found.lines[0].saved) == ("2 × NT$350", "省 NT$60")
    assert Figure("幫您省了", "NT$60") in found.figures


def test_thanks_end_after_a_minute(till: TillRig) -> None:
    till.typist.scan(SOAP)
    till.typist.press("Enter", "Enter")
    assert shown(till).phase is Phase.THANKS
    till.clock.forward(minutes=2)
    till.window.refresh_lamps()
    assert shown(till).phase is Phase.WELCOME


def test_a_locked_till_shows_no_goods(till: TillRig) -> None:
    till.typist.scan(SOAP)
    till.window.on_action(Action.LOCK)
    found = shown(till)
    assert (found.phase, found.lines, found.can_enter) == (Phase.WELCOME, (), False)


def test_what_runs_today_is_on_the_idle_screen_but_nothing_that_only_some_get(
    qtbot: QtBot, tmp_path: object
) -> None:
    def offer(number: int, name: str, **other: object) -> Promotion:
        return Promotion(
            PromotionId(UUID(int=number)), f"P{number}", name, PromotionKind.PERCENT, value=1000, **other
        )  # type: ignore[arg-type]

    offers = (
        offer(1, "手工皂九折"),
        offer(2, "茶葉九折", members_only=True),
        offer(3, "金卡專屬", tiers=frozenset({"gold"})),
        offer(4, "週末限定", weekdays=frozenset({(NOON_WEEKDAY + 3) % 7})),
    )
    opened = open_rig(qtbot, tmp_path, promotions=offers)  # type: ignore[arg-type]
    opened.sign_on()
    opened.window.listen_to_devices()
    opened.window.customer_screen.apply(CustomerSettings(is_on=True))
    assert shown(opened).promotions == ("手工皂九折", "會員：茶葉九折")
    close_rig(opened)


NOON_WEEKDAY = 5
"""The small shop's clock stands on a Saturday."""


def test_the_same_picture_is_painted_once_and_a_hidden_one_not_at_all(till: TillRig) -> None:
    till.typist.scan(SOAP)
    settle()
    painted = window(till).painted
    for _ in range(5):
        till.window.refresh_lamps()
        settle()
    assert window(till).painted == painted
    for _ in range(3):
        till.typist.scan(SOAP)
    settle()
    assert window(till).painted <= painted + 3
    window(till).hide()
    before = window(till).shown
    till.typist.scan(TEA)
    settle()
    assert window(till).shown is before


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_speaks_the_language_it_was_set_to_and_not_the_cashiers(till: TillRig, language: str) -> None:
    till.window.customer_screen.apply(CustomerSettings(is_on=True, language=language))
    till.typist.scan(SOAP)
    words = {"zh_TW": "您的商品", "zh_CN": "您的商品", "en": "Your items"}
    totals = {"zh_TW": "合計", "zh_CN": "合计", "en": "Total"}
    found = shown(till)
    assert (found.title, found.main) == (words[language], Figure(totals[language], "NT$99"))


def test_it_never_takes_the_keyboard_from_the_till(till: TillRig) -> None:
    QTest.mouseClick(window(till).button, Qt.MouseButton.LeftButton)
    tap("0", "9", on=window(till))
    view = till.window.stack.currentWidget()
    assert isinstance(view, SaleView)
    assert QApplication.focusWidget() is view.entry
    assert window(till).windowFlags() & Qt.WindowType.WindowDoesNotAcceptFocus


# --- the customer's own number --------------------------------------------------------------------------------------------


def words_of_the_till(rig: TillRig) -> str:
    """Everything the cashier could read."""
    view = rig.window.stack.currentWidget()
    assert isinstance(view, SaleView)
    labels = [label.text() for label in rig.window.findChildren(QLabel)]
    badge = view.customer.data
    told = [message.text for message in rig.messages.history]
    return " ".join([*labels, *told, view.entry.text(), str(badge), view.entry.accessibleDescription()])


def test_a_customer_finds_themselves_and_the_cashier_sees_no_more_than_the_mask(till: TillRig) -> None:
    till.typist.scan(SOAP)
    settle()
    QTest.mouseClick(window(till).button, Qt.MouseButton.LeftButton)
    tap(*PHONE, on=window(till))
    assert till.till.checkout.basket.member is None, "not before they say so"
    QTest.mouseClick(window(till).pad.ok, Qt.MouseButton.LeftButton)
    member = till.till.checkout.basket.member
    assert member is not None
    assert member.member.phone == E164
    assert window(till).pad.isHidden()
    assert window(till).pad.digits == ""
    said = words_of_the_till(till) + everything_said(shown(till))
    assert "0912-***-678" in said
    for whole in (PHONE, E164, "0912-345-678", "0912 345 678"):
        assert whole not in said


def test_what_the_cashier_types_stays_while_a_customer_types(till: TillRig) -> None:
    till.typist.scan(SOAP)
    settle()
    till.typist.type("1234")
    window(till).open_pad()
    tap(*PHONE, on=window(till))
    QTest.mouseClick(window(till).pad.ok, Qt.MouseButton.LeftButton)
    view = till.window.stack.currentWidget()
    assert isinstance(view, SaleView)
    assert view.entry.text() == "1234"
    assert till.till.checkout.basket.member is not None


def test_a_new_number_joins_only_when_the_customer_says_so(till: TillRig) -> None:
    till.typist.scan(SOAP)
    settle()
    window(till).open_pad()
    tap(*NEW_PHONE, on=window(till))
    QTest.mouseClick(window(till).pad.ok, Qt.MouseButton.LeftButton)
    assert window(till).pad.is_asking
    assert till.till.checkout.basket.member is None
    assert till.till.checkout.offered_phone is None, "the cashier is asked nothing"
    QTest.mouseClick(window(till).pad.ok, Qt.MouseButton.LeftButton)
    basket = till.till.checkout.basket
    assert basket.is_new_member
    assert basket.member is not None
    assert basket.member.member.phone == "+886987654321"
    assert NEW_PHONE not in words_of_the_till(till)
    till.typist.press("Enter", "Enter")
    assert till.store.members.by_phone("+886987654321") is not None


def test_not_now_leaves_nothing_behind(till: TillRig) -> None:
    till.typist.scan(SOAP)
    settle()
    window(till).open_pad()
    tap(*NEW_PHONE, on=window(till))
    QTest.mouseClick(window(till).pad.ok, Qt.MouseButton.LeftButton)
    QTest.mouseClick(window(till).pad.cancel, Qt.MouseButton.LeftButton)
    assert till.till.checkout.basket.member is None
    assert window(till).pad.digits == ""
    assert window(till).button.isVisible()


def test_a_wrong_number_is_said_to_the_customer_and_to_nobody_else(till: TillRig) -> None:
    window(till).open_pad()
    tap(*"0912", on=window(till))
    QTest.mouseClick(window(till).pad.ok, Qt.MouseButton.LeftButton)
    assert window(till).pad.isVisible()
    assert window(till).pad.digits == "0912"
    assert till.told == []


def test_a_forgotten_keypad_goes_by_itself(till: TillRig) -> None:
    window(till).open_pad()
    tap(*"0912", on=window(till))
    window(till).pad._forget.timeout.emit()
    assert window(till).pad.isHidden()
    assert window(till).pad.digits == ""


def test_the_keypad_goes_when_the_cashier_has_found_the_member(till: TillRig) -> None:
    till.typist.scan(SOAP)
    settle()
    window(till).open_pad()
    tap(*"09", on=window(till))
    till.typist.type(PHONE)
    settle()
    assert window(till).pad.isHidden()
    assert not shown(till).can_enter


def test_no_number_is_taken_once_money_was_taken(till: TillRig) -> None:
    till.typist.scan(TEA)
    till.typist.press("Enter")
    till.typist.type("100")
    till.typist.press("Enter")
    assert not shown(till).can_enter
    assert not window(till).button.isVisible()


def test_a_shop_may_keep_the_keypad_away(till: TillRig) -> None:
    till.window.customer_screen.apply(CustomerSettings(is_on=True, takes_numbers=False))
    till.typist.scan(SOAP)
    assert not shown(till).can_enter


# --- the setting ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def page(rig: TillRig) -> DevicesPage:
    rig.sign_on(OWNER_NUMBER)
    rig.window.listen_to_devices()
    rig.window.go_to(Screen.SETTINGS, DevicesPage.NAME)
    found = rig.window.stack.currentWidget().page  # type: ignore[union-attr]
    assert isinstance(found, DevicesPage)
    return found


def test_the_screen_is_switched_on_and_off_among_the_devices_and_stays_so(
    rig: TillRig, page: DevicesPage
) -> None:
    assert rig.window.customer_screen.window is None
    page.customer.is_on.button(True).click()
    assert rig.window.customer_screen.window is not None
    assert page.customer.words.isVisible(), "there is one screen, and that is said"
    page.customer.languages.button("en").click()
    kept = from_setting(rig.store.desk.setting(SETTING))
    assert (kept.is_on, kept.language) == (True, "en")
    rig.window.listen_to_devices()
    assert shown(rig).title == "Welcome"
    page.customer.is_on.button(False).click()
    assert rig.window.customer_screen.window is None
    assert not from_setting(rig.store.desk.setting(SETTING)).is_on


def test_closing_the_window_by_hand_switches_it_off(rig: TillRig, page: DevicesPage) -> None:
    page.customer.is_on.button(True).click()
    window(rig).close()
    settle()
    assert rig.window.customer_screen.window is None
    assert page.customer.is_on.value is False


def test_the_window_goes_with_the_till(till: TillRig) -> None:
    kept = window(till)
    till.window.close()
    assert not kept.isVisible()


def test_a_damaged_setting_is_the_default() -> None:
    assert from_setting(None) == CustomerSettings()
    assert from_setting({"is_on": 1, "language": "fr", "screen": 3}) == CustomerSettings()
    kept = CustomerSettings(True, "HDMI-1", False, "en")
    assert from_setting(to_setting(kept)) == kept


@pytest.mark.parametrize("size", [(1024, 768), (1920, 1080), (800, 480), (768, 1024)])
@pytest.mark.parametrize("phase", list(Phase))
def test_nothing_lies_outside_the_window_or_upon_each_other(size: tuple[int, int], phase: Phase) -> None:
    width, height = size
    places = places_of(width, height, phase)
    for box in (places.goods, places.side, places.button):
        assert box.left() >= 0
        assert box.top() >= 0
        assert box.right() <= width
        assert box.bottom() <= height
    if phase is not Phase.WELCOME:
        assert not places.goods.intersects(places.side)
