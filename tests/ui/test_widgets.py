"""The smaller widgets: each shows its value, asks by its signal, and is large enough for a finger."""

from __future__ import annotations

import threading

import pytest
import shiboken6
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app import i18n
from app.domain.errors import Refused
from app.domain.money import CURRENCIES, HKD, TWD, Currency, Money
from tests.ui.conftest import PATIENCE_MS
from ui.keys import DEFAULT, Action
from ui.messages import Messages
from ui.tasks import Job, Progress, Tasks
from ui.theme import Mode, Theme
from ui.tokens import COLOURS, TILES, TOUCH_PIXELS_MIN
from ui.widgets.denomination_grid import DenominationGrid
from ui.widgets.entry_line import EntryLine
from ui.widgets.key_help import KeyCap, KeyHelpSheet
from ui.widgets.keypad import BACKSPACE, ENTER, Keypad
from ui.widgets.member_badge import BadgeData, MemberBadge
from ui.widgets.money_label import MoneyLabel
from ui.widgets.pin_pad import PIN_LENGTH, PinPad
from ui.widgets.progress_sheet import ProgressSheet, run_with_progress
from ui.widgets.result_list import ResultList, ResultRow
from ui.widgets.sheet import topmost
from ui.widgets.status_lamp import Lamp, StatusLamp
from ui.widgets.text_label import TextLabel
from ui.widgets.tile_grid import TileData, TileGrid


def show(widget: QWidget, window: QWidget) -> None:
    layout = window.layout() or QVBoxLayout(window)
    layout.addWidget(widget)
    QApplication.processEvents()


def picture(widget: QWidget) -> QImage:
    QApplication.processEvents()
    return widget.grab().toImage()


class TestKeypad:
    @pytest.fixture
    def line(self, window: QWidget) -> EntryLine:
        made = EntryLine()
        show(made, window)
        return made

    @pytest.fixture
    def pad(self, window: QWidget, line: EntryLine) -> Keypad:
        made = Keypad()
        show(made, window)
        made.attach(line)
        line.setFocus()
        return made

    def press(self, pad: Keypad, *keys: str) -> None:
        for key in keys:
            QTest.mouseClick(pad.key(key), Qt.MouseButton.LeftButton)

    def test_it_types_as_a_keyboard_would(self, pad: Keypad, line: EntryLine) -> None:
        entered: list[str] = []
        line.entered.connect(entered.append)
        self.press(pad, "1", "2", "00", BACKSPACE, "*", ENTER)
        assert line.text() == "120*"
        assert entered == ["120*"]
        assert line.hasFocus()

    def test_it_tells_what_was_pressed_even_when_it_is_attached_to_nothing(self, pad: Keypad) -> None:
        heard: list[str] = []
        pad.key_pressed.connect(heard.append)
        pad.attach(None)
        self.press(pad, "7", ENTER)
        assert heard == ["7", ENTER]

    @pytest.mark.parametrize("scale", [0.9, 1.4])
    def test_every_key_is_a_fingers_size(self, pad: Keypad, look: Theme, scale: float) -> None:
        look.set_scale(scale)
        QApplication.processEvents()
        for key in ("1", "00", BACKSPACE, ENTER):
            assert pad.key(key).width() >= TOUCH_PIXELS_MIN
            assert pad.key(key).height() >= TOUCH_PIXELS_MIN

    def test_enter_says_what_it_would_do(self, pad: Keypad) -> None:
        pad.set_enter("ui.retry")
        i18n.set_language("en")
        assert pad.key(ENTER).text() == "Try again"
        assert pad.key(BACKSPACE).accessibleName() == "Backspace"


