"""The bar along the upper edge: whose shop, which till, who works, which day, the clock, the devices, and whether everything has gone out.

It says everything there is room for. Where there is too little, what matters least makes way first, and nothing is ever cut off.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.domain.authority import Right, is_within
from app.i18n import t
from ui import theme
from ui.devices.lamp import DeviceLamp
from ui.devices.picture import LampWords
from ui.keys import Action, KeyMap
from ui.sync.lamp import SyncLamp
from ui.theme import Mode, Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.status_lamp import Lamp
from ui.widgets.text_label import TextLabel

if TYPE_CHECKING:
    from app.service.sync_desk import LampLook
    from app.service.till import Till

NARROW_PIXELS: Final = 1150
SHOP_PIXELS_MIN: Final = 72


@dataclass(frozen=True, slots=True)
class _Room:
    """One way to share the room: what is left out, how much the lamp says, and whether the operator's name stands alone."""

    hidden: frozenset[QWidget] = frozenset()
    level: int = 0
    is_short: bool = False

    def without(self, widget: QWidget) -> _Room:
        return replace(self, hidden=self.hidden | {widget})


class Header(QFrame):
    """Signals:
    devices_asked(), sync_asked(), operator_asked(), owner_asked(), history_asked(), settings_asked(), language_asked(), theme_asked(): a
    tap.
    work_tapped(): a tap on what is done beside the sales.
    """

    devices_asked = Signal()
    sync_asked = Signal()
    operator_asked = Signal()
    owner_asked = Signal()
    history_asked = Signal()
    settings_asked = Signal()
    language_asked = Signal()
    theme_asked = Signal()
    work_tapped = Signal()

    def __init__(self, keys: KeyMap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = keys
        self._till: Till | None = None
        self._who = ("", "")
        self._shop = TextLabel(parent=self, type=TypeRole.LEAD, is_strong=True)
        self._place = TextLabel(parent=self, type=TypeRole.CAPTION)
        self._day = TextLabel(parent=self, type=TypeRole.CAPTION)
        self.sync = SyncLamp(self)
        self.sync.clicked.connect(self.sync_asked)
        self.lamp = DeviceLamp(self)
        self.lamp.show_lamp(LampWords(Lamp.IDLE))
        self.lamp.clicked.connect(self.devices_asked)
        self._work = self._button(self.work_tapped)
        self._work.hide()
        self._clock = TextLabel(parent=self, type=TypeRole.LEAD, is_strong=True)
        self._operator = self._button(self.operator_asked)
        self._owner = self._button(self.owner_asked, "signon.owner")
        self._history = self._button(self.history_asked, "signon.history")
        self._settings = self._button(self.settings_asked, "signon.settings")
        self._language = self._button(self.language_asked, "signon.language")
        self._theme = self._button(self.theme_asked)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(Space.L, 2, Space.S, 2)
        row.setSpacing(Space.S)
        for widget in (self._shop, self._place, self._day, self.sync, self.lamp):
            row.addWidget(widget)
        row.addWidget(self._work)
        row.addStretch(1)
        for right in (
            self._clock,
            self._operator,
            self._owner,
            self._history,
            self._settings,
            self._language,
            self._theme,
        ):
            row.addWidget(right)

    def show_till(self, till: Till | None) -> None:
        self._till = till
        self.render_all()

    def set_keys(self, keys: KeyMap) -> None:
        self._keys = keys
        self.render_all()

    def show_sync(self, look: LampLook | None) -> None:
        """How the talk with the central server stands; None where there is none."""
        if look != self.sync.look:
            self.sync.show_look(look)
            self._make_room()

    def show_work(self, words: str) -> None:
        """How far the work beside the sales is; a tap stops it. Nothing is shown without words."""
        self._work.show_plain(words)
        self._work.setToolTip(t("daily.stop"))
        self._work.setVisible(bool(words))
        self._make_room()

    def show_lamp(self, shown: LampWords) -> None:
        """How the counter's devices are."""
        self.lamp.show_lamp(shown)
        self._make_room()

    def tick(self) -> None:
        """The minute may have changed."""
        if self._till is not None:
            self._clock.show_plain(f"{self._till.clock.local():%H:%M}")

    def render_all(self) -> None:
        till = self._till
        is_dark = theme.current().mode is Mode.DARK
        self._theme.show_text("signon.light" if is_dark else "signon.dark")
        for widget in (self._place, self._day, self._operator, self._owner, self._history, self._settings):
            widget.setVisible(till is not None)
        self._clock.setVisible(till is not None)
        if till is None:
            self._shop.show_text("signon.product")
            self.lamp.hide()
            self.sync.hide()
            return
        shop, session = till.shop, till.session
        self._place.show_text("signon.till", code=f"{shop.store_code}-{shop.till_code}")
        if session.shift is not None and session.shift.is_open:
            self._day.show_text("signon.business_date", date=f"{session.shift.business_date:%m/%d}")
        else:
            self._day.show_text("signon.no_shift")
        operator = session.operator
        is_on = operator is not None
        for button in (self._history, self._settings):
            button.setVisible(is_on)
        # Only for whom the shop's figures are.
        self._owner.setVisible(
            operator is not None and is_within(session.limits, operator.role, Right.REPORTS, 1)
        )
        if operator is None:
            self._who = (t("signon.nobody"),) * 2
        else:
            role = t(f"signon.role.{operator.role}")
            change = t("signon.change_operator", key=self._keys.key(Action.LOCK))
            self._who = (f"{operator.name}・{role}　{change}", operator.name)
        self.lamp.show()
        self.sync.show_look(self.sync.look)
        self._make_room()
        self.tick()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.render_all()
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """Say everything that there is room for."""
        till = self._till
        if till is None:
            return
        room = next((room for room in self._rooms() if self._lacking(room) <= 0), None)
        chosen = room or list(self._rooms())[-1]
        for widget in (self._place, self._day, self._theme, self._language):
            widget.setVisible(widget not in chosen.hidden)
        self.sync.setVisible(self.sync.look is not None)
        self.sync.set_level(chosen.level)
        self._operator.show_plain(self._who[chosen.is_short])
        lacking = self._lacking(chosen)
        metrics = QFontMetrics(self._shop.font())
        width = max(SHOP_PIXELS_MIN, self._shop_width() - max(0, lacking))
        self._shop.show_plain(metrics.elidedText(till.shop.name, Qt.TextElideMode.ElideRight, width))
        self._shop.setToolTip(till.shop.name)

    def _rooms(self) -> Iterator[_Room]:
        """What makes way, what matters least first.

        The keys at the right follow the width of the screen alone: no key may move away because a lamp has something to say.
        """
        room = _Room()
        if self.width() < NARROW_PIXELS and self.sync.look is not None:
            room = replace(room.without(self._place).without(self._theme), is_short=True)
        yield room
        yield (room := room.without(self._place))
        # The long sentence is a tap away; a word or two stay as long as they can.
        for level in range(1, self.sync.levels):
            yield (room := replace(room, level=level))
        yield (room := replace(room, is_short=True))
        yield (room := room.without(self._day))
        for widget in (self._theme, self._language):
            yield (room := room.without(widget))

    def _lacking(self, room: _Room) -> int:
        """How many pixels are missing for all of this."""
        wanted = [self._shop_width(), self.lamp.sizeHint().width(), self._clock.sizeHint().width()]
        wanted += [each.sizeHint().width() for each in (self._place, self._day) if each not in room.hidden]
        wanted += [
            each.sizeHint().width() for each in (self._theme, self._language) if each not in room.hidden
        ]
        always = (self._work, self._owner, self._history, self._settings)
        wanted += [each.sizeHint().width() for each in always if not each.isHidden()]
        if self.sync.look is not None:
            wanted.append(self.sync.width_at(room.level))
        metrics = QFontMetrics(self._operator.font())
        shown, said = self._operator.text(), self._who[room.is_short]
        wanted.append(
            self._operator.sizeHint().width()
            - metrics.horizontalAdvance(shown)
            + metrics.horizontalAdvance(said)
        )
        margins = self._row.contentsMargins()
        # The stretch in the middle has a gap of its own.
        gaps = self._row.spacing() * len(wanted)
        return sum(wanted) + gaps + margins.left() + margins.right() - self.width()

    def _shop_width(self) -> int:
        assert self._till is not None
        return QFontMetrics(self._shop.font()).horizontalAdvance(self._till.shop.name) + 2

    def _button(self, signal: object, key: str = "") -> Button:
        button = Button(key, Kind.GHOST, self, size="compact")
        button.clicked.connect(signal)
        return button
