"""The rule desk by its keys: a rule is changed, tried, kept as a version, and the next sale goes by it while an old one keeps its own."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app import i18n
from app.domain.loyalty.documents import RuleArea
from app.domain.transaction import RetailTransaction
from app.i18n import t
from tests.ui.till_fixture import (
    CASHIER_NUMBER,
    OWNER_NUMBER,
    PHONE,
    PIN,
    SOAP,
    SUPERVISOR_NUMBER,
    TEA,
    TillRig,
    rig,
)
from ui.context import Screen
from ui.rules.blanks import ChosenBlank, TypedBlank
from ui.rules.page import RulePage
from ui.rules.pick import GoodsSheet, PickManySheet
from ui.rules.previews import PointsPreview
from ui.rules.save_sheet import SaveSheet
from ui.rules.versions_sheet import VersionsSheet
from ui.rules.view import NAMES, RulesView
from ui.rules.what_if_sheet import WhatIfSheet
from ui.sale.list_sheet import ListSheet
from ui.settings.view import SettingsView
from ui.tasks import Worker
from ui.widgets.sheet import Sheet

__all__ = ["rig"]


def on_desk(rig: TillRig, page: str = "earning", number: str = OWNER_NUMBER) -> RulesView:
    rig.till.authority.sign_on(number, PIN)
    rig.window.go_to(Screen.RULES, page)
    QApplication.processEvents()
    view = rig.window.stack.currentWidget()
    assert isinstance(view, RulesView)
    return view


def page_of(rig: TillRig, name: str = "earning") -> RulePage:
    page = on_desk(rig, name).page
    assert isinstance(page, RulePage)
    return page


def is_closed(rig: TillRig) -> bool:
    """Whether no sheet is open."""
    return rig.sheet is None


def put(widget: QWidget, text: str) -> None:
    """Key this in the place of what stands there."""
    assert isinstance(widget, TypedBlank)
    widget.setFocus()
    widget.selectAll()
    if text.isascii():
        QTest.keyClicks(widget, text)
    else:  # as an input method hands it over
        widget.setText(text)
    QApplication.processEvents()


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, key, modifier)
    QApplication.processEvents()


def sell(rig: TillRig, phone: str, code: str = TEA, times: int = 1) -> RetailTransaction:
    """One sale to this member at the counter's own services."""
    till = rig.till
    till.checkout.enter(phone)
    for _ in range(times):
        till.checkout.enter(code)
    till.checkout.enter("")
    till.checkout.enter("")
    done = till.completion.commit(till.completion.prepare(till.checkout))
    till.checkout.start_new()
    return done.transaction


def points_of(sale: RetailTransaction) -> int:
    return sale.points.earned


def save_now(rig: TillRig) -> None:
    rig.typist.press("Ctrl+S")
    assert isinstance(rig.sheet, SaveSheet)
    press(Qt.Key.Key_Return)
    assert is_closed(rig)


def test_a_changed_rate_is_tried_kept_and_used_by_the_next_sale_alone(rig: TillRig) -> None:
    page = page_of(rig)
    assert isinstance(page.preview, PointsPreview)
    old = sell(rig, PHONE)
    assert page.preview.result.text() == t("rules_ui.sample.earns", points="12")
    put(page.sections["base"].rows[0].blank("step"), "50")
    assert page.preview.result.text() == t("rules_ui.sample.earns", points="25")
    assert any("NT$50" in one for one in page.words.sentences)
    assert rig.till.rules.points.rules.base.step_minor == 100, "a draft holds nowhere yet"
    save_now(rig)
    assert rig.told[-1] == "rules_ui.saved_now"
    new = sell(rig, PHONE)
    kept = rig.store.journal.get(old.header.id)
    assert isinstance(kept, RetailTransaction)
    assert (points_of(kept), kept.points.rule_version) == (3, 1)
    assert (points_of(new), new.points.rule_version) == (7, 2)
    assert [one.version for one in rig.till.rules.versions(RuleArea.POINTS)] == [2, 1]
    assert not page.is_changed


def test_rules_from_the_next_business_day_leave_today_alone(rig: TillRig) -> None:
    page = page_of(rig)
    put(page.sections["base"].rows[0].blank("step"), "10")
    rig.typist.press("Ctrl+S")
    sheet = rig.sheet
    assert isinstance(sheet, SaveSheet)
    press(Qt.Key.Key_Right)
    assert sheet.when.value is True
    sheet.note.set_text("年終")
    press(Qt.Key.Key_Return)
    assert rig.told[-1] == "rules_ui.saved_later"
    assert points_of(sell(rig, PHONE)) == 3
    (coming, *_) = rig.till.rules.versions(RuleArea.POINTS)
    assert (coming.note, coming.valid_from > rig.clock.now_ms()) == ("年終", True)
    assert page.state.text().startswith(t("rules_ui.state.coming", version=2, when="")[:5])
    assert page.sections["base"].rows[0].blank("step").value == 100


