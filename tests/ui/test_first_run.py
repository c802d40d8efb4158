"""The set-up from end to end with keys alone: an empty folder becomes a shop whose till opens."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from app import i18n
from app.bootstrap import Opener
from app.config import Config
from app.domain.authority import Role
from app.domain.errors import TillError
from app.i18n import t
from app.service.till import Till, TillOpener
from tests.ui.till_fixture import TillRig, rig
from ui.context import Screen
from ui.first_run.wizard import FirstRunWizard
from ui.settings.import_sheet import ImportSheet

__all__ = ["rig"]

PIN = "528174"


@pytest.fixture
def opener(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Opener:
    """The real one, on a machine without a key store."""
    monkeypatch.setattr(Opener, "has_keyring", lambda self: False)
    return Opener(Config(tmp_path / "data"))


@pytest.fixture
def wizard(rig: TillRig, opener: Opener) -> FirstRunWizard:
    use_opener(rig, opener)
    rig.window.go_to(Screen.FIRST_RUN)
    QApplication.processEvents()
    view = rig.window.stack.currentWidget()
    assert isinstance(view, FirstRunWizard)
    return view


def use_opener(rig: TillRig, opener: TillOpener) -> None:
    rig.window.context = replace(rig.window.context, opener=opener)


def press(text: str = "", *then: Qt.Key) -> None:
    for one in (*text, *then):
        focus = QApplication.focusWidget()
        assert focus is not None, "somebody has the focus"
        QTest.keyClick(focus, one)


def fill_shop() -> None:
    press("Tea House", Qt.Key.Key_Return)
    press("22099131", Qt.Key.Key_Return)
    press("02-23456789", Qt.Key.Key_Return)
    press("", Qt.Key.Key_Return, Qt.Key.Key_Return)


def fill_owner() -> None:
    press("Mei", Qt.Key.Key_Return)
    press("", Qt.Key.Key_Return)
    press(PIN, Qt.Key.Key_Return)
    press(PIN, Qt.Key.Key_Return)


def opened(rig: TillRig, before: Till) -> Till:
    assert rig.window.till is not before
    return rig.window.till


def test_a_shop_is_set_up_with_keys_alone_and_its_till_opens(
    rig: TillRig, opener: Opener, wizard: FirstRunWizard
) -> None:
    before = rig.till
    fill_shop()
    assert wizard.page is wizard.key_page
    press("", Qt.Key.Key_Right)  # a key file instead of a passphrase
    press("", Qt.Key.Key_Return)
    assert wizard.page is wizard.owner_page
    fill_owner()
    assert wizard.page is wizard.goods_page
    press("", Qt.Key.Key_Right)  # the demo's goods
    press("", Qt.Key.Key_Return)
    till = opened(rig, before)
    assert (till.shop.name, till.shop.tax_id, till.shop.phone) == ("Tea House", "22099131", "02-23456789")
    assert till.authority.sign_on("01", PIN).role is Role.OWNER
    assert till.store.catalogue.tiles()
    assert opener.is_set_up
    assert rig.window.current_screen is Screen.SIGN_ON
    assert till.keeper is not None
    assert till.keeper.about().key_source == "file"


def test_a_passphrase_opens_the_shop_again_and_nothing_else_does(
    rig: TillRig, opener: Opener, wizard: FirstRunWizard
) -> None:
    before = rig.till
    fill_shop()
    wizard.key_page.passphrase.set_text("long enough words")
    wizard.key_page.again.set_text("long enough words")
    wizard.go_on()
    fill_owner()
    wizard.goods_page.source.set_value("later")
    wizard.go_on()
    till = opened(rig, before)
    assert till.shop.name == "Tea House"
    till.close()
    assert opener.needs_passphrase()
    with pytest.raises(TillError):
        opener.open("other words altogether")
    again = opener.open("long enough words")
    assert again.shop.name == "Tea House"
    again.close()


def test_a_goods_file_is_previewed_on_the_new_till_before_it_is_imported(
    rig: TillRig, wizard: FirstRunWizard, tmp_path: Path
) -> None:
    file = tmp_path / "goods.csv"
    file.write_text("品名,售價\n高粱醋,120\n", "utf-8")
    before = rig.till
    fill_shop()
    wizard.key_page.source.set_value("file")
    wizard.go_on()
    fill_owner()
    press("", Qt.Key.Key_Return)
    sheet = rig.sheet
    assert isinstance(sheet, ImportSheet)
    sheet.read(file)
    press("", Qt.Key.Key_Return)
    press("", Qt.Key.Key_Return)
    till = opened(rig, before)
    assert till.store.catalogue.search("高粱醋", till.clock.now_ms())


def test_wrong_answers_are_refused_beside_their_fields(wizard: FirstRunWizard) -> None:
    wizard.go_on()
    assert wizard.page is wizard.shop_page
    assert wizard.shop_page.name.note.text() == t("error.shop_name_needed")
    wizard.shop_page.name.set_text("Tea House")
    wizard.shop_page.tax_id.set_text("12345678")
    wizard.go_on()
    assert wizard.shop_page.tax_id.note.text() == t("error.tax_id_wrong", number="12345678")
    wizard.shop_page.tax_id.set_text("")
    wizard.go_on()
    wizard.key_page.passphrase.set_text("short")
    wizard.go_on()
    assert wizard.key_page.passphrase.note.text() == t("error.passphrase_short", length_min=8)
    wizard.key_page.source.set_value("file")
    wizard.go_on()
    owner = wizard.owner_page
    owner.name.set_text("Mei")
    owner.pin.set_text("111111")
    wizard.go_on()
    assert owner.pin.note.text() == t("error.pin_too_simple")
    owner.pin.set_text(PIN)
    owner.again.set_text("528175")
    wizard.go_on()
    assert owner.again.note.text() == t("error.pins_differ")


def test_esc_goes_back_a_page_at_a_time_and_keeps_what_was_typed(
    rig: TillRig, opener: Opener, wizard: FirstRunWizard
) -> None:
    fill_shop()
    press("", Qt.Key.Key_Escape)
    assert wizard.page is wizard.shop_page
    assert wizard.shop_page.name.text == "Tea House"
    press("", Qt.Key.Key_Escape)
    assert not opener.is_set_up


def test_the_language_changes_as_soon_as_it_is_chosen(wizard: FirstRunWizard) -> None:
    wizard.shop_page.language.button("en").click()
    assert i18n.language() == "en"
    assert wizard.shop_page.name.label.text() == t("firstrun.shop.name", "en")
    assert wizard.next.text() == t("firstrun.next", "en")


def test_nothing_of_the_demo_shop_is_seen_while_a_shop_of_ones_own_is_set_up(
    rig: TillRig, wizard: FirstRunWizard
) -> None:
    shown = [label.text() for label in rig.window.header.findChildren(QLabel) if label.isVisible()]
    assert shown == [t("signon.product")]
    rig.window.go_to(Screen.SIGN_ON)
    shown = [label.text() for label in rig.window.header.findChildren(QLabel) if label.isVisible()]
    assert rig.till.shop.name in shown
