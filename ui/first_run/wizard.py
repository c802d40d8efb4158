"""The first-run set-up: four calm pages, then the shop is made and its till opens. Nothing is written before the last page is confirmed.

Enter goes on, Esc goes back one page; everything can be done by keyboard alone or by finger alone.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from app.domain.errors import TillError
from app.service.till import NewShop, Till
from ui import theme
from ui.context import Screen, ScreenContext
from ui.enter_guard import enter_guard
from ui.first_run.pages import GoodsPage, KeyPage, OwnerPage, Page, ShopPage
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import Card, connect_click
from ui.widgets.text_label import TextLabel

_WIDTH = 920
_HEIGHT = 704


class FirstRunWizard(QWidget):
    """Asks, then makes the shop.

    `till` is the one that stays open while questions are asked (the demo shop), or None.
    """

    def __init__(self, till: Till | None, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        assert context.opener is not None
        assert context.use_till is not None
        self._opener = context.opener
        self._use_till = context.use_till
        self._context = context
        self._before = till
        self._can_cancel = till is not None
        self._is_working = False
        self.shop_page = ShopPage(self)
        self.key_page = KeyPage(self._opener.has_keyring(), self)
        self.owner_page = OwnerPage(self)
        self.goods_page = GoodsPage(self)
        self.pages: tuple[Page, ...] = (self.shop_page, self.key_page, self.owner_page, self.goods_page)
        self._stack = QStackedWidget(self)
        for page in self.pages:
            self._stack.addWidget(page)
            page.next_requested.connect(self.go_on)
        self._lay_out()
        self._show_page(0)

    @property
    def page(self) -> Page:
        return self.pages[self._stack.currentIndex()]

    # --- steps -----------------------------------------------------------------------------------------------------

    def go_on(self) -> None:
        """Enter: the next page when this one's answers are right; after the last one, make the shop."""
        if self._is_working or not self.page.is_complete():
            return
        number = self._stack.currentIndex()
        if number + 1 < len(self.pages):
            self._show_page(number + 1)
        else:
            self._create()

    def step_back(self) -> None:
        """Esc: the page before."""
        if self._is_working:
            return
        if self._stack.currentIndex():
            self._show_page(self._stack.currentIndex() - 1)
        elif self._can_cancel:
            self._context.go_to(Screen.SALE, None)

    def _create(self) -> None:
        goods = self.goods_page.source.value
        source = self.key_page.source.value
        new = NewShop(
            shop=self.shop_page.shop(),
            operators=(self.owner_page.operator(),),
            key_source=source,
            passphrase=self.key_page.passphrase.text if source == "passphrase" else "",
            with_demo_goods=goods == "demo",
        )
        self._set_working(True)
        self._context.tasks.run(
            lambda: self._opener.create(new), self._on_created, self._on_failed, owner=self
        )

    def _on_created(self, till: Till) -> None:
        if self.goods_page.source.value != "file":
            self._open(till)
            return
        # Imported here: who starts without a file never needs it.
        from ui.settings.import_sheet import ImportSheet

        sheet = ImportSheet(self.window(), till, self._context)
        sheet.finished.connect(lambda _: self._open(till))
        sheet.open()

    def _open(self, till: Till) -> None:
        """Show the shop's own till; the one that stayed open meanwhile is put away."""
        before, tasks = self._before, self._context.tasks
        self._use_till(till)
        if before is not None:
            tasks.run(before.close)

    def _on_failed(self, error: TillError) -> None:
        self._set_working(False)
        self._context.messages.refused(error)

    # --- Qt --------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if enter_guard.accepts(event):
                self.go_on()
            event.accept()
        elif event.key() == Qt.Key.Key_Escape and not event.isAutoRepeat():
            self.step_back()
            event.accept()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.page.start()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit()

    # --- inside ----------------------------------------------------------------------------------------------------

    def _show_page(self, number: int) -> None:
        self._stack.setCurrentIndex(number)
        is_last = number + 1 == len(self.pages)
        self._step.show_text("firstrun.step", number=number + 1, count=len(self.pages))
        self.next.show_text("firstrun.finish" if is_last else "firstrun.next")
        self.previous.setVisible(number > 0 or self._can_cancel)
        self.page.start()

    def _set_working(self, is_working: bool) -> None:
        self._is_working = is_working
        self._bar.setVisible(is_working)
        for widget in (self.next, self.previous, self._stack):
            widget.setEnabled(not is_working)
        if is_working:
            self._step.show_text("firstrun.working")
        else:
            self._show_page(self._stack.currentIndex())

    def _lay_out(self) -> None:
        self._card = Card(parent=self)
        self._card.body.setContentsMargins(Space.XXL, Space.XXL, Space.XXL, Space.XL)
        self._step = TextLabel(parent=self._card, type=TypeRole.CAPTION)
        self._bar = QProgressBar(self._card)
        self._bar.setRange(0, 0)
        self._bar.hide()
        self.next = Button("firstrun.next", Kind.PRIMARY, self._card)
        self.previous = Button("firstrun.previous", Kind.GHOST, self._card)
        connect_click(self.next, self.go_on)
        connect_click(self.previous, self.step_back)
        foot = QHBoxLayout()
        foot.setSpacing(Space.M)
        foot.addWidget(self._step, 1)
        foot.addWidget(self.previous)
        foot.addWidget(self.next)
        self._card.body.addWidget(
            TextLabel("firstrun.welcome", self._card, type=TypeRole.LEAD, tone="accent")
        )
        self._card.body.addWidget(self._stack, 1)
        self._card.body.addWidget(self._bar)
        self._card.body.addLayout(foot)
        box = QVBoxLayout(self)
        box.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        box.addWidget(self._card, 0, Qt.AlignmentFlag.AlignCenter)
        self._fit()

    def _fit(self) -> None:
        look = theme.current()
        self._card.setFixedSize(look.px(_WIDTH), look.px(_HEIGHT))