def test_a_blank_that_cannot_be_read_says_what_to_do_and_nothing_is_kept(rig: TillRig) -> None:
    page = page_of(rig)
    step = page.sections["base"].rows[0].blank("step")
    put(step, "0")
    row = page.sections["base"].rows[0]
    assert row.note.text() == t("error.rule_amount_least", least="NT$1")
    assert step.property("refused") is True
    assert page.message.text() == t("rules_ui.draft_wrong")
    page.preview.on_sample() if page.preview else None
    page.sections["base"].rows[0].switch.setFocus()
    rig.typist.press("Ctrl+S")
    assert is_closed(rig)
    assert QApplication.focusWidget() is step
    put(step, "80")
    assert row.note.isHidden()
    assert page.message.isHidden()


def test_rules_are_added_with_conditions_and_taken_away_by_keys(rig: TillRig) -> None:
    page = page_of(rig)
    section = page.sections["multipliers"]
    section.add_button.setFocus()
    press(Qt.Key.Key_Insert)
    assert isinstance(rig.sheet, ListSheet)
    press(Qt.Key.Key_Return)
    (row,) = section.rows
    weekdays = row.blank("weekdays")
    assert QApplication.focusWidget() is weekdays
    assert row.note.text() == t("error.rule_choice_needed")
    press(Qt.Key.Key_Return)
    assert isinstance(rig.sheet, PickManySheet)
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Space)
    press(Qt.Key.Key_Return)
    assert row.note.isHidden()
    assert page.draft.multipliers[0].weekdays == frozenset({2})
    put(row.blank("factor"), "3")
    assert any("×3" in one for one in page.words.sentences)
    row.add_clause("birthday_month")
    assert page.draft.multipliers[0].in_birthday_month
    row.drop_clause("birthday_month")
    row.blank("factor").setFocus()
    rig.typist.press("Ctrl+Del")
    assert section.rows == []
    assert page.draft.multipliers == ()


def test_a_multiplier_on_goods_counts_in_the_preview_with_those_goods(rig: TillRig) -> None:
    page = page_of(rig)
    preview = page.preview
    assert isinstance(preview, PointsPreview)
    row = page.sections["multipliers"].add_row("for_goods")
    row.blank("goods").setFocus()
    press(Qt.Key.Key_Return)
    sheet = rig.sheet
    assert isinstance(sheet, GoodsSheet)
    sheet.entry.setText("烏龍")
    press(Qt.Key.Key_Return)
    assert sheet.list.current is None or sheet.entry.text() == ""
    press(Qt.Key.Key_Return)
    assert is_closed(rig)
    assert "阿里山" in row.blank("goods").text()
    before = preview.result.text()
    sample = preview.what.add_row("sample_item")
    item = sample.blank("item")
    assert isinstance(item, ChosenBlank)
    item.take(rig.store.catalogue.by_barcode(TEA, rig.clock.now_ms()).id)  # type: ignore[union-attr]
    assert preview.result.text() != before
    assert any("×2" in one for one in preview.lines.sentences)


def test_the_first_version_can_be_had_again_as_a_third(rig: TillRig) -> None:
    page = page_of(rig)
    put(page.sections["base"].rows[0].blank("step"), "50")
    save_now(rig)
    page.versions.click()
    sheet = rig.sheet
    assert isinstance(sheet, VersionsSheet)
    assert not sheet.use.isEnabled()
    press(Qt.Key.Key_Down)
    assert any("NT$100" in one for one in sheet.words.sentences)
    press(Qt.Key.Key_Return)
    save = rig.sheet
    assert isinstance(save, SaveSheet)
    assert save.note.text == t("rules_ui.versions.back_note", version=1)
    press(Qt.Key.Key_Return)
    assert rig.till.rules.points.version == 3
    assert rig.till.rules.points.rules.base.step_minor == 100
    assert [one.version for one in rig.till.rules.versions(RuleArea.POINTS)] == [3, 2, 1]


def test_a_draft_stays_while_another_page_is_looked_at_and_can_be_given_up(rig: TillRig) -> None:
    view = on_desk(rig)
    page = view.page
    assert isinstance(page, RulePage)
    put(page.sections["base"].rows[0].blank("step"), "50")
    assert "●" in view.subjects.button("earning").text()
    view.show_page("tiers")
    rig.window.go_to(Screen.SALE)
    rig.window.go_to(Screen.RULES, "earning")
    assert page.draft != page.area.current()[1]
    page.undo.click()
    assert not page.is_changed
    assert "●" not in view.subjects.button("earning").text()


def test_a_new_tier_shows_its_card_and_follows_another_basis(rig: TillRig) -> None:
    page = page_of(rig, "tiers")
    row = page.sections["tiers"].add_row("tier")
    put(row.blank("name"), "金卡")
    put(row.blank("threshold"), "10000")
    assert page.preview is not None
    assert page.preview.result.text() == t("rules_ui.sample.tier", tier="金卡")
    basis = page.sections["basis"].rows[0].blank("basis")
    basis.setFocus()
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Down)
    assert page.sections["tiers"].rows[0].form == "tier_visits"
    assert page.draft.tiers[0].threshold == 10_000
    put(page.sections["tiers"].rows[0].blank("threshold"), "5")
    save_now(rig)
    assert rig.till.rules.tiers.rules.tiers[0].name == "金卡"


