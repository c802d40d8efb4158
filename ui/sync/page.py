"""The page of the talk with the central server: where it stands, sending now, what was set aside, the drill, pairing, and when to warn.

Everybody may look and send; who changes something needs the right to, or a second person who grants it. Nothing waits for the network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.authority import Approval
from app.domain.errors import TillError
from app.service.sync_desk import OWNERS_PROBLEMS, AgeLimits
from app.service.sync_office import SyncPicture
from app.service.sync_ports import SyncPhase
from ui.context import Screen
from ui.devices.permission import with_right
from ui.settings.page import SettingsPage
from ui.sync.aside import AsideCard
from ui.sync.carry_sheet import CarrySheet
from ui.sync.drill_card import DrillCard
from ui.sync.limits_card import LimitsCard
from ui.sync.pair_sheet import PairSheet
from ui.sync.standing import StandingCard
from ui.tasks import Worker
from ui.theme import Space
from ui.widgets.alert_sheet import ConfirmSheet
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import Card, connect_click, row_of
from ui.widgets.text_label import TextLabel

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.service.till import Till
    from ui.context import ScreenContext

READ_EVERY_MS: Final = 1_000


class SyncPage(SettingsPage):
    """Live while it is looked at."""

    NAME = "sync"

    def __init__(self, till: Till, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__(till, context, parent)
        self._picture: SyncPicture | None = None
        self._is_reading = False
        self.practice = TextLabel("sync_ui.page.practice", self, tone="warn", wraps=True)
        self.standing = StandingCard(till, context, self)
        self.aside = AsideCard(till, self.mark_seen, self.standing.carry, self)
        self.drill = DrillCard(
            till,
            self,
            on_begin=self.begin_drill,
            on_plug_in=self.plug_in,
            on_finish=self.finish_drill,
            on_sale=lambda: context.go_to(Screen.SALE, None),
        )
        self.limits = LimitsCard(self.save_limits, self)
        self.pairing = self._pairing_card()
        for card in (self.practice, self.standing, self.aside, self.drill, self.pairing, self.limits):
            self.body.addWidget(card)
        self.body.addSpacing(Space.S)
        connect_click(self.standing.carry, self.carry_out)
        self.read_soon = QTimer(self)
        self.read_soon.setSingleShot(True)
        self.read_soon.timeout.connect(self.read)
        context.sync.told.connect(self._on_told)
        context.sync.changed.connect(self._on_told)
        self._show()

    # --- showing -----------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        self.limits.show_limits(self._context.sync.limits)
        self._show()
        self.read()

    def read(self) -> None:
        """What is on disk about it, from the store's worker."""
        if self._is_reading or self._context.sync.agent is None:
            return
        self._is_reading = True
        self._context.tasks.run(
            self._context.sync.office().picture, self._on_picture, _not_now, on_end=self._on_read, owner=self
        )

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.read_soon.stop()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._show()
            self.aside.show_again()

    def _on_picture(self, picture: SyncPicture) -> None:
        self._picture = picture
        self._show()

    def _on_read(self) -> None:
        self._is_reading = False

    def _on_told(self) -> None:
        """The agent said something: what the page says at once, what the disk says a moment later."""
        if not self.isVisible():
            return
        self._show()
        if not self.read_soon.isActive():
            self.read_soon.start(READ_EVERY_MS)

    def _show(self) -> None:
        """Everything as it is now. What had the focus may be gone afterwards: the keys stay on this page."""
        before = QApplication.focusWidget()
        had_focus = before is not None and self.isAncestorOf(before)
        in_drill = before is not None and self.drill.isAncestorOf(before)
        self._render()
        now = QApplication.focusWidget()
        if had_focus and now is not before:
            self._focus(in_drill=in_drill)

    def _focus(self, *, in_drill: bool = False) -> None:
        first = (self.drill.finish, self.drill.plug_in, self.drill.begin) if in_drill else ()
        for button in (*first, self.standing.now, self.pair_button):
            if button.isVisible() and button.isEnabled():
                button.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def _render(self) -> None:
        watch, picture = self._context.sync, self._picture
        status = watch.status
        is_training = self._till.session.is_training
        self.practice.setVisible(is_training)
        for card in (self.standing, self.pairing):
            card.setVisible(not is_training)
        is_paired = watch.is_paired
        self.drill.setVisible(is_paired)
        self.limits.setVisible(is_paired)
        if is_training:
            self.aside.show_aside(())
            return
        self.standing.show_standing(status, picture)
        self.aside.show_aside(picture.set_aside if is_paired and picture is not None else ())
        self.drill.show_drill(picture.drill if picture is not None else None, status)
        self.pair_button.setEnabled(watch.agent is not None)
        must_pair = status is not None and (
            status.phase is SyncPhase.UNPAIRED or status.problem in OWNERS_PROBLEMS
        )
        self.pair_button.setVisible(status is None or must_pair)
        self.pair_button.show_text("sync_ui.pair.again" if is_paired else "sync_ui.pair.begin")
        self.unpair_button.setVisible(is_paired)

    def _pairing_card(self) -> Card:
        card = Card("sync_ui.pair.card", self, panel="raised")
        self.pair_button = Button("sync_ui.pair.begin", Kind.SECONDARY, card, size="compact")
        self.unpair_button = Button("sync_ui.pair.unpair", Kind.GHOST, card, size="compact")
        connect_click(self.pair_button, self.pair)
        connect_click(self.unpair_button, self.unpair)
        card.body.addLayout(row_of(self.pair_button, self.unpair_button))
        return card

    # --- asks --------------------------------------------------------------------------------------------------------

    def pair(self) -> None:
        agent = self._context.sync.agent
        if agent is None:
            return

        def ask(_: Approval | None) -> None:
            sheet = PairSheet(self.window(), self._till, self._context, agent)
            sheet.finished.connect(lambda _: self._on_pairing_over())
            sheet.open()

        with_right(self._till, self._context, ask)

    def _on_pairing_over(self) -> None:
        """The button that opened the sheet may be gone."""
        self.refresh()
        self._focus()

    def unpair(self) -> None:
        agent = self._context.sync.agent
        if agent is None:
            return

        def done(_: None) -> None:
            self._context.messages.good("sync_ui.pair.unpaired")
            self.refresh()

        def unpair() -> None:
            self._context.tasks.run(agent.unpair, done, worker=Worker.POOL, owner=self)

        def ask(_: Approval | None) -> None:
            ConfirmSheet(
                self.window(),
                "sync_ui.pair.unpair",
                "sync_ui.pair.unpair_ask",
                unpair,
                yes_key="sync_ui.pair.unpair",
                is_dangerous=True,
            ).open()

        with_right(self._till, self._context, ask)

    def carry_out(self) -> None:
        watch = self._context.sync
        agent, status = watch.agent, watch.status
        if agent is None or status is None:
            return

        def ask(_: Approval | None) -> None:
            CarrySheet(self.window(), self._context, agent, status.waiting).open()

        with_right(self._till, self._context, ask)

    def mark_seen(self, seq: int) -> None:
        office = self._context.sync.office()
        with_right(self._till, self._context, lambda grant: self._do(lambda: office.mark_seen(seq, grant)))

    def begin_drill(self) -> None:
        drill = self._context.sync.drill()
        if drill is not None:
            with_right(self._till, self._context, lambda grant: self._do(lambda: drill.begin(grant)))

    def plug_in(self) -> None:
        drill = self._context.sync.drill()
        if drill is not None:
            self._do(drill.plug_in)

    def finish_drill(self) -> None:
        drill = self._context.sync.drill()
        if drill is not None:
            self._do(drill.finish)

    def save_limits(self, limits: AgeLimits) -> None:
        office = self._context.sync.office()

        def done() -> None:
            self._context.sync.read_settings()
            self._context.messages.good("form.saved")

        with_right(
            self._till, self._context, lambda grant: self._do(lambda: office.save_limits(limits, grant), done)
        )

    def _do(self, deed: Callable[[], Any], then: Callable[[], None] | None = None) -> None:
        """On the store's worker; what is on disk is read again afterwards, however it ended."""

        def done(_: Any) -> None:
            if then is not None:
                then()

        self._context.tasks.run(deed, done, on_end=self.read, owner=self)


def _not_now(_: TillError) -> None:
    """Whoever sells is told by the sale that the store cannot be read; the next change asks again."""
