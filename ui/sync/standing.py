"""Where the talk with the central server stands, in sentences: how it is, what waits by kind, since when, and what can be done now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.i18n import t
from app.service.sync_desk import LampLook, Tone, apart_words, grouped, moment, problem_of
from app.service.sync_office import SyncPicture
from app.service.sync_ports import Cycle, SyncPhase, SyncStatus
from ui import theme
from ui.sync.lamp import SIGN_PIXELS, paint_sign
from ui.tasks import Worker
from ui.theme import TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import Card, Facts, connect_click, row_of
from ui.widgets.text_label import TextLabel

if TYPE_CHECKING:
    from app.domain.errors import TillError
    from app.service.till import Till
    from ui.context import ScreenContext

FACTS_PIXELS: Final = 720
_TONES: Final = {Tone.WARN: "warn", Tone.BAD: "danger"}


class BigSign(QWidget):
    """The lamp's sign, as large as the sentence beside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look: LampLook | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_look(self, look: LampLook | None) -> None:
        self._look = look
        side = theme.current().px(SIGN_PIXELS * 2)
        self.setFixedSize(side, side)
        self.setVisible(look is not None)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._look is not None:
            box = self.rect().adjusted(3, 3, -3, -3)
            paint_sign(QPainter(self), box, self._look.sign, self._look.tone, theme.current().colours)