def test_what_if_says_what_it_would_have_cost_and_changes_nothing(rig: TillRig) -> None:
    page = page_of(rig)
    for _ in range(3):
        sell(rig, PHONE)
    put(page.sections["base"].rows[0].blank("step"), "50")
    facts = rig.store.mark.seq
    page.what_if.click()
    sheet = rig.sheet
    assert isinstance(sheet, WhatIfSheet)
    result = sheet.result
    assert result is not None
    assert (result.sales, result.before.points, result.after.points) == (3, 9, 21)
    assert "12" in sheet.words.text()
    assert "NT$12" in sheet.words.text()
    assert sheet.caution.isVisible()
    assert sheet.table.rowCount() == 1
    assert rig.store.mark.seq == facts
    assert rig.till.rules.points.version == 1


def test_what_if_without_sales_says_so(rig: TillRig) -> None:
    page = page_of(rig)
    page.what_if.click()
    sheet = rig.sheet
    assert isinstance(sheet, WhatIfSheet)
    assert sheet.words.text() == t("rules_ui.what_if.no_sales", days=90)


class Held:
    """An executor that keeps the work until it is told to go on."""

    def __init__(self) -> None:
        self.work: list[Callable[[], None]] = []

    def submit(self, work: Callable[[], None], /) -> object:
        self.work.append(work)
        return None

    def shutdown(self) -> None:
        self.work.clear()


def test_what_if_cancelled_midway_leaves_everything(rig: TillRig) -> None:
    page = page_of(rig)
    sell(rig, PHONE)
    put(page.sections["base"].rows[0].blank("step"), "50")
    facts = rig.store.mark.seq
    held = Held()
    rig.tasks._executors[Worker.POOL] = held
    page.what_if.click()
    sheet = rig.sheet
    assert isinstance(sheet, WhatIfSheet)
    assert sheet.is_running
    press(Qt.Key.Key_Escape)
    assert rig.sheet is sheet, "the first Esc stops what runs"
    assert sheet.words.text() == t("rules_ui.what_if.stopped")
    worker = threading.Thread(target=held.work[0])
    worker.start()
    worker.join()
    QApplication.processEvents()
    assert sheet.result is None
    press(Qt.Key.Key_Escape)
    assert is_closed(rig)
    assert page.is_changed
    assert rig.store.mark.seq == facts
    assert rig.till.rules.points.version == 1


@pytest.mark.parametrize("number", [CASHIER_NUMBER, SUPERVISOR_NUMBER])
def test_who_may_not_change_settings_finds_no_door(rig: TillRig, number: str) -> None:
    rig.till.authority.sign_on(number, PIN)
    rig.window.go_to(Screen.RULES, None)
    assert rig.window.current_screen is Screen.SALE
    rig.window.go_to(Screen.SETTINGS, None)
    settings = rig.window.stack.currentWidget()
    assert isinstance(settings, SettingsView)
    assert settings.subjects.button("loyalty").isHidden()


@pytest.mark.parametrize("language", ["zh_TW", "zh_CN", "en"])
def test_every_page_is_made_in_every_language_and_every_blank_has_a_name(rig: TillRig, language: str) -> None:
    i18n.set_language(language)
    view = on_desk(rig)
    for name in NAMES:
        view.show_page(name)
        page = view.page
        if isinstance(page, RulePage):
            for section in page.sections.values():
                for preset in section.section.adds if not section.section.is_fixed else ():
                    row = section.add_row(preset.name)
                    assert all(widget.accessibleName() for widget in row._blanks.values())
        QApplication.processEvents()
        assert page.minimumSizeHint().width() <= view.stack.width() + 1, name
    assert not [each for each in view.window().findChildren(Sheet) if each.isVisible()]


def test_consent_words_become_another_version_and_need_every_language(rig: TillRig) -> None:
    from app.domain.consent import Purpose
    from ui.rules.consent_page import ConsentPage

    page = on_desk(rig, "consent").page
    assert isinstance(page, ConsentPage)
    box = page.boxes[Purpose.MARKETING, "en"]
    box.setPlainText("")
    page.save()
    assert page.message.text() == t("error.consent_text_missing")
    box.setFocus()
    QTest.keyClicks(box, "May we write to you?")
    page.save()
    assert rig.told[-1] == "rules_ui.consent.saved"
    text = rig.till.consents.text(Purpose.MARKETING, "en")
    assert (text.words, text.version) == ("May we write to you?", "1/en")


def test_a_soap_is_not_tea(rig: TillRig) -> None:
    """Goods that no rule names keep the basic rate."""
    page = page_of(rig)
    row = page.sections["rates"].add_row("excluded")
    goods = row.blank("goods")
    assert isinstance(goods, ChosenBlank)
    item = rig.store.catalogue.by_barcode(TEA, rig.clock.now_ms())
    assert item is not None
    goods.take((frozenset({item.id}), frozenset()))
    save_now(rig)
    assert points_of(sell(rig, PHONE, TEA)) == 0
    assert points_of(sell(rig, PHONE, SOAP, 3)) == 2
