"""The member's page: one sheet over the sale, a section at a time, by keyboard alone.

The member key again explains the balance. Whatever is written here is written at once; the sale below takes it up when the page is closed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QStackedWidget, QWidget

from app.domain.member import MemberCard, mask_name
from app.domain.money import Money, format_money
from app.domain.phone import mask_phone
from app.i18n import t
from ui import theme
from ui.context import ScreenContext
from ui.keys import Action
from ui.member.consents import ConsentSection
from ui.member.desk import MemberDesk
from ui.member.details import DetailsSection
from ui.member.notes import NotesSection
from ui.member.points import PointsSection
from ui.member.portrait import PortraitSection
from ui.member.privacy import PrivacySection
from ui.member.purchases import PurchasesSection
from ui.member.rights import RightsSection
from ui.member.section import Section
from ui.sale.customer import tier_name
from ui.theme import TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import Choice, scrolling
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel

if TYPE_CHECKING:
    from app.service.till import Till

WIDTH: Final = 1240
HEIGHT: Final = 452
SECTIONS: Final[tuple[type[Section], ...]] = (
    PortraitSection,
    PointsSection,
    PurchasesSection,
    RightsSection,
    NotesSection,
    DetailsSection,
    ConsentSection,
    PrivacySection,
)
_PAGES: Final = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}


class MemberPage(Sheet):
    """Finishes with True when the member is to be taken off this sale."""

    def __init__(
        self, window: QWidget, till: Till, context: ScreenContext, card: MemberCard, *, section: str = ""
    ) -> None:
        super().__init__(window, width=WIDTH)
        self.desk = MemberDesk(till, context, card.member.id)
        self.facts = TextLabel(parent=self.panel, type=TypeRole.BODY, tone="muted", wraps=True)
        first = section or PortraitSection.NAME
        options = tuple((kind.NAME, f"member_page.section.{kind.NAME}") for kind in SECTIONS)
        self.subjects = Choice(options, first, self.panel)
        for kind in SECTIONS:
            self.subjects.button(kind.NAME).setProperty("sized", "compact")
        self.subjects.chosen.connect(self.show_section)
        self._sections: dict[str, Section] = {}
        self._stack = QStackedWidget(self.panel)
        self._stack.setFixedHeight(theme.current().px(HEIGHT))
        for widget in (self.facts, self.subjects, self._stack):
            self.body.addWidget(widget)
        self._lay_buttons()
        self.action_requested.connect(self._on_action)
        self._show_head()
        self.show_section(first)
        self.set_first_focus(self.section.first_stop() or self.subjects.button(first))

    @property
    def section(self) -> Section:
        return self._sections[str(self.subjects.value)]

    def show_section(self, name: object) -> None:
        """Show this subject; each is made when it is first wanted and reads anew whenever it is shown."""
        wanted = str(name)
        self.subjects.set_value(wanted)
        section = self._sections.get(wanted)
        if section is None:
            section = self._sections[wanted] = self._make(wanted)
        section.refresh()
        area: QWidget = section
        while self._stack.indexOf(area) < 0:
            above = area.parentWidget()
            assert above is not None
            area = above
        self._stack.setCurrentWidget(area)

    def take_scan(self, code: str) -> None:
        """A card, carrier or coupon goes to the section in sight, if it has a use for it."""
        if not self.section.take_scan(code):
            self.show_section(DetailsSection.NAME)
            self.section.take_scan(code)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = _PAGES.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
            return
        area = self._stack.currentWidget()
        if isinstance(area, QScrollArea) and area.verticalScrollBar().maximum() > 0:
            bar = area.verticalScrollBar()
            bar.setValue(bar.value() + by * bar.pageStep())
        self.section.page_by(by * 5)
        event.accept()

    # --- inside ---

    def _make(self, name: str) -> Section:
        kind = next(each for each in SECTIONS if name == each.NAME)
        section = kind(self.desk, self._stack)
        section.written.connect(self._on_written)
        section.moved.connect(self._on_moved)
        section.closed.connect(self.finish)
        self._stack.addWidget(section if section.SCROLLS_ITSELF else scrolling(section, self._stack))
        return section

    def _on_action(self, action: object) -> None:
        if action is Action.MEMBER:
            self.show_section(PointsSection.NAME)
            self.subjects.focus()

    def _on_written(self) -> None:
        self._show_head()
        self.section.refresh()
        # What had the focus may be gone: the keys stay in this sheet.
        if not self.isAncestorOf(QApplication.focusWidget() or self.window()):
            self.subjects.focus()

    def _on_moved(self, member_id: object) -> None:
        """Another file's page from now on."""
        self.desk = self.desk.of(member_id)  # type: ignore[arg-type]  # the signal carries a MemberId
        for section in self._sections.values():
            section.desk = self.desk
        self._on_written()

    def _show_head(self) -> None:
        card = self.desk.till.store.members.by_id(self.desk.member_id)
        if card is None or card.member.is_erased:
            return
        member = card.member
        self.title.show_plain(f"{mask_name(member.name)}　{mask_phone(member.phone)}".strip())
        self.title.show()
        self.facts.show_plain("　".join(self._head_facts(card)))

    def _head_facts(self, card: MemberCard) -> list[str]:
        till, member = self.desk.till, card.member
        facts = [till.tiers.name_of(member.tier) or tier_name(member.tier)]
        if member.joined_on is not None:
            facts.append(t("member_page.joined", date=f"{member.joined_on:%Y/%m/%d}"))
        facts.append(t("member.visits", visits=card.visits))
        facts.append(t("member_page.spent", amount=format_money(Money(card.spent_minor, till.shop.currency))))
        sync = self.desk.context.sync
        if sync.is_paired:
            age = sync.balance_age().text
            facts.extend([age] if age else [])
        elif card.as_of is None:
            facts.append(t("member_page.local"))
        else:
            facts.append(t("member_page.as_of", time=f"{self.desk.local(card.as_of):%m/%d %H:%M}"))
        return facts

    def _lay_buttons(self) -> None:
        self.remove = Button("member.remove", Kind.GHOST, self.panel)
        self.remove.clicked.connect(lambda: self.finish(True))
        on_sale = self.desk.till.checkout.basket.member
        self.remove.setVisible(on_sale is not None and on_sale.member.id == self.desk.member_id)
        close = Button("ui.close", Kind.PRIMARY, self.panel)
        close.clicked.connect(self.step_back)
        self.add_button(self.remove)
        self.add_button(close, is_default=True)
