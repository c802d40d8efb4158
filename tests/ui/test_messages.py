"""The one door for what the operator is told."""

from __future__ import annotations

import logging

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app import i18n
from app.domain.errors import Cancelled, Refused, Unavailable
from tests.ui.conftest import PATIENCE_MS, StandingClock
from ui.messages import HISTORY_MAX, Level, Message, Messages
from ui.widgets.banner import BANNERS_MAX, Banners
from ui.widgets.buttons import Button
from ui.widgets.sheet import topmost


def test_a_refusal_is_shown_as_the_sentence_of_its_code(messages: Messages, qtbot: QtBot) -> None:
    with qtbot.waitSignal(messages.posted, timeout=PATIENCE_MS) as posted:
        messages.refused(Refused("barcode_unknown", code="4710088412348"))
    message: Message = posted.args[0]
    assert message.level is Level.WARN
    assert "4710088412348" in message.text
    i18n.set_language("en")
    assert message.text.startswith("No item has the barcode")


def test_cancelling_is_never_shown(messages: Messages) -> None:
    messages.refused(Cancelled())
    assert messages.history == ()


def test_a_step_can_be_tried_again_only_where_that_may_help(messages: Messages) -> None:
    tries: list[str] = []
    messages.refused(Unavailable("basket_empty"), retry=lambda: tries.append("again"))
    messages.refused(
        Unavailable("basket_full", can_retry=False, lines_max=500), retry=lambda: tries.append("no")
    )
    first, second = messages.history
    assert first.retry is not None
    assert second.retry is None
    assert {first.level, second.level} == {Level.ERROR}


def test_the_history_knows_when_and_does_not_grow_for_ever(messages: Messages, clock: StandingClock) -> None:
    for number in range(HISTORY_MAX + 5):
        clock.at = number
        messages.info("ui.alert.good")
    assert len(messages.history) == HISTORY_MAX
    assert messages.history[0].at == 5
    assert messages.history[-1].at == HISTORY_MAX + 4


def test_the_log_learns_the_sentence_and_not_whom_it_is_about(
    messages: Messages, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="regulars.ui"):
        messages.refused(Refused("barcode_unknown", code="王小明"))
    assert "error.barcode_unknown" in caplog.text
    assert "王小明" not in caplog.text


def test_a_banner_takes_no_focus_and_goes_when_it_is_tapped(messages: Messages, window: QWidget) -> None:
    button = Button("ui.ok", parent=window)
    button.show()
    button.setFocus()
    banners = Banners(window, messages, is_audible=False)
    messages.warn("ui.alert.warn")
    assert button.hasFocus()
    (banner,) = banners.shown
    QTest.mouseClick(banner, Qt.MouseButton.LeftButton)
    assert banners.shown == ()


def test_the_same_sentence_again_is_one_banner(messages: Messages, window: QWidget) -> None:
    banners = Banners(window, messages, is_audible=False)
    for _ in range(3):
        messages.warn("error.barcode_unknown", code="1")
    assert len(banners.shown) == 1


def test_banners_do_not_pile_up(messages: Messages, window: QWidget) -> None:
    banners = Banners(window, messages, is_audible=False)
    for number in range(BANNERS_MAX + 2):
        messages.error("error.barcode_unknown", code=str(number))
    assert [banner.message.fields["code"] for banner in banners.shown] == ["4", "3", "2"]
    assert banners.dismiss_newest()
    assert [banner.message.fields["code"] for banner in banners.shown] == ["3", "2"]
    messages.withdraw()
    assert not banners.dismiss_newest()


def test_of_what_went_well_only_the_newest_is_shown(messages: Messages, window: QWidget) -> None:
    banners = Banners(window, messages, is_audible=False)
    messages.error("ui.alert.error")
    messages.good("ui.alert.good")
    messages.info("ui.alert.info")
    assert [banner.message.key for banner in banners.shown] == ["ui.alert.info", "ui.alert.error"]


def test_what_was_said_goes_with_its_screen_unless_the_same_step_shows_the_next_one(
    messages: Messages, window: QWidget
) -> None:
    banners = Banners(window, messages, is_audible=False)
    messages.error("ui.alert.error")
    messages.good("ui.alert.good")
    banners.leave_screen()
    assert [banner.message.key for banner in banners.shown] == ["ui.alert.good", "ui.alert.error"]
    QApplication.processEvents()
    banners.leave_screen()
    assert [banner.message.key for banner in banners.shown] == ["ui.alert.error"], "an error stays"


def test_an_info_goes_by_itself_and_an_error_stays(messages: Messages, window: QWidget) -> None:
    banners = Banners(window, messages, is_audible=False)
    messages.info("ui.alert.info")
    messages.error("ui.alert.error")
    error, info = banners.shown
    assert info.is_temporary
    assert not error.is_temporary


def test_trying_again_puts_the_banner_away_first(messages: Messages, window: QWidget) -> None:
    banners = Banners(window, messages, is_audible=False)
    seen: list[int] = []
    messages.error("ui.alert.error", retry=lambda: seen.append(len(banners.shown)))
    again = banners.shown[0].findChild(Button)
    assert again is not None
    again.click()
    assert seen == [0]


def test_an_alert_waits_for_enter_in_a_sheet(messages: Messages, window: QWidget) -> None:
    Banners(window, messages, is_audible=False)
    messages.alert("error.basket_empty")
    sheet = topmost(window)
    assert sheet is not None
    QTest.keyClick(sheet, Qt.Key.Key_Return)
    assert topmost(window) is None


def test_banners_speak_the_language_of_the_moment(messages: Messages, window: QWidget) -> None:
    banners = Banners(window, messages, is_audible=False)
    messages.error("error.basket_empty")
    i18n.set_language("en")
    assert banners.shown[0].accessibleName() == banners.shown[0].message.text
    assert "basket" in banners.shown[0].accessibleName()