class StandingCard(Card):
    """``now`` talks to the office at once; ``carry`` is the ask for a stick (the page's)."""

    def __init__(self, till: Till, context: ScreenContext, parent: QWidget) -> None:
        super().__init__(parent=parent, panel="raised")
        self._till = till
        self._context = context
        self._is_talking = False
        self.sign = BigSign(self)
        self.sentence = TextLabel(parent=self, type=TypeRole.LEAD, is_strong=True, wraps=True)
        self.why = TextLabel(parent=self, wraps=True)
        self.facts = Facts(self)
        self.facts.setMaximumWidth(theme.current().px(FACTS_PIXELS))
        self.inbox = TextLabel(parent=self, tone="warn", wraps=True)
        self.open_line = TextLabel("sync_ui.pair.not_encrypted", self, tone="warn", wraps=True)
        self.answer = TextLabel(parent=self, tone="muted", wraps=True)
        self.now = Button("sync_ui.page.now", Kind.PRIMARY, self, size="compact")
        self.carry = Button("sync_ui.carry.begin", Kind.SECONDARY, self, size="compact")
        connect_click(self.now, self.talk_now)
        head = row_of(self.sign, stretch=False)
        head.addWidget(self.sentence, 1)
        self.body.addLayout(head)
        for widget in (self.why, self.facts, self.open_line, self.inbox):
            self.body.addWidget(widget)
        self.body.addLayout(row_of(self.now, self.carry))
        self.body.addWidget(self.answer)
        self.answer.hide()

    # --- showing -----------------------------------------------------------------------------------------------------

    def show_standing(self, status: SyncStatus | None, picture: SyncPicture | None) -> None:
        """``picture`` is what the store's worker found out besides; None until it has."""
        watch = self._context.sync
        is_paired = status is not None and status.phase is not SyncPhase.UNPAIRED
        # As it is now, and not as the header still holds it.
        look = watch.look_at(status) if status is not None else None
        self.sign.show_look(look)
        phase = SyncPhase.UNPAIRED if status is None else status.phase
        self.sentence.show_text(f"sync.phase.{phase}")
        problem = problem_of(status).text if status is not None else ""
        self.why.show_plain(problem if is_paired else t("sync_ui.page.alone"))
        self.why.set_tone("muted" if look is None else _TONES.get(look.tone, "muted"))
        self.why.setVisible(bool(self.why.text()))
        for widget in (self.facts, self.now, self.carry):
            widget.setVisible(is_paired)
        if status is not None and is_paired:
            self._show_facts(status, picture)
        self.open_line.setVisible(status is not None and is_paired and not status.is_encrypted)
        problems = picture.state.inbox_problems if picture is not None and picture.state is not None else 0
        self.inbox.setVisible(is_paired and problems > 0)
        self.inbox.show_text("sync_ui.page.inbox", count=problems)
        self.carry.setEnabled(status is not None and status.waiting > 0)
        self.now.setEnabled(not self._is_talking)

    def _show_facts(self, status: SyncStatus, picture: SyncPicture | None) -> None:
        shop, facts = self._till.shop, self.facts
        facts.show_fact("sync_ui.page.waiting", _waiting(status, picture))
        oldest = picture.unsent.oldest_at if picture is not None and status.waiting else None
        facts.show_fact("sync_ui.page.oldest", self._moment(oldest, "sync_ui.page.nothing"))
        facts.show_fact("sync_ui.page.contact", self._moment(status.last_contact_at))
        state = picture.state if picture is not None else None
        facts.show_fact("sync_ui.page.push", self._moment(None if state is None else state.last_push_at))
        facts.show_fact("sync_ui.page.pull", self._moment(None if state is None else state.last_pull_at))
        facts.show_fact("sync_ui.page.server", status.server_url)
        facts.show_fact("sync_ui.page.till", f"{shop.name}　{shop.store_code}-{shop.till_code}")
        if status.next_attempt_at is not None and status.waiting:
            facts.show_fact("sync_ui.page.next", self._moment(status.next_attempt_at))
        apart = status.clock_apart_ms
        if abs(apart) >= 60_000:
            said = {"apart": apart_words(apart)}
            key = "sync_ui.page.clock_ahead" if apart > 0 else "sync_ui.page.clock_behind"
            facts.show_fact("sync_ui.page.clock", t(key, None, **said))

    def _moment(self, at: int | None, none_key: str = "sync_ui.page.never") -> str:
        return t(none_key) if at is None else moment(at, self._till.clock.local())

    # --- talking -----------------------------------------------------------------------------------------------------

    def talk_now(self) -> None:
        """One whole round with the office; what came of it is said below the button."""
        agent = self._context.sync.agent
        if agent is None or self._is_talking:
            return
        self._set_talking(True)
        self.answer.show_text("sync_ui.page.working")
        self.answer.set_tone("muted")
        self.answer.show()
        self._context.tasks.run(
            agent.run_once,
            self._on_round,
            self._on_failed,
            on_end=lambda: self._set_talking(False),
            worker=Worker.POOL,
            owner=self,
        )

    def _on_round(self, cycle: Cycle) -> None:
        if cycle.problem:
            self.answer.show_plain(problem_of(SyncStatus(SyncPhase.OFFLINE, problem=cycle.problem)).text)
            self.answer.set_tone("warn")
            return
        key = "sync_ui.page.left" if cycle.waiting else "sync_ui.page.done"
        counts = {
            "sent": f"{cycle.sent:,}",
            "received": f"{cycle.received:,}",
            "waiting": f"{cycle.waiting:,}",
        }
        self.answer.show_text(key, **counts)
        self.answer.set_tone("good" if not cycle.waiting else "muted")

    def _on_failed(self, error: TillError) -> None:
        self.answer.show_text(error.text_key, **error.fields)
        self.answer.set_tone("danger")

    def _set_talking(self, is_talking: bool) -> None:
        self._is_talking = is_talking
        self.now.setEnabled(not is_talking)


def _waiting(status: SyncStatus, picture: SyncPicture | None) -> str:
    """``45（銷售 42・會員 3）``."""
    if not status.waiting:
        return t("sync_ui.page.nothing")
    if picture is None or not picture.unsent.count:
        return f"{status.waiting:,}"
    kinds = [
        t("sync_ui.kind.count", kind=t(f"sync_ui.kind.{group}"), count=f"{count:,}")
        for group, count in grouped(picture.unsent.kinds)
    ]
    return t("membership.separator").join(kinds)
