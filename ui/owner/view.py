"""The owner's pages: what they are on the left, one of them on the right. The day's summary comes first.

Nobody sees them who may not see the shop's figures.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStackedWidget, QWidget

from app.service.till import Till
from ui import theme
from ui.context import Screen, ScreenContext
from ui.keys import Action
from ui.owner.campaign_page import CampaignPage
from ui.owner.cohort_page import CohortPage
from ui.owner.desk import OwnerDesk, may_see_figures
from ui.owner.insight_page import InsightPage
from ui.owner.life_pages import MovesPage, StagesPage
from ui.owner.member_insight import FewPage, LatePage, RfmPage
from ui.owner.next_page import NextPage
from ui.owner.page import OwnerPage, page_by
from ui.owner.second_page import SecondPage
from ui.owner.segment_page import SegmentPage
from ui.owner.shop_insight import AbcPage, ForecastPage, PairsPage, PeaksPage, StaffPage
from ui.owner.summary_page import SummaryPage
from ui.owner.value_pages import RiskPage, ValuePage
from ui.owner.work_page import WorkPage
from ui.theme import Space
from ui.widgets.form import Card, Choice, ScreenFrame, scrolling

PAGES: Final[tuple[type[OwnerPage], ...]] = (
    SummaryPage,
    WorkPage,
    SegmentPage,
    CampaignPage,
    RfmPage,
    MovesPage,
    StagesPage,
    LatePage,
    RiskPage,
    NextPage,
    ValuePage,
    SecondPage,
    CohortPage,
    FewPage,
    PeaksPage,
    ForecastPage,
    PairsPage,
    AbcPage,
    StaffPage,
)
SIDE_PIXELS: Final = 224


class OwnerView(ScreenFrame):
    """A page is made when it is first shown, and reads anew whenever it is."""

    def __init__(self, till: Till, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__("owner.title", parent)
        self._till = till
        self._context = context
        self._desk: OwnerDesk | None = None
        self._pages: dict[str, OwnerPage] = {}
        options = tuple((page.NAME, _title(page)) for page in PAGES)
        self.subjects = Choice(options, SummaryPage.NAME, self, is_column=True)
        for kind in PAGES:
            self.subjects.button(kind.NAME).setProperty("sized", "compact")
        self._stack = QStackedWidget(self)
        side = Card(parent=self, panel="sunken")
        side.body.setSpacing(Space.XS)
        side.body.addWidget(self.subjects)
        side.body.addStretch(1)
        self._side = scrolling(side, self)
        self._side.setVisible(len(PAGES) > 1)
        page = Card(parent=self)
        page.body.setContentsMargins(0, 0, 0, 0)
        page.body.addWidget(self._stack)
        row = QHBoxLayout()
        row.setSpacing(Space.L)
        row.addWidget(self._side)
        row.addWidget(page, 1)
        self.body.addLayout(row, 1)
        self.subjects.chosen.connect(lambda name: self.show_page(str(name)))
        self.back_requested.connect(self._go_back)
        self._fit()

    def begin(self, argument: object) -> None:
        """The screen is shown; who may not see it is taken back to the sale at once."""
        if not may_see_figures(self._till):
            self._context.messages.warn("owner.not_yours")
            self._go_back()
            return
        names = [page.NAME for page in PAGES]
        wanted = argument if isinstance(argument, str) and argument in names else SummaryPage.NAME
        self.show_page(wanted)
        (self.page.first_stop() or self).setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def page(self) -> OwnerPage:
        return self._pages[str(self.subjects.value)]

    def show_page(self, name: str) -> None:
        """Show this page with what is known now."""
        page = self._pages.get(name)
        if page is None:
            made = next(kind for kind in PAGES if name == kind.NAME)
            page = self._pages[name] = made(self._desk_here(), self)
            self._stack.addWidget(scrolling(page, self))
        self._stack.setCurrentWidget(self._area_of(page))
        self.subjects.set_value(name)
        page.refresh()

    def handle_action(self, action: Action) -> bool:
        """One of the till's keys; whether the page in sight took it."""
        return self.page.handle_action(action)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text() == "?":
            self.page.explain()
            event.accept()
            return
        if self.page.take_key(event):
            event.accept()
            return
        if not page_by(self._stack.currentWidget(), event):
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit()
        elif event.type() == QEvent.Type.LanguageChange:
            for page in self._pages.values():
                page.speak()

    def _desk_here(self) -> OwnerDesk:
        if self._desk is None:
            self._desk = OwnerDesk(self._till, self._context, self.window())
        return self._desk

    def _area_of(self, page: OwnerPage) -> QScrollArea:
        area: QWidget | None = page
        while area is not None and self._stack.indexOf(area) < 0:
            area = area.parentWidget()
        assert isinstance(area, QScrollArea)
        return area

    def _go_back(self) -> None:
        shift = self._till.session.shift
        self._context.go_to(Screen.SALE if shift is not None and shift.is_open else Screen.SHIFT, None)

    def _fit(self) -> None:
        self._side.setFixedWidth(theme.current().px(SIDE_PIXELS))


def _title(page: type[OwnerPage]) -> str:
    """The key of a page's name in the list."""
    if issubclass(page, InsightPage):
        return f"owner_insight.page.{page.NAME}"
    return f"owner.page.{page.NAME}"
