"""The bar along the upper edge: whose shop, which till, who works, which day, the clock, and whether everything has gone out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.domain.authority import Right, is_within
from app.i18n import t
from ui import theme
from ui.devices.lamp import DeviceLamp
from ui.devices.picture import LampWords
from ui.keys import Action, KeyMap
from ui.theme import Mode, Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.status_lamp import Lamp, StatusLamp
from ui.widgets.text_label import TextLabel

if TYPE_CHECKING:
    from app.service.till import Till

NARROW_PIXELS: Final = 1150


class Header(QFrame):
    """Signals:
    devices_asked(), operator_asked(), owner_asked(), history_asked(), settings_asked(), language_asked(), theme_asked(): a tap.
    work_tapped(): a tap on what is done beside the sales.
    """

    devices_asked = Signal()
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
        self._count = 0
        self._shop = TextLabel(parent=self, type=TypeRole.LEAD, is_strong=True)
        self._place = TextLabel(parent=self, type=TypeRole.CAPTION)
        self._day = TextLabel(parent=self, type=TypeRole.CAPTION)
        self._unsent = StatusLamp(parent=self)
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
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.L, 2, Space.S, 2)
        row.setSpacing(Space.S)
        for label in (self._shop, self._place, self._day, self._unsent, self.lamp):
            row.addWidget(label)
        row.addWidget(self._work)
        row.addStretch(1)
        for widget in (
            self._clock,
            self._operator,
            self._owner,
            self._history,
            self._settings,
            self._language,
            self._theme,
        ):
            row.addWidget(widget)

    def show_till(self, till: Till | None) -> None:
        self._till = till
        self.render_all()

    def set_keys(self, keys: KeyMap) -> None:
        self._keys = keys
        self.render_all()

    def show_count(self, unsent: int) -> None:
        """Records that have not been sent."""
        if unsent != self._count:
            self._count = unsent
            self.render_all()

    def show_work(self, words: str) -> None:
        """How far the work beside the sales is; a tap stops it. Nothing is shown without words."""
        self._work.show_plain(words)
        self._work.setToolTip(t("daily.stop"))
        self._work.setVisible(bool(words))

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
            self._unsent.hide()
            return
        shop, session = till.shop, till.session
        self._shop.show_plain(shop.name)
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
            self._operator.show_text("signon.nobody")
        else:
            role = t(f"signon.role.{operator.role}")
            change = t("signon.change_operator", key=self._keys.key(Action.LOCK))
            self._operator.show_plain(f"{operator.name}・{role}　{change}")
        self._show_lamps()
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
        """On a narrow screen the till's number makes way for what the lamp has to say."""
        is_tight = self.width() < NARROW_PIXELS and bool(self.lamp.shown.words.key)
        self._place.setVisible(self._till is not None and not is_tight)

    def _show_lamps(self) -> None:
        # No warning: a shop without a central server sends nothing, and nothing is lost.
        is_demo = self._till is not None and self._till.shop.is_demo
        self._unsent.setVisible(bool(self._count) and not is_demo)
        self._unsent.show_state(Lamp.IDLE, "signon.unsent", count=f"{self._count:,}")
        self.lamp.show()

    def _button(self, signal: object, key: str = "") -> Button:
        button = Button(key, Kind.GHOST, self, size="compact")
        button.clicked.connect(signal)
        return button
