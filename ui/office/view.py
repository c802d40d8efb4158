"""The loyalty office's screen: coupons, cards, events, duplicates, and the guard's list for the owner alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QWidget

from app.domain.authority import Role
from ui.office.cards import CardsPage
from ui.office.coupons import CouponsPage
from ui.office.duplicates import DuplicatesPage
from ui.office.events import EventsPage
from ui.office.guard import GuardPage
from ui.rules.page import DeskPage
from ui.rules.view import PagesView

if TYPE_CHECKING:
    from app.service.till import Till
    from ui.context import ScreenContext

PAGES: Final = (CouponsPage, CardsPage, EventsPage, DuplicatesPage, GuardPage)
NAMES: Final = tuple(page.NAME for page in PAGES)


class OfficeView(PagesView):
    """The office. Whoever is not the owner does not find the guard's page."""

    def __init__(self, till: Till, context: ScreenContext, parent: QWidget | None = None) -> None:
        def make(name: str) -> DeskPage:
            return next(page for page in PAGES if name == page.NAME)(till, context)

        super().__init__("office.title", NAMES, make, till, context, parent, texts="office")

    def begin(self, argument: object) -> None:
        operator = self._till.session.operator
        is_owner = operator is not None and operator.role is Role.OWNER
        self.subjects.button(GuardPage.NAME).setVisible(is_owner)
        if not is_owner and (argument == GuardPage.NAME or self.subjects.value == GuardPage.NAME):
            argument = CouponsPage.NAME
        super().begin(argument)
