"""The drill on the page: cut the till off, what to try meanwhile (ticked by doing it), plug it back in, and the proof."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from app.i18n import t
from app.service.sync_desk import Sign, Tone, apart_words, moment, problem_of
from app.service.sync_drill import DrillProgress
from app.service.sync_ports import SyncPhase, SyncStatus
from ui import theme
from ui.sync.lamp import paint_sign
from ui.theme import Space
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import Card, connect_click, row_of
from ui.widgets.text_label import TextLabel

if TYPE_CHECKING:
    from app.service.till import Till

STEPS: Final = ("sold", "enrolled", "printed")


class DrillCard(Card):
    """Shows a `DrillProgress`, or how to begin one. The asks are the page's."""

    def __init__(
        self,
        till: Till,
        parent: QWidget,
        *,
        on_begin: Callable[[], None],
        on_plug_in: Callable[[], None],
        on_finish: Callable[[], None],
        on_sale: Callable[[], None],
    ) -> None:
        super().__init__("sync_ui.drill.card", parent, panel="raised")
        self._till = till
        self.words = TextLabel("sync_ui.drill.hint", self, tone="muted", wraps=True)
        self.steps = {name: _Step(name, self) for name in STEPS}
        self.kept = TextLabel(parent=self, wraps=True)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.begin = Button("sync_ui.drill.begin", Kind.SECONDARY, self, size="compact")
        self.plug_in = Button("sync_ui.drill.plug_in", Kind.PRIMARY, self, size="compact")
        self.to_sale = Button("sync_ui.drill.to_sale", Kind.SECONDARY, self, size="compact")
        self.finish = Button("sync_ui.drill.finish", Kind.PRIMARY, self, size="compact")
        connect_click(self.begin, on_begin)
        connect_click(self.plug_in, on_plug_in)
        connect_click(self.to_sale, on_sale)
        connect_click(self.finish, on_finish)
        list_of_steps = QVBoxLayout()
        list_of_steps.setSpacing(Space.XS)
        for step in self.steps.values():
            list_of_steps.addWidget(step)
        self.body.addWidget(self.words)
        self.body.addLayout(list_of_steps)
        self.body.addWidget(self.bar)
        self.body.addWidget(self.kept)
        self.body.addLayout(row_of(self.begin, self.plug_in, self.to_sale, self.finish))
        self.show_drill(None, None)

    def show_drill(self, progress: DrillProgress | None, status: SyncStatus | None) -> None:
        is_cut = progress is not None and progress.drill.is_cut
        is_draining = progress is not None and not progress.drill.is_cut and not progress.is_proved
        is_proved = progress is not None and progress.is_proved
        self.begin.setVisible(progress is None)
        self.plug_in.setVisible(is_cut)
        self.to_sale.setVisible(is_cut)
        self.finish.setVisible(is_proved)
        self.bar.setVisible(is_draining or is_proved)
        self.words.setVisible(not is_proved)
        self.kept.setVisible(progress is not None)
        for step in self.steps.values():
            step.setVisible(progress is not None)
        if progress is None:
            self.words.show_text("sync_ui.drill.hint")
            self.words.set_tone("muted")
            return
        for name, has_done in zip(
            STEPS, (progress.has_sold, progress.has_enrolled, progress.has_printed), strict=True
        ):
            self.steps[name].show_done(has_done=has_done)
        self._show_progress(progress, status)

    def _show_progress(self, progress: DrillProgress, status: SyncStatus | None) -> None:
        drill = progress.drill
        self.kept.set_tone("")
        if drill.is_cut:
            began = moment(drill.began_at, self._till.clock.local())
            self.words.show_text("sync_ui.drill.on", time=began)
            self.words.set_tone("warn")
            self.kept.show_text("sync_ui.drill.kept", count=f"{progress.made:,}")
            return
        self.bar.setRange(0, max(1, drill.made))
        self.bar.setValue(
            drill.made - min(progress.left, drill.made) if drill.made else int(progress.is_proved)
        )
        if progress.is_proved:
            self.kept.show_text(
                "sync_ui.drill.proof",
                duration=apart_words(max(60_000, drill.ended_at - drill.began_at)),
                sales=f"{drill.sales:,}",
                members=f"{drill.members:,}",
                count=f"{drill.made:,}",
            )
            self.kept.set_tone("good")
            return
        self.words.set_tone("muted")
        if status is not None and status.phase in (SyncPhase.OFFLINE, SyncPhase.TROUBLE):
            self.words.show_text("sync_ui.drill.waits", why=problem_of(status).text)
        else:
            left = f"{progress.left:,}"
            self.words.show_text(
                "sync_ui.drill.draining", made=f"{max(drill.made, progress.left):,}", left=left
            )
        self.kept.show_text("sync_ui.drill.kept", count=f"{drill.made:,}")


class _Step(QWidget):
    """One thing to try, with a ring before and a tick after."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._name = name
        self._sign = _Tick(self)
        self.words = TextLabel(parent=self)
        self.has_done = False
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.S)
        row.addWidget(self._sign)
        row.addWidget(self.words, 1)
        self.show_done(has_done=False)

    def show_done(self, *, has_done: bool) -> None:
        self.has_done = has_done
        step = t(f"sync_ui.drill.step.{self._name}")
        self.words.show_plain(step)
        self.words.set_tone("good" if has_done else "")
        self._sign.show_done(has_done=has_done)
        key = "sync_ui.drill.step_done" if has_done else "sync_ui.drill.step_open"
        self.setAccessibleName(t(key, step=step))


class _Tick(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._has_done = False

    def show_done(self, *, has_done: bool) -> None:
        self._has_done = has_done
        side = theme.current().px(20)
        self.setFixedSize(side, side)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = self.rect().adjusted(3, 3, -3, -3)
        colours = theme.current().colours
        if self._has_done:
            paint_sign(painter, box, Sign.TICK, Tone.GOOD, colours)
        else:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(colours.edge)
            painter.drawEllipse(box)