class TestPinPad:
    @pytest.fixture
    def pad(self, window: QWidget) -> PinPad:
        made = PinPad()
        show(made, window)
        made.setFocus()
        return made

    def test_the_last_digit_completes_it(self, pad: PinPad) -> None:
        heard: list[str] = []
        pad.completed.connect(heard.append)
        QTest.keyClicks(pad, "12a345")
        assert (heard, pad.count) == ([], 5)
        QTest.keyClick(pad, Qt.Key.Key_Backspace)
        QTest.keyClicks(pad, "678")
        assert heard == ["123467"]

    def test_fingers_and_keys_may_be_mixed(self, pad: PinPad) -> None:
        heard: list[str] = []
        pad.completed.connect(heard.append)
        seven = next(key for key in pad._keys if key.text() == "7")
        for _ in range(3):
            QTest.mouseClick(seven, Qt.MouseButton.LeftButton)
            QTest.keyClick(pad, Qt.Key.Key_1)
        assert heard == ["717171"]

    def test_two_different_pins_look_the_same(self, pad: PinPad) -> None:
        QTest.keyClicks(pad, "123")
        one = picture(pad)
        pad.ask()
        QTest.keyClicks(pad, "789")
        assert picture(pad) == one
        assert "789" not in pad.accessibleDescription()

    def test_a_refused_pin_is_forgotten_and_said_why(self, pad: PinPad) -> None:
        QTest.keyClicks(pad, "123456")
        pad.refuse("error.basket_empty")
        assert pad.count == 0
        words = pad.findChild(TextLabel)
        assert words is not None
        assert words.property("tone") == "danger"
        pad.ask()
        assert words.property("tone") == "muted"

    def test_nothing_can_be_keyed_while_a_pin_is_checked(self, pad: PinPad) -> None:
        pad.set_busy(True)
        QTest.keyClicks(pad, "12")
        assert pad.count == 0
        pad.set_busy(False)
        QTest.keyClicks(pad, "12")
        assert pad.count == 2

    def test_it_never_takes_more_digits_than_it_asked_for(self, pad: PinPad) -> None:
        QTest.keyClicks(pad, "1" * 20)
        assert pad.count == PIN_LENGTH


class TestDenominationGrid:
    @pytest.fixture
    def grid(self, window: QWidget) -> DenominationGrid:
        made = DenominationGrid(TWD)
        show(made, window)
        made.setFocus()
        return made

    def test_the_total_grows_with_every_key(self, grid: DenominationGrid) -> None:
        totals: list[int] = []
        grid.changed.connect(lambda: totals.append(grid.total().minor))
        QTest.keyClicks(grid.field(1000), "12")
        assert totals == [1000, 12000]
        assert grid.counts() == ((1000, 12),)

    def test_enter_walks_from_one_to_the_next_and_ends_at_the_last(
        self, grid: DenominationGrid, qtbot: QtBot
    ) -> None:
        with qtbot.waitSignal(grid.finished, timeout=PATIENCE_MS):
            for denomination in TWD.denominations:
                field = QApplication.focusWidget()
                assert field is grid.field(denomination)
                assert isinstance(field, QLineEdit)
                QTest.keyClicks(field, "1")
                QTest.keyClick(field, Qt.Key.Key_Return)
        assert grid.total() == Money(sum(TWD.denominations), TWD)

    def test_arrows_go_back_and_forth_and_stop_at_the_ends(self, grid: DenominationGrid) -> None:
        QTest.keyClick(grid.field(2000), Qt.Key.Key_Up)
        assert grid.field(2000).hasFocus()
        QTest.keyClick(grid.field(2000), Qt.Key.Key_Down)
        assert grid.field(1000).hasFocus()

    def test_only_digits_count(self, grid: DenominationGrid) -> None:
        grid.field(100).insert("１2x-3")
        assert grid.field(100).text() == "123"

    @given(st.sampled_from(sorted(CURRENCIES)), st.data())
    def test_what_is_counted_is_what_is_summed(self, code: str, data: st.DataObject) -> None:
        currency: Currency = CURRENCIES[code]
        grid = DenominationGrid(currency)
        pieces = {d: data.draw(st.integers(0, 99_999), str(d)) for d in currency.denominations}
        grid.set_counts(tuple(pieces.items()))
        assert dict(grid.counts()) == {d: n for d, n in pieces.items() if n}
        assert grid.total().minor == sum(d * n for d, n in pieces.items())
        shiboken6.delete(grid)

    def test_cents_are_written_as_cents(self, qtbot: QtBot) -> None:
        grid = DenominationGrid(HKD)
        qtbot.addWidget(grid)
        i18n.set_language("en")
        assert grid.field(50).accessibleName() == "Pieces of 0.50"


