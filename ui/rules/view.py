"""The rule desk's screen: the areas on the left, one page on the right. Who may not change settings gets no further than the door."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from app.domain.authority import Right, is_within
from ui import theme
from ui.context import Screen
from ui.keys import Action
from ui.rules.areas import Area
from ui.rules.card_areas import FieldArea, GiftArea, StampArea, ValueArea
from ui.rules.consent_page import ConsentPage
from ui.rules.coupon_areas import GivingArea, TemplateArea
from ui.rules.keys_of import keys_key, page_key
from ui.rules.page import DeskPage, RulePage
from ui.rules.points_areas import BonusArea, EarningArea, SpendingArea
from ui.rules.tiers_area import TierArea
from ui.theme import Space
from ui.widgets.form import Card, Choice, ScreenFrame, scrolling

if TYPE_CHECKING:
    from app.service.till import Till
    from ui.context import ScreenContext

AREAS: Final[tuple[type[Area], ...]] = (
    EarningArea,
    BonusArea,
    SpendingArea,
    TierArea,
    TemplateArea,
    GivingArea,
    StampArea,
    GiftArea,
    ValueArea,
    FieldArea,
)
NAMES: Final = (*(area.NAME for area in AREAS), ConsentPage.NAME)
NAV_PIXELS: Final = 186


def may_change_rules(till: Till) -> bool:
    """Whether whoever works here now may change what the shop promises."""
    operator = till.session.operator
    return operator is not None and is_within(till.session.limits, operator.role, Right.SETTINGS, 1)


class PagesView(ScreenFrame):
    """Subjects on the left, a page on the right, made when it is first shown. Nobody else sees any of it."""

    def __init__(
        self,
        title_key: str,
        names: tuple[str, ...],
        make: Callable[[str], DeskPage],
        till: Till,
        context: ScreenContext,
        parent: QWidget | None = None,
        *,
        texts: str = "rules_ui",
    ) -> None:
        super().__init__(title_key, parent, back_key="rules_ui.back")
        self._texts = texts
        self._till = till
        self._context = context
        self._names = names
        self._make = make
        self._pages: dict[str, DeskPage] = {}
        self.subjects = Choice(
            tuple((name, page_key(texts, name)) for name in names), names[0], self, is_column=True
        )
        self.stack = QStackedWidget(self)
        side = Card(parent=self, panel="sunken")
        side.body.setContentsMargins(Space.S, Space.S, Space.S, Space.S)
        side.body.setSpacing(Space.XS)
        side.body.addWidget(self.subjects)
        side.body.addStretch(1)
        self._side = scrolling(side, self)
        page = Card(parent=self)
        page.body.setContentsMargins(0, 0, 0, 0)
        page.body.addWidget(self.stack)
        row = QHBoxLayout()
        row.setSpacing(Space.M)
        row.addWidget(self._side)
        row.addWidget(page, 1)
        self.body.addLayout(row, 1)
        self.subtitle.show_text(keys_key(texts))
        self.subjects.chosen.connect(self.show_page)
        self.back_requested.connect(lambda: context.go_to(Screen.SETTINGS, "loyalty"))
        self._fit()

    def begin(self, argument: object) -> None:
        """The screen is shown: the page that is named, else the one that was open."""
        if not may_change_rules(self._till):
            self._context.go_to(Screen.SALE, None)
            return
        wanted = argument if isinstance(argument, str) and argument in self._names else self.subjects.value
        self.show_page(wanted)
        self.subjects.focus()

    @property
    def page(self) -> DeskPage:
        return self._pages[self.subjects.value]

    def show_page(self, name: str) -> None:
        """Show this one; a draft that stands in it stays."""
        page = self._pages.get(name)
        if page is None:
            page = self._pages[name] = self._make(name)
            page.setParent(self)
            page.state_changed.connect(self._mark)
            self.stack.addWidget(page)
        self.stack.setCurrentWidget(page)
        self.subjects.set_value(name)
        page.refresh()

    def take_scan(self, code: str) -> None:
        """A code that was scanned is the page's, where it takes one."""
        take = getattr(self.page, "take_scan", None)
        if take is not None:
            take(code)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit()
        elif event.type() == QEvent.Type.LanguageChange:
            self._mark()

    def _mark(self) -> None:
        """A dot at each page that holds a draft."""
        for name, page in self._pages.items():
            key = "rules_ui.page_draft" if page.is_changed else page_key(self._texts, name)
            self.subjects.button(name).show_text(key, page=page.heading.text())

    def _fit(self) -> None:
        self._side.setFixedWidth(theme.current().px(NAV_PIXELS))


class RulesView(PagesView):
    """The owner's rules."""

    def __init__(self, till: Till, context: ScreenContext, parent: QWidget | None = None) -> None:
        def make(name: str) -> DeskPage:
            if name == ConsentPage.NAME:
                return ConsentPage(till, context)
            area = next(area for area in AREAS if name == area.NAME)
            return RulePage(till, context, area(till))

        super().__init__("rules_ui.title", NAMES, make, till, context, parent)

    def handle_action(self, action: Action) -> bool:
        """The keys of the desk: another rule, take one away, keep."""
        match action:
            case Action.CANCEL_SALE:
                self.page.act_remove()
            case Action.SETTINGS:
                self.page.save()
            case _:
                return False
        return True
