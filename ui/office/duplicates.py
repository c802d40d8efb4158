"""Members who are probably in the file twice: the search, each pair with its reasons, and what a person decides about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from app.domain.member import MemberCard
from app.i18n import t
from app.service.duplicates import reasons_text
from app.service.membership_merge import Suggestion
from ui.office.page import OfficePage, member_text, reachable
from ui.rules.painted import CardFace, CardView
from ui.tasks import Job, Progress, Task, Worker
from ui.theme import Space, TypeRole
from ui.widgets.alert_sheet import ConfirmSheet
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import connect_click
from ui.widgets.record_table import Column, RecordTable
from ui.widgets.text_label import TextLabel

if TYPE_CHECKING:
    from app.service.till import Till
    from ui.context import ScreenContext


class DuplicatesPage(OfficePage):
    """Nothing is merged by itself."""

    NAME = "duplicates"

    def __init__(self, till: Till, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__(self.NAME, till, context, parent)
        self._found: tuple[Suggestion, ...] | None = None
        self._task: Task[tuple[Suggestion, ...]] | None = None
        self.bar = QProgressBar(self)
        self.bar.hide()
        self.words = TextLabel("office.duplicates.begin", self, type=TypeRole.LEAD, tone="muted", wraps=True)
        columns = (
            Column("office.duplicates.keep", is_wide=True),
            Column("office.duplicates.other", is_wide=True),
            Column("office.duplicates.why", is_wide=True),
            Column("office.duplicates.sure", is_number=True),
        )
        self.table = RecordTable(columns, self, wraps=True)
        reachable(self.table)
        self.keep_card, self.other_card = CardView(self), CardView(self)
        pair = QHBoxLayout()
        pair.setSpacing(Space.M)
        pair.addWidget(self.keep_card, 1)
        pair.addWidget(self.other_card, 1)
        self.body.addWidget(self.words)
        self.body.addWidget(self.bar)
        self.body.addWidget(self.table, 1)
        self.body.addLayout(pair)
        self.search = Button("office.duplicates.search", parent=self)
        self.dismiss = Button("office.duplicates.dismiss", parent=self)
        self.merge = Button("office.duplicates.merge", Kind.PRIMARY, self)
        connect_click(self.search, self.run)
        connect_click(self.dismiss, self.ask_dismiss)
        connect_click(self.merge, self.ask_merge)
        self.foot.addWidget(self.search)
        self.foot.addStretch(1)
        self.foot.addWidget(self.dismiss)
        self.foot.addWidget(self.merge)
        self.table.selection_changed.connect(lambda _: self._show_pair())
        self._show_pair()

    @property
    def selected(self) -> Suggestion | None:
        row = self.table.selected
        return self._found[row] if self._found and 0 <= row < len(self._found) else None

    def run(self) -> None:
        """Search, or stop the search under way."""
        if self._task is not None and self._task.is_running:
            self._task.cancel()
            return
        merges = self._till.merges

        def work(job: Job) -> tuple[Suggestion, ...]:
            return merges.suggestions(
                on_progress=lambda done, total: job.report(done, total), is_cancelled=lambda: job.is_cancelled
            )

        self.words.show_text("office.duplicates.searching")
        self.search.show_text("office.duplicates.stop")
        self.bar.setRange(0, 0)
        self.bar.show()
        self._task = self._context.tasks.run(
            work,
            self._on_found,
            progress=self._on_progress,
            on_end=self._on_end,
            worker=Worker.POOL,
            owner=self,
        )

    def ask_merge(self) -> None:
        pair = self.selected
        if pair is not None:
            ConfirmSheet(
                self.window(),
                "office.duplicates.merge",
                "office.duplicates.merge_question",
                lambda: self._merge(pair),
                keep=member_text(pair.keep.member),
                other=member_text(pair.other.member),
            ).open()

    def ask_dismiss(self) -> None:
        pair = self.selected
        if pair is None:
            return
        merges = self._till.merges
        self._context.tasks.run(
            lambda: merges.dismiss(pair.pair.first, pair.pair.second),
            lambda _: self._gone(pair, "office.duplicates.dismissed"),
            owner=self,
        )

    def _merge(self, pair: Suggestion) -> None:
        merges = self._till.merges
        self._context.tasks.run(
            lambda: merges.merge(pair.other.member.id, pair.keep.member.id),
            lambda _: self._gone(pair, "office.duplicates.merged"),
            owner=self,
        )

    def _gone(self, pair: Suggestion, key: str) -> None:
        """Decided; whatever else was suggested about a file that went is gone as well."""
        gone = pair.other.member.id if key == "office.duplicates.merged" else None
        self._found = tuple(
            one
            for one in self._found or ()
            if one is not pair and gone not in (one.keep.member.id, one.other.member.id)
        )
        self._context.messages.good(key)
        self._show()

    def _on_progress(self, progress: Progress) -> None:
        self.bar.setRange(0, progress.total)
        self.bar.setValue(progress.done)

    def _on_found(self, found: tuple[Suggestion, ...]) -> None:
        self._found = found
        self._show()

    def _on_end(self) -> None:
        self.bar.hide()
        self.search.show_text("office.duplicates.search")
        if self._found is None:
            self.words.show_text("office.duplicates.begin")

    def _show(self) -> None:
        found = self._found
        if found is None:
            return
        self.words.show_text(
            "office.duplicates.found" if found else "office.duplicates.none", count=len(found)
        )
        self.table.set_records(
            [
                (
                    member_text(one.keep.member),
                    member_text(one.other.member),
                    reasons_text(one.pair),
                    f"{one.pair.probability:.0%}",
                )
                for one in found
            ],
            selected=max(0, self.table.selected),
        )
        self._show_pair()

    def _show_pair(self) -> None:
        pair = self.selected
        self.keep_card.show_face(None if pair is None else self._face(pair.keep, "teal"))
        self.other_card.show_face(None if pair is None else self._face(pair.other, "slate"))
        self.merge.setEnabled(pair is not None)
        self.dismiss.setEnabled(pair is not None)

    def _face(self, card: MemberCard, tile: str) -> CardFace:
        member = card.member
        joined = f"{member.joined_on:%Y/%m/%d}" if member.joined_on else "—"
        last = f"{card.last_visit_on:%Y/%m/%d}" if card.last_visit_on else "—"
        return CardFace(
            t("office.duplicates.joined", day=joined),
            member_text(member),
            (
                t("office.duplicates.visits", count=card.visits, last=last),
                t("office.duplicates.points", points=f"{card.points:,}"),
            ),
            tile,
        )

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._show()