class TestTileGrid:
    @pytest.fixture
    def grid(self, window: QWidget) -> TileGrid:
        made = TileGrid()
        show(made, window)
        made.set_tiles(
            [TileData(0, place, f"商品{place}", "amber", place, "25") for place in (0, 3, 7)]
            + [TileData(1, 0, "第二頁", "blue", "second")]
        )
        QApplication.processEvents()
        return made

    def test_a_tile_gives_back_what_it_stands_for(self, grid: TileGrid) -> None:
        heard: list[object] = []
        grid.pressed.connect(heard.append)
        QTest.mouseClick(grid.tiles[1], Qt.MouseButton.LeftButton)
        grid.show_page(1)
        QTest.mouseClick(grid.tiles[0], Qt.MouseButton.LeftButton)
        assert heard == [3, "second"]

    def test_two_quick_touches_are_two_of_the_item(self, grid: TileGrid, window: QWidget) -> None:
        heard: list[object] = []
        grid.pressed.connect(heard.append)
        handle = window.windowHandle()
        assert handle is not None
        place = grid.tiles[0].mapTo(window, grid.tiles[0].rect().center())
        QTest.mouseDClick(handle, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
        assert heard == [0, 0]

    def test_tiles_stand_where_they_were_put_and_a_finger_can_hit_them(self, grid: TileGrid) -> None:
        first, fourth, eighth = (tile.geometry() for tile in grid.tiles)
        assert first.top() == fourth.top() < eighth.top()
        assert first.left() < fourth.left() == eighth.left()
        assert min(first.width(), first.height()) >= TOUCH_PIXELS_MIN

    def test_one_page_needs_no_page_buttons(self, grid: TileGrid) -> None:
        assert len(grid._group.buttons()) == 2
        grid.show_page(1)
        grid.set_tiles([TileData(0, 0, "x", "amber", 0)])
        assert grid._group.buttons() == []
        assert grid.page == 0

    def test_a_tile_has_its_colour_in_light_and_dark(self, grid: TileGrid, look: Theme) -> None:
        for mode in Mode:
            look.set_mode(mode)
            tile = picture(grid.tiles[0])
            assert tile.pixelColor(tile.width() // 2, 10) == QColor(TILES[mode]["amber"].ground)


class TestResultList:
    @pytest.fixture
    def results(self, window: QWidget) -> ResultList:
        made = ResultList()
        show(made, window)
        made.set_rows([ResultRow(f"綠茶 {n}", n, "4710088412348", "25") for n in range(30)])
        return made

    def test_the_best_is_selected_and_enter_takes_it(self, results: ResultList) -> None:
        heard: list[object] = []
        results.chosen.connect(heard.append)
        assert results.choose_current()
        results.step(1)
        results.step(1)
        results.choose_current()
        assert heard == [0, 2]

    def test_the_selection_stops_at_both_ends_and_stays_in_sight(self, results: ResultList) -> None:
        results.step(-1)
        assert results.current is results.rows[0]
        results.step(99)
        assert results.current is results.rows[29]
        bar = results.verticalScrollBar()
        assert bar.value() == bar.maximum() > 0

    def test_a_tap_chooses_the_row_under_the_finger(self, results: ResultList) -> None:
        heard: list[object] = []
        results.chosen.connect(heard.append)
        QTest.mouseClick(results.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(50, 2 * 60 + 30))
        assert heard == [2]

    def test_nothing_found_is_said_and_cannot_be_chosen(self, results: ResultList) -> None:
        results.set_rows([])
        assert not results.choose_current()
        results.step(1)
        assert results.current is None
        assert results.accessibleDescription() == "沒有符合的結果"

    def test_new_results_begin_at_the_top(self, results: ResultList) -> None:
        results.step(20)
        results.set_rows([ResultRow(f"紅茶 {n}", n) for n in range(30)])
        assert results.verticalScrollBar().value() == 0
        assert results.current is results.rows[0]


class TestMemberBadge:
    MEMBER = BadgeData("王○明", "0912-***-678", "1,280", "金卡", "", "濾心上次買是 5 個月前")

    @pytest.fixture
    def badge(self, window: QWidget) -> MemberBadge:
        made = MemberBadge()
        show(made, window)
        return made

    def test_it_says_who_the_customer_is(self, badge: MemberBadge) -> None:
        assert badge.accessibleName() == "非會員"
        badge.show_member(self.MEMBER)
        for part in ("王○明", "0912-***-678", "1,280", "金卡", "濾心上次買是 5 個月前"):
            assert part in badge.accessibleName()
        badge.show_member(None)
        assert badge.accessibleName() == "非會員"

    def test_a_new_member_and_an_old_balance_look_different(self, badge: MemberBadge) -> None:
        pictures = []
        for data in (
            None,
            self.MEMBER,
            BadgeData("王○明", "0912-***-678", "1,280", "金卡"),
            BadgeData("王○明", "0912-***-678", "1,280", is_new=True),
            BadgeData("王○明", "0912-***-678", "1,280", note="餘額 09:12 同步"),
        ):
            badge.show_member(data)
            pictures.append(picture(badge))
        assert all(one != other for i, one in enumerate(pictures) for other in pictures[:i])

    def test_a_finger_asks_for_more(self, badge: MemberBadge, qtbot: QtBot) -> None:
        with qtbot.waitSignal(badge.pressed, timeout=PATIENCE_MS):
            QTest.mouseClick(badge, Qt.MouseButton.LeftButton)


class TestMoneyLabel:
    def test_an_amount_is_never_cut_off(self, window: QWidget) -> None:
        label = MoneyLabel(window)
        label.setGeometry(0, 0, 200, 80)
        label.show()
        seen = []
        for minor in (1_234_567_890, 1_234_567_891, 9_234_567_891):
            label.show_money(Money(minor, TWD))
            seen.append(picture(label))
        assert len({bytes(image.constBits()) for image in seen}) == 3

    def test_a_refund_has_its_own_colour(self, window: QWidget) -> None:
        label = MoneyLabel(window)
        label.setGeometry(0, 0, 400, 80)
        label.show()
        label.show_money(Money(-890, TWD))
        image = picture(label)
        inks = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
        assert COLOURS[Mode.LIGHT].danger_text in inks
        assert label.accessibleName() == "-NT$890"

    def test_nothing_is_nothing(self, window: QWidget) -> None:
        label = MoneyLabel(window)
        label.show_money(Money(5, TWD))
        label.show_money(None)
        assert label.accessibleName() == ""


def test_a_lamp_is_told_by_its_shape_too(window: QWidget) -> None:
    lamp = StatusLamp("ui.ok", window)
    lamp.show()
    shapes = set()
    for state in Lamp:
        lamp.show_state(state, "ui.ok")
        lamp.resize(lamp.sizeHint())
        image = picture(lamp).convertToFormat(QImage.Format.Format_RGB32)
        ground = image.pixel(image.width() - 1, 0)
        inked = [(x, y) for x in range(14) for y in range(image.height()) if image.pixel(x, y) != ground]
        shapes.add(tuple(inked))
    assert len(shapes) == len(Lamp)


def test_a_lamp_speaks_the_language(window: QWidget) -> None:
    lamp = StatusLamp("ui.retry", window)
    i18n.set_language("en")
    assert lamp.accessibleName() == "Try again"


def test_the_page_of_keys_shows_the_keys_as_they_are_set(window: QWidget) -> None:
    sheet = KeyHelpSheet(window, DEFAULT.with_key(Action.POINTS, "Ctrl+J"))
    sheet.open()
    caps = {cap.accessibleName() for cap in sheet.findChildren(KeyCap)}
    assert "Ctrl+J" in caps
    assert "F4" not in caps
    assert len(caps) == len(Action)
    sheet.action_requested.emit(Action.HELP)
    assert topmost(window) is None


class TestProgress:
    def test_it_shows_how_far_it_is_and_is_gone_before_the_result(
        self, window: QWidget, tasks: Tasks
    ) -> None:
        seen: list[object] = []

        def work(job: Job) -> int:
            job.report(3, 10, "三分之一")
            sheet = topmost(window)
            assert isinstance(sheet, ProgressSheet)
            seen.append((sheet.bar.value(), sheet.bar.maximum()))
            return 7

        run_with_progress(
            tasks, window, "keys.shift", work, lambda result: seen.extend((result, topmost(window)))
        )
        assert seen == [(3, 10), 7, None]

    def test_a_refusal_is_told_once_the_sheet_is_gone(
        self, window: QWidget, tasks: Tasks, messages: Messages
    ) -> None:
        def work(job: Job) -> int:
            raise Refused("basket_empty")

        run_with_progress(tasks, window, "keys.shift", work, lambda _: None)
        assert [message.key for message in messages.history] == ["error.basket_empty"]
        assert topmost(window) is None

    def test_escape_asks_the_task_to_stop(self, window: QWidget, qtbot: QtBot) -> None:
        tasks = Tasks(on_refused=lambda _: None, on_crash=lambda _: None)
        started, gate = threading.Event(), threading.Event()
        done: list[int] = []

        def work(job: Job) -> int:
            started.set()
            gate.wait(30)
            job.report(1, 2)
            return 1

        run_with_progress(tasks, window, "keys.shift", work, done.append)
        assert started.wait(30)
        sheet = topmost(window)
        assert sheet is not None
        QTest.keyClick(sheet, Qt.Key.Key_Escape)
        assert topmost(window) is sheet
        gate.set()
        qtbot.waitUntil(lambda: topmost(window) is None, timeout=PATIENCE_MS)
        assert done == []
        tasks.close()

    def test_what_nobody_can_count_still_moves(self, window: QWidget) -> None:
        sheet = ProgressSheet(window, "keys.shift")
        sheet.show_progress(Progress(5, 0))
        assert sheet.bar.maximum() == 0
