"""The customer's screen among the devices: on or off, on which screen, in which language, and whether customers type their number."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from app.i18n import t
from ui.customer.settings import SETTING, CustomerSettings, from_setting, to_setting
from ui.first_run.pages import LANGUAGES
from ui.settings.shop import asked
from ui.theme import Space
from ui.widgets.form import Card, Choice
from ui.widgets.text_label import TextLabel

if TYPE_CHECKING:
    from app.service.till import Till
    from ui.context import ScreenContext

ON_OFF: Final = ((False, "customer.off"), (True, "customer.on"))


class CustomerCard(Card):
    """In force at once and kept."""

    def __init__(self, till: Till, context: ScreenContext, parent: QWidget) -> None:
        super().__init__("customer.card", parent, panel="raised")
        self._till = till
        self._context = context
        self._settings = CustomerSettings()
        self.is_on = Choice(ON_OFF, False, self)
        self.numbers = QCheckBox(self)
        self.languages = Choice((("", t("customer.shop_language")), *LANGUAGES), "", self, is_plain=True)
        self._screens_place = QVBoxLayout()
        self.screens: Choice[str] | None = None
        self._screens_box: QWidget | None = None
        self.words = TextLabel("customer.one_screen", self, tone="muted", wraps=True)
        self._more = QWidget(self)
        more = QVBoxLayout(self._more)
        more.setContentsMargins(0, 0, 0, 0)
        more.setSpacing(Space.S)
        more.addWidget(self.words)
        more.addLayout(self._screens_place)
        more.addWidget(asked(self._more, "customer.language", self.languages))
        more.addWidget(self.numbers)
        self.body.addWidget(TextLabel("customer.card_hint", self, tone="muted", wraps=True))
        self.body.addWidget(self.is_on)
        self.body.addWidget(self._more)
        self.is_on.chosen.connect(lambda on: self._keep(replace(self._settings, is_on=on)))
        self.languages.chosen.connect(lambda code: self._keep(replace(self._settings, language=code)))
        self.numbers.clicked.connect(lambda on: self._keep(replace(self._settings, takes_numbers=on)))
        context.customer.closed.connect(self._on_closed)

    def refresh(self) -> None:
        """Show what is kept."""
        self._settings = from_setting(self._till.store.desk.setting(SETTING))
        self.setEnabled(not self._till.session.is_training)
        self.show_again()

    def show_again(self) -> None:
        settings = self._settings
        self.is_on.set_value(settings.is_on)
        self.languages.button("").show_plain(t("customer.shop_language"))
        self.languages.set_value(settings.language)
        self.numbers.setText(t("customer.numbers"))
        self.numbers.setChecked(settings.takes_numbers)
        self._more.setVisible(settings.is_on)
        self._show_screens()

    def _show_screens(self) -> None:
        """Which screens there are besides the till's; chosen among only where there are several."""
        own = self.window().screen()
        others = [screen.name() for screen in QGuiApplication.screens() if screen is not own]
        self.words.setVisible(not others)
        if self._screens_box is not None:
            self._screens_box.hide()
            self._screens_box.deleteLater()
        self._screens_box = self.screens = None
        if len(others) > 1:
            options = (("", t("customer.second")), *((name, name) for name in others))
            value = self._settings.screen if self._settings.screen in others else ""
            self.screens = Choice(options, value, self._more, is_plain=True)
            self.screens.chosen.connect(lambda name: self._keep(replace(self._settings, screen=name)))
            self._screens_box = asked(self._more, "customer.where", self.screens)
            self._screens_place.addWidget(self._screens_box)

    def _keep(self, settings: CustomerSettings) -> None:
        self._settings = settings
        self._context.customer.apply(settings)
        self.show_again()
        store = self._till.store

        def write() -> None:
            with store.begin() as work:
                work.put_setting(SETTING, to_setting(settings))
                work.commit()

        self._context.tasks.run(write, owner=self)

    def _on_closed(self) -> None:
        """Whoever closes the window has no use for it."""
        self._keep(replace(self._settings, is_on=False))
