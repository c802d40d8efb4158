"""What is said about the talk with the central server, and when: at sign-on and at closing.

Nothing here stops a sale or holds anybody back: the one sheet can be left with Esc.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtWidgets import QWidget

from app.domain.authority import Approval, Operator
from app.service.sync_desk import NoticeKind, SyncNotice
from ui.devices.permission import with_right
from ui.theme import TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import Facts, connect_click
from ui.widgets.sheet import Sheet, topmost
from ui.widgets.text_label import TextLabel

if TYPE_CHECKING:
    from app.service.till import Till
    from ui.context import ScreenContext

MOMENT: Final = "%Y/%m/%d %H:%M"


def say_at_sign_on(window: QWidget, till: Till, context: ScreenContext) -> None:
    """What whoever has just signed on should know."""
    for notice in context.sync.sign_on_notices():
        if notice.kind is not NoticeKind.CONFIRM:
            say(notice, context)
        elif topmost(window) is None:
            ClockSheet(window, till, context, notice).open()


def say_at_closing(context: ScreenContext) -> None:
    """What whoever has just closed the shift should know."""
    notice = context.sync.closing_notice()
    if notice is not None:
        say(notice, context)


def say(notice: SyncNotice, context: ScreenContext) -> None:
    key, fields = notice.said.key, dict[str, Any](notice.said.fields)
    if notice.kind is NoticeKind.STAYS:
        context.messages.error(key, **fields)
    else:
        context.messages.warn(key, **fields)


class ClockSheet(Sheet):
    """Two clocks that are very far apart, and somebody who says which is right. Enter and Esc go on selling."""

    def __init__(self, window: QWidget, till: Till, context: ScreenContext, notice: SyncNotice) -> None:
        super().__init__(window, "sync_ui.clock.title", width=620)
        self._till = till
        self._context = context
        status = context.sync.status
        assert status is not None
        self._apart = status.clock_apart_ms
        words = TextLabel(parent=self.panel, type=TypeRole.LEAD, wraps=True)
        words.show_text(notice.said.key, **notice.said.fields)
        self.facts = Facts(self.panel)
        local = till.clock.local()
        server = local - timedelta(milliseconds=self._apart)
        self.facts.show_fact("sync_ui.clock.till", f"{local:{MOMENT}}", is_strong=True)
        self.facts.show_fact("sync_ui.clock.server", f"{server:{MOMENT}}", is_strong=True)
        ask = TextLabel("sync_ui.clock.ask", self.panel, tone="muted", wraps=True)
        for widget in (words, self.facts, ask):
            self.body.addWidget(widget)
        self.right = Button("sync_ui.clock.right", Kind.SECONDARY, self.panel)
        self.later = Button("sync_ui.clock.later", Kind.PRIMARY, self.panel)
        connect_click(self.right, self._on_right)
        connect_click(self.later, self.step_back)
        self.add_button(self.right)
        self.add_button(self.later, is_default=True)
        self.set_first_focus(self)

    def _on_right(self) -> None:
        till, context = self._till, self._context
        apart, office = self._apart, context.sync.office()
        self.finish(True)

        def confirm(grant: Approval | None) -> None:
            context.tasks.run(
                lambda: office.confirm_clock(apart, grant),
                lambda _: _on_confirmed(till, context, grant),
                owner=context.sync,
            )

        with_right(till, context, confirm)


def _on_confirmed(till: Till, context: ScreenContext, grant: Approval | None) -> None:
    context.sync.read_settings()
    operator = till.session.operator
    people = {each.id: each for each in till.store.people.operators()}
    who: Operator | None = operator if grant is None else people.get(grant.approved_by)
    context.messages.good("sync_ui.clock.confirmed", name="" if who is None else who.name)
