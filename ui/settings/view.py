"""The settings: subjects on the left, one page on the right. Who may not change settings sees only what concerns the screen itself."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from app.domain.authority import Right, is_within
from app.service.till import Till
from ui import theme
from ui.context import Screen, ScreenContext
from ui.devices.page import DevicesPage
from ui.rules.entry_page import LoyaltyPage
from ui.settings.data import AboutPage, DataPage
from ui.settings.keys_page import KeysPage
from ui.settings.limits import LimitsPage
from ui.settings.look import LabelsPage, LookPage
from ui.settings.page import SettingsPage
from ui.settings.shop import MoneyPage, ShopPage
from ui.settings.staff import StaffPage
from ui.settings.training import TrainingPage
from ui.sync.page import SyncPage
from ui.theme import Space
from ui.widgets.form import Card, Choice, ScreenFrame, scrolling

PAGES: Final[tuple[type[SettingsPage], ...]] = (
    ShopPage,
    MoneyPage,
    LoyaltyPage,
    DevicesPage,
    SyncPage,
    StaffPage,
    LimitsPage,
    KeysPage,
    LookPage,
    LabelsPage,
    DataPage,
    TrainingPage,
    AboutPage,
)
OPEN_TO_ALL: Final = frozenset(
    {DevicesPage.NAME, SyncPage.NAME, LookPage.NAME, TrainingPage.NAME, AboutPage.NAME}
)


class SettingsView(ScreenFrame):
    """Everything that can be set. A page is made when it is first shown."""

    def __init__(self, till: Till, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__("settings.title", parent)
        self._till = till
        self._context = context
        self._pages: dict[str, SettingsPage] = {}
        self._is_granted = False
        options = tuple((page.NAME, f"settings.page.{page.NAME}") for page in PAGES)
        self.subjects = Choice(options, LookPage.NAME, self, is_column=True)
        self._stack = QStackedWidget(self)
        side = Card(parent=self, panel="sunken")
        side.body.setSpacing(Space.XS)
        side.body.addWidget(self.subjects)
        side.body.addStretch(1)
        self._side = scrolling(side, self)
        page = Card(parent=self)
        page.body.setContentsMargins(0, 0, 0, 0)
        page.body.addWidget(self._stack)
        row = QHBoxLayout()
        row.setSpacing(Space.L)
        row.addWidget(self._side)
        row.addWidget(page, 1)
        self.body.addLayout(row, 1)
        self.subjects.chosen.connect(self.show_page)
        self.back_requested.connect(lambda: context.go_to(Screen.SALE, None))
        self._fit()

    def begin(self, argument: object) -> None:
        """The screen is shown: the page that is named, else the first one this person may see."""
        self._is_granted = self._may_change()
        # Whoever may not change the rules does not find the door to them.
        self.subjects.button(LoyaltyPage.NAME).setVisible(self._is_granted)
        names = [page.NAME for page in PAGES]
        wanted = argument if isinstance(argument, str) and argument in names else ShopPage.NAME
        self.show_page(wanted if self._is_granted or wanted in OPEN_TO_ALL else LookPage.NAME)
        self.subjects.focus()

    @property
    def page(self) -> SettingsPage:
        return self._pages[str(self.subjects.value)]

    def show_page(self, name: str) -> None:
        """Show this subject; one that is not open to all asks for a second person, once."""
        if name not in OPEN_TO_ALL and not self._is_granted:
            self.subjects.set_value(self._shown_name())
            self._context.ask_approval(Right.SETTINGS, 1, lambda _: self._grant(name))
            return
        page = self._pages.get(name)
        if page is None:
            made = next(kind for kind in PAGES if name == kind.NAME)(self._till, self._context, self)
            page = self._pages[name] = made
            self._stack.addWidget(made if made.SCROLLS_ITSELF else scrolling(made, self))
        area: QWidget | None = page
        while area is not None and self._stack.indexOf(area) < 0:
            area = area.parentWidget()
        assert area is not None
        self._stack.setCurrentWidget(area)
        self.subjects.set_value(name)
        page.refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.page.focusNextChild()
            event.accept()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit()
        elif event.type() == QEvent.Type.LanguageChange and self.isVisible():
            for page in self._pages.values():
                # A page of answers keeps what was typed and is not saved yet.
                if isinstance(page, StaffPage | LookPage | TrainingPage | AboutPage):
                    page.refresh()

    def _may_change(self) -> bool:
        session = self._till.session
        operator = session.operator
        return operator is not None and is_within(session.limits, operator.role, Right.SETTINGS, 1)

    def _grant(self, name: str) -> None:
        self._is_granted = True
        self.show_page(name)

    def _shown_name(self) -> str:
        current = self._stack.currentWidget()
        for name, page in self._pages.items():
            if current is page or (current is not None and current.isAncestorOf(page)):
                return name
        return LookPage.NAME

    def _fit(self) -> None:
        self._side.setFixedWidth(theme.current().px(232))
